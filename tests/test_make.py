"""The Makefile: one command a target, and nothing the command cannot do."""

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent


def dry(*words: str) -> str:
    command = ["make", "-n", "--no-print-directory", "-o", ".venv/paperledge-ready", *words]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ([], "-m pipeline make"),
        (["PAPER=papers/2025-*"], "-m pipeline make 'papers/2025-*'"),
        (["VOICE=system"], "-m pipeline make --voice 'system' --install"),
        (["JOBS=1"], "-m pipeline make --jobs 1"),
        (["LIMIT=3", "NEWEST=1"], "-m pipeline make --limit '3' --newest"),
        (["FAILED=1", "FAILFAST=1"], "-m pipeline make --failed --fail-fast"),
        (["watch"], "-m pipeline watch"),
        (["watch", "VOICE=ernis"], "-m pipeline watch --voice 'ernis' --install"),
        (["draft", "PAPER=a"], "-m pipeline make --draft 'a'"),
        (["script", "PAPER=papers/x.md"], "-m pipeline script 'papers/x.md'"),
        (["check"], "-m pipeline check"),
        (["check", "PAPER=a", "JSON=1"], "-m pipeline check 'a' --json"),
        (["plan"], "-m pipeline plan"),
        (["plan", "LIMIT=3"], "-m pipeline plan --limit '3'"),
        (["plan", "WORKERS=100"], "-m pipeline plan --workers '100'"),
        (["plan", "PAPER=a", "VOICE=system", "JSON=1"], "-m pipeline plan 'a' --voice 'system' --json"),
        (["diff", "PAPER=a"], "-m pipeline diff 'a'"),
        (["voices"], "-m pipeline voices"),
        (["clean"], "-m pipeline clean"),
        (["output/episodes/a-paper.mp3"], "-m pipeline make 'a-paper'"),
        (
            ["output/episodes/a-paper.mp3", "VOICE=tone"],
            "-m pipeline make 'a-paper' --voice 'tone' --install",
        ),
    ],
)
def test_a_target_is_one_command(words: list[str], command: str) -> None:
    assert dry(*words) == f".venv/bin/python {command}"


def test_set_up_takes_extras() -> None:
    assert dry("setup", "EXTRAS=espeak").endswith("-m pipeline setup espeak")


def test_help_lists_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    listed = set(re.findall(r"^  make (\w+) +\S", done.stdout, re.MULTILINE))
    assert listed == targets


def test_the_makefile_needs_nothing_newer_than_make_3_81() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for newer in (".ONESHELL", "$(file ", "!=", "private ", "undefine ", "&:"):
        assert newer not in makefile


def test_a_misspelt_variable_is_said_with_the_known_ones() -> None:
    command = ["make", "-n", "voices", "VOCIE=tone"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (
        "There is no variable VOCIE, only PAPER VOICE JOBS WORKERS EXECUTOR SHARD JSON LIMIT " in done.stderr
    )


def test_every_variable_is_known() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    (known,) = re.findall(r"^KNOWN = (.*)$", makefile, re.MULTILINE)
    used = set(re.findall(r"\$\((?:if |foreach name,)?\$?\(?([A-Z]{3,})\)", makefile))
    ours = {"CHOSEN", "QUEUE", "WHERE", "READY", "SETUP", "KNOWN", "GIVEN"}
    assert used - ours - {"MAKEFILE"} <= set(known.split())
    assert {"PAPER", "VOICE", "JOBS", "EXTRAS", "SUITES"} <= used
