"""What is wrong at a place in the sound: clicks, drop-outs, other sounds, levels that jump, clipping.

Each frame of a line is held against its recording; clicks are looked for everywhere, in the bands above the
voice, where nothing else is as short.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..errors import quoted
from .hearing import AIR, FLOOR_DB, FRAME_MS, TONE, Hearing
from .lines import Frames, Placed
from .plan import Fault

__all__ = ["place_faults"]

CLICK_DB = 15.0
"""A click is so much above what should be there, and above what is there around it."""
CLICK_FLOOR_DB = -70.0
CLICK_FRAMES = 4
"""It is not longer; a fricative is."""
AROUND_FRAMES = 4
MUSIC_PERCENT = 97
"""Percussion is heard more often than in so much of a piece of music; a click is not."""
DROP_DB = 15.0
"""A frame that is so much quieter than it should be is not there."""
DROP_FRAMES = 3
LOUD_DB = 25.0
"""Only frames within so much of a line's highest level are missed."""
CUT = 0.25
"""A line that drops out for so much of it is not whole."""
OVER_DB, OVER_FRAMES = 15.0, 8
"""A band that is so much louder for so long is another sound."""
OVER_FLOOR_DB = 35.0
"""Below the highest level of a line: what is lower may be an encoder's noise."""
LEVEL_DB = 1.5
"""A line that is so much louder or quieter than the others of its voice stands out."""
STRETCH_FRAMES = 30
STRETCH_DB = 3.0
"""A stretch of 0.3 s within a line that is so far from the rest of it."""
FLAT, MORE_FLAT = 0.14, 2.0
"""Of a frame, at its peak, and times as much as in its recording: a limiter leaves half of that."""
FLAT_FRAMES = 5
MOST_OF_A_KIND = 20


def place_faults(placed: Placed, hearing: Hearing) -> Iterator[Fault]:
    """Everything wrong at some place, in no order; of each kind the first 20."""
    yield from _first(_clicks(placed, hearing))
    yield from _clipping(placed, hearing)
    yield from _first(_levels(placed))
    for n in placed.found:
        yield from _in_line(placed, n)


def _first(faults: Iterator[Fault]) -> Iterator[Fault]:
    for _, fault in zip(range(MOST_OF_A_KIND), faults, strict=False):
        yield fault


def _levels(placed: Placed) -> Iterator[Fault]:
    """Lines, or several in a row, that are louder or quieter than the others of their voice."""
    off = {n: _gain_off(placed, n) for n in placed.found}
    run: list[int] = []
    for n in (*placed.found, None):
        if run and (n is None or off[n] * off[run[0]] <= 0 or abs(off[n]) <= LEVEL_DB):
            yield _louder(placed, run, off[run[0]])
            run = []
        if n is not None and abs(off[n]) > LEVEL_DB:
            run.append(n)


def _gain_off(placed: Placed, n: int) -> float:
    """How much louder a line is than the others of its voice."""
    off_db, audible = placed.off(n)
    return float(np.median(off_db[audible])) if audible.any() else 0.0


def _louder(placed: Placed, run: list[int], off_db: float) -> Fault:
    lines = f"line {run[0] + 1} is" if len(run) == 1 else f"lines {run[0] + 1} to {run[-1] + 1} are"
    what = f"{lines} {abs(off_db):.1f} dB {'louder' if off_db > 0 else 'quieter'} than the others"
    said = quoted(placed.wanted[run[0]].line.written)
    return Fault(
        code="SOUN303", what=f"{what}: {said}", at_ms=placed.first(run[0]) * FRAME_MS, line=run[0] + 1
    )


def _clicks(placed: Placed, hearing: Hearing) -> Iterator[Fault]:
    air = hearing.levels[:, AIR].max(1, initial=FLOOR_DB)
    wanted = np.full(len(air), FLOOR_DB, np.float32)
    for n in placed.found:
        match, levels = placed.matches[n], placed.wanted[n].levels
        first = placed.first(n)
        stretch = wanted[first : first + len(levels)]
        above = levels[: len(stretch), AIR].max(1) + (match.gain_db if match else 0)
        np.maximum(stretch, above, out=stretch)
    wanted = np.maximum(wanted, _air_of_music(placed, air))
    around = np.maximum(_shifted(air, AROUND_FRAMES), _shifted(air, -AROUND_FRAMES))
    is_click = (air > CLICK_FLOOR_DB) & (air > np.maximum(wanted, around) + CLICK_DB)
    for start, end in _runs(is_click, 1):
        if end - start <= CLICK_FRAMES:
            peak = start + int(air[start:end].argmax())
            yield Fault(code="SOUN301", what="a click", at_ms=peak * FRAME_MS)


def _air_of_music(placed: Placed, air: NDArray[np.float32]) -> NDArray[np.float32]:
    """Music may have what is as short as a click, and lines under it are not looked at: its highest level."""
    planned = np.full(len(air), FLOOR_DB, np.float32)
    for start, end in placed.music:
        stretch = air[max(0, start) : max(0, end)]
        planned[max(0, start) : max(0, end)] = np.percentile(stretch, MUSIC_PERCENT) if len(stretch) else 0
    return planned


