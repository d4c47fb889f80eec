"""A worker process: pickled calls in by its pipe, pickled answers out, one at a time.

Whatever a job does comes back as an answer: a result, its exception, or an ExecuteError for
what cannot travel. Only the end of the process itself leaves a call without one, and that ends
the pipe, which the driver (the process that started it) sees.

A worker is spawned, never forked: a fork would inherit its siblings' pipes, whose end then
never comes. It shares nothing with the driver that could block either: no terminal, no standard
input, no lock. It leads a process group (POSIX), to be killed together with the engines it
started, and it does not outlive the driver. It has two threads, one for the jobs and one that
waits for the driver's end, holding no lock, so that a job may fork.
"""

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, Pipe
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from ..errors import ExecuteError, WorkerDied

__all__ = ["death", "fill_standard_descriptors", "kill_worker", "read_answer", "start_worker", "unsendable"]

# In the driver.


def start_worker() -> tuple[SpawnProcess, Connection]:
    """A new worker, and the driver's end of its pipe. Raises OSError or RuntimeError."""
    ours, theirs = Pipe()
    with theirs, _interrupts_held():
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,))
        process.start()
    return process, ours


def kill_worker(process: SpawnProcess) -> None:
    """End a worker and, where there are process groups, all that it started."""
    if sys.platform != "win32" and process.pid:
        _kill_groups({process.pid, *_groups_in(process.pid)})
    process.kill()


def _kill_groups(groups: Iterable[int]) -> None:
    for group in groups:
        with suppress(OSError):  # a worker does not lead its group yet, or the group is gone
            os.killpg(group, signal.SIGKILL)


def _groups_in(session: int) -> set[int]:
    """The process groups of a worker's session, as an engine leads its own; none where there is no /proc."""
    groups = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            _, _, group, its_session = path.read_text(errors="replace").rpartition(")")[2].split()[:4]
            if int(its_session) == session:
                groups.add(int(group))
    return groups


def read_answer(answer: bytes) -> tuple[Any, Exception | None]:
    """A job's result, or its exception."""
    try:
        result, error = pickle.loads(answer)  # noqa: S301  our own worker's
    except Exception as unreadable:
        return None, unsendable("result", unreadable)
    return result, error


def unsendable(thing: str, error: Exception) -> ExecuteError:
    """What to say of a job, result or exception that failed to pickle or to unpickle."""
    return ExecuteError(
        f"the {thing} cannot travel between processes: {type(error).__name__}: {error}",
        hint="plain values can, and functions and classes that are importable by name",
    )


def death(exit_code: int | None) -> WorkerDied:
    """What to say of a worker that ended; a negative exit code is the signal that ended it."""
    if exit_code is None or exit_code >= 0:
        return WorkerDied(
            f"the worker left with exit code {exit_code} before the job was done",
            hint="the inline executor shows more",
        )
    signal_name = signal.strsignal(-exit_code) or "unknown"
    return WorkerDied(
        f"the worker was ended by signal {-exit_code} ({signal_name}) before the job was done",
        hint="often for want of memory: try fewer workers" if exit_code == -9 else "a native library crashed",
    )


def fill_standard_descriptors() -> None:
    """Open 0, 1 and 2 where they are closed: a pipe that got one would be replaced, or printed into."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Start a process with SIGINT blocked: a Ctrl-C before it can ignore that is the driver's."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # part of every spawn; unblocks SIGINT when it starts
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


# In the worker.


def _serve(pipe: Connection) -> None:
    """Do jobs until the pipe ends: the whole life of a worker."""
    _stand_alone(pipe)
    with suppress(EOFError, OSError):
        while True:
            pipe.send_bytes(_answer(pipe.recv_bytes()))


def _stand_alone(pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C, the driver decides
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # spawning has replaced sys.stdin, but not the descriptor
    os.close(nothing)
    if sys.platform != "win32":
        os.setsid()
        os.set_inheritable(pipe.fileno(), False)
        os.register_at_fork(after_in_child=pipe.close)  # the pipe is to end with this process
    threading.Thread(target=_end_with_driver, daemon=True).start()


def _end_with_driver() -> None:
    if driver := multiprocessing.parent_process():
        driver.join()
    if sys.platform == "win32":
        os._exit(1)
    _kill_groups(_groups_in(os.getpid()) - {os.getpgrp()})
    os.killpg(0, signal.SIGKILL)


def _answer(call: bytes) -> bytes:
    """Do a pickled (function, args, kwargs): a pickled (result, None) or (None, exception)."""
    try:
        return _success(_do(call))
    except Exception as error:
        return _failure(error)


def _do(call: bytes) -> object:
    fn, args, kwargs = pickle.loads(call)  # noqa: S301  our own driver's
    try:
        return fn(*args, **kwargs)
    except Exception:
        raise
    except BaseException as leaving:  # SystemExit ends the job, and must not end the driver
        raise ExecuteError(f"the job left with {leaving!r}") from leaving


def _success(result: object) -> bytes:
    try:
        return pickle.dumps((result, None))
    except Exception as error:
        raise unsendable("result", error) from error


def _failure(error: Exception) -> bytes:
    """The answer that carries an exception, with its traceback as a note."""
    trace = "".join(traceback.format_exception(error))
    try:
        error.add_note(trace)
        failure = pickle.dumps((None, error))
        pickle.loads(failure)  # noqa: S301  some exceptions pickle, but cannot be built again
    except Exception as reason:
        stand_in = unsendable("exception", reason)
        stand_in.add_note(trace)
        failure = pickle.dumps((None, stand_in))
    return failure
