"""What takes long: engines under load, and runs that are killed again and again.

`make torture` is the long form, `make torture SHORT=1` what every landing runs.
"""

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.bench import Bench
from pipeline.execute import open_executor
from pipeline.model import SpeechRequest
from pipeline.plugins import find
from pipeline.recipe import SPEAK, do_job
from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.lexicon import compile_lexicon
from pipeline.store import Store
from pipeline.synthesis.engines.pyttsx3 import Pyttsx3Options

pytestmark = pytest.mark.torture

REPOSITORY = Path(__file__).parent.parent.parent


def spoken_lines(count: int) -> list[str]:
    """Different sentences of the shipped papers, as they are said."""
    texts = [
        path.read_text(encoding="utf-8").split("---", 2)[2] for path in sorted(REPOSITORY.glob("papers/*.md"))
    ]
    lexicon = compile_lexicon()
    lines = [
        s.spoken for text in texts for block in read_aloud(text, lexicon) for s in block.sentences if s.spoken
    ]
    return (lines * (1 + count // len(lines)))[:count]


@contextmanager
def busy(cores: int) -> Iterator[None]:
    """Both cores at work beside us, for five minutes at most."""
    loop = "import time\nend = time.monotonic() + 300\nwhile time.monotonic() < end: pass"
    processes = [subprocess.Popen([sys.executable, "-c", loop]) for _ in range(cores)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_the_system_s_voice_speaks_every_line_on_a_busy_computer(tmp_path: Path, short: bool) -> None:
    engine = find("engines", "pyttsx3")
    engine.check(Pyttsx3Options())
    lines = spoken_lines(30 if short else 300)
    requests = [
        SpeechRequest(
            text=f"{text} Number {number}.",
            engine="pyttsx3",
            identity=engine.identity(Pyttsx3Options()),
            options={"voice": "", "words_per_minute": 175, "volume_percent": 100},
        )
        for number, text in enumerate(lines)
    ]
    with busy(2), open_executor("local:2") as executor:
        clips = Bench(Store(tmp_path / "store"), executor, do_job).each(SPEAK, requests)
    assert len({clip.audio.sha256 for clip in clips}) == len(requests)


def copied_show(folder: Path, papers: int) -> Path:
    """The shipped show with its first papers."""
    for name in ("scripts", "voices"):
        shutil.copytree(REPOSITORY / name, folder / name)
    shutil.copyfile(REPOSITORY / "show.yaml", folder / "show.yaml")
    (folder / "papers").mkdir()
    for path in sorted(REPOSITORY.glob("papers/*.md"))[:papers]:
        shutil.copyfile(path, folder / "papers" / path.name)
    return folder


def made(show: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((show / "output/episodes").glob("*.*"))}


def test_runs_killed_at_random_end_with_the_bytes_of_one_undisturbed(tmp_path: Path, short: bool) -> None:
    kills = 3 if short else 25
    make = [sys.executable, "-m", "pipeline", "--show"]
    undisturbed = copied_show(tmp_path / "undisturbed", papers=2)
    began = time.monotonic()
    subprocess.run([*make, str(undisturbed), "make"], check=True, capture_output=True)
    whole_s = time.monotonic() - began
    show = copied_show(tmp_path / "killed", papers=2)
    moments = random.Random(7)
    for _ in range(kills):
        process = subprocess.Popen(
            [*make, str(show), "make"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(moments.uniform(0.1, 1.0) * whole_s / 2)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    subprocess.run([*make, str(show), "make"], check=True, capture_output=True)
    assert made(show) == made(undisturbed)


def test_three_runs_at_once_on_one_folder_are_safe(tmp_path: Path, short: bool) -> None:
    make = [sys.executable, "-m", "pipeline", "--show"]
    alone = copied_show(tmp_path / "alone", papers=1 if short else 4)
    subprocess.run([*make, str(alone), "make"], check=True, capture_output=True)
    shared = copied_show(tmp_path / "shared", papers=1 if short else 4)
    with ThreadPoolExecutor(3) as threads:
        command = [*make, str(shared), "make", "--jobs", "1"]
        runs = [threads.submit(subprocess.run, command, capture_output=True, check=False) for _ in range(3)]
    assert [run.result().returncode for run in runs] == [0, 0, 0]
    assert made(shared) == made(alone)
