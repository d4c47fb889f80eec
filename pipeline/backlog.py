"""Many papers: makes the episodes that are not up to date, and puts them in output/.

    papers/*.md ──> recipe.produce, several at a time ──> output/episodes/<slug>.mp3 .txt .vtt .srt .json

What there is to make is known before any of it is made (batch.py), so a run with nothing to do
reads papers and a small ledger, nothing else, and a typo in a template costs no audio.
"""

from pathlib import Path

import msgspec

from .batch import Batch
from .bench import Bench, Tally
from .crew import workers_of
from .deliver import Finished, Place, clear_stages, deliver
from .errors import BlobLost
from .execute import Opener, open_executor
from .files import os_errors_said
from .kit import Kit
from .model import Script
from .rates import Meter, place_of
from .recipe import STEPS, price_of, produce, weight_of, work_of
from .run import Failure, Foreseen, Found, Options, Ready, Watcher
from .synthesis.voices import Voice

__all__ = ["Report", "make", "scripts"]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did."""

    made: tuple[Finished, ...]
    reused: tuple[Finished, ...]
    """Episodes that were up to date."""
    failed: tuple[Failure, ...]
    gone: tuple[str, ...] = ()
    """Files of finished episodes whose paper is there no more."""
    lines_spoken: int
    lines_reused: int
    voices: tuple[Voice, ...]


@os_errors_said("cannot be used")
def make(root: Path, options: Options, watcher: Watcher, opener: Opener = open_executor) -> Report:
    """Make every chosen episode that is not up to date. opener: gives what the jobs are done on.

    Raises PaperledgeError only for what concerns all papers: settings, the show's voice, an output
    folder that cannot be written. Everything else is in the report.
    """
    run = _Making(root, options, watcher, opener)
    reused, stale = run.sorted_out(run.chosen())
    done, lines = run.make(stale) if stale else ([], Tally())
    made = [episode for item, episode in done if item.is_to_be_made]
    return Report(
        made=tuple(made),
        reused=(*reused, *(episode for item, episode in done if not item.is_to_be_made)),
        failed=run.failed(),
        gone=run.gone(),
        lines_spoken=lines.made,
        lines_reused=lines.reused,
        voices=run.voices_of(made),
    )


@os_errors_said("cannot be used")
def scripts(root: Path, options: Options) -> tuple[dict[Path, Script], tuple[Failure, ...]]:
    """What the chosen papers' episodes will say; no audio is made."""
    run = Batch(root, options, Watcher())
    ready = run.each(run.found(run.chosen()), run.read)
    with run.bench() as bench:
        kit = run.kit(bench.store)
        written = run.each(ready, lambda item: run.write(item, kit, bench))
    return {item.path: item.script for item in written}, run.failed()


class _Making(Batch):
    """A batch whose audio is made."""

    def make(self, stale: list[Found]) -> tuple[list[tuple[Foreseen, Finished]], Tally]:
        """Read, write, speak, join, tag and deliver, several papers at a time."""
        with self.bench(self.sources.show.executor) as bench:
            meter = Meter(place_of(bench.store))
            bench.timed = meter.add
            kit, items = self.foreseen(stale, bench)
            meter.foreseen(len(stale))
            self.watcher.planned(len(items), work_of([item.script for item in items]))
            if price := price_of(((item.paper, item.script) for item in items), kit, bench.store):
                self.watcher.priced(price)
            clear_stages(self.root / "output" / "stages")
            bench.watch = lambda request: self.watcher.advanced(weight_of(request))
            made = self.each(items, lambda item: (item, self.episode(item, kit, bench, meter)))
            meter.made()
            meter.keep(bench.store.home, workers_of(self.crew.executor))
            return made, bench.tallies["synthesis"]

    def episode(self, item: Foreseen, kit: Kit, bench: Bench, meter: Meter) -> Finished:
        """One finished episode, in its place.

        What turns out to be damaged in the store is gone from it then, and made again by another
        attempt; each attempt meets one such file at least, so there are enough of them.
        """
        attempts_left = len(item.script.lines) + len(STEPS)
        while True:
            try:
                produced = produce(item.paper, kit, bench, item.picture)
                with meter.delivering():
                    finished = deliver(item.paper, produced, kit, bench.store, self.place(item))
            except BlobLost:
                attempts_left -= 1
                if not attempts_left:
                    raise
            else:
                self.watcher.finished(finished)
                return finished

    def place(self, item: Ready) -> Place:
        """Where an episode goes."""
        stages = self.root / "output" / "stages"
        return Place(
            episodes=self.episodes,
            stages=stages,
            ledger=self.ledger,
            paper=self.named(item),
            inputs=item.inputs,
            cover=item.paper.cover or "",
        )

    def voices_of(self, made: list[Finished]) -> tuple[Voice, ...]:
        """The hosts' voices of some episodes, and those of the rest of the cast."""
        hosts = [self.voices[name] for name in sorted({episode.voice for episode in made})]
        return tuple({voice.name: voice for voice in (*hosts, *self.other_voices)}.values()) if made else ()
