"""What a rule of speech is: where it may begin, what it matches, what is said for it.

A family of rules is one file with a tuple of these; tokens.py tries them in order at the start of
each piece of text that is not a plain word. A rule that finds that it does not apply after all
says None, and the next one is asked. Patterns are bounded, so that the time stays linear in the
text; what stands before a match is seen through `match.string`, never consumed.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, cast

__all__ = [
    "ALPHABETIC",
    "ALPHANUMERIC",
    "DIGIT",
    "GREEK",
    "LETTER",
    "Reader",
    "Reading",
    "Rule",
    "Say",
    "describes",
    "folded",
    "joined",
    "late",
    "noun_follows",
    "word_after",
    "word_before",
]

DIGIT = "0123456789"
"""`starts` of rules for what begins with a digit."""
LETTER = "a"
"""`starts` of rules for what begins with any letter but is no plain word, Greek ones left out."""
GREEK = "αβγδεζηθικλμνξοπρςστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩµϵϑϕϖϱ"
"""`starts` of rules for what begins with a Greek letter, which is a symbol more often than a word."""
_NO_LETTERS = "Ͱ-Ͽἀ-῿µº¹²³¼-¾⁰-₟⅐-↉①-⓿❶-➓"
ALPHABETIC = rf"[^\W\d_{_NO_LETTERS}]"
"""The pattern of one letter of a word; Greek ones and what re takes for letters, as powers, are none."""
ALPHANUMERIC = rf"[^\W_{_NO_LETTERS}]"
"""The pattern of one such letter or digit."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is said for a match."""

    spoken: str
    """Words, single-spaced; "" if nothing is said."""
    confidence: int = 100
    """How surely, in percent; below 60 a host is asked to look."""
    rule: str = ""
    """What decided it, if not the rule itself."""
    sound: str = ""
    """What an engine without phonemes is given instead, such as "archive" for "arXiv"."""
    ipa: str = ""
    """How it sounds, in the International Phonetic Alphabet, where that is known."""
    length: int = 0
    """Characters of the match that it is for, if not all of it."""


class Reader(Protocol):
    """What a rule may ask about the text it stands in."""

    def say(self, text: str) -> str:
        """A part of a match, said by all the rules: words, single-spaced."""
        ...

    def word(self, word: str) -> Reading:
        """One word without spaces or digits, said by the lexicon or else by its letters' case."""
        ...


Say = Callable[[re.Match[str], Reader], Reading | str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of reading one kind of thing."""

    name: str
    """As `--explain` shows it, such as "money-range"."""
    cls: str
    """The class of the token it makes, such as "money"."""
    starts: str
    """The characters it may begin with: literal ones, DIGIT, LETTER, or any of them together; none if
    `words` are all its beginnings."""
    pattern: re.Pattern[str]
    say: Say
    words: frozenset[str] = frozenset()
    """Plain words, in lower case, that it may begin with, such as "july"; LETTER does not cover them."""
    confidence: int = 100


def late(source: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern that is compiled when it is first asked for: a text needs few of them, and all take 0.2 s."""
    return cast("re.Pattern[str]", _Late(source, flags))


class _Late:
    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, value)  # from now on without a detour
        return value


def folded(text: str) -> str:
    """Small letters, as a pattern that ignores case takes them: it also takes ſ for s and ı for i."""
    return text.casefold().replace("ı", "i")


def joined(parts: Iterable[Reading], *, confidence: int = 100, rule: str = "") -> Reading:
    """One reading of several words or letters in a row."""
    listed = tuple(parts)
    spoken = " ".join(part.spoken for part in listed)
    sound = " ".join(part.sound or part.spoken for part in listed)
    return Reading(spoken, confidence, rule, sound="" if sound == spoken else sound)


_BEFORE = re.compile(r"([^\W_]{1,30}+(?:[.'’\-][^\W_]{1,30}+)*)[.,]?[ \t\xa0]{0,2}\(?\Z")
_AFTER = re.compile(r"[.,]?[ \t\xa0]{0,2}([^\W\d_]{1,30}+)")
_NOUN = re.compile(r"[ -](?!(?:and|as|at|by|for|in|is|of|on|or|per|to|was|with)\b)[a-z]{3}")
_WINDOW = 40


def word_before(match: re.Match[str]) -> str:
    """The word before a match, as written and without its full stop; "" if there is none."""
    before = match.string[max(0, match.start() - _WINDOW) : match.start()]
    last = before.rfind(" ", 0, len(before) - 3) + 1
    found = _BEFORE.search(before, last)
    return found[1] if found else ""


def describes(match: re.Match[str]) -> bool:
    """Whether an amount goes with the noun after it, as in "a 5 km run", and its unit has no plural."""
    return word_before(match).lower() in ("a", "an") and noun_follows(match)


def noun_follows(match: re.Match[str]) -> bool:
    """Whether a word follows that may be what an amount is of."""
    return _NOUN.match(match.string, match.end()) is not None


def word_after(match: re.Match[str]) -> str:
    """The word of letters after a match, as written; "" if something else follows."""
    found = _AFTER.match(match.string, match.end())
    return found[1] if found else ""
