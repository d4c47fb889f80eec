"""The show's site: an edition and templates in, every file of the pages out.

    Edition ─┬─ index.html.j2    ──>  index.html, page-2.html, …   20 episodes each
             ├─ episode.html.j2  ──>  episodes/<slug>.html
             ├─ style.css, player.js and the like  ──>  as they are
             └─ search.js: all episodes, for the search field

The templates are the show's own, in scripts/site/, and so are all words on the pages. The same edition and
templates give the same bytes: there is no clock here, and no file is read or written. Pages hold relative
addresses, so that the folder works wherever it is put, and ask nothing of other sites.
"""

import re
from collections.abc import Iterator
from typing import Any

from ..errors import PaperledgeError, PublishError
from ..lengths import clock
from ..templating import Environment, Vocabulary
from ..textfile import CONTROL
from .edition import Edition
from .notes import NOTES, NOTES_TEMPLATES
from .pages import VALUES, Listed, Page, linked, list_episode, site_of
from .structured import as_html, as_json, episode_facts, iso_duration, show_facts

__all__ = ["FILTERS", "SITE_TEMPLATES", "faults_of", "render_site"]

EPISODES_A_PAGE = 20
SITE_TEMPLATES = ("index.html.j2", "episode.html.j2")
"""The two that pages are made of; they may include others."""
SEARCH = "search.js"

FILTERS = {
    "clock": 'milliseconds as a player shows them: "4:05", "1:02:03"',
    "iso_duration": 'milliseconds for machines: "PT4M5S"',
    "linked": "a cue's text, escaped, with its links",
    "seconds": 'milliseconds as seconds: "75.25"',
}
"""What a template may use, beside Jinja2's own."""

_NO_CHARACTER = re.compile(r"[\ufdd0-\ufdef\ufffe\uffff]")
"""HTML documents hold none of them (HTML, 13.2.3.5), and none of textfile's CONTROL."""


def render_site(edition: Edition, templates: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Path below the site's folder → bytes, of every page and what pages need.

    templates: name → text of every file in scripts/site/; those that do not end with .j2 are passed on as
    they are. Raises PublishError, placed at scripts/site/file:line, for a template that cannot be rendered.
    """
    for name in SITE_TEMPLATES:
        _VOCABULARY.refuse_faults(name, templates)
    for name, text in templates.items():
        if not name.endswith(".j2"):
            yield name, text.encode()
    pages = _Pages(edition, _VOCABULARY.environment(templates))
    yield SEARCH, pages.search()
    yield from pages.indexes()
    yield from pages.episodes()


def faults_of(templates: dict[str, str]) -> Iterator[PaperledgeError]:
    """Everything wrong with the templates that can be seen without an edition."""
    for name in (*SITE_TEMPLATES, *NOTES_TEMPLATES):
        if name not in templates:
            yield _VOCABULARY.missing(name, templates, "scripts/site")
    for name in templates:
        if name.endswith(".j2"):
            yield from (NOTES if name in NOTES_TEMPLATES else _VOCABULARY).faults_of(name, templates)


class _Pages:
    """All pages of one edition."""

    def __init__(self, edition: Edition, environment: Environment) -> None:
        self._edition = edition
        self._environment = environment
        self._listed = tuple(list_episode(one, edition.base) for one in edition.episodes)
        self._shared = {"show": edition.show, "feed": edition.feed, "site": site_of(edition)}

    def search(self) -> bytes:
        """What the search field looks through."""
        found = as_json([*map(_found, self._listed)])
        return _fit(f"globalThis.showEpisodes = {found};\n")

    def indexes(self) -> Iterator[tuple[str, bytes]]:
        """The latest episodes, then pages of older ones; one page even without any."""
        count = max(1, -(-len(self._listed) // EPISODES_A_PAGE))
        paths = ["index.html", *(f"page-{number}.html" for number in range(2, count + 1))]
        facts = as_html(show_facts(self._edition))
        for number, path in enumerate(paths, 1):
            page = Page(
                path=path,
                root="",
                address=self._edition.base + ("" if number == 1 else path),
                structured_data=facts,
                number=number,
                count=count,
                newer=paths[number - 2] if number > 1 else "",
                older="".join(paths[number : number + 1]),
                episodes=self._listed[(number - 1) * EPISODES_A_PAGE : number * EPISODES_A_PAGE],
            )
            yield path, self._filled("index.html.j2", page)

    def episodes(self) -> Iterator[tuple[str, bytes]]:
        """Each episode's own page."""
        neighbours = [None, *self._listed, None]
        for number, (one, listed) in enumerate(zip(self._edition.episodes, self._listed, strict=True)):
            page = Page(
                path=one.page,
                root="../" * one.page.count("/"),
                address=listed.address,
                structured_data=as_html(episode_facts(one, self._edition)),
            )
            newer, older = neighbours[number], neighbours[number + 2]
            yield one.page, self._filled("episode.html.j2", page, episode=listed, newer=newer, older=older)

    def _filled(self, name: str, page: Page, **values: Any) -> bytes:
        return _fit(_VOCABULARY.fill(self._environment, name, {**self._shared, "page": page, **values}))


def _fit(text: str) -> bytes:
    """Without what a document cannot hold, or what would reorder it."""
    return _NO_CHARACTER.sub("", CONTROL.sub("", text)).encode("utf-8", "replace")


def _found(one: Listed) -> dict[str, object]:
    """What is searched, and what a card shows."""
    return {
        "title": one.paper.title,
        "authors": one.paper.authors,
        "category": one.paper.category,
        "description": one.description,
        "date": one.published.date().isoformat(),
        "duration": clock(one.duration_ms),
        "number": one.number,
        "page": one.page,
        "thumbnail": one.files["thumbnail"].path,
    }


def _seconds(time_ms: int) -> str:
    """With a point, and as few digits as say it."""
    return f"{time_ms / 1000:.3f}".rstrip("0").rstrip(".")


_VOCABULARY = Vocabulary(
    folder="scripts/site",
    guide="docs/site.md",
    error=PublishError,
    values=VALUES,
    filters={"clock": clock, "iso_duration": iso_duration, "linked": linked, "seconds": _seconds},
    html=True,
)
