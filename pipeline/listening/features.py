"""Sound as the recogniser takes it: the logarithm of 80 mel bands, a hundred times a second.

What Whisper was trained on (Radford et al. 2022, section 2.2): 25 ms Hann windows every 10 ms at 16 kHz, the
mel scale of Slaney's Auditory Toolbox with triangles of equal area, decibels cut 80 below the loudest.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..audio import Samples

__all__ = ["RATE_HZ", "WINDOW_S", "Features", "features_of"]

Features = NDArray[np.float32]
"""Shape (80, frames), about -1 to 1.5."""

RATE_HZ = 16_000
WINDOW_S = 30
"""All that the recogniser takes at a time, and no less: with less silence behind it, it repeats itself."""

_FFT = 400
_HOP = 160
_BANDS = 80
_LINEAR_HZ = 200 / 3
"""Of one mel, up to 1 kHz; from there, 27 mels are a factor of 6.4."""
_LOGARITHMIC_FROM_HZ = 1000.0
_STEP = np.log(6.4) / 27


def features_of(samples: Samples) -> Features:
    """The features of at most 30 seconds at 16 kHz, filled up with silence to 30."""
    whole = np.zeros(WINDOW_S * RATE_HZ, np.float32)
    whole[: len(samples)] = samples[: len(whole)]
    padded = np.pad(whole, _FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP][: len(whole) // _HOP]
    spectra = np.fft.rfft(frames * _hann())
    power = np.square(np.abs(spectra)).astype(np.float32)
    levels = np.log10(np.maximum(_bands() @ power.T, 1e-10))
    levels = np.maximum(levels, levels.max() - 8)
    return np.ascontiguousarray((levels + 4) / 4, np.float32)


@cache
def _hann() -> Samples:
    return np.hanning(_FFT + 1)[:-1].astype(np.float32)


@cache
def _bands() -> NDArray[np.float32]:
    """Weights of the power spectrum in each band, shape (80, 201)."""
    edges = _hz(np.linspace(0, _mel(RATE_HZ / 2), _BANDS + 2))
    at = np.fft.rfftfreq(_FFT, 1 / RATE_HZ)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.maximum(0, np.minimum((at - low) / (middle - low), (high - at) / (high - middle)))
    return (triangles * 2 / (high - low)).astype(np.float32)


def _mel(hz: float) -> float:
    """Only used above the linear part."""
    return float(_LOGARITHMIC_FROM_HZ / _LINEAR_HZ + np.log(hz / _LOGARITHMIC_FROM_HZ) / _STEP)


def _hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    corner = _LOGARITHMIC_FROM_HZ / _LINEAR_HZ
    return np.where(mel < corner, mel * _LINEAR_HZ, _LOGARITHMIC_FROM_HZ * np.exp(_STEP * (mel - corner)))
