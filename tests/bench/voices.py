"""Which voice speaks English best: word error, quality, and what a second of speech costs.

    python -m tests.bench.voices --voices FOLDER "kokoro af_heart" "kokoro af_heart:60 am_michael:40" "pico en-GB"

In: candidates, each an engine and a voice; a Kokoro voice is a style, or a blend with its parts, and FOLDER
holds styles/ and piper/, as the voices/ of a show that `paperledge voices add` has filled; `@160` behind it is a pace in words a minute. They speak plain sentences of the papers shipped with the project, of
8 to 25 words and without a name, number or initialism, since a recogniser cannot spell those. Out: a table.
Word error is that of Whisper base; OVRL and P.808 are DNSMOS of ten seconds at a time; CPU-seconds and peak
memory are those of a process that speaks all of it, one thread.

`--blend "af_heart:60 am_michael:40" FILE` writes a blend instead: the host's own style was made so.
"""

# ruff: noqa: T201 - this is where printing happens

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from pipeline import plugins
from pipeline.audio import read_sound, resample
from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.lexicon import compile_lexicon
from pipeline.synthesis.engine import voice_files
from pipeline.synthesis.engines.kokoro import blended
from tests.bench.listen import difference, folding, listener, needed

PAPERS = sorted(Path(__file__).parents[2].glob("papers/*.md"))
SENTENCES = 64
_PLAIN = re.compile(r"[A-Z][a-z’' ,;:—-]+(?:\bI\b[a-z’' ,;:—-]*)*[.?!]")
_HZ = 16_000
_CLIP_S = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A voice to be heard."""

    label: str
    engine: str
    options: dict[str, Any]
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one."""

    word_error: float
    """Percent."""
    ovrl: float
    p808: float
    cost: float
    """CPU-seconds for a second of speech."""
    memory_mb: int


