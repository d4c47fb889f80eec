"""Amounts with a scale: "2.5M images", "from 1.5B to 32B parameters", "a 128k context", "3 million"."""

import re

from .magnitudes import NUMBER, opens, sign_word, to_word
from .numerals import decimal
from .rules import DIGIT, Reader, Reading, Rule, late

__all__ = ["RULES", "SCALES", "counts", "is_counted"]

SCALES = {
    "k": "thousand", "K": "thousand", "M": "million", "B": "billion", "T": "trillion", "bn": "billion",
    "mn": "million", "MM": "million", "thousand": "thousand", "million": "million", "billion": "billion",
    "trillion": "trillion",
}  # fmt: skip
_COUNTED = (
    "annotations? answers? articles? atoms? barrels? bases cars? cells? citations? clips? compounds? "
    "conversations? copies datapoints? dialogues? documents? dollars downloads edges? entities entries "
    "events? examples? exons? followers galaxies genes? genomes? homes households hours? images? "
    "individuals inhabitants instances? instructions iterations? jobs? labels? lines? messages? "
    "molecules? neurons? nodes? objects? pages? pairs? papers? parameters? params? participants patches? "
    "patients? people photos? pixels? points? posts? problems? prompts? proteins? publications? queries "
    "questions? reads? records? residents reviews? rows? samples? sentences? sequences? simulations? "
    "snippets? stars? steps? structures? subscribers tasks? tokens? tons trajectories transactions? "
    "triples? tweets? units? users? utterances? variants? vertices videos views? visits? voxels? words? "
    "years?"
)
"""Things that are counted by the thousand and the million."""
_NO_ADJECTIVE = (
    r"(?:and|as|at|are|by|for|from|has|have|in|into|is|model|models|of|on|or|per|than|that|the|to|using|was|were"
    r"|which|while|with|within)\b"
)
_THING = (
    rf"(?:[ -](?!{_NO_ADJECTIVE})[A-Za-z][A-Za-z]{{1,15}}(?:-[A-Za-z]{{1,15}}){{0,2}}){{0,2}}?"
    rf"[ -](?:{'|'.join(_COUNTED.split())})(?![\w])"
)
_ENDS = (
    rf"(?:[ ]?(?:to|,[ ]and|and|or|–|--|-|/|,)[ ]?{NUMBER}[ ]?(?:[kKMBT]|thousand|million|billion)(?![\w]))"
)
_COUNTED_THING = late(_THING)
_COUNTS = late(rf"\+?{_ENDS}{{0,3}}{_THING}")
_FORMATS = frozenset(("2K", "4K", "8K"))
_FRAMES = late(r"[ -](?:frame|image|photo|pixel|video)")
"""What has so many thousand pixels across."""
_SLASHED = late(r"/[0-9.]{1,8}[kMB](?![\w])")
_VERSIONED = late(
    r"(?<!\w)(?!Table|Figure|Section|Step|Chapter)[A-Z][A-Za-z]{2,20}[ -]?[0-9]{1,2}(?:\.[0-9])?[ ]\Z"
)
"""A model and its version, from which a pause parts its size: "Llama 3.1 70B"."""
_LONGEST_NAME = 30
_BEFORE_SLASH = late(r"[0-9][kMB]/\Z")

_RANGE = late(
    rf"(?P<first>{NUMBER})(?P<unit>[kKMBT])[ ]?(?:–|--|-|—|−)[ ]?(?P<last>{NUMBER})"
    r"(?P<letter>[kKMBT])(?![\w-])"
)
_SCALED = late(
    rf"(?P<sign>[-−+])?(?P<first>{NUMBER})(?:(?:[ ](?!k-))?(?P<letter>k|K|M|B|T|bn|mn|MM)(?P<plus>\+)?"
    rf"(?![\w])|[ ](?P<word>thousand|million|billion|trillion)(?![\w]))(?P<hyphen>-(?=[a-z]))?"
)


def counts(text: str, end: int) -> bool:
    """Whether what an amount is of follows at `end`, with other ends of its range before: "M tokens"."""
    return _COUNTS.match(text, end) is not None


def is_counted(text: str, end: int) -> bool:
    """Whether what an amount is of follows right at `end`: " learnable parameters"."""
    return _COUNTED_THING.match(text, end) is not None


def _is_million(match: re.Match[str]) -> bool:
    """Whether a letter stands for its scale by what is counted, or by a stroke to another such amount."""
    text, end = match.string, match.end()
    if counts(text, end - match[0].endswith("-")):
        return match[0].rstrip("-") not in _FORMATS or not _FRAMES.match(text, end)
    if match["letter"] == "B":
        return False
    return bool(
        _SLASHED.match(text, end) or _BEFORE_SLASH.search(text[max(0, match.start() - 3) : match.start()])
    )


def _range(match: re.Match[str], reader: Reader) -> str:
    """ "1B-7B parameters", "8B--120B"."""
    letters = [SCALES[letter] if _is_million(match) else letter for letter in match.group("unit", "letter")]
    return f"{decimal(match['first'])} {letters[0]} {to_word(match)} {decimal(match['last'])} {letters[1]}"


def _scaled(match: re.Match[str], reader: Reader) -> Reading | None:
    letter, word = match["letter"], match["word"]
    if match["sign"] in ("-", "−") and not opens(match):
        return None
    number = sign_word(match["sign"], match) + decimal(match["first"])
    plus = " plus" if match["plus"] else ""
    if word:
        return Reading(f"{number} {word}")
    if len(letter) > 1 or _is_million(match):
        return Reading(f"{number} {SCALES[letter]}{plus}")
    before = match.string[max(0, match.start() - _LONGEST_NAME) : match.start()]
    comma = ", " if _VERSIONED.search(before) else ""
    return Reading(f"{comma}{number} {letter}{plus}", 100 if " " in match[0] else 80)


RULES = (
    Rule("scaled", "range", DIGIT, _RANGE, _range),
    Rule("scaled", "number", DIGIT + ".-−+", _SCALED, _scaled),
)
