"""Jobs on other computers, through dask: its scheduler hands out calls, its workers do them in our pool.

    submit ──> calls wait here ──> a few groups of them for each worker ──> dask
                                                 a worker ──> LocalPool, whose processes may die

A job that kills its process or hangs is ended by the pool of its worker, as on one computer: the
worker lives on, and its neighbours never notice. What a lost worker had is given to another. When
the scheduler is lost, what was not done waits here until there is one again.
"""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from typing import Any

from ..errors import ExecuteError, WorkerDied
from .daskworker import do_calls
from .pickled import PickledExecutor
from .worker import read_answer

__all__ = ["AGAIN_S", "AHEAD", "CONNECT_S", "GROUP_S", "Cluster"]

log = logging.getLogger(__name__)

GROUP_S = 2.0
"""What a group of calls should take: the scheduler's few milliseconds are nothing beside that."""
AHEAD = 2
"""Groups for each thread of a worker: one is done, and the next is there when it is."""
CONNECT_S = 10.0
PATIENCE_S = 300.0
"""How long a scheduler that went away is waited for."""
LOOK_S = 2.0
"""How often to ask how many workers there are."""
AGAIN_S = 5.0
"""How often to see that Slurm has as many of our jobs as it should."""
LOSSES = 20
"""How many workers may be lost under a call, one after the other."""


@dataclass(slots=True, eq=False)
class _Call:
    pickled: bytes
    """(function, args, kwargs)"""
    future: Future[Any]
    losses_left: int = LOSSES


