"""A backlog on a cluster whose every part is lost again and again, at moments that nobody chose.

The bucket keeps every version of an object, so what was made, and how often, can be counted there.
"""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ..bench.many import REPOSITORY, write_show
from ..clusters import Bucket, Cluster, Way, kill_tree, running_cluster

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ends processes by their group"),
]

NODES = 3
PATIENCE_S = 1200.0
"""The longest that a backlog may take, all its losses included."""
PREFIX = "show/"


class Shared:
    """A bucket that keeps all versions, behind a way that can be cut."""

    def __init__(self, bucket: Bucket, way: Way) -> None:
        import boto3

        self.bucket, self.way = bucket, way
        self.environment = bucket.environment | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{way.port}"}
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=bucket.endpoint,
            aws_access_key_id="somebody",
            aws_secret_access_key="else",
            region_name="us-east-1",
        )
        self.client.create_bucket(Bucket="all")
        self.client.put_bucket_versioning(Bucket="all", VersioningConfiguration={"Status": "Enabled"})

    def puts(self) -> dict[str, int]:
        """Record → how often it was put there."""
        counted: dict[str, int] = {}
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket="all", Prefix=PREFIX)
        for version in (version for page in pages for version in page.get("Versions", ())):
            if "/records/" in f"/{version['Key']}":
                counted[version["Key"]] = counted.get(version["Key"], 0) + 1
        return counted


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    bucket = Bucket()
    way = Way(bucket.port)
    try:
        bucket.start()
        way.open()
        shared = Shared(bucket, way)
        for name, value in shared.environment.items():
            monkeypatch.setenv(name, value)
        yield shared
    finally:
        for process in filter(None, [bucket.process, way.process]):
            process.kill()
            process.wait(10)


