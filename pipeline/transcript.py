"""What is heard when in a finished episode: its chapters, and its words as they were written.

    Transcript ── Chapters, in order, without a gap
               └─ Passages (paragraphs, headings, …) ── Cues, each short enough to be read at a glance

Times are whole milliseconds from the beginning of the file, rounded down from its samples.
"""

from typing import Annotated

from msgspec import Meta

from .kinds import BlockKind
from .values import Value

__all__ = ["Chapter", "Cue", "Link", "Passage", "Transcript"]

Time = Annotated[int, Meta(ge=0)]


class Chapter(Value, frozen=True, kw_only=True):
    """A stretch of an episode with a title; ID3 CHAP, podcast:chapters."""

    title: str
    start_ms: Time
    """The first chapter begins at 0."""
    end_ms: Time
    """Where the next begins, or the episode ends."""


class Link(Value, frozen=True, kw_only=True):
    """A part of a cue's text that leads somewhere."""

    start: Annotated[int, Meta(ge=0)]
    end: int
    """Characters from the beginning of the text; the end is the one after it."""
    url: str
    """An http or https address."""


class Cue(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A sentence or a part of one: what a caption shows at a time."""

    start_ms: Time
    end_ms: Time
    """When the voice has said it; after it comes a pause, or the next."""
    text: str
    """One line, as a reader sees it: without markup, formulas as people write them."""
    links: tuple[Link, ...] = ()
    """In order, apart from each other."""


class Passage(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A paragraph, heading, list item, quotation or piece of code, said by one speaker."""

    kind: BlockKind
    speaker: str
    """The host, or somebody of the cast."""
    cues: tuple[Cue, ...]
    mark: str = ""
    """What a list item begins with, such as "-" or "2."."""
    level: Annotated[int, Meta(ge=0)] = 0
    """How deep in other lists a list item is."""
    code: str = ""
    """The lines of a piece of code, of which the cue has all on one."""

    @property
    def text(self) -> str:
        """All of it, on one line."""
        return " ".join(cue.text for cue in self.cues)


class Transcript(Value, frozen=True, kw_only=True):
    """Everything that is heard in an episode, in order."""

    duration_ms: Time
    chapters: tuple[Chapter, ...]
    passages: tuple[Passage, ...]

    @property
    def cues(self) -> tuple[Cue, ...]:
        """Those of all passages."""
        return tuple(cue for passage in self.passages for cue in passage.cues)
