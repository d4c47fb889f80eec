"""Where everything starts: lengths and pauses in, places in samples out.

Arithmetic in integers only, so that chapters and captions agree with the sound to the sample.
Every length is rounded once, for itself; places are sums of lengths, so no error adds up.

    lead-in | clip 0 | pause 0 | clip 1 | pause 1 | … | clip n | pause n | tail

Music may need room in a pause, in the lead-in or before the tail.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct

from ..lengths import resampled_length, samples_in

__all__ = ["NO_ROOM", "Room", "Stretch", "Timeline", "lay_out"]

Room = Mapping[int, int]
"""Number of a clip → samples, at the output rate, added before it; one past the last: before the tail."""

NO_ROOM: Room = MappingProxyType({})

LEAD_IN_MS = 200
"""Wireless headphones and players that fade in lose about this much of a beginning."""

TAIL_MS = 300
"""After the last pause, so that no player cuts the last word off."""


class Stretch(Struct, frozen=True):
    """One clip as it will be heard, and the pause behind it."""

    samples: int
    """Length of the trimmed clip, at its own rate."""
    rate_hz: int
    pause_after_ms: int


class Timeline(Struct, frozen=True):
    """Places in samples at the output rate."""

    starts: tuple[int, ...]
    """Where each clip begins."""
    ends: tuple[int, ...]
    """Where each clip ends: one past its last sample."""
    total: int
    """Length of the whole, lead-in and tail included."""


def lay_out(stretches: Iterable[Stretch], rate_hz: int, room: Room = NO_ROOM) -> Timeline:
    """Put clips one after the other, each followed by its pause; none of either is below zero."""
    place = samples_in(LEAD_IN_MS, rate_hz) + room.get(0, 0)
    starts, ends = [], []
    for number, stretch in enumerate(stretches, 1):
        starts.append(place)
        place += resampled_length(stretch.samples, stretch.rate_hz, rate_hz)
        ends.append(place)
        place += samples_in(stretch.pause_after_ms, rate_hz) + room.get(number, 0)
    return Timeline(tuple(starts), tuple(ends), place + samples_in(TAIL_MS, rate_hz))
