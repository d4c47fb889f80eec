"""A page of show notes becomes papers: nothing lost, nothing guessed, nothing let through."""

import datetime as dt
import os
import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PaperError, StoreError
from pipeline.paper import read_paper
from pipeline.paper.shownotes import Note, split_notes, write_papers

PAGE = Path(__file__).with_name("show-notes.txt").read_text(encoding="utf-8")
BODIES = Path(__file__).with_name("show-notes.expected.md").read_text(encoding="utf-8")
DAY = "Thursday Mar 6, 2025"


def note_of(*lines: str) -> Note:
    (note,) = split_notes("\n".join([DAY, DAY, *lines]))
    return note


def blocks_of(*lines: str) -> list[str]:
    return note_of(*lines).body.split("\n\n")


def front_matter_of(note: Note, folder: Path) -> dict[str, object]:
    (path,) = write_papers((note,), folder)
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert body == f"\n{note.body}\n"
    facts: dict[str, object] = yaml.safe_load(front)
    return facts


# ---- the page ----


def test_page_gives_one_note_for_each_dated_episode() -> None:
    bees, whales, trains = split_notes(PAGE)
    assert (bees.title, bees.category, bees.date) == (None, "Research", dt.date(2025, 3, 6))
    assert bees.authors == ("Ada Quill", "Ben O'Dow")
    assert whales.title == "Whales: Song, Silence and the Sea \u2013 Revisited"
    assert (whales.category, whales.date) == ("Oceanography", dt.date(2025, 3, 6))
    assert whales.authors == ("Łucja Nowak", "Chi Zhang", "J. R. Tide", "Mo Salt")
    assert (trains.title, trains.authors, trains.date) == (None, (), dt.date(2025, 3, 5))


def test_slugs_name_day_and_paper() -> None:
    assert [note.slug for note in split_notes(PAGE)] == [
        "2025-03-06-ada-quill-ben-odow",
        "2025-03-06-whales-song-silence-and-the-sea-revisited",
        "2025-03-05",
    ]


def test_lost_marks_come_back_and_the_rest_stays() -> None:
    bodies = [note.body for note in split_notes(PAGE)]
    assert bodies == BODIES.removesuffix("\n").split("\n\n=====\n\n")


def test_bodies_keep_the_notes_word_for_word() -> None:
    heads = r"Thursday Mar|Wednesday, March|Oceanography - "
    lines = [line for line in PAGE.split(DAY, 1)[1].splitlines() if not re.match(heads, line)]
    said = re.sub(r"Credit to Paper authors:.*|•", "", "\n".join(lines)).split()
    kept = "\n".join(note.body for note in split_notes(PAGE))
    assert re.sub(r"(?m)^(- |> )", "", kept).split() == said


@pytest.mark.parametrize("text", ["", "\n", "Episodes", "A page without any date.", DAY, f"{DAY}\n{DAY}\n"])
def test_page_without_episodes_gives_none(text: str) -> None:
    assert split_notes(text) == ()


def test_episode_printed_twice_is_one() -> None:
    assert split_notes(PAGE + "\n\n" + PAGE) == split_notes(PAGE)


@pytest.mark.parametrize(
    "line",
    [
        "October 23, 2025",
        "Oct. 23 2025",
        "2025-10-23",
        "23 Oct 2025",
        "Thu, 23rd October, 2025",
        "THURSDAY OCT 23, 2025",
        "  Thursday\u00a0Oct 23, 2025\t",
    ],
)
def test_date_line(line: str) -> None:
    (note,) = split_notes(f"{line}\n{line}\nGood evening.")
    assert (note.date, note.body) == (dt.date(2025, 10, 23), "Good evening.")


@pytest.mark.parametrize(
    "line", ["February 31, 2025", "Octopus 3, 2025", "0000-01-01", "2025", "On 23 Oct 2025"]
)
def test_line_that_is_no_date_is_text(line: str) -> None:
    assert blocks_of("Good evening.", line) == ["Good evening.", line]


