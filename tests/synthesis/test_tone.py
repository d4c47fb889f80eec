"""Tones: the same bytes everywhere, as long as speech, and fast."""

import hashlib
import time
import wave
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.synthesis import takes
from pipeline.synthesis.engines.tone import ENGINE, PEAK, RATE_HZ, ToneOptions

TEXT = "Attention is all you need, or is it? Tonight: a paper with 12 layers."


def tones(text: str, path: Path) -> "array[int]":
    ENGINE.speak(text, ToneOptions(), path)
    with wave.open(str(path)) as file:
        assert file.getframerate() == RATE_HZ
        return array("h", file.readframes(file.getnframes()))


def test_bytes_are_the_same_everywhere(tmp_path: Path) -> None:
    tones(TEXT, tmp_path / "a.wav")
    digest = hashlib.sha256((tmp_path / "a.wav").read_bytes()).hexdigest()
    assert digest == "ae3b643bfa534be0e94e2c81366ce1cf7f36374e0bd4a593e37602e224e754d4"


def test_lasts_as_long_as_speech(tmp_path: Path) -> None:
    words = (
        "the results show that models trained on many small tasks learn new ones from few examples".split()
    )
    seconds = len(tones(" ".join(words * 10), tmp_path / "a.wav")) / RATE_HZ
    assert 150 <= 60 * len(words * 10) / seconds <= 180


def test_same_word_has_the_same_tone_and_others_differ(tmp_path: Path) -> None:
    same = tones("paper paper", tmp_path / "a.wav")
    other = tones("paper robot", tmp_path / "b.wav")
    half = len(same) // 2
    assert same[:half] == same[half:] == other[:half] != other[half:]


def test_swells_from_silence_and_ebbs_into_it(tmp_path: Path) -> None:
    samples = tones("interpretability", tmp_path / "a.wav")
    middle = len(samples) // 3
    assert PEAK * 0.95 < max(samples[middle : middle + 500]) <= PEAK
    assert max(samples[:40]) < PEAK / 4
    assert max(map(abs, samples[-RATE_HZ // 100 :])) == 0


def test_an_hour_takes_seconds(tmp_path: Path) -> None:
    before = time.process_time()
    samples = tones("all about a small model " * 1800, tmp_path / "a.wav")
    assert len(samples) / RATE_HZ > 2500
    assert time.process_time() - before < 10


@given(st.text(max_size=60).filter(lambda text: any(char.isalnum() for char in text)))
def test_any_text_gives_a_good_take(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.wav"
    tones(text, path)
    assert takes.fault(path, text) is None
