"""Transcripts as players read them, held against each other, the sound and the script in its tags.

    .vtt .srt .json .html  ──>  cues  ──>  findings

The readers are strict, and share no code with the writers: WebVTT as W3C has it (4.1, 4.2.2), SRT as
players agree on it, JSON and HTML as the podcast namespace has them.
"""

import html
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import msgspec

from ..findings import Finding
from .folder import Site, Unfit
from .item import Item
from .markup import read_markup
from .rules import found

__all__ = ["Cue", "check_transcripts", "read_transcript"]

LARGEST_BYTES = 8_000_000
"""Of one transcript; three hours have a hundredth of that."""
_CLOCK = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_VTT_TIMES = re.compile(rf"{_CLOCK} --> {_CLOCK}".replace("[.,]", r"\."))
_SRT_TIMES = re.compile(rf"{_CLOCK} --> {_CLOCK}".replace("[.,]", ","))
_ITEM = re.compile(r"\A\s*(?:[^\w\s]|\(?(?:\d{1,3}|[a-z])[.)])[ \t]+")
"""What an item of a list begins with in a script."""
_VOICE = re.compile(r"<v ([^<>\n]+)>(.*)", re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|lrm|rlm|nbsp);)")
_SYNTHETIC = re.compile(r"\b(synthetic|artificial|computer|machine|generated|AI)\b", re.IGNORECASE)
_VOICED = re.compile(r"\b(voice|speech|spoken|speaks?|speaking|read aloud|narrat\w+)\b", re.IGNORECASE)
SRT = "application/x-subrip"
SUFFIXES = {
    "text/vtt": ".vtt",
    SRT: ".srt",
    "application/json": ".json",
    "text/html": ".html",
}
"""Type → suffix of its files."""


class Cue(NamedTuple):
    """What is shown at a time."""

    line: int
    """Of the file; 0 where it has no meaning."""
    start_ms: int
    end_ms: int
    speaker: str
    """ "" where the form does not say it with every cue."""
    text: str


def check_transcripts(
    item: Item, site: Site, duration_ms: int, script: str, language: str
) -> Iterator[Finding]:
    """Everything wrong with an episode's transcripts.

    duration_ms: of its sound, 0 if unknown. script: what the tags say that it says, "" if unknown.
    """
    read: dict[str, tuple[str, list[Cue]]] = {}
    for named in item.transcripts:
        path = site.path_of(named.address)
        if path not in site.sizes or named.type not in SUFFIXES:
            continue  # found with the item
        try:
            cues = read_transcript(site.text(path, LARGEST_BYTES), named.type)
        except Unfit as fault:
            yield found("CAPT101", fault.at(path), fault.what)
            continue
        yield from _check_times(cues, path, duration_ms)
        read[named.type] = path, cues
    yield from _compare(read)
    yield from _check_words(read, script, language)


def read_transcript(text: str, media_type: str) -> list[Cue]:
    """The cues of a transcript; those of HTML have no end. Raises Unfit."""
    cues = _READERS[media_type](text)
    if not cues:
        raise Unfit("has no cue")
    return cues


def _check_times(cues: list[Cue], path: str, duration_ms: int) -> Iterator[Finding]:
    for cue in cues:
        where, at_s = f"{path}:{cue.line}" if cue.line else path, cue.start_ms / 1000
        if cue.end_ms <= cue.start_ms:
            yield found("CAPT102", where, f"a cue is from {cue.start_ms} to {cue.end_ms} ms", at_s)
        elif duration_ms and cue.end_ms > duration_ms:
            what = f"a cue ends at {cue.end_ms} ms, the sound at {duration_ms} ms"
            yield found("CAPT105", where, what, at_s)
    for before, after in pairwise(cues):
        where, at_s = f"{path}:{after.line}" if after.line else path, after.start_ms / 1000
        if after.start_ms < before.start_ms:
            what = f"a cue from {after.start_ms} ms follows one from {before.start_ms} ms"
            yield found("CAPT103", where, what, at_s)
        elif after.start_ms < before.end_ms:
            what = f"a cue begins at {after.start_ms} ms, before the last ends at {before.end_ms} ms"
            yield found("CAPT104", where, what, at_s)


def _compare(read: dict[str, tuple[str, list[Cue]]]) -> Iterator[Finding]:
    """Each form against the first."""
    (first_path, first), *others = read.values() or [("", [])]
    for path, cues in others:
        if path.endswith(".html"):
            continue  # has no times of its own
        different = next((pair for pair in zip(first, cues, strict=False) if not _same(*pair)), None)
        if different is None and len(first) != len(cues):
            yield found("CAPT106", path, f"has {len(cues)} cues, {first_path} has {len(first)}")
        elif different:
            one, other = different
            where = f"{path}:{other.line}" if other.line else path
            what = f"the cue at {other.start_ms} ms is not as in {first_path}:{one.line}"
            yield found("CAPT106", where, what, other.start_ms / 1000)


