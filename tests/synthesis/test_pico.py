"""Pico: the same bytes whatever was done before, and text that stays text."""

import ctypes
import random
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipeline.errors import PluginError, SettingsError, SynthesisError
from pipeline.synthesis import isolation, takes
from pipeline.synthesis.engines import pico
from pipeline.synthesis.engines.pico import ENGINE, PicoOptions

from .conftest import Refused, Say

pytestmark = pytest.mark.skipif(
    find_spec("py_nanotts") is None, reason="py-nanotts has no build for this platform"
)

LINES = (
    "They showed that a simplified transformer can act as a near-optimal learner.",
    "Why does this matter?",
    "So, the next time you ask a chatbot, think of a chef!",
    "Yes.",
    "One hundred and twenty-three point five percent.",
)


def spoken(text: str, path: Path, options: PicoOptions | None = None) -> bytes:
    isolation.speak(ENGINE, text, options or PicoOptions(), path)
    return path.read_bytes()


def seconds(text: str, path: Path, options: PicoOptions | None = None) -> float:
    spoken(text, path, options)
    samples, rate_hz = takes._read(path)
    return len(samples) / rate_hz


def test_every_line_is_a_good_take(say: Say, refused: Refused) -> None:
    for line in LINES:
        clip = say("pico", line)
        assert clip.rate_hz == pico.RATE_HZ
        assert refused() == 0


def test_bytes_do_not_depend_on_order(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    first = {line: spoken(line, path) for line in LINES}
    mixed = [(line, voice) for line in LINES for voice in ("en-US", "en-GB")]
    random.Random(7).shuffle(mixed)
    again = {(line, voice): spoken(line, path, PicoOptions(voice=voice)) for line, voice in mixed}
    assert all(again[line, "en-GB"] == content for line, content in first.items())
    assert all(again[line, "en-US"] != content for line, content in first.items())


def test_bytes_are_the_same_in_a_fresh_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.wav"
    here = spoken(LINES[0], path)
    monkeypatch.setattr(isolation, "_CAN_FORK", False)
    assert spoken(LINES[0], path) == here
    script = f"""
from pathlib import Path
from pipeline.synthesis import isolation
from pipeline.synthesis.engines.pico import ENGINE, PicoOptions
isolation.speak(ENGINE, {LINES[0]!r}, PicoOptions(), Path({str(path)!r}))
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    assert path.read_bytes() == here


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux is the process forked from a used one")
def test_bytes_do_not_depend_on_what_the_process_kept_in_memory(tmp_path: Path) -> None:
    before = spoken(LINES[0], tmp_path / "a.wav")
    _leave_garbage_on_the_heap()
    assert spoken(LINES[0], tmp_path / "a.wav") == before


def _leave_garbage_on_the_heap() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    libc.free(libc.malloc(30_000_000))  # from here on, large blocks come from the heap
    blocks = [libc.malloc(3_000_000) for _ in range(3)]
    for block in blocks:
        ctypes.memset(block, 0xA5, 3_000_000)
    for block in blocks:
        libc.free(block)


@pytest.mark.parametrize("opening", ["<", "< ", "<\n", "<<"])
def test_text_cannot_write_files(opening: str, tmp_path: Path) -> None:
    target = tmp_path / "written.wav"
    spoken(f'{opening}genfile file="{target}">hello there</genfile>', tmp_path / "a.wav")
    assert not target.exists()


def test_text_cannot_change_the_voice(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    plain = seconds("speed level twenty, this is a sentence about speed", path)
    assert seconds('<speed level="20">this is a sentence about speed', path) < 2.5 * plain


def test_less_than_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    assert spoken("a < b", path) == spoken("a  less than  b", path)


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_are_spaces(char: str, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    assert spoken(f"before{char}after", path) == spoken("before after", path)


def test_accents_may_be_in_two_pieces(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    assert spoken("a cafe\u0301", path) == spoken("a caf\u00e9", path)


@pytest.mark.parametrize("voice", [voice.id for voice in ENGINE.voices()])
def test_no_voice_clips_ordinary_lines(voice: str, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    spoken(" ".join(LINES), path, PicoOptions(voice=voice))
    assert 4_000 < takes._read(path)[0].max() < 32_000


def test_pace_and_pitch_are_followed(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    usual = seconds(LINES[0], path)
    for words_per_minute in (120, 260):
        options = PicoOptions(words_per_minute=words_per_minute)
        assert seconds(LINES[0], path, options) == pytest.approx(usual * 175 / words_per_minute, rel=0.2)
        assert takes.fault(path, LINES[0], words_per_minute) is None
    assert seconds(LINES[0], path, PicoOptions(pitch_percent=150)) == pytest.approx(usual, rel=0.02)
    assert spoken(LINES[0], path, PicoOptions(pitch_percent=150)) != spoken(LINES[0], path)


def test_text_in_another_script_is_an_error(say: Say) -> None:
    with pytest.raises(
        SynthesisError, match=r"'你好世界' was not spoken by pico: .*(silent|no sound|too short)"
    ):
        say("pico", "你好世界")


@pytest.mark.slow
def test_text_of_many_pages_is_spoken(say: Say) -> None:
    clip = say("pico", " ".join(LINES) * 40)
    assert clip.samples / clip.rate_hz > 400


def test_unknown_voice_is_named_with_the_known_ones() -> None:
    with pytest.raises(
        SettingsError, match=r"no voice 'en-UK' \(did you mean 'en-U?S?G?B?'\? known: de-DE, en-GB"
    ):
        ENGINE.check(PicoOptions(voice="en-UK"))


def test_identity_tells_versions_and_voices_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    british = ENGINE.identity(PicoOptions())
    assert british == ENGINE.identity(PicoOptions(words_per_minute=120))
    assert british != ENGINE.identity(PicoOptions(voice="en-US"))
    monkeypatch.setattr(pico, "installed_version", lambda name: "9.9")
    assert " 9.9 " in ENGINE.identity(PicoOptions()) != british


def test_missing_library_says_what_else_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pico, "find_spec", lambda name: None)
    with pytest.raises(PluginError, match=r"no build for this computer.*pyttsx3, or a fallback"):
        ENGINE.check(PicoOptions())
