"""What of the store today's papers, templates, lexicon, voices and music use; nothing is spoken for it.

Runs are gone through as `plan` goes through them: so what is reached is what `make` would reuse, by
construction. Each paper is in a run for episodes and in one for drafts, and in one with the voice
that its episode in output/ was made with.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from .batch import Batch, Options, Watcher
from .bench import Bench, Lookout
from .deliver import Finished
from .errors import PaperledgeError, StoreError
from .execute import open_executor
from .paper import find_papers
from .recipe import do_job
from .store import Store

__all__ = ["PLACES", "reached", "read_ledger"]

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
            run.foreseen(run.found(run.chosen()), bench, lookout)
            for failure in run.failed():
                faults |= {error: StoreError(error) for error in failure.errors}
    if faults:
        hint = "mend what follows, then try again"
        refusal = StoreError("what is still needed cannot be known", where=str(store.root), hint=hint)
        refusal.others = tuple(faults.values())
        raise refusal
    return lookout.asked


def read_ledger(store: Store, place: str) -> Iterator[Finished]:
    """The episodes that a ledger knows, whether or not their files are as they were left."""
    for path in sorted((store.root / "ledger" / place).glob("*.json")):
        with suppress(OSError, msgspec.DecodeError):
            yield msgspec.json.decode(path.read_bytes(), type=Finished)


def _runs(root: Path, store: Store) -> Iterator[Batch]:
    """As `make` and `make draft` would be, and with the voices of the last time."""
    papers = {path.stem: str(path) for path in find_papers(root / "papers")}
    for place in PLACES if papers else ():
        draft = place == "draft"
        yield Batch(root, Options(draft=draft), Watcher())
        of_voice: defaultdict[str, list[str]] = defaultdict(list)
        for episode in read_ledger(store, place):
            if episode.slug in papers:
                of_voice[episode.voice].append(papers[episode.slug])
        for voice, paths in of_voice.items():
            with suppress(PaperledgeError):  # a voice that is there no more makes nothing more
                yield Batch(root, Options(papers=tuple(paths), voice=voice, draft=draft), Watcher())
