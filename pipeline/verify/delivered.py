"""One finished MP3 and what lies beside it, against the plan of its episode: bytes, tags, chapters, captions.

What is heard in it is for soundcheck; here is the rest of its bytes. The file may have been encoded again by
a host, so nothing is taken on trust, and its digest is one finding among others.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

from msgspec.structs import replace

from ..findings import Finding
from ..soundcheck import Examination, Planned
from ..transcript import Chapter
from .captions import SUFFIXES as CAPTIONS
from .captions import read_transcript
from .folder import Unfit
from .frames import Walk, walk
from .id3 import chapter_of, read_tag
from .rules import found
from .tags import pictures_of, said_by

__all__ = ["check_beside", "check_delivered", "of_faults"]

LARGEST_BYTES = 2_000_000_000
MOST_GAPS = 20
CHAPTER_OFF_MS = 30
"""Players seek to a frame, which has 26 ms."""
_BESIDE = (".vtt", ".srt")
_MARKED = {"COMM", "TXXX", "USLT", "WXXX", "UFID"}
"""Frames that are told apart by their description."""


def of_faults(examination: Examination, where: str) -> Iterator[Finding]:
    """What was heard, as findings."""
    for fault in examination.faults:
        yield found(fault.code, where, fault.what, fault.at_ms / 1000)


def check_delivered(path: Path, plan: Planned, where: str, *, digests: bool) -> Iterator[Finding]:
    """Everything wrong with the bytes of an MP3 that are not heard.

    digests: whether those count; of a file that a host encoded again, what became of its tags is a warning.
    Raises Unfit if there is no MP3 in it.
    """
    if path.stat().st_size > LARGEST_BYTES:
        raise Unfit(f"is larger than {LARGEST_BYTES:,} bytes")
    raw = path.read_bytes()
    met = walk(raw)
    tags = [*_check_tag(met.tag, plan, where)]
    if not digests:
        tags = [replace(finding, severity="warning") for finding in tags]
    findings = [*_check_frames(met, plan, where), *tags]
    if digests and hashlib.sha256(raw).hexdigest() != plan.sha256:
        yield found("SOUN401", where, "its SHA-256 is not that of the file that was made")
        if hashlib.sha256(raw[met.start : met.end]).hexdigest() == plan.sound.sha256 and not findings:
            yield found("SOUN402", where, "its sound and all that its tags say are as they were made")
    yield from findings


def _check_frames(met: Walk, plan: Planned, where: str) -> Iterator[Finding]:
    for gap in met.gaps[:MOST_GAPS]:
        what = f"{gap.size_bytes} bytes that are no sound, at byte {gap.at_byte}"
        yield found("SOUN403", where, what, gap.at_ms / 1000)
    end_s = met.duration_ms / 1000
    if met.said_frames is None:
        yield found("SOUN405", where, "its first frame does not say how many follow", 0.0)
    elif met.said_frames != met.frames:
        what = f"has {met.frames} whole frames, its first one says {met.said_frames}"
        yield found("SOUN404", where, what, end_s)
    elif met.is_cut:
        yield found("SOUN404", where, "its last frame is cut", end_s)
    for at_ms in met.changes_ms[:MOST_GAPS]:
        yield found("SOUN406", where, "its frames are of another kind from there", at_ms / 1000)
    wanted = frozenset() if plan.bitrate_kbps is None else {plan.bitrate_kbps}
    if wanted and met.kbps != wanted:
        rates = ", ".join(map(str, sorted(met.kbps)[:4]))
        yield found("SOUN407", where, f"has {rates} kbit/s, planned were {plan.bitrate_kbps}")


def _check_tag(raw: bytes, plan: Planned, where: str) -> Iterator[Finding]:
    if not raw:
        yield found("TAGS101", where, "has no ID3v2 tag")
        return
    try:
        tag = read_tag(raw)
        if tag.version != 3:
            yield found("TAGS102", where, f"its tag is ID3v2.{tag.version}")
            return
        chapters = [chapter_of(frame) for frame in tag.frames if frame.name == "CHAP"]
        texts, pictures = said_by(tag).texts, pictures_of(tag)
    except Unfit as fault:
        yield found("TAGS101", where, fault.what)
        return
    yield from _check_texts(texts, plan, where)
    marks = [Chapter(title=it.title, start_ms=it.start_ms, end_ms=it.end_ms) for it in chapters]
    yield from _check_chapters(marks, plan.tagging.chapters, where)
    if [hashlib.sha256(picture).hexdigest() for picture in pictures] != [plan.tagging.cover.sha256]:
        yield found("ART108", where, "its picture is not the one that it was made with")


def _check_texts(texts: Mapping[str, str], plan: Planned, where: str) -> Iterator[Finding]:
    for tag in plan.tagging.tags:
        name = f"{tag.frame}:{tag.description}" if tag.frame in _MARKED and tag.description else tag.frame
        if name in texts and " ".join(texts[name].split()) != " ".join(tag.text.split()):
            yield found("TAGS117", where, f"{name} is {texts[name][:80]!r}, not {tag.text[:80]!r}")
        elif name not in texts and tag.frame != "PCST":
            yield found("TAGS117", where, f"has no {name}")


def _check_chapters(marks: list[Chapter], planned: Iterable[Chapter], where: str) -> Iterator[Finding]:
    for number, (mark, chapter) in enumerate(zip_longest(marks, planned), 1):
        if mark is None:
            yield found(
                "CHAP110", where, f"has no chapter {number}, {chapter.title[:60]!r}", chapter.start_ms / 1000
            )
        elif chapter is None:
            yield found(
                "CHAP110", where, f"has one chapter too many, {mark.title[:60]!r}", mark.start_ms / 1000
            )
        elif abs(mark.start_ms - chapter.start_ms) > CHAPTER_OFF_MS:
            what = f"chapter {number} begins at {mark.start_ms} ms, its first sentence at {chapter.start_ms}"
            yield found("CHAP110", where, what, mark.start_ms / 1000)
        elif mark.title != chapter.title:
            what = f"chapter {number} is {mark.title[:60]!r}, not {chapter.title[:60]!r}"
            yield found("CHAP110", where, what, mark.start_ms / 1000)


def check_beside(mp3: Path, plan: Planned, where: str) -> Iterator[Finding]:
    """The captions beside an MP3, cue by cue. Files that are not there are nobody's fault."""
    for media_type, suffix in CAPTIONS.items():
        path = mp3.with_suffix(suffix)
        if suffix in _BESIDE and path.is_file():
            yield from _check_captions(path, media_type, plan, f"{where.removesuffix('.mp3')}{suffix}")


