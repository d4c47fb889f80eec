"""Slurm finishes a backlog, as workers of one run and as an array of shares: the bytes of one computer."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, LittleShow
from tests.test_cli import PAPERLEDGE, episodes

from .slurm import PARTITION, Slurm, refuse_without, running_slurm

pytestmark = pytest.mark.acceptance

ARRAY = REPOSITORY / "docs" / "cluster" / "array.slurm"
SLUGS = ("ada", "bob", "cy", "dee", "eve")
JOBQUEUE = """
jobqueue:
  slurm:
    cores: 1
    memory: 1GiB
    interface: lo
    walltime: "00:10:00"
    local-directory: {folder}
    log-directory: {folder}
"""
"""What docs/cluster.md says may be set; here, that all of it is on this computer."""


@pytest.fixture(scope="module")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slurm]:
    refuse_without()
    with running_slurm(tmp_path_factory.mktemp("slurm") / "run") as running:
        yield running


def backlog(root: Path, **settings: Path) -> LittleShow:
    show = LittleShow(root)
    for number, slug in enumerate(SLUGS, 1):
        show.paper(slug, body=f"What {slug} found. It matters. " * number, title=f"On {slug}", day=number)
    said = "".join(f"{key}: {value}\n" for key, value in settings.items())
    show.write("show.yaml", f"title: Little Show\nhost: Ernis\nvoice: tone\n{said}")
    return show


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a build on this computer alone."""
    show = backlog(tmp_path_factory.mktemp("local") / "show")
    show.make()
    return episodes(show)


def environment(slurm: Slurm, folder: Path) -> dict[str, str]:
    """That of a user of the cluster, whose copies are in a folder of this test."""
    return slurm.environment | {"PAPERLEDGE_CACHE": str(folder / "cache"), "PYTHONPATH": str(REPOSITORY)}


def make(show: LittleShow, environment: dict[str, str], *words: str) -> str:
    command = [*PAPERLEDGE, "--show", str(show.root), "make", *words]
    done = subprocess.run(
        command, env=environment, cwd=show.root, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_run_on_workers_that_slurm_gives_it(slurm: Slurm, local: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    show = backlog(tmp_path / "show", store=tmp_path / "store")
    (tmp_path / "dask").mkdir()
    (tmp_path / "dask" / "jobqueue.yaml").write_text(JOBQUEUE.format(folder=tmp_path / "dask"))
    user = environment(slurm, tmp_path) | {"DASK_CONFIG": str(tmp_path / "dask")}
    said = make(show, user, "--executor", f"slurm:{PARTITION}:2")
    assert f"{len(SLUGS)} made, 0 already there" in said
    assert episodes(show) == local
    assert len(list((tmp_path / "dask").glob("dask-worker-*.out"))) == 2
    slurm.wait_until_empty()


SLEEPERS = """
import time
from pipeline.execute import open_executor
with open_executor("slurm:{partition}:1") as executor:
    waiting = [executor.submit(time.sleep, 6) for _ in range(3)]
    waiting[0].result()
    print("begun", flush=True)
    print([future.exception() for future in waiting], flush=True)
"""


def test_a_job_that_slurm_ends_is_submitted_again(slurm: Slurm, tmp_path: Path) -> None:
    (tmp_path / "jobqueue.yaml").write_text(JOBQUEUE.format(folder=tmp_path))
    driver = subprocess.Popen(
        [sys.executable, "-c", SLEEPERS.format(partition=PARTITION)],
        env=environment(slurm, tmp_path) | {"DASK_CONFIG": str(tmp_path)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert driver.stdout
        assert driver.stdout.readline() == "begun\n"
        (first,) = slurm.ask("squeue", "-h", "-o", "%i").splitlines()
        slurm.ask("scancel", first)
        said, _ = driver.communicate(timeout=120)
    finally:
        driver.kill()
        driver.wait(10)
    assert said == "[None, None, None]\n"
    slurm.wait_until_empty()


def test_what_slurm_does_not_take_is_said_in_its_words(slurm: Slurm, tmp_path: Path) -> None:
    show = backlog(tmp_path / "show")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "--show", str(show.root), "make", "--executor", "slurm:no-such:2"],
        env=environment(slurm, tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 11
    assert "error: slurm:no-such: Slurm takes no such job: " in done.stderr
    assert "invalid partition" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_array_of_shares_and_then_one_plain_run(
    slurm: Slurm, local: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "store").mkdir()
    show = backlog(tmp_path / "show", store=tmp_path / "store")
    venv = tmp_path / "venv" / "bin"
    venv.mkdir(parents=True)
    (venv / "paperledge").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pipeline "$@"\n')
    (venv / "paperledge").chmod(0o755)
    user = environment(slurm, tmp_path) | {"PAPERLEDGE": str(venv.parent)}
    slurm.run(ARRAY, "--array=1-2", "--cpus-per-task=1", "--mem=1G", cwd=show.root, environment=user)
    shares = [path.read_text() for path in sorted(show.root.glob("slurm-*_[12].out"))]
    made = [sum(f"{slug} " in share for slug in SLUGS) for share in shares]
    assert (len(made), sum(made), 0 in made) == (2, len(SLUGS), False), shares
    assert f"0 made, {len(SLUGS)} already there" in make(show, user)
    assert episodes(show) == local
