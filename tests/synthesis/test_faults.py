"""Engines that fail in every way seen: the take is made again, or the line is named."""

import errno
import faulthandler
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline import plugins, synthesis
from pipeline.errors import PluginError, SynthesisError
from pipeline.model import SpeechRequest
from pipeline.synthesis import TAKES, isolation
from pipeline.synthesis.engine import VoiceInfo
from pipeline.synthesis.engines import tone

from .conftest import FolderDesk

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="engines that only a test knows can be forked, not started anew"
)

LINE = "Transformers can learn how to learn, says a paper from last week."


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Faulty:
    """Speaks in tones, but its first takes go wrong. Takes are counted in a folder, across processes."""

    name = "faulty"
    Options: type[msgspec.Struct] = Options
    licence = "MIT"
    deterministic = False
    own_process = True
    network = False
    memory_mb = 10
    max_chars = 1000

    def __init__(self, folder: Path, fail: Callable[[Path], None], times: int) -> None:
        self.folder, self.fail, self.times = folder, fail, times

    def check(self, options: Any) -> None: ...

    def identity(self, options: Any) -> str:
        return "faulty 1"

    def describe(self, options: Any) -> VoiceInfo:
        return VoiceInfo(id="", language="en", name="faulty")

    def warm(self) -> None: ...

    def speak(self, text: str, options: Any, path: Path) -> None:
        take = len(list(self.folder.iterdir()))
        (self.folder / str(take)).touch()
        tone.ENGINE.speak(text, tone.ToneOptions(), path)
        if take < self.times:
            self.fail(path)

    def voices(self) -> tuple[VoiceInfo, ...]:
        raise RuntimeError("no voices today")


def leave_empty(path: Path) -> None:
    path.write_bytes(b"")


def leave_only_a_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:44])


def lose_the_second_half_of_the_file(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def say_half(path: Path) -> None:
    tone.ENGINE.speak(LINE[: len(LINE) // 2], tone.ToneOptions(), path)


def write_nothing(path: Path) -> None:
    path.unlink()


def write_silence(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:44] + bytes(len(content) - 44))


def raise_an_error(path: Path) -> None:
    raise ValueError("the moon is full")


def leave(path: Path) -> None:
    raise SystemExit(3)


def crash(path: Path) -> None:
    faulthandler.disable()  # pytest's would tell of it on the terminal
    os.write(2, b"corrupted size vs. prev_size\n")
    os.kill(os.getpid(), signal.SIGSEGV)


def end_at_once(path: Path) -> None:
    os._exit(7)


def hang(path: Path) -> None:
    os.write(1, b"Audio saved to nowhere\n")
    time.sleep(60)


FAULTS = {
    leave_empty: "not a whole 16-bit mono WAV",
    leave_only_a_header: "WAV: 0 of",
    lose_the_second_half_of_the_file: "not a whole 16-bit mono WAV",
    say_half: "too short for the text",
    write_nothing: "no file was written",
    write_silence: "are silent",
    raise_an_error: "the engine raised ValueError: the moon is full",
    leave: "the engine raised SystemExit: 3",
    crash: "the engine was ended by SIGSEGV: corrupted size vs. prev_size",
    end_at_once: "the engine left with code 7",
    hang: "the engine did not answer within 0 s",
}


@pytest.fixture
def faulty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[Path], None], int], Faulty]:
    """Make the engine "faulty" known, and hanging cheap."""
    folder = tmp_path / "takes"
    folder.mkdir()

    def make(fail: Callable[[Path], None], times: int) -> Faulty:
        engine = Faulty(folder, fail, times)
        monkeypatch.setattr(plugins, "find", lambda group, name: engine)
        if fail is hang:
            monkeypatch.setattr(isolation, "LIMIT_S", 0.4)
            monkeypatch.setattr(isolation, "LIMIT_PER_CHAR_S", 0.0)
        return engine

    return make


