"""Rules that channel and items share: what is there once, texts, truths, addresses."""

import re
from collections.abc import Iterable, Iterator

from ..findings import Finding
from ..textfile import CONTROL
from .folder import Site
from .item import Named
from .markup import is_web_address
from .rules import found
from .xml import Element

__all__ = ["check_address", "check_file", "check_once", "check_texts", "is_truth"]

LONGEST_TEXT = 255
"""Characters (PSP-1)."""


def is_truth(text: str) -> bool:
    """Whether it is one of the two words that readers know."""
    return text in ("true", "false")


def check_once(
    parent: Element, needed: Iterable[str], single: Iterable[str], page: str, codes: tuple[str, str]
) -> Iterator[Finding]:
    """What is missing or empty (the first code) and what is there twice (the second)."""
    for name in needed:
        child = parent.first(name)
        if child is None or not (child.text.strip() or any(child.attributes.values())):
            yield found(codes[0], f"{page}:{parent.line}", f"has no <{name}>")
    for name in single:
        _, *others = parent.all(name) if parent.first(name) else [None]
        for child in others[:1]:
            yield found(codes[1], f"{page}:{child.line if child else 0}", f"has <{name}> twice")


def check_texts(
    parent: Element, page: str, control_code: str, short: tuple[str, ...], long_code: str
) -> Iterator[Finding]:
    """Blanks around texts and control characters in them; `short` are those of at most 255 characters."""
    for child in parent.children:
        where = f"{page}:{child.line}"
        unseen = CONTROL.search("".join([child.text, *child.attributes.values()]))
        if not child.children and child.text != child.text.strip():
            yield found(control_code, where, f"<{child.name}> has blanks around its text")
        elif unseen:
            yield found(control_code, where, f"<{child.name}> holds U+{ord(unseen[0]):04X}")
        if child.name in short and len(child.text) > LONGEST_TEXT:
            yield found(long_code, where, f"<{child.name}> has {len(child.text)} characters")


def check_address(address: str, where: str, code: str, what: str) -> Iterator[Finding]:
    """An address that readers open."""
    if address and not is_web_address(address):
        yield found(code, where, f"{what} is {address[:80]!r}")


def check_file(named: Named | None, site: Site, what: str) -> Iterator[Finding]:
    """A file that the feed names has to be one of this site."""
    if named is None:
        return
    path = site.path_of(named.address) if re.match("https?://", named.address) else None
    if path is None:
        yield found("FEED226", named.where, f"{what} is at {named.address[:120]!r}")
    elif path not in site.sizes:
        yield found("FEED225", named.where, f"{what} is {path[:120]!r}, which is not there")
