"""Verifies finished episodes: each MP3 is heard from start to end, and held against what it was made of.

    ledger, store ──> Planned ┐
    output/episodes/*.mp3 ────┴──> soundcheck, bytes, tags, captions ──> Findings

A file that was verified and is as it was left is not looked at again: what was found is in a small note.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from .bench import Bench
from .deliver import Finished, is_intact, is_untouched, known
from .errors import BlobLost, PaperledgeError, SettingsError, StoreError, nearest
from .execute import Opener, open_executor
from .files import os_errors_said, replace_file
from .findings import Finding, weighed
from .model import Value
from .planned import planned
from .recipe import SOUNDCHECK, do_job
from .run import Watcher
from .selection import named
from .shared import store_of
from .show import load_show
from .soundcheck import Examination, Planned, SoundcheckRequest, examine
from .store import Store, digest
from .verify.delivered import check_beside, check_delivered, of_faults
from .verify.folder import Unfit
from .verify.rules import found

__all__ = ["Verified", "finished_slugs", "verify_episodes", "verify_file"]

VERSION = 1
"""One more whenever the same file should have other findings."""


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """An episode that was looked at."""

    slug: str
    mp3: str
    """Path below the show's folder, or as it was given."""
    findings: tuple[Finding, ...]


class _Note(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in an episode, and what it was found in."""

    key: str
    findings: tuple[Finding, ...]


class _Ledger:
    """What a show knows of its finished episodes."""

    def __init__(self, root: Path) -> None:
        self.root, self.store = root, store_of(root, load_show(root).store)
        self.folder = self.store.home / "ledger"

    def finished(self, slug: str) -> Finished:
        """An episode. Raises SettingsError if it was never made."""
        found = known(self.folder / "episodes", slug)
        if found is None:
            raise SettingsError(f"there is no finished episode {slug!r}", hint=nearest(slug, self.slugs()))
        return found

    def slugs(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(sorted(path.stem for path in (self.folder / "episodes").glob("*.json")))

    def noted(self, finished: Finished) -> tuple[Finding, ...] | None:
        """What was found in an episode whose files are as they were then."""
        if not is_untouched(finished, self.root / "output" / "episodes"):
            return None
        try:
            note = msgspec.json.decode(self._note(finished.slug).read_bytes(), type=_Note)
        except (OSError, msgspec.DecodeError):
            return None
        return note.findings if note.key == _key(finished) else None

    def note(self, finished: Finished, findings: tuple[Finding, ...]) -> None:
        """Remember what was found in an episode that is as it was left."""
        if is_untouched(finished, self.root / "output" / "episodes"):
            replace_file(
                self._note(finished.slug), msgspec.json.encode(_Note(key=_key(finished), findings=findings))
            )

    def _note(self, slug: str) -> Path:
        return self.folder / "verified" / f"{slug}.json"


def _key(finished: Finished) -> str:
    return digest([VERSION, SOUNDCHECK.version, finished.keys, finished.digests, finished.stamps])


def finished_slugs(root: Path) -> tuple[str, ...]:
    """The episodes that were made."""
    return _Ledger(root).slugs()


@os_errors_said("cannot be used")
def verify_episodes(
    root: Path,
    slugs: Iterable[str],
    watcher: Watcher,
    *,
    executor: str = "local",
    opener: Opener = open_executor,
) -> tuple[Verified, ...]:
    """Everything wrong with finished episodes, with the severities of show.yaml.

    Raises SettingsError for an episode that was never made.
    """
    ledger = _Ledger(root)
    episodes = [ledger.finished(slug) for slug in slugs]
    noted = {finished.slug: ledger.noted(finished) for finished in episodes}
    fresh = [finished for finished in episodes if noted[finished.slug] is None]
    findings = {slug: known for slug, known in noted.items() if known is not None}
    if fresh:
        for finished, told in _found_anew(ledger, fresh, watcher, executor, opener):
            ledger.note(finished, told)
            findings[finished.slug] = told
    severity = load_show(root).severity
    return tuple(
        Verified(slug=it.slug, mp3=it.mp3, findings=weighed(findings[it.slug], severity)) for it in episodes
    )


def _found_anew(
    ledger: _Ledger, episodes: list[Finished], watcher: Watcher, executor: str, opener: Opener
) -> Iterator[tuple[Finished, tuple[Finding, ...]]]:
    plans = {finished.slug: _plan(finished, ledger.store) for finished in episodes}
    requests = {
        finished.slug: SoundcheckRequest(mp3=plan.sound, plan=plan.sound_plan)
        for finished in episodes
        if (plan := plans[finished.slug]) and _is_whole(ledger, finished, plan)
    }
    watcher.planned(len(requests), len(requests))
    where = executor if len(requests) > 1 else "inline"  # one alone is not worth the start of a worker
    with ledger.store.in_use(), opener(where) as workers:
        bench = Bench(ledger.store, workers, do_job)
        bench.watch = lambda request: _tell(watcher, request)
        heard = dict(zip(requests, bench.each(SOUNDCHECK, requests.values()), strict=True))
    for finished in episodes:
        plan = plans[finished.slug]
        if plan is None:
            what = "the store does not know any more what it was made of"
            yield finished, (found("SOUN408", finished.mp3, what),)
        else:
            path = ledger.root / finished.mp3
            yield (
                finished,
                tuple(
                    _findings(path, finished.mp3, plan, ledger.store, heard.get(finished.slug), digests=True)
                ),
            )


def _plan(finished: Finished, store: Store) -> Planned | None:
    try:
        return planned(finished, store)
    except StoreError:
        return None


def _is_whole(ledger: _Ledger, finished: Finished, plan: Planned) -> bool:
    """Whether an MP3 has the sound that the store has for it."""
    is_there = ledger.store.kept(plan.sound.sha256, plan.sound.suffix) is not None
    return is_there and is_intact(finished, ledger.root / "output" / "episodes")


def _tell(watcher: Watcher, request: Value) -> None:
    watcher.advanced(1)
    watcher.heard(request.label)


def _findings(
    path: Path, where: str, plan: Planned, store: Store, heard: Examination | None, *, digests: bool
) -> Iterator[Finding]:
    """Everything wrong with a file. heard: what a soundcheck has found already."""
    try:
        yield from check_delivered(path, plan, where, digests=digests)
        examination = heard or examine(path, plan, [store.path(line.clip) for line in plan.lines])
    except BlobLost:
        yield found("SOUN408", where, "a recording that it was made of is lost")
    except (Unfit, OSError, PaperledgeError) as fault:
        yield found("SOUN100", where, getattr(fault, "what", "") or str(fault), 0.0)
    else:
        yield from of_faults(examination, where)
    yield from check_beside(path, plan, where)


@os_errors_said("cannot be used")
def verify_file(root: Path, path: Path, *, slug: str = "", digests: bool = True) -> Verified:
    """Everything wrong with an MP3 that may be anywhere, held against the plan of its episode.

    slug: of the episode; "" to tell by the file's name. Raises SettingsError if there is no such file or
    episode, StoreError if what the episode was made of is forgotten.
    """
    if not path.is_file():
        raise SettingsError("there is no such file", where=str(path), hint="name an MP3, or an episode")
    ledger = _Ledger(root)
    plan = planned(ledger.finished(slug or _slug_of(path, ledger)), ledger.store)
    where = str(named(path, root))
    findings = _findings(path, where, plan, ledger.store, None, digests=digests)
    return Verified(slug=plan.slug, mp3=where, findings=weighed(findings, load_show(root).severity))


def _slug_of(path: Path, ledger: _Ledger) -> str:
    """The episode whose name a file's name is, or begins with, as a host or a site may lengthen it."""
    slugs = ledger.slugs()
    fitting = [slug for slug in slugs if path.stem == slug or path.stem.startswith((f"{slug}-", f"{slug}."))]
    if not fitting:
        hint = f"say which episode it is, with --as; {nearest(path.stem, slugs)}"
        raise SettingsError("is not named after a finished episode", where=str(path), hint=hint)
    return max(fitting, key=len)
