"""In which order a line of text stands: Arabic and Hebrew run from the right, numbers among them do not.

    a line, as it is read  ──>  its runs, as they stand from left to right

A short form of the Unicode Bidirectional Algorithm (UAX #9): levels 0 to 2 by the classes of the
characters, without explicit embeddings, which no title has once its control characters are gone.
"""

from itertools import accumulate, groupby
from typing import NamedTuple
from unicodedata import bidirectional

__all__ = ["Run", "runs_from_right", "visual_runs"]


class Run(NamedTuple):
    """A part of a line that runs one way."""

    text: str
    """As it is read."""
    from_right: bool


_STRONG = {"L": "L", "R": "R", "AL": "R"}
_NUMBERS = {"EN", "AN"}


def runs_from_right(text: str) -> bool:
    """Whether the first letter that has a direction is one of a script from the right (rule P2)."""
    strong = (_STRONG.get(bidirectional(char)) for char in text)
    return next((way for way in strong if way), "L") == "R"


def visual_runs(line: str, *, from_right: bool) -> tuple[Run, ...]:
    """The runs of a line whose paragraph runs that way, as they stand from left to right (rule L2)."""
    runs = _runs(line, _levels(line, from_right=from_right))
    for level in (2, 1):
        grouped = [list(group) for _, group in groupby(runs, key=lambda run: run[0] >= level)]
        runs = [run for group in grouped for run in (reversed(group) if group[0][0] >= level else group)]
    return tuple(Run(text, level == 1) for level, text in runs)


def _runs(line: str, levels: list[int]) -> list[tuple[int, str]]:
    grouped = groupby(zip(levels, line, strict=True), key=lambda pair: pair[0])
    return [(level, "".join(char for _, char in pairs)) for level, pairs in grouped]


def _levels(line: str, *, from_right: bool) -> list[int]:
    """Rules W1 to W7, N1, N2, I1 and I2 in short: 0 or 2 runs from the left, 1 from the right."""
    base = "R" if from_right else "L"
    ways = _ways(line, base)
    before = list(accumulate(ways, lambda last, way: way or last, initial=base))[1:]
    after = list(accumulate(reversed(ways), lambda last, way: way or last, initial=base))[:0:-1]
    sides = zip(ways, before, after, strict=True)
    resolved = [way or (_side(left) if _side(left) == _side(right) else base) for way, left, right in sides]
    return [{"R": 1, "N": 2, "L": 2 if from_right else 0}[way] for way in resolved]


def _side(way: str) -> str:
    """A number counts as a letter from the right where what stands beside it is resolved (rule N1)."""
    return "R" if way == "N" else way


def _ways(line: str, base: str) -> list[str]:
    """L, R, N for a number among R, or "" for what takes its way from its neighbours."""
    ways: list[str] = []
    strong = base
    for char in line:
        kind = bidirectional(char)
        if kind in _STRONG:
            strong = _STRONG[kind]
            ways.append(strong)
        elif kind in _NUMBERS:
            ways.append("N" if strong == "R" else "L")
        elif kind == "NSM" and ways:
            ways.append(ways[-1])
        else:
            ways.append("")
    return ways
