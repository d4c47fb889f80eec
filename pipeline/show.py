"""show.yaml into a `Show`: what this podcast is called, sounds like and allows.

Every default stands here, once; `show.yaml` says only what differs, or says it for its reader.
"""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from .errors import SettingsError
from .feedsettings import FeedSettings
from .findings import SetSeverity
from .kinds import Milliseconds
from .model import Pauses, ShowFacts
from .presets import PRESETS, PresetName
from .settings import load, place_of

SpeakerName = Annotated[
    str,
    Meta(
        pattern=r"^[^\W\d_][^\W_]*([ .'’-]{1,2}[^\W_]+){0,5}\.?\Z",
        max_length=60,
        description="a name, such as Ada or Dr. Lee",
    ),
]

__all__ = ["Limits", "MusicSettings", "Show", "SoundSettings", "find_show", "load_show"]

USUAL_CEILING_DBTP = -1.0
"""Beside a target that is a number: what all who ask for less than full scale agree on."""


class SoundSettings(Struct, frozen=True, kw_only=True):
    """How loud, and how encoded."""

    target_lufs: Annotated[float, Meta(ge=-31, le=-10)] | PresetName = -16.0
    """Integrated loudness of the finished episode, ITU-R BS.1770-4; or who asks for it, see presets.py."""
    ceiling_dbtp: Annotated[float, Meta(ge=-9, le=-0.1)] | None = None
    """True peak that the decoded episode never passes, BS.1770-4 annex 2; the preset's, or -1, if unset."""
    rate_hz: Literal[32_000, 44_100, 48_000] = 44_100
    channels: Literal["mono", "stereo"] = "mono"
    """Stereo is the same in both, for players and hosts that take nothing else."""
    bitrate_kbps: Literal[64, 80, 96, 112, 128, 160, 192, 224, 256, 320] = 128
    """Constant; the MPEG-1 rates that a voice can use."""
    vbr_quality: Annotated[int, Meta(ge=0, le=9)] | None = None
    """LAME's -V, in place of a constant bit rate: 0 is large, 9 is small."""
    lame_quality: Annotated[int, Meta(ge=0, le=9)] = 7
    """LAME's -q: 0 is slow, 9 is fast. Why 7: docs/decisions/0012."""

    def __post_init__(self) -> None:
        if self.target_lufs == "mono-19" and self.channels == "stereo":
            raise ValueError("mono-19 is for mono: a stereo file as loud as that is `apple`, or -16")

    @property
    def target_mlufs(self) -> int:
        """The loudness asked for, in thousandths of a LUFS."""
        target = self.target_lufs
        return round(1000 * (PRESETS[target].target_lufs if isinstance(target, str) else target))

    @property
    def ceiling_mdbtp(self) -> int:
        """The ceiling asked for, in thousandths of a dBTP."""
        if self.ceiling_dbtp is not None:
            return round(1000 * self.ceiling_dbtp)
        target = self.target_lufs
        return round(1000 * (PRESETS[target].ceiling_dbtp if isinstance(target, str) else USUAL_CEILING_DBTP))


class MusicSettings(Struct, frozen=True, kw_only=True):
    """What is heard beside the speech: sound files in scripts/, how loud and how they come and go."""

    intro: str | None = None
    """Before the first line."""
    outro: str | None = None
    """After the last line."""
    sting: str | None = None
    """Between the sections of the running order."""
    bed: str | None = None
    """Under the first section."""
    music_below_speech_lu: Annotated[float, Meta(ge=-6, le=40)] = 2.0
    """Of intro, outro and sting: within the 2 LU around the speech that AES TD1008 lets a programme have."""
    bed_below_speech_lu: Annotated[float, Meta(ge=6, le=40)] = 20.0
    """Of the bed while somebody speaks: what WCAG 2.2 asks for (1.4.7), for people hard of hearing."""
    intro_overlap_ms: Milliseconds = 0
    """By so much the first line begins before the intro ends, which fades meanwhile."""
    bed_fade_in_ms: Milliseconds = 1500
    """Over before the first line begins, where something comes before it."""
    bed_fade_out_ms: Milliseconds = 2000
    """From the end of the section's last line, but not into what follows."""

    @property
    def files(self) -> dict[str, str]:
        """Key → path in scripts/, of what there is."""
        named = {"intro": self.intro, "outro": self.outro, "sting": self.sting, "bed": self.bed}
        return {key: name for key, name in named.items() if name}


