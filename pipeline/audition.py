"""Lets voices speak the same sentences, and puts them on one page to listen to.

In: a show, and names of voices (all that speak here, if none). Out: output/audition/index.html and the
MP3s beside it. What is said comes from `audition.j2` here, or in the show's scripts/, and goes the way
of an episode: read by the script stage, spoken and mastered through the store, in parallel. One voice
that fails never stops the others.
"""

import datetime as dt
import re
from pathlib import Path

import msgspec

from .bench import Bench
from .crew import Crew
from .errors import PluginError, SettingsError
from .execute import open_executor
from .files import replace_file, sha256_of
from .kit import Kit, Sources, prepare, read_sources
from .model import Line, Master, Paper
from .recipe import do_job, record, weight_of, write_script
from .run import Failure, Watcher
from .script import readable
from .shared import store_of
from .show import Show
from .store import Store
from .synthesis.survey import Surveyed, survey
from .synthesis.voices import Voice, profile_names

__all__ = ["Audition", "Heard", "Sample", "audition"]

SCRIPT = "audition.j2"
_PAGE = Path(__file__).with_name("audition.html.j2")


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a voice said."""

    title: str
    text: str
    file: str
    """Beside the page."""
    seconds: int


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """A voice and all that it said."""

    voice: Surveyed
    samples: tuple[Sample, ...]
    profile: str
    """The name of a file for a voice that has no profile."""


class Audition(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did."""

    page: str
    heard: tuple[Heard, ...]
    failed: tuple[Failure, ...]
    lines_spoken: int
    lines_reused: int


def audition(
    root: Path, names: tuple[str, ...], watcher: Watcher, *, every: bool = False, executor: str = "local"
) -> Audition:
    """Let voices speak, and write the page.

    names: profiles, or voices as the survey calls them; a voice of the network only speaks if it is
    named.  every: voices of all languages.  Raises PaperledgeError for what concerns all voices.
    """
    sources = read_sources(root)
    store = store_of(root, sources.show.store)
    found = survey(root / "voices", sources.show, store, every=every, only=names)
    able = {v.name: v.voice for v in found if v.voice and (v.offline or names)}
    worker_mb = max((voice.memory_mb for voice in able.values()), default=0)
    opened = open_executor(executor, timeout_s=sources.show.limits.job_seconds, worker_mb=worker_mb)
    with store.in_use(), opened as workers:
        kit = _kit(sources, able, store)
        bench = Bench(store, workers, do_job)
        parts = _parts(kit, bench)
        crew = Crew(watcher, workers, store)
        masters = _hear_all(able, parts, kit.show, bench, crew, watcher)
    unfit = _unfit(found, named=bool(names))
    heard = _deliver(root / "output" / "audition", found, masters, parts, store)
    page = _write_page(root / "output" / "audition", sources.show, found, heard, crew.failed())
    lines = bench.tallies["synthesis"]
    return Audition(
        page=str(page),
        heard=heard,
        failed=(*unfit, *crew.failed()),
        lines_spoken=lines.made,
        lines_reused=lines.reused,
    )


def _kit(sources: Sources, voices: dict[str, Voice], store: Store) -> Kit:
    """The show's kit, with words of our own where the show has none."""
    kit = prepare(sources, voices, store)
    ours = store.keep_bytes(Path(__file__).with_name(SCRIPT).read_bytes(), ".j2")
    return msgspec.structs.replace(kit, templates={SCRIPT: ours, **kit.templates})


def _parts(kit: Kit, bench: Bench) -> dict[str, list[Line]]:
    """What every voice says, by section."""
    paper = Paper(
        slug="audition",
        title="Audition",
        authors=(kit.show.host,),
        category="Audition",
        date=dt.date(2026, 1, 1),  # always the same, as it is part of a key
        summary="",
        template=SCRIPT,
    )
    parts: dict[str, list[Line]] = {}
    for line in write_script(paper, kit, bench).lines:
        parts.setdefault(line.part, []).append(line)
    return parts


