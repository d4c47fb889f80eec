"""The tags in an MP3: what they must have, and that they say what the feed says.

Sources: ID3v2.3.0; its Chapter Frame Addendum; what common players were seen to do with either.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from ..findings import Finding
from .id3 import Tag, Text, picture_of
from .item import Item
from .rules import found

__all__ = ["Said", "Tagged", "check_tags", "pictures_of", "said_by"]

LARGEST_BYTES = 300_000
LENGTH_OFF_MS = 1000
NEEDED = (
    *("TIT2", "TPE1", "TPE2", "TALB", "TCON", "TYER", "TDAT", "TRCK", "TLEN", "TLAN", "TGID"),
    *("COMM", "USLT", "CTOC", "CHAP", "APIC"),
)
"""What no episode goes without."""
_MANY = {"CHAP", "APIC"}
"""What may be there more than once by its nature; the others by their description."""
_SHEER_BYTES = {"CHAP", "CTOC", "APIC", "PCST"}
_DISCLOSURE = re.compile(r"\b(AI voice|synthetic|artificial)", re.IGNORECASE)
_CREDIT = "Credit to Paper authors: "
_DRAFT = ("DRAFT: ", "Draft, not for publication.")
"""What a draft's title and comment begin with."""


class Said(NamedTuple):
    """What the text frames of a tag say."""

    texts: dict[str, str]
    """Frame, and behind a colon its description if it has one → text of the last so called."""
    twins: tuple[str, ...]
    """What is there twice."""

    def of(self, name: str) -> str:
        """A frame's text, "" if it is not there."""
        return self.texts.get(name, "")


class Tagged(NamedTuple):
    """The tag of an MP3."""

    path: str
    """Of the MP3."""
    tag: Tag
    said: Said
    size_bytes: int
    """Of the whole tag."""


def said_by(tag: Tag) -> Said:
    """The texts of a tag. Raises Unfit."""
    names: list[str] = []
    texts: dict[str, str] = {}
    for frame in tag.frames:
        name = frame.name
        if name not in _SHEER_BYTES:
            description, text = Text.of(frame)
            name += f":{description}" if description else ""
            texts[name] = text
        names.append(name)
    twins = tuple(name for name, times in Counter(names).items() if times > 1 and name not in _MANY)
    return Said(texts, twins)


def check_tags(item: Item, tagged: Tagged, duration_ms: int, show_title: str) -> Iterator[Finding]:
    """Everything wrong with the tags of an episode. duration_ms: of its sound."""
    path, said = tagged.path, tagged.said
    if tagged.tag.padding_bytes:
        yield found("TAGS104", path, f"has {tagged.tag.padding_bytes} bytes of padding")
    if tagged.size_bytes > LARGEST_BYTES:
        yield found("TAGS105", path, f"its tag has {tagged.size_bytes:,} bytes")
    there = {frame.name for frame in tagged.tag.frames}
    for name in NEEDED:
        if name not in there or (name in said.texts and not said.of(name).strip()):
            yield found("TAGS106", path, f"has no {name}")
    for name in said.twins:
        yield found("TAGS107", path, f"has {name} twice")
    yield from _check_disclosure(said, path)
    yield from _check_numbers(item, said, path)
    yield from _check_facts(item, said, path, show_title)
    yield from _check_length(said, path, duration_ms)


def pictures_of(tag: Tag) -> list[bytes]:
    """The front covers of a tag. Raises Unfit."""
    return [picture for kind, picture in (picture_of(f) for f in tag.frames if f.name == "APIC") if kind == 3]


def _check_disclosure(said: Said, path: str) -> Iterator[Finding]:
    comment = said.of("COMM")
    if comment and not _DISCLOSURE.search(comment):
        yield found("TAGS112", path, "COMM does not say that the voice is synthetic")
    if said.of("TXXX:AI_CONTENT") != "true":
        yield found("TAGS112", path, "has no TXXX AI_CONTENT that is true")
    if comment and _CREDIT not in comment:
        yield found("TAGS113", path, f'COMM has no "{_CREDIT}…"')
    if said.of("TIT2").startswith(_DRAFT) or comment.startswith(_DRAFT):
        yield found("TAGS116", path, "its tags say that it is a draft")


def _check_numbers(item: Item, said: Said, path: str) -> Iterator[Finding]:
    guid = said.of("TGID")
    if guid and guid != item.guid:
        yield found("TAGS109", path, f"TGID is {guid[:80]!r}, the feed's guid {item.guid[:80]!r}")
    for name, number, what in (("TRCK", item.number, "episode"), ("TPOS", item.season, "season")):
        written = said.of(name)
        if written != (str(number) if number else "") and (written or name == "TPOS"):
            yield found("TAGS110", path, f"{name} is {written[:20]!r}, the feed's {what} {number or 'none'}")


def _check_facts(item: Item, said: Said, path: str, show_title: str) -> Iterator[Finding]:
    for name, expected in (("TIT2", item.title), ("TALB", show_title), ("TPE2", show_title)):
        text = said.of(name)
        if text and _flat(text) != _flat(expected) and not text.startswith(_DRAFT):
            yield found("TAGS111", path, f"{name} is {text[:80]!r}, the feed says {expected[:80]!r}")
    day = said.of("TYER") + said.of("TDAT")
    if item.published and day and day != f"{item.published:%Y%d%m}":
        yield found("TAGS115", path, f"TYER and TDAT are {day[:8]}, the feed says {item.published:%Y-%m-%d}")


def _check_length(said: Said, path: str, duration_ms: int) -> Iterator[Finding]:
    text = said.of("TLEN")
    length_ms = int(text) if re.fullmatch(r"[0-9]{1,10}", text) else -LENGTH_OFF_MS - 1
    if text and duration_ms and abs(length_ms - duration_ms) > LENGTH_OFF_MS:
        yield found("TAGS114", path, f"TLEN is {text[:12]!r}, the sound has {duration_ms} ms")


def _flat(text: str) -> str:
    return " ".join(text.split())
