"""What a driver asks of a store that is far away, and how long its lines wait for that.

    python -m tests.bench.asking

480 lines of 16 episodes by 480 workers that sleep a second for each, over a store that takes 20 ms for
each request: measured, and simulated, also as it would be if each line was asked for five times.
"""

# ruff: noqa: T201 - this is where printing happens

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline import sites
from pipeline.bench import Bench, Job, Lookout, NotMade, Receipt, carry_out, job_of
from pipeline.capacity import predict
from pipeline.model import Clip, Desk, SpeechRequest
from pipeline.shared import SharedStore, store_of
from pipeline.store import Step, Store, key_of, record_name

EPISODES, LINES = 16, 30
LINE_S, REQUEST_S = 1.0, 0.02


def _clip(request: SpeechRequest, desk: Desk) -> Clip:
    path = desk.new(".wav")
    path.write_text(request.text, encoding="utf-8")
    return Clip(audio=desk.keep(path), samples=1, rate_hz=16_000)


SAY = Step("speech", 1, SpeechRequest, Clip, _clip)
REQUESTS = [
    [SpeechRequest(text=f"{episode} {line}", engine="x", identity="x", options={}) for line in range(LINES)]
    for episode in range(EPISODES)
]


class Far:
    """A shared folder as far away as a bucket, and what a driver sees of it."""

    def __init__(self, folder: Path) -> None:
        os.environ["PAPERLEDGE_CACHE"] = str(folder / "driver")
        self.ready, self.there = folder / "ready", folder / "there"
        for request in (request for requests in REQUESTS for request in requests):
            Store(self.ready)
            carry_out(SAY, job_of(SAY, key_of(SAY, request), request), str(self.ready))
        shutil.copytree(self.ready / "blobs", self.there / "blobs")
        store = store_of(folder / "show", str(self.there))
        if not isinstance(store, SharedStore):
            raise SystemExit("this is to measure a shared store")
        self.store, self.requests = store, 0
        for name in ("read", "write", "has"):
            setattr(store._remote, name, self._far(getattr(store._remote, name)))

    def _far(self, do: Callable[..., Any]) -> Callable[..., Any]:
        def request(*arguments: Any) -> Any:
            self.requests += 1
            time.sleep(REQUEST_S)
            return do(*arguments)

        return request

    def do_job(self, job: Job, _: str) -> Receipt:
        """What a worker elsewhere does, without the processor it would have."""
        time.sleep(LINE_S)
        name = record_name(SAY, job["key"])
        (self.there / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.ready / name, self.there / name)
        return Receipt(LINE_S, (self.ready / name).read_bytes())


def measured(far: Far) -> tuple[float, int]:
    """Seconds of a run that foresees and makes all, and its driver's requests."""
    with ThreadPoolExecutor(EPISODES * LINES) as workers, ThreadPoolExecutor(EPISODES) as episodes:
        bench, lookout = Bench(far.store, workers, far.do_job), Lookout(far.store)

        def foresee(requests: list[SpeechRequest]) -> None:
            with suppress(NotMade):
                lookout.each(SAY, requests)

        began = time.monotonic()
        list(episodes.map(foresee, REQUESTS))
        bench.lacking.update(lookout.asked)
        list(episodes.map(lambda requests: bench.each(SAY, requests), REQUESTS))
        return time.monotonic() - began, far.requests


def simulated(store: sites.Store) -> float:
    """What that takes, by the simulation."""
    stages = [(tuple(sites.Job(LINE_S) for _ in range(LINES)),)] * EPISODES
    site = sites.Site(workers=EPISODES * LINES, in_flight=EPISODES, store=store, start_s=0.0)
    return predict(stages, site).wall_s


def main() -> None:
    """Print the figures."""
    once = sites.Store(request_s=REQUEST_S)
    five = once._replace(foreseeing_in_turn=1, asking=1, asking_in_turn=1, reading=1)
    with tempfile.TemporaryDirectory() as name:
        took_s, requests = measured(Far(Path(name)))
    each = requests / EPISODES / LINES
    print(f"measured {took_s:.1f} s, {each:.1f} requests a line; simulated {simulated(once):.1f} s")
    print(f"with five requests a line, simulated {simulated(five):.1f} s")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
