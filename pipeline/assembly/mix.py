"""Join: clips in, one unlevelled float32 file at the output rate out.

The engine's silence around each clip is trimmed and its edges are faded, so that the pauses of
the script are the pauses that are heard and no joint clicks. The timeline follows from the
trimmed lengths alone; the file has to come out as long. Only one clip, a sentence, is in memory
at a time.
"""

import math
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import IO

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from ..audio import Samples, Sound, read_sound, resample
from ..errors import AssemblyError, PaperledgeError
from ..lengths import samples_in
from ..loudness import (
    BLOCK,
    Floats,
    LoudnessMeter,
    Reading,
    TruePeakMeter,
    fill,
    gated_loudness,
    hop_samples,
)
from ..model import Desk, Piece
from .timeline import LEAD_IN_MS, NO_ROOM, TAIL_MS, Room, Stretch, Timeline, lay_out

__all__ = ["ITEM_BYTES", "Mix", "fade", "gain_of", "trim", "voice_gains", "write_mix"]

QUIET = 10 ** (-50 / 20)
"""What is this far below the clip's peak is silence: below speech sounds, above engine noise."""

MARGIN_MS = 15
"""Kept on each side of the speech: soft consonants begin below `QUIET`."""

FADE_MS = 5
"""Long enough that an edge does not click, short enough that no sound is heard to swell."""

SILENT = 2.0**-15
"""One 16-bit step: what stays below it is silence in any clip."""

ITEM_BYTES = 4
"""Of one float32 sample."""

_SILENCE = np.zeros(BLOCK, np.float32)
_SILENCE.flags.writeable = False
"""What pauses are cut from."""

SETTLED_HOPS = 4
"""After so many hops of 100 ms, nothing is left in the meter's filter of what was before: 10^-40 of it."""


