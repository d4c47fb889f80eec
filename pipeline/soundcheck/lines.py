"""What is wrong with the lines of an episode: missing, silent, cut, replaced, twice, or out of order.

A line that is where it should be says nothing. One that is not found is looked for in the room that its
neighbours leave it.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..errors import quoted
from .hearing import FLOOR_DB, FRAME_MS, Levels
from .matching import differences
from .pauses import explained_by, pause_faults
from .placing import BROKEN_FRAMES, EDGE_FRAMES, QUIET_DB, Frames, Placed, stretch
from .plan import Fault

__all__ = ["line_faults"]

GOOD_DB = 6.0
"""A frame that differs by less, with its neighbours, is of that recording."""
SMOOTH_FRAMES = 9
PART = 0.2
"""A line of which so much is there was not replaced but cut."""
TWICE = 0.9
"""A line of which so much is there, in more time than it needs, is not cut."""
HOLE = 0.7
"""Silence that is shorter than so much of a line is a pause, and the line is missing."""
MARGINS_MS = 200
_PACED = 3
"""Words that have a pace: one or two may be drawn out, as those of a heading."""
"""Of silence that may be left around the sound of a line."""
VOICE_DB = 5.0
"""How far the average levels of two voices are apart at least; of one voice in two lines, 1 to 3."""


def line_faults(placed: Placed) -> Iterator[Fault]:
    """Everything wrong with lines and pauses, in no order."""
    explained = explained_by(placed)
    ends = len(placed.levels)
    if placed.cut_off:
        explained[: placed.first(len(placed.cut_off))] = True
    for n in placed.missing:
        start, stop, from_start, from_end = _room(placed, n)
        if start + placed.wanted[n].frames > ends and placed.after(n) is None:
            explained[max(0, start) :] = True  # the file is over before it: that is said once, by the whole
            continue
        yield _unfound(placed, n, (start, stop), _parts(placed, n, from_start, from_end))
        explained[max(0, start) : stop] = True
    yield from _out_of_order(placed)
    yield from _paces(placed)
    yield from pause_faults(placed, explained)


def _room(placed: Placed, n: int) -> tuple[int, int, int, int]:
    """Where a line that was not found would be, up to which frame, and its places by the lines around it."""
    wanted, before, after = placed.wanted[n], placed.before(n), placed.after(n)
    from_start = wanted.first + (placed.shift(before) if before is not None else 0)
    from_end = wanted.first + (placed.shift(after) if after is not None else 0)
    if after is not None:
        from_start = min(from_start, placed.first(after))  # none of several that are gone is after it
    end = from_start + wanted.frames
    if after is not None:
        pause = placed.wanted[n + 1].first - wanted.first - wanted.frames
        end = placed.first(after) - pause if after == n + 1 else min(end, placed.first(after))
    return from_start, min(end, len(placed.levels)), from_start, from_end


def _parts(placed: Placed, n: int, from_start: int, from_end: int) -> tuple[int, int]:
    """How many of a line's frames are there at its beginning, and at its end."""
    wanted = placed.wanted[n].levels
    beginning, ending = (
        _good(stretch(placed.levels, first, len(wanted)), wanted, placed.offset(n))
        for first in (from_start, from_end)
    )
    return _leading(beginning), _leading(ending[::-1])


def _leading(good: Frames) -> int:
    """How many are good before one is not, whatever the first few are, which fade."""
    inner = good[EDGE_FRAMES:]
    return len(good) if inner.all() else EDGE_FRAMES * bool(inner[0]) + int(inner.argmin())


def _good(heard: Levels, wanted: Levels, offset: Levels) -> Frames:
    """Which frames are like the recording so much louder, each judged with its neighbours."""
    difference, audible = differences(heard, wanted)
    unlike = np.where(audible, np.minimum(np.abs(difference - offset), 20), 0).sum(1)
    kernel = np.ones(SMOOTH_FRAMES)
    counts = np.convolve(audible.sum(1), kernel, "same")
    good: Frames = np.convolve(unlike, kernel, "same") < GOOD_DB * np.maximum(counts, 1)
    return good


