"""What is wrong at a place in the sound: clicks, drop-outs, other sounds, levels that jump, clipping.

Each frame of a line is held against its recording; clicks are looked for everywhere, in the bands above the
voice, where nothing else is as short.
"""

from collections.abc import Iterator
from itertools import groupby, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import quoted
from .hearing import AIR, FLOOR_DB, FRAME_MS, TONE, Hearing, Levels
from .placing import EDGE_FRAMES, QUIET_DB, Frames, Placed
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
DROP_DB, DROP_FRAMES = 15.0, 3
"""What is so much quieter than it should be for so long is not there; less may be out of step."""
WORST_DB = 40.0
"""What is gone is gone: a larger difference counts as this one."""
LOUD_DB = 25.0
"""Only frames within so much of a line's highest level are missed."""
CUT = 0.25
"""A line that drops out for so much of it is not whole."""
OVER_DB, OVER_FRAMES = 10.0, 8
"""A band that is so much louder for so long is another sound; an encoder's noise stays below 6 dB."""
OVER_FLOOR_DB = 35.0
"""Below the highest level of a line: what is lower may be an encoder's noise."""
LEVEL_DB = 1.5
"""A line that is so much louder or quieter than the others of its voice stands out."""
STRETCH_FRAMES = 30
STRETCH_DB = 3.0
"""A stretch of 0.3 s within a line that is so far from that before it."""
LEAST_FRAMES = 15
"""At either end of a line, half of that will do."""
FLAT, MORE_FLAT = 0.14, 2.0
"""Of a frame, at its peak, and times as much as in its recording: a limiter leaves half of that."""
FLAT_FRAMES = 5
STEP_DB, STEPS, FEWEST = 3.0, 32, 20
"""Frames are told apart by loudness in so many steps; of fewer frames nothing is said."""
MOST_OF_A_KIND = 20


class _Heard(NamedTuple):
    """A line that is there, held against its recording."""

    n: int
    first: int
    off_db: Levels
    """How much louder each frame and band is than the voice's lines are."""
    audible: Frames
    """Which of them can be heard, and have no music over them; shape as above."""
    gain_db: float
    """How much louder the line is than the others of its voice."""
    level: Levels
    """Highest of the recording's bands, of each frame."""
    voice: str
    said: str

    @property
    def loud(self) -> Frames:
        """The frames in which there is speech."""
        loud: Frames = self.level > self.level.max() - LOUD_DB
        return loud

    def fault(self, code: str, what: str, start: int, end: int) -> Fault:
        """A fault from one frame of the line to another."""
        at_ms, lasts_ms = (self.first + start) * FRAME_MS, (end - start) * FRAME_MS
        return Fault(code=code, what=f"{what}: {self.said}", at_ms=at_ms, lasts_ms=lasts_ms, line=self.n + 1)


def place_faults(placed: Placed, hearing: Hearing) -> Iterator[Fault]:
    """Everything wrong at some place, in no order; of clicks and levels the first 20."""
    lines = [_heard(placed, n) for n in placed.found]
    curves = _curves(lines)
    yield from islice(_clicks(placed, hearing), MOST_OF_A_KIND)
    yield from _clipping(placed, hearing)
    yield from _silent_music(placed)
    uneven: set[int] = set()
    for line in lines:
        faults = [*_in_line(line, placed, curves[line.voice])]
        uneven |= {line.n for fault in faults if fault.code == "SOUN303"}
        yield from faults
    yield from islice(_levels([line for line in lines if line.n not in uneven]), MOST_OF_A_KIND)


def _heard(placed: Placed, n: int) -> _Heard:
    off_db, audible = placed.off(n)
    wanted = placed.wanted[n]
    return _Heard(
        n=n,
        first=placed.first(n),
        off_db=off_db,
        audible=audible,
        gain_db=float(np.median(off_db[audible])) if audible.any() else 0.0,
        level=wanted.levels[: len(off_db), TONE].max(1),
        voice=wanted.line.voice,
        said=quoted(wanted.line.written),
    )


def _levels(lines: list[_Heard]) -> Iterator[Fault]:
    """Lines, or several in a row, that are louder or quieter than the others of their voice."""
    for is_off, group in groupby(lines, key=lambda line: _sign(line.gain_db)):
        run = list(group)
        if is_off:
            first, last = run[0], run[-1]
            which = f"line {first.n + 1} is" if first is last else f"lines {first.n + 1} to {last.n + 1} are"
            what = f"{which} {_told(first.gain_db)} than the others"
            yield first.fault("SOUN303", what, 0, last.first + len(last.level) - first.first)


def _sign(gain_db: float) -> int:
    """Whether a line stands out: 1 if it is louder, -1 if it is quieter."""
    return (gain_db > LEVEL_DB) - (gain_db < -LEVEL_DB)


def _told(gain_db: float) -> str:
    return f"{abs(gain_db):.1f} dB {'louder' if gain_db > 0 else 'quieter'}"


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
    """Frames whose tops are flat, where those of the recording are not, in the loud places of a line."""
    clipped: list[int] = []
    for n in placed.found:
        first, wanted = placed.first(n), placed.wanted[n]
        flats = hearing.flats[first : first + wanted.frames]
        peaks = hearing.peaks[first : first + len(flats)]
        flat = (flats > FLAT) & (peaks > peaks.max(initial=0.0) / 2)
        if flat.any():
            flat &= flats > MORE_FLAT * wanted.flats()[: len(flats)]
        clipped += (first + np.flatnonzero(flat)).tolist()
    if len(clipped) >= FLAT_FRAMES:
        what = f"the sound is clipped, in {len(clipped)} places of {FRAME_MS} ms at least"
        yield Fault(code="SOUN304", what=what, at_ms=min(clipped) * FRAME_MS)


