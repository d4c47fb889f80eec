"""An item of the feed as the files of its episode are held against it: what it says, as far as it is read."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from .xml import Element

__all__ = ["Item", "Named", "moment_of", "number_of", "read_item"]


@dataclass(frozen=True, slots=True)
class Named:
    """A file that an item names."""

    where: str
    """Of the element."""
    address: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What an item says."""

    page: str
    """Path of the page of the feed."""
    where: str
    """The same, and line."""
    element: Element
    title: str
    guid: str
    link: str
    published: dt.datetime | None
    """None if it cannot be read."""
    number: int | None
    season: int | None
    duration_s: int | None
    notes: str
    """HTML: content:encoded, or the description."""
    audio: Named | None
    cover: Named | None
    transcripts: tuple[Named, ...]
    chapters: Named | None


def read_item(element: Element, page: str) -> Item:
    """Read an item of a page of the feed."""
    return Item(
        page=page,
        where=f"{page}:{element.line}",
        element=element,
        title=element.text_of("title"),
        guid=element.text_of("guid"),
        link=element.text_of("link"),
        published=moment_of(element.text_of("pubDate")),
        number=number_of(element.text_of("itunes:episode")),
        season=number_of(element.text_of("itunes:season")),
        duration_s=number_of(element.text_of("itunes:duration")),
        notes=element.text_of("content:encoded") or element.text_of("description"),
        audio=next(_named(element, page, "enclosure", "url"), None),
        cover=next(_named(element, page, "itunes:image", "href"), None),
        transcripts=tuple(_named(element, page, "podcast:transcript", "url")),
        chapters=next(_named(element, page, "podcast:chapters", "url"), None),
    )


def moment_of(text: str) -> dt.datetime | None:
    """A date of RFC 2822 with seconds and zone, in UTC; None of any other text."""
    if not re.fullmatch(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d ([+-]\d{4}|GMT)", text):
        return None
    try:
        moment = parsedate_to_datetime(text)
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        return None


def number_of(text: str) -> int | None:
    """A number of 1 or more, of at most nine digits; None of any other text."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,8}", text) else None


def _named(element: Element, page: str, name: str, attribute: str) -> Iterator[Named]:
    for child in element.all(name):
        where, known = f"{page}:{child.line}", child.attributes
        yield Named(where, known.get(attribute, ""), known.get("type", ""))
