"""Papers whose engine harms its process, among good ones: each costs itself, and is named."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from ..conftest import REPOSITORY, LittleShow, install_engine

resource = pytest.importorskip("resource")  # nothing else needs it, and Windows has none

MEMORY_BYTES = 1 << 30
"""Of address space, for each process: an end that all who eat memory come to, and soon."""

ENGINE = """
import os, signal, time
from pipeline.synthesis.engines.tone import Tone

class Poison(Tone):
    name = "{name}"
    own_process = {own_process}

    def speak(self, text, options, path):
        super().speak(text, options, path)
        if "arsenic" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "curare" in text:
            time.sleep(3600)
        if "ergot" in text:
            eaten = []
            while True:
                eaten.append(bytearray(64 << 20))
        if "strychnine" in text:
            raise ValueError("the moon is full")
        if "hemlock" in text:
            os._exit(7)

ENGINE = Poison()
"""

SAID = {
    "arsenic": ("signal 9", "SIGKILL"),
    "ergot": ("MemoryError", "MemoryError"),
    "strychnine": ("the moon is full", "the moon is full"),
    "hemlock": ("exit code 7", "code 7"),
    "curare": ("was not done after 10 s", "did not answer within"),
}
"""Poison → what is said of it where the engine is in the worker, and where it has a process of its own."""

OWN = {"in the worker": False, "in its own process": True}


def poisoned(folder: Path, *, own_process: bool, poisons: list[str]) -> LittleShow:
    """A show whose papers are good and bad in turn; all have one voice."""
    show = LittleShow(folder / "show")
    name = f"poison_{'own' if own_process else 'shared'}"
    install_engine(folder, f"{name}_pack", name, ENGINE.format(name=name, own_process=own_process))
    show.write("voices/poison.yaml", f"engine: {name}\n")
    # the patience with an engine in its own process is 30 s a take, and there are three
    show.edit(
        "show.yaml", "voice: tone", f"voice: poison\nlimits: {{job_seconds: {150 if own_process else 10}}}"
    )
    for number, poison in enumerate(poisons):
        show.paper(f"a{number}-good", f"A finding of number {number}. It stays.")
        show.paper(f"b{number}-{poison}", f"It began well. Then came the {poison} of number {number}.")
    return show


def make(show: LittleShow, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A run whose processes may each have so much memory."""
    path = os.pathsep.join((str(show.root.parent), str(REPOSITORY)))
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "--show", str(show.root), "make", "--jobs", "2", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES)),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a limit of memory that is kept")
@pytest.mark.parametrize("where", OWN)
def test_good_papers_are_made_and_each_bad_one_is_named(tmp_path: Path, where: str) -> None:
    own_process = OWN[where]
    poisons = [poison for poison in SAID if not (own_process and poison == "curare")]  # 90 seconds
    suffer(poisoned(tmp_path, own_process=own_process, poisons=poisons), own_process=own_process)


@pytest.mark.torture
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a limit of memory that is kept")
@pytest.mark.parametrize("where", OWN)
def test_many_poisons_at_once(tmp_path: Path, where: str, short: bool) -> None:
    if short:
        pytest.skip("the usual tests have each poison once")
    own_process = OWN[where]
    suffer(poisoned(tmp_path, own_process=own_process, poisons=[*SAID] * 2), own_process=own_process)


def suffer(show: LittleShow, *, own_process: bool) -> None:
    """Make the papers twice, and without the poison once."""
    papers = sorted((show.root / "papers").glob("*.md"))
    good = [path.stem for path in papers if path.stem.endswith("-good")]
    bad = [path for path in papers if path.stem not in good]
    first = make(show, "--json")
    report = msgspec.json.decode(first.stdout)
    assert sorted(episode["slug"] for episode in report["made"]) == good
    assert [failure["paper"] for failure in report["failed"]] == [f"papers/{path.name}" for path in bad]
    for failure in report["failed"]:
        poison = Path(failure["paper"]).stem.split("-")[1]
        (error,) = failure["errors"]
        assert SAID[poison][own_process] in error
        assert f"Then came the {poison} of number" in error
    assert first.returncode != 0

    again = msgspec.json.decode(make(show, "--json").stdout)
    assert (again["lines_spoken"], sorted(episode["slug"] for episode in again["reused"])) == (0, good)
    for path in bad:
        path.write_text(path.read_text().replace(path.stem.split("-")[1], "antidote"))
    mended = msgspec.json.decode(make(show, "--json").stdout)
    assert (mended["failed"], mended["lines_spoken"]) == ([], len(bad))
    assert not [*(show.root / "output/.store/scratch").iterdir()]
