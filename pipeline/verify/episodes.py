"""The files of one episode: its sound against the feed, then tags, transcripts, chapters and covers."""

from collections.abc import Iterator

from ..findings import Finding
from .art import EMBEDDED, check_cover, check_picture
from .captions import check_transcripts
from .chapters import check_chapters
from .folder import Site, Unfit
from .id3 import read_tag
from .item import Item, number_of
from .rules import found
from .sound import NoLength, Sound, read_sound
from .tags import Tagged, check_tags, pictures_of, said_by

__all__ = ["check_episode"]

DURATION_OFF_MS = 1000
"""The feed has whole seconds."""


def check_episode(item: Item, site: Site, show_title: str, language: str) -> Iterator[Finding]:
    """Everything wrong with the files that an item names, and that are there."""
    path = site.path_of(item.audio.address) if item.audio else None
    sound, tagged = None, None
    if path in site.sizes:
        yield from _check_length(item, site.sizes[path], path)
        sound, tagged, faults = _read(site, path)
        yield from faults
    duration_ms = sound.duration_ms if sound else 0
    if sound and path:
        yield from _check_sound(item, sound, path)
    if tagged:
        yield from check_tags(item, tagged, duration_ms, show_title)
        yield from _check_pictures(tagged)
    script = tagged.said.of("USLT") if tagged else ""
    yield from check_transcripts(item, site, duration_ms, script, language)
    yield from check_chapters(item, site, duration_ms, tagged)
    cover = site.path_of(item.cover.address) if item.cover else None
    if cover in site.sizes:
        yield from check_cover(site, cover)


def _check_length(item: Item, size: int, path: str) -> Iterator[Finding]:
    length = item.element.attribute_of("enclosure", "length")
    if number_of(length) not in (None, size):
        yield found("EPIS101", path, f"has {size} bytes, the feed says {length}")


def _read(site: Site, path: str) -> tuple[Sound | None, Tagged | None, list[Finding]]:
    """Sound and tag as far as they can be read, and why not further."""
    try:
        sound = read_sound(site, path)
    except Unfit as fault:
        code = "EPIS103" if isinstance(fault, NoLength) else "EPIS102"
        return None, None, [found(code, path, fault.what)]
    if not sound.tag:
        return sound, None, [found("TAGS101", path, "has no ID3v2 tag")]
    try:
        tag = read_tag(sound.tag)
        tagged = Tagged(path, tag, said_by(tag), len(sound.tag))
    except Unfit as fault:
        return sound, None, [found("TAGS101", path, fault.what)]
    if tag.version != 3:
        return sound, None, [found("TAGS102", path, f"its tag is ID3v2.{tag.version}")]
    return sound, tagged, []


def _check_sound(item: Item, sound: Sound, path: str) -> Iterator[Finding]:
    if sound.ends_with:
        yield found("TAGS103", path, f"{sound.ends_with} follows the sound")
    if sound.sound_bytes != sound.said_bytes:
        what = f"has {sound.sound_bytes} bytes of sound, its first frame says {sound.said_bytes}"
        yield found("EPIS104", path, what)
    off_ms = abs((item.duration_s or 0) * 1000 - sound.duration_ms)
    if item.duration_s and off_ms > DURATION_OFF_MS:
        yield found(
            "EPIS105", path, f"has {sound.duration_ms} ms of sound, the feed says {item.duration_s} s"
        )


def _check_pictures(tagged: Tagged) -> Iterator[Finding]:
    try:
        pictures = pictures_of(tagged.tag)
    except Unfit as fault:
        yield found("TAGS101", tagged.path, fault.what)
        return
    for picture in pictures:
        yield from check_picture(picture, f"{tagged.path} (APIC)", EMBEDDED)
