"""One process per spoken line: a hang or a crash costs one take, and lines cannot colour each other.

In: an engine and what it should do. Out: its answer, or EngineFailed with what became of it.

Speech engines keep state. Called twice in one process, the same text gives other bytes, and which
ones depends on what was said before. So each line starts from the same point: a process that has
loaded the engine and never spoken, with a heap that reads as zeros. Pico works in memory it never
clears: forked from a worker that had mastered an episode before, it even changed its timing.

On Linux that process is forked (150 ms of start-up saved per line); elsewhere, where forking after
system frameworks are loaded is unsafe, it is a fresh interpreter running this module.
"""

import ctypes
import errno
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NoReturn

import msgspec

from ..errors import PaperledgeError, PluginError
from ..model import Phonemes, WordTime
from .engine import Engine, FiledEngine, PhoneticEngine, VoiceInfo, times_words

__all__ = ["EngineFailed", "fate", "last_words", "list_voices", "speak"]

LIMIT_S = 30.0
"""For any answer: the slowest engine loads a model in ten seconds on a busy computer."""
LIMIT_PER_CHAR_S = 0.1
"""On top: speech takes about as long to hear, and an engine slower than that is of no use."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""Faults of the disk, not of the engine: no other take will do better."""

_CAN_FORK = sys.platform == "linux"
_M_PERTURB = -6  # malloc.h: glibc fills what it hands out with the complement of this byte
_PR_SET_PDEATHSIG = 1  # prctl.h


class EngineFailed(Exception):
    """The engine gave no answer; the message says what became of it."""


def speak(
    engine: Engine,
    text: str,
    options: msgspec.Struct,
    path: Path,
    phonemes: tuple[Phonemes, ...] = (),
    files: tuple[Path, ...] = (),
) -> tuple[WordTime, ...]:
    """Let the engine write `text` to `path`, which may afterwards hold anything or not exist.

    phonemes, files: for an engine that takes them.
    Returns when the words begin, as the engine has it; none if it does not tell.
    Raises EngineFailed if it raised, crashed or took too long; PluginError if it cannot run here;
    OSError if the disk takes no more.
    """
    request = [
        "speak",
        text,
        msgspec.to_builtins(options),
        str(path.absolute()),
        msgspec.to_builtins(phonemes),
        [str(file.absolute()) for file in files],
    ]
    heard = _ask(engine, request, LIMIT_S + LIMIT_PER_CHAR_S * len(text))
    try:
        return msgspec.convert(heard, tuple[WordTime, ...])
    except msgspec.ValidationError as error:
        raise EngineFailed(f"its word times are wrong: {error}") from error


def list_voices(engine: Engine) -> tuple[VoiceInfo, ...]:
    """The voices that the engine has on this computer. Raises as `speak` does."""
    return msgspec.convert(_ask(engine, ["voices"], LIMIT_S), tuple[VoiceInfo, ...])


def _ask(engine: Engine, request: list[Any], limit_s: float) -> Any:
    if not engine.own_process:
        answer = _answer(engine, request)
    elif _CAN_FORK:
        answer = _ask_fork(engine, request, limit_s)
    else:
        answer = _ask_fresh(engine, request, limit_s)
    if "refused" in answer:
        raise PluginError(answer["refused"], hint=answer["hint"])
    if "failed" in answer:
        raise EngineFailed(answer["failed"])
    if answer.get("errno") in _FULL:
        raise OSError(answer["errno"], os.strerror(answer["errno"]))
    if "raised" in answer:
        raise EngineFailed(f"the engine raised {answer['raised']}")
    return answer["result"]


def _answer(engine: Engine, request: list[Any]) -> dict[str, Any]:
    """Do what was asked; whatever comes of it, as JSON values."""
    try:
        return {"result": _do(engine, *request)}
    except EngineFailed as failure:
        return {"failed": str(failure)}
    except PaperledgeError as error:
        return {"refused": error.what, "hint": error.hint}
    except OSError as error:
        return {"errno": error.errno, "raised": f"{type(error).__name__}: {error}"}
    except (Exception, SystemExit) as error:  # a plugin may raise anything
        return {"raised": f"{type(error).__name__}: {error}"}


def _do(engine: Engine, verb: str, *details: Any) -> Any:
    if verb == "voices":  # a model that speaks need not be loaded for it
        return msgspec.to_builtins(engine.voices())
    engine.warm()
    text, options, path, phonemes, files = details
    more: dict[str, Any] = {}
    if phonemes and isinstance(engine, PhoneticEngine):
        more["phonemes"] = msgspec.convert(phonemes, tuple[Phonemes, ...])
    if files and isinstance(engine, FiledEngine):
        more["files"] = tuple(map(Path, files))
    chosen = msgspec.convert(options, engine.Options)
    heard = engine.speak(text, chosen, Path(path), **more)
    return msgspec.to_builtins(heard) if times_words(engine, chosen) else ()


# Forked (Linux)


