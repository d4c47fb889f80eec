"""show.lock.yaml: what a show's listeners and directories were once told, and which never changes again.

    podcast_guid              the feed's, made from its first address
    episodes: slug → guid     an episode's name in players, its number, and when it was first published

`make publish` writes it and it belongs into version control. A paper that is renamed keeps its episode
if its key is renamed here as well.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid5

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from .errors import PaperError, PublishError
from .files import replace_file
from .model import Paper
from .settings import load

__all__ = ["LOCK", "Locked", "ShowLock", "read_lock", "write_lock"]

LOCK = "show.lock.yaml"

PODCAST_NAMESPACE = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Of podcast:guid, Podcasting 2.0."""

Guid = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[!-~]+$", description="without blanks")]
Moment = Annotated[
    str,
    Meta(
        pattern=r"^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ$",
        description='in quotes, such as "2026-01-31T00:00:00Z"',
    ),
]


class Locked(Struct, frozen=True, kw_only=True):
    """An episode as it was first published."""

    guid: Guid
    number: Annotated[int, Meta(ge=1, le=99_999)]
    season: Annotated[int, Meta(ge=1, le=9_999)] | None = None
    published: Moment

    def __post_init__(self) -> None:
        """Raises ValueError for a day that the calendar lacks."""
        _ = self.moment

    @property
    def moment(self) -> dt.datetime:
        """When it was published, in UTC."""
        return dt.datetime.fromisoformat(self.published)


class ShowLock(Struct, frozen=True, kw_only=True):
    """The whole file."""

    podcast_guid: (
        Annotated[str, Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", description="a UUID")]
        | None
    ) = None
    episodes: dict[str, Locked] = field(default_factory=dict)
    """By slug."""

    def guid(self, feed_url: str) -> str:
        """The feed's: podcast:guid, a UUIDv5 over its address without scheme and closing slash."""
        address = re.sub(r"^[a-z]+://", "", feed_url, flags=re.IGNORECASE).rstrip("/")
        return self.podcast_guid or str(uuid5(PODCAST_NAMESPACE, address))

    def guid_of(self, slug: str, feed_url: str) -> str:
        """An episode's: the one it was published with, or will be."""
        known = self.episodes.get(slug)
        return known.guid if known else str(uuid5(UUID(self.guid(feed_url)), slug))

    def numbered(self, paper: Paper, where: str) -> Paper:
        """The paper with the number its episode was published with, if it was.

        Raises PaperError, placed at `where`, if the paper gives itself another.
        """
        known = self.episodes.get(paper.slug)
        if known is None:
            return paper
        if paper.episode not in (None, known.number) or paper.season not in (None, known.season):
            before, now = _named(known.season, known.number), _named(paper.season, paper.episode)
            raise PaperError(
                f"was published as {before}, not {now}",
                where=where,
                hint=f"delete `episode` and `season`; {LOCK} keeps them",
            )
        return replace(paper, episode=known.number, season=known.season)

    def with_new(self, papers: Iterable[Paper], feed_url: str) -> "ShowLock":
        """The lock after these papers were published too, the earliest first.

        A paper keeps the number it gives itself; another gets the next of its season. Those of one day
        are published a minute apart, so that players keep their order. Raises PublishError if a paper
        gives itself a number that is taken.
        """
        episodes = dict(self.episodes)
        numbers = {(known.season, known.number): slug for slug, known in episodes.items()}
        fresh = sorted(
            (paper for paper in papers if paper.slug not in episodes),
            key=lambda paper: (paper.date, paper.episode or 0, paper.slug),
        )
        for paper in fresh:
            if (
                paper.episode
                and (other := numbers.setdefault((paper.season, paper.episode), paper.slug)) != paper.slug
            ):
                what = f"{paper.slug} and {other} both are {_named(paper.season, paper.episode)}"
                raise PublishError(what, where=paper.slug, hint="give one of them another `episode`")
        for paper in fresh:
            number = paper.episode or _next_number(paper.season, numbers)
            numbers[paper.season, number] = paper.slug
            episodes[paper.slug] = Locked(
                guid=self.guid_of(paper.slug, feed_url),
                number=number,
                season=paper.season,
                published=_next_moment(paper.date, episodes.values()),
            )
        return ShowLock(podcast_guid=self.guid(feed_url), episodes=episodes)


def read_lock(root: Path) -> ShowLock:
    """The lock of the show in `root`; an empty one before its first publication. Raises SettingsError."""
    path = root / LOCK
    return load(path, ShowLock) if path.is_file() else ShowLock()


def write_lock(root: Path, lock: ShowLock) -> bool:
    """Write the lock, if it changes. Raises StoreError. Whether it did."""
    lines = [
        "# Written by `make publish`; keep it in version control. What listeners and directories were told",
        "# of each episode: never change it. If you rename a paper, rename its key here as well.",
        f"podcast_guid: {json.dumps(lock.podcast_guid)}",
        "episodes:" if lock.episodes else "episodes: {}",
    ]
    for slug, it in sorted(lock.episodes.items(), key=lambda pair: (pair[1].published, pair[0])):
        lines.append(f"  {json.dumps(slug)}:")
        lines += [f"    guid: {json.dumps(it.guid)}", f"    number: {it.number}"]
        lines += [f"    season: {it.season}"] if it.season else []
        lines.append(f"    published: {json.dumps(it.published)}")
    content = ("\n".join(lines) + "\n").encode()
    path = root / LOCK
    if path.is_file() and path.read_bytes() == content:
        return False
    replace_file(path, content)
    return True


def _named(season: int | None, number: int | None) -> str:
    return f"episode {number}" + (f" of season {season}" if season else "")


def _next_number(season: int | None, numbers: Iterable[tuple[int | None, int]]) -> int:
    return max((number for of, number in numbers if of == season), default=0) + 1


def _next_moment(day: dt.date, known: Iterable[Locked]) -> str:
    """The first minute of a day at which no episode was published, in UTC."""
    taken = {it.published for it in known}
    minutes = (dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=n) for n in count())
    return next(text for moment in minutes if (text := f"{moment.isoformat()}Z") not in taken)
