"""No speech: a tone for every word, for drafts and tests. Real audio, no model, the same bytes everywhere.

The tones of a line are as long as its words would be, at about 150 words a minute, so pauses,
chapters, durations and file sizes of a draft are near those of the episode. Each word has its own
pitch of a pentatonic scale, so a listener hears repetitions, and any sequence sounds agreeable.

Whole numbers only: the C library's sine differs between platforms, and bytes must not. A tone is a
row of whole periods, each scaled by its place in the word; few differ, so hours take seconds.
"""

import functools
import sys
import wave
import zlib
from array import array
from pathlib import Path

import msgspec

from ..engine import USUAL_WPM, Percent, VoiceInfo, WordsPerMinute

__all__ = ["ENGINE", "Tone", "ToneOptions"]

RATE_HZ = 22_050
PEAK = 9_000
"""About -11 dBFS."""
REVISION = 2
"""One more whenever this file changes the sound."""

_HALF_PERIODS = (56, 50, 42, 37, 33, 28, 25, 21)
"""Samples: 197 to 525 Hz, five notes an octave, in ratios near 1, 9/8, 4/3, 3/2, 5/3."""
_ATTACK = 6
"""Periods over which a tone swells; it ebbs over its last half."""
_WORD_MS, _LETTER_MS = 90, 58
"""A word of five letters takes 380 ms, and the gap after it 20, before the pace is set."""
_OWN_WPM = 163
"""Of ordinary English at these lengths."""
_DIGIT_MS = 260
"""Digits are said one by one, or as longer words."""
_GAP_MS = 20
_PAUSES_MS = {",": 150, ";": 200, ":": 200, ".": 300, "!": 300, "?": 300}
"""After a word that ends with it."""


class ToneOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the tones sound."""

    pitch_percent: Percent = 100
    """Of their usual pitch, 50 to 200: so that two tone voices can be told apart."""
    words_per_minute: WordsPerMinute = USUAL_WPM
    """80 to 400."""


class Tone:
    """See the module."""

    name = "tone"
    Options: type[msgspec.Struct] = ToneOptions
    licence = "MIT"
    deterministic = True
    own_process = False
    network = False
    memory_mb = 10
    max_chars = 100_000

    def check(self, options: ToneOptions) -> None:
        """It can play anywhere."""

    def identity(self, options: ToneOptions) -> str:
        """Our revision."""
        return f"tone.{REVISION}"

    def describe(self, options: ToneOptions) -> VoiceInfo:
        """A draft should not pass for speech."""
        return VoiceInfo(id="", language="", name="tones in place of a voice (draft)")

    def warm(self) -> None:
        """Nothing to load."""

    def speak(self, text: str, options: ToneOptions, path: Path) -> None:
        """Write the tones of `text` as a WAV of 22,050 Hz."""
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            file.writeframes(b"".join(_word(word, options) for word in text.split()))

    def voices(self) -> tuple[VoiceInfo, ...]:
        """One, for every language."""
        return (VoiceInfo(id="", language="", licence=self.licence),)


def _word(word: str, options: ToneOptions) -> bytes:
    def paced(ms: int) -> int:
        return ms * _OWN_WPM // options.words_per_minute

    letters = sum(char.isalpha() for char in word)
    digits = sum(char.isalnum() for char in word) - letters
    pause = _silence(paced(_PAUSES_MS.get(word[-1], 0) + _GAP_MS))
    if not letters and not digits:
        return pause
    bare = "".join(char for char in word.lower() if char.isalnum())
    half = _HALF_PERIODS[zlib.crc32(bare.encode("utf-8", "replace")) % len(_HALF_PERIODS)]
    sound_ms = _WORD_MS + _LETTER_MS * letters + _DIGIT_MS * digits
    return _tone(half * 100 // options.pitch_percent, paced(sound_ms)) + pause


def _tone(half: int, ms: int) -> bytes:
    """A swelling and ebbing tone of about `ms`: whole periods of twice `half` samples."""
    count = max(1, ms * RATE_HZ // (2000 * half))
    return b"".join(_period(half, _level(number, count)) for number in range(count))


def _level(number: int, count: int) -> int:
    """0 to 16, for one of `count` periods."""
    return min(16, 16 * (number + 1) // _ATTACK, 32 * (count - number) // (count + 1))


@functools.cache
def _period(half: int, level: int) -> bytes:
    """One period of a sine, by Bhaskara's formula of the 7th century: within 0.2 %, without a root.

    sin(pi * x) is about 16x(1-x) / (5 - 4x(1-x)) for x from 0 to 1; here x = place / half.
    """
    products = [place * (half - place) for place in range(half)]
    hill = [PEAK * level * product // (5 * half * half - 4 * product) for product in products]
    samples = array("h", hill + [-height for height in hill])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


@functools.cache
def _silence(ms: int) -> bytes:
    return bytes(2 * (ms * RATE_HZ // 1000))


ENGINE = Tone()
