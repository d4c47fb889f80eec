"""The door: what it asks for, what it refuses, what it gives back."""

import subprocess
import sys
import wave

import pytest

from pipeline import synthesis
from pipeline.errors import PluginError, SynthesisError

from .conftest import FolderDesk, Say, request_for


def test_clip_tells_what_is_in_its_file(say: Say, desk: FolderDesk) -> None:
    clip = say("tone", "One line of a script.")
    with wave.open(str(desk.path(clip.audio))) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert (file.getnframes(), file.getframerate()) == (clip.samples, clip.rate_hz)


@pytest.mark.parametrize("text", ["", " ", "…", "?!", "— · —", "\u200b", "\U0001f600"])
def test_text_with_nothing_to_say_is_refused(text: str, say: Say) -> None:
    with pytest.raises(SynthesisError, match="no letter or digit"):
        say("tone", text)


def test_text_longer_than_the_engine_takes_is_refused(say: Say) -> None:
    with pytest.raises(SynthesisError, match=r"'word word .*…' has 500,000 characters; tone takes 100,000"):
        say("tone", "word " * 100_000)


def test_other_version_than_asked_for_is_refused(desk: FolderDesk) -> None:
    request = request_for("tone", "A line.")
    other = type(request)(text="A line.", engine="tone", identity="tone.0", options={})
    assert request.identity != other.identity
    with pytest.raises(
        SynthesisError, match=f"planned for 'tone.0', but the engine here is '{request.identity}'"
    ):
        synthesis.speak(other, desk)


def test_unknown_engine_is_named_with_the_nearest(desk: FolderDesk) -> None:
    request = request_for("tone", "A line.")
    with pytest.raises(
        PluginError, match=r"no engine 'pcio' \(did you mean 'pico'\? known: .*pico, .*pyttsx3, tone"
    ):
        synthesis.speak(type(request)(text="A", engine="pcio", identity="", options={}), desk)


@pytest.mark.parametrize(
    ("engine", "options", "said"),
    [
        ("tone", {"pace": 3}, "unknown field `pace`"),
        ("pico", {"words_per_minute": 79}, r">= 80.*words_per_minute"),
        ("kokoro", {"pitch_percent": 90}, "unknown field `pitch_percent`"),
        ("pico", {"pitch_percent": 201}, r"<= 200.*pitch_percent"),
        ("pico", {"voice": 3}, r"Expected `str`.*voice"),
        ("pyttsx3", {"words_per_minute": 79}, r">= 80.*words_per_minute"),
        ("pyttsx3", {"words_per_minute": 401}, r"<= 400.*words_per_minute"),
        ("pyttsx3", {"volume_percent": 0}, r">= 10.*volume_percent"),
    ],
)
def test_option_out_of_range_is_refused(
    engine: str, options: dict[str, int], said: str, desk: FolderDesk
) -> None:
    request = request_for(engine, "A line.")
    wrong = type(request)(text="A line.", engine=engine, identity=request.identity, options=dict(options))
    with pytest.raises(SynthesisError, match=f"options of engine {engine} are wrong: .*{said}"):
        synthesis.speak(wrong, desk)


def test_stage_and_identities_load_nothing_heavy() -> None:
    heavy = "numpy soundfile soxr py_nanotts pyttsx3 espeakng_loader importlib.metadata"
    script = f"""
import sys
from pipeline import plugins, synthesis
for name in ("pico", "pyttsx3", "tone"):
    engine = plugins.find("engines", name)
    engine.check(engine.Options()), engine.identity(engine.Options())
print(*set({heavy!r}.split()) & set(sys.modules), end="")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
