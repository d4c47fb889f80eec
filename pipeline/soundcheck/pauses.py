"""What is wrong between the lines of an episode: pauses too long or short, and what is heard in them.

Whatever can be heard where nothing is planned is held against the lines around it.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ..errors import quoted
from .hearing import FLOOR_DB, FRAME_MS, Levels
from .matching import find
from .placing import EDGE_FRAMES, QUIET_DB, SHORTEST_FRAMES, Frames, Placed
from .plan import Fault

__all__ = ["STEP_FRAMES", "explained_by", "noise_db", "pause_faults"]

STEP_FRAMES = 15
"""By so much a pause may be longer or shorter without being heard as such: 150 ms."""
NOISE_PERCENT = 30
"""A file whose pauses are loud for more than the rest of the time has noise in all of them."""
OVER_NOISE_DB = 15.0
NEAR_FRAMES = 2000
"""Lines so near may be what is heard."""


def pause_faults(placed: Placed, explained: Frames) -> Iterator[Fault]:
    """Everything wrong between lines, in no order. explained: the frames that have lines or music."""
    runs = _unexplained(placed.levels, explained, noise_db(placed, explained))
    for run in runs:
        yield _unplanned(placed, run)
    yield from _pauses(placed, runs)


def explained_by(placed: Placed) -> Frames:
    """The frames in which something is planned to be heard, and is."""
    explained = np.zeros(len(placed.levels), bool)
    for n in placed.found:
        explained[max(0, placed.first(n) - EDGE_FRAMES) : placed.end(n) + EDGE_FRAMES] = True
    for start, end in placed.music:
        explained[max(0, start) : max(0, end)] = True
    return explained


def noise_db(placed: Placed, explained: Frames | None = None) -> float:
    """How loud it is, as a rule, where silence is planned."""
    silent = placed.levels[~(explained_by(placed) if explained is None else explained)].max(1)
    return float(np.percentile(silent, NOISE_PERCENT)) if len(silent) else FLOOR_DB


def _unexplained(levels: Levels, explained: Frames, noise: float) -> list[tuple[int, int]]:
    """Runs of frames in which something is heard where nothing is planned; short breaks do not end one."""
    heard = (levels.max(1, initial=FLOOR_DB) > max(QUIET_DB, noise + OVER_NOISE_DB)) & ~explained
    places = np.flatnonzero(heard)
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > 4 * STEP_FRAMES) + 1
    runs = [(int(run[0]), int(run[-1]) + 1) for run in np.split(places, breaks)]
    return [(start, end) for start, end in runs if heard[start:end].sum() >= SHORTEST_FRAMES]


def _unplanned(placed: Placed, run: tuple[int, int]) -> Fault:
    """What is heard where nothing is planned."""
    start, end = run
    around = [
        n for n in placed.found if placed.first(n) < end + NEAR_FRAMES and placed.end(n) > start - NEAR_FRAMES
    ]
    nearest = sorted(around, key=lambda n: min(abs(placed.end(n) - start), abs(placed.first(n) - end)))[:4]
    at_ms, lasts_ms = start * FRAME_MS, (end - start) * FRAME_MS
    for n in nearest:
        wanted = placed.wanted[n]
        if find(wanted, placed.levels, start, max(0, start - EDGE_FRAMES), end + EDGE_FRAMES):
            what = f"line {n + 1} is heard twice: {quoted(wanted.line.written)}"
            return Fault(code="SOUN206", what=what, at_ms=at_ms, lasts_ms=lasts_ms, line=n + 1)
    for n in nearest:
        wanted = placed.wanted[n]
        if find(wanted._replace(first=0, skip=0, levels=placed.levels[start:end]), wanted.levels, 0):
            what = f"a part of line {n + 1} is heard twice: {quoted(wanted.line.written)}"
            return Fault(code="SOUN206", what=what, at_ms=at_ms, lasts_ms=lasts_ms, line=n + 1)
    what = f"{lasts_ms / 1000:.1f} s of sound where silence is planned"
    return Fault(code="SOUN208", what=what, at_ms=at_ms, lasts_ms=lasts_ms)


def _pauses(placed: Placed, runs: list[tuple[int, int]]) -> Iterator[Fault]:
    """Pauses between neighbours that are longer or shorter than planned."""
    for n, following in pairwise(placed.found):
        if following != n + 1:
            continue
        end, wanted = placed.end(n), placed.wanted[n]
        planned = placed.wanted[n + 1].first - wanted.first - wanted.frames
        pause = placed.first(n + 1) - end
        if abs(pause - planned) < STEP_FRAMES or any(end <= start < end + pause for start, _ in runs):
            continue
        code, than = ("SOUN207", "longer") if pause > planned else ("SOUN210", "shorter")
        told = f"{pause * FRAME_MS / 1000:.2f} s instead of {planned * FRAME_MS / 1000:.2f}"
        what = f"the pause after line {n + 1} is {than} than planned, {told}"
        yield Fault(code=code, what=what, at_ms=end * FRAME_MS, line=n + 1)
