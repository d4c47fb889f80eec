"""What a run did, in words and as JSON."""

from collections import defaultdict
from typing import TYPE_CHECKING, TextIO

import msgspec

from .backlog import Report
from .deliver import Finished
from .lengths import clock
from .run import Failure
from .textfile import printable

if TYPE_CHECKING:
    from .changes import Change
    from .explain import Difference, Explained
    from .plan import Cause, Plan
    from .synthesis.adding import Added

__all__ = [
    "added_as_text",
    "as_text",
    "difference_as_text",
    "explained_as_text",
    "in_short",
    "one_line",
    "plan_as_json",
    "plan_as_text",
    "print_failures",
]


def one_line(episode: Finished) -> str:
    """An episode in one line: file, length, loudness."""
    levels = episode.loudness
    return (
        f"{episode.mp3}  {clock(episode.duration_ms)}"
        f"  {levels.integrated_mlufs / 1000:.1f} LUFS  {levels.true_peak_mdbtp / 1000:.1f} dBTP"
    )


def as_text(report: Report) -> str:
    """The summary of a run, for people."""
    episodes = [(episode, "made") for episode in report.made] + [(e, "was there") for e in report.reused]
    episodes.sort(key=lambda pair: pair[0].slug)
    width = max((len(episode.slug) for episode, _ in episodes), default=0)
    rows = [_row(episode, state, width) for episode, state in episodes]
    return "\n".join([*rows, *_gone_lines(report.gone), *_totals(report)])


def in_short(report: Report) -> str:
    """The same in one line."""
    failed = f", {len(report.failed)} failed" if report.failed else ""
    return f"{len(report.made)} made, {len(report.reused)} already there{failed}: {_spoken(report)}"


def _spoken(report: Report) -> str:
    return f"{_many(report.lines_spoken, 'line')} spoken, {report.lines_reused} reused"


def _row(episode: Finished, state: str, width: int) -> str:
    levels = episode.loudness
    return (
        f"{episode.slug:{width}}  {clock(episode.duration_ms):>7}"
        f"  {levels.integrated_mlufs / 1000:6.1f} LUFS  {levels.true_peak_mdbtp / 1000:5.1f} dBTP"
        f"  {episode.size_bytes / 1e6:5.1f} MB  {state}"
    )


def _totals(report: Report) -> list[str]:
    total_ms = sum(episode.duration_ms for episode in (*report.made, *report.reused))
    lines = [f"{len(report.made)} made, {len(report.reused)} already there: {clock(total_ms)} of audio"]
    if report.made or report.lines_spoken:
        lines.append(_spoken(report))
    for voice in report.voices:
        because = f" instead, because {voice.instead_of}" if voice.instead_of else ""
        lines.append(f"voice: {voice.name}, {voice.spoken_by}{because}")
    return lines


def print_failures(failed: tuple[Failure, ...], stream: TextIO) -> int:
    """Say what failed and why, one cause once; the exit code: the causes' own, 1 if they differ."""
    papers_by_cause: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for failure in failed:
        papers_by_cause[tuple(dict.fromkeys(failure.errors))].append(failure.paper)
    for errors, papers in papers_by_cause.items():
        for error in errors:
            print(f"error: {printable(error)}", file=stream)
        print(f"  not made: {printable(', '.join(papers))}", file=stream)
    codes = {failure.exit_code for failure in failed}
    return codes.pop() if len(codes) == 1 else min(len(codes), 1)


def plan_as_text(plan: "Plan", *, with_busy: bool = False) -> str:
    """What a run would do, for people: what takes work, by its cause.

    with_busy: also how busy its parts would be, for whoever sizes a cluster.
    """
    lines = [line for cause in plan.causes for line in _cause_lines(cause)]
    busy = _busy_lines(plan) if with_busy else []
    return "\n".join([*lines, *_gone_lines(plan.gone), *_foretold(plan), *busy])


def _gone_lines(files: tuple[str, ...]) -> list[str]:
    """What is left of papers that are there no more."""
    if not files:
        return []
    return ["without a paper now, and kept until `paperledge store prune --apply`:", f"  {_listed(files)}"]


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _cause_lines(cause: "Cause") -> list[str]:
    again = "" if cause.is_first else " again"
    parts = [f"{_many(cause.lines, 'line')} to speak"] if cause.lines else []
    for count, what in (
        (cause.joined, f"joined{again}"),
        (cause.tagged - cause.joined, f"tagged{again}"),
        (len(cause.episodes) - cause.tagged, "put back"),
    ):
        parts += [f"{_many(count, 'episode')} {what}"] if count else []
    return [f"{'; '.join(cause.causes)}: {', '.join(parts)}", f"  {_listed(cause.episodes)}"]


