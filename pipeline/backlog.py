"""Many papers: finds them, makes the episodes that are not up to date, puts them in output/.

    papers/*.md ──> recipe.produce, several at a time ──> output/episodes/<slug>.mp3 .txt

An episode is up to date when everything it was made from has the digest it had then, and its files
are as they were left. So a run with nothing to do reads papers and a small ledger, nothing else.
Every script is written before the first line is spoken, so a typo in a template costs no audio.
One bad paper never stops the others.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from .bench import Bench, Tally
from .deliver import Finished, Place, clear_stages, deliver, read_finished, sweep
from .errors import BlobLost, PaperError, PaperledgeError
from .execute import interrupt, open_executor
from .kit import Kit, Sources, keep_music, prepare, read_sources
from .model import Paper, Script
from .paper import digest_of, find_papers, read_paper
from .recipe import STEPS, do_job, price_of, produce, refuse_unfit, weight_of, work_of, write_script
from .store import Store, digest
from .synthesis.voices import Voice

__all__ = ["Failure", "Options", "Report", "Watcher", "make", "scripts", "select_papers"]

log = logging.getLogger(__name__)

IN_FLIGHT = 2 + (os.cpu_count() or 1)
"""Episodes worked on at a time: while one is mastered on one core, others are spoken."""

Done = TypeVar("Done")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What one run should do."""

    papers: tuple[str, ...] = ()
    """Paths, globs or slugs; all papers if empty."""
    voice: str | None = None
    """A profile for every paper of this run."""
    draft: bool = False
    """Into output/draft/, which is never published."""
    executor: str = "local"
    """See execute/__init__.py."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that could not be made into an episode, and why."""

    paper: str
    errors: tuple[str, ...]
    exit_code: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did."""

    made: tuple[Finished, ...]
    reused: tuple[Finished, ...]
    """Episodes that were up to date."""
    failed: tuple[Failure, ...]
    lines_spoken: int
    lines_reused: int
    voices: tuple[Voice, ...]


class Watcher:
    """Hears how a run goes; any method may be overridden."""

    def planned(self, episodes: int, work: int) -> None:
        """Speaking begins: so many episodes, so much work."""

    def priced(self, microdollars: int) -> None:
        """What speaking will cost about, if a voice has a price and anything is left to speak."""

    def advanced(self, work: int) -> None:
        """Some of that work is done."""

    def finished(self, episode: Finished) -> None:
        """An episode is in output/."""

    def heard(self, voice: str) -> None:
        """A voice has spoken for an audition."""

    def failed(self, failure: Failure) -> None:
        """A paper, or a voice that auditions, was given up."""


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """A paper file."""

    path: Path
    sha256: str


class _Ready(_Found, frozen=True, kw_only=True):
    """… that was read."""

    paper: Paper
    inputs: str
    """Digest of all that its episode is made from."""


class _Written(_Ready, frozen=True, kw_only=True):
    """… and whose script was written."""

    script: Script


Paperlike = TypeVar("Paperlike", bound=_Found)


def select_papers(root: Path, patterns: tuple[str, ...]) -> tuple[Path, ...]:
    """The paper files that paths, globs and slugs name; all of papers/ if there are none.

    Raises PaperError for a pattern that names nothing.
    """
    if not patterns:
        papers = find_papers(root / "papers")
        if not papers:
            hint = "write one as papers/<name>.md; the README shows how"
            raise PaperError("there are no papers", where=str(root / "papers"), hint=hint)
        return papers
    found: dict[Path, None] = {}
    for pattern in patterns:
        matches = _matching(root, pattern)
        if not matches:
            raise PaperError(f"there is no paper {pattern!r}", hint="give a path, a quoted glob or a slug")
        found |= dict.fromkeys(matches)
    return tuple(found)


def _matching(root: Path, pattern: str) -> list[Path]:
    path, here = Path(pattern), root.resolve()
    if path.is_absolute() and path.is_relative_to(here):
        path = path.relative_to(here)
    if pattern and (root / path).is_file():
        return [root / path]
    if not pattern or path.is_absolute():
        return []
    try:
        globbed = [path for path in root.glob(pattern) if path.is_file() and path.suffix == ".md"]
    except (ValueError, NotImplementedError) as error:
        raise PaperError(f"{pattern!r} is no glob: {error}") from error
    return sorted(globbed) or [path for path in find_papers(root / "papers") if path.stem == pattern]


def make(root: Path, options: Options, watcher: Watcher) -> Report:
    """Make every chosen episode that is not up to date.

    Raises PaperledgeError only for what concerns all papers: settings, the show's voice, an output
    folder that cannot be written. Everything else is in the report.
    """
    run = _Run(root, options, watcher)
    reused, stale = run.sorted_out(select_papers(root, options.papers))
    done, lines = run.make(stale) if stale else ([], Tally())
    made = [episode for episode in done if not run.was_there(episode)]
    return Report(
        made=tuple(made),
        reused=(*reused, *(episode for episode in done if run.was_there(episode))),
        failed=run.failed(),
        lines_spoken=lines.made,
        lines_reused=lines.reused,
        voices=run.voices_of(made),
    )


def scripts(root: Path, options: Options) -> tuple[dict[Path, Script], tuple[Failure, ...]]:
    """What the chosen papers' episodes will say; no audio is made."""
    run = _Run(root, options, Watcher())
    ready = run.each(run.found(select_papers(root, options.papers)), run.read)
    with run.bench() as bench:
        kit = run.kit(bench.store)
        written = run.each(ready, lambda item: run.write(item, kit, bench))
    return {item.path: item.script for item in written}, run.failed()


