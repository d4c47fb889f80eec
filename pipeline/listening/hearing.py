"""What is heard of one episode, line by line, held against what was to be said.

    MP3 ──> windows ──> words heard ──> aligned with the script ──> each line judged ──> doubtful windows
                             └──────────── once more, in shorter ones, with more care <──────┘

Nothing is believed of where lines are: what is heard is looked for in the whole script, so that a line
which is missing, or said twice, raises no alarm for those after it. Two hearings must agree on a fault.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from pathlib import Path
from typing import Protocol

from ..audio import Samples, read_blocks
from ..values import Value
from .alignment import Pair, parts_of
from .features import RATE_HZ
from .judgement import Verdict, judge
from .windows import windows_of
from .words import Words, folded

__all__ = ["Ear", "HeardLine", "Hearing", "hear"]

WINDOW_S = 28.0
"""Close to all that the recogniser takes at a time: a window costs the same, however much is in it."""
CAREFUL_S = 14.0
"""In shorter ones it leaves less out, above all of what is said twice."""
CAREFUL_BEAM = 5
"""With one way to go on, it is caught in loops now and then."""


class Ear(Protocol):
    """What listening needs of a recogniser."""

    @property
    def identity(self) -> str:
        """All that decides what it hears."""
        ...

    def hear(self, samples: Samples, beam: int = 1) -> str:
        """What is said in at most 30 seconds at 16 kHz. beam: how many ways to go on are followed."""
        ...


class HeardLine(Value, frozen=True, kw_only=True):
    """A line of an episode as it was heard."""

    number: int
    """As in the plan, from 1."""
    verdict: Verdict
    similarity: float
    """0 to 1: of its letters and those heard, how many are the same."""
    meant: str
    """What was to be said, folded as `heard` is: lower case, no signs."""
    heard: str
    """Words heard in its place; those at its ends may be its neighbours'."""


class Hearing(Value, frozen=True, kw_only=True):
    """What was heard of an episode."""

    lines: tuple[HeardLine, ...]


def hear(path: Path, spoken: Sequence[str], ear: Ear) -> Hearing:
    """Hear a sound and hold it against the lines that are to be said in it, in order.

    Raises PaperledgeError if it cannot be read.
    """
    lines = [folded(line) for line in spoken]
    once = [folded(ear.hear(window)) for window in _windows(path)]
    first = _judged(lines, once)
    doubtful = set(_doubtful(first, once))
    if not doubtful:
        return Hearing(lines=tuple(line for line, _ in first))
    twice = [
        _careful(window, ear) if number in doubtful else words
        for number, (window, words) in enumerate(zip(_windows(path), once, strict=True))
    ]
    second = _judged(lines, twice)
    agreed = (b if a.verdict != "whole" else a for (a, _), (b, _) in zip(first, second, strict=True))
    return Hearing(lines=tuple(agreed))


def _windows(path: Path) -> Iterator[Samples]:
    """Read anew each time: an hour of samples need not be held."""
    return windows_of(read_blocks(path, RATE_HZ), WINDOW_S)


def _careful(window: Samples, ear: Ear) -> Words:
    parts = windows_of([window], CAREFUL_S)
    return tuple(word for part in parts for word in folded(ear.hear(part, CAREFUL_BEAM)))


def _judged(lines: Sequence[Words], windows: Sequence[Words]) -> list[tuple[HeardLine, Pair]]:
    """Every line as it was heard, and from which to which of all words."""
    words = list(chain.from_iterable(windows))
    return [
        (_heard(number, line, tuple(words[start:end])), (start, end))
        for number, (line, (start, end)) in enumerate(zip(lines, parts_of(lines, words), strict=True), 1)
    ]


def _heard(number: int, line: Words, heard: Words) -> HeardLine:
    judgement = judge(line, heard)
    return HeardLine(
        number=number,
        verdict=judgement.verdict,
        similarity=judgement.similarity,
        meant=" ".join(line),
        heard=" ".join(heard),
    )


def _doubtful(judged: list[tuple[HeardLine, Pair]], windows: Sequence[Words]) -> Iterator[int]:
    """The windows of lines that are not whole: from that of the word before to that of the one after."""
    ends = list(accumulate(len(words) for words in windows))
    for line, (start, end) in judged:
        if line.verdict != "whole":
            first = next((n for n, at in enumerate(ends) if at >= start), 0)
            last = next((n for n, at in enumerate(ends) if at > end), len(ends) - 1)
            yield from range(first, last + 1)
