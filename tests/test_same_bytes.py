"""The same show gives the same bytes, whatever surrounds the run."""

import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.deliver import SUFFIXES
from pipeline.history import read_history

from .conftest import REPOSITORY, LittleShow

BODY = "A first finding, of 3.5 % or ½. It stays.\n\nThe second — naïve — one: “so”, on 2026-03-29."

SURROUNDINGS = {
    "Apia": {"TZ": "Pacific/Apia"},
    "Honolulu": {"TZ": "Pacific/Honolulu", "LANG": "C", "LC_ALL": "C"},
    "Turkish": {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
    "hash 1": {"PYTHONHASHSEED": "1"},
    "hash 4711": {"PYTHONHASHSEED": "4711", "TZ": "UTC"},
}

CLOCK = """
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = syscall(SYS_clock_gettime, clock, now);
    if (!failed && clock == CLOCK_REALTIME) now->tv_sec += atol(getenv("AHEAD_S"));
    return failed;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec fine;
    int failed = clock_gettime(CLOCK_REALTIME, &fine);
    *now = (struct timeval){fine.tv_sec, fine.tv_nsec / 1000};
    return failed;
}

time_t time(time_t *now) {
    struct timespec fine;
    clock_gettime(CLOCK_REALTIME, &fine);
    return now ? *now = fine.tv_sec : fine.tv_sec;
}
"""
"""Another date for a process and all that it starts, Python or not: these take the C library's place."""


def made(
    folder: Path, name: str, workers: int, env: dict[str, str], *, from_root: bool = False
) -> dict[str, bytes]:
    """Make a fresh show's episodes in a process of its own."""
    show = LittleShow(folder / name)
    show.paper("one", body=BODY)
    show.paper("two", body="Something else. It stays.", title="Él niño, İstanbul")
    command = [sys.executable, "-m", "pipeline", "--show", str(show.root), "make", "--jobs", str(workers)]
    surroundings = {**os.environ, "PYTHONPATH": str(REPOSITORY), **env}
    where = folder if from_root else REPOSITORY
    subprocess.run(command, cwd=where, env=surroundings, check=True, capture_output=True, timeout=120)
    return {path.name: path.read_bytes() for path in sorted((show.root / "output/episodes").iterdir())}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one worker makes in the usual surroundings."""
    return made(tmp_path_factory.mktemp("usual"), "show", 1, {"PYTHONHASHSEED": "0", "TZ": "UTC"})


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
def test_zone_language_and_hashes_change_no_byte(
    tmp_path: Path, usual: dict[str, bytes], surrounding: str
) -> None:
    assert made(tmp_path, "show", 1, SURROUNDINGS[surrounding]) == usual


@pytest.mark.parametrize("workers", [2, 4])
def test_workers_and_folders_change_no_byte(tmp_path: Path, usual: dict[str, bytes], workers: int) -> None:
    assert len(usual) == 2 * len(SUFFIXES)
    assert made(tmp_path, f"{workers} workers, späces", workers, {}, from_root=True) == usual


@pytest.mark.skipif(not sys.platform.startswith("linux") or not shutil.which("cc"), reason="no C compiler")
@pytest.mark.parametrize("year", [1999, 2037])
def test_the_date_changes_no_byte(tmp_path: Path, usual: dict[str, bytes], year: int) -> None:
    clock, now = tmp_path / "clock.so", dt.datetime.now(dt.UTC)
    command = ["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(clock)]
    subprocess.run(command, input=CLOCK, text=True, check=True)
    ahead = now.replace(year=year, month=2, day=28) - now
    env = {"LD_PRELOAD": str(clock), "AHEAD_S": str(round(ahead.total_seconds()))}
    assert made(tmp_path, "show", 2, env) == usual
    assert {each.when[:7] for each in read_history(tmp_path / "show/output")} == {f"{year}-02"}
