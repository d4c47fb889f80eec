"""What our executors have in common: calls travel pickled, and an interruption ends them."""

import pickle
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from .worker import unsendable

__all__ = ["PickledExecutor"]

P = ParamSpec("P")
T = TypeVar("T")


class PickledExecutor(Executor, ABC):
    """An executor whose calls are done elsewhere, driven by one thread of this process."""

    _thread: threading.Thread | None = None
    """The one that drives it; None while there is nothing to drive."""
    _closed = False

    @property
    def is_closed(self) -> bool:
        """Whether it takes no more jobs, as after a shutdown or once what it works with is lost."""
        return self._closed

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a job. Its future raises what the job raised, or an ExecuteError.

        Raises RuntimeError after shutdown.
        """
        future: Future[T] = Future()
        try:
            call = pickle.dumps((fn, args, kwargs))
        except Exception as error:
            future.set_exception(unsendable("job", error))
        else:
            self._queue(call, future)
        return future

    @abstractmethod
    def kill(self) -> None:
        """Begin nothing more, and end what runs if that can be."""

    @abstractmethod
    def _queue(self, call: bytes, future: Future[Any]) -> None:
        """Take a pickled (function, args, kwargs). Raises RuntimeError after shutdown."""

    def _join(self) -> None:
        """Wait until all is done, but not in a callback; an interruption meanwhile kills what runs."""
        if self._thread and self._thread is not threading.current_thread():
            try:
                self._thread.join()
            except BaseException:
                self.kill()
                raise

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or issubclass(kind, Exception):
            self.shutdown()
        else:
            self.kill()
