"""The channel of a feed: what directories ask of a show.

Sources: Apple's requirements; PSP-1; the podcast namespace 1.0; RFC 5005, clause 3; W3C's feed validator.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from ..feedsettings import EXAMPLE_HOST
from ..findings import Finding
from .art import check_cover
from .categories import CATEGORIES
from .folder import Site
from .item import Named, moment_of
from .rules import found
from .values import check_address, check_file, check_once, check_texts, is_truth
from .xml import Element

__all__ = ["LONGEST_DESCRIPTION_BYTES", "UUID", "check_channel", "check_pages"]

LONGEST_DESCRIPTION_BYTES = 4_000
"""Apple and PSP-1."""
NEEDED = (
    *("title", "link", "description", "language"),
    *("itunes:category", "itunes:explicit", "itunes:image", "podcast:guid"),
)
SINGLE = (
    *("title", "link", "description", "language", "copyright", "generator", "lastBuildDate"),
    *("itunes:author", "itunes:owner", "itunes:explicit", "itunes:image", "itunes:type"),
    *("podcast:guid", "podcast:locked", "podcast:medium", "podcast:license"),
)
SHORT = ("title", "itunes:author", "copyright")
UNWANTED = ("itunes:summary", "itunes:subtitle", "itunes:keywords")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
MAIL_ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+")

_Test = Callable[[str], object]
_VALUES: tuple[tuple[str, str, _Test], ...] = (
    ("language", "FEED115", LANGUAGE.fullmatch),
    ("itunes:explicit", "FEED116", is_truth),
    ("itunes:type", "FEED118", ("episodic", "serial").__contains__),
    ("podcast:guid", "FEED121", UUID.fullmatch),
    ("podcast:locked", "FEED122", ("yes", "no").__contains__),
)
"""Element, code and what its text must be, where it has one."""


def check_channel(
    channel: Element, site: Site, feed_url: str, page: str, now: dt.datetime
) -> Iterator[Finding]:
    """Everything wrong with the channel of the feed's first page, its items and pages apart."""
    yield from check_once(channel, NEEDED, SINGLE, page, ("FEED110", "FEED111"))
    yield from check_texts(channel, page, "FEED112", SHORT, "FEED113")
    yield from _check_values(channel, page)
    yield from _check_description(channel, page)
    yield from _check_categories(channel, page)
    yield from _check_owner(channel, page)
    yield from _check_build_date(channel, page, now)
    yield from _check_addresses(channel, feed_url, page)
    if ("true", "ai-content") not in {
        (it.text, it.attributes.get("purpose")) for it in channel.all("podcast:txt")
    }:
        yield found("FEED123", f"{page}:{channel.line}", 'has no podcast:txt "ai-content" that is true')
    for name in UNWANTED:
        if unwanted := channel.first(name):
            yield found("FEED130", f"{page}:{unwanted.line}", f"has <{name}>")
    yield from _check_image(channel, site, page)


def check_pages(pages: list[tuple[str, Element]], site: Site, feed_url: str) -> Iterator[Finding]:
    """Whether every page of a feed says where it is, and where the others are. pages: path and channel."""
    address = {number: site.base + path for number, (path, _) in enumerate(pages, 1)}
    address[1] = feed_url
    for number, (path, channel) in enumerate(pages, 1):
        links = {link.attributes.get("rel"): link.attributes.get("href") for link in channel.all("atom:link")}
        if links.get("self") != address[number]:
            what = f"its link to itself is {str(links.get('self'))[:120]!r}"
            yield found("FEED125", f"{path}:{channel.line}", what)
        wanted = {"previous": address.get(number - 1), "next": address.get(number + 1)}
        if len(pages) > 1:
            wanted |= {"first": feed_url, "last": address[len(pages)]}
        for relation, expected in wanted.items():
            if links.get(relation) != expected:
                what = f"its link to the {relation} page is {str(links.get(relation))[:120]!r}"
                yield found("FEED126", f"{path}:{channel.line}", what)
    stem, _, suffix = pages[0][0].rpartition(".")
    for path in sorted(site.sizes.keys() - {path for path, _ in pages}):
        if re.fullmatch(rf"{re.escape(stem)}-\d+\.{suffix}", path):
            yield found("FEED126", path, "no page of the feed leads here")


def _check_values(channel: Element, page: str) -> Iterator[Finding]:
    for name, code, fits in _VALUES:
        for child in channel.all(name):
            if child.text.strip() and not fits(child.text.strip()):
                yield found(code, f"{page}:{child.line}", f"<{name}> is {child.text.strip()[:60]!r}")


def _check_description(channel: Element, page: str) -> Iterator[Finding]:
    size = len(channel.text_of("description").encode())
    if size > LONGEST_DESCRIPTION_BYTES:
        yield found("FEED114", f"{page}:{channel.line}", f"<description> has {size} bytes")


def _check_categories(channel: Element, page: str) -> Iterator[Finding]:
    for top in channel.all("itunes:category"):
        name = top.attributes.get("text", "")
        below = [child.attributes.get("text", "") for child in top.all("itunes:category")]
        if name not in CATEGORIES or not CATEGORIES[name].issuperset(below):
            yield found("FEED117", f"{page}:{top.line}", f"is {' > '.join([name, *below])[:120]!r}")


def _check_owner(channel: Element, page: str) -> Iterator[Finding]:
    owner = channel.first("itunes:owner")
    address = owner.text_of("itunes:email") if owner else ""
    if not address:
        yield found("FEED120", f"{page}:{channel.line}", "has no itunes:owner with itunes:email")
    elif not MAIL_ADDRESS.fullmatch(address):
        yield found("FEED119", f"{page}:{channel.line}", f"itunes:email is {address[:80]!r}")


def _check_build_date(channel: Element, page: str, now: dt.datetime) -> Iterator[Finding]:
    text = channel.text_of("lastBuildDate")
    built = moment_of(text)
    if text and (built is None or built > now):
        yield found("FEED124", f"{page}:{channel.line}", f"<lastBuildDate> is {text[:60]!r}")


def _check_addresses(channel: Element, feed_url: str, page: str) -> Iterator[Finding]:
    yield from check_address(channel.text_of("link"), f"{page}:{channel.line}", "FEED127", "<link>")
    for name, attribute in (
        ("podcast:license", "url"),
        ("podcast:funding", "url"),
        ("podcast:person", "href"),
    ):
        for child in channel.all(name):
            address = child.attributes.get(attribute, "")
            yield from check_address(address, f"{page}:{child.line}", "FEED127", f"<{name}>")
    if feed_url.startswith("http:"):
        yield found("FEED128", page, f"its address is {feed_url}")
    if urlsplit(feed_url).hostname == EXAMPLE_HOST:
        yield found("FEED129", page, f"its address is {feed_url}")


def _check_image(channel: Element, site: Site, page: str) -> Iterator[Finding]:
    image = channel.first("itunes:image")
    if image and image.attributes.get("href"):
        named = Named(f"{page}:{image.line}", image.attributes["href"])
        yield from check_file(named, site, "the cover")
        path = site.path_of(named.address)
        if path in site.sizes:
            yield from check_cover(site, path)
