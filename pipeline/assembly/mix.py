"""Join: clips in, one unlevelled float32 file at the output rate out.

The engine's silence around each clip is trimmed and its edges are faded, so that the pauses of
the script are the pauses that are heard and no joint clicks. The timeline follows from the
trimmed lengths alone; the file has to come out as long. Only one clip, a sentence, is in memory
at a time.
"""

import math
from collections.abc import Iterator
from itertools import chain
from os import SEEK_CUR
from pathlib import Path

import numpy as np
from msgspec import Struct

from ..audio import Samples, Sound, read_sound, resample, samples_in
from ..errors import AssemblyError, PaperledgeError
from ..model import Desk, Piece
from .loudness import BLOCK, LoudnessMeter
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


class Mix(Struct, frozen=True):
    """Clips joined, in a file."""

    path: Path
    """Raw float32, mono."""
    rate_hz: int
    timeline: Timeline

    def read(self, start: int, stop: int) -> Samples:
        """Samples from start up to stop; zeros where that reaches beyond either end."""
        inner = max(start, 0)
        samples = np.fromfile(self.path, np.float32, stop - inner, offset=ITEM_BYTES * inner)
        if len(samples) == stop - start:
            return samples
        return np.pad(samples, (inner - start, stop - inner - len(samples)))

    def blocks(self) -> Iterator[Samples]:
        """All samples in order, in blocks of BLOCK."""
        for start in range(0, self.timeline.total, BLOCK):
            yield self.read(start, min(start + BLOCK, self.timeline.total))


def write_mix(pieces: tuple[Piece, ...], rate_hz: int, desk: Desk, path: Path, room: Room = NO_ROOM) -> Mix:
    """Write the pieces, joined, as raw float32 at `rate_hz` to `path`, with room for music.

    Raises AssemblyError for a clip that cannot be read.
    """
    stretches = []
    gains = voice_gains(pieces, desk)
    with path.open("wb") as file:
        file.seek(ITEM_BYTES * (samples_in(LEAD_IN_MS, rate_hz) + room.get(0, 0)))
        for number, piece in enumerate(pieces, 1):
            kept = _speech(desk.path(piece.audio))
            stretches.append(Stretch(len(kept.samples), kept.rate_hz, piece.pause_after_ms))
            heard = fade(resample(kept, rate_hz)).samples * gains[piece.voice]
            file.write(heard.tobytes())
            # What is skipped reads as zeros: an exact pause.
            pause = samples_in(piece.pause_after_ms, rate_hz) + room.get(number, 0)
            file.seek(ITEM_BYTES * pause, SEEK_CUR)
        timeline = lay_out(stretches, rate_hz, room)
        file.truncate(file.seek(ITEM_BYTES * samples_in(TAIL_MS, rate_hz), SEEK_CUR))
    if path.stat().st_size != ITEM_BYTES * timeline.total:
        raise AssemblyError("the mix is not as long as its timeline", hint="report this, with the script")
    return Mix(path, rate_hz, timeline)


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
    clips = (_speech(desk.path(piece.audio)) for piece in pieces if piece.voice == voice)
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


def trim(sound: Sound) -> Sound:
    """A clip without the silence around it, and without any constant offset; empty if silent."""
    if not len(sound.samples):
        return sound
    # An offset carries no sound, and would click at the edges and hide the silence.
    samples = sound.samples - sound.samples.mean(dtype=np.float64).astype(np.float32)
    level = np.abs(samples)
    speech = np.flatnonzero(level >= max(QUIET * float(level.max()), SILENT))
    if not len(speech):
        return Sound(samples[:0], sound.rate_hz)
    margin = samples_in(MARGIN_MS, sound.rate_hz)
    return Sound(samples[max(0, speech[0] - margin) : speech[-1] + 1 + margin], sound.rate_hz)


def fade(sound: Sound) -> Sound:
    """Both edges raised and lowered over `FADE_MS` along half a cosine, from and to zero."""
    length = min(samples_in(FADE_MS, sound.rate_hz), len(sound.samples) // 2)
    rise = (0.5 - 0.5 * np.cos(np.pi * np.arange(length) / max(length, 1))).astype(np.float32)
    faded = sound.samples.copy()
    faded[:length] *= rise
    faded[len(faded) - length :] *= rise[::-1]
    return Sound(faded, sound.rate_hz)


def _speech(path: Path) -> Sound:
    """The part of a clip that is kept."""
    try:
        return trim(read_sound(path))
    except PaperledgeError as error:
        raise AssemblyError(error.what, where=error.where, hint=error.hint) from error
