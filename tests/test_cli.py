"""The command as people and programs meet it: real processes, exit codes, streams."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import LittleShow

PAPERLEDGE = [sys.executable, "-m", "pipeline"]


def run(show: LittleShow, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [*PAPERLEDGE, "--show", str(show.root), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def start(show: LittleShow, *words: str) -> "subprocess.Popen[str]":
    command = [*PAPERLEDGE, "--show", str(show.root), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


LONG = "Paper {paper} says that line {line} is a long one, with many words in it."


def backlog(show: LittleShow, papers: int, lines: int, text: str = LONG) -> None:
    for paper in range(papers):
        body = "\n\n".join(text.format(paper=paper, line=line) for line in range(lines))
        show.paper(f"paper-{paper}", body=body)


def episodes(show: LittleShow) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((show.root / "output/episodes").glob("*.*"))}


def test_make_reports_on_stdout_and_shows_progress_on_stderr(show: LittleShow) -> None:
    show.paper("one")
    show.paper("two")
    done = run(show, "make", "--jobs", "1")
    assert done.returncode == 0
    assert re.search(
        r"^one +0:\d\d +-1\d\.\d LUFS +-\d+\.\d dBTP +\d\.\d MB  made$", done.stdout, re.MULTILINE
    )
    assert "2 made, 0 already there" in done.stdout
    assert "voice: tone" in done.stdout
    assert re.search(r"^\[2/2\] output/episodes/\w+\.mp3 ", done.stderr, re.MULTILINE)
    assert "\x1b" not in done.stdout + done.stderr
    again = run(show, "make")
    assert "0 made, 2 already there" in again.stdout
    assert again.stderr == ""


def test_json_is_for_programs(show: LittleShow) -> None:
    show.paper("one")
    report = json.loads(run(show, "make", "--json").stdout)
    (episode,) = report["made"]
    assert episode["slug"] == "one"
    assert episode["size_bytes"] == show.mp3("one").stat().st_size
    assert report["failed"] == []


def test_failures_come_last_and_decide_the_exit_code(show: LittleShow) -> None:
    show.paper("good")
    show.write("papers/bad-1.md", "nothing")
    show.write("papers/bad-2.md", "nothing")
    done = run(show, "make")
    assert done.returncode == 4
    assert show.mp3("good").exists()
    assert done.stderr.splitlines()[-1] == "  not made: papers/bad-2.md"
    assert "Traceback" not in done.stderr


def test_a_file_name_cannot_take_over_the_terminal(show: LittleShow) -> None:
    show.paper("good")
    show.write("papers/a\x1b[31mred.md", "nothing")
    for verb in ("make", "check"):
        done = run(show, verb)
        assert "\x1b" not in done.stdout + done.stderr
        assert "\\x1b[31mred" in done.stdout + done.stderr


def test_one_cause_is_said_once(show: LittleShow) -> None:
    for slug in ("one", "two", "three"):
        show.paper(slug)
    show.edit("scripts/outro.j2", "paper.title", "paper.titel")
    done = run(show, "make")
    assert done.returncode == 5
    assert done.stderr.count("'paper.titel' is not defined") == 1
    assert "not made: papers/one.md, papers/three.md, papers/two.md" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("make", "--voice", "nobody"), 3, "there is no voice 'nobody'"),
        (("make", "no-such-paper"), 4, "there is no paper 'no-such-paper'"),
        (("make", "--jobs", "none"), 2, "is not a number of 1 or more"),
        (("mak",), 2, "invalid choice"),
        (("import-notes", "missing.txt"), 4, "missing.txt: cannot be read"),
        (("new", "."), 3, "there is something in this folder"),
        (("setup", "nothing"), 3, "there is no extra 'nothing'"),
    ],
)
def test_a_mistake_gets_a_message_and_an_exit_code(
    show: LittleShow, words: tuple[str, ...], code: int, says: str
) -> None:
    show.paper("one")
    done = run(show, *words)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_show_the_error_says_how_to_begin_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [*PAPERLEDGE, "--show", str(tmp_path), "make"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "paperledge new" in done.stderr


def test_script_prints_what_will_be_said_and_makes_no_audio(show: LittleShow) -> None:
    show.paper("one", body="It is **so**.")
    done = run(show, "script", "papers/one.md")
    assert done.stdout.startswith("Welcome, I am Ernis.\n\nIt is so.\n")
    assert not list((show.root / "output").rglob("*.wav"))


def test_output_that_nobody_reads_to_its_end_is_no_error(show: LittleShow) -> None:
    backlog(show, papers=4, lines=2000)
    process = start(show, "script")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == 0
    assert process.stderr.read() == ""
    process.stderr.close()


def test_check_finds_everything_at_once(show: LittleShow) -> None:
    show.paper("good")
    show.write("papers/bad.md", "nothing")
    show.paper("asks").write_text(
        (show.root / "papers/good.md")
        .read_text()
        .replace("---\ntitle", "---\nvoice: x\ntemplate: y.j2\ntitle")
    )
    show.edit("scripts/outro.j2", "paper.title", "paper.titel")
    show.write("voices/lexicon.yaml", "VAR: 1\n")
    show.write("voices/unused.yaml", "engine: tone\noptoins: {}\n")
    done = run(show, "check")
    assert done.returncode != 0
    places = [line.split(": ")[0] for line in done.stdout.splitlines()]
    assert places == [
        "scripts/outro.j2:1",
        "voices/lexicon.yaml:1:6",
        "voices/unused.yaml:2:1",
        "papers/asks.md:2:1",
        "papers/asks.md:3:1",
        "papers/bad.md:1:1",
    ]
    assert not (show.root / "output").exists()


def test_check_finds_what_shows_only_when_a_paper_is_told(show: LittleShow) -> None:
    show.paper("one")
    show.paper("two")
    show.edit("scripts/episode.j2", "Welcome, I am", "Welcome, {{ 1 // 0 }}, I am")
    done = run(show, "check")
    assert done.returncode == 5
    (fault,) = done.stdout.splitlines()
    assert fault.startswith("scripts/episode.j2:2: TMPL104 error: ZeroDivisionError: ")


def test_check_of_a_good_show_says_so(show: LittleShow) -> None:
    show.paper("good")
    done = run(show, "check")
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 paper checked, no problems found" in done.stderr


def test_voices_are_listed_with_what_they_are(show: LittleShow) -> None:
    assert re.search(r"^tone +tone +tones in place", run(show, "voices").stdout, re.MULTILINE)


def test_check_finds_engines_voices_and_fallbacks_that_are_not_there(show: LittleShow) -> None:
    show.paper("one")
    show.write("voices/a.yaml", "engine: pcio\nfallback: tone\n")
    show.write("voices/b.yaml", "engine: pico\noptions: {words_per_minute: 150, voice: en-GP}\n")
    show.write("voices/c.yaml", "engine: tone\nfallback: tnoe\n")
    show.write("voices/d.yaml", "engine: kokoro\noptions:\n  blend:\n    ernst: 1\n")
    done = run(show, "check")
    assert done.returncode != 0
    places = [line.split(": ")[0] for line in done.stdout.splitlines()]
    assert places == [
        "voices/a.yaml:1:9",
        "voices/b.yaml:2:41",
        "voices/c.yaml:2:11",
        "voices/d.yaml:4:5",
    ]
    assert "there is no engine 'pcio' (did you mean 'pico'?" in done.stdout


def test_clean_leaves_the_sources_and_nothing_made(show: LittleShow) -> None:
    show.paper("one")
    run(show, "make")
    assert run(show, "clean").returncode == 0
    assert list((show.root / "output").iterdir()) == []
    assert (show.root / "papers/one.md").exists()


def until_spoken(process: "subprocess.Popen[str]", show: LittleShow, lines: int) -> None:
    """Wait until a run has spoken so many lines; it must still be going then."""
    deadline = time.monotonic() + 30
    while len(list((show.root / "output/.store/records/synthesis").glob("*/*.json"))) < lines:
        assert process.poll() is None
        assert time.monotonic() < deadline


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_ends_quickly_and_says_how_to_go_on(show: LittleShow, sent: signal.Signals) -> None:
    backlog(show, papers=3, lines=60)
    process = start(show, "make", "--jobs", "2")
    until_spoken(process, show, 20)
    process.send_signal(sent)
    began = time.monotonic()
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - began < 10
    assert process.returncode == 130
    assert errors.splitlines()[-1] == "interrupted; run it again and it goes on where it stopped"
    assert "failed" not in errors
    assert "Traceback" not in errors


def test_killed_in_the_middle_the_next_run_gives_the_bytes_of_an_undisturbed_one(
    show: LittleShow, tmp_path: Path
) -> None:
    undisturbed = LittleShow(tmp_path / "undisturbed")
    for one in (show, undisturbed):
        backlog(one, papers=3, lines=60, text="{paper} {line}.")
    undisturbed.make()
    for lines in (10, 60, 120):
        process = start(show, "make", "--jobs", "2")
        until_spoken(process, show, lines)
        process.kill()
        process.communicate()
    assert run(show, "make").returncode == 0
    assert episodes(show) == episodes(undisturbed)
    assert list((show.root / "output/.store/scratch").iterdir()) == []


def test_a_new_show_speaks_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    done = subprocess.run([*PAPERLEDGE, "new", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in folder.iterdir()} == {
        ".gitignore",
        ".schemas",
        "Makefile",
        "show.yaml",
        "scripts",
        "voices",
        "papers",
    }
    assert (folder / "voices/lexicon.yaml").read_text().endswith("\nPaperLedge: paper ledge\n")
    made = subprocess.run(
        [*PAPERLEDGE, "--show", str(folder), "make", "--draft"], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    assert (folder / "output/draft/first-paper.mp3").exists()
