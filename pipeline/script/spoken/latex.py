"""LaTeX in running text: formulas between dollars, formulas without, and commands of prose."""

import re
from dataclasses import replace
from string import ascii_lowercase

from .accents import ACCENTED, plain_letters
from .formulas import after_word, run, say_run
from .maths import say_math
from .mathtree import called, is_sign
from .numerals import ordinal
from .rules import DIGIT, GREEK, LETTER, Reader, Reading, Rule, late, word_before

__all__ = ["RULES"]

_DOLLARS = late(
    r"\$\$([^$]{1,2000})\$\$|\$(?=[^\s$])([^$\n]{1,600}?)(?<=[^\s\\])\$(?![0-9])"
    r"|\$(?=[^\s$])([^$\n\\^_<>=]{0,40}[\\^_<>=][^$\n]{0,300}?)(?<=[^\s\\])\$(?=[0-9])"
)
_NUMBER = r"[0-9]{1,12}(?:[.,][0-9]{1,12}){0,3}(?:\\?%)?"
_MORE = r"\$(?=[\\^])[^$\n]{1,80}?(?<=[^\s\\])\$"
_AROUND = late(
    rf"""
    (?: {_NUMBER}[ ~]?\$(?=[\\^<>])(?!\\mu)
      | \$(?=(?:\\(?:sim|approx|pm|simeq|leq?|geq?|gtrsim|lesssim)|[<>~])[ ]?\$[ ~]?[0-9]) )
    [^$\n]{{1,80}}?(?<=[^\s\\])\$
    (?: [ ~]?{_NUMBER}(?:{_MORE})? | [CF](?!\w) )?
    """,
    re.VERBOSE,
)
"""A number and the formula that goes on from it, or before it: "3.2$\\times$", "$\\sim$15\\%"."""
_SCALE = late(r"(?<=circ\$)[CF]|(?<=circ\}\$)[CF]")
_SCALES = {"C": "Celsius", "F": "Fahrenheit"}
_ENDS = late(r"(?:\\[,;:! ]|[ ~])*([.,;?])\s*\Z")
"""What ends a sentence or a clause, and stands inside its formula."""
_PARENTHESISED = late(r"\\\(((?:(?!\\\)).){1,1000})\\\)|\\\[((?:(?!\\\]).){1,2000})\\\]", re.DOTALL)
_PAIR = late(r"([eμµτpπK])\^?\{?[+⁺]\}?\1\^?\{?[-−⁻]\}?(?![\w])")
"""A particle and its antiparticle."""
_WITHOUT = late(r"(?<=[A-Z][ ])\\(?=[ ][A-Z](?!\w))")
_ENVIRONMENT = late(
    r"\\begin\{([A-Za-z]{1,30}\*?)\}(?:(?!\\end\{).){0,4000}\\end\{[A-Za-z]{1,30}\*?\}", re.DOTALL
)
_OPENING = late(
    r"\\(?:emph|text(?:bf|it|sc|tt|sf|rm|normal|superscript|subscript)|underline|mbox|url|enquote|item|title"
    r"|caption|section|subsection|paragraph|href\{[^{}]{0,500}\})\*?\{|\{\\(?:bf|it|em|tt|rm|sc)[ ]"
)
_PARTS = {
    "alg": "algorithm", "app": "appendix", "ch": "chapter", "eq": "equation", "eqn": "equation",
    "fig": "figure", "sec": "section", "sect": "section", "tab": "table", "thm": "theorem",
}  # fmt: skip
_LABELLED = frozenset((*_PARTS, *_PARTS.values(), "lemma"))
_LABEL = r"[ ~]?\(?\\(?:ref|eqref)\{[^{}]{1,100}\}\)?(?:\([a-z]\)|[a-z](?!\w))?"
_DETERMINED = frozenset(
    "a above all an another any both each every following its main next our previous same supplementary "
    "that the their these this those".split()
)
"""Words after which no article stands."""
_REFERRED = late(
    rf"(?P<part>(?i:{'|'.join(sorted(_LABELLED, key=len, reverse=True))}))(?P<many>s)?\.?{_LABEL}"
    rf"(?:(?:,|,?[ ]and|–|--?){_LABEL}){{0,6}}"
)
"""What TeX numbers, such as "Eq.~\\ref{eq:loss}"."""
_CITED = late(r"(?:in|by|from|see|of|cf\.)[ ~]\\cite[a-z]{0,10}\*?(?:\[[^\]]{0,100}\]){0,2}\{[^{}]{0,300}\}")
_INVISIBLE = late(
    r"\\(?:begin|end|label|cite[a-z]{0,10}\*?"
    r"(?:\[[^\]]{0,100}\]){0,2}|footnotemark|vspace\*?|hspace\*?|index|input|include|bibliographystyle|ref|eqref|autoref|cref|Cref)\{[^{}]{0,300}\}"
    r"|\\(?:noindent|centering|newline|linebreak|pagebreak|par|item|maketitle|hfill|bf|it|em|tt|rm|sc|large|small|footnotesize|normalsize|protect|xspace|smallskip|medskip|bigskip)(?![A-Za-z])"
    r"|\\[\\,;:!/@ -]|\{\}"
)
_ESCAPED = late(r"\\([%&$#_])")
_DOLLAR = late(r"\\(?=\$[0-9])")
"""Before a sum of money."""
_ESCAPES = {"%": "percent", "&": "and", "$": "dollar", "#": "number", "_": ""}
_LOGO = late(r"\\(LaTeX|TeX|BibTeX)(?![A-Za-z])(?:\{\})?")
_MACROS = {
    "eg": "for example", "ie": "that is", "etal": "and colleagues", "etc": "and so on", "cf": "compare",
    "aka": "also known as", "vs": "versus", "wrt": "with respect to", "iid": "I I D", "ours": "ours",
    "textasciitilde": "about", "copyright": "copyright", "textdegree": "degrees", "AA": "angstroms",
    "angstrom": "angstroms",
}  # fmt: skip
_MACRO = late(
    rf"\\(?P<word>{'|'.join(sorted(_MACROS, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}}|[.]?(?=[,\s]))?"
    r"|\\(?P<ring>r)\{A\}"
    r"|\\(?P<ours>our|the)?(?P<what>method|model|approach|system|framework|dataset|benchmark|tool|algorithm|name)"
    r"s?(?![A-Za-z])(?:\{\})?"
)
"""Abbreviations that authors define, and what they call their own work."""
_RAISED_TH = late(
    r"\$?(?P<what>[0-9]{1,4}|[a-z])"
    r"\^\{?(?:\\(?:text|mathrm|rm|textrm)[ ]?\{?)?(?:st|nd|rd|th)\}{0,2}\$?(?![A-Za-z])"
)
_DISPLAYED = frozenset("align aligned displaymath eqnarray equation gather math multline".split())
_FOR_THE_EYE = frozenset(
    "algorithm algorithmic array figure lstlisting table tabular tikzpicture verbatim wrapfigure".split()
)
_LONGEST_ARGUMENT = 300
_NEAR = 3
_OPEN_COMMAND = late(r"(?:\\[A-Za-z]{1,30}\*?\{|\{\\(?:bf|it|em|tt|rm|sc)[ ])[^{}]*\Z")
_QUOTES = late(r"``|''")
_TIE = late(r"(?<=\w)~(?=[\w$\\(])")
_COMMAND = late(r"\\([A-Za-z]{1,40})\*?")

