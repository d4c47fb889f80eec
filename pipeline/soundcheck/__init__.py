"""Soundcheck: the file of an episode and its plan in, everything in it that is not as planned out.

    Planned, MP3 ──> heard once from start to end ──> lines found ──> faults, each with its code and its place

Nothing is listened to by a recogniser here: what should be heard is known, recording by recording.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..model import Loudness
from ..values import Desk
from .plan import Examination, Fault, Planned, PlannedLine, SoundcheckRequest, SoundPlan, Span

if TYPE_CHECKING:
    from .hearing import Hearing

__all__ = [
    "Examination",
    "Fault",
    "Planned",
    "PlannedLine",
    "SoundPlan",
    "SoundcheckRequest",
    "Span",
    "examine",
    "soundcheck",
]

SILENT = -70.0
"""The absolute gate of BS.1770-4: what is below has no loudness."""
NEXT_TO_MS = 60
"""A click so near to another fault is the edge of that."""
OF_CLIPPING = {"SOUN301", "SOUN305"}
"""What has flat tops crackles, and has sound in bands where there was none."""


def soundcheck(request: SoundcheckRequest, desk: Desk) -> Examination:
    """Hear an episode's file and hold it against its plan. Raises PaperledgeError as `examine` does."""
    plan = request.plan
    return examine(desk.path(request.mp3), plan, [desk.path(line.clip) for line in plan.lines])


def examine(path: Path, plan: SoundPlan, clips: Sequence[Path]) -> Examination:
    """Hear a file and hold it against its plan.

    clips: the recordings of the plan's lines. Raises PaperledgeError for a file that cannot be decoded.
    """
    from .curves import peaks_permille, short_term_mlufs  # bring numpy, which only a new file needs
    from .hearing import hear

    hearing = hear(path)
    reading = hearing.reading
    return Examination(
        faults=_faults(hearing, plan, clips),
        samples=hearing.samples,
        rate_hz=hearing.rate_hz,
        channels=hearing.channels,
        loudness=Loudness(
            integrated_mlufs=_thousandths(reading.integrated_lufs),
            true_peak_mdbtp=_thousandths(reading.true_peak_dbtp),
        ),
        short_term_mlufs=short_term_mlufs(hearing),
        peaks_permille=peaks_permille(hearing),
    )


def _thousandths(level: float) -> int:
    return round(1000 * max(level, SILENT))


def _faults(hearing: "Hearing", plan: SoundPlan, clips: Sequence[Path]) -> tuple[Fault, ...]:
    from .lines import line_faults  # as above
    from .matching import follow, read_wanted
    from .places import place_faults
    from .placing import place
    from .whole import unknowable, whole_faults

    wanted, matches = follow(read_wanted(plan, clips), plan, hearing.levels)
    placed = place(plan, wanted, matches, hearing.levels)
    if fault := unknowable(plan, hearing, placed):
        return (fault,)
    faults = [*whole_faults(plan, hearing, placed), *line_faults(placed), *place_faults(placed, hearing)]
    return tuple(sorted(_told_once(faults), key=lambda fault: fault.at_ms))


def _told_once(faults: Sequence[Fault]) -> list[Fault]:
    """Without clicks that are the edges of other faults, and without what is heard of clipping beside it."""
    if any(fault.code == "SOUN304" for fault in faults):
        return [fault for fault in faults if fault.code not in OF_CLIPPING]
    others = [fault for fault in faults if fault.code != "SOUN301"]
    return [
        fault
        for fault in faults
        if fault.code != "SOUN301" or not any(_is_next_to(fault, other) for other in others)
    ]


def _is_next_to(click: Fault, other: Fault) -> bool:
    """Whether a click is at or within something that has a place."""
    after_ms = click.at_ms - other.at_ms
    return other.at_ms > 0 and -NEXT_TO_MS < after_ms < other.lasts_ms + NEXT_TO_MS
