r"""Letters with accents, and letters of other alphabets, as TeX writes them: "na\"ive", "\L{}ukasz"."""

import re
import unicodedata

from .rules import ALPHABETIC

__all__ = ["ACCENTED", "plain_letters"]

_ACCENT = re.compile(r"\{?\\(?P<accent>[`'^\"~=.]|[Hvcukr](?=[ {]))[ ]?\{?\\?(?P<letter>[A-Za-z])\}{0,2}")
_COMBINING = dict(
    zip(
        "`'^\"~=.Hvcukr",
        "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u030b\u030c\u0327\u0306\u0328\u030a",
        strict=True,
    )
)
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "i": "i", "j": "j",
}  # fmt: skip
_LETTER = re.compile(rf"\\({'|'.join(_LETTERS)})(?![A-Za-z])(?:\{{\}})?[ ]?")
_SIGN = re.sub(r"\?P<\w+>", "?:", f"{_ACCENT.pattern}|{_LETTER.pattern}")
ACCENTED = re.compile(rf"{ALPHABETIC}{{0,30}}(?:(?:{_SIGN}){ALPHABETIC}{{0,30}}){{1,5}}")
"""A word with at least one such letter."""


def plain_letters(word: str) -> str:
    """The word as Unicode has it."""
    lettered = _LETTER.sub(lambda found: _LETTERS[found[1]], word)
    marked = _ACCENT.sub(lambda found: found["letter"] + _COMBINING[found["accent"]], lettered)
    composed = unicodedata.normalize("NFC", marked)
    return "".join(char for char in composed if not unicodedata.combining(char))
