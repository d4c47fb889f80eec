"""The finished episodes of a show, each listened to once; those at fault are spoken again, if that is asked.

What was heard is kept in the store by the MP3's digest, its lines and the recogniser: a second run is free.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from .. import plugins
from ..backlog import make
from ..deliver import Finished, known
from ..errors import PaperError, SynthesisError
from ..files import os_errors_said
from ..findings import Finding
from ..model import Desk
from ..planned import Planned, planned
from ..reach import ledger_of, shown
from ..recipe import SPEAK
from ..run import Options, Watcher
from ..selection import select_papers
from ..shared import store_of
from ..show import load_show
from ..store import Step, Store, key_of
from ..values import Value
from . import findings_of, listen
from .hearing import Ear, Hearing

__all__ = ["RETAKES", "Listened", "Watch", "advice", "heard_before", "listen_to", "retake"]

PLACE = "episodes"
RETAKES = 2
"""A voice that does not get a line right in three takes will not in four."""


class HearRequest(Value, frozen=True, kw_only=True):
    """All that decides what is heard."""

    mp3: str
    """SHA-256 of the file."""
    lines: tuple[str, ...]
    recogniser: str
    """Its identity."""


class Listened(Value, frozen=True, kw_only=True):
    """An episode that was listened to."""

    slug: str
    mp3: str
    """Path below the show's folder."""
    duration_s: float
    findings: tuple[Finding, ...]
    hearing: Hearing
    reused: bool
    """Whether it was listened to before."""

    @property
    def lines_at_fault(self) -> tuple[int, ...]:
        """The numbers of the lines that have to be spoken again; what is only mumbled need not."""
        return tuple(line.number for line in self.hearing.lines if line.verdict not in ("whole", "mumbled"))

    @property
    def is_at_fault(self) -> bool:
        """Whether there are any."""
        return bool(self.lines_at_fault)


Watch = Callable[[Listened], None]
"""Told of each episode when it has been listened to."""


def _by_whoever_listens(request: HearRequest, desk: Desk) -> Hearing:
    raise SynthesisError("no job listens", hint="paperledge listen does")


HEAR = Step("listening", 2, HearRequest, Hearing, _by_whoever_listens)


def listen_to(root: Path, papers: Sequence[str], recogniser: Ear, watch: Watch) -> tuple[Listened, ...]:
    """Listen to the finished episodes of these papers; of all, if none are named.

    Raises PaperError for a name that is none or has no episode, StoreError if the store has forgotten what an
    episode was made of, PaperledgeError if a file cannot be read.
    """
    store = store_of(root, load_show(root).store)
    done = []
    for finished in _chosen(root, papers, store):
        done.append(_listened(root, planned(finished, store), store, recogniser))
        watch(done[-1])
    return tuple(done)


def _chosen(root: Path, papers: Sequence[str], store: Store) -> Iterator[Finished]:
    if not papers:
        yield from shown(root, store, PLACE)
        return
    for path in select_papers(root, tuple(papers)):
        finished = known(ledger_of(store, PLACE), path.stem)
        if finished is None:
            raise PaperError("has no finished episode", where=str(path), hint="make it, then listen")
        yield finished


def _listened(root: Path, plan: Planned, store: Store, recogniser: Ear) -> Listened:
    hearing = before = heard_before(plan, store, recogniser.identity)
    if hearing is None:
        clips = [store.path(line.clip) for line in plan.lines]
        hearing = listen(root / plan.mp3, plan, clips, recogniser)
        request = _request(plan, recogniser.identity)
        store.remember(HEAR, key_of(HEAR, request), request, hearing)
    return Listened(
        slug=plan.slug,
        mp3=plan.mp3,
        duration_s=round(plan.samples / plan.rate_hz, 2),
        findings=findings_of(hearing, plan),
        hearing=hearing,
        reused=before is not None,
    )


def heard_before(plan: Planned, store: Store, recogniser: str) -> Hearing | None:
    """What was heard of an episode when it was listened to; recogniser: the identity of what listened."""
    return store.recall(HEAR, key_of(HEAR, _request(plan, recogniser)))


def _request(plan: Planned, recogniser: str) -> HearRequest:
    return HearRequest(
        mp3=plan.sha256, lines=tuple(line.spoken for line in plan.lines), recogniser=recogniser
    )


def retake(root: Path, listened: Sequence[Listened], options: Options, watcher: Watcher) -> None:
    """Forget the takes of all lines at fault, and make their episodes again.

    options: of the run, papers and voice apart. Raises SynthesisError if one cannot be made.
    """
    store = store_of(root, load_show(root).store)
    for episode in listened:
        finished = known(ledger_of(store, PLACE), episode.slug)
        if finished is None or not episode.is_at_fault:
            continue
        _forget(planned(finished, store), episode, store)
        again = replace(options, papers=(str((root / finished.paper).absolute()),), voice=finished.voice)
        for failure in make(root, again, watcher).failed:
            what = f"could not be made again: {failure.errors[0]}"
            raise SynthesisError(what, where=failure.paper, hint="mend that, then make")


def _forget(plan: Planned, episode: Listened, store: Store) -> None:
    """The note of the finished episode goes first: ended in between, it counts as one still to be made."""
    note = ledger_of(store, PLACE) / f"{episode.slug}.json"
    with os_errors_said("cannot be deleted", note):
        note.unlink(missing_ok=True)
    for number in episode.lines_at_fault:
        store.forget(SPEAK, plan.lines[number - 1].key)


def advice(root: Path, listened: Sequence[Listened]) -> Iterator[str]:
    """What to do about lines that a retake cannot mend, because their voice gives the same take again."""
    store = store_of(root, load_show(root).store)
    for episode in listened:
        finished = known(ledger_of(store, PLACE), episode.slug)
        plan = planned(finished, store) if finished and episode.is_at_fault else None
        for line in (plan.lines[number - 1] for number in episode.lines_at_fault) if plan else ():
            engine = finished.voices[line.speaker].engine if finished else ""
            if plugins.find("engines", engine).deterministic:
                yield (
                    f"{episode.mp3}, line {line.number}: {engine} always speaks it like this: reword it, "
                    "respell its words in voices/lexicon.yaml, or take another voice"
                )
