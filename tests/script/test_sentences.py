"""Where sentences end: every line of sentences.txt is cut at its " ¶ ", and nowhere else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.lexicon import compile_lexicon
from pipeline.script.spoken.sentences import sentence_ends

LINES = Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").splitlines()
LEXICON = compile_lexicon()
BUSY = st.text(alphabet='aAbI19.!?…;:,()[]"“”’ \n$*`•i', max_size=60)


def cut(text: str) -> list[str]:
    ends = sentence_ends(text)
    return [text[start:end] for start, end in zip((0, *ends), ends, strict=False)]


@pytest.mark.parametrize("line", LINES)
def test_a_sentence_ends_where_a_reader_would_say(line: str) -> None:
    assert [sentence.strip() for sentence in cut(line.replace(" ¶ ", " "))] == line.split(" ¶ ")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Keep exploring!Credit to all.", ["Keep exploring!", "Credit to all."]),
        ("It improves.We then stop.", ["It improves.", "We then stop."]),
        ("One line\nthat goes on.\nNext one.", ["One line\nthat goes on.\n", "Next one."]),
        ("", [""]),
        ("no end", ["no end"]),
        ("…", ["…"]),
    ],
)
def test_white_space_belongs_to_the_sentence_before_it(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences or (not text and cut(text) == [])


def test_an_endless_sentence_is_cut_at_semicolons() -> None:
    text = "and so it goes on and on; " * 60
    assert max(map(len, cut(text))) <= 600
    assert "".join(cut(text)) == text


def test_an_endless_word_is_left_whole() -> None:
    assert cut("a" * 5000) == ["a" * 5000]


@given(st.one_of(BUSY, st.text(max_size=80)))
def test_sentences_join_to_their_block(text: str) -> None:
    assert "".join(cut(text)) == text
    ends = sentence_ends(text)
    assert list(ends) == sorted(set(ends))


@given(BUSY)
def test_the_sentences_of_blocks_join_to_the_text(text: str) -> None:
    blocks = read_aloud(text, LEXICON)
    assert "".join(sentence.written for block in blocks for sentence in block.sentences) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("See Sec. 4.1. It works.", ["See Sec. 4.1. ", "It works."]),
        ("Use `a. B` now. Then $x. Y$ too.", ["Use `a. B` now. ", "Then $x. Y$ too."]),
        (
            "It is at https://example.org/a.html. Look there.",
            ["It is at https://example.org/a.html. ", "Look there."],
        ),
    ],
)
def test_no_token_is_cut(text: str, written: list[str]) -> None:
    (block,) = read_aloud(text, LEXICON)
    assert [sentence.written for sentence in block.sentences] == written


def test_code_is_one_sentence() -> None:
    (block,) = read_aloud("```\na = 1. Then\nB = 2. So\n```\n", LEXICON)
    assert len(block.sentences) == 1