def _check_captions(path: Path, media_type: str, plan: Planned, where: str) -> Iterator[Finding]:
    try:
        cues = read_transcript(path.read_text(encoding="utf-8-sig"), media_type)
    except Unfit as fault:
        yield found("CAPT101", fault.at(where), fault.what)
        return
    except (OSError, UnicodeDecodeError):
        yield found("CAPT101", where, "cannot be read as UTF-8")
        return
    duration_ms = plan.transcript.duration_ms
    for cue in cues:
        if cue.end_ms > duration_ms:
            what = f"a cue ends at {cue.end_ms} ms, the sound at {duration_ms} ms"
            yield found("CAPT105", f"{where}:{cue.line}", what, cue.start_ms / 1000)
    for cue, planned in zip_longest(cues, plan.transcript.cues):
        if cue is None or planned is None:
            yield found("CAPT109", where, f"has {len(cues)} cues, not {len(plan.transcript.cues)}")
            return
        if (cue.start_ms, cue.end_ms) != (planned.start_ms, planned.end_ms):
            said = f"said from {planned.start_ms} to {planned.end_ms}"
            what = f"a cue is from {cue.start_ms} to {cue.end_ms} ms, {said}"
            yield found("CAPT109", f"{where}:{cue.line}", what, cue.start_ms / 1000)
            return
        if not _flat(cue.text).endswith(_flat(planned.text)):
            what = f"a cue is {cue.text[:60]!r}, said is {planned.text[:60]!r}"
            yield found("CAPT109", f"{where}:{cue.line}", what, cue.start_ms / 1000)
            return


def _flat(text: str) -> str:
    """Without blanks; a speaker may stand before it."""
    return "".join(text.split())
