"""Mathematics in plain text, and what a character says that no rule has claimed."""

import re
import unicodedata
from string import ascii_lowercase

from .formulas import INDICES, POWERS, SIGNS, run, say_run
from .maths import say_math
from .mathtree import STYLED
from .numerals import cardinal, decimal, digits
from .rules import DIGIT, GREEK, LETTER, Reader, Reading, Rule, late

__all__ = ["RULES", "say_symbol"]

_SIGNS = {
    "&": "and", "%": "percent", "+": "plus", "=": "equals", "<": "less than", ">": "greater than",
    "@": "at", "#": "hash", "$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₩": "won", "₹": "rupee",
    "¢": "cents", "/": "slash", "±": "plus or minus", "×": "times", "÷": "divided by", "≈": "approximately",
    "≃": "approximately", "≅": "approximately", "≤": "at most", "≥": "at least", "≠": "is not", "→": "to",
    "⇒": "implies", "←": "from", "↔": "to and from", "∞": "infinity", "√": "the root of", "°": "degrees",
    "º": "degree", "‰": "per mille", "½": "one half", "¼": "one quarter", "¾": "three quarters",
    "⅓": "one third", "⅔": "two thirds", "∈": "in", "∑": "the sum of", "∏": "the product of",
    "∫": "the integral of", "∂": "partial", "∇": "the gradient of", "∀": "for all", "∃": "there exists",
    "∪": "union", "∩": "intersection", "⊂": "is a subset of", "⊆": "is a subset of", "∅": "the empty set",
    "∼": "about", "∝": "is proportional to", "≡": "is equivalent to", "≪": "is much less than",
    "≫": "is much greater than", "⊗": "tensor", "⊕": "plus", "⊙": "times", "⋅": "times", "−": "minus",
    "†": "", "‡": "", "¶": "", "§": "section", "©": "copyright", "®": "", "™": "", "№": "number", "•": "",
    "‣": "", "▪": "", "♯": "sharp", "♭": "flat",
    "◦": "", "⁃": "",
    "·": "", "‖": "", "|": "", "\\": "", "^": "", "_": "", "~": "", "′": "prime", "″": "double prime",
    "☉": "sun", "*": "", "`": "", "{": "", "}": "", "[": "", "]": "", "⟨": "", "⟩": "",
    "‒": ",", "–": ",", "—": ",", "―": ",", "…": "…",
}  # fmt: skip
"""What one character is said as where it stands by itself."""

