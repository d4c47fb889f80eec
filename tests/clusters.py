"""A small cluster on 127.0.0.1: a dask scheduler, workers with folders of their own, and a bucket.

All are real processes, which a test may kill and start again at the same address.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STARTED_S = 60


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Cluster:
    """Its processes; `folder` has one for each worker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.nodes: list[subprocess.Popen[bytes]] = []
        self._started = 0

    def start_scheduler(self) -> None:
        """At the same address every time."""
        words = ["scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"]
        self.scheduler = self._start("scheduler", words)

    def kill_scheduler(self) -> None:
        """SIGKILL it."""
        if self.scheduler:
            self.scheduler.kill()
            self.scheduler.wait(10)

    def start_node(self) -> subprocess.Popen[bytes]:
        """A nanny and its worker of one thread, in a folder that no other has."""
        self._started += 1
        name = f"node-{self._started}"
        words = ["worker", self.address, "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard"]
        words += ["--name", name, "--death-timeout", "60"]
        self.nodes.append(self._start(name, words))
        return self.nodes[-1]

    def keep_up(self) -> None:
        """Start a node for each that ended, as whatever looks after services does.

        A worker ends with its scheduler, some seconds after it.
        """
        for node in [node for node in self.nodes if node.poll() is not None]:
            self.nodes.remove(node)
            self.start_node()

    def _start(self, name: str, words: list[str]) -> subprocess.Popen[bytes]:
        here = self.folder / name
        here.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {
            "PAPERLEDGE_CACHE": str(here / "cache"),
            "DASK_TEMPORARY_DIRECTORY": str(here),
        }
        environment["PYTHONPATH"] = str(Path(__file__).parents[1])  # where the tests' own jobs are
        with (here / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words],
                cwd=here,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def workers(self) -> list[int]:
        """The process ids of the workers, which nannies have started."""
        return [pid for node in self.nodes if node.poll() is None for pid in children_of(node.pid)]

    def stop(self) -> None:
        for process in [*self.nodes, *filter(None, [self.scheduler])]:
            kill_tree(process)


def children_of(pid: int) -> list[int]:
    """The worker processes that a nanny has, without multiprocessing's own helper."""
    found = subprocess.run(
        ["pgrep", "-P", str(pid), "-f", "spawn_main"], check=False, capture_output=True, text=True
    )
    return [int(line) for line in found.stdout.split()]


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL a node and all that it started that is in its group or below it."""
    below = children_of(process.pid)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for pid in below:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(10)


def note_and_sleep(folder: str, name: str, seconds: float) -> int:
    """A job that leaves a line in a file of its name, each time that it is begun."""
    with Path(folder, name).open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(seconds)
    return os.getpid()


def spin(seconds: float) -> None:
    """A job that keeps one core busy: so much of its time, whatever else runs."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@contextmanager
def running_cluster(folder: Path, nodes: int) -> Iterator[Cluster]:
    """A cluster whose workers are there; all of it is gone afterwards."""
    cluster = Cluster(folder)
    try:
        cluster.start_scheduler()
        for _ in range(nodes):
            cluster.start_node()
        yield cluster
    finally:
        cluster.stop()


class Bucket:
    """moto's server, whose buckets live as long as its process does."""

    def __init__(self) -> None:
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + STARTED_S
        while time.monotonic() < deadline:
            with suppress(OSError), urllib.request.urlopen(self.endpoint, timeout=5):
                return
            time.sleep(0.1)
        raise TimeoutError("the bucket's server did not start")

    @property
    def environment(self) -> dict[str, str]:
        """What AWS's tools look at, to find this bucket and no other."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "somebody",
            "AWS_SECRET_ACCESS_KEY": "a-secret-that-is-never-said",
            "AWS_DEFAULT_REGION": "us-east-1",
        }


class Way:
    """The way to a bucket, which can be cut for a while: whoever is on it is hung up on."""

    def __init__(self, target: int) -> None:
        self.port, self.target = free_port(), target
        self.process: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Let everybody through, until it is cut."""
        words = [sys.executable, "-m", "tests.clusters", str(self.port), str(self.target)]
        self.process = subprocess.Popen(words, cwd=Path(__file__).parents[1])
        deadline = time.monotonic() + STARTED_S
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5):
                return
            time.sleep(0.05)
        raise TimeoutError("the way did not open")

    def cut(self) -> None:
        """Hang up on everybody, and let nobody through."""
        if self.process:
            self.process.kill()
            self.process.wait(10)


async def _forward(port: int, target: int) -> None:
    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while content := await reader.read(65536):
                writer.write(content)
                await writer.drain()
        writer.close()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(pass_on(reader, back), pass_on(there, writer))

    async with await asyncio.start_server(meet, "127.0.0.1", port) as server:
        await asyncio.wait_for(server.serve_forever(), timeout=3600)


if __name__ == "__main__":
    asyncio.run(_forward(int(sys.argv[1]), int(sys.argv[2])))
