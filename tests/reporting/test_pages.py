"""Pages hold all that was found, take no text for anything else, and are small."""

import re
from pathlib import Path

import pytest

from pipeline.reporting import as_text, write_pages
from pipeline.reporting.pages import render

from ..test_audition import Page
from .portraits import HOSTILE, backlog, listened, mark, portrait, worst


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """The output/ of a show with a clean episode and the worst."""
    write_pages(tmp_path, backlog(worst(), listened(portrait()), title=HOSTILE))
    return tmp_path / "output"


def test_text_is_never_taken_for_a_page(pages: Path) -> None:
    for path in (pages / "report.html", pages / "report/worst.html"):
        page = Page(path)
        assert not page.all("img")
        assert len(page.all("script")) == len(page.all("style")) == 1
        assert not [tag for tag, attributes in page.tags if any(name.startswith("on") for name in attributes)]
        assert not [tag for tag, attributes in page.tags if "style" in attributes]
        assert "49" not in "".join(page.text).split("]]>")[0]
        assert HOSTILE in "".join(page.text)


def test_hostile_text_is_kept_apart_from_what_is_around_it(pages: Path) -> None:
    raw = (pages / "report/worst.html").read_text(encoding="utf-8")
    body = raw[raw.index("<body>") :]
    escaped = re.findall(r"<(\w+)[^<>]*>[^<>]*\u202e", body)
    assert escaped
    assert set(escaped) <= {"bdi", "code"}  # the path of a paper is alone in its row


def test_a_page_asks_nobody_for_anything(pages: Path) -> None:
    for path in pages.rglob("*.html"):
        page = Page(path)
        (policy,) = [it["content"] for it in page.all("meta") if "Security" in it.get("http-equiv", "")]
        assert policy.startswith("default-src 'none'")
        addresses = [it[name] for _, it in page.tags for name in ("src", "href") if name in it]
        assert not [address for address in addresses if re.match(r"\w+:|//", address) and address != "data:,"]


def test_every_finding_is_played_from_before_its_place(pages: Path) -> None:
    links = [it for it in Page(pages / "report/worst.html").all("a") if "before" in it.get("aria-label", "")]
    assert [link["data-at"] for link in links][:2] == ["10", "10.05"]
    assert links[0]["href"] == "../episodes/worst.mp3#t=10"
    assert len(links) == 11  # one is of the file as a whole


def test_findings_stand_at_their_lines_and_what_is_worst_comes_first(pages: Path) -> None:
    raw = (pages / "report/worst.html").read_text(encoding="utf-8")
    codes = re.findall(r'<li id="([A-Z]{4}\d+)"', raw)
    assert codes == ["SOUN101", "SOUN302", "SOUN207", "LIST105"]
    assert "<code>SOUN302</code> A line is not as it should be" in raw
    assert "delete the file, then <code>make</code>" in raw
    third = raw[raw.index('id="l3"') : raw.index('id="l4"')]
    assert 'href="#SOUN302"' in third
    assert "and 8 more" in third


def test_what_was_heard_is_shown_where_it_differs(pages: Path) -> None:
    raw = (pages / "report/notes.html").read_text(encoding="utf-8")
    first = raw[raw.index('id="l1"') : raw.index('id="l2"')]
    assert "this is sentence" in first
    assert "30 % heard" in first
    assert "11 words of 130" in raw
    third = raw[raw.index('id="l3"') : raw.index('id="l4"')]
    assert "100 % heard" in third
    assert "heard:" not in third


def test_without_a_recogniser_nothing_is_said_of_it(tmp_path: Path) -> None:
    write_pages(tmp_path, backlog(portrait()))
    assert "heard otherwise" not in (tmp_path / "output/report/notes.html").read_text(encoding="utf-8")


def test_names_of_files_are_fit_for_addresses(tmp_path: Path) -> None:
    write_pages(tmp_path, backlog(portrait(slug="a b#c?é'%41")))
    page = Page(tmp_path / "output/report/a b#c?é'%41.html")
    assert page.all("audio")[0]["src"] == "../episodes/a%20b%23c%3F%C3%A9%27%2541.mp3"
    index = Page(tmp_path / "output/report.html")
    assert any(link["href"] == "report/a%20b%23c%3F%C3%A9%27%2541.html" for link in index.all("a"))


def test_an_hour_takes_less_than_a_megabyte(tmp_path: Path) -> None:
    write_pages(
        tmp_path, backlog(listened(portrait(60, marks=tuple(mark(at_ms=n * 9_000) for n in range(400)))))
    )
    assert 100_000 < (tmp_path / "output/report/notes.html").stat().st_size < 1_000_000


def test_many_episodes_make_a_page_that_can_be_opened() -> None:
    page = render("index.html.j2", backlog=backlog(*[portrait(slug=f"notes-{n}") for n in range(500)]))
    assert len(page) < 1_500_000


def test_pages_of_others_go_and_what_is_the_same_is_not_written(tmp_path: Path) -> None:
    told = backlog(portrait(), portrait(slug="others"))
    first = write_pages(tmp_path, told)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.html")}
    assert write_pages(tmp_path, told) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.html")} == before
    write_pages(tmp_path, backlog(portrait(slug="others")), whole=False)
    assert len(list(tmp_path.rglob("*.html"))) == 3
    write_pages(tmp_path, backlog(portrait()))
    assert [path.name for path in first.with_name("report").iterdir()] == ["notes.html"]


def test_a_terminal_is_told_the_same_and_cannot_be_taken_over() -> None:
    told = as_text(backlog(worst(), portrait()))
    assert "\u202e" not in told
    assert "\x1b" not in told
    assert "0:12  error SOUN302: a hole" in told
    assert "notes  Notes beside the lock" in told
    assert "1:00  −16.0 LUFS, −1.4 dBTP (target −16.0)  156 words a minute (128 to 201)" in told
    assert "2 episodes, 2:00: 10 errors, 1 warning, 1 note" in told
    assert "\x1b[31merror\x1b[0m" in as_text(backlog(worst()), colour=True)
    assert "\u202e" not in as_text(backlog(worst()), colour=True)
