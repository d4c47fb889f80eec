"""The cheapest way from what was meant to what was heard, word by word or letter by letter.

What is left out or added costs its weight, one thing for another less the more alike they are (Needleman and
Wunsch 1970). Words are taken over a whole episode at once: so a line that is missing displaces none after it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .words import likeness, sound_of

__all__ = ["Pair", "parts_of", "same_letters"]

ALIKE = 0.6
"""Words that are less alike are no sign of where a line is."""
_CHANGE = 0.9
"""One thing for another that is nothing like it, instead of leaving one out and adding the other."""

BAND = 2000
"""By so many words what is heard may run ahead or behind: over ten minutes. Memory grows with the length."""
_PAIR, _LEFT_OUT, _ADDED = range(3)

Pair = tuple[int, int]
"""A place in what was meant, and the one in what was heard that goes with it."""
Numbers = NDArray[np.float32]
Row = tuple[int, NDArray[np.uint8]]
"""The first place heard that is in the band, and the steps to it and those after it."""
Alike = Callable[[int], Numbers]
"""How alike each thing heard is to the one meant at a place, 0 to 1."""


def parts_of(lines: Sequence[Sequence[str]], heard: Sequence[str]) -> list[Pair]:
    """For each line, given as words, where the words heard between its neighbours begin and end.

    Neighbouring parts may share words that fit neither line.
    """
    meant = [word for line in lines for word in line]
    owner = [number for number, line in enumerate(lines) for _ in line]
    pairs = [(owner[i], j) for i, j in _same_words(meant, heard)]
    after = _edges(((line, j + 1) for line, j in pairs), len(lines), 0)
    before = _edges(reversed(pairs), len(lines), len(heard))
    starts = np.maximum.accumulate([0, *after[:-1]]).tolist()
    ends = np.minimum.accumulate([len(heard), *before[:0:-1]])[::-1].tolist()
    return list(zip(starts, ends, strict=True))


def _edges(found: Iterable[Pair], count: int, otherwise: int) -> list[int]:
    """For each line, the place that was found last."""
    edges = [otherwise] * count
    for line, at in found:
        edges[line] = at
    return edges


def _same_words(meant: Sequence[str], heard: Sequence[str]) -> list[Pair]:
    """Places of the words that were heard as meant, or nearly."""
    here, there = [sound_of(word) for word in meant], [sound_of(word) for word in heard]
    alike = _alike_words(here, there)
    pairs = _cheapest(_weights(here), _weights(there), alike)
    return [(i, j) for i, j in pairs if alike(i)[j] >= ALIKE]


def same_letters(meant: str, heard: str) -> list[Pair]:
    """Places of the letters that were heard as meant."""
    letters = np.array(list(heard))
    pairs = _cheapest(
        np.ones(len(meant), np.float32),
        np.ones(len(heard), np.float32),
        lambda i: (letters == meant[i]).astype(np.float32),
    )
    return [(i, j) for i, j in pairs if meant[i] == heard[j]]


def _weights(sounds: Sequence[str]) -> Numbers:
    return np.array([len(sound) + 1 for sound in sounds], np.float32)


def _alike_words(meant: Sequence[str], heard: Sequence[str]) -> Alike:
    known: dict[str, Numbers] = {}
    different = sorted(set(heard))
    places = np.array([different.index(sound) for sound in heard], np.intp)

    def alike(i: int) -> Numbers:
        sound = meant[i]
        if sound not in known:
            known[sound] = np.array([likeness(sound, other) for other in different], np.float32)[places]
        return known[sound]

    return alike


def _cheapest(meant: Numbers, heard: Numbers, alike: Alike) -> list[Pair]:
    """The pairs on the cheapest way, in order. meant, heard: the weights of their parts."""
    if not len(meant) or not len(heard):
        return []
    return list(_back(list(_rows(meant, heard, alike)), len(heard)))[::-1]


def _rows(meant: Numbers, heard: Numbers, alike: Alike) -> Iterator[Row]:
    """For each part meant, the last step to each place within the band."""
    added = np.concatenate(([0.0], np.cumsum(heard, dtype=np.float64)))
    costs = added
    for i, weight in enumerate(meant.tolist()):
        middle = (i + 1) * len(heard) // len(meant)
        low, high = max(0, middle - BAND), min(len(heard), middle + BAND) + 1
        left_out = costs[low:high] + weight
        pair = (np.append(np.inf, costs[:-1] + (1 - alike(i)) * (heard + weight) * _CHANGE))[low:high]
        best, so_far = np.minimum(pair, left_out), added[low:high]
        costs = np.full(len(heard) + 1, np.inf)
        costs[low:high] = np.minimum.accumulate(best - so_far) + so_far
        steps = np.where(costs[low:high] < best - 1e-6, _ADDED, np.where(pair > left_out, _LEFT_OUT, _PAIR))
        yield low, steps.astype(np.uint8)


def _back(rows: Sequence[Row], j: int) -> Iterator[Pair]:
    """The pairs from the last place, j heard, to the first."""
    i = len(rows)
    while i and j:
        low, steps = rows[i - 1]
        step = steps[j - low]
        if step == _PAIR:
            yield i - 1, j - 1
        i, j = i - (step != _ADDED), j - (step != _LEFT_OUT)
