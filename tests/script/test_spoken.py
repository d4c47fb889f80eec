"""The text front end: cuts without losing a character, and says things decently."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Block
from pipeline.script.spoken import read_aloud

LEXICON = {"AB-CD": "letters", "LITEN": "lighten", "VAR": "letters", "NASA": "word", "LRP": "L R P"}

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
        read_aloud(text, {})
        return time.process_time() - start

    small = max(min(seconds(5_000) for _ in range(3)), 0.002)
    assert min(seconds(40_000) for _ in range(2)) < small * 8 * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ('"Wow!" She left.', ['"Wow!"', "She left."]),
        ("Dr. Smith et al. said so, e.g. here.", ["Dr. Smith et al. said so, e.g. here."]),
        ("By Sanjit A. Seshia. It works.", ["By Sanjit A. Seshia.", "It works."]),
        ("AI models... well, they try.", ["AI models... well, they try."]),
        ("It grew to 4.0 at last. Then more.", ["It grew to 4.0 at last.", "Then more."]),
        ("See Fig. 2 and Sec. 4.1. It is there.", ["See Fig. 2 and Sec. 4.1.", "It is there."]),
        ("**Bold end.** Next one.", ["Bold end.", "Next one."]),
    ],
)
def test_sentences_end_where_a_reader_would_pause(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LITEN", "lighten"),
        ("LITEN's plan", "lighten's plan"),
        ("VAR-7B", "V A R 7B"),
        ("NASA", "Nasa"),
        ("CP-LRP", "CP L R P"),
        ("AB-CD", "A B C D"),
        ("slow – fast", "slow, fast"),
        ("$k$ and $R^2$", "k and R squared"),
        ("$O(n \\log n)$", "O of n log n"),
        ("$p(y|x)$", "p of y given x"),
        ("it costs $5 and $10 total", "it costs $5 and $10 total"),
        ("https://github.com/ElementQi/OnlineSFT.", "github dot com slash Element Qi slash Online SFT."),
        ("[the code](https://example.org/x)", "the code"),
        ("**bold** and *light*", "bold and light"),
        ("`snake_case`", "snake case"),
        ("VAR and Qwen2.5-3B", "V A R and Qwen2.5-3B"),
        ("3–5 items", "3 to 5 items"),
        ("$512{,}000 / 32{,}000 = 16$", "512,000 over 32,000 equals 16"),
        ("$\\frac{a}{b}$", "a over b"),
        ("$50\\%$", "50 percent"),
        ("$\\sum_{i=1}^N x_i$", "a formula you will find in the show notes"),
        ("$\\unknown{x}$", "a formula you will find in the show notes"),
        ("![a picture](x.png) <b>so</b>[^1]", "so"),
        ("± 3 × 4 ≈ 12", "plus or minus 3 times 4 about 12"),
        ("???", ""),
    ],
)
def test_what_is_said(text: str, expected: str) -> None:
    assert " ".join(sentences(text)) == expected


def test_blocks_keep_their_kind() -> None:
    text = "# Head\n\nPara one\nstill one.\n\n- item\n  goes on\n- other\n1. first\n\n> said\n> more\n\n```\nx = 1\n```\nEnd.\n"
    kinds = [(block.kind, len(block.sentences)) for block in read_aloud(text, {})]
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
    assert [block.kind for block in read_aloud("Three:\n- a\n- b\n", {})] == ["paragraph", "bullet", "bullet"]
