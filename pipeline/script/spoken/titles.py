"""Abbreviated titles, given names, companies and units of an army: said in full beside a name."""

import re

from .rules import LETTER, Reader, Rule, folded, word_before
from .sentences import begins_after

__all__ = ["RULES"]

_TITLES = {
    "dr": "doctor", "mr": "mister", "mrs": "misses", "prof": "professor", "rev": "reverend",
    "hon": "honorable", "mt": "mount", "maj": "major", "gen": "general", "capt": "captain",
    "lt": "lieutenant",
    "sgt": "sergeant", "rep": "representative", "fr": "father", "cpl": "corporal", "cmdr": "commander",
    "pvt": "private", "brig": "brigadier", "adm": "admiral", "pres": "president",
    "col": "colonel",
    "gov": "governor", "sen": "senator", "st": "saint", "jr": "junior", "sr": "senior", "messrs": "messieurs",
}  # fmt: skip
_RANKS = frozenset("rev hon maj gen capt lt sgt adm pres col gov sen rep fr cpl cmdr pvt brig".split())
_RANKED = re.compile(
    r"[ \t\xa0]{1,2}(?:[A-Z]\.|[A-Z][^\W\d_]{1,30}(?!\.)|(?:Gen|Col|Maj)\.|[A-Z][a-z]{1,20}\.\s*\Z)|\s*\Z"
)
_TITLE = re.compile(r"([A-Za-z]{2,6}+)(\.?)(?=([ \t\xa0]{0,2})(\w|\Z)?)")


_GIVEN = {
    "wm": "William", "chas": "Charles", "jos": "Joseph", "thos": "Thomas", "robt": "Robert", "jas": "James",
}  # fmt: skip
_NAME_PARTS = {"ft": "Fort", "ste": "Sainte"} | _GIVEN
"""What begins a name."""
_BEGINS_NAME = re.compile(rf"(?P<short>{'|'.join(_NAME_PARTS)})\.(?=[ \xa0][A-Z][a-z])", re.IGNORECASE)
_PLURALS = re.compile(r"(?P<short>Drs|Profs|Revs|Gens|Cols|Capts|Sens|Reps|Govs)\.?(?=[ \xa0][A-Z])")
_MANY = frozenset("drs profs revs gens cols capts sens reps govs".split())
_LONE = re.compile(r"(?P<short>Mr|Mrs|Dr)\.?(?=[ ](?:and|or|&)[ ](?:Mr|Mrs|Ms|Dr|Prof)\b)")
_BODIES = {
    "co": "company", "corp": "corporation", "inc": "incorporated", "mfg": "manufacturing", "bros": "brothers",
    "assn": "association", "assoc": "association", "govt": "government", "intl": "international",
    "natl": "national", "bn": "battalion", "sqn": "squadron", "regt": "regiment", "esq": "esquire",
}  # fmt: skip
_NEED_STOP = frozenset("co inc corp assoc bn esq".split())
_AFTER_NAME_ONLY = frozenset("co corp inc esq".split())
_BODY = re.compile(rf"(?P<short>{'|'.join(_BODIES)})(?P<stop>\.?)(?![\w'’/-])", re.IGNORECASE)
_COMPANY = re.compile(r"[ ](?:[A-Z]|[0-9]{1,2})(?![\w.])")
_EDITION = re.compile(r"eds?\.")
_BEFORE_EDITION = re.compile(r"(?:[0-9](?:st|nd|rd|th)|(?i:rev|second|third|first|fourth|fifth)\.?)[ \xa0]\Z")


def _title(match: re.Match[str], reader: Reader) -> str | None:
    word, dot, blank, following = match.groups()
    said = _TITLES.get(word.lower())
    if said is None or not (dot or word.islower() or word in ("Mr", "Dr", "Mrs", "Jr", "Sr", "Mt", "Prof")):
        return None
    if word.lower() in ("jr", "sr"):
        return said if _is_after_name(match) else None
    if word.lower() in _RANKS and not _RANKED.match(match.string, match.end()):
        return None
    if not dot and word.lower() not in ("mr", "dr", "mrs", "st", "mt", "prof"):
        return None
    if word == "St" and dot and not following and word_before(match)[:1].isupper():
        return "street"
    named = following and (following.isupper() or following.isdecimal()) and blank
    return said if named or (dot and not following and word[0].isupper() and word != "Lt") else None


def _is_after_name(match: re.Match[str]) -> bool:
    """Whether "Jr." or "Sr" stands after a name, as "Sr/Ca" does not."""
    is_parted = (
        match[2] or match.string[max(0, match.start() - 2) : match.start()][:1] == "," or match[1] == "Jr"
    )
    return bool(is_parted) and word_before(match)[:1].isupper()


def _begins_name(match: re.Match[str], reader: Reader) -> str | None:
    """ "Ft. Hale", "Ste. Anne", "Wm. Reed": only with a capital."""
    return _NAME_PARTS[folded(match["short"])] if match["short"].istitle() else None


def _plural(match: re.Match[str], reader: Reader) -> str:
    said = _TITLES[folded(match["short"][:-1])]
    return f"{said}s"


def _lone(match: re.Match[str], reader: Reader) -> str:
    """ "Mr. and Mrs. Hill"."""
    return _TITLES[folded(match["short"])]


def _body(match: re.Match[str], reader: Reader) -> str | None:
    """ "Acme Tool Co.", "Co. B", "2nd Bn.", "intl. trade"."""
    written, stop = match["short"], match["stop"]
    short, before = folded(written), word_before(match)
    said = _BODIES[short]
    if not (stop or (short not in _NEED_STOP and short != "bn")) or written[1:].isupper():
        return None
    if short == "co" and _COMPANY.match(match.string, match.end()) and written.istitle():
        return "Company"
    if short in _AFTER_NAME_ONLY and not (before[:1].isupper() and written.istitle()):
        return None
    ended = stop and short != "natl" and begins_after(match.string, match.end())
    said = said.capitalize() if written.istitle() and short not in _AFTER_NAME_ONLY else said
    return f"{said}." if ended else said


def _edition(match: re.Match[str], reader: Reader) -> str | None:
    """ "2nd ed.", unless what was cited is cut off there."""
    before = match.string[max(0, match.start() - 12) : match.start()]
    is_cut = " " in before.strip() and not match.string[match.end() :][:9].strip()
    return "edition" if _BEFORE_EDITION.search(before) and not is_cut else None


RULES = (
    Rule("title", "abbreviation", LETTER, _PLURALS, _plural, words=_MANY),
    Rule("title", "abbreviation", LETTER, _LONE, _lone, words=frozenset(("mr", "mrs", "dr"))),
    Rule("title", "abbreviation", LETTER, _TITLE, _title, words=frozenset(_TITLES)),
    Rule("name-part", "abbreviation", LETTER, _BEGINS_NAME, _begins_name, words=frozenset(_NAME_PARTS)),
    Rule("body", "abbreviation", LETTER, _BODY, _body, words=frozenset(_BODIES)),
    Rule("edition", "abbreviation", LETTER, _EDITION, _edition, words=frozenset(("ed", "eds"))),
)
