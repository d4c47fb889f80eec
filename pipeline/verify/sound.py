"""An MP3 as a player meets it: its tag, what its first frame says of its length, and what ends it.

The first frame is read as ISO/IEC 11172-3 (clause 2.4.2.3) and "Mp3 Info Tag" (revision 0) have it; the
sound itself is not decoded, as its bytes are held against the digest in the file's name.
"""

import struct
from typing import NamedTuple

from .folder import Site, Unfit
from .id3 import HEADER_BYTES, tag_size

__all__ = ["NoLength", "Sound", "read_sound"]

LARGEST_TAG_BYTES = 16_000_000
FRAME_SAMPLES = 1152
"""Of MPEG-1 layer III."""
RATES_HZ = (44_100, 48_000, 32_000)
FRAME_BYTES = 1441
"""No frame of MPEG-1 layer III is larger (2.4.3.1)."""
INFO_AT = {True: 4 + 17, False: 4 + 32}
"""Behind header and side information; by whether it is mono (2.4.1.7)."""
ALL_FIELDS = 0b1111
"""Frames, bytes, seek table, quality."""
V1_BYTES = 128


class NoLength(Unfit):
    """It is an MP3, but one that does not say how long it is."""


class Sound(NamedTuple):
    """What is known of an MP3 without decoding it."""

    tag: bytes
    """All of its ID3v2 tag; empty without one."""
    duration_ms: int
    """What a gapless player plays, rounded down."""
    sound_bytes: int
    """What follows the tag, an ID3v1 tag apart."""
    said_bytes: int
    """What the first frame says that follows."""
    ends_with: str
    """Name of what follows the sound and is none; "" as a rule."""


def read_sound(site: Site, path: str) -> Sound:
    """Read what is around the sound. Raises Unfit if it is no MP3, NoLength if it does not say its length."""
    size = site.sizes[path]
    start = tag_size(site.read_part(path, 0, HEADER_BYTES))
    if start > LARGEST_TAG_BYTES:
        raise Unfit(f"has a tag of {start:,} bytes")
    frame = site.read_part(path, start, FRAME_BYTES)
    rate_hz, is_mono = _header(frame)
    samples, said_bytes = _length(frame[INFO_AT[is_mono] :])
    ends_with = _ending(site.read_part(path, max(start, size - V1_BYTES - 32), V1_BYTES + 32))
    return Sound(
        tag=site.read_part(path, 0, start),
        duration_ms=samples * 1000 // rate_hz,
        sound_bytes=size - start - (V1_BYTES if ends_with == "ID3v1" else 0),
        said_bytes=said_bytes,
        ends_with=ends_with,
    )


def _header(frame: bytes) -> tuple[int, bool]:
    """Rate in Hz, and whether it is mono."""
    bits = int.from_bytes(frame[:4])
    rate = bits >> 10 & 3
    if len(frame) < 4 or bits >> 17 != 0x7FFD or rate == 3:  # sync, MPEG-1, layer III
        raise Unfit("is no MP3 of MPEG-1 layer III")
    return RATES_HZ[rate], bits >> 6 & 3 == 3


def _length(info: bytes) -> tuple[int, int]:
    """Samples to play, and bytes of all frames."""
    if info[:4] not in (b"Xing", b"Info") or len(info) < 144:
        raise NoLength("its first frame does not say how long it is")
    flags, frames, said_bytes = struct.unpack_from(">III", info, 4)
    edges = int.from_bytes(info[141:144])
    samples = frames * FRAME_SAMPLES - (edges >> 12) - (edges & 0xFFF)
    if flags != ALL_FIELDS or samples <= 0:
        raise NoLength("its first frame does not say how long it is")
    return samples, said_bytes


def _ending(end: bytes) -> str:
    if end[-V1_BYTES:].startswith(b"TAG"):
        return "ID3v1"
    return "an APE tag" if end[-32:].startswith(b"APETAGEX") else ""
