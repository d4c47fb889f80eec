"""When words begin: what is made of an engine's events, what is refused, and how it travels."""

import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import plugins, synthesis
from pipeline.errors import SynthesisError
from pipeline.model import Blob, Clip, SpeechRequest, WordTime
from pipeline.synthesis import TAKES, isolation
from pipeline.synthesis.timing import fault, word_times

from . import broken
from .conftest import FolderDesk, request_for

LINE = "Two words, or so."


def told(text: str, *begun: tuple[int, int]) -> list[tuple[str, int]]:
    return [(text[word.start : word.end], word.at_samples) for word in word_times(text, begun)]


@pytest.mark.parametrize(
    ("text", "begun", "words"),
    [
        ("One two.", [(0, 0), (4, 9)], [("One", 0), ("two", 9)]),
        ("In 1987, it", [(0, 0), (3, 5), (4, 7), (4, 8), (9, 9)], [("In", 0), ("1987", 5), ("it", 9)]),
        ("such as a plan", [(0, 0), (10, 9)], [("such as a", 0), ("plan", 9)]),
        ("state-of-the-art", [(0, 0), (6, 5)], [("state-of-the-art", 0)]),
        ("- The “end”", [(0, 2), (6, 9)], [("The", 2), ("end", 9)]),
        ("a 🎉 b", [(0, 0), (2, 3), (3, 4), (4, 5)], [("a", 0), ("🎉", 3), ("b", 5)]),
        ("one two", [(4, 0), (0, 5)], [("two", 0)]),
        ("… !", [(0, 1), (2, 2)], [("…", 1), ("!", 2)]),
        ("one", [], []),
    ],
)
def test_words_are_what_a_reader_sees(text: str, begun: Any, words: list[tuple[str, int]]) -> None:
    assert told(text, *begun) == words


@given(
    st.text(alphabet="ab ,é🎉.\n", min_size=1),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 99)), max_size=9),
)
def test_what_is_made_of_any_events_passes_the_check(text: str, begun: list[tuple[int, int]]) -> None:
    ordered = sorted((position % len(text), at) for position, at in begun)
    times = sorted(at for _, at in ordered)
    pairs = [(position, at) for (position, _), at in zip(ordered, times, strict=True)] if text.strip() else []
    assert fault(word_times(text, pairs), text, 100) is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([(0, 3, 0), (2, 5, 9)], "word 2 of its word times is out of order"),
        ([(0, 3, 9), (4, 5, 8)], "word 2 of its word times is out of order"),
        ([(0, 3, 0), (4, 99, 9)], "word 2 of its word times lies outside the text"),
        ([(0, 3, 100)], "word 1 of its word times lies outside the sound"),
        ([(0, 3, 0), (4, 9, 99)], None),
        ([], None),
    ],
)
def test_word_times_that_cannot_be_true_are_a_fault(words: Any, message: str | None) -> None:
    times = [WordTime(start=start, end=end, at_samples=at) for start, end, at in words]
    assert fault(times, LINE, 100) == message


def test_records_without_word_times_stay_as_they_were() -> None:
    sha256 = "0" * 64
    old = (
        b'{"audio":{"sha256":"%s","suffix":".wav","size_bytes":44},"samples":1,"rate_hz":8000}'
        % sha256.encode()
    )
    clip = msgspec.json.decode(old, type=Clip)
    assert clip == Clip(audio=Blob(sha256=sha256, suffix=".wav", size_bytes=44), samples=1, rate_hz=8000)
    assert msgspec.json.encode(clip) == old


class Telling(broken.Sound):
    """Tells word times, in a process of its own."""

    own_process = True
    told: Any = (WordTime(start=0, end=3, at_samples=0), WordTime(start=4, end=9, at_samples=5_000))

    def times_words(self, options: Any) -> bool:
        return True

    def speak(self, text: str, options: Any, path: Path) -> Any:
        self.write(text, options, path)
        return self.told


def speak(engine: Any, desk: FolderDesk, monkeypatch: pytest.MonkeyPatch) -> Clip:
    monkeypatch.setattr(plugins, "find", lambda group, name: engine)
    request = SpeechRequest(text=LINE, engine="telling", identity="telling 1", options={"voice": "low"})
    return synthesis.speak(request, desk)


on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="an engine that only a test knows can be forked"
)


@on_linux
def test_an_engine_that_fails_to_say_whether_it_tells_costs_its_line(
    desk: FolderDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unsure(Telling):
        def times_words(self, options: Any) -> bool:
            raise KeyError("model")

    with pytest.raises(SynthesisError, match="the engine raised KeyError: 'model'"):
        speak(Unsure("telling"), desk, monkeypatch)


@on_linux
def test_word_times_reach_the_clip(desk: FolderDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = speak(Telling("telling"), desk, monkeypatch)
    assert clip.words == Telling.told
    assert msgspec.json.decode(msgspec.json.encode(clip), type=Clip) == clip


@on_linux
@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((WordTime(start=0, end=99, at_samples=0),), "word 1 of its word times lies outside the text"),
        ((WordTime(start=0, end=3, at_samples=10**9),), "word 1 of its word times lies outside the sound"),
        (({"start": 3, "end": 3, "at_samples": 0},), "its word times are wrong: a word without characters"),
        (None, "its word times are wrong: Expected `array`, got `null`"),
    ],
)
def test_a_take_with_wrong_word_times_is_a_bad_take(
    words: Any, message: str, desk: FolderDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Telling("telling")
    engine.told = words
    with pytest.raises(SynthesisError, match=f"in each of {TAKES} takes, {message}"):
        speak(engine, desk, monkeypatch)
    assert list(desk.folder.iterdir()) == []


def test_an_engine_that_tells_nothing_makes_no_words(tmp_path: Path, desk: FolderDesk) -> None:
    engine = plugins.find("engines", "tone")
    assert isolation.speak(engine, LINE, engine.Options(), tmp_path / "a.wav") == ()
    assert synthesis.speak(request_for("tone", LINE), desk).words == ()
