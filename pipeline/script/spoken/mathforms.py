r"""What mathematics writes in several ways, or in a way of its own, as plain TeX with one reading.

A formula goes through a table of rewrites before it is parsed: what a sign means beside its
neighbours ("∇×" is a curl, "|ψ⟩" a ket, "SU(2)" a group) is seen here, where the signs still stand
side by side. What comes out is TeX again; words are in \text{…}. Every pattern is bounded.
"""

import re
import unicodedata

from .mathtree import STYLED
from .rules import late

__all__ = ["plain_tex"]

_ACCENT = r"\\(?:mathbf|mathbb|mathds|bm|boldsymbol|pmb|vec)"
_VECTOR = r"\\(?:mathbf|bm|boldsymbol|pmb|vec)[ ]?\{?[A-Za-z]\}?"
_GROUP = r"(?:PS?[LOU]|S[OULE]|GL|PGL|U)"
"""The classical groups of matrices, by their letters."""
_STYLE = r"(?:\\(?:mathrm|text|operatorname|mathsf|mathbf)[ ]?)?"
_GROUP_OF = rf"(?<![A-Za-z]){_STYLE}\{{?({_GROUP})\}}?\(([0-9]{{1,2}}|[nNd])\)"
_SPACED = r"(?:\\(?:mathcal|mathbb|mathrm)[ ]?)?"
_SPACE = (
    rf"(?<![A-Za-z\\]){_SPACED}\{{?([CHLWS]|\\ell)\}}?"
    r"\^(?:\{([^{}]{1,12})\}|(\\[A-Za-z]{1,8}|\w))"
)
_MEASURED = r"([a-zA-Z](?:/[a-zA-Z]{1,3})?)"
_BOUND = r"([^()\[\],]{1,20})"
_STATE = r"[^|<>{}\\\n]{0,6}(?:\\[A-Za-z]{1,10}|\w)[^|<>{}\\\n]{0,6}(?:_\{?\w{1,3}\}?)?"

