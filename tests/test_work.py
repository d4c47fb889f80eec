"""Jobs as files: what is written, what is refused and where, and that `make` finds what was made of them."""

import json
from pathlib import Path

import pytest

from pipeline.errors import SettingsError, StoreError
from pipeline.shard import Shard
from pipeline.work import read_jobs, share_of

from .conftest import LittleShow
from .test_cli import episodes, run

SLUGS = ("ada", "bob", "cy")
LINES = 9
"""Two of each paper's own; the greeting, what matters and the goodbye are the same in all."""


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LittleShow:
    """A show whose store is beside it, for other computers too."""
    (tmp_path / "store").mkdir()
    monkeypatch.setenv("PAPERLEDGE_CACHE", str(tmp_path / "cache"))
    show = LittleShow(tmp_path / "show")
    for slug in SLUGS:
        show.paper(slug, body=f"What {slug} found. It matters.", title=f"On {slug}")
    show.write("show.yaml", "title: Little Show\nhost: Ernis\nvoice: tone\nstore: ../store\n")
    return show


@pytest.fixture
def jobs(shared: LittleShow, tmp_path: Path) -> Path:
    """Its lines, as jobs."""
    path = tmp_path / "jobs.jsonl"
    assert run(shared, "plan", "--jobs-to", str(path)).returncode == 0
    return path


def work(folder: Path, *words: str) -> tuple[int, str, str]:
    """Done in a folder that has nothing to do with the show."""
    folder.mkdir(exist_ok=True)
    empty = object.__new__(LittleShow)
    empty.root = folder
    done = run(empty, "work", *words)
    return done.returncode, done.stdout, done.stderr


def test_jobs_are_lines_that_a_person_can_read(jobs: Path, shared: LittleShow) -> None:
    written = [json.loads(line) for line in jobs.read_text().splitlines()]
    assert len(written) == LINES
    assert {job["store"] for job in written} == {(shared.root.parent / "store").as_uri()}
    assert all(set(job) == {"step", "version", "libraries", "key", "request", "store"} for job in written)
    assert "What ada found." in {job["request"]["text"] for job in written}


def test_a_show_that_is_made_leaves_no_jobs(shared: LittleShow, tmp_path: Path) -> None:
    shared.make()
    path = tmp_path / "jobs.jsonl"
    path.write_text("of an earlier run\n")
    assert run(shared, "plan", "--jobs-to", str(path)).returncode == 0
    assert path.read_text() == ""
    assert work(tmp_path / "elsewhere", str(path)) == (0, "", "")


def test_two_shares_done_elsewhere_and_make_speaks_nothing(
    jobs: Path, shared: LittleShow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []
    for number in (1, 2):
        monkeypatch.setenv("PAPERLEDGE_CACHE", str(tmp_path / f"cache-{number}"))
        code, said, complaints = work(
            tmp_path / "elsewhere", str(jobs), "--shard", f"{number}/2", "--jobs", "1"
        )
        assert (code, complaints) == (0, "")
        done += [line.split()[2] for line in said.splitlines()]
    assert len(done) == len(set(done)) == LINES
    assert f"0 lines spoken, {LINES} reused" in run(shared, "make").stdout
    made = episodes(shared)
    alone = LittleShow(tmp_path / "alone")
    for slug in SLUGS:
        alone.paper(slug, body=f"What {slug} found. It matters.", title=f"On {slug}")
    alone.make()
    assert made == episodes(alone)


def test_a_job_by_itself_may_be_over_many_lines(jobs: Path, tmp_path: Path) -> None:
    one = tmp_path / "one.json"
    one.write_text(json.dumps(json.loads(jobs.read_text().splitlines()[0]), indent=2))
    code, said, _ = work(tmp_path / "elsewhere", str(one))
    assert (code, said.count("\n")) == (0, 1)


def test_a_share_of_a_share(jobs: Path, tmp_path: Path) -> None:
    all_jobs = read_jobs(jobs)
    mine = share_of(all_jobs, Shard(2, 2))
    parts = [share_of(mine, Shard(number, 3)) for number in (1, 2, 3)]
    keys = [job["key"] for part in parts for job, _ in part]
    assert sorted(keys) == sorted(job["key"] for job, _ in mine)


def test_a_job_that_is_there_twice_is_done_once(jobs: Path, tmp_path: Path) -> None:
    code, said, _ = work(tmp_path / "elsewhere", str(jobs), str(jobs))
    assert (code, said.count("\n")) == (0, LINES)


def spoilt(jobs: Path, number: int, **changes: object) -> str:
    """The file with some keys of the job on a line changed; its name."""
    lines = jobs.read_text().splitlines()
    lines[number - 1] = json.dumps(json.loads(lines[number - 1]) | changes)
    jobs.write_text("\n".join(lines))
    return str(jobs)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"step": "sing"}, "there is no step 'sing'"),
        ({"version": "one"}, "Expected `int`, got `str` - at `$.version`"),
        ({"request": {}}, "Object missing required field"),
        ({"wish": 1}, "Object contains unknown field `wish`"),
        ({"key": "../../../../escaped"}, "Expected `str` matching regex"),
        ({"key": "0" * 64}, "its key is not that of its request"),
    ],
)
def test_a_bad_job_is_refused_at_its_line_before_any_is_done(
    changes: dict[str, object], said: str, jobs: Path, tmp_path: Path
) -> None:
    path = spoilt(jobs, 3, **changes)
    code, done, complaint = work(tmp_path / "elsewhere", path)
    assert (code, done) == (SettingsError.exit_code, "")
    assert complaint.startswith(f"error: {path}:3: is no job: {said}")
    assert "`paperledge plan --jobs-to FILE` writes them" in complaint


@pytest.mark.parametrize("text", ["no JSON at all", "[]", '{"step": "synthesis"'])
def test_a_file_of_something_else_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "jobs.jsonl"
    path.write_text(text)
    code, _, complaint = work(tmp_path / "elsewhere", str(path))
    assert code == SettingsError.exit_code
    assert complaint.startswith(f"error: {path}:1: is no job: ")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    code, _, complaint = work(tmp_path / "elsewhere", str(tmp_path / "none.jsonl"))
    assert code == StoreError.exit_code
    assert "none.jsonl" in complaint


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"version": 99}, "the synthesis step is 1 here, not 99"),
        ({"libraries": {"numpy": "0.9"}}, "numpy is None here, not 0.9"),
    ],
)
def test_a_job_of_other_versions_is_refused_and_the_others_are_done(
    changes: dict[str, object], what: str, jobs: Path, tmp_path: Path
) -> None:
    code, said, complaint = work(tmp_path / "elsewhere", spoilt(jobs, 2, **changes), "--jobs", "1")
    assert code == 11
    assert f"this computer would make other bytes: {what}" in complaint
    assert "install the same version of PaperLedge" in complaint
    assert (said.count("\n"), said.count(" failed")) == (LINES, 1)
