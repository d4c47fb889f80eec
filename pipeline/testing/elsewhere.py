"""Lets an engine speak in fresh interpreters, as a worker or another computer would.

In: the engine's name and what to say, to one file or to several at once. Out: the files, what was
printed, and which processes outlived it: those whose environment holds a mark that only this run has.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

__all__ = ["CAN_SEE_PROCESSES", "Outcome", "speak_elsewhere"]

CAN_SEE_PROCESSES = Path("/proc/self/environ").exists()
"""Whether processes that were left behind can be found here."""
GRACE_S = 2.0
"""How long what was told to end may take to be gone."""

_MARK = "PAPERLEDGE_CONTRACT"
_CODE = "from pipeline.testing.elsewhere import _main; _main()"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of interpreters that spoke."""

    exit_codes: tuple[int, ...]
    printed: str
    errors: str
    left: tuple[int, ...]
    """Processes that outlived them; they have been ended."""


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """What one interpreter is asked for."""

    engine: str
    text: str
    options: dict[str, Any]
    path: str
    files: tuple[str, ...]


def speak_elsewhere(
    engine: str, text: str, options: msgspec.Struct, paths: Sequence[Path], files: Sequence[Path] = ()
) -> Outcome:
    """Speak to each of `paths` in an interpreter of its own, all at the same time."""
    mark = uuid.uuid4().hex
    lines = [
        _Line(
            engine=engine,
            text=text,
            options=msgspec.to_builtins(options),
            path=str(path.absolute()),
            files=tuple(str(file.absolute()) for file in files),
        )
        for path in paths
    ]
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as errors:
        running = [_start(line, mark, printed.fileno(), errors.fileno()) for line in lines]
        exit_codes = tuple(process.wait() for process in running)
        left = _left(mark)
        for file in (printed, errors):
            file.seek(0)
        return Outcome(
            exit_codes=exit_codes,
            printed=printed.read().decode(errors="replace"),
            errors=errors.read().decode(errors="replace"),
            left=left,
        )


def _start(line: _Line, mark: str, printed: int, errors: int) -> "subprocess.Popen[bytes]":
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(
        [sys.executable, "-c", _CODE, msgspec.json.encode(line).decode()],
        stdin=subprocess.DEVNULL,
        stdout=printed,  # files, not pipes: whoever is left behind would hold those open
        stderr=errors,
        env={**os.environ, "PYTHONPATH": paths, _MARK: mark},
    )


def _left(mark: str) -> tuple[int, ...]:
    """Processes of this run that are still there when all had time to end; ends them."""
    deadline = time.monotonic() + GRACE_S
    while (left := _marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.02)  # nobody tells when another's child has ended
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    return left


def _marked(mark: str) -> tuple[int, ...]:
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark.encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return tuple(found)


def _main() -> None:
    """Speak the line that the command names."""
    from .. import plugins
    from ..synthesis import isolation

    line = msgspec.json.decode(sys.argv[1], type=_Line)
    engine = plugins.find("engines", line.engine)
    options = msgspec.convert(line.options, engine.Options)
    isolation.speak(engine, line.text, options, Path(line.path), files=tuple(map(Path, line.files)))
