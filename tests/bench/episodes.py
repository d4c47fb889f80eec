"""The parts of an episode's making, each by itself; started by tests.bench.cost, in a process of its own.

    python -m tests.bench.episodes prepare SHOW FOLDER   what was spoken and encoded for a finished show
    python -m tests.bench.episodes speak FOLDER          speak it once more, one process a line: the floor
    python -m tests.bench.episodes encode FOLDER         encode it once more, with bare LAME: the floor
    python -m tests.bench.episodes parts SHOW            CPU-seconds of each part of the making, as JSON

The floor encodes the very samples that the encoder was given, read back from a file.
"""

# ruff: noqa: T201 - this is where printing happens

import json
import resource
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from pipeline import recipe
from pipeline.bench import Bench
from pipeline.execute import Inline
from pipeline.kit import keep_music, prepare, read_sources
from pipeline.model import MasterRequest, SpeechRequest, Value
from pipeline.paper import find_papers, read_paper
from pipeline.store import Store

SLICE = 1 << 17
"""Bytes given to LAME at a time."""


def requests_of(show: Path) -> tuple[Store, list[Value]]:
    """A finished show's store, and every request that was made for its episodes, once."""
    sources, store = read_sources(show), Store(show / "output" / ".store")
    voice = sources.show.voice
    kit = prepare(sources, {voice: sources.voice(voice)}, store)
    kit = msgspec.structs.replace(kit, music=keep_music(sources, store))
    asked: list[Value] = []
    bench = Bench(store, Inline(), recipe.do_job)
    bench.watch = asked.append
    for path in find_papers(show / "papers"):
        paper = read_paper(path, limit_words=sources.show.limits.words)
        recipe.write_script(paper, kit, bench)
        recipe.produce(paper, kit, bench)
    assert not sum(tally.made for tally in bench.tallies.values()), "the show is not finished"
    return store, asked


def prepare_floor(show: Path, folder: Path) -> None:
    """Write speech.json, and for each episode how LAME was set up and the samples it was given."""
    import lameenc

    store, asked = requests_of(show)
    speech = [request for request in asked if isinstance(request, SpeechRequest)]
    (folder / "speech.json").write_bytes(msgspec.json.encode(speech))
    lame = lameenc.Encoder
    for number, request in enumerate(asked):
        if isinstance(request, MasterRequest):
            lameenc.Encoder = partial(_Recorder, lame, folder / f"{number:03}.raw")
            with store.desk() as desk:
                recipe.MASTER.make(request, desk)


class _Recorder:
    """LAME's encoder, which notes how it is set up and what it is given. The last one is what counts."""

    def __init__(self, lame: Callable[[], Any], path: Path) -> None:
        self._lame, self._path, self._calls = lame(), path, [("silence", ())]
        path.write_bytes(b"")

    def encode(self, samples: bytes) -> Any:
        with self._path.open("ab") as file:
            file.write(samples)
        return self._lame.encode(samples)

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> Any:
            if name.startswith("set_"):
                self._calls.append((name, arguments))
                self._path.with_suffix(".json").write_text(json.dumps(self._calls), encoding="ascii")
            return getattr(self._lame, name)(*arguments)

        return call


def speak_floor(folder: Path) -> None:
    """Speak every line once, by the engine itself, in a process each."""
    from pipeline import plugins
    from pipeline.synthesis import isolation

    speech = msgspec.json.decode((folder / "speech.json").read_bytes(), type=list[SpeechRequest])
    with tempfile.TemporaryDirectory() as clips:
        for number, line in enumerate(speech):
            engine = plugins.find("engines", line.engine)
            options = msgspec.convert(line.options, engine.Options)
            isolation.speak(engine, line.text, options, Path(clips, f"{number}.wav"), line.phonemes)


def encode_floor(folder: Path) -> None:
    """Encode every episode's samples."""
    import lameenc

    for path in sorted(folder.glob("*.raw")):
        encoder = lameenc.Encoder()
        for name, arguments in json.loads(path.with_suffix(".json").read_text(encoding="ascii")):
            getattr(encoder, name)(*arguments)
        with path.open("rb") as samples, path.with_suffix(".mp3").open("wb") as file:
            while part := samples.read(SLICE):
                file.write(encoder.encode(part))
            file.write(encoder.flush())


def parts_of(show: Path) -> dict[str, float]:
    """CPU-seconds of each part, every request made anew into a store of its own; and seconds of sound."""
    store, asked = requests_of(show)
    meter = _Meter()
    _meter_mastering(meter)
    names = {
        recipe.SPEAK.name: "speech",
        recipe.MASTER.name: "mix",
        recipe.DRAW.name: "covers",
        recipe.TAG.name: "tags",
    }
    steps = {step.request: step for step in recipe.STEPS.values()}
    seconds = 0.0
    for request in asked:
        step = steps[type(request)]
        with store.desk() as desk, meter.during(names.get(step.name, step.name)):
            made = step.make(request, desk)
        if isinstance(request, MasterRequest):
            seconds += made.samples / made.rate_hz
    return {**meter.parts, "seconds": seconds}


class _Meter:
    """Adds CPU-seconds up by part; a part within another is taken out of it, but not within a check."""

    def __init__(self) -> None:
        self.parts: defaultdict[str, float] = defaultdict(float)
        self._open = ["other"]
        self._since = _cpu_s()

    @contextmanager
    def during(self, part: str) -> Iterator[None]:
        """What is done now belongs to a part."""
        self._switch()
        self._open.append("check" if self._open[-1] == "check" else part)
        try:
            yield
        finally:
            self._switch()
            self._open.pop()

    def _switch(self) -> None:
        now = _cpu_s()
        self.parts[self._open[-1]] += now - self._since
        self._since = now

    def wrapped(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function whose calls belong to a part."""

        def call(*args: Any, **kwargs: Any) -> Any:
            with self.during(part):
                return function(*args, **kwargs)

        return call


def _meter_mastering(meter: _Meter) -> None:
    """Have the functions that mastering consists of counted."""
    import lameenc

    from pipeline import loudness
    from pipeline.assembly import encode, limit

    class Encoder:
        """LAME's, metered."""

        def __init__(self) -> None:
            self._it = lame()

        def __getattr__(self, name: str) -> Any:
            return meter.wrapped("LAME", getattr(self._it, name))

    lame = lameenc.Encoder
    lameenc.Encoder = Encoder
    metered: tuple[tuple[Any, str, str], ...] = (
        (loudness, "measure", "check"),
        (loudness.LoudnessMeter, "add", "measure"),
        (loudness.TruePeakMeter, "add", "measure"),
        (limit, "solve_levelling", "solve"),
        (encode, "encode", "limit"),
    )
    for module, name, part in metered:
        setattr(module, name, meter.wrapped(part, getattr(module, name)))


def _cpu_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    """Do what is asked."""
    verb, *folders = sys.argv[1:]
    if verb == "parts":
        print(json.dumps(parts_of(Path(folders[0]))))
    else:
        verbs: dict[str, Callable[..., None]] = {
            "prepare": prepare_floor,
            "speak": speak_floor,
            "encode": encode_floor,
        }
        verbs[verb](*map(Path, folders))


if __name__ == "__main__":
    main()