def _hear_all(
    voices: dict[str, Voice],
    parts: dict[str, list[Line]],
    show: Show,
    bench: Bench,
    crew: Crew,
    watcher: Watcher,
) -> dict[str, list[Master]]:
    """What each voice made of the parts; a voice that cannot say one of them is not heard at all."""

    def hear(name: str) -> tuple[str, list[Master]]:
        spoken = [[(line, voices[name]) for line in lines] for lines in parts.values()]
        masters = [record(lines, show, bench)[1] for lines in spoken]
        watcher.heard(name)
        return name, masters

    work = sum(len(line.sentence.spoken) for lines in parts.values() for line in lines)
    watcher.planned(len(voices), len(voices) * work)
    bench.watch = lambda request: watcher.advanced(weight_of(request))
    return dict(crew.each(voices, hear, str))


def _unfit(found: tuple[Surveyed, ...], *, named: bool) -> list[Failure]:
    """Profiles with mistakes; where voices were asked for by name, those that cannot speak here as well."""
    faulty = [
        Failure(paper=v.name, errors=v.faults, exit_code=SettingsError.exit_code) for v in found if v.faults
    ]
    unable = [
        Failure(paper=v.name, errors=(_reason(v),), exit_code=PluginError.exit_code)
        for v in found
        if v.problem and named
    ]
    return faulty + unable


def _reason(voice: Surveyed) -> str:
    return f"{voice.name} cannot speak here: {voice.problem}" + (f" ({voice.remedy})" if voice.remedy else "")


def _deliver(
    folder: Path,
    found: tuple[Surveyed, ...],
    masters: dict[str, list[Master]],
    parts: dict[str, list[Line]],
    store: Store,
) -> tuple[Heard, ...]:
    """Put the samples beside the page, and take away those of other runs."""
    stems = _file_names([voice.name for voice in found], taken=profile_names(folder.parents[1] / "voices"))
    heard = []
    for voice in (voice for voice in found if voice.name in masters):
        samples = []
        for number, (lines, master) in enumerate(zip(parts.values(), masters[voice.name], strict=True), 1):
            file = f"{stems[voice.name]}-{number}.mp3"
            if not _is_there(folder / file, master.mp3.sha256):
                replace_file(folder / file, store.path(master.mp3))
            samples.append(_sample(lines, master, file))
        profile = "" if voice.has_profile else f"voices/{stems[voice.name]}.yaml"
        heard.append(Heard(voice=voice, samples=tuple(samples), profile=profile))
    kept = {sample.file for one in heard for sample in one.samples}
    for path in folder.glob("*.mp3"):
        if path.name not in kept:
            path.unlink()
    return tuple(heard)


def _sample(lines: list[Line], master: Master, file: str) -> Sample:
    return Sample(
        title=lines[0].chapter or lines[0].part.capitalize(),
        text=" ".join("".join(readable(line.sentence.tokens) for line in lines).split()),
        file=file,
        seconds=round(master.samples / master.rate_hz),
    )


def _file_names(names: list[str], taken: tuple[str, ...]) -> dict[str, str]:
    """A part of a file name for each voice, that every file system and address takes as it is.

    taken: profiles, whose names no other voice gets.
    """
    stems: dict[str, str] = {}
    for name in names:
        stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "voice"
        while stem in stems.values() or (stem in taken and stem != name):
            stem += "-2"
        stems[name] = stem
    return stems


def _is_there(path: Path, sha256: str) -> bool:
    return path.is_file() and sha256_of(path) == sha256


def _write_page(
    folder: Path,
    show: Show,
    found: tuple[Surveyed, ...],
    heard: tuple[Heard, ...],
    failed: tuple[Failure, ...],
) -> Path:
    import jinja2  # only here, and with it a tenth of a second

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    page = environment.from_string(_PAGE.read_text(encoding="utf-8")).render(
        show=show,
        heard=heard,
        shown=[one for one in heard if one.voice.has_profile],
        others=[one for one in heard if not one.voice.has_profile],
        failed=failed,
        unable=[voice for voice in found if voice.problem or voice.faults],
        unasked=[voice for voice in found if voice.voice and not voice.offline and not _is_in(voice, heard)],
    )
    path, content = folder / "index.html", page.encode("utf-8", "replace")
    if not path.is_file() or path.read_bytes() != content:
        replace_file(path, content)
    return path


def _is_in(voice: Surveyed, heard: tuple[Heard, ...]) -> bool:
    return any(one.voice.name == voice.name for one in heard)
