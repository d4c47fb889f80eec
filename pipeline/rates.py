"""How long work takes, learned from earlier runs: a tiny file beside the store's results.

    output/.store/rates.json
        busy     {"pico 0.1.8 …": [characters, seconds], "joining": [lines, seconds], …}
        driver   {"jobs": [jobs, seconds], "episodes": […], "papers": […], "jobs s3": …}
        workers  2

Busy seconds are what one worker needed, whatever the others did meanwhile; the driver's are those of
its processor, which its threads share. So what a run takes with other workers can be worked out
(capacity.py). Each run halves what was known before it, so that a faster computer is believed after
a few runs. The file decides nothing but an estimate; if it is lost, damaged or of an older version,
there is none until the next run.
"""

import logging
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from .cover import CoverRequest
from .errors import StoreError
from .files import replace_file
from .model import MasterRequest, ScriptRequest, SpeechRequest, TagRequest, Value
from .store import Store

log = logging.getLogger(__name__)

__all__ = [
    "DRAWING",
    "EPISODES",
    "JOBS",
    "JOINING",
    "PAPERS",
    "TAGGING",
    "Meter",
    "Rates",
    "place_of",
    "read_rates",
    "work_in",
]

DRAWING, JOINING, TAGGING, WRITING = "artwork", "joining", "tagging", "script"
JOBS, EPISODES, PAPERS = "jobs", "episodes", "papers"
"""Of the driver: a job asked for and taken in, an episode delivered, a paper read and foreseen."""


class Rates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What earlier runs took: what is done → how much of it, and the seconds that took."""

    busy: dict[str, tuple[float, float]] = {}
    """Of workers, by what `work_in` gives."""
    driver: dict[str, tuple[float, float]] = {}
    """Of the driver's processor, by JOBS, EPISODES and PAPERS, and the kind of a store elsewhere."""
    workers: int = 0
    """Of the last run; 0 if it did not say, or did its jobs itself."""

    def busy_s(self, name: str, amount: float) -> float | None:
        """Seconds that so much work takes a worker; None if that is not known."""
        return _seconds(self.busy, name, amount)

    def driver_s(self, name: str, place: str) -> float | None:
        """Seconds of the driver for one of these, with such a store; None if that is not known."""
        return _seconds(self.driver, f"{name} {place}".strip(), 1)


def work_in(request: Value) -> tuple[str, int] | None:
    """What a request is to be timed as: an engine's identity and characters, or joining and lines."""
    match request:
        case SpeechRequest():
            return request.identity, len(request.text)
        case MasterRequest():
            return JOINING, len(request.pieces)
        case TagRequest():
            return TAGGING, 1
        case CoverRequest():
            return DRAWING, 1
        case ScriptRequest():
            return WRITING, 1
    return None


def place_of(store: Store) -> str:
    """The kind of place where a store is that is elsewhere, such as "s3"; "" for a folder."""
    scheme, there, _ = store.address.partition("://")
    return scheme if there and scheme != "file" else ""


class Meter:
    """Measures one run."""

    def __init__(self, place: str = "") -> None:
        """place: the kind of store, if it is elsewhere, as each request to it takes the driver something."""
        self._place = place
        self._jobs = 0
        self._amounts: Counter[str] = Counter()
        self._busy_s: defaultdict[str, float] = defaultdict(float)
        self._driven: dict[str, tuple[float, float]] = {}
        self._delivered = 0
        self._delivered_s = 0.0
        self._looked_s = time.process_time()
        self._lock = threading.Lock()

    def add(self, request: Value, seconds: float) -> None:
        """Note what a request took one worker."""
        if seconds and (work := work_in(request)):  # 0 is for what was there
            name, amount = work
            self._jobs += 1
            self._amounts[name] += amount
            self._busy_s[name] += seconds

    def foreseen(self, papers: int) -> None:
        """Note that all until now was reading and foreseeing so many papers."""
        now_s = time.process_time()
        self._note(PAPERS, papers, now_s - self._looked_s)
        self._looked_s, self._jobs = now_s, 0

    @contextmanager
    def delivering(self) -> Iterator[None]:
        """Note what putting an episode in its place takes; in any thread."""
        began_s = time.thread_time()
        yield
        with self._lock:
            self._delivered += 1
            self._delivered_s += time.thread_time() - began_s

    def made(self) -> None:
        """Note that all since papers were foreseen was making episodes."""
        taken_s = time.process_time() - self._looked_s
        self._note(EPISODES, self._delivered, self._delivered_s)
        self._note(JOBS, self._jobs, max(0.0, taken_s - self._delivered_s))

    def _note(self, name: str, amount: int, seconds: float) -> None:
        self._driven[f"{name} {self._place}".strip()] = (amount, seconds)

    def keep(self, store: Path, workers: int) -> None:
        """Let estimates learn from this run, which is over; if that cannot be written, they do not.

        workers: 0 where the driver did its jobs itself: then what it took besides is not known.
        """
        if not any(self._busy_s.values()):
            return
        before = read_rates(store)
        rates = Rates(
            busy=_learned(
                before.busy, {name: (self._amounts[name], it) for name, it in self._busy_s.items()}
            ),
            driver=_learned(before.driver, self._driven if workers else {}),
            workers=workers,
        )
        try:
            replace_file(store / "rates.json", msgspec.json.encode(rates))
        except StoreError as error:
            log.warning("how long this took is not kept: %s", error)


def read_rates(store: Path) -> Rates:
    """What is known; nothing if the file is not there, or is not one of these."""
    try:
        rates = msgspec.json.decode((store / "rates.json").read_bytes(), type=Rates)
    except (OSError, msgspec.DecodeError):
        return Rates()
    return Rates(busy=_sound(rates.busy), driver=_sound(rates.driver), workers=max(0, rates.workers))


def _learned(
    before: dict[str, tuple[float, float]], now: dict[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """What was known counts half of what is new; where nothing is new, it stays."""
    learned = dict(before)
    for name, (amount, seconds) in now.items():
        known, known_s = before.get(name, (0.0, 0.0))
        learned[name] = (known / 2 + amount, known_s / 2 + seconds)
    return _sound(learned)


def _sound(rates: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    return {name: rate for name, rate in rates.items() if rate[0] > 0 and rate[1] >= 0}


def _seconds(rates: dict[str, tuple[float, float]], name: str, amount: float) -> float | None:
    if name not in rates:
        return None
    known, seconds = rates[name]
    return amount * seconds / known