_SCRIPTS = re.escape("".join({**POWERS, **INDICES}))
_NAMED = (
    "(?:sin|cos|tan|exp|log|ln|tanh|max|min|softmax|argmax|argmin|poly|polylog|sigmoid|ReLU|Cov|Var|diag|sign|sgn"
    "|rank|tr|det|dim|ker|gcd|lcm|erf|Pr)"
)
"""Functions that are known by their names."""
_LESS = (
    r"(?:(?<=[ (])|^)(?:[b-z][ ][-−][ ][0-9]{1,2}(?![\w.,%-]|[ ][-–])|[0-9]{1,3}[ ][-−][ ][0-9]{1,3}/[a-z])"
)
"""One less of something, as "n - 1", or of one, as "1 - 1/e"."""
_RUN = run(
    rf"[^\n]{{0,60}}?(?:[=<>{SIGNS}{STYLED}{_SCRIPTS}^α-ωΑ-Ω]|[A-Za-zΘΩ]\(|\|[A-Za-z]\||(?:[EP]|Pr)\["
    r"|[\w)][ ]?[-−][ ][0-9]|[A-Za-zα-ω]\*)"
)
_TELLS = late(
    rf"[=<>^][ ]?[-−+]?[\w.(√∞{SIGNS}{STYLED}]|[{SIGNS}{STYLED}{_SCRIPTS}]|[α-ωΑ-Ω]|[=]|{_LESS}|[\w)] − [\w(]"
    rf"|(?:^|[\s(=+*/-])[A-Za-zΘΩÕα-ω]\([^()]{{1,40}}\)|\|[A-Za-z]\||[A-Za-z]d?/d[a-z]|^(?:E|P|Pr)\["
    rf"|^{_NAMED}\(|^(?:P?S[OULE]|GL|Sp|Spin)\([0-9nd]|[A-Za-zα-ω]\*(?:\(\w\)|[ ]|\Z)"
)
"""What makes a run of letters, digits and signs a formula."""
_BOUND = late(r"(?P<sign>[~≈∼<>≤≥]|<=|>=)[ ]?(?=[-−]?\.?[0-9$€£])")
_BOUNDS = {
    "≈": "approximately",
    "<": "less than",
    ">": "more than",
    "≤": "at most",
    "≥": "at least",
    "<=": "at most",
    ">=": "at least",
}
_NUMBERED = late(r"#([0-9]{5,20})?(?=[0-9]|(?<=[0-9]))")
_OPTION = late(r"--(?=[a-z])")
"""Of a command line."""
_INTERVAL = late(
    r"\[(?P<low>[-−]?[0-9]{0,6}\.?[0-9]{1,6})(?:[,;] ?|[ ]?[–-]{1,2}[ ]?|[ ]to[ ])"
    r"(?P<high>[-−]?[0-9]{0,6}\.[0-9]{1,6})\]"
)
_AFTER_NUMBER = late(r"[0-9]%?[ ]\Z")
_DEGREES = late(r"[°º](?P<scale>[CF])(?!\w)")
_TIMES = late(r"[*×·](?=[ ]?[0-9])")
_SOLAR = late(r"(?P<what>[MLR])[☉⊙]")
_SOLAR_UNITS = {"M": "solar masses", "L": "solar luminosities", "R": "solar radii"}
_RAISED = late("[⁰¹²³⁴-⁹₀-₉]{1,9}")
_ION = late(r"(?P<element>[A-Z][a-z]?)(?P<charge>[²³⁴])?(?P<sign>[⁺⁻])")
_HATTED = late(r"(?P<letter>[A-Za-z][\u0302\u0303\u0304]|[ŷŵĉĝĥĵŝẑẽỹṽȳ])(?![\w’'])")
_HATS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar"}
_GREEK = late(r"[Ͱ-Ͽἀ-῿]{1,40}|µ")
_ARROW = late(r"[ ]?(?:-{1,2}>|→|⟶)[ ]?(?=\w)")
_IMPLIES = late(r"(?:={1,2}>|⇒)")
_TO = late(r"(?<=\w)[‒–](?=#?[0-9])")
_PRIME = late(r"([b-hj-z])['’](?![\w'’])")
_FACTORIAL = late(r"([b-hj-z]|[0-9]{1,3})!(?=[ ][a-z=]|[)/])")
_JOINT = late(r"(?<=[^\W\d_])(?:–|--)(?=[^\W\d_])(?![^\n]{1,60}[^\W\d_]--[^\W\d_])")
"""An unspaced en dash joins: "Runge–Kutta"; two in a row may be a pair of dashes."""
_SPACED_DASH = late(r"(?:‒|–|—|―|-{2,3})")
_HYPHEN = late(r"-(?=[ \t])")
"""With blanks around it: a dash, or "to" between numbers."""


def say_symbol(char: str) -> str:
    """What one character is said as that is no letter and no digit; punctuation stays itself."""
    if char in _SIGNS:
        return _SIGNS[char]
    kind = unicodedata.category(char)[0]
    if kind == "N":
        return " ".join(
            decimal(digit) for digit in re.findall("[0-9]+", unicodedata.normalize("NFKC", char))
        ) or _value(char)
    return char if kind in "PL" or char.isascii() else " " if kind == "Z" else ""


def _value(char: str) -> str:
    """A digit or numeral of another script."""
    value = unicodedata.numeric(char, 0.5)
    return cardinal(int(value)) if value == int(value) else ""


def _run(match: re.Match[str], reader: Reader) -> Reading | None:
    """Plain mathematics."""
    return say_run(match, _TELLS)


def _greek(match: re.Match[str], reader: Reader) -> Reading:
    """One or two letters are symbols, more are a word in Greek."""
    return say_math(match[0]) if len(match[0]) < 3 else Reading(match[0], 40)


def _interval(match: re.Match[str], reader: Reader) -> str:
    """ "[0.1, 0.5]"; after an estimate, as in "1.9 [1.2–3.1]", it is an aside."""
    said = f"{reader.say(match['low'])} to {reader.say(match['high'])}"
    is_aside = _AFTER_NUMBER.search(match.string[max(0, match.start() - 3) : match.start()])
    return f"({said})" if is_aside else said


