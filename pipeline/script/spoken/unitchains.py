"""Units multiplied with each other, some with negative powers: "erg cm⁻² s⁻¹", "W m–2", "km s$^{-1}$".

What has a negative power is "per" something and said last; an inverse barn is an inverse barn.
"""

import re

from .magnitudes import QUANTITY, say_quantity
from .rules import DIGIT, LETTER, Reader, Rule, word_before
from .unitnames import LOWERED, POWER, RAISED, UNIT, WORDLIKE, name_of, power_of

__all__ = ["RULES"]

_JOINT = r"(?:[ \xa0\u2009\u202f~]|\\[, ]|[ ]?[·⋅][ ]?|\.(?=[A-Za-z]))"
_SUBSTANCES = {"N": "nitrogen", "C": "carbon", "P": "phosphorus", "CO2": "C O two", "CO₂": "C O two"}
"""What is weighed: "20 kg N ha−1"."""
_SUBSTANCE = rf"(?:(?<=g){_JOINT}(?:CO[2₂]|[NCP])(?={_JOINT}))?"
_YEAR = rf"a(?={RAISED})"
"""A symbol of its own only with a power."""
_HEAD = rf"(?!(?:in|as|us|mi|mo)\b){UNIT}{POWER}?"
_LINKS = (
    rf"(?:{_HEAD}{_SUBSTANCE}{_JOINT}(?:{UNIT}{POWER}?{_JOINT})?)?(?:{_HEAD}|{_YEAR}){RAISED}"
    rf"(?:{_JOINT}(?:{UNIT}(?:{RAISED}|{POWER})|{_YEAR}{RAISED})){{0,5}}(?![\w^])"
)
_MEASURED = re.compile(rf"{QUANTITY}(?P<chain>{_LINKS})", re.VERBOSE)
_CHAIN = re.compile(rf"(?P<chain>{_LINKS})")
_FACTOR = re.compile(
    rf"(?P<unit>{UNIT}|{_YEAR})(?P<raised>{RAISED}|{POWER})?(?![A-Za-z])"
    rf"(?:(?<=g){_JOINT}(?P<substance>CO[2₂]|[NCP])(?={_JOINT}))?"
)
_NUMBERED = re.compile(r"(?:[0-9⁰¹²³⁴-⁹}]\$?|[0-9]\))[ ~\xa0]?\Z")
"""The end of a number that another rule has said."""
_NEXT_UNIT = re.compile(rf"[ ]?{UNIT}(?![\w⁻^−–$-])")
_SUBTRACTS = re.compile(rf"{UNIT}{LOWERED}\Z")
_VARIABLE = frozenset("ABFJKLMNSTVWdghlmst")
"""Symbols that before a minus are as well a variable."""


def _measured(match: re.Match[str], reader: Reader) -> str | None:
    """ "0.8 mm yr−1"."""
    chain = match["chain"]
    quantity = None if _is_subtraction(match) and _is_loose(match) else say_quantity(match)
    is_one = match["first"] == "1" and not (match["last"] or match["scale"] or match["top"])
    return quantity and f"{quantity} {_say_chain(chain, many=not is_one)}"


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
    chain = match["chain"]
    if not _NUMBERED.search(before):
        starts_sentence = not before.strip() or before.rstrip()[-1] in ".!?"
        if starts_sentence or _is_variable(chain) or before[-1:] == "-":
            return None
        if word_before(match).lower() in ("x", "y", "z"):
            return None
    return _say_chain(chain, many=True)


def _is_variable(chain: str) -> bool:
    """Whether without a number before it "s−1" is a variable less one."""
    first = _FACTOR.match(chain)
    is_single = _SUBTRACTS.match(chain) is not None
    symbol = first["unit"] if first else ""
    if is_single:
        return symbol in _VARIABLE or "-" in chain
    return (
        symbol in ("A", "a") or (symbol in _VARIABLE and not first["raised"] and chain[1:2] != " ")
        if first
        else False
    )


def _say_chain(chain: str, *, many: bool) -> str:
    """The units with positive powers, the last in the plural, then those with negative ones."""
    over, under = list[re.Match[str]](), list[str]()
    for factor in _FACTOR.finditer(chain):
        power = power_of(factor["raised"] or "")
        if power[:1] != "-":
            over.append(factor)
        else:
            under.append(name_of(factor["unit"], power, many=False))
    if not over and len(under) == 1 and under[0].endswith("barn"):
        return f"inverse {under[0]}{'s' if many else ''}"
    heads = [_factor(factor, many=many and place == len(over)) for place, factor in enumerate(over, start=1)]
    return " ".join(heads + [f"per {name}" for name in under])


def _factor(factor: re.Match[str], *, many: bool) -> str:
    name = name_of(factor["unit"], factor["raised"], many=many)
    substance = _SUBSTANCES.get(factor["substance"] or "")
    return f"{name} of {substance}" if substance else name


RULES = (
    Rule("unit-chain", "measure", DIGIT + ".-−+±", _MEASURED, _measured),
    Rule("unit-chain", "measure", LETTER + "µμΩ°Å", _CHAIN, _chain, words=WORDLIKE | {"a"}),
)
