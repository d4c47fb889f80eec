"""A cover as its bytes have it: format, size and colours, without decoding it.

JPEG as ITU-T T.81 (annex B) has it, PNG as its W3C recommendation (clause 5 and 11.2.2).
"""

import struct
from typing import NamedTuple

from .folder import Unfit

__all__ = ["Picture", "read_picture"]

_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_KNOWN_TO_PLAYERS = {0xC0, 0xC1, 0xC2}
"""Baseline, extended and progressive Huffman."""
_SCAN = 0xDA
_END = b"\xff\xd9"
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"
_TRUE_COLOUR = 2


class Picture(NamedTuple):
    """What a picture is."""

    format: str
    """JPEG or PNG."""
    width: int
    height: int
    is_plain: bool
    """Whether it is RGB, or what JPEG has for it, of 8 bits, without alpha."""
    is_whole: bool


def read_picture(raw: bytes) -> Picture:
    """What a picture is. Raises Unfit if it is neither JPEG nor PNG."""
    if raw.startswith(b"\xff\xd8\xff"):
        return _jpeg(raw)
    if raw.startswith(_PNG) and len(raw) >= 33 and raw[12:16] == b"IHDR":
        width, height, bits, colour = struct.unpack_from(">IIBB", raw, 16)
        is_plain = (bits, colour) == (8, _TRUE_COLOUR) and b"tRNS" not in raw[:4096]
        return Picture("PNG", width, height, is_plain, raw.endswith(_PNG_END))
    raise Unfit("is neither JPEG nor PNG")


def _jpeg(raw: bytes) -> Picture:
    """Walk the segments up to the first scan; the frame header tells size and components (B.2.2)."""
    at, size, is_plain = 2, (0, 0), False
    while at + 4 <= len(raw) and raw[at] == 0xFF and raw[at + 1] != _SCAN:
        marker, length = raw[at + 1], int.from_bytes(raw[at + 2 : at + 4])
        if marker in _SIZES and at + 10 <= len(raw):
            bits, height, width, components = struct.unpack_from(">BHHB", raw, at + 4)
            size, is_plain = (width, height), (bits, components) == (8, 3) and marker in _KNOWN_TO_PLAYERS
        at += 1 if marker == 0xFF else 2 + length
    reaches_scan = raw[at : at + 2] == bytes([0xFF, _SCAN])
    if not any(size):
        raise Unfit("is a JPEG without a size")
    return Picture("JPEG", *size, is_plain, reaches_scan and raw.rstrip(b"\0").endswith(_END))
