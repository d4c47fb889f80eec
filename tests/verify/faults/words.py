"""Faults of transcripts and chapters."""

import re

from pipeline.verify.id3 import Frame, chapter_of

from ..sites import Workshop
from .changes import (
    Change,
    another_transcript,
    chapter,
    in_bytes,
    in_item,
    in_media,
    with_frame,
    without_frame,
)

__all__ = ["WORDS"]


def swap_cues(vtt: bytes) -> bytes:
    head, first, second, *others = vtt.split(b"\n\n")
    return b"\n\n".join([head, second, first, *others])


def undisclosed(w: Workshop) -> None:
    for suffix in (".vtt", ".srt", ".json", ".html"):
        w.change(w.find(suffix), lambda it: it.replace(b"synthetic", b"Ernis's"))
    w.retag(
        lambda frames: [
            Frame(it.name, it.body.replace(b"synthetic", b"Ernis's")) if it.name == "USLT" else it
            for it in frames
        ]
    )


def starts(chapters: bytes) -> list[bytes]:
    return re.findall(rb'"startTime": [\d.]+', chapters)


def nearer(chapters: bytes) -> bytes:
    _, second, third = starts(chapters)
    return chapters.replace(third, second + b"5")


def later(chapters: bytes) -> bytes:
    return chapters.replace(starts(chapters)[2], b'"startTime": 99.5')


def shifted(chapters: bytes) -> bytes:
    return chapters.replace(starts(chapters)[1], b'"startTime": 3.25')


def joined(frames: list[Frame]) -> list[Frame]:
    """One chapter in place of all."""
    at, *others = [at for at, frame in enumerate(frames) if frame.name == "CHAP"]
    body, end = frames[at].body, chapter_of(frames[others[-1]]).end_ms.to_bytes(4)
    whole = Frame("CHAP", body[:9] + end + body[13:])  # behind "chp0", a zero and the start
    return [*frames[:at], whole, *(frame for frame in frames[at:] if frame.name != "CHAP")]


def one_chapter(w: Workshop) -> None:
    """In the tag, in the file and in both feeds."""
    w.change(
        w.find(".chapters.json"),
        lambda _: b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Welcome"}]}',
    )
    w.retag(joined)
    with_frame("CTOC", b"toc\0\x03\x01chp0\0")(w)
    for name, times in (("feed.xml", 4), ("feed.json", 2)):
        w.files[name] = re.sub(rb"\d\d:\d\d (The paper|Goodbye)", rb"\1", w.files[name], count=times)


def without_list(w: Workshop) -> None:
    """In both feeds, as a template without them would have it."""
    for name in ("feed.xml", "feed.json"):
        w.files[name] = re.sub(rb"\d\d:\d\d (Welcome|The paper|Goodbye)", rb"\1", w.files[name])


WORDS: dict[str, tuple[str, Change]] = {
    "no WEBVTT": ("CAPT101", in_media(".vtt", "WEBVTT\n", "WEBVTT-like\n")),
    "empty WebVTT": ("CAPT101", in_bytes(".vtt", lambda _: b"WEBVTT\n")),
    "latin-1 WebVTT": ("CAPT101", in_bytes(".vtt", lambda vtt: vtt.replace(b"lock", b"l\xf6ck"))),
    "SRT times in WebVTT": ("CAPT101", in_media(".vtt", "00:00:00.200", "00:00:00,200")),
    "bare < in WebVTT": ("CAPT101", in_media(".vtt", "a &lt; b", "a < b")),
    "bare & in WebVTT": ("CAPT101", in_media(".vtt", "a &lt; b", "a & b")),
    "SRT not numbered": ("CAPT101", in_media(".srt", "2\n00:", "7\n00:")),
    "cut JSON": ("CAPT101", in_bytes(".json", lambda it: it[:-10])),
    "JSON of times in words": ("CAPT101", in_media(".json", '"startTime": 0.2', '"startTime": "0.2"')),
    "JSON of version 2": ("CAPT101", in_media(".json", "1.0.0", "2.0.0")),
    "empty HTML": ("CAPT101", in_bytes(".html", lambda _: b"<cite>Ernis:</cite>\n")),
    "backward cue": ("CAPT102", in_media(".vtt", "--> 00:00:06.027", "--> 00:00:02.000")),
    "cue of no length": ("CAPT102", in_media(".vtt", "--> 00:00:01.237", "--> 00:00:00.200")),
    "cues out of order": ("CAPT103", in_bytes(".vtt", swap_cues)),
    "overlapping cues": ("CAPT104", in_media(".vtt", "00:00:06.677", "00:00:05.000")),
    "cue beyond the end": ("CAPT105", in_media(".vtt", "--> 00:00:12.231", "--> 00:01:12.231")),
    "SRT beyond the end": ("CAPT105", in_media(".srt", "--> 00:00:12,231", "--> 00:01:12,231")),
    "other words in WebVTT": ("CAPT106", in_media(".vtt", "beside the lock", "beside the clock")),
    "other words in SRT": ("CAPT106", in_media(".srt", "lock", "clock")),
    "other words in JSON": ("CAPT106", in_media(".json", "lock", "clock")),
    "other words in HTML": ("CAPT106", in_media(".html", "lock", "clock")),
    "other times in SRT": ("CAPT106", in_media(".srt", "00:00:00,200", "00:00:00,201")),
    "WebVTT of another episode": ("CAPT106", another_transcript(".vtt")),
    "all transcripts of another episode": ("CAPT107", another_transcript(".vtt", ".srt", ".json", ".html")),
    "script of another": ("CAPT107", with_frame("USLT", b"\0eng\0Another script.")),
    "voice not disclosed": ("CAPT108", undisclosed),
    "cut chapters": ("CHAP101", in_bytes(".chapters.json", lambda it: it[:-10])),
    "chapters in a list": ("CHAP101", in_bytes(".chapters.json", lambda _: b"[]")),
    "chapter without title": ("CHAP101", in_media(".chapters.json", '"title": "Goodbye"', '"title": ""')),
    "first chapter late": ("CHAP102", in_media(".chapters.json", '"startTime": 0.0', '"startTime": 0.5')),
    "first CHAP late": ("CHAP102", chapter(0, start_ms=500)),
    "chapters too near": ("CHAP103", in_bytes(".chapters.json", nearer)),
    "CHAP with a gap": ("CHAP103", chapter(0, end_ms=1000)),
    "CHAP beyond the end": ("CHAP104", chapter(2, end_ms=99_000)),
    "chapter beyond the end": ("CHAP104", in_bytes(".chapters.json", later)),
    "one chapter": ("CHAP105", one_chapter),
    "other chapter title in JSON": ("CHAP106", in_media(".chapters.json", "Goodbye", "Farewell")),
    "other chapter time in JSON": ("CHAP106", in_bytes(".chapters.json", shifted)),
    "chapters of another episode": ("CHAP106", another_transcript(".chapters.json")),
    "other time in notes": ("CHAP107", in_item(r"(<content:encoded>.*?)00:02 The", r"\g<1>00:03 The")),
    "other title in notes": ("CHAP107", in_item(r"(<content:encoded>.*?)Goodbye", r"\1Farewell")),
    "notes without chapters": ("CHAP108", without_list),
    "no CTOC": ("TAGS106", without_frame("CTOC")),
    "CTOC of one": ("CHAP109", with_frame("CTOC", b"toc\0\x03\x01chp0\0")),
    "CTOC not ordered": ("CHAP109", with_frame("CTOC", b"toc\0\x02\x03chp0\0chp1\0chp2\0")),
}
