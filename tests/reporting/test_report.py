"""From a show's folder to its report: what is heard in the files that are there now."""

import json
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from pipeline.deliver import known
from pipeline.errors import SettingsError, StoreError
from pipeline.listening import HeardLine as Heard
from pipeline.listening import Hearing
from pipeline.listening.episodes import HEAR, HearRequest
from pipeline.listening.recogniser import Recogniser
from pipeline.planned import planned
from pipeline.reporting import Backlog, hearings, report, slug_of, write_pages
from pipeline.run import Watcher
from pipeline.store import Store, key_of

from ..conftest import LittleShow
from ..test_cli import run
from .portraits import HOSTILE

BODY = "A finding of some length is told here. It matters to many people. So it goes on for a while."


def speaking(show: LittleShow) -> LittleShow:
    """The show with two papers, and a voice with words: files are held against what speech is like."""
    show.write("voices/tone.yaml", "engine: pico\n")
    show.paper("one", BODY, title="The first", day=1)
    show.paper("two", BODY, title="The second", day=2)
    return show


@pytest.fixture
def made(show: LittleShow) -> LittleShow:
    assert not speaking(show).make().failed
    return show


class Listener(Watcher):
    """Notes what is heard."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def heard(self, voice: str) -> None:
        self.told.append(voice)


def cut(path: Path) -> None:
    """Take a second out of the middle of an MP3."""
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2] + raw[len(raw) // 2 + 16_000 :])


def test_a_clean_episode_is_shown_as_it_was_made(made: LittleShow) -> None:
    told = report(made.root)
    assert [it.slug for it in told.episodes] == ["one", "two"]
    first = told.episodes[0]
    assert first.title == "The first"
    assert first.marks == ()
    assert first.loudness.integrated_mlufs == pytest.approx(first.loudness_made.integrated_mlufs, abs=50)
    assert [line.text for line in first.lines][1:4] == [f"{it}." for it in BODY.rstrip(".").split(". ")]
    assert [line.number for line in first.lines] == [1, 2, 3, 4, 5, 6]
    assert all(it.start_ms < it.end_ms <= first.duration_ms for it in first.lines)
    assert [chapter.title for chapter in first.chapters] == ["Welcome", "The first"]
    assert len(first.short_term_mlufs) == pytest.approx(first.duration_ms / 1000, abs=1)
    assert first.speakers[0].profile == "tone"


def test_pace_is_words_by_the_time_they_take(made: LittleShow) -> None:
    first = report(made.root, ["one"]).episodes[0]
    for line in first.lines:
        assert line.words_per_minute == pytest.approx(
            line.words * 60_000 / (line.end_ms - line.start_ms), abs=1
        )
    slowest, fastest = first.usual_words_per_minute
    assert slowest <= first.words_per_minute <= fastest


def test_what_is_failing_comes_first_with_its_findings_at_their_lines(made: LittleShow) -> None:
    cut(made.mp3("two"))
    told = report(made.root)
    assert [it.slug for it in told.episodes] == ["two", "one"]
    worst = told.episodes[0]
    assert worst.count("error") > 0
    numbers = {line.number for line in worst.lines}
    assert all(mark.line in numbers for mark in worst.marks if mark.at_ms is not None)
    assert any(mark.at_ms is None and mark.code == "SOUN401" for mark in worst.marks)
    assert any(mark.at_ms for mark in worst.marks)


def test_findings_have_the_severity_of_the_show(made: LittleShow) -> None:
    cut(made.mp3("two"))
    made.write("show.yaml", "title: Little Show\nhost: Ernis\nvoice: tone\nseverity: {SOUN401: note}\n")
    worst = report(made.root, ["two"]).episodes[0]
    assert [mark.severity for mark in worst.marks if mark.code == "SOUN401"] == ["note"]


def test_what_was_heard_when_it_was_verified_is_not_heard_again(made: LittleShow) -> None:
    first = report(made.root)
    listener = Listener()
    assert report(made.root, watcher=listener) == first
    assert listener.told == []


def test_what_a_recogniser_heard_before_stands_at_its_line(
    made: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ear(root: Path) -> Recogniser:
        return Recogniser(root, "ear")

    monkeypatch.setattr(hearings, "open_recogniser", ear)
    store = Store(made.root / "output/.store")
    plan = planned(known(store.root / "ledger/episodes", "one") or pytest.fail("not made"), store)
    lines = tuple(
        Heard(number=it.number, verdict="whole", similarity=0.99, meant=it.spoken, heard=it.spoken)
        for it in plan.lines
    )
    worst = replace(lines[2], verdict="part", similarity=0.4, meant="it matters to many", heard="it to")
    request = HearRequest(mp3=plan.sha256, lines=tuple(it.spoken for it in plan.lines), recogniser="ear")
    store.remember(HEAR, key_of(HEAR, request), request, Hearing(lines=(*lines[:2], worst, *lines[3:])))

    one, two = report(made.root).episodes
    assert [(it.code, it.line) for it in one.marks] == [("LIST103", 3)]
    heard = [it.heard for it in one.lines]
    assert [it and it.similarity_permille for it in heard] == [990, 990, 400, 990, 990, 990]
    assert [it and it.word_errors for it in heard] == [0, 0, 2, 0, 0, 0]
    assert all(it.heard is None for it in two.lines)
    cut(made.mp3("one"))  # it is not what was listened to
    assert all(it.heard is None for it in report(made.root, ["one"]).episodes[0].lines)


def test_a_file_that_cannot_be_heard_stops_no_other(made: LittleShow) -> None:
    made.mp3("one").write_bytes(b"nothing")
    told = report(made.root)
    assert [it.slug for it in told.episodes] == ["two"]
    assert [it.slug for it in told.unheard] == ["one"]
    assert "one.mp3" in told.unheard[0].problem


def test_the_same_episodes_give_the_same_bytes(made: LittleShow) -> None:
    write_pages(made.root, report(made.root))
    first = {path: path.read_bytes() for path in made.root.rglob("*.html")}
    assert len(first) == 3
    for path in first:
        path.unlink()
    write_pages(made.root, report(made.root))
    assert {path: path.read_bytes() for path in made.root.rglob("*.html")} == first


def test_the_last_run_and_those_before_are_told(show: LittleShow) -> None:
    made = speaking(show)
    run(made, "make")
    made.paper("three", BODY, day=3)
    made.write("papers/bad.md", "---\ntitle: [\n---\n")
    run(made, "make")
    told = msgspec.convert(json.loads(run(made, "report", "--json").stdout), Backlog)
    assert [bool(it.made) for it in told.episodes] == [True] * 3
    assert told.last_run
    assert [it.slug for it in told.last_run.made] == ["three"]
    assert [it.slug for it in told.last_run.reused] == ["one", "two"]
    assert [Path(it.paper).stem for it in told.last_run.failed] == ["bad"]
    assert told.runs[0].episodes == 1
    write_pages(made.root, told)
    assert "not made in the last run" in (made.root / "output/report.html").read_text(encoding="utf-8")


def test_hostile_titles_and_lines_go_all_the_way(made: LittleShow) -> None:
    title = HOSTILE.replace("\u202e", "").replace("\u2066", "").replace("{{", "{ {").replace('"', "'")
    made.paper("one", f"{BODY} It said: {title}", title=title)
    assert not made.make().failed
    write_pages(made.root, report(made.root))
    for path in made.root.rglob("*.html"):
        assert "<script>alert" not in path.read_text(encoding="utf-8")
        assert "<img" not in path.read_text(encoding="utf-8")


def test_the_verb_writes_pages_or_tells(made: LittleShow) -> None:
    done = run(made, "report")
    assert done.returncode == 0
    assert done.stderr.splitlines()[1].startswith("[2/2] ")
    assert done.stdout == "2 episodes heard, no findings: output/report.html\n"
    assert (made.root / "output/report/one.html").is_file()
    text = run(made, "report", "--text", "papers/two.md")
    assert text.stdout.startswith("two  The second\n")
    assert "\x1b" not in text.stdout
    told = msgspec.convert(json.loads(run(made, "report", "--json").stdout), Backlog)
    assert [it.slug for it in told.episodes] == ["one", "two"]


def test_what_is_not_there_is_said(made: LittleShow, tmp_path: Path) -> None:
    done = run(made, "report", "three")
    assert done.returncode == SettingsError.exit_code
    assert "there is no finished episode 'three' (known: one, two)" in done.stderr
    empty = LittleShow(tmp_path / "empty")
    assert "nothing is finished yet (make)" in run(empty, "report").stderr
    made.mp3("one").write_bytes(b"nothing")
    assert run(made, "report").returncode == StoreError.exit_code


@pytest.mark.parametrize("said", ["one", "papers/one.md", "output/episodes/one.mp3"])
def test_an_episode_is_named_as_people_do(said: str) -> None:
    assert slug_of(said) == "one"
