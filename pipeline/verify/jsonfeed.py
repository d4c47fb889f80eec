"""The JSON feed: well-formed, of version 1.1, and of one mind with the RSS feed."""

from collections.abc import Iterator
from urllib.parse import urljoin

import msgspec

from ..findings import Finding
from .folder import Site, Unfit
from .item import Item
from .rules import found

__all__ = ["JSON_FEED", "check_json_feed"]

JSON_FEED = "feed.json"
LARGEST_BYTES = 64_000_000
VERSION = "https://jsonfeed.org/version/1.1"


class _Attachment(msgspec.Struct):
    url: str
    mime_type: str
    size_in_bytes: int
    duration_in_seconds: int


class _Entry(msgspec.Struct):
    id: str
    url: str
    title: str
    date_published: str
    attachments: list[_Attachment]
    content_html: str
    image: str = ""


class _Feed(msgspec.Struct):
    version: str
    title: str
    feed_url: str
    items: list[_Entry]
    icon: str = ""


def check_json_feed(site: Site, items: list[Item], show_title: str) -> Iterator[Finding]:
    """Everything wrong with feed.json. items: those of the RSS feed's first page."""
    try:
        feed = _read(site)
    except Unfit as fault:
        yield found("FEED301", fault.at(JSON_FEED), fault.what)
        return
    if (feed.title.strip(), feed.feed_url) != (show_title, urljoin(site.base, JSON_FEED)):
        yield found("FEED302", JSON_FEED, f"is {feed.title[:80]!r} at {feed.feed_url[:120]!r}")
    if [entry.id for entry in feed.items] != [item.guid for item in items]:
        yield found("FEED302", JSON_FEED, "has other episodes, or another order")
        return
    for entry, item in zip(feed.items, items, strict=True):
        for name, one, other in _pairs(entry, item):
            if one != other:
                yield found(
                    "FEED302",
                    f"{JSON_FEED} {entry.id[:80]}",
                    f"its {name} is {one[:80]!r}, not {other[:80]!r}",
                )


def _read(site: Site) -> _Feed:
    try:
        feed = msgspec.json.decode(site.read(JSON_FEED, LARGEST_BYTES), type=_Feed)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise Unfit(f"is no JSON feed: {error}") from error
    if feed.version != VERSION:
        raise Unfit(f"is of version {feed.version[:60]!r}")
    return feed


def _pairs(entry: _Entry, item: Item) -> Iterator[tuple[str, str, str]]:
    """What the two feeds say of an episode, if the RSS feed says it."""
    sound = entry.attachments[0] if entry.attachments else _Attachment("", "", 0, 0)
    enclosure = item.element.first("enclosure")
    length = enclosure.attributes.get("length", "") if enclosure else ""
    pairs = (
        ("title", entry.title, item.title),
        ("url", entry.url, item.link),
        ("notes", entry.content_html, item.notes),
        ("date", entry.date_published, item.published.isoformat() if item.published else ""),
        ("image", entry.image, item.cover.address if item.cover else ""),
        ("sound", sound.url, item.audio.address if item.audio else ""),
        ("type", sound.mime_type, item.audio.type if item.audio else ""),
        ("size", str(sound.size_in_bytes), length),
        ("duration", str(sound.duration_in_seconds), str(item.duration_s or "")),
    )
    return ((name, " ".join(one.split()), " ".join(other.split())) for name, one, other in pairs if other)
