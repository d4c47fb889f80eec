"""Jobs as files: a line of JSON each, to be done here, elsewhere or by hand.

    paperledge plan --jobs-to jobs.jsonl       the lines that are to be spoken
    paperledge work jobs.jsonl --shard 2/8     some of them, with no engine between the computers

A job names the store that its result goes to, so that this needs no show.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from .bench import Job, job_of
from .errors import SettingsError
from .files import os_errors_said, replace_file
from .model import Value
from .recipe import SPEAK, STEPS, do_job
from .shard import Shard
from .store import key_of

__all__ = ["do_jobs", "read_jobs", "share_of", "write_jobs"]


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a job file; see bench.job_of, and `store` is where the result goes."""

    step: str
    version: int
    libraries: dict[str, str]
    key: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    request: dict[str, object]
    store: str


def write_jobs(path: Path, lines: dict[str, Value], store: str) -> None:
    """Write the jobs that speak these lines, by their keys. Raises StoreError."""
    jobs = [job_of(SPEAK, key, request) | {"store": store} for key, request in lines.items()]
    replace_file(path, b"".join(msgspec.json.encode(job) + b"\n" for job in jobs))


def read_jobs(path: Path) -> list[tuple[Job, str]]:
    """The jobs of a file, a line each or one over many lines, and the store of each.

    Raises SettingsError at file:line, StoreError if the file cannot be read.
    """
    with os_errors_said("cannot be read", path):
        text = path.read_text(encoding="utf-8", errors="replace")
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if len(lines) > 1:
        with suppress(SettingsError):
            return [_read(text, f"{path}:1")]
    return [_read(line, f"{path}:{number}") for number, line in lines]


def _read(text: str, where: str) -> tuple[Job, str]:
    try:
        written = msgspec.json.decode(text, type=_Written)
        if written.step not in STEPS:
            raise msgspec.ValidationError(f"there is no step {written.step!r}")
        step = STEPS[written.step]
        key = key_of(step, msgspec.convert(written.request, step.request))
        if written.version == step.version and written.key != key:
            raise msgspec.ValidationError("its key is not that of its request")
    except msgspec.DecodeError as error:
        raise SettingsError(
            f"is no job: {error}", where=where, hint="`paperledge plan --jobs-to FILE` writes them"
        ) from error
    job = msgspec.structs.asdict(written)
    return job, job.pop("store")


def share_of(jobs: Sequence[tuple[Job, str]], shard: Shard | None) -> list[tuple[Job, str]]:
    """The jobs of a share; a job that is there twice is done once."""
    by_key = {job["key"]: (job, store) for job, store in jobs}
    weights = {key: len(msgspec.json.encode(job["request"])) for key, (job, _) in by_key.items()}
    mine = shard.share(tuple(by_key), weights) if shard else tuple(by_key)
    return [by_key[key] for key in mine]


def do_jobs(
    jobs: Iterable[tuple[Job, str]], executor: Executor, watch: Callable[[Job, Exception | None], None]
) -> list[Exception]:
    """Do jobs, each whatever becomes of the others; the errors of those that failed.

    watch: called after each, with its error if it failed.
    """
    futures = {executor.submit(do_job, job, store): job for job, store in jobs}
    errors: list[Exception] = []
    for future in as_completed(futures):
        error = future.exception()
        if error is not None and not isinstance(error, Exception):
            raise error
        if error:
            errors.append(error)
        watch(futures[future], error)
    return errors
