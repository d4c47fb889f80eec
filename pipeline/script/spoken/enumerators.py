"""What counts the parts of a sentence: "(i) first, and (ii) second", "1) this, 2) that"."""

import re
from string import ascii_lowercase

from .numerals import cardinal
from .rules import DIGIT, LETTER, Reader, Rule, word_before

__all__ = ["RULES"]

_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN = "|".join(sorted(_ROMANS, key=len, reverse=True))
_CLOSED = re.compile(rf"\((?P<label>{_ROMAN})\)(?=[\s.,;:)]|\Z)")
_HALF = re.compile(rf"(?<![^\s,;:])(?P<label>{_ROMAN}|[1-9][0-9]?|[a-h])\)(?=\s)")
_REACH = 800
"""Characters to either side in which the one before or after is looked for."""
_NUMBERED = frozenset(
    "assumption assumptions axiom axioms case cases claim claims condition conditions conjecture equation "
    "hypothesis item items option part parts phase point properties property question requirement scenario "
    "setting stage statement statements step steps task tasks theorem type types under of both".split()
)
"""What has such a number for its name, or refers to one."""
_GOES_ON = re.compile(r"\s(?!(?:and|or|to)\s\()")
_AFTER_OTHER = re.compile(r"\([ivx]{1,5}\)(?:,| and| or| to)[ ]\Z")
_WINDOW = 16


def _neighbours(label: str) -> tuple[str, ...]:
    """The labels before and after one."""
    if label.isdecimal():
        return tuple(str(number) for number in (int(label) - 1, int(label) + 1) if number)
    found: list[str] = []
    for row in (_ROMANS, tuple(ascii_lowercase)):
        if label in row:
            place = row.index(label)
            found += row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    return tuple(found)


def _is_one_of_several(match: re.Match[str], opening: str) -> bool:
    text, wanted = match.string, [f"{opening}{label})" for label in _neighbours(match["label"])]
    around = text[max(0, match.start() - _REACH) : match.start()], text[match.end() : match.end() + _REACH]
    return any(re.search(rf"(?<![\w(]){re.escape(one)}", part) for one in wanted for part in around)


def _say(match: re.Match[str]) -> str:
    label = match["label"]
    if label.isdecimal():
        return cardinal(label)
    is_roman = label in _ROMANS and (len(label) > 1 or label == "i" or _follows_roman(match))
    return cardinal(_ROMANS.index(label) + 1) if is_roman else label.upper()


def _follows_roman(match: re.Match[str]) -> bool:
    """Whether "v" or "x" comes after a numeral and is no letter."""
    return (
        re.search(r"(?<![\w])(?:i[vx]|vi)\)", match.string[max(0, match.start() - _REACH) : match.start()])
        is not None
    )


def _numbered(match: re.Match[str]) -> str:
    """The number, with a pause unless one follows or it goes with the word before."""
    said, text = _say(match), match.string
    is_name = word_before(match).lower() in _NUMBERED or _AFTER_OTHER.search(
        text[max(0, match.start() - _WINDOW) : match.start()]
    )
    return f"{said}," if _GOES_ON.match(text, match.end()) and not is_name else said


def _closed(match: re.Match[str], reader: Reader) -> str | None:
    """ "(ii)" among others of its kind."""
    return _numbered(match) if _is_one_of_several(match, "(") else None


def _half(match: re.Match[str], reader: Reader) -> str | None:
    """ "2)" with no bracket open before it."""
    before = match.string[max(0, match.start() - _REACH) : match.start()]
    is_open = before.rfind("(") > before.rfind(")")
    return None if is_open or not _is_one_of_several(match, "") else _numbered(match)


RULES = (
    Rule("enumerator", "number", "(", _CLOSED, _closed),
    Rule("enumerator", "number", LETTER + DIGIT, _HALF, _half, words=frozenset((*_ROMANS, *"abcdefgh"))),
)
