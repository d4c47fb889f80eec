"""What `make` would do now, why, and about how long it would take, without a second of audio.

    batch.foreseen ── what is missing ──> per episode: lines to speak, joined, tagged
                   ── changes ──────────> … and why, equal causes together
                   ── forecast ─────────> how long that takes, by how many workers

`make` goes the same way before it begins, so a plan is what it does. Scripts are written for it.
"""

from collections import defaultdict
from pathlib import Path

import msgspec

from .batch import Batch
from .capacity import Prediction
from .changes import Comparison
from .crew import workers_of
from .files import os_errors_said
from .forecast import Forecast, foretold
from .kit import Kit
from .model import Value
from .rates import work_in
from .recipe import price_of
from .run import Failure, Foreseen, Options, Watcher
from .selection import named
from .store import Store
from .work import write_jobs

__all__ = ["NEVER", "Cause", "Plan", "Planned", "plan"]

NEVER = "never made"
CHANGED = "a finished file was changed or is missing"
FORGOTTEN = "some of what it was made of is not in the store"


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """An episode that is to be made."""

    slug: str
    paper: str
    lines: int
    """To be spoken, among them those that other episodes wait for as well."""
    joined: bool
    """Whether it is joined, levelled and encoded again."""
    tagged: bool
    """If it is not, its files are only put back."""
    causes: tuple[str, ...]


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Why some episodes are made, and what that takes."""

    causes: tuple[str, ...]
    """More than one where they meet in the same episodes."""
    episodes: tuple[str, ...]
    """Slugs."""
    lines: int
    """To be spoken; each is counted once, with the cause of the most episodes that lack it."""
    joined: int
    tagged: int
    """Episodes."""

    @property
    def is_first(self) -> bool:
        """Whether these were never made."""
        return self.causes == (NEVER,)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a run would do."""

    to_make: tuple[Planned, ...]
    up_to_date: tuple[str, ...]
    """Slugs."""
    causes: tuple[Cause, ...]
    """The most episodes first."""
    gone: tuple[str, ...]
    """Files of finished episodes whose paper is there no more."""
    failed: tuple[Failure, ...]
    """Papers that cannot be made."""
    lines: int
    """To be spoken, each once."""
    characters: int
    """… of them."""
    seconds: float | None
    """That it takes about, as earlier runs did; None if they did nothing of the kind."""
    workers: int
    """With which it takes that."""
    prediction: Prediction | None
    """… and how busy they are, the driver and the store."""
    microdollars: int
    """What speaking costs about."""


@os_errors_said("cannot be used")
def plan(root: Path, options: Options, jobs_to: Path | None = None, workers: int | None = None) -> Plan:
    """What `make` would do with the same options.

    jobs_to: a file for the lines that are to be spoken, as jobs for `paperledge work`.
    workers: to foretell the time of a run with so many, 1 or more; as many as it would have, if None.
    Raises PaperledgeError as `make` does, for what concerns all papers.
    """
    run = Batch(root, options, Watcher())
    reused, stale = run.sorted_out(run.chosen())
    up_to_date = [episode.slug for episode in reused]
    causes: dict[str, tuple[str, ...]] = {}
    items: list[Foreseen] = []
    price = 0
    lines: dict[str, Value] = {}
    address = ""
    forecast = Forecast(workers or 1, None)
    if stale:
        with run.bench() as bench:
            kit, foreseen = run.foreseen(stale, bench)
            items = [item for item in foreseen if item.is_to_be_made]
            up_to_date += [item.paper.slug for item in foreseen if not item.is_to_be_made]
            causes = _causes(items, root, kit, bench.store)
            price = price_of(((item.paper, item.script) for item in items), kit, bench.store)
            lines = {key: request for item in items for key, request in item.lines.items()}
            address = bench.store.address
            here = max(1, workers_of(run.crew.executor))
            forecast = foretold(items, bench.store, here, workers, is_here=run.is_local)
    if jobs_to:
        write_jobs(jobs_to, lines, address)
    return Plan(
        to_make=tuple(_planned(item, root, causes[item.paper.slug]) for item in items),
        up_to_date=tuple(sorted(up_to_date)),
        causes=_grouped(items, causes),
        gone=run.gone(),
        failed=run.failed(),
        lines=len(lines),
        characters=sum(work[1] for request in lines.values() if (work := work_in(request))),
        seconds=None if forecast.prediction is None else forecast.prediction.wall_s,
        workers=forecast.workers,
        prediction=forecast.prediction,
        microdollars=price,
    )


def _causes(items: list[Foreseen], root: Path, kit: Kit, store: Store) -> dict[str, tuple[str, ...]]:
    """Why each is to be made."""
    then_and_now = Comparison(kit, store)
    return {item.paper.slug: tuple(_why(item, root, then_and_now)) for item in items}


def _why(item: Foreseen, root: Path, then_and_now: Comparison) -> list[str]:
    if item.before is None:
        return [NEVER]
    path = named(item.path, root)
    changes = then_and_now.changes(item.before, path, item.paper, item.script, item.picture)
    causes = list(dict.fromkeys(map(str, changes)))
    if not item.is_intact:
        causes.append(CHANGED)
    return causes or [FORGOTTEN]


def _planned(item: Foreseen, root: Path, causes: tuple[str, ...]) -> Planned:
    return Planned(
        slug=item.paper.slug,
        paper=str(named(item.path, root)),
        lines=len(item.lines),
        joined=item.joined,
        tagged=item.tagged,
        causes=causes,
    )


def _grouped(items: list[Foreseen], causes: dict[str, tuple[str, ...]]) -> tuple[Cause, ...]:
    by_cause: defaultdict[tuple[str, ...], list[Foreseen]] = defaultdict(list)
    for item in items:
        by_cause[causes[item.paper.slug]].append(item)
    counted: set[str] = set()
    groups = []
    for why, members in sorted(by_cause.items(), key=lambda group: (-len(group[1]), group[0])):
        lines = {key for item in members for key in item.lines} - counted
        counted |= lines
        group = Cause(
            causes=why,
            episodes=tuple(item.paper.slug for item in members),
            lines=len(lines),
            joined=sum(item.joined for item in members),
            tagged=sum(item.tagged for item in members),
        )
        groups.append(group)
    return tuple(groups)