def main() -> None:
    """Measure the candidates, or write a blend."""
    parser = argparse.ArgumentParser(description="Which voice speaks English best.")
    parser.add_argument("candidates", nargs="*")
    parser.add_argument("--voices", type=Path, required=True, help="a folder with styles/ and piper/")
    parser.add_argument("--sentences", type=int, default=SENTENCES)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "paperledge-listen")
    parser.add_argument("--blend", nargs=2, metavar=("PARTS", "FILE"))
    parser.add_argument("--speak", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.speak:
        _speak_all(json.loads(arguments.speak))
        return
    if arguments.blend:
        names, parts = zip(*_parts(arguments.blend[0]), strict=True)
        files = tuple(arguments.voices / "styles" / f"{name}.bin" for name in names)
        Path(arguments.blend[1]).write_bytes(blended(files, parts).astype("<f4").tobytes())
        return
    texts = plain_sentences(arguments.sentences)
    print(f"{len(texts)} sentences, {sum(len(text.split()) for text in texts)} words\n")
    print("| voice | word error, % | OVRL | P.808 | CPU-s a second | peak MB |\n|---|---|---|---|---|---|")
    fold, listen = folding(), listener(arguments.cache)
    for told in arguments.candidates:
        figures = measured(_candidate(told, arguments.voices), texts, fold, listen)
        print(
            f"| {told} | {figures.word_error:.2f} | {figures.ovrl:.2f} | {figures.p808:.2f} "
            f"| {figures.cost:.3f} | {figures.memory_mb} |",
            flush=True,
        )


def plain_sentences(count: int) -> tuple[str, ...]:
    """The same number of each paper's, evenly over its text."""
    chosen: list[str] = []
    lexicon = compile_lexicon()
    for path in PAPERS:
        text = path.read_text(encoding="utf-8").split("---", 2)[2]
        sentences = (sentence for block in read_aloud(text, lexicon) for sentence in block.sentences)
        plain = [
            " ".join(sentence.written.split())
            for sentence in sentences
            if not any(token.sound or token.ipa for token in sentence.tokens)
        ]
        fit = [line for line in plain if _PLAIN.fullmatch(line) and 8 <= len(line.split()) <= 25]
        wanted = count // len(PAPERS)
        chosen += [fit[len(fit) * place // wanted] for place in range(min(wanted, len(fit)))]
    return tuple(chosen)


def _parts(told: str) -> list[tuple[str, int]]:
    return [(name, int(part or 100)) for name, _, part in (word.partition(":") for word in told.split())]


def _candidate(told: str, voices: Path) -> Candidate:
    name, _, rest = told.partition(" ")
    voice, _, pace = rest.partition("@")
    options: dict[str, Any] = {"words_per_minute": int(pace)} if pace else {}
    if name == "kokoro":
        options["blend"] = dict(_parts(voice))
    elif voice:
        options["voice"] = voice
    engine = plugins.find("engines", name)
    files = voice_files(engine, msgspec.convert(options, engine.Options))
    return Candidate(told, name, options, tuple(voices / file for file in files))


def measured(
    candidate: Candidate, texts: Sequence[str], fold: Callable[[str], Any], listen: Callable[[Path], str]
) -> Figures:
    """All figures of one candidate."""
    with tempfile.TemporaryDirectory() as folder:
        job = {
            "engine": candidate.engine, "options": candidate.options, "files": list(map(str, candidate.files)),
            "texts": list(texts), "folder": folder,
        }  # fmt: skip
        command = [sys.executable, "-m", __spec__.name, "--voices", ".", "--speak", json.dumps(job)]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        paths = sorted(Path(folder).glob("*.wav"))
        pairs = [(fold(text), fold(listen(path))) for text, path in zip(texts, paths, strict=True)]
        wrong = sum(len(difference(meant, heard)) for meant, heard in pairs)
        sounds = [resample(read_sound(path), _HZ).samples for path in paths]
        qualities = [_quality(clip) for clip in _clips(sounds)]
    ovrl, p808 = (float(np.mean([quality[key] for quality in qualities])) for key in ("ovrl_mos", "p808_mos"))
    seconds = sum(len(sound) for sound in sounds) / _HZ
    words = sum(len(meant) for meant, _ in pairs)
    return Figures(100 * wrong / words, ovrl, p808, told["cpu_s"] / seconds, told["memory_mb"])


def _speak_all(job: dict[str, Any]) -> None:
    """In a process of its own: speak everything, and tell what it took."""
    engine = plugins.find("engines", job["engine"])
    options = msgspec.convert(job["options"], engine.Options)
    more = {"files": tuple(map(Path, job["files"]))} if job["files"] else {}
    engine.warm()
    engine.speak("Hello.", options, Path(job["folder"], "warm.wav"), **more)
    Path(job["folder"], "warm.wav").unlink()
    start_s = _cpu_s()
    for number, text in enumerate(job["texts"]):
        engine.speak(text, options, Path(job["folder"], f"{number:03}.wav"), **more)
    print(json.dumps({"cpu_s": _cpu_s() - start_s, "memory_mb": sum(map(_peak_mb, _processes()))}))


def _processes() -> list[int]:
    """This process and those that it has started."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return [os.getpid(), *map(int, children.split())]


def _cpu_s() -> float:
    """What all of them have taken so far."""
    ticks = 0
    for pid in _processes():
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _peak_mb(pid: int) -> int:
    # not ru_maxrss: a process begins with that of the one it was started by
    peak = re.search(r"VmHWM:\s*([0-9]+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return int(peak[1]) // 1024 if peak else 0


def _clips(sounds: Sequence[Any]) -> Iterator[Any]:
    """All of it in clips of ten seconds, at one level: quality is not loudness."""
    whole = np.concatenate([sound.reshape(len(sound)) for sound in sounds])
    whole = whole / np.abs(whole).max() * 0.7
    for start in range(0, len(whole) - _CLIP_S * _HZ + 1, _CLIP_S * _HZ):
        yield whole[start : start + _CLIP_S * _HZ].astype(np.float32)


def _quality(clip: Any) -> dict[str, float]:
    judged: dict[str, float] = needed("speechmos.dnsmos").run(clip, _HZ)
    return judged


if __name__ == "__main__":
    main()
