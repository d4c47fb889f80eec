"""What `paperledge listen` has heard before of episodes; nothing is listened to here."""

from difflib import SequenceMatcher
from pathlib import Path

from ..errors import ExtraMissing, SettingsError
from ..findings import Finding
from ..listening import findings_of
from ..listening.episodes import heard_before
from ..listening.recogniser import open_recogniser
from ..planned import Planned
from ..store import Store
from .values import Recognised

__all__ = ["Heard", "recall_hearing", "recogniser_here"]

Heard = tuple[dict[int, Recognised], tuple[Finding, ...]]
"""By the number of the line, and what was found."""


def recogniser_here(root: Path) -> str | None:
    """The identity of the show's recogniser; None if there is none that could have listened."""
    try:
        return open_recogniser(root).identity
    except (ExtraMissing, SettingsError):  # `listen` says so; a report is complete without
        return None


def recall_hearing(plan: Planned, store: Store, recogniser: str | None) -> Heard | None:
    """What was heard of an episode; None if nobody listened to it."""
    hearing = heard_before(plan, store, recogniser) if recogniser else None
    if hearing is None:
        return None
    lines = {
        line.number: Recognised(
            text=line.heard,
            similarity_permille=round(1000 * line.similarity),
            word_errors=word_errors(line.meant.split(), line.heard.split()),
        )
        for line in hearing.lines
    }
    return lines, findings_of(hearing, plan)


def word_errors(meant: list[str], heard: list[str]) -> int:
    """Words that were missed, added, or taken for others."""
    matcher = SequenceMatcher(None, meant, heard, autojunk=False)
    return sum(max(b - a, d - c) for what, a, b, c, d in matcher.get_opcodes() if what != "equal")
