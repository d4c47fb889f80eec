"""I/O that fails: the k-th call below a folder, once or from there on, as a disk or a system would.

Opening, making folders and renaming are heard of through Python's audit events, wherever they are
called from; writing and flushing to the disk through wrappers. What deletes never fails: it needs no space.
"""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

_WRITING = os.O_WRONLY | os.O_RDWR
_EVENTS = ("open", "os.mkdir", "os.rename", "os.symlink", "os.chmod")
CALLS = {
    errno.ENOSPC: ("open to write", "os.mkdir", "os.symlink", "write", "fsync"),
    errno.EIO: ("open to read", "open to write", *_EVENTS[1:], "write", "fsync"),
    errno.EMFILE: ("open to read", "open to write"),
}
"""Which calls fail with which error."""


class Faults:
    """Counts calls, and fails some."""

    def __init__(self, root: Path, number: int, nth: int, *, for_good: bool = False) -> None:
        self.root, self.number, self.nth, self.for_good = str(root), number, nth, for_good
        self.calls = 0
        self.failed: list[str] = []

    def meet(self, call: str, path: object) -> None:
        """Fail this call if it is its turn."""
        name = os.fspath(path) if isinstance(path, str | os.PathLike) else ""
        if call not in CALLS[self.number] or (name and not str(name).startswith(self.root)):
            return
        if not name and call not in ("write", "fsync"):
            return
        self.calls += 1
        if self.calls == self.nth or (self.for_good and self.calls > self.nth):
            self.failed.append(f"{call} {name}")
            raise OSError(self.number, os.strerror(self.number), name or None)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit event."""
        if event == "open":
            if not os.path.isdir(arguments[0]):  # noqa: PTH112 - a folder is opened to be deleted; also a handle
                writing = bool(arguments[2] & _WRITING)
                self.meet("open to write" if writing else "open to read", arguments[0])
        else:
            self.meet(event, arguments[1] if event in ("os.rename", "os.symlink") else arguments[0])


class _Writing:
    """A file open for writing, whose writes may fail."""

    def __init__(self, file: Any, faults: Faults) -> None:
        self._file, self._faults = file, faults

    def write(self, content: Any) -> Any:
        self._faults.meet("write", None)
        return self._file.write(content)

    def __enter__(self) -> "_Writing":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


_now: list[Faults] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _now and event in _EVENTS:
        _now[0].hear(event, arguments)


@contextmanager
def failing(faults: Faults) -> Iterator[None]:
    """Let calls fail until the block ends."""
    if not hasattr(failing, "hooked"):
        sys.addaudithook(_hook)  # for the rest of the process: none can be removed
        failing.hooked = True  # type: ignore[attr-defined]
    real_open, real_fsync = io.open, os.fsync

    def opened(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        opened_file = real_open(file, mode, *more, **named)
        ours = isinstance(file, int) or str(file).startswith(faults.root)
        return _Writing(opened_file, faults) if ours and set("wax+") & set(mode) else opened_file

    def synced(handle: int) -> None:
        faults.meet("fsync", None)
        real_fsync(handle)

    with mock.patch("io.open", opened), mock.patch("builtins.open", opened), mock.patch("os.fsync", synced):
        _now.append(faults)
        try:
            yield
        finally:
            _now.clear()
