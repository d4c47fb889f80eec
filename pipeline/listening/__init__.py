"""Listens to finished episodes and finds the lines that are not said as they were meant.

hearing.py      an MP3 and the lines to be said in it in, each line as it was heard out
recogniser.py   what hears
recorded.py     what is known of the recordings, which are believed about where they are
episodes.py     the episodes of a show, each listened to once, and spoken again where it is at fault
"""

from collections.abc import Sequence
from pathlib import Path

from ..findings import Finding
from ..lengths import clock
from ..planned import Planned
from ..soundcheck import examine
from ..verify.rules import found
from .hearing import Ear, HeardLine, Hearing, hear
from .judgement import Verdict
from .recorded import put_right

__all__ = ["CODES", "Ear", "HeardLine", "Hearing", "findings_of", "listen"]

CODES: dict[Verdict, str] = {
    "missing": "LIST101",
    "twice": "LIST102",
    "part": "LIST103",
    "other": "LIST104",
    "mumbled": "LIST105",
}
_HEARD_CHARS = 120


def listen(path: Path, plan: Planned, clips: Sequence[Path], ear: Ear) -> Hearing:
    """Hear a finished episode and hold it against its plan.

    clips: the recordings of the plan's lines. Raises PaperledgeError if the file cannot be read.
    """
    hearing = hear(path, [line.spoken for line in plan.lines], ear)
    return put_right(hearing, examine(path, plan, clips).faults)


def findings_of(hearing: Hearing, plan: Planned) -> tuple[Finding, ...]:
    """What is wrong with an episode, line by line, where the plan says that the line is."""
    return tuple(_finding(line, plan) for line in hearing.lines if line.verdict in CODES)


def _finding(line: HeardLine, plan: Planned) -> Finding:
    meant = plan.lines[line.number - 1]
    at_s = round(meant.start_samples / plan.rate_hz, 2)
    where = f"{plan.mp3}, line {line.number} at {clock(int(1000 * at_s))}"
    heard = f"heard {line.heard[:_HEARD_CHARS]!r}" if line.heard else "nothing heard"
    return found(CODES[line.verdict], where, f"{meant.spoken!r}: {heard}", at_s)
