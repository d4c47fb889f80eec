"""What a run did, in words and as JSON."""

from collections import defaultdict
from typing import TYPE_CHECKING, TextIO

import msgspec

from .backlog import Failure, Report
from .deliver import Finished
from .textfile import printable

if TYPE_CHECKING:
    from .synthesis.adding import Added

__all__ = [
    "added_as_text",
    "as_json",
    "as_text",
    "one_line",
    "print_failures",
]


def one_line(episode: Finished) -> str:
    """An episode in one line: file, length, loudness."""
    levels = episode.loudness
    return (
        f"{episode.mp3}  {_minutes(episode.duration_ms)}"
        f"  {levels.integrated_mlufs / 1000:.1f} LUFS  {levels.true_peak_mdbtp / 1000:.1f} dBTP"
    )


def as_text(report: Report) -> str:
    """The summary of a run, for people."""
    episodes = [(episode, "made") for episode in report.made] + [(e, "was there") for e in report.reused]
    episodes.sort(key=lambda pair: pair[0].slug)
    width = max((len(episode.slug) for episode, _ in episodes), default=0)
    rows = [_row(episode, state, width) for episode, state in episodes]
    return "\n".join([*rows, *_totals(report)])


def _row(episode: Finished, state: str, width: int) -> str:
    levels = episode.loudness
    return (
        f"{episode.slug:{width}}  {_minutes(episode.duration_ms):>7}"
        f"  {levels.integrated_mlufs / 1000:6.1f} LUFS  {levels.true_peak_mdbtp / 1000:5.1f} dBTP"
        f"  {episode.size_bytes / 1e6:5.1f} MB  {state}"
    )


def _totals(report: Report) -> list[str]:
    total_ms = sum(episode.duration_ms for episode in (*report.made, *report.reused))
    lines = [f"{len(report.made)} made, {len(report.reused)} already there: {_minutes(total_ms)} of audio"]
    if report.made or report.lines_spoken:
        spoken = "1 line" if report.lines_spoken == 1 else f"{report.lines_spoken} lines"
        lines.append(f"{spoken} spoken, {report.lines_reused} reused")
    for voice in report.voices:
        because = f" instead, because {voice.instead_of}" if voice.instead_of else ""
        lines.append(f"voice: {voice.name}, {voice.spoken_by}{because}")
    return lines


def as_json(report: Report) -> str:
    """The same for programs: the fields of backlog.Report, without the ledger's own."""
    plain = msgspec.to_builtins(report)
    for episode in (*plain["made"], *plain["reused"]):
        for name in ("inputs", "digests", "stamps", "voices", "keys"):
            del episode[name]
    return msgspec.json.format(msgspec.json.encode(plain), indent=2).decode()


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


def added_as_text(voices: "tuple[Added, ...]") -> str:
    """The voices that were added, for people."""
    return "\n".join(line for voice in voices for line in _added_lines(voice))


def _added_lines(voice: "Added") -> list[str]:
    files = "was there" if not voice.fetched else "1 file" if voice.fetched == 1 else f"{voice.fetched} files"
    profile = "written" if voice.profile_written else "left as it is"
    lines = [f"{voice.name}  {files}, voices/{voice.name}.yaml {profile}  licence: {voice.card.licence}"]
    if voice.card.made:
        lines += [f"  {voice.card.made}: see whether that voice's licence allows what you do"]
    return lines


def _minutes(duration_ms: int) -> str:
    minutes, seconds = divmod(round(duration_ms / 1000), 60)
    return f"{minutes}:{seconds:02}"
