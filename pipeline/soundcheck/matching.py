"""Where each line of an episode is in its file, if it is there.

    recordings ──> levels they should have ──> held against the file's, at their place and then anywhere

In an MP3 the recording of a line differs from itself by 1 dB in the middle, by 2 to 4 if it was encoded again
or is out of step by half a frame, and from any other line by 8 to 10: so it is known by its levels alone.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..audio import Samples, Sound, read_sound
from .hearing import BANDS_HZ, FRAME_MS, TONE, Levels, flatness, frames_at, levels_of
from .plan import PlannedLine, SoundPlan

__all__ = ["SAME_DB", "Match", "Wanted", "differences", "distance", "find", "follow", "read_wanted"]

SAME_DB = 4.5
"""A stretch that differs by less from a recording is that recording."""
AUDIBLE_DB = 45.0
"""So far below its highest level a line is looked at; what is lower is noise of one kind or another."""
WORST_DB = 15.0
"""Unlike is unlike: a larger difference counts as this one."""
SILENCED_DB = 30.0
"""What is so much quieter than the rest is not heard."""
CLOSE_DB = SAME_DB / 2
"""What differs by less needs no better place."""
STEPS = (0.0, 0.25, 0.5, 0.75)
"""Of a frame, by which a line may be late: where something was cut, all that follows is out of step."""
CANDIDATES = 8
CLEAR_FRAMES = 5
"""A line of which fewer are clear of music is taken to be there."""
SHORTEST_FRAMES = 12
"""A line that is shorter is like too many others to be looked for elsewhere."""


class Wanted(NamedTuple):
    """A line as it should be heard."""

    line: PlannedLine
    clip: Path
    first: int
    """Its first whole frame, by the plan."""
    levels: Levels
    starts: NDArray[np.int_]
    """First sample of each frame, in the recording."""
    skip: int
    """So many frames at its beginning are under music, and tell nothing."""

    @property
    def frames(self) -> int:
        """How long it is."""
        return len(self.levels)

    def flats(self) -> Samples:
        """How flat each frame is at its peak; the recording is read again, as few files want to know."""
        return flatness(_frames(read_sound(self.clip), self.starts))


class Match(NamedTuple):
    """A line that was found."""

    first: int
    """Its first frame in the file."""
    distance_db: float
    gain_db: float
    """How much louder it is than its recording."""


def read_wanted(plan: SoundPlan, clips: Iterable[Path]) -> list[Wanted]:
    """The lines of a plan with the levels of their recordings, at the frames they should be at."""
    lines = zip(plan.lines, clips, strict=True)
    return [_wanted(line, path, plan, 0.0) for line, path in lines]


def _wanted(line: PlannedLine, path: Path, plan: SoundPlan, late: float) -> Wanted:
    """A line with the levels it should have if it is heard by a part of a frame later than planned."""
    sound = read_sound(path)
    first = -(-line.start_samples * 1000 // (plan.rate_hz * FRAME_MS))
    end = max(first + 1, line.end_samples * 1000 // (plan.rate_hz * FRAME_MS))
    into_s = (np.arange(first, end) - late) * FRAME_MS / 1000 - line.start_samples / plan.rate_hz
    starts = line.trimmed_samples + np.round(into_s * sound.rate_hz).astype(int)
    levels = levels_of(_frames(sound, starts), sound.rate_hz)
    return Wanted(line, path, first, levels, starts, _under_music(first, end, plan))


def _frames(sound: Sound, starts: NDArray[np.int_]) -> Samples:
    return frames_at(sound.samples, sound.rate_hz, starts)


def _under_music(first: int, end: int, plan: SoundPlan) -> int:
    """How many frames of a line the music before it still covers; of a line in the middle of music, none."""
    for start, stop in plan.music:
        over = -(-stop * 1000 // (plan.rate_hz * FRAME_MS)) + 1
        if start * 1000 // (plan.rate_hz * FRAME_MS) <= first < over < end + CLEAR_FRAMES:
            return over - first if over <= end - CLEAR_FRAMES else end - first
    return 0


def differences(heard: Levels, wanted: Levels) -> tuple[Levels, NDArray[np.bool_]]:
    """How much louder each frame and band is than its recording, in dB, and which of them can be heard."""
    heard, wanted = heard[:, TONE], wanted[:, TONE]
    floor, ceiling = float(wanted.max()) - AUDIBLE_DB, float(heard.max(initial=-90)) - AUDIBLE_DB
    difference = np.maximum(heard, ceiling) - np.maximum(wanted, floor)
    return difference, (wanted > floor) | (heard > ceiling)


def distance(heard: Levels, wanted: Levels) -> tuple[float, float]:
    """How unlike a stretch is to a recording, in dB, whatever its level; and how much louder it is."""
    if len(heard) < len(wanted):
        heard = np.concatenate(
            [heard, np.full((len(wanted) - len(heard), len(BANDS_HZ) - 1), -90, np.float32)]
        )
    difference, audible = differences(heard, wanted)
    told = difference[audible]
    if not len(told) or heard[:, TONE].max() < wanted[:, TONE].max() - SILENCED_DB:
        return WORST_DB, 0.0
    gain_db = float(np.median(told))
    return float(np.minimum(np.abs(told - gain_db), WORST_DB).mean()), gain_db


def follow(
    wanted: Sequence[Wanted], plan: SoundPlan, levels: Levels
) -> tuple[list[Wanted], list[Match | None]]:
    """Where each line is in a file, None where it is nowhere; the lines in step with the file."""
    in_step: list[Wanted] = []
    found: list[Match | None] = []
    shift, late = 0, 0.0
    for each in wanted:
        match, aligned, step = _in_step(each, plan, levels, shift, late)
        if match:
            shift, late = match.first - each.first, step
        in_step.append(aligned)
        found.append(match)
    return in_step, _each_place_once(in_step, found)


def _in_step(
    each: Wanted, plan: SoundPlan, levels: Levels, shift: int, late: float
) -> tuple[Match | None, Wanted, float]:
    """The closest match of a line, the line as it is in step with the file, and by how much it is late."""
    best: tuple[Match | None, Wanted, float] = (None, each, 0.0)
    for step in (late, *(step for step in STEPS if step != late)):
        aligned = _wanted(each.line, each.clip, plan, step) if step else each
        place = each.first + shift
        match = _near(aligned, levels, place)
        if match is None and best[0] is None:
            match = find(aligned, levels, place)
        if match and (best[0] is None or match.distance_db < best[0].distance_db):
            best = match, aligned, step
        if best[0] and best[0].distance_db < CLOSE_DB:
            break
    return best


def _near(each: Wanted, levels: Levels, place: int) -> Match | None:
    """The match at a place, or a frame beside it."""
    best: Match | None = None
    for first in (place, place - 1, place + 1):
        match = _match(each, levels, first)
        if match and (best is None or match.distance_db < best.distance_db):
            best = match
        if best and best.distance_db < CLOSE_DB:
            break
    return best


def _match(each: Wanted, levels: Levels, first: int) -> Match | None:
    if not 0 <= first <= len(levels) - each.frames:
        return None
    if each.skip == each.frames:
        return Match(first, 0.0, 0.0)
    unlike_db, gain_db = distance(levels[first + each.skip : first + each.frames], each.levels[each.skip :])
    return Match(first, unlike_db, gain_db) if unlike_db < SAME_DB else None


def find(each: Wanted, levels: Levels, place: int, start: int = 0, end: int | None = None) -> Match | None:
    """The match nearest to a place, of all between two frames."""
    stretch = levels[start:end]
    clear = each.levels[each.skip :]
    if len(clear) < SHORTEST_FRAMES or len(stretch) < len(clear):
        return None
    likeness = _likeness(stretch, clear)
    firsts = start - each.skip + _highest(likeness, CANDIDATES)
    matches = [match for first in firsts if (match := _near(each, levels, int(first)))]
    return min(matches, key=lambda match: abs(match.first - place), default=None)


def _likeness(levels: Levels, wanted: Levels) -> NDArray[np.float64]:
    """Correlation of a recording's level with that of every stretch of the file, by way of the spectrum."""
    heard, sought = _loudness(levels), _loudness(wanted)
    count, size = len(sought), 1 << (len(heard) + len(sought) - 1).bit_length()
    sought -= sought.mean()
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sought, size))
    product = np.fft.irfft(spectrum, size)[: len(heard) - count + 1]
    sums, squares = (np.concatenate([[0.0], np.cumsum(each)]) for each in (heard, heard**2))
    deviation = squares[count:] - squares[:-count] - (sums[count:] - sums[:-count]) ** 2 / count
    likeness: NDArray[np.float64] = product / np.sqrt(np.maximum(deviation, 1e-6) * (sought**2).sum() + 1e-9)
    return likeness


