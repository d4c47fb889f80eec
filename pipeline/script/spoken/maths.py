"""Inline formulas and mathematical signs, tersely; a formula is said whole or not at all."""

import re

__all__ = ["say_math", "say_symbol"]

_SYMBOLS = {
    "≈": " about ", "≤": " at most ", "≥": " at least ", "≠": " is not ", "±": " plus or minus ",
    "×": " times ", "÷": " divided by ", "→": " to ", "∞": " infinity ", "√": " the root of ",
    "°": " degrees ", "α": " alpha ", "β": " beta ", "γ": " gamma ", "δ": " delta ", "ε": " epsilon ",
    "θ": " theta ", "λ": " lambda ", "μ": " mu ", "π": " pi ", "σ": " sigma ", "τ": " tau ",
    "φ": " phi ", "ω": " omega ", "&": " and ", "<": " less than ", ">": " more than ",
    "=": " equals ", "\\": " ", "|": ", ", "$": " dollar ", "{": " ", "}": " ", "^": " to the ", "_": " ",
    "#": " ", "~": " about ", "*": " ", "`": " ", "[": ", ", "]": ", ",
}  # fmt: skip

_COMMANDS = {
    "times": "times", "cdot": "times", "le": "at most", "leq": "at most", "ge": "at least",
    "geq": "at least", "approx": "about", "sim": "is distributed as", "ll": "is far below",
    "gg": "is far above", "ne": "is not", "neq": "is not", "in": "in", "to": "to", "infty": "infinity",
    "log": "log", "exp": "exp", "ln": "log", "max": "max", "min": "min", "mid": "given",
    "pm": "plus or minus",
    "alpha": "alpha", "beta": "beta", "gamma": "gamma", "delta": "delta", "epsilon": "epsilon",
    "theta": "theta", "lambda": "lambda", "mu": "mu", "pi": "pi", "sigma": "sigma", "tau": "tau",
    "phi": "phi", "omega": "omega",
}  # fmt: skip
_STYLES = re.compile(
    r"\\(?:mathbb|mathbf|mathcal|mathrm|operatorname|text|left|right|quad|,|;|!)(?![A-Za-z])"
)
_FRACTION = re.compile(r"\\[td]?frac\{([^{}]*)\}\{([^{}]*)\}")

_PIECE = re.compile(
    r"""
      \\(?P<command> [A-Za-z]+ )
    | (?P<percent>  \\% )
    | \^\{ (?P<power>  [^{}^_]* ) \} | \^ (?P<short_power> [A-Za-z0-9*] )
    | _\{  (?P<index>  [^{}^_]* ) \} | _  (?P<short_index> [A-Za-z0-9] )
    | (?P<plain>    [A-Za-z]+ | \d+(?:[.,]\d+)* )
    | (?P<of>       (?<=[A-Za-z])\( )
    | (?P<sign>     [=<>+/-] | (?<=[A-Za-z])\|(?=[A-Za-z]) )
    | (?P<silent>   [\s(){},] )
    | (?P<unknown>  . )
    """,
    re.VERBOSE | re.DOTALL,
)
_SIGNS = {
    "=": "equals", "<": "is less than", ">": "is more than", "+": "plus", "-": "minus", "/": "over",
    "|": "given",
}  # fmt: skip
_POWERS = {"2": "squared", "3": "cubed", "*": "star"}

_TOO_LONG = 40
"""Words of a formula that a listener can follow; a longer one is left to the show notes."""
_INSTEAD = "a formula you will find in the show notes", 50


def say_math(formula: str) -> tuple[str, int]:
    """A formula without its dollar signs, said, and how surely in percent.

    One that is too long, or holds anything without a reading here, is left to the show notes.
    """
    plain = _FRACTION.sub(r"\1 / \2", _STYLES.sub(" ", formula.replace("{,}", ",")))
    words: list[str] = []
    for piece in _PIECE.finditer(plain):
        said = _say(piece)
        if said is None:
            return _INSTEAD
        words += said.split()
    if not words or len(words) > _TOO_LONG:
        return _INSTEAD
    return " ".join(words), 90 if len(words) == 1 else 60


def say_symbol(mark: str) -> str:
    """One character that is no letter, digit or space, said; punctuation stays itself."""
    return _SYMBOLS.get(mark, mark)


def _say(piece: re.Match[str]) -> str | None:
    """What is said for a piece of a formula; None if there is no reading for it."""
    kind, text = piece.lastgroup, piece[piece.lastgroup or 0]
    if kind == "command":
        return _COMMANDS.get(text)
    if kind in ("power", "short_power"):
        return _POWERS.get(text) or f"to the {_flat(text)}"
    if kind in ("index", "short_index"):
        return f"sub {_flat(text)}"
    if kind == "sign":
        return _SIGNS[text]
    return {"percent": "percent", "of": "of", "silent": "", "plain": text}.get(kind or "unknown")


def _flat(part: str) -> str:
    """What stands in an index or exponent: letters, numbers and minus."""
    return " ".join(re.findall(r"[A-Za-z]+|\d+(?:\.\d+)?|minus", part.replace("-", " minus ")))
