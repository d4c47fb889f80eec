"""Citations that a sentence cannot do without: "according to [7]", "the authors of [3]", "[5] disagrees".

A number in brackets is for the eye and goes unsaid, unless the word before it would be left hanging or
nothing stands before it in the sentence. Then it is a noun: reference seven.
"""

import re

from .rules import Reader, late
from .sentences import sentence_ends

__all__ = ["KEY", "begins_sentence", "is_governed", "is_object", "named"]

KEY = r"(?:[0-9]{1,3}|[A-Z][A-Za-z+]{1,5}[0-9]{2}[a-z]?)"
"""The pattern of what a citation in brackets holds, such as "12" or "AB99"."""
_GOVERNING = frozenset(
    "against and as between both for like on or than to unlike using via with without".split()
)
"""Words that say nothing without what follows them."""
_ADVERBIAL = frozenset(("early", "further", "later", "so"))
"""Words with which "on" is complete."""
_JOINING = frozenset("although because but if since that whereas which while".split())
"""Words after which a clause begins."""
_HANGING = frozenset(
    "appear appears are as available be found given is ones taken than that those was were".split()
)
"""Words after which "in [3]" is more than a place to look: "can be found in [3]"."""
_MEASURED = frozenset("interval intervals list range ranges set shape size tuple value values vector".split())
"""What may be of numbers of its own in brackets."""
_BEFORE = late(r"(?P<other>[A-Za-z]{1,20}[ \xa0~])?(?<![A-Za-z])(?P<word>[A-Za-z]{1,20})[ \xa0~]\Z")
_GOES_ON = late(r"[ ][a-z]{2}")
_WINDOW = 60
_OPENER = late(r"(?:\A|(?<=\s))[A-Z][a-z]{3,14},[ ]\Z")
"""Of a sentence: "Recently, [20] proposed"."""
_PAIR = late(r"\[[0-9]{1,3}, ?[0-9]{1,3}\]")
_RANGED = late(
    r"(?i:\b(?:clamp|clip|continu|defin|integra|interval|map|normali[sz]|quantil|rescal|restrict|scal|uniform)"
    r"[a-z]*[^.;]{0,40}\Z)"
)
"""What goes before a pair of numbers that are bounds: "uniform on [1, 10]"."""
_JOINT = late(rf"(?P<joint>[ ]{{0,2}}(?:[,;–&-]|and|or){{1,2}}[ ]{{0,2}}(?:(?:and|or|&)[ ])?)(?={KEY}(?!\w))")


def is_governed(match: re.Match[str]) -> bool:
    """Whether the word right before a citation needs it: "to", "than", "while" before a verb."""
    other, word = _words_before(match)
    before = match.string[max(0, match.start() - _WINDOW) : match.start()]
    if _PAIR.fullmatch(match[0]) and _RANGED.search(before):
        return False
    if word in _JOINING:
        return _GOES_ON.match(match.string, match.end()) is not None
    is_needed = word in _GOVERNING and (word != "on" or other not in _ADVERBIAL)
    return is_needed or (other, word) == ("see", "also")


def is_object(match: re.Match[str]) -> bool:
    """Whether a match that begins with its preposition, as "in [3]", says what the sentence is about.

    What is "of [Doe19]" is known by its name, not by that key.
    """
    first, word = match[0].split(maxsplit=1)[0].lower(), _words_before(match)[1]
    if first == "of":
        return match["cited"][1].isdecimal() and word not in _MEASURED
    return first == "see" or word in _HANGING


def begins_sentence(match: re.Match[str]) -> bool:
    """Whether a citation is the subject of its sentence: nothing before it, and a verb or "and" after it."""
    if not _GOES_ON.match(match.string, match.end()):
        return False
    first = max(0, match.start() - _WINDOW)
    before = match.string[first : match.start()]
    around = match.string[first : match.end() + _WINDOW]
    opener = _OPENER.search(before)
    begun = before[: opener.start()] if opener else before
    return not begun.strip() or len(begun) in sentence_ends(around)


def _words_before(match: re.Match[str]) -> tuple[str, str]:
    """The two words before a match, in small letters, with nothing but a blank after each."""
    found = _BEFORE.search(match.string[max(0, match.start() - _WINDOW) : match.start()])
    return ((found["other"] or "").strip().lower(), found["word"].lower()) if found else ("", "")


def named(cited: str, reader: Reader) -> str:
    """ "[3], [7]–[9]" → "references three and seven to nine"."""
    pieces = _JOINT.split(re.sub(r"[\[\]]", "", cited))
    keys, joints = [reader.say(key) for key in pieces[::2]], [_joint(joint) for joint in pieces[1::2]]
    if joints and not {" and ", " or "} & {*joints} and ", " in joints:
        last = len(joints) - 1 - joints[::-1].index(", ")
        joints[last] = " and "
    said = "".join(part for pair in zip(keys, [*joints, ""], strict=True) for part in pair)
    return f"{'references' if joints else 'reference'} {said}"


def _joint(written: str) -> str:
    if "or" in written:
        return " or "
    if "and" in written or "&" in written:
        return " and "
    return ", " if "," in written or ";" in written else " to "
