"""The frames of an MP3, walked from the first to the last: what is between them, and whether all are there.

A decoder leaps over what it does not understand, and says nothing of what is cut off; so the bytes are looked
at. Headers are read as ISO/IEC 11172-3 (2.4.2.3) and 13818-3 have them; nothing is decoded.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from .folder import Unfit
from .id3 import HEADER_BYTES, tag_size

__all__ = ["Gap", "Walk", "walk"]

_KBPS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Layer III, by MPEG-1 or MPEG-2 and 2.5; bit rate 0 is free, and used by nobody."""
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""By version: MPEG-1, MPEG-2, MPEG-2.5."""
_V1_BYTES = 128
_APE = b"APETAGEX"
LARGEST_GAP_BYTES = 1 << 20
SHORTEST_BYTES = 4
"""A header; what is left of a frame and shorter is nothing."""


class Gap(NamedTuple):
    """Bytes between two frames that are none of either."""

    at_ms: int
    at_byte: int
    size_bytes: int


class Walk(NamedTuple):
    """What was met on the way."""

    tag: bytes
    """The ID3v2 tag before the first frame; empty without one."""
    frames: int
    """Whole ones, that of the length apart."""
    said_frames: int | None
    """How many the first one says there are; None if it does not."""
    rate_hz: int
    duration_ms: int
    """Of the whole frames."""
    gaps: tuple[Gap, ...]
    is_cut: bool
    """Whether the last frame is not whole."""
    changes_ms: tuple[int, ...]
    """Where rate, version or number of channels change."""
    kbps: frozenset[int]
    """The bit rates."""
    start: int
    """First byte of the first frame."""
    end: int
    """One past the last byte of the last frame."""


class _Header(NamedTuple):
    kind: tuple[int, int, bool]
    """Version, rate, mono: what stays the same in a file."""
    size: int
    kbps: int
    rate_hz: int
    samples: int


def walk(raw: bytes) -> Walk:
    """Walk through a whole file. Raises Unfit if there is no frame in it."""
    start = tag_size(raw[:HEADER_BYTES])
    end = _end_of_sound(raw, start)
    at, first = _next(raw, start, end, None)
    if first is None:
        raise Unfit("is no MP3: there is no frame in it")
    said = _said_frames(raw[at : at + first.size], first)
    begins, gaps = at, [Gap(0, start, at - start)] if at > start else []
    counted = _Counted(first, gaps)
    at = counted.run(raw, at if said is None else at + first.size, end)
    return Walk(
        tag=raw[:start],
        frames=counted.frames,
        said_frames=said,
        rate_hz=first.rate_hz,
        duration_ms=counted.now_ms,
        gaps=tuple(counted.gaps),
        is_cut=end - at > SHORTEST_BYTES,
        changes_ms=tuple(counted.changes_ms),
        kbps=frozenset(counted.kbps),
        start=begins,
        end=at,
    )


class _Counted:
    """What was met so far."""

    def __init__(self, first: _Header, gaps: list[Gap]) -> None:
        self.first, self.kind, self.gaps = first, first.kind, gaps
        self.frames, self.samples = 0, 0
        self.changes_ms: list[int] = []
        self.kbps = {first.kbps}

    @property
    def now_ms(self) -> int:
        """How long the frames so far last."""
        return self.samples * 1000 // self.first.rate_hz

    def run(self, raw: bytes, at: int, end: int) -> int:
        """Count the whole frames up to an end; where the last of them ends."""
        while at < end:
            here, header = _next(raw, at, end, self.first)
            if header is None or here + header.size > end:
                break
            if here > at:
                self.gaps.append(Gap(self.now_ms, at, here - at))
            if header.kind != self.kind:
                self.changes_ms.append(self.now_ms)
                self.kind = header.kind
            self.kbps.add(header.kbps)
            self.samples += header.samples
            self.frames += 1
            at = here + header.size
        return at


def _next(raw: bytes, at: int, end: int, first: _Header | None) -> tuple[int, _Header | None]:
    """The frame at a byte, or the next after what is none, which must be followed by another."""
    header = _header(raw[at : at + 4])
    after = at + header.size if header else 0
    if header and (first is None or header.kind == first.kind or _header(raw[after : after + 4])):
        return at, header
    for place in _syncs(raw, at + 1, min(end, at + LARGEST_GAP_BYTES)):
        header = _header(raw[place : place + 4])
        after = place + header.size if header else 0
        if header and (after >= end or _header(raw[after : after + 4])):
            return place, header
    return end, None


def _syncs(raw: bytes, start: int, end: int) -> Iterator[int]:
    place = raw.find(b"\xff", start, end)
    while place >= 0:
        yield place
        place = raw.find(b"\xff", place + 1, end)


@lru_cache  # most frames of a file have the same one
def _header(four: bytes) -> _Header | None:
    """The header of a frame of layer III, if these bytes are one."""
    bits = int.from_bytes(four)
    version, layer = bits >> 19 & 3, bits >> 17 & 3
    bitrate, rate = bits >> 12 & 15, bits >> 10 & 3
    if bits >> 21 != 0x7FF or version == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
        return None
    kbps = _KBPS[1 if version == 3 else 2][bitrate]
    rate_hz = _RATES_HZ[version][rate]
    samples = 1152 if version == 3 else 576
    size = samples // 8 * kbps * 1000 // rate_hz + (bits >> 9 & 1)
    return _Header((version, rate, bits >> 6 & 3 == 3), size, kbps, rate_hz, samples)


def _said_frames(frame: bytes, header: _Header) -> int | None:
    """How many frames follow, if the first one says so; it is no sound itself then."""
    version, _, is_mono = header.kind
    side = (17 if is_mono else 32) if version == 3 else (9 if is_mono else 17)
    info = frame[4 + side : 4 + side + 12]
    if info[:4] not in (b"Xing", b"Info") or not info[7] & 1:
        return None
    return int.from_bytes(info[8:12])


def _end_of_sound(raw: bytes, start: int) -> int:
    """Where an ID3v1 or APE tag begins that ends the file, or the file's end."""
    end = len(raw)
    if raw[-_V1_BYTES:].startswith(b"TAG") and end - _V1_BYTES >= start:
        end -= _V1_BYTES
    if raw[end - 32 : end].startswith(_APE):
        end = max(start, end - int.from_bytes(raw[end - 20 : end - 16], "little"))
    return end
