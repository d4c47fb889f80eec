"""Ray makes a backlog, through the lines of docs/cluster.md: the bytes are those of one computer."""

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.clusters import free_port
from tests.conftest import REPOSITORY, LittleShow
from tests.test_cli import PAPERLEDGE, episodes

from .shipped import missing

pytestmark = pytest.mark.acceptance

STARTED_S = 90
FAILING = """
import os, time
from pipeline.errors import SynthesisError

def fail():
    raise SynthesisError("no voice", where="there")
"""
DRIVER = """
import os, time
from failing import fail
from ray_plug import Ray

with Ray() as executor:
    failed = executor.submit(fail).exception()
    print(type(failed).__name__, failed, executor.workers)
    poison, well = executor.submit(os._exit, 3), executor.submit(pow, 2, 5)
    print(type(poison.exception()).__name__, well.result())
    begun = time.monotonic()
    waiting = [executor.submit(time.sleep, 60) for _ in range(4)]
    executor.shutdown(wait=False, cancel_futures=True)
    print(all(future.cancelled() for future in waiting), time.monotonic() - begun < 50)
"""
FOLLOW_S = 20


@pytest.fixture(scope="module")
def plug(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the plug, as the page has it."""
    page = (REPOSITORY / "docs/cluster.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    folder = tmp_path_factory.mktemp("plug")
    (folder / "ray_plug.py").write_text(code)
    (folder / "failing.py").write_text(FAILING)
    return folder


@pytest.fixture(scope="module")
def user(plug: Path) -> Iterator[dict[str, str]]:
    """The environment of somebody on a node of a Ray cluster, all of which is on 127.0.0.1."""
    if not importlib.util.find_spec("ray"):
        missing("ray")
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:  # a short path
        port = free_port_of_ray()
        environment = os.environ | {
            "PYTHONPATH": f"{plug}{os.pathsep}{REPOSITORY}",
            "RAY_TMPDIR": folder,
            "RAY_ADDRESS": f"127.0.0.1:{port}",
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # else 127.0.0.1 is taken for this host's other address
        }
        head = start(folder, port, {name: it for name, it in environment.items() if name != "RAY_ADDRESS"})
        try:
            yield environment
        finally:
            head.terminate()  # and it ends what it started
            with suppress(subprocess.TimeoutExpired):
                head.wait(FOLLOW_S)
            head.kill()
            head.wait(10)
            wait_until(lambda: not running(folder), FOLLOW_S)


def free_port_of_ray() -> int:
    """A port that Ray takes: those of its workers begin at 10002."""
    while 10_002 <= (port := free_port()) <= 19_999:
        pass
    return port


def start(folder: str, port: int, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    words = ["start", "--head", "--block", "--node-ip-address=127.0.0.1", f"--port={port}", "--num-cpus=2"]
    words += ["--include-dashboard=false", "--disable-usage-stats"]
    log = Path(folder, "log")
    with log.open("wb") as said:
        head = subprocess.Popen(
            [sys.executable, "-m", "ray.scripts.scripts", *words], env=environment, stdout=said, stderr=said
        )
    wait_until(lambda: "Ray runtime started" in log.read_text(errors="replace"), STARTED_S)
    return head


def wait_until(there: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not there():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.2)


def running(folder: str) -> list[str]:
    """Processes that know of a folder."""
    found = subprocess.run(["pgrep", "-f", folder], capture_output=True, text=True, check=False)
    return found.stdout.split()


def backlog(root: Path, settings: str = "") -> LittleShow:
    show = LittleShow(root)
    for day, slug in enumerate(("ada", "bob", "cy", "dee"), 1):
        show.paper(slug, body=f"What {slug} found. It matters. " * day, title=f"On {slug}", day=day)
    show.write("show.yaml", f"title: Little Show\nhost: Ernis\nvoice: tone\n{settings}")
    return show


def test_the_lines_of_the_page_make_a_backlog(user: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    show = backlog(tmp_path / "show", "store: ../store\n")
    done = subprocess.run(
        [*PAPERLEDGE, "--show", str(show.root), "make", "--executor", "ray_plug:Ray"],
        env=user | {"PAPERLEDGE_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "4 made, 0 already there" in done.stdout
    alone = backlog(tmp_path / "alone")
    alone.make()
    assert episodes(show) == episodes(alone)


def test_what_fails_there_fails_by_name_and_alone_and_nobody_waits_for_ever(user: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRIVER], env=user, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    theirs = re.compile(r"\(|.*(raylet|\x1b)")  # Ray talks as well
    said = [line for line in done.stdout.splitlines() if not theirs.match(line)]
    assert said == ["SynthesisError there: no voice 2", "WorkerCrashedError 32", "True True"]
