"""Show notes: a show's template and what is known of an episode in, HTML that is safe anywhere out.

    Paper, Transcript, …  ── notes.j2, autoescaped ──>  HTML  ── nh3 ──>  HTML of a few harmless tags

The paper's Markdown is rendered without HTML of its own, and whatever a template lets through is
cleaned once more: notes travel into players, mail and other people's pages.
"""

import html
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import nh3
from markdown_it import MarkdownIt
from msgspec import Struct

from ..captions import chapter_list
from ..errors import PublishError
from ..mathtext import FORMULA, is_formula, readable_math
from ..model import Paper, ShowFacts
from ..templating import Html, Vocabulary
from ..transcript import Transcript
from .citation import bibtex
from .prose import prose_of

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline

__all__ = ["NOTES", "NOTES_TEMPLATES", "Notes", "WriteNotes", "Written", "links_of", "notes_writer"]

TAGS = {
    *("p", "ol", "ul", "li", "a", "b", "i", "strong", "em", "h2", "h3", "code", "pre", "blockquote", "br")
}
"""What directories and players show; Apple's list is p, ol, ul, li, a, b, i, strong, em."""
LONGEST_DESCRIPTION = 300
"""Characters: about what directories show of an episode before it is opened."""
SHORTEST_SUMMARY = 3
"""Paragraphs; in a shorter one the last does not say why it matters."""


class Notes(Struct, frozen=True, kw_only=True):
    """What a template of notes may use beside the paper and the show."""

    summary: Html
    """All of the paper's summary."""
    opening: Html
    """Its first paragraph of prose."""
    closing: Html
    """Its last paragraph of prose, no line of a dialogue; empty if it has fewer than three."""
    questions: list[Html]
    """Those that it closes with."""
    chapters: list[tuple[str, str]]
    """Time, such as 03:07, and title of each."""
    links: dict[str, str]
    """Name → address of the paper's arXiv page, DOI and own links."""
    bibtex: str
    spoken_by: str
    """Engine, voice and licence of each voice."""


NOTES = Vocabulary(
    folder="scripts/site",
    guide="docs/site.md",
    error=PublishError,
    values={"paper": Paper, "show": ShowFacts, "notes": Notes},
    html=True,
)

NOTES_TEMPLATES = ("about.j2", "notes.j2")


class Written(NamedTuple):
    """What is written of an episode."""

    description: str
    """What the summary begins with, as plain text on one line, cut between words."""
    about: str
    """What it is about, HTML."""
    notes: str
    """All of its notes, HTML."""


WriteNotes = Callable[[Paper, Transcript, str], Written]
"""Paper, transcript, and who speaks."""


def notes_writer(show: ShowFacts, templates: dict[str, str]) -> WriteNotes:
    """What writes the notes of any episode of a show. Raises PublishError at the template's file:line."""
    for name in NOTES_TEMPLATES:
        NOTES.refuse_faults(name, templates)
    environment = NOTES.environment(templates)

    def write(paper: Paper, transcript: Transcript, spoken_by: str) -> Written:
        speakers = {show.host, *(passage.speaker for passage in transcript.passages)}
        prose = prose_of(paper.summary, speakers)
        notes = Notes(
            summary=_as_html(paper.summary),
            opening=_as_html(prose[0] if prose else ""),
            closing=_as_html(_closing(prose)),
            questions=[Html(_clean(_markdown().renderInline(question))) for question in paper.questions],
            chapters=chapter_list(transcript),
            links=links_of(paper),
            bibtex=bibtex(paper),
            spoken_by=spoken_by,
        )
        values = {"paper": paper, "show": show, "notes": notes}
        about, whole = (_clean(NOTES.fill(environment, name, values)) for name in NOTES_TEMPLATES)
        return Written(_described(prose[0] if prose else paper.title), about, whole)

    return write


def links_of(paper: Paper) -> dict[str, str]:
    """Name → address of all that can be read on; the paper's own links come before those of its ids."""
    known = {}
    if paper.arxiv:
        known["arXiv"] = f"https://arxiv.org/abs/{quote(paper.arxiv, safe='/')}"
    if paper.doi:
        known["DOI"] = f"https://doi.org/{quote(paper.doi, safe='/:;()')}"
    return known | paper.links


def _described(paragraph: str) -> str:
    """A paragraph as plain text on one line, cut between words."""
    apart = re.sub(r"<br[^>]*>|</p>", " ", str(_as_html(paragraph)))
    text = " ".join(html.unescape(re.sub(r"<[^>]*>", "", apart)).split())
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return f"{text[: LONGEST_DESCRIPTION - 1].rsplit(' ', 1)[0]}…"


def _closing(prose: list[str]) -> str:
    """The last paragraph that does not lead to something else, such as a list."""
    complete = [paragraph for paragraph in prose[1:] if not paragraph.endswith(":")]
    return complete[-1] if complete and len(prose) >= SHORTEST_SUMMARY else ""


def _as_html(markdown: str) -> Html:
    """Markdown as HTML; tags in it are text, formulas are readable, only web addresses become links."""
    return Html(_clean(_markdown().render(markdown)))


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
    markdown.inline.ruler.before("escape", "formula", _formula)
    return markdown


def _formula(state: "StateInline", silent: bool) -> bool:
    """A formula at this place, as text."""
    found = FORMULA.match(state.src, state.pos, state.posMax)
    if found is None or not is_formula(found):
        return False
    if not silent:
        state.push("text", "", 0).content = readable_math(found[0])
    state.pos = found.end()
    return True


def _clean(text: str) -> str:
    """HTML of the tags that are allowed, with links to web addresses only."""
    return nh3.clean(
        text, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=None
    ).strip()
