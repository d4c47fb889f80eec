"""What an executor must do, as tests to inherit; see the package."""
# ruff: noqa: D102, S101  the name of a test says what it asserts

import hashlib
import os
import signal
import sys
import threading
import unittest
from collections.abc import Callable
from concurrent.futures import Executor, as_completed

from ..errors import SynthesisError

__all__ = ["ExecutorContract"]


class ExecutorContract:
    """What PaperLedge asks of a `concurrent.futures.Executor`.

    One job that fails, leaves or is killed loses no other, results are those of the same call
    in this process, and leaving the executor finishes what was submitted. The jobs are functions
    of this module, so that workers on other computers find them where PaperLedge is installed.
    """

    is_isolated = True
    """Whether jobs run in processes of their own: False skips what would harm the tests."""
    patience_s = 60.0
    """How long a job may take to come back, the start of the first worker included."""

    def open(self) -> Executor:
        """A new executor, with two workers or more if it has any. The subclass says how."""
        raise NotImplementedError

    def test_results_come_in_the_order_asked_for(self) -> None:
        with self.open() as executor:
            results = list(executor.map(_double, range(20), timeout=self.patience_s))
        assert results == [2 * number for number in range(20)]

    def test_every_job_is_reported_once_as_it_is_done(self) -> None:
        with self.open() as executor:
            futures = [executor.submit(_double, number) for number in range(20)]
            done = list(as_completed(futures, self.patience_s))
        assert len(done) == 20
        assert {future.result() for future in done} == {2 * number for number in range(20)}

    def test_arguments_arrive_by_place_and_by_name(self) -> None:
        with self.open() as executor:
            future = executor.submit(_digest, "böse\0", times=3)
            assert future.result(self.patience_s) == _digest("böse\0", times=3)

    def test_a_large_job_and_a_large_result_arrive_whole(self) -> None:
        text = "paper" * 200_000
        with self.open() as executor:
            assert executor.submit(_double_text, text).result(self.patience_s) == text + text

    def test_an_exception_comes_back_as_itself(self) -> None:
        with self.open() as executor:
            error = executor.submit(_fail, "no voice").exception(self.patience_s)
        assert isinstance(error, SynthesisError)
        assert (error.what, error.where, error.hint) == ("no voice", "line 3", "choose one")

    def test_a_job_that_fails_loses_no_other(self) -> None:
        self._loses_no_other(_fail, "no voice")

    def test_a_job_that_exits_loses_no_other(self) -> None:
        self._loses_no_other(sys.exit, 3)

    def test_a_job_whose_process_is_killed_loses_no_other(self) -> None:
        self._needs_isolation()
        self._loses_no_other(_die)

    def test_a_result_that_cannot_travel_loses_no_other(self) -> None:
        self._needs_isolation()
        self._loses_no_other(threading.Lock)

    def test_an_exception_that_cannot_travel_loses_no_other(self) -> None:
        self._needs_isolation()
        self._loses_no_other(_fail_with_a_lock)

    def test_leaving_finishes_what_was_submitted(self) -> None:
        with self.open() as executor:
            futures = [executor.submit(_double, number) for number in range(5)]
        assert all(future.done() for future in futures)

    def test_a_done_future_calls_back(self) -> None:
        called = threading.Event()
        with self.open() as executor:
            executor.submit(_double, 1).add_done_callback(lambda _: called.set())
            assert called.wait(self.patience_s)

    def test_nothing_can_be_submitted_after_shutdown(self) -> None:
        executor = self.open()
        executor.shutdown()
        try:
            executor.submit(_double, 1)
        except RuntimeError:
            return
        raise AssertionError("a job was accepted after shutdown")

    def _loses_no_other(self, harm: Callable[..., object], *args: object) -> None:
        """One harmful job among seven good ones: it raises an Exception, they return."""
        with self.open() as executor:
            good = [executor.submit(_double, number) for number in range(3)]
            bad = executor.submit(harm, *args)
            good += [executor.submit(_double, number) for number in range(3, 7)]
            assert isinstance(bad.exception(self.patience_s), Exception)
            assert [future.result(self.patience_s) for future in good] == [0, 2, 4, 6, 8, 10, 12]

    def _needs_isolation(self) -> None:
        if not self.is_isolated:
            raise unittest.SkipTest("jobs run in this process")  # pytest knows it, and is not imported


def _double(number: int) -> int:
    return 2 * number


def _double_text(text: str) -> str:
    return text + text


def _digest(text: str, *, times: int) -> str:
    return hashlib.sha256(text.encode() * times).hexdigest()


def _fail(what: str) -> None:
    raise SynthesisError(what, where="line 3", hint="choose one")


def _fail_with_a_lock() -> None:
    raise ValueError(threading.Lock())


def _die() -> None:
    os.kill(os.getpid(), signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
