"""Encode: blocks of mono samples in, one gapless MP3 out, at a constant or a variable bit rate.

LAME puts 576 samples before the sound and fills its last frame up, and this binding of it leaves
no note of either, so that players would add silence and report a wrong length. The note is a
frame in front, which `infoframe.py` writes. Nothing else is in the file, no tag either. In stereo
both channels are the same; joint stereo codes what they have in common, and nothing else is there.
"""

from collections.abc import Iterable
from pathlib import Path

import lameenc
import numpy as np

from ..audio import Samples, to_int16
from ..model import MasterRequest
from .infoframe import VBR_MTRH, info_bytes, write_info_frame

__all__ = ["BITRATES_KBPS", "RATES_HZ", "encode"]

RATES_HZ = (32000, 44100, 48000)
"""Those of MPEG-1; the lower ones of MPEG-2 are below what directories accept."""

BITRATES_KBPS = (64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""Those whose frames have room for the Info frame at every rate, in stereo too."""

LAME_SCALE = {192: 0.97, 224: 0.98, 256: 1.0, 320: 1.0}
"""What LAME multiplies the sound with, unasked, by constant bit rate (measured on a tone)."""

LAME_SCALE_BELOW = 0.95
"""The same at any constant bit rate below those: -0.446 dB. Variable bit rates leave the level alone."""


def encode(blocks: Iterable[Samples], path: Path, request: MasterRequest) -> None:
    """Write the blocks as an MP3 that decodes to exactly as many samples, at the level they have.

    request: only its rate_hz (one of RATES_HZ), channels, bitrate_kbps (one of BITRATES_KBPS) or
    vbr_quality, and lame_quality are used. Samples beyond full scale saturate.
    Raises AssemblyError if what LAME returned is not what was ordered.
    """
    encoder = _encoder(request)
    makeup = np.float32(1 / _lame_scale(request))
    samples = 0
    with path.open("wb") as file:
        file.write(bytes(info_bytes(request)))  # the Info frame's place: it needs the counts
        for block in blocks:
            steps = to_int16(block * makeup)
            both = steps if request.channels == 1 else np.repeat(steps, request.channels)
            file.write(encoder.encode(both.tobytes()))
            samples += len(block)
        file.write(encoder.flush())
    write_info_frame(path, samples, request)


def _encoder(request: MasterRequest) -> lameenc.Encoder:
    """LAME, told all that it would otherwise choose by itself."""
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(request.channels)
    encoder.set_in_sample_rate(request.rate_hz)
    encoder.set_out_sample_rate(request.rate_hz)
    if request.vbr_quality is None:
        encoder.set_bit_rate(request.bitrate_kbps)
    else:
        encoder.set_vbr(VBR_MTRH)
        encoder.set_vbr_quality(request.vbr_quality)
    encoder.set_quality(request.lame_quality)
    return encoder


def _lame_scale(request: MasterRequest) -> float:
    """What LAME multiplies the sound with."""
    if request.bitrate_kbps is None:
        return 1.0
    return LAME_SCALE.get(request.bitrate_kbps, LAME_SCALE_BELOW)
