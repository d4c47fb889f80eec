"""The pool of worker processes: what is lost when jobs, workers or the driver go wrong."""

import ctypes
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, as_completed
from concurrent.futures import wait as wait_for
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipeline.errors import ExecuteError, JobTimeout, WorkerDied
from pipeline.execute import local
from pipeline.execute.local import LocalPool

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups")

PATIENCE_S = 30.0


@pytest.fixture(autouse=True)
def _plain_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every worker imports the driver's __main__ again; pytest's would take half of the time."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


# Jobs.


DIE = partial(signal.raise_signal, getattr(signal, "SIGKILL", signal.SIGTERM))


def die_once(marker: str) -> str:
    if not Path(marker).exists():
        Path(marker).touch()
        DIE()
    return "second time"


def meet(mine: str, other: str) -> bool:
    """Whether another job was running at the same time."""
    Path(mine).touch()
    return until(Path(other).exists, PATIENCE_S)


def hang_with_an_engine(pid_file: str, apart: bool = False) -> None:
    engine = subprocess.Popen(["sleep", "60"], process_group=0 if apart else None)
    Path(pid_file).write_text(str(engine.pid))
    engine.wait()


def fork_and_die(pid_file: str) -> None:
    child = os.fork()
    if child == 0:
        time.sleep(60)
    Path(pid_file).write_text(str(child))
    DIE()


def leak_and_die(pid_file: str) -> None:
    """As a library in C that forks: no hook of Python closes the pipe in the child."""
    libc = ctypes.PyDLL(None)
    child = libc.fork()
    if child == 0:
        libc.sleep(60)
        os._exit(0)
    Path(pid_file).write_text(str(child))
    DIE()


def fork_and_fall_through() -> str:
    child = os.fork()
    if child == 0:
        return "from the child"
    os.waitpid(child, 0)
    return "from the worker"


