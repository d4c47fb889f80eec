"""An executor that is kept: the same workers for run after run, others where that would not do."""

import os
from concurrent.futures import Executor
from contextlib import suppress

import pytest

from pipeline.execute import Kept


def worker_of(executor: Executor) -> int:
    return executor.submit(os.getpid).result(60)


def test_the_next_run_has_the_workers_of_the_last() -> None:
    kept = Kept()
    workers = []
    for _ in range(3):
        with kept.open("local:1", timeout_s=60) as executor:
            workers.append(worker_of(executor))
    kept.close()
    assert len(set(workers)) == 1
    assert workers[0] != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(workers[0], 0)


def test_a_run_that_asks_for_another_has_another() -> None:
    kept = Kept()
    workers = []
    for timeout_s in (60, 50):
        with kept.open("local:1", timeout_s=timeout_s) as executor:
            workers.append(worker_of(executor))
    kept.close()
    assert workers[0] != workers[1]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_a_run_gave_up_is_not_used_again(error: type[BaseException]) -> None:
    kept = Kept()
    with suppress(error), kept.open("local:1") as given_up:
        before = worker_of(given_up)
        raise error
    with pytest.raises(RuntimeError):
        given_up.submit(os.getpid)
    with kept.open("local:1") as executor:
        assert worker_of(executor) != before
    kept.close()


def test_what_has_closed_of_itself_is_not_used_again() -> None:
    """As a cluster does whose scheduler stayed away: no error of the run tells of it."""
    kept = Kept()
    with kept.open("local:1") as lost:
        lost.shutdown()
    with kept.open("local:1") as executor:
        assert worker_of(executor) != os.getpid()
    kept.close()
