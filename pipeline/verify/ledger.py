"""The feed against show.lock.yaml: what listeners and directories were once told stays so."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ..findings import Finding
from ..showlock import LOCK, Locked, ShowLock
from .item import Item
from .rules import found
from .xml import Element

__all__ = ["check_ledger"]


def check_ledger(
    channel: Element, items: list[Item], lock: ShowLock, feed_url: str, page: str
) -> Iterator[Finding]:
    """Everything of a feed that is not as it was. page: path of its first page."""
    guid = channel.text_of("podcast:guid")
    if guid and guid != lock.guid(feed_url):
        yield found(
            "LOCK101", f"{page}:{channel.line}", f"podcast:guid is {guid[:60]!r}, not {lock.guid(feed_url)}"
        )
    known = {it.guid: (slug, it) for slug, it in lock.episodes.items()}
    for item in items:
        if item.guid in known:
            yield from _check_item(item, *known[item.guid])
        elif item.guid:
            yield found("LOCK102", item.where, f"has the guid {item.guid[:80]!r}")
    gone = known.keys() - {item.guid for item in items}
    for slug, it in lock.episodes.items():
        if it.guid in gone:
            yield found("LOCK105", LOCK, f"{slug}, episode {it.number}, is not in the feed")


def _check_item(item: Item, slug: str, it: Locked) -> Iterator[Finding]:
    page = PurePosixPath(urlsplit(item.link).path).stem if item.link.isascii() else ""
    if item.link and page != slug:
        yield found("LOCK106", item.where, f"its guid is that of {slug}, its page is {page[:80]!r}")
    if item.number and (item.number, item.season) != (it.number, it.season):
        what = f"is episode {item.number} of season {item.season}, was {it.number} of {it.season}"
        yield found("LOCK103", item.where, what)
    if item.published and item.published != it.moment:
        yield found("LOCK104", item.where, f"is of {item.published.isoformat()}, was of {it.published}")
