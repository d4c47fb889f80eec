"""Ways to change a good site in one place."""

import re
import struct
import zlib
from collections.abc import Callable

from msgspec.structs import replace

from pipeline.verify.id3 import Frame

from ..sites import Workshop

Change = Callable[[Workshop], object]
Frames = list[Frame]

SELF = '<atom:link rel="self" href="https://podcast.example.org/show/feed.xml" type="application/rss+xml" />'
AI = '<podcast:txt purpose="ai-content">true</podcast:txt>'
ENCLOSURE = r"<enclosure [^>]*/>"


def in_feed(old: str, new: str) -> Change:
    """In the channel, or wherever it stands first."""
    return lambda w: w.edit("feed.xml", old, new)


def in_item(pattern: str, new: str) -> Change:
    """In the latest item."""
    return lambda w: w.edit_item(pattern, new)


def drop(path: str) -> Change:
    return lambda w: w.files.pop(path)


def in_media(suffix: str, old: str, new: str) -> Change:
    """In a file of the latest episode, which is then named after its new content."""

    def change(w: Workshop) -> None:
        text = w.files[w.find(suffix)].decode()
        assert old in text
        w.change(w.find(suffix), lambda _: text.replace(old, new, 1).encode())

    return change


def in_bytes(suffix: str, change: Callable[[bytes], bytes]) -> Change:
    return lambda w: w.change(w.find(suffix), change)


def in_tag(change: Callable[[Frames], Frames]) -> Change:
    return lambda w: w.retag(change)


def without_frame(name: str) -> Change:
    return in_tag(lambda frames: [frame for frame in frames if frame.name != name])


def with_frame(name: str, body: bytes) -> Change:
    """A frame with another body; the first of its name."""

    def change(frames: Frames) -> Frames:
        at = next(at for at, frame in enumerate(frames) if frame.name == name)
        return [*frames[:at], Frame(name, body), *frames[at + 1 :]]

    return in_tag(change)


def with_text(name: str, text: str) -> Change:
    return with_frame(name, b"\x00" + text.encode("latin-1"))


def with_comment(old: str, new: str) -> Change:
    """In COMM, which is in UTF-16."""

    def change(frames: Frames) -> Frames:
        old_bytes, new_bytes = old.encode("utf-16-le"), new.encode("utf-16-le")
        assert any(old_bytes in frame.body for frame in frames if frame.name == "COMM")
        return [
            Frame("COMM", frame.body.replace(old_bytes, new_bytes)) if frame.name == "COMM" else frame
            for frame in frames
        ]

    return in_tag(change)


def chapter(number: int, start_ms: int | None = None, end_ms: int | None = None) -> Change:
    """Another begin or end of a CHAP frame."""

    def change(frames: Frames) -> Frames:
        at = [at for at, frame in enumerate(frames) if frame.name == "CHAP"][number]
        name, _, rest = frames[at].body.partition(b"\0")
        start, end = struct.unpack_from(">II", rest)
        times = struct.pack(">II", start if start_ms is None else start_ms, end if end_ms is None else end_ms)
        return [*frames[:at], Frame("CHAP", name + b"\0" + times + rest[8:]), *frames[at + 1 :]]

    return in_tag(change)


def swap_chapters(frames: Frames) -> Frames:
    first, second, *_ = [at for at, frame in enumerate(frames) if frame.name == "CHAP"]
    frames[first], frames[second] = frames[second], frames[first]
    return frames


def with_picture(change: Callable[[bytes], bytes]) -> Change:
    """Another cover in the tag."""

    def changed(frames: Frames) -> Frames:
        head, mark, jpeg = frames[-1].body.partition(b"\xff\xd8")
        return [*frames[:-1], Frame("APIC", head + change(mark + jpeg))]

    return in_tag(changed)


def sized(width: int, height: int, components: int = 3, bits: int = 8) -> Callable[[bytes], bytes]:
    """A JPEG whose header says so."""

    def change(jpeg: bytes) -> bytes:
        at = re.search(rb"\xff[\xc0\xc2]\x00\x11\x08", jpeg)
        assert at
        header = struct.pack(">BHHB", bits, height, width, components)
        return jpeg[: at.start() + 4] + header + jpeg[at.start() + 10 :]

    return change


def png(colour: int) -> bytes:
    """A PNG of 1400 x 1400; colour 2 is RGB, 6 has alpha."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", 1400, 1400, 8, colour, 0, 0, 0)
    rows = zlib.compress(bytes((1 + 1400 * (4 if colour == 6 else 3)) * 1400), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def cut_feed(w: Workshop) -> tuple[str, list[str], str]:
    """What comes before the feed's items, each of these, and what comes behind them."""
    text = w.files["feed.xml"].decode()
    head, *items = text.split("    <item>")
    last, _, tail = items[-1].partition("  </channel>")
    return head, [f"    <item>{item}" for item in [*items[:-1], last]], f"  </channel>{tail}"


def paged(w: Workshop) -> None:
    """One episode a page."""
    head, items, tail = cut_feed(w)
    for number, item in enumerate(items, 1):
        links = {"self": number, "first": 1, "previous": number - 1, "next": number + 1, "last": len(items)}
        names = {relation: page_name(page) for relation, page in links.items() if 1 <= page <= len(items)}
        written = "".join(
            f'<atom:link rel="{relation}" href="{w.feed.url.removesuffix("feed.xml")}{name}" />'
            for relation, name in names.items()
        )
        w.files[page_name(number)] = (head.replace(SELF, written) + item + tail).encode()
    w.edit_json(lambda feed: feed["items"].pop())


def page_name(number: int) -> str:
    return "feed.xml" if number == 1 else f"feed-{number}.xml"


def then(*changes: Change) -> Change:
    def change(w: Workshop) -> None:
        for one in changes:
            one(w)

    return change


def in_page(number: int, old: str, new: str) -> Change:
    return then(paged, lambda w: w.edit(page_name(number), old, new))


def locked(**changes: object) -> Change:
    """Another entry of the latest episode in the lock."""

    def change(w: Workshop) -> None:
        episodes = w.lock.episodes | {"second-mind": replace(w.lock.episodes["second-mind"], **changes)}
        w.lock = replace(w.lock, episodes=episodes)

    return change


def swap_guids(w: Workshop) -> None:
    one, other = (w.lock.episodes[slug] for slug in ("second-mind", "first-light"))
    episodes = {"second-mind": replace(one, guid=other.guid), "first-light": replace(other, guid=one.guid)}
    w.lock = replace(w.lock, episodes=episodes)


def another_transcript(*suffixes: str) -> Change:
    """The other episode's, in place of its own."""

    def change(w: Workshop) -> None:
        for suffix in suffixes:
            w.edit_item(re.escape(w.find(suffix)), w.find(suffix, "first-light"))

    return change


def move_sound_away(w: Workshop) -> None:
    w.edit_item(
        r'<enclosure url="https://podcast.example.org/show/', '<enclosure url="https://elsewhere.example.org/'
    )


def with_feed(**changes: str) -> Change:
    """Another address of the show, in settings and files."""

    def change(w: Workshop) -> None:
        address, base = changes["url"], changes["url"].removesuffix("feed.xml")
        guid = w.lock.guid(w.feed.url)
        w.feed, w.lock = replace(w.feed, url=address), replace(w.lock, podcast_guid=guid)
        for name, content in w.files.items():
            if name.endswith((".xml", ".html", "feed.json")):
                w.files[name] = content.replace(b"https://podcast.example.org/show/", base.encode())

    return change
