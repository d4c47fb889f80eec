"""A disk that is full, for every writer: nothing finished is lost, and the next run goes on."""

import subprocess
import sys
from pathlib import Path

import pytest

from ..conftest import REPOSITORY

OWN_MOUNTS = ("unshare", "--map-root-user", "--mount")
"""A process that may mount what only it sees: for root, and for everybody where the system allows it."""


def may_mount(folder: Path) -> bool:
    try:
        command = [*OWN_MOUNTS, "mount", "-t", "tmpfs", "none", str(folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def fill(folder: Path, step_kb: int) -> list[str]:
    if not may_mount(folder):
        pytest.skip("no disk can be mounted here")
    command = [*OWN_MOUNTS, sys.executable, "-m", "tests.torture.full_disk", str(folder), str(step_kb)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_full_disk_costs_nothing_that_was_finished(tmp_path: Path) -> None:
    assert len(fill(tmp_path, step_kb=512)) == 6


@pytest.mark.torture
def test_every_writer_meets_the_end_of_the_disk(tmp_path: Path, short: bool) -> None:
    assert len(fill(tmp_path, step_kb=128 if short else 8)) == 6
