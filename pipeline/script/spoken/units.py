"""Numbers with units, rates, and the symbols of units that stand by themselves."""

import re

from . import loneunits, results, unitchains
from .described import describes, noun_at
from .magnitudes import NUMBER, QUANTITY, opens, say_quantity
from .numerals import cardinal, decimal
from .rules import DIGIT, LETTER, Reader, Reading, Rule, late, word_before
from .scales import is_counted
from .unitnames import POWER, UNIT, name_of, unit_name

__all__ = ["RULES", "unit_name"]

_COUNTED = (
    "tokens? images? frames? samples? requests? queries query steps? words? iterations? second sec minute "
    "hour day week month year user people node core epoch GPU atom beam cell decade ion molecule mouse "
    "nucleon patient person photon pixel plant".split()
)
"""Words that stand before or after the stroke of a rate beside units."""

_NOT_AFTER_DIGIT = frozenset("K M T B b A N F L l J S t d y U aa nt Mg Ma ka Ga ab au AU as in".split())
"""Symbols that mean something else right after a digit, such as the billions of "7B"."""
_NOT_AFTER_BLANK = frozenset("M B b T l A F N S t U Mg ab au us".split())
"""Symbols that are letters or words of their own after a blank."""
_GOES_ON = late(r"[ ](?!tall|wide|long|high|thick|deep|apart)\w|-[a-z0-9]")
"""What follows the word "in" and not inches."""


_SHAPE = late(r"[ -](?:angle|arc|bend|cone|field|incline|rotation|slope|tilt|turn|view|wedge)")
"""What has so many degrees: "a 45° angle" has a "forty five degree" one."""
_FEW = 7
"""Up to so many, a d and a noun are rather a name, such as "3 d orbitals"."""
_MAGNETIC = late(r"(?i:field|magnet|MRI|NMR|scanner|strength)")
_COLLIDING = late(r"(?i:cross[ -]section|barn|collision|inelastic)")
_BEHIND = {
    "A": re.compile(r"[ ](?:breaker|charger|circuit|current|fuse|outlet|rating|socket|supply)s?\b"),
    "N": re.compile(r"[ ](?:of[ ]|(?:force|load|pull|push|preload|thrust|weight)s?\b)"),
    "l": re.compile(r"\s*\Z|[.,;)]|[ ](?:and|at|flasks?|in|of|per|with)\b"),
    "t": re.compile(r"(?![ -](?:copula|distribution|score|stat|test|value))(?<=[0-9],[0-9]{3}[ ]t)"),
}
"""What follows a symbol that is a letter elsewhere."""
_FINANCE = late(r"(?i:\b(?:bond|coupon|fee|inflation|interest|rates?|return|spread|yield))")
_FILLED = late(r"[ ](?:of\b|files?\b)")
_NEAR = 50
"""Characters on either side in which what is measured may be named."""
_GENETIC = late(
    r"(?i:chromosom|deletion|DNA|exon|genom|gene\b|genes\b|inversion|loc[iu]|SNP|telomer|upstream)"
)
_BASES = {"kb": "kilobase", "Kb": "kilobase", "Mb": "megabase", "Gb": "gigabase"}
_AGO = ("ka", "Ma", "Ga")
_DATED = late(r"[ -](?:ago|old|BP|before|years|et al)\b|[ ][A-Z][a-z]")
"""After years that need no "ago"."""

_PER = rf"(?P<per>{UNIT}|{'|'.join(_COUNTED)})(?P<perpower>{POWER})?"
_SURFACE = r"1\.73[ ]?m(?:2|²|\^\{?2\}?|\(2\))"
"""Of a body, to which what a kidney does is scaled."""
_MEASURE = late(
    rf"""
    {QUANTITY}
    (?P<unit>°[ ]?[CFNSEW](?!\w)|{UNIT})(?P<power>{POWER})?
    (?:(?:/|[ ]per[ ]){_PER}(?:(?:/|[ ]per[ ])(?P<again>{UNIT}|day|{_SURFACE}))?)?
    (?:(?P<stop>\.(?=\s*\Z|\s+[A-Z]))|\.(?=[,;:)]|[ ][a-z]))?
    (?![\w°⁻^]|\$\^|/\w)
    """,
    re.VERBOSE,
)
_DEGREES = late(
    rf"(?P<sign>[-−])?(?P<first>{NUMBER})(?P<gap>[ \xa0]?)(?P<degree>[°º][ ]?)?(?P<unit>[CcF])"
    rf"(?P<stop>\.?)(?=\s*\Z|[.,;)])"
)
_RATE = late(
    rf"(?P<first>{NUMBER}|{'|'.join(_COUNTED)}|[a-z]{{3,12}}s|[CP]FU)[ ]?/[ ]?(?!in\b){_PER}(?![\w/])"
)
_COORDINATE = late(
    r"""(?P<degrees>[0-9]{1,3})°[ ]?(?P<minutes>[0-9]{1,2})[′'’](?:[ ]?(?P<seconds>[0-9]{1,2})[″"”])?"""
    r"""(?:[ ]?(?P<wind>[NSEW])(?!\w))?"""
)
_INCHES = late(rf"(?P<size>{NUMBER})(?P<mark>[\"”″])(?![\w])")
_LONG = late(r"[ ](?:tall|wide|long|high|thick|deep|apart)\b")
_QUOTE = late(r'(?<![0-9])"')
_FAR = 300
"""Characters before a mark of inches in which a quotation may be open that it would close."""
_WINDS = {"N": "north", "S": "south", "E": "east", "W": "west"}
_HEIGHT = late(r"""([1-9])['’′]([0-9]{1,2})["”″]""")
_SINGLE_RATIOS = frozenset("m/s V/m W/m J/K g/L g/d h/d N/m".split())
_EACH = late(rf"/{_PER}(?![\w/])")
_NAME_BEFORE = late(r"(?<![A-Za-z0-9])[A-Za-z]{1,3}[0-9]{1,2}\Z")
"""A name such as V1: what follows its stroke is another one, V2, and no square volt."""
_SHORT = 8
_UNIT_RATIO = late(
    rf"(?P<unit>{UNIT})(?P<power>{POWER})?/{_PER}(?:/(?P<again>{UNIT}|day|{_SURFACE}))?(?![\w/])"
)


