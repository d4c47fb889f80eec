"""Works on many things at a time, a thread each: one that fails is noted, and costs no other."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

from .execute import interrupt
from .files import os_errors_said
from .run import Failure, Watcher, failure_of
from .store import Store

__all__ = ["IN_FLIGHT", "MOST_IN_FLIGHT", "Crew", "in_flight", "workers_of"]

IN_FLIGHT = 2 + (os.cpu_count() or 1)
"""Episodes worked on at a time on this computer."""
MOST_IN_FLIGHT = 128
"""Each is a thread here, and all of its lines may be spoken at once."""

LOOK_S = 2.0
"""How often to see whether a cluster has more workers."""

Item = TypeVar("Item")
Done = TypeVar("Done")


class Crew:
    """The threads of one run, which wait for the jobs that they submit."""

    def __init__(
        self,
        watcher: Watcher,
        executor: Executor | None = None,
        store: Store | None = None,
        *,
        fail_fast: bool = False,
    ) -> None:
        """fail_fast: the first failure ends the run."""
        self.executor = executor
        """Where the jobs are done, once that is known."""
        self.store = store
        """Where their results go, likewise."""
        self._watcher = watcher
        self._failures: list[Failure] = []
        self._fail_fast = fail_fast
        self._ending = False
        """Interrupted, or given up: what fails now fails because of that."""

    def failed(self) -> tuple[Failure, ...]:
        """What failed, by name."""
        return tuple(sorted(self._failures, key=lambda failure: failure.paper))

    def each(
        self, items: Iterable[Item], do: Callable[[Item], Done], name: Callable[[Item], str]
    ) -> list[Done]:
        """Do something for every item, several at a time, and keep what succeeded, in order.

        name: what a failure is noted under.
        """
        with ThreadPoolExecutor(MOST_IN_FLIGHT) as threads:
            try:
                results = [future.result() for future in self._begun(threads, items, do, name)]
            except BaseException:  # Ctrl-C above all: nothing more is begun, and what runs is ended
                threads.shutdown(wait=False, cancel_futures=True)
                self._end()
                raise
        return [result for result in results if result is not None]

    @contextmanager
    def survived(self, name: str) -> Iterator[None]:
        """Note what goes wrong with one thing inside, and go on."""
        try:
            with os_errors_said("cannot be used"):
                yield
        except Exception as error:  # a fault of ours must not cost the others
            if self._ending:
                return
            failure = failure_of(name, error)
            self._failures.append(failure)
            self._watcher.failed(failure)
            if self._fail_fast:
                self._end()
        except KeyboardInterrupt:
            if not self._ending:
                raise  # else it was a job, ended with the run

    def _begun(
        self,
        threads: Executor,
        items: Iterable[Item],
        do: Callable[[Item], Done],
        name: Callable[[Item], str],
    ) -> list[Future[Done | None]]:
        """All items, each begun once there is a place for it; there are more as workers come."""

        def survive(item: Item) -> Done | None:
            if not self._ending:
                with self.survived(name(item)):
                    return do(item)
            return None

        futures: list[Future[Done | None]] = []
        running: set[Future[Done | None]] = set()
        for item in items:
            while len(running) >= in_flight(workers_of(self.executor)):
                running -= wait(running, LOOK_S, FIRST_COMPLETED).done
            futures.append(threads.submit(survive, item))
            running.add(futures[-1])
        return futures

    def _end(self) -> None:
        """Begin nothing more, and end what runs."""
        self._ending = True
        if self.store:
            self.store.give_up()
        if self.executor:
            interrupt(self.executor)


def workers_of(executor: Executor | None) -> int:
    """How many jobs an executor can do at a time; 0 if it does not say, or does them in this process."""
    return int(getattr(executor, "workers", 0))


def in_flight(workers: int) -> int:
    """How many episodes are worked on at a time: while some are mastered, others are spoken."""
    return min(max(IN_FLIGHT, 2 + workers), MOST_IN_FLIGHT)
