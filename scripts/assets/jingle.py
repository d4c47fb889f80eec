"""Plays the show's jingle into intro.flac, sting.flac and outro.flac, beside this file.

    python scripts/assets/jingle.py

Soft mallets on wooden bars, over a low held tone, in a small room: nothing but numpy, and the same
files every time. The intro goes up through F, C and D minor to an open F; the sting is its last
step; the outro comes down the same way and ends at rest. Free to use under the licence of this
repository (MIT), like the files it makes.
"""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE_HZ = 44_100
PEAK = 10 ** (-3 / 20)
"""Of each file; how loud it is heard is up to show.yaml."""

BAR = ((1.0, 1.0, 1.0), (3.93, 0.18, 0.28), (9.2, 0.04, 0.10))
"""A tuned bar's partials as ratio, level and decay: its second is near two octaves, its third is faint."""

NAMES = {name: step for step, name in enumerate("C . D . E F . G . A b B".split())}
"""Steps above C; b is B flat, the only black key that F major has."""

Notes = tuple[tuple[float, str, float], ...]
"""When (in seconds), which, how hard (up to 1)."""
Floats = NDArray[np.float64]

INTRO: Notes = (
    (0.00, "F3", 0.55), (0.00, "C5", 0.70), (0.25, "A4", 0.55), (0.50, "F5", 0.85),
    (1.00, "C3", 0.50), (1.00, "G4", 0.55), (1.25, "E5", 0.65), (1.50, "D5", 0.60),
    (2.00, "F3", 0.60), (2.00, "C4", 0.40), (2.06, "A4", 0.50), (2.12, "C5", 0.60), (2.20, "F5", 0.80),
)  # fmt: skip
STING: Notes = ((0.00, "C5", 0.60), (0.09, "F5", 0.75), (0.09, "F4", 0.40))
OUTRO: Notes = (
    (0.00, "C3", 0.50), (0.00, "E5", 0.70), (0.25, "D5", 0.60), (0.50, "G4", 0.60),
    (1.00, "b3", 0.50), (1.00, "D5", 0.60), (1.25, "C5", 0.55), (1.50, "b4", 0.50),
    (2.00, "F3", 0.60), (2.00, "C4", 0.45), (2.07, "F4", 0.50), (2.15, "A4", 0.60), (2.24, "C5", 0.45),
)  # fmt: skip


def play(notes: Notes, seconds: float, *, decay_s: float, held: str = "") -> Floats:
    """Notes as samples, in a room, ending in silence after so many seconds."""
    length = round(seconds * RATE_HZ)
    dry = np.zeros(length)
    for at, name, force in notes:
        start = round(at * RATE_HZ)
        dry[start:] += force * mallet(hertz(name), length - start, decay_s)
    if held:
        dry += 0.08 * breath(hertz(held), length)
    wet = dry + 0.12 * room(dry)
    close = round(0.4 * seconds * RATE_HZ)
    wet[-close:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(close) / close)
    return wet * (PEAK / np.abs(wet).max())


def hertz(name: str) -> float:
    """The pitch of a note such as A4, which is 440 Hz."""
    return float(440 * 2 ** ((NAMES[name[0]] - 9) / 12 + int(name[1]) - 4))


def mallet(pitch_hz: float, length: int, decay_s: float) -> Floats:
    """One stroke with a soft mallet: 4 ms to swell, higher notes and partials ring shorter."""
    time = np.arange(length) / RATE_HZ
    ring = decay_s * (262 / pitch_hz) ** 0.4
    tone = sum(
        level * np.exp(-time / (ring * share)) * np.sin(2 * np.pi * ratio * pitch_hz * time)
        for ratio, level, share in BAR
        if ratio * pitch_hz < 8000
    )
    swell = np.minimum(time / 0.004, 1)
    return np.asarray(tone * swell * swell * (3 - 2 * swell))


def breath(pitch_hz: float, length: int) -> Floats:
    """A low held tone that comes and goes over the whole length."""
    time = np.arange(length) / RATE_HZ
    tone = np.sin(2 * np.pi * pitch_hz * time) + 0.3 * np.sin(2 * np.pi * 2 * pitch_hz * time + 0.4)
    return np.asarray(tone * np.sin(np.pi * np.arange(length) / length) ** 2)


def room(dry: Floats) -> Floats:
    """A short, dark echo of it all: noise that dies away in half a second, without its treble."""
    time = np.arange(round(0.9 * RATE_HZ)) / RATE_HZ
    noise = np.random.Generator(np.random.PCG64(5)).standard_normal(len(time)) * np.exp(-time / 0.16)
    noise[: round(0.012 * RATE_HZ)] = 0.0
    dull = np.convolve(noise, np.hanning(41) / np.hanning(41).sum(), "same")
    size = 1 << (len(dry) + len(dull)).bit_length()
    echo = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(dull / np.sqrt((dull**2).sum()), size), size)
    return echo[: len(dry)]


def main() -> None:
    """Write the three files."""
    folder = Path(__file__).parent
    tunes = {
        "intro": play(INTRO, 4.2, decay_s=0.55, held="F3"),
        "sting": play(STING, 0.9, decay_s=0.32),
        "outro": play(OUTRO, 4.6, decay_s=0.6, held="F3"),
    }
    for name, tune in tunes.items():
        soundfile.write(folder / f"{name}.flac", np.rint(tune * 32767).astype(np.int16), RATE_HZ)


if __name__ == "__main__":
    main()
