"""I/O that fails: the k-th call below a folder, once or from there on, as a disk or a system would.

Opening, listing, making folders and renaming are heard of through Python's audit events, wherever
they are called from; reading, writing, closing, flushing to the disk and asking for a file's size
through wrappers; libsndfile, which opens files by itself, through the one door it has here. What
deletes never fails: it needs no space.
"""

import errno
import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import soundfile

_WRITING = os.O_WRONLY | os.O_RDWR
_EVENTS = {
    "open": 0,
    "os.mkdir": 0,
    "os.rename": 1,
    "os.symlink": 1,
    "os.chmod": 0,
    "os.listdir": 0,
    "os.scandir": 0,
}
"""Audit event → which argument is the path."""
_NEW = ("open to write", "os.mkdir", "os.symlink")
_OPENING = ("open to read", "os.listdir", "os.scandir")
_KEEPING = ("write", "flush", "fsync", "close")
CALLS = {
    errno.ENOSPC: (*_NEW, *_KEEPING),
    errno.EIO: (*_NEW, *_OPENING, *_KEEPING, "read", "stat", "os.rename", "os.chmod"),
    errno.EMFILE: ("open to write", *_OPENING),
}
"""Which calls fail with which error."""
_stat = os.stat


class Faults:
    """Counts calls, and fails some."""

    def __init__(self, root: Path, number: int, nth: int, *, for_good: bool = False) -> None:
        self.root, self.number, self.nth, self.for_good = str(root), number, nth, for_good
        self.calls = 0
        self.failed: list[str] = []

    def concerns(self, path: object) -> bool:
        """Whether a path is below the folder; what is open already has no path."""
        return isinstance(path, str | os.PathLike) and str(os.fspath(path)).startswith(self.root)

    def meet(self, call: str, path: object) -> None:
        """Fail this call, on something below the folder, if it is its turn."""
        if call not in CALLS[self.number]:
            return
        self.calls += 1
        if self.calls == self.nth or (self.for_good and self.calls > self.nth):
            self.failed.append(f"{call} {path}")
            named = None if call in ("read", *_KEEPING) else path  # as the system does
            raise OSError(self.number, os.strerror(self.number), named)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit event."""
        path = arguments[_EVENTS[event]]
        if not self.concerns(path):
            return
        if event == "open":
            if _is_folder(path):  # opened to be deleted
                return
            event = "open to write" if arguments[2] & _WRITING else "open to read"
        self.meet(event, path)


def _is_folder(path: Any) -> bool:
    try:
        return stat.S_ISDIR(_stat(path).st_mode)
    except OSError:
        return False


class _File:
    """An open file that may fail."""

    def __init__(self, file: Any, name: str, faults: Faults) -> None:
        self._file, self._name, self._faults, self._wrote = file, name, faults, False

    def read(self, *sizes: Any) -> Any:
        self._faults.meet("read", self._name)
        return self._file.read(*sizes)

    def readinto(self, buffer: Any) -> Any:
        self._faults.meet("read", self._name)
        return self._file.readinto(buffer)

    def write(self, content: Any) -> Any:
        self._wrote = True
        self._faults.meet("write", self._name)
        return self._file.write(content)

    def flush(self) -> None:
        self._faults.meet("flush", self._name)
        self._file.flush()

    def close(self) -> None:
        was_open = not self._file.closed
        self._file.close()
        if was_open and self._wrote:  # what was written may only fail now
            self._faults.meet("close", self._name)

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
    real_open, real_fsync, real_sound = io.open, os.fsync, soundfile.SoundFile._open

    def opened(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        opened_file = real_open(file, mode, *more, **named)
        ours = isinstance(file, int) or faults.concerns(file)
        return _File(opened_file, str(file), faults) if ours else opened_file

    def synced(handle: int) -> None:
        faults.meet("fsync", handle)
        real_fsync(handle)

    def asked(path: Any, *more: Any, **named: Any) -> os.stat_result:
        if faults.concerns(path):
            faults.meet("stat", path)
        return _stat(path, *more, **named)

    def heard(self: Any, file: Any, *more: Any) -> Any:
        try:
            if faults.concerns(file):
                faults.meet("open to read", file)
        except OSError:
            raise soundfile.LibsndfileError(2, prefix=f"Error opening {file!r}: ") from None
        return real_sound(self, file, *more)

    patches = mock.patch.multiple("os", fsync=synced, stat=asked)
    sound = mock.patch.object(soundfile.SoundFile, "_open", heard)
    with mock.patch("io.open", opened), mock.patch("builtins.open", opened), patches, sound:
        _now.append(faults)
        try:
            yield
        finally:
            _now.clear()
