"""WAVs from elsewhere become 16-bit mono, or are refused."""

import numpy as np
import pytest

from pipeline.errors import PluginError
from pipeline.synthesis import waves

from .service import wav

WAVE = np.sin(np.arange(500) / 7) * 0.6
STEPS = np.rint(WAVE * 32_768).astype(np.int32)


@pytest.mark.parametrize(
    ("samples", "encoding", "bits", "within"),
    [
        (STEPS.astype("<i2").tobytes(), 1, 16, 0),
        ((STEPS * 65_536).astype("<i4").tobytes(), 1, 32, 0),
        (b"".join(int(step * 256).to_bytes(3, "little", signed=True) for step in STEPS), 1, 24, 0),
        ((STEPS // 256 + 128).astype(np.uint8).tobytes(), 1, 8, 256),
        (WAVE.astype("<f4").tobytes(), 3, 32, 1),
        (WAVE.astype("<f8").tobytes(), 3, 64, 1),
    ],
)
def test_every_kind_of_wav_becomes_16_bits(samples: bytes, encoding: int, bits: int, within: int) -> None:
    decoded, rate_hz = waves.decode(wav(samples, encoding, bits, 1))
    assert (decoded.dtype.name, rate_hz) == ("int16", 24_000)
    assert np.abs(decoded - STEPS).max() <= within
    width = bits // 8
    twice = b"".join(samples[at : at + width] * 2 for at in range(0, len(samples), width))
    assert np.array_equal(waves.decode(wav(twice, encoding, bits, 2))[0], decoded)


def test_channels_are_averaged_and_full_scale_saturates() -> None:
    stereo = np.array([[1000, -500], [-32_768, -32_768]], "<i2").tobytes()
    assert waves.decode(wav(stereo, 1, 16, 2))[0].tolist() == [250, -32_768]
    loud = np.array([2.0, -2.0, np.nan], "<f4").tobytes()
    assert waves.decode(wav(loud, 3, 32, 1))[0].tolist() == [32_767, -32_768, 0]


@pytest.mark.parametrize(
    "content",
    [wav(b"", 2, 4, 1), wav(b"", 1, 16, 0), wav(b"", 1, 16, 1, rate_hz=1), b"", b"RIFF", b"{}"],
)
def test_no_wav_is_refused(content: bytes) -> None:
    with pytest.raises(PluginError):
        waves.decode(content)


@pytest.mark.parametrize("length", [12, 30, 43, 44, 100])
def test_a_wav_that_ends_early_is_no_wav(length: int) -> None:
    with pytest.raises(ValueError, match="the WAV ends"):
        waves.decode(wav(STEPS.astype("<i2").tobytes(), 1, 16, 1)[:length])
