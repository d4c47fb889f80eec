"""Where a work was published: abbreviated names of journals, volumes and pages."""

import re

from .journal_words import JOURNAL_WORDS
from .numerals import cardinal
from .rules import DIGIT, LETTER, Reader, Rule, folded, late, word_before
from .sentences import begins_after

__all__ = ["RULES"]

_ADJECTIVES = {
    "phys": "physical", "chem": "chemical", "biol": "biological", "math": "mathematical", "sci": "scientific",
    "comput": "computer", "astrophys": "astrophysical", "stat": "statistical", "med": "medical",
    "psychol": "psychological", "opt": "optical",
}  # fmt: skip
_TAKE_ADJECTIVE = frozenset("rev chem sci soc rep lett bull phys j".split())
"""Words before which another is an adjective: "Phys. Rev." is the Physical Review."""

_SHORT = "(?:{})".format(
    "|".join(sorted((word.capitalize() for word in JOURNAL_WORDS), key=len, reverse=True))
)
_RUN = late(rf"{_SHORT}\.(?:[ \xa0~]?{_SHORT}\.){{1,8}}")
_LAST = late(rf"{_SHORT}\.(?=[ \xa0~](?:[0-9]|[A-Z](?!\w)[ ][0-9]))")
_JOURNAL_LAST = late(r"J\.?(?=,? (?:[0-9]|[Vv]ol))")
_PROCEEDINGS = late(r"Proc\.(?=[ \xa0~](?:of\b|[A-Z0-9]))")
_WORD = late(r"[A-Z][a-z]*")
_PAGES = r"[eE]?(?P<first>[0-9]{1,6})(?:[ ]?(?:–|--?)[ ]?[eE]?(?P<last>[0-9]{1,6}))?"
_VOLUME = late(
    rf"(?:(?P<year>(?:19|20)[0-9]{{2}});[ ]?)?(?P<volume>[0-9]{{1,4}})"
    rf"(?:\((?P<issue>[0-9]{{1,4}}(?:[–-][0-9]{{1,4}})?)\))?(?::[ ]?{_PAGES})?(?![\w:/]|[.,]\d)"
)
_BOOKS = frozenset(
    """
    genesis exodus leviticus numbers deuteronomy joshua judges ruth samuel kings chronicles ezra
    nehemiah esther job psalm psalms proverbs ecclesiastes isaiah jeremiah lamentations ezekiel daniel
    hosea joel amos obadiah jonah micah nahum habakkuk zephaniah haggai zechariah malachi matthew mark
    luke john acts romans corinthians galatians ephesians philippians colossians thessalonians timothy
    titus philemon hebrews james peter jude revelation qur'an quran surah sura
    """.split()
)
"""Of scripture, by chapter and verse."""
_VERSE = late(
    r"(?P<chapter>[1-9][0-9]{0,2}):(?P<verse>[1-9][0-9]{0,2})"
    r"(?:[-–](?:(?P<to>[1-9][0-9]{0,2}):)?(?P<last>[1-9][0-9]{0,2}))?(?![\w:]|\.[0-9])"
)
_AFTER_NAME = late(r"(?:[A-Z][A-Za-z]{2,20}\.?|[a-z]\.)[ \xa0~]\Z")
_YEAR_AFTER = late(r"[ ,]{1,2}\(?(?:19|20)[0-9]{2}\b")
_WINDOW = 30
_HOURS = 24
_MINUTE_DIGITS = 2
_SHORT_WORDS = frozenset(JOURNAL_WORDS)


def _run(match: re.Match[str], reader: Reader) -> str:
    """ "J. Phys. Chem." is the Journal of Physical Chemistry."""
    words = [word.lower() for word in _WORD.findall(match[0])]
    said = []
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else ""
        said.append(_in_full(word, words[place - 1] if place else "", after))
    return _ended(match, " ".join(said))


def _in_full(word: str, before: str, after: str) -> str:
    if word == "j" and after:
        return "Journal of the" if after in ("am", "amer") else "Journal of"
    if word == "sci" and before in ("acad", "natl"):
        return "Sciences"
    if word == "adv" and after == "mater":
        return "Advanced"
    if word == "rev" and after == "mod":
        return "Reviews of"
    takes = after in _TAKE_ADJECTIVE and word in _ADJECTIVES
    return (_ADJECTIVES if takes else JOURNAL_WORDS)[word].capitalize()


def _ended(match: re.Match[str], said: str) -> str:
    """With the full stop of a sentence that ends in an abbreviation."""
    return f"{said}." if begins_after(match.string, match.end()) else said


def _last(match: re.Match[str], reader: Reader) -> str | None:
    """One abbreviated word after a name, and before a number: "Lancet Oncol. 18"."""
    return JOURNAL_WORDS[folded(match[0][:-1])].capitalize() if word_before(match)[:1].isupper() else None


def _journal(match: re.Match[str], reader: Reader) -> str | None:
    before = match.string[max(0, match.start() - 2) : match.start()]
    return "Journal" if before == ". " or word_before(match)[1:].islower() else None


def _verse(match: re.Match[str], reader: Reader) -> str | None:
    """ "Genesis 1:1–3": chapter and verse."""
    if word_before(match).lower() not in _BOOKS or not word_before(match)[0].isupper():
        return None
    said = f"{cardinal(match['chapter'])} {cardinal(match['verse'])}"
    ends = (cardinal(part) for part in (match["to"], match["last"]) if part)
    return f"{said} to {' '.join(ends)}" if match["last"] else said


def _volume(match: re.Match[str], reader: Reader) -> str | None:
    """ "2017;18(6):611-622" after the name of a journal."""
    if not (match["first"] or match["issue"]) or not _is_published(match):
        return None
    said = [reader.say(match["year"])] if match["year"] else []
    said.append(f"volume {cardinal(match['volume'])}")
    if match["issue"]:
        said.append(f"issue {reader.say(match['issue'])}")
    if match["last"]:
        said.append(f"pages {reader.say(match['first'])} to {reader.say(_last_page(match))}")
    elif match["first"]:
        said.append(f"page {reader.say(match['first'])}")
    return ", ".join(said)


def _last_page(match: re.Match[str]) -> str:
    """The last page, of which only the digits that differ may be written."""
    first, last = match["first"], match["last"]
    return str(first[: max(0, len(first) - len(last))] + last)


def _is_published(match: re.Match[str]) -> bool:
    """Whether a volume is surely meant, not a ratio or a time."""
    if not _AFTER_NAME.search(match.string[max(0, match.start() - _WINDOW) : match.start()]):
        return False
    if match["year"] or (match["issue"] and match["first"]):
        return True
    if match["issue"]:
        return _YEAR_AFTER.match(match.string, match.end()) is not None
    is_time = int(match["volume"]) < _HOURS and len(match["first"]) == _MINUTE_DIGITS
    return not is_time and match["last"] is not None and int(match["first"]) < int(_last_page(match))


RULES = (
    Rule("journal", "abbreviation", LETTER, _RUN, _run, words=_SHORT_WORDS),
    Rule("journal", "abbreviation", LETTER, _PROCEEDINGS, lambda match, _: "Proceedings", words=_SHORT_WORDS),
    Rule("journal", "abbreviation", LETTER, _LAST, _last, words=_SHORT_WORDS),
    Rule("journal", "abbreviation", LETTER, _JOURNAL_LAST, _journal),
    Rule("verse", "reference", DIGIT, _VERSE, _verse),
    Rule("volume", "reference", DIGIT, _VOLUME, _volume, confidence=80),
)
