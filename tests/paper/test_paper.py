"""Paper files: read exactly, and refused helpfully."""

import datetime as dt
from pathlib import Path

import pytest

from pipeline.entries import Entry
from pipeline.errors import PaperError
from pipeline.paper import find_papers, read_paper, slug_of

GOOD = """---
title: "A title: with a colon"
authors: [Ada Lovelace, Grace Hopper]
category: Computing
date: 2026-01-31
arxiv: "2510.19752v1"
links: {Code: https://example.org/code}
---

First paragraph.

## Questions

- Why?
- Why not, and
"""


def write(folder: Path, text: str | bytes, name: str = "a-paper.md") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def fault(path: Path, limit_words: int = 1000) -> str:
    with pytest.raises(PaperError) as caught:
        read_paper(path, limit_words=limit_words)
    return "\n".join(str(error) for error in (caught.value, *caught.value.others))


def test_front_matter_body_and_questions_are_told_apart(tmp_path: Path) -> None:
    paper = read_paper(write(tmp_path, GOOD), limit_words=100)
    assert paper.slug == "a-paper"
    assert paper.title == "A title: with a colon"
    assert paper.authors == ("Ada Lovelace", "Grace Hopper")
    assert paper.date == dt.date(2026, 1, 31)
    assert paper.arxiv == "2510.19752v1"
    assert paper.summary.strip() == "First paragraph."
    assert paper.questions == ("Why?", "Why not, and")


def test_a_paper_may_say_its_words_in_its_own_way(tmp_path: Path) -> None:
    lexicon = 'lexicon:\n  GLIMR: glimmer\n  Seshia: {ipa: "ˈsɛʃiə"}\n---\n\nFirst'
    paper = read_paper(write(tmp_path, GOOD.replace("---\n\nFirst", lexicon)), limit_words=100)
    assert paper.lexicon == {"GLIMR": Entry(say="glimmer"), "Seshia": Entry(ipa="ˈsɛʃiə")}


def test_a_wrong_word_of_a_paper_is_placed(tmp_path: Path) -> None:
    lexicon = "lexicon:\n  GLIMR: 9 limmer\n---\n\nFirst"
    assert "a-paper.md:9:10: 'GLIMR': expected text as it is said" in fault(
        write(tmp_path, GOOD.replace("---\n\nFirst", lexicon))
    )


def test_a_questions_section_in_the_middle_stays_where_it_is(tmp_path: Path) -> None:
    text = GOOD.replace("- Why not, and\n", "- Why not?\n\n## After\n\nMore.\n")
    paper = read_paper(write(tmp_path, text), limit_words=100)
    assert paper.questions == ()
    assert "Why not?" in paper.summary


def test_questions_may_be_numbered_and_run_over_lines(tmp_path: Path) -> None:
    text = GOOD.replace("- Why?\n- Why not, and\n", "1. Why is\n   this so?\n\n2) And then?\n")
    assert read_paper(write(tmp_path, text), limit_words=100).questions == ("Why is this so?", "And then?")


def test_many_dashes_after_questions_cost_no_time(tmp_path: Path) -> None:
    text = GOOD.replace("- Why not, and\n", "- a" * 5_000 + "\nx\n")
    assert read_paper(write(tmp_path, text), limit_words=9_000).questions == ()


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    plain = read_paper(write(tmp_path, GOOD), limit_words=100)
    windows = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert read_paper(write(tmp_path, windows), limit_words=100) == plain


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("---\ntitle", "title", ":1:1:", "there is no front matter"),
        ("code}\n---\n", "code}\n", ":1:1:", "the front matter has no end"),
        ("date: 2026-01-31\n", "", ":2:1:", "the key 'date' is missing"),
        ("date: 2026-01-31", "date: tomorrow", ":5:7:", "expected a date like 2026-01-31, found 'tomorrow'"),
        ("category", "categroy", ":4:1:", "did you mean 'category'?"),
        ('"2510.19752v1"', "2510.10000", ":6:8:", 'write it in quotes: "2510.10000"'),
        ("[Ada Lovelace, Grace Hopper]", "[]", ":3:10:", "expected a list of at least 1"),
        ("[Ada Lovelace, Grace Hopper]", "Ada", ":3:10:", "expected a list, found 'Ada'"),
        (
            "https://example.org/code",
            '"javascript:alert(1)"',
            ":7:15:",
            "expected text that begins with https://",
        ),
        ("colon", "bell\x07", ":2:29:", "control character U+0007"),
        ("colon", "\u202eflip", ":2:25:", "control character U+202E"),
        ("colon", "\\x1e", ":2:8:", "expected text"),
        ("{Code:", '{"x\\x1ehacked\\x1f":', ":7:9:", "control characters are not allowed in keys"),
        ("date: 2026-01-31", "date: 20260131", ":5:7:", "expected a date like 2026-01-31"),
        (
            "First paragraph.\n\n## Questions\n\n- Why?\n- Why not, and\n",
            "\n \n",
            ":9:",
            "the summary is empty",
        ),
    ],
)
def test_a_fault_is_placed_and_explained(tmp_path: Path, old: str, new: str, place: str, says: str) -> None:
    assert old in GOOD
    message = fault(write(tmp_path, GOOD.replace(old, new, 1)))
    assert f"a-paper.md{place}" in message
    assert says in message


def test_all_wrong_keys_are_found_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("category", "categroy").replace("date: 2026-01-31", "date: tomorrow")
    with pytest.raises(PaperError) as caught:
        read_paper(write(tmp_path, text), limit_words=100)
    assert len(caught.value.others) == 2


def test_a_paper_over_the_limit_names_the_key(tmp_path: Path) -> None:
    message = fault(write(tmp_path, GOOD.replace("First", "word " * 50)), limit_words=40)
    assert "59 words and at most 40" in message
    assert "limits.words in show.yaml" in message


def test_a_file_that_is_no_text_is_not_read_to_its_end(tmp_path: Path) -> None:
    assert "is larger than" in fault(write(tmp_path, b"x" * 1_100_000), limit_words=1000)
    assert "a-paper.md:2:1: is not UTF-8 text" in fault(write(tmp_path, b"---\n\xff\xfe"))


def test_non_latin_titles_and_names_are_kept_as_they_are(tmp_path: Path) -> None:
    text = GOOD.replace("A title: with a colon", "深度学习 שלום").replace("Ada Lovelace", "李雪龙")
    paper = read_paper(write(tmp_path, text), limit_words=100)
    assert paper.title == "深度学习 שלום"
    assert paper.authors[0] == "李雪龙"


@pytest.mark.parametrize(
    "name", ["Upper.md", "with space.md", "-dash.md", "é.md", "a\nb.md", "con.md", "lpt1.x.md"]
)
def test_a_name_that_cannot_name_files_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PaperError, match="cannot name an episode"):
        slug_of(tmp_path / name)


def test_a_name_too_long_for_file_systems_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PaperError, match="too long"):
        slug_of(tmp_path / f"{'a' * 121}.md")


def test_hidden_files_are_no_papers(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "._a.md")
    assert find_papers(tmp_path) == ()


def test_papers_are_found_in_sub_folders_and_readmes_are_not_papers(tmp_path: Path) -> None:
    for name in ("b.md", "2025/a.md", "README.md", "notes.txt"):
        write(tmp_path, GOOD, name)
    assert [path.relative_to(tmp_path).as_posix() for path in find_papers(tmp_path)] == ["2025/a.md", "b.md"]
