"""HTML as a browser meets it: which tags, which lines of text. Nothing in it is run or fetched."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["Markup", "TagSeen", "is_web_address", "read_markup"]

_BREAKS = {"p", "br", "li", "ul", "ol", "h1", "h2", "h3", "pre", "blockquote", "div", "tr"}
"""Where a new line of text begins."""
_UNSHOWN = {"script", "style", "template"}


@dataclass(frozen=True, slots=True)
class TagSeen:
    """A tag that begins an element."""

    name: str
    attributes: dict[str, str]
    line: int


@dataclass(slots=True)
class Markup:
    """What a piece of HTML holds."""

    tags: list[TagSeen] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """Text, as it is shown, cut where a new line begins; blanks joined."""
    paragraphs: list[tuple[int, str]] = field(default_factory=list)
    """Line and text of each p."""
    has_doctype: bool = False


def read_markup(text: str) -> Markup:
    """Read a page or a piece of one; whatever it is, something is read."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end_line()
    return reader.markup


def is_web_address(text: str) -> bool:
    """Whether it is an http or https address with a host, of visible ASCII."""
    return re.fullmatch(r"(?=[!-~]+\Z)https?://[^/?#\\]*[^/?#:@\\].*", text, re.IGNORECASE) is not None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.markup = Markup()
        self._text: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        self.markup.tags.append(TagSeen(tag, {name: value or "" for name, value in attrs}, line))
        if tag in _BREAKS:
            self.end_line()
        if tag in _UNSHOWN or tag == "p":
            self._inside = tag
        if tag == "p":
            self.markup.paragraphs.append((line, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self.end_line()
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in _UNSHOWN:
            self._text.append(data)

    def handle_decl(self, decl: str) -> None:
        self.markup.has_doctype |= decl.lower() == "doctype html"

    def unknown_decl(self, data: str) -> None:
        """Of no meaning in HTML."""

    def end_line(self) -> None:
        """What was read so far is a line."""
        line = " ".join("".join(self._text).split())
        self._text = []
        if not line:
            return
        self.markup.lines.append(line)
        if self._inside == "p":
            at, before = self.markup.paragraphs[-1]
            self.markup.paragraphs[-1] = at, f"{before} {line}".strip()
