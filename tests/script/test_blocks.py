"""Blocks: what each stretch of a text is, with and without its marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.blocks import split_blocks
from pipeline.script.spoken.lexicon import compile_lexicon

LEXICON = compile_lexicon()
LAYOUT = st.text(alphabet="aA1.:?#>-*_=|`~•()[] \t\r\n\x0b\x0c\x00\u2028", max_size=80)
TOO_LONG = r"\unknown{x} + 1"
LONG = "This line is far too long to have been wrapped by hand, as an editor that does not wrap gives it to us, all of it in one."


def kinds(text: str) -> list[tuple[str, str]]:
    return [(span.kind, span.text.strip()) for span in split_blocks(text)]


def said(text: str) -> list[str]:
    return [" ".join(sentence.spoken for sentence in block.sentences) for block in read_aloud(text, LEXICON)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Head\nText.", ["heading", "paragraph"]),
        ("\n\n# Head\n\nText.\n", ["heading", "paragraph"]),
        ("Head\n====\nText.", ["heading", "paragraph"]),
        ("Head\n---\n", ["heading"]),
        ("One.\nTwo.\n\nThree.", ["paragraph", "paragraph"]),
        ("Text.\n\n---\n\nMore.", ["paragraph", "paragraph", "paragraph"]),
        ("- a\n- b\n  goes on\n* c\n+ d\n• e\n– f", ["bullet"] * 6),
        ("1. a\n2) b\n(3) c\na) d", ["bullet"] * 4),
        ("Three:\n- a\n- b", ["paragraph", "bullet", "bullet"]),
        ("  - deep\n    - deeper", ["bullet", "bullet"]),
        ("> said\n> more\n\nText.", ["quote", "paragraph"]),
        ("```py\n# a\n\n- b\n```\nText.", ["code", "paragraph"]),
        ("~~~\nnever closed\n\n# so", ["code"]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", ["paragraph"] * 3),
        ("It has:\nA first thing\nA second thing", ["paragraph", "bullet", "bullet"]),
        ("It asks:\nIs it so?\nIs it not?\nWell.", ["paragraph"]),
        ("It asks that:\nwhich goes on\nas it must", ["paragraph"]),
        (f"{LONG}\n{LONG}", ["paragraph", "paragraph"]),
        (
            f"{LONG}\nOne for all:\nFor some: this.\nFor others: that.\n{LONG}",
            ["paragraph"] * 2 + ["bullet"] * 2 + ["paragraph"],
        ),
        ("", []),
        ("\n\n", ["paragraph"]),
        ("-5 is a number", ["paragraph"]),
        ("**Results.** We win.", ["paragraph"]),
    ],
)
def test_a_block_is_what_it_looks_like(text: str, expected: list[str]) -> None:
    assert [kind for kind, _ in kinds(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n\n# Head\n", ["Head"]),
        ("Head\n====\n", ["Head"]),
        ("Text.\n\n* * *\n", ["Text.", ""]),
        ("| a | b |\n|:--|--:|\n| 1 | 2 |", ["a, b", "", "one, two"]),
        ("> first\n> second", ["first second"]),
        ("```py\nx = 1\n```", ["Here is some code, which you will find in the transcript."]),
        (f"$${TOO_LONG}$$", ["Here is a formula, which you will find in the transcript."]),
        (f"$${TOO_LONG}.$$\n", ["Here is a formula, which you will find in the transcript."]),
        (f"So ${TOO_LONG}$ grows.", ["So a formula you will find in the transcript grows."]),
        ("(2) two of them", ["two of them"]),
        ("Robotics - How Arms Reach", ["Robotics, How Arms Reach"]),
        ("So: • one • two", ["So: one two"]),
        ("**Results.** We win.", ["Results. We win."]),
        ("Keep on!Credit to Ada Byron", ["Keep on! Credit to Ada Byron"]),
    ],
)
def test_marks_are_not_said(text: str, expected: list[str]) -> None:
    assert said(text) == expected


@given(LAYOUT)
def test_blocks_join_to_their_text(text: str) -> None:
    assert "".join(span.text for span in split_blocks(text)) == text


@given(LAYOUT)
def test_every_block_but_a_blank_one_begins_with_its_kind(text: str) -> None:
    spans = list(split_blocks(text))
    assert all(span.text.strip() for span in spans[:-1])