def _unfound(placed: Placed, n: int, room: tuple[int, int], parts: tuple[int, int]) -> Fault:
    """What became of a line that is not in the file as it should be."""
    start, end = room
    frames, said = placed.wanted[n].frames, quoted(placed.wanted[n].line.written)
    heard = placed.levels[max(0, start) : end]
    beginning, ending = (part if part >= PART * frames else 0 for part in parts)
    at = start
    is_silent = heard.max(initial=FLOOR_DB) < QUIET_DB
    if end - start < (HOLE if is_silent else PART) * frames:
        code, what = "SOUN201", f"line {n + 1} is not heard: {said}"
    elif is_silent:
        code, what = "SOUN202", f"line {n + 1} is silent: {said}"
    elif beginning + ending >= TWICE * frames and end - start > frames + BROKEN_FRAMES:
        at = start + beginning
        if np.median(placed.levels[at : max(at + 1, end - ending)].max(1)) < QUIET_DB:
            code, what = "SOUN207", f"line {n + 1} is torn apart: {said}"
        else:
            code, what = "SOUN206", f"a part of line {n + 1} is heard twice: {said}"
    elif beginning or ending:
        at = start + beginning if beginning else start
        code, what = (
            "SOUN203",
            f"line {n + 1} is not whole, {_share(beginning + ending, frames)} of it: {said}",
        )
    elif _voice_distance(placed, n, heard) > VOICE_DB:
        code, what = "SOUN205", f"line {n + 1} is in another voice: {said}"
    else:
        code, what = "SOUN204", f"line {n + 1} is something else: {said}"
    lasts_ms = max(0, end - max(0, at)) * FRAME_MS
    return Fault(code=code, what=what, at_ms=max(0, at) * FRAME_MS, lasts_ms=lasts_ms, line=n + 1)


def _share(part: int, whole: int) -> str:
    return f"{min(99, 100 * part // whole)} %"


def _voice_distance(placed: Placed, n: int, heard: Levels) -> float:
    """How unlike the average of a stretch is to that of the voice of a line, in dB."""
    voice = placed.wanted[n].line.voice
    others = [m for m in placed.found if placed.wanted[m].line.voice == voice]
    if not others:
        return 0.0
    stretches = [placed.levels[placed.first(m) : placed.end(m)] for m in others]
    usual, this = _colour(np.concatenate(stretches)), _colour(heard)
    return float(np.abs(usual - this - np.median(usual - this)).mean())


def _colour(levels: Levels) -> NDArray[np.float64]:
    """Average level of each band, of the frames that are loud."""
    level = levels.max(1)
    loud: NDArray[np.float64] = levels[level > level.max() - 25].mean(0, dtype=np.float64)
    return loud


def _out_of_order(placed: Placed) -> Iterator[Fault]:
    order = placed.found
    for before, n in pairwise(order):
        if n < before:
            what = f"line {before + 1} is heard before line {n + 1}: {quoted(placed.wanted[n].line.written)}"
            yield Fault(code="SOUN209", what=what, at_ms=placed.first(before) * FRAME_MS, line=before + 1)


def _paces(placed: Placed) -> Iterator[Fault]:
    """Lines that no voice of that pace can have said whole, or at once, in the time that they take."""
    for n in placed.found:
        line = placed.wanted[n].line
        lasts_ms = (line.end_samples - line.start_samples) * 1000 // placed.plan.rate_hz
        words = len(line.spoken.split())
        if words >= _PACED and not line.shortest_ms <= lasts_ms <= line.longest_ms + MARGINS_MS:
            pace = round(words * 60_000 / max(1, lasts_ms))
            what = f"line {n + 1} has {pace} words a minute, {words} in {lasts_ms / 1000:.1f} s"
            told = f"{what}: {quoted(line.written)}"
            yield Fault(code="SOUN211", what=told, at_ms=placed.first(n) * FRAME_MS, line=n + 1)
