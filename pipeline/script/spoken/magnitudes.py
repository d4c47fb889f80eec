"""Numbers as papers write them: with thousands apart, with a raised point, with powers of ten, with a range.

NUMBER is the pattern of what `numerals.decimal` takes; AMOUNT also takes "5 × 10−8", whose power of ten
was raised on the page; QUANTITY is all that stands before a unit, and `say_quantity` has words for it.
"""

import re

from .numerals import cardinal, decimal
from .portions import after_whole
from .rules import word_before

__all__ = [
    "AMOUNT",
    "NUMBER",
    "POWER_OF_TEN",
    "QUANTITY",
    "TIMES",
    "is_series",
    "opens",
    "say_amount",
    "say_quantity",
]
__all__ += ["sign_word", "to_word"]

_APART = (
    r"[1-9][0-9]{0,2}(?:(?:[\xa0\u2009\u202f][0-9]{3}){1,4}|(?:[ ][0-9]{3}){2,4}|[ ]000)"
    r"(?![0-9]|[.,·][0-9]|[ ][0-9])"
)
"""Thousands parted by thin blanks; by ordinary ones where hardly two numbers meet."""
_WHOLE = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,12}}|{_APART}|[0-9]{{1,200}})"
NUMBER = rf"(?:{_WHOLE}(?:[.·][0-9]{{1,60}})?|\.[0-9]{{1,60}})"
TIMES = r"[ \xa0\u2009]?[×xX·⋅*∗][ \xa0\u2009]?"
POWER_OF_TEN = r"10(?:[-−–‐‑][0-9]{1,3}(?![\w]|[.,·][0-9]|[-−–/])|\([-−–]?[0-9]{1,3}\))"
"""Ten to a negative power that is no longer raised, or to any in brackets."""
_SCIENTIFIC = (
    rf"(?:[0-9]{{1,4}}(?:[.·][0-9]{{1,20}})?{TIMES}{POWER_OF_TEN}"
    r"|10(?:−[1-9](?![\w%]|[.,·][0-9]|[-−–/])|-[1-9](?=[ ]M(?!\w))))"
)
AMOUNT = rf"(?:{_SCIENTIFIC}|{NUMBER})"
QUANTITY = rf"""
    (?P<sign>[-−+±][ ]?)?(?P<first>{AMOUNT})
    (?:[ ]{{0,2}}(?P<to>–|--|-|—|±|×|to|\+/[-−]|\+[-−])[ ]{{0,2}}(?P<last>{NUMBER}))?
    (?:[ ](?P<top>[0-9]{{1,3}})/(?P<bottom>[0-9]{{1,3}}))?
    (?:[ ](?P<scale>thousand|million|billion|trillion))?
    (?P<gap>[ \xa0\u2009\u202f~]?)(?P<hyphen>-?)
"""
"""For a verbose pattern."""

_POWERED = re.compile(
    rf"(?:(?P<front>[0-9.·]{{1,30}}){TIMES})?10\(?(?P<sign>[-−–‐‑]?)(?P<power>[0-9]{{1,3}})\)?\Z"
)
_SERIES = frozenset(
    "ANSI ASTM BS CFR CVE DIN DP EC ECMA EN FIPS IEC IEEE ISO ITU JIS NISTIR NUREG RFC SAE SP TR WP".split()
)
_JOINERS = {"±": "plus or minus", "+/-": "plus or minus", "+-": "plus or minus", "×": "by"}


def say_amount(text: str) -> str:
    """A match of AMOUNT in words: "5 × 10−8" → "five times ten to the minus eight"."""
    powered = _POWERED.match(text)
    if powered is None or not (powered["sign"] or "(" in text):
        return decimal(text)
    ten = f"ten to the {'minus ' if powered['sign'] else ''}{cardinal(powered['power'])}"
    return f"{decimal(powered['front'])} times {ten}" if powered["front"] else ten


def say_quantity(match: re.Match[str]) -> str | None:
    """A match with the groups of QUANTITY in words; None if its minus subtracts."""
    sign = (match["sign"] or "").strip()
    if sign in ("-", "−") and not opens(match):
        return None
    said = sign_word(sign, match) + say_amount(match["first"])
    if match["last"]:
        joiner = _JOINERS.get(match["to"].replace("−", "-")) or to_word(match)
        said += f" {joiner} {decimal(match['last'])}"
    if match["top"]:
        part = after_whole(int(match["top"]), int(match["bottom"]))
        if part is None:
            return None
        said += f" and {part}"
    return f"{said} {match['scale']}" if match["scale"] else said


def sign_word(sign: str | None, match: re.Match[str]) -> str:
    """The words of a sign before a number; "by +3" is by three."""
    if sign == "+":
        return "" if word_before(match).lower() == "by" else "plus "
    return {"-": "minus ", "−": "minus ", "±": "plus or minus "}.get(sign or "", "")


def to_word(match: re.Match[str]) -> str:
    """What joins the ends of a range: "between 3-5" is between three and five."""
    return "and" if word_before(match).lower() == "between" else "to"


def is_series(match: re.Match[str]) -> bool:
    """Whether a number goes with the name of a series of standards or reports, and its hyphen is no "to"."""
    return word_before(match) in _SERIES


def opens(match: re.Match[str]) -> bool:
    """Whether a minus is a sign: nothing stands right before it that could be subtracted from."""
    before = match.string[max(0, match.start() - 2) : match.start()]
    return not before or (
        not (before[-1].isalnum() or before[-1] in ")]%.") and not re.fullmatch(r"[\w)]\s", before)
    )
