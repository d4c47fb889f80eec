"""Whether a cover is one that every player shows: read from its bytes, without decoding it.

    JPEG  ──>  nothing, or a TaggingError that says what to change

A JPEG is a row of segments, each a marker 0xFF.. and mostly a length (ITU-T T.81, annex B). They are
walked to the end, so that a file cut short is found out here and not by a listener.
"""

import struct
from collections.abc import Iterator

from ..errors import TaggingError

__all__ = ["check_cover"]

MAX_BYTES = 300_000
"""Some hosts drop tags above 300 kB."""
MAX_PIXELS = 1400
"""Apple's smallest show cover; more only makes every download larger."""

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_SIZES = range(0xC0, 0xD0)
_NOT_SIZES = {0xC4, 0xC8, 0xCC}
_READABLE = {0xC0, 0xC1, 0xC2}
"""Baseline, extended and progressive Huffman; players know no other process."""
_BARE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a length: TEM and the restarts."""


def check_cover(jpeg: bytes) -> None:
    """Raise TaggingError unless `jpeg` can be the cover of an episode (ID3 APIC).

    That is a whole JPEG, baseline or progressive, 8 bits a sample, grey or colour but not CMYK,
    square, at most 1400 pixels wide and 300,000 bytes long. Its name and suffix mean nothing.
    """
    if len(jpeg) > MAX_BYTES:
        raise _wrong(f"has {len(jpeg):,} bytes", f"save it with a lower quality, below {MAX_BYTES:,} bytes")
    if not jpeg.startswith(b"\xff\xd8\xff"):
        raise _wrong("is not a JPEG", "convert it to a JPEG: another suffix is not enough")
    segments = dict(_segments(jpeg))
    size = next((marker for marker in segments if marker in _SIZES and marker not in _NOT_SIZES), None)
    if size is None or not {_SOS, _EOI} <= segments.keys():
        raise _wrong("is cut short", "copy or save it again")
    if size not in _READABLE:
        raise _wrong("uses a rare JPEG process", "save it as a baseline or progressive JPEG")
    _check_size(segments[size])


def _check_size(header: bytes) -> None:
    """Clause B.2.2: bits, height, width, components."""
    if len(header) < 6:
        raise _wrong("is cut short", "copy or save it again")
    bits, height, width, components = struct.unpack_from(">BHHB", header)
    if bits != 8 or components not in {1, 3}:
        raise _wrong("is not in plain colours", "save it as sRGB, 8 bits, not as CMYK")
    if not 0 < width == height <= MAX_PIXELS:
        what = f"is {width} x {height} pixels"
        raise _wrong(what, f"make it square, at most {MAX_PIXELS} x {MAX_PIXELS}")


def _segments(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment; the last is the end of image unless the file is cut short."""
    at = 2
    while at + 2 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == _EOI:
            yield marker, b""
            return
        if marker == 0xFF:  # may fill the space before a marker
            at += 1
        elif marker in _BARE:
            at += 2
        else:
            end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
            yield marker, jpeg[at + 4 : end]
            at = _after_scan(jpeg, end) if marker == _SOS else end


def _after_scan(jpeg: bytes, at: int) -> int:
    """Where the next marker is: in a scan 0xFF00 is a sample and 0xFFD0 to 0xFFD7 restart it."""
    while (at := jpeg.find(b"\xff", at)) >= 0:
        following = jpeg[at + 1 : at + 2]
        if following and following[0] != 0x00 and following[0] not in _BARE:
            return at
        at += 1
    return len(jpeg)


def _wrong(what: str, hint: str) -> TaggingError:
    return TaggingError(f"the cover {what}", where="cover", hint=hint)
