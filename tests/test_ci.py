"""The workflow of docs/ci.md, run in a clone of a show as a service would run it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.starter import start_show

from .conftest import REPOSITORY

GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")


def steps() -> list[dict[str, Any]]:
    page = (REPOSITORY / "docs/ci.md").read_text(encoding="utf-8")
    (workflow,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    read = yaml.safe_load(workflow)
    assert read["permissions"] == {"contents": "read"}
    assert read[True] == "pull_request"  # YAML 1.1, in which `on` is true
    (job,) = read["jobs"].values()
    return list(job["steps"])


def git(*words: str, cwd: Path) -> None:
    subprocess.run([*GIT, *words], cwd=cwd, check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of a show's repository, with the command on the PATH."""
    start_show(tmp_path / "origin")
    git("init", "-q", cwd=tmp_path / "origin")
    git("add", "-A", cwd=tmp_path / "origin")
    git("commit", "-q", "-m", "A show", cwd=tmp_path / "origin")
    git("clone", "-q", "origin", "clone", cwd=tmp_path)
    (tmp_path / "bin").mkdir()
    for name, command in {
        "paperledge": f'"{sys.executable}" -m pipeline',
        "python": f'"{sys.executable}"',
    }.items():
        (tmp_path / "bin" / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (tmp_path / "bin" / name).chmod(0o755)
    return tmp_path / "clone"


def gate(clone: Path) -> "subprocess.CompletedProcess[str]":
    *_, step = steps()
    bin_folder, summary = clone.parent / "bin", clone.parent / "summary.md"
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment = {  # what make tells the makes that it starts is not there on a service
        **outside,
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    # as GitHub runs a step: bash -e
    return subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_good_proposal_passes_and_is_told_with_its_minutes(clone: Path) -> None:
    done = gate(clone)
    assert done.returncode == 0, done.stderr
    summary = (clone.parent / "summary.md").read_text()
    assert re.search(r"^\| first-paper \| \d\.\d \| 0 \| 0 \| 0 \|  \|$", summary, re.MULTILINE), summary
    assert summary in done.stdout


def test_a_bad_one_does_not_and_says_where(clone: Path) -> None:
    papers = clone / "papers"
    text = (papers / "first-paper.md").read_text(encoding="utf-8")
    (papers / "second.md").write_text(text.replace("Write here", "It improved by 3.5. Write here"))
    (papers / "third.md").write_text(text.replace('title: "A first paper"\n', ""))
    done = gate(clone)
    assert done.returncode != 0
    assert re.search(
        r"^::error file=papers/third\.md,line=2,col=1,title=PAPR102::", done.stdout, re.MULTILINE
    )
    assert re.search(
        r"^::warning file=papers/second\.md,line=9,col=16,title=SAID104::", done.stdout, re.MULTILINE
    )
    summary = (clone.parent / "summary.md").read_text()
    assert re.search(r"^\| second \| \d\.\d \| 0 \| \d \| 0 \| SAID104", summary, re.MULTILINE), summary
    assert "| not made: papers/third.md |" in summary
    codes = {finding["code"] for finding in json.loads((clone / "findings.json").read_text())}
    assert {"PAPR102", "SAID104"} <= codes


def test_it_installs_what_it_checked_out() -> None:
    install = next(step for step in steps() if step.get("name") == "install")
    path = next(step["with"]["path"] for step in steps() if "repository" in step.get("with", {}))
    assert install["run"] == f"python -m pip install ./{path}"
