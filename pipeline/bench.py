"""Makes results through the store, on an executor: `once` for one request, `each` for many.

What the store has is handed out; what it lacks becomes a job, a plain JSON value that any worker
can do with the store and the list of steps alone. Results travel through the store; a receipt is
small, and holds the record where that spares the driver a request. One request is made once however
many episodes ask for it at the same time.

A `Lookout` answers the same questions from the store alone, so that what a run would make is found
out by the code that makes it.
"""

import threading
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Executor, Future
from copy import copy
from typing import Any, TypeVar

import msgspec

from .errors import BlobLost, ExecuteError, PaperledgeError
from .files import os_errors_said
from .model import Value
from .plugins import installed_version
from .shared import open_store
from .store import Step, Store, blobs_of, key_of

__all__ = ["Bench", "Job", "Lookout", "NotMade", "Receipt", "Results", "Tally", "carry_out", "job_of"]

Request = TypeVar("Request", bound=Value)
Result = TypeVar("Result", bound=Value)

Job = dict[str, Any]
"""A step's name and version, the key and the request, and which libraries' versions decide the bytes."""


class Receipt(msgspec.Struct, frozen=True):
    """What became of a job."""

    seconds: float
    """That it took its worker; 0 if it was there, made by another computer meanwhile."""
    record: bytes | None = None
    """What it made, if the store keeps it where the driver would have to fetch it."""


class Tally(msgspec.Struct):
    """How many requests of one step were made, and how many were there already."""

    made: int = 0
    reused: int = 0


class Results(ABC):
    """Where the results of steps come from."""

    @abstractmethod
    def each(self, step: Step[Request, Result], requests: Iterable[Request]) -> tuple[Result, ...]:
        """The results in the order of the requests."""

    def once(self, step: Step[Request, Result], request: Request) -> Result:
        """The result of one request. Raises as `each` does."""
        return self.each(step, [request])[0]


class NotMade(Exception):
    """The store lacks what some requests give; without it, those that follow are not even known."""

    def __init__(self, step: str, requests: dict[str, Value]) -> None:
        super().__init__(step)
        self.step = step
        self.requests = requests
        """Key → request, each once."""


