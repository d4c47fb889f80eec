"""Holds a finished site against the rules of everybody who will read it, and its files against each other.

    output/site, show.yaml, show.lock.yaml  ──>  Findings, in the order of the files

Nothing is taken on trust: files are read from disk as players, directories and browsers will read them,
by other code than wrote them, and whatever they hold, the answer is findings and never a traceback.
rules.py says what is looked for; each subject has its file here.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from ..feedsettings import FeedSettings
from ..findings import Finding
from ..showlock import ShowLock
from .channel import check_channel
from .channel import check_pages as check_feed_pages
from .episodes import check_episode
from .folder import Site, Unfit, open_site
from .item import Item, read_item
from .items import check_item, check_together
from .jsonfeed import check_json_feed
from .ledger import check_ledger
from .pages import check_pages
from .rules import found
from .xml import Element, HasDoctype, parse_xml

__all__ = ["verify_site"]

LARGEST_FEED_BYTES = 64_000_000
"""2,000 episodes with long notes have a third of that."""
MOST_PAGES = 1_000
_DIGESTED = re.compile(r"media/.*-([0-9a-f]{8})\.[a-z0-9.]+")
"""Path of a file that is named after its content: the first eight digits of its SHA-256."""


def verify_site(site: Path, feed: FeedSettings, lock: ShowLock, now: dt.datetime) -> tuple[Finding, ...]:
    """Everything wrong with the site in a folder; the most telling first.

    now: with its zone; what is published later is of the future.
    """
    return tuple(_findings(open_site(site, feed.url), feed.url, lock, now))


def _findings(site: Site, feed_url: str, lock: ShowLock, now: dt.datetime) -> Iterator[Finding]:
    pages, faults = _read_feed(site, feed_url.rpartition("/")[2])
    yield from faults
    if pages:
        first, channel = pages[0]
        if elsewhere := _published_for(channel, site):
            what = f"was published for {elsewhere[:120]!r}, and show.yaml says {site.base!r}"
            yield found("FEED105", f"{first}:{channel.line}", what)
            return  # all else would say the same
        yield from check_channel(channel, site, feed_url, first, now)
        yield from check_feed_pages(pages, site, feed_url)
        items = [read_item(element, page) for page, channel in pages for element in channel.all("item")]
        yield from check_together(items)
        yield from _check_episodes(items, channel, site, now)
        yield from check_ledger(channel, items, lock, feed_url, first)
        first_items = [item for item in items if item.page == first]
        yield from check_json_feed(site, first_items, channel.text_of("title"))
        if not items:
            yield found("FEED131", first, "has no item")
    yield from check_pages(site)
    yield from _check_digests(site)


def _published_for(channel: Element, site: Site) -> str:
    """The address of another site, if all of the feed is of that one; else ""."""
    links = channel.all("atom:link")
    own = next((it.attributes.get("href", "") for it in links if it.attributes.get("rel") == "self"), "")
    base = own[: own.rfind("/") + 1]
    if not base or base == site.base:
        return ""
    episodes = [item.attribute_of("enclosure", "url") for item in channel.all("item")]
    return base if episodes and all(address.startswith(base) for address in episodes) else ""


def _read_feed(site: Site, name: str) -> tuple[list[tuple[str, Element]], list[Finding]]:
    """Path and channel of each page of the feed, as far as they lead to each other, and why not further."""
    pages: list[tuple[str, Element]] = []
    path: str | None = name
    while path and path not in dict(pages) and len(pages) < MOST_PAGES:
        try:
            channel = _channel(site.read(path, LARGEST_FEED_BYTES)) if path in site.sizes else None
        except HasDoctype as fault:
            return pages, [found("FEED103", fault.at(path), fault.what)]
        except Unfit as fault:
            return pages, [found("FEED102", fault.at(path), fault.what)]
        if channel is None:
            what = "is not there" if path not in site.sizes else "is not RSS 2.0 with one channel"
            return pages, [found("FEED104" if path in site.sizes else "FEED101", path, what)]
        pages.append((path, channel))
        links = (link.attributes for link in channel.all("atom:link"))
        path = next((site.path_of(link.get("href", "")) for link in links if link.get("rel") == "next"), None)
    return pages, []


def _channel(raw: bytes) -> Element | None:
    """The one channel of a document of RSS 2.0. Raises Unfit."""
    root = parse_xml(raw)
    channels = list(root.all("channel"))
    fits = root.name == "rss" and root.attributes.get("version") == "2.0" and len(channels) == 1
    return channels[0] if fits else None


def _check_episodes(items: list[Item], channel: Element, site: Site, now: dt.datetime) -> Iterator[Finding]:
    title, language = channel.text_of("title"), channel.text_of("language")
    for item in items:
        yield from check_item(item, site, now)
        yield from check_episode(item, site, title, language)


def _check_digests(site: Site) -> Iterator[Finding]:
    for path in sorted(site.sizes):
        digested = _DIGESTED.fullmatch(path)
        try:
            if digested and not site.sha256(path).startswith(digested[1]):
                yield found("EPIS107", path, f"its SHA-256 does not begin with {digested[1]}")
        except Unfit as fault:
            yield found("EPIS107", path, fault.what)
