"""Runs whose driver and workers are killed again and again, while somebody listens to what is there.

Every kill comes when so many results are in the store: that spreads them over the whole of the work,
however fast the computer is.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import soundfile

from pipeline.deliver import SUFFIXES

from ..bench.many import REPOSITORY, write_show
from ..synthesis.little_voice import write_voice
from .test_torture import LOCAL

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc"),
]

LEFT_BEHIND_S = 2.0
"""Nothing that a killed driver started may be there so long after it."""
PATIENCE_S = 120.0
"""No result comes later than that after the one before."""

Stamp = tuple[int, int]


class Run:
    """A `make` in processes of its own, which all carry a mark."""

    def __init__(self, show: Path, *arguments: str) -> None:
        self.mark = f"PAPERLEDGE_TEST={uuid4().hex}"
        name, _, value = self.mark.partition("=")
        self.driver = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "--show", str(show), "make", "--jobs", "2", *arguments],
            cwd=REPOSITORY,
            env={**os.environ, name: value},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def others(self) -> dict[int, str]:
        """What it has started and is there still: process id → command."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                marked = self.mark.encode() in (folder / "environ").read_bytes()
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:  # it has ended
                continue
            if marked and int(folder.name) != self.driver.pid:
                found[int(folder.name)] = command
        return found

    def strike(self, lots: random.Random) -> bool:
        """Kill the driver, a worker, or a process in which one speaks; whether there was any left."""
        if self.driver.poll() is not None:
            return False
        workers = [pid for pid, command in self.others().items() if "spawn_main" in command]
        if workers and lots.random() < 0.5:
            try:
                os.kill(lots.choice(workers), signal.SIGKILL)
            except ProcessLookupError:  # done with its line just now
                return False
        else:
            self.kill_driver()
        return True

    def kill_driver(self) -> None:
        """Kill it, and see that nothing it started is left."""
        self.driver.kill()
        self.driver.wait()
        deadline = time.monotonic() + LEFT_BEHIND_S
        while (left := self.others()) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not left


def records(show: Path, step: str = "") -> dict[str, Stamp]:
    """What is finished in the store, of one step or of all: record → when it was written, and as which file."""
    found = {}
    for path in (show / "output/.store/records" / step).rglob("*.json"):
        status = path.stat()
        found[path.name] = (status.st_mtime_ns, status.st_ino)
    return found


def made(show: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((show / "output/episodes").glob("*.*"))}


class Listener(threading.Thread):
    """Decodes every finished episode from beginning to end, over and over, or as soon as one changes."""

    def __init__(self, show: Path, whole: list[dict[str, bytes]], *, changes_only: bool) -> None:
        super().__init__(daemon=True)
        self._show, self._whole, self._changes_only = show, whole, changes_only
        self._ended = threading.Event()
        self._known: dict[Path, Stamp] = {}
        self.heard = 0
        self.torn: list[str] = []

    def run(self) -> None:
        while not self._ended.wait(0.0002):
            for path in (self._show / "output/episodes").glob("[!.]*"):
                status = path.stat()
                stamp = status.st_mtime_ns, status.st_ino
                if not self._changes_only or stamp != self._known.get(path):
                    self._known[path] = stamp
                    self._hear(path)

    def _hear(self, path: Path) -> None:
        if path.read_bytes() not in [files[path.name] for files in self._whole]:
            self.torn.append(f"{path.name} is neither the old one nor the new")
        if path.suffix == ".mp3":
            try:
                with soundfile.SoundFile(path) as file:
                    if len(file.read(dtype="int16")) != file.frames:
                        self.torn.append(f"{path.name} ends early")
            except soundfile.LibsndfileError as error:
                self.torn.append(f"{path.name} cannot be played: {error}")
        self.heard += 1

    def end(self) -> None:
        self._ended.set()
        self.join()


@contextmanager
def listening(show: Path, whole: list[dict[str, bytes]]) -> Iterator[list[Listener]]:
    listeners = [Listener(show, whole, changes_only=changes_only) for changes_only in (False, True)]
    for listener in listeners:
        listener.start()
    try:
        yield listeners
    finally:
        for listener in listeners:
            listener.end()


def struck(show: Path, run: Run, moment: int, lots: random.Random) -> dict[str, Stamp]:
    """Kill something of a run when so many results are in the store; all that are there when it dies.

    None if the run had ended by itself.
    """
    deadline = time.monotonic() + PATIENCE_S
    while run.driver.poll() is None and len(records(show)) < moment:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(lots.uniform(0, 0.2))
    before = records(show)
    return before if run.strike(lots) else {}


def test_kills_lose_no_finished_work_and_tear_no_file(tmp_path: Path, short: bool) -> None:
    episodes, kills = (4, 8) if short else (40, 50)
    shows = tmp_path / "undisturbed", tmp_path / "killed"
    for show in shows:
        write_show(show, episodes, "ernis")
        (show / "voices/tone.yaml").write_bytes((REPOSITORY / "voices/tone.yaml").read_bytes())
        assert Run(show, "--voice", "tone").driver.wait() == 0
    undisturbed, show = shows
    old, begun = made(show), len(records(show))
    assert Run(undisturbed).driver.wait() == 0
    new, all_done = made(undisturbed), len(records(undisturbed))
    assert len(new) == len(old) == len(SUFFIXES) * episodes
    assert not {*old.values()} & {content for name, content in new.items() if name.endswith(".mp3")}

    lots = random.Random(7)
    moments = sorted(lots.choices(range(begun, all_done), k=kills))
    finished: dict[str, Stamp] = {}
    run = Run(show)
    with listening(show, [old, new]) as listeners:
        for moment in moments:
            while not (before := struck(show, run, moment, lots)):
                run = Run(show)  # the one before has lost a worker's lines, and made all others
            finished |= before
            if run.driver.poll() is not None:
                run = Run(show)
        run.driver.wait()
        assert Run(show).driver.wait() == 0
    assert [listener.torn for listener in listeners] == [[], []]
    assert all(listener.heard > len(new) for listener in listeners)
    assert made(show) == new
    last = records(show)
    assert {name for name, stamp in finished.items() if last[name] != stamp} == set()  # none made again
    assert len(last) == all_done


@pytest.mark.parametrize("engine", LOCAL)
def test_nothing_outlives_a_killed_driver_whoever_speaks(engine: str, tmp_path: Path, short: bool) -> None:
    show = tmp_path / "show"
    write_show(show, 4 if short else 16, "tone")
    profile = {"engine": engine, "options": LOCAL[engine]}
    (show / "voices/mine.yaml").write_text(json.dumps(profile))
    shutil.copytree(REPOSITORY / "voices/styles", show / "voices/styles")
    write_voice(show / "voices/piper", "little")
    lots = random.Random(7)
    for _ in range(2 if short else 8):
        run, spoken, begun = Run(show, "--voice", "mine"), len(records(show, "synthesis")), time.monotonic()
        while len(records(show, "synthesis")) == spoken and run.driver.poll() is None:
            assert time.monotonic() - begun < PATIENCE_S
            time.sleep(0.01)
        time.sleep(lots.uniform(0, 0.05))
        assert run.others()
        run.kill_driver()
