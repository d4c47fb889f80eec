"""How long a run would take, with as many workers as one likes: rates of earlier runs, and capacity.py.

what is to be made ──> stages of each episode ┐
rates.json ──────────> seconds of each        ┴──> capacity.predict
"""

from collections.abc import Sequence
from typing import NamedTuple

from . import capacity, sites
from .capacity import Prediction
from .crew import in_flight
from .execute.cluster import GROUP_S
from .model import Value
from .rates import DRAWING, EPISODES, JOBS, JOINING, PAPERS, TAGGING, Rates, place_of, read_rates, work_in
from .run import Foreseen
from .sites import Driver, Job, Site, Stages
from .store import Store

__all__ = ["Forecast", "foretold"]

CHARACTERS_PER_S = 15
"""Of speech at a usual pace, to know how large its sound is."""


class Forecast(NamedTuple):
    """What so many workers would take."""

    workers: int
    prediction: Prediction | None
    """None if nothing of the kind was measured yet."""


def foretold(
    items: Sequence[Foreseen], store: Store, here: int, asked: int | None, *, is_here: bool
) -> Forecast:
    """What making these takes.

    here: workers of this computer, 1 or more.  asked: how many to foretell it for, if that is wanted.
    is_here: whether the run would be done by those; others are taken to be as many as in the last run.
    """
    rates = read_rates(store.home)
    workers = asked or (here if is_here else rates.workers or here)
    episodes = _stages(items, rates, elsewhere=(workers - 1) / workers)
    if episodes is None:
        return Forecast(workers, None)
    if _is_learned_at(place_of(store), rates):  # waits for the store are in the rates
        episodes = [_without_requests(stages) for stages in episodes]
    group_s = GROUP_S if workers > here else 0.0
    site = _site(rates, place_of(store))._replace(
        workers=workers, in_flight=in_flight(workers), group_s=group_s
    )
    return Forecast(workers, capacity.predict(episodes, site))


def _site(rates: Rates, place: str) -> Site:
    """A site with what the driver and a store of that kind take.

    What a request takes the driver is in its rates already, unless they are those of another kind of store.
    """
    store = sites.S3 if place else sites.HERE
    if not _is_learned_at(place, rates):
        place = ""
    else:
        store = store._replace(request_cpu_s=0.0)
    known = {
        field: rates.driver_s(name, place)
        for field, name in (("job_s", JOBS), ("episode_s", EPISODES), ("paper_s", PAPERS))
    }
    driver = Driver(**{field: seconds for field, seconds in known.items() if seconds is not None})
    return Site(workers=1, in_flight=1, driver=driver, store=store)


def _is_learned_at(place: str, rates: Rates) -> bool:
    return bool(place) and rates.driver_s(JOBS, place) is not None


def _without_requests(stages: Stages) -> Stages:
    return tuple(tuple(job._replace(requests=0) for job in jobs) for jobs in stages)


def _stages(items: Sequence[Foreseen], rates: Rates, elsewhere: float) -> list[Stages] | None:
    """What there is to do for each episode; a line that several wait for is the first one's."""
    counted: set[str] = set()
    episodes = []
    for item in items:
        own = [request for key, request in item.lines.items() if key not in counted]
        counted.update(item.lines)
        lines = [_line(request, rates) for request in own]
        rest = _rest(item, rates, elsewhere)
        if rest is None or None in lines:
            return None
        episodes.append((tuple(line for line in lines if line), *rest))
    return episodes


def _line(request: Value, rates: Rates) -> Job | None:
    name, characters = work_in(request) or ("", 0)
    seconds = rates.busy_s(name, characters)
    return None if seconds is None else sites.spoken(seconds, characters / CHARACTERS_PER_S)


def _rest(item: Foreseen, rates: Rates, elsewhere: float) -> Stages | None:
    """Joined, drawn and tagged, as far as it is to be."""
    lines = item.script.lines
    sound_s = sum(len(line.sentence.spoken) for line in lines) / CHARACTERS_PER_S
    joining_s = rates.busy_s(JOINING, len(lines)) if item.joined else 0.0
    tagging_s = rates.busy_s(TAGGING, 1) if item.tagged else 0.0
    drawing_s = (rates.busy_s(DRAWING, 1) or 0.0) if item.before is None else 0.0
    if joining_s is None or tagging_s is None:
        return None
    joined = sites.joined(joining_s, len(lines), sound_s, elsewhere)
    return (
        (joined,) if item.joined else (),
        (Job(drawing_s, 3),) if drawing_s else (),
        (sites.tagged(tagging_s, sound_s, elsewhere),) if item.tagged else (),
    )
