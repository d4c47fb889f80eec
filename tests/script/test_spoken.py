"""The text front end: cuts without losing a character, and says things decently."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.entries import Entry
from pipeline.model import Block
from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.lexicon import compile_lexicon

TABLES = Path(__file__).with_name("spoken")
BUILT_IN = compile_lexicon()
LEXICON = compile_lexicon(
    show={"AB-CD": Entry(say="letters"), "LITEN": Entry(say="lighten"), "LRP": Entry(say="L R P")}
)

MARKDOWN = st.text(alphabet='ab .!?\n\t#>-*_`$[]()1’"–—\\^{}é深\u2028', max_size=80)


SCHOLARLY = st.text(alphabet="aAxXkKmMsV0123579.,:-–/()[]$%^_\\{}°µαΣ≤×→²₂=<>+*~|#@&' \n", max_size=40)
"""What papers are full of, in any order."""
PHRASES = st.lists(
    st.sampled_from(
        [
            row.split("\t")[1]
            for table in sorted(TABLES.glob("*.tsv"))
            for row in table.read_text(encoding="utf-8").splitlines()
        ]
    ),
    max_size=4,
).map(" ".join)
"""Things that are said properly, one after another."""
UNITS = [
    *"""$ ( 1 a A . - [ \\ { ` _ / @ 1, 1. a- 1- I $1 < http:// a.b. ’ * x_ x^ % ° & # \\frac{ 1: v1. 10.1/ e.g. ~
    [1 [^ ](  ** && II. A+ 1/ Σ α- Abb aB \\[ \\( -> 10^ O( |""".split(),
    "1 ",
    "A. ",
    "a(b).",
    "(i) ",
    "Smith, ",
    "2020, ",
    "Fe2",
    "km ",
    "[1] ",
    "# ",
    "> ",
    "- ",
    "\n",
    "A ",
    "| ",
    " ",
]


def sentences(text: str) -> list[str]:
    return [sentence.spoken for block in read_aloud(text, LEXICON) for sentence in block.sentences]


def written(blocks: tuple[Block, ...]) -> str:
    return "".join(block.written for block in blocks)


ANY = st.one_of(st.text(max_size=200), MARKDOWN, SCHOLARLY)
SIGNS = re.compile(r"[\\{}^_<>|=+*#@$%&~0-9²³µ≤≥±×→∞]")
"""What no voice can be trusted to say."""


OPAQUE = re.compile(r"\w*:\w*")
"""An id of some system, which is left as it is."""


@given(ANY)
def test_no_text_loses_a_character_or_raises(text: str) -> None:
    assert written(read_aloud(text, LEXICON)) == text


@settings(derandomize=True)
@given(SCHOLARLY)
def test_no_sign_is_left_to_the_voice(text: str) -> None:
    said = " ".join(sentences(text))
    assert not SIGNS.search(OPAQUE.sub("", said))


@settings(derandomize=True)
@given(PHRASES)
def test_what_is_said_is_said_again_unchanged(text: str) -> None:
    said = " ".join(sentences(text))
    assert " ".join(sentences(said)) == said


@pytest.mark.parametrize("unit", UNITS)
def test_time_is_linear_in_any_repetition(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        read_aloud(text, BUILT_IN)
        return time.process_time() - start

    small = max(min(seconds(4_000) for _ in range(3)), 0.005)
    assert min(seconds(32_000) for _ in range(2)) < small * 8 * 4


@pytest.mark.parametrize(
    "text",
    [
        "$1 - \\mathbb{1}$ and $\\mathbb{1} - 5$",
        "Genus ſpp. and vſ. that",
        "ı.e. this, 5 Aprıl, ıNC 5, x EſT. A",
    ],
)
def test_letters_that_only_look_alike_raise_nothing(text: str) -> None:
    assert written(read_aloud(text, BUILT_IN)) == text


def test_blocks_keep_their_kind() -> None:
    text = "# Head\n\nPara one\nstill one.\n\n- item\n  goes on\n- other\n1. first\n\n> said\n> more\n\n```\nx = 1\n```\nEnd.\n"
    kinds = [(block.kind, len(block.sentences)) for block in read_aloud(text, BUILT_IN)]
    assert kinds == [
        ("heading", 1),
        ("paragraph", 1),
        ("bullet", 1),
        ("bullet", 1),
        ("bullet", 1),
        ("quote", 1),
        ("code", 1),
        ("paragraph", 1),
    ]


def test_a_list_needs_no_blank_line_before_it() -> None:
    assert [block.kind for block in read_aloud("Three:\n- a\n- b\n", BUILT_IN)] == [
        "paragraph",
        "bullet",
        "bullet",
    ]
