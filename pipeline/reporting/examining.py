"""Finished episodes in, what was heard in each and found in it out.

Findings are those of `paperledge verify`, which hears a file once and keeps what it heard in the store. A
file that is not what was made is heard again each time, as nothing is kept of what others did. What a
recogniser has heard before of a file is recalled; see hearings.py.
"""

from collections.abc import Iterator
from pathlib import Path

from ..deliver import Finished, is_intact, known
from ..errors import PaperledgeError
from ..findings import Finding, weighed
from ..planned import planned
from ..recipe import SOUNDCHECK
from ..run import Watcher
from ..shared import store_of
from ..show import load_show
from ..soundcheck import Examination, Planned, SoundcheckRequest, examine
from ..store import Store, key_of
from ..values import Value
from ..verifying import verify_episodes
from .hearings import recall_hearing, recogniser_here
from .values import Recognised

__all__ = ["Examined", "examined"]


class Examined(Value, frozen=True, kw_only=True):
    """A finished episode that was heard from its start to its end."""

    finished: Finished
    plan: Planned
    examination: Examination
    findings: tuple[Finding, ...]
    heard: dict[int, Recognised] | None = None
    """Number of a line → what a recogniser heard; None if nobody listened."""


def examined(
    root: Path, slugs: tuple[str, ...], watcher: Watcher, executor: str = "local"
) -> Iterator[tuple[Finished, Examined | PaperledgeError]]:
    """Each of these episodes, and what was heard in it, or why it could not be heard.

    Raises SettingsError for an episode that was never made.
    """
    show = load_show(root)
    store, severity = store_of(root, show.store), show.severity
    recogniser = recogniser_here(root)
    for verified in verify_episodes(root, slugs, watcher, executor=executor):
        finished = known(store.home / "ledger" / "episodes", verified.slug)
        if finished is None:  # deleted meanwhile
            continue
        try:
            plan = planned(finished, store)
            is_as_made = is_intact(finished, root / "output" / "episodes")
            examination = _examination(root, plan, store, is_as_made=is_as_made)
            heard, found = (recall_hearing(plan, store, recogniser) if is_as_made else None) or (None, ())
        except PaperledgeError as error:
            yield finished, error
        else:
            yield (
                finished,
                Examined(
                    finished=finished,
                    plan=plan,
                    examination=examination,
                    findings=(*verified.findings, *weighed(found, severity)),
                    heard=heard,
                ),
            )


def _examination(root: Path, plan: Planned, store: Store, *, is_as_made: bool) -> Examination:
    """What was heard when the file was verified, or is heard now."""
    request = SoundcheckRequest(mp3=plan.sound, plan=plan.sound_plan)
    kept = store.recall(SOUNDCHECK, key_of(SOUNDCHECK, request)) if is_as_made else None
    return kept or examine(root / plan.mp3, plan, [store.path(line.clip) for line in plan.lines])
