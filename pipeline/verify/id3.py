"""Reads ID3v2.3 as id3.org/id3v2.3.0 has it, with other code than writes it.

    bytes of a tag  ──>  frames in the order of the file, padding  ──>  texts, chapters, pictures

Only what our tags may be is read: version 2.3, no unsynchronisation, no compression, no encryption.
"""

import struct
from typing import NamedTuple

from .folder import Unfit

__all__ = [
    "Chapter",
    "Contents",
    "Frame",
    "Tag",
    "chapter_of",
    "contents_of",
    "picture_of",
    "read_tag",
    "tag_size",
]

HEADER_BYTES = 10


class Frame(NamedTuple):
    """One frame."""

    name: str
    body: bytes


class Tag(NamedTuple):
    """A whole tag."""

    version: int
    """3 for ID3v2.3; of any other, no frame is read."""
    frames: tuple[Frame, ...]
    """In the order of the file."""
    padding_bytes: int


class Chapter(NamedTuple):
    """A CHAP frame (Chapter Frame Addendum, 3.1)."""

    name: str
    """What the table of contents calls it."""
    start_ms: int
    end_ms: int
    title: str


class Contents(NamedTuple):
    """A CTOC frame (Chapter Frame Addendum, 3.2)."""

    is_top: bool
    is_ordered: bool
    names: tuple[str, ...]


def tag_size(start: bytes) -> int:
    """Size of the whole tag, by the first ten bytes of a file; 0 without one (clause 3.1)."""
    if len(start) < HEADER_BYTES or start[:3] != b"ID3" or any(byte > 0x7F for byte in start[6:10]):
        return 0
    size = sum((byte & 0x7F) << shift for byte, shift in zip(start[6:10], (21, 14, 7, 0), strict=True))
    return HEADER_BYTES + size


def read_tag(raw: bytes) -> Tag:
    """The frames of a whole tag. Raises Unfit."""
    version, flags = raw[3], raw[5]
    if version != 3:
        return Tag(version, (), 0)
    if flags:
        raise Unfit("the tag uses flags, which few players know")
    frames, at = [], HEADER_BYTES
    while at < len(raw) and raw[at]:
        frame, at = _frame(raw, at)
        frames.append(frame)
    if any(raw[at:]):
        raise Unfit("the tag goes on after its padding")
    return Tag(version, tuple(frames), len(raw) - at)


def _frame(raw: bytes, at: int) -> tuple[Frame, int]:
    """The frame at a place, and where the next begins (clause 3.3)."""
    body = at + HEADER_BYTES
    name, size, flags = struct.unpack_from(">4sIH", raw[at:body].ljust(HEADER_BYTES, b"\0"))
    if not name.isalnum() or size == 0 or body + size > len(raw):
        raise Unfit(f"the tag is damaged at byte {at}")
    if flags & 0xFF:
        raise Unfit("a frame is compressed or encrypted")
    return Frame(name.decode(), raw[body : body + size]), body + size


def contents_of(frame: Frame) -> Contents:
    """A CTOC frame. Raises Unfit."""
    _, rest = _terminated(frame.body)
    names, count = [], rest[1] if len(rest) > 1 else 0
    flags, rest = rest[:1] or b"\0", rest[2:]
    for _ in range(count):
        name, rest = _terminated(rest)
        names.append(name)
    return Contents(bool(flags[0] & 2), bool(flags[0] & 1), tuple(names))


def chapter_of(frame: Frame) -> Chapter:
    """A CHAP frame. Raises Unfit."""
    name, rest = _terminated(frame.body)
    if len(rest) < 16:
        raise Unfit("a chapter is damaged")
    start_ms, end_ms = struct.unpack_from(">II", rest)
    title, at = "", 16
    while at < len(rest):
        inner, at = _frame(rest, at)
        title = Text.of(inner).text if inner.name == "TIT2" else title
    return Chapter(name, start_ms, end_ms, title)


def picture_of(frame: Frame) -> tuple[int, bytes]:
    """Kind (3 is the front cover) and bytes of an APIC frame (clause 4.15). Raises Unfit."""
    _, rest = _terminated(frame.body[1:])
    _, picture = _split(rest[1:], frame.body[0])
    return (rest[0] if rest else 0), picture


class Text(NamedTuple):
    """What a frame says, and which of its kind it is."""

    description: str
    """Of TXXX, WXXX, COMM, USLT and UFID; "" otherwise."""
    text: str

    @classmethod
    def of(cls, frame: Frame) -> "Text":
        """The text of a text, web, comment, script or id frame (clause 4.2 to 4.11). Raises Unfit."""
        encoding, body = frame.body[0], frame.body[1:]
        match frame.name:
            case "TXXX":
                description, text = _split(body, encoding)
                return cls(_decode(description, encoding), _decode(text, encoding))
            case "WXXX":
                description, text = _split(body, encoding)
                return cls(_decode(description, encoding), _decode(text, 0))
            case "COMM" | "USLT":
                description, text = _split(body[3:], encoding)
                return cls(_decode(description, encoding), _decode(text, encoding))
            case "UFID":
                description, _, text = frame.body.partition(b"\0")
                return cls(_decode(description, 0), _decode(text, 0))
            case name if name[0] == "W":
                return cls("", _decode(frame.body, 0))
            case _:
                return cls("", _decode(body, encoding))


def _terminated(raw: bytes) -> tuple[str, bytes]:
    """A name that ends with a zero, and what follows."""
    name, zero, rest = raw.partition(b"\0")
    if not zero:
        raise Unfit("a name in the tag does not end")
    return name.decode("latin-1"), rest


def _split(raw: bytes, encoding: int) -> tuple[bytes, bytes]:
    """A text that ends with a zero of its encoding, and what follows (clause 3.3)."""
    if encoding == 0:
        before, _, after = raw.partition(b"\0")
        return before, after
    end = next((at for at in range(0, len(raw) - 1, 2) if raw[at : at + 2] == b"\0\0"), len(raw))
    return raw[:end], raw[end + 2 :]


def _decode(raw: bytes, encoding: int) -> str:
    """Latin-1 or UTF-16 with a byte-order mark, which is all that v2.3 has (clause 3.3)."""
    if encoding not in (0, 1):
        raise Unfit("a text has an encoding of another version")
    try:
        return raw.decode("utf-16" if encoding else "latin-1").rstrip("\0")
    except UnicodeDecodeError as error:
        raise Unfit("a text is not in its encoding") from error