def _loudness(levels: Levels) -> NDArray[np.float64]:
    """The level of each frame, all bands together."""
    level = levels[:, TONE].mean(axis=1, dtype=np.float64)
    loud: NDArray[np.float64] = np.maximum(level, level.max() - AUDIBLE_DB)
    return loud


def _highest(likeness: NDArray[np.float64], count: int) -> NDArray[np.int_]:
    """Where it is highest, in peaks."""
    padded = np.concatenate([[-2.0], likeness, [-2.0]])
    peaks = np.flatnonzero((likeness >= padded[:-2]) & (likeness > padded[2:]))
    return peaks[np.argsort(likeness[peaks])[::-1][:count]]


def _each_place_once(wanted: Sequence[Wanted], found: Sequence[Match | None]) -> list[Match | None]:
    """No stretch is two lines: the one that is nearer to where it should be has it."""
    matches = [(n, match, match.first - wanted[n].first) for n, match in enumerate(found) if match]
    usual = float(np.median([shift for *_, shift in matches])) if matches else 0.0
    kept: list[Match | None] = [None] * len(found)
    taken: list[tuple[int, int]] = []
    for n, match, _ in sorted(matches, key=lambda each: abs(each[2] - usual)):
        start, end = match.first, match.first + wanted[n].frames
        if not any(min(end, stop) - max(start, begin) > (end - start) // 2 for begin, stop in taken):
            kept[n] = match
            taken.append((start, end))
    return kept
