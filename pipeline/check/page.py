"""A paper file, and where in it stands what an episode says.

    papers/x.md, Script  ──>  Page, and each of its sentences as it will be said, with its place

A script is made of the paper's text and of templates around it, and knows no places. But what it says of a
paper it says in the paper's order and without a change, so one walk through both finds all of it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from ..model import Line, Paper, Script, Token
from ..paper import place_of_key
from ..script.bibliography import said_stretches

__all__ = ["Page", "Said", "page_of", "said_of"]

_SURE = 30
"""Characters of a sentence that no template has by chance as a paper has it."""
_QUESTIONS = re.compile(r"^#{1,6}[ \t]+questions[ \t#]*$", re.MULTILINE | re.IGNORECASE)
"""The heading that nobody says."""
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """A paper file."""

    where: str
    """Its path, as messages show it."""
    text: str
    paper: Paper
    body: int
    """The character with which the text below the front matter begins."""
    starts: tuple[int, ...]
    """The characters with which its lines begin."""

    def at(self, offset: int) -> str:
        """file:line:column of a character."""
        line = bisect_right(self.starts, offset)
        return f"{self.where}:{line}:{offset - self.starts[line - 1] + 1}"

    def at_key(self, key: str, wanted: str = "") -> str:
        """file:line:column of a key of the front matter, or of what stands at or after it."""
        return place_of_key(self.text, self.where, key, wanted)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a paper, as it will be said."""

    line: Line
    start: int
    """The character of the file with which its tokens begin."""

    def tokens(self) -> Iterator[tuple[int, Token]]:
        """Each of its tokens, and the character of the file with which it begins."""
        place = self.start
        for token in self.line.sentence.tokens:
            yield place, token
            place += len(token.written)


def page_of(where: str, text: str, paper: Paper) -> Page:
    """The page of a paper that was read from that text."""
    fences = [found.end() for found in _FENCE.finditer(text)][:2]
    starts = (0, *(found.end() for found in re.finditer("\n", text)))
    return Page(where=where, text=text, paper=paper, body=fences[-1] if fences else 0, starts=starts)


def said_of(page: Page, script: Script) -> Iterator[Said]:
    """What an episode says of the paper's title and text, in order; what templates say is left out."""
    place, text = page.body, _heard(page)
    for line in script.lines:
        written = line.sentence.written
        words = written.strip()
        found = text.find(words, place)
        if found >= 0 and (len(words) >= _SURE or not _has_words(text[place:found])):
            yield Said(line, found - _lead(written))
            place = found + len(words)
        elif page.paper.title in written:
            title = page.text.find(page.paper.title, 0, page.body)
            if title >= 0:
                yield Said(line, title - written.index(page.paper.title))


def _heard(page: Page) -> str:
    """The file, with blanks in place of its list of references, which nobody says."""
    text = page.text[: page.body]
    for start, stretch in said_stretches(page.text[page.body :]):
        text = text.ljust(page.body + start) + stretch
    return text


def _has_words(text: str) -> bool:
    """Whether anything was left out that could be said."""
    return any(char.isalnum() for char in _QUESTIONS.sub("", text))


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip())
