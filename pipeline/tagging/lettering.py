"""Text set in lines that fit a space.

    text ── plain ──>  what of it can be set ── set_text ──>  Setting: lines, at a size

A typeface's outlines grow with its size, so that words are measured once and their widths hold for every
size: the largest at which all fits is found by arithmetic. Lengths are in em, but for those of a `Space`.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from unicodedata import category, normalize

from .bidi import runs_from_right
from .fonts import Style, font_for
from .shaping import JOINERS, Setting, width_of

__all__ = ["Space", "plain", "set_text"]

LONGEST = 400
"""Characters of a text that are looked at; no more could be read on a cover."""
_SHRINK = 0.955
"""From one size that is tried to the next."""
_ELLIPSIS = "…"
_WIDE = r"\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_OPENING = "「『（【《〈"
_WORD = re.compile(rf"\s*[{_OPENING}]*(?:[{_WIDE}][^\w\s{_OPENING}]*|[^\s{_OPENING}{_WIDE}-]+-*|-+|$)")
"""What is not parted: a word with its hyphen, or one character of a script without spaces."""
_PILE = 4
"""Marks on one letter; more would grow out of their line."""
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


class Space(NamedTuple):
    """Where a text may stand, in widths of the cover."""

    width: float
    height: float
    largest: float
    """Size of its letters."""
    smallest: float
    leading: float = 1.1
    """From line to line, in em."""


def plain(text: str, style: Style) -> str:
    """What of a text can be set: one line, in characters that a typeface has, at most 400 of them.

    A character that no typeface has is set as what it is compatible with (an italic 𝑥 as x), or left out.
    """
    seen = " ".join(text[: 4 * LONGEST].split())
    chars = (char for part in _unpiled(normalize("NFC", seen)) for char in _settable(part, style))
    return " ".join("".join(chars).split())[:LONGEST].strip()


def _unpiled(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        marks = marks + 1 if category(char)[0] == "M" else 0
        if marks <= _PILE:
            yield char


def _settable(char: str, style: Style) -> str:
    if char in JOINERS or char == " ":
        return char
    if category(char) in _UNSEEN:
        return ""
    if font_for(char, style):
        return char
    return "".join(part for part in normalize("NFKC", char) if part == " " or font_for(part, style))


def set_text(text: str, style: Style, space: Space) -> Setting:
    """A plain text at the largest size at which it fits; what does not at the smallest, ends with "…"."""
    words = list(_words(text, style, space.width / space.smallest))
    size = space.largest
    while size > space.smallest and not _fits(words, style, space, size):
        size = max(size * _SHRINK, space.smallest)
    lines = _balanced(words, style, space.width / size)
    most = _most_lines(space, size)
    if len(lines) > most:
        lines = _wrapped(words, style, space.width / size)
        lines = [*lines[: most - 1], _cut(lines[most - 1], style, space.width / size)]
    return Setting(tuple(lines), style, size, space.leading, runs_from_right(text))


def _fits(words: list[str], style: Style, space: Space, size: float) -> bool:
    width = space.width / size
    if any(width_of(word.strip(), style) > width for word in words):
        return False
    return len(_wrapped(words, style, width)) <= _most_lines(space, size)


def _most_lines(space: Space, size: float) -> int:
    return max(1, int((space.height / size - 1) / space.leading + 1 + 1e-9))


def _words(text: str, style: Style, widest: float) -> Iterator[str]:
    """What stands together, each with the white space before it; what is too wide for a line, in pieces."""
    for word in _WORD.findall(text):
        if width_of(word.strip(), style) <= widest:
            yield word
        else:
            yield from _pieces(word, style, widest)


def _pieces(word: str, style: Style, widest: float) -> Iterator[str]:
    piece = ""
    for cluster in _clusters(word):
        if width_of(cluster.strip(), style) > widest:
            continue  # one letter as wide as the cover would be cut off
        if piece.strip() and width_of((piece + cluster).strip(), style) > widest:
            yield piece
            piece = ""
        piece += cluster
    yield piece


def _clusters(text: str) -> Iterator[str]:
    """Letters with the marks on them, in short of UAX #29."""
    starts = [0]
    for at, (before, char) in enumerate(pairwise(text), 1):
        joined = category(char)[0] == "M" or char in JOINERS or before in JOINERS
        if not joined:
            starts.append(at)
    return (text[start:end] for start, end in pairwise([*starts, len(text)]))


def _wrapped(words: list[str], style: Style, width: float) -> list[str]:
    """Lines of words, each as long as it can be."""
    lines: list[str] = []
    used = 0.0
    for word in words:
        wide = width_of(word, style)
        if lines and used + wide <= width:
            lines[-1] += word
            used += wide
        else:
            lines.append(word.strip())
            used = width_of(word.strip(), style)
    return lines


def _balanced(words: list[str], style: Style, width: float) -> list[str]:
    """No more lines than there have to be, but of nearly one length."""
    lines = _wrapped(words, style, width)
    low, high = width / 3, width
    for _ in range(8):
        middle = (low + high) / 2
        tried = _wrapped(words, style, middle)
        if len(tried) > len(lines) or any(width_of(line, style) > middle for line in tried):
            low = middle
        else:
            high = middle
    return _wrapped(words, style, high)


def _cut(line: str, style: Style, width: float) -> str:
    """A line that ends with "…"."""
    clusters = list(_clusters(line))
    while clusters and width_of("".join(clusters).rstrip() + _ELLIPSIS, style) > width:
        clusters.pop()
    return "".join(clusters).rstrip(" .,:;-–—") + _ELLIPSIS
