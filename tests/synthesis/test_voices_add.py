"""`paperledge voices add` as people meet it: real processes, streams, a terminal, a kill."""

import json
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

from pipeline.errors import FetchError, SettingsError
from tests.conftest import LittleShow

from .publisher import CONFIG, JOE, MADE, MODEL, Publisher, cut, stall


def command(show: LittleShow, *words: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", "--show", str(show.root), "voices", *words]


def run(show: LittleShow, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command(show, *words), capture_output=True, text=True, timeout=60, check=False)


def test_the_command_says_what_it_did_and_what_to_do_next(show: LittleShow, publisher: Publisher) -> None:
    done = run(show, "add", JOE, "--from", publisher.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"{JOE}  3 files, voices/{JOE}.yaml written  licence: see https://example.org/joe",
        f"  {MADE}: see whether that voice's licence allows what you do",
    ]
    assert done.stderr.splitlines() == [
        f"fetching voices/piper/{JOE}.MODEL_CARD, 0.0 MB",
        f"fetching voices/piper/{JOE}.onnx.json, 0.0 MB",
        f"fetching voices/piper/{JOE}.onnx, 0.4 MB",
        f"now: make VOICE={JOE}, or write `voice: {JOE}` in show.yaml",
    ]
    again = run(show, "add", JOE)
    assert again.stdout.startswith(f"{JOE}  was there, voices/{JOE}.yaml left as it is")
    assert again.stderr == ""
    assert json.loads(run(show, "--json").stdout)


def test_a_relative_folder_is_the_callers(show: LittleShow, tmp_path: Path) -> None:
    (tmp_path / "held").mkdir()
    for name in (f"{JOE}.onnx", f"{JOE}.onnx.json"):
        (tmp_path / "held" / name).write_bytes(CONFIG)
    done = subprocess.run(
        command(show, "add", JOE, "--from", "held"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "licence: unknown" in done.stdout


def test_the_command_refuses_bytes_that_are_not_the_published_style(
    show: LittleShow, publisher: Publisher
) -> None:
    done = run(show, "add", "af_heart", "--from", publisher.url)
    assert done.returncode == FetchError.exit_code
    assert "is not the style af_heart" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((show.root / "voices/styles").iterdir()) == []


def test_a_killed_download_leaves_a_part_and_goes_on(show: LittleShow, publisher: Publisher) -> None:
    publisher.answers[".onnx"] = [stall(200_000)]
    process = subprocess.Popen(
        command(show, "add", JOE, "--from", publisher.url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    part = show.root / f"voices/piper/{JOE}.onnx.part"
    deadline = time.monotonic() + 30
    while not (part.exists() and part.stat().st_size > 100_000) and time.monotonic() < deadline:
        time.sleep(0.01)
    second = run(show, "add", JOE, "--from", publisher.url)
    assert second.returncode == SettingsError.exit_code
    assert "another `voices add` is at work in this folder" in second.stderr
    process.kill()
    process.wait(30)
    held = part.stat().st_size
    assert 100_000 < held <= 200_000
    assert not (show.root / f"voices/piper/{JOE}.onnx").exists()
    assert not (show.root / f"voices/{JOE}.yaml").exists()
    publisher.sent = 0
    done = run(show, "add", JOE, "--from", publisher.url)
    assert done.returncode == 0, done.stderr
    assert publisher.ranges(".onnx") == ["", f"bytes={held}-"]
    assert publisher.sent == len(MODEL) - held
    assert (show.root / f"voices/piper/{JOE}.onnx").read_bytes() == MODEL
    assert not list((show.root / "voices").rglob("*.part*"))


def test_a_terminal_shows_a_bar_with_sizes(show: LittleShow, publisher: Publisher) -> None:
    ours, theirs = pty.openpty()
    publisher.answers[".onnx"] = [cut(200_000)]
    known = {"COLUMNS": "120", "TERM": "xterm"}
    process = subprocess.Popen(
        command(show, "add", JOE, "--from", publisher.url),
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **known},
    )
    os.close(theirs)
    parts = []
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(ours)
    assert process.wait(30) == 0
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", b"".join(parts).decode())
    assert re.search(rf"voices/piper/{JOE}.onnx +━+ +400.0/400.0 kB +0:00:00 left", shown)
