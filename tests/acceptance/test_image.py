"""The Dockerfile's steps, followed in a plain environment: there is no Docker where this is tested."""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

pytestmark = pytest.mark.acceptance

DOCKERFILE = REPOSITORY / "docs" / "cluster" / "Dockerfile"
INSTALLED = "/opt/paperledge"
LARGEST_MB = 300
"""Beside the image it begins with; 228 as this was written."""


def steps(stage: str) -> list[tuple[str, str]]:
    """The instructions of a stage: (RUN, its command) and so on."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE).replace(
        "\\\n", ""
    )
    (mine,) = (part for part in re.split(r"^FROM ", text, flags=re.MULTILINE) if f" AS {stage}\n" in part)
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in mine.splitlines()[1:] if line]


def context(folder: Path) -> None:
    """What Docker would be given of the repository, as far as git knows it."""
    ignored = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text().split()
    kept = [name.removeprefix("!") for name in ignored if name.startswith("!")]
    known = subprocess.check_output(["git", "ls-files", "-z"], cwd=REPOSITORY, text=True).split("\0")
    for name in filter(None, known):
        if any(fnmatch(name, part) or name.startswith(f"{part}/") for part in kept):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / name, folder / name)


def test_its_steps_install_all_that_its_commands_need_and_little_else(tmp_path: Path) -> None:
    source, installed = tmp_path / "src", tmp_path / "paperledge"
    source.mkdir()
    context(source)
    shims = tmp_path / "bin"
    shims.mkdir()
    for name, command in {"python": sys.executable, "pip": f'{sys.executable}" -m "pip'}.items():
        (shims / name).write_text(f'#!/bin/sh\nexec "{command}" "$@"\n')
        (shims / name).chmod(0o755)
    (extras,) = (re.findall('="(.*)"', said)[0] for kind, said in steps("built") if kind == "ARG")
    environment = os.environ | {"PATH": f"{shims}:{os.environ['PATH']}", "EXTRAS": extras}
    environment.pop("PYTHONPATH", None)
    for kind, said in steps("built"):
        if kind == "RUN":
            command = said.replace(INSTALLED, str(installed)).replace("--no-cache-dir ", "")
            subprocess.run(["sh", "-c", command], cwd=source, env=environment, check=True, timeout=600)
    for words in (["paperledge", "--version"], ["dask", "worker", "--help"], ["dask", "scheduler", "--help"]):
        subprocess.run(
            [installed / "bin" / words[0], *words[1:]], cwd=tmp_path, check=True, capture_output=True
        )
    show = tmp_path / "show"
    paperledge = str(installed / "bin" / "paperledge")
    subprocess.run([paperledge, "new", str(show)], check=True, capture_output=True)
    subprocess.run([paperledge, "--show", str(show), "make", "--draft"], check=True, capture_output=True)
    size_mb = sum(path.stat().st_size for path in installed.rglob("*") if path.is_file()) / 1e6
    assert size_mb < LARGEST_MB


def test_the_show_s_files_are_let_through(tmp_path: Path) -> None:
    context(tmp_path)
    copied = [
        said.split()[-2] for kind, said in steps("show") if kind == "COPY" and "[" not in said.split()[-2]
    ]
    named = [name for name in copied if not name.startswith("show.lock")]
    assert {"papers", "scripts", "voices"} <= set(named)
    for name in named:
        assert (tmp_path / name).exists(), name
