"""Makes again whatever an edit touches, moments after it was saved.

Sizes and times of the show's own files are asked for a few times a second, which needs nothing
installed and works on every file system. A run begins when nothing more has changed for a moment,
so that an editor's several writes are one edit; what is saved during a run is seen after it. Files
are looked at, not folders, whose time also changes with an editor's hidden files.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

__all__ = ["PAUSE_S", "watch"]

PAUSE_S = 0.2
"""Between two looks. An edit is seen after one, and taken for finished after a shorter one."""

_SETTLING = 1 / 4
"""How much of that pause an edit has to stay as it is."""

_FOLDERS = ("papers", "scripts", "voices")

State = dict[str, tuple[int, int, int]]


def watch(
    root: Path,
    make: Callable[[], None],
    *,
    others: tuple[Path, ...] = (),
    runs: int = 0,
    pause_s: float = PAUSE_S,
) -> None:
    """Call `make` now, and after every edit of the show in `root`, until interrupted.

    make: says itself what it did and what went wrong; it raises nothing that should be survived.
    others: files that matter as well, such as papers elsewhere.
    runs: stop after so many, for tests; 0 goes on.  pause_s: see PAUSE_S.
    """
    done = 0
    made_from: State | None = None
    before: State | None = None
    while True:
        now = _state(root, others)
        if now != made_from and (now == before or made_from is None):
            made_from = now
            make()
            done += 1
            if done == runs:
                return
        time.sleep(pause_s if now == made_from else pause_s * _SETTLING)
        before = now


def _state(root: Path, others: tuple[Path, ...]) -> State:
    """Size, time and inode of every file that matters."""
    state = {}
    for path in (*_files(root), *others):
        try:
            status = path.stat()
        except OSError:  # just replaced
            continue
        state[str(path)] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return state


def _files(root: Path) -> Iterator[Path]:
    yield root / "show.yaml"
    for place in _FOLDERS:
        for folder, _, names in os.walk(root / place):  # passes over a folder that has just gone
            yield from (Path(folder, name) for name in names if not name.startswith("."))