def _per(match: re.Match[str]) -> str:
    if not match["per"]:
        return ""
    again = match.groupdict().get("again") or ""
    if again.startswith("1.73"):
        return f" per {name_of(match['per'], many=False)} per one point seven three square meters"
    return f" per {name_of(match['per'], match['perpower'], many=False)}" + (
        f" per {name_of(again, many=False)}" if again else ""
    )


_SEVERAL = frozenset("two three four five six seven eight nine ten dozen few many some several these".split())
_PLACE = late(r"[ ](?:column|digit|place)s?\b")
"""Of a digit: "the 10s column"."""
_OF_TIME = frozenset(("after", "at", "by", "every", "for", "in", "within"))


def _measure(match: re.Match[str], reader: Reader) -> Reading | None:
    amount = say_quantity(match)
    if amount is None or not _is_unit(match):
        return None
    name = _said_name(match)
    confidence = 100 if len(match["unit"]) > 1 or match["per"] else 75
    return Reading(f"{amount} {name}{_per(match)}{match['stop'] or ''}", confidence)


def _said_name(match: re.Match[str]) -> str:
    """The name of the unit, for what is measured and as often as it is."""
    unit, many = match["unit"], _is_plural(match)
    around = match.string[max(0, match.start() - _NEAR) : match.end() + _NEAR]
    if unit in _BASES and _GENETIC.search(around):
        return f"{_BASES[unit]}{'s' if many else ''}"
    if unit == "bps" and _FINANCE.search(around):
        return f"basis point{'s' if many else ''}"
    if unit == "mb" and match["gap"] and not _FILLED.match(match.string, match.end()):
        unit = "mbarn" if _COLLIDING.search(around) else "mbar"
    name = name_of(unit, match["power"], many=many)
    is_age = unit in _AGO and many and not _DATED.match(match.string, match.end())
    return f"{name} ago" if is_age else name


def _is_plural(match: re.Match[str]) -> bool:
    if match["first"] == "1" and not (match["last"] or match["scale"] or match["top"]):
        return False
    shape = match["unit"] == "°" and _SHAPE.match(match.string, match.end())
    return not (match["hyphen"] or shape or describes(match))


def _is_unit(match: re.Match[str]) -> bool:
    """Whether the letters after a number are a unit here, and not a word, a name or a scale."""
    unit, glued = match["unit"], not match["gap"] and not match["hyphen"]
    if match["power"] or match["per"]:
        return not _is_applied(match)
    if unit == "s" and _counts_things(match, glued=glued):
        return False
    if match["gap"] and unit in _BEHIND and _BEHIND[unit].match(match.string, match.end("unit")):
        return True
    if unit == "T" or not glued:
        return _JUDGES.get(unit, _stands_apart)(match)
    return unit not in _NOT_AFTER_DIGIT and not _is_applied(match)


def _stands_apart(match: re.Match[str]) -> bool:
    is_sure = match["scale"] or "10−" in match["first"] or "10-" in match["first"]
    return match["unit"] not in _NOT_AFTER_BLANK or bool(is_sure)


def _is_inches(match: re.Match[str]) -> bool:
    return match[0].endswith(".") or not _GOES_ON.match(match.string, match.end())


def _is_kelvin(match: re.Match[str]) -> bool:
    """Whether a K is no thousand; with decimals and no word beside it, it may be either."""
    text, end = match.string, match.end()
    is_bare = "." in match["first"] and match.start() == 0 and end == len(text)
    return not (is_bare or is_counted(text, end))


def _is_applied(match: re.Match[str]) -> bool:
    """Whether a number and a letter are in brackets after letters: "GF(2m)"."""
    before = match.string[max(0, match.start() - 2) : match.start()]
    return before[-1:] == "(" and before[:1].isalpha() and match.string[match.end() : match.end() + 1] == ")"