_REWRITES: tuple[tuple[str, str], ...] = (
    # the comma of a thousand, kept from being a comma of a list
    (r"(?<=[0-9])\{,\}(?=[0-9]{3})", ","),
    (r"\{\\(?:rm|sf|bf|it)[ ]([^{}]{1,30})\}", r"\\mathrm{\1}"),
    (r"\\(?:Big|big|bigg|Bigg)[lrm]?(?=[|\\([{)\]}])", ""),
    (r"\\arg\s*\\(max|min)", r"\\arg\1"),
    (r"[⟨〈]", r"\\langle "),
    (r"[⟩〉]", r"\\rangle "),
    (r"([0-9]\.[0-9]{1,8})\([0-9]{1,2}\)", r"\1"),
    # half-open intervals
    (rf"\({_BOUND},{_BOUND}\]|\[{_BOUND},{_BOUND}\)", r"{\1\3 \\text{to} \2\4}"),
    # an unbraced fraction takes one digit above and one below
    (r"(\\[dtc]?frac)[ ]?([0-9])[ ]?([0-9])", r"\1{\2}{\3}"),
    (r"\((\\mathbb\{S\}|S)\^(\w|\{\w{1,3}\})\)", r"({\1}{\2})"),
    (r"(?<![\w.,/)}^])([1-9][0-9]?)/([1-9][0-9]?)(?![\w.,/(])", r"\\frac{\1}{\2}"),
    (r"\{([^{}]{1,30})\\choose\b([^{}]{1,30})\}", r"\\binom{\1}{\2}"),
    (r"(?<=[A-Z])[ ]\\[ ](?=[A-Z])", r" \\setminus "),
    (r"\\r\{A\}", r"\\AA "),
    (r"\\href\{[^{}]{0,300}\}\{[^{}]{0,60}(?:\{[^{}]{0,60}\})?\}", r"\\text{this link}"),
    (r"\((?:\\cdot|·|⋅)(?:[ ]?,[ ]?(?:\\cdot|·|⋅)){0,3}\)", ""),
    (r"\\mathbb\{R\}_\{?(?:>[ ]?0|\+|\\gt[ ]0)\}?", r"\\text{the positive reals}"),
    (r"\\mathbb\{R\}_\{?(?:\\geq?[ ]?0|≥[ ]?0)\}?", r"\\text{the nonnegative reals}"),
    # an index of several letters is a word, but for i j k and the like
    (r"_\{(min|lin|(?![ijklmn]{3,4}\}|abcd?\}|xyz\})[a-z]{3,12})\}", r"_{\\text{\1}}"),
    # a star above
    (r"(?<![\w])([A-Za-zα-ωΑ-Ω])\*(?=\(\w\)|[ ]?[=,;)]|[ ]?\Z|_)", r"\1^*"),
    # from 1 to n
    (
        r"[ ]?,(?:\\[,;: ]|[ ~]){0,3}(?:\\(?:l|c)?dots[cbio]?(?![A-Za-z])|…|\.\.\.)(?:\\[,;: ]|[ ~]){0,3},",
        r" \\text{through} ",
    ),
    (r"…|\.\.\.", r"\\ldots "),
    # vectors and fields
    (r"(?:\\nabla|∇)[ ]?(?:\\cdot(?![A-Za-z])|[·⋅])", r"\\text{the divergence of} "),
    (r"(?:\\nabla|∇)[ ]?(?:\\times(?![A-Za-z])|×)", r"\\text{the curl of} "),
    (rf"({_VECTOR}(?:_\w)?)[ ]?\\cdot(?=[ ]?{_VECTOR})", r"\1\\text{ dot }"),
    (rf"({_VECTOR}(?:_\w)?)[ ]?\\times(?=[ ]?{_VECTOR})", r"\1\\text{ cross }"),
    (r"\\equiv(?=[^=]{1,30}\\p?mod(?![A-Za-z]))", r"\\text{is congruent to}"),
    # states of quantum mechanics
    (r"\\(?:ket)\{([^{}]{1,30})\}", r"|\1\\rangle "),
    (r"\\(?:bra)\{([^{}]{1,30})\}", r"\\langle \1|"),
    (
        rf"\\langle[ ]?({_STATE})[ ]?\|[ ]?({_STATE})[ ]?\|[ ]?({_STATE})[ ]?\\rangle(?![A-Za-z])",
        r"\\text{bra} \1 \2 \\text{ket} \3 ",
    ),
    (
        rf"\\langle[ ]?({_STATE})[ ]?\|[ ]?({_STATE})[ ]?\\rangle(?![A-Za-z])",
        r"\\text{the inner product of} \1 \\text{and} \2 ",
    ),
    (rf"\|[ ]?({_STATE})[ ]?\\rangle(?![A-Za-z])", r"\\text{ket} \1 "),
    (rf"\\langle[ ]?({_STATE})[ ]?\|", r"\\text{bra} \1 "),
    # indicators
    (
        rf"{_ACCENT}\{{?1\}}?[ ]?(?:\\left)?\\\{{([^{{}}]{{1,60}}?)(?:\\right)?\\\}}",
        r"\\text{the indicator of} {\1}",
    ),
    (rf"{_ACCENT}\{{?1\}}?[ ]?_[ ]?(?=[\w\\{{])", r"\\text{the indicator of} "),
    (rf"{_ACCENT}\{{?1\}}?[ ]?(?=[\[(])", r"\\text{the indicator of}"),
    # groups, and products of them
    (rf"{_GROUP_OF}[ ]?(?:\\times(?![A-Za-z])|×)(?=[ ]?\\?[A-Za-z{{])", r"{\1}{\2}\\text{cross}"),
    (_GROUP_OF, r"{\1}{\2}"),
    # spaces of functions, spheres: a number above a letter that is no power
    (rf"{_SPACE}(?=[ ]?(?:\\left)?\()", r"\\text{\1}{\2\3}\\text{ of }"),
    (rf"\A\s*{_SPACED}\{{?([CLS]|\\ell)\}}?\^\{{?(\\infty|∞|\w)\}}?(?=\s*\Z)", r"{\1}{\2}"),
    (r"\((?:\\mathbb\{S\}|S)\^(\w|\{\w{1,3}\})\)", r"({S}{\1})"),
    (r"(?<![A-Za-z\\])([CL]|\\ell)\^\{?(\\infty|∞)\}?", r"{\1}{\2}"),
    (r"(?<=\\mathbb\{Z\})/", r"\\bmod "),
    # units of measurement with powers
    (r"(?:\\(?:mathrm|text|rm)|\\,)[ ]?\{[ ]?([^{}]{1,20}(?:\{[-−]?[0-9]\}[^{}]{0,20}){1,4})\}", r"\\,\1"),
    (
        rf"(?<=[0-9])(?:\\[, ]|[~ ]){{0,3}}\\mu[ ]?(?:\\(?:text|mathrm)\{{)?{_MEASURED}\}}?(?![a-zA-Z])",
        r"\\text{µ\1}",
    ),
    (r"\\(?:mathrm|text|mathit)[ ]?\{([^{}]{0,40}[\\_^][^{}]{0,40})\}", r"{\1}"),
    # small matrices
    (r"\\begin\{([pbv]?matrix|smallmatrix)\}([^&\\]{1,12}(?:&[^&\\]{1,12}){0,2})\\\\([^&\\]{1,12}(?:&[^&\\]{1,12}){0,2})\\end\{\1\}",
     r"\\text{the matrix with rows} \2\\text{and} \3"),
)  # fmt: skip
_COMPILED = tuple((late(pattern), instead) for pattern, instead in _REWRITES)
_STYLED = re.compile(f"[{STYLED}ﬀ-ﬆ]")


def plain_tex(formula: str) -> str:
    """A formula in TeX with what has a reading of its own spelled out."""
    formula = _STYLED.sub(lambda styled: unicodedata.normalize("NFKC", styled[0]), formula)
    for pattern, instead in _COMPILED:
        formula = pattern.sub(instead, formula)
    return formula
