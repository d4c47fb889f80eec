"""Suites of written and spoken text: how they are read, and how a front end is judged by them.

A suite is a TSV of class, written, and spoken with "|" between what is accepted; or, to look for signs
that are left, a plain list. Answers are folded before they are compared:

strict    NFKC, small letters, punctuation gone, apostrophes within words dropped
lenient   also: "and" dropped, "oh" is "zero", letters of a row may be joined ("p m" is "pm")
clean     lenient, and no sign is left that a voice would stumble over
exact     character for character
silent    no sign is left, whatever the words
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

__all__ = ["MEASURES", "Measure", "Row", "figure", "read_suite"]

Fold = Literal["strict", "lenient", "clean", "exact", "silent"]
Speak = Callable[[Sequence[str]], Sequence[str]]
"""Written lines to lines of words, one for each."""


@dataclass(frozen=True)
class Row:
    """One line of a suite."""

    cls: str
    written: str
    accepted: tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """One figure: the part of a suite's lines, in percent, that are right."""

    title: str
    suite: str
    """File name."""
    fold: Fold
    classes: frozenset[str] = frozenset()
    """Those that count; none means all."""


def _of(*classes: str) -> frozenset[str]:
    return frozenset(classes)


MEASURES = (
    Measure("phrases from papers, strict", "paper_dev.tsv", "strict"),
    Measure("phrases from papers, clean", "paper_dev.tsv", "clean"),
    Measure("names of models, strict", "paper_dev.tsv", "strict", _of("model")),
    Measure("initialisms and their plurals, strict", "paper_dev.tsv", "strict", _of("acronym")),
    Measure("encyclopedia sentences, lenient", "proteno_en.dev.tsv", "lenient"),
    Measure("encyclopedia sentences, strict", "proteno_en.dev.tsv", "strict"),
    Measure("capitals: letters or a word, strict", "proteno_acronyms.dev.tsv", "strict"),
    Measure("money, lenient", "nemo_en_unit.core.tsv", "lenient", _of("money")),
    Measure("dates, lenient", "nemo_en_unit.core.tsv", "lenient", _of("date")),
    Measure("times, lenient", "nemo_en_unit.core.tsv", "lenient", _of("time")),
    Measure("measures, lenient", "nemo_en_unit.core.tsv", "lenient", _of("measure")),
    Measure(
        "fractions and decimals, lenient", "nemo_en_unit.core.tsv", "lenient", _of("fraction", "decimal")
    ),
    Measure("WeText's own tests, lenient", "wetext_en.tsv", "lenient"),
    Measure("spokenform's parity data, lenient", "kokorog2p_parity_en.tsv", "lenient"),
    Measure("voxnorm's own tests, lenient", "voxnorm_en.tsv", "lenient"),
    Measure("abogen's own tests, lenient", "abogen_en.tsv", "lenient"),
    Measure("more phrases from papers, strict", "phrases.tsv", "strict"),
    Measure("general English, strict", "general.tsv", "strict"),
    Measure("more encyclopedia sentences, strict", "encyclopedia.tsv", "strict"),
    Measure("more capitals, strict", "capitals.tsv", "strict"),
    Measure("sentences, exact", "seg_golden_en.tsv", "exact"),
    Measure("formulas without a sign left", "math_snippets.txt", "silent"),
    Measure("sentences with TeX without a sign left", "sre_tex.tsv", "silent"),
)

_LEFT = re.compile(
    r"[\\${}^_~<>=|#@*/+%&`\[\]\u00b0\u00b1\u00d7\u2248\u2192\u223c\u00b5\u0391-\u03c9]|\d|''|--|\bhttps?:"
)
_LETTER = re.compile(r"[a-z]s?|zero")


def read_suite(path: Path) -> list[Row]:
    """The rows of a suite; of a plain list, with nothing accepted."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix != ".tsv":
        return [Row("line", line, ()) for line in lines if line]
    rows = [line.split("\t") for line in lines]
    return [Row(row[0], row[1], tuple(row[2].split("|"))) for row in rows if len(row) == 3]


def figure(measure: Measure, rows: Sequence[Row], said: Sequence[str]) -> float:
    """Percent of the rows that count which are right, to one decimal."""
    judged = [
        _is_right(measure.fold, row, words)
        for row, words in zip(rows, said, strict=True)
        if not measure.classes or row.cls in measure.classes
    ]
    return round(100 * sum(judged) / len(judged), 1)


def _is_right(fold: Fold, row: Row, said: str) -> bool:
    if fold == "silent":
        return not _LEFT.search(said)
    if fold == "exact":
        return said.strip() == row.accepted[0].strip()
    if fold == "clean" and row.cls == "plain":
        return said.split() == row.written.split()
    if any(_words(said) == _words(one) for one in row.accepted):
        return fold != "clean" or not _LEFT.search(said)
    if fold == "strict":
        return False
    alike = any(_alike(_loose(said), _loose(one)) for one in row.accepted)
    return alike and (fold == "lenient" or not _LEFT.search(said))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return re.sub(r"[^\w\s]|_", " ", re.sub(r"(?<=\w)'(?=\w)", "", plain)).split()


def _loose(text: str) -> tuple[str, ...]:
    plain = " ".join(_words(text)).replace("per cent", "percent").replace("o clock", "oclock")
    return tuple("zero" if word in ("oh", "o") else word for word in plain.split() if word != "and")


@cache
def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """The same words, where either side may write a row of single letters as one word."""
    while one and other and one[0] == other[0] and not _LETTER.fullmatch(one[0]):
        one, other = one[1:], other[1:]
    if not one or not other:
        return one == other
    if one[0] == other[0] and _alike(one[1:], other[1:]):
        return True
    return any(
        _alike(joined[1:], apart[count:])
        for joined, apart in ((one, other), (other, one))
        for count in _joining(joined[0], apart)
    )


def _joining(word: str, letters: tuple[str, ...]) -> list[int]:
    """How many single letters at the beginning make up the word: none, or one number."""
    row = ""
    for count, letter in enumerate(letters, start=1):
        if word == "zero" or not _LETTER.fullmatch(letter) or len(row) >= len(word):
            break
        row += "o" if letter == "zero" else letter
        if row == word and count > 1:
            return [count]
    return []
