"""Listens to finished episodes and finds the lines that are not said as they were meant.

hearing.py      an MP3 and the lines to be said in it in, each line as it was heard out
recogniser.py   what hears
episodes.py     the episodes of a show, each listened to once, and spoken again where it is at fault
"""

from pathlib import Path

from ..findings import Finding
from ..planned import Planned
from ..verify.rules import found
from .hearing import Ear, HeardLine, Hearing, hear
from .judgement import Verdict

__all__ = ["CODES", "Ear", "HeardLine", "Hearing", "findings_of", "listen"]

CODES: dict[Verdict, str] = {
    "missing": "LIST101",
    "twice": "LIST102",
    "part": "LIST103",
    "other": "LIST104",
    "mumbled": "LIST105",
}
_HEARD_CHARS = 120


def listen(path: Path, plan: Planned, ear: Ear) -> Hearing:
    """Hear a finished episode and hold it against its plan. Raises PaperledgeError if it cannot be read."""
    return hear(path, [line.spoken for line in plan.lines], ear)


def findings_of(hearing: Hearing, plan: Planned) -> tuple[Finding, ...]:
    """What is wrong with an episode, line by line, where the plan says that the line is."""
    return tuple(_finding(line, plan) for line in hearing.lines if line.verdict in CODES)


def _finding(line: HeardLine, plan: Planned) -> Finding:
    meant = plan.lines[line.number - 1]
    at_s = round(meant.start_samples / plan.rate_hz, 2)
    minutes, seconds = divmod(int(at_s), 60)
    where = f"{plan.mp3}, line {line.number} at {minutes}:{seconds:02}"
    heard = f"heard {line.heard[:_HEARD_CHARS]!r}" if line.heard else "nothing heard"
    return found(CODES[line.verdict], where, f"{meant.spoken!r}: {heard}", at_s)
