"""The values that travel between stages.

    Paper ─ script ─> Script ─ synthesis ─> Clips, one a line ─ assembly ─> Master ─ tagging ─> Episode

All are frozen, hold tuples and plain scalars only, and turn into canonical JSON and back
(msgspec), because they are the keys and the records of the store and the jobs of the executors.
Units are in the names. `_samples` are exact; `_ms` is for people and tags. Requests hold no
floats: levels are integers in thousandths (`_mlufs`, `_mdb`), so that a key never depends on
how a float is printed.
"""

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta, field

from .entries import Entry
from .errors import quoted
from .kinds import BlockKind, Language, Milliseconds, OneLine, WebAddress
from .transcript import Chapter
from .values import Blob, Desk, Value

__all__ = [
    "Blob",
    "Block",
    "BlockKind",
    "Clip",
    "Desk",
    "Episode",
    "Heard",
    "Line",
    "Loudness",
    "Master",
    "MasterRequest",
    "Music",
    "Option",
    "Paper",
    "Pauses",
    "Phonemes",
    "Piece",
    "Script",
    "ScriptRequest",
    "Sentence",
    "ShowFacts",
    "SpeechRequest",
    "Tag",
    "TagRequest",
    "Token",
    "Value",
    "WordTime",
]

Option = str | int | bool | dict[str, int]
"""A setting of a voice: no floats, so that it can be part of a key."""


class Pauses(Value, frozen=True, kw_only=True):
    """Silence after a line, by what ends with it."""

    sentence_ms: Milliseconds = 350
    question_ms: Milliseconds = 550
    """After a question or an ellipsis, which a listener is left to think about."""
    colon_ms: Milliseconds = 400
    """After a paragraph that ends with a colon, as before a list."""
    list_item_ms: Milliseconds = 450
    paragraph_ms: Milliseconds = 650
    heading_ms: Milliseconds = 700
    section_ms: Milliseconds = 1200


class ShowFacts(Value, frozen=True, kw_only=True):
    """The part of a show that templates and tags may speak of."""

    title: OneLine
    """ID3 TALB and TPE2, RSS channel title."""
    host: OneLine
    """Who speaks; ID3 TPE1."""
    description: str = ""
    language: Language = "en"
    """BCP 47, such as "en" or "en-gb"; ID3 TLAN, RSS language."""
    website: WebAddress | None = None
    """ID3 WOAR, RSS channel link."""
    copyright: str = ""
    """ID3 TCOP."""
    disclose_synthetic_voice: bool = True
    """Whether the episode says aloud that its voice is synthetic."""


class Paper(Value, frozen=True, kw_only=True):
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
    """The episode's day; ID3 TYER, TDAT and TDRL, RSS pubDate."""
    summary: str
    """Markdown, without the questions."""
    questions: tuple[str, ...] = ()
    """The items of a closing "Questions" section."""
    paper_date: dt.date | None = None
    arxiv: str | None = None
    doi: str | None = None
    links: dict[str, str] = field(default_factory=dict)
    """Title → http(s) URL; ID3 WXXX, show notes."""
    lexicon: dict[str, Entry] = field(default_factory=dict)
    """Written → how it is said, for this episode only."""
    voice: str | None = None
    """A profile in voices/, instead of the show's."""
    template: str | None = None
    """A running order in scripts/, instead of the show's."""
    season: int | None = None
    """ID3 TPOS."""
    episode: int | None = None
    """ID3 TRCK."""
    chapters: dict[str, str] = field(default_factory=dict)
    """Chapter hints: heading as written → chapter title."""
    publish: Literal["draft"] | None = None
    """A draft is not published, whatever its date."""
    soundbite: str | None = None
    """Words that a clip of the episode begins with; podcast:soundbite."""
    cover: str | None = None
    """A picture beside the paper, instead of a drawn cover; ID3 APIC."""


class Token(Value, frozen=True, kw_only=True, omit_defaults=True):
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
    sound: str = ""
    """What an engine that takes no phonemes is given instead of `spoken`."""
    ipa: str = ""
    """How it sounds, for an engine that takes phonemes."""


class Phonemes(Value, frozen=True, kw_only=True):
    """A stretch of spoken text and how it sounds."""

    start: int
    end: int
    """Characters from the beginning of the text; the end is the one after it."""
    ipa: str


class Sentence(Value, frozen=True, kw_only=True):
    """What is spoken in one breath and cached as one clip."""

    tokens: tuple[Token, ...]

    @property
    def written(self) -> str:
        """The source text of the sentence."""
        return "".join(token.written for token in self.tokens)

    @property
    def spoken(self) -> str:
        """The text for the voice, single-spaced; "" if it holds nothing that can be said."""
        text = " ".join("".join(token.spoken for token in self.tokens).split())
        return text if any(char.isalnum() for char in text) else ""


class Block(Value, frozen=True, kw_only=True):
    """A paragraph, heading, list item, quotation or piece of code."""

    kind: BlockKind
    sentences: tuple[Sentence, ...]
    speaker: str = ""
    """Who of the cast says it; "" for the host."""

    @property
    def written(self) -> str:
        """The source text of the block, markup and white space included."""
        return "".join(sentence.written for sentence in self.sentences)


class Line(Value, frozen=True, kw_only=True):
    """One sentence of a script, with its place in the episode."""

    part: str
    """The section of the running order it belongs to, such as "intro"."""
    kind: BlockKind
    sentence: Sentence
    pause_after_ms: int
    speaker: str = ""
    """Who of the cast says it; "" for the host."""
    begins_block: bool = True
    """Whether a paragraph, heading or the like begins with it."""
    chapter: str = ""
    """Title of the chapter that begins with it, if one does."""


