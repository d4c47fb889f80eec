"""Sounds that behave in different ways, from clip to delivered file."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from pipeline import assembly, plugins
from pipeline.audio import Samples, read_sound
from pipeline.errors import AssemblyError, PaperledgeError
from pipeline.loudness import measure
from pipeline.model import Master, Piece
from pipeline.synthesis import isolation

from .sounds import Folder, request, sine, speech

RATE_HZ = 22_050
SECONDS = 5.0
"""Of a clip; an episode of two is the shortest that has to be right."""


def music() -> Samples:
    """Four chords of five partials each, struck and dying away, over a bass."""
    time = np.arange(round(SECONDS * RATE_HZ)) / RATE_HZ
    beat = time % 1.25
    roots = np.choose((time // 1.25).astype(int), [220.0, 174.6, 261.6, 196.0])
    notes = sum(
        np.sin(2 * np.pi * roots * ratio * partial * time) / partial**1.5
        for ratio in (0.5, 1.0, 1.26, 1.5)
        for partial in range(1, 6)
    )
    struck = notes * np.exp(-2 * beat) * np.minimum(1, beat / 0.005)
    scaled: Samples = (0.8 * struck / np.abs(struck).max()).astype(np.float32)
    return scaled


def dynamic() -> Samples:
    """From a murmur to a shout, forty dB louder."""
    return speech(SECONDS, RATE_HZ) * np.geomspace(0.01, 1.0, round(SECONDS * RATE_HZ)).astype(np.float32)


SOURCES = {
    "ordinary": speech(SECONDS, RATE_HZ),
    "quiet as a whisper": speech(SECONDS, RATE_HZ, level=0.003),
    "clipped": np.clip(speech(SECONDS, RATE_HZ, level=4.0), -1, 1),
    "constant offset": speech(SECONDS, RATE_HZ, level=0.3) + np.float32(0.3),
    "mostly silence": np.pad(speech(1.0, RATE_HZ), (2 * RATE_HZ, 2 * RATE_HZ)),
    "music": music(),
    "a long tone": sine(440, -12, SECONDS, RATE_HZ),
    "very dynamic": dynamic(),
    "hiss": (0.1 * np.random.default_rng(5).standard_normal(round(SECONDS * RATE_HZ))).astype(np.float32),
    "a click in speech": np.where(np.arange(round(SECONDS * RATE_HZ)) == 40_000, 1, speech(SECONDS, RATE_HZ, level=0.1)),
}  # fmt: skip


def mastered(samples: Samples, rate_hz: int, folder: Folder) -> Master:
    """Twice the same clip, and a pause between."""
    blob = folder.clip(samples.astype(np.float32), rate_hz)
    return assembly.master(request(*[Piece(audio=blob, pause_after_ms=350)] * 2), folder)


def is_right(master: Master, folder: Folder) -> bool:
    """Within 0.1 LU of -16 LUFS and at or under -1 dBTP, on the decoded file."""
    heard = measure(folder.path(master.mp3))
    return abs(heard.integrated_lufs + 16) <= 0.1 and heard.true_peak_dbtp <= -1.0


@pytest.mark.parametrize("kind", SOURCES)
def test_whatever_it_sounds_like_it_is_delivered_on_target(kind: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert is_right(mastered(SOURCES[kind], RATE_HZ, folder), folder)


@pytest.mark.parametrize("name", ["pico", "espeak", "tone"])
def test_every_engine_is_delivered_on_target(name: str, tmp_path: Path) -> None:
    if name == "espeak" and find_spec("espeakng_loader") is None:
        pytest.skip("the extra espeak is not installed")
    folder, engine, path = Folder(tmp_path), plugins.find("engines", name), tmp_path / "clip.wav"
    text = "A few honest words about what went wrong were enough, and the next guests walked straight in, smiling."
    try:
        engine.check(engine.Options())
    except PaperledgeError as error:
        pytest.skip(str(error))
    engine.warm()
    isolation.speak(engine, text, engine.Options(), path)
    sound = read_sound(path)
    assert is_right(mastered(sound.samples, sound.rate_hz, folder), folder)


def test_a_single_click_says_why_it_stays_quiet(tmp_path: Path) -> None:
    """All its energy is in one peak: the ceiling forbids the target, and the report has what was reached."""
    click = sine(300, -70, SECONDS, RATE_HZ)
    click[50_000] = 0.9
    folder = Folder(tmp_path)
    master = mastered(click, RATE_HZ, folder)
    heard = measure(folder.path(master.mp3))
    assert heard.true_peak_dbtp <= -1.0
    assert master.loudness.integrated_mlufs == round(1000 * heard.integrated_lufs) < -16_100


@pytest.mark.parametrize("samples", [np.zeros(10 * RATE_HZ), np.full(10 * RATE_HZ, 0.5)])
def test_silence_is_refused_in_words(samples: Samples, tmp_path: Path) -> None:
    with pytest.raises(AssemblyError, match="all clips are silent, below -70 LUFS"):
        mastered(samples, RATE_HZ, Folder(tmp_path))