_RUN = run(r"[^\n\\^_]{0,60}(?:\\[A-Za-z|{,]|[\^_](?:[^\W_]|[{\\*]))")
_MATHEMATICAL = late(r"\\[A-Za-z|{,]|[\^_]")
_PROSE = frozenset(
    "emph textbf textit textsc texttt cite citep citet ref label url footnote item section".split()
)


def _formula(match: re.Match[str], reader: Reader) -> Reading | None:
    formula = next(group for group in match.groups() if group is not None)
    if match[0][0] == "$" and not _is_formula(formula):
        return None
    end = _ENDS.search(formula)
    reading = after_word(match, say_math(formula[: end.start()] if end else formula))
    return replace(reading, spoken=f"{reading.spoken}{end[1]}") if end and reading.spoken else reading


def _around(match: re.Match[str], reader: Reader) -> Reading:
    """The number and its formula as one."""
    formula = _SCALE.sub(lambda scale: rf"\text{{{_SCALES[scale[0]]}}}", match[0])
    return after_word(match, say_math(formula.replace("$", "").replace("~", " ")))


def _pair(match: re.Match[str], reader: Reader) -> str:
    name = called(match[1])[1]
    return f"{name} plus {name} minus"


def _is_formula(text: str) -> bool:
    """Whether what stands between two dollar signs is mathematics and not a sum, words and a sum."""
    if not re.search(r"[A-Za-z]{2}", text) and (text[-1].isalnum() or text[-1] == ")"):
        return True
    return not re.match(r"[0-9][0-9.,]*[kKMB]?(?:[ ,;]|[-–])", text) or bool(re.search(r"[\\^_=<>]", text))


