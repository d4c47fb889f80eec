"""eSpeak NG by itself: a hundred languages, a thousand times faster than speech, and word times.

Text is spoken as plain text, not as SSML: language, pace and pitch are set beside it, and so no text
can ever act as markup. Its own two ways into the text are closed too: control characters, with which
commands begin, become spaces, and brackets become round ones, which sound the same. What then stands
in [[ ]] is ours: the phonemes of a lexicon, as mnemonics of eSpeak's English voices.

Word times count characters of the marked-up text; each piece of it knows where it is from.
"""

import math
import re
import unicodedata
import wave
from bisect import bisect
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from ...errors import PluginError
from ...model import Phonemes, WordTime
from .. import isolation, libespeak
from ..engine import USUAL_WPM, VoiceInfo, WordsPerMinute, voice_named
from ..phonemes import mnemonics
from ..timing import word_times

__all__ = ["ENGINE", "Espeak", "EspeakOptions"]

REVISION = 1
"""One more whenever our files change the sound."""
_DEFAULT = "en-gb"

_SLOWEST = 80
"""What eSpeak calls words a minute, at least; slower speech has gaps between its words."""
_OWN_WPM, _WPM_EACH = 7.0, 1.182
"""Words a minute that are said at a rate: measured of English sentences, within two in a hundred."""
_GAPS_BELOW_WPM = 100
_SLOWEST_WORD_S, _GAP_S = 0.614, 0.0277
"""At the slowest rate: seconds a word with a gap, and with each further step of the gap."""

_PITCH_FIXED = 34
"""Percent of the pitch that do not change with the setting; of the rest, 50 steps are an octave."""

_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BRACKETS = str.maketrans("[]", "()")
_RUN = re.compile(r"\s+|\S+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")


class EspeakOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it speaks."""

    voice: str = ""
    """Language or id of a voice, such as "en-gb-x-rp" or "gmw/en-GB-x-rp"; "" for British English."""
    words_per_minute: WordsPerMinute = USUAL_WPM
    """80 to 400."""
    pitch_percent: Annotated[int, Meta(ge=70, le=160)] = 100
    """Of the voice's own pitch, 70 to 160: it goes no lower and no higher."""


class _Piece(NamedTuple):
    """A part of what eSpeak reads, and the character of the text that it begins with."""

    read: str
    start: int


class Espeak:
    """See the module."""

    name = "espeak"
    Options: type[msgspec.Struct] = EspeakOptions
    licence = libespeak.LICENCE
    deterministic = True
    own_process = True
    network = False
    memory_mb = 60
    max_chars = 20_000

    def check(self, options: EspeakOptions) -> None:
        """Raises SettingsError for a voice it does not have, ExtraMissing without the library."""
        if not libespeak.found():
            raise libespeak.missing(self.name)
        try:
            known = isolation.list_voices(self)
        except isolation.EngineFailed as error:
            raise PluginError(
                f"the voices of eSpeak NG cannot be listed: {error}", hint=f"install {libespeak.found()} anew"
            ) from error
        voice_named(options.voice or _DEFAULT, known)

    def identity(self, options: EspeakOptions) -> str:
        """Our revision, and the library's version, of which the voices are a part."""
        return f"espeak.{REVISION} {libespeak.found() or 'missing'}"

    def describe(self, options: EspeakOptions) -> VoiceInfo:
        """Such as "eSpeak NG, voice en-gb"."""
        voice = options.voice or _DEFAULT
        return VoiceInfo(
            id=voice, language=_language(voice), licence=self.licence, name=f"eSpeak NG, voice {voice}"
        )

    def takes_phonemes(self, options: EspeakOptions) -> bool:
        """The English voices do."""
        return _is_english(_language(options.voice or _DEFAULT))

    def times_words(self, options: EspeakOptions) -> bool:
        """Always."""
        return True

    def warm(self) -> None:
        """Nothing: the library must not be loaded where a line is not spoken."""

    def speak(
        self, text: str, options: EspeakOptions, path: Path, phonemes: tuple[Phonemes, ...] = ()
    ) -> tuple[WordTime, ...]:
        """Write `text` as a WAV of the library's own rate, with the phonemes in place of their words."""
        library = libespeak.Espeak(self.name)
        voice = voice_named(options.voice or _DEFAULT, library.voices())
        spans = phonemes if _is_english(voice.language) else ()
        pieces = tuple(_pieces(text, spans, american=voice.language.startswith("en-us")))
        read = "".join(piece.read for piece in pieces)
        sound, begun = library.speak(read, voice.id, _settings(options), has_phonemes="[[" in read)
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, library.rate_hz, 0, "NONE", ""))
            file.writeframes(sound)
        return word_times(text, _traced_back(begun, pieces))

    def voices(self) -> tuple[VoiceInfo, ...]:
        """What the library has."""
        return libespeak.Espeak(self.name).voices()


def _language(voice: str) -> str:
    """The language of a voice as the options name it; "" for one by its name for people."""
    last = voice.rpartition("/")[2].lower()
    return last if _LANGUAGE.fullmatch(last) else ""


def _is_english(language: str) -> bool:
    return language == "en" or language.startswith("en-")


def _settings(options: EspeakOptions) -> dict[int, int]:
    """Rate and gap for the words a minute, and the pitch."""
    rate = round((options.words_per_minute - _OWN_WPM) / _WPM_EACH)
    gap = 0
    if options.words_per_minute < _GAPS_BELOW_WPM:
        gap = max(1, round((60 / options.words_per_minute - _SLOWEST_WORD_S) / _GAP_S))
    octaves = math.log2((options.pitch_percent - _PITCH_FIXED) / (100 - _PITCH_FIXED))
    return {
        libespeak.RATE: max(_SLOWEST, rate),
        libespeak.GAP: gap,
        libespeak.PITCH: round(50 + 50 * octaves),
    }


def _pieces(text: str, phonemes: tuple[Phonemes, ...], *, american: bool) -> Iterator[_Piece]:
    """What eSpeak reads: plain words, and mnemonics with a blank around them, without which some are lost."""
    position = 0
    for span in phonemes:
        if said := " ".join(mnemonics(span.ipa, american=american)):
            yield from _plain(text, position, span.start)
            yield _Piece(f" [[{said}]] ", span.start)
            position = span.end
    yield from _plain(text, position, len(text))


def _plain(text: str, start: int, end: int) -> Iterator[_Piece]:
    """Text that is no more than text, its accents in one piece: eSpeak spells them otherwise."""
    for match in _RUN.finditer(text, start, end):
        composed = unicodedata.normalize("NFC", match[0])
        yield _Piece(_UNSPEAKABLE.sub(" ", composed).translate(_BRACKETS), match.start())


def _traced_back(begun: list[tuple[int, int]], pieces: tuple[_Piece, ...]) -> Iterator[tuple[int, int]]:
    """For each beginning in what was read, that in the text."""
    ends: list[int] = []
    for piece in pieces:
        ends.append((ends[-1] if ends else 0) + len(piece.read))
    for position, at_samples in begun:
        yield pieces[min(bisect(ends, position), len(pieces) - 1)].start, at_samples


ENGINE = Espeak()
