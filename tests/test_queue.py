"""What a run makes of all there is to make, in which order, and when it stops."""

import json
import time
from pathlib import Path

import pytest

from pipeline.backlog import make
from pipeline.errors import PaperError, StoreError
from pipeline.plan import plan
from pipeline.run import Options, Watcher
from pipeline.store import Store

from .conftest import LittleShow
from .test_cli import run


def slugs(show: LittleShow, **options: object) -> list[str]:
    done: list[str] = []
    watcher = Watcher()
    watcher.finished = lambda episode: done.append(episode.slug)  # type: ignore[method-assign]
    make(show.root, Options(executor="inline", **options), watcher)  # type: ignore[arg-type]
    return sorted(done)


def test_a_limit_counts_what_is_made_only(show: LittleShow) -> None:
    for slug in "abcde":
        show.paper(slug)
    assert [slugs(show, limit=2) for _ in range(4)] == [["a", "b"], ["c", "d"], ["e"], []]


def test_a_bad_paper_does_not_use_up_the_limit(show: LittleShow) -> None:
    show.write("papers/a.md", "no front matter")
    show.paper("b")
    assert slugs(show, limit=1) == ["b"]


def test_the_newest_come_first(show: LittleShow) -> None:
    for slug, day in zip("abcd", (3, 20, 1, 12), strict=True):
        show.paper(slug, day=day)
    assert [slugs(show, limit=2, newest=True) for _ in range(2)] == [["b", "d"], ["a", "c"]]


def test_only_what_failed_is_tried_again(show: LittleShow) -> None:
    show.paper("good")
    show.write("papers/bad.md", "no front matter")
    show.write("papers/worse.md", "no front matter")
    assert run(show, "make", "good", "--failed").returncode == StoreError.exit_code
    assert run(show, "make").returncode == PaperError.exit_code
    show.paper("new")
    show.paper("bad")
    again = json.loads(run(show, "make", "--failed", "--json").stdout)
    assert [episode["slug"] for episode in again["made"]] == ["bad"]
    assert [Path(failure["paper"]).name for failure in again["failed"]] == ["worse.md"]
    show.paper("worse")
    assert json.loads(run(show, "make", "bad", "--failed", "--json").stdout)["made"] == []
    run(show, "make", "--failed")
    nothing = run(show, "make", "--failed")
    assert nothing.returncode == 0
    assert "nothing of this failed in the last run" in nothing.stderr
    assert not show.mp3("new").exists()


def test_what_failed_elsewhere_is_tried_again_too(show: LittleShow) -> None:
    show.paper("good")
    paper = show.write("../elsewhere.md", "no front matter")
    assert run(show, "make", str(paper)).returncode == PaperError.exit_code
    show.paper("elsewhere").replace(paper)
    again = json.loads(run(show, "make", "--failed", "--json").stdout)
    assert [episode["slug"] for episode in again["made"]] == ["elsewhere"]


def test_what_failed_and_was_deleted_is_forgotten(show: LittleShow) -> None:
    paper = show.write("papers/bad.md", "no front matter")
    run(show, "make")
    paper.unlink()
    assert "nothing of this failed" in run(show, "make", "--failed").stderr


@pytest.mark.parametrize("executor", ["inline", "local:2"])
def test_fail_fast_stops_at_the_first_failure(show: LittleShow, executor: str) -> None:
    """A paper that cannot be spoken stands first; the others would take long."""
    show.paper("a", body="深 度.")
    show.write("voices/tone.yaml", "engine: pico\n")
    for slug in "bcdefghijklmnop":
        show.paper(slug, body=" ".join(f"Sentence {n} of {slug} is spoken in some time." for n in range(40)))
    began = time.monotonic()
    report = make(show.root, Options(executor=executor, fail_fast=True), Watcher())
    took = time.monotonic() - began
    assert [Path(failure.paper).name for failure in report.failed] == ["a.md"]
    assert len(report.made) < 15
    assert took < 30
    with Store(show.root / "output/.store").in_use():  # deletes what ended workers were writing
        assert not list((show.root / "output/.store/scratch").iterdir())
    assert not list((show.root / "output").rglob(".*.part"))


def test_fail_fast_before_any_audio_makes_nothing(show: LittleShow) -> None:
    show.write("papers/a.md", "no front matter")
    show.paper("b")
    report = make(show.root, Options(executor="inline", fail_fast=True), Watcher())
    assert (report.made, len(report.failed)) == ((), 1)
    assert len(make(show.root, Options(executor="inline"), Watcher()).made) == 1


def test_a_limit_that_is_none_is_said(show: LittleShow) -> None:
    done = run(show, "make", "--limit", "none")
    assert done.returncode == 2
    assert "'none' is not a number of 1 or more" in done.stderr


def test_a_plan_has_the_same_queue(show: LittleShow) -> None:
    for slug, day in zip("abcd", (3, 20, 1, 12), strict=True):
        show.paper(slug, day=day)
    options = Options(executor="inline", limit=2, newest=True)
    assert [episode.slug for episode in plan(show.root, options).to_make] == ["b", "d"]
    make(show.root, options, Watcher())
    assert [episode.slug for episode in plan(show.root, options).to_make] == ["a", "c"]


def test_what_only_has_to_be_noted_uses_up_no_limit(show: LittleShow) -> None:
    for slug in "abc":
        show.paper(slug)
    slugs(show)
    show.write("scripts/unused.j2", "Nobody says this.\n")
    show.paper("c", body="Something else.")
    assert slugs(show, limit=1) == ["a", "b", "c"]
    report = make(show.root, Options(executor="inline"), Watcher())
    assert len(report.reused) == 3
