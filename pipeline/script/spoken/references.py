"""References to parts of papers, and the abbreviations of scholarly writing."""

import re

from . import titles
from .numerals import cardinal, decimal
from .romans import roman_value
from .rules import LETTER, Reader, Rule, folded, late

__all__ = ["RULES"]

_PARTS = {
    "fig": "figure", "figs": "figures", "eq": "equation", "eqs": "equations", "eqn": "equation",
    "eqns": "equations", "sec": "section", "secs": "sections", "sect": "section", "tab": "table",
    "tabs": "tables", "alg": "algorithm", "algs": "algorithms", "thm": "theorem", "thms": "theorems",
    "prop": "proposition", "lem": "lemma", "cor": "corollary", "def": "definition", "defn": "definition",
    "ch": "chapter", "chap": "chapter", "chaps": "chapters", "app": "appendix", "appx": "appendix",
    "suppl": "supplementary", "ref": "reference", "refs": "references", "ex": "example", "exs": "examples",
    "vol": "volume", "vols": "volumes", "art": "article", "pt": "part", "no": "number", "nos": "numbers",
    "nr": "number", "op": "opus", "para": "paragraph", "paras": "paragraphs", "mk": "mark",
    "pg": "page", "pp": "pages", "p": "page", "pgs": "pages",
}  # fmt: skip
"""Abbreviations that are said in full before a number."""
_WHOLE_PARTS = frozenset(
    "figure figures equation equations section sections table tables algorithm theorem lemma proposition "
    "corollary definition chapter chapters appendix part parts page pages reference references step".split()
)
_NUMBER = (
    r"(?:[0-9]{1,5}(?:\.[0-9]{1,3}){0,3}(?:[a-zA-H]|\([a-z]\))?"
    r"|[A-Z][0-9]{1,3}[a-z]?|[A-Z](?:\.[0-9]{1,3}){0,3}|[IVXLC]{1,7})(?![\w])"
)
_JOINER = r"[ \t\xa0~]{0,2}(?:–|--|-|—|,|&|and|to)[ \t\xa0~]{0,2}"
_NUMBERED = late(
    rf"([A-Za-z]{{1,12}}+)(\.?)[ \t\xa0~]{{0,2}}(\#?)\(?({_NUMBER}(?:\)?{_JOINER}\(?{_NUMBER}){{0,8}})(\)?)"
)
_PIECE = late(rf"({_NUMBER})|(–|--|-|—|to)|(,)|(&|and)")

_ABBREVIATIONS = {
    "e.g.": "for example", "eg.": "for example", "i.e.": "that is", "ie.": "that is", "cf.": "compare",
    "etc": "etcetera", "etc.": "etcetera", "viz.": "namely", "vs": "versus", "vs.": "versus",
    "w.r.t.": "with respect to", "wrt": "with respect to", "s.t.": "such that", "a.k.a.": "also known as",
    "w/o": "without", "w/": "with", "b/c": "because", "approx.": "approximately", "tel.": "telephone",
    "resp.": "respectively", "acc.": "accuracy",
    "incl.": "including", "excl.": "excluding", "ca.": "circa", "esp.": "especially", "max.": "maximum",
    "min.": "minimum", "avg.": "average", "std.": "standard", "dept.": "department", "univ.": "university",
    "i.i.d.": "I I D", "w.l.o.g.": "without loss of generality", "et al.": "and colleagues",
    "et al": "and colleagues", "ibid.": "ibidem", "misc.": "miscellaneous", "est.": "estimated",
    "spp.": "species", "subsp.": "subspecies",
    "ltd": "limited", "ltd.": "limited", "w.p.": "with probability",
    "c/o": "care of",
    "i.e": "that is", "e.g": "for example", "w.r.t": "with respect to",
}  # fmt: skip
_ABBREVIATED = late(
    "(?i:(?:{}))(?![\\w])".format(
        "|".join(re.escape(a) for a in sorted(_ABBREVIATIONS, key=len, reverse=True))
    )
)
_BEFORE_TO = {"resp.": "respect", "acc.": "according"}
_ACCESSION = late(r"[ \xa0~]?(?:#|(?:[Nn]os?|[Nn]umbers?|Chem|Mater)\b)")
"""After "acc." that is no accuracy: an accession number, or a journal of accounts."""
_NEED_NUMBER = frozenset(("approx.", "ca.", "est.", "max.", "min.", "tel."))


