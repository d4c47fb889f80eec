"""Chapters: those in the MP3, in the file that the feed names, and in the notes are one list."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import msgspec

from ..findings import Finding
from .folder import Site, Unfit
from .id3 import Chapter, chapter_of, contents_of
from .item import Item
from .markup import read_markup
from .rules import found
from .tags import Tagged

__all__ = ["check_chapters"]

LARGEST_BYTES = 1_000_000
FEWEST = 3
"""Apple and Spotify show no fewer."""
SHORTEST_MS = 1000
_STAMP = re.compile(r"\(?(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)\)?[ \u2013-]+(\S.*)")


class Mark(NamedTuple):
    """Where a chapter begins."""

    start_ms: int
    title: str


class _Chapter(msgspec.Struct):
    startTime: float  # noqa: N815 - as the podcast namespace has it
    title: str
    endTime: float | None = None  # noqa: N815


class _Chapters(msgspec.Struct):
    version: str
    chapters: list[_Chapter]


def check_chapters(item: Item, site: Site, duration_ms: int, tagged: Tagged | None) -> Iterator[Finding]:
    """Everything wrong with an episode's chapters. duration_ms: of its sound, 0 if unknown."""
    in_tag, in_file = None, None
    if tagged:
        in_tag, faults = _of_tag(tagged, duration_ms)
        yield from faults
    path = site.path_of(item.chapters.address) if item.chapters else None
    if path in site.sizes:
        try:
            in_file = read_chapters(site.text(path, LARGEST_BYTES))
        except Unfit as fault:
            yield found("CHAP101", fault.at(path), fault.what)
        else:
            yield from _check_marks(in_file, path, duration_ms)
    if path and tagged and in_tag is not None and in_file is not None and in_tag != in_file:
        yield found("CHAP106", path, f"{_differ(in_tag, in_file)}, unlike {tagged.path}")
    marks = in_tag if in_tag is not None else in_file
    if marks:
        yield from _check_notes(marks, item)


def read_chapters(text: str) -> list[Mark]:
    """The chapters of a file. Raises Unfit."""
    try:
        read = msgspec.json.decode(text, type=_Chapters)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Unfit(f"is no chapters JSON: {error}") from error
    if not re.fullmatch(r"1\.[0-9]\.[0-9]", read.version):
        raise Unfit(f"is of version {read.version[:20]!r}")
    return [Mark(round(min(max(it.startTime, -1), 1e7) * 1000), _flat(it.title)) for it in read.chapters]


def _of_tag(tagged: Tagged, duration_ms: int) -> tuple[list[Mark] | None, list[Finding]]:
    """The chapters in the order of time, None if they cannot be read, and what is wrong with them."""
    audio, frames = tagged.path, tagged.tag.frames
    try:
        chapters = [chapter_of(frame) for frame in frames if frame.name == "CHAP"]
        contents = [contents_of(frame) for frame in frames if frame.name == "CTOC"]
    except Unfit as fault:
        return None, [found("CHAP101", audio, fault.what)]
    faults: list[Finding] = []
    ordered = sorted(chapters, key=lambda chapter: chapter.start_ms)
    if ordered != chapters:
        faults.append(found("TAGS108", audio, "its CHAP frames are not in the order of time"))
    names = tuple(chapter.name for chapter in ordered)
    tables = [table.names for table in contents if table.is_top and table.is_ordered]
    if tables != ([names] if names else []):
        faults.append(found("CHAP109", audio, "its CTOC does not name each CHAP, in order"))
    marks = [Mark(chapter.start_ms, _flat(chapter.title)) for chapter in ordered]
    faults += _check_marks(marks, audio, duration_ms)
    faults += _check_ends(ordered, audio, duration_ms)
    return marks, faults


def _check_ends(chapters: list[Chapter], audio: str, duration_ms: int) -> Iterator[Finding]:
    """A chapter ends where the next begins, the last with the sound."""
    starts = [chapter.start_ms for chapter in chapters[1:]] + [duration_ms or None]
    for chapter, start_ms in zip(chapters, starts, strict=False):
        if start_ms is not None and chapter.end_ms != start_ms:
            what = f"a chapter ends at {chapter.end_ms} ms, not at {start_ms} ms"
            yield found(
                "CHAP104" if chapter.end_ms > start_ms else "CHAP103", audio, what, chapter.start_ms / 1000
            )


def _check_marks(marks: list[Mark], path: str, duration_ms: int) -> Iterator[Finding]:
    if len(marks) < FEWEST:
        yield found("CHAP105", path, f"has {len(marks)} chapters")
    if marks and marks[0].start_ms != 0:
        yield found("CHAP102", path, f"the first chapter begins at {marks[0].start_ms} ms")
    for before, after in pairwise(marks):
        if after.start_ms - before.start_ms < SHORTEST_MS:
            what = f"a chapter at {after.start_ms} ms follows one at {before.start_ms} ms"
            yield found("CHAP103", path, what, after.start_ms / 1000)
    for mark in marks:
        if duration_ms and mark.start_ms >= duration_ms:
            what = f"a chapter begins at {mark.start_ms} ms, the sound ends at {duration_ms} ms"
            yield found("CHAP104", path, what, mark.start_ms / 1000)
        if not mark.title:
            yield found(
                "CHAP101", path, f"the chapter at {mark.start_ms} ms has no title", mark.start_ms / 1000
            )


def _check_notes(marks: list[Mark], item: Item) -> Iterator[Finding]:
    """Times in notes are whole seconds."""
    wanted = [(mark.start_ms // 1000, mark.title) for mark in marks]
    stamps = list(_stamps(item.notes))
    if any(stamps[at : at + len(wanted)] == wanted for at in range(len(stamps) - len(wanted) + 1)):
        return
    if not {time for time, _ in wanted[1:]} & {time for time, _ in stamps} and not _titles(wanted, stamps):
        yield found("CHAP108", item.where, "its notes do not list the chapters")
    else:
        yield found("CHAP107", item.where, "its notes list other chapters than the MP3")


def _titles(wanted: list[tuple[int, str]], stamps: list[tuple[int, str]]) -> bool:
    return bool({title for _, title in wanted} & {title for _, title in stamps})


def _stamps(notes: str) -> Iterator[tuple[int, str]]:
    """Seconds and title of each line that begins with a time."""
    for line in read_markup(notes).lines:
        if stamp := _STAMP.fullmatch(line):
            hours, minutes, seconds, title = stamp.groups()
            yield int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds), title


def _differ(one: list[Mark], other: list[Mark]) -> str:
    """In what two lists differ."""
    if len(one) != len(other):
        return f"has {len(other)} chapters, not {len(one)}"
    at = next(at for at, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1])
    return f"chapter {at + 1} is {other[at].title[:60]!r} at {other[at].start_ms} ms"


def _flat(text: str) -> str:
    return " ".join(text.split())
