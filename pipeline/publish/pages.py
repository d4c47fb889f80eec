"""What the site's templates speak of: an edition, put the way a page needs it.

All are frozen values; docs/site.md lists their fields for whoever edits a template. Texts are plain and
hostile, and are escaped where they are put; what is `Html` is HTML that is safe as it is. Only http and
https links come through (RFC 9110, 4.2), since an address of another scheme can run as a program.
"""

import datetime as dt
import re
from urllib.parse import quote

import msgspec

from ..feedsettings import FeedSettings
from ..model import Paper, ShowFacts
from ..templating import Html
from ..transcript import Chapter, Cue, Passage
from ..values import Value
from .edition import Edition, File, Kind, PublishedEpisode

__all__ = ["VALUES", "Link", "Listed", "Page", "Site", "linked", "links_of", "list_episode", "site_of"]

JSON_FEED = "feed.json"
"""Beside the feed."""

_WEB_ADDRESS = re.compile(r"(?=[!-~]+\Z)https?://[^/?#\\]*[^/?#:@\\](?=[/?#]|\Z)", re.IGNORECASE)
"""Visible ASCII with a host; never javascript:, data: or file:."""

_IN_ADDRESS = "!#$%&'()*+,/:;=?@[]~"
"""Stands in an address as it is (RFC 3986, 2.2 and 2.3); a % belongs to what is encoded already."""

_LINK = Html('<a href="{}" rel="noopener external">{}</a>')


class Link(Value, frozen=True, kw_only=True):
    """Where to read on."""

    title: str
    url: str
    """An http or https address."""


class Site(Value, frozen=True, kw_only=True):
    """What all pages of a show have in common."""

    address: str
    """Of its folder, with a closing slash."""
    feed: str
    """Path of the RSS feed below the site's folder."""
    json_feed: str
    """Path of the JSON Feed."""
    cover: File
    thumbnail: File
    count: int
    """Of published episodes."""
    categories: tuple[str, ...]
    """Of all episodes, each once, in order of the alphabet."""


class Listed(Value, frozen=True, kw_only=True):
    """An episode."""

    paper: Paper
    number: int
    published: dt.datetime
    """In UTC."""
    spoken_by: str
    """Engine, voice and licence of each voice."""
    description: str
    """Plain text on one line, at most 300 characters."""
    about: Html
    notes: Html
    bibtex: str
    files: dict[Kind, File]
    """audio, vtt, srt, json, html, txt, chapters, cover, thumbnail."""
    page: str
    """Path of its page."""
    address: str
    """Absolute, of its page."""
    duration_ms: int
    chapters: tuple[Chapter, ...]
    passages: tuple[Passage, ...]
    speakers: tuple[str, ...]
    """Each once, in the order in which they are heard."""
    links: tuple[Link, ...]
    """Where the paper and what belongs to it is."""


class Page(Value, frozen=True, kw_only=True):
    """One page."""

    path: str
    """Below the site's folder, such as "episodes/a-paper.html"."""
    root: str
    """What leads from the page to the site's folder: "" or "../"; goes before every path."""
    address: str
    """Its canonical address, an absolute one."""
    structured_data: Html
    """JSON-LD (schema.org), to be put into a script element."""
    number: int = 1
    """Which page of the index it is; 1 holds the latest."""
    count: int = 1
    """Pages of the index."""
    newer: str = ""
    """Path of the page before this one in the index, or ""."""
    older: str = ""
    """Path of the page after it."""
    episodes: tuple[Listed, ...] = ()
    """Those that a page of the index shows, the latest first."""


VALUES: dict[str, type[msgspec.Struct]] = {
    "show": ShowFacts,
    "feed": FeedSettings,
    "site": Site,
    "page": Page,
    "episode": Listed,
    "newer": Listed,
    "older": Listed,
}
"""What a template may speak of; the last three are an episode's page's, None where there is none."""


def site_of(edition: Edition) -> Site:
    """What all pages have in common."""
    return Site(
        address=edition.base,
        feed=edition.feed.url.removeprefix(edition.base),
        json_feed=JSON_FEED,
        cover=edition.cover,
        thumbnail=edition.thumbnail,
        count=len(edition.episodes),
        categories=tuple(
            sorted({one.paper.category for one in edition.episodes}, key=lambda it: (it.casefold(), it))
        ),
    )


def list_episode(one: PublishedEpisode, base: str) -> Listed:
    """An episode as templates see it. base: the address of the site's folder."""
    heard = one.transcript
    return Listed(
        paper=one.paper,
        number=one.number,
        published=one.published,
        spoken_by=one.spoken_by,
        description=one.description,
        about=Html(one.about),
        notes=Html(one.notes),
        bibtex=one.bibtex,
        files=one.files,
        page=one.page,
        address=base + one.page,
        duration_ms=heard.duration_ms,
        chapters=heard.chapters,
        passages=heard.passages,
        speakers=tuple(dict.fromkeys(passage.speaker for passage in heard.passages)),
        links=links_of(one.paper),
    )


def links_of(paper: Paper) -> tuple[Link, ...]:
    """Where a paper is; its own link called "arXiv" or "DOI" takes the place of the one made."""
    known = {
        "arXiv": f"https://arxiv.org/abs/{quote(paper.arxiv, safe='/')}" if paper.arxiv else "",
        "DOI": f"https://doi.org/{quote(paper.doi, safe='/:;()')}" if paper.doi else "",
    }
    return tuple(
        Link(title=title, url=quote(url, safe=_IN_ADDRESS))
        for title, url in (known | paper.links).items()
        if _WEB_ADDRESS.match(url)
    )


def linked(cue: Cue) -> Html:
    """What is said, with its links as links."""
    html, place = Html(), 0
    for link in cue.links:
        text = cue.text[link.start : link.end]
        html += cue.text[place : link.start]
        html += (
            _LINK.format(quote(link.url, safe=_IN_ADDRESS), text) if _WEB_ADDRESS.match(link.url) else text
        )
        place = link.end
    return html + cue.text[place:]
