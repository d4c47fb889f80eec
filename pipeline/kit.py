"""What all episodes of a show have in common: settings, templates, lexicon, cover, voices.

`read_sources` only reads and digests, which is all that a run with nothing to do needs;
`prepare` turns sources into the `Kit` that episodes are made with.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from .entries import Entry, LexiconFile, entries_of
from .errors import PaperledgeError, ScriptError, SettingsError, nearest
from .files import os_errors_said, sha256_of
from .model import Blob, Line, Music, Paper, Script
from .paper import place_in
from .settings import loads, place_of
from .show import Show, load_show
from .showlock import ShowLock, read_lock
from .store import Store, digest
from .synthesis.catalogue import how_to_add
from .synthesis.voices import Voice, choose_voice, profile_names
from .tagging.fonts import has_cjk
from .tagging.pictures import check_picture
from .textfile import read_text

if TYPE_CHECKING:
    from .audio import Sound

__all__ = [
    "SITE",
    "Kit",
    "Sources",
    "digest_cover",
    "digest_music",
    "keep_music",
    "prepare",
    "read_music",
    "read_sources",
    "read_templates",
]

LIMIT_BYTES = 1024 * 1024
"""Of one template, or of the lexicon."""
LONGEST_MUSIC_S = 300
"""A bed of five minutes is longer than any greeting."""
LARGEST_MUSIC_BYTES = 64_000_000
"""Five minutes of stereo WAV at 48 kHz."""
SITE = Path("scripts", "site")
"""What the show's pages look like: nothing of it is said, so an edit there must write no script anew."""
LEXICON = Path("voices", "lexicon.yaml")
"""How a show says its words, below its folder."""


class Sources(Struct, frozen=True, kw_only=True):
    """The files of a show, papers apart, as they are now."""

    root: Path
    show: Show
    templates: dict[str, str]
    """Name below scripts/ → source."""
    lexicon: str
    """The YAML of voices/lexicon.yaml, or ""."""
    cover: str
    """SHA-256 of the picture that is the show's cover; "" if it is drawn."""
    has_cjk: bool
    """Whether covers can be set in Chinese, Japanese and Korean."""
    lock: ShowLock
    music: dict[str, str]
    """Which piece of music, such as "intro" → SHA-256 of its file."""

    @property
    def digest(self) -> str:
        """Stands for all that episodes depend on, but voices and lock, of which an episode needs its own."""
        covers = [self.cover, self.has_cjk]
        return digest(
            [
                replace(self.show, severity={}),
                sorted(self.templates.items()),
                self.lexicon,
                covers,
                *sorted(self.music.items()),
            ]
        )

    def check_cover(self) -> None:
        """Raise TaggingError, placed in show.yaml, if the picture that the show names is no cover."""
        if self.show.cover:
            check_picture(self.root / "scripts" / self.show.cover, place_of(self.root / "show.yaml", "cover"))

    def check_template(self) -> None:
        """Raise ScriptError, placed in show.yaml, if there is no running order of the name that it has."""
        if self.show.template not in self.templates:
            raise self._no_template(self.show.template, place_of(self.root / "show.yaml", "template"))

    def check_template_of(self, paper: Paper, path: Path) -> None:
        """Raise ScriptError, placed, if there is no running order of a paper's, or its show's, name."""
        if not paper.template:
            self.check_template()
        elif paper.template not in self.templates:
            raise self._no_template(paper.template, place_in(path, "template"))

    def _no_template(self, name: str, where: str) -> PaperledgeError:
        from .script.templates import missing_template  # Jinja2 is loaded only here

        return missing_template(name, self.templates, where)

    def voice(self, name: str) -> Voice:
        """The voice of that name. Raises SettingsError, PluginError or ExtraMissing."""
        folder = self.root / "voices"
        if name not in profile_names(folder):
            raise self._unknown(name, profile_names(folder))
        return choose_voice(name, folder)

    def _unknown(self, name: str, known: tuple[str, ...]) -> SettingsError:
        """The error for a voice that has no profile, where the show asks for it."""
        show, path = self.show, self.root / "show.yaml"
        asked: dict[str, tuple[str | None, ...]] = {
            "voice": (show.voice,),
            "quotation_voice": (show.quotation_voice,),
            "cast": tuple(show.cast.values()),
        }
        key = next((key for key, names in asked.items() if name in names), None)
        return SettingsError(
            f"there is no voice {name!r}, as there is no voices/{name}.yaml",
            where=place_of(path, key, name) if key else "",
            hint=how_to_add(name) or f"write one, see docs/voices.md; {nearest(name, known)}",
        )

    def read_lexicon(self) -> dict[str, Entry]:
        """Written → how it is said. Raises SettingsError at file:line:column."""
        return entries_of(loads(self.lexicon, LexiconFile, str(self.root / LEXICON)))