class _Run:
    """One run over a backlog: what its parts share."""

    def __init__(self, root: Path, options: Options, watcher: Watcher) -> None:
        self.root = root
        self.options = options
        self.watcher = watcher
        self.failures: list[Failure] = []
        self.before: dict[str, Finished] = {}
        """Episodes as the last run left them, by slug."""
        self.executor: Executor | None = None
        self.ending = False
        """Interrupted: what fails now fails because of that."""
        self.sources: Sources = read_sources(root)
        self.voices: dict[str, Voice] = {}
        self.only_voice = options.voice or (self.sources.show.draft_voice if options.draft else None)
        others = () if options.draft else self.sources.show.other_voices
        self.voice(self.only_voice or self.sources.show.voice)
        self.other_voices = [self.voice(name) for name in others]
        versions = sorted((step.name, step.version) for step in STEPS.values())
        self.shared = digest([versions, self.sources.digest, self.only_voice, self.other_voices])
        """Stands for everything that all episodes of this run are made from, but the host's voice."""
        self.episodes = root / "output" / ("draft" if options.draft else "episodes")
        self.ledger = root / "output" / ".store" / "ledger" / self.episodes.name

    def failed(self) -> tuple[Failure, ...]:
        """What failed, in the order of the papers."""
        return tuple(sorted(self.failures, key=lambda failure: failure.paper))

    def sorted_out(self, paths: Iterable[Path]) -> tuple[list[Finished], list[_Found]]:
        """Episodes that are up to date, and papers whose episodes are not."""
        reused, stale = [], []
        for item in self.found(paths):
            finished = read_finished(self.ledger, item.path.stem, self.episodes)
            if finished:
                self.before[finished.slug] = finished
            if finished and self.is_up_to_date(item, finished):
                reused.append(finished)
            else:
                stale.append(item)
        return reused, stale

    def is_up_to_date(self, item: _Found, finished: Finished) -> bool:
        """Whether an episode is what would be made now."""
        try:
            return finished.inputs == self.inputs(item.sha256, finished.voice)
        except PaperledgeError:  # the voice it was made with is there no more; another may be asked for
            return False

    def voices_of(self, made: list[Finished]) -> tuple[Voice, ...]:
        """The hosts' voices of some episodes, and those of the rest of the cast."""
        hosts = [self.voices[name] for name in sorted({episode.voice for episode in made})]
        return tuple({voice.name: voice for voice in (*hosts, *self.other_voices)}.values()) if made else ()

    def was_there(self, episode: Finished) -> bool:
        """Whether an episode came out as it already was, so that its files were left alone."""
        before = self.before.get(episode.slug)
        return before is not None and before.stamps == episode.stamps

    def found(self, paths: Iterable[Path]) -> list[_Found]:
        """The paper files that can be told apart, digested. Names are compared over all papers."""
        by_slug: dict[str, Path] = {}
        for path in (*find_papers(self.root / "papers"), *paths):
            by_slug.setdefault(path.stem.lower(), path)
        found = []
        for path in dict.fromkeys(paths):
            with self.survived(path):
                first = by_slug[path.stem.lower()]
                if first.resolve() != path.resolve():
                    raise PaperError(
                        f"has the same name as {first}", where=str(path), hint="rename one of them"
                    )
                found.append(_Found(path=path, sha256=digest_of(path, self.sources.show.limits.words)))
        return found

    def inputs(self, paper: str, voice: str) -> str:
        """Stands for everything that decides an episode. paper: the digest of its file."""
        return digest([self.shared, paper, self.voice(voice)])

    def voice(self, name: str) -> Voice:
        """A voice, chosen once a run. Raises SettingsError or PluginError."""
        if name not in self.voices:
            self.voices[name] = self.sources.voice(name)
        return self.voices[name]

    def read(self, item: _Found) -> _Ready:
        """A paper, and the voice it asks for looked up."""
        paper = read_paper(item.path, limit_words=self.sources.show.limits.words)
        refuse_unfit(paper, self.sources.show)
        inputs = self.inputs(item.sha256, self.only_voice or paper.voice or self.sources.show.voice)
        return _Ready(path=item.path, sha256=item.sha256, paper=paper, inputs=inputs)

    def write(self, item: _Ready, kit: Kit, bench: Bench) -> _Written:
        """A paper's script."""
        script = write_script(item.paper, kit, bench)
        return _Written(
            path=item.path, sha256=item.sha256, paper=item.paper, inputs=item.inputs, script=script
        )

    def make(self, stale: list[_Found]) -> tuple[list[Finished], Tally]:
        """Read, write, speak, join, tag and deliver, several papers at a time."""
        ready = self.each(stale, self.read)
        with self.bench() as bench:
            music = keep_music(self.sources, bench.store)
            kit = msgspec.structs.replace(self.kit(bench.store), music=music)
            written = self.each(ready, lambda item: self.write(item, kit, bench))
            self.watcher.planned(len(written), work_of([item.script for item in written]))
            if price := price_of(((item.paper, item.script) for item in written), kit, bench.store):
                self.watcher.priced(price)
            clear_stages(self.root / "output" / "stages")
            bench.watch = lambda request: self.watcher.advanced(weight_of(request))
            made = self.each(written, lambda item: self.episode(item, kit, bench))
            return made, bench.tallies["synthesis"]

    def episode(self, item: _Written, kit: Kit, bench: Bench) -> Finished:
        """One finished episode, in its place.

        What turns out to be damaged in the store is gone from it then, and made again by another
        attempt; each attempt meets one such file at least, so there are enough of them.
        """
        attempts_left = len(item.script.lines) + len(STEPS)
        while True:
            try:
                finished = deliver(
                    item.paper, produce(item.paper, kit, bench), kit, bench.store, self.place(item)
                )
            except BlobLost:
                attempts_left -= 1
                if not attempts_left:
                    raise
            else:
                self.watcher.finished(finished)
                return finished

    def place(self, item: _Ready) -> Place:
        """Where an episode goes."""
        stages = self.root / "output" / "stages"
        return Place(episodes=self.episodes, stages=stages, ledger=self.ledger, inputs=item.inputs)

    def kit(self, store: Store) -> Kit:
        """What all episodes of this run are made with."""
        return prepare(self.sources, self.voices, store, only_voice=self.only_voice, draft=self.options.draft)

    @contextmanager
    def bench(self) -> Iterator[Bench]:
        """A bench on this show's store; every process it started is gone afterwards."""
        store = Store(self.root / "output" / ".store")
        timeout_s = self.sources.show.limits.job_seconds
        worker_mb = max(voice.memory_mb for voice in self.voices.values())
        opened = open_executor(self.options.executor, timeout_s=timeout_s, worker_mb=worker_mb)
        with store.in_use() as alone, opened as executor:
            if alone:
                sweep(self.episodes)
            self.executor = executor
            yield Bench(store, executor, do_job)

    def each(self, items: Iterable[Paperlike], do: Callable[[Paperlike], Done]) -> list[Done]:
        """Do something for every item, several at a time, and keep what succeeded, in order."""
        with ThreadPoolExecutor(max_workers=IN_FLIGHT) as threads:
            futures = [threads.submit(self.survive, item, do) for item in items]
            try:
                results = [future.result() for future in futures]
            except BaseException:  # Ctrl-C above all: nothing more is begun, and what runs is ended
                threads.shutdown(wait=False, cancel_futures=True)
                self.ending = True
                if self.executor:
                    interrupt(self.executor)
                raise
        return [result for result in results if result is not None]

    def survive(self, item: Paperlike, do: Callable[[Paperlike], Done]) -> Done | None:
        """Do something for one paper; a failure is noted and stops nothing else."""
        with self.survived(item.path):
            return do(item)
        return None

    @contextmanager
    def survived(self, path: Path) -> Iterator[None]:
        """Note what goes wrong with one paper inside, and go on."""
        try:
            yield
        except PaperledgeError as error:
            errors, code = tuple(str(fault) for fault in (error, *error.others)), error.exit_code
        except Exception as error:  # a fault of ours must not cost the other papers
            log.debug("unexpected", exc_info=True)
            errors, code = (f"unexpected {type(error).__name__}: {error} (-vv shows where)",), 1
        else:
            return
        if self.ending:
            return
        failure = Failure(paper=str(path), errors=errors, exit_code=code)
        self.failures.append(failure)
        self.watcher.failed(failure)
