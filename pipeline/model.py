"""The values that travel between stages.

    Paper ── script ──> Script ── synthesis ──> Clip (one a line) ── assembly ──> Master ── tagging ──> Episode

All are frozen, hold tuples and plain scalars only, and turn into canonical JSON and back
(msgspec), because they are the keys and the records of the store and the jobs of the executors.
Units are in the names. `_samples` are exact; `_ms` is for people and tags. Requests hold no
floats: levels are integers in thousandths (`_mlufs`, `_mdb`), so that a key never depends on
how a float is printed.
"""

import datetime as dt
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct

__all__ = [
    "Blob",
    "Block",
    "BlockKind",
    "Clip",
    "Desk",
    "Episode",
    "Line",
    "Loudness",
    "Master",
    "MasterRequest",
    "Option",
    "Paper",
    "Piece",
    "Script",
    "Sentence",
    "SpeechRequest",
    "Tag",
    "TagRequest",
    "Token",
]

BlockKind = Literal["heading", "paragraph", "bullet", "quote", "code"]
"""What a block of a script is; the pause after it depends on it."""

Option = str | int | bool
"""A setting of a voice: scalars only, no floats, so that it can be part of a key."""


class Value(Struct, frozen=True, kw_only=True):
    """Base of every value: frozen, compared by content, built by keyword."""


class Blob(Value):
    """Bytes by content, never by path."""

    sha256: str
    """Hex digest of the bytes."""
    suffix: str
    """File suffix with its dot, such as ".wav"; part of the stored file's name only."""
    size_bytes: int


class Desk(Protocol):
    """What a stage works on: blobs to read, a scratch folder to write in."""

    def path(self, blob: Blob) -> Path:
        """A readable file with the blob's bytes, verified. Raises BlobLost."""

    def new(self, suffix: str) -> Path:
        """A path in the scratch folder, not yet existing, that nobody else uses."""

    def keep(self, path: Path) -> Blob:
        """Keep a finished scratch file; the blob is what results hold of it."""


class Paper(Value):
    """One paper file: front matter and summary."""

    slug: str
    """The file's stem; names the episode's files for good."""
    title: str
    """ID3 TIT2, RSS item title."""
    authors: tuple[str, ...]
    """The paper's authors, credited aloud and in the tags."""
    category: str
    """The paper's field, such as "Robotics"; ID3 TIT1."""
    date: dt.date
    """The episode's day; ID3 TDRC, RSS pubDate."""
    summary: str
    """Markdown, without the questions."""
    questions: tuple[str, ...] = ()
    """The items of a closing "Questions" section."""
    paper_date: dt.date | None = None
    arxiv: str | None = None
    doi: str | None = None
    links: dict[str, str] = {}
    """Title → http(s) URL; ID3 WXXX, show notes."""
    lexicon: dict[str, str] = {}
    """Written → said, for this episode only."""
    voice: str | None = None
    """A profile in voices/, instead of the show's."""
    template: str | None = None
    """A running order in scripts/, instead of the show's."""
    season: int | None = None
    episode: int | None = None
    """ID3 TRCK."""
    chapters: dict[str, str] = {}
    """Chapter hints: heading as written → chapter title."""


class Token(Value):
    """The smallest piece of text that is said in one way."""

    written: str
    """As in the source, untouched; a block's tokens join to the source byte for byte."""
    spoken: str
    """What the voice says for it; "" for white space and markup."""
    cls: str
    """word, space, markup, number, link, math, …"""
    rule: str = "as-written"
    """The rule that decided the reading."""
    confidence: int = 100
    """How surely, in percent."""


class Sentence(Value):
    """What is spoken in one breath and cached as one clip."""

    tokens: tuple[Token, ...]

    @property
    def written(self) -> str:
        """The source text of the sentence."""
        return "".join(token.written for token in self.tokens)

    @property
    def spoken(self) -> str:
        """The text for the voice, single-spaced."""
        return " ".join("".join(token.spoken for token in self.tokens).split())


class Block(Value):
    """A paragraph, heading, list item, quotation or piece of code."""

    kind: BlockKind
    sentences: tuple[Sentence, ...]

    @property
    def written(self) -> str:
        """The source text of the block, markup and white space included."""
        return "".join(sentence.written for sentence in self.sentences)


class Line(Value):
    """One sentence of a script, with its place in the episode."""

    part: str
    """The section of the running order it belongs to, such as "intro"."""
    kind: BlockKind
    sentence: Sentence
    pause_after_ms: int
    chapter: str = ""
    """Title of the chapter that begins with this line, if one does."""


class Script(Value):
    """What will be said, in order."""

    lines: tuple[Line, ...]


class SpeechRequest(Value):
    """All that decides the sound of one clip."""

    text: str
    """The final spoken text."""
    engine: str
    identity: str
    """Name, version and model digest of the engine: other bytes, other identity."""
    options: dict[str, Option]
    """The engine's settings that change sound."""


class Clip(Value):
    """One spoken line."""

    audio: Blob
    """WAV, 16-bit, mono, at the engine's own rate."""
    samples: int
    rate_hz: int


class Piece(Value):
    """One clip in its place."""

    audio: Blob
    pause_after_ms: int


class MasterRequest(Value):
    """All that decides the sound of one episode."""

    pieces: tuple[Piece, ...]
    target_mlufs: int
    """Integrated loudness wanted, thousandths of a LUFS (BS.1770-4)."""
    ceiling_mdbtp: int
    """True peak never exceeded on the decoded MP3, thousandths of a dBTP."""
    rate_hz: int
    bitrate_kbps: int
    lame_quality: int
    """LAME's -q, 0 (slow) to 9 (fast)."""


class Loudness(Value):
    """Measured on the decoded MP3, as a player hears it."""

    integrated_mlufs: int
    true_peak_mdbtp: int


class Master(Value):
    """One episode's sound, joined, levelled and encoded, without tags."""

    mp3: Blob
    samples: int
    """Exactly what a gapless player plays."""
    rate_hz: int
    loudness: Loudness
    starts_samples: tuple[int, ...]
    """Where each piece begins."""


class Tag(Value):
    """One ID3 frame to write; see tagging/id3.py for the names it knows."""

    frame: str
    """Frame id, such as "TIT2"."""
    text: str
    """Its value: text, or a URL for the W frames."""
    description: str = ""
    """Description of TXXX, WXXX and COMM frames."""


class TagRequest(Value):
    """All that decides the bytes of a finished episode."""

    mp3: Blob
    tags: tuple[Tag, ...]
    cover: Blob
    """JPEG."""


class Episode(Value):
    """A finished MP3."""

    mp3: Blob
