"""What listeners were told never changes: not by a rebuild, a new paper, or another address."""

import datetime as dt
from pathlib import Path
from uuid import UUID

import pytest

from pipeline.errors import PaperError, PublishError, SettingsError
from pipeline.model import Paper
from pipeline.showlock import LOCK, Locked, ShowLock, read_lock, write_lock

FEED = "https://example.org/show/feed.xml"


def paper(slug: str, day: int = 1, episode: int | None = None, season: int | None = None) -> Paper:
    return Paper(
        slug=slug,
        title=slug,
        authors=("A",),
        category="C",
        date=dt.date(2026, 1, day),
        summary="S.",
        episode=episode,
        season=season,
    )


def test_numbers_follow_the_days_and_leave_room_for_those_given() -> None:
    lock = ShowLock().with_new([paper("c", 3), paper("a", 1), paper("b", 2, episode=7)], FEED)
    assert {slug: known.number for slug, known in lock.episodes.items()} == {"a": 8, "b": 7, "c": 9}
    assert lock.episodes["a"].published == "2026-01-01T00:00:00Z"


def test_a_new_paper_changes_nothing_that_was_published() -> None:
    before = ShowLock().with_new([paper("b", 20), paper("c", 21)], FEED)
    after = before.with_new([paper("a", 1), paper("b", 9), paper("c", 21)], "https://elsewhere.org/feed.xml")
    assert {slug: after.episodes[slug] for slug in before.episodes} == before.episodes
    assert after.episodes["a"].number == 3
    assert after.podcast_guid == before.podcast_guid
    assert after.episodes["a"].guid == before.guid_of("a", FEED)


def test_episodes_of_one_day_are_a_minute_apart() -> None:
    lock = ShowLock().with_new([paper("a"), paper("b")], FEED).with_new([paper("c")], FEED)
    assert [known.published[11:16] for known in lock.episodes.values()] == ["00:00", "00:01", "00:02"]


def test_seasons_count_for_themselves() -> None:
    lock = ShowLock().with_new([paper("a", season=1), paper("b", season=2), paper("c", season=2)], FEED)
    assert [(known.season, known.number) for known in lock.episodes.values()] == [(1, 1), (2, 1), (2, 2)]


def test_a_number_is_given_once() -> None:
    lock = ShowLock().with_new([paper("a")], FEED)
    with pytest.raises(PublishError, match="b and a both are episode 1"):
        lock.with_new([paper("b", episode=1)], FEED)
    with pytest.raises(PublishError, match="c and b both are episode 4"):
        lock.with_new([paper("b", episode=4), paper("c", episode=4)], FEED)
    lock.with_new([paper("b", episode=1, season=2)], FEED)


def test_a_published_number_cannot_be_edited() -> None:
    lock = ShowLock().with_new([paper("a")], FEED)
    assert lock.numbered(paper("a"), "papers/a.md").episode == 1
    assert lock.numbered(paper("a", episode=1), "papers/a.md").episode == 1
    assert lock.numbered(paper("b", episode=5), "papers/b.md").episode == 5
    with pytest.raises(PaperError, match="was published as episode 1, not episode 2") as caught:
        lock.numbered(paper("a", episode=2), "papers/a.md")
    assert caught.value.where == "papers/a.md"


def test_the_podcasts_guid_is_made_as_the_namespace_says() -> None:
    """The example of the tag's own page."""
    guid = ShowLock().guid("https://podnews.net/rss")
    assert guid == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert ShowLock().guid("http://podnews.net/rss/") == guid
    assert UUID(guid).version == 5


def test_what_was_written_is_read_and_only_written_if_it_changes(tmp_path: Path) -> None:
    lock = ShowLock().with_new([paper("a.b-c"), paper("123", season=2)], FEED)
    assert write_lock(tmp_path, lock)
    assert read_lock(tmp_path) == lock
    assert not write_lock(tmp_path, lock)
    assert read_lock(tmp_path / "nowhere") == ShowLock()


@pytest.mark.parametrize(
    "text",
    [
        "podcast_guid: 7\n",
        "episodes: {a: {guid: x, number: 0, published: '2026-01-01T00:00:00Z'}}\n",
        "episodes: {a: {guid: x, number: 1, published: yesterday}}\n",
        "episodes: {a: {guid: 'x y', number: 1, published: '2026-01-01T00:00:00Z'}}\n",
        "episodes: {a: {guid: x, number: 1, published: '2026-02-30T00:00:00Z'}}\n",
        "<<<<<<< ours\n",
    ],
)
def test_a_lock_that_was_broken_is_said_with_its_place(text: str, tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_lock(tmp_path)
    assert caught.value.where.startswith(f"{tmp_path / LOCK}:1")


def test_the_moment_is_in_utc() -> None:
    moment = Locked(guid="x", number=1, published="2026-01-31T00:01:00Z").moment
    assert moment == dt.datetime(2026, 1, 31, 0, 1, tzinfo=dt.UTC)
