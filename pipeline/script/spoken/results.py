"""Results as papers report them: statistics, tolerances, powers of ten that lost their raising.

"p = 3 × 10−8", "CI = 0.2 - 0.4" and "R2 > 0.8" look like formulas. What a statistic is called and how it
compares is said here, and its value is left to the rules for numbers.
"""

import re
from string import ascii_lowercase

from .magnitudes import NUMBER, POWER_OF_TEN, TIMES, opens, say_amount, sign_word
from .numerals import cardinal, decimal
from .rules import DIGIT, GREEK, LETTER, Reader, Reading, Rule, late
from .unitnames import UNIT

__all__ = ["POWERS", "RULES"]

_RELATIONS = {
    "=": "equals", "<": "less than", ">": "greater than", "≤": "at most", "≥": "at least", "≈": "about",
    "~": "about", "<=": "at most", ">=": "at least", "∼": "about",
}  # fmt: skip
_PLUS_MINUS = r"\{?\(?\+[ ]?/?[ ]?[-−–]\)?\}?"
_MARGIN = rf"[-−]?{NUMBER}%?[ ]?{_PLUS_MINUS}[ ]?{NUMBER}"
_POWER = rf"(?:{NUMBER}{TIMES})?{POWER_OF_TEN}"
_RAISED_POINT = r"[-−]?[0-9]{1,4}·[0-9]{1,6}"
_OPERATED = r"(?![0-9]|[.,·][0-9]|[ ]?[-+*/^×·=<>−–(\\]|[A-Za-z_]|[ ][a-z](?![\w]))"
_RANGE = rf"(?P<first>{NUMBER})%?(?P<dash>[ ]?(?:–|--|-|—)[ ]?)(?P<last>{NUMBER})%?{_OPERATED}"
_MEASURED = rf"[-−]?{NUMBER}[ ](?:(?=[a-zA-Zµμ]{{2}})(?!in\b){UNIT}|K)(?![\w/^(_]|[ ]?[-+*=<>−·×])"
_CERTAINTY = r"(?=[ ][(\[](?:[0-9]{2}(?:\.[0-9])?%[ ]|(?:[pPnNrt]|[A-Za-z]{2,12})[ ]?[=<>≤]))"
_VALUE = (
    rf"(?=(?:{_MARGIN}|{_MEASURED}|[-−]?{NUMBER}%?{_CERTAINTY}|{_POWER}|{_RAISED_POINT}|(?P<range>{_RANGE})))"
)
_RELATION = r"(?P<relation><=|>=|[=<>≤≥≈∼~])"
_NAME = r"(?P<name>[A-Za-zα-ω][A-Za-z]{0,14})"
_STATISTIC = late(rf"{_NAME}[ ]?{_RELATION}[ ]?{_VALUE}")
_RELATED = late(rf"{_RELATION}[ ]?{_VALUE}")
_SQUARED = late(
    rf"""
    (?P<name>[RrIχηωε])(?P<partial>_?[pP]|_?adj|_G)?2(?:\((?P<freedom>[0-9]{{1,4}})[^()]{{0,20}}\))?
    (?:[ ]?{_RELATION}(?=[ ]?[-−]?\.?[0-9])
      | (?=[ ]?[=<>≤≥≈] | [ ](?:of|was|is|between|from)[ ][0-9] | [ ](?:values?|scores?|statistics?)\b
        | [ ][0-9]?\.[0-9]) | (?<=χ2)(?!\w))
    """,
    re.VERBOSE,
)
_SPELLED = 2
"""Letters of a symbol: "Tc" is T c."""
_SQUARES = {"χ": "chi", "η": "eta", "ω": "omega", "ε": "epsilon"}
_ODDS = late(r"OR(?=[ ]?[:=,]?[ ]?(?:of[ ])?[0-9])")
_INTERVAL = late(
    r"(?P<level>[0-9]{2}(?:\.[0-9]{1,2})?)[ ]?%[ -]?(?P<name>CI|CrI|CL|HDI|PI|UI)[ ]?=[ ]?(?=[-−0-9.(\[])"
)
"""Of confidence, credibility, prediction or uncertainty."""
_ESTIMATE = late(rf"[-−]?(?P<amount>{NUMBER})(?P<percent>%)?{_CERTAINTY}")
"""Before brackets that say how sure it is; it is no factor of them."""
_SCIENTIFIC = late(rf"(?P<sign>[-−])?(?P<amount>[0-9]{{1,4}}(?:[.·][0-9]{{1,20}})?{TIMES}{POWER_OF_TEN})")
_TEN = late(rf"{POWER_OF_TEN}")
_LIST_OF_TENS = late(r"10−[0-9]{1,2}(?:,| to| and| or|, and) \Z")
_CELLS = late(
    r"/[A-Za-zµμ]|[ ](?:[a-z]{3,12}[ ])?(?:bacteria|cells|CFU|cfu|copies|particles|PFU|pfu|spores)\b"
)
_NEAR = 12
_COMPARED = late(r"[=<>≤≥×⋅][ ]?\Z")
_PLUS_OR_MINUS = late(rf"{_PLUS_MINUS}[ ]?(?=\.?[0-9])")
_ASYMMETRIC = late(rf"\+[ ]?(?P<plus>{NUMBER})[ ]?/?[ ]?[-−–][ ]?(?P<minus>{NUMBER})(?![\w-])")


