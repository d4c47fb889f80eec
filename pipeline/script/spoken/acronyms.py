"""Capitals: letter by letter or as a word? And coined names that mix cases.

A word in capitals is said as a word if it is in a list of words that people say (short words, from
CMUdict; tests/bench/words.py makes it), or is long and has the vowels to be one. All else, which is
most capitals of research text, is spelled. Lexicon entries go before this.
"""

import gzip
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from .rules import Reading, joined

__all__ = ["is_word", "say_capitals", "say_mixed", "spell"]

_WORDS = Path(__file__).with_name("data") / "words.txt.gz"
_LISTED = 6
"""Letters of the longest word of the list; longer words are rarely initialisms."""
_SHORT_WORDS = frozenset(
    "AH AM AN AS AT BE BY DO EH GO HE HI HO IF IN IS IT LO ME MY NO OF OH ON OR OX SO TO UP WE YE YO".split()
)
"""Of two letters, the list knows too many names and notes."""
_VOWELS = re.compile("[AEIOUYÀ-ÖØ-Ý]")
_NO_WORD = re.compile("[^AEIOUYÀ-ÖØ-Ý]{5}|[AEIOU]{4}|(.)\\1\\1")

_CAPITALS = re.compile(r"([^\W\d_a-zß-öø-ÿ]{2,40}?)(['’]?s['’]?|['’])?")
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z]{2})|[A-Z]?[a-z]+|[A-Z]+s?(?![a-z])")
_SPLIT = re.compile(
    r"(?:[A-Z]?[a-z]{2,}+|[A-Z](?![a-z]{2}))+?[A-Z]{2,}s?|[A-Z][a-z][A-Z]{3,}s?|[A-Z]{1,}[A-Z][a-z]{3,}(?:[A-Z]\w*)?"
)
"""Mixed names that hold initials: small letters first (ChatGPT), or capitals (MTraining)."""
_SMALL_FIRST = re.compile(r"([a-z][A-Z]{2,5})((?:['’]?s)?)")
"""Initials of which the first is small: "mRNA", "vLLM"."""
_JOINED = re.compile(r"[A-Z]?[a-z]{2,}+(?:[A-Z][a-z]{2,}+)+")

_LETTER_A = "eigh"
_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "eighs,bees,sees,dees,ees,effs,jees,aitches,eyes,jays,kays,ells,ems,ens,ohs,pees,queues,ars,esses,tees,"
        "yews,vees,double yews,exes,wyes,zeds".split(","),
        strict=True,
    )
)
"""The plurals of letters, as English engines say them right."""


def spell(letters: str, ending: str = "") -> Reading:
    """Letter by letter, with a plural or possessive: "LLMs" → "L L M s", "GPT's" → "G P T's".

    Engines read a single "A" as the article and "M's" as anything, so their sounds are spelled out.
    """
    spelled = " ".join(letters)
    spoken = f"{spelled} s" if ending == "s" else f"{spelled}'s" if ending else spelled
    sounds = [_LETTER_A if letter == "A" else letter for letter in letters]
    if ending:
        sounds[-1] = _LETTERS.get(letters[-1], f"{letters[-1]}'s")
    sound = "AI" if (letters, ending) == ("AI", "") else " ".join(sounds)
    return Reading(spoken, sound="" if sound == spoken else sound)


@cache
def is_word(capitals: str) -> bool:
    """Whether capitals, such as "NASA" or "HUGE", are said as a word."""
    if len(capitals) == 2:
        return capitals in _SHORT_WORDS
    vowels = len(_VOWELS.findall(capitals))
    if len(capitals) <= _LISTED:
        return vowels > 0 and capitals in _words()
    return vowels * 4 >= len(capitals) and not _NO_WORD.search(capitals)


def say_capitals(word: str) -> Reading | None:
    """A word in capitals, with its plural or possessive ending; None if it is none."""
    found = _CAPITALS.fullmatch(word)
    if found is None or not found[1].isupper():
        return None
    stem, ending = found[1], (found[2] or "").replace("’", "'")
    if is_word(stem):
        return Reading(stem.capitalize() + ending, 90, "capitals-word")
    confidence = 80 if len(stem) < 5 else 55
    return replace(spell(stem, ending), confidence=confidence, rule="letters")


def say_mixed(word: str) -> Reading | None:
    """A coined name such as "ChatGPT" or "MTraining"; None if it is said as it is written."""
    if found := _SMALL_FIRST.fullmatch(word):
        return replace(spell(found[1].upper(), found[2]), confidence=80, rule="letters")
    if _JOINED.fullmatch(word):
        return Reading(word, 90, "joined", sound=" ".join(_PARTS.findall(word)))
    if not _SPLIT.fullmatch(word) or word[1:].islower():
        return None
    said = (say_capitals(part) or Reading(part) for part in _PARTS.findall(word))
    return joined(said, confidence=70, rule="mixed-case")


@cache
def _words() -> frozenset[str]:
    return frozenset(gzip.decompress(_WORDS.read_bytes()).decode("ascii").split())
