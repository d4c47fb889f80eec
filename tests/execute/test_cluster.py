"""A dask cluster on 127.0.0.1: what an executor must do, and what may happen to a cluster."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, as_completed
from pathlib import Path

import pytest

from pipeline.errors import ExecuteError, JobTimeout, WorkerDied
from pipeline.execute import interrupt, open_executor
from pipeline.execute.cluster import AHEAD
from pipeline.testing import ExecutorContract
from tests.clusters import Cluster, free_port, kill_tree, note_and_sleep, running_cluster

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster"), nodes=2) as running:
        yield running


class TestDask(ExecutorContract):
    @pytest.fixture(autouse=True)
    def _on(self, cluster: Cluster) -> None:
        self.url = f"dask:{cluster.address}"

    def open(self) -> Executor:
        return open_executor(self.url)


def times_begun(folder: Path, name: str) -> int:
    path = folder / name
    return len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0


def wait_until(is_so: Callable[[], object], patience_s: float = 30) -> None:
    deadline = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """One that a test may damage."""
    with running_cluster(tmp_path / "own", nodes=2) as running:
        yield running


def test_no_scheduler_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.execute.cluster.CONNECT_S", 1.0)
    with pytest.raises(ExecuteError, match="no scheduler answers") as error:
        open_executor(f"dask:tcp://127.0.0.1:{free_port()}")
    assert "docs/cluster.md" in error.value.hint


def test_a_job_that_hangs_is_ended_alone(cluster: Cluster, tmp_path: Path) -> None:
    with open_executor(f"dask:{cluster.address}", timeout_s=2) as executor:
        executor.submit(os.getpid).result(60)
        slow = executor.submit(time.sleep, 60)
        quick = [executor.submit(os.getpid) for _ in range(5)]
        assert all(future.result(60) for future in quick)
        assert isinstance(slow.exception(60), JobTimeout)


def test_many_small_jobs_travel_together(cluster: Cluster) -> None:
    given: list[int] = []
    with open_executor(f"dask:{cluster.address}") as executor:
        real = executor._client.submit  # type: ignore[attr-defined]

        def counting(function: object, calls: list[bytes], *more: object, **how: object) -> object:
            given.append(len(calls))
            return real(function, calls, *more, **how)

        executor._client.submit = counting  # type: ignore[attr-defined]
        results = list(executor.map(abs, range(2000), timeout=120))
    assert results == list(range(2000))
    assert sum(given) == 2000
    assert len(given) < 100


def test_a_worker_that_is_killed_costs_nothing(own_cluster: Cluster, tmp_path: Path) -> None:
    with open_executor(f"dask:{own_cluster.address}") as executor:
        futures = [executor.submit(note_and_sleep, str(tmp_path), f"job-{n}", 1.0) for n in range(6)]
        wait_until(lambda: times_begun(tmp_path, "job-0"))
        os.kill(own_cluster.workers()[0], signal.SIGKILL)
        assert all(future.result(60) for future in futures)
    assert sum(times_begun(tmp_path, f"job-{n}") for n in range(6)) <= 6 + 2


def test_a_node_that_is_lost_costs_nothing(own_cluster: Cluster, tmp_path: Path) -> None:
    with open_executor(f"dask:{own_cluster.address}") as executor:
        futures = [executor.submit(note_and_sleep, str(tmp_path), f"job-{n}", 1.0) for n in range(6)]
        wait_until(lambda: times_begun(tmp_path, "job-0"))
        kill_tree(own_cluster.nodes[0])
        assert all(future.result(60) for future in futures)


def test_a_scheduler_that_comes_back_costs_nothing(own_cluster: Cluster, tmp_path: Path) -> None:
    with open_executor(f"dask:{own_cluster.address}") as executor:
        futures = [executor.submit(note_and_sleep, str(tmp_path), f"job-{n}", 0.5) for n in range(8)]
        wait_until(futures[0].done)
        done = {n for n, future in enumerate(futures) if future.done()}
        own_cluster.kill_scheduler()
        own_cluster.start_scheduler()
        own_cluster.start_node()
        assert all(future.result(120) for future in futures)
    assert all(times_begun(tmp_path, f"job-{n}") == 1 for n in done)


def test_workers_at_work_end_with_their_scheduler(own_cluster: Cluster, tmp_path: Path) -> None:
    """So that whatever looks after them starts others, which find it again."""
    with open_executor(f"dask:{own_cluster.address}") as executor:
        futures = [executor.submit(note_and_sleep, str(tmp_path), f"job-{n}", 3) for n in range(2)]
        wait_until(lambda: times_begun(tmp_path, "job-0") and times_begun(tmp_path, "job-1"))
        own_cluster.kill_scheduler()
        wait_until(lambda: all(node.poll() is not None for node in own_cluster.nodes), 40)
        executor.kill()  # type: ignore[attr-defined]
        assert all(isinstance(future.exception(), WorkerDied) for future in futures)


def test_a_scheduler_that_stays_away_is_given_up(
    own_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.execute.cluster.PATIENCE_S", 1.0)
    with open_executor(f"dask:{own_cluster.address}") as executor:
        futures = [executor.submit(note_and_sleep, str(tmp_path), f"job-{n}", 60) for n in range(10)]
        wait_until(lambda: times_begun(tmp_path, "job-0"))
        monkeypatch.setattr("pipeline.execute.cluster.CONNECT_S", 1.0)
        own_cluster.kill_scheduler()
        errors = [done.exception() for done in as_completed(futures, 60)]
        assert all(
            isinstance(error, ExecuteError) and "no scheduler answers" in error.what for error in errors
        )
        assert isinstance(executor.submit(os.getpid).exception(1), ExecuteError)


def test_a_scheduler_that_says_nothing_can_be_left(
    own_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.execute.cluster.CONNECT_S", 5.0)
    executor = open_executor(f"dask:{own_cluster.address}")
    executor.submit(os.getpid).result(60)
    scheduler = own_cluster.scheduler
    assert scheduler
    os.kill(scheduler.pid, signal.SIGSTOP)
    try:
        future = executor.submit(os.getpid)
        time.sleep(3)
        begun = time.monotonic()
        interrupt(executor)
        assert time.monotonic() - begun < 30
        assert future.done()
    finally:
        os.kill(scheduler.pid, signal.SIGCONT)


def test_what_cannot_be_an_address_is_said() -> None:
    for url in ("dask:nonsense", "dask:tls://127.0.0.1:1"):
        with pytest.raises(ExecuteError, match=r"no (such )?scheduler"):
            open_executor(url)


def test_an_interruption_begins_nothing_more(cluster: Cluster, tmp_path: Path) -> None:
    executor = open_executor(f"dask:{cluster.address}")
    futures = [executor.submit(note_and_sleep, str(tmp_path), f"job-{n}", 1.0) for n in range(40)]
    wait_until(lambda: times_begun(tmp_path, "job-0"))
    interrupt(executor)
    assert all(future.done() for future in futures)
    assert any(future.cancelled() for future in futures)
    begun = sum(times_begun(tmp_path, f"job-{n}") for n in range(40))
    time.sleep(5)
    at_last = sum(times_begun(tmp_path, f"job-{n}") for n in range(40))
    assert at_last <= begun + 2 * AHEAD  # what two workers had already


def test_the_processes_of_a_worker_end_with_it(own_cluster: Cluster) -> None:
    with open_executor(f"dask:{own_cluster.address}") as executor:
        pids = {executor.submit(os.getpid).result(60) for _ in range(4)}
    own_cluster.stop()
    wait_until(lambda: not any(is_running(pid) for pid in pids), 10)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2] != "Z"
