"""What a file looks like: its loudness from second to second, and the outline of its waveform."""

import numpy as np

from ..loudness import OFFSET_LUFS, hop_samples
from .hearing import FRAME_MS, Hearing

__all__ = ["peaks_permille", "short_term_mlufs"]

WINDOW_HOPS, STEP_HOPS = 30, 10
"""Of 100 ms: 3 s, once a second."""
SILENT_LUFS = -70.0


def short_term_mlufs(hearing: Hearing) -> tuple[int, ...]:
    """Loudness of the 3 s around each second (EBU Tech 3341, 2.2), ungated; silence beyond both ends."""
    reach = WINDOW_HOPS // 2
    sums = np.cumsum(np.pad(hearing.energies, (reach + 1, reach)))
    power = (sums[WINDOW_HOPS:] - sums[:-WINDOW_HOPS])[::STEP_HOPS] / (
        WINDOW_HOPS * hop_samples(hearing.rate_hz)
    )
    lufs = OFFSET_LUFS + 10 * np.log10(np.maximum(power, 1e-12))
    return tuple(np.rint(1000 * np.maximum(lufs, SILENT_LUFS)).astype(int).tolist())


def peaks_permille(hearing: Hearing) -> tuple[int, ...]:
    """Highest |sample| of each 100 ms, in thousandths of full scale."""
    frames = 100 // FRAME_MS
    padded = np.pad(hearing.peaks, (0, -len(hearing.peaks) % frames)).reshape(-1, frames)
    return tuple(np.rint(1000 * padded.max(1)).astype(int).tolist())
