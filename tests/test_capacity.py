"""Foretelling N workers: bounds that any schedule keeps, what limits, and rates that earlier runs left."""

import json
import random
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline import sites
from pipeline.capacity import Prediction, predict
from pipeline.crew import IN_FLIGHT, MOST_IN_FLIGHT, Crew, in_flight
from pipeline.execute import Inline
from pipeline.execute.cluster import GROUP_S
from pipeline.model import Option, SpeechRequest
from pipeline.plan import plan
from pipeline.rates import JOBS, Meter, Rates, read_rates
from pipeline.report import plan_as_text
from pipeline.run import Watcher
from pipeline.sites import HERE, S3, Driver, Job, Site, Stages, Store

from .conftest import LittleShow
from .test_plan import INLINE, three_papers

FREE = Driver(job_s=0.0, episode_s=0.0, paper_s=0.0)


def site(workers: int, **others: Any) -> Site:
    """With nothing but the work itself."""
    usual = Site(workers=workers, in_flight=10_000, driver=FREE, start_s=0.0, handing_s=0.0)
    return usual._replace(**others)


def backlog(seed: int = 1, papers: int = 12) -> list[Stages]:
    """Papers of a few lines that take seconds, and are joined and tagged."""
    chance = random.Random(seed)
    return [
        (
            tuple(Job(chance.uniform(0.5, 9)) for _ in range(chance.randint(0, 20))),
            (Job(chance.uniform(1, 6)),),
            (Job(0.1),),
        )
        for _ in range(papers)
    ]


def work_s(episodes: list[Stages]) -> float:
    return sum(job.seconds for stages in episodes for jobs in stages for job in jobs)


def longest_chain_s(episodes: list[Stages]) -> float:
    return max(sum(max((job.seconds for job in jobs), default=0.0) for jobs in stages) for stages in episodes)


# -- bounds ---------------------------------------------------------------------------------------


def test_one_worker_takes_the_sum() -> None:
    episodes = backlog()
    done = predict(episodes, site(1))
    assert done.wall_s == pytest.approx(work_s(episodes))
    assert done.workers == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("workers", [2, 3, 7, 50, 1000])
def test_no_schedule_beats_the_work_shared_out_nor_the_longest_episode(seed: int, workers: int) -> None:
    episodes = backlog(seed)
    done = predict(episodes, site(workers))
    assert done.wall_s >= work_s(episodes) / workers - 1e-6
    assert done.wall_s >= longest_chain_s(episodes) - 1e-6
    assert done.workers == pytest.approx(work_s(episodes) / workers / done.wall_s)


@pytest.mark.parametrize("seed", range(5))
def test_more_workers_are_never_much_slower(seed: int) -> None:
    """Not strictly: what comes first is not always what is best done first (Graham, 1966)."""
    episodes = backlog(seed)
    walls = [predict(episodes, site(workers)).wall_s for workers in range(1, 40)]
    longest_job_s = max(job.seconds for stages in episodes for jobs in stages for job in jobs)
    assert all(more <= fewer + longest_job_s for fewer, more in pairwise(walls))
    assert walls[0] > walls[3] > walls[15]
    assert predict(episodes, site(1000)).wall_s == pytest.approx(longest_chain_s(episodes))


@pytest.mark.parametrize("workers", [1, 4, 64])
def test_twice_the_work_takes_no_less(workers: int) -> None:
    once, twice = (predict(backlog(papers=papers), site(workers)).wall_s for papers in (12, 24))
    assert once < twice <= 2 * once + longest_chain_s(backlog(papers=24))


def test_the_same_question_has_the_same_answer() -> None:
    here = Site(workers=5, in_flight=7, group_s=GROUP_S, store=S3)
    assert predict(backlog(), here) == predict(backlog(), here)


def test_nothing_to_do_takes_nothing() -> None:
    assert predict([], site(3)).wall_s == 0
    assert predict([()], site(3)).wall_s == 0


# -- what limits ----------------------------------------------------------------------------------


def test_few_episodes_in_flight_leave_workers_idle() -> None:
    episodes: list[Stages] = [((Job(1.0),), (Job(1.0),))] * 64
    assert predict(episodes, site(64, in_flight=64)).wall_s == pytest.approx(2)
    assert predict(episodes, site(64, in_flight=4)).wall_s == pytest.approx(2 * 64 / 4)