class Cluster(PickledExecutor):
    """An executor on a dask cluster.

    connect: opens a client of it; asked again when the scheduler was lost.
    close: what is to be ended with the executor, if anything.

    Functions, arguments and results must pickle, and should be small. Leaving `with` waits for all
    jobs; after an interruption none is begun any more, and what runs is not waited for.
    """

    def __init__(
        self, connect: Callable[[], Any], *, timeout_s: float = 900, close: Callable[[], object] = bool
    ) -> None:
        self._connect, self._timeout_s, self._close = connect, timeout_s, close
        self._client: Any = connect()
        self._threads, self._looked, self._is_alone = 0, -math.inf, False
        self._waiting: deque[_Call] = deque()
        self._out: dict[Any, list[_Call]] = {}  # what dask has, by its futures; of the driver thread only
        self._back: deque[Any] = deque()  # of these, what it is done with
        self._call_s = GROUP_S  # what a call took of late
        self._closed = self._killed = False
        self._failure: ExecuteError | None = None  # why nothing more can be done
        self._changed = threading.Condition()
        self._news = False  # whether something changed since the driver thread looked
        self._thread = threading.Thread(target=self._drive, name="cluster", daemon=True)
        self._thread.start()

    @property
    def workers(self) -> int:
        """How many jobs can be done at the same time, as was last heard; 1 at least."""
        return max(1, self._threads)

    def _queue(self, call: bytes, future: Future[Any]) -> None:
        if self._failure:
            future.set_exception(copy(self._failure))
            return
        with self._changed:
            if self._closed:
                raise RuntimeError("no job can be submitted after shutdown")
            self._waiting.append(_Call(call, future))
            self._tell()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more jobs; finish, or cancel, those that have not started."""
        with self._changed:
            self._closed = True
            cancelled = list(self._waiting) if cancel_futures else []
            self._tell()
        for call in cancelled:
            call.future.cancel()
        if wait:
            self._join()

    def kill(self) -> None:
        """Begin nothing more: jobs that wait are cancelled, those that run fail with WorkerDied."""
        self._killed = True
        self.shutdown(cancel_futures=True)

    def _tell(self) -> None:
        self._news = True
        self._changed.notify()

    # The rest runs in the driver thread.

    def _drive(self) -> None:
        try:
            while not self._is_over():
                self._hold_on()
                self._hand_out()
                self._take_in()
        except ExecuteError as error:
            self._failure = error
        except Exception as error:  # whatever dask does, nobody waits for ever
            self._failure = ExecuteError(f"the cluster cannot be used: {type(error).__name__}: {error}")
        finally:
            self._end()

    def _is_over(self) -> bool:
        return self._killed or (self._closed and not self._waiting and not self._out)

    def _hold_on(self) -> None:
        """Connect again if the scheduler went away; what it had is done by another."""
        if self._client.status in ("running", "connecting"):
            return
        log.warning("the scheduler went away; waiting for it")
        self._put_back([call for calls in self._out.values() for call in calls])
        self._out.clear()
        self._back.clear()
        deadline = time.monotonic() + PATIENCE_S
        while not self._killed:
            try:
                self._client, self._looked = self._connect(), -math.inf
            except ExecuteError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(AGAIN_S)
            else:
                return

    def _hand_out(self) -> None:
        """Give dask as much as its workers have soon done with."""
        if self._client.status != "running":
            return
        places = AHEAD * self._thread_count() - len(self._out)
        while places > 0 and self._waiting:
            if calls := self._group():
                self._give(calls)
                places -= 1

    def _thread_count(self) -> int:
        """Of all workers; 1 while there is none, as one may come."""
        if time.monotonic() - self._looked > LOOK_S:
            with suppress(OSError):  # lost just now: _hold_on will see
                self._threads = sum(self._client.nthreads(callback_timeout=CONNECT_S).values())
            self._looked = time.monotonic()
            self._say_if_alone()
        return max(1, self._threads)

    def _say_if_alone(self) -> None:
        is_alone = not self._threads and bool(self._waiting or self._out)
        if is_alone and not self._is_alone:
            log.warning("the cluster has no workers; waiting for one")
        self._is_alone = is_alone

    def _group(self) -> list[_Call]:
        """The next calls, as many as take GROUP_S, but no more than a fair share of what waits."""
        share = math.ceil(len(self._waiting) / (AHEAD * max(1, self._threads)))
        size = max(1, min(share, round(GROUP_S / self._call_s)))
        calls = [self._waiting.popleft() for _ in range(min(size, len(self._waiting)))]
        return [it for it in calls if it.future.running() or it.future.set_running_or_notify_cancel()]

    def _give(self, calls: list[_Call]) -> None:
        pickled = [call.pickled for call in calls]
        try:
            given = self._client.submit(do_calls, pickled, self._timeout_s, pure=False)
        except Exception as error:  # the scheduler is lost, and dask says so in many ways
            log.info("%s: %s", type(error).__name__, error)
            self._put_back(calls)
            return
        self._out[given] = calls
        given.add_done_callback(self._came_back)

    def _came_back(self, given: Any) -> None:
        """Note that dask is done with a group; in a thread of dask's."""
        with self._changed:
            self._back.append(given)
            self._tell()

    def _take_in(self) -> None:
        """Wait until something happens, and settle what came back."""
        with self._changed:
            self._changed.wait_for(lambda: self._news, LOOK_S)
            self._news = False
            back = [self._back.popleft() for _ in range(len(self._back))]
        for given in back:
            if calls := self._out.pop(given, None):
                self._settle(given, calls)

    def _settle(self, given: Any, calls: list[_Call]) -> None:
        if given.status == "finished":
            with suppress(Exception):  # the worker that holds it was lost just now: done again
                answers, seconds = given.result(timeout=CONNECT_S)
                self._call_s = max(0.001, (self._call_s + seconds / len(calls)) / 2)
                for call, answer in zip(calls, answers, strict=True):
                    _answer(call.future, *read_answer(answer))
                return
        if given.status == "error" and type(error := given.exception()).__name__ != "KilledWorker":
            self._fail(calls, error)
        else:
            self._put_back(calls)

    def _fail(self, calls: list[_Call], error: Exception) -> None:
        """A worker could not even begin."""
        for call in calls:
            call.future.set_exception(
                ExecuteError(
                    f"a worker could not do the job: {type(error).__name__}: {error}",
                    hint="is the same PaperLedge installed where it runs?",
                )
            )

    def _put_back(self, calls: list[_Call]) -> None:
        """Let calls wait again, before all others, unless too many workers were lost under them."""
        for call in reversed(calls):
            call.losses_left -= 1
            if call.losses_left < 0:
                call.future.set_exception(WorkerDied(f"{LOSSES} workers were lost, one after the other"))
            else:
                self._waiting.appendleft(call)

    def _end(self) -> None:
        failure = self._failure or WorkerDied("the run was ended before the job was done")
        with self._changed:
            self._closed = True
            waiting = list(self._waiting)
            self._waiting.clear()
        running = [call for calls in self._out.values() for call in calls]
        for call in waiting:
            if self._killed:
                call.future.cancel()
            if call.future.running() or call.future.set_running_or_notify_cancel():
                running.append(call)
        for call in running:
            call.future.set_exception(copy(failure))
        with suppress(Exception):  # whatever is left of it
            self._client.close(timeout=LOOK_S)
        with suppress(Exception):
            self._close()


def _answer(future: Future[Any], result: Any, error: Exception | None) -> None:
    if error:
        future.set_exception(error)
    else:
        future.set_result(result)