def _silent_music(placed: Placed) -> Iterator[Fault]:
    """Music of which nothing is heard where no line is spoken over it; more is not known of it."""
    level = placed.levels.max(1, initial=FLOOR_DB)
    for n in placed.found:
        level[max(0, placed.first(n) - EDGE_FRAMES) : placed.end(n) + EDGE_FRAMES] = np.nan
    for start, end in placed.music:
        alone = level[max(0, start + EDGE_FRAMES) : max(0, end - EDGE_FRAMES)]
        if np.isfinite(alone).any() and np.nanmax(alone) < QUIET_DB:
            lasts_ms = len(alone) * FRAME_MS
            what = f"{lasts_ms / 1000:.1f} s of music are not heard"
            yield Fault(code="SOUN302", what=what, at_ms=max(0, start) * FRAME_MS, lasts_ms=lasts_ms)


def _in_line(line: _Heard, placed: Placed, curve: Levels) -> Iterator[Fault]:
    """What is gone within a line, what is heard over it, and where its level jumps."""
    off_db = _of_frames(line)
    gone = _runs((off_db < -DROP_DB) & line.loud, DROP_FRAMES)
    spoken, lost = int(line.loud.sum()), sum(end - start for start, end in gone)
    if lost > CUT * spoken:
        what = f"line {line.n + 1} is not whole, {100 * (spoken - lost) // spoken} % of it"
        yield line.fault("SOUN203", what, gone[0][0], gone[-1][1])
        return
    for start, end in gone:
        what = f"{(end - start) * FRAME_MS} ms of line {line.n + 1} drop out"
        yield line.fault("SOUN302", what, start, end)
    over = list(_over(line, placed))
    yield from over
    if not gone and not over:
        yield from _jump(line, off_db - curve[_loudness_steps(line)])


def _of_frames(line: _Heard) -> Levels:
    """How far each frame is off, all its bands together; 0 where nothing can be heard."""
    off_db = np.where(line.audible, np.clip(line.off_db - line.gain_db, -WORST_DB, WORST_DB), 0)
    frames: Levels = off_db.sum(1) / np.maximum(line.audible.sum(1), 1)
    return frames


def _curves(lines: list[_Heard]) -> dict[str, Levels]:
    """By voice, how far frames of each loudness are off, as a rule: a limiter holds the loud ones down."""
    told: dict[str, list[_Heard]] = {}
    for line in lines:
        told.setdefault(line.voice, []).append(line)
    return {voice: _curve(each) for voice, each in told.items()}


def _curve(lines: list[_Heard]) -> Levels:
    steps = np.concatenate([_loudness_steps(line) for line in lines])
    off_db = np.concatenate([_of_frames(line) for line in lines])
    each = ((steps == step) for step in range(STEPS))
    return np.array([np.median(off_db[at]) if at.sum() >= FEWEST else 0.0 for at in each], np.float32)


def _loudness_steps(line: _Heard) -> NDArray[np.int_]:
    """The loudness of each frame of the recording, in steps."""
    steps: NDArray[np.int_] = np.clip((line.level - FLOOR_DB) / STEP_DB, 0, STEPS - 1).astype(int)
    return steps


def _over(line: _Heard, placed: Placed) -> Iterator[Fault]:
    """Bands that are much louder than the recording is anywhere near."""
    heard = placed.levels[line.first : line.first + len(line.level), TONE]
    wanted = placed.wanted[line.n].levels[: len(heard), TONE]
    planned = np.maximum(wanted, line.level.max() - OVER_FLOOR_DB) + placed.offset(line.n)
    over_db = np.where(line.audible, heard - planned - max(0.0, line.gain_db), 0).max(1)
    for start, end in _runs(over_db > OVER_DB, OVER_FRAMES):
        what = f"{(end - start) * FRAME_MS} ms of another sound over line {line.n + 1}"
        yield line.fault("SOUN305", what, start, end)


def _jump(line: _Heard, off_db: Levels) -> Iterator[Fault]:
    """Where a line becomes much louder or quieter: the stretches before and after are compared."""
    places = np.flatnonzero(line.loud)
    sums = np.concatenate([[0.0], np.cumsum(off_db[places], dtype=np.float64)])
    edges = np.arange(LEAST_FRAMES, len(places) - LEAST_FRAMES + 1)
    before, after = np.maximum(edges - STRETCH_FRAMES, 0), np.minimum(edges + STRETCH_FRAMES, len(places))
    jumps_db = (sums[after] - sums[edges]) / (after - edges) - (sums[edges] - sums[before]) / (edges - before)
    if len(edges) and abs(by_db := jumps_db[worst := np.abs(jumps_db).argmax()]) > STRETCH_DB:
        what = f"the level jumps in line {line.n + 1}, which is {_told(by_db)} from there"
        yield line.fault("SOUN303", what, int(places[edges[worst]]), len(off_db))


def _runs(frames: Frames, least: int) -> list[tuple[int, int]]:
    """Runs of at least so many frames that are so."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], frames, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2) if end - start >= least]
