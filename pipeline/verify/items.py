"""The items of a feed: what players ask of each episode, and of all of them together.

Sources: RSS 2.0.11; RFC 2822; Apple's requirements; PSP-1; the podcast namespace 1.0; W3C's feed validator.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import pairwise

from ..findings import Finding
from .captions import SUFFIXES
from .channel import LONGEST_DESCRIPTION_BYTES
from .folder import Site
from .item import Item, moment_of, number_of
from .markup import is_web_address, read_markup
from .rules import found
from .values import check_address, check_file, check_once, check_texts, is_truth
from .xml import Element

__all__ = ["check_item", "check_together"]

NEEDED = ("title", "link", "description", "guid", "pubDate", "enclosure")
SINGLE = (
    *(*NEEDED, "content:encoded", "itunes:title", "itunes:duration", "itunes:image", "itunes:explicit"),
    *("itunes:episode", "itunes:season", "itunes:episodeType"),
    *("podcast:episode", "podcast:season", "podcast:chapters", "podcast:license"),
)
SHORT = ("title", "itunes:title")
CHAPTERS_TYPE = "application/json+chapters"
TAGS = {
    *("p", "ol", "ul", "li", "a", "b", "i", "strong", "em", "h2", "h3", "code", "pre", "blockquote", "br")
}
"""What players and directories show of notes; anything else they drop, or it acts."""
_CREDIT = "Credit to Paper authors:"

_Test = Callable[[str], object]
_VALUES: tuple[tuple[str, str, _Test], ...] = (
    ("pubDate", "FEED208", moment_of),
    ("itunes:duration", "FEED214", number_of),
    ("itunes:explicit", "FEED215", is_truth),
    ("itunes:episode", "FEED216", number_of),
    ("itunes:season", "FEED216", number_of),
    ("podcast:episode", "FEED216", number_of),
    ("podcast:season", "FEED216", number_of),
    ("itunes:episodeType", "FEED217", ("full", "trailer", "bonus").__contains__),
)
"""Element, code and what its text must be, where it has one."""


def check_item(item: Item, site: Site, now: dt.datetime) -> Iterator[Finding]:
    """Everything wrong with one item, its files apart."""
    yield from check_once(item.element, NEEDED, SINGLE, item.page, ("FEED201", "FEED202"))
    yield from check_texts(item.element, item.page, "FEED203", SHORT, "FEED204")
    yield from _check_values(item)
    yield from _check_guid(item)
    yield from _check_date(item, now)
    yield from _check_enclosure(item)
    yield from _check_description(item)
    for name in ("description", "content:encoded"):
        yield from _check_notes(item.element.first(name), item.page)
    if item.notes and _CREDIT not in item.notes:
        yield found("FEED222", item.where, f'has no "{_CREDIT} …"')
    if ("true", "ai-content") not in {
        (it.text, it.attributes.get("purpose")) for it in item.element.all("podcast:txt")
    }:
        yield found("FEED221", item.where, 'has no podcast:txt "ai-content" that is true')
    yield from _check_files(item, site)


def check_together(items: list[Item]) -> Iterator[Finding]:
    """What holds of all items of all pages: guids, numbers and files are of one each, dates in order."""
    guids: dict[str, Item] = {}
    numbers: dict[tuple[int | None, int], Item] = {}
    files: dict[str, Item] = {}
    for item in items:
        if item.guid and (other := guids.setdefault(item.guid, item)) is not item:
            yield found("FEED207", item.where, f"has the guid {item.guid[:80]!r} of {other.where}")
        if item.number and (other := numbers.setdefault((item.season, item.number), item)) is not item:
            yield found("FEED218", item.where, f"is episode {item.number}, as {other.where} is")
        if item.audio and (other := files.setdefault(item.audio.address, item)) is not item:
            yield found("EPIS106", item.where, f"has the file of {other.where}")
    dated = [(item, item.published) for item in items if item.published]
    for (before, late), (after, early) in pairwise(dated):
        if early > late:
            yield found(
                "FEED211", after.where, f"is of {early:%Y-%m-%d}, behind {before.where} of {late:%Y-%m-%d}"
            )


def _check_values(item: Item) -> Iterator[Finding]:
    for name, code, fits in _VALUES:
        for child in item.element.all(name):
            if child.text.strip() and not fits(child.text.strip()):
                yield found(code, f"{item.page}:{child.line}", f"<{name}> is {child.text.strip()[:60]!r}")


def _check_guid(item: Item) -> Iterator[Finding]:
    if item.guid and item.element.attribute_of("guid", "isPermaLink") != "false":
        yield found("FEED206", item.where, f"<guid> {item.guid[:80]!r} does not say isPermaLink=false")


def _check_date(item: Item, now: dt.datetime) -> Iterator[Finding]:
    text = item.element.text_of("pubDate")
    if item.published is None:
        return
    weekday = _weekday(text)
    if text[:3] != weekday:
        yield found("FEED209", item.where, f"<pubDate> is {text!r}, which is a {weekday}")
    if item.published > now:
        yield found("FEED210", item.where, f"<pubDate> is {text!r}")


def _weekday(text: str) -> str:
    """Of a date of RFC 2822, in its own zone."""
    day, month, year = text[5:].split()[:3]
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    return "Mon Tue Wed Thu Fri Sat Sun".split()[
        dt.date(int(year), months.index(month) + 1, int(day)).weekday()
    ]


def _check_enclosure(item: Item) -> Iterator[Finding]:
    if item.audio is None:
        return
    length = item.element.attribute_of("enclosure", "length")
    if item.audio.type != "audio/mpeg":
        yield found("FEED212", item.audio.where, f"its type is {item.audio.type[:60]!r}")
    if number_of(length) is None:
        yield found("FEED213", item.audio.where, f"its length is {length[:40]!r}")


def _check_description(item: Item) -> Iterator[Finding]:
    size = len(item.element.text_of("description").encode())
    if size > LONGEST_DESCRIPTION_BYTES:
        yield found("FEED205", item.where, f"<description> has {size} bytes")


def _check_notes(notes: Element | None, page: str) -> Iterator[Finding]:
    """HTML of a few harmless tags, with links to web addresses and no other attribute."""
    if notes is None:
        return
    where = f"{page}:{notes.line}"
    for tag in read_markup(notes.text).tags:
        acting = tag.attributes.keys() - ({"href"} if tag.name == "a" else set())
        if tag.name not in TAGS or acting:
            yield found("FEED219", where, f"has <{' '.join([tag.name, *sorted(acting)])[:80]}>")
        address = tag.attributes.get("href", "")
        if tag.name == "a" and not is_web_address(address):
            yield found("FEED220", where, f"links to {address[:80]!r}")


def _check_files(item: Item, site: Site) -> Iterator[Finding]:
    yield from check_address(item.link, item.where, "FEED127", "<link>")
    if site.path_of(item.link) not in {None, *site.sizes}:
        yield found("FEED225", item.where, f"<link> is {item.link[:120]!r}, which is not there")
    yield from check_file(item.audio, site, "the sound")
    yield from check_file(item.cover, site, "the cover")
    yield from check_file(item.chapters, site, "the file of chapters")
    for named in item.transcripts:
        yield from check_file(named, site, "a transcript")
        if not named.address.endswith(SUFFIXES.get(named.type, "\0")):
            yield found("FEED224", named.where, f"a transcript is of type {named.type[:60]!r}")
    if item.chapters is None:
        yield found("FEED227", item.where, "has no podcast:chapters")
    elif item.chapters.type != CHAPTERS_TYPE:
        yield found("FEED224", item.chapters.where, f"chapters are of type {item.chapters.type[:60]!r}")
    if "text/vtt" not in {named.type for named in item.transcripts}:
        yield found("FEED223", item.where, "has no podcast:transcript of type text/vtt")
