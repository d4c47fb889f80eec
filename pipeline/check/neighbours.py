"""Rules over the backlog: what an episode has in common with others that it should have for itself.

In: the pages of all papers. Out: findings, each at the later of the papers it is about. Only neighbours by
date are held against each other, for that is how they are heard.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from ..findings import Finding
from ..model import Paper
from ..showlock import ShowLock
from .page import Page
from .rules import found

__all__ = ["claims", "likenesses", "renamings"]

_ALIKE = 4
"""So many equal words are one turn of phrase."""
_SENTENCE = re.compile(r"[^.!?…\s](?:[^.!?…\n]|\n(?!\n))*[.!?…]*")
_TOPIC = re.compile(r"\b(papers?|stud(y|ies)|research)\b", re.IGNORECASE)
"""What the sentence has that says what an episode is about."""


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    start: int
    """The character of the file."""


def claims(pages: Iterable[Page], lock: ShowLock) -> Iterator[Finding]:
    """Papers that claim the number of another, or of an episode that was published."""
    first = {(known.season, known.number): f"the published {slug}" for slug, known in lock.episodes.items()}
    for page in sorted(pages, key=lambda page: _order(page.paper)):
        paper = page.paper
        if paper.episode is None or paper.publish == "draft" or paper.slug in lock.episodes:
            continue
        other = first.setdefault((paper.season, paper.episode), f"{page.where} ({paper.date})")
        if not other.startswith(f"{page.where} "):
            what = f"is episode {paper.episode}, and so is {other}"
            yield found("PAPR110", page.at_key("episode"), what)


def renamings(pages: Iterable[Page], slugs: Collection[str], lock: ShowLock) -> Iterator[Finding]:
    """Papers that may be published ones under another name. slugs: of all papers, readable or not."""
    gone = {known.moment.date(): slug for slug, known in lock.episodes.items() if slug not in slugs}
    for page in pages:
        old, is_new = gone.get(page.paper.date), page.paper.slug not in lock.episodes
        if old and is_new and page.paper.publish != "draft":
            yield found(
                "PAPR111", page.at_key("date"), f"{old} was published on this day, and has no paper now"
            )


def likenesses(pages: Iterable[Page]) -> Iterator[Finding]:
    """Episodes that open, name their topic or end as the one before them does."""
    told = sorted((page for page in pages), key=lambda page: _order(page.paper))
    for code, phrase_of in _PHRASES.items():
        for (before, former), (page, latter) in pairwise((page, phrase_of(page)) for page in told):
            if former and latter and former.words == latter.words:
                what = f'"{" ".join(latter.words)} …", as in {before.at(former.start)}'
                yield found(code, page.at(latter.start), what)


def _order(paper: Paper) -> tuple[object, ...]:
    return paper.date, paper.episode or 0, paper.slug


def _opening(page: Page) -> _Phrase | None:
    return next(_phrases(page), None)


def _topic(page: Page) -> _Phrase | None:
    """How the first sentence begins that speaks of the paper; none if that is the opening."""
    sentences = _sentences(page)
    named = next((n for n, sentence in enumerate(sentences) if _TOPIC.search(sentence[0])), 0)
    return _phrase(sentences[named], page) if named else None


def _ending(page: Page) -> _Phrase | None:
    sentences = _sentences(page)
    return _phrase(sentences[-1], page) if len(sentences) > 1 else None


def _phrases(page: Page) -> Iterator[_Phrase]:
    return (phrase for sentence in _sentences(page)[:3] if (phrase := _phrase(sentence, page)))


def _sentences(page: Page) -> list[re.Match[str]]:
    return list(_SENTENCE.finditer(page.paper.summary))


def _phrase(sentence: re.Match[str], page: Page) -> _Phrase | None:
    """The words a sentence begins with; None if it has fewer."""
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)?", sentence[0].casefold())[:_ALIKE]
    start = page.text.find(page.paper.summary.strip(), page.body)
    lead = len(page.paper.summary) - len(page.paper.summary.lstrip())
    return _Phrase(tuple(words), start - lead + sentence.start()) if len(words) == _ALIKE else None


_PHRASES: dict[str, Callable[[Page], _Phrase | None]] = {
    "STYL101": _opening,
    "STYL102": _topic,
    "STYL103": _ending,
}