class ScriptRequest(Value, frozen=True, kw_only=True):
    """All that decides what an episode says."""

    paper: Paper
    show: ShowFacts
    template: str
    """The running order, one of the templates."""
    templates: dict[str, Blob]
    """Name → text of every template it may include."""
    lexicon: dict[str, Entry]
    """The show's: written → how it is said."""
    speakers: tuple[str, ...]
    """Names that a paragraph may begin with: the cast's and the host's; none in a show of one voice."""
    pauses: Pauses


class Script(Value, frozen=True, kw_only=True):
    """What will be said, in order."""

    lines: tuple[Line, ...]


class SpeechRequest(Value, frozen=True, kw_only=True, omit_defaults=True):
    """All that decides the sound of one clip."""

    text: str
    """The final spoken text."""
    engine: str
    identity: str
    """Name, version and model digest of the engine: other bytes, other identity."""
    options: dict[str, Option]
    """The engine's settings that change sound."""
    phonemes: tuple[Phonemes, ...] = ()
    """How parts of the text sound, in order; only for engines that take phonemes."""
    files: tuple[Blob, ...] = ()
    """What the voice consists of besides its engine, such as its style."""

    @property
    def label(self) -> str:
        """The line, shortened."""
        return quoted(self.text)


class WordTime(Value, frozen=True, kw_only=True):
    """A word of spoken text, or a few that are said as one, and when it begins."""

    start: Annotated[int, Meta(ge=0)]
    end: int
    """Characters from the beginning of the text; the end is the one after it."""
    at_samples: Annotated[int, Meta(ge=0)]
    """From the beginning of the clip, at its rate."""

    def __post_init__(self) -> None:
        """Raises ValueError if it is empty."""
        if self.end <= self.start:
            raise ValueError("a word without characters")


class Clip(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One spoken line."""

    audio: Blob
    """WAV, 16-bit, mono, at the engine's own rate."""
    samples: int
    rate_hz: int
    words: tuple[WordTime, ...] = ()
    """When its words begin, in order; none if the engine does not tell."""


class Piece(Value, frozen=True, kw_only=True):
    """One clip in its place."""

    audio: Blob
    pause_after_ms: Milliseconds
    voice: int = 0
    """Which of an episode's voices speaks it: all are made equally loud."""


class Music(Value, frozen=True, kw_only=True, omit_defaults=True):
    """What an episode has beside its speech, and how far below it, in thousandths of a LU."""

    intro: Blob | None = None
    """Before the first line."""
    outro: Blob | None = None
    """After the last line."""
    sting: Blob | None = None
    """Between two sections."""
    bed: Blob | None = None
    """Under the first section."""
    sections: tuple[int, ...] = ()
    """Which pieces begin a section, 0 first."""
    below_speech_mlu: int
    """Of all but the bed."""
    bed_below_speech_mlu: int
    intro_overlap_ms: Milliseconds
    """By so much the first line begins before the intro ends."""
    bed_fade_in_ms: Milliseconds
    bed_fade_out_ms: Milliseconds


class MasterRequest(Value, frozen=True, kw_only=True, omit_defaults=True):
    """All that decides the sound of one episode."""

    pieces: tuple[Piece, ...]
    target_mlufs: int
    """Integrated loudness wanted, thousandths of a LUFS (BS.1770-4)."""
    ceiling_mdbtp: int
    """True peak never exceeded on the decoded MP3, thousandths of a dBTP."""
    rate_hz: int
    channels: int = 1
    """2: the same in both."""
    bitrate_kbps: int | None
    """Constant; None if it varies."""
    vbr_quality: int | None = None
    """LAME's -V, 0 (large) to 9 (small); None if the bit rate is constant."""
    lame_quality: int
    """LAME's -q, 0 (slow) to 9 (fast)."""
    music: Music | None = None


class Loudness(Value, frozen=True, kw_only=True):
    """Measured on the decoded MP3, as a player hears it."""

    integrated_mlufs: int
    true_peak_mdbtp: int


class Heard(Value, frozen=True, kw_only=True):
    """Where a clip is heard in an episode."""

    start_samples: int
    end_samples: int
    """One past its last sample."""
    trimmed_samples: int
    """So many of the clip's own, at its own rate, were silence cut off its beginning."""


class Master(Value, frozen=True, kw_only=True):
    """One episode's sound, joined, levelled and encoded, without tags."""

    mp3: Blob
    samples: int
    """Exactly what a gapless player plays."""
    rate_hz: int
    loudness: Loudness
    heard: tuple[Heard, ...]
    """Where each piece is heard."""


class Tag(Value, frozen=True, kw_only=True):
    """One ID3 frame to write; see tagging/id3.py for the names it knows."""

    frame: str
    """Frame id, such as "TIT2"."""
    text: str
    """Its value: text, or a URL for the W frames."""
    description: str = ""
    """Description of TXXX, WXXX and COMM frames; owner of UFID."""


class TagRequest(Value, frozen=True, kw_only=True):
    """All that decides the bytes of a finished episode."""

    mp3: Blob
    tags: tuple[Tag, ...]
    chapters: tuple[Chapter, ...]
    cover: Blob
    """JPEG."""


class Episode(Value, frozen=True, kw_only=True):
    """A finished MP3."""

    mp3: Blob
