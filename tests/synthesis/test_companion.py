"""A program beside ours: its answers are the right ones or none, and it is started again."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.synthesis.companion import Companion
from pipeline.synthesis.isolation import EngineFailed

from .test_faults import assert_ends

ECHO = """
import json, os, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    {what}
    print(json.dumps({{"number": asked["number"], "said": asked["say"]}}), flush=True)
"""
FAULTS = {
    "os._exit(3)": "the engine left with code 3",
    "print('oh no', file=sys.stderr, flush=True); os.abort()": "the engine was ended by SIGABRT: oh no",
    "print('{', end='', flush=True); os._exit(0)": "the engine left with code 0",
    "asked['number'] -= 1": "the engine answered another line",
    "os.close(1); time.sleep(60)": "the engine was ended by SIGKILL",
    "time.sleep(60)": "the engine did not answer within 1 s",
}

Make = Callable[..., Companion]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes end by signals here")


@pytest.fixture
def make(tmp_path: Path, request: pytest.FixtureRequest) -> Make:
    def make(what: str = "pass") -> Companion:
        (tmp_path / "echo.py").write_text(ECHO.format(what=what))
        companion = Companion(tmp_path / "echo.py")
        request.addfinalizer(companion.end)
        return companion

    return make


def test_one_program_answers_all(make: Make) -> None:
    companion = make()
    assert companion.ask({"say": 1}, 30) == {"said": 1}
    pid = companion.pid
    assert companion.ask({"say": "é" * 200_000}, 30) == {"said": "é" * 200_000}  # more than a pipe holds
    assert companion.pid == pid


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_told_and_the_next_question_goes_to_another(what: str, make: Make) -> None:
    companion = make(
        f"if asked['say'] == 'bad': {what}"
        if ";" not in what
        else f"exec({what!r}) if asked['say'] == 'bad' else 0"
    )
    with pytest.raises(EngineFailed) as caught:
        companion.ask({"say": "bad"}, 1.0)
    assert str(caught.value) == FAULTS[what]
    assert companion.pid is None
    assert companion.ask({"say": "good"}, 30) == {"said": "good"}


@pytest.mark.parametrize("nonsense", ["hello", "[1]", "\udcff"])
def test_nonsense_ends_it(nonsense: str, make: Make) -> None:
    companion = make(f"sys.stdout.reconfigure(errors='surrogateescape'); print({nonsense!r})")
    with pytest.raises(EngineFailed, match="the engine answered nonsense: "):
        companion.ask({"say": 1}, 30)
    assert companion.pid is None


def test_an_interrupted_question_leaves_no_answer_behind(make: Make, tmp_path: Path) -> None:
    companion = make(f"if asked['say'] == 1: open({str(tmp_path / 'asked')!r}, 'w').close(); time.sleep(60)")

    def interrupt() -> None:
        while not (tmp_path / "asked").exists():
            os.sched_yield()
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        companion.ask({"say": 1}, 30)
    thread.join()
    assert companion.ask({"say": 2}, 30) == {"said": 2}


def test_it_ends_when_told(make: Make) -> None:
    companion = make()
    companion.ask({"say": 1}, 30)
    pid = companion.pid
    assert pid is not None
    companion.end()
    companion.end()
    assert_ends(pid)
    assert companion.pid is None
