"""Text into blocks: headings, paragraphs, list items, quotations, code.

The blocks' texts join to the source: each holds its own marks and the blank lines after it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...model import BlockKind

__all__ = ["BlockSpan", "split_blocks"]

_MARKS: tuple[tuple[BlockKind, re.Pattern[str]], ...] = (
    ("heading", re.compile(r"[ ]{0,3}#{1,6}(?=[ \t])")),
    ("bullet", re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])(?=[ \t])")),
    ("quote", re.compile(r"[ ]{0,3}>")),
    ("code", re.compile(r"[ ]{0,3}(?:```|~~~)")),
)


@dataclass(frozen=True, slots=True)
class BlockSpan:
    """A stretch of source text of one kind."""

    kind: BlockKind
    text: str


def split_blocks(text: str) -> Iterator[BlockSpan]:
    """Cut a text into blocks. Their texts, joined, are `text`."""
    kind: BlockKind | None = None
    lines: list[str] = []
    closed = False
    for line in text.splitlines(keepends=True):
        mark = _kind_of(line)
        if kind == "code" and not closed:
            closed = mark == "code"
        elif line.strip():
            if kind is not None and (closed or _begins(mark, kind)):
                yield BlockSpan(kind, "".join(lines))
                kind, lines = None, []
            kind = kind or mark or "paragraph"
            closed = kind == "heading"
        else:
            closed = True
        lines.append(line)
    if lines:
        yield BlockSpan(kind or "paragraph", "".join(lines))


def _kind_of(line: str) -> BlockKind | None:
    return next((kind for kind, mark in _MARKS if mark.match(line)), None)


def _begins(mark: BlockKind | None, kind: BlockKind) -> bool:
    """Whether a line with this mark begins a block of its own after a line of that kind."""
    return mark is not None and not (mark == kind == "quote")
