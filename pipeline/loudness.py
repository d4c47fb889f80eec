"""Measure loudness and true peak as ITU-R BS.1770-4 defines them, for one channel or two.

Blocks of samples of any length go in; integrated loudness (LUFS) and true peak (dBTP) come out.
Memory does not grow with the blocks, but for eight bytes per 100 ms. The energies of channels are
added (annex 1, equation 3): a mono file reads 3 dB below a stereo file that has it in both.

The K-weighting filter is recursive, and numpy has no recursion. So it is run over chunks at
once: within a chunk it is a product with a matrix, and so is the state before each chunk of a group;
from group to group only its four state variables travel, in a doubling scan. That is the filter itself,
not an approximation of it. States, in which errors would add up, have 64 bits, samples and
what they drive 32: 0.000001 LU for speech, 0.001 where an offset or rumble is far louder than all else.
"""

import math
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from msgspec import Struct
from numpy.typing import NDArray

from .audio import Samples, Sound, Stream
from .errors import AssemblyError

__all__ = [
    "BLOCK",
    "TAPS",
    "Floats",
    "LoudnessMeter",
    "Reading",
    "TruePeakMeter",
    "fill",
    "gated_loudness",
    "hop_samples",
    "k_weighting",
    "measure",
    "measure_blocks",
    "true_peaks",
]

Floats = NDArray[np.float64]

BLOCK = 1 << 17
"""Samples filtered at a time: with fewer, the calls cost more than a processor's cache spares."""

ABSOLUTE_GATE_LUFS = -70.0
"""BS.1770-4, annex 1, equation 4."""

RELATIVE_GATE_LU = -10.0
"""BS.1770-4, annex 1, equation 6."""

OFFSET_LUFS = -0.691
"""BS.1770-4, annex 1, equation 2: makes 997 Hz read as its level."""

CHUNK = 32
"""Samples filtered by one product with a matrix."""

GROUP = 8
"""Chunks whose states follow from the state before the first, by one product with a matrix."""

LANES = 128
"""Chunks in one product: few enough that no linear algebra library starts threads for it, which
would cost more than they bring, above all in several workers at once."""

ORDER = 4
"""State variables of the K-weighting: two of each of its filters."""

VANISHED = 1e-12
"""What is left of a state by so much is below the last digit of a sample."""

TAPS = 16
"""Samples under one interpolation filter; annex 2 has 12, and more reach nearer to Nyquist."""

REACH = 2 * TAPS
"""After so many zeros, no true peak depends on what was before them."""


class Reading(Struct, frozen=True):
    """What a listener hears of a file."""

    integrated_lufs: float
    """-inf if nothing is above the absolute gate."""
    true_peak_dbtp: float
    """-inf of digital silence."""
    samples: int


class LoudnessMeter:
    """Integrated loudness of a stream of blocks; how it is cut into blocks changes nothing.

    Its arrays are as long as they will ever be from the start: asking the system for memory takes
    as long as filtering what goes into it.
    """

    def __init__(self, rate_hz: int) -> None:
        self._filter, self._state = _KFilter(rate_hz), np.zeros(ORDER)
        self._hop = hop_samples(rate_hz)
        self._waiting, self._count = np.zeros(BLOCK, np.float32), 0
        self._weighted, self._rest = np.empty(self._hop + BLOCK, np.float32), 0
        """Of which so many, less than a hop, belong to the next one."""
        self._energies: list[Floats] = []

    def add(self, block: Samples) -> None:
        """Measure more samples: float32, shape (frames,), full scale at -1 and 1."""
        for count in fill(self._waiting, self._count, block):
            self._count = count
            if count == BLOCK:
                energies, self._state = self._weigh()
                self._energies.append(energies)
                rest = self._rest + BLOCK - len(energies) * self._hop
                self._weighted[:rest] = self._weighted[self._rest + BLOCK - rest : self._rest + BLOCK]
                self._count, self._rest = 0, rest

    def energies(self) -> Floats:
        """Energy of the weighted samples in each whole 100 ms so far, shape (hops,)."""
        return np.concatenate([*self._energies, self._weigh()[0]])

    def integrated_lufs(self) -> float:
        """Gated loudness of all so far; -inf if nothing is above the absolute gate."""
        return gated_loudness(self.energies(), self._hop)

    def _weigh(self) -> tuple[Floats, Floats]:
        """Energies of the hops that are whole with the samples that wait; the filter's state after these."""
        padded = self._count + -self._count % (CHUNK * LANES)
        self._waiting[self._count : padded] = 0
        weighted = self._weighted[self._rest : self._rest + padded]
        state = self._filter.run(self._waiting[:padded], self._state, weighted)
        whole = (self._rest + self._count) // self._hop * self._hop
        hops = self._weighted[:whole].reshape(-1, self._hop)
        return np.einsum("ij,ij->i", hops, hops).astype(np.float64), state


