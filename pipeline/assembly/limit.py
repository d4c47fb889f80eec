"""Level: find the gain that brings a mix to its loudness, and keep it under its true-peak ceiling.

The limiter looks ahead and works where it must: from the true peaks over the ceiling follows the
gain each sample needs; the lowest within reach on either side, smoothed over the same reach, is
the gain it gets. No smoothed value is above the one a peak needs, as all that go into it include
that peak. Gains are counted in whole steps, so that sums are exact, and a block's result is the
same bits wherever the mix is cut into blocks.
"""

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ..audio import Samples
from ..lengths import resampled_length
from ..loudness import BLOCK, TAPS, LoudnessMeter, Reading, true_peaks
from .mix import Mix

__all__ = ["Levelling", "amplified", "limited", "solve_levelling"]

REACH_US = 1500
"""Microseconds looked to either side: shorter distorts voices, longer lets the dips be heard."""

UNITY = 1 << 18
"""Steps in a gain of 1. One is 0.00003 dB, and the sum over both smoothings fits into 32 bits."""

FAINT_LUFS = -50.0
"""Below this, the absolute gate hides sound that it lets through once amplified: measure again."""

TOLERANCE_LU = 0.02
"""How near the target a solved gain is, where the ceiling lets it."""

TRUSTED_LU = 0.04
"""How much of a last correction may be due to limiting for it not to be measured again."""

PASSES = 6
"""At most this often is the limited mix measured for one gain; one is the rule, two are common."""

FLATTEST = 0.1
"""A smaller slope is taken for this one: where more gain hardly helps, no step should be huge."""

MOST_LIMITING_DB = 12.0
"""Gain over what would do without a limiter: beyond it, a mix is all peaks and will not get louder."""

TYPICAL_LOSS = 0.02
"""LU that limiting takes away, per squared dB of gain past the first limited peak, in speech."""


Steps = NDArray[np.int32]


class Levelling(Struct, frozen=True):
    """What is done to a mix, and how loud it is then."""

    gain_db: float
    ceiling_dbtp: float
    integrated_lufs: float


def amplified(mix: Mix, gain_db: float) -> Iterator[Samples]:
    """The mix, amplified, in blocks: what `limited` gives where no true peak is over the ceiling."""
    gain = np.float32(10 ** (gain_db / 20))
    return (samples * gain for samples in mix.blocks())


def limited(mix: Mix, gain_db: float, ceiling_dbtp: float, block: int = BLOCK) -> Iterator[Samples]:
    """The mix, amplified, under the ceiling, in blocks of `block` samples, the last one shorter."""
    reach = resampled_length(REACH_US, 1_000_000, mix.rate_hz)
    halo = 2 * reach + 2 * TAPS
    gain = 10 ** (gain_db / 20)
    threshold = 10 ** (ceiling_dbtp / 20) / gain
    for start in range(0, mix.timeline.total, block):
        stop = min(start + block, mix.timeline.total)
        samples = mix.read(start - halo, stop + halo)
        inner = samples[halo:-halo] * np.float32(gain)
        needed = _needed(samples, threshold)
        if needed is not None:
            inner *= _smoothed(needed, reach)[2 * TAPS : -2 * TAPS]
        yield inner


def solve_levelling(mix: Mix, target_lufs: float, ceiling_dbtp: float) -> Levelling:
    """The gain that brings the limited mix, not silent, to the target within 0.05 LU, or as near as it gets.

    A mix whose peaks stay under the ceiling is not measured again, unless it is very faint; any
    other, mostly once. Gains are in thousandths of a dB, so that no rounding error in the last
    digit reaches the samples.
    """
    reading = mix.reading
    plain = target_lufs - reading.integrated_lufs
    free = ceiling_dbtp - reading.true_peak_dbtp
    if plain <= free and reading.integrated_lufs > FAINT_LUFS:
        gain = round(plain, 3)
        return Levelling(gain, ceiling_dbtp, reading.integrated_lufs + gain)
    gain, most = plain + TYPICAL_LOSS * max(0.0, plain - free) ** 2, plain + MOST_LIMITING_DB
    tried: list[Levelling] = []
    for _ in range(PASSES):
        gain = round(min(gain, most), 3)
        tried.append(Levelling(gain, ceiling_dbtp, _loudness(limited(mix, gain, ceiling_dbtp), mix.rate_hz)))
        missing = target_lufs - tried[-1].integrated_lufs
        if abs(missing) <= TOLERANCE_LU or (missing > 0 and gain == round(most, 3)):
            break
        slope = _slope(tried, reading, free)
        gain += missing / slope
        if abs(missing) * (1 - slope) <= TRUSTED_LU and gain <= most:
            return Levelling(round(gain, 3), ceiling_dbtp, target_lufs)
    return min(tried, key=lambda levelling: abs(levelling.integrated_lufs - target_lufs))


def _slope(tried: list[Levelling], reading: Reading, free: float) -> float:
    """LU that the limited mix gains per dB of gain, near the last one tried."""
    last = tried[-1]
    if last.gain_db <= free:
        return 1.0
    if len(tried) > 1:
        slope = (last.integrated_lufs - tried[-2].integrated_lufs) / (last.gain_db - tried[-2].gain_db)
    else:  # the loss begins at `free` and grows about as the square of what is beyond
        loss = reading.integrated_lufs + last.gain_db - last.integrated_lufs
        slope = 1 - 2 * loss / (last.gain_db - free)
    return min(1.0, max(FLATTEST, slope))


def _needed(samples: Samples, ceiling: float) -> Steps | None:
    """The gain each sample needs, in steps, to be under the ceiling; None if all are under it."""
    level = np.abs(samples)
    highest = float(level.max())
    if highest <= ceiling / 2:
        return None
    at, peaks = true_peaks(samples, level, ceiling / 2)
    at, peaks = at[peaks > ceiling], peaks[peaks > ceiling]
    if highest <= ceiling and not len(at):
        return None
    needed = np.full(len(samples), UNITY, np.int32)
    over = np.flatnonzero(level > ceiling)
    needed[over] = UNITY * (ceiling / level[over])
    steps = (UNITY * (ceiling / peaks)).astype(np.int32)
    for neighbour in (at - 1, at, at + 1):
        needed[neighbour] = np.minimum(needed[neighbour], steps)
    return needed


def _smoothed(needed: Steps, reach: int) -> Samples:
    """The gain for each sample but `2 * reach` on either side, which it takes into account."""
    width = reach + 1
    sums = _sums(_sums(_lowest(needed, 2 * reach + 1), width), width)
    return (sums / (UNITY * width * width)).astype(np.float32)


def _lowest(values: Steps, width: int) -> Steps:
    """The least of each `width` neighbours, by doubling."""
    span = 1
    while 2 * span <= width:
        values = np.minimum(values[:-span], values[span:])
        span *= 2
    rest = width - span
    return np.minimum(values[:-rest], values[rest:]) if rest else values


def _sums(values: Steps, width: int) -> Steps:
    """The sum of each `width` neighbours; running totals wrap around, their differences do not."""
    total = np.zeros(len(values) + 1, np.int32)
    np.cumsum(values, dtype=np.int32, out=total[1:])
    return total[width:] - total[:-width]


def _loudness(blocks: Iterator[Samples], rate_hz: int) -> float:
    """Integrated loudness of a stream."""
    meter = LoudnessMeter(rate_hz)
    for block in blocks:
        meter.add(block)
    return meter.integrated_lufs()
