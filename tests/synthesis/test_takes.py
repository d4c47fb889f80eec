"""Takes: what is wrong with a recording is said, and a good one passes."""

import wave
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.synthesis import takes
from pipeline.synthesis.engines.tone import ENGINE, ToneOptions
from pipeline.synthesis.expected import bounds_s, expected_s

from .conftest import write_wav

LINES = (
    "It's like teaching a student not just facts, but how to study effectively.",
    "They showed that a simplified version of a transformer can act as a near-optimal learner.",
    "So, what did the researchers find?",
    "Until next time, keep those questions coming and keep learning!",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "take.wav"


def recorded(text: str, path: Path) -> "array[int]":
    ENGINE.speak(text, ToneOptions(), path)
    with wave.open(str(path), "rb") as file:
        return array("h", file.readframes(file.getnframes()))


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("part", [0.1, 0.3, 0.5])
def test_half_a_take_is_found(line: str, part: float, path: Path) -> None:
    samples = recorded(line, path)
    half = samples[: int(len(samples) * part)] + array("h", bytes(20_000))
    write_wav(path, half.tobytes(), 22_050)
    assert "too short for the text" in (takes.fault(path, line) or "")


@pytest.mark.parametrize("line", LINES)
def test_take_of_another_line_twice_as_long_is_found(line: str, path: Path) -> None:
    recorded(f"{line} {line}", path)
    assert "too long for the text" in (takes.fault(path, line) or "")


@pytest.mark.parametrize("line", LINES)
def test_pace_is_taken_into_account(line: str, path: Path) -> None:
    recorded(line, path)
    assert takes.fault(path, line, 175) is None
    assert "too short" in (takes.fault(path, line, 88) or "")
    assert "too long" in (takes.fault(path, line, 350) or "")


def test_a_hyphen_between_letters_is_not_said() -> None:
    assert expected_s("a leave-one-out test") == expected_s("a leave one out test")
    assert expected_s("leave‐one‑out") == expected_s("leave one out")
    assert expected_s("minus -5") != expected_s("minus 5")


def test_sound_up_to_the_last_moment_was_cut_off(path: Path) -> None:
    samples = recorded("an understanding of interpretability", path)
    write_wav(path, samples[: len(samples) * 3 // 4].tobytes(), 22_050)
    assert takes.fault(path, "an understanding") == "the sound is cut off at the end"


def test_silence_around_the_sound_does_not_count(path: Path) -> None:
    samples, silence = recorded(LINES[0], path), array("h", bytes(400_000))
    write_wav(path, (silence + samples + silence).tobytes(), 22_050)
    assert takes.fault(path, LINES[0]) is None


@pytest.mark.parametrize("length", range(0, 60, 4))
def test_file_cut_within_its_header_is_a_fault(length: int, path: Path) -> None:
    recorded("hello", path)
    path.write_bytes(path.read_bytes()[:length])
    assert "not a whole 16-bit mono WAV" in (takes.fault(path, "hello") or "")


def test_a_header_without_a_rate_is_a_fault(path: Path) -> None:
    write_wav(path, bytes(100))
    content = bytearray(path.read_bytes())
    content[24:28] = bytes(4)
    path.write_bytes(content)
    assert takes.fault(path, "hello") == "the file is not a whole 16-bit mono WAV: 0 samples a second"


def test_other_formats_are_a_fault(path: Path) -> None:
    write_wav(path, bytes(100), channels=2)
    assert takes.fault(path, "hello") == "the file is not a whole 16-bit mono WAV: 2 channels of 16 bits"
    write_wav(path, bytes(100), width=1)
    assert takes.fault(path, "hello") == "the file is not a whole 16-bit mono WAV: 1 channels of 8 bits"
    write_wav(path, b"")
    assert takes.fault(path, "hello") == "the file holds no sound"
    path.unlink()
    assert takes.fault(path, "hello") == "no file was written"


@pytest.mark.parametrize(
    ("text", "pico_s", "espeak_s"),  # seconds of sound, measured at their usual pace
    [
        ("Yes.", 0.38, 0.36),
        ("a", 0.23, 0.26),
        ("GPT", 0.88, 0.59),
        ("BERT", 0.45, 0.34),
        ("Introduction", 0.86, 0.85),
        ("Thursday Oct 23, 2025", 4.4, 3.42),
        ("code 052", 1.31, 1.36),
        ("$18129", 3.1, 2.71),
        ("3.2e5", 2.69, 1.34),
        ("COVID-19", 1.03, 0.96),
        ("That's where M3Dphormer comes in!", 1.97, 2.09),
        ("Traceable Evidence Grounding: like the detective examining all evidence.", 4.35, 4.3),
    ],
)
def test_real_voices_are_within_what_is_expected(text: str, pico_s: float, espeak_s: float) -> None:
    least, most = bounds_s(text)
    assert least < pico_s < most
    assert least < espeak_s < most


@pytest.mark.parametrize(("text", "seconds"), [(LINES[3], 4.0), (LINES[0], 4.6)])
def test_expectation_of_ordinary_words_is_one_number(text: str, seconds: float) -> None:
    least, most = expected_s(text)
    assert least == most == pytest.approx(seconds, rel=0.15)


@given(st.text(max_size=300))
def test_any_text_has_an_expectation(text: str) -> None:
    least, most = expected_s(text)
    assert 0 < least <= most
    assert most <= 0.2 + 1.3 * 2 * len(text)


@given(st.text(max_size=200), st.integers(80, 400))
def test_expectation_follows_the_pace(text: str, words_per_minute: int) -> None:
    usual, paced = expected_s(text), expected_s(text, words_per_minute)
    assert paced == pytest.approx([seconds * 175 / words_per_minute for seconds in usual])
