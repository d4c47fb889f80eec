"""What a run consists of, and where it is done, as numbers: what capacity.py simulates.

    Stages      of an episode: the jobs of each, with what they take a worker and the store
    Site        its workers, its driver, its store

Times are seconds, sizes bytes. What is not learned from earlier runs (rates.py) is a value here.
"""

import math
from typing import NamedTuple

__all__ = [
    "AT_A_TIME",
    "CLIP_BYTES_PER_S",
    "HERE",
    "S3",
    "Driver",
    "Job",
    "Site",
    "Stages",
    "Store",
    "joined",
    "spoken",
    "tagged",
]

START_S = 1.0
"""Until a worker begins its first job: an interpreter, and what a job imports (tests/bench/capacity.py)."""
HANDING_S = 0.001
"""From a call that waits to the worker that has it, the pipe and both sides' pickling (measured)."""
AT_A_TIME = 32
"""Small requests to a store; see shared.py."""


class Job(NamedTuple):
    """What one worker does without a pause."""

    seconds: float
    requests: float = 0
    """To the store, one after the other."""
    size: float = 0
    """That these bring and take."""


Stages = tuple[tuple[Job, ...], ...]
"""Of an episode, one after the other; the jobs of one may be done at the same time."""


class Driver(NamedTuple):
    """What the driver's processor does."""

    job_s: float = 0.0012
    """For each job: asked for, sent, taken in. Measured over 1,200 lines in 30 episodes."""
    episode_s: float = 0.02
    """To put a finished one in its place. Measured as above."""
    paper_s: float = 0.01
    """To read it and foresee what it takes. Measured as above."""


class Store(NamedTuple):
    """Where the results go, and what the driver asks of it."""

    request_s: float = 0.0
    """There and back."""
    request_cpu_s: float = 0.0
    """Of the driver's processor."""
    bytes_per_s: float = math.inf
    """Of all workers together."""
    foreseeing: int = 1
    """Requests for each line before the run begins, AT_A_TIME of a paper."""
    foreseeing_in_turn: int = 0
    """… that wait for each other."""
    asking: int = 0
    """… and for each job before it is given out."""
    asking_in_turn: int = 0
    """… while no other episode can ask."""
    reading: int = 0
    """… and after it was done, one after the other."""


HERE = Store()
"""A folder of this computer."""
S3 = Store(request_s=0.02, request_cpu_s=0.006, bytes_per_s=1.25e9)
"""A bucket: 10 to 30 ms a request as Amazon says of small objects, 6 ms of processor as measured with
s3fs 2026.9 and moto, and a network of 10 Gbit/s."""


class Site(NamedTuple):
    """Where the run is."""

    workers: int
    """Each with a core of its own; 1 or more."""
    in_flight: int
    """Episodes at a time; 1 or more."""
    group_s: float = 0.0
    """What a group of calls should take; each goes by itself if 0."""
    driver: Driver = Driver()
    store: Store = HERE
    start_s: float = START_S
    handing_s: float = HANDING_S


CLIP_BYTES_PER_S = 48_000
"""Of speech: 16 bits, 24 kHz, as Kokoro's."""
MP3_BYTES_PER_S = 16_000
"""128 kbit/s."""


def spoken(seconds: float, sound_s: float) -> Job:
    """A line: looked for, and put there with its record."""
    return Job(seconds, 3, sound_s * CLIP_BYTES_PER_S)


def joined(seconds: float, lines: int, sound_s: float, elsewhere: float) -> Job:
    """An episode, for which clips are fetched. elsewhere: the share that other workers made, 0 to 1."""
    size = sound_s * (CLIP_BYTES_PER_S * elsewhere + MP3_BYTES_PER_S)
    return Job(seconds, 3 + lines * elsewhere, size)


def tagged(seconds: float, sound_s: float, elsewhere: float) -> Job:
    """An episode's tags and cover, for which both are fetched."""
    return Job(seconds, 3 + 2 * elsewhere, sound_s * MP3_BYTES_PER_S * (1 + elsewhere))
