"""A backlog in, the same in words for a terminal out: one block an episode, what is failing first."""

from collections.abc import Iterator

from ..findings import Severity
from ..lengths import clock
from ..textfile import printable
from .figures import spark
from .values import Backlog, LastRun, Mark, Portrait, Unheard
from .words import day, level, loudness, many, moment

__all__ = ["as_text"]

COLUMNS = 60
"""Of the curve of loudness."""
BELOW_MLU, ABOVE_MLU = 8_000, 3_000
"""What that shows around the target."""
BOLD, OFF = "\x1b[1m", "\x1b[0m"
COLOURS: dict[Severity, str] = {"error": "\x1b[31m", "warning": "\x1b[33m", "note": "\x1b[36m"}


def as_text(backlog: Backlog, *, colour: bool = False) -> str:
    """All of it, without its pictures. colour: for a terminal."""
    blocks = [_unheard(each, colour) for each in backlog.unheard]
    blocks += ["\n".join(_episode(each, colour)) for each in backlog.episodes]
    return "\n\n".join([*blocks, "\n".join(_totals(backlog))])


def _episode(episode: Portrait, colour: bool) -> Iterator[str]:
    yield f"{_dyed(episode.slug, BOLD, colour)}  {printable(episode.title)}"
    low, high = episode.usual_words_per_minute
    yield (
        f"  {clock(episode.duration_ms)}  {loudness(episode.loudness)} (target {level(episode.target_mlufs)})"
        f"  {episode.words_per_minute} words a minute ({low} to {high})  made {day(episode.made)}"
    )
    target = episode.target_mlufs
    yield f"  {spark(episode.short_term_mlufs, target - BELOW_MLU, target + ABOVE_MLU, COLUMNS)}"
    before = ""
    for mark in episode.marks:
        yield _mark(mark, colour) + ("" if mark.remedy == before else f" ({printable(mark.remedy)})")
        before = mark.remedy


def _mark(mark: Mark, colour: bool) -> str:
    place = clock(mark.at_ms) if mark.at_ms is not None else "all of it"
    severity = _dyed(mark.severity, COLOURS[mark.severity], colour)
    return f"  {place:>9}  {severity} {mark.code}: {printable(mark.what)}"


def _unheard(episode: Unheard, colour: bool) -> str:
    problem = _dyed("could not be heard", COLOURS["error"], colour)
    name = f"{_dyed(episode.slug, BOLD, colour)}  {printable(episode.title)}"
    return f"{name}\n  {problem}: {printable(episode.problem)}"


def _totals(backlog: Backlog) -> Iterator[str]:
    episodes = backlog.episodes
    length_ms = sum(episode.duration_ms for episode in episodes)
    counts = ", ".join(many(sum(each.count(kind) for each in episodes), kind) for kind in COLOURS)
    yield f"{many(len(episodes), 'episode')}, {clock(length_ms)}: {counts}"
    if backlog.last_run:
        yield from _last_run(backlog.last_run)


def _last_run(run: LastRun) -> Iterator[str]:
    yield (
        f"last run, {moment(run.when)}: {len(run.made)} made, {len(run.reused)} already there,"
        f" {len(run.failed)} failed, {many(run.lines_spoken, 'line')} spoken, in {run.took_ms / 1000:.1f} s"
    )
    for failure in run.failed:
        yield f"  {printable(failure.paper)}: {printable('; '.join(failure.errors))}"


def _dyed(text: str, dye: str, colour: bool) -> str:
    return f"{dye}{printable(text)}{OFF}" if colour else printable(text)
