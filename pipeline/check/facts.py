"""Rules for what one paper says of itself and for the marks in its text, whoever reads it.

In: a paper's page. Out: findings of PAPR12x. All are linear in the text.
"""

import re
from collections.abc import Callable, Iterator

from ..errors import nearest, quoted
from ..findings import Finding
from .page import Page
from .rules import found

__all__ = ["RULES_OF_FACTS"]

_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\]+")
_AFTER_ADDRESS = ".,;:!?)]}*_…’”"
"""What stands after an address, and is no part of it."""
_QUOTATION = re.compile(r"(?:^[ ]{0,3}>.*\n?)+", re.MULTILINE)
_CREDIT = re.compile(
    r"\b(authors?|papers?|researchers?|team|study|they|she|he|writes?|wrote|says?|said|puts?|calls?"
    r"|describes?|words|quot(e[sd]?|ations?)|according|asks?|concludes?|explains?|argues?|notes?|abstract)\b",
    re.IGNORECASE,
)
"""What says in the paragraph before or in the sentence after a quotation whose words it has."""
_SENTENCE = re.compile(r"\s*[^.!?:]*[.!?]")
_SIGNED = re.compile(r"(?:[—–―]|--|\()\s*[^\W\d_]")
"""A dash or a bracket, and a name."""
_HEADING = re.compile(r"^[ ]{0,3}#{2,6}[ \t]+(.*?)[ \t#]*$", re.MULTILINE)


def _addresses_without_link(page: Page) -> Iterator[Finding]:
    known = {_bare(address) for address in page.paper.links.values()}
    seen = set()
    for place, address in _addresses(page):
        bare = _bare(address)
        ours = [number for number in (page.paper.arxiv, page.paper.doi) if number]
        if bare not in known and bare not in seen and not any(number in bare for number in ours):
            seen.add(bare)
            remedy = f'add it to `links`, such as "Code: {address}"'
            yield found("PAPR120", page.at(place), f"{quoted(address)} is not among `links`", remedy)


def _addresses(page: Page) -> Iterator[tuple[int, str]]:
    for address in _ADDRESS.finditer(page.text, page.body):
        yield address.start(), address[0].rstrip(_AFTER_ADDRESS)


def _bare(address: str) -> str:
    """An address without what does not decide where it leads."""
    return re.sub(r"^https?://(www\.)?", "", address).rstrip("/").lower()


def _not_https(page: Page) -> Iterator[Finding]:
    links = page.paper.links.values()
    places = {address: page.at_key("links", address) for address in links}
    places |= {address: page.at(place) for place, address in _addresses(page) if address not in links}
    for address, place in places.items():
        if address.startswith("http://"):
            yield found("PAPR121", place, f"{quoted(address)} is not https")


def _uncredited(page: Page) -> Iterator[Finding]:
    body = page.text[page.body :]
    for quotation in _QUOTATION.finditer(body):
        start, end = quotation.span()
        before = body[max(0, start - 600) : start].rstrip().rpartition("\n\n")[2]
        after = _SENTENCE.match(body, end, end + 600)
        spoken_of = before.rstrip("*_").endswith(":") or _CREDIT.search(before)
        if not (spoken_of or (after and _CREDIT.search(after[0])) or _SIGNED.search(quotation[0])):
            yield found(
                "PAPR122", page.at(page.body + start), f"whose words are {_first_words(quotation[0])}?"
            )


def _first_words(quotation: str) -> str:
    return quoted(quotation.replace(">", " "), 40)


def _chapters_without_heading(page: Page) -> Iterator[Finding]:
    headings = {_unmarked(heading[1]) for heading in _HEADING.finditer(page.text, page.body)}
    for hint in page.paper.chapters:
        if hint not in headings:
            remedy = nearest(hint, tuple(headings))
            yield found(
                "PAPR123", page.at_key("chapters", hint), f"there is no heading {quoted(hint)}", remedy
            )


def _unmarked(heading: str) -> str:
    return " ".join(re.sub(r"[*_`]", "", heading).split())


RULES_OF_FACTS: tuple[Callable[[Page], Iterator[Finding]], ...] = (
    _addresses_without_link,
    _not_https,
    _uncredited,
    _chapters_without_heading,
)
