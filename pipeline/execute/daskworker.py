"""What a dask worker does: calls go through a pool of its own, whose processes may die.

In: a group of pickled calls. Out: their pickled answers, in order.
"""

import multiprocessing
import pickle
import threading
import time
from concurrent.futures import Future
from functools import cache
from multiprocessing.util import Finalize
from typing import Any

from .local import LocalPool

__all__ = ["do_calls"]


def do_calls(calls: list[bytes], timeout_s: float) -> tuple[list[bytes], float]:
    """Do pickled calls in this worker's own pool: pickled (result, None) or (None, exception), and
    the seconds they took together.
    """
    from distributed import get_worker  # here is a dask worker

    begun = time.monotonic()
    with _OPENING:
        pool = _pool(get_worker().state.nthreads, timeout_s)
    asked = [pool.submit(_call, call) for call in calls]
    answers = [_outcome(future) for future in asked]
    return answers, time.monotonic() - begun


def _call(pickled: bytes) -> Any:
    fn, args, kwargs = pickle.loads(pickled)  # noqa: S301  our own driver's
    return fn(*args, **kwargs)


def _outcome(future: Future[Any]) -> bytes:
    error = future.exception()
    return pickle.dumps((None, error) if error else (future.result(), None))


_OPENING = threading.Lock()


@cache
def _pool(workers: int, timeout_s: float) -> LocalPool:
    """The processes of this worker, for as long as it lives."""
    # Nannies start their workers as daemons, which may have no children lest they outlive them: ours do not.
    multiprocessing.current_process().daemon = False
    pool = LocalPool(workers, timeout_s=timeout_s)
    Finalize(None, pool.kill, exitpriority=1)  # before this process, as it ends, waits for its children
    return pool
