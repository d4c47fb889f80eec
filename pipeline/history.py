"""What was made when: output/report.json of the last run, output/history.jsonl of all of them.

Both are for people and programs to read; nothing is decided by the history, and losing it with
output/ does no harm. A line is appended in one write, and one that a crash has torn is skipped.
When the file is large it becomes history.old.jsonl, and the one before that is forgotten.
"""

import datetime as dt
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from .backlog import Report
from .errors import StoreError
from .files import os_errors_said, replace_file
from .model import Loudness

__all__ = ["Made", "note", "read_history", "report_as_json"]

log = logging.getLogger(__name__)

LIMIT_BYTES = 4 * 1024 * 1024
"""Some 10,000 episodes; the file before it holds as many."""

_FILE, _OLD = "history.jsonl", "history.old.jsonl"
_PRIVATE = ("inputs", "digests", "stamps", "voices", "keys")
"""What a ledger says for itself."""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """One episode, made once: a line of history.jsonl."""

    when: str
    """The end of the run: UTC, ISO 8601, whole seconds."""
    slug: str
    title: str
    mp3: str
    """Path below the show's folder; of drafts too."""
    duration_ms: int
    size_bytes: int
    loudness: Loudness
    lines: int
    voice: str
    spoken_by: str
    run_lines_spoken: int
    """By the whole run, for all of its episodes: equal lines are spoken once."""
    run_lines_reused: int
    run_ms: int
    """How long the whole run took."""


def report_as_json(report: Report, *, when: str = "", took_ms: int = 0) -> str:
    """A run for programs: the fields of backlog.Report, without the ledger's own, and when it ended."""
    plain = msgspec.to_builtins(report)
    for episode in (*plain["made"], *plain["reused"]):
        for name in _PRIVATE:
            del episode[name]
    if when:
        plain = {"when": when, "took_ms": took_ms, **plain}
    return msgspec.json.format(msgspec.json.encode(plain), indent=2).decode()


def note(output: Path, report: Report, took_ms: int, *, now: dt.datetime | None = None) -> None:
    """Write down what a run did. What cannot be written is said and costs nothing else.

    output: the show's output/.  now: when the run ended, for tests; UTC.
    """
    when = (now or dt.datetime.now(dt.UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        replace_file(
            output / "report.json", f"{report_as_json(report, when=when, took_ms=took_ms)}\n".encode()
        )
        _append(output, [_line(report, index, when, took_ms) for index in range(len(report.made))])
    except StoreError as error:
        log.warning("the run is not in the history: %s", error)


def read_history(output: Path, slug: str = "") -> list[Made]:
    """All that was made, oldest first; of one episode only if there is a slug. Raises StoreError."""
    made = [made for name in (_OLD, _FILE) for made in _read(output / name)]
    return [each for each in made if slug in ("", each.slug)]


def _line(report: Report, index: int, when: str, took_ms: int) -> bytes:
    episode = report.made[index]
    own = {name: getattr(episode, name) for name in Made.__struct_fields__ if hasattr(episode, name)}
    made = Made(
        when=when,
        run_lines_spoken=report.lines_spoken,
        run_lines_reused=report.lines_reused,
        run_ms=took_ms,
        **own,
    )
    return msgspec.json.encode(made) + b"\n"


def _append(output: Path, lines: list[bytes]) -> None:
    path = output / _FILE
    if not lines:
        return
    with os_errors_said("cannot be written", path):
        if path.exists() and path.stat().st_size > LIMIT_BYTES:
            path.replace(output / _OLD)
        with path.open("a+b", buffering=0) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 1))
            mend = b"\n" if file.read(1) not in (b"", b"\n") else b""  # after a line that was torn
            file.write(mend + b"".join(lines))
            os.fsync(file.fileno())


def _read(path: Path) -> Iterator[Made]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"cannot be read: {error.strerror}", where=str(path)) from error
    for line in lines:
        with suppress(msgspec.DecodeError):
            yield msgspec.json.decode(line, type=Made)