def _degrees(match: re.Match[str], reader: Reader) -> str:
    return f"degrees {'Celsius' if match['scale'] == 'C' else 'Fahrenheit'}"


def _hyphen(match: re.Match[str], reader: Reader) -> str | None:
    before, after = (
        match.string[max(0, match.start() - 2) : match.start()],
        match.string[match.end() :][:3].lstrip(),
    )
    if not before[-1:].isspace():
        return None
    return "to" if before[:1].isdecimal() and after[:1].isdecimal() else ","


def _prime(match: re.Match[str], reader: Reader) -> str | None:
    """ "from x to x'": a letter that was named before without its prime."""
    before = match.string[max(0, match.start() - 80) : match.start()]
    return f"{match[1]} prime" if re.search(rf"(?<![\w'’]){match[1]}(?![\w'’])", before) else None


def _factorial(match: re.Match[str], reader: Reader) -> str:
    return f"{match[1] if match[1].isalpha() else cardinal(match[1])} factorial"


def _number_sign(match: re.Match[str], reader: Reader) -> str:
    """ "#3", and the number of a grant digit by digit."""
    return f"number {digits(match[1])}" if match[1] else "number"


def _option(match: re.Match[str], reader: Reader) -> str | None:
    return "dash dash" if match.string[: match.start()][-1:].isspace() else None


def _raised(match: re.Match[str], reader: Reader) -> str:
    """Small digits that no other rule has claimed."""
    return cardinal(unicodedata.normalize("NFKC", match[0]))


def _ion(match: re.Match[str], reader: Reader) -> str:
    charge = f" {cardinal(unicodedata.normalize('NFKC', match['charge']))}" if match["charge"] else ""
    return f"{' '.join(match['element'].upper())}{charge} {'plus' if match['sign'] == '⁺' else 'minus'}"


def _hatted(match: re.Match[str], reader: Reader) -> str | None:
    """A single letter with the hat of an estimate, the bar of a mean."""
    before = match.string[max(0, match.start() - 1) : match.start()]
    plain = unicodedata.normalize("NFD", match["letter"])
    return None if before.isalpha() else f"{plain[0]} {_HATS[plain[1]]}"


RULES = (
    Rule("ion", "name", LETTER, _ION, _ion),
    Rule("prime", "math", LETTER, _PRIME, _prime, words=frozenset(ascii_lowercase)),
    Rule("factorial", "math", DIGIT + LETTER, _FACTORIAL, _factorial, words=frozenset(ascii_lowercase)),
    Rule("bound", "symbol", "~≈∼<>≤≥", _BOUND, lambda match, _: _BOUNDS.get(match["sign"], "about")),
    Rule("number-sign", "symbol", "#", _NUMBERED, _number_sign),
    Rule("option", "code", "-", _OPTION, _option),
    Rule("interval", "range", "[", _INTERVAL, _interval),
    Rule("degrees", "measure", "°º", _DEGREES, _degrees),
    Rule("times", "symbol", "*×·", _TIMES, lambda match, _: "times"),
    Rule(
        "formula",
        "math",
        LETTER + GREEK + DIGIT + "(±≈≤≥∇∂∑∏∫√∀∃‖∥|⌊⌈⟨<>=¬ℝ",
        _RUN,
        _run,
        words=frozenset(ascii_lowercase),
    ),
    Rule("solar", "measure", LETTER, _SOLAR, lambda match, _: _SOLAR_UNITS[match["what"]]),
    Rule("raised", "number", "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", _RAISED, _raised),
    Rule("hatted", "math", LETTER, _HATTED, _hatted),
    Rule("greek", "math", GREEK + "∇∂", _GREEK, _greek),
    Rule("arrow", "symbol", "-→⟶", _ARROW, lambda match, _: "to"),
    Rule("implies", "symbol", "=⇒", _IMPLIES, lambda match, _: "implies"),
    Rule("dash", "dash", "-", _HYPHEN, _hyphen),
    Rule("to", "range", "‒–", _TO, lambda match, _: "to"),
    Rule("joint", "space", "–-", _JOINT, lambda match, _: " "),
    Rule("dash", "dash", "‒–—―-", _SPACED_DASH, lambda match, _: ","),
)
