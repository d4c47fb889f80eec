"""How a run goes, as it goes: a bar with the time left on a terminal, a line an episode elsewhere.

The same for files that are fetched.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

from .deliver import Finished
from .report import one_line
from .run import Failure, Watcher
from .textfile import printable

if TYPE_CHECKING:
    from rich.progress import TaskID

    from .synthesis.adding import FileWatch

__all__ = ["fetching", "watching"]


@contextmanager
def watching(stream: TextIO, of: str = "episodes") -> Iterator[Watcher]:
    """A watcher that shows the run on `stream`, until the block ends. of: what is made."""
    if not stream.isatty():
        yield _Lines(stream)
        return
    watcher = _Bar(of)
    try:
        yield watcher
    finally:
        watcher.close()


class _Lines(Watcher):
    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.total = self.done = 0

    def planned(self, episodes: int, work: int) -> None:
        self.total = episodes

    def priced(self, microdollars: int) -> None:
        self.write(f"{_estimate(microdollars)}\n")

    def finished(self, episode: Finished) -> None:
        self.done += 1
        self.write(f"[{self.done}/{self.total}] {one_line(episode)}\n")

    def heard(self, voice: str) -> None:
        self.done += 1
        self.write(f"[{self.done}/{self.total}] {printable(voice)}\n")

    def failed(self, failure: Failure) -> None:
        if self.total:  # before the work begins, the end of the run is near enough
            self.write(f"failed: {printable(failure.paper)}\n")

    def write(self, line: str) -> None:
        with suppress(OSError):  # whoever reads this may leave; the episodes are made all the same
            self.stream.write(line)  # at once, with its end: several threads write
            self.stream.flush()


class _Bar(Watcher):
    """Begins with the work, so that a run with nothing to do never loads rich."""

    def __init__(self, of: str) -> None:
        self.of = of

    def planned(self, episodes: int, work: int) -> None:
        from rich import progress  # 60 ms that only a terminal at work pays for
        from rich.console import Console

        self.bar = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(bar_width=None),
            progress.TaskProgressColumn(),
            progress.TimeRemainingColumn(),
            progress.TextColumn("left"),
            console=Console(file=sys.stderr),
            transient=True,
        )
        self.total, self.done, self.work = episodes, 0, work
        self.task = self.bar.add_task(self._label(), total=work)
        self.bar.start()

    def priced(self, microdollars: int) -> None:
        self.bar.console.print(_estimate(microdollars), markup=False, highlight=False)

    def advanced(self, work: int) -> None:
        self.bar.advance(self.task, work)

    def finished(self, episode: Finished) -> None:
        self.count()
        self.bar.console.print(one_line(episode), markup=False, highlight=False, soft_wrap=True)

    def heard(self, voice: str) -> None:
        self.count()

    def count(self) -> None:
        self.done += 1
        self.bar.update(self.task, description=self._label())
        if self.done == self.total:  # what equal episodes shared was foretold for each of them
            self.bar.update(self.task, completed=self.work)

    def failed(self, failure: Failure) -> None:
        if hasattr(self, "bar"):
            self.bar.console.print(f"failed: {printable(failure.paper)}", markup=False, highlight=False)

    def close(self) -> None:
        if hasattr(self, "bar"):
            self.bar.stop()

    def _label(self) -> str:
        return f"{self.done} of {self.total} {self.of}"


@contextmanager
def fetching(stream: TextIO) -> "Iterator[FileWatch]":
    """What is told of files, shown on `stream` until the block ends."""
    if not stream.isatty():
        yield _FileLines(stream)
        return
    bars = _FileBars(stream)
    try:
        yield bars
    finally:
        bars.close()


class _FileLines:
    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.begun: set[str] = set()

    def __call__(self, file: str, done: int, total: int) -> None:
        if file not in self.begun:
            self.begun.add(file)
            size = f", {total / 1e6:.1f} MB" if total else ""
            with suppress(OSError):  # see _Lines
                self.stream.write(f"fetching voices/{file}{size}\n")
                self.stream.flush()


class _FileBars:
    """Begins with the first byte, so that a run with nothing to fetch never loads rich."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, file: str, done: int, total: int) -> None:
        if not self.tasks:
            self.start()
        if file not in self.tasks:
            self.tasks[file] = self.bars.add_task(f"voices/{file}")
        self.bars.update(self.tasks[file], completed=done, total=total or None)

    def start(self) -> None:
        from rich import progress  # see _Bar
        from rich.console import Console

        self.bars = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(bar_width=None),
            progress.DownloadColumn(),
            progress.TimeRemainingColumn(),
            progress.TextColumn("left"),
            console=Console(file=self.stream),
        )
        self.bars.start()

    def close(self) -> None:
        if self.tasks:
            self.bars.stop()


def _estimate(microdollars: int) -> str:
    cents = microdollars // 10_000
    return f"to be spoken for about ${cents / 100:,.2f}" if cents else "to be spoken for less than $0.01"
