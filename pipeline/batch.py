"""One run over a backlog, up to where audio would be made: what `make` does and `plan` foretells.

    papers/*.md ──> found ──> up to date, or read, written and foreseen

An episode is up to date when everything it was made from has the digest it had then, and its files
are as they were left: that costs no more than reading papers and a small ledger. Any other is
written, and then produced on a lookout, which has only what the store has: where that ends is what
there is to make. One bad paper never stops the others.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from .bench import Bench, Lookout, NotMade
from .covers import read_picture
from .deliver import Finished, holds, is_intact, is_untouched, known, orphans, sweep
from .errors import PaperError, PaperledgeError
from .execute import Opener, interrupt, open_executor
from .kit import Kit, Sources, keep_music, prepare, read_sources
from .model import Blob, Paper, Script, Value
from .paper import digest_of, find_papers, find_picture, read_paper
from .recipe import MASTER, SPEAK, STEPS, TAG, do_job, produce, refuse_unfit, write_script
from .selection import failed_before, named, select_papers
from .shard import Shard
from .shared import store_of
from .store import Store, digest, os_errors_said, sha256_of
from .synthesis.voices import Voice

__all__ = [
    "IN_FLIGHT",
    "Batch",
    "Failure",
    "Foreseen",
    "Found",
    "Options",
    "Ready",
    "Watcher",
    "Written",
    "failure_of",
    "in_flight",
    "workers_of",
]

log = logging.getLogger(__name__)

IN_FLIGHT = 2 + (os.cpu_count() or 1)
"""Episodes worked on at a time on this computer."""
MOST_IN_FLIGHT = 128
"""Each is a thread here, and all of its lines may be spoken at once."""

LOOK_S = 2.0
"""How often to see whether a cluster has more workers."""

Done = TypeVar("Done")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What one run should do."""

    papers: tuple[str, ...] = ()
    """Paths, globs or slugs; all papers if empty."""
    voice: str | None = None
    """A profile for every paper of this run."""
    draft: bool = False
    """Into output/draft/, which is never published."""
    executor: str | None = None
    """See execute/__init__.py; as show.yaml says, for what makes episodes, if None."""
    shard: Shard | None = None
    """Only this share of the papers."""
    limit: int | None = None
    """Make so many episodes at most, 1 or more; what is up to date does not count."""
    newest: bool = False
    """Those with the latest date first."""
    failed: bool = False
    """Only those that the last run could not make."""
    fail_fast: bool = False
    """End the run at the first failure; what is in flight is ended too."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that could not be made into an episode, and why."""

    paper: str
    errors: tuple[str, ...]
    exit_code: int


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


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A paper file."""

    path: Path
    sha256: str
    before: Finished | None = None
    """Its episode, as the ledger knows it from the last run."""
    is_intact: bool = False
    """Whether that episode's files hold what they were left with."""


class Ready(Found, frozen=True, kw_only=True):
    """… that was read."""

    paper: Paper
    inputs: str
    """Digest of all that its episode is made from."""
    cover: Path | None
    """A picture of the paper's own."""


class Written(Ready, frozen=True, kw_only=True):
    """… and whose script was written."""

    script: Script
    picture: Blob | None
    """The paper's own, in the store."""


class Foreseen(Written, frozen=True, kw_only=True):
    """… and of which is known what there is to make, because the store lacks it."""

    lines: dict[str, Value]
    """Key → request of each line to be spoken."""
    joined: bool
    tagged: bool
    placed: bool
    """Whether its files are written, because they would change, are missing or were meddled with."""

    @property
    def is_to_be_made(self) -> bool:
        """Whether anything at all is to be done for it but a note in the ledger."""
        return self.placed or self.joined or self.tagged


Paperlike = TypeVar("Paperlike", bound=Found)


