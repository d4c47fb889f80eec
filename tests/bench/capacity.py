"""How long runs take with N workers, foretold and measured, and what would limit many more.

    python -m tests.bench.capacity [local] [store] [many]

local   a backlog with 1, 2 and 4 workers. Foretold from the rates of another backlog, which two made, and
        afterwards from its own, which shows what is amiss with the simulation and not with the rates.
        One voice sleeps instead of speaking, so that four workers are four on two cores; the other is
        Pico, which needs a core, so that four are foretold to be as many as there are cores.
store   the same with sleeping workers over a store that takes 20 ms for each request.
many    a table for 10, 100 and 1,000 workers, Kokoro, a bucket: simulated only.
"""

# ruff: noqa: T201 - this is where printing happens

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline import sites
from pipeline.backlog import make
from pipeline.capacity import predict
from pipeline.crew import in_flight
from pipeline.execute import open_executor
from pipeline.execute.cluster import GROUP_S
from pipeline.plan import plan
from pipeline.run import Options, Watcher
from pipeline.sites import HERE, S3, Job, Site, Stages
from tests.bench.many import write_show
from tests.conftest import install_engine

EPISODES, LEARNED_FROM = 12, 8
REQUEST_S = 0.02
CORES = os.cpu_count() or 1

SLEEPER = """
import time
from pipeline.synthesis.engines.tone import Tone

class Sleeper(Tone):
    name = "sleeper"
    def speak(self, text, options, path):
        time.sleep(0.012 * len(text))
        super().speak(text, options, path)

ENGINE = Sleeper()
"""
SLOW_STORE = f"""
import time
from fsspec.implementations.local import LocalFileSystem

class Slow(LocalFileSystem):
    "A folder as far away as a bucket."
    protocol = "slow"
    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.removeprefix("slow://"))
    def cat_file(self, *args, **kwargs):
        time.sleep({REQUEST_S})
        return super().cat_file(*args, **kwargs)
    def pipe_file(self, path, *args, **kwargs):
        time.sleep({REQUEST_S})
        self.makedirs(self._parent(path), exist_ok=True)
        return super().pipe_file(path, *args, **kwargs)
    def exists(self, *args, **kwargs):
        time.sleep({REQUEST_S})
        return super().exists(*args, **kwargs)
"""
APART = """
import os
if "WORKERS_CACHES" in os.environ:
    os.environ["PAPERLEDGE_CACHE"] = os.path.join(os.environ["WORKERS_CACHES"], str(os.getpid()))
"""
"""Each worker is a computer of its own, with copies of its own."""


