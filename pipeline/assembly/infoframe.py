"""The silent frame in front of an MP3 that tells a player what follows.

In: an MP3 with room for that frame at its beginning. It gets: how many samples to play and which to
leave out, so that playing is gapless; how many frames there are, so that the length is right; and
where each hundredth begins, so that a player finds its way in a variable bit rate. The layout is
Xing's header with LAME's extension of it ("Mp3 Info Tag", revision 0).
"""

import struct
from array import array
from functools import cache, partial
from os import SEEK_END
from pathlib import Path

from ..errors import AssemblyError
from ..model import MasterRequest

__all__ = ["VBR_MTRH", "info_bytes", "write_info_frame"]

VBR_MTRH = 4
"""LAME's usual way of variable bit rates: its number for LAME, and in the frame."""
CBR = 1
"""A constant bit rate, in the frame."""

LEAST_KBPS = 32
"""What LAME's variable bit rates do not go below."""

XING_KBPS = 128
"""Bit rate of the frame itself where that of the others varies, as LAME has it."""

WINDOW_BYTES = 1 << 20
"""So much of a file is looked through at a time."""

FRAME_SAMPLES = 1152
ENCODER_DELAY = 576
DECODER_DELAY = 529
"""By so many samples any MP3 decoder is late; the last frame has to reach as far past the sound."""

HEADER_RATES_HZ = (44100, 48000, 32000)
HEADER_KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""What the indices in a frame's header stand for (ISO 11172-3, clause 2.4.2.3, layer III)."""

SIDE_BYTES = {1: 17, 2: 32}
"""Side information of a frame, by channels (the same, clause 2.4.1.7)."""
STEREO_MODE = {1: 0, 2: 3 << 2}
"""Mono and joint stereo, as LAME's extension has them."""


def info_bytes(request: MasterRequest) -> int:
    """Size of the frame, which is one of the stream's own without padding."""
    return 144_000 * (request.bitrate_kbps or XING_KBPS) // request.rate_hz


def write_info_frame(path: Path, samples: int, request: MasterRequest) -> None:
    """Fill in the frame that `path` has room for. samples: of the sound, per channel.

    Raises AssemblyError if the frames that follow are not what `request` orders, or not all there.
    """
    places = _frame_places(path, request)
    with path.open("r+b") as file:
        file.seek(places[0])
        header = file.read(4)
        file.seek(0)
        file.write(_info_frame(header, places, samples, request))


def _frame_places(path: Path, request: MasterRequest) -> "array[int]":
    """Where each frame begins, and where the last one ends; eight bytes for each."""
    place = info_bytes(request)
    places = array("Q", [place])
    frame_bytes = cache(partial(_frame_bytes, request=request))  # a file has only a few headers
    with path.open("rb") as file:
        end, window, begun = file.seek(0, SEEK_END), b"", place
        while place < end:
            if place + 4 > begun + len(window):
                begun = file.seek(place)
                window = file.read(WINDOW_BYTES)
            place += frame_bytes(window[place - begun : place - begun + 4])
            places.append(place)
    if place != end or len(places) < 2:
        raise AssemblyError("LAME's last frame is not whole", hint="reinstall lameenc")
    return places


def _frame_bytes(header: bytes, request: MasterRequest) -> int:
    """Size of the frame with this header, if it is one of those that were ordered."""
    kbps = HEADER_KBPS[header[2] >> 4] if len(header) == 4 and header[2] < 0xF0 else 0
    is_mpeg1 = kbps > 0 and header[:2] == b"\xff\xfb" and (header[2] >> 2 & 3) < 3
    if (
        not is_mpeg1
        or HEADER_RATES_HZ[header[2] >> 2 & 3] != request.rate_hz
        or (header[3] >> 6 == 3) != (request.channels == 1)
        or kbps != (request.bitrate_kbps or kbps)
    ):
        what = "LAME did not make MPEG-1 with the rate, channels and bit rate that were ordered"
        raise AssemblyError(what, hint="reinstall lameenc")
    return 144_000 * kbps // request.rate_hz + (header[2] >> 1 & 1)


def _info_frame(header: bytes, places: "array[int]", samples: int, request: MasterRequest) -> bytes:
    """The frame's bytes. header: of the first audio frame. What is not known, as the low-pass, is 0."""
    frames, total_bytes = len(places) - 1, places[-1]
    padding = frames * FRAME_SAMPLES - samples - ENCODER_DELAY
    if padding < DECODER_DELAY:
        what = f"LAME made {frames} frames of {samples} samples"
        raise AssemblyError(what, hint="its last frame is missing")
    seek_table = bytes(256 * places[frames * percent // 100] // total_bytes for percent in range(100))
    is_vbr = request.vbr_quality is not None
    quality = (60 if request.vbr_quality is None else 100 - 10 * request.vbr_quality) - request.lame_quality
    name = b"Xing" if is_vbr else b"Info"
    xing = struct.pack(">4sIII100sI", name, 15, frames, total_bytes, seek_table, quality)
    lame = struct.pack(
        ">9sB10xB3sB3xIH",
        b"LAME3.100",
        VBR_MTRH if is_vbr else CBR,
        min(request.bitrate_kbps or LEAST_KBPS, 255),
        (ENCODER_DELAY << 12 | padding).to_bytes(3),
        sorted(HEADER_RATES_HZ).index(request.rate_hz) << 6 | STEREO_MODE[request.channels],
        total_bytes,
        0,  # no checksum of the audio
    )
    index = HEADER_KBPS.index(request.bitrate_kbps or XING_KBPS)
    unpadded = bytes([header[0], header[1], index << 4 | header[2] & 0x0C, header[3]])
    frame = unpadded + bytes(SIDE_BYTES[request.channels]) + xing + lame
    return (frame + _crc16(frame).to_bytes(2)).ljust(info_bytes(request), b"\0")


def _crc16(data: bytes) -> int:
    """CRC-16/ARC: polynomial 0x8005 reflected, from 0."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
