"""Roman numerals: of what is numbered, of who reigned or bears a name, of centuries."""

import re

from .numerals import cardinal, ordinal, year
from .rules import LETTER, Reader, Rule, word_before

__all__ = ["RULES", "roman_value"]

_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_NUMBERED_THINGS = frozenset(
    (
        "war part chapter section volume book act scene phase type class stage grade level table figure "
        "appendix article title division group category tier model mark generation series episode season "
        "step case theorem lemma world apollo rocky final fantasy gpt factor region zone sector unit star "
        "trek wars population vitamin angiotensin bowl collagen photosystem polymerase paper quartile panel"
    ).split()
)
_REIGNED = frozenset(
    (
        "henry louis charles george edward william richard james john paul pius leo gregory innocent "
        "benedict clement alexander nicholas frederick francis philip ferdinand peter ivan elizabeth mary "
        "catherine napoleon otto conrad leopold gustav christian carl karl albert victor umberto pedro "
        "joão alfonso ramesses ptolemy xerxes darius cyrus mehmed murad selim harald olaf haakon "
        "margrethe wilhelm friedrich sam king queen pope emperor tsar sultan prince princess duke john- "
        "paul"
    ).split()
)

_ROMAN_WORD = re.compile(
    r"(?P<numeral>[IVXLCDM]{2,8}|[IVX](?![ ][A-Z](?!\w)))(?P<owns>['’]s(?!\w))?(?![\w’'-]|\.\w)"
)
_ROMAN_RANGE = re.compile(r"(?P<first>[IVX]{1,5})(?P<sign>[-‐‑–/])(?P<last>[IVX]{1,5})(?![\w’'/–-])")
_YEARS = range(1500, 2100)
_WINDOW = 60
_LAST_OF_A_NAME = 49
_ALSO_INITIALS = frozenset("CD MC DC MD CC XL MM DM CV CM MIX DI LI MI".split())
_NOUN_ONLY = frozenset(
    "article case chapter group model paper section star system table theorem world".split()
)
"""Numbered things after which "I" is who wrote of them, unless they have a capital."""
_BEFORE_LIST = re.compile(
    r"(?<![^\W_])([A-Za-z]{2,20}) "
    r"(?:[IVX]{1,5}[a-d]?(?:, (?:and |or )?| (?:and|or|to|&|vs\.?|versus) |[-–/])){1,6}\Z"
)
"""Before a numeral that is not the first of its list."""
_HEAD = re.compile(r"\.\s+[A-Z]")
"""After a numeral before a heading."""
_COUNTED = re.compile(
    r"[ ](?:centur(?:y|ies)|(?:Winter |Summer )?Olympi(?:ad|c)|[Dd]ynasty|Congress|International"
    r"|Amendment|Symposium|Conference|[Ee]dition|Legion)\b"
)
_UNITS = re.compile(r"[ ](?:Corps|Army|Armored|Panzer|Brigade)\b")
"""What a numeral before it counts, in order or by number."""
_NAMED = re.compile(
    r"(?:(?P<lead>[^\W\d_]{1,20})[ ])?(?<![\w-])(?P<first>[A-Z][a-z]{2,15})(?:[ ][A-Z]\.)?[ ]"
    r"(?P<last>(?:Mc|Mac|O['’])?[A-Z][a-z]{2,15}),?[ ]\Z"
)
_NO_PERSON = frozenset(
    """
    the a an this that these our its their his her in on at of using with from for and both under after when
    here unlike like via then thus also while since into data release survey challenge mission project program
    study trial experiment task system network problem method theory dataset benchmark test effect law order
    road street park bay lake mine site power point trek clone proof deep
    ursa canes canis major minor
    """.split()
)
"""Around two words with capitals that are no name of a person."""
_THING = re.compile(r"(?:[st]ion|ment|ity|ism|ics|sis|ogy|ance|ence|ure|ide|ase|ine|scope|craft|age)s?\Z")
_NO_HEIR = re.compile("[-/]|[ ][0-9]")
_LAST_HEIR = 6
_SMALL = re.compile(
    r"(?P<first>[ivxl]{1,6})(?:[ ]?(?:[-–]|to)[ ]?(?P<last>[ivxl]{1,6}))?(?![\w’'(]|[-–]\w|\.\w)"
)
_SMALL_THINGS = frozenset("act scene page pages pp chapter book volume canto psalm stanza".split())
_SEVERAL_SMALL = _SMALL_THINGS | frozenset(
    "part section type class case step item stage phase grade table figure".split()
)
"""What small numerals number; one letter is rather a variable, but of a play or a page."""
_LETTERED = re.compile(r"(?P<numeral>I{1,3}|IV|V)(?P<letter>[a-d])(?P<to>[-–/][a-d])?(?![\w’'-]|\.\w)")
_LETTERED_WORDS = frozenset(("ia", "ib", "ic", "va", "vb"))
_SMALL_WORDS = frozenset("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split())


def roman_value(text: str) -> int | None:
    """The value of a roman numeral in capitals, as "XIV" → 14; None if it is none."""
    if not text or not _ROMAN.fullmatch(text):
        return None
    values = [_ROMAN_DIGITS[char] for char in text]
    return sum(
        -value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True)
    )


