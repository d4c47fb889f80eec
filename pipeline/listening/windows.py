"""A long sound in windows that a recogniser can hear at a time, cut where nobody speaks."""

from collections.abc import Iterable, Iterator

import numpy as np

from ..audio import Samples
from .features import RATE_HZ

__all__ = ["windows_of"]

_FRAME = RATE_HZ // 100
_PAUSE_FRAMES = 30
"""Cuts are in the quietest 300 ms, which is less than the shortest pause between two lines."""


def windows_of(blocks: Iterable[Samples], longest_s: float) -> Iterator[Samples]:
    """Blocks at 16 kHz as windows of half of `longest_s` to all of it; the last may be shorter."""
    longest = int(longest_s * RATE_HZ)
    rest = np.zeros(0, np.float32)
    for block in blocks:
        rest = np.concatenate((rest, block))
        while len(rest) > longest:
            at = _quietest(rest[:longest])
            yield rest[:at]
            rest = rest[at:]
    if len(rest):
        yield rest


def _quietest(samples: Samples) -> int:
    """The middle of the quietest stretch in the second half."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    energy = np.cumsum(np.concatenate(([0.0], np.square(frames, dtype=np.float64).sum(1))))
    stretches = energy[_PAUSE_FRAMES:] - energy[:-_PAUSE_FRAMES]
    first = len(frames) // 2
    return int(first + np.argmin(stretches[first:]) + _PAUSE_FRAMES // 2) * _FRAME
