"""Generated sounds, and a desk to work on."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.assembly.mix import Mix
from pipeline.assembly.timeline import Timeline
from pipeline.audio import Samples, Sound, write_wav
from pipeline.loudness import LoudnessMeter, TruePeakMeter
from pipeline.model import Blob, Master, MasterRequest, Music, Piece


def sine(hertz: float, dbfs: float, seconds: float, rate_hz: int, degrees: float = 0.0) -> Samples:
    """A tone whose peak is `dbfs`."""
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    wave: Samples = np.sin(2 * np.pi * hertz * time + np.deg2rad(degrees)).astype(np.float32)
    return wave * np.float32(10 ** (dbfs / 20))


def speech(seconds: float, rate_hz: int = 22050, seed: int = 1, level: float = 0.6) -> Samples:
    """Voiced syllables with hiss between them: the crest and the gaps of speech, peak at `level`."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    pitch = 2 * np.pi * np.cumsum(120 + 25 * np.sin(2 * np.pi * 0.7 * time)) / rate_hz
    voice = sum(np.cos(k * pitch + random.uniform(0, 1)) / k**0.7 for k in range(1, 25))
    loudness = random.uniform(0.2, 1.0, int(seconds * 4) + 2)
    syllables = np.interp(time * 4, np.arange(len(loudness)), loudness) * np.sin(np.pi * 4 * time) ** 2
    sound = voice * syllables + 0.15 * random.standard_normal(len(time)) * np.cos(np.pi * 4 * time) ** 8
    scaled: Samples = (level * sound / np.abs(sound).max()).astype(np.float32)
    return scaled


def mix_of(samples: Samples, rate_hz: int, path: Path) -> Mix:
    """Samples as the mix of one clip."""
    samples.astype(np.float32).tofile(path)
    loudness, peak = LoudnessMeter(rate_hz), TruePeakMeter()
    loudness.add(samples)
    peak.add(samples)
    timeline = Timeline((0,), (len(samples),), len(samples))
    return Mix(path, rate_hz, timeline, (), loudness.energies(), peak.dbtp())


def starts_of(master: Master) -> tuple[int, ...]:
    """Where each clip begins, in samples."""
    return tuple(heard.start_samples for heard in master.heard)


class Folder:
    """A desk over one folder, which knows what is left in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: dict[Blob, Path] = {}
        self._count = 0

    def path(self, blob: Blob) -> Path:
        return self.paths[blob]

    def new(self, suffix: str) -> Path:
        self._count += 1
        return self.folder / f"scratch{self._count}{suffix}"

    def keep(self, path: Path) -> Blob:
        blob = blob_of(path)
        self.paths[blob] = path.rename(self.folder / f"{blob.sha256}{blob.suffix}")
        return blob

    def clip(self, samples: Samples, rate_hz: int) -> Blob:
        """Put a WAV clip here."""
        path = self.new(".wav")
        write_wav(Sound(samples, rate_hz), path)
        return self.keep(path)

    def scratch(self) -> list[str]:
        """Names of what was neither kept nor removed."""
        return [path.name for path in self.folder.iterdir() if path.name.startswith("scratch")]


def blob_of(path: Path) -> Blob:
    data = path.read_bytes()
    return Blob(sha256=hashlib.sha256(data).hexdigest(), suffix=path.suffix, size_bytes=len(data))


def request(*pieces: Piece, **changes: int | None) -> MasterRequest:
    """A request for an ordinary episode, with changes."""
    return with_music(None, *pieces, **changes)


def with_music(music: Music | None, *pieces: Piece, **changes: int | None) -> MasterRequest:
    """The same, with music."""
    usual: dict[str, Any] = {
        "target_mlufs": -16_000,
        "ceiling_mdbtp": -1_000,
        "rate_hz": 44_100,
        "bitrate_kbps": 128,
        "lame_quality": 7,
    }
    return MasterRequest(pieces=pieces, music=music, **(usual | changes))