@pytest.mark.parametrize(
    ("page", "bodies"),
    [
        (
            f"{DAY}\nThe first.\n{DAY}\nThe second.\n2025-03-05\nA third.",
            ["The first.", "The second.", "A third."],
        ),
        (f"{DAY}\nHi!Credit to Paper authors: A Bee\n{DAY}\nThe second.", ["Hi!", "The second."]),
        (f"{DAY}\n{DAY}\nWell!\n{DAY}\n{DAY}\nThe second.", ["Well!", "The second."]),
    ],
)
def test_body_of_one_line_is_no_title(page: str, bodies: list[str]) -> None:
    assert [(note.title, note.body) for note in split_notes(page)] == [(None, body) for body in bodies]


@pytest.mark.parametrize(
    ("heading", "category", "title"),
    [
        ("Robotics - How to Fall", "Robotics", "How to Fall"),
        ("Earth and Planetary Astrophysics \u2013 Dust", "Earth and Planetary Astrophysics", "Dust"),
        ("Human-Computer Interaction — Touch - and Go", "Human-Computer Interaction", "Touch - and Go"),
        ("Leave-One-Out, Again", "Research", "Leave-One-Out, Again"),
        ("No # such - Field", "No # such", "Field"),
        ("GPT-4 - A Report", "Research", "GPT-4 - A Report"),
        ("Why Sleep? - On Rest", "Research", "Why Sleep? - On Rest"),
        ("A B C D E F G - Eight", "Research", "A B C D E F G - Eight"),
    ],
)
def test_heading_between_the_dates(heading: str, category: str, title: str, tmp_path: Path) -> None:
    (note,) = split_notes(f"{DAY}\n{heading}\n{DAY}\n{DAY}\nGood evening.")
    assert (note.category, note.title, note.body) == (category, title, "Good evening.")
    assert front_matter_of(note, tmp_path)["category"] == category


@pytest.mark.parametrize(
    ("line", "rest", "authors"),
    [
        ("Goodbye!Credit to Paper authors: A. Bee, C Dee", "Goodbye!", ("A. Bee", "C Dee")),
        ("Goodbye. Credits to the paper's author: A Bee.", "Goodbye.", ("A Bee",)),
        ("Bye!CREDIT TO PAPER AUTHORS:  A  Bee ; C Dee, and E Eff", "Bye!", ("A Bee", "C Dee", "E Eff")),
        ("Bye!Credit to Paper authors: A Bee & C Dee Jr.", "Bye!", ("A Bee", "C Dee Jr.")),
        ("Bye!Credit to Paper authors: Sandy Brand, A Bee, A Bee", "Bye!", ("Sandy Brand", "A Bee")),
        ("Bye!Credit to Paper authors:", "Bye!", ()),
        ("Credit to Paper authors: A Bee", "", ("A Bee",)),
    ],
)
def test_credit_leaves_the_last_sentence_whole(line: str, rest: str, authors: tuple[str, ...]) -> None:
    note = note_of("Good evening.", line)
    assert note.body == f"Good evening.\n\n{rest}".strip()
    assert note.authors == authors


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_end_ends_a_line(end: str) -> None:
    assert blocks_of(f"One.{end}Two.") == ["One.", "Two."]


# ---- shapes of lists ----


@pytest.mark.parametrize(
    "lines",
    [
        ("It needs:", "Salt: It wakes the taste."),  # one is no list
        (
            "Is it so?",
            "Salt and so on and on and on and on: Good.",
            "Ink and so on and on and on and on: Good.",
        ),
        ("It is old.", "Salt: It wakes.", "Pepper: It warms."),  # nothing opens it
        ("Is it so?", "But here's why: Salt wakes.", "So think of this: Pepper warms."),  # clauses
        ("Is it so?", "Then, it was said.", "Next, it was done."),  # no beginning
        ("It needs:", "x" * 121 + ".", "y" * 121 + "."),  # long lines
        ("Is it so?", "It is.", "It was."),  # an answer
        ("It needs:", '"Salt"', '"Pepper"'),  # quotations
        ("It needs:", "At 10:30 it began, and then", "it ended. At 11:30."),
    ],
)
def test_lines_that_are_no_list(lines: tuple[str, ...]) -> None:
    assert not any(block.startswith("- ") for block in blocks_of(*lines))


def test_list_ends_where_its_shape_ends() -> None:
    assert blocks_of("I wonder:", "Is it?", "Was it?", "Good.")[1:] == ["- Is it?\n- Was it?", "Good."]
    assert blocks_of("So, why is it so?", "A: b", "C: d", "Good.")[1:] == ["- A: b\n- C: d", "Good."]