class Lookout(Results):
    """What a store has: nothing is made."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Value | None] = {}

    def each(self, step: Step[Request, Result], requests: Iterable[Request]) -> tuple[Result, ...]:
        """The results in the order of the requests. Raises NotMade with all that are not there."""
        keyed = [(key_of(step, request), request) for request in requests]
        nowhere = self._store.warm(step, dict(keyed).keys() - self._known.keys())
        self._known.update(dict.fromkeys(nowhere))
        found = [self._recall(step, key) for key, _ in keyed]
        pairs = zip(keyed, found, strict=True)
        missing: dict[str, Value] = {key: request for (key, request), it in pairs if it is None}
        if missing:
            raise NotMade(step.name, missing)
        return tuple(result for result in found if result is not None)

    @property
    def asked(self) -> frozenset[str]:
        """The keys of all that was asked for, whether or not it is there."""
        return frozenset(self._known)

    def _recall(self, step: Step[Any, Result], key: str) -> Result | None:
        if key not in self._known:
            self._known[key] = self._store.recall(step, key)
        return self._known[key]  # type: ignore[return-value]  # of this step, as its key is


_THERE: "Future[Receipt | None]" = Future()
"""Of whatever the store has."""
_THERE.set_result(None)


class Bench(Results):
    """A store and an executor that fills it."""

    def __init__(
        self, store: Store, executor: Executor, do_job: Callable[[Job, str], Receipt | None]
    ) -> None:
        """do_job: the function that every worker, here or elsewhere, runs; importable by name."""
        self.store = store
        self.tallies: defaultdict[str, Tally] = defaultdict(Tally)
        """Distinct requests by step, for the report."""
        self.watch: Callable[[Value], None] = lambda request: None
        """Called once for each distinct request that is there, from any thread."""
        self.timed: Callable[[Value, float], None] = lambda request, seconds: None
        """Called for each request that was made, with what it took its worker; one call at a time."""
        self.lacking: set[str] = set()
        """Keys that were looked for a while ago in vain: they are made without another look."""
        self._executor = executor
        self._do_job = do_job
        self._asked: dict[str, Future[Receipt | None]] = {}
        self._lock = threading.RLock()  # an inline executor is done, and counted, while it is held

    def each(self, step: Step[Request, Result], requests: Iterable[Request]) -> tuple[Result, ...]:
        """The results in the order of the requests; those that are missing are made in parallel.

        Raises the first error, with the others in its `others`, once every job has ended.
        """
        keyed = [(key_of(step, request), request) for request in requests]
        distinct = dict(keyed)
        unknown = [key for key in distinct if key not in self._asked and key not in self.lacking]
        nowhere = self.store.warm(step, unknown)
        waiting = {key: self._ask(step, key, request, nowhere) for key, request in distinct.items()}
        _wait_for_all((waiting[key], request) for key, request in distinct.items())
        results = {key: self._made(step, key, done.result()) for key, done in waiting.items()}
        return tuple(results[key] for key, _ in keyed)

    def _ask(
        self, step: Step[Any, Any], key: str, request: Value, nowhere: frozenset[str]
    ) -> "Future[Receipt | None]":
        """A future that is done once the store has the result. nowhere: keys that it has not."""
        known = self._asked.get(key)
        if known and not self._is_lost(step, key, known):
            return known
        is_lacking = key in nowhere or key in self.lacking
        is_there = not is_lacking and self.store.recall(step, key) is not None  # with no lock: it may be far
        with self._lock:
            if (since := self._asked.get(key)) and since is not known:
                return since  # another episode was quicker
            self.lacking.discard(key)  # from now on, it may be there
            if is_there:
                future = self._asked[key] = _THERE
                self.tallies[step.name].reused += 1
            else:
                job = job_of(step, key, request)
                future = self._asked[key] = self._executor.submit(self._do_job, job, self.store.address)
                future.add_done_callback(lambda done: self._count(step, key, request, done))
        future.add_done_callback(lambda _: self.watch(request))
        return future

    def _is_lost(self, step: Step[Any, Any], key: str, known: "Future[Receipt | None]") -> bool:
        """Whether what was made is there no more; what failed is not made again in this run."""
        if not known.done() or known.cancelled():
            return False
        error = known.exception()
        return isinstance(error, BlobLost) or (error is None and self.store.recall(step, key) is None)

    def _count(self, step: Step[Any, Any], key: str, request: Value, done: "Future[Receipt | None]") -> None:
        if done.cancelled():
            return
        if error := done.exception():
            if isinstance(error, BlobLost):
                self.store.doubt(error.sha256)
            return
        receipt = done.result() or Receipt(0)
        with self._lock:
            self._asked[key] = _THERE  # a future keeps its callbacks, and with them the request
            self.tallies[step.name].made += 1
            self.timed(request, receipt.seconds)

    def _made(self, step: Step[Any, Result], key: str, receipt: Receipt | None) -> Result:
        if receipt and receipt.record:
            self.store.take(step, key, receipt.record)
        result = self.store.recall(step, key)
        if result is None:  # another episode has just found it damaged: asked again, it is made again
            raise BlobLost(
                f"what the {step.name} step made is not in the store",
                where=str(self.store.root),
                hint="is another program deleting it? run again",
            )
        return result


def _wait_for_all(asked: Iterable[tuple["Future[Receipt | None]", Value]]) -> None:
    errors: list[PaperledgeError] = []
    for future, request in asked:
        try:
            future.result()
        except ExecuteError as error:  # which knows of no request
            placed = copy(error)
            placed.where = placed.where or request.label
            errors.append(placed)
        except PaperledgeError as error:
            errors.append(error)
        except CancelledError:
            raise KeyboardInterrupt from None
    if errors:
        first, *others = errors
        first = copy(first)  # other episodes may hold the same error, with others beside it
        first.others = tuple(others)
        raise first


def job_of(step: Step[Any, Any], key: str, request: Value) -> Job:
    """What a worker is to make, as plain JSON that a person can read and do by hand."""
    return {
        "step": step.name,
        "version": step.version,
        "libraries": _libraries(step),
        "key": key,
        "request": msgspec.to_builtins(request),
    }


def _libraries(step: Step[Any, Any]) -> dict[str, str]:
    return {name: installed_version(name) for name in step.libraries}


def _refuse_other_versions(step: Step[Any, Any], job: Job) -> None:
    """Raise ExecuteError where the step, or a library that decides its bytes, is another version here."""
    asked = {f"the {step.name} step": job["version"], **job["libraries"]}
    here = {f"the {step.name} step": step.version, **_libraries(step)}
    for name in asked | here:
        if here.get(name) != asked.get(name):
            import platform  # only on the way to an error

            raise ExecuteError(
                f"this computer would make other bytes: {name} is {here.get(name)} here, "
                f"not {asked.get(name)}",
                where=platform.node(),
                hint="install the same version of PaperLedge, from its lock, on every computer",
            )


def carry_out(step: Step[Any, Any], job: Job, store_url: str) -> Receipt:
    """Make what a job asks for and keep it, in this process.

    What another computer has made meanwhile is not made again. Raises ExecuteError if this one
    would make other bytes, PaperledgeError as the step does, StoreError if files cannot be written.
    """
    begun = time.perf_counter()
    _refuse_other_versions(step, job)
    store, key = open_store(store_url), job["key"]
    with os_errors_said(f"the {step.name} step could not write", store.root), store.desk() as desk:
        store.look_again(step, key)
        if (found := store.recall(step, key)) is not None:
            for blob in blobs_of(found):
                store.doubt(blob.sha256)  # whoever asks for it again may have missed one
            if store.recall(step, key) is not None:
                return Receipt(0, store.copy(step, key))
        request = msgspec.convert(job["request"], step.request)
        store.remember(step, key, request, step.make(request, desk))
    return Receipt(time.perf_counter() - begun, store.copy(step, key))
