"""One run over a backlog, up to where audio would be made: what `make` does and `plan` foretells.

    papers/*.md ──> found ──> up to date, or read, written and foreseen

An episode is up to date when everything it was made from has the digest it had then, and its files
are as they were left: that costs no more than reading papers and a small ledger. Any other is
written, and then produced on a lookout, which has only what the store has: where that ends is what
there is to make. One bad paper never stops the others.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from .bench import Bench, Lookout, NotMade
from .covers import read_picture
from .crew import Crew
from .deliver import Finished, holds, is_intact, is_untouched, known, orphans
from .errors import PaperError, PaperledgeError
from .execute import Opener, open_executor
from .files import sha256_of
from .kit import Kit, Sources, keep_music, prepare, read_sources
from .model import Value
from .paper import digest_of, find_papers, find_picture, place_in, read_paper
from .recipe import MASTER, SPEAK, STEPS, TAG, do_job, produce, refuse_unfit, write_script
from .run import Failure, Foreseen, Found, Options, Ready, Watcher, Written
from .selection import failed_before, named, select_papers
from .shared import store_of
from .store import Store, digest
from .synthesis.voices import Voice

__all__ = ["Batch"]

Done = TypeVar("Done")
Paperlike = TypeVar("Paperlike", bound=Found)


class Batch:
    """What the parts of one run share."""

    def __init__(
        self, root: Path, options: Options, watcher: Watcher, opener: Opener = open_executor
    ) -> None:
        self.root = root
        self.options = options
        self.watcher = watcher
        self.crew = Crew(watcher, fail_fast=options.fail_fast)
        self.opener = opener
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
        return self.crew.failed()

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
            with self.crew.survived(str(path)):
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
        self.sources.check_template_of(paper, item.path)
        cover = read_picture(paper, item.path, self.root / "papers")
        voice = self.only_voice or paper.voice or self.sources.show.voice
        try:
            inputs = self.inputs(item, voice, cover)
        except PaperledgeError as error:
            error.where = error.where or place_in(item.path, "voice")
            raise
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
            store.in_use(self.episodes),
            self.opener(url, timeout_s=timeout_s, worker_mb=worker_mb) as executor,
        ):
            self.crew.executor, self.crew.store = executor, store
            yield Bench(store, executor, do_job)

    def each(self, items: Iterable[Paperlike], do: Callable[[Paperlike], Done]) -> list[Done]:
        """Do something for every paper, several at a time, and keep what succeeded, in order."""
        return self.crew.each(items, do, lambda item: str(item.path))


_FROM = {name: {*list(STEPS)[number:]} for number, name in enumerate(STEPS)}
"""Step → it and all that follow it."""
