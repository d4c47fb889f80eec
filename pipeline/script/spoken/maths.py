"""Inline formulas and mathematical signs, tersely."""

import re

__all__ = ["say_math", "say_symbol"]

_SYMBOLS = {
    "≈": " about ", "≤": " at most ", "≥": " at least ", "≠": " is not ", "±": " plus or minus ",
    "×": " times ", "→": " to ", "∞": " infinity ", "√": " the root of ", "°": " degrees ",
    "α": " alpha ", "β": " beta ", "γ": " gamma ", "δ": " delta ", "ε": " epsilon ", "θ": " theta ",
    "λ": " lambda ", "μ": " mu ", "π": " pi ", "σ": " sigma ", "τ": " tau ", "φ": " phi ",
    "ω": " omega ", "&": " and ", "<": " less than ", ">": " more than ", "=": " equals ",
    "\\": " ", "|": " ", "$": " dollar ",
    "{": " ", "}": " ", "^": " ", "_": " ", "#": " number ", "~": " about ", "*": " ", "`": " ",
    "[": ", ", "]": ", ",
}  # fmt: skip

_COMMANDS = {
    "times": "times", "cdot": "times", "le": "at most", "leq": "at most", "ge": "at least",
    "geq": "at least",
    "approx": "about", "sim": "is distributed as", "ll": "is far below", "gg": "is far above", "ne": "is not",
    "in": "in", "to": "to", "infty": "infinity", "log": "log", "exp": "exp", "sqrt": "the root of",
    "sum": "the sum of", "mid": "given", "pm": "plus or minus",
    "mathbb": "", "mathbf": "", "mathcal": "", "mathrm": "", "operatorname": "", "text": "",
    "left": "", "right": "",
}  # fmt: skip

_PIECE = re.compile(
    r"\\([A-Za-z]+)|\^\{([^{}]*)\}|\^(\S)|_\{([^{}]*)\}|_(\S)|([A-Za-z]+|\d+(?:\.\d+)?)|([=<>+-]|(?<=[A-Za-z])\(|\|)|\s|.",
    re.DOTALL,
)
_SIGNS = {
    "=": "equals",
    "<": "is less than",
    ">": "is more than",
    "+": "plus",
    "-": "minus",
    "(": "of",
    "|": "given",
}
_POWERS = {"2": "squared", "3": "cubed"}

_TOO_LONG = 40
"""Pieces of a formula that a listener can follow; a longer one is left to the show notes."""
_INSTEAD = "a formula you will find in the show notes"


def say_math(formula: str) -> tuple[str, int]:
    """A formula without its dollar signs, said, and how surely in percent."""
    pieces = [said for piece in _PIECE.finditer(formula) if (said := _say(piece))]
    if len(pieces) > _TOO_LONG:
        return _INSTEAD, 50
    return " ".join(pieces), 90 if len(pieces) == 1 else 60


def say_symbol(mark: str) -> str:
    """One character that is no letter, digit or space, said; punctuation stays itself."""
    return _SYMBOLS.get(mark, mark)


def _say(piece: re.Match[str]) -> str:
    command, power_group, power, sub_group, sub, plain, sign = piece.groups()
    if command:
        return _COMMANDS.get(command, command if len(command) > 2 else "")
    if exponent := power_group or power:
        return _POWERS.get(exponent, f"to the {_flat(exponent)}")
    if index := sub_group or sub:
        return f"sub {_flat(index)}"
    if sign:
        return _SIGNS[sign]
    return plain or ""


def _flat(part: str) -> str:
    """What stands in an index or exponent, without marks; digits and letters only."""
    return " ".join(re.findall(r"[A-Za-z]+|\d+(?:\.\d+)?", part.replace("-", " minus ")))