def test_a_driver_does_one_thing_after_the_other() -> None:
    episodes: list[Stages] = [((Job(0.1),) * 10,)] * 20
    busy = site(1000, driver=Driver(job_s=0.05, episode_s=0.0, paper_s=0.0))
    done = predict(episodes, busy)
    assert done.wall_s == pytest.approx(200 * 0.05, rel=0.05)
    assert done.driver == pytest.approx(1, rel=0.05)


def test_a_network_brings_one_thing_after_the_other() -> None:
    episodes: list[Stages] = [((Job(0.0, 1, 1e6),) * 10,)] * 20
    done = predict(episodes, site(1000, store=Store(bytes_per_s=1e7)))
    assert done.wall_s == pytest.approx(200 * 0.1)
    assert done.store == pytest.approx(1)


def test_what_is_asked_in_turn_is_waited_for_in_turn() -> None:
    episodes: list[Stages] = [((Job(1.0),) * 10,)] * 20
    patient = Store(request_s=0.5, foreseeing=0)
    assert predict(episodes, site(1000, store=patient)).wall_s == pytest.approx(1.5)
    in_turn = patient._replace(asking_in_turn=1)
    assert predict(episodes, site(1000, store=in_turn)).wall_s == pytest.approx(200 * 0.5 + 1 + 0.5)


def test_groups_of_short_calls_come_back_together() -> None:
    episodes: list[Stages] = [((Job(0.01),) * 4000,)]
    alone, grouped = (predict(episodes, site(4, handing_s=0.02, group_s=it)).wall_s for it in (0.0, GROUP_S))
    assert alone == pytest.approx(4000 * 0.03 / 4)
    assert 10 < grouped < 11


def test_workers_that_start_cost_their_start_once() -> None:
    episodes: list[Stages] = [((Job(1.0),) * 40,)]
    assert predict(episodes, site(4, start_s=2.0)).wall_s == pytest.approx(2 + 10)


def test_a_clip_made_elsewhere_is_fetched_to_be_joined() -> None:
    alone, one_of_ten = (sites.joined(3.0, 60, 300.0, elsewhere) for elsewhere in (0.0, 0.9))
    assert one_of_ten.requests - alone.requests == pytest.approx(54)
    assert one_of_ten.size - alone.size == pytest.approx(0.9 * 300 * sites.CLIP_BYTES_PER_S)


def thousand(workers: int, store: Store = S3) -> Prediction:
    line = sites.spoken(5.0, 5.0)
    rest = sites.joined(3.0, 60, 300.0, 1.0), sites.tagged(0.1, 300.0, 1.0)
    episodes: list[Stages] = [((line,) * 60, *((job,) for job in rest))] * 1000
    there = Site(workers=workers, in_flight=in_flight(workers), group_s=GROUP_S, store=store)
    return predict(episodes, there)


def test_a_thousand_papers_and_workers_are_foretold_in_seconds() -> None:
    began = time.process_time()
    thousand(1000)
    assert time.process_time() - began < 6  # 1.4 where it was written


def test_a_hundred_workers_are_not_held_up_and_a_thousand_keep_one_driver_busy() -> None:
    assert thousand(100).workers > 0.85
    assert thousand(1000, HERE).workers > 0.85
    five = S3._replace(foreseeing_in_turn=1, asking=1, asking_in_turn=1, reading=1)
    assert thousand(1000, five).wall_s > 2 * thousand(1000).wall_s
    assert in_flight(1000) == MOST_IN_FLIGHT


class Growing(Inline):
    """A cluster to which workers come while it is used; it notes how many episodes are asked for at a time."""

    workers = 1


def test_more_episodes_are_in_flight_once_workers_come() -> None:
    crew = Crew(Watcher(), executor := Growing())
    everybody, most = threading.Event(), 0
    running = set[int]()

    def work(number: int) -> None:
        nonlocal most
        running.add(number)
        most = max(most, len(running))
        if len(running) >= IN_FLIGHT:
            executor.workers = 30
        if len(running) >= 32:
            everybody.set()
        assert everybody.wait(30)

    crew.each(range(40), work, str)
    assert not crew.failed()
    assert IN_FLIGHT < 32 <= most


# -- rates ----------------------------------------------------------------------------------------


def request(text: str, **options: Option) -> SpeechRequest:
    return SpeechRequest(text=text, engine="x", identity="x 1", options=options)