def start_make(show: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A driver, whose copies of what is shared are beside its show."""
    with (show / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline", "--show", str(show), "make", *arguments],
            cwd=REPOSITORY,
            env=os.environ | {"PAPERLEDGE_CACHE": str(show / "cache")},
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )


def show_on(shared: Shared, root: Path, papers: int) -> Path:
    write_show(root, papers, "tone")
    with (root / "show.yaml").open("a", encoding="utf-8") as file:
        file.write(f"store: s3://all/{PREFIX.rstrip('/')}\n")
    return root


def digests(show: Path) -> dict[str, str]:
    files = sorted((show / "output/episodes").glob("*"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def records_known(show: Path) -> int:
    """How much the driver knows to be made."""
    return sum(1 for _ in show.glob("cache/stores/*/records/*/*/*.json"))


@pytest.fixture
def expected(tmp_path: Path, short: bool) -> dict[str, str]:
    """What a build on one computer gives."""
    write_show(local := tmp_path / "local", papers_of(short), "tone")
    subprocess.run(
        [sys.executable, "-m", "pipeline", "--show", str(local), "make"], cwd=REPOSITORY, check=True
    )
    return digests(local)


def papers_of(short: bool) -> int:
    return 24 if short else 200


def lose_worker(cluster: Cluster, lots: random.Random) -> None:
    if workers := cluster.workers():
        with suppress(ProcessLookupError):
            os.kill(lots.choice(workers), signal.SIGKILL)


def lose_node(cluster: Cluster, lots: random.Random) -> None:
    kill_tree(lots.choice([node for node in cluster.nodes if node.poll() is None] or cluster.nodes))


def lose_scheduler(cluster: Cluster, lots: random.Random) -> None:
    cluster.kill_scheduler()
    cluster.start_scheduler()


LOSSES = {"worker": lose_worker, "node": lose_node, "scheduler": lose_scheduler}


def test_whatever_is_lost_all_is_made_once(
    shared: Shared, expected: dict[str, str], tmp_path: Path, short: bool
) -> None:
    lots = random.Random(9)
    rounds = (
        ["worker", "node", "store", "scheduler", "driver"]
        if short
        else [lots.choice(["worker", "node", "store", "scheduler", "driver"]) for _ in range(20)]
    )
    show = show_on(shared, tmp_path / "show", papers_of(short))
    with running_cluster(tmp_path / "cluster", NODES) as cluster:
        arguments = ("--executor", f"dask:{cluster.address}")
        driver = start_make(show, *arguments)
        deadline = time.monotonic() + PATIENCE_S
        step = len(expected) // 5 * 8 // (len(rounds) + 1)  # records of an episode, about, over the rounds
        finished: list[dict[str, int]] = []
        for number, lost in enumerate(rounds, start=1):
            while driver.poll() is None and records_known(show) < number * step:
                assert time.monotonic() < deadline
                cluster.keep_up()
                time.sleep(0.2)
            finished.append(shared.puts())
            if lost == "driver":
                with suppress(ProcessLookupError):
                    os.killpg(driver.pid, signal.SIGKILL)
                driver.wait(10)
                driver = start_make(show, *arguments)
            elif lost == "store":
                shared.way.cut()
                time.sleep(3 if short else 10)
                shared.way.open()
            else:
                LOSSES[lost](cluster, lots)
        while driver.poll() is None and time.monotonic() < deadline:
            cluster.keep_up()
            time.sleep(0.2)
        assert driver.poll() == 0, (show / "log").read_text()
    assert digests(show) == expected
    puts = shared.puts()
    for before in finished:
        redone = {name for name, times in before.items() if puts[name] != times}
        assert len(redone) <= 4 * NODES  # put already, and their workers lost before they could say so
    assert max(puts.values()) <= 3


def test_the_shipped_papers_are_the_same_everywhere(shared: Shared, tmp_path: Path, short: bool) -> None:
    """In the voice of the show: made on one computer, on three nodes, and by another driver from the bucket alone."""
    papers = [path.stem for path in sorted((REPOSITORY / "papers").glob("*.md"))][: 2 if short else None]
    shows = {name: shipped_show(tmp_path / name) for name in ("local", "far", "again")}
    for name in ("far", "again"):
        with (shows[name] / "show.yaml").open("a", encoding="utf-8") as file:
            file.write("store: s3://all/show\n")
    assert start_make(shows["local"], *papers).wait(PATIENCE_S) == 0
    with running_cluster(tmp_path / "cluster", NODES) as cluster:
        assert (
            start_make(shows["far"], *papers, "--executor", f"dask:{cluster.address}").wait(PATIENCE_S) == 0
        )
        puts = shared.puts()
        assert (
            start_make(shows["again"], *papers, "--executor", f"dask:{cluster.address}").wait(PATIENCE_S) == 0
        )
    assert len(digests(shows["local"])) == 5 * len(papers)
    assert digests(shows["local"]) == digests(shows["far"]) == digests(shows["again"])
    assert shared.puts() == puts


def shipped_show(root: Path) -> Path:
    for name in ("papers", "scripts", "voices"):
        shutil.copytree(REPOSITORY / name, root / name)
    shutil.copy(REPOSITORY / "show.yaml", root)
    return root


def test_two_drivers_on_one_store_make_hardly_anything_twice(
    shared: Shared, expected: dict[str, str], tmp_path: Path, short: bool
) -> None:
    shows = [show_on(shared, tmp_path / name, papers_of(short)) for name in ("one", "other")]
    with running_cluster(tmp_path / "cluster", 2) as cluster:
        drivers = [
            start_make(shows[0], "--executor", f"dask:{cluster.address}"),
            start_make(shows[1], "--jobs", "2"),
        ]
        assert [driver.wait(PATIENCE_S) for driver in drivers] == [0, 0]
    assert digests(shows[0]) == digests(shows[1]) == expected
    assert max(shared.puts().values()) <= 2
    shutil.rmtree(shows[0] / "output")
    assert start_make(shows[0], "--jobs", "1").wait(PATIENCE_S) == 0  # warm: everything is there
    assert digests(shows[0]) == expected
    assert max(shared.puts().values()) <= 2
