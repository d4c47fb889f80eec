"""An edition as feeds: RSS 2.0 with the iTunes and Podcasting 2.0 namespaces, and JSON Feed 1.1.

    Edition ──> feed.xml, feed-2.xml, … and feed.json

Sources: RSS 2.0.11; Apple's podcast namespace; podcastindex.org/namespace/1.0; PSP-1; RFC 5005 (pages);
jsonfeed.org/version/1.1. The same edition gives the same bytes: no clock is read, and the day a feed was
built is the day of its latest episode. Summary, subtitle and keywords of iTunes are left out, because
players show them in place of better fields.
"""

import json
from collections.abc import Iterator
from email.utils import format_datetime
from html import escape
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from ..captions import chapter_list
from .edition import Edition, File, Kind, PublishedEpisode

__all__ = ["NAMESPACES", "render_feeds"]

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
MAX_DESCRIPTION_BYTES = 4_000
"""Of a description (PSP-1); directories cut what is longer, or refuse it."""
TRANSCRIPTS: tuple[Kind, ...] = ("vtt", "srt", "json", "html")
"""In the order of preference: only WebVTT and JSON name speakers everywhere."""


def render_feeds(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Path below the site's folder → bytes, the first page of the feed last."""
    size = edition.feed.items
    pages = [edition.episodes[n : n + size] for n in range(0, len(edition.episodes), size)] or [()]
    yield "feed.json", _json_feed(edition)
    for number, episodes in reversed(list(enumerate(pages, 1))):
        yield _page_name(edition, number), _rss(edition, episodes, number, len(pages))


def _page_name(edition: Edition, number: int) -> str:
    name = edition.feed.url.rsplit("/", 1)[1]
    stem, dot, suffix = name.rpartition(".")
    return name if number == 1 else f"{stem}-{number}{dot}{suffix}"


def _rss(edition: Edition, episodes: tuple[PublishedEpisode, ...], page: int, pages: int) -> bytes:
    for prefix, address in NAMESPACES.items():
        ET.register_namespace(prefix, address)
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    _add_page_links(channel, edition, page, pages)
    _add_show(channel, edition)
    for episode in episodes:
        _add_episode(ET.SubElement(channel, "item"), episode, edition)
    ET.indent(rss)
    written: bytes = ET.tostring(rss, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add_page_links(channel: ET.Element, edition: Edition, page: int, pages: int) -> None:
    """RFC 5005, clause 3."""
    numbers = {"self": page}
    if pages > 1:
        numbers |= {"first": 1, "previous": page - 1, "next": page + 1, "last": pages}
    for relation, number in numbers.items():
        if 1 <= number <= pages:
            address = urljoin(edition.base, _page_name(edition, number))
            _add(channel, "atom:link", rel=relation, href=address, type="application/rss+xml")


def _add_show(channel: ET.Element, edition: Edition) -> None:
    show, feed = edition.show, edition.feed
    author = feed.author or show.host
    _add(channel, "title", show.title)
    _add(channel, "description", show.description or show.title)
    _add(channel, "link", show.website or edition.base)
    _add(channel, "language", show.language)
    _add(channel, "copyright", show.copyright)
    _add(channel, "generator", "PaperLedge")
    if edition.episodes:
        _add(channel, "lastBuildDate", format_datetime(edition.episodes[0].published))
    _add(channel, "itunes:author", author)
    if feed.email:
        owner = ET.SubElement(channel, f"{{{NAMESPACES['itunes']}}}owner")
        _add(owner, "itunes:name", feed.owner or author)
        _add(owner, "itunes:email", feed.email)
    _add(channel, "itunes:image", href=urljoin(edition.base, edition.cover.path))
    _add(channel, "itunes:explicit", _truth(feed.explicit))
    _add(channel, "itunes:type", feed.type)
    parent = channel
    for name in feed.category.split(">"):
        parent = _add(parent, "itunes:category", text=name.strip())
    _add(channel, "podcast:guid", edition.guid)
    _add(channel, "podcast:medium", "podcast")
    _add(channel, "podcast:locked", "yes" if feed.locked else "no", **_known(owner=feed.email))
    _add_license(channel, edition)
    if feed.funding_url:
        _add(channel, "podcast:funding", feed.funding, url=feed.funding_url)
    _add(channel, "podcast:person", show.host, role="host", group="cast")
    _add(channel, "podcast:txt", "true", purpose="ai-content")


def _add_episode(item: ET.Element, episode: PublishedEpisode, edition: Edition) -> None:
    paper, files = episode.paper, episode.files
    _add(item, "title", paper.title)
    _add(item, "link", urljoin(edition.base, episode.page))
    _add(item, "description", _description(episode))
    _add(item, "content:encoded", episode.notes)
    _add(item, "guid", episode.guid, isPermaLink="false")
    _add(item, "pubDate", format_datetime(episode.published))
    audio = files["audio"]
    size = str(audio.size_bytes)
    _add(item, "enclosure", url=urljoin(edition.base, audio.path), length=size, type=audio.type)
    _add(item, "itunes:title", paper.title)
    _add(item, "itunes:duration", str(round(episode.transcript.duration_ms / 1000)))
    _add(item, "itunes:image", href=urljoin(edition.base, files["cover"].path))
    _add(item, "itunes:explicit", _truth(edition.feed.explicit))
    _add(item, "itunes:episode", str(episode.number))
    _add(item, "itunes:episodeType", "full")
    _add(item, "podcast:episode", str(episode.number))
    if paper.season:
        _add(item, "itunes:season", str(paper.season))
        _add(item, "podcast:season", str(paper.season))
    for file in (files[kind] for kind in TRANSCRIPTS):
        address, language = urljoin(edition.base, file.path), edition.show.language
        _add(item, "podcast:transcript", url=address, type=file.type, language=language)
    chapters = files["chapters"]
    _add(item, "podcast:chapters", url=urljoin(edition.base, chapters.path), type=chapters.type)
    if bite := episode.soundbite:
        span = {"startTime": f"{bite.start_ms / 1000:.3f}", "duration": f"{bite.duration_ms / 1000:.3f}"}
        _add(item, "podcast:soundbite", bite.title, **span)
    _add_people(item, episode, edition)
    _add_license(item, edition)
    _add(item, "podcast:txt", "true", purpose="ai-content")


def _add_people(item: ET.Element, episode: PublishedEpisode, edition: Edition) -> None:
    """Who speaks, then whose paper it is: an episode's persons stand in place of the show's."""
    speakers = dict.fromkeys([edition.show.host, *(part.speaker for part in episode.transcript.passages)])
    for speaker in speakers:
        role = "host" if speaker == edition.show.host else "co-host"
        _add(item, "podcast:person", speaker, role=role, group="cast")
    for author in episode.paper.authors:
        _add(item, "podcast:person", author, role="author", group="writing")


def _description(episode: PublishedEpisode) -> str:
    """The notes, or if they are too long what matters most of them."""
    if len(episode.notes.encode()) <= MAX_DESCRIPTION_BYTES:
        return episode.notes
    lines = (f"{time} {escape(title)}" for time, title in chapter_list(episode.transcript))
    short = f"<p>{escape(episode.description)}</p>\n<p>{'<br>'.join(lines)}</p>"
    return short if len(short.encode()) <= MAX_DESCRIPTION_BYTES else f"<p>{escape(episode.description)}</p>"


def _json_feed(edition: Edition) -> bytes:
    show = edition.show
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": show.title,
        "home_page_url": show.website or edition.base,
        "feed_url": urljoin(edition.base, "feed.json"),
        "description": show.description,
        "icon": urljoin(edition.base, edition.cover.path),
        "language": show.language,
        "authors": [{"name": edition.feed.author or show.host}],
        "items": [_json_item(episode, edition) for episode in edition.episodes[: edition.feed.items]],
    }
    known = {key: value for key, value in feed.items() if value}
    return json.dumps({"items": [], **known}, ensure_ascii=False, indent=1).encode() + b"\n"


def _json_item(episode: PublishedEpisode, edition: Edition) -> dict[str, object]:
    audio = episode.files["audio"]
    return {
        "id": episode.guid,
        "url": urljoin(edition.base, episode.page),
        "title": episode.paper.title,
        "content_html": episode.notes,
        "summary": episode.description,
        "image": urljoin(edition.base, episode.files["cover"].path),
        "date_published": episode.published.isoformat(),
        "authors": [{"name": name} for name in episode.paper.authors],
        "tags": [episode.paper.category],
        "attachments": [_attachment(audio, episode, edition)],
    }


def _attachment(audio: File, episode: PublishedEpisode, edition: Edition) -> dict[str, object]:
    return {
        "url": urljoin(edition.base, audio.path),
        "mime_type": audio.type,
        "size_in_bytes": audio.size_bytes,
        "duration_in_seconds": round(episode.transcript.duration_ms / 1000),
    }


def _add(parent: ET.Element, name: str, content: str | None = None, /, **attributes: str) -> ET.Element:
    """Add an element such as "itunes:author", unless it would be empty."""
    prefix, colon, local = name.rpartition(":")
    tag = f"{{{NAMESPACES[prefix]}}}{local}" if colon else local
    if not content and not attributes:
        return ET.Element(tag)
    element = ET.SubElement(parent, tag, attributes)
    element.text = content.strip() if content else None
    return element


def _add_license(parent: ET.Element, edition: Edition) -> None:
    feed = edition.feed
    if feed.license:
        _add(parent, "podcast:license", feed.license, **_known(url=feed.license_url))


def _known(**attributes: str | None) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if value}


def _truth(value: bool) -> str:
    return "true" if value else "false"
