"""What takes long: engines under load and in trouble, and runs that get in each other's way.

`make torture` is the long form, `make torture SHORT=1` what every landing runs.
"""

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from pipeline.bench import Bench
from pipeline.errors import PaperledgeError, quoted
from pipeline.execute import open_executor
from pipeline.model import SpeechRequest
from pipeline.plugins import find
from pipeline.recipe import SPEAK, do_job
from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.lexicon import compile_lexicon
from pipeline.store import Store
from pipeline.synthesis.engine import voice_files
from pipeline.synthesis.engines.pyttsx3 import Pyttsx3Options

from ..conftest import install_engine
from ..synthesis.little_voice import write_voice
from .troubled import FAULTS, fault_of

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


LOCAL = {
    "tone": {},
    "pico": {"voice": "en-GB"},
    "espeak": {"voice": "en-gb"},
    "pyttsx3": {},
    "kokoro": {},
    "piper": {"voice": "little"},
}
"""Every engine that speaks here, and how."""


def numbered_lines(count: int) -> list[str]:
    """So many different lines of six to nine words; all of them can be told from their first words."""
    lines = [line for line in spoken_lines(349) if 5 <= len(line.split()) <= 8 and line[-1] == "."]
    repeated = (lines * (1 + count // len(lines)))[:count]
    return [f"{_said(number)}, {line}" for number, line in enumerate(repeated)]


def _said(number: int) -> str:
    digits = "zero one two three four five six seven eight nine".split()
    return " ".join(digits[int(digit)] for digit in f"{number:03}").capitalize()


def requests_for(engine: str, name: str, lines: list[str], store: Store) -> list[SpeechRequest]:
    """What speaks the lines with an engine that calls itself something else."""
    inner = find("engines", engine)
    options = msgspec.convert(LOCAL[engine], inner.Options)
    inner.check(options)
    voices = REPOSITORY / "voices"
    if engine == "piper":
        voices = store.root.parent / "voices"
        write_voice(voices / "piper", "little")
    files = tuple(
        store.keep_bytes((voices / file).read_bytes(), Path(file).suffix)
        for file in voice_files(inner, options)
    )
    return [
        SpeechRequest(
            text=text,
            engine=name,
            identity=inner.identity(options),
            options=msgspec.to_builtins(options),
            files=files,
        )
        for text in lines
    ]


def faults_said(bench: Bench, requests: list[SpeechRequest]) -> list[str]:
    """Speak what is not spoken yet; what went wrong."""
    try:
        bench.each(SPEAK, requests)
    except PaperledgeError as error:
        return [str(fault) for fault in (error, *error.others)]
    return []


@pytest.mark.parametrize("engine", LOCAL)
def test_nothing_is_lost_or_half_spoken_whatever_an_engine_does(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short: bool
) -> None:
    lines = numbered_lines(1000)
    if short:  # of all faults but the one that takes half a minute, and with two hopeless lines
        lines = lines[200:230]
        assert {fault_of(line, 0) for line in lines} == {"", *FAULTS} - {"hangs"}
    name = f"troubled_{engine}"
    code = f"from tests.torture.troubled import Troubled\nENGINE = Troubled({engine!r})\n"
    install_engine(tmp_path, f"{name}_pack", name, code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{REPOSITORY}")
    monkeypatch.setenv("TROUBLES", str(tmp_path / "takes"))
    (tmp_path / "takes").mkdir()

    store = Store(tmp_path / "store")
    requests = requests_for(engine, name, lines, store)
    hopeless = {line for line in lines if fault_of(line, 99)}
    for _ in range(3):  # a line whose worker is killed or ended in time fails alone, and is spoken later
        with open_executor("local:2", timeout_s=45) as executor:
            faults = faults_said(Bench(store, executor, do_job), requests)
    assert len(faults) == len(hopeless)
    assert all(any(quoted(line) in fault for fault in faults) for line in hopeless)

    sound = [request for request in requests if request.text not in hopeless]
    mended = [request for request in sound if fault_of(request.text, 0)]
    with open_executor("local:2") as executor:
        bench = Bench(store, executor, do_job)
        assert len(bench.each(SPEAK, sound)) + len(hopeless) == len(lines)
        assert bench.tallies["synthesis"].made == 0
        taken = bench.each(SPEAK, mended)
        whole = bench.each(SPEAK, [msgspec.structs.replace(request, engine=engine) for request in mended])
    assert [line.text for line, one, other in zip(mended, taken, whole, strict=True) if one != other] == []


@pytest.mark.parametrize("engine", LOCAL)
def test_the_same_lines_are_the_same_bytes(engine: str, tmp_path: Path, short: bool) -> None:
    lines = numbered_lines(4 if short else 40)
    takes = set()
    for run in range(3):
        for workers in (1, 4):
            order = random.Random(run).sample(lines, len(lines))
            store = Store(tmp_path / f"{run}-{workers}" / "store")
            requests = requests_for(engine, engine, order, store)
            with open_executor(f"local:{workers}") as executor:
                bench = Bench(store, executor, do_job)
                fresh = bench.each(SPEAK, requests[::2])
                warm = bench.each(SPEAK, requests[1::2])  # by workers that have spoken before
            spoken = dict(zip((*order[::2], *order[1::2]), (*fresh, *warm), strict=True))
            takes.add(tuple(spoken[line].audio.sha256 for line in lines))
    assert len(takes) == 1
    assert len(set(takes.pop())) == len(lines)


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
