"""Finished episodes in, what was heard in each and found in it out."""

from collections.abc import Iterator
from pathlib import Path

from ..deliver import Finished, known
from ..errors import PaperledgeError
from ..findings import Finding
from ..planned import planned
from ..soundcheck import Examination, Fault, Planned, examine
from ..store import Store
from ..values import Value
from ..verify.rules import RULES, found

__all__ = ["Examined", "examined", "finished_slugs"]

LEDGER = Path("output", ".store", "ledger", "episodes")


class Examined(Value, frozen=True, kw_only=True):
    """A finished episode that was heard from its start to its end, or why it could not be."""

    finished: Finished
    plan: Planned | None = None
    examination: Examination | None = None
    findings: tuple[Finding, ...] = ()
    error: PaperledgeError | None = None


def finished_slugs(root: Path) -> tuple[str, ...]:
    """The episodes that the ledger knows, in order."""
    return tuple(sorted(path.stem for path in (root / LEDGER).glob("*.json")))


def examined(root: Path, slugs: tuple[str, ...]) -> Iterator[Examined]:
    """Hear each of these episodes; what fails with one is its `error`."""
    store = Store(root / "output" / ".store")
    for slug in slugs:
        if finished := known(root / LEDGER, slug):
            yield _examine(root, finished, store)


def _examine(root: Path, finished: Finished, store: Store) -> Examined:
    try:
        plan = planned(finished, store)
        clips = [store.path(line.clip) for line in plan.lines]
        examination = examine(root / plan.mp3, plan, clips)
    except PaperledgeError as error:
        return Examined(finished=finished, error=error)
    findings = tuple(_finding(plan, fault) for fault in examination.faults)
    return Examined(finished=finished, plan=plan, examination=examination, findings=findings)


def _finding(plan: Planned, fault: Fault) -> Finding:
    at_s = None if fault.at_ms is None else fault.at_ms / 1000
    if fault.code in RULES:
        return found(fault.code, plan.mp3, fault.what, at_s)
    return Finding(
        code=fault.code,
        severity="error",
        where=plan.mp3,
        what=fault.what,
        why="it is not as it was planned",
        remedy="listen to it there",
        at_s=at_s,
    )