def test_what_a_worker_needed_is_kept_however_many_there_were(tmp_path: Path) -> None:
    meter = Meter()
    for _ in range(80):
        meter.add(request("ten chars."), 0.5)
    meter.add(request("was there"), 0.0)
    meter.made()
    meter.keep(tmp_path, workers=8)
    rates = read_rates(tmp_path)
    assert rates.busy_s("x 1", 100) == pytest.approx(5)
    assert rates.driver[JOBS][0] == 80
    assert rates.workers == 8


def test_what_was_known_counts_half(tmp_path: Path) -> None:
    for seconds in (1.0, 4.0):
        meter = Meter()
        meter.add(request("x" * 10), seconds)
        meter.keep(tmp_path, workers=1)
    assert read_rates(tmp_path).busy_s("x 1", 15) == pytest.approx(0.5 + 4)


def test_a_driver_that_does_the_jobs_itself_does_not_say_what_it_took(tmp_path: Path) -> None:
    meter = Meter()
    meter.add(request("text"), 0.5)
    meter.foreseen(1)
    meter.made()
    meter.keep(tmp_path, workers=0)
    assert read_rates(tmp_path).driver == {}
    assert read_rates(tmp_path).busy


def test_a_store_elsewhere_has_a_driver_of_its_own(tmp_path: Path) -> None:
    for place in ("", "s3"):
        meter = Meter(place)
        meter.add(request("text"), 0.5)
        meter.made()
        meter.keep(tmp_path, workers=1)
    rates = read_rates(tmp_path)
    assert rates.driver_s(JOBS, "") is not None
    assert rates.driver_s(JOBS, "s3") is not None
    assert rates.driver_s(JOBS, "gs") is None


@pytest.mark.parametrize(
    "text",
    [
        '{"x 1": [100, 5.0], "joining": [10, 3.0], "tagging": [1, 0.1]}',  # as it was: of the wall
        '{"busy": {"x 1": [100, "slow"]}}',
        '{"busy": {"x 1": [0, 5.0], "y 1": [10, -1.0]}}',
        "damaged",
        "",
    ],
)
def test_a_file_of_another_kind_is_no_rates(tmp_path: Path, text: str) -> None:
    (tmp_path / "rates.json").write_text(text, encoding="utf-8")
    assert read_rates(tmp_path) == Rates()


# -- in a plan ------------------------------------------------------------------------------------


@pytest.fixture
def measured(tmp_path: Path) -> LittleShow:
    """Three papers to be made, by an engine known to take a second a character."""
    show = three_papers(tmp_path / "show")
    show.make("ada")
    path = show.root / "output/.store/rates.json"
    rates = json.loads(path.read_text(encoding="utf-8"))
    rates["busy"] = {name: [1, 1.0] for name in rates["busy"]}
    path.write_text(json.dumps(rates), encoding="utf-8")
    return show


def test_a_plan_foretells_as_many_workers_as_are_asked_for(measured: LittleShow) -> None:
    alone, two, many = (plan(measured.root, INLINE, workers=workers) for workers in (1, 2, 100))
    assert alone.seconds is not None
    assert two.seconds is not None
    assert many.seconds is not None
    assert alone.seconds > alone.characters
    assert alone.seconds / 2 < two.seconds < alone.seconds
    assert many.seconds < two.seconds
    assert (alone.workers, many.workers) == (1, 100)
    assert plan(measured.root, INLINE).seconds == alone.seconds  # as many as the run would have


def test_how_busy_it_is_is_said_where_workers_are_asked_for(measured: LittleShow) -> None:
    foretold = plan(measured.root, INLINE, workers=2)
    assert "with 2 workers, busy: workers " in plan_as_text(foretold, with_busy=True)
    assert "busy:" not in plan_as_text(foretold)


def test_a_real_run_leaves_what_a_plan_needs(show: LittleShow) -> None:
    show.paper("ada")
    show.make(executor="local:1")
    rates = read_rates(show.root / "output/.store")
    assert {"joining", "tagging", "artwork", "script"} < set(rates.busy)
    assert set(rates.driver) == {"jobs", "episodes", "papers"}
    assert rates.workers == 1
    assert all(seconds / amount < 10 for amount, seconds in (*rates.busy.values(), *rates.driver.values()))