def _environment(match: re.Match[str], reader: Reader) -> Reading | None:
    """Displayed mathematics is said, what is for the eye only is left out, all else is text."""
    name, inner = match[1].rstrip("*"), match[0].split("}", 1)[1].rsplit("\\end", 1)[0]
    if name in _DISPLAYED:
        return say_math(inner)
    return Reading("", 50) if name in _FOR_THE_EYE else None


def _run(match: re.Match[str], reader: Reader) -> Reading | None:
    """A formula without dollar signs; a macro of the author's before words is none."""
    command = _COMMAND.match(match[0])
    is_prose = command and (command[1] in _PROSE or not is_sign(f"\\{command[1]}"))
    return None if is_prose else say_run(match, _MATHEMATICAL)


def _referred(match: re.Match[str], reader: Reader) -> str:
    """ "Eq.~\\ref{eq:1}": a label tells nobody which, so it is the equation."""
    part = match["part"].lower()
    before = match.string[max(0, match.start() - _NEAR) : match.start()].rstrip()
    is_first = before[-1:] in ("", *".!?")
    said = f"{_PARTS.get(part, part)}{'s' if match['many'] else ''}"
    if not is_first and word_before(match).lower() in _DETERMINED:
        return said
    return f"{'The' if is_first else 'the'} {said}"


def _macro(match: re.Match[str], reader: Reader) -> str:
    if match["what"]:
        return " ".join(filter(None, (match["ours"], match["what"])))
    return "angstroms" if match["ring"] else _MACROS[match["word"]]


def _silent(match: re.Match[str], reader: Reader) -> str:
    return ""


def _accented(match: re.Match[str], reader: Reader) -> str:
    return plain_letters(match[0])


def _raised_th(match: re.Match[str], reader: Reader) -> str:
    return ordinal(match["what"]) if match["what"].isdecimal() else f"{match['what']} th"


def _brace(match: re.Match[str], reader: Reader) -> Reading:
    """A brace closes a command and goes with it, or is a sign that is there to be read."""
    before = match.string[max(0, match.start() - _LONGEST_ARGUMENT) : match.start()]
    is_markup = match[0] == "}" and _OPEN_COMMAND.search(before)
    return Reading("", rule="latex" if is_markup else "sign")


def _quotes(match: re.Match[str], reader: Reader) -> str:
    return '"'


RULES = (
    Rule(
        "ordinal", "ordinal", DIGIT + LETTER + "$", _RAISED_TH, _raised_th, words=frozenset(ascii_lowercase)
    ),
    Rule("formula", "math", DIGIT + "$", _AROUND, _around),
    Rule("formula", "math", "$", _DOLLARS, _formula),
    Rule("formula", "math", "\\", _PARENTHESISED, _formula),
    Rule("pair", "math", LETTER + GREEK, _PAIR, _pair),
    Rule("without", "math", "\\", _WITHOUT, lambda match, _: "without"),
    Rule("environment", "math", "\\", _ENVIRONMENT, _environment),
    Rule(
        "latex", "markup", LETTER, _CITED, _silent, words=frozenset(("in", "by", "from", "see", "of", "cf"))
    ),
    Rule(
        "reference",
        "reference",
        LETTER,
        _REFERRED,
        _referred,
        words=_LABELLED | {f"{part}s" for part in _LABELLED},
    ),
    Rule("latex-macro", "word", "\\", _MACRO, _macro),
    Rule("latex-logo", "word", "\\", _LOGO, lambda match, _: match[1]),
    Rule("latex", "markup", "\\{", _OPENING, _silent),
    Rule("latex", "markup", "\\{", _INVISIBLE, _silent),
    Rule("latex", "markup", "\\", _DOLLAR, _silent),
    Rule("latex-sign", "mark", "\\", _ESCAPED, lambda match, _: _ESCAPES[match[1]]),
    Rule("latex-accent", "word", LETTER + "\\{", ACCENTED, _accented),
    Rule("formula", "math", LETTER + GREEK + DIGIT + "\\(|", _RUN, _run, words=frozenset(ascii_lowercase)),
    Rule("latex", "markup", "\\", _COMMAND, _silent),
    Rule("sign", "mark", "\\{}", re.compile(r"[\\{}]"), _brace),
    Rule("latex-space", "space", "~", _TIE, lambda match, _: " "),
    Rule("latex-quote", "mark", "`'", _QUOTES, _quotes),
)