def _numbered(match: re.Match[str], reader: Reader) -> str | None:
    """ "Figs. 2-4", "Eq. (2)", "Table II", "No. 5"."""
    word, numbers = match[1], match[4]
    full = _in_full(match)
    if full is None or not _fits(match, full):
        return None
    opened, closed = match[0].count("("), match[0].count(")")
    if opened > closed:
        return None
    tail = ")" if closed > opened else ""
    return f"{_cased(full, word)} {_say_numbers(numbers)}{tail}"


def _in_full(match: re.Match[str]) -> str | None:
    """The word before a number in full; None for an abbreviation that is another word here."""
    word, dot = match[1], match[2]
    name = word.lower()
    if name in _WHOLE_PARTS and dot:
        return None
    if name in _WHOLE_PARTS:
        return word.capitalize() if word.isupper() else word
    if not dot and (word == "P" or (word.islower() and name in _ALSO_WORDS)):
        return None
    if not dot and word == "No" and _COUNTED.match(match.string, match.end()):
        return None
    if not dot and word.isupper() and len(word) > 1 and match[0][len(word)].isdecimal():
        return None  # "NO3"
    return "p" if name == "p" and not _on_a_page(match) else _PARTS.get(name)


def _fits(match: re.Match[str], full: str) -> bool:
    """Whether the number is one that such a thing may have: letters number appendices, not pages."""
    numbers, is_whole = match[4], match[1].lower() in _WHOLE_PARTS
    if is_whole and numbers[0].isdecimal():
        return False  # that number is said by itself
    if numbers.isalpha() and (full in _BY_DIGITS or _LETTER_FOLLOWS.match(match.string, match.end())):
        return False
    if match[2] and len(numbers) > 1 and roman_value(numbers):
        return True
    is_code = bool(match[2]) and numbers[0].isupper() and numbers[-1].isdecimal()
    return is_whole or is_code or numbers[0].isdecimal() or full in _WHOLE_PARTS or full == match[1]


_ALSO_WORDS = frozenset("no ex art def app pt p sec alg op mk para".split())
_BY_DIGITS = ("page", "pages", "step")
_LETTER_FOLLOWS = late(r"[ ][A-Z](?!\w)")
_COUNTED = late(r"[ ][a-z]")
"""What follows a number that counts: "No 5 of them" is no name."""


def _on_a_page(match: re.Match[str]) -> bool:
    """Whether "p. 5" is a place to look at and not the end of a citation, where the letter is said."""
    before = match.string[max(0, match.start() - 12) : match.start()].rstrip()
    return before[-1:].isalpha()


def _cased(full: str, written: str) -> str:
    return full.capitalize() if written[0].isupper() and full.islower() and len(full) > 1 else full


def _say_numbers(text: str) -> str:
    words: list[str] = []
    for number, dash, comma, conjunction in _PIECE.findall(text):
        if number:
            words.append(_say_number(number))
        elif comma:
            words[-1] += ","
        else:
            words.append("to" if dash else "and" if conjunction else "")
    return " ".join(words)


def _say_number(text: str) -> str:
    if text.isalpha():
        value = roman_value(text)
        return cardinal(value) if value and text not in "CDLM" else text
    parts = [part if part.isalpha() else cardinal(part) for part in re.findall(r"[A-Za-z]|[0-9]+", text)]
    joined = " point ".join(parts) if text[0].isdecimal() and text[-1].isdecimal() else " ".join(parts)
    return decimal(text) if re.fullmatch(r"[0-9]+\.[0-9]+", text) else joined


