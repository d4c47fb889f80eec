"""Worker processes on this computer: a job that dies, hangs or fails costs only itself.

Jobs in, futures out. Every worker has a pipe of its own and shares no lock or queue with
anybody, so that one killed at any instruction leaves nothing held or half written that another
needs. One thread of the driver, the process that submits the jobs, watches all the pipes:

    an answer           the job's future gets its result or its exception
    the pipe's end      the worker died: WorkerDied, and the next job gets a new worker
    a passed deadline   the worker is killed, with all it started: JobTimeout
"""

import atexit
import math
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from ..errors import ExecuteError, JobTimeout, WorkerDied
from .pickled import PickledExecutor
from .worker import death, fill_standard_descriptors, kill_worker, read_answer, start_worker

__all__ = ["LocalPool"]

GRACE_S = 1.0  # how long an idle worker may take to leave
HEARTBEAT_S = 1.0  # how often to look for dead workers whose pipe some other process holds open


@dataclass(slots=True, eq=False)
class _Job:
    call: bytes
    """The pickled (function, args, kwargs)."""
    future: Future[Any]
    retries: int
    """How many more workers may die of it."""


@dataclass(slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    job: _Job | None = None
    """What it is doing; None while idle."""
    deadline: float = math.inf
    """Of the job, by time.monotonic()."""


class LocalPool(PickledExecutor):
    """An executor whose jobs cannot harm each other.

    workers: processes at most, 1 or more; each is started when a job first needs it.
    timeout_s: how long a job may take, the start of its worker included.
    retries: how often a job is done again because its worker died.

    Functions, arguments and results must pickle, and should be small; a script that opens a
    pool needs the usual `if __name__ == "__main__":`. Jobs start in the order of submission.
    Leaving `with` waits for all of them, but an interruption (Ctrl-C) kills them.
    """

    def __init__(self, workers: int, *, timeout_s: float = 900, retries: int = 0) -> None:
        if workers < 1:
            raise ValueError(f"a pool needs 1 worker or more, not {workers}")
        self._limit, self._timeout_s, self._retries = workers, timeout_s, retries
        self._waiting: deque[_Job] = deque()
        self._workers: list[_Worker] = []  # changed by the driver thread only
        self._closed = self._cancelling = self._killed = False
        fill_standard_descriptors()
        self._alarm, self._bell = Pipe(duplex=False)  # wakes the driver thread
        self._rung = False  # at most one message is in it, so ringing never blocks
        self._lock = threading.Lock()  # held for instants: to submit, to close, to ring

    @property
    def workers(self) -> int:
        """How many jobs can be done at the same time."""
        return self._limit

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers there are now."""
        return tuple(worker.process.pid or 0 for worker in list(self._workers))

    def _queue(self, call: bytes, future: Future[Any]) -> None:
        with self._lock:
            if self._closed:
                raise RuntimeError("no job can be submitted after shutdown")
            self._waiting.append(_Job(call, future, self._retries))
            if self._thread is None:
                self._thread = threading.Thread(target=self._drive, name="local-pool", daemon=True)
                self._thread.start()
                atexit.register(self.shutdown)
            self._ring()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more jobs; finish, or cancel, those that have not started.

        wait: return when all is done and no worker is left; an interruption meanwhile kills them.
        """
        with self._lock:
            self._closed = True
            self._cancelling |= cancel_futures
            self._ring()
        if wait:
            self._join()

    def kill(self) -> None:
        """End all workers now: jobs that wait are cancelled, those that run fail with WorkerDied."""
        self._killed = True
        for worker in list(self._workers):  # here too: the driver thread may be in a callback
            kill_worker(worker.process)
        self.shutdown(cancel_futures=True)

    def _ring(self) -> None:
        if not self._rung:
            self._rung = True
            self._bell.send_bytes(b"!")

    # The rest runs in the driver thread.

    def _drive(self) -> None:
        try:
            while not self._is_over():
                self._hand_out()
                ready = self._wait()
                for worker in list(self._workers):
                    if not self._killed:
                        self._look_after(worker, worker.pipe in ready)
        finally:
            self._end()

    def _is_over(self) -> bool:
        if self._cancelling:
            self._cancel_waiting()
        is_idle = not self._waiting and all(worker.job is None for worker in self._workers)
        return self._killed or (self._closed and is_idle)

    def _hand_out(self) -> None:
        """Give waiting jobs to idle workers, and to new ones up to the limit."""
        while self._waiting:
            idle = next((worker for worker in self._workers if worker.job is None), None)
            if idle is None and len(self._workers) >= self._limit:
                return
            job = self._waiting.popleft()
            if job.future.running() or job.future.set_running_or_notify_cancel():
                self._give(job, idle)

    def _give(self, job: _Job, idle: _Worker | None) -> None:
        try:
            worker = idle or self._start()
        except Exception as error:
            self._make_do(job, error)
            return
        worker.job, worker.deadline = job, time.monotonic() + self._timeout_s
        try:
            worker.pipe.send_bytes(job.call)
        except OSError:
            if worker is idle:
                job.retries += 1  # it died before it had the job
            self._bury(worker)

    def _start(self) -> _Worker:
        worker = _Worker(*start_worker())
        self._workers.append(worker)
        return worker

    def _make_do(self, job: _Job, error: Exception) -> None:
        """No worker could be started: the job waits for one there is, or fails."""
        if self._workers:
            self._limit = len(self._workers)
            self._waiting.appendleft(job)
        else:
            job.future.set_exception(ExecuteError(f"no worker could be started: {error}"))

    def _wait(self) -> list[Any]:
        """The pipes that have something to say; none after a deadline or a heartbeat."""
        soonest = min((worker.deadline for worker in self._workers), default=math.inf)
        patience = min(HEARTBEAT_S, max(0.0, soonest - time.monotonic()))
        ready = wait([self._alarm, *(worker.pipe for worker in self._workers)], patience)
        if self._alarm in ready:
            with self._lock:
                self._alarm.recv_bytes()
                self._rung = False
        return ready

    def _look_after(self, worker: _Worker, is_ready: bool) -> None:
        if is_ready:
            self._collect(worker)
        elif time.monotonic() >= worker.deadline:
            self._bury(worker, JobTimeout(f"the job was ended: it was not done after {self._timeout_s:g} s"))
        elif worker.process.exitcode is not None and not worker.pipe.poll():
            self._bury(worker)

    def _collect(self, worker: _Worker) -> None:
        """Take in an answer, or the pipe's end."""
        try:
            result, error = read_answer(worker.pipe.recv_bytes())
        except (EOFError, OSError):
            self._bury(worker)
            return
        job, worker.job, worker.deadline = worker.job, None, math.inf
        if job and error:
            job.future.set_exception(error)
        elif job:
            job.future.set_result(result)

    def _bury(self, worker: _Worker, error: ExecuteError | None = None) -> None:
        """Clear a worker away; its job fails with the error or, if the worker just died, may be redone."""
        self._workers.remove(worker)
        kill_worker(worker.process)
        worker.pipe.close()
        worker.process.join(GRACE_S)
        job = worker.job
        if job and error is None and job.retries > 0:
            job.retries -= 1
            self._waiting.appendleft(job)
        elif job:
            job.future.set_exception(error or death(worker.process.exitcode))

    def _cancel_waiting(self) -> None:
        """Cancel the jobs that have not started; those to be redone have."""
        for _ in range(len(self._waiting)):
            job = self._waiting.popleft()
            if job.future.cancel():
                job.future.set_running_or_notify_cancel()
            else:
                self._waiting.append(job)

    def _end(self) -> None:
        """Leave no worker and no unsettled future, whatever ended the loop."""
        with self._lock:
            self._closed = True
        for worker in self._workers:
            worker.pipe.close()  # an idle one leaves by itself
        deadline = time.monotonic() + (0 if self._killed else GRACE_S)
        for worker in list(self._workers):
            wait([worker.process.sentinel], max(0.0, deadline - time.monotonic()))
            self._bury(worker, WorkerDied("the pool was ended before the job was done"))
        self._cancel_waiting()
        for job in self._waiting:
            job.future.set_exception(WorkerDied("the pool was ended before the job was done again"))
        atexit.unregister(self.shutdown)