class Rebellious(Exception):
    """Pickles, but cannot be built again."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def rebel() -> None:
    raise Rebellious("one", "two")


class Unreadable:
    """Pickles in the worker, and cannot be read by the driver."""

    def __init__(self, driver: int) -> None:
        self.driver = driver

    def __setstate__(self, state: dict[str, int]) -> None:
        if os.getpid() == state["driver"]:
            raise ValueError("not here")


def interrupts() -> tuple[bool, bool]:
    is_blocked = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    return is_blocked, signal.getsignal(signal.SIGINT) == signal.SIG_IGN


def descriptors() -> int:
    return len(os.listdir("/dev/fd"))  # noqa: PTH208


# What the tests see.


def until(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def is_alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return state.stdout.strip()[:1] not in {"", "Z"}


def is_gone(pid_file: Path) -> bool:
    pid = int(pid_file.read_text())
    return until(lambda: not is_alive(pid), 1)


def note_of(future: Future[Any]) -> str:
    error = future.exception(PATIENCE_S)
    assert error is not None
    return "\n".join(error.__notes__)


# Answers.


def test_workers_are_started_when_jobs_need_them_and_never_more() -> None:
    with LocalPool(3) as pool:
        assert pool.pids == ()
        pool.submit(os.getpid).result(PATIENCE_S)
        assert len(pool.pids) == 1
        pids = {future.result(PATIENCE_S) for future in [pool.submit(os.getpid) for _ in range(30)]}
        assert pids <= set(pool.pids)
        assert len(pool.pids) <= 3


def test_jobs_start_in_the_order_of_submission() -> None:
    with LocalPool(1) as pool:
        starts = [future.result(PATIENCE_S) for future in [pool.submit(time.monotonic_ns) for _ in range(50)]]
    assert starts == sorted(starts)


def test_two_workers_work_at_the_same_time(tmp_path: Path) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    with LocalPool(2) as pool:
        assert all(pool.map(meet, (one, two), (two, one)))


def test_an_answer_comes_while_other_jobs_go_on(tmp_path: Path) -> None:
    with LocalPool(2) as pool:
        slow = pool.submit(meet, str(tmp_path / "slow"), str(tmp_path / "go"))
        quick = pool.submit(time.sleep, 0)
        both: list[Future[Any]] = [slow, quick]
        assert next(as_completed(both, PATIENCE_S)) is quick
        (tmp_path / "go").touch()
        assert slow.result(PATIENCE_S)


def test_an_exception_brings_the_traceback_of_the_worker() -> None:
    with LocalPool(1) as pool:
        future = pool.submit(os.listdir, "/no/such/folder")
        assert isinstance(future.exception(PATIENCE_S), FileNotFoundError)
        assert "Traceback" in note_of(future)
        assert "return fn(*args, **kwargs)" in note_of(future)


def test_an_exception_that_cannot_be_built_again_keeps_its_traceback() -> None:
    with LocalPool(1) as pool:
        future = pool.submit(rebel)
        with pytest.raises(ExecuteError, match="the exception cannot travel"):
            future.result(PATIENCE_S)
        assert "Rebellious: onetwo" in note_of(future)
        assert pool.submit(os.getpid).result(PATIENCE_S) == pool.pids[0]


def test_what_cannot_travel_is_an_error_of_its_job_and_costs_no_worker() -> None:
    with LocalPool(1) as pool:
        pid = pool.submit(os.getpid).result(PATIENCE_S)
        for future, thing in (
            (pool.submit(lambda: None), "job"),
            (pool.submit(threading.Lock), "result"),
            (pool.submit(Unreadable, os.getpid()), "result"),
        ):
            with pytest.raises(ExecuteError, match=f"the {thing} cannot travel"):
                future.result(PATIENCE_S)
        assert pool.submit(os.getpid).result(PATIENCE_S) == pid


def test_a_job_that_exits_costs_no_worker() -> None:
    with LocalPool(1) as pool:
        with pytest.raises(ExecuteError, match=r"left with SystemExit\(3\)"):
            pool.submit(sys.exit, 3).result(PATIENCE_S)
        assert pool.submit(os.getpid).result(PATIENCE_S) == pool.pids[0]


# Deaths.


@posix
def test_a_killed_worker_fails_its_own_job_only() -> None:
    with LocalPool(2) as pool:
        futures = [pool.submit(DIE if place == 3 else os.getpid) for place in range(8)]
        with pytest.raises(WorkerDied, match="signal 9"):
            futures.pop(3).result(PATIENCE_S)
        assert all(future.result(PATIENCE_S) for future in futures)


def test_a_worker_that_leaves_is_named_by_its_exit_code() -> None:
    with LocalPool(1) as pool, pytest.raises(WorkerDied, match="exit code 3"):
        pool.submit(os._exit, 3).result(PATIENCE_S)


@posix
def test_a_worker_killed_while_idle_costs_nothing() -> None:
    with LocalPool(1) as pool:
        for _ in range(5):
            pid = pool.submit(os.getpid).result(PATIENCE_S)
            os.kill(pid, signal.SIGKILL)
            assert until(lambda: not pool.pids, 1)
        assert pool.submit(os.getpid).result(PATIENCE_S) != pid


@posix
def test_a_worker_killed_between_two_jobs_costs_neither() -> None:
    with LocalPool(1) as pool:
        pid = pool.submit(os.getpid).result(PATIENCE_S)

        def kill_worker(_: Future[Any]) -> None:  # while the driver thread is here, it sees nothing
            os.kill(pid, signal.SIGKILL)
            until(lambda: not is_alive(pid), PATIENCE_S)

        first = pool.submit(time.sleep, 0.1)
        first.add_done_callback(kill_worker)
        second = pool.submit(os.getpid)
        assert first.exception(PATIENCE_S) is None
        assert second.result(PATIENCE_S) != pid


@posix
def test_a_job_is_done_again_as_often_as_allowed(tmp_path: Path) -> None:
    with LocalPool(1, retries=1) as pool:
        assert pool.submit(die_once, str(tmp_path / "died")).result(PATIENCE_S) == "second time"
        with pytest.raises(WorkerDied):
            pool.submit(DIE).result(PATIENCE_S)


@posix
def test_a_job_to_be_done_again_goes_first(tmp_path: Path) -> None:
    with LocalPool(1, retries=1) as pool:
        first = pool.submit(die_once, str(tmp_path / "died"))
        pool.submit(os.getpid).result(PATIENCE_S)
        assert first.done()


@posix
def test_dead_workers_leave_nothing_open() -> None:
    with LocalPool(2) as pool:
        wait_for([pool.submit(DIE) for _ in range(2)], PATIENCE_S)
        before = descriptors()
        wait_for([pool.submit(DIE) for _ in range(10)], PATIENCE_S)
        assert descriptors() <= before


@posix
@pytest.mark.parametrize("job", [fork_and_die, leak_and_die])
def test_a_process_that_outlives_its_worker_hides_nothing_and_is_ended(
    job: Callable[[str], None], tmp_path: Path
) -> None:
    pid_file = tmp_path / "pid"
    started = time.monotonic()
    with LocalPool(1) as pool, pytest.raises(WorkerDied, match="signal 9"):
        pool.submit(job, str(pid_file)).result(PATIENCE_S)
    assert time.monotonic() - started < 5
    assert is_gone(pid_file)


@posix
def test_a_forked_child_cannot_answer_for_its_worker() -> None:
    with LocalPool(1) as pool:
        assert pool.submit(fork_and_fall_through).result(PATIENCE_S) == "from the worker"
        assert pool.submit(os.getpid).result(PATIENCE_S) == pool.pids[0]


@posix
def test_a_job_that_hangs_is_ended_with_its_engine_and_no_other(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    started = time.monotonic()
    with LocalPool(2, timeout_s=2) as pool:
        hanging = pool.submit(hang_with_an_engine, str(pid_file))
        others = [pool.submit(os.getpid) for _ in range(7)]
        assert len({future.result(PATIENCE_S) for future in others}) == 1
        with pytest.raises(JobTimeout, match="after 2 s"):
            hanging.result(PATIENCE_S)
        assert 2 <= time.monotonic() - started < 10
        assert is_gone(pid_file)
        assert pool.submit(os.getpid).result(PATIENCE_S)


@pytest.mark.skipif(sys.platform != "linux", reason="found by /proc")
def test_what_an_engine_started_ends_with_it_although_the_engine_leads_a_group_of_its_own(
    tmp_path: Path,
) -> None:
    pid_file = tmp_path / "pid"
    with LocalPool(1, timeout_s=2) as pool:
        with pytest.raises(JobTimeout):
            pool.submit(hang_with_an_engine, str(pid_file), apart=True).result(PATIENCE_S)
        assert is_gone(pid_file)


def test_a_worker_that_cannot_be_started_fails_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "start_worker", refuse)
    with LocalPool(1) as pool, pytest.raises(ExecuteError, match="no worker could be started: no memory"):
        pool.submit(os.getpid).result(PATIENCE_S)


def test_the_workers_there_are_do_the_jobs_if_no_more_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalPool(4) as pool:
        pid = pool.submit(os.getpid).result(PATIENCE_S)
        monkeypatch.setattr(local, "start_worker", refuse)
        assert {future.result(PATIENCE_S) for future in [pool.submit(os.getpid) for _ in range(9)]} == {pid}


def refuse() -> None:
    raise OSError("no memory")


@posix
@pytest.mark.torture
def test_forty_jobs_are_done_while_workers_are_killed_at_random() -> None:
    chance = random.Random(7)
    with LocalPool(2, retries=16) as pool:  # so that sixteen kills cannot be too many for a job
        futures = [pool.submit(time.sleep, 0.1) for _ in range(40)]
        for _ in range(16):
            time.sleep(chance.uniform(0, 0.15))
            if pids := pool.pids:
                with suppress(ProcessLookupError):  # dead already, and only now seen to be
                    os.kill(chance.choice(pids), signal.SIGKILL)
        assert [future.exception(PATIENCE_S) for future in futures] == [None] * 40


# Endings.


def test_a_waiting_job_can_be_cancelled_and_a_running_one_cannot(tmp_path: Path) -> None:
    with LocalPool(1) as pool:
        running = pool.submit(meet, str(tmp_path / "runs"), str(tmp_path / "go"))
        waiting = [pool.submit(os.getpid) for _ in range(2)]
        assert until(running.running, PATIENCE_S)
        assert waiting[0].cancel()
        assert not running.cancel()
        (tmp_path / "go").touch()
        every: list[Future[Any]] = [running, *waiting]
        assert len(list(as_completed(every, PATIENCE_S))) == 3
        assert running.result() is True
        assert waiting[1].result() == pool.pids[0]


def test_shutdown_without_waiting_returns_at_once_and_finishes_the_jobs(tmp_path: Path) -> None:
    pool = LocalPool(1)
    futures: list[Future[Any]] = [
        pool.submit(meet, str(tmp_path / "runs"), str(tmp_path / "go")),
        pool.submit(os.getpid),
    ]
    pool.shutdown(wait=False)
    assert not any(future.done() for future in futures)
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(os.getpid)
    (tmp_path / "go").touch()
    assert all(future.result(PATIENCE_S) for future in futures)
    pool.shutdown()
    assert pool.pids == ()


def test_shutdown_cancels_what_waits_and_finishes_what_runs(tmp_path: Path) -> None:
    pool = LocalPool(1)
    running = pool.submit(meet, str(tmp_path / "runs"), str(tmp_path / "go"))
    waiting = [pool.submit(os.getpid) for _ in range(3)]
    assert until(running.running, PATIENCE_S)
    pool.shutdown(wait=False, cancel_futures=True)
    assert set(as_completed(waiting, PATIENCE_S)) == set(waiting)
    assert all(future.cancelled() for future in waiting)
    (tmp_path / "go").touch()
    assert running.result(PATIENCE_S) is True
    pool.shutdown()


def test_an_interruption_ends_everything_within_a_second() -> None:
    pool = LocalPool(2)
    futures = [pool.submit(time.sleep, 60) for _ in range(4)]
    assert until(lambda: len(pool.pids) == 2, PATIENCE_S)
    pids, interrupted = pool.pids, time.monotonic()
    with pytest.raises(KeyboardInterrupt), pool:
        raise KeyboardInterrupt
    assert time.monotonic() - interrupted < 1
    assert not any(is_alive(pid) for pid in pids)
    assert [type(future.exception()) for future in futures[:2]] == [WorkerDied, WorkerDied]
    with pytest.raises(CancelledError):
        futures[2].result(0)
    assert futures[3].cancelled()


def test_a_pool_can_be_killed_from_a_callback() -> None:
    pool = LocalPool(1)
    killed: list[None] = []
    first, *rest = [pool.submit(time.sleep, pause) for pause in (0.2, 60, 60)]
    first.add_done_callback(lambda _: killed.append(pool.kill()))  # type: ignore[func-returns-value]
    wait_for([first, *rest], PATIENCE_S)
    assert killed == [None]
    assert all(future.cancelled() for future in rest)


@posix
def test_a_pool_can_be_killed_while_a_callback_is_busy() -> None:
    pool = LocalPool(2)
    hanging, quick = pool.submit(time.sleep, 60), pool.submit(time.sleep, 0.1)
    assert until(lambda: len(pool.pids) == 2, PATIENCE_S)
    pid = pool.pids[0]
    ended: list[bool] = []
    quick.add_done_callback(lambda _: ended.append(until(lambda: not is_alive(pid), PATIENCE_S)))
    quick.result(PATIENCE_S)
    pool.kill()
    assert ended == [True]
    assert isinstance(hanging.exception(0), WorkerDied)


def test_however_the_driver_thread_ends_no_future_stays_open() -> None:
    pool = LocalPool(1)
    new, again = local._Job(b"", Future(), 1), local._Job(b"", Future(), 1)
    again.future.set_running_or_notify_cancel()
    pool._waiting.extend((new, again))
    pool._end()
    assert new.future.cancelled()
    assert isinstance(again.future.exception(0), WorkerDied)
    with pytest.raises(RuntimeError):
        pool.submit(os.getpid)


def test_an_unused_pool_ends_like_any_other() -> None:
    pool = LocalPool(2)
    pool.kill()
    pool.kill()
    pool.shutdown()
    with pytest.raises(ValueError, match="1 worker or more"):
        LocalPool(0)


# Drivers: scripts in a process of their own. Its end of stdout is inherited by all that it
# starts, so that the pipe ends when the last of them has gone.

SCRIPT = """
import os, subprocess, sys, time
from pipeline.execute.local import LocalPool