def _statistic(match: re.Match[str], reader: Reader) -> Reading | None:
    """ "CI = " before a range, "p < " before "10−8"."""
    name = match["name"]
    if not _is_value(match, is_word=len(name) > 1 and name[:1] != "d"):
        return None
    words = " ".join(name) if len(name) <= _SPELLED and name.isascii() else reader.say(name)
    return Reading(f"{words} {_compares(match['relation'])}", 90)


def _compares(relation: str) -> str:
    words = _RELATIONS[relation]
    return words if words == "equals" else f"is {words}"


def _related(match: re.Match[str], reader: Reader) -> str | None:
    """ "range = " before a range: the word is already said."""
    before = match.string[max(0, match.start() - 5) : match.start()].rstrip()
    if not _is_value(match, is_word=before[-3:].isalpha() and len(before) > 2):
        return None
    return "more than" if match["relation"] == ">" else _RELATIONS[match["relation"]]


def _is_value(match: re.Match[str], *, is_word: bool) -> bool:
    """Whether two numbers and a dash are a range that rises, and no difference."""
    if match["range"] is None:
        return True
    first, last = (float(re.sub("[^0-9.]", "", match[end].replace("·", "."))) for end in ("first", "last"))
    return first < last and (is_word or " " not in match["dash"] or "–" in match["dash"])


def _interval(match: re.Match[str], reader: Reader) -> str:
    """ "95% CI = "."""
    return f"{decimal(match['level'])} percent {' '.join(match['name'].upper())} equals"


def _estimate(match: re.Match[str], reader: Reader) -> str | None:
    if match[0][0] in "-−" and not opens(match):
        return None
    sign = "minus " if match[0][0] in "-−" else ""
    return f"{sign}{decimal(match['amount'])}{' percent' if match['percent'] else ''}"


def _squared(match: re.Match[str], reader: Reader) -> str:
    """ "R2 = 0.8", "χ2(1) = 5.2": text that lost its raised two."""
    partial = {"p": "partial ", "adj": "adjusted ", "g": "generalized "}.get(
        (match["partial"] or "").strip("_").lower(), ""
    )
    freedom = f" of {cardinal(match['freedom'])}" if match["freedom"] else ""
    relation = f" {_compares(match['relation'])}" if match["relation"] else ""
    return f"{partial}{_SQUARES.get(match['name'], match['name'])} squared{freedom}{relation}"


def _scientific(match: re.Match[str], reader: Reader) -> str:
    return f"{sign_word(match['sign'], match)}{say_amount(match['amount'])}"


def _ten(match: re.Match[str], reader: Reader) -> str | None:
    """ "< 10−8", "10(-3)"; a hyphen by itself makes a range or a difference."""
    before = match.string[max(0, match.start() - _NEAR) : match.start()]
    is_low = "−" in match[0] and not match[0][-2].isdecimal()
    is_count = match[0][-1] == ")" and _CELLS.match(match.string, match.end())
    is_clear = is_count or "(-" in match[0] or "(−" in match[0] or is_low or _LIST_OF_TENS.search(before)
    return say_amount(match[0]) if is_clear or _COMPARED.search(before[-3:]) else None


def _asymmetric(match: re.Match[str], reader: Reader) -> str | None:
    """ "+1.0/-0.8": as much more, as much less."""
    before = match.string[max(0, match.start() - 2) : match.start()].rstrip()
    if "/" not in match[0] and not before[-1:].isdigit():
        return None
    return f"plus {decimal(match['plus'])}, minus {decimal(match['minus'])}"


RULES = (
    Rule("odds", "letters", LETTER, _ODDS, lambda match, _: "O R"),
    Rule("squared", "math", LETTER + GREEK, _SQUARED, _squared, words=frozenset(ascii_lowercase)),
    Rule("statistic", "math", LETTER + GREEK, _STATISTIC, _statistic, words=frozenset(ascii_lowercase)),
    Rule("statistic", "math", "=<>≤≥≈∼~", _RELATED, _related),
    Rule("statistic", "math", DIGIT, _INTERVAL, _interval),
    Rule("estimate", "number", DIGIT + ".-−", _ESTIMATE, _estimate),
    Rule("asymmetric", "number", "+", _ASYMMETRIC, _asymmetric),
    Rule("plus-minus", "number", "+{(", _PLUS_OR_MINUS, lambda match, _: "plus or minus"),
)  # fmt: skip
POWERS = (
    Rule("scientific", "number", DIGIT + "-−", _SCIENTIFIC, _scientific),
    Rule("scientific", "number", DIGIT, _TEN, _ten),
)  # fmt: skip
"""After what has a unit."""
