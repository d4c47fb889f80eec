"""Our own executors keep the contract, and `open_executor` finds them."""

import os
import subprocess
import sys
import threading
from concurrent.futures import Executor

import pytest

from pipeline.errors import PluginError
from pipeline.execute import open_executor
from pipeline.execute.local import LocalPool
from pipeline.testing import ExecutorContract


class TestLocal(ExecutorContract):
    def open(self) -> Executor:
        return open_executor("local:2")


class TestInline(ExecutorContract):
    is_isolated = False

    def open(self) -> Executor:
        return open_executor("inline")


def test_inline_does_a_job_in_the_thread_that_submits_it() -> None:
    with open_executor("inline") as executor:
        future = executor.submit(threading.get_ident)
        assert future.done()
        assert future.result() == threading.get_ident()


def interrupt() -> None:
    raise KeyboardInterrupt


def test_inline_lets_an_interruption_through() -> None:
    with open_executor("inline") as executor, pytest.raises(KeyboardInterrupt):
        executor.submit(interrupt)


def test_local_alone_means_the_cores_this_process_may_use() -> None:
    with open_executor("local") as executor:
        assert isinstance(executor, LocalPool)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        assert executor._limit == cores


@pytest.mark.parametrize("url", ["locl:2", "dask:tcp://host:8786", "", "inline:2", "LOCAL"])
def test_an_unknown_executor_names_the_known_ones(url: str) -> None:
    with pytest.raises(PluginError, match=r"known: inline, local") as error:
        open_executor(url)
    assert repr(url) in str(error.value)


@pytest.mark.parametrize("url", ["local:", "local:0", "local:-1", "local:two", "local:²", "local: 2"])
def test_a_wrong_number_of_workers_says_how_to_write_it(url: str) -> None:
    with pytest.raises(PluginError, match=r"write local:2"):
        open_executor(url)


def test_importing_the_stage_brings_no_pool() -> None:
    code = "import sys, pipeline.execute; print([name for name in sys.modules if 'multiprocessing' in name])"
    answer = subprocess.check_output([sys.executable, "-c", code], text=True, timeout=30)
    assert answer.strip() == "[]"
