"""Text as it sounds: words without what is written in several ways and heard as one.

Both sides are folded alike, what was to be said and what was heard, so that only how alike two foldings are
means anything.
"""

import re
import unicodedata
from collections import Counter

__all__ = ["folded", "likeness"]

Words = tuple[str, ...]

_SOUNDS = tuple(
    (re.compile(written), sound)
    for written, sound in (
        (r"[^a-z]", ""),
        (r"^wr", "r"),
        (r"^kn", "n"),
        (r"ph", "f"),
        (r"tch", "j"),
        (r"[td]ge?|ch", "j"),
        (r"gh", ""),
        (r"c(?=[eiy])", "s"),
        (r"ck|c|q", "k"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"(?<=[aeiouy])[hw]", ""),
        (r"[aeiouy]+", "a"),
        (r"(.)\1+", r"\1"),
        (r"(?<=[^a])a$", ""),
    )
)
"""What is written, and one letter for how it sounds: vowels are what recognisers confuse most."""
_SPELT = re.compile(r"\b\w(?: \w\b)+")


def folded(text: str) -> Words:
    """The words of a text, in the order in which they are said."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("&", " and ").replace("%", " percent "))
    plain = re.sub(r"['’\u0300-\u036f]", "", plain)
    plain = " ".join(re.sub(r"[^\w]|_", " ", plain).split())
    return tuple(_SPELT.sub(lambda letters: letters[0].replace(" ", ""), plain).split())


def sound_of(word: str) -> str:
    """A word as it sounds, roughly; itself if no sound of it is known."""
    sound = word
    for pattern, replacement in _SOUNDS:
        sound = pattern.sub(replacement, sound)
    return sound or word


def likeness(one: str, other: str) -> float:
    """How alike two words are by the pairs of letters in them, 0 to 1 (Dice)."""
    if one == other:
        return 1.0
    a, b = (Counter(zip(f"^{word}", f"{word}$", strict=True)) for word in (one, other))
    return 2 * (a & b).total() / (a.total() + b.total())
