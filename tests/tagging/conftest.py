"""A desk in a temporary folder, a second of tone as the master, and an own reader of ID3v2.3."""

import datetime as dt
import hashlib
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import lameenc
import pytest

from pipeline.model import Blob, Paper, ShowFacts, Tag, TagRequest
from pipeline.tagging import Voices, tag
from pipeline.tagging.drawing import draw_cover
from pipeline.tagging.jpeg import to_jpeg
from pipeline.transcript import Chapter

COVER = to_jpeg(draw_cover("A title", "Robotics", "A show", "Ada", 800))[0]


class FolderDesk:
    """Blobs are files named by their digest, scratch files are counted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.kept: list[Blob] = []

    def add(self, content: bytes, suffix: str) -> Blob:
        blob = Blob(sha256=hashlib.sha256(content).hexdigest(), suffix=suffix, size_bytes=len(content))
        self.path(blob).write_bytes(content)
        return blob

    def path(self, blob: Blob) -> Path:
        return self.folder / f"{blob.sha256}{blob.suffix}"

    def new(self, suffix: str) -> Path:
        self.count += 1
        return self.folder / f"scratch-{self.count}{suffix}"

    def keep(self, path: Path) -> Blob:
        blob = self.add(path.read_bytes(), path.suffix)
        path.unlink()
        self.kept.append(blob)
        return blob


@dataclass(frozen=True)
class RawFrame:
    """A frame as it stands in the file."""

    id: str
    body: bytes

    def strings(self) -> list[str]:
        """The strings behind the encoding byte (and language), ended by NUL; clause 3.3."""
        wide, rest = self.body[0] == 1, self.body[4 if self.id in {"COMM", "USLT"} else 1 :]
        if self.id == "WXXX":  # the address is Latin-1 whatever the encoding of its title
            title, url = _split(rest, wide, most=1)
            return [_decode(title, wide), url.removesuffix(b"\0").decode("latin-1")]
        return [_decode(part, wide) for part in _split(rest, wide)]


def _decode(raw: bytes, wide: bool) -> str:
    return raw.decode("utf-16" if wide else "latin-1")


def _split(raw: bytes, wide: bool, most: int = 99) -> list[bytes]:
    end = b"\0\0" if wide else b"\0"
    parts: list[bytes] = []
    start = at = 0
    while len(parts) < most and (at := raw.find(end, at)) >= 0:
        if (at - start) % len(end):
            at += 1
            continue
        parts.append(raw[start:at])
        start = at = at + len(end)
    return [*parts, raw[start:]] if start < len(raw) else parts


def parse_id3v23(content: bytes) -> tuple[list[RawFrame], bytes]:
    """Frames and what follows the tag. Fails on flags, padding, other versions and wrong sizes."""
    assert content[:6] == b"ID3\x03\x00\x00"
    assert max(content[6:10]) < 0x80
    size = content[6] << 21 | content[7] << 14 | content[8] << 7 | content[9]
    body, rest = content[10 : 10 + size], content[10 + size :]
    frames, at = [], 0
    while at < len(body):
        name, length, flags = struct.unpack_from(">4sIH", body, at)
        assert name.isalnum()
        assert name.isupper()
        assert flags == 0
        assert 0 < length <= len(body) - at - 10
        frames.append(RawFrame(name.decode("ascii"), body[at + 10 : at + 10 + length]))
        at += 10 + length
    return frames, rest


Read = Callable[[bytes], tuple[list[RawFrame], bytes]]
Finish = Callable[..., bytes]


@pytest.fixture(scope="session")
def read_raw() -> Read:
    return parse_id3v23


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> FolderDesk:
    return FolderDesk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="session")
def sound() -> bytes:
    """One second of 440 Hz, MP3, 44.1 kHz mono."""
    encoder = lameenc.Encoder()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(44_100)
    encoder.set_bit_rate(128)
    encoder.set_quality(7)
    encoder.silence()
    wave = (round(9_000 * math.sin(2 * math.pi * 440 * at / 44_100)) for at in range(44_100))
    return bytes(encoder.encode(struct.pack("<44100h", *wave)) + encoder.flush())


@pytest.fixture(scope="session")
def finish(desk: FolderDesk, sound: bytes) -> Finish:
    """Tags to the bytes of a finished episode."""

    def make(
        tags: tuple[Tag, ...],
        chapters: tuple[Chapter, ...] = (),
        *,
        cover: bytes | None = None,
        mp3: bytes = sound,
    ) -> bytes:
        jpeg = COVER if cover is None else cover
        request = TagRequest(
            mp3=desk.add(mp3, ".mp3"), tags=tags, chapters=chapters, cover=desk.add(jpeg, ".jpg")
        )
        return desk.path(tag(request, desk).mp3).read_bytes()

    return make


@pytest.fixture(scope="session")
def show() -> ShowFacts:
    return ShowFacts(
        title="PaperLedge",
        host="Ernis",
        language="en-gb",
        website="https://example.org/show",
        copyright="The PaperLedge maintainers",
    )


@pytest.fixture(scope="session")
def paper() -> Paper:
    return Paper(
        slug="learning-affordances",
        title="Learning Affordances at Inference-Time — 机器人",
        authors=("Ameesh Shah", "Érica Núñez"),
        category="Robotics",
        date=dt.date(2025, 10, 23),
        summary="A summary.",
        arxiv="2510.19752v1",
        doi="10.48550/arXiv.2510.19752",
        links={"Code": "https://example.org/code", "Seite": "https://example.org/bücher?q=a b"},
        season=2,
        episode=14,
    )


@pytest.fixture(scope="session")
def voices() -> Voices:
    return Voices("SVOX Pico, voice en-GB (Apache-2.0)", "pico.1 py-nanotts 0.1.1 en-GB")
