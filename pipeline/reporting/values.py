"""The values of a report: what is shown of an episode, and of all of them; `--json` prints them as they are.

Backlog ─┬─ Portraits, what is failing first ─┬─ LineShown, each with its pace
         ├─ Unheard, what could not be heard  └─ Marks, what was found and where
         └─ LastRun, Runs
"""

from ..findings import Severity
from ..kinds import BlockKind
from ..model import Loudness
from ..run import Failure
from ..transcript import Chapter
from ..values import Value

__all__ = [
    "Backlog",
    "LastRun",
    "LineShown",
    "Mark",
    "Named",
    "Portrait",
    "Recognised",
    "Run",
    "Speaker",
    "Unheard",
]


class Mark(Value, frozen=True, kw_only=True):
    """A finding, in its place."""

    code: str
    rule: str
    """What its code stands for, in a few words."""
    severity: Severity
    what: str
    why: str
    remedy: str
    at_ms: int | None = None
    """In the file; None of the file as a whole."""
    line: int | None = None
    """Number of the line that is nearest; None of the file as a whole."""


class Recognised(Value, frozen=True, kw_only=True):
    """What a recogniser heard of a line."""

    text: str
    similarity_permille: int
    """To what should be heard: 1,000 is all of it."""
    word_errors: int
    """Words that were missed, added or taken for others."""


class LineShown(Value, frozen=True, kw_only=True):
    """One line of an episode."""

    number: int
    """From 1."""
    kind: BlockKind
    speaker: str
    """Who says it: "host", "quotations" or a name of the cast."""
    chapter: str
    """Title of the chapter that begins with it, if one does."""
    text: str
    """As written, without markup."""
    start_ms: int
    end_ms: int
    words: int
    """Spoken."""
    words_per_minute: int
    heard: Recognised | None = None
    """None if nobody listened."""


class Speaker(Value, frozen=True, kw_only=True):
    """Who is heard, and by which voice."""

    who: str
    """ "host", "quotations" or a name of the cast."""
    profile: str
    """In voices/."""
    spoken_by: str
    """Engine, voice and licence in words."""
    settings: str
    """Of the engine, in words."""


class Portrait(Value, frozen=True, kw_only=True):
    """One finished episode, as it was heard."""

    slug: str
    title: str
    paper: str
    """Path of its paper."""
    mp3: str
    """Path below the show's folder."""
    made: str
    """When, UTC, ISO 8601; "" if the history has forgotten."""
    duration_ms: int
    size_bytes: int
    sha256: str
    """Of the file that was made."""
    rate_hz: int
    channels: int
    bitrate_kbps: int | None
    """None if it varies."""
    target_mlufs: int
    ceiling_mdbtp: int
    loudness: Loudness
    """Heard now."""
    loudness_made: Loudness
    """Measured when it was made."""
    short_term_mlufs: tuple[int, ...]
    """Of each second."""
    peaks_permille: tuple[int, ...]
    """Of each 100 ms, in thousandths of full scale."""
    words: int
    words_per_minute: int
    """While somebody speaks: pauses apart."""
    usual_words_per_minute: tuple[int, int]
    """From the slowest to the fastest, the tenth of the lines at either end apart."""
    chapters: tuple[Chapter, ...]
    music_ms: tuple[tuple[int, int], ...]
    """From when to when music may be heard."""
    speakers: tuple[Speaker, ...]
    lines: tuple[LineShown, ...]
    marks: tuple[Mark, ...]
    """In the order of time; first what has no place."""

    def count(self, severity: Severity) -> int:
        """How many findings are of a severity."""
        return sum(mark.severity == severity for mark in self.marks)


class Unheard(Value, frozen=True, kw_only=True):
    """An episode that could not be heard."""

    slug: str
    title: str
    problem: str


class Named(Value, frozen=True, kw_only=True):
    """An episode of a run."""

    slug: str
    title: str


class LastRun(Value, frozen=True, kw_only=True):
    """What `make` did last: a part of output/report.json."""

    when: str = ""
    took_ms: int = 0
    made: tuple[Named, ...] = ()
    reused: tuple[Named, ...] = ()
    failed: tuple[Failure, ...] = ()
    lines_spoken: int = 0
    lines_reused: int = 0


class Run(Value, frozen=True, kw_only=True):
    """A run that made something: some lines of output/history.jsonl."""

    when: str
    took_ms: int
    episodes: int
    duration_ms: int
    """Of all it made."""
    lines_spoken: int
    lines_reused: int


class Backlog(Value, frozen=True, kw_only=True):
    """All finished episodes of a show."""

    show: str
    """Its title."""
    language: str
    episodes: tuple[Portrait, ...]
    """What is failing first, then the latest."""
    unheard: tuple[Unheard, ...]
    last_run: LastRun | None
    runs: tuple[Run, ...]
    """The latest first; not all."""
