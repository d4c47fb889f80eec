"""Text into blocks: headings, paragraphs, list items, quotations, code.

The blocks' texts join to the source: each holds its own marks and the blank lines after it; blank lines
before all text belong to the first. Text is Markdown, or plain text of which a mark is missing:

* a line underlined with === or --- is a heading;
* text with a line too long to have been wrapped by hand has a paragraph in every line;
* short lines after a colon, each beginning like a sentence, are a list that lost its bullets;
* every row of a table is a paragraph of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from ...model import BlockKind

__all__ = ["MARKS", "BlockSpan", "split_blocks"]

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
MARKS: dict[BlockKind, re.Pattern[str]] = {
    "heading": re.compile(r"[ ]{0,3}#{1,6}(?:[ \t]+|$)"),
    "bullet": re.compile(r"[ \t]*(?:[-*+•‣▪◦⁃·–]|\(?\d{1,3}\)|\d{1,3}\.|\(?[a-z]\))[ \t]+(?=\S)"),
    "quote": re.compile(r"^[ ]{0,3}>[ \t]?", re.MULTILINE),
    "code": re.compile(r"^[ ]{0,3}(?:```|~~~).*$", re.MULTILINE),
}
"""What a block of a kind begins with; each line of a quotation, and both fences of code."""
_RULER = re.compile(r"[ ]{0,3}([-*_])(?:[ \t]?\1){2,}+[ \t\r]*\n?\Z")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:={2,}+|-{2,}+)[ \t\r]*\n?\Z")
_ROW = re.compile(r"[ \t]*\|")
_ITEMS = (
    re.compile(r"[^.?!:]{2,60}:[ ]"),
    re.compile(r".{1,400}\?$"),
    re.compile(r"[\"“‘(*]{0,3}[A-Z0-9].{0,110}[^:]$"),
)
"""Items of a list without bullets: with a head, questions, or short lines that begin like sentences."""
_WRAPPED = 120
"""Characters of the longest line that is wrapped by hand."""
_LEAST_ITEMS = 2


@dataclass(frozen=True, slots=True)
class BlockSpan:
    """A stretch of source text of one kind."""

    kind: BlockKind
    text: str


def split_blocks(text: str, label: re.Pattern[str] | None = None) -> Iterator[BlockSpan]:
    """Cut a text into blocks. Their texts, joined, are `text`.

    label: what a line begins with where somebody begins to speak, and so a block.
    """
    lines = _LINE.findall(text)
    place = 0
    while place < len(lines):
        first = next((number for number in range(place, len(lines)) if lines[number].strip()), len(lines))
        if first == len(lines):
            yield BlockSpan("paragraph", "".join(lines[place:]))
            return
        kind, count = _block_at(lines, first, label)
        after = first + count
        while after < len(lines) and not lines[after].strip():
            after += 1
        yield from _with_blank_lines(lines, place, first, after, kind)
        place = after


def _with_blank_lines(
    lines: list[str], place: int, first: int, after: int, kind: BlockKind
) -> Iterator[BlockSpan]:
    """The block of these lines; a paragraph without wrapped lines is one for each of them."""
    if kind == "paragraph" and (starts := _starts(lines[first:after])):
        ends = [*(first + start for start, _ in starts[1:]), after]
        for (_, each), end in zip(starts, ends, strict=True):
            yield BlockSpan(each, "".join(lines[place:end]))
            place = end
    else:
        yield BlockSpan(kind, "".join(lines[place:after]))


def _block_at(lines: list[str], first: int, label: re.Pattern[str] | None) -> tuple[BlockKind, int]:
    """Kind and number of lines of the block whose first line this is, without blank lines after it."""
    kind = _kind_of(lines[first])
    rest = lines[first + 1 :]
    if kind == "code":
        inside = sum(1 for _ in takewhile(lambda line: _kind_of(line) != "code", rest))
        return "code", min(inside + 2, len(rest) + 1)
    if kind == "heading" or _ROW.match(lines[first]) or _RULER.match(lines[first]):
        return kind if kind == "heading" else "paragraph", 1
    if kind is None and rest and _UNDERLINE.match(rest[0]):
        return "heading", 2
    followers = sum(1 for _ in takewhile(lambda line: _goes_on(line, kind, label), rest))
    return kind or "paragraph", 1 + followers


def _kind_of(line: str) -> BlockKind | None:
    return next((kind for kind, mark in MARKS.items() if mark.match(line)), None)


def _goes_on(line: str, kind: BlockKind | None, label: re.Pattern[str] | None) -> bool:
    """Whether a line belongs to the block of that kind before it."""
    mark = _kind_of(line)
    if not line.strip() or _ROW.match(line) or _RULER.match(line) or (label and label.match(line)):
        return False
    return mark is None or mark == kind == "quote"


def _starts(lines: list[str]) -> list[tuple[int, BlockKind]]:
    """Where paragraphs and list items begin in lines that no blank line parts; none if all are one."""
    full = [line.strip() for line in lines if line.strip()]
    kinds = list(_kinds(full))
    is_list = kinds[1:].count("bullet") == len(full) - 1 >= _LEAST_ITEMS
    return list(enumerate(kinds)) if is_list or any(len(line) > _WRAPPED for line in full) else []


def _kinds(lines: list[str]) -> Iterator[BlockKind]:
    """The kind of each line, if each is a block: after a colon come items, as long as they look alike."""
    item: re.Pattern[str] | None = None
    before = ""
    for line in lines:
        if before.endswith(":"):
            item = next((shape for shape in _ITEMS if shape.match(line)), None)
        elif item and not item.match(line):
            item = None
        yield "bullet" if item else "paragraph"
        before = line