def test_markdown_lists_stay_lists() -> None:
    assert blocks_of("Bring", "- salt", "* pepper", "+ a spoon") == ["Bring", "- salt\n- pepper\n- a spoon"]


@pytest.mark.parametrize(
    ("line", "quoted"),
    [
        ('"All of it."', True),
        ("“All of it.”", True),
        ('"One," he said, "and two."', False),
        ('"Begun', False),
        ('""', False),
        ('"', False),
        ('A "word"', False),
    ],
)
def test_whole_line_in_double_quotes_is_a_quotation(line: str, quoted: bool) -> None:
    assert blocks_of("Good evening.", line)[1] == (f"> {line}" if quoted else line)


# ---- names ----


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("What's New?", "2025-03-06-whats-new"),
        ("Élan & Straße", "2025-03-06-elan-strasse"),
        ("Łódź, Ærø", "2025-03-06-lodz-aero"),
        ("CON", "2025-03-06-con"),
        ("../../etc/passwd", "2025-03-06-etc-passwd"),
        ("!!!", "2025-03-06"),
        ("word " * 30, "2025-03-06-" + "-".join(["word"] * 10)),
    ],
)
def test_slug_of_a_title(title: str, slug: str) -> None:
    (note,) = split_notes(f"{DAY}\n{title}\n{DAY}\n{DAY}\nGood evening.")
    assert note.slug == slug


def test_titles_in_other_letters_have_slugs_of_their_own() -> None:
    pages = [f"{DAY}\n{title}\n{DAY}\n{DAY}\nGood evening." for title in ("東京", "大阪", "Ŧódź", "Ŧódz")]
    slugs = [note.slug for page in pages for note in split_notes(page)]
    assert len(set(slugs)) == 4
    assert all(re.fullmatch(r"2025-03-06(-odz)?-[0-9a-f]{8}", slug) for slug in slugs)


def test_episodes_of_one_name_have_different_slugs_in_any_order() -> None:
    one, two = f"{DAY}\n{DAY}\nThe first.\n", f"{DAY}\n{DAY}\nThe second.\n"
    forwards = {note.body: note.slug for note in split_notes(one + two)}
    assert forwards == {note.body: note.slug for note in split_notes(two + one)}
    assert len(set(forwards.values())) == 2


def test_note_with_a_slug_that_leaves_the_folder_cannot_exist() -> None:
    with pytest.raises(ValueError, match="stem"):
        Note(slug="../x", title=None, category="", date=dt.date(2025, 3, 6), authors=(), body="")


# ---- files ----


@pytest.mark.parametrize(
    ("authors", "title"),
    [
        ("", "Episode of 6 March 2025"),
        ("A Bee", "Paper by A Bee"),
        ("A Bee, C Dee", "Paper by A Bee and C Dee"),
        ("A Bee, C Dee, E Eff", "Paper by A Bee and others"),
    ],
)
def test_title_is_a_fact_where_the_notes_give_none(authors: str, title: str, tmp_path: Path) -> None:
    note = note_of("Good evening.", f"Credit to Paper authors: {authors}")
    assert front_matter_of(note, tmp_path)["title"] == title


def test_written_papers_can_be_read(tmp_path: Path) -> None:
    notes = split_notes(PAGE)[:2]
    papers = [read_paper(path, limit_words=1000) for path in write_papers(notes, tmp_path)]
    assert [(p.slug, p.authors, p.category, p.date, p.summary.strip()) for p in papers] == [
        (n.slug, n.authors, n.category, n.date, n.body) for n in notes
    ]
    assert {paper.template for paper in papers} == {"notes.j2"}


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    notes = split_notes(PAGE)
    paths = write_papers(notes, tmp_path / "papers")
    before = [(path.stat().st_ino, path.read_bytes()) for path in paths]
    assert write_papers(notes, tmp_path / "papers") == paths
    assert [(path.stat().st_ino, path.read_bytes()) for path in paths] == before
    assert sorted(path.name for path in (tmp_path / "papers").iterdir()) == sorted(
        path.name for path in paths
    )