def request(text: str = LINE) -> SpeechRequest:
    return SpeechRequest(text=text, engine="faulty", identity="faulty 1", options={})


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_bad_take_is_made_again(fault: Any, faulty: Any, desk: FolderDesk, tmp_path: Path) -> None:
    faulty(fault, 1)
    clip = synthesis.speak(request(), desk)
    reference = tmp_path / "reference.wav"
    tone.ENGINE.speak(LINE, tone.ToneOptions(), reference)
    assert desk.path(clip.audio).read_bytes() == reference.read_bytes()
    assert [path.name for path in desk.folder.iterdir()] == ["2.wav"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_line_that_stays_bad_is_named_with_its_fault(fault: Any, faulty: Any, desk: FolderDesk) -> None:
    engine = faulty(fault, TAKES)
    with pytest.raises(SynthesisError) as caught:
        synthesis.speak(request(), desk)
    assert "'Transformers can learn how to learn, says a paper from last" in str(caught.value)
    assert FAULTS[fault] in str(caught.value)
    assert f"in each of {TAKES} takes" in str(caught.value)
    assert len(list(engine.folder.iterdir())) == TAKES
    assert list(desk.folder.iterdir()) == []


def test_each_take_is_named_where_they_differ(faulty: Any, desk: FolderDesk) -> None:
    def fail(path: Path) -> None:
        faults = [crash, say_half, raise_an_error, write_nothing]
        faults[len(list(engine.folder.iterdir())) - 1](path)

    engine = faulty(fail, TAKES)
    with pytest.raises(SynthesisError, match=r"take 1: .*SIGSEGV.*; take 2: .*too short.*; take 3: .*moon"):
        synthesis.speak(request(), desk)


def test_hung_engine_is_ended_with_all_it_started(faulty: Any, desk: FolderDesk, tmp_path: Path) -> None:
    def start_another_and_hang(path: Path) -> None:
        child = subprocess.Popen(["sleep", "60"])
        (tmp_path / "pids").write_text(f"{os.getpid()} {child.pid}")
        time.sleep(60)

    faulty(hang, 0)
    faulty(start_another_and_hang, 1)
    synthesis.speak(request(), desk)
    for pid in (tmp_path / "pids").read_text().split():
        assert_ends(int(pid))


def test_engine_ends_with_the_process_that_asked(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = f"""
import os, pathlib, time
from pipeline.synthesis import isolation
from pipeline.synthesis.engines.tone import Tone, ToneOptions
class Hanging(Tone):
    own_process = True
    def speak(self, text, options, path):
        pathlib.Path({str(note)!r}).write_text(str(os.getpid()) + ".")
        time.sleep(60)
isolation.speak(Hanging(), "x", ToneOptions(), pathlib.Path("x.wav"))
"""
    with subprocess.Popen([sys.executable, "-c", script]) as process:
        wait_until(lambda: note.exists() and note.read_text().endswith("."))
        process.kill()
    assert_ends(int(note.read_text()[:-1]))


def test_nothing_is_left_open_and_nothing_is_printed(
    faulty: Any, desk: FolderDesk, capfd: pytest.CaptureFixture[str]
) -> None:
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    for fault in (hang, crash, raise_an_error):
        engine = faulty(fault, 1)
        synthesis.speak(request(), desk)
        for take in engine.folder.iterdir():
            take.unlink()
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before
    with suppress(ChildProcessError):  # nor a process that nobody waited for
        assert os.waitpid(-1, os.WNOHANG) == (0, 0)
    assert capfd.readouterr() == ("", "")


def test_a_process_that_cannot_be_started_leaves_nothing_open(
    faulty: Any, desk: FolderDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise BlockingIOError(errno.EAGAIN, "no more processes")

    faulty(hang, 0)
    monkeypatch.setattr(isolation, "_fork", refuse)
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(OSError, match="no more processes"):
        synthesis.speak(request(), desk)
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def test_forking_beside_a_waiting_thread_is_silent(faulty: Any, desk: FolderDesk) -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        faulty(hang, 0)
        assert synthesis.speak(request(), desk).samples > 0
    finally:
        over.set()
        thread.join()


def test_refusal_is_final(faulty: Any, desk: FolderDesk) -> None:
    def refuse(path: Path) -> None:
        raise PluginError("the voice is on holiday", hint="ask another")

    engine = faulty(refuse, TAKES)
    with pytest.raises(SynthesisError, match=r"cannot be spoken: the voice is on holiday \(ask another\)"):
        synthesis.speak(request(), desk)
    assert len(list(engine.folder.iterdir())) == 1


def test_voices_that_cannot_be_listed_are_an_error(faulty: Any) -> None:
    with pytest.raises(isolation.EngineFailed, match="RuntimeError: no voices today"):
        isolation.list_voices(faulty(hang, 0))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        os.sched_yield()


def assert_ends(pid: int) -> None:
    """A process that was killed is gone, or waits for somebody to ask for its status."""

    def has_ended() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
        except (FileNotFoundError, ProcessLookupError):
            return True

    wait_until(has_ended)