def _roman(match: re.Match[str], reader: Reader) -> str | None:
    said = _number(match, match["numeral"], word_before(match))
    return f"{said}'s" if said and match["owns"] else said


def _number(match: re.Match[str], numeral: str, before: str) -> str | None:
    """A numeral beside what is numbered or who reigned."""
    value = roman_value(numeral)
    if not value:
        return None
    if len(numeral) > 1 and (said := _by_itself(match, value, before)):
        return said
    if (before.lower() in _REIGNED and value < 40) or (1 < value < _LAST_HEIR and _is_heir(match)):
        return f"the {ordinal(value)}"
    thing = _numbered(match, before)
    if thing in _NUMBERED_THINGS:
        return None if numeral == "I" and thing in _NOUN_ONLY and before.islower() else cardinal(value)
    is_short = len(numeral) == 1 or value > _LAST_OF_A_NAME or numeral in _ALSO_INITIALS
    return cardinal(value) if before[:1].isupper() and before[1:].islower() and not is_short else None


def _by_itself(match: re.Match[str], value: int, before: str) -> str | None:
    """ "the XXIII Olympiad", "VIII Corps", the year of a film, or the head of a line."""
    numeral, text = match["numeral"], match.string
    if numeral[0] == "M" and len(numeral) > 3 and value in _YEARS:
        return year(value)
    if not text[: match.start()].strip() and _HEAD.match(text, match.end()):
        return cardinal(value)
    if numeral in _ALSO_INITIALS or before.istitle():
        return None
    if _UNITS.match(text, match.end()):
        return cardinal(value)
    return ordinal(value) if _COUNTED.match(text, match.end()) else None


def _is_heir(match: re.Match[str]) -> bool:
    """Whether the name of a person stands before, as in "Martin Hale III"."""
    found = _NAMED.search(match.string, max(0, match.start() - _WINDOW), match.start())
    if not found or _NO_HEIR.match(match.string, match.end()):
        return False
    words = {(found[part] or "").lower() for part in ("lead", "first", "last")}
    return not words & (_NO_PERSON | _NUMBERED_THINGS) and not _THING.search(found["last"])


def _small(match: re.Match[str], reader: Reader) -> str | None:
    """ "Scene ii", "pages iv–ix"."""
    values = [roman_value(part.upper()) for part in match.groups() if part]
    thing = word_before(match).lower()
    if not all(values) or thing not in (_SEVERAL_SMALL if len(match["first"]) > 1 else _SMALL_THINGS):
        return None
    return " to ".join(cardinal(value or 0) for value in values)


def _lettered(match: re.Match[str], reader: Reader) -> str | None:
    """ "type Ia", "stage IIIb"."""
    if _numbered(match, word_before(match)) not in _NUMBERED_THINGS:
        return None
    other = f" {match['to'][1].upper()}" if match["to"] else ""
    return f"{cardinal(roman_value(match['numeral']) or 0)} {match['letter'].upper()}{other}"


def _numbered(match: re.Match[str], before: str) -> str:
    """The word that says what a numeral, or the list that it goes on, numbers."""
    found = _BEFORE_LIST.search(match.string[max(0, match.start() - _WINDOW) : match.start()])
    thing = (found[1] if found else before).lower()
    return thing if thing in _NUMBERED_THINGS else thing.removesuffix("s")


def _roman_range(match: re.Match[str], reader: Reader) -> str | None:
    """ "grades II–IV" and "III-V": from one to another after what is numbered, else both."""
    first, last = (roman_value(match[side]) for side in ("first", "last"))
    is_numbered = _numbered(match, word_before(match)) in _NUMBERED_THINGS
    if not first or not last or (len(match["first"]) == 1 and not is_numbered):
        return None
    is_run = is_numbered and match["sign"] != "/" and first < last
    return f"{cardinal(first)} {'to ' if is_run else ''}{cardinal(last)}"


RULES = (
    Rule("roman-range", "roman", LETTER, _ROMAN_RANGE, _roman_range, confidence=85),
    Rule("roman", "roman", LETTER, _ROMAN_WORD, _roman, confidence=85),
    Rule("roman-letter", "roman", LETTER, _LETTERED, _lettered, words=_LETTERED_WORDS, confidence=85),
    Rule("roman-small", "roman", LETTER, _SMALL, _small, words=_SMALL_WORDS, confidence=85),
)