class Limits(Struct, frozen=True, kw_only=True):
    """What a paper may cost at most."""

    words: Annotated[int, Meta(ge=1)] = 30_000
    """Words of one paper's summary; 30,000 are over three hours of speech."""
    job_seconds: Annotated[int, Meta(ge=1)] = 900
    """One line spoken, or one episode mastered."""
    formula_words: Annotated[int, Meta(ge=1)] = 15
    """Words of a formula as it is said; `check` warns of a longer one."""
    breath_seconds: Annotated[int, Meta(ge=1)] = 20
    """Of one sentence as it is said; `check` warns of a longer one."""


class Show(ShowFacts, frozen=True, kw_only=True):
    """All of show.yaml."""

    voice: str = "ernis"
    """A profile in voices/."""
    cast: dict[SpeakerName, str] = field(default_factory=dict)
    """Who else speaks: the name that a paragraph of theirs begins with, and a profile in voices/."""
    quotation_voice: str | None = None
    """A profile in voices/ for the `> quotations` of papers and templates; the host's if unset."""
    draft_voice: str = "tone"
    """The profile that drafts are made with."""
    template: str = "episode.j2"
    """The running order in scripts/."""
    cover: str | None = None
    """A picture in scripts/, JPEG, PNG or WebP, as the show's cover; drawn if unset."""
    episode_cover: Literal["drawn", "show"] = "drawn"
    """Of episodes whose paper has none of its own: one each, or the show's; ID3 APIC."""
    pauses: Pauses = Pauses()
    sound: SoundSettings = SoundSettings()
    music: MusicSettings = MusicSettings()
    feed: FeedSettings = FeedSettings()
    publish: tuple[dict[str, str], ...] = ()
    """Where `make publish` puts the site: each a publisher and its target, such as `folder: /srv/www`."""
    executor: str = "local"
    """Where jobs are done: `local:4`, `dask:tcp://host:8786`, `slurm:partition`, …; docs/cluster.md."""
    store: str | None = None
    """Where results are kept, if other computers share them: `s3://bucket/prefix` or a folder."""
    limits: Limits = Limits()
    severity: dict[str, SetSeverity] = field(default_factory=dict)
    """What is made of a finding of `check` or `verify`: its code, and error, warning, note or off."""

    @property
    def speakers(self) -> tuple[str, ...]:
        """Names that a paragraph may begin with: who says it, and does not say that."""
        return (self.host, *sorted(self.cast))

    @property
    def other_voices(self) -> tuple[str, ...]:
        """The profiles that speak beside the host's."""
        return tuple(sorted({*self.cast.values(), *filter(None, [self.quotation_voice])}))

    @property
    def facts(self) -> ShowFacts:
        """What templates and tags may speak of, and nothing else."""
        return ShowFacts(**{name: getattr(self, name) for name in ShowFacts.__struct_fields__})


def find_show(root: Path) -> Path:
    """The `show.yaml` of the show in `root`. Raises SettingsError if there is none: it is no show."""
    path = root / "show.yaml"
    if not path.is_file():
        raise SettingsError(
            "there is no show.yaml here", where=str(path), hint="paperledge new FOLDER starts a show"
        )
    return path


def load_show(root: Path) -> Show:
    """Read `show.yaml` of the show in `root`.

    Raises SettingsError at file:line:column.
    """
    path = find_show(root)
    show = load(path, Show)
    if show.host in show.cast:
        what = f"`cast` has {show.host}, who is the host"
        where = place_of(path, "cast", show.host)
        raise SettingsError(what, where=where, hint="the host's voice is `voice`")
    return show
