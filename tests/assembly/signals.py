"""The signals of EBU Tech 3341 and 3342 that can be generated, on one channel."""

import math

import numpy as np

from pipeline.audio import Samples

from .sounds import sine

MONO_DB = 10 * math.log10(2)
"""The EBU's tones are on two channels: on one, they have to be so much louder to read the same."""

EBU_3341 = {
    1: (-23.0, [(-23.0, 20.0)]),
    2: (-33.0, [(-33.0, 20.0)]),
    3: (-23.0, [(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)]),
    4: (-23.0, [(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)]),
    5: (-23.0, [(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)]),
}
"""Integrated loudness by case, and the levels and seconds of its tone."""

EBU_3342 = {
    1: [(-20.0, 20.0), (-30.0, 20.0)],
    2: [(-20.0, 20.0), (-15.0, 20.0)],
    3: [(-40.0, 20.0), (-20.0, 20.0)],
    4: [(-50.0, 20.0), (-35.0, 20.0), (-20.0, 20.0), (-35.0, 20.0), (-50.0, 20.0)],
}
"""Made for loudness range, which nobody needs here; what meters disagree about, gating, shows in them."""

EBU_3341_PEAKS = {
    15: (4, 0.0, 0.5),
    16: (4, 45.0, 0.5),
    17: (6, 60.0, 0.5),
    18: (8, 67.5, 0.5),
    19: (4, 45.0, 1.41),
}
"""A tone of so many samples a turn, its phase in degrees, and its amplitude."""


def tones(rate_hz: int, *levels_and_seconds: tuple[float, float]) -> Samples:
    """A tone of 1 kHz, one level after the other."""
    return np.concatenate(
        [sine(1000, dbfs + MONO_DB, seconds, rate_hz) for dbfs, seconds in levels_and_seconds]
    )


def peak_tone(case: int) -> Samples:
    """Cases 15 to 19 at 48 kHz, faded in and out."""
    divisor, degrees, amplitude = EBU_3341_PEAKS[case]
    tone = sine(48000 / divisor, 20 * math.log10(amplitude), 1.0, 48000, degrees)
    ramp = np.minimum(np.arange(48000), np.arange(48000)[::-1]) / 4800
    return tone * np.clip(ramp, 0, 1).astype(np.float32)


def burst(quarters: int) -> Samples:
    """One burst at fs/6, as in cases 20 to 23: its top, half of full scale, moved by quarters of a sample."""
    time = np.arange(2000) - 1000 - quarters / 4
    sound = 0.5 * np.cos(2 * np.pi * time / 6) * np.exp(-((time / 200) ** 2))
    moved: Samples = sound.astype(np.float32)
    return moved
