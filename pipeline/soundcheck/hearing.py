"""What is in a sound file: one pass over its samples, as a player decodes them.

    MP3 ──> every 10 ms its level in 16 bands, its peak, how flat that is, how unlike its channels are
        └─> loudness of every 100 ms, integrated loudness, true peak

Memory grows with the sound by 9 kB a second, and not with its samples.
"""

import math
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from msgspec import Struct
from numpy.typing import NDArray

from ..audio import Samples, Stream
from ..errors import PaperledgeError
from ..loudness import BLOCK, Floats, LoudnessMeter, Reading, TruePeakMeter, gated_loudness, hop_samples

__all__ = [
    "AIR",
    "BANDS_HZ",
    "FLOOR_DB",
    "FRAME_MS",
    "TONE",
    "Hearing",
    "flatness",
    "frames_at",
    "hear",
    "levels_of",
]

FRAME_MS = 10
WINDOW_MS = 11.6
"""About; what gives a quick transform."""
BANDS_HZ = (
    150,
    350,
    600,
    900,
    1200,
    1500,
    1900,
    2300,
    2800,
    3400,
    4200,
    5200,
    6400,
    7600,
    10_500,
    13_000,
    16_000,
)
"""Edges: fine where speech is told apart, and two bands above all that most voices have."""
TONE = slice(0, 13)
"""The bands that every voice has: even those of 16 kHz."""
AIR = slice(14, 16)
"""The bands above 10.5 kHz."""
FLOOR_DB = -90.0
"""Of full scale; MP3 itself is not silent below."""
NEAR_PEAK = 0.94
"""Half a decibel: what is so near to the peak of its frame is at it."""
LOUDEST = 100.0
"""Times full scale; no sound is, but a file may say so, or hold what is no number."""
LONGEST_S = 24 * 3600
_SIZES = (96, 128, 160, 192, 240, 256, 288, 320, 360, 384, 480, 512, 540, 576, 640, 1024, 1152)
"""Lengths whose transform is quick."""

Levels = NDArray[np.float32]
"""In dB of full scale, shape (frames, 16); at least FLOOR_DB."""


class Hearing(Struct, frozen=True):
    """All that is known of the sound of a file."""

    rate_hz: int
    channels: int
    samples: int
    levels: Levels
    """Frame k begins at k * FRAME_MS; channels are averaged."""
    peaks: Samples
    """Highest |sample| of each frame, of any channel."""
    flats: Samples
    """The share of each frame's samples within half a decibel of its peak."""
    sides_db: float
    """How much weaker what differs between two channels is than the louder of them; -inf of mono."""
    offset: float
    """Mean of all samples: sound has none."""
    energies: Floats
    """K-weighted, of each whole 100 ms, channels added."""
    reading: Reading


def hear(path: Path) -> Hearing:
    """Decode a file from its start to its end. Raises PaperledgeError if that cannot be done."""
    try:
        with Stream(path) as file:
            if file.channels > 2 or not 8_000 <= file.samplerate <= 192_000:
                what = f"has {file.channels} channels of {file.samplerate} Hz"
                raise PaperledgeError(what, where=str(path), hint="make it again")
            return _Listener(file.samplerate, file.channels).listen(file)
    except soundfile.LibsndfileError as error:
        raise PaperledgeError("cannot be decoded", where=str(path), hint="make it again") from error


