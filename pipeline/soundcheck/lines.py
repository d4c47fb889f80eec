"""What is wrong with the lines of an episode: missing, silent, cut, replaced, twice, or out of order.

A line that is where it should be says nothing. One that is not found is looked for in the room that its
neighbours leave it; whatever can be heard where nothing is planned is held against the lines around it.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import quoted
from .hearing import FLOOR_DB, FRAME_MS, TONE, Levels
from .matching import SAME_DB, Match, Wanted, differences, distance, find
from .plan import Fault, SoundPlan

__all__ = ["EDGE_FRAMES", "QUIET_DB", "STEP_FRAMES", "Frames", "Placed", "line_faults", "noise_db", "place"]

QUIET_DB = -62.0
"""Of the loudest band of a frame: what is below cannot be heard in a pause."""
NOISE_PERCENT = 30
"""A file whose pauses are loud for more than the rest of the time has noise in all of them."""
OVER_NOISE_DB = 15.0
STEP_FRAMES = 15
"""By so much a pause may be longer or shorter without being heard as such: 150 ms."""
GOOD_DB = 6.0
"""A frame that differs by less, with its neighbours, is of that recording."""
SMOOTH_FRAMES = 9
PART = 0.2
"""A line of which so much is there was not replaced but cut."""
TWICE = 0.9
"""A line of which so much is there, in more time than it needs, is not cut."""
HOLE = 0.7
"""Silence that is shorter than so much of a line is a pause, and the line is missing."""
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
MARGINS_MS = 200
"""Of silence that may be left around the sound of a line."""
VOICE_DB = 5.0
"""How far the average levels of two voices are apart at least; of one voice in two lines, 1 to 3."""

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
        distance(_stretch(placed.levels, placed.first(n) + start + by, part), wanted[start:][:part])[0]
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


def line_faults(placed: Placed) -> Iterator[Fault]:
    """Everything wrong with lines and pauses, in no order."""
    explained = _explained(placed)
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
    runs = _unexplained(placed.levels, explained, noise_db(placed, explained))
    for run in runs:
        yield _unplanned(placed, run)
    yield from _pauses(placed, runs)
    yield from _paces(placed)


def _explained(placed: Placed) -> Frames:
    """The frames in which something is planned to be heard, and is."""
    explained = np.zeros(len(placed.levels), bool)
    for n in placed.found:
        explained[max(0, placed.first(n) - EDGE_FRAMES) : placed.end(n) + EDGE_FRAMES] = True
    for start, end in placed.music:
        explained[max(0, start) : max(0, end)] = True
    return explained


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
        _good(_stretch(placed.levels, first, len(wanted)), wanted, placed.offset(n))
        for first in (from_start, from_end)
    )
    return _leading(beginning), _leading(ending[::-1])


def _leading(good: Frames) -> int:
    """How many are good before one is not, whatever the first few are, which fade."""
    inner = good[EDGE_FRAMES:]
    return len(good) if inner.all() else EDGE_FRAMES * bool(inner[0]) + int(inner.argmin())


def _stretch(levels: Levels, first: int, count: int) -> Levels:
    """So many frames from one on; silence where there are none."""
    there = levels[max(0, first) : max(0, first + count)]
    before = min(count, max(0, -first))
    return np.pad(there, ((before, count - before - len(there)), (0, 0)), constant_values=-90)


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
    is_silent = heard.max(initial=-90) < QUIET_DB
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


def noise_db(placed: Placed, explained: Frames | None = None) -> float:
    """How loud it is, as a rule, where silence is planned."""
    silent = placed.levels[~(_explained(placed) if explained is None else explained)].max(1)
    return float(np.percentile(silent, NOISE_PERCENT)) if len(silent) else -90.0


def _unexplained(levels: Levels, explained: Frames, noise: float) -> list[tuple[int, int]]:
    """Runs of frames in which something is heard where nothing is planned; short breaks do not end one."""
    heard = (levels.max(1, initial=-90) > max(QUIET_DB, noise + OVER_NOISE_DB)) & ~explained
    places = np.flatnonzero(heard)
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > 4 * STEP_FRAMES) + 1
    runs = [(int(run[0]), int(run[-1]) + 1) for run in np.split(places, breaks)]
    return [(start, end) for start, end in runs if heard[start:end].sum() >= SHORTEST_FRAMES]


def _unplanned(placed: Placed, run: tuple[int, int]) -> Fault:
    """What is heard where nothing is planned."""
    start, end = run
    around = [n for n in placed.found if placed.first(n) < end + 2000 and placed.end(n) > start - 2000]
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


def _paces(placed: Placed) -> Iterator[Fault]:
    """Lines that no voice of that pace can have said whole, or at once, in the time that they take."""
    for n in placed.found:
        line = placed.wanted[n].line
        lasts_ms = (line.end_samples - line.start_samples) * 1000 // placed.plan.rate_hz
        if not line.shortest_ms <= lasts_ms <= line.longest_ms + MARGINS_MS:
            words = len(line.spoken.split())
            pace = round(words * 60_000 / max(1, lasts_ms))
            what = f"line {n + 1} has {pace} words a minute, {words} in {lasts_ms / 1000:.1f} s"
            told = f"{what}: {quoted(line.written)}"
            yield Fault(code="SOUN211", what=told, at_ms=placed.first(n) * FRAME_MS, line=n + 1)
