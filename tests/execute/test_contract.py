"""Our own executors keep the contract, and `open_executor` finds them."""

import os
import subprocess
import sys
import threading
from concurrent.futures import Executor
from pathlib import Path

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


@pytest.mark.parametrize("url", ["locl:2", "dask", "dask:", "slurm:", "", "inline:2", "LOCAL"])
def test_an_unknown_executor_names_the_known_ones(url: str) -> None:
    with pytest.raises(PluginError, match=r"known: dask, inline, local, slurm") as error:
        open_executor(url)
    assert repr(url) in str(error.value)


def test_a_function_of_any_module_may_open_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "own_pools.py").write_text(
        "from concurrent.futures import ThreadPoolExecutor as open\n"
        "def nothing(): return None\n"
        "def broken(): raise OSError('no machine')\n"
    )
    with open_executor("own_pools:open") as executor:
        assert executor.submit(abs, -3).result() == 3
    with pytest.raises(PluginError, match="gives a NoneType"):
        open_executor("own_pools:nothing")
    with pytest.raises(PluginError, match="no machine"):
        open_executor("own_pools:broken")
    with pytest.raises(PluginError, match="cannot be opened"):
        open_executor("own_pools:missing")
    with pytest.raises(PluginError, match="there is no executor 'other_pools:open'"):
        open_executor("other_pools:open")


@pytest.mark.parametrize("url", ["local:", "local:0", "local:-1", "local:two", "local:²", "local: 2"])
def test_a_wrong_number_of_workers_says_how_to_write_it(url: str) -> None:
    with pytest.raises(PluginError, match=r"write local:2"):
        open_executor(url)


def test_importing_the_stage_brings_no_pool() -> None:
    code = "import sys, pipeline.execute; print([name for name in sys.modules if 'multiprocessing' in name])"
    answer = subprocess.check_output([sys.executable, "-c", code], text=True, timeout=30)
    assert answer.strip() == "[]"
