"""The prophecy: what plan and explain foretell is what make then does, and what a clean build gives.

What make does is seen from outside: the jobs it hands to its executor, and the files it leaves.
"""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.backlog import Report, make
from pipeline.batch import Batch
from pipeline.bench import Lookout
from pipeline.deliver import known
from pipeline.execute import Inline
from pipeline.explain import explain
from pipeline.plan import FORGOTTEN, Plan, plan
from pipeline.recipe import STEPS
from pipeline.run import Options, Watcher
from pipeline.store import Store

from .conftest import LittleShow
from .edits import EDITS, EPISODES, Edit, show_to_edit

P = ParamSpec("P")
T = TypeVar("T")

INLINE = Options(executor="inline")

Keys = defaultdict[str, set[str]]
"""Step → keys of requests."""
Work = dict[str, tuple[int, bool, bool]]
"""Slug → lines spoken, whether joined, whether tagged."""


class Noting(Inline):
    """Notes which jobs it is given."""

    def __init__(self) -> None:
        self.keys: Keys = defaultdict(set)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        job: Any = args[0]
        self.keys[job["step"]].add(job["key"])
        return super().submit(fn, *args, **kwargs)

    @contextmanager
    def open(self, url: str, *, timeout_s: float = 900, worker_mb: int = 0) -> Iterator[Executor]:
        yield self


def made(show: LittleShow) -> tuple[Report, Noting]:
    noting = Noting()
    return make(show.root, INLINE, Watcher(), noting.open), noting


def keys_of(show: LittleShow, slug: str) -> frozenset[str]:
    """The keys of everything that an episode is made of."""
    run = Batch(show.root, Options(papers=(slug,), executor="inline"), Watcher())
    with run.bench() as bench:
        lookout = Lookout(bench.store)
        run.foreseen(run.found(run.chosen()), bench, lookout)
    return lookout.asked


def had(show: LittleShow) -> Keys:
    """The keys of all whose results the store has, by step."""
    store = Store(show.root / "output/.store")
    keys: Keys = defaultdict(set)
    for path in (store.root / "records").glob("*/*/*.json"):
        step = STEPS[path.parts[-3]]
        if store.recall(step, path.stem) is not None:
            keys[step.name].add(path.stem)
    return keys


def work_done(show: LittleShow, report: Report, keys: Keys) -> Work:
    """What was made of the steps with these keys, for the episodes of a run."""
    work = {}
    for episode in report.made:
        mine = keys_of(show, episode.slug)
        spoken, joined, tagged = (mine & keys[step] for step in ("synthesis", "assembly", "tagging"))
        work[episode.slug] = len(spoken), bool(joined), bool(tagged)
    return work


def files(show: LittleShow) -> dict[str, tuple[bytes, int, int]]:
    """Bytes, inode and time of each finished file."""
    paths = sorted((show.root / EPISODES).glob("*.*"))
    return {path.name: (path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns) for path in paths}


def left_over(show: LittleShow) -> tuple[str, ...]:
    """The finished files without a paper, of episodes that the ledger knows."""
    papers = {path.stem for path in (show.root / "papers").glob("*.md")}
    ledger = show.root / "output/.store/ledger/episodes"
    paths = [path for path in sorted((show.root / EPISODES).glob("*.mp3")) if path.stem not in papers]
    return tuple(str(path.relative_to(show.root)) for path in paths if known(ledger, path.stem))


def prophecy_holds(show: LittleShow, *, has_lost: bool = False) -> None:
    """Foretell, make, compare. has_lost: whether the store ever lost something, see `spared`."""
    foretold = plan(show.root, INLINE)
    explained, failed = explain(show.root, INLINE)
    assert plan(show.root, INLINE) == foretold  # to foretell changes nothing
    before, there = files(show), had(show) if has_lost else defaultdict(set)
    report, noted = made(show)
    after = files(show)

    assert foretold.failed == failed == report.failed
    assert foretold.gone == report.gone == left_over(show)
    assert foretold.up_to_date == tuple(sorted(episode.slug for episode in report.reused))
    planned: Work = {one.slug: (one.lines, one.joined, one.tagged) for one in foretold.to_make}
    assert planned == {
        one.slug: (one.lines, one.joined, one.tagged) for one in explained if one.is_to_be_made
    }
    work = work_done(show, report, noted.keys)
    assert spared(planned, work_done(show, report, there)) == work
    assert foretold.lines == len(noted.keys["synthesis"]) == report.lines_spoken

    written = {Path(name).stem for name in after if after[name] != before.get(name)}
    put_back = {slug for slug, (_, _, tagged) in planned.items() if not tagged}
    assert put_back <= written <= set(planned)
    assert before.keys() <= after.keys()  # nothing finished is lost
    causes_add_up(foretold)
    assert has_lost or FORGOTTEN not in {cause for group in foretold.causes for cause in group.causes}
    nothing_is_left_to_do(show)
    assert finished(report, after) == clean_build(show)


def spared(planned: Work, there: Work) -> Work:
    """What is planned, but for joining and tagging that turn out to be there.

    Where the store lost a line or a whole, only making it again tells that what followed is still good.
    """
    return {
        slug: (lines, joined and not there[slug][1], tagged and not there[slug][2])
        for slug, (lines, joined, tagged) in planned.items()
    }


def nothing_is_left_to_do(show: LittleShow) -> None:
    report, noted = made(show)
    assert report.made == ()
    assert noted.keys.keys() <= ({"script"} if report.failed else set())  # what failed is tried again


def causes_add_up(foretold: Plan) -> None:
    assert sum(group.lines for group in foretold.causes) == foretold.lines
    assert sum(len(group.episodes) for group in foretold.causes) == len(foretold.to_make)


def finished(report: Report, found: dict[str, tuple[bytes, int, int]]) -> dict[str, bytes]:
    suffixes = (".mp3", ".txt", ".vtt", ".srt", ".json")
    names = [f"{episode.slug}{suffix}" for episode in (*report.made, *report.reused) for suffix in suffixes]
    return {name: found[name][0] for name in sorted(names)}


def clean_build(show: LittleShow) -> dict[str, bytes]:
    """What the same sources give elsewhere, from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "clean")
        shutil.copytree(show.root, root, ignore=shutil.ignore_patterns("output"))
        make(root, INLINE, Watcher())
        return {path.name: path.read_bytes() for path in sorted((root / EPISODES).glob("*.*"))}


def prophecies_hold(rounds: list[list[Edit]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        show = show_to_edit(Path(folder, "show"))
        prophecy_holds(show)
        has_lost = False
        for edits in rounds:
            for edit in edits:
                edit(show)
                has_lost = has_lost or edit.is_a_loss
            prophecy_holds(show, has_lost=has_lost)


def rounds(count: int) -> st.SearchStrategy[list[list[Edit]]]:
    """So many rounds of one edit or two, each foretold by itself."""
    return st.lists(st.lists(EDITS, min_size=1, max_size=2), min_size=count, max_size=count)


UNHURRIED = settings(
    derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@settings(UNHURRIED, max_examples=4)
@given(rounds=rounds(5))
def test_what_is_foretold_of_twenty_edits_is_done(rounds: list[list[Edit]]) -> None:
    prophecies_hold(rounds)


@pytest.mark.torture
def test_what_is_foretold_of_two_hundred_edits_is_done(short: bool) -> None:
    hold = given(rounds(10))(prophecies_hold)
    settings(UNHURRIED, max_examples=2 if short else 20)(hold)()
