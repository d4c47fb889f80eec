"""Whether a line was said as it was meant, by the words that were heard in its place.

A recogniser mishears single words, names above all; so letters only count where three in a row were heard as
they were meant, and a line is at fault by how much of it is missing or added.
"""

from typing import Literal

from ..values import Value
from .alignment import Pair, same_letters
from .words import Words, sound_of

__all__ = ["Judgement", "Verdict", "judge"]

Verdict = Literal["whole", "missing", "twice", "part", "other", "mumbled"]

RUN = 3
"""Letters in a row that are hardly the same by chance."""
UNDERSTOOD = 0.6
"""Of a line that was heard: names apart, recognisers understand nine words in ten."""
UNLIKE = 0.3
"""So little of a line is found in any other."""
SILENT, SILENT_LETTERS = 0.3, 10
"""Who heard less than so much of a line's length, and no more than three words, heard nothing of it."""
OWN = 0.5
"""Of what was heard of a line that is not whole, names in it apart."""
SHORTER = 0.85
"""Length of what was heard of a line that is not whole, at most."""
GAP = 0.2
"""Of a line, missing at one end."""
AGAIN = 0.3
"""Of a line, heard once more."""


class Judgement(Value, frozen=True, kw_only=True):
    """How a line was heard."""

    verdict: Verdict
    similarity: float
    """0 to 1: of its letters and those that were heard, how many were heard as they were meant."""


def judge(meant: Words, heard: Words) -> Judgement:
    """Hold the words heard in a line's place against its own."""
    line, sound = _sound(meant), _sound(heard)
    places = _understood(line, sound)
    similarity = 2 * len(places) / max(1, len(line) + len(sound))
    return Judgement(verdict=_verdict(line, sound, places), similarity=round(min(1.0, similarity), 3))


def _sound(words: Words) -> str:
    return "".join(map(sound_of, words))


def _understood(line: str, sound: str) -> list[int]:
    """Places in the line of letters that were heard as meant, in rows that are no chance."""
    rows: list[list[Pair]] = []
    for pair in same_letters(line, sound):
        if rows and rows[-1][-1] == (pair[0] - 1, pair[1] - 1):
            rows[-1].append(pair)
        else:
            rows.append([pair])
    return [i for row in rows for i, _ in row if len(row) >= min(RUN, len(line))]


def _verdict(line: str, sound: str, places: list[int]) -> Verdict:
    if not line:
        return "whole"
    if _is_twice(line, sound):
        return "twice"
    if len(sound) < min(SILENT * len(line), SILENT_LETTERS):
        return "missing"
    if _is_part(line, sound, places):
        return "part"
    if len(places) >= UNDERSTOOD * len(line):
        return "whole"
    return "other" if len(places) < UNLIKE * len(line) else "mumbled"


def _is_twice(line: str, sound: str) -> bool:
    """Whether more of it was heard than there is, all of it its own, however often."""
    if len(sound) < (1 + AGAIN) * len(line):
        return False
    copies = max(2, round(len(sound) / len(line)))
    understood = len(_understood(line * copies, sound))
    return understood >= max((1 + AGAIN) * len(line), UNDERSTOOD * len(sound))


def _is_part(line: str, sound: str, places: list[int]) -> bool:
    """Whether what was heard is its own, and its beginning or its end is not there."""
    if len(sound) > SHORTER * len(line) or len(places) < max(1, OWN * len(sound)):
        return False
    return max(places[0], len(line) - 1 - places[-1]) >= GAP * len(line)
