"""What many workers would take: a run, simulated event by event.

    Stages of each episode ──┐      driver ──> calls wait ──> workers ──> driver ──> the next stage
    Site (sites.py) ─────────┴────>    └────────── store ────────┘          Prediction

One driver begins as many episodes as are in flight at a time. Each passes its stages (lines spoken,
joined, drawn, tagged), and the jobs of a stage are done when the last of them is. An idle worker
takes a group of calls, as execute/cluster.py makes them; the first that was asked for goes first.
The driver is one processor, which does one thing after the other. A request to the store takes its
time on the way, and what it brings shares one line with all others.

Times are seconds, sizes bytes. Nothing is random, so the same question has the same answer.
"""

import heapq
import math
from collections import deque
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, NamedTuple

import msgspec

from .execute.cluster import AHEAD
from .sites import AT_A_TIME, Job, Site, Stages

__all__ = ["Prediction", "predict"]


class Prediction(msgspec.Struct, frozen=True, kw_only=True):
    """What a run takes, and how busy each part of it is meanwhile, 0 to 1."""

    wall_s: float
    workers: float
    driver: float
    store: float
    """Its network line, not its latency, which nothing but time can wait for."""


def predict(episodes: Sequence[Stages], site: Site) -> Prediction:
    """What making these takes there."""
    return _Run(episodes, site).predicted()


class _Episode:
    """One in flight."""

    def __init__(self, stages: Stages) -> None:
        self.stages = iter(stages)
        self.jobs = 0
        """Of the stage it is in."""
        self.left = 0
        """… that are not done."""


class _Call(NamedTuple):
    episode: _Episode
    job: Job


class _Line:
    """What does one thing after the other: a processor, a network, a lock."""

    def __init__(self) -> None:
        self._free_s = 0.0
        self.busy_s = 0.0

    def take(self, now_s: float, seconds: float) -> float:
        """When something that is asked for now is done."""
        self._free_s = max(now_s, self._free_s) + seconds
        self.busy_s += seconds
        return self._free_s


