"""The values of a soundcheck: what is to be heard in an episode, and what was found in its file."""

from ..kinds import BlockKind
from ..model import Loudness, TagRequest
from ..transcript import Transcript
from ..values import Blob, Value

__all__ = ["Examination", "Fault", "Planned", "PlannedLine", "SoundPlan", "SoundcheckRequest", "Span"]

Span = tuple[int, int]
"""From a sample up to one past the last."""


class PlannedLine(Value, frozen=True, kw_only=True):
    """One line of an episode, and the recording that is to be heard."""

    number: int
    """From 1, as in output/stages/<slug>/2-synthesis."""
    part: str
    kind: BlockKind
    chapter: str
    """Title of the chapter that begins with it, if one does."""
    speaker: str
    """Who says it: "host", "quotations" or a name of the cast."""
    voice: str
    """The profile in voices/."""
    written: str
    spoken: str
    """The text that the voice was given."""
    clip: Blob
    """Its recording, WAV."""
    trimmed_samples: int
    """So many of the recording's own were cut off its beginning, at its rate."""
    start_samples: int
    end_samples: int
    """In the episode, at the episode's rate; the end is one past the last."""
    key: str
    """Of the recording's record in the store."""
    shortest_ms: int
    longest_ms: int
    """What a voice of its pace can need for it."""


class SoundPlan(Value, frozen=True, kw_only=True):
    """All that is to be heard in one episode; nothing of its tags."""

    slug: str
    samples: int
    """What a gapless player plays."""
    rate_hz: int
    channels: int
    ceiling_mdbtp: int
    loudness: Loudness
    """Measured when it was made."""
    lines: tuple[PlannedLine, ...]
    music: tuple[Span, ...]
    """Where music may be heard, in order."""


class Planned(SoundPlan, frozen=True, kw_only=True):
    """One finished episode, as it should be."""

    title: str
    mp3: str
    """Path below the show's folder."""
    sha256: str
    """Of that file."""
    sound: Blob
    """Its frames alone, before they were tagged."""
    bitrate_kbps: int | None
    """None if it varies."""
    target_mlufs: int
    transcript: Transcript
    tagging: TagRequest

    @property
    def sound_plan(self) -> SoundPlan:
        """The part of it that is heard."""
        return SoundPlan(**{name: getattr(self, name) for name in SoundPlan.__struct_fields__})


class Fault(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Something in a file that is not as planned."""

    code: str
    """See verify/rules.py."""
    what: str
    at_ms: int
    """In the file; 0 of the file as a whole."""
    lasts_ms: int = 0
    line: int | None = None
    """The number of the line that it concerns."""


class SoundcheckRequest(Value, frozen=True, kw_only=True):
    """All that decides what is found in a file."""

    mp3: Blob
    """Its frames alone: tags are not heard."""
    plan: SoundPlan

    @property
    def label(self) -> str:
        """The episode."""
        return self.plan.slug


class Examination(Value, frozen=True, kw_only=True):
    """A file that was heard from its start to its end."""

    faults: tuple[Fault, ...]
    """In the order of time."""
    samples: int
    rate_hz: int
    channels: int
    loudness: Loudness
    short_term_mlufs: tuple[int, ...]
    """Of the 3 s around each second (EBU Tech 3341, 2.2), in thousandths of a LUFS; at least -70,000."""
    peaks_permille: tuple[int, ...]
    """Highest |sample| of each 100 ms, in thousandths of full scale."""
