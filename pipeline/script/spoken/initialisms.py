"""Initialisms that look like words: told by the text around them.

"ART" is a word in a headline and three letters in "antiretroviral therapy (ART)". Such capitals are
spelled if the text gives the words that they begin, if a value follows, if they go with other
initials, or if they stand among small letters and are mostly initials there.
"""

import re
from dataclasses import replace
from functools import lru_cache

from .acronyms import spell
from .rules import LETTER, Reader, Reading, Rule, word_after, word_before

__all__ = ["RULES", "in_context"]

_SAID = frozenset(
    (
        "ACE AID AIM APE ARC ARM BAT BED BOW BUS CAM CAN CAP CAR CAT COP DAG DAM DOG EAR ECO FAN FIT "
        "FOX GAN GAP GAS GEM GIT HOG HUB ICE JIT KIT LAB LAN LEO LIP MAC MAD MAP MAX MIX NET OAK ORB "
        "PAM PEG PET PIN POP RAG RAM RAP RAS RED RIM RIO RIP ROM SAM SAR SAT SIM SKY SOY SUN TAG TAP TED "
        "TIP TOP WAN WAR WEB WIN ZIP"
    ).split()
)
"""Of three letters, initials that are said as a word though a text spells them out."""
_EMPHASISED = frozenset(
    (
        "ALL AND ANY ARE AS AT BUT BY CAN DO FEW FOR HAS HOW IF IN IS ITS NEW NO NOR NOT NOW OF OFF "
        "ON ONE OR OUR OUT SO THE TO TWO UP WAS WHY YES YET"
    ).split()
)
"""Words that are written large for stress."""
_SHORT = frozenset("AH AM AN BE EH GO HE HI HO IT LO ME MY OH OX WE YE YO".split())
_OFTEN_INITIALS = _SHORT | frozenset(
    (
        "AMP APP APT ART ATE CAD COD COS DOE ENG EON FIB FIR FLU HIP ILL IRE MED MEN MOM NOD "
        "ORE PAL PAN PAP PAR PEA PEP PER POW PRE RES ROE SAC SAG SEC SIC SOD SOL SPA TEA TIC TOE URN "
        "VIE WHO ZEN"
    ).split()
)
"""Words that in capitals, among small letters, are initials."""
_CAPITALS = re.compile(r"([A-Z]{2,4})((?:['’]?s)?)(?![\w]|[-‐‑/&+.'’@][\w])")
_VALUE = re.compile(r"(?:[ ]?[=<>≤≥]|[,:]?[ ](?:of[ ])?[0-9]{1,4}\.[0-9]|[,;:]?[ ][0-9]{2}%[ ]CI)")
_DETERMINERS = frozenset("a an crude each every our per pooled that the their this".split())

_GLOSS = re.compile(r"\(([A-Z]{2,4})s?(?=[),;/: ])")
_LONG_FORM = 90
"""Characters before a gloss in which its words are looked for."""


def in_context(reading: Reading, written: str, match: re.Match[str]) -> Reading:
    """The reading of capitals in a name or alone: spelled if what is around the match says so."""
    stem = written.removesuffix("s").rstrip("'’") if written[-1:] == "s" else written
    is_initials = stem in glossed(match.string) or (stem in _OFTEN_INITIALS and not match[0].isupper())
    return _spelled(stem, written) if reading.rule == "capitals-word" and is_initials else reading


def _spelled(stem: str, written: str) -> Reading:
    return replace(spell(stem, written[len(stem) :].replace("’", "'")), confidence=70, rule="letters")


@lru_cache(maxsize=16)
def glossed(text: str) -> frozenset[str]:
    """The capitals in brackets in a text that are made of the words before, and are no words."""
    return frozenset(
        found[1]
        for found in _GLOSS.finditer(text)
        if found[1] not in _SAID
        and len(found[1]) < 4
        and _begins(found[1], text[max(0, found.start() - _LONG_FORM) : found.start()])
    )


def _begins(letters: str, before: str) -> bool:
    """Whether letters stand in this order in the last words, the first of them at the head of a word."""
    words = before.lower().split()[-2 * len(letters) - 1 :]
    text = " ".join(words).replace("-", " ")
    end = len(text)
    for letter in reversed(letters[1:].lower()):
        end = text.rfind(letter, 0, end)
        if end < 1:
            return False
    return f" {letters[0].lower()}" in f" {text[:end]}"


def _capitals(match: re.Match[str], reader: Reader) -> Reading | None:
    """ "the OR", "SOD activity", "stochastic heat inflow (SHI)"."""
    stem = match[1]
    reading = reader.word(match[0])
    if reading.rule not in ("capitals-word", "letters"):
        return None
    if reading.rule == "capitals-word" and _is_spelled(stem, match):
        return _spelled(stem, match[0])
    return None


def _is_spelled(stem: str, match: re.Match[str]) -> bool:
    if stem in glossed(match.string):
        return True
    if len(stem) > 3 or stem in _SAID:
        return False
    if len(stem) == 2 and word_before(match).lower() in _DETERMINERS and _follows_small(match):
        return True
    if _VALUE.match(match.string, match.end()) and not _is_loud(word_before(match)):
        return stem not in _EMPHASISED or stem == "OR"
    return stem in _OFTEN_INITIALS and _is_among_small(match)


def _follows_small(match: re.Match[str]) -> bool:
    return re.match(r"[ ][a-z(]|[,.;:)]", match.string[match.end() : match.end() + 2]) is not None


def _is_among_small(match: re.Match[str]) -> bool:
    """Whether a word in small letters stands beside, and none in capitals."""
    around = (word_before(match), word_after(match))
    return any(word[1:].islower() or word.islower() for word in around) and not any(map(_is_loud, around))


def _is_loud(word: str) -> bool:
    return len(word) > 1 and word.isupper()


RULES = (Rule("letters", "letters", LETTER, _CAPITALS, _capitals),)
