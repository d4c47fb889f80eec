"""A plan laid over a file: where each of its lines is heard, how much louder, and where music may be."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .hearing import FLOOR_DB, FRAME_MS, TONE, Levels
from .matching import SAME_DB, Match, Wanted, differences, distance
from .plan import SoundPlan

__all__ = [
    "BROKEN_FRAMES",
    "EDGE_FRAMES",
    "QUIET_DB",
    "SHORTEST_FRAMES",
    "Frames",
    "Placed",
    "place",
    "stretch",
]

QUIET_DB = -62.0
"""Of the loudest band of a frame: what is below cannot be heard in a pause."""
TONES = TONE.stop - TONE.start
SPARSE = 4
"""Every fourth frame is enough to know how a voice sounds."""
BROKEN_FRAMES, NEARER_DB = 3, 2.0
"""An end of a line that is so far from where it should be, and there so much more like its recording."""
EDGE_FRAMES = 5
"""Around a line, where its fade and what an encoder smears may be heard."""
SHORTEST_FRAMES = 12
LEAD_IN_FRAMES = 10
"""An episode begins with more silence: what does not has lost its beginning."""

Frames = NDArray[np.bool_]


class Placed(NamedTuple):
    """A plan laid over a file."""

    plan: SoundPlan
    wanted: Sequence[Wanted]
    matches: Sequence[Match | None]
    levels: Levels
    music: tuple[tuple[int, int], ...]
    """Where it may be heard in the file, in frames."""
    offsets: dict[str, Levels]
    """By voice, how much louder each band of it is than in its recordings, as a rule."""

    @property
    def found(self) -> list[int]:
        """The lines that are there, in the order in which they are heard."""
        there = [(match.first, n) for n, match in enumerate(self.matches) if match]
        return [n for _, n in sorted(there)]

    @property
    def missing(self) -> list[int]:
        """The lines that were not found, unless they lie before the beginning of the file."""
        return [n for n, match in enumerate(self.matches) if not match and n not in self.cut_off]

    @property
    def cut_off(self) -> range:
        """The lines that the file begins after, or within: it begins at once then, and not with silence."""
        first = next((n for n, match in enumerate(self.matches) if match), 0)
        is_begun = self.levels[:LEAD_IN_FRAMES].max(initial=FLOOR_DB) < QUIET_DB
        is_before = first and self.wanted[first - 1].first + self.shift(first) < 0
        return range(first if is_before and not is_begun else 0)

    def first(self, n: int) -> int:
        """First frame of a line that is there."""
        match = self.matches[n]
        return match.first if match else 0

    def end(self, n: int) -> int:
        """One past its last frame."""
        return self.first(n) + self.wanted[n].frames

    def shift(self, n: int) -> int:
        """How much later it is than planned, in frames."""
        return self.first(n) - self.wanted[n].first

    def offset(self, n: int) -> Levels:
        """How much louder each band of a line should be than in its recording, in dB."""
        nothing = np.zeros(TONES, np.float32)
        return self.offsets.get(self.wanted[n].line.voice, next(iter(self.offsets.values()), nothing))

    def off(self, n: int) -> tuple[Levels, Frames]:
        """How much louder each frame and band of a line is than it should be, in dB, and which can be heard.

        Where music may be heard as well, nothing is known.
        """
        first, wanted = self.first(n), self.wanted[n]
        difference, audible = differences(self.levels[first : first + wanted.frames], wanted.levels)
        for start, end in self.music:
            audible[max(0, start - first) : max(0, end - first)] = False
        return difference - self.offset(n), audible

    def before(self, n: int) -> int | None:
        """The last line before it that is there and in order."""
        return next((m for m in range(n - 1, -1, -1) if self.matches[m]), None)

    def after(self, n: int) -> int | None:
        """The first line after it that is there."""
        return next((m for m in range(n + 1, len(self.wanted)) if self.matches[m]), None)


def place(
    plan: SoundPlan, wanted: Sequence[Wanted], matches: Sequence[Match | None], levels: Levels
) -> Placed:
    """Lay a plan over a file, without the lines that are broken in two."""
    placed = Placed(plan, wanted, matches, levels, (), _offsets(wanted, matches, levels))
    whole = [None if match and _is_broken(placed, n) else match for n, match in enumerate(matches)]
    placed = placed._replace(matches=whole)
    music = []
    for start, end in plan.music:
        first, last = (sample * 1000 // (plan.rate_hz * FRAME_MS) for sample in (start, end))
        shift = _shift_of_music(placed, first)
        music.append((first + shift - EDGE_FRAMES, last + shift + EDGE_FRAMES))
    return placed._replace(music=tuple(music))


def _is_broken(placed: Placed, n: int) -> bool:
    """Whether an end of a line is not where the line is, but where its neighbour has it, or under that."""
    is_followed = n + 1 < len(placed.matches) and placed.matches[n + 1]
    if is_followed and placed.first(n) < placed.first(n + 1) <= placed.end(n) - BROKEN_FRAMES:
        return True
    for neighbour, is_first in ((n - 1, True), (n + 1, False)):
        if 0 <= neighbour < len(placed.matches) and placed.matches[neighbour]:
            late = placed.shift(neighbour) - placed.shift(n)
            if abs(late) >= BROKEN_FRAMES and any(
                _is_nearer(placed, n, late, it, is_first=is_first) for it in (8, 4)
            ):
                return True
    return False


def _is_nearer(placed: Placed, n: int, late: int, share: int, *, is_first: bool) -> bool:
    """Whether the first or last of so many shares of a line is heard so much later than it should be."""
    wanted = placed.wanted[n].levels
    part = min(len(wanted), max(2 * SHORTEST_FRAMES, len(wanted) // share))
    start = 0 if is_first else len(wanted) - part
    here, there = (
        distance(stretch(placed.levels, placed.first(n) + start + by, part), wanted[start:][:part])[0]
        for by in (0, late)
    )
    return there < min(SAME_DB, here - NEARER_DB)


def _shift_of_music(placed: Placed, start: int) -> int:
    """As much later as the line after it, or before it; of those that are there, the next will do."""
    after = next((n for n, each in enumerate(placed.wanted) if each.first >= start), len(placed.wanted))
    for n in (after, after - 1):
        if 0 <= n < len(placed.matches) and placed.matches[n]:
            return placed.shift(n)
    nearest = next((n for n in placed.found if n > after), max(placed.found, default=None))
    return placed.shift(nearest) if nearest is not None and (after or placed.cut_off) else 0


def _offsets(wanted: Sequence[Wanted], matches: Sequence[Match | None], levels: Levels) -> dict[str, Levels]:
    told: dict[str, list[Levels]] = {}
    for each, match in zip(wanted, matches, strict=True):
        if match:
            difference, audible = differences(levels[match.first : match.first + each.frames], each.levels)
            told.setdefault(each.line.voice, []).append(np.where(audible, difference, np.nan)[::SPARSE])
    return {voice: _band_medians(np.concatenate(each)) for voice, each in told.items()}


def _band_medians(difference: Levels) -> Levels:
    """The median of each band; of all of them where a band is never heard."""
    whole = np.nanmedian(difference) if np.isfinite(difference).any() else 0.0
    bands = [band[np.isfinite(band)] for band in difference.T]
    return np.array([np.median(band) if len(band) else whole for band in bands], np.float32)


def stretch(levels: Levels, first: int, count: int) -> Levels:
    """So many frames from one on; silence where there are none."""
    there = levels[max(0, first) : max(0, first + count)]
    before = min(count, max(0, -first))
    return np.pad(there, ((before, count - before - len(there)), (0, 0)), constant_values=FLOOR_DB)
