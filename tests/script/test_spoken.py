"""The text front end: cuts without losing a character, and says things decently."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Block, Entry
from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.lexicon import compile_lexicon

BUILT_IN = compile_lexicon()
LEXICON = compile_lexicon(
    show={"AB-CD": Entry(say="letters"), "LITEN": Entry(say="lighten"), "LRP": Entry(say="L R P")}
)

MARKDOWN = st.text(alphabet='ab .!?\n\t#>-*_`$[]()1’"–—\\^{}é深\u2028', max_size=80)


def sentences(text: str) -> list[str]:
    return [sentence.spoken for block in read_aloud(text, LEXICON) for sentence in block.sentences]


def written(blocks: tuple[Block, ...]) -> str:
    return "".join(block.written for block in blocks)


@given(st.one_of(st.text(max_size=200), MARKDOWN))
def test_no_text_loses_a_character_or_raises(text: str) -> None:
    assert written(read_aloud(text, LEXICON)) == text


@pytest.mark.parametrize(
    "unit", ["$", "(", "1", "a", "[", "*", "`", "_", "#", "a.", "# ", "> ", "- ", "\n", "a@", "a-", "http://"]
)
def test_time_is_linear_in_any_repetition(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        read_aloud(text, BUILT_IN)
        return time.process_time() - start

    small = max(min(seconds(5_000) for _ in range(3)), 0.002)
    assert min(seconds(40_000) for _ in range(2)) < small * 8 * 4


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
