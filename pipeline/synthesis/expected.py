"""How long will a text sound? A text and a pace in, the least and the most seconds out.

That time is foretold from syllables, letters and pauses. What cannot be foretold is bounded from both
sides: "1987" may be said as two words or as six, "BERT" as one word or four letters, and a sign may be
silent.
"""

import re

from .engine import USUAL_WPM

__all__ = ["bounds_of", "bounds_s", "expected_s"]

SHORTEST, LONGEST = 0.72, 1.6
"""A sound may last this part of what is expected; real lines lasted 0.77 to 1.37 of it."""
SHORT_SLACK_S, LONG_SLACK_S = 0.15, 0.2
"""And this much less or more: single words vary."""

# Fitted to 696 lines of Pico and eSpeak; ordinary words need no more than one number.
_SYLLABLE_S, _LETTER_S = 0.095, 0.035
_COMMA_S, _STOP_S = 0.4, 0.32
_ANY_S = 0.15
"""Of every line: its last syllable is drawn out."""

# What is read in several ways: if briefly, and if at length.
_CAPITAL_S = (0.06, 0.3)
"""Of a word in capitals or without a vowel, a letter: part of it, or its name."""
_DIGIT_S = (0.1, 0.6)
_SIGN_S = (0.0, 1.2)
"""A sign, a point within a word, or a letter of another script than the Latin: unsaid, or its name; but
a hyphen between letters is not said by any engine that was measured."""
_LONG_WORD = 24
"""Letters; engines spell longer ones."""

_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouyà-æè-ïò-öø-ýÿœ]+")
_SAID = r"(?:(?<=\w)|(?<=\w[)\]\"'”’%]))"
_GOES_ON = r"(?=\s[\W_]{0,20}[^\W_])"
"""A mark is a pause after a word and before another."""
_COMMA = re.compile(rf"{_SAID}[,;:]{_GOES_ON}")
_STOP = re.compile(rf"{_SAID}[.!?…]+[\"'”’)]*{_GOES_ON}")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐‑](?=[^\W\d_])")
_POINT = re.compile(r"[.,;:!?](?=[\w.,;:!?])")
_PUNCTUATION = frozenset(" \t\n\r,;:.!?…'’‘\"“”()–—")


def expected_s(text: str, words_per_minute: int = USUAL_WPM) -> tuple[float, float]:
    """How long the sound of `text` lasts, in seconds: if all is read briefly, and if at length."""
    text = _HYPHEN.sub(" ", text)
    rest = _WORD.sub("", text)
    digits = sum(char.isdigit() for char in rest)
    signs = sum(not char.isdigit() and char not in _PUNCTUATION for char in rest) + len(_POINT.findall(text))
    begun = text.strip("".join(_PUNCTUATION))
    pauses_s = _COMMA_S * len(_COMMA.findall(begun)) + _STOP_S * len(_STOP.findall(begun))
    bounds = [
        (_ANY_S + pauses_s, _ANY_S + pauses_s),
        (_DIGIT_S[0] * digits, _DIGIT_S[1] * digits),
        (_SIGN_S[0] * signs, _SIGN_S[1] * signs),
        *(_word_s(word) for word in _WORD.findall(text)),
    ]
    scale = USUAL_WPM / words_per_minute
    return sum(least for least, _ in bounds) * scale, sum(most for _, most in bounds) * scale


def bounds_s(text: str, words_per_minute: int = USUAL_WPM) -> tuple[float, float]:
    """How long the sound of `text` lasts at least and at most, in seconds, if all of it is there."""
    return bounds_of(expected_s(text, words_per_minute))


def bounds_of(expected: tuple[float, float]) -> tuple[float, float]:
    """The same, of what `expected_s` says."""
    return SHORTEST * expected[0] - SHORT_SLACK_S, LONGEST * expected[1] + LONG_SLACK_S


def _word_s(word: str) -> tuple[float, float]:
    letters = len(word)
    said = _SYLLABLE_S * _syllables(word) + _LETTER_S * letters
    is_spelled = word.isupper() or not _VOWELS.search(word.lower()) or letters > _LONG_WORD
    if not is_spelled:
        return said, said
    return min(said, _CAPITAL_S[0] * letters), max(said, _CAPITAL_S[1] * letters)


def _syllables(word: str) -> int:
    """Groups of vowels, without a final e or ed that is not heard: right for nine words in ten."""
    lower = word.lower()
    count = len(_VOWELS.findall(lower))
    is_mute = lower.endswith("e") and not lower.endswith(("le", "ee", "ye"))
    is_mute_past = lower.endswith("ed") and not lower.endswith(("ted", "ded"))
    inner_capitals = len(re.findall(r"(?<=[a-z])[A-Z]", word))
    return max(1, count - (is_mute or is_mute_past)) + inner_capitals