def _foretold(plan: "Plan") -> list[str]:
    total = f"{len(plan.to_make)} to be made, {len(plan.up_to_date)} up to date"
    if not plan.to_make:
        return [total]
    about = "how long it takes is not known yet" if plan.seconds is None else f"about {_about(plan.seconds)}"
    price = f", about ${plan.microdollars / 1e6:,.2f}" if plan.microdollars else ""
    return [f"{total}: {_many(plan.lines, 'line')} to speak, {about}{price}"]


def _busy_lines(plan: "Plan") -> list[str]:
    if plan.prediction is None:
        return []
    parts = ("workers", "driver", "store")
    shares = [f"{name} {100 * getattr(plan.prediction, name):.0f} %" for name in parts]
    return [f"with {_many(plan.workers, 'worker')}, busy: {', '.join(shares)}"]


def _many(count: int, what: str) -> str:
    return f"{count} {what}" + "s" * (count != 1)


def _about(seconds: float) -> str:
    for size, unit in ((3600, "hour"), (60, "minute")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.1f} hours" if size == 3600 else _many(round(seconds / size), unit)
    return _many(max(1, round(seconds)), "second")


def plan_as_json(plan: "Plan") -> str:
    """The same for programs: the fields of plan.Plan."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=2).decode()


def explained_as_text(episode: "Explained", *, colour: bool = False) -> str:
    """Why an episode is made again, stage by stage, for people. colour: for a terminal."""
    lines = [f"{episode.slug}: {_state(episode)}"]
    for stage, changes in episode.stages.items():
        lines += [
            f"  {stage}",
            *(f"    {line}" for change in changes for line in _change_lines(change, colour)),
        ]
    return "\n".join(lines)


def _state(episode: "Explained") -> str:
    if not episode.is_to_be_made:
        return "up to date"
    spoken = f"{_many(episode.lines, 'line')} to speak" if episode.lines else ""
    joined = "joined and tagged" if episode.joined else "tagged" if episode.tagged else "put back"
    why = f" ({'; '.join(episode.notes)})" if episode.notes else ""
    return ", ".join(filter(None, (spoken, f"to be {joined}"))) + why


def _change_lines(change: "Change", colour: bool) -> list[str]:
    if change.what:
        return [printable(str(change))]
    return [printable(change.source), *(f"  {line}" for line in _diff(change.old, change.new, colour))]


def _diff(old: str, new: str, colour: bool) -> list[str]:
    """The lines that differ, old and new."""
    from difflib import unified_diff  # only where something changed

    lines = unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [_dyed(line, colour) for line in list(lines)[2:] if not line.startswith("@@")]


def difference_as_text(episode: "Difference", *, colour: bool = False) -> str:
    """What an episode would say otherwise, as a unified diff. colour: for a terminal."""
    if episode.note:
        return f"{episode.slug}: {episode.note}"
    return "\n".join(_dyed(line, colour) for line in episode.lines)


def _dyed(line: str, colour: bool) -> str:
    dye = _DYES.get(line[:1] if line[:3] not in ("---", "+++") else line[:3])
    return f"{dye}{printable(line)}\x1b[0m" if colour and dye else printable(line)


_DYES = {"-": "\x1b[31m", "+": "\x1b[32m", "@": "\x1b[36m", "---": "\x1b[1m", "+++": "\x1b[1m"}
_NAMED = 6
"""Episodes or files that are named; of more, how many there are."""


def added_as_text(voices: "tuple[Added, ...]") -> str:
    """The voices that were added, for people."""
    return "\n".join(line for voice in voices for line in _added_lines(voice))


def _added_lines(voice: "Added") -> list[str]:
    files = "was there" if not voice.fetched else "1 file" if voice.fetched == 1 else f"{voice.fetched} files"
    state = "written" if voice.profile_written else "left as it is"
    profile = f", voices/{voice.name}.yaml {state}" if voice.has_profile else ""
    lines = [f"{voice.name}  {files}{profile}  licence: {voice.card.licence}"]
    if voice.card.made:
        lines += [f"  {voice.card.made}: see whether that voice's licence allows what you do"]
    return lines
