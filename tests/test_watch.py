"""Watching: every edit is made moments after it was saved, in drafts, and errors end nothing."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from pipeline import backlog, install
from pipeline.backlog import Report
from pipeline.cli import main
from pipeline.errors import ExtraMissing
from pipeline.watch import watch

from .conftest import LittleShow
from .test_cli import PAPERLEDGE, run


def edits_seen(show: LittleShow, *edits: Callable[[], object]) -> int:
    """How many runs it takes when each edit is made during the run before it."""
    runs = 0
    waiting = list(edits)

    def make() -> None:
        nonlocal runs
        runs += 1
        if waiting:
            waiting.pop(0)()

    watch(show.root, make, runs=len(edits) + 1, pause_s=0.001)
    return runs


def test_each_kind_of_edit_begins_a_run(show: LittleShow) -> None:
    path = show.paper("one")
    assert edits_seen(
        show,
        lambda: show.paper("two"),
        lambda: show.write("scripts/outro.j2", "Bye.\n"),
        lambda: show.write("voices/tone.yaml", "engine: tone\n# a note\n"),
        lambda: show.write("show.yaml", "title: Other\nhost: Ernis\nvoice: tone\n"),
        path.unlink,
    ) == 6  # fmt: skip


def test_what_is_no_source_begins_none(show: LittleShow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several writes in a row are one run; an editor's hidden files and output/ are none."""
    show.paper("one")
    looks = 0
    writes = [
        lambda: show.write("papers/.one.md.swp", "x"),
        lambda: show.write("papers/2026/.two.md.swp", "x"),
        lambda: show.write("papers/2026/.three.md.swp", "x"),
        lambda: show.write("output/report.json", "x"),
        lambda: show.paper("one", body="First."),
        lambda: show.paper("one", body="First and second."),
        lambda: show.paper("one", body="First, second and third."),
    ]
    made: list[int] = []

    def look(pause_s: float) -> None:
        nonlocal looks
        looks += 1
        if writes:
            writes.pop(0)()

    monkeypatch.setattr(time, "sleep", look)
    watch(show.root, lambda: made.append(looks), runs=2)
    assert made == [0, 8]


def test_a_paper_elsewhere_is_watched_too(show: LittleShow) -> None:
    show.paper("one")
    elsewhere = show.paper("two").rename(show.root.with_name("two.md"))
    runs: list[int] = []

    def make() -> None:
        runs.append(len(runs))
        elsewhere.write_text("An edit, longer each time." * len(runs))

    watch(show.root, make, others=(elsewhere,), runs=3, pause_s=0.001)
    assert runs == [0, 1, 2]


def test_a_folder_that_goes_while_it_is_looked_at_ends_nothing(
    show: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    show.paper("2026/one")
    scandir = os.scandir

    def gone(path: str) -> object:
        if Path(path).name == "2026":
            raise FileNotFoundError(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", gone)
    runs: list[int] = []
    watch(show.root, lambda: runs.append(1), runs=1)
    assert runs


@pytest.mark.parametrize("word", ["--limit=1", "--newest", "--failed", "--fail-fast", "--json"])
def test_what_watching_cannot_do_is_refused(show: LittleShow, word: str) -> None:
    done = run(show, "watch", word)
    assert done.returncode == 2
    assert f"unrecognized arguments: {word}" in done.stderr


class Watched:
    """A command that watches, and its lines as they come."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: Queue[str] = Queue()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)

    def wait_for(self, words: str) -> str:
        """The next line with these words."""
        while True:
            line = self.lines.get(timeout=60)
            if words in line:
                return line


@contextmanager
def watching(show: LittleShow, *words: str) -> Iterator[Watched]:
    command = [*PAPERLEDGE, "--show", str(show.root), "watch", "--jobs", "1", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with process:
        watched = Watched(process)
        try:
            yield watched
        finally:
            process.kill()
            watched.reader.join()


def test_an_edit_is_a_draft_soon_after_it_was_saved_and_errors_end_nothing(show: LittleShow) -> None:
    show.paper("one")
    with watching(show) as watched:
        assert watched.wait_for(" made, ").startswith("1 made, 0 already there: 5 lines spoken")
        draft = show.root / "output/draft/one.txt"
        saved = time.monotonic()
        show.edit("scripts/outro.j2", "Goodbye for now.", "Farewell.")
        assert watched.wait_for(" made, ").startswith("1 made, 0 already there: 1 line spoken, 4 reused")
        took_s = time.monotonic() - saved
        assert "Farewell." in draft.read_text()
        show.write("scripts/outro.j2", "{{ papr.title }}\n")
        assert "'papr' is not defined" in watched.wait_for("error: ")
        show.write("show.yaml", "titel: x\n")
        assert "titel" in watched.wait_for("error: ")
        show.write("show.yaml", "title: Little Show\nhost: Ernis\nvoice: tone\n")
        show.write("scripts/outro.j2", "Farewell, all.\n")
        assert watched.wait_for("1 made, ")
        watched.process.send_signal(signal.SIGINT)
        assert watched.process.wait(10) == 0
    assert not show.mp3("one").exists()
    assert took_s < 10  # two seconds where nothing else runs


def test_the_command_hears_of_an_edit_elsewhere(show: LittleShow) -> None:
    paper = show.paper("one").rename(show.root.with_name("one.md"))
    with watching(show, str(paper)) as watched:
        assert watched.wait_for("1 made, ")
        paper.write_text(paper.read_text().replace("It matters.", "It matters a lot."))
        assert watched.wait_for(" made, ").startswith("1 made, 0 already there: 1 line spoken")


def test_what_a_watched_voice_lacks_is_installed(show: LittleShow, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first run fails for it, the second finds it."""
    show.paper("one")
    installed: list[str] = []
    make = backlog.make

    def make_once_installed(*words: Any) -> Report:
        if not installed:
            raise ExtraMissing("the voice needs an extra", extra="neural")
        return make(*words)

    monkeypatch.setattr(backlog, "make", make_once_installed)
    monkeypatch.setattr(install, "add_extra", installed.append)
    monkeypatch.setattr("pipeline.watch.watch", lambda root, make, **_: make())
    monkeypatch.chdir(show.root)  # as main does, and pytest goes back afterwards
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert main(["--show", str(show.root), "watch", "--install", "--jobs", "1"]) == 0
    assert installed == ["neural"]
    assert (show.root / "output/draft/one.mp3").exists()


def test_a_voice_can_be_watched_too(show: LittleShow) -> None:
    show.paper("one")
    show.write("voices/high.yaml", "engine: tone\noptions: {pitch_percent: 150}\n")
    with watching(show, "--voice", "high") as watched:
        assert watched.wait_for("1 made, ")
    assert '"voice":"high"' in (show.root / "output/history.jsonl").read_text()
    assert Path(show.root / "output/draft/one.mp3").exists()