def test_file_with_line_ends_of_windows_counts_as_the_same(tmp_path: Path) -> None:
    (path, *_) = write_papers(split_notes(PAGE), tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert b"\r\n" in write_papers(split_notes(PAGE), tmp_path)[0].read_bytes()


def test_edited_paper_is_never_overwritten(tmp_path: Path) -> None:
    notes = split_notes(PAGE)
    edited = tmp_path / f"{notes[2].slug}.md"
    edited.write_text("mine", encoding="utf-8")
    with pytest.raises(PaperError) as caught:
        write_papers(notes, tmp_path)
    assert (caught.value.where, edited.read_text(encoding="utf-8")) == (str(edited), "mine")
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == [edited]


def test_two_notes_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    with pytest.raises(PaperError, match="already there"):
        write_papers((note_of("One."), note_of("Two.")), tmp_path)
    assert "One." in (tmp_path / "2025-03-06.md").read_text(encoding="utf-8")


def test_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StoreError, match="No space left"):
        write_papers(split_notes(PAGE), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_a_file_is_a_paper_error(tmp_path: Path) -> None:
    (tmp_path / "papers").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="a file is where a folder should be"):
        write_papers(split_notes(PAGE), tmp_path / "papers")


# ---- hostile text ----

ANY_LINE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(PAGE.splitlines()),
    st.sampled_from(
        ["---", "...", "2025-03-06", "title: x", "# Y", "a\u2029---\u2028", "\x00", "\x1f", "\ud800", "a:"]
    ),
    st.text(alphabet="\"\\\n\x85\u2028\ufeff\ud800\x1f\x7f\u202e😀é:#{}[]&*!|>%@`'- ", max_size=20),
)
PAGES = st.lists(ANY_LINE, max_size=30).map("\n".join)
TITLED = st.builds(
    "{0}\n{1}\n{0}\n{0}\n{2}\nBye!Credit to Paper authors: {3}".format, st.just(DAY), *[ANY_LINE] * 3
)


@given(st.one_of(st.text(), PAGES, TITLED))
def test_any_text_gives_notes_of_unique_safe_names(text: str) -> None:
    notes = split_notes(text)
    slugs = [note.slug for note in notes]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(-[a-z0-9]+)*", slug) for slug in slugs)
    assert all(
        note.body and not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", note.body)
        for note in notes
    )


@given(st.one_of(PAGES, TITLED))
def test_front_matter_loads_to_the_same_values(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    for note in split_notes(text):
        facts = front_matter_of(note, tmp_path_factory.mktemp("papers"))
        assert list(facts) == ["title", "authors", "category", "date", "template"]
        assert (facts["authors"], facts["category"]) == (list(note.authors), note.category)
        assert (facts["date"], facts["template"]) == (note.date, "notes.j2")
        assert facts["title"] == note.title or note.title is None


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1))
def test_any_title_survives_yaml(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    note = Note(slug="x", title=title, category="C", date=dt.date(2025, 3, 6), authors=(title,), body="B")
    loaded = front_matter_of(note, tmp_path_factory.mktemp("papers"))["title"]
    invisible = "\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff"
    assert loaded == re.sub(f"[{invisible}]", "", title)


@given(st.lists(st.one_of(st.sampled_from(PAGE.splitlines()), st.text('ab :.?!"•-#>1', max_size=20))))
def test_bodies_hold_words_of_the_page_in_their_order(lines: list[str]) -> None:
    words = iter(re.findall(r"\w+", "\n".join(lines)))
    bodies = "\n".join(note.body for note in split_notes("\n".join(lines)))
    assert all(word in words for word in re.findall(r"\w+", bodies))


LARGE = {
    "one line": "a" * 1_000_000,
    "empty lines": "\n" * 1_000_000,
    "date lines": f"{DAY}\n" * 50_000,
    "tiny episodes": "".join(f"{DAY}\n{number}.\n" for number in range(20_000)),
    "openings": f"{DAY}\n{DAY}\n" + "x:\n" * 100_000,
    "heads": f"{DAY}\n{DAY}\nWhy?\n" + "A: b\n" * 100_000,
    "credits": f"{DAY}\n{DAY}\nHi.\n" + "Credit to Paper authors:" * 40_000,
    "authors": f"{DAY}\n{DAY}\nHi.\nCredit to Paper authors:" + "a," * 500_000,
    "marks on one letter": f"{DAY}\n{DAY}\nHi.\nCredit to Paper authors: a" + "\u0315\u0300" * 250_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_a_megabyte_takes_seconds_at_most(text: str) -> None:
    started = time.perf_counter()
    split_notes(text)
    assert time.perf_counter() - started < 10
