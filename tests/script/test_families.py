"""Every line of spoken/*.tsv: what is written, and what a host says.

    class <TAB> written <TAB> said

A new case is one line. What is said must be said the same way when it is said again.
"""

import re
from pathlib import Path

import pytest

from pipeline.model import Sentence
from pipeline.script.spoken.lexicon import compile_lexicon
from pipeline.script.spoken.tokens import tokenise

SPEECH = Path(__file__).parent.parent.parent / "docs" / "speech.md"
TABLES = Path(__file__).with_name("spoken")
LEXICON = compile_lexicon()


def say(written: str) -> str:
    return Sentence(tokens=tokenise(written, "paragraph", LEXICON)).spoken


def cases() -> list[tuple[str, str, str]]:
    rows = []
    for table in sorted(TABLES.glob("*.tsv")):
        for line in table.read_text(encoding="utf-8").splitlines():
            cls, written, said = line.split("\t")
            rows.append((f"{table.stem}-{cls}", written, said))
    return rows


@pytest.mark.parametrize(("family", "written", "said"), cases())
def test_is_said_as_a_host_says_it(family: str, written: str, said: str) -> None:
    assert say(written) == said


@pytest.mark.parametrize("said", sorted({said for _, _, said in cases()}))
def test_what_was_said_is_said_again_unchanged(said: str) -> None:
    assert say(said) == said


@pytest.mark.parametrize(("family", "written", "said"), cases())
def test_joined_tokens_are_the_source(family: str, written: str, said: str) -> None:
    assert "".join(token.written for token in tokenise(written, "paragraph", LEXICON)) == written


def examples() -> list[tuple[str, str]]:
    """The rows of the table in docs/speech.md."""
    rows = re.findall(
        r"^\| [a-z]+ \| `{1,2} ?(.+?) ?`{1,2} \| (.+) \|$", SPEECH.read_text(encoding="utf-8"), re.MULTILINE
    )
    return [(written, said) for written, said in rows]


def test_the_page_on_speech_has_examples() -> None:
    assert len(examples()) > 20


@pytest.mark.parametrize(("written", "said"), examples())
def test_an_example_of_the_page_on_speech_is_so(written: str, said: str) -> None:
    assert say(written) == said