class Kit(Struct, frozen=True, kw_only=True):
    """Everything that episodes are made with, beside their paper."""

    show: Show
    templates: dict[str, Blob]
    lexicon: dict[str, Entry]
    cover: Blob | None
    """The show's own picture; None if it is drawn."""
    has_cjk: bool
    lock: ShowLock
    voices: dict[str, Voice]
    """By the names that papers and the show call them."""
    music: Music | None = None
    only_voice: str | None = None
    """Is the host's for every paper of this run, whatever the papers and the show say."""
    draft: bool = False

    def voice_name(self, paper: Paper) -> str:
        """The profile that speaks a paper for the host."""
        return self.only_voice or paper.voice or self.show.voice

    def voice_of(self, line: Line, paper: Paper) -> Voice:
        """The voice of a line: its speaker's, that of quotations, or the host's. A draft has one."""
        name = None
        if line.speaker and not self.draft:
            name = self.show.cast[line.speaker]
        elif line.kind == "quote" and not self.draft:
            name = self.show.quotation_voice
        return self.voices[name or self.voice_name(paper)]

    def heard_in(self, script: Script, paper: Paper) -> dict[str, Voice]:
        """Who is heard in an episode, in order, and in which voice: "host", "quotations" or a name."""
        quoting = "quotations" if self.show.quotation_voice and not self.draft else "host"
        return {
            line.speaker or (quoting if line.kind == "quote" else "host"): self.voice_of(line, paper)
            for line in script.lines
        }


def read_sources(root: Path) -> Sources:
    """Read the show in `root`. Raises SettingsError, ScriptError or TaggingError, placed."""
    show = load_show(root)
    lexicon = root / LEXICON
    return Sources(
        root=root,
        show=show,
        templates=read_templates(root / "scripts"),
        lexicon=read_text(lexicon, SettingsError, limit_bytes=LIMIT_BYTES) if lexicon.is_file() else "",
        cover=digest_cover(root, show.cover) if show.cover else "",
        has_cjk=has_cjk(),
        lock=read_lock(root),
        music={key: digest_music(root, key, name) for key, name in show.music.files.items()},
    )


def prepare(
    sources: Sources,
    voices: dict[str, Voice],
    store: Store,
    *,
    only_voice: str | None = None,
    draft: bool = False,
) -> Kit:
    """Put what jobs need into the store. Raises SettingsError, TaggingError or StoreError."""
    sources.check_cover()
    for name in {name for voice in voices.values() for name in voice.files}:
        path = sources.root / "voices" / name
        with os_errors_said("cannot be read", path):
            content = path.read_bytes()
        store.keep_bytes(content, path.suffix)
    return Kit(
        show=sources.show,
        templates={name: store.keep_bytes(text.encode(), ".j2") for name, text in sources.templates.items()},
        lexicon=sources.read_lexicon(),
        cover=store.keep_copy(sources.root / "scripts" / sources.show.cover) if sources.show.cover else None,
        has_cjk=sources.has_cjk,
        lock=sources.lock,
        voices=voices,
        only_voice=only_voice,
        draft=draft,
    )


def read_music(sources: Sources, key: str) -> "Sound | None":
    """A piece of music that has to be converted, as sound; None of one that can be used as it is.

    key: "intro", "outro", "sting" or "bed". Raises SettingsError if it is no sound, or too long.
    """
    from .audio import read_length, read_sound  # numpy and soundfile: not for a run with nothing to do

    name = sources.show.music.files[key]
    path = sources.root / "scripts" / name
    try:
        length = read_length(path)
        sound = None if length else read_sound(path, longest_s=LONGEST_MUSIC_S + 1)
    except PaperledgeError as error:
        raise _music_fault(sources.root, key, name, "cannot be read as sound", error.hint) from error
    frames, rate_hz = length or (len(sound.samples) if sound else 0, sound.rate_hz if sound else 1)
    if frames == 0:
        raise _music_fault(sources.root, key, name, "is empty", "make it again")
    if frames > LONGEST_MUSIC_S * rate_hz:
        hint = f"{LONGEST_MUSIC_S // 60} minutes are the most"
        raise _music_fault(sources.root, key, name, "is too long", hint)
    return sound