def _shifted(levels: NDArray[np.float32], by: int) -> NDArray[np.float32]:
    """Levels so many frames later; silence where there are none."""
    if len(levels) <= abs(by):
        return np.full_like(levels, FLOOR_DB)
    rest = np.full(abs(by), FLOOR_DB, np.float32)
    return np.concatenate([rest, levels[:-by]] if by > 0 else [levels[-by:], rest])


def _clipping(placed: Placed, hearing: Hearing) -> Iterator[Fault]:
    """Frames whose tops are flat, where those of the recording are not."""
    loudest = 0.5 * hearing.peaks.max(initial=0.0)
    clipped: list[int] = []
    for n in placed.found:
        first, wanted = placed.first(n), placed.wanted[n]
        flats = hearing.flats[first : first + wanted.frames]
        flat = (flats > FLAT) & (flats > MORE_FLAT * wanted.flats[: len(flats)])
        flat &= hearing.peaks[first : first + len(flats)] > loudest
        clipped += (first + np.flatnonzero(flat)).tolist()
    if len(clipped) >= FLAT_FRAMES:
        what = f"the sound is clipped, in {len(clipped)} places of {FRAME_MS} ms at least"
        yield Fault(code="SOUN304", what=what, at_ms=min(clipped) * FRAME_MS)


def _in_line(placed: Placed, n: int) -> Iterator[Fault]:
    """What is gone within a line, what is heard over it, and where its level jumps."""
    first, wanted, said = placed.first(n), placed.wanted[n], quoted(placed.wanted[n].line.written)
    off_bands_db, audible = placed.off(n)
    gain_db = _gain_off(placed, n)
    off_db = _middle(off_bands_db - gain_db, audible)
    level = wanted.levels[: len(off_db), TONE].max(1)
    gone = _runs((off_db < -DROP_DB) & (level > level.max() - LOUD_DB), DROP_FRAMES)
    spoken, lost = int((level > level.max() - LOUD_DB).sum()), sum(end - start for start, end in gone)
    if lost > CUT * spoken:
        what = f"line {n + 1} is not whole, {100 * (spoken - lost) // spoken} % of it: {said}"
        at_ms, lasts_ms = (first + gone[0][0]) * FRAME_MS, (gone[-1][1] - gone[0][0]) * FRAME_MS
        yield Fault(code="SOUN203", what=what, at_ms=at_ms, lasts_ms=lasts_ms, line=n + 1)
        return
    for start, end in gone:
        lasts_ms, at_ms = (end - start) * FRAME_MS, (first + start) * FRAME_MS
        what = f"{lasts_ms} ms of line {n + 1} drop out: {said}"
        yield Fault(code="SOUN302", what=what, at_ms=at_ms, lasts_ms=lasts_ms, line=n + 1)
    heard = placed.levels[first : first + wanted.frames, TONE]
    planned = np.maximum(wanted.levels[: len(heard), TONE], level.max() - OVER_FLOOR_DB)
    over_db = heard - planned - placed.offset(n) - max(0.0, gain_db)
    for start, end in _runs(np.where(audible, over_db, 0).max(1) > OVER_DB, OVER_FRAMES):
        lasts_ms, at_ms = (end - start) * FRAME_MS, (first + start) * FRAME_MS
        what = f"{lasts_ms} ms of another sound over line {n + 1}: {said}"
        yield Fault(code="SOUN305", what=what, at_ms=at_ms, lasts_ms=lasts_ms, line=n + 1)
    if not gone:
        yield from _jumps(off_db, level, n, first)


def _middle(off_db: NDArray[np.float32], audible: Frames) -> NDArray[np.float32]:
    """Of each frame, the middle of how far its bands are off; 0 where nothing can be heard."""
    told = np.where(audible, off_db, np.nan)
    told[~audible.any(1)] = 0
    middle: NDArray[np.float32] = np.nanmedian(told, axis=1)
    return middle


def _jumps(off_db: NDArray[np.float32], level: NDArray[np.float32], n: int, first: int) -> Iterator[Fault]:
    """The first stretch of a line that is much louder or quieter than the rest of it."""
    loud = np.flatnonzero(level > level.max() - LOUD_DB)
    for start in range(0, len(loud) - STRETCH_FRAMES, STRETCH_FRAMES // 2):
        places = loud[start : start + STRETCH_FRAMES]
        jump_db = float(np.median(off_db[places]))
        if abs(jump_db) > STRETCH_DB:
            than = "louder" if jump_db > 0 else "quieter"
            what = f"the level jumps in line {n + 1}, which is {abs(jump_db):.1f} dB {than} from there"
            yield Fault(code="SOUN303", what=what, at_ms=(first + int(places[0])) * FRAME_MS, line=n + 1)
            return


def _runs(frames: Frames, least: int) -> list[tuple[int, int]]:
    """Runs of at least so many frames that are so."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], frames, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2) if end - start >= least]
