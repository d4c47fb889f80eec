"""Encode: blocks of samples in, one gapless constant-bit-rate mono MP3 out.

LAME puts 576 samples before the sound and fills its last frame up, and this binding of it leaves
no note of either, so that players would add silence and report a wrong length. The note is an
"Info" frame in front, which we write ourselves. Nothing else is in the file, no tag either.
"""

import struct
from collections.abc import Iterable
from pathlib import Path

import lameenc
import numpy as np

from ..audio import Samples, to_int16
from ..errors import AssemblyError
from ..model import MasterRequest

__all__ = ["BITRATES_KBPS", "RATES_HZ", "encode"]

RATES_HZ = (32000, 44100, 48000)
"""Those of MPEG-1; the lower ones of MPEG-2 are below what directories accept."""

BITRATES_KBPS = (64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""Those whose frames have room for the Info frame at every rate."""

FRAME_SAMPLES = 1152
ENCODER_DELAY = 576
DECODER_DELAY = 529
"""By so many samples any MP3 decoder is late; the last frame has to reach as far past the sound."""

LAME_SCALE = {192: 0.97, 224: 0.98, 256: 1.0, 320: 1.0}
"""What LAME multiplies the sound with, unasked, by bit rate (measured on a tone)."""

LAME_SCALE_BELOW = 0.95
"""The same at any bit rate below those: -0.446 dB."""


def encode(blocks: Iterable[Samples], path: Path, request: MasterRequest) -> None:
    """Write the blocks as an MP3 that decodes to exactly as many samples, at the level they have.

    request: only its rate_hz (one of RATES_HZ), bitrate_kbps (one of BITRATES_KBPS) and
    lame_quality are used. Samples beyond full scale saturate.
    Raises AssemblyError if what LAME returned is not what was ordered.
    """
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(request.rate_hz)
    encoder.set_bit_rate(request.bitrate_kbps)
    encoder.set_quality(request.lame_quality)
    makeup = np.float32(1 / LAME_SCALE.get(request.bitrate_kbps, LAME_SCALE_BELOW))
    samples = 0
    with path.open("w+b") as file:
        file.write(bytes(_frame_bytes(request)))  # the Info frame's place: it needs the counts
        for block in blocks:
            file.write(encoder.encode(to_int16(block * makeup).tobytes()))
            samples += len(block)
        file.write(encoder.flush())
        audio_bytes = file.tell() - _frame_bytes(request)
        file.seek(_frame_bytes(request))
        header = file.read(4)
        file.seek(0)
        file.write(_info_frame(header, audio_bytes, samples, request))


def _info_frame(header: bytes, audio_bytes: int, samples: int, request: MasterRequest) -> bytes:
    """The silent frame that tells a player how many samples to play and which to leave out.

    header: of the first audio frame; audio_bytes: without this frame; samples: of the sound.
    Layout: Xing's header where MPEG-1 mono has it, after 17 bytes of side information, and LAME's
    extension of it ("Mp3 Info Tag", revision 0). What is not known, such as the low-pass, is 0.
    """
    frames = _count_frames(header, audio_bytes, request)
    padding = frames * FRAME_SAMPLES - samples - ENCODER_DELAY
    if padding < DECODER_DELAY:
        raise AssemblyError(
            f"LAME made {frames} frames of {samples} samples", hint="its last frame is missing"
        )
    total_bytes = audio_bytes + _frame_bytes(request)
    seek_table = bytes(256 * percent // 100 for percent in range(100))
    xing = struct.pack(">4sIII100sI", b"Info", 15, frames, total_bytes, seek_table, 60 - request.lame_quality)
    lame = struct.pack(
        ">9sB10xB3sB3xIH",
        b"LAME3.100",
        1,  # constant bit rate
        min(request.bitrate_kbps, 255),
        (ENCODER_DELAY << 12 | padding).to_bytes(3),
        RATES_HZ.index(request.rate_hz) << 6,
        total_bytes,
        0,  # no checksum of the audio
    )
    unpadded = bytes([header[0], header[1], header[2] & ~0x02, header[3]])
    frame = unpadded + bytes(17) + xing + lame
    return (frame + _crc16(frame).to_bytes(2)).ljust(_frame_bytes(request), b"\0")


def _count_frames(header: bytes, audio_bytes: int, request: MasterRequest) -> int:
    """How many frames there are; their padding keeps to the bit rate within one byte in all."""
    exact = audio_bytes * request.rate_hz / (144_000 * request.bitrate_kbps)
    frames = round(exact)
    if header[:2] != b"\xff\xfb" or header[3] >> 6 != 3 or abs(exact - frames) > 0.02:
        raise AssemblyError("LAME did not make MPEG-1 mono at the bit rate", hint="reinstall lameenc")
    return frames


def _frame_bytes(request: MasterRequest) -> int:
    """Size of a frame without padding."""
    return 144_000 * request.bitrate_kbps // request.rate_hz


def _crc16(data: bytes) -> int:
    """CRC-16/ARC: polynomial 0x8005 reflected, from 0."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
