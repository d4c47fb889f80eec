r"""Where a formula without dollar signs begins and ends in running text, and its signs as TeX.

`run` gives the pattern of a stretch of letters, numbers, operators and brackets; a tell within it,
such as a relation or an index, is what makes it a formula, and each family knows its own tells:
latex those of TeX ("x_{ij}", "\alpha = 2"), symbols those of plain text ("p < 0.05", "10⁻³").
"""

import re
from collections.abc import Iterator

__all__ = ["INDICES", "POWERS", "SIGNS", "STYLED", "run", "to_tex"]

POWERS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ", "0123456789+-()ni", strict=True))
INDICES = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ᵢⱼₖₙₜₓ", "0123456789+-()ijkntx", strict=True))
_ASCII = {"->": "→", "=>": "⇒", "<=": "≤", ">=": "≥", "!=": "≠", "~=": "≈", "<<": "≪", ">>": "≫", "==": "="}
_FUNCTION = re.compile(r"(?<![A-Za-z\\])(log|exp|min|max|sin|cos)(?![A-Za-z])")
_ASCII_SIGN = re.compile(r"->|=>|<=|>=|!=|~=|<<|>>|==")

SIGNS = "≤≥≈≃≠±∓×⋅→⇒↦∈∉∞∂∇∑∏∫√∼∝∪∩⊂⊆∀∃≪≫≡⊤⊙⊗⊕ℝℕℤ𝔼ℓ∅‖∥÷⌊⌋⌈⌉⟨⟩∧∨¬∘☉"
"""For a character class: signs that only mathematics has."""
STYLED = "\U0001d400-\U0001d7ff"
"""For a character class: letters and digits in the styles of mathematics."""
_SCRIPTS = re.escape("".join({**POWERS, **INDICES}))
_UNIT = r"(?:[fpnµμmckMGTP](?:m|s|g|Hz|B|W|V|A|J|eV|Pa|L|mol)|Hz|eV|Pa|mol|°[CF]?)(?![\w])"
"""A number with one of these is a measure and no part of a formula."""
_ATOM = rf"""(?>
      \\(?:[A-Za-z]{{1,30}}|[,;:!|{{}}%\ ])
    | [0-9]{{1,20}}(?:[.,][0-9]{{1,20}})?%?(?![0-9.,]*[ ]?{_UNIT})
    | (?:log|exp|min|max|sin|cos)(?![A-Za-z]) | [a-z]{{2,4}}(?=[\^_(])
    | [A-Z]{{1,4}}(?![A-Za-z]) | [A-Za-z](?![A-Za-z]|-[A-Za-z]{{2}}) | [μµ](?![a-zA-Z])
    | (?![μµ]|[Ͱ-Ͽἀ-῿]{{3}})[α-ωΑ-Ωϵϕ]
    | [{SIGNS}{_SCRIPTS}{STYLED}] | ->|=>|<=|>=|!=|==
    | \{{[^{{}}\n]{{0,200}}(?:\{{[^{{}}\n]{{0,100}}\}}[^{{}}\n]{{0,100}}){{0,6}}\}} | \[[^\[\]\n]{{0,60}}\]
    | [(){{}}|=<>+*/!'^_~−] | -(?![A-Za-z]{{2}})
)"""
_NAME = r"[A-Z]{2,4}(?:-[0-9]{0,2}[α-ω]|[ ][A-Za-z0-9(α-ω])"
"""A name such as "TGF-β", or initials before a formula."""
_GAP = r"[ ]{0,2}[,:;.|]?[ ]{0,2}(?!(?<=[\w)}%][ ])[0-9])"
"""Between two atoms; no number stands beside a factor."""
_MOST_ATOMS = 120


def run(tell_ahead: str) -> re.Pattern[str]:
    """The longest stretch that may be a formula, if `tell_ahead`, a pattern, matches near its start."""
    return re.compile(
        rf"""
        (?![-<>=*/|+~(]{{4}} | \{{ | {_NAME}) (?={tell_ahead})
        {_ATOM} (?>{_GAP}{_ATOM}){{0,{_MOST_ATOMS}}} (?<![\s(,:;.<>=~*/|+-])
        """,
        re.VERBOSE,
    )


def to_tex(text: str) -> str:
    """A formula with its Unicode and two-character signs as TeX; powers and indices in braces."""
    text = _FUNCTION.sub(r"\\\1 ", text.replace(" ~", " ∼").replace("☉", r"_{\odot}"))
    return "".join(_tex_of(_ASCII_SIGN.sub(lambda sign: _ASCII[sign[0]], text)))


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