def _ask_fork(engine: Engine, request: list[Any], limit_s: float) -> dict[str, Any]:
    engine.warm()
    with tempfile.TemporaryFile() as chatter:
        pid, ours = _forked(engine, request, chatter)
        try:
            with suppress(PermissionError, ProcessLookupError):
                os.setpgid(pid, pid)  # here and there: whoever comes first
            report = _read(ours, limit_s)
        finally:
            os.close(ours)
            status = _end(pid)
        if report is None:
            raise EngineFailed(f"the engine did not answer within {limit_s:.0f} s{last_words(chatter)}")
        return _parsed(report, os.waitstatus_to_exitcode(status), chatter)


def _forked(engine: Engine, request: list[Any], chatter: IO[bytes]) -> tuple[int, int]:
    """A process that answers, and where its answer is read."""
    with _FORKING:
        ours, theirs = os.pipe()
        try:
            pid = _fork()
            if pid == 0:
                _answer_and_exit(engine, request, theirs, chatter)
        except OSError:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
    return pid, ours


_FORKING = threading.Lock()
"""While a pipe is open for writing here: another thread's process would hold it open."""


def _fork() -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns of forking while threads run, as one may hold a lock that the child then
        # waits for. The child only runs the engine, whose library no other thread has ever used.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _answer_and_exit(engine: Engine, request: list[Any], report: int, chatter: IO[bytes]) -> NoReturn:
    """The whole life of a forked process; nothing of the parent's may run in it afterwards."""
    try:
        os.setpgid(0, 0)  # so that it can be ended with whatever it starts
        _end_with_parent()
        _hush(chatter.fileno())
        _clear_heap()
        _write_all(report, json.dumps(_answer(engine, request)).encode())
    finally:
        os._exit(0)


def _end_with_parent() -> None:
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before it was asked for its signal
        os._exit(0)


def _hush(chatter: int) -> None:
    """Engines print as they like: their output goes nowhere, their errors into `chatter`."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(chatter, 2)
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115  the parent's may lead elsewhere
    sys.stderr = open(2, "w", closefd=False, errors="replace")  # noqa: SIM115


def _clear_heap() -> None:
    """Make glibc hand out zeroed memory, whatever the parent kept in it."""
    if _CAN_FORK and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_PERTURB, 0xFF)


def _write_all(descriptor: int, content: bytes) -> None:
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)


def _read(descriptor: int, limit_s: float) -> bytes | None:
    """All that comes before the pipe ends; None if it does not end in time."""
    deadline = time.monotonic() + limit_s
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    parts: list[bytes] = []
    while poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        part = os.read(descriptor, 65_536)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None


def _end(pid: int) -> int:
    """End a process with its group, if it has not ended, and return its wait status."""
    with suppress(PermissionError, ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


# A fresh interpreter (macOS, Windows)


def _ask_fresh(engine: Engine, request: list[Any], limit_s: float) -> dict[str, Any]:
    command = [sys.executable, "-m", __name__]
    paths = os.pathsep.join(path for path in sys.path if path)
    question = json.dumps([engine.name, limit_s, request]).encode()
    with tempfile.TemporaryFile() as chatter:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=chatter,
            env={**os.environ, "PYTHONPATH": paths},
            start_new_session=True,
        )
        try:
            report, _ = process.communicate(question, timeout=limit_s)
        except subprocess.TimeoutExpired:
            message = f"the engine did not answer within {limit_s:.0f} s{last_words(chatter)}"
            raise EngineFailed(message) from None
        finally:
            _end_fresh(process)
        return _parsed(report, process.returncode, chatter)


def _end_fresh(process: "subprocess.Popen[bytes]") -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(PermissionError, ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    with process:  # closes its pipes and waits for it
        pass


def _main() -> None:
    """Answer one question from standard input on standard output."""
    import faulthandler

    from .. import plugins

    name, limit_s, request = json.load(sys.stdin)
    faulthandler.dump_traceback_later(limit_s, exit=True)  # in case nobody is left to end it
    report = os.dup(1)
    _hush(2)
    _clear_heap()
    _write_all(report, json.dumps(_answer(plugins.find("engines", name), request)).encode())


# Both


def _parsed(report: bytes, exit_code: int, chatter: IO[bytes]) -> dict[str, Any]:
    with suppress(ValueError):
        answer: dict[str, Any] = json.loads(report)
        return answer
    raise EngineFailed(f"the engine {fate(exit_code, chatter)}")


def fate(exit_code: int, chatter: IO[bytes] | None) -> str:
    """What became of a process that ended, with its last words."""
    how = (
        f"was ended by {signal.Signals(-exit_code).name}" if exit_code < 0 else f"left with code {exit_code}"
    )
    return f"{how}{last_words(chatter)}"


def last_words(chatter: IO[bytes] | None, lines: int = 3, limit: int = 300) -> str:
    """The end of what a process wrote to standard error, as part of a message."""
    if chatter is None:
        return ""
    chatter.seek(max(0, chatter.seek(0, os.SEEK_END) - 4096))
    words = " | ".join(chatter.read().decode(errors="replace").split("\n")[-lines - 1 :]).strip(" |")
    return f": {words[-limit:]}" if words else ""


if __name__ == "__main__":
    _main()
