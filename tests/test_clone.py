"""A fresh clone beside which the store was kept, as a CI's cache does: nothing is made again."""

import json
import os
import shutil
from pathlib import Path

import pytest

from pipeline.explain import Explained, explain
from pipeline.plan import plan

from .conftest import LittleShow
from .edits import EPISODES, settle, show_to_edit
from .test_prophecy import INLINE, files, made

STAMP_S = 1_000_000_000
"""A day in 2001, so that whatever was cloned looks older than all that was made of it."""


@pytest.fixture
def original(tmp_path: Path) -> LittleShow:
    """A finished show with music, a cast and a second voice."""
    show = show_to_edit(tmp_path / "original")
    settle("cast", {"Ada": "high"}, show)
    made(show)
    return show


def cloned(show: LittleShow, *kept: str) -> LittleShow:
    """A copy elsewhere of its sources, and of what was kept of output/; all of another time."""
    clone = object.__new__(LittleShow)
    clone.root = show.root.with_name("clone")
    shutil.copytree(show.root, clone.root, ignore=shutil.ignore_patterns("output"))
    for name in kept:
        shutil.copytree(show.root / "output" / name, clone.root / "output" / name)
    for number, path in enumerate(sorted(clone.root.rglob("*"))):
        os.utime(path, (STAMP_S + number,) * 2)
    return clone


def test_where_all_of_output_was_kept_nothing_is_made_or_written(original: LittleShow) -> None:
    clone = cloned(original, ".store", "episodes")
    before = files(clone)
    slugs = ("ada", "bob", "cy")
    foretold = plan(clone.root, INLINE)
    assert (foretold.to_make, foretold.up_to_date) == ((), slugs)
    assert explain(clone.root, INLINE) == (tuple(Explained(slug=slug) for slug in slugs), ())
    report, noted = made(clone)
    assert (report.made, dict(noted.keys)) == ((), {})
    assert [episode.slug for episode in report.reused] == [*slugs]
    assert files(clone) == before
    assert all(Path(episode.mp3).is_relative_to(clone.root) for episode in report.reused)


def test_where_the_store_alone_was_kept_files_are_only_put_back(original: LittleShow) -> None:
    clone = cloned(original, ".store")
    report, noted = made(clone)
    assert (len(report.made), dict(noted.keys)) == (3, {})
    whole, back = (
        {name: content for name, (content, *_) in files(show).items()} for show in (original, clone)
    )
    assert back == whole


def test_what_was_cloned_is_read_once_and_then_known_by_its_stamps(original: LittleShow) -> None:
    clone = cloned(original, ".store", "episodes")
    made(clone)
    for entry in (clone.root / "output/.store/ledger/episodes").iterdir():
        for name, (size, changed_ns, inode) in json.loads(entry.read_text())["stamps"].items():
            status = (clone.root / EPISODES / name).stat()
            assert (size, changed_ns, inode) == (status.st_size, status.st_mtime_ns, status.st_ino)
