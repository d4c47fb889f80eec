"""How long work takes, learned from earlier runs: a tiny file beside the store's results.

    output/.store/rates.json   {"pico 0.1.8 …": [characters, seconds], "joining": [lines, seconds], …}

Seconds are of the wall: what a run's workers took together, shrunk to what the run took. Each run
halves what was known before it, so that a faster computer is believed after a few runs. The file
decides nothing but an estimate; if it is lost or damaged, there is none until the next run.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import msgspec

from .errors import StoreError
from .model import MasterRequest, SpeechRequest, TagRequest, Value
from .store import replace_file

log = logging.getLogger(__name__)

__all__ = ["Meter", "estimate_s", "joining", "tagging", "work_in"]

Rates = dict[str, tuple[float, float]]
"""What is done → how much of it, and the seconds that took."""


def work_in(request: Value) -> tuple[str, int] | None:
    """What a request is to be timed as: an engine's identity and characters, or joining and lines."""
    match request:
        case SpeechRequest():
            return request.identity, len(request.text)
        case MasterRequest():
            return joining(len(request.pieces))
        case TagRequest():
            return tagging()
    return None


def joining(lines: int) -> tuple[str, int]:
    """An episode of so many lines joined, levelled and encoded."""
    return "joining", lines


def tagging() -> tuple[str, int]:
    """An episode tagged."""
    return "tagging", 1


class Meter:
    """Measures one run."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._amounts: defaultdict[str, int] = defaultdict(int)
        self._busy_s: defaultdict[str, float] = defaultdict(float)

    def add(self, request: Value, seconds: float) -> None:
        """Note what a request took one worker."""
        if work := work_in(request):
            name, amount = work
            self._amounts[name] += amount
            self._busy_s[name] += seconds

    def keep(self, store: Path) -> None:
        """Let estimates learn from this run, which is over; if that cannot be written, they do not."""
        busy_s = sum(self._busy_s.values())
        if not busy_s:
            return
        wall = (time.monotonic() - self._begun) / busy_s
        rates = _read(store)
        for name, amount in self._amounts.items():
            before, before_s = rates.get(name, (0.0, 0.0))
            rates[name] = (before / 2 + amount, before_s / 2 + self._busy_s[name] * wall)
        try:
            replace_file(store / "rates.json", msgspec.json.encode(rates))
        except StoreError as error:
            log.warning("how long this took is not kept: %s", error)


def estimate_s(store: Path, work: Iterable[tuple[str, int]]) -> float | None:
    """Seconds that work takes about; None if how fast some of it goes is not known."""
    rates, total_s = _read(store), 0.0
    for name, amount in work:
        if name not in rates:
            return None
        known, seconds = rates[name]
        total_s += amount * seconds / known
    return total_s


def _read(store: Path) -> Rates:
    try:
        rates = msgspec.json.decode((store / "rates.json").read_bytes(), type=Rates)
    except (OSError, msgspec.DecodeError):
        return {}
    return {name: rate for name, rate in rates.items() if rate[0] > 0 and rate[1] >= 0}
