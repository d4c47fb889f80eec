"""What was made when: the report of the last run, and a history that survives torn lines."""

import datetime as dt
import json
from pathlib import Path

import pytest

from pipeline import history
from pipeline.errors import StoreError
from pipeline.history import note, read_history

from .conftest import LittleShow
from .test_cli import run

NOON = dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC)


def test_every_run_writes_its_report_and_only_what_was_made_into_the_history(show: LittleShow) -> None:
    show.paper("one")
    show.write("papers/bad.md", "no front matter")
    told = json.loads(run(show, "make", "--json").stdout)
    written = json.loads((show.root / "output/report.json").read_text())
    assert dt.datetime.fromisoformat(written.pop("when")).tzinfo is not None
    assert 0 < written.pop("took_ms") < 60_000
    assert written == told
    run(show, "make")
    written = json.loads((show.root / "output/report.json").read_text())
    assert ([e["slug"] for e in written["reused"]], written["made"]) == (["one"], [])
    assert len(read_history(show.root / "output")) == 1


def test_the_history_says_what_was_made_from_what_how_loud_and_how_long(show: LittleShow) -> None:
    show.paper("one", title="First")
    show.paper("two", title="Second", body="Something else.")
    note(show.root / "output", show.make(), 1234, now=NOON)
    (one, two) = read_history(show.root / "output")
    assert (one.slug, one.title, one.voice, one.when) == ("one", "First", "tone", "2026-03-04T12:00:00Z")
    assert (two.run_lines_spoken, two.run_lines_reused, two.run_ms) == (7, 0, 1234)
    assert -17_500 < one.loudness.integrated_mlufs < -15_500
    assert one.duration_ms > 1000
    assert [made.slug for made in read_history(show.root / "output", "two")] == ["two"]


def test_the_command_lists_the_last_of_one_episode_or_all(show: LittleShow) -> None:
    output = show.root / "output"
    for day, body in enumerate(["One thing.", "Another thing.", "A third."]):
        show.paper("one", body=body)
        show.paper("two", body=body)
        note(output, show.make(), 100, now=NOON + dt.timedelta(days=day))
    lines = run(show, "history").stdout.splitlines()
    assert len(lines) == 6
    assert "LUFS" in lines[0]
    (last,) = run(show, "history", "two", "-n", "1").stdout.splitlines()
    assert last.startswith("2026-03-06T12:00:00Z")
    assert "two.mp3" in last
    assert [made["slug"] for made in json.loads(run(show, "history", "one", "--json").stdout)] == ["one"] * 3
    unknown = run(show, "history", "three")
    assert unknown.returncode == StoreError.exit_code
    assert "nothing is known of 'three'" in unknown.stderr
    assert run(show, "history", "three", "--json").returncode == StoreError.exit_code
    assert run(show, "history", "papers/two.md").stdout == run(show, "history", "two").stdout
    assert run(show, "history", "-n", "0").returncode == 2


@pytest.mark.parametrize("cut", [1, 2, 40])
def test_a_torn_last_line_is_skipped_and_the_next_is_whole(show: LittleShow, cut: int) -> None:
    show.paper("one")
    note(show.root / "output", show.make(), 100, now=NOON)
    show.paper("one", body="Another body.")
    report = show.make()
    note(show.root / "output", report, 100, now=NOON)
    path = show.root / "output/history.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    whole = len(read_history(show.root / "output"))
    assert whole == (2 if cut == 1 else 1)  # a line that lacks its end only is whole
    note(show.root / "output", report, 100, now=NOON)
    assert len(read_history(show.root / "output")) == whole + 1


def test_the_history_is_bounded(show: LittleShow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "LIMIT_BYTES", 2_000)
    show.paper("one")
    report = show.make()
    for _ in range(40):
        note(show.root / "output", report, 100, now=NOON)
    kept = sorted((show.root / "output").glob("history*"))
    assert [path.name for path in kept] == ["history.jsonl", "history.old.jsonl"]
    assert sum(path.stat().st_size for path in kept) < 6_000
    assert 2 <= len(read_history(show.root / "output")) <= 12


def test_a_history_that_cannot_be_written_costs_no_episode(
    show: LittleShow, caplog: pytest.LogCaptureFixture
) -> None:
    show.paper("one")
    report = show.make()
    (show.root / "output/history.jsonl").mkdir()
    note(show.root / "output", report, 100)
    assert "the run is not in the history" in caplog.text
    assert Path(show.root / "output/report.json").exists()


def test_an_empty_history_is_no_error(show: LittleShow) -> None:
    assert run(show, "history").stdout == ""
    assert json.loads(run(show, "history", "--json").stdout) == []