def _is_field(match: re.Match[str]) -> bool:
    """Whether a T is tesla: with decimals, or beside what is magnetic."""
    around = match.string[max(0, match.start() - _NEAR) : match.end() + _NEAR]
    return (bool(match["gap"]) and "." in match["first"]) or _MAGNETIC.search(around) is not None


def _is_days(match: re.Match[str]) -> bool:
    """Whether a d is days: no dimensions and no orbitals."""
    if match["hyphen"]:
        return match["first"].isdecimal() and int(match["first"]) >= _FEW - 1
    if not match["gap"] or match.string[match.end() :][:2].strip().isdecimal():
        return False
    is_few = match["first"].isdecimal() and len(match["first"]) == 1 and int(match["first"]) < _FEW
    return bool(match["last"]) or not (is_few and noun_at(match.string, match.end()))


_JUDGES = {"T": _is_field, "d": _is_days, "y": _is_days, "K": _is_kelvin, "in": _is_inches}
"""Symbols that are a unit only beside some words."""


def _counts_things(match: re.Match[str], *, glued: bool) -> bool:
    """Whether an "s" is a plural: "Boeing 747s"; "80 s" by itself may as well be a decade."""
    before = word_before(match)
    if not glued:
        return not before
    is_several = before.lower() in _SEVERAL and not describes(match)
    is_named = before[:1].isupper() and before.lower() not in _OF_TIME
    return is_several or is_named or _PLACE.match(match.string, match.end()) is not None


def _degrees(match: re.Match[str], reader: Reader) -> str | None:
    """ "37 C." and "98F": a temperature without its degree sign, where nothing else is likely."""
    alone = not match.string[: match.start()].strip()
    if not (match["degree"] or alone or (not match["gap"] and len(match["first"]) < 4)):
        return None
    if match["sign"] and not opens(match):
        return None
    scale = "Celsius" if match["unit"] in "cC" else "Fahrenheit"
    degrees = "degree" if match["first"] == "1" else "degrees"
    return f"{'minus ' if match['sign'] else ''}{decimal(match['first'])} {degrees} {scale}{match['stop']}"


def _rate(match: re.Match[str], reader: Reader) -> str:
    first = match["first"]
    if first.isupper():
        first = " ".join(first)
    return f"{first if first[0].isalpha() else decimal(first)}{_per(match)}"


def _each(match: re.Match[str], reader: Reader) -> str | None:
    """ "× 10⁹/L": a stroke after a number that another rule has said."""
    before = match.string[max(0, match.start() - _SHORT) : match.start()].rstrip("$")
    if _NAME_BEFORE.search(before):
        return None
    return _per(match) if before[-1:].isdigit() or before[-1:] == "}" else None


def _unit_ratio(match: re.Match[str], reader: Reader) -> str | None:
    if len(match["unit"]) == len(match["per"]) == 1 and match[0] not in _SINGLE_RATIOS:
        return None
    return f"{name_of(match['unit'], match['power'], many=True)}{_per(match)}"


def _coordinate(match: re.Match[str], reader: Reader) -> str:
    """ "52°30′N": degrees, minutes, seconds and a point of the compass."""
    parts = zip(match.group("degrees", "minutes", "seconds"), ("degree", "minute", "second"), strict=True)
    said = [f"{cardinal(count)} {name}{'' if count == '1' else 's'}" for count, name in parts if count]
    return " ".join([*said, *([_WINDS[match["wind"]]] if match["wind"] else [])])


def _height(match: re.Match[str], reader: Reader) -> str:
    return f"{cardinal(match[1])} foot {cardinal(match[2])}"


def _inches(match: re.Match[str], reader: Reader) -> str | None:
    """ "12\" vinyl", "0.1″"; what closes a quotation is no inch."""
    text, many = match.string, "" if match["size"] == "1" else "s"
    has_noun = noun_at(text, match.end()) and not _LONG.match(text, match.end())
    if match["mark"] == "″" and ("." in match["size"] or not has_noun):
        return f"{decimal(match['size'])} arcsecond{many}"
    before = text[max(0, match.start() - _FAR) : match.start()]
    if match["mark"] != "″" and ("“" in before or len(_QUOTE.findall(before)) % 2):
        return None
    return f"{decimal(match['size'])} {'inch' if has_noun or not many else 'inches'}"


RULES = (
    *results.RULES,
    Rule("coordinate", "measure", DIGIT, _COORDINATE, _coordinate),
    Rule("height", "measure", DIGIT, _HEIGHT, _height),
    Rule("inches", "measure", DIGIT + ".", _INCHES, _inches),
    Rule("temperature", "measure", DIGIT + "-−.", _DEGREES, _degrees, confidence=80),
    *unitchains.RULES,
    Rule("measure", "measure", DIGIT + ".-−+±", _MEASURE, _measure),
    *results.POWERS,
    Rule("rate", "measure", "/", _EACH, _each),
    Rule("rate", "measure", DIGIT + LETTER, _RATE, _rate),
    Rule("unit-ratio", "measure", LETTER + "µμΩ", _UNIT_RATIO, _unit_ratio, confidence=80),
    *loneunits.RULES,
)