class TruePeakMeter:
    """Highest true peak of a stream of blocks: 4 times oversampled (BS.1770-4, annex 2).

    Only next to samples within 6 dB of the highest so far: see `true_peaks`.
    """

    def __init__(self) -> None:
        self._samples, self._level = np.zeros((2, REACH + BLOCK), np.float32)
        """The first REACH of them were heard before."""
        self._peak = 0.0

    def add(self, block: Samples) -> None:
        """Measure more samples: float32, shape (frames,), full scale at -1 and 1."""
        for start in range(0, len(block), BLOCK):
            self._peak = self._with(block[start : start + BLOCK])
            heard = REACH + min(BLOCK, len(block) - start)
            self._samples[:REACH] = self._samples[heard - REACH : heard].copy()

    def dbtp(self) -> float:
        """True peak of all so far; -inf of digital silence."""
        peak = self._with(np.zeros(TAPS, np.float32))
        return 20 * math.log10(peak) if peak else -math.inf

    def _with(self, block: Samples) -> float:
        """The peak, if this block, of at most BLOCK samples, is heard as well."""
        heard = REACH + len(block)
        samples, level = self._samples[:heard], self._level[:heard]
        samples[REACH:] = block
        np.abs(samples, out=level)
        highest = max(self._peak, float(level[TAPS:-TAPS].max(initial=0.0)))
        return max(highest, float(true_peaks(samples, level, highest / 2)[1].max(initial=0.0)))


def fill(block: Samples, count: int, samples: Samples) -> Iterator[int]:
    """Put samples into a block that holds so many, and from its beginning each time it was full.

    Whenever something was put there, how many it holds: whoever asks uses a full one before the next.
    """
    while len(samples):
        count %= len(block)
        part = samples[: len(block) - count]
        block[count : count + len(part)] = part
        count += len(part)
        samples = samples[len(part) :]
        yield count


def measure(source: Path | Sound) -> Reading:
    """Measure a mono sound, or a file that libsndfile can decode, such as an MP3, in blocks.

    Raises AssemblyError if the file cannot be decoded or has more than two channels.
    """
    if isinstance(source, Sound):
        return measure_blocks([source.samples], source.rate_hz)
    try:
        with Stream(source) as file:
            if file.channels > 2:
                raise AssemblyError(
                    f"{file.channels} channels", where=str(source), hint="mix it to mono or stereo first"
                )
            return measure_blocks(file.each(BLOCK), file.samplerate, file.channels)
    except soundfile.LibsndfileError as error:
        raise AssemblyError(
            "not a sound that can be decoded", where=str(source), hint="make it again"
        ) from error


def measure_blocks(blocks: Iterable[Samples], rate_hz: int, channels: int = 1) -> Reading:
    """Measure a stream of blocks of any lengths, shape (frames,) or (frames, channels), once through."""
    loudness = [LoudnessMeter(rate_hz) for _ in range(channels)]
    peaks, samples = [TruePeakMeter() for _ in range(channels)], 0
    for block in blocks:
        for channel, meter, peak in zip(block.reshape(-1, channels).T, loudness, peaks, strict=True):
            meter.add(channel)
            peak.add(channel)
        samples += len(block)
    energies = np.sum([meter.energies() for meter in loudness], axis=0)
    integrated = gated_loudness(energies, hop_samples(rate_hz))
    return Reading(integrated, max(peak.dbtp() for peak in peaks), samples)


