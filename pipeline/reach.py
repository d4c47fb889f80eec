"""What of the store today's papers, templates, lexicon, voices and music use; nothing is spoken for it.

Runs are gone through as `plan` goes through them: so what is reached is what `make` would reuse, by
construction. Each paper is in a run for episodes and in one for drafts, and in one with the voice
that its episode in output/ was made with.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from .batch import Batch
from .bench import Bench, Lookout, NotMade
from .covers import site_requests
from .deliver import Finished, known, orphans
from .errors import PaperledgeError, StoreError
from .execute import open_executor
from .recipe import DRAW, do_job
from .run import Options, Watcher
from .selection import select_papers
from .store import Store

__all__ = ["PLACES", "ledger_of", "reached", "shown"]

PLACES = ("episodes", "draft")
"""Below output/, each with a ledger."""


def reached(root: Path, store: Store) -> frozenset[str]:
    """The keys of all records that the papers of the show in `root` use, with all their voices.

    Raises StoreError, with what is wrong in its `others`, if a paper, a template or the show's voice
    cannot be used: what it needs is not known then.
    """
    lookout = Lookout(store)
    faults: dict[str, StoreError] = {}
    with open_executor("inline") as executor:
        bench = Bench(store, executor, do_job)
        for run in _runs(root, store):
            kit, items = run.foreseen(run.found(run.chosen()), bench, lookout)
            with suppress(NotMade):  # what feed and site need is reached, whether or not it was made
                lookout.each(DRAW, site_requests(kit, ((item.paper, item.picture) for item in items)))
            for failure in run.failed():
                faults |= {error: StoreError(error) for error in failure.errors}
    if faults:
        hint = "mend what follows, then try again"
        refusal = StoreError("what is still needed cannot be known", where=str(store.root), hint=hint)
        refusal.others = tuple(faults.values())
        raise refusal
    return lookout.asked


def ledger_of(store: Store, place: str) -> Path:
    """The folder of what is known of the episodes of a place."""
    return store.home / "ledger" / place


def shown(root: Path, store: Store, place: str) -> list[Finished]:
    """The finished episodes of a place that have a paper, or may have one."""
    ledger = ledger_of(store, place)
    lost = {episode.slug for episode in orphans(root, ledger)}
    slugs = (path.stem for path in sorted(ledger.glob("*.json")) if path.stem not in lost)
    return [episode for slug in slugs if (episode := known(ledger, slug))]


def _runs(root: Path, store: Store) -> Iterator[Batch]:
    """As `make` and `make draft` would be, and with the voices of the last time."""
    papers = {path.stem: path for path in select_papers(root, ())}
    made = {place: shown(root, store, place) for place in PLACES}
    for episode in chain.from_iterable(made.values()):
        if (elsewhere := root / episode.paper).is_file():
            papers.setdefault(episode.slug, elsewhere)
    for place in PLACES:
        draft = place == "draft"
        yield _run(root, papers.values(), draft=draft)
        of_voice: defaultdict[str, list[Path]] = defaultdict(list)
        for episode in made[place]:
            if episode.slug in papers:
                of_voice[episode.voice].append(papers[episode.slug])
        for voice, paths in of_voice.items():
            with suppress(PaperledgeError):  # a voice that is there no more makes nothing more
                yield _run(root, paths, voice=voice, draft=draft)


def _run(root: Path, paths: Iterable[Path], *, voice: str | None = None, draft: bool) -> Batch:
    papers = tuple(str(path.absolute()) for path in paths)
    return Batch(root, Options(papers=papers, voice=voice, draft=draft), Watcher())
