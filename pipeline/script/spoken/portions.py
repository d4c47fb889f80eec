"""Parts of a whole: fractions of every look, mixed numbers, counts such as "18/23", splits."""

import re
import unicodedata

from .numerals import cardinal, ordinal
from .rules import DIGIT, LETTER, Reader, Rule, late, word_before

__all__ = ["RULES", "VULGARS", "after_whole"]

VULGARS = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_SPLIT = late(r"([0-9]{1,3})/([0-9]{1,3})/([0-9]{1,3})(?![\w/])")
_INCHES = late(r"(?P<top>[1-9][0-9]?)/(?P<bottom>2|4|8|16|32|64)[\"”″](?!\w)")
_MIXED = late(
    r"(?P<whole>[0-9]{1,6})(?:[ ]|-)(?P<top>[0-9]{1,5})/(?P<bottom>[0-9]{1,5})(?:th|rd|nd|s)?(?![\w/])"
)
_FRACTION = late(
    r"(?P<top>[0-9]{1,5})[ ]?[/⁄][ ]?(?P<bottom>[0-9]{1,5})(?P<suffix>th|ths|rd|rds|nd|TH|RD|ND)?"
    r"(?![\w/]|\.[0-9])"
)
_COUNT = late(
    r"(?P<top>[0-9]{1,6}|[0-9]{1,3},[0-9]{3})/(?P<bottom>[0-9]{1,6}|[0-9]{1,3},[0-9]{3})(?![\w/]|[.,][0-9])"
)
_THINGS = late(
    r"[ ](?:[a-z]{3,15}(?:-[a-z]{2,15})?[ ]){0,2}?"
    r"(?!(?:is|was|has|as|across|plus|thus)\b)(?:[A-Za-z]{2,20}s"
    r"|children|criteria|foci|loci|m[ei]n|mice|nuclei|people|taxa|women)(?![\w])"
)
_BRACKETED = late(r"[);,]|[ ]?\[|[ ](?:vs|versus|and)\b")
_USUAL = 10
"""Up to this denominator what is counted may as well be a fraction."""
_NO_FRACTION = 20
"""From this denominator more than the whole is no fraction: a blood pressure of 120/80."""
_NAMED = 100
"""Up to this a denominator is an ordinal; beyond it only if it is in hundreds."""
_SAYINGS = {"24/7": "twenty four seven", "9/11": "nine eleven"}
_GRADED = frozenset("class grade grades group groups level phase schedule stage stages type types".split())
_SCORED = frozenset("achieved achieves gets got is only reached scored scores solved solves was were".split())
"""Before how many of all were right: "exact match was 58/100"."""
_VAGUE = frozenset("is only was were".split())
"""Of those, what is said of any fraction: "the probability is 7/12"."""
_COUNTED = frozenset("part page slide".split())
"""What goes by a number of so many."""
_SPLIT_NAMED = late(r"[ ](?:split|chance|meter|mixture|ratio|signature|time)\b")
_SEEN = frozenset(("acuity", "vision", "of", "than"))
"""Before a vision such as 20/40."""
_CASES = late(
    r"[ ](?:[a-z]{4,12}[ ])?(?:animals|cases|children|controls|eyes|females|males|m[ei]n|mice|models"
    r"|participants|patients|people|rats|runs|samples|specimens|studies|subjects|tasks|trials|women)(?![\w])"
)
"""What is counted one by one even if there are few."""
_TIMES = late(r"[ ](?:days|hours|inches|miles|minutes|months|weeks|years)\b")
_OF_SHARE = late(r"%[ ]?[(\[]\Z")
_PRESSURE = late(r"(?P<top>[0-9]{2,3})/(?P<bottom>[0-9]{2,3})(?=[ ]?mm[ ]?Hg)")
_VULGAR = late(r"(?:(?P<whole>[0-9]{1,6})[ ]?)?(?P<part>[¼-¾⅐-⅞])")
_JOINED = late(r"(?P<word>[Ss]pin|[a-z]{3,20})-(?P<top>[0-9]{1,2})/(?P<bottom>[2-9])(?![\w/])")
_DENOMINATORS = {2: ("half", "halves"), 4: ("quarter", "quarters")}


def after_whole(top: int, bottom: int) -> str | None:
    """The fraction after a whole number: 1, 2 → "a half", 3, 4 → "three quarters"."""
    return "a half" if (top, bottom) == (1, 2) else _parts(top, bottom)


def _parts(top: int, bottom: int) -> str | None:
    """A fraction in words: 3, 4 → "three quarters"; None if it has no such reading, as over zero."""
    if bottom < 1:
        return None
    if bottom == 1:
        return f"{cardinal(top)} over one"
    one, many = _DENOMINATORS.get(bottom) or (ordinal(bottom), f"{ordinal(bottom)}s")
    return f"{cardinal(top)} {one if top == 1 else many}"


def _mixed(match: re.Match[str], reader: Reader) -> str | None:
    part = after_whole(int(match["top"]), int(match["bottom"]))
    return part and f"{cardinal(match['whole'])} and {part}"