class _Run:
    """Its state; `_at` notes what happens when, and each event may note others."""

    def __init__(self, episodes: Sequence[Stages], site: Site) -> None:
        self._site, self._store = site, site.store
        self._episodes = episodes
        self._queue = deque(episodes)
        self._waiting: deque[_Call] = deque()
        self._idle, self._fresh = 0, site.workers
        """Workers that wait for work, and those that start when there is more than these can do."""
        self._call_s = max(site.group_s, 1e-3)
        """What a call took of late."""
        self._busy_s = 0.0
        self._driver, self._network, self._lock = _Line(), _Line(), _Line()
        self._events: list[tuple[float, int, Callable[[float, Any], None], Any]] = []
        self._number = count()

    def predicted(self) -> Prediction:
        begun_s = self._foreseen_s()
        for _ in range(min(self._site.in_flight, len(self._queue))):
            self._at(begun_s, self._begin, None)
        now_s = begun_s
        while self._events:
            now_s, _, happen, what = heapq.heappop(self._events)
            happen(now_s, what)
        whole_s = max(now_s, 1e-9)
        return Prediction(
            wall_s=now_s,
            workers=self._busy_s / whole_s / self._site.workers,
            driver=self._driver.busy_s / whole_s,
            store=self._network.busy_s / whole_s,
        )

    def _at(self, time_s: float, happen: Callable[[float, Any], None], what: Any) -> None:
        heapq.heappush(self._events, (time_s, next(self._number), happen, what))

    def _foreseen_s(self) -> float:
        """Until all papers are read and foreseen; several at a time ask the store."""
        store, waits_s, cpu_s = self._store, 0.0, 0.0
        for stages in self._episodes:
            lines = len(stages[0]) if stages else 0
            rounds = math.ceil(lines / AT_A_TIME) * store.foreseeing + lines * store.foreseeing_in_turn
            waits_s += rounds * store.request_s
            cpu_s += self._site.driver.paper_s + self._cpu_s(
                lines * (store.foreseeing + store.foreseeing_in_turn)
            )
        return max(self._driver.take(0.0, cpu_s), waits_s / self._site.in_flight)

    def _cpu_s(self, requests: int) -> float:
        return requests * self._store.request_cpu_s

    def _begin(self, now_s: float, _: None) -> None:
        if self._queue:
            self._go_on(now_s, _Episode(self._queue.popleft()))

    def _go_on(self, now_s: float, episode: _Episode) -> None:
        """Ask for the jobs of its next stage, or deliver it."""
        jobs = next(episode.stages, None)
        if jobs is None:
            self._deliver(now_s)
        elif not jobs:
            self._go_on(now_s, episode)
        else:
            episode.jobs = episode.left = len(jobs)
            self._ask(now_s, episode, jobs)

    def _ask(self, now_s: float, episode: _Episode, jobs: tuple[Job, ...]) -> None:
        store = self._store
        rounds = math.ceil(len(jobs) / AT_A_TIME) * store.asking if len(jobs) > 1 else 0
        asked_s = self._driver.take(now_s, self._cpu_s(len(jobs) * store.asking if rounds else 0))
        asked_s += rounds * store.request_s
        for job in jobs:
            wait_s = store.asking_in_turn * store.request_s
            call = _Call(episode, job)
            if wait_s or asked_s > now_s:
                self._at(self._lock.take(asked_s, wait_s), self._give, call)
            else:
                self._give(now_s, call)

    def _give(self, now_s: float, call: _Call) -> None:
        own_s = self._site.driver.job_s / 2 + self._cpu_s(self._store.asking_in_turn)
        self._at(self._driver.take(now_s, own_s), self._wait, call)

    def _wait(self, now_s: float, call: _Call) -> None:
        self._waiting.append(call)
        self._hand_out(now_s)

    def _hand_out(self, now_s: float) -> None:
        while self._waiting and (self._idle or self._fresh):
            start_s = 0.0 if self._idle else self._site.start_s
            if self._idle:
                self._idle -= 1
            else:
                self._fresh -= 1
            calls = self._group()
            busy_s = sum(self._busy(now_s, call.job) for call in calls)
            self._busy_s += busy_s
            self._at(now_s + self._site.handing_s + start_s + busy_s, self._take_in, (calls, busy_s))

    def _group(self) -> list[_Call]:
        """As execute/cluster.py does."""
        fair = math.ceil(len(self._waiting) / (AHEAD * self._site.workers))
        size = max(1, min(fair, round(self._site.group_s / self._call_s)))
        return [self._waiting.popleft() for _ in range(size)]

    def _busy(self, now_s: float, job: Job) -> float:
        """What a job takes, with its way to the store and what it brings, which is booked at once."""
        moved_s = self._network.take(now_s, job.size / self._store.bytes_per_s) - now_s if job.size else 0.0
        return job.seconds + job.requests * self._store.request_s + moved_s

    def _take_in(self, now_s: float, group: tuple[list[_Call], float]) -> None:
        calls, busy_s = group
        self._idle += 1
        self._call_s = max(1e-3, (self._call_s + busy_s / len(calls)) / 2)
        for call in calls:
            done_s = self._driver.take(now_s, self._site.driver.job_s / 2 + self._cpu_s(self._store.reading))
            call.episode.left -= 1
            if not call.episode.left:
                self._at(done_s, self._read, call.episode)
        self._hand_out(now_s)

    def _read(self, now_s: float, episode: _Episode) -> None:
        waits_s = episode.jobs * self._store.reading * self._store.request_s
        self._at(now_s + waits_s, self._go_on, episode)

    def _deliver(self, now_s: float) -> None:
        own_s = self._site.driver.episode_s + self._cpu_s(1)
        self._at(self._driver.take(now_s, own_s) + self._store.request_s, self._begin, None)
