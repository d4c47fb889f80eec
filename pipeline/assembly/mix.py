"""Join: clips in, one unlevelled float32 file at the output rate out.

The engine's silence around each clip is trimmed and its edges are faded, so that the pauses of
the script are the pauses that are heard and no joint clicks. The timeline follows from the
trimmed lengths alone; the file has to come out as long. Only one clip, a sentence, is in memory
at a time.
"""

from collections.abc import Iterator
from os import SEEK_CUR
from pathlib import Path

import numpy as np
from msgspec import Struct

from ..audio import Samples, Sound, read_sound, resample, samples_in
from ..errors import AssemblyError, PaperledgeError
from ..model import Desk, Piece
from .loudness import BLOCK
from .timeline import LEAD_IN_MS, TAIL_MS, Stretch, Timeline, lay_out

__all__ = ["Mix", "fade", "trim", "write_mix"]

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


def write_mix(pieces: tuple[Piece, ...], rate_hz: int, desk: Desk, path: Path) -> Mix:
    """Write the pieces, joined, as raw float32 at `rate_hz` to `path`.

    Raises AssemblyError for a clip that cannot be read.
    """
    stretches = []
    with path.open("wb") as file:
        file.seek(ITEM_BYTES * samples_in(LEAD_IN_MS, rate_hz))
        for piece in pieces:
            kept = _speech(desk.path(piece.audio))
            stretches.append(Stretch(len(kept.samples), kept.rate_hz, piece.pause_after_ms))
            file.write(fade(resample(kept, rate_hz)).samples.tobytes())
            # What is skipped reads as zeros: an exact pause.
            file.seek(ITEM_BYTES * samples_in(piece.pause_after_ms, rate_hz), SEEK_CUR)
        timeline = lay_out(stretches, rate_hz)
        file.truncate(file.seek(ITEM_BYTES * samples_in(TAIL_MS, rate_hz), SEEK_CUR))
    if path.stat().st_size != ITEM_BYTES * timeline.total:
        raise AssemblyError("the mix is not as long as its timeline", hint="report this, with the script")
    return Mix(path, rate_hz, timeline)


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
