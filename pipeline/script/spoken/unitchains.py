"""Units multiplied with each other, some with negative powers: "erg cm⁻² s⁻¹", "W m–2", "km s$^{-1}$".

What has a negative power is "per" something and said last; an inverse barn is an inverse barn.
"""

import re

from .magnitudes import QUANTITY, say_quantity
from .rules import DIGIT, LETTER, Reader, Rule, late, word_before
from .unitnames import LOWERED, POWER, RAISED, UNIT, WORDLIKE, name_of, power_of

__all__ = ["RULES"]

_JOINT = r"(?:[ \xa0\u2009\u202f~]|\\[, ]|[ ]?[·⋅][ ]?|\.(?=[A-Za-z]))"
_SUBSTANCES = {"N": "nitrogen", "C": "carbon", "P": "phosphorus", "CO2": "C O two", "CO₂": "C O two"}
"""What is weighed: "20 kg N ha−1"."""
_SUBSTANCE = rf"(?:(?<=g){_JOINT}(?:CO[2₂]|[NCP])(?={_JOINT}))?"
_WORDS = "beam|capita|cell|day|decade|hour|ion|minute|month|person|pixel|plant|second|site|week|year"
_WORD = rf"(?:{_WORDS}|a)s?(?={RAISED})"
"""What is a unit only with a negative power; "a" is the year of the Romans."""
_HEAD = rf"(?!(?:in|as|us|mi|mo)\b){UNIT}{POWER}?"
_LINKS = (
    rf"(?:{_HEAD}{_SUBSTANCE}{_JOINT}(?:{UNIT}{POWER}?{_JOINT})?)?(?:{_HEAD}|{_WORD}){RAISED}"
    rf"(?:{_JOINT}(?:{UNIT}(?:{RAISED}|{POWER})|{_WORD}{RAISED})){{0,5}}(?![\w^])"
)
_MEASURED = late(rf"{QUANTITY}(?P<chain>{_LINKS})", re.VERBOSE)
_CHAIN = late(rf"(?P<chain>{_LINKS})")
_PRODUCT = late(rf"{QUANTITY}(?P<chain>{_HEAD}(?:[ ]?[·⋅][ ]?{UNIT}{POWER}?){{1,3}})(?![\w⁻^/])", re.VERBOSE)
_DIVISOR = late(rf"/\((?P<chain>{UNIT}{POWER}?(?:[ ]?[·⋅ ][ ]?{UNIT}{POWER}?){{1,3}})\)")
_MEASURED_BEFORE = late(rf"[0-9][ ]?{UNIT}\Z")
_FAR = 8
_ONE = {f"{word}s": word for word in _WORDS.split("|")}
_FACTOR = late(
    rf"(?P<unit>{UNIT}|{_WORD})(?P<raised>{RAISED}|{POWER})?(?![A-Za-z])"
    rf"(?:(?<=g){_JOINT}(?P<substance>CO[2₂]|[NCP])(?={_JOINT}))?"
)
_NUMBERED = late(r"(?:[0-9⁰¹²³⁴-⁹}]\$?|[0-9]\))[ ~\xa0]?\Z")
"""The end of a number that another rule has said."""
_NEXT_UNIT = late(rf"[ ]?{UNIT}(?![\w⁻^−–$-])")
_SUBTRACTS = late(rf"{UNIT}{LOWERED}\Z")
_SHORT = 4
_VARIABLE = frozenset("ABFJKLMNSTVWdghlmst")
"""Symbols that before a minus are as well a variable."""


def _measured(match: re.Match[str], reader: Reader) -> str | None:
    """ "0.8 mm yr−1"."""
    chain = match["chain"]
    quantity = None if _is_subtraction(match) and _is_loose(match) else say_quantity(match)
    is_one = match["first"] == "1" and not (match["last"] or match["scale"] or match["top"])
    return quantity and f"{quantity} {_say_chain(chain, many=not is_one)}"


def _divisor(match: re.Match[str], reader: Reader) -> str | None:
    """ "/(m·K)" after a unit."""
    if not _MEASURED_BEFORE.search(match.string[max(0, match.start() - _FAR) : match.start()]):
        return None
    return f"per {_say_chain(match['chain'], many=False)}"


def _is_subtraction(match: re.Match[str]) -> bool:
    """Whether all there is of a chain is a symbol and what looks like a minus and a number."""
    return _SUBTRACTS.match(match["chain"]) is not None


def _is_loose(match: re.Match[str]) -> bool:
    """Whether "2 m-3" may be two measures or a name rather than a power."""
    if _NEXT_UNIT.match(match.string, match.end()):
        return True
    unit = match["chain"].rstrip("0123456789")[:-1]
    return not match["gap"] and len(unit) == 1 and "−" not in match["chain"]


def _chain(match: re.Match[str], reader: Reader) -> str | None:
    """ "W m–2" after a word, or after a number that another rule has said."""
    before = match.string[max(0, match.start() - 3) : match.start()]
    if not (_NUMBERED.search(before) or _is_clear(match, before)):
        return None
    return _say_chain(match["chain"], many=True)


def _is_clear(match: re.Match[str], before: str) -> bool:
    """Whether no number is needed to tell units from variables less one, and from words."""
    chain, first = match["chain"], _FACTOR.match(match["chain"])
    word = word_before(match)
    if first is None or before[-1:] == "-" or word.lower() in ("x", "y", "z"):
        return False
    if _is_subtraction(match):
        is_of_many = word.islower() and word.endswith("s") and len(word) > _SHORT
        return "-" not in chain and (is_of_many or first["unit"] not in _VARIABLE)
    begins = not before.strip() or before.rstrip()[-1] in ".!?"
    return len(first["unit"]) > 1 or "$" in chain or not (begins or first["unit"] in ("A", "a"))


def _say_chain(chain: str, *, many: bool) -> str:
    """The units with positive powers, the last in the plural, then those with negative ones."""
    over, under = list[re.Match[str]](), list[str]()
    for factor in _FACTOR.finditer(chain):
        power = power_of(factor["raised"] or "")
        if power[:1] != "-":
            over.append(factor)
        else:
            unit = "year" if factor["unit"] == "a" else factor["unit"]
            under.append(name_of(_ONE.get(unit, unit), power, many=False))
    if not over and len(under) == 1 and under[0].endswith("barn"):
        return f"inverse {under[0]}{'s' if many else ''}"
    heads = [_factor(factor, many=many and place == len(over)) for place, factor in enumerate(over, start=1)]
    return " ".join(heads + [f"per {name}" for name in under])


def _factor(factor: re.Match[str], *, many: bool) -> str:
    name = name_of(factor["unit"], factor["raised"], many=many)
    substance = _SUBSTANCES.get(factor["substance"] or "")
    return f"{name} of {substance}" if substance else name


RULES = (
    Rule("unit-chain", "measure", "/", _DIVISOR, _divisor),
    Rule("unit-chain", "measure", DIGIT + ".-−+±", _PRODUCT, _measured),
    Rule("unit-chain", "measure", DIGIT + ".-−+±", _MEASURED, _measured),
    Rule("unit-chain", "measure", LETTER + "µμΩ°Å", _CHAIN, _chain, words=WORDLIKE),
)
