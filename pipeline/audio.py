"""Sound in memory, and the edge to files: read, write, resample, silence.

A file goes in, a `Sound` (mono, float32, at the file's own rate) comes out, or its blocks one by
one. WAV, FLAC, AIFF, OGG and MP3 are read by libsndfile; whatever it does not know goes through
pydub, and so through ffmpeg if the computer has one. pydub is used for nothing else: it joins in
quadratic time, resamples without a filter, and clips silently.
"""

import warnings
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from .errors import PaperledgeError
from .lengths import resampled_length, samples_in

__all__ = [
    "Samples",
    "Sound",
    "Stream",
    "read_blocks",
    "read_length",
    "read_sound",
    "resample",
    "silence",
    "to_int16",
    "write_wav",
]

Samples = NDArray[np.float32]
"""Mono samples, shape (frames,), full scale at -1 and 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Mono samples and their rate."""

    samples: Samples
    """float32, shape (frames,), full scale at -1 and 1."""
    rate_hz: int


class Stream(soundfile.SoundFile):  # type: ignore[misc]  # soundfile has no types
    """A sound file that is read from its start to its end.

    soundfile itself seeks after every read, to where it is already; a decoder of MP3 then forgets what
    earlier frames have left for the next one, and crackles.
    """

    def seekable(self) -> bool:
        """No."""
        return False

    def each(self, block: int) -> Iterator[Samples]:
        """All samples, float32, shape (frames, channels), in blocks, each there until the next is asked for.

        Raises soundfile.LibsndfileError.
        """
        buffer = np.empty((block, self.channels), np.float32)
        while len(part := self.read(out=buffer)):
            yield part


def read_sound(path: Path, *, longest_s: int | None = None) -> Sound:
    """Read a whole sound file; more than one channel is averaged to mono.

    longest_s: what ffmpeg has to read of a longer file is only its beginning, of so many seconds.
    Raises PaperledgeError, naming the file, if neither libsndfile nor ffmpeg can read it.
    """
    if not path.is_file():
        raise PaperledgeError("no such sound file", where=str(path), hint="check the path")
    try:
        frames, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        return _read_foreign(path, longest_s)
    return Sound(_to_mono(frames), rate_hz)


def read_length(path: Path) -> tuple[int, int] | None:
    """Frames and rate of a sound file that `read_blocks` can read; None of any other."""
    try:
        info = soundfile.info(path)
    except soundfile.LibsndfileError:
        return None
    return info.frames, info.samplerate


def read_blocks(path: Path, rate_hz: int, block: int = 1 << 16) -> Iterator[Samples]:
    """A sound file as mono at `rate_hz`, in blocks, without ever holding all of it.

    As many samples in all as `resampled_length` says; block: frames read at a time. A sample that
    is not a number is silence. Raises PaperledgeError if libsndfile cannot read the file.
    """
    try:
        with Stream(path) as file:
            left = resampled_length(file.frames, file.samplerate, rate_hz)
            convert = _converter(file.samplerate, rate_hz)
            for frames in file.each(block):
                mono = np.nan_to_num(_to_mono(frames), posinf=0.0, neginf=0.0)
                converted = convert(mono, False)[:left]
                left -= len(converted)
                yield converted
    except soundfile.LibsndfileError as error:
        raise PaperledgeError("cannot read this sound", where=str(path), hint="make it again") from error
    rest = convert(np.zeros(0, np.float32), True)[:left]
    yield np.pad(rest, (0, left - len(rest)))


def write_wav(sound: Sound, path: Path) -> None:
    """Write a 16-bit mono WAV; the same sound gives the same bytes.

    Samples beyond full scale saturate: a take that reaches it has been distorted already.
    """
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate_hz)
        file.writeframes(to_int16(sound.samples).tobytes())


def silence(ms: int, rate_hz: int) -> Sound:
    """Exact zeros, `ms` milliseconds long to the nearest sample."""
    return Sound(np.zeros(samples_in(ms, rate_hz), np.float32), rate_hz)


def resample(sound: Sound, rate_hz: int) -> Sound:
    """The same sound at another rate (soxr HQ), exactly `resampled_length` samples long."""
    if sound.rate_hz == rate_hz:
        return sound
    length = resampled_length(len(sound.samples), sound.rate_hz, rate_hz)
    converted = soxr.resample(sound.samples, sound.rate_hz, rate_hz, quality="HQ")[:length]
    if len(converted) < length:
        converted = np.pad(converted, (0, length - len(converted)))
    return Sound(converted, rate_hz)


def to_int16(samples: Samples) -> NDArray[np.int16]:
    """Round to little-endian 16-bit steps of 1/32768, saturating at both ends."""
    scaled = samples * np.float32(32768)
    steps: NDArray[np.int16] = np.clip(np.rint(scaled, out=scaled), -32768, 32767, out=scaled).astype("<i2")
    return steps


def _converter(old_hz: int, new_hz: int) -> Callable[[Samples, bool], Samples]:
    """What brings one block after the other to another rate; it is told which is the last."""
    if old_hz == new_hz:
        return lambda block, is_last: block
    stream = soxr.ResampleStream(old_hz, new_hz, 1, dtype="float32", quality="HQ")
    return stream.resample_chunk  # type: ignore[no-any-return]  # soxr has no types


def _to_mono(frames: Samples) -> Samples:
    """Average the channels of shape (frames, channels)."""
    return frames[:, 0] if frames.shape[1] == 1 else frames.mean(axis=1, dtype=np.float32)


def _read_foreign(path: Path, longest_s: int | None) -> Sound:
    """Read what libsndfile does not know, by way of pydub and ffmpeg."""
    with warnings.catch_warnings():
        # On import pydub warns of a missing ffmpeg, which the hint below says better, and by its
        # own age; when it fails, it leaves the file to be closed with the error, here.
        warnings.filterwarnings("ignore", "Couldn't find ff", RuntimeWarning)
        warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
        warnings.filterwarnings("ignore", "invalid escape sequence")
        warnings.filterwarnings("ignore", "unclosed file", ResourceWarning)
        from pydub import AudioSegment  # only foreign formats need it
        from pydub.exceptions import PydubException

        try:
            segment = AudioSegment.from_file(path, duration=longest_s)
        except FileNotFoundError:
            segment, hint = None, "install ffmpeg, or convert it to WAV"
        except (PydubException, OSError, ValueError, LookupError):
            segment, hint = None, "it is damaged or of an unknown format: make it again, or convert it to WAV"
    if segment is None:
        raise PaperledgeError("cannot read this sound", where=str(path), hint=hint)
    steps = np.array(segment.get_array_of_samples(), np.float32).reshape(-1, segment.channels)
    steps /= np.float32(2 ** (8 * segment.sample_width - 1))
    return Sound(_to_mono(steps), segment.frame_rate)