def keep_music(sources: Sources, store: Store) -> Music | None:
    """Put the show's music into the store, in a format that every worker can read.

    Raises SettingsError or StoreError.
    """
    settings = sources.show.music
    if not settings.files:
        return None
    kept = {key: _keep_sound(sources, key, store) for key in settings.files}
    return Music(
        intro=kept.get("intro"),
        outro=kept.get("outro"),
        sting=kept.get("sting"),
        bed=kept.get("bed"),
        below_speech_mlu=round(settings.music_below_speech_lu * 1000),
        bed_below_speech_mlu=round(settings.bed_below_speech_lu * 1000),
        intro_overlap_ms=settings.intro_overlap_ms,
        bed_fade_in_ms=settings.bed_fade_in_ms,
        bed_fade_out_ms=settings.bed_fade_out_ms,
    )


def _keep_sound(sources: Sources, key: str, store: Store) -> Blob:
    path = sources.root / "scripts" / sources.show.music.files[key]
    if kept := store.kept(sources.music[key], path.suffix):
        return kept  # an earlier run found that it can be used as it is
    sound = read_music(sources, key)
    if sound is None:
        return store.keep_copy(path)
    from .audio import write_wav  # likewise

    with store.desk() as desk:
        path = desk.new(".wav")
        write_wav(sound, path)
        return desk.keep(path)


def digest_music(root: Path, key: str, name: str) -> str:
    """SHA-256 of a piece of music. Raises SettingsError, or ScriptError if it is not in scripts/."""
    path = root / "scripts" / name
    _refuse_outside(path, root / "scripts")
    hint = f"put a WAV or FLAC there, or name another as `{key}:`"
    try:
        if not path.is_file():
            raise _music_fault(root, key, name, "is not a file" if path.exists() else "is missing", hint)
        if path.stat().st_size > LARGEST_MUSIC_BYTES:
            what = f"is over {LARGEST_MUSIC_BYTES // 1_000_000} MB"
            raise _music_fault(root, key, name, what, "make it shorter, or a FLAC")
        return sha256_of(path)
    except OSError as error:
        raise _music_fault(root, key, name, f"cannot be read: {error.strerror}", hint) from error


def _music_fault(root: Path, key: str, name: str, what: str, hint: str) -> SettingsError:
    """A fault of a piece of music, where show.yaml names it."""
    where = place_of(root / "show.yaml", "music", name)
    return SettingsError(f"the {key}, scripts/{name}, {what}", where=where, hint=hint)


def read_templates(folder: Path) -> dict[str, str]:
    """Name → source of the templates in scripts/, those of the site apart. Raises ScriptError, placed."""
    templates = {}
    for path in sorted(folder.rglob("*.j2")):
        if path.name.startswith(".") or not path.is_file():  # an editor's own files, and no files at all
            continue
        if path.is_relative_to(folder.parent / SITE):
            continue
        _refuse_outside(path, folder)
        templates[path.relative_to(folder).as_posix()] = read_text(path, ScriptError, limit_bytes=LIMIT_BYTES)
    return templates


def digest_cover(root: Path, name: str) -> str:
    """SHA-256 of the show's own picture. Raises SettingsError, or ScriptError if it is not in scripts/."""
    path = root / "scripts" / name
    _refuse_outside(path, root / "scripts")
    where = place_of(root / "show.yaml", "cover")
    hint = "put a JPEG, PNG or WebP there, or delete the line to have a cover drawn"
    if not path.is_file():
        what = "is not a file" if path.exists() else "is missing"
        raise SettingsError(f"the cover, scripts/{name}, {what}", where=where, hint=hint)
    try:
        return sha256_of(path)
    except OSError as error:
        what = f"the cover, scripts/{name}, cannot be read: {error.strerror}"
        raise SettingsError(what, where=where, hint=hint) from error


def _refuse_outside(path: Path, folder: Path) -> None:
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ScriptError(
            "leads out of scripts/", where=str(path), hint="put the file itself there, not a link"
        )
