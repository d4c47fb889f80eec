"""HTML as a browser meets it: which tags, which lines of text. Nothing in it is run or fetched.

The tokens are those of the HTML Standard (13.2.5) as far as findings need them. Our own reader, because
the standard library's takes minutes for a few kilobytes of "<a <a <a"; this one reads each character
a bounded number of times.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

__all__ = ["Markup", "TagSeen", "is_web_address", "read_markup", "read_tags"]

_BREAKS = {"p", "br", "li", "ul", "ol", "h1", "h2", "h3", "pre", "blockquote", "div", "tr"}
"""Where a new line of text begins."""
_RAW = {"script", "style", "title", "textarea"}
"""Hold text only, up to their own end (13.2.5.1 to 13.2.5.3)."""
_HIDDEN = {"script", "style", "template"}
_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")


class TagSeen(NamedTuple):
    """A tag that begins an element."""

    name: str
    attributes: dict[str, str]
    line: int


class _Ended(NamedTuple):
    name: str


@dataclass(slots=True)
class Markup:
    """What a piece of HTML holds."""

    tags: list[TagSeen] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """Text, as it is shown, cut where a new line begins; blanks joined."""
    paragraphs: list[tuple[int, list[str]]] = field(default_factory=list)
    """Line of each p, and its lines of text."""


def read_markup(text: str) -> Markup:
    """Read a page or a piece of one; whatever it is, something is read."""
    reader = _Reader()
    for token in _tokens(text):
        reader.take(token)
    reader.end_line()
    return reader.markup


def read_tags(text: str) -> list[TagSeen]:
    """The tags of a page alone, which is quicker."""
    return [token for token in _tokens(text) if isinstance(token, TagSeen)]


def is_web_address(text: str) -> bool:
    """Whether it is an http or https address with a host, of visible ASCII."""
    return re.fullmatch(r"(?=[!-~]+\Z)https?://[^/?#\\]*[^/?#:@\\].*", text, re.IGNORECASE) is not None


def _tokens(text: str) -> Iterator[TagSeen | _Ended | str]:
    """Tags, ends of elements and text, in order."""
    at, line, counted = 0, 1, 0
    while (begin := text.find("<", at)) >= 0:
        if begin > at:
            yield unescape(text[at:begin])
        line, counted = line + text.count("\n", counted, begin), begin
        name = _NAME.match(text, begin + 1)
        if name:
            attributes, at = _attributes(text, name.end())
            tag = TagSeen(name[0].lower(), attributes, line)
            yield tag
            if tag.name in _RAW:
                begin, at = at, _end_of_raw(text, tag.name, at)
                yield unescape(text[begin:at])
        elif text.startswith("<!--", begin):
            at = _behind(text, "-->", begin + 4)
        elif text.startswith(("</", "<!", "<?"), begin):
            ended = _NAME.match(text, begin + 2) if text[begin + 1] == "/" else None
            yield _Ended(ended[0].lower() if ended else "")
            at = _behind(text, ">", begin + 2)
        else:
            yield "<"
            at = begin + 1
    yield unescape(text[at:])


def _attributes(text: str, at: int) -> tuple[dict[str, str], int]:
    """Those of a tag, of each the first, and where the tag has ended."""
    attributes: dict[str, str] = {}
    if text[at : at + 1] == ">":  # as most are
        return attributes, at + 1
    while found := _ATTRIBUTE.match(text, at):
        name, *values = found.groups()
        attributes.setdefault(name.lower(), unescape(next(filter(None, values), "")))
        at = found.end()
    return attributes, _behind(text, ">", at)


def _end_of_raw(text: str, name: str, at: int) -> int:
    end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, at)
    return end.start() if end else len(text)


def _behind(text: str, mark: str, at: int) -> int:
    """Where the text goes on behind the next mark; its end if there is none."""
    end = text.find(mark, at)
    return len(text) if end < 0 else end + len(mark)


class _Reader:
    def __init__(self) -> None:
        self.markup = Markup()
        self._text: list[str] = []
        self._inside = ""

    def take(self, token: TagSeen | _Ended | str) -> None:
        """One token."""
        if isinstance(token, str):
            if self._inside not in _HIDDEN:
                self._text.append(token)
            return
        if token.name in _BREAKS:
            self.end_line()
        if isinstance(token, TagSeen):
            self._begin(token)
        elif token.name == self._inside:
            self._inside = ""

    def _begin(self, tag: TagSeen) -> None:
        self.markup.tags.append(tag)
        if tag.name in _HIDDEN or tag.name == "p":
            self._inside = tag.name
        if tag.name == "p":
            self.markup.paragraphs.append((tag.line, []))

    def end_line(self) -> None:
        """What was read so far is a line."""
        line = " ".join("".join(self._text).split())
        self._text = []
        if not line:
            return
        self.markup.lines.append(line)
        if self._inside == "p":
            self.markup.paragraphs[-1][1].append(line)
