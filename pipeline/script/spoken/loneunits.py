"""Symbols of units without a number in digits beside them: "a few kpc", "ms-level", "the TeV scale"."""

import re

from .described import describes, noun_at
from .magnitudes import NUMBER
from .numerals import decimal
from .rules import DIGIT, LETTER, Reader, Reading, Rule, late
from .unitnames import NAMES, POWER, PREFIXED, UNIT, WORDLIKE, name_of

__all__ = ["RULES"]

_AFTER_PER = late(rf"(?<=\bper[ ])(?P<unit>{UNIT})(?P<power>{POWER})?(?![\w/'’^⁻-])")
_ALONE = late(
    rf"""
    (?: (?<=[⁰¹²³⁴-⁹¼-¾⅐-⅞}}][ ])
      | (?:(?<=[0-9)}}]\$[ ~])|(?<=[0-9]\$\\,)|(?<=[0-9]\\,))(?=[A-Za-zµμ]{{2}}|[LMR]\$_|[Kghms°Å](?!\w))
      | (?:(?<=[0-9][ ])|(?<=[0-9]\)[ ]))(?![a-zA-Z](?!\w)) )
    (?!in\b|as\b)(?:{UNIT})(?![\w/'’^⁻-]|\.\w|\$\^)
    """,
    re.VERBOSE,
)
"""After a number that another rule has said."""
_NOTED = late(r"[.!?;:,)\]”\"](?:[⁰¹²³⁴-⁹][⁰¹²³⁴-⁹,–-]*|\$?\^\{[0-9,–-]+\}\$?)[ ]\Z")
"""The raised number of a note after the end of a sentence or a clause."""
_ONE = late(r"(?:\A|[^0-9.,])1\$?[ ]\Z")
_POWERED = late(rf"(?P<unit>{UNIT})(?P<power>[²³]|<sup>[23]</sup>)(?![\w⁺⁻/^·*×]|[ ]?[=<>≤≥])")
_SCALE = late(
    rf"(?P<unit>{UNIT})(?P<joint>[- ])"
    r"(?=(?:accura|bandwidth|class|energ|laser|length|level|order|precis|puls|range|rate|regime|resol|scale"
    r"|siz|spac|wave|wide)[a-z]{0,9}(?![\w]))"
)
"""Such as the "ms" of "ms-level"."""
_ENERGY = late(r"[kMGTP]?eV(?![\w/^⁻$]|[-−–][0-9])")
_MICRO = late(
    rf"(?P<first>{NUMBER})[ ~]?\$\\mu"
    rf"(?:\$[ ]?(?P<base>{UNIT}|as)|[ ]?(?:\\(?:rm|mathrm|text)[{{ ])?(?P<inner>{UNIT})\}}?\$)(?![\w])"
)
"""With the prefix between dollars."""
_INDEFINITE = late(rf"{UNIT}(?![\w/'’^⁻-]|\.\w)")
_SEVERAL = late(
    r"\b(?:few|several|many|couple of|tens of|dozens of|hundreds of|thousands of|hundred|thousand|million"
    r"|billion)[ ]\Z"
)
_IN = late(r"(?:(?:\A|[ (])in[ ]|\()\Z")
_FAR = 16
_UNDER = late(rf"(?P<prefix>[Ss]ub|[Mm]ulti|[Ff]ew)-(?P<unit>{UNIT})(?![\w/'’^⁻])")
_PERSONS = "person|patient|man|woman"
_PERSON = late(rf"(?P<who>{_PERSONS})-(?P<unit>{UNIT})(?![\w-])")


def _scale(match: re.Match[str], reader: Reader) -> Reading | None:
    symbol = match["unit"]
    if symbol not in PREFIXED or (symbol.isupper() and len(symbol) < 3):
        return None
    return Reading(name_of(symbol, many=False), length=len(symbol))


def _powered(match: re.Match[str], reader: Reader) -> str | None:
    """ "in cm²", "a few mm³"."""
    return name_of(match["unit"], match["power"], many=True) if match["unit"] in PREFIXED else None


def _energy(match: re.Match[str], reader: Reader) -> str:
    is_amount = _SEVERAL.search(match.string[max(0, match.start() - _FAR) : match.start()])
    return name_of(match[0], many=bool(is_amount) and not noun_at(match.string, match.end()))


def _indefinite(match: re.Match[str], reader: Reader) -> str | None:
    """ "a few kpc away", "tens of ms", "latency in ms,"."""
    before = match.string[max(0, match.start() - _FAR) : match.start()]
    is_symbol = match[0] in PREFIXED or len(match[0]) > 2
    is_head = bool(_IN.search(before)) and match.string[match.end() : match.end() + 1] in (
        "",
        *",.;)]",
    )
    if not is_symbol or match[0].isupper() or not (_SEVERAL.search(before) or is_head):
        return None
    return name_of(match[0], many=is_head or not noun_at(match.string, match.end()))


def _under(match: re.Match[str], reader: Reader) -> str | None:
    """ "sub-μm", "multi-TeV"."""
    return (
        f"{match['prefix']}-{name_of(match['unit'], many=False)}"
        if match["unit"] in PREFIXED | {"eV"}
        else None
    )


def _micro(match: re.Match[str], reader: Reader) -> str | None:
    symbol = f"µ{match['base'] or match['inner']}"
    if symbol not in NAMES:
        return None
    return f"{decimal(match['first'])} {name_of(symbol, many=not describes(match))}"


def _person(match: re.Match[str], reader: Reader) -> str:
    """ "12 person-wk"."""
    return f"{match['who']}-{name_of(match['unit'], many=True)}"


def _unit(match: re.Match[str], reader: Reader) -> str | None:
    """What a number has that another rule has said; after a note nothing is measured."""
    if _NOTED.search(match.string[max(0, match.start() - _FAR) : match.start()]):
        return None
    is_one = _ONE.search(match.string[max(0, match.start() - 4) : match.start()])
    return name_of(match[0], many=not is_one and not noun_at(match.string, match.end()))


def _per_unit(match: re.Match[str], reader: Reader) -> str:
    return name_of(match["unit"], match["power"], many=False)


RULES = (
    Rule("unit-alone", "measure", LETTER, _AFTER_PER, _per_unit, words=WORDLIKE),
    Rule("unit-alone", "measure", LETTER + "µμΩ°Å", _ALONE, _unit, words=WORDLIKE),
    Rule("unit-scale", "measure", LETTER + "µμΩ", _SCALE, _scale, words=WORDLIKE),
    Rule("unit-alone", "measure", LETTER + "µμ", _POWERED, _powered),
    Rule("energy", "measure", LETTER, _ENERGY, _energy),
    Rule("unit-alone", "measure", LETTER + "µμΩ", _INDEFINITE, _indefinite, words=WORDLIKE),
    Rule("unit-scale", "measure", "", _UNDER, _under, words=frozenset(("sub", "multi", "few"))),
    Rule("measure", "measure", DIGIT, _MICRO, _micro),
    Rule("person-time", "measure", "", _PERSON, _person, words=frozenset(_PERSONS.split("|"))),
)
