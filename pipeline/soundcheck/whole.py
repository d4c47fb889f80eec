"""What is wrong with a file as a whole: its length, ends, speed, channels, loudness, peak, noise, colour."""

import math
from collections.abc import Iterator

import numpy as np

from .hearing import BANDS_HZ, FRAME_MS, Hearing
from .pauses import STEP_FRAMES, noise_db
from .placing import QUIET_DB, Placed
from .plan import Fault, SoundPlan

__all__ = ["unknowable", "whole_faults"]

PADDING_MS = 100
"""What encoders add at both ends is less."""
NEAR_LU, FAR_LU = 0.1, 1.0
"""What is promised; and what listeners hear, and Apple asks for."""
SPEED = 0.02
"""A length that is off by more, with hardly a line that is known, is another speed."""
SLOWEST, FASTEST = 0.5, 2.0
"""What is far shorter or longer is cut, or another file."""
UNKNOWN = 0.5
SIDES_DB = -20.0
"""Channels that differ by more are not one voice in the middle."""
OPPOSITE_DB = 3.0
"""What differs is louder than either channel: they are opposite, and cancel out on one loudspeaker."""
OFFSET = 0.004
COLOUR_DB = 6.0


def unknowable(plan: SoundPlan, hearing: Hearing, placed: Placed) -> Fault | None:
    """What keeps lines from being known at all: another speed, or channels that cancel out."""
    if hearing.sides_db > OPPOSITE_DB:
        what = "its channels are opposite: on one loudspeaker nothing is left of it"
        return Fault(code="SOUN115", what=what, at_ms=0)
    ratio = hearing.samples / hearing.rate_hz / (plan.samples / plan.rate_hz)
    known = len(placed.found) / max(1.0, len(placed.wanted) * min(1.0, ratio))  # of what there is room for
    if not SLOWEST < 1 / max(ratio, 1e-9) < FASTEST or abs(ratio - 1) < SPEED or known > UNKNOWN:
        return None
    return Fault(code="SOUN103", what=f"it plays {1 / ratio:.3f} times as fast as planned", at_ms=0)


def whole_faults(plan: SoundPlan, hearing: Hearing, placed: Placed) -> Iterator[Fault]:
    """Everything wrong with a file as a whole."""
    yield from _format(plan, hearing)
    yield from _ends(plan, hearing, placed)
    yield from _loudness(plan, hearing)
    yield from _channels(plan, hearing)
    if abs(hearing.offset) > OFFSET:
        what = f"the sound has a constant offset of {hearing.offset:+.3f}"
        yield Fault(code="SOUN109", what=what, at_ms=0)
    noise = noise_db(placed)
    if noise > QUIET_DB:
        what = f"pauses are not silent: there is noise of {noise:.0f} dB in all of them"
        yield Fault(code="SOUN110", what=what, at_ms=0)
    yield from _colour(placed)


def _format(plan: SoundPlan, hearing: Hearing) -> Iterator[Fault]:
    if hearing.rate_hz != plan.rate_hz:
        yield Fault(code="SOUN102", what=f"has {hearing.rate_hz} Hz, planned were {plan.rate_hz}", at_ms=0)
    length = round(hearing.samples * plan.rate_hz / hearing.rate_hz)
    if abs(length - plan.samples) > (hearing.rate_hz != plan.rate_hz):  # resampled, it is rounded
        off_ms = (length - plan.samples) * 1000 / plan.rate_hz
        what = f"plays {length} samples, planned were {plan.samples}: {off_ms:+.0f} ms"
        yield Fault(code="SOUN101" if abs(off_ms) > PADDING_MS else "SOUN117", what=what, at_ms=0)


def _ends(plan: SoundPlan, hearing: Hearing, placed: Placed) -> Iterator[Fault]:
    """A beginning or an end that is missing, or longer than planned."""
    if not placed.found:
        return
    first = placed.found[0]
    late, step, begins = placed.shift(first), STEP_FRAMES, first == len(placed.cut_off)
    if begins and late <= -step:
        yield Fault(
            code="SOUN104", what=f"{-late * FRAME_MS / 1000:.2f} s are missing at the beginning", at_ms=0
        )
    if begins and late >= step:
        yield Fault(code="SOUN106", what=f"it begins {late * FRAME_MS / 1000:.2f} s late", at_ms=0)
    total = plan.samples * 1000 // (plan.rate_hz * FRAME_MS)
    ends = hearing.samples * 1000 // (hearing.rate_hz * FRAME_MS)
    over = ends - total - placed.shift(max(placed.found))
    if over <= -step:
        what = f"{-over * FRAME_MS / 1000:.2f} s are missing at the end"
        yield Fault(code="SOUN105", what=what, at_ms=max(0, ends) * FRAME_MS)
    if over >= step:
        what = f"{over * FRAME_MS / 1000:.2f} s follow the end"
        yield Fault(code="SOUN107", what=what, at_ms=max(0, ends - over) * FRAME_MS)


def _loudness(plan: SoundPlan, hearing: Hearing) -> Iterator[Fault]:
    """Held against what was measured when the file was made: a ceiling may have kept it below the target."""
    planned, heard = plan.loudness.integrated_mlufs / 1000, hearing.reading.integrated_lufs
    off = heard - planned
    if not math.isfinite(heard):
        yield Fault(code="SOUN111", what="the file is silent", at_ms=0)
    elif abs(off) > NEAR_LU:
        code = "SOUN111" if abs(off) > FAR_LU else "SOUN112"
        yield Fault(code=code, what=f"has {heard:.2f} LUFS, {off:+.2f} LU from what was made", at_ms=0)
    peak, ceiling = hearing.reading.true_peak_dbtp, plan.ceiling_mdbtp / 1000
    if peak > ceiling:
        at = int(hearing.peaks.argmax()) * FRAME_MS if len(hearing.peaks) else 0
        yield Fault(code="SOUN113", what=f"its true peak is {peak:.2f} dBTP, over {ceiling:.1f}", at_ms=at)


def _channels(plan: SoundPlan, hearing: Hearing) -> Iterator[Fault]:
    if hearing.channels != plan.channels:
        yield Fault(
            code="SOUN114", what=f"has {hearing.channels} channels, planned were {plan.channels}", at_ms=0
        )
    if hearing.sides_db > SIDES_DB:
        yield Fault(code="SOUN115", what="its channels are not alike, as if one were silent", at_ms=0)


def _colour(placed: Placed) -> Iterator[Fault]:
    """A voice whose bands are not as loud to each other as in its recordings."""
    for voice, offset in placed.offsets.items():
        uneven = offset - np.median(offset)
        worst = int(np.abs(uneven).argmax())
        if abs(uneven[worst]) > COLOUR_DB:
            band = f"{BANDS_HZ[worst]} to {BANDS_HZ[worst + 1]} Hz"
            what = f"the voice {voice} sounds otherwise than recorded: {uneven[worst]:+.0f} dB from {band}"
            yield Fault(code="SOUN116", what=what, at_ms=0)