def gated_loudness(energies: Floats, hop: int) -> float:
    """Integrated loudness, from the energy of each 100 ms of `hop` weighted samples.

    BS.1770-4, annex 1, equations 3 to 7: blocks of 400 ms that overlap by 75 %, gated twice.
    """
    if len(energies) < 4:
        return -math.inf
    power = np.convolve(energies, np.ones(4), "valid") / (4 * hop)
    power = power[power > _power(ABSOLUTE_GATE_LUFS)]
    if not len(power):
        return -math.inf
    loud = power[power > power.mean() * 10 ** (RELATIVE_GATE_LU / 10)]
    return OFFSET_LUFS + 10 * math.log10(loud.mean())


def hop_samples(rate_hz: int) -> int:
    """Samples in 100 ms, the step from one gating block to the next."""
    return (rate_hz + 5) // 10


def k_weighting(rate_hz: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Both filters of BS.1770-4 annex 1 at any rate, each as (b0, b1, b2, a1, a2).

    The recommendation prints coefficients for 48 kHz. The analogue filters they came from, by the
    bilinear transform with K = tan(pi f / rate), are a high shelf and a high-pass; their
    parameters below give the printed tables back to 14 digits, and are the ones in common use.
    """
    gain, k, damping = (
        10 ** (3.999843853973347 / 20),
        math.tan(math.pi * 1681.974450955533 / rate_hz),
        0.7071752369554196,
    )
    middle, norm = gain**0.4996667741545416, 1 + k / damping + k * k
    shelf = (
        (gain + middle * k / damping + k * k) / norm,
        2 * (k * k - gain) / norm,
        (gain - middle * k / damping + k * k) / norm,
        2 * (k * k - 1) / norm,
        (1 - k / damping + k * k) / norm,
    )
    k, damping = math.tan(math.pi * 38.13547087602444 / rate_hz), 0.5003270373238773
    norm = 1 + k / damping + k * k
    return shelf, (1.0, -2.0, 1.0, 2 * (k * k - 1) / norm, (1 - k / damping + k * k) / norm)


def true_peaks(samples: Samples, level: Samples, above: float) -> tuple[NDArray[np.intp], Samples]:
    """Where the level, |samples|, has a local maximum over `above`, and the true peak next to each of them.

    A maximum between two samples has a local maximum of the samples beside it, at most 6 dB lower
    if nothing lies above two thirds of the Nyquist frequency (Bernstein's inequality), as in speech:
    so pass half of the level that matters. The first and last TAPS samples are only looked across.
    """
    at = np.flatnonzero(level[TAPS:-TAPS] > above) + TAPS
    here = level[at]
    at = at[(here >= level[at - 1]) & (here >= level[at + 1])]
    if not len(at):
        return at, level[at]
    around = samples[at[:, None] + np.arange(-TAPS // 2, TAPS // 2 + 1)]
    # Not a product of matrices: that may depend, in the last bit, on how many there are.
    points = np.abs(np.einsum("ij,kj->ik", around, _INTERPOLATION))
    return at, np.maximum(level[at], points.max(axis=1))


def _interpolation() -> Samples:
    """Weights of the samples around one for three points on either side of it: sinc by Hann.

    Shape (6, TAPS + 1); BS.1770-4, annex 2, prints another set of 12 taps for the same phases.
    """
    points = np.array([-0.75, -0.5, -0.25, 0.25, 0.5, 0.75])
    distance = np.arange(TAPS + 1) - TAPS // 2 - points[:, None]
    window = np.where(np.abs(distance) < TAPS / 2, np.cos(np.pi * distance / TAPS) ** 2, 0.0)
    weights = np.sinc(distance) * window
    normal: Samples = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return normal


_INTERPOLATION = _interpolation()


class _KFilter:
    """The K-weighting of a stream."""

    def __init__(self, rate_hz: int) -> None:
        self._matrices = _k_matrices(rate_hz)
        self._lanes = np.empty((BLOCK // (CHUNK * LANES), LANES, CHUNK + ORDER), np.float32)
        """Chunks of samples, each with the state before it."""

    def run(self, samples: Samples, state: Floats, weighted: Samples) -> Floats:
        """Filter a multiple of CHUNK * LANES samples, at most BLOCK, into as many; the state after them."""
        response, drive, states, carry, decays = self._matrices
        lanes = self._lanes[: len(samples) // (CHUNK * LANES)]
        chunks = samples.reshape(-1, LANES, CHUNK)
        lanes[..., :CHUNK] = chunks
        drives = (chunks @ drive).reshape(-1, GROUP * ORDER)
        carried = np.concatenate((state[None], drives @ carry))
        for power, decay in enumerate(decays):  # each adds the ones before it, groups back
            carried[1 << power :] += carried[: -1 << power] @ decay
        known = np.concatenate((carried[:-1], drives), axis=1).reshape(-1, LANES // GROUP, len(states))
        lanes[..., CHUNK:] = (known @ states).reshape(-1, LANES, ORDER)
        np.matmul(lanes, response, out=weighted.reshape(-1, LANES, CHUNK))
        after: Floats = carried[-1]
        return after


class _Matrices(NamedTuple):
    """A recursive filter, for chunks x with the states s before them, in groups with the state g before each:

    y = [x s] @ response,  d = x @ drive,  [s …] = [g d …] @ states,  g after = [d …] @ carry + g @ decays[0].
    """

    response: Samples
    drive: Samples
    states: Floats
    carry: Floats
    decays: tuple[Floats, ...]
    """Over 1, 2, 4, … groups, until nothing is left."""


@cache
def _k_matrices(rate_hz: int) -> _Matrices:
    """The K-weighting at a rate."""
    # Each biquad in transposed direct form: s' = a s + b x, y = s[0] + d x; the second is fed by the first.
    (a1, b1, d1), (a2, b2, d2) = map(_state_space, k_weighting(rate_hz))
    step = np.block([[a1, np.zeros((2, 2))], [np.outer(b2, [1.0, 0.0]), a2]])
    entry = np.concatenate((b1, b2 * d1))
    output = np.array([d2, 0.0, 1.0, 0.0])
    powers = [np.eye(ORDER)]
    for _ in range(CHUNK):
        powers.append(step @ powers[-1])
    impulse = [d1 * d2, *(float(output @ power @ entry) for power in powers[: CHUNK - 1])]
    direct = np.array([[impulse[j - i] if j >= i else 0.0 for j in range(CHUNK)] for i in range(CHUNK)])
    ringing = np.array([output @ power for power in powers[:CHUNK]]).T
    drive = np.array([power @ entry for power in reversed(powers[:CHUNK])])
    over = [np.linalg.matrix_power(powers[CHUNK].T, chunks) for chunks in range(GROUP + 1)]
    carry = np.concatenate(over[GROUP - 1 :: -1])
    none = np.zeros((ORDER, ORDER))
    states = [
        over[:GROUP],
        *([over[j - 1 - i] if i < j else none for j in range(GROUP)] for i in range(GROUP)),
    ]
    decays, decay = [], over[GROUP]
    while np.abs(decay).max() > VANISHED:
        decays.append(decay)
        decay = decay @ decay
    response = np.concatenate((direct, ringing)).astype(np.float32)
    return _Matrices(response, drive.astype(np.float32), np.block(states), carry, tuple(decays))


def _state_space(biquad: tuple[float, ...]) -> tuple[Floats, Floats, float]:
    """A biquad as the matrix, the entry and the direct path of its state equations."""
    b0, b1, b2, a1, a2 = biquad
    return np.array([[-a1, 1.0], [-a2, 0.0]]), np.array([b1 - a1 * b0, b2 - a2 * b0]), b0


def _power(lufs: float) -> float:
    """Mean square of the weighted samples at a loudness."""
    return float(10 ** ((lufs - OFFSET_LUFS) / 10))
