"""What of a paper is said: all of its text but its list of references.

A section is such a list if its heading says so and nothing else: "References", "Bibliography", "Works
cited". It goes on to the next heading of its level or above. The show notes keep it.
"""

import re
from collections.abc import Iterator

from .spoken.blocks import BlockSpan, split_blocks

__all__ = ["said_stretches", "without_references"]

_LIST = re.compile(
    r"\s*#{0,6}[ \t]*[*_]{0,3}(?:[0-9]{1,2}\.?[ \t]+)?(?:references|bibliography|works[ ]cited):?[*_]{0,3}"
    r"[ \t#]*(?:\n[ ]{0,3}[=-]+[ \t]*)?\s*\Z",
    re.IGNORECASE,
)
"""A heading, numbered or not, with its marks before it or the line under it."""
_MARKS = re.compile(r"\s*(#{1,6})")


def without_references(text: str) -> str:
    """A paper's text without its list of references."""
    return "".join(stretch for _, stretch in said_stretches(text))


def said_stretches(text: str) -> Iterator[tuple[int, str]]:
    """The stretches of a paper's text that are said, each with the character it begins with."""
    start, place, left_level = 0, 0, 0
    for block in split_blocks(text):
        level = _level(block)
        if left_level and 0 < level <= left_level:
            start, left_level = place, 0
        if not left_level and level and _LIST.match(block.text):
            left_level = level
            if place > start:
                yield start, text[start:place]
        place += len(block.text)
    if not left_level and place > start:
        yield start, text[start:]


def _level(block: BlockSpan) -> int:
    """The level of a heading, from 1; 0 for what is none."""
    if block.kind != "heading":
        return 0
    marks = _MARKS.match(block.text)
    return len(marks[1]) if marks else 1 if block.text.rstrip().endswith("=") else 2