@contextmanager
def plugins_installed() -> Iterator[Path]:
    """A folder whose engine, store and set-up this process and its workers find."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        install_engine(folder, "sleeper", "sleeper", SLEEPER)
        (folder / "plugin_slow.py").write_text(SLOW_STORE, encoding="utf-8")
        (folder / "sleeper-1.2.dist-info/entry_points.txt").write_text(
            "[paperledge.engines]\nsleeper = plugin_sleeper:ENGINE\n[fsspec.specs]\nslow = plugin_slow:Slow\n",
            encoding="utf-8",
        )
        (folder / "sitecustomize.py").write_text(APART, encoding="utf-8")
        sys.path.insert(0, name)
        os.environ["PYTHONPATH"] = name
        yield folder


def show(root: Path, episodes: int, voice: str, seed: int, sentences: int = 8, *, far: bool = False) -> Path:
    """A show of new words, whose voice is Pico or the one that sleeps. far: its results are far away."""
    write_show(root, episodes, "ernis", sentences=sentences, seed=seed)
    text = f"title: Many\nhost: Ernis\nvoice: {voice}\n"
    if far:
        text += f"store: slow://{root.parent}/{root.name}-store\n"
    (root / "show.yaml").write_text(text, encoding="utf-8")
    (root / f"voices/{voice}.yaml").write_text(f"engine: {voice}\n", encoding="utf-8")
    return root


def apart(url: str, **options: Any) -> Executor:
    """An executor whose workers share no copies with this process."""
    os.environ["WORKERS_CACHES"] = f"{os.environ['PAPERLEDGE_CACHE']}-workers"
    return open_executor(url, **options)


def made_s(root: Path, workers: int) -> float:
    """Wall seconds of a run."""
    began = time.monotonic()
    report = make(root, Options(executor=f"local:{workers}"), Watcher(), apart)
    if report.failed:
        raise SystemExit(f"not made: {report.failed[0]}")
    return time.monotonic() - began


def foretold_s(root: Path, learned: Path, workers: int) -> float:
    """Wall seconds that a plan says, with the rates of another run."""
    rates = root / "output/.store/rates.json"
    rates.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(learned / "output/.store/rates.json", rates)
    seconds = plan(root, Options(executor="local:2"), workers=workers).seconds
    rates.unlink()
    if seconds is None:
        raise SystemExit("nothing was learned")
    return seconds


def compared(folder: Path, voice: str, counts: tuple[int, ...], *, far: bool = False) -> None:
    """Print what was foretold and what it took."""
    learned = show(folder / f"learned-{voice}-{far}", LEARNED_FROM, voice, 1, far=far)
    made_s(learned, 2)
    for seed, workers in enumerate(counts, 2):
        cores = workers if voice == "sleeper" else min(workers, CORES)
        root, again = (
            show(folder / f"{voice}-{workers}-{far}{n}", EPISODES, voice, seed, far=far) for n in range(2)
        )
        before_s = foretold_s(root, learned, cores)
        took_s = made_s(root, workers)
        after_s = foretold_s(again, root, workers)  # whose own seconds are as long as cores were short
        cells = [f"{voice}{', far' * far}", workers, f"{took_s:.1f}"]
        cells += [f"{it:.1f} ({100 * (it / took_s - 1):+.0f} %)" for it in (before_s, after_s)]
        print("|", *(f"{cell} |" for cell in cells), flush=True)


BEFORE = S3._replace(foreseeing_in_turn=1, asking=1, asking_in_turn=1, reading=1)
"""When a driver asked five times for each line."""
PAPERS, LINES = 1000, 60
JOINING_S, DRAWING_S, TAGGING_S = 3.0, 0.1, 0.05
"""Of five minutes of speech, a cover and its tags, measured on this computer."""


def backlog(workers: int) -> list[Stages]:
    """A thousand papers of about five minutes, a second of speech a second; the same each time."""
    chance, elsewhere = random.Random(300), (workers - 1) / workers
    papers: list[Stages] = []
    for _ in range(PAPERS):
        lines = [chance.uniform(2, 8) for _ in range(LINES)]
        sound_s = sum(lines)
        joined = sites.joined(JOINING_S, LINES, sound_s, elsewhere)
        tagged = sites.tagged(TAGGING_S, sound_s, elsewhere)
        spoken = tuple(sites.spoken(seconds, seconds) for seconds in lines)
        papers.append((spoken, (joined,), (Job(DRAWING_S, 3),), (tagged,)))
    return papers


def many() -> None:
    """Print the table."""
    print("| workers | store | wall | workers busy | driver busy | network busy | simulated in |")
    print("|---|---|---|---|---|---|---|")
    for workers in (10, 100, 1000):
        episodes = backlog(workers)
        for name, store in (("a bucket, five requests a line", BEFORE), ("a bucket", S3), ("none", HERE)):
            site = Site(workers=workers, in_flight=in_flight(workers), group_s=GROUP_S, store=store)
            began = time.process_time()
            it = predict(episodes, site)
            shares = " | ".join(f"{100 * share:.0f} %" for share in (it.workers, it.driver, it.store))
            took_s = time.process_time() - began
            print(
                f"| {workers:,} | {name} | {it.wall_s / 60:.0f} min | {shares} | {took_s:.1f} s |", flush=True
            )


def main() -> None:
    """Print the figures."""
    parts = sys.argv[1:] or ["local", "store", "many"]
    with plugins_installed() as folder:
        os.environ["PAPERLEDGE_CACHE"] = str(folder / "cache")
        if {"local", "store"} & set(parts):
            print("| voice | workers | took s | foretold by another run's rates | … by its own |")
            print("|---|---|---|---|---|", flush=True)
        if "local" in parts:
            compared(folder, "sleeper", (1, 2, 4))
            compared(folder, "pico", (1, 2, 4))
        if "store" in parts:
            compared(folder, "sleeper", (1, 2, 4), far=True)
    if "many" in parts:
        many()


if __name__ == "__main__":
    main()