class Mix(Struct, frozen=True):
    """Clips joined, in a file, and measured on their way into it."""

    path: Path
    """Raw float32, mono."""
    rate_hz: int
    timeline: Timeline
    trimmed: tuple[int, ...]
    """Of each clip, in samples at its own rate: what was cut off its beginning."""
    energies: Floats
    """K-weighted, of each whole 100 ms."""
    true_peak_dbtp: float

    @property
    def reading(self) -> Reading:
        """How loud it is."""
        loudness_lufs = gated_loudness(self.energies, hop_samples(self.rate_hz))
        return Reading(loudness_lufs, self.true_peak_dbtp, self.timeline.total)

    def read(self, start: int, stop: int) -> Samples:
        """Samples from start up to stop; zeros where that reaches beyond either end."""
        inner = max(start, 0)
        samples = np.fromfile(self.path, np.float32, stop - inner, offset=ITEM_BYTES * inner)
        if len(samples) == stop - start:
            return samples
        return np.pad(samples, (inner - start, stop - inner - len(samples)))

    def blocks(self) -> Iterator[Samples]:
        """All samples in order, in blocks of BLOCK, each there until the next is asked for."""
        return self._blocks(0, self.timeline.total)

    def measured_again(self, spans: Iterable[tuple[int, int]]) -> "Mix":
        """The mix after something was added to it in some spans, from sample to sample.

        Its true peak is one that is not exceeded: what was the highest may have become lower.
        """
        hop, energies = hop_samples(self.rate_hz), self.energies.copy()
        peak = TruePeakMeter()
        for start, stop in spans:
            first = max(0, start // hop - SETTLED_HOPS)
            last = min(len(energies), -(-stop // hop) + SETTLED_HOPS)
            begun = max(0, first - SETTLED_HOPS)
            meter = LoudnessMeter(self.rate_hz)
            for block in self._blocks(begun * hop, last * hop):
                meter.add(block)
                peak.add(block)
            energies[first:last] = meter.energies()[first - begun :]
        return replace(self, energies=energies, true_peak_dbtp=max(self.true_peak_dbtp, peak.dbtp()))

    def _blocks(self, start: int, stop: int) -> Iterator[Samples]:
        """Each block is there until the next is asked for."""
        block = np.empty(BLOCK, np.float32)
        with self.path.open("rb", buffering=0) as file:
            file.seek(ITEM_BYTES * start)
            for place in range(start, stop, BLOCK):
                part = block[: stop - place]
                file.readinto(part.data)
                yield part


def write_mix(pieces: tuple[Piece, ...], rate_hz: int, desk: Desk, path: Path, room: Room = NO_ROOM) -> Mix:
    """Write the pieces, joined, as raw float32 at `rate_hz` to `path`, with room for music.

    Raises AssemblyError for a clip that cannot be read.
    """
    stretches, trimmed = [], []
    gains = voice_gains(pieces, desk)
    with path.open("wb") as file:
        tape = _Tape(file, rate_hz)
        tape.pause(samples_in(LEAD_IN_MS, rate_hz) + room.get(0, 0))
        for number, piece in enumerate(pieces, 1):
            cut, kept = _speech(desk.path(piece.audio))
            trimmed.append(cut)
            stretches.append(Stretch(len(kept.samples), kept.rate_hz, piece.pause_after_ms))
            tape.add(fade(resample(kept, rate_hz)).samples * gains[piece.voice])
            tape.pause(samples_in(piece.pause_after_ms, rate_hz) + room.get(number, 0))
        tape.pause(samples_in(TAIL_MS, rate_hz))
        tape.end_block()
    timeline = lay_out(stretches, rate_hz, room)
    if path.stat().st_size != ITEM_BYTES * timeline.total:
        raise AssemblyError("the mix is not as long as its timeline", hint="report this, with the script")
    return Mix(path, rate_hz, timeline, tuple(trimmed), tape.loudness.energies(), tape.peak.dbtp())


class _Tape:
    """Writes sound and silence into a file, and listens to both, in whole blocks."""

    def __init__(self, file: IO[bytes], rate_hz: int) -> None:
        self.loudness, self.peak = LoudnessMeter(rate_hz), TruePeakMeter()
        self._file, self._block, self._count = file, np.zeros(BLOCK, np.float32), 0

    def add(self, samples: Samples) -> None:
        for count in fill(self._block, self._count, samples):
            self._count = count
            if count == BLOCK:
                self.end_block()

    def pause(self, samples: int) -> None:
        for start in range(0, samples, BLOCK):
            self.add(_SILENCE[: samples - start])

    def end_block(self) -> None:
        """Write what is waiting, and listen to it."""
        block, self._count = self._block[: self._count], 0
        self._file.write(block.data)
        self.loudness.add(block)
        self.peak.add(block)


def voice_gains(pieces: tuple[Piece, ...], desk: Desk) -> dict[int, np.float32]:
    """What each voice is multiplied by, so that all are as loud as the one that speaks longest.

    In steps of 0.01 dB, so that a rounding of the meter's last digit changes nothing. A voice that
    is silent, or speaks for less than a gating block, stays as it is.
    """
    voices = sorted({piece.voice for piece in pieces})
    if len(voices) == 1:
        return {voices[0]: np.float32(1)}
    readings = {voice: _reading(voice, pieces, desk) for voice in voices}
    longest = max(voices, key=lambda voice: readings[voice][1])
    return {voice: gain_of(readings[longest][0] - loudness) for voice, (loudness, _) in readings.items()}


def _reading(voice: int, pieces: tuple[Piece, ...], desk: Desk) -> tuple[float, float]:
    """Integrated loudness of all that a voice says, in LUFS, and how long it speaks, in seconds."""
    clips = (_speech(desk.path(piece.audio))[1] for piece in pieces if piece.voice == voice)
    first = next(clips)
    meter, samples = LoudnessMeter(first.rate_hz), 0
    for clip in chain([first], clips):
        heard = resample(clip, first.rate_hz).samples
        meter.add(heard)
        samples += len(heard)
    return meter.integrated_lufs(), samples / first.rate_hz


def gain_of(difference_lu: float) -> np.float32:
    """The factor that makes a sound so much louder, in steps of 0.01 dB; 1 if that is undefined."""
    centibels = round(100 * difference_lu) if math.isfinite(difference_lu) else 0
    return np.float32(10 ** (centibels / 2000))


def trim(sound: Sound) -> tuple[int, Sound]:
    """A clip without the silence around it, and without any constant offset; empty if silent.

    Before it, how many samples were cut off its beginning.
    """
    if not len(sound.samples):
        return 0, sound
    # An offset carries no sound, and would click at the edges and hide the silence.
    samples = sound.samples - sound.samples.mean(dtype=np.float64).astype(np.float32)
    level = np.abs(samples)
    speech = np.flatnonzero(level >= max(QUIET * float(level.max()), SILENT))
    if not len(speech):
        return 0, Sound(samples[:0], sound.rate_hz)
    margin = samples_in(MARGIN_MS, sound.rate_hz)
    start = max(0, int(speech[0]) - margin)
    return start, Sound(samples[start : speech[-1] + 1 + margin], sound.rate_hz)


def fade(sound: Sound) -> Sound:
    """Both edges raised and lowered over `FADE_MS` along half a cosine, from and to zero."""
    length = min(samples_in(FADE_MS, sound.rate_hz), len(sound.samples) // 2)
    rise, faded = _rise(length), sound.samples.copy()
    faded[:length] *= rise
    faded[len(faded) - length :] *= rise[::-1]
    return Sound(faded, sound.rate_hz)


@cache
def _rise(length: int) -> Samples:
    """Half a cosine, from 0 up to 1."""
    rise: Samples = (0.5 - 0.5 * np.cos(np.pi * np.arange(length) / max(length, 1))).astype(np.float32)
    return rise


def _speech(path: Path) -> tuple[int, Sound]:
    """The part of a clip that is kept, and how many samples were cut off before it."""
    try:
        return trim(read_sound(path))
    except PaperledgeError as error:
        raise AssemblyError(error.what, where=error.where, hint=error.hint) from error
