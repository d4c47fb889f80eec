"""Dashes between two things of a kind, dates, times, sums and measures: "30 June – 2 July", "$3M–$5M".

The ends are said by their own rules; here the dash between them is "to".
"""

import re

from .rules import Reader, Rule, late
from .unitnames import POWER, UNIT

__all__ = ["MONTHS", "RULES", "closes_span", "opens_span"]

MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
"""The pattern of a month and of its short form."""
_DASH = r"(?:–|--|-|—|‐|‑)"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?"
_DAYS = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = r"[12][0-9]{3}"
_CLOCK = r"(?:2[0-3]|[01]?[0-9])[:.][0-5][0-9]"
_HALF = r"[ ]?[AaPp](?:\.[Mm]\.|[Mm])"
_NUMBER = r"[0-9]{1,9}(?:[.,][0-9]{1,9})?"
_SCALE = r"[ ]?(?:[kKMBT]|bn|thousand|million|billion|trillion)"
_KINDS = (
    (rf"(?:{MONTHS})\.?(?:[ ]{_DAY}|,?[ ]{_YEAR})?", rf"(?:{_DAY}[ ])?(?:{MONTHS})(?![a-z])"),
    (rf"(?<!\()(?:{MONTHS})\.?[ ]{_DAY},?[ ]{_YEAR}", rf"(?:{MONTHS})(?![a-z])"),
    (_CLOCK, rf"{_CLOCK}(?![0-9.:])"),
    (rf"(?:[0-9]{{1,2}}|[0-9:.]{{3,5}}){_HALF}", rf"(?:[0-9]{{1,2}}|{_CLOCK}){_HALF}"),
    (rf"[$£€¥₹]{_NUMBER}(?:{_SCALE})?", rf"[$£€¥₹]{_NUMBER}"),
    (f"(?:{_DAYS})", f"(?:{_DAYS})(?![a-z])"),
    (r"[12][0-9]{2}0s", r"(?:(?:early|late)[ ]|mid-)?[12][0-9]{2}0s"),
    (r"[0-9]{1,4}[ ](?:BCE?|CE|AD)", r"(?:AD[ ][0-9]{1,4}|[0-9]{1,4}[ ](?:BCE?|CE|AD))(?!\w)"),
    ("[35]['’′]", "[35]['’′]"),
    (rf"{_NUMBER}\$", rf"\${_NUMBER}\$"),
    (rf"{_NUMBER}\\times\$", rf"\${_NUMBER}\\times\$"),
    (rf"{_NUMBER}[ ]?[x×]", rf"{_NUMBER}[ ]?[x×](?![\w])"),
    (rf"{_NUMBER}[ ]?(?!in\b){UNIT}{POWER}?", rf"{_NUMBER}[ ]?(?!in\b){UNIT}(?![\w])"),
)
"""How a thing ends before the dash, and how one of its kind begins after it; not the dates of a life."""
_BEFORE = tuple(re.compile(rf"(?:\A|(?<=[^\w.,])){ends}[ ]{{0,2}}\Z") for ends, _ in _KINDS)
_AFTER = tuple(re.compile(rf"{_DASH}[ ]{{0,2}}{begins}") for _, begins in _KINDS)
_CROSS = late(rf"[×x](?=[ ]?{_KINDS[-1][1]})")
_LONGEST = 24
_DASH_BEFORE = late(rf"{_DASH}[ ]{{0,2}}\Z")
_LAST = late(r"[A-Z](?![\w'’-])")
_FIRST = late(r"[a-z]s\.?[ ](?:[0-9]{1,3})?(?P<first>[A-Z])\Z")
"""A letter of several things: "rows A–F"."""
_CODE_BEFORE = late(r"(?<![\w–-])([A-Z])[0-9]{1,3}\Z")
_CODE_AFTER = late(r"([A-Z])[0-9]{1,3}(?![\w–-])")
"""Numbers of one series: "Q1–Q3"."""
_NEAR = 8


def opens_span(text: str, end: int) -> bool:
    """Whether a dash at `end` joins what ends there to another of its kind."""
    position = end + len(text[end : end + 2]) - len(text[end : end + 2].lstrip(" "))
    before = text[max(0, end - _LONGEST) : position]
    return any(
        after.match(text, position) and ends.search(before)
        for ends, after in zip(_BEFORE, _AFTER, strict=True)
    )


def closes_span(text: str, start: int) -> bool:
    """Whether a dash right before `start` joins what begins there to another of its kind."""
    dash = _DASH_BEFORE.search(text[max(0, start - _NEAR) : start])
    return dash is not None and opens_span(text, start - len(dash[0]))


def _to(match: re.Match[str], reader: Reader) -> str | None:
    """The dash of "May 2021–June 2022" and of "rows A–F"."""
    joins = opens_span(match.string, match.start()) or _is_of_letters(match) or _is_of_codes(match)
    return "to" if joins else None


def _is_of_letters(match: re.Match[str]) -> bool:
    first = _FIRST.search(match.string[max(0, match.start() - _NEAR) : match.start()])
    last = match.string[match.end() : match.end() + 1]
    return bool(first and _LAST.match(match.string, match.end()) and first["first"] < last)


def _is_of_codes(match: re.Match[str]) -> bool:
    first = _CODE_BEFORE.search(match.string[max(0, match.start() - _NEAR) : match.start()])
    last = _CODE_AFTER.match(match.string, match.end())
    return bool(first and last and first[1] == last[1])


def _by(match: re.Match[str], reader: Reader) -> str | None:
    """The cross of "4 m × 2 m"."""
    before = match.string[max(0, match.start() - _LONGEST) : match.start()]
    return "by" if _BEFORE[-1].search(before) else None


RULES = (
    Rule("to", "range", "–-—‐‑", re.compile(_DASH), _to),
    Rule("by", "measure", "×", _CROSS, _by, words=frozenset("x")),
)