def frames_at(samples: Samples, rate_hz: int, starts: NDArray[np.int_]) -> Samples:
    """The samples of frames that begin at these places, shape (frames, window); silence beyond the ends."""
    size = window_size(rate_hz)
    padded = np.concatenate([np.zeros(size, np.float32), samples, np.zeros(size, np.float32)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)
    picked: Samples = frames[np.clip(starts + size, 0, len(frames) - 1)]
    return picked


def flatness(frames: Samples) -> Samples:
    """The share of each frame's samples that are within half a decibel of its peak."""
    level = np.abs(frames)
    near = np.packbits(level > NEAR_PEAK * level.max(1, keepdims=True), axis=1)
    share: Samples = np.bitwise_count(near).sum(1, dtype=np.float32) / np.float32(frames.shape[1])
    return share


def window_size(rate_hz: int) -> int:
    """Samples that a frame looks at."""
    return min(_SIZES, key=lambda size: abs(size - rate_hz * WINDOW_MS / 1000))


def levels_of(frames: Samples, rate_hz: int) -> Levels:
    """Levels of frames of shape (frames, window)."""
    size = frames.shape[1]
    window, edges, is_there = _bands(size, rate_hz)
    spectrum = np.fft.rfft(frames * window, norm="ortho")  # any other norm makes it count in 64 bits
    parts = spectrum.view(np.float32)  # real, imaginary, real, …
    bands = np.add.reduceat(np.square(parts, out=parts), 2 * edges, axis=1)[:, :-1]
    bands *= np.float32(2) * is_there
    levels: Levels = 10 * np.log10(np.maximum(bands, np.float32(10 ** (FLOOR_DB / 10))))
    return levels


@cache
def _bands(size: int, rate_hz: int) -> tuple[Samples, NDArray[np.int_], Samples]:
    """A window that keeps levels, the first bin of each band and of what is above, and 1 where a band is."""
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    window /= np.float32(math.sqrt(float((window**2).sum())))
    edges = np.round(np.array(BANDS_HZ) * size / rate_hz).astype(int)
    is_there = (edges[:-1] < size // 2).astype(np.float32)
    return window, np.minimum(edges, size // 2), is_there


class _Listener:
    """The state of one pass."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self.rate_hz, self.channels, self.samples = rate_hz, channels, 0
        self.size, self.frames = window_size(rate_hz), 0
        self.loudness = [LoudnessMeter(rate_hz) for _ in range(channels)]
        self.true_peaks = [TruePeakMeter() for _ in range(channels)]
        self.levels: list[Levels] = []
        self.peaks: list[Samples] = []
        self.flats: list[Samples] = []
        self.side, self.mid, self.sum = 0.0, 0.0, 0.0

    def listen(self, file: Stream) -> Hearing:
        rest = np.zeros((0, self.channels), np.float32)
        for block in file.each(BLOCK):
            if not (block.min() >= -LOUDEST and block.max() <= LOUDEST):  # nor where some are no numbers
                np.clip(np.nan_to_num(block, copy=False, nan=0.0), -LOUDEST, LOUDEST, out=block)
            self._measure(block)
            if self.samples > LONGEST_S * self.rate_hz:
                raise PaperledgeError("is longer than a day", where=file.name, hint="make it again")
            rest = self._look(np.concatenate([rest, block]))
        self._look(np.concatenate([rest, np.zeros((self.size, self.channels), np.float32)]))
        energies = np.sum([meter.energies() for meter in self.loudness], axis=0)
        integrated = gated_loudness(energies, hop_samples(self.rate_hz))
        peak = max(meter.dbtp() for meter in self.true_peaks)
        return Hearing(
            rate_hz=self.rate_hz,
            channels=self.channels,
            samples=self.samples,
            levels=np.concatenate(self.levels or [np.zeros((0, len(BANDS_HZ) - 1), np.float32)]),
            peaks=np.concatenate(self.peaks or [np.zeros(0, np.float32)]),
            flats=np.concatenate(self.flats or [np.zeros(0, np.float32)]),
            sides_db=10 * math.log10(self.side / self.mid) if self.side and self.mid else -math.inf,
            offset=self.sum / max(1, self.samples * self.channels),
            energies=energies,
            reading=Reading(integrated, peak, self.samples),
        )

    def _measure(self, block: Samples) -> None:
        """Loudness and true peak, which want every sample once."""
        for channel, meter, peak in zip(block.T, self.loudness, self.true_peaks, strict=True):
            meter.add(channel)
            peak.add(channel)
        if self.channels == 2:
            left, right = (channel.astype(np.float64) for channel in block.T)
            self.side += float(((left - right) ** 2).sum())
            self.mid += float(max((left**2).sum(), (right**2).sum()))
        self.sum += float(block.sum(dtype=np.float64))
        self.samples += len(block)

    def _look(self, block: Samples) -> Samples:
        """Levels, peaks and flatness of the frames that are whole in a block; what is left of it."""
        starts = self._starts(len(block) - self.size)
        if len(starts) < 2:
            return block
        mono = block[:, 0] if self.channels == 1 else block.mean(axis=1, dtype=np.float32)
        frames = np.lib.stride_tricks.sliding_window_view(mono, self.size)[starts[:-1]]
        self.levels.append(levels_of(frames, self.rate_hz))
        level = np.abs(mono[: starts[-1]])
        peaks = np.maximum.reduceat(level, starts[:-1])
        self.peaks.append(peaks)
        self.flats.append(flatness(frames))
        self.frames += len(starts) - 1
        return block[starts[-1] :]

    def _starts(self, last: int) -> NDArray[np.int_]:
        """Where frames begin in a block that begins with the next frame, up to its sample `last`."""
        count = max(0, last * 1000 // (self.rate_hz * FRAME_MS)) + 2
        starts = (self.frames + np.arange(count)) * (self.rate_hz * FRAME_MS) // 1000
        starts -= starts[0]
        return starts[starts <= last]
