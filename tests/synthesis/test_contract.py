"""Our own engines keep the contract, and an engine that breaks it fails the test that is about it."""

import inspect
import unittest
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import plugins
from pipeline.synthesis import isolation
from pipeline.synthesis.engine import Engine
from pipeline.synthesis.engines import espeak, kokoro, pico, piper, pyttsx3, tone
from pipeline.testing import EngineContract

from ..conftest import install_engine
from . import broken
from .little_voice import write_voice

REPOSITORY = Path(__file__).parent.parent.parent


class TestTone(EngineContract):
    options = ({}, {"pitch_percent": 140})
    is_voice = False

    def engine(self) -> Engine:
        return tone.ENGINE


class TestPico(EngineContract):
    options = ({}, {"voice": "en-US", "words_per_minute": 140, "pitch_percent": 120})
    apart = ({"voice": "en-GB"}, {"voice": "en-US"}, {"voice": "de-DE"})

    def engine(self) -> Engine:
        return pico.ENGINE


class TestKokoro(EngineContract):
    longest = 200
    voices_folder = REPOSITORY / "voices"

    def engine(self) -> Engine:
        return kokoro.ENGINE


class TestPiper(EngineContract):
    options = ({"voice": "little"}, {"voice": "choir", "speaker": 2, "words_per_minute": 140})

    @pytest.fixture(autouse=True)
    def _voices(self, tmp_path: Path) -> None:
        self.voices_folder = tmp_path / "voices"
        write_voice(self.voices_folder / "piper", "little")
        write_voice(self.voices_folder / "piper", "choir", speakers=3)

    def engine(self) -> Engine:
        return piper.ENGINE


class TestEspeak(EngineContract):
    options = ({}, {"voice": "en-us", "words_per_minute": 140, "pitch_percent": 120})

    def engine(self) -> Engine:
        return espeak.ENGINE


class TestPyttsx3(EngineContract):
    options = ({}, {"voice": "en-gb", "volume_percent": 60})

    def engine(self) -> Engine:
        return pyttsx3.ENGINE


WHOLE = "test_every_kind_of_text_becomes_a_whole_take"
TIMES = "test_its_word_times_lie_in_order_inside_text_and_sound"
FAILURES = {
    broken.WrongTypes: {"test_its_attributes_have_their_types": "network is no bool"},
    broken.AnotherName: {"test_it_is_found_by_its_name": "there is no engine 'nobody'"},
    broken.LooseOptions: {"test_its_options_are_frozen_known_and_optional": "takes unknown fields"},
    broken.Unhelpful: {"test_check_passes_or_says_what_to_do": "out of order has no hint"},
    broken.AnyVoice: {"test_an_unknown_voice_is_an_error_with_the_known_ones": "passed the check"},
    broken.LongIdentity: {"test_its_identity_is_one_line_and_stays": "is not one line"},
    broken.SlowIdentity: {"test_its_identity_is_cheap": "the identity takes 0."},
    broken.NoLicence: {"test_its_description_has_a_name_and_a_licence": "has no licence"},
    broken.TwoVoices: {"test_its_voices_are_described": "two voices have one id"},
    broken.Silent: {WHOLE: "no file was written"},
    broken.HalfFile: {WHOLE: "not a whole 16-bit mono WAV"},
    broken.EightBit: {WHOLE: "1 channels of 8 bits"},
    broken.Stereo: {WHOLE: "2 channels of 16 bits"},
    broken.TakesMarkup: {WHOLE: "'markup'"},
    broken.StopsAtLineEnds: {WHOLE: "'newlines'"},
    broken.Raises: {WHOLE: "the engine raised ValueError: the moon is full"},
    broken.Killed: {WHOLE: "the engine was ended by"},
    broken.Hangs: {WHOLE: "the engine did not answer within"},
    broken.Random: {
        "test_the_same_line_is_the_same_again": "other bytes when spoken again",
        "test_other_lines_before_do_not_matter": "other bytes after other lines",
        "test_processes_at_once_give_the_same": "other bytes in other processes",
    },
    broken.Remembers: {
        "test_other_lines_before_do_not_matter": "other bytes after other lines",
        "test_processes_at_once_give_the_same": "other bytes in other processes",
    },
    broken.KnowsItsProcess: {"test_processes_at_once_give_the_same": "other bytes in other processes"},
    broken.EndlesslyPatient: {"test_a_faster_pace_takes_less_time": "are no faster than 120"},
    broken.OutOfOrder: {TIMES: "word 2 of its word times is out of order"},
    broken.TellsNothing: {TIMES: "no word times for 'Yes.'"},
    broken.Untidy: {"test_it_writes_no_other_file": "['a.wav.tmp']"},
    broken.Chatty: {"test_it_prints_nothing": "'Saved.\\n'"},
    broken.Parent: {"test_it_leaves_no_process": "a process outlived"},
}
"""Broken engine → the tests of the contract that fail, and what they say."""


def failures(contract: EngineContract, folder: Path) -> dict[str, str]:
    """Run the contract's tests; those that fail, with what they say."""
    failed = {}
    for name, test in inspect.getmembers(contract, inspect.ismethod):
        if name.startswith("test_") and (message := failure(test, folder / name)) is not None:
            failed[name] = message
    return failed


def failure(test: Callable[..., None], folder: Path) -> str | None:
    folder.mkdir()
    try:
        test(folder) if inspect.signature(test).parameters else test()
    except unittest.SkipTest:
        return None
    except Exception as error:
        return str(error)
    return None


class Installed(EngineContract):
    """The contract, for an engine that only a test has installed."""

    def __init__(self, name: str) -> None:
        self.name = name

    def engine(self) -> Engine:
        found: Engine = plugins.find("engines", self.name)
        return found


@pytest.mark.parametrize("kind", [broken.Sound, *FAILURES], ids=lambda kind: kind.__name__)
def test_an_engine_fails_the_tests_that_are_about_its_fault(
    kind: type[broken.Sound], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = kind.__name__.lower()
    code = f"from {kind.__module__} import {kind.__name__}\nENGINE = {kind.__name__}({name!r})\n"
    install_engine(tmp_path, f"{name}-pack", name, code)
    monkeypatch.syspath_prepend(tmp_path)
    if kind is broken.Hangs:
        monkeypatch.setattr(isolation, "LIMIT_S", 0.3)
        monkeypatch.setattr(isolation, "LIMIT_PER_CHAR_S", 0.0)
    expected = FAILURES.get(kind, {})
    failed = failures(Installed(name), tmp_path)
    assert set(failed) == set(expected), failed
    for test, words in expected.items():
        assert words in failed[test]


def test_an_engine_that_cannot_be_imported_fails_the_test_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_engine(tmp_path, "mute-pack", "mute", "raise RuntimeError('no such device')\n")
    monkeypatch.syspath_prepend(tmp_path)
    ((test, words),) = failures(Installed("mute"), tmp_path).items()
    assert test == "test_it_is_found_by_its_name"
    assert "the engine 'mute' of mute-pack cannot be imported: RuntimeError: no such device" in words
