"""What a recogniser heard, put right by what is known of the recordings.

A recogniser writes a line that is said twice only once, completes one that is cut short, and blames the
neighbour of a line that is missing. Which recordings are in a file, and where, is known by their levels (see
soundcheck); so about that they are believed. Whether a recording says what it should is for the recogniser.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from ..soundcheck import Fault
from .hearing import HeardLine, Hearing
from .judgement import Verdict

__all__ = ["put_right"]

VERDICTS: dict[str, Verdict] = {
    "SOUN201": "missing",
    "SOUN202": "missing",
    "SOUN203": "part",
    "SOUN204": "other",
    "SOUN205": "other",
    "SOUN206": "twice",
}
CONFUSED: set[Verdict] = {"missing", "part", "twice"}
"""What a recogniser takes the neighbour of such a line for."""


def put_right(hearing: Hearing, faults: Iterable[Fault]) -> Hearing:
    """What was heard, each line judged by its recording as well. faults: of a soundcheck of the same file."""
    known = {fault.line: VERDICTS[fault.code] for fault in faults if fault.line and fault.code in VERDICTS}
    near = {number + step for number in known for step in (-1, 1)}
    return Hearing(lines=tuple(_put_right(line, known.get(line.number), near) for line in hearing.lines))


def _put_right(line: HeardLine, verdict: Verdict | None, near: set[int]) -> HeardLine:
    if verdict is None and line.number in near and line.verdict in CONFUSED:
        verdict = "whole"
    return line if verdict is None else replace(line, verdict=verdict)
