"""The engine of the house: SVOX Pico, embedded in the package py-nanotts (8 MB, no system package).

Two things are done to what Pico does by itself. Its input is markup, and one of its tags writes
files (`<genfile file="…">`), so no "<" of a text ever reaches it; the tags that do are made here, of
numbers and of phonemes from a table. And at its own level it clips: it is turned down here, and
assembly sets the loudness.
"""

import functools
import hashlib
import re
import unicodedata
import wave
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ...errors import PluginError, SettingsError, nearest
from ...model import Phonemes
from ...plugins import installed_version
from ..engine import USUAL_WPM, Percent, VoiceInfo, WordsPerMinute
from ..phonemes import xsampa

__all__ = ["ENGINE", "Pico", "PicoOptions"]

RATE_HZ = 16_000
VOLUME = 40
"""Percent. At 100 the English voices clip; at 40 none of 696 lines passed 72 % of full scale.
German and Spanish have rare bursts that reach it at any volume."""
REVISION = 1
"""One more whenever this file changes the sound."""


class _Voice(NamedTuple):
    """What is known of one."""

    data: str
    """The name of its sound data."""
    own_wpm: int = 170
    """Words a minute by itself: measured of the English ones."""
    gender: str = "female"


_VOICES = {
    "en-GB": _Voice("kh0", 174),
    "en-US": _Voice("lh0", 169),
    "de-DE": _Voice("gl0"),
    "es-ES": _Voice("zl0"),
    "fr-FR": _Voice("nk0"),
    "it-IT": _Voice("cm0"),
}
_LESS_THAN = {
    "en": " less than ",
    "de": " kleiner als ",
    "es": " menor que ",
    "fr": " inférieur à ",
    "it": " minore di ",
}
"""What is said for "<": a space after it does not keep it from opening a tag."""


_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class PicoOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How Pico speaks."""

    voice: str = "en-GB"
    """en-GB, en-US, de-DE, es-ES, fr-FR or it-IT."""
    words_per_minute: WordsPerMinute = USUAL_WPM
    """80 to 400."""
    pitch_percent: Percent = 100
    """Of the voice's own pitch, 50 to 200; the pace stays."""


class Pico:
    """See the module."""

    name = "pico"
    Options: type[msgspec.Struct] = PicoOptions
    licence = "Apache-2.0"
    deterministic = True
    own_process = True
    network = False
    memory_mb = 40
    max_chars = 20_000

    def check(self, options: PicoOptions) -> None:
        """Raises SettingsError for a voice Pico does not have, PluginError where it has no build."""
        if options.voice not in _VOICES:
            raise SettingsError(
                f"pico has no voice {options.voice!r}", hint=nearest(options.voice, tuple(_VOICES))
            )
        if find_spec("py_nanotts") is None:
            raise _missing()

    def identity(self, options: PicoOptions) -> str:
        """Our revision, the version of py-nanotts, and the digest of the voice's data."""
        version = installed_version("py-nanotts") or "missing"
        return f"pico.{REVISION} py-nanotts {version} {options.voice} {_digest(options.voice)}"

    def describe(self, options: PicoOptions) -> VoiceInfo:
        """Such as "SVOX Pico, voice en-GB"."""
        return _info(options.voice, name=f"SVOX Pico, voice {options.voice}")

    def takes_phonemes(self, options: PicoOptions) -> bool:
        """The English voices do."""
        return options.voice.startswith("en")

    def warm(self) -> None:
        """Import the library, and what it imports when it speaks."""
        _speaker()

    def speak(self, text: str, options: PicoOptions, path: Path, phonemes: tuple[Phonemes, ...] = ()) -> None:
        """Write `text` as a WAV of 16 kHz. Letters that the voice does not know are silent."""
        samples = _speaker()(_marked_up(text, options, phonemes), voice=options.voice)
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            file.writeframes(samples)

    def voices(self) -> tuple[VoiceInfo, ...]:
        """All of them are always there."""
        return tuple(_info(voice) for voice in _VOICES)


def _info(voice: str, name: str = "") -> VoiceInfo:
    return VoiceInfo(id=voice, language=voice, gender=_VOICES[voice].gender, licence=Pico.licence, name=name)


def _missing() -> PluginError:
    return PluginError(
        "pico needs the package py-nanotts, which has no build for this computer or is not installed",
        hint="name another engine, such as pyttsx3, or a fallback in the voice's profile",
    )


@functools.cache
def _speaker() -> Any:
    """The library, with all that it imports when it first speaks: each line's process would do so anew."""
    from importlib import resources  # only ever needed to speak, as is the library

    try:
        from py_nanotts import NanoTTS
    except ImportError as error:
        raise _missing() from error
    resources.files(NanoTTS.__module__)  # where it looks for its voices
    return NanoTTS().speak


def _marked_up(text: str, options: PicoOptions, phonemes: tuple[Phonemes, ...]) -> str:
    """What Pico reads: whole percentages in tags of our own, since the library rounds floats up."""
    speed = round(100 * options.words_per_minute / _VOICES[options.voice].own_wpm)
    opening = f'<speed level="{speed}"><pitch level="{options.pitch_percent}"><volume level="{VOLUME}">'
    parts, position = [], 0
    for span in phonemes:
        words = _plain(text[span.start : span.end], options.voice)
        parts += [_plain(text[position : span.start], options.voice), _tags(span.ipa, options.voice) or words]
        position = span.end
    parts.append(_plain(text[position:], options.voice))
    return f"{opening}{''.join(parts)}</volume></pitch></speed>"


def _tags(ipa: str, voice: str) -> str:
    """Tags for the words of a pronunciation, each empty: Pico speaks what a tag encloses as well."""
    return " ".join(f"<phoneme ph='{word}'/>" for word in xsampa(ipa, american=voice == "en-US"))


def _plain(text: str, voice: str) -> str:
    """Text without anything that Pico takes for more than text, its accents in one piece.

    A NUL would end the text, and lone surrogates have no UTF-8.
    """
    composed = _UNSPEAKABLE.sub(" ", unicodedata.normalize("NFC", text))
    return composed.replace("<", _LESS_THAN[voice[:2]])


@functools.cache
def _digest(voice: str) -> str:
    """Eight hex digits for a voice's data files; "" if they cannot be read."""
    spec = find_spec("py_nanotts")
    if spec is None or spec.origin is None or voice not in _VOICES:
        return ""
    folder = Path(spec.origin).parent / "lang"
    digest = hashlib.sha256()
    for file in (f"{voice}_ta.bin", f"{voice}_{_VOICES[voice].data}_sg.bin"):
        digest.update((folder / file).read_bytes())
    return digest.hexdigest()[:8]


ENGINE = Pico()