class Batch:
    """What the parts of one run share."""

    def __init__(
        self, root: Path, options: Options, watcher: Watcher, opener: Opener = open_executor
    ) -> None:
        self.root = root
        self.options = options
        self.watcher = watcher
        self.failures: list[Failure] = []
        self.opener = opener
        self.executor: Executor | None = None
        self.ending = False
        """Interrupted, or given up: what fails now fails because of that."""
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

    @property
    def is_local(self) -> bool:
        """Whether this computer does the work when episodes are made."""
        where = self.options.executor or self.sources.show.executor
        return where.partition(":")[0] in ("local", "inline")

    def failed(self) -> tuple[Failure, ...]:
        """What failed, in the order of the papers."""
        return tuple(sorted(self.failures, key=lambda failure: failure.paper))

    def chosen(self) -> tuple[Path, ...]:
        """The paper files of this run. Raises PaperError, or StoreError if no last run is known."""
        patterns = self.options.papers
        if not self.options.failed:
            chosen = select_papers(self.root, patterns)
            shard = self.options.shard
            return shard.share(chosen, {path: path.stat().st_size for path in chosen}) if shard else chosen
        failed = failed_before(self.root)
        asked = {path.resolve() for path in (select_papers(self.root, patterns) if patterns else failed)}
        return tuple(path for path in failed if path.resolve() in asked)

    def sorted_out(self, paths: Iterable[Path]) -> tuple[list[Finished], list[Found]]:
        """Episodes that are up to date, and papers whose episodes may not be."""
        reused, stale = [], []
        for item in self.found(paths):
            before = known(self.ledger, item.path.stem)
            if before and is_untouched(before, self.episodes) and self.is_up_to_date(item, before):
                reused.append(before)
            else:
                intact = before is not None and is_intact(before, self.episodes)
                stale.append(msgspec.structs.replace(item, before=before, is_intact=intact))
        return reused, stale

    def is_up_to_date(self, item: Found, finished: Finished) -> bool:
        """Whether an episode is what would be made now."""
        if finished.paper != self.named(item):
            return False  # at least that is to be noted
        try:
            cover = self.cover_of(item, finished.cover)
            return finished.inputs == self.inputs(item, finished.voice, cover)
        except (PaperledgeError, OSError):  # the voice or the picture it was made with is there no more
            return False

    def found(self, paths: Iterable[Path]) -> list[Found]:
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
                found.append(Found(path=path, sha256=digest_of(path, self.sources.show.limits.words)))
        return found

    def named(self, item: Found) -> str:
        """A paper's path for reports and the ledger."""
        return str(named(item.path, self.root))

    def gone(self) -> tuple[str, ...]:
        """The finished episodes, as files, whose papers are there no more."""
        files = (self.episodes / f"{episode.slug}.mp3" for episode in orphans(self.root, self.ledger))
        return tuple(str(named(path, self.root)) for path in files if path.is_file())

    def inputs(self, item: Found, voice: str, cover: Path | None) -> str:
        """Stands for everything that decides an episode. cover: a picture of the paper's own."""
        published = self.sources.lock.episodes.get(item.path.stem)
        picture = sha256_of(cover) if cover else ""
        return digest([self.shared, item.sha256, self.voice(voice), published, picture])

    def cover_of(self, item: Found, name: str) -> Path | None:
        """The picture that a paper calls so; None for "". Raises PaperError."""
        return find_picture(name, item.path, self.root / "papers") if name else None

    def voice(self, name: str) -> Voice:
        """A voice, chosen once a run. Raises SettingsError or PluginError."""
        if name not in self.voices:
            self.voices[name] = self.sources.voice(name)
        return self.voices[name]

    def read(self, item: Found) -> Ready:
        """A paper, and the voice it asks for looked up."""
        paper = read_paper(item.path, limit_words=self.sources.show.limits.words)
        paper = self.sources.lock.numbered(paper, str(item.path))
        refuse_unfit(paper, self.sources.show)
        cover = read_picture(paper, item.path, self.root / "papers")
        voice = self.only_voice or paper.voice or self.sources.show.voice
        inputs = self.inputs(item, voice, cover)
        return Ready(**msgspec.structs.asdict(item), paper=paper, inputs=inputs, cover=cover)

    def write(self, item: Ready, kit: Kit, bench: Bench) -> Written:
        """A paper's script."""
        picture = bench.store.keep_copy(item.cover) if item.cover else None
        script = write_script(item.paper, kit, bench)
        return Written(**msgspec.structs.asdict(item), script=script, picture=picture)

    def foresee(self, item: Written, kit: Kit, lookout: Lookout) -> Foreseen:
        """What there is to make for an episode: found out by producing it from what the store has."""
        steps: set[str] = set()
        lines: dict[str, Value] = {}
        placed = True
        try:
            produced = produce(item.paper, kit, lookout, item.picture)
            placed = not (item.is_intact and holds(item.before, produced))
        except NotMade as missing:
            steps = _FROM[missing.step]
            lines = missing.requests if missing.step == SPEAK.name else {}
        return Foreseen(
            **msgspec.structs.asdict(item),
            lines=lines,
            joined=MASTER.name in steps,
            tagged=TAG.name in steps,
            placed=placed,
        )

    def foreseen(
        self, stale: list[Found], bench: Bench, lookout: Lookout | None = None
    ) -> tuple[Kit, list[Foreseen]]:
        """Of all papers that may not be up to date, what this run makes, in that order.

        The scripts of all are written for it. lookout: to know afterwards what was looked for.
        """
        ready = self.each(stale, self.read)
        kit = msgspec.structs.replace(self.kit(bench.store), music=keep_music(self.sources, bench.store))
        lookout = lookout or Lookout(bench.store)
        written = self.each(ready, lambda item: self.write(item, kit, bench))
        foreseen = self.each(written, lambda item: self.foresee(item, kit, lookout))
        bench.lacking.update(key for item in foreseen for key in item.lines)
        return kit, self.queued(foreseen)

    def queued(self, items: list[Foreseen]) -> list[Foreseen]:
        """What this run does of all that could be done, in which order."""
        if self.options.newest:
            items = sorted(items, key=lambda item: item.paper.date, reverse=True)
        to_make = [item for item in items if item.is_to_be_made][: self.options.limit]
        return [*(item for item in items if not item.is_to_be_made), *to_make]

    def kit(self, store: Store) -> Kit:
        """What all episodes of this run are made with."""
        return prepare(self.sources, self.voices, store, only_voice=self.only_voice, draft=self.options.draft)

    @contextmanager
    def bench(self, where: str = "local") -> Iterator[Bench]:
        """A bench on this show's store; every process it started is gone afterwards.

        where: its jobs are done, if the run was not told; see execute/__init__.py.
        """
        store = store_of(self.root, self.sources.show.store)
        timeout_s = self.sources.show.limits.job_seconds
        worker_mb = max(voice.memory_mb for voice in self.voices.values())
        url = self.options.executor or where
        with (
            store.in_use() as alone,
            self.opener(url, timeout_s=timeout_s, worker_mb=worker_mb) as executor,
        ):
            if alone:
                sweep(self.episodes)
            self.executor = executor
            yield Bench(store, executor, do_job)

    def each(self, items: Iterable[Paperlike], do: Callable[[Paperlike], Done]) -> list[Done]:
        """Do something for every item, several at a time, and keep what succeeded, in order."""
        with ThreadPoolExecutor(MOST_IN_FLIGHT) as threads:
            try:
                results = [future.result() for future in self.begun(threads, items, do)]
            except BaseException:  # Ctrl-C above all: nothing more is begun, and what runs is ended
                threads.shutdown(wait=False, cancel_futures=True)
                self.end()
                raise
        return [result for result in results if result is not None]

    def begun(
        self, threads: Executor, items: Iterable[Paperlike], do: Callable[[Paperlike], Done]
    ) -> list[Future[Done | None]]:
        """All items, each begun once there is a place for it; there are more as workers come."""
        futures: list[Future[Done | None]] = []
        running: set[Future[Done | None]] = set()
        for item in items:
            while len(running) >= in_flight(workers_of(self.executor)):
                running -= wait(running, LOOK_S, FIRST_COMPLETED).done
            futures.append(threads.submit(self.survive, item, do))
            running.add(futures[-1])
        return futures

    def survive(self, item: Paperlike, do: Callable[[Paperlike], Done]) -> Done | None:
        """Do something for one paper; a failure is noted and stops nothing else, but where that is asked."""
        if self.ending:
            return None
        with self.survived(item.path):
            return do(item)
        return None

    @contextmanager
    def survived(self, path: Path) -> Iterator[None]:
        """Note what goes wrong with one paper inside, and go on."""
        try:
            with os_errors_said("cannot be used"):
                yield
        except Exception as error:  # a fault of ours must not cost the other papers
            if self.ending:
                return
            failure = failure_of(str(path), error)
            self.failures.append(failure)
            self.watcher.failed(failure)
            if self.options.fail_fast:
                self.end()
        except KeyboardInterrupt:
            if not self.ending:
                raise  # else it was a job, ended with the run

    def end(self) -> None:
        """Begin nothing more, and end what runs."""
        self.ending = True
        if self.executor:
            interrupt(self.executor)


def workers_of(executor: Executor | None) -> int:
    """How many jobs an executor can do at a time; 0 if it does not say, or does them in this process."""
    return int(getattr(executor, "workers", 0))


def in_flight(workers: int) -> int:
    """How many episodes are worked on at a time: while some are mastered, others are spoken."""
    return min(max(IN_FLIGHT, 2 + workers), MOST_IN_FLIGHT)


def failure_of(name: str, error: Exception) -> Failure:
    """What became of a paper, or of a voice at its audition."""
    if isinstance(error, PaperledgeError):
        errors, code = tuple(str(fault) for fault in (error, *error.others)), error.exit_code
    else:
        log.debug("unexpected", exc_info=error)
        errors, code = (f"unexpected {type(error).__name__}: {error} (-vv shows where)",), 1
    return Failure(paper=name, errors=errors, exit_code=code)


_FROM = {name: {*list(STEPS)[number:]} for number, name in enumerate(STEPS)}
"""Step → it and all that follow it."""
