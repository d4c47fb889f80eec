"""Show notes: a show's template and what is known of an episode in, HTML that is safe anywhere out.

    Paper, Transcript, …  ── notes.j2, autoescaped ──>  HTML  ── nh3 ──>  HTML of a few harmless tags

The paper's Markdown is rendered without HTML of its own, and whatever a template lets through is
cleaned once more: notes travel into players, mail and other people's pages.
"""

import html
import re
from functools import cache
from typing import Any
from urllib.parse import quote

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from ..model import Paper, ShowFacts
from ..transcript import Transcript
from .captions import chapter_list
from .citation import bibtex
from .pages import render

__all__ = ["describe", "links_of", "write_notes"]

TAGS = {*("p", "ol", "ul", "li", "a", "b", "i", "strong", "em", "h2", "h3", "code", "pre", "blockquote", "br")}
"""What directories and players show; Apple's list is p, ol, ul, li, a, b, i, strong, em."""
LONGEST_DESCRIPTION = 300
"""Characters: about what directories show of an episode before it is opened."""
SHORTEST_SUMMARY = 3
"""Paragraphs; in a shorter one the last does not say why it matters."""


def write_notes(
    paper: Paper, show: ShowFacts, transcript: Transcript, spoken_by: str, templates: dict[str, str]
) -> str:
    """The notes of one episode. Raises PublishError, placed at the template's file:line."""
    paragraphs = _paragraphs(paper.summary)
    values: dict[str, Any] = {
        "paper": paper,
        "show": show,
        "summary": _as_html(paper.summary),
        "opening": _as_html(paragraphs[0]) if paragraphs else "",
        "closing": _as_html(paragraphs[-1]) if len(paragraphs) >= SHORTEST_SUMMARY else "",
        "chapters": chapter_list(transcript),
        "links": links_of(paper),
        "bibtex": bibtex(paper),
        "spoken_by": spoken_by,
    }
    return _clean(render("notes.j2", templates, values))


def links_of(paper: Paper) -> dict[str, str]:
    """Name → address of all that can be read on; the paper's own links come before those of its ids."""
    known = {}
    if paper.arxiv:
        known["arXiv"] = f"https://arxiv.org/abs/{quote(paper.arxiv, safe='/')}"
    if paper.doi:
        known["DOI"] = f"https://doi.org/{quote(paper.doi, safe='/:;()')}"
    return known | paper.links


def describe(paper: Paper) -> str:
    """What the summary begins with, as plain text on one line, cut between words."""
    paragraphs = _paragraphs(paper.summary) or [paper.title]
    text = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", str(_as_html(paragraphs[0])))).split())
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return f"{text[: LONGEST_DESCRIPTION - 1].rsplit(' ', 1)[0]}…"


def _paragraphs(summary: str) -> list[str]:
    """Paragraphs of prose: no headings, lists or quotations."""
    blocks = (block.strip() for block in re.split(r"\n[ \t]*\n", summary))
    return [block for block in blocks if block and block[0] not in "#>-*+`|" and not block[0].isdigit()]


def _as_html(markdown: str) -> Markup:
    """Markdown as HTML; tags in it are text, and only web addresses become links."""
    return Markup(_clean(_markdown().render(markdown)))  # noqa: S704 - cleaned in this very line


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable("image")


def _clean(text: str) -> str:
    """HTML of the tags that are allowed, with links to web addresses only."""
    return nh3.clean(
        text, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=None
    ).strip()
