r"""Where a formula without dollar signs begins and ends in running text, and its signs as TeX.

`run` gives the pattern of a stretch of letters, numbers, operators and brackets; a tell within it,
such as a relation or an index, is what makes it a formula, and each family knows its own tells:
latex those of TeX ("x_{ij}", "\alpha = 2"), symbols those of plain text ("p < 0.05", "10⁻³").
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from .maths import say_math
from .mathtree import STYLED
from .rules import Reading, late, word_before

__all__ = ["INDICES", "POWERS", "SIGNS", "after_word", "run", "say_run"]

POWERS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ", "0123456789+-()ni", strict=True))
INDICES = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ᵢⱼₖₙₜₓ", "0123456789+-()ijkntx", strict=True))
_ASCII = {"->": "→", "=>": "⇒", "<=": "≤", ">=": "≥", "!=": "≠", "~=": "≈", "<<": "≪", ">>": "≫", "==": "="}
_FUNCTION = re.compile(r"(?<![A-Za-z\\])(log|exp|min|max|sin|cos|tan|ln)(?![A-Za-z])")
_EXPONENT = re.compile(r"(?P<front>[0-9]{1,20}(?:\.[0-9]{1,20})?)[eE]\+?(?P<power>[-−]?[0-9]{1,3})(?!\w)")
_TAG = re.compile("<sup>(.{1,4}?)</sup>")
_SET = re.compile(r"(?<=[ (=∈⊂⊆])\{([^{}]{1,60})\}")
_POWER = re.compile(r"\^([-−][0-9]{1,4}|[-−][a-z](?![A-Za-z]))")
_DERIVATIVE = re.compile(r"\b(d[a-z])/(d[a-z])(?![A-Za-z])")
_WORD = re.compile(r"(?<![A-Za-z\\{])([A-Za-z]{2,10})(?=\()")
_ACCENTED = re.compile("[À-ỹ]")
_HATS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar"}
_HAT = "[\u0302-\u0304]"
_HATTED = re.compile(f"(.)({_HAT})")
_INDEX = re.compile(r"_([A-Z]{2,4})(?![A-Za-z])")
_ARTICLE = re.compile(
    r"[aA][ ](?:[<>≤≥~≈](?=[0-9])|\*)"
    r"|[aAI][ ](?=[\w√∇∂∑∏∫∀∃(|‖]|\\(?!(?:subset|neq?|in|leq?|geq?|approx|sim|equiv|to|cup|cap|times|cdot|pm"
    r"|mapsto|perp|propto|rightarrow|ll|gg|setminus|mid|wedge|vee|circ)(?![A-Za-z])|subseteq))"
)
_OPERAND = re.compile(rf"[A-Za-zα-ωΑ-Ω0-9∞ℓℝℕℤ𝔼{STYLED}]")
_OPEN_END = re.compile(r"(?:\\[,;:! ]|(?<![\w^])\*|(?<!</sup)[ ,:;.<>=~/+−(-])+\Z")
_EMPHASISED = re.compile(r"(?:\A|[\s(\"'])[*]{1,2}(?=[^\s*])[^*]{1,200}\Z")
"""Before a star that closes what another opened."""
_FAR = 200
_IS = re.compile(r" (?P<verb>is )?(?=(?:(?:much )?(?:greater|less|about|at (?:most|least))|not equal) )")
_NAMED = re.compile(r"the ([a-z]+)(?= of )")
"""What a formula says that its sentence may just have said."""
_ARTICLES = frozenset("a an each every his its our some the their this".split())
_ENDLESS = re.compile(r" to (?=(?:plus |minus )?(?:infinity|zero)\b)")
_CLAUSE = frozenset(
    "and because but get have hence holds if implies or since so such that then thus until when whenever "
    "where whether while".split()
)
"""Words after which a formula is a clause, with a verb."""
_ASCII_SIGN = re.compile(r"->|=>|<=|>=|!=|~=|<<|>>|==")

SIGNS = "≤≥≈≃≅≲≳⩽⩾≠±∓×⋅∙→⇒⇔⟹⟺↦∈∉∞∂∇∑∏∫√∼∝∪∩⊂⊆∀∃≪≫≡⊤⊙⊗⊕ℝℕℤ𝔼ℓ∅‖∥÷⌊⌋⌈⌉⟨⟩∧∨¬∘☉∖"
"""For a character class: signs that only mathematics has."""
_SCRIPTS = re.escape("".join({**POWERS, **INDICES}))
_UNIT = r"(?:[fpnµμmckMGTP](?:m|s|g|Hz|B|W|V|A|J|eV|Pa|L|mol)|Hz|eV|Pa|mol|°[CF]?)(?![\w])"
"""A number with one of these is a measure and no part of a formula."""
_MANY = r"[kMB][ ][a-z]{3,15}s(?![\w])"
"""Of a number that counts, as in "1.2M nodes": it is no factor either."""
_RAISED_TAG = (
    r"(?:(?<![A-Za-z][A-Za-z])(?<=[A-Za-zα-ω)])(?<!%\))|(?<![0-9][0-9][0-9])(?<=[0-9]))"
    r"<sup>[-−–+]?(?:[0-9]{1,3}|[a-z])</sup>"
)
"""A power in HTML, of a letter, a bracket or a short number; of a word or a year it is a note."""
_NUMBER = r"(?:[0-9]{1,20}(?:[.,][0-9]{1,20})?|\.[0-9]{1,20})"
_ATOM = rf"""(?>
      {_RAISED_TAG}
    | \\(?:[A-Za-z]{{1,30}}|[,;:!|{{}}%\ ])
    | {_NUMBER}(?:[eE][-+−]?[0-9]{{1,3}}(?!\w))?%?(?![0-9.,]*(?:[ ]?{_UNIT}|{_MANY}))
    | d[a-z]/d[a-z](?![A-Za-z])
    | (?:(?<=\\,)|(?<=\)))d[a-z](?![A-Za-z]) | (?:log|exp|min|max|sin|cos)(?![A-Za-z])
    | [a-z]{{2,4}}(?=\^|_(?!_))
    | (?<=[=+−*/(][ ])[a-z]{{2,3}}(?=[²³]) | [A-Z]?[a-z]{{2,9}}(?=\()
    | [A-Z][a-z](?=[ ]?[+=−<>≤≥]) | (?<=[=+−(][ ])[A-Z][a-z](?!\w)
    | (?<=[OoΘΩ]\()[A-Za-z]{{1,4}}(?=\))
    | [A-Z]{{2,4}}(?![A-Za-z]|-[\wα-ω])
    | [A-ZÕ]{_HAT}?(?![A-Za-z]|\.[ ]?[A-Z]) | [a-z]{_HAT}?(?![A-Za-z]|-[A-Za-z]{{2}}|\.[a-z]\.)
    | [μµ](?![a-zA-Z])
    | (?![μµ]|[Ͱ-Ͽἀ-῿]{{3}})[α-ωΑ-Ωϵϕ]{_HAT}?
    | [{SIGNS}{_SCRIPTS}{STYLED}] | ->|=>|<=|>=|!=|==
    | \{{[^{{}}\n]{{0,200}}(?:\{{[^{{}}\n]{{0,100}}\}}[^{{}}\n]{{0,100}}){{0,6}}\}} | \[[^\[\]\n]{{0,60}}\]
    | (?<=[∇\w)])·(?=[\w(∇])
    | \.\.\. | … | [(){{}}|=<>+*/!^_~−] | '(?!s\b) | -(?![A-Za-z]{{2}})
)"""
_NAME = r"(?:[A-Z]{2,4}(?:-[0-9]{0,2}[α-ω]|[ ][A-Za-z0-9(α-ω])|[0-9]{1,4}[ ]?×[ ]?[A-Z][A-Za-z]{0,12}-?[0-9])"
"""A name such as "TGF-β", initials before a formula, or so many of a name."""
_MEASURE = r"(?:[fpnµμckMG]?(?:m|g|Hz|eV|J|W|L|mol|pc)|ms|yr|erg|s(?=⁻))(?:\^\{?[-−][1-4]|⁻[¹²³⁴])"
"""Such as "cm⁻²", which is no power of variables."""
_MEASURED = (
    r"[fpnµμmckMG]?(?:m|g|s|J|W|V|eV|L|mol|Hz)/"
    r"|[fpna]b(?=\^|⁻)|[µm]?M(?=\^\{?[-−]|⁻)|(?:[fpnµμmckMGTP](?:m|s|g|Hz|B|W|V|A|J|eV|Pa|L|mol)|Hz|eV|erg|[kMG]?pc|yr|px)(?!\w)"
)
_GAP = (
    r"[ ]{0,2}[,:;|]?[ ]{0,2}(?!(?:(?<=[0-9)}%][ ])|(?<=[^A-Za-z\\][A-Za-z][ ]))[0-9]|(?<=[,;:][ ])[A-Z]{2}"
    rf"|(?<=[0-9⁰¹²³⁴-⁹}}][ ])(?:{_MEASURED})|(?<=[0-9%][ ])[(\[]"
    r"|(?<=[ ])\((?=[^()\n]{0,60}(?:[=<>≤≥≈→]|->)))"
)
"""Between two atoms; no number stands beside a factor, no name in a list of formulas, no unit in any."""
_MOST_ATOMS = 120


def run(tell_ahead: str) -> re.Pattern[str]:
    """The longest stretch that may be a formula, if `tell_ahead`, a pattern, matches near its start."""
    return late(
        rf"""
        (?![-<>=*/|+~(\ ]{{4}} | \{{ | {_NAME} | {_MEASURE}) (?={tell_ahead})
        {_ATOM} (?>{_GAP}{_ATOM}){{0,{_MOST_ATOMS}}}
        """,
        re.VERBOSE,
    )


def say_run(match: re.Match[str], tells: re.Pattern[str]) -> Reading | None:
    """What a run matched by `run` says, if it holds one of `tells`; None if it is no formula.

    Brackets around all of it, and one that is not closed in it, are left to the sentence.
    """
    text = _balanced(match[0])
    if match.string[match.start() - 1 : match.start()] == "*":
        text = text.partition("*")[0]  # its emphasis ends there
    if text.endswith("*") and _EMPHASISED.search(match.string, max(0, match.start() - _FAR), match.start()):
        text = text.rstrip("*")
    if not tells.search(text) or _ARTICLE.match(text) or not _OPERAND.search(text):
        return None
    reading = after_word(match, say_math(_to_tex(text)))
    return replace(reading, length=len(text)) if reading.spoken else None


def after_word(match: re.Match[str], reading: Reading) -> Reading:
    """A formula's reading as it goes on from the word before.

    After "that" it is a clause, "n is at most two"; after "for" or a noun, "for n greater than two", it is
    none; "as" is followed by what goes to a limit.
    """
    word = word_before(match)
    if word.lower() == "as":
        return replace(reading, spoken=_ENDLESS.sub(" goes to ", reading.spoken))
    named = _NAMED.match(reading.spoken)
    if named and named[1] == word:
        return replace(reading, spoken=reading.spoken[named.end() + 1 :])
    if word in _ARTICLES:
        return replace(reading, spoken=_IS.sub(" ", reading.spoken.removeprefix("the "), count=1))
    if word in _CLAUSE:
        return replace(reading, spoken=_IS.sub(" is ", reading.spoken, count=1))
    return replace(reading, spoken=_IS.sub(" ", reading.spoken, count=1)) if word.islower() else reading


def _balanced(text: str) -> str:
    """The first formula of a list, as far as its round brackets match, without an operator at its end.

    "" for what stands in brackets as a whole: they are the sentence's.
    """
    opened: list[int] = []
    pairs: dict[int, int] = {}
    for place, char in enumerate(text):
        if char in ",;" and not opened and text[place + 1 : place + 2] == " " and _is_outside(text, place):
            text = text[:place]
            break
        if char == "(":
            opened.append(place)
        elif char == ")" and not opened:
            text = text[:place]
            break
        elif char == ")":
            pairs[opened.pop()] = place
    text = _OPEN_END.sub("", text[: opened[0]] if opened and opened[0] < len(text) else text)
    if pairs.get(0) == len(text) - 1:
        return ""
    return _OPEN_END.sub("", text[:-1]) if text.count("|") % 2 and text.endswith("|") else text


def _is_outside(text: str, place: int) -> bool:
    """Whether a place is in no square bracket and no brace."""
    return all(text.count(left, 0, place) == text.count(right, 0, place) for left, right in ("[]", "{}"))


def _to_tex(text: str) -> str:
    """A formula with its Unicode and two-character signs as TeX; powers and indices in braces."""
    text = _TAG.sub(r"^{\1}", text)
    text = _EXPONENT.sub(_power_of_ten, text.replace(" ~", " ∼").replace("☉", r"_{\odot}"))
    text = _SET.sub(r"\\{\1\\}", text)
    text = _POWER.sub(r"^{\1}", text)
    text = _DERIVATIVE.sub(r"\\frac{\1}{\2}", _hatted(text))
    text = _WORD.sub(r"\\text{\1}", text)
    text = _INDEX.sub(r"_{\\text{\1}}", _FUNCTION.sub(r"\\\1 ", text))
    return "".join(_tex_of(_ASCII_SIGN.sub(lambda sign: _ASCII[sign[0]], text)))


def _hatted(text: str) -> str:
    """Letters with a hat, a bar or a tilde as TeX has them."""
    plain = _ACCENTED.sub(lambda letter: unicodedata.normalize("NFD", letter[0]), text)
    return _HATTED.sub(lambda letter: f"\\{_HATS[letter[2]]}{{{letter[1]}}}", plain)


def _power_of_ten(number: re.Match[str]) -> str:
    """ "1e-5", "2.5e6"."""
    power = f"10^{{{number['power']}}}"
    return power if number["front"] == "1" else rf"{number['front']} \times {power}"


def _tex_of(text: str) -> Iterator[str]:
    script = ""
    for char in text:
        kind = "^" if char in POWERS else "_" if char in INDICES else ""
        if script and kind != script:
            yield "}"
        if kind and kind != script:
            yield f"{kind}{{"
        script = kind
        yield POWERS.get(char) or INDICES.get(char) or char
    if script:
        yield "}"
