"""How a show says its words: written → said, before any rule is asked."""

import re

__all__ = ["say_word"]

_PARTS = re.compile(r"[^\W\d_]+(?=\d)|[^-]+")
"""Of a composed word: letters before a number, and what hyphens part."""

_ENDINGS = ("'s", "’s", "s")


def say_word(written: str, lexicon: dict[str, str]) -> tuple[str, str]:
    """What is said for a word, and the rule that said so.

    The lexicon is tried with the whole word, then without a plural or possessive ending, then with
    each part of a composed word ("Qwen2.5-3B": Qwen, 2.5, 3B). An unknown word is said as written.
    """
    if (said := _say(written, lexicon)) is not None:
        return said, "lexicon"
    parts = _PARTS.findall(written)
    found = [_say(part, lexicon) for part in parts]
    if len(parts) > 1 and any(part is not None for part in found):
        return " ".join(new or old for new, old in zip(found, parts, strict=True)), "lexicon-part"
    return written, "as-written"


def _say(word: str, lexicon: dict[str, str]) -> str | None:
    if word in lexicon:
        return _spell(word, lexicon[word])
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and stem in lexicon:
            spoken = _spell(stem, lexicon[stem])
            return f"{spoken}'s" if ending != "s" or lexicon[stem] == "letters" else f"{spoken}s"
    return None


def _spell(word: str, entry: str) -> str:
    if entry == "letters":
        return " ".join(filter(str.isalnum, word))
    return word.capitalize() if entry == "word" else entry