def _same(one: Cue, other: Cue) -> bool:
    """Whether two cues say the same at the same time; a form may put the speaker into the text."""
    texts = [{_flat(cue.text), _flat(f"{one.speaker or other.speaker}: {cue.text}")} for cue in (one, other)]
    return one[1:3] == other[1:3] and not texts[0].isdisjoint(texts[1])


def _check_words(read: dict[str, tuple[str, list[Cue]]], script: str, language: str) -> Iterator[Finding]:
    """Against each other without times, against the script, and for what they should say."""
    (path, cues), *others = [it for kind, it in read.items() if kind != SRT] or [
        ("", [])
    ]  # has names between
    said = _whole(cues)
    for other, its_cues in others:
        if other.endswith(".html") and _words(_whole(its_cues)) != _words(said):
            yield found("CAPT106", other, f"has other words than {path}")
    if not cues:
        return
    if script and not _says(_words(said), script, {cue.speaker for cue in cues}):
        yield found("CAPT107", path, "its words are not those of the script in the MP3's tags")
    sentences = re.split(r"(?<=[.!?…])\s", said)
    told = any(_SYNTHETIC.search(sentence) and _VOICED.search(sentence) for sentence in sentences)
    if language.partition("-")[0] == "en" and not told:
        yield found("CAPT108", path, "no sentence says that the voice is synthetic")


def _says(said: list[str], script: str, speakers: set[str]) -> bool:
    """Whether words are those of a script, line by line, perhaps without marks of lists and speakers."""
    at = 0
    for line in script.splitlines():
        bare = _ITEM.sub("", line, count=1)
        name, _, told = bare.partition(":")
        forms = [_words(form) for form in (line, bare, told if name in speakers else line)]
        fitting = next((words for words in forms if said[at : at + len(words)] == words), None)
        if fitting is None:
            return False
        at += len(fitting)
    return at == len(said)


def _whole(cues: list[Cue]) -> str:
    return " ".join(cue.text for cue in cues)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _read_vtt(text: str) -> list[Cue]:
    (_, head), *blocks = _blocks(text) or [(0, [""])]
    if len(head) != 1 or not re.fullmatch(r"WEBVTT([ \t].*)?", head[0]):
        raise Unfit("does not begin with WEBVTT and an empty line", 1)
    return [_vtt_cue(line, lines) for line, lines in blocks if not lines[0].startswith("NOTE")]


def _vtt_cue(line: int, lines: list[str]) -> Cue:
    if "-->" not in lines[0]:
        line, lines = line + 1, lines[1:]
    times = _VTT_TIMES.fullmatch(lines[0]) if lines else None
    body = "\n".join(lines[1:])
    voice = _VOICE.fullmatch(body)
    speaker, text = voice.groups() if voice else ("", body)
    if not times or not text.strip():
        raise Unfit("is no cue of WebVTT", line)
    if "<" in text or "-->" in text or _ENTITY.search(speaker + text):
        raise Unfit("a cue holds < or & as they are", line)
    return Cue(line, *_times(times), html.unescape(speaker), html.unescape(text))


def _read_srt(text: str) -> list[Cue]:
    return [_srt_cue(number, *block) for number, block in enumerate(_blocks(text), 1)]


def _srt_cue(number: int, line: int, lines: list[str]) -> Cue:
    times = _SRT_TIMES.fullmatch(lines[1]) if len(lines) > 2 else None
    if not times or lines[0] != str(number):
        raise Unfit(f"is not caption {number} of SRT", line)
    return Cue(line + 1, *_times(times), "", "\n".join(lines[2:]))


def _blocks(text: str) -> list[tuple[int, list[str]]]:
    """Line and lines of what stands between empty lines."""
    blocks: list[tuple[int, list[str]]] = []
    block: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line:
            block.append(line)
        elif block:
            blocks.append((number - len(block), block))
            block = []
    return blocks


def _times(found_times: re.Match[str]) -> tuple[int, int]:
    parts = [int(part or 0) for part in found_times.groups()]
    start, end = (((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (parts[:4], parts[4:]))
    return start, end


class _Segment(msgspec.Struct):
    startTime: float  # noqa: N815 - as the podcast namespace has it
    endTime: float  # noqa: N815
    body: str
    speaker: str = ""


class _Segments(msgspec.Struct):
    version: str
    segments: list[_Segment]


def _read_json(text: str) -> list[Cue]:
    try:
        read = msgspec.json.decode(text, type=_Segments)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Unfit(f"is no transcript JSON: {error}") from error
    if read.version != "1.0.0":
        raise Unfit(f"is of version {read.version[:20]!r}")
    return [Cue(0, _ms(it.startTime), _ms(it.endTime), it.speaker, it.body) for it in read.segments]


def _ms(seconds: float) -> int:
    return round(min(max(seconds, 0), 1e7) * 1000)


def _read_html(text: str) -> list[Cue]:
    """cite, time and p for each passage; time and end of one are only known to the second, and left out."""
    return [Cue(line, line, line + 1, "", " ".join(lines)) for line, lines in read_markup(text).paragraphs]


_READERS: dict[str, Callable[[str], list[Cue]]] = {
    "text/vtt": _read_vtt,
    SRT: _read_srt,
    "application/json": _read_json,
    "text/html": _read_html,
}
