"""The same show gives the same bytes, whatever surrounds the run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import REPOSITORY, LittleShow

BODY = "A first finding, of 3.5 % or ½. It stays.\n\nThe second — naïve — one: “so”, on 2026-03-29."

SURROUNDINGS = {
    "Apia": {"TZ": "Pacific/Apia"},
    "Honolulu": {"TZ": "Pacific/Honolulu", "LANG": "C", "LC_ALL": "C"},
    "Turkish": {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
    "hash 1": {"PYTHONHASHSEED": "1"},
    "hash 4711": {"PYTHONHASHSEED": "4711", "TZ": "UTC"},
}


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
    assert len(usual) == 4
    assert made(tmp_path, f"{workers} workers, späces", workers, {}, from_root=True) == usual
