"""Where jobs are done: a URL in, a `concurrent.futures.Executor` out.

    inline      in this thread, one after the other, as each is submitted
    local       worker processes on this computer, one for each core this process may use
    local:N     … or N of them
    dask:tcp://HOST:PORT        the workers of a dask scheduler
    slurm:PARTITION[:N]         N workers (default 4) that Slurm gives this run
    MODULE:FACTORY              whatever executor that function returns

Whoever submits jobs knows the standard interface only, so that the same code runs in a test,
on all cores, and on whatever a plugin brings. Leave the executor with `with`: it waits for the
jobs, and a Ctrl-C ends them instead.
"""

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import ParamSpec, Protocol, TypeVar

from ..errors import ExecuteError, PluginError, nearest
from .memory import workers_that_fit

__all__ = ["Kept", "Opener", "interrupt", "open_executor"]

log = logging.getLogger(__name__)

KNOWN = ("inline", "local", "dask", "slurm")
SLURM_JOBS = 4

P = ParamSpec("P")
T = TypeVar("T")


class Opener(Protocol):
    """How a run comes by its executor: `open_executor`, or the `open` of one that is kept."""

    def __call__(
        self, url: str, *, timeout_s: float = 900, worker_mb: int = 0
    ) -> AbstractContextManager[Executor]:
        """See open_executor."""


def open_executor(url: str, *, timeout_s: float = 900, worker_mb: int = 0) -> Executor:
    """The executor a URL names; nothing is started before the first job.

    url: see above, with N of 1 or more.  timeout_s: what one job may take.
    worker_mb: memory that a worker takes; there are no more of them here than it has room for.
    Raises PluginError for anything else, ExecuteError if there is no such cluster.
    """
    name, colon, rest = url.partition(":")
    if name == "local":
        from .local import LocalPool  # brings multiprocessing, which only it needs

        wanted = _workers(rest, url) if colon else _cores()
        return LocalPool(_fitting(wanted, worker_mb), timeout_s=timeout_s)
    if url == "inline":
        return Inline()
    if name in ("dask", "slurm") and rest:
        from . import schedulers  # as above

        if name == "dask":
            return schedulers.open_dask(rest, timeout_s=timeout_s)
        partition, colon, count = rest.partition(":")
        jobs = _workers(count, url) if colon else SLURM_JOBS
        return schedulers.open_slurm(partition, jobs, timeout_s=timeout_s, worker_mb=worker_mb)
    if rest and name not in KNOWN:
        return _made_by(name, rest, url)
    raise PluginError(f"there is no executor {url!r}", hint=nearest(name, KNOWN))


def _made_by(module: str, factory: str, url: str) -> Executor:
    """What a function of an installed module returns. Raises PluginError."""
    try:
        executor = getattr(import_module(module), factory)()
    except ImportError as error:
        hint = nearest(module, KNOWN)
        raise PluginError(f"there is no executor {url!r}: {error}", hint=hint) from error
    except Exception as error:  # of somebody else's code
        raise PluginError(f"executor {url!r} cannot be opened: {type(error).__name__}: {error}") from error
    if not isinstance(executor, Executor):
        what = f"executor {url!r} gives a {type(executor).__name__}"
        raise PluginError(what, hint="it has to be a concurrent.futures.Executor")
    return executor


def _workers(count: str, url: str) -> int:
    if count.isascii() and count.isdigit() and int(count) >= 1:
        return int(count)
    raise PluginError(
        f"executor {url!r} does not say how many workers",
        hint=f"write local:2 for two, or local for {_cores()}, one a core",
    )


def _fitting(wanted: int, worker_mb: int) -> int:
    workers = workers_that_fit(wanted, worker_mb)
    if workers < wanted:
        log.warning(
            "%d of %d workers: each takes up to %d MB with this voice, and no more is free",
            workers,
            wanted,
            worker_mb,
        )
    return workers


def _cores() -> int:
    """The cores this process may use, which can be fewer than the computer has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Kept:
    """One executor for runs that follow each other, so that its workers are ready from the second on.

    What a run gives up by an error or an interruption is ended; the next run opens another.
    """

    def __init__(self) -> None:
        self._executor: Executor | None = None
        self._asked: tuple[str, float, int] | None = None

    @contextmanager
    def open(self, url: str, *, timeout_s: float = 900, worker_mb: int = 0) -> Iterator[Executor]:
        """The executor of the last run if it is as asked, else another. Raises as open_executor."""
        asked = (url, timeout_s, worker_mb)
        is_closed = getattr(self._executor, "is_closed", False)
        if self._executor is None or is_closed or asked != self._asked:
            self.close()
            self._executor, self._asked = open_executor(url, timeout_s=timeout_s, worker_mb=worker_mb), asked
        try:
            yield self._executor
        except BaseException:
            interrupt(self._executor)
            self._executor = None
            raise

    def close(self) -> None:
        """End it; nothing runs between runs."""
        if self._executor:
            self._executor.shutdown()
            self._executor = None


class Inline(Executor):
    """Does each job at once, in the thread that submits it: for tests, and for debuggers."""

    _closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The future of a job that is already done. Raises RuntimeError after shutdown."""
        if self._closed:
            raise RuntimeError("no job can be submitted after shutdown")
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(fn(*args, **kwargs))
        except SystemExit as leaving:  # a job may end itself, not the program
            future.set_exception(ExecuteError(f"the job left with {leaving!r}"))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more jobs; all there were are done."""
        self._closed = True


def interrupt(executor: Executor) -> None:
    """End what runs as soon as this executor can, and begin nothing more."""
    kill = getattr(executor, "kill", None)
    if kill:
        kill()
    else:
        executor.shutdown(wait=False, cancel_futures=True)
