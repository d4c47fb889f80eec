"""Is this the recording of that text? Holds a WAV against the words it should contain.

In: a file and its text. Out: what is wrong with it, if anything. Engines report success and leave an
empty file, a header without its samples, or half a sentence; nobody will listen before it is
published. A take is held against its text by the time its sound lasts, without the silence around
it: see `expected`. Measured with Pico, eSpeak and tones at three paces, on 349 lines as a show has them,
and on 225 from papers, figures and all: none that is whole is refused; of those of six words or more, cut
in half, 98 in 100 are found in a show, 54 to 70 in the others, and the rest are doubtful: an engine that
gives the same bytes each time is asked again.
"""

import wave
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .engine import USUAL_WPM
from .expected import bounds_of, expected_s

__all__ = ["Verdict", "fault", "judged", "sounding_s"]

SILENT = 100
"""Of 32,768: a take that stays below holds no speech."""
QUIET_PART = 0.01
"""Of the peak: what stays below, before and after, is the silence around the sound."""
DOUBTFUL = 0.8
"""A take shorter than this part of what is expected in the middle is doubtful: of whole ones 1 in 150, where
figures are written in digits 1 in 10; and all that were cut in half and have no fault."""
CUT_OFF_MS = 5
CUT_OFF_PART = 0.02
"""A take that ends while its last 5 ms reach this part of its peak was cut off: speech dies away. No engine
that was measured leaves more than 0.003."""


Level = NDArray[np.int32]
"""|samples|, in 16-bit steps."""


class Verdict(NamedTuple):
    """What is to be thought of a take."""

    fault: str | None
    """What is wrong with it; None if nothing is."""
    is_doubtful: bool = False
    """Whether it is so short that half of it may be missing; a few whole ones in a hundred are."""


def fault(path: Path, text: str, words_per_minute: int = USUAL_WPM) -> str | None:
    """What is wrong with the recording of `text` at `path`; None if nothing is. As `judged`."""
    return judged(path, text, words_per_minute).fault


def judged(path: Path, text: str, words_per_minute: int = USUAL_WPM) -> Verdict:
    """What is to be thought of the recording of `text` at `path`.

    words_per_minute: how fast it was to be spoken.
    Reads a 16-bit mono WAV; anything else is a fault.
    """
    try:
        level, rate_hz = _read(path)
    except FileNotFoundError:
        return Verdict("no file was written")
    except (OSError, EOFError, ValueError, wave.Error) as error:
        return Verdict(f"the file is not a whole 16-bit mono WAV: {error or 'it ends early'}")
    if not len(level):
        return Verdict("the file holds no sound")
    return _judged_sound(level, rate_hz, expected_s(text, words_per_minute))


def sounding_s(path: Path) -> float:
    """How long the sound of a 16-bit mono WAV lasts, in seconds, without the silence around it."""
    level, rate_hz = _read(path)
    return _sounding(level, rate_hz // 100, QUIET_PART * level.max()) / rate_hz


def _read(path: Path) -> tuple[Level, int]:
    """The level of each sample, and their rate. Raises ValueError if they are not what the header says."""
    with wave.open(str(path), "rb") as file:
        if (file.getnchannels(), file.getsampwidth()) != (1, 2):
            raise ValueError(f"{file.getnchannels()} channels of {8 * file.getsampwidth()} bits")
        if not file.getframerate():
            raise ValueError("0 samples a second")
        content, announced = file.readframes(file.getnframes()), file.getnframes()
        if len(content) != 2 * announced:
            raise ValueError(f"{len(content) // 2} of {announced} samples")
        return np.abs(np.frombuffer(content, "<i2").astype(np.int32)), file.getframerate()


def _judged_sound(level: Level, rate_hz: int, expected: tuple[float, float]) -> Verdict:
    if (peak := level.max()) < SILENT:
        return Verdict(f"all of its {len(level) / rate_hz:.1f} s are silent")
    if level[-(rate_hz * CUT_OFF_MS // 1000) :].max() > CUT_OFF_PART * peak:
        return Verdict("the sound is cut off at the end")
    lasts_s = _sounding(level, rate_hz // 100, QUIET_PART * peak) / rate_hz
    least_s, most_s = bounds_of(expected)
    if lasts_s < least_s:
        return Verdict(f"the sound lasts {lasts_s:.1f} s, too short for the text, at least {least_s:.1f} s")
    if lasts_s > most_s:
        return Verdict(f"the sound lasts {lasts_s:.1f} s, too long for the text, at most {most_s:.1f} s")
    return Verdict(None, is_doubtful=lasts_s < DOUBTFUL * sum(expected) / 2)


def _sounding(level: Level, step: int, quiet: float) -> int:
    """Samples from the first sound to the last, in steps; somewhere it is louder than `quiet`."""
    steps = np.flatnonzero(np.maximum.reduceat(level, np.arange(0, len(level), step)) > quiet)
    return int(min((steps[-1] + 1) * step, len(level)) - steps[0] * step)