def _abbreviation(match: re.Match[str], reader: Reader) -> str | None:
    written = folded(match[0])
    if written in _NEED_NUMBER and not re.match(
        r"[ \t\xa0]{0,2}[$€£]?\d|[ \t]\w", match.string[match.end() :][:4]
    ):
        return None
    if written == "c/o" and not match[0].islower():
        return None
    if written == "acc." and _ACCESSION.match(match.string, match.end()):
        return None
    if written in _BEFORE_TO and match.string.startswith(" to ", match.end()):
        return _BEFORE_TO[written]
    said = _ABBREVIATIONS[written]
    ended = written.endswith(".") and re.match(r"\s*\Z|\s+[A-Z]", match.string[match.end() :][:8])
    return said + "." if ended and written in ("acc.", "etc.", "ltd.", "spp.") else said


def _section_sign(match: re.Match[str], reader: Reader) -> str:
    """ "§ 4", "§§ 4–6", "¶ 12"."""
    sign, numbers = match["sign"], match["numbers"]
    part = "section" if sign[0] == "§" else "paragraph"
    return f"{part}{'s' if len(sign) > 1 else ''} {_say_numbers(numbers)}"


def _of_several(match: re.Match[str], reader: Reader) -> str:
    """ "Part 2/3"."""
    return f"{match['part']} {cardinal(match['place'])} of {cardinal(match['all'])}"


def _colleagues(match: re.Match[str], reader: Reader) -> str:
    return "and colleagues'"


def _pages(match: re.Match[str], reader: Reader) -> str:
    if not _PAGE_FOLLOWS.match(match.string, match.end()):
        return "P P"
    return "pages" if match[0][0] == "p" else "Pages"


_CIRCA = late(r"c\.(?=[ ]?[0-9]{3,4}(?!\w))")
_SECTION = late(
    rf"(?P<sign>§{{1,2}}|¶{{1,2}})[ \t\xa0~]{{0,2}}(?P<numbers>{_NUMBER}(?:{_JOINER}{_NUMBER}){{0,8}})"
)
_PAGE_FOLLOWS = late(r"[ \xa0~]{0,2}[ivxl]{1,7}(?![\w])")
_PART_OF = late(
    r"(?P<part>[Pp]art|[Pp]age|[Ss]lide|[Ss]tep)[ ](?P<place>[1-9][0-9]?)/(?P<all>[1-9][0-9]?)(?![\w/.])"
)
_ET_AL_OWNS = late(r"et al\.?['’]s(?!\w)")
_NUMBER_OF = late(r"(?P<letter>[Nn])o\.(?=[ ]of[ ])")

RULES = (
    Rule("section-sign", "reference", "§¶", _SECTION, _section_sign),
    Rule(
        "reference", "reference", LETTER, _PART_OF, _of_several,
        words=frozenset("part page slide step".split()),
    ),
    Rule(
        "reference", "reference", LETTER, _NUMBERED, _numbered,
        words=frozenset(_PARTS) | _WHOLE_PARTS,
    ),
    Rule("abbreviation", "abbreviation", LETTER, _ET_AL_OWNS, _colleagues, words=frozenset(("et",))),
    Rule(
        "abbreviation", "abbreviation", LETTER, _NUMBER_OF,
        lambda match, _: f"{match['letter']}umber", words=frozenset(("no",)),
    ),
    Rule(
        "abbreviation", "abbreviation", LETTER, _ABBREVIATED, _abbreviation,
        words=frozenset(re.split("[^a-z]", a)[0] for a in _ABBREVIATIONS),
    ),
    Rule("circa", "abbreviation", LETTER, _CIRCA, lambda match, _: "circa", words=frozenset("c")),
    *titles.RULES,
    Rule("pages", "reference", "", re.compile(r"(?i:pp)\b\.?"), _pages, words=frozenset(("pp",))),
)  # fmt: skip