def _inches(match: re.Match[str], reader: Reader) -> str | None:
    """ "3/8\"": of an inch, if the mark closes no quotation."""
    if match.string[: match.start()].count('"') % 2:
        return None
    return f"{_parts(int(match['top']), int(match['bottom']))} of an inch"


def _split(match: re.Match[str], reader: Reader) -> str:
    """ "80/10/10": the parts of a whole."""
    return " ".join(map(cardinal, match.groups()))


def _count(match: re.Match[str], reader: Reader) -> str | None:
    """ "(18/23)", "62/4103 genes": so many of so many."""
    top, bottom = (int(match[part].replace(",", "")) for part in ("top", "bottom"))
    before = match.string[max(0, match.start() - 4) : match.start()]
    in_brackets = before[-1:] in ("(", "[") and _BRACKETED.match(match.string, match.end())
    is_share = in_brackets and _OF_SHARE.search(before)
    text, end = match.string, match.end()
    is_few = bottom <= _USUAL and not (is_share or _CASES.match(text, end))
    is_other = match[0] in _SAYINGS or word_before(match).lower() in _GRADED or _TIMES.match(text, end)
    if not 0 <= top <= bottom or is_few or is_other or not (in_brackets or _THINGS.match(text, end)):
        return None
    return f"{cardinal(top)} of {cardinal(bottom)}"


def _pressure(match: re.Match[str], reader: Reader) -> str:
    """That of blood: "120/80 mmHg"."""
    return f"{cardinal(match['top'])} over {cardinal(match['bottom'])}"


def _fraction(match: re.Match[str], reader: Reader) -> str | None:
    if match[0] in _SAYINGS:
        return _SAYINGS[match[0]]
    top, bottom = int(match["top"]), int(match["bottom"])
    joiner = None if match["suffix"] else _joiner(match, top, bottom)
    return _parts(top, bottom) if joiner is None else f"{cardinal(top)}{joiner} {cardinal(bottom)}"


def _joiner(match: re.Match[str], top: int, bottom: int) -> str | None:
    """What is said between two numbers that make no fraction, "" if nothing is."""
    before, is_alone = word_before(match).lower(), match.string.strip() == match[0]
    if _is_rated(match, top, bottom):
        return " out of"
    if before in _COUNTED:
        return " of"
    if _is_pair(top, bottom, before):
        return ""
    if before in _SCORED and _is_score(top, bottom) and (before not in _VAGUE or bottom % 50 == 0):
        return " out of"
    return (
        " over"
        if top > bottom >= _NO_FRACTION or (bottom > _NAMED and bottom % 100 and not is_alone)
        else None
    )


def _is_score(top: int, bottom: int) -> bool:
    """Whether a part may count how many were right: no half, no quarter, no sixteenth."""
    return bottom > _USUAL and 1 < top < bottom and bottom & (bottom - 1) != 0


def _is_pair(top: int, bottom: int, before: str) -> bool:
    """Whether two numbers are said side by side: a 50/50 chance, an 80/20 split, grade 3/4, 20/40 vision."""
    is_split = top + bottom == 100 and min(top, bottom) >= 1
    return (
        top == bottom
        or (top, bottom) == (0, 1)
        or is_split
        or before in _GRADED
        or (before in _SEEN and top == 20)
    )


def _is_rated(match: re.Match[str], top: int, bottom: int) -> bool:
    """Whether all there is was reached: "10/10"; not a 50/50 chance, 20/20 vision, grade 3/3."""
    before = word_before(match).lower()
    is_side_by_side = bottom in (20, 50) or before in _GRADED
    return top == bottom and not (is_side_by_side or _SPLIT_NAMED.match(match.string, match.end()))


def _vulgar(match: re.Match[str], reader: Reader) -> str | None:
    """ "½", "2¾": one character for a fraction."""
    top, bottom = map(int, unicodedata.normalize("NFKC", match["part"]).split("⁄"))
    if not match["whole"]:
        return _parts(top, bottom)
    return f"{cardinal(match['whole'])} and {after_whole(top, bottom)}"


def _joined(match: re.Match[str], reader: Reader) -> str | None:
    """ "spin-1/2", "rate-3/4"."""
    return f"{match['word']} {_parts(int(match['top']), int(match['bottom']))}"


RULES = (
    Rule("fraction", "fraction", LETTER, _JOINED, _joined),
    Rule("fraction", "fraction", DIGIT + VULGARS, _VULGAR, _vulgar),
    Rule("split", "number", DIGIT, _SPLIT, _split),
    Rule("mixed-fraction", "fraction", DIGIT, _MIXED, _mixed),
    Rule("inches", "fraction", DIGIT, _INCHES, _inches),
    Rule("pressure", "measure", DIGIT, _PRESSURE, _pressure),
    Rule("share", "fraction", DIGIT, _COUNT, _count),
    Rule("fraction", "fraction", DIGIT, _FRACTION, _fraction),
)  # fmt: skip
