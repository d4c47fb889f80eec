"""A transcript in the forms that players read: WebVTT, SRT, JSON, HTML, plain text, and its chapters.

Each is written from what the show itself said, so that text and times are exact; none is ever read
back. Who speaks is said where it changes: in WebVTT with every cue, as its readers keep no state.
"""

import json
import textwrap
from collections.abc import Iterator
from html import escape
from itertools import groupby

from .transcript import Passage, Transcript

__all__ = ["as_chapters", "as_html", "as_json", "as_srt", "as_text", "as_vtt", "chapter_list", "clock"]

SRT_CHARACTERS = 32
"""Of one line of a caption in SRT, which has two."""
JSON_SECONDS = 3
"""Decimals of a time in JSON: milliseconds."""


def as_vtt(transcript: Transcript) -> str:
    """WebVTT (W3C), with voices; Podcasting 2.0 has it as text/vtt."""
    cues = (
        f"{_vtt_time(cue.start_ms)} --> {_vtt_time(cue.end_ms)}\n"
        f"<v {_vtt_text(passage.speaker)}>{_vtt_text(cue.text)}\n"
        for passage in transcript.passages
        for cue in passage.cues
    )
    return "\n".join(["WEBVTT\n", *cues])


def as_srt(transcript: Transcript) -> str:
    """SubRip, at most two lines a caption; a name where the speaker changes."""
    pieces: list[str] = []
    speaker = ""
    for passage in transcript.passages:
        for cue in passage.cues:
            text = cue.text if passage.speaker == speaker else f"{passage.speaker}: {cue.text}"
            speaker = passage.speaker
            times = f"{_srt_time(cue.start_ms)} --> {_srt_time(cue.end_ms)}"
            pieces.append(f"{len(pieces) + 1}\n{times}\n{_two_lines(text)}\n")
    return "\n".join(pieces)


def as_json(transcript: Transcript) -> str:
    """The transcript JSON of Podcasting 2.0, version 1.0.0; times in seconds."""
    segments = [
        {
            "speaker": passage.speaker,
            "startTime": _seconds(cue.start_ms),
            "endTime": _seconds(cue.end_ms),
            "body": cue.text,
        }
        for passage in transcript.passages
        for cue in passage.cues
    ]
    return _dumped({"version": "1.0.0", "segments": segments})


def as_html(transcript: Transcript) -> str:
    """The transcript HTML of Podcasting 2.0: cite, time and p, one for each passage."""
    return (
        "\n".join(
            f"<cite>{escape(passage.speaker)}:</cite>\n"
            f"<time>{clock(passage.cues[0].start_ms)}</time>\n"
            f"<p>{escape(passage.text)}</p>"
            for passage in transcript.passages
        )
        + "\n"
    )


def as_text(transcript: Transcript) -> str:
    """Paragraphs; who speaks before each of several speakers' turns."""
    several = len({passage.speaker for passage in transcript.passages}) > 1
    return "\n\n".join(_turns(transcript.passages, named=several)) + "\n"


def as_chapters(transcript: Transcript) -> str:
    """The chapters JSON of Podcasting 2.0, version 1.2.0; times in seconds."""
    chapters = [
        {"startTime": _seconds(chapter.start_ms), "endTime": _seconds(chapter.end_ms), "title": chapter.title}
        for chapter in transcript.chapters
    ]
    return _dumped({"version": "1.2.0", "chapters": chapters})


def chapter_list(transcript: Transcript) -> list[tuple[str, str]]:
    """Time and title of each chapter, as directories read them in show notes: from 00:00, whole seconds."""
    hours = transcript.duration_ms >= 3_600_000
    return [(clock(chapter.start_ms, hours=hours), chapter.title) for chapter in transcript.chapters]


def clock(time_ms: int, *, hours: bool = False) -> str:
    """A time for people, such as 03:07 or 1:03:07."""
    minutes, seconds = divmod(time_ms // 1000, 60)
    if minutes >= 60 or hours:
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return f"{minutes:02}:{seconds:02}"


def _turns(passages: tuple[Passage, ...], *, named: bool) -> Iterator[str]:
    for speaker, turn in groupby(passages, key=lambda passage: passage.speaker):
        for number, passage in enumerate(turn):
            name = f"{speaker}:" if named and number == 0 else ""
            name += ("\n" if passage.code else " ") if name else ""
            yield f"{name}{_mark(passage, is_named=name != '')}{passage.code or passage.text}"


def _mark(passage: Passage, *, is_named: bool) -> str:
    """What a paragraph of plain text begins with; behind a name, no more than the number of an item."""
    if passage.mark not in ("", "-"):
        return f"{'  ' * passage.level}{passage.mark} "
    if is_named:
        return ""
    return {"bullet": f"{'  ' * passage.level}- ", "quote": "> "}.get(passage.kind, "")


def _two_lines(text: str) -> str:
    """Text on two lines at most, as even as its blanks allow."""
    if len(text) <= SRT_CHARACTERS:
        return text
    lines = textwrap.wrap(
        text, max(SRT_CHARACTERS, len(text) // 2 + 1), break_long_words=False, break_on_hyphens=False
    )
    return "\n".join([lines[0], " ".join(lines[1:])]).strip()


def _vtt_text(text: str) -> str:
    """Clause 4.2.2 of WebVTT: what begins a tag or an entity is written as an entity."""
    return escape(text, quote=False)


def _vtt_time(time_ms: int) -> str:
    return f"{_hms(time_ms)}.{time_ms % 1000:03}"


def _srt_time(time_ms: int) -> str:
    return f"{_hms(time_ms)},{time_ms % 1000:03}"


def _hms(time_ms: int) -> str:
    minutes, seconds = divmod(time_ms // 1000, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def _seconds(time_ms: int) -> float:
    return round(time_ms / 1000, JSON_SECONDS)


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