def devnull():
    return os.path.samestat(os.fstat(0), os.stat(os.devnull)), sys.stdin.read()

if __name__ == "__main__":
    pool = LocalPool(2)
    {body}
"""

IDLE = """
    list(pool.map(time.sleep, (0.2, 0.2)))
    print("ready", flush=True)
    time.sleep(60)
"""

BUSY = """
    engine = ["sh", "-c", "echo ready; exec sleep 60"]
    with pool:
        pool.submit(subprocess.call, engine)
        pool.submit(subprocess.call, engine)
"""


def start_driver(body: str, folder: Path, prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    script = folder / "driver.py"
    script.write_text(SCRIPT.format(body=body.strip()))
    return subprocess.Popen(
        [*prefix, sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(local.__file__).parents[2])},
        start_new_session=True,
    )


def read_line(driver: subprocess.Popen[str]) -> str:
    assert driver.stdout
    return driver.stdout.readline().strip()


@posix
@pytest.mark.parametrize(("body", "lines"), [(IDLE, 1), (BUSY, 2)], ids=["idle", "busy"])
def test_nothing_outlives_a_killed_driver_by_two_seconds(body: str, lines: int, tmp_path: Path) -> None:
    with start_driver(body, tmp_path) as driver:
        assert [read_line(driver) for _ in range(lines)] == ["ready"] * lines
        driver.kill()
        driver.communicate(timeout=2)


@posix
def test_ctrl_c_while_waiting_for_jobs_ends_the_driver_and_all_it_started(tmp_path: Path) -> None:
    with start_driver(BUSY, tmp_path) as driver:
        assert [read_line(driver), read_line(driver)] == ["ready", "ready"]
        os.killpg(driver.pid, signal.SIGINT)
        _, complaint = driver.communicate(timeout=2)
    assert complaint.strip().endswith("KeyboardInterrupt")
    assert complaint.count("Traceback") == 1


@posix
def test_a_worker_leaves_interruptions_to_the_driver_from_its_first_moment() -> None:
    with LocalPool(1) as pool:
        assert pool.submit(interrupts).result(PATIENCE_S) == (True, True)


@posix
def test_a_worker_holds_nothing_of_its_siblings(tmp_path: Path) -> None:
    with LocalPool(3) as pool:
        first = pool.submit(descriptors).result(PATIENCE_S)
        hold = [pool.submit(meet, str(tmp_path / name), str(tmp_path / "go")) for name in "ab"]
        assert pool.submit(descriptors).result(PATIENCE_S) == first
        (tmp_path / "go").touch()
        assert all(future.result(PATIENCE_S) for future in hold)


@posix
def test_a_worker_does_not_hold_the_standard_input_of_the_driver(tmp_path: Path) -> None:
    with start_driver("print(pool.submit(devnull).result(30))", tmp_path) as driver:
        assert driver.communicate("for the driver", timeout=PATIENCE_S) == ("(True, '')\n", "")


@posix
def test_a_driver_without_standard_streams_has_workers_that_print(tmp_path: Path) -> None:
    made = tmp_path / "made"
    body = f"pool.submit(print, 'lost').result(30); open({str(made)!r}, 'w').close()"
    with start_driver(body, tmp_path, ("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh")) as driver:
        driver.communicate(timeout=PATIENCE_S)
    assert made.exists()


def test_forgetting_shutdown_finishes_the_jobs_and_does_not_hang(tmp_path: Path) -> None:
    body = "[pool.submit(print, 'done', flush=True) for _ in range(3)]"
    with start_driver(body, tmp_path) as driver:
        output, errors = driver.communicate(timeout=PATIENCE_S)
        assert (output.count("done"), errors) == (3, "")  # the workers' lines may run together
        assert driver.returncode == 0


def test_a_script_without_the_main_guard_is_told_so_and_does_not_hang(tmp_path: Path) -> None:
    script = tmp_path / "bare.py"
    script.write_text(
        "import os\nfrom pipeline.execute.local import LocalPool\n"
        "with LocalPool(1) as pool:\n    pool.submit(os.getpid).result(30)\n"
    )
    driver = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
        env={**os.environ, "PYTHONPATH": str(Path(local.__file__).parents[2])},
    )
    assert driver.returncode == 1
    assert "__main__" in driver.stderr
    assert "WorkerDied" in driver.stderr
