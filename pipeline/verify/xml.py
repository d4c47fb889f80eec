"""A feed's XML as plain elements, each with its line; nothing in it is trusted.

A document type is refused before anything of it is read, since entities may grow without bounds
(XML 1.0, 4.4); so is nesting that no feed has.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from .folder import Unfit

__all__ = ["Element", "HasDoctype", "parse_xml"]

PREFIXES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
}
"""What names begin with here, whatever prefix the feed has for it. An address counts letter by letter."""
DEEPEST = 50
MOST_ELEMENTS = 1_000_000
"""2,000 episodes of papers with hundreds of authors each."""


class HasDoctype(Unfit):
    """The document has a DOCTYPE."""


@dataclass(slots=True)
class Element:
    """An element of a feed."""

    name: str
    """Such as "title" or "itunes:image"; one of another namespace has its address before it."""
    attributes: dict[str, str]
    line: int
    text: str = ""
    """All of it that stands directly in the element."""
    children: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> Iterator["Element"]:
        """The children of that name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> "Element | None":
        """The first child of that name."""
        return next(self.all(name), None)

    def text_of(self, name: str) -> str:
        """The text of the first child of that name, without blanks around it; "" if there is none."""
        child = self.first(name)
        return child.text.strip() if child else ""

    def attribute_of(self, name: str, attribute: str) -> str:
        """An attribute of the first child of that name; "" if there is none."""
        child = self.first(name)
        return child.attributes.get(attribute, "") if child else ""


def parse_xml(raw: bytes) -> Element:
    """The root element of a document. Raises Unfit with its line, HasDoctype before reading one."""
    return _Reader().read(raw)


class _Reader:
    def __init__(self) -> None:
        self._root = Element("", {}, 0)
        self._open = [self._root]
        self._texts: list[list[str]] = [[]]
        self._count = 0
        self._expat = expat.ParserCreate(namespace_separator=" ")
        self._expat.buffer_text = True
        self._expat.XmlDeclHandler = self._declare
        self._expat.StartDoctypeDeclHandler = self._refuse_doctype
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._add_text

    def read(self, raw: bytes) -> Element:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Unfit("is not UTF-8", 1)
        try:
            self._expat.Parse(raw, True)
        except expat.ExpatError as error:
            raise Unfit(f"is not well-formed: {expat.ErrorString(error.code)}", error.lineno) from error
        except (ValueError, LookupError) as error:  # an encoding that is none
            raise Unfit("is not UTF-8", 1) from error
        return self._root.children[0]

    def _declare(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and encoding.lower() != "utf-8":
            raise Unfit("is not UTF-8", 1)

    def _refuse_doctype(self, *_: object) -> None:
        raise HasDoctype("has a DOCTYPE", self._expat.CurrentLineNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self._expat.CurrentLineNumber
        self._count += 1
        if len(self._open) > DEEPEST or self._count > MOST_ELEMENTS:
            raise Unfit("has more elements, or nests them deeper, than any feed", line)
        element = Element(_short(name), attributes, line)
        self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])

    def _end(self, name: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def _add_text(self, text: str) -> None:
        self._texts[-1].append(text)


def _short(name: str) -> str:
    address, blank, local = name.rpartition(" ")
    return f"{PREFIXES.get(address, address)}:{local}" if blank else name
