"""Everything an episode says of a paper is found in its file, at the very character."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.backlog import scripts
from pipeline.check.page import Page, Said, page_of, said_of
from pipeline.errors import PaperError
from pipeline.paper import read_paper
from pipeline.run import Options
from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.lexicon import compile_lexicon
from pipeline.textfile import read_text

from ..conftest import REPOSITORY, LittleShow
from .test_hostile import page, speech

PAPERS = sorted((REPOSITORY / "papers").glob("*.md"))

TRICKY = """It is so. It is so. It is so.

```python
left = "out, though it has words"
```

> A quotation
> over two lines. And more.

- One item. It is so.
- Another

| a | b |
|---|---|
| 1 | 2 |

Ernis says: That was A paper. [A link](https://example.org) and
$x^2$ in *one* sentence.

## Questions

- Is it so?
- And is it
  still so?
"""


def told(path: Path) -> tuple[Page, list[Said]]:
    paper = read_paper(path, limit_words=30_000)
    looked_at = page_of(str(path), read_text(path, PaperError, limit_bytes=1_000_000), paper)
    root = path.parent.parent
    written, _ = scripts(root, Options(papers=(str(path.resolve()),), executor="inline"))
    (script,) = written.values()
    return looked_at, list(said_of(looked_at, script))


def check_places(looked_at: Page, said: list[Said]) -> None:
    for one in said:
        for place, token in one.tokens():
            if not token.written.isspace() and place >= looked_at.body:
                assert looked_at.text.startswith(token.written.strip(), place + _lead(token.written))


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip())


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_what_ships_is_found_whole(path: Path) -> None:
    looked_at, said = told(path)
    check_places(looked_at, said)
    lexicon = compile_lexicon(paper=looked_at.paper.lexicon)
    blocks = read_aloud(looked_at.paper.summary, lexicon)
    sentences = [
        sentence.written.strip() for block in blocks for sentence in block.sentences if sentence.spoken
    ]
    found = [one.line.sentence.written.strip() for one in said if one.start >= looked_at.body]
    assert found[: len(sentences)] == sentences
    assert len(found) >= len(sentences) + len(looked_at.paper.questions)


def test_what_is_hard_to_find_is_found(show: LittleShow) -> None:
    show.edit(
        "scripts/episode.j2",
        '{{ section("outro") }}',
        '{{ section("outro") }}\n{% for q in paper.questions %}\n- {{ q }}\n{% endfor %}\n',
    )
    path = show.paper("one", body=TRICKY)
    looked_at, said = told(path)
    check_places(looked_at, said)
    words = [" ".join(one.line.sentence.written.split()) for one in said]
    assert words.count("It is so.") == 4
    assert len({one.start for one in said}) == len(said)
    for sentence in ("> A quotation > over two lines.", "And more.", "- Another", "- Is it so?", "| 1 | 2 |"):
        assert sentence in words
    assert not any("Welcome" in each for each in words)  # the template's own


def test_what_is_said_after_a_list_of_references_is_found(show: LittleShow) -> None:
    path = show.paper("one", body="A.\n\n## References\n\n[1] Smith, J.\n\n## Discussion\n\nIt is so.")
    looked_at, said = told(path)
    check_places(looked_at, said)
    words = [" ".join(one.line.sentence.written.split()) for one in said]
    assert "It is so." in words


@given(
    st.lists(
        st.sampled_from(
            ["It is so. ", "A b.\n\n", "> q.\n\n", "- i\n", "```\nc\n```\n", "$x$ ", "## H\n\n", "\n", "[1] "]
        ),
        max_size=40,
    )
)
@settings(max_examples=60)
def test_places_are_right_whatever_the_text(pieces: list[str]) -> None:
    looked_at = page("Begin. " + "".join(pieces))
    check_places(looked_at, list(speech(looked_at).said))
