"""arXiv's categories: every code of the table is said by its name, and by nothing else."""

import re
from pathlib import Path

import pytest

from pipeline.model import Sentence
from pipeline.script.spoken import categories
from pipeline.script.spoken.lexicon import compile_lexicon
from pipeline.script.spoken.tokens import tokenise

TABLE = Path(categories.__file__).with_name("data") / "arxiv.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
LEXICON = compile_lexicon()


def say(written: str) -> str:
    return Sentence(tokens=tokenise(written, "paragraph", LEXICON)).spoken


def letters(text: str) -> str:
    return re.sub("[^a-z]", "", text.lower())


@pytest.mark.parametrize(("code", "name"), ROWS)
def test_a_code_is_said_by_its_name(code: str, name: str) -> None:
    assert letters(say(f"a paper from {code}, today")) == letters(f"a paper from {name}, today")


def test_the_table_has_each_code_once() -> None:
    assert len(ROWS) == len({code for code, _ in ROWS}) > 150


@pytest.mark.parametrize("written", ["cs.XY", "CS.CL", "cs.CLs", "lib/cs.CL", "math.pi", "stat tests"])
def test_what_is_no_code_is_not_said_by_a_name(written: str) -> None:
    assert not any(letters(name) in letters(say(written)) for _, name in ROWS)
