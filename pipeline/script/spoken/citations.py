"""What a paper leans on, in brackets or raised: citations and notes are for the eye, asides are heard.

A citation is dropped where it follows what it supports. Where the sentence needs it, as in "as in
(Byron 1943)", or where nothing stands before it, it is said; citednouns.py knows where that is.
"""

import re
from itertools import pairwise

from .citednouns import KEY, begins_sentence, is_governed, is_object, named
from .numerals import year
from .rules import DIGIT, LETTER, Reader, Reading, Rule, late, word_before
from .units import unit_name

__all__ = ["RULES"]

_PIN = (
    r"(?:,[ ](?:(?:Thms?|Secs?|Sect|Props?|Figs?|Ch|Chap|Lem|Eqs?|Cor|Defs?|App|pp?)\.|Theorem|Section|Lemma"
    r"|Proposition|Figure|Chapter|Corollary|Definition|Appendix|Equation|§)[ ~]?\(?[A-Z0-9][0-9.–-]{0,9}\)?)?"
)
"""A place in what is cited."""
_KEYS = rf"{KEY}{_PIN}(?:[ ]{{0,2}}[,;–-]{{1,2}}[ ]{{0,2}}{KEY}{_PIN}){{0,20}}"
_CITED = rf"\[{_KEYS}\](?!\()"
_CITED_ALL = rf"{_CITED}(?:(?:[ ]?[,;–-][ ]?|,?[ ](?:and|or|&)[ ]){_CITED}){{0,9}}"
_BEFORE_CITATION = frozenset(("in", "by", "from", "see", "of", "cf"))
_INTO = r"(?:in|by|from|see|of|cf\.)[ \xa0~]"
_AS = late(
    r"as(?<=[a-z0-9)] as)[ ](?:(?:was|is|first|also|previously)[ ]){0,2}[a-z]{2,15}(?:ed|own|en|one)[ ]"
    rf"(?i:{_INTO})(?:[Rr]efs?\.?[ ~]|[Rr]eferences?[ ~])?{_CITED_ALL}(?=[.;)]|\s*\Z)"
)
"""What says nothing without what is cited, at the end of a phrase."""
_CITED_IN = late(rf"(?i:{_INTO})(?:[Rr]efs?\.?[ ~]|[Rr]eferences?[ ~])?(?P<cited>{_CITED_ALL})")
_NAMED = late(r"[Rr]ef(?P<many>s)?\.?[ ~]\[(?P<numbers>[0-9]{1,3}(?:[,–-][ ]?[0-9]{1,3}){0,9})\]")
_LETTERS_IN = late(r"(?:in|by|see)[ \xa0~]\[[A-Z]{1,4}\](?=[.,;:)]|\s*\Z)")
"""A key of letters only, as in "announced in [G].\""""
_IS_UNSAID, _IS_NOUN = 90, 80
"""How surely, in percent."""
_LONE_LETTER = late(r"(?:^|\W)[A-Z]$")

_WORD = r"[^\W\d_a-z](?:[^\W\d_]|['’‐‑-](?=[^\W\d_])){1,40}"
_NAME = (
    rf"(?:(?:[Vv][ao]n|[Dd]e[nrls]?|[Dd][aiou]s?|[Ll][ae]|[Tt]e[rn])[ ]){{0,3}}(?:[A-Z]\.[ -]?){{0,3}}{_WORD}"
)
_YEAR = (
    r"(?:(?:1[5-9]|20)[0-9]{2}[a-z]?|in press|forthcoming|submitted|in prep(?:\.|aration)|n\.d\."
    r"|unpublished(?: data)?|(?:personal|private) communication|pers\. comm\.)"
)
_YEARS = rf"{_YEAR}(?:(?:,[ ]?|[ ]?[&/–][ ]?|[ ]and[ ])(?:{_YEAR}|[a-z]\b)){{0,6}}"
_PLACE = (
    r"(?:[,:][ ]?(?:(?i:pp?|chap|ch|sec|sect|figs?|table|no|vol)\b\.?|§)?"
    r"[ ~]?[0-9ivxlc]{1,5}(?:[–-][0-9]{1,4})?)?"
)
_PREFIX = (
    r"(?:(?:see|also|e\.g\.|i\.e\.|cf\.|as|in|by|from|reviewed|review|reviews|for|an?|compare|following|after"
    r"|adapted|modified|but|and|most|recently|data|proposed|introduced|developed|described),?[ ~]){0,5}"
)
_SUFFIX = (
    r"(?:[,;]?[ ](?:and (?:the )?references? therein|and others|among others"
    r"|for (?:an? |more |further )?(?:details?|discussion|overview|reviews?)))?"
)
_AUTHORS = rf"{_NAME}(?:,[ ]{_NAME}){{0,6}}(?:,?[ ](?:and|\\?&)[ ]{_NAME}|,?[ ~]et[ ~]al\b\.?)"
_BODY = rf"{_NAME}(?:[ ](?:of|for|the|and|on|(?!Press|Publish|Books|Verlag){_WORD})){{0,6}},"
"""The name of a person or an institution, with the comma before its year; a publisher is none."""
_RECENT = r"(?!1[5-8]|19[0-2])"
"""A single name before an early year may be that of a place."""
_SOURCE = (
    rf"{_AUTHORS}(?:,?[ ~]\(?{_YEARS}\)?{_PLACE})?|(?P<lone>{_NAME})[ ~]{_RECENT}{_YEARS}{_PLACE}"
    rf"|{_BODY}[ ~]{_RECENT}{_YEARS}{_PLACE}|(?i:refs?\b\.?|references?)[ ~]?\[?{_KEYS}\]?|\[{_KEYS}\]"
    r"|~?\\cite[a-z]{0,10}\*?(?:\[[^\]]{0,60}\]){0,2}\{[^{}]{0,300}\}"
)
_SOURCED = late(rf"{_PREFIX}(?:{_SOURCE}){_SUFFIX}")
_MORE_YEARS = late(rf"{_YEARS}|this (?:work|paper|study|article)")
_BRACKET = late(r"\((?P<inner>[^()\n]{4,600}(?:\([^()\n]{1,20}\)[^()\n]{0,100}){0,9})\)")
_PARTS = late(r";[ ]?|(?:(?<=[0-9]{4})|(?<=[0-9]{4}[a-z])),[ ](?=[A-Z])")
_NO_AUTHORS = frozenset(
    """
    january february march april may june july august september october november december jan feb mar apr
    jun jul aug sep sept oct nov dec spring summer autumn fall winter christmas easter in since until before
    after during from about around circa early mid late version year class volume figure table section
    appendix release edition season
    """.split()
)
_COINED = late(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|O['’]|D['’])?(?P<rest>\w+)")
_NEEDED_AFTER = frozenset(
    "in by from of see with to on for as like than and or via after under at following cf using".split()
)
"""Words that want a name after them, be it in brackets."""

_LETTERED_YEAR = late(
    r"(?P<year>(?:1[5-9]|20)[0-9]{2})(?P<letters>[a-d](?:,[ ]?[b-e](?![\w]))*)(?![\w])(?=[);,.]|\s|\Z)"
)
_FOLLOWED = frozenset("following with to like than via after cf using".split())
"""Words that go with a named publication into the sentence."""
_NUMBERS = r"[0-9]{1,3}(?:,[ ]?|[ ]?[–-]{1,2}[ ]?)[0-9]{1,3}(?:(?:,[ ]?|[–-])[0-9]{1,3}){0,9}"
_LISTED = late(rf"\((?P<numbers>{_NUMBERS})\)(?=[.,;]|\s*\Z)")
_MEASURED = frozenset(
    """
    scale score scores rating ratings rank ranks range ranges grade grades level levels stage stages class
    classes step steps group groups phase phases age aged ages year years day days week weeks month months
    hour hours item items question questions part parts chapter section sections case cases type types
    table figure equation equations number numbers ratio value values points point position interval
    children adults patients participants women men index shape size order line lines set pair tuple vector
    """.split()
)
"""What may have numbers of its own in brackets."""

_TEXTUAL = late(r"\[(?P<inner>[^\[\]\n]{2,200})\](?![(\w])")
_TEXTUAL_IN = late(rf"{_INTO}{_TEXTUAL.pattern}")
_CITES = late(
    r"\bet al\b|(?:\A|\s)(?i:arxiv)[: ]|\b10\.[0-9]{4,9}/"
    r"|\A(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Updated?|In|Since|From)[a-z]*\b)"
    r"[A-Z](?=[^=<>≤≥%]*\Z).{1,180}?(?:\b(?:19|20)[0-9]{2}[a-z]?\b(?![-–])|['’`‘][ ]?[0-9]{2}\b)"
)
_ASIDE_TELLS = late(r"[A-Za-z]{2}|%|[A-Za-z][ ]?=")
_CAPITALS = late(r"[A-Z]{2,8}")
_SPECTRAL = late(r"[A-Z][a-z]?[ ~\xa0]?(?:I{1,3}|I?V|VI{0,3}|IX|X)")
"""A forbidden line, such as "[O III]"."""
_LONGEST_ASIDE = 300

_NOTES = r"(?:[0-9]{1,3}(?:(?:,[ ]?|[–-])[0-9]{1,3}){1,12}|1|[4-9]|[1-9][0-9]{1,2})"
"""Numbers of notes; one 2 or 3 by itself is a power."""
_SMALL = "[⁰¹²³⁴-⁹]"
_SMALL_NOTES = rf"(?:{_SMALL}(?:[,⁻⁼–-]{{0,2}}{_SMALL}){{1,12}}|[¹⁴-⁹])(?![⁺⁻\w])"
_MARK = (
    rf"(?:\^\{{(?:{_NOTES}|\[[0-9,–-]{{1,20}}\])\}}|\^{_NOTES}(?![\w(])|\$\^\{{?\[?{_NOTES}\]?\}}?\$"
    rf"|<sup>\[?{_NOTES}\]?</sup>|{_SMALL_NOTES})"
)
_NOTED = late(rf"(?P<word>[A-Za-z]{{3,40}}|\([A-Za-z][A-Za-z0-9 -]{{1,40}}\)){_MARK}")
_NOTED_PLAIN = late(
    r"(?P<word>[a-z]{4,40})[0-9]{1,2}(?:[,–][0-9]{1,2}){1,9}(?=[ .;:)]|\Z)"
    r"|(?P<last>[A-Za-z]{3,40})(?=\.[0-9]{1,3}(?:[,–-][ ]?[0-9]{1,3}){0,9}(?:\s{1,9}[A-Z]|\s*\Z))"
)
_NOTE_AFTER_STOP = late(
    rf"\.(?<=[a-z)\]”\"][.])(?:[0-9]{{1,2}}(?:[,–-][ ]?[0-9]{{1,3}}){{0,9}}|{_MARK}|{_SMALL}"
    r"|\^\{[23]\}|\$\^\{?[23]\}?\$|<sup>[23]</sup>)"
    r"(?=\s{1,9}[A-Z]|\s*\Z)"
)
_FUNCTIONS = frozenset(
    "arg cos cosh cot csc deg det dim exp inf lim log max min mod poly polylog sec sin sinh sup tan tanh "
    "chi eta phi psi rho tau beta zeta iota alpha gamma delta kappa omega sigma theta lambda epsilon".split()
)
_FOOTNOTE = late(
    r"\\footnote(?:text)?(?:\[[0-9]{1,3}\])?\{[^{}]{0,500}(?:\{[^{}]{0,200}\}[^{}]{0,300}){0,6}\}"
)


def _cited(match: re.Match[str], reader: Reader) -> Reading | None:
    """ "[12]", "[3, 7-9]": for the eye, or a noun; "U[0, 1]" is no citation."""
    is_set = _LONE_LETTER.search(match.string[max(0, match.start() - 2) : match.start()])
    if "[0" in match[0] or is_set:
        return None
    if begins_sentence(match):
        said = named(match[0], reader)
        is_opened = match.string.endswith(", ", 0, match.start())  # as by "Recently, "
        return Reading(said if is_opened else f"{said[0].upper()}{said[1:]}", _IS_NOUN)
    return Reading(named(match[0], reader), _IS_NOUN) if is_governed(match) else Reading("", _IS_UNSAID)


def _cited_in(match: re.Match[str], reader: Reader) -> Reading | None:
    """ "in [3]": unsaid if the sentence is whole without it."""
    if "[0" in match[0]:
        return None
    preposition = match[0].split(maxsplit=1)[0]
    if is_object(match):
        return Reading(f"{preposition} {named(match['cited'], reader)}", _IS_NOUN)
    return Reading("", _IS_UNSAID)


def _named(match: re.Match[str], reader: Reader) -> str:
    """ "Ref. [5]": without its number nothing is named."""
    return f"{'references' if match['many'] else 'reference'} {reader.say(match['numbers'])}"


def _lettered_year(match: re.Match[str], reader: Reader) -> str:
    """ "Byron's (1943a) account", "Hill (2021a,b)"."""
    *others, last = re.findall("[A-E]", match["letters"].upper())
    return f"{year(match['year'])} {', '.join(others)}{' and ' if others else ''}{last}"


def _textual(match: re.Match[str], reader: Reader) -> str | None:
    """ "[Byron et al., STOC '19]": a square bracket that names a publication."""
    if word_before(match).lower() in _FOLLOWED and match[0][0] == "[":
        return reader.say(match["inner"]) if _CITES.search(match["inner"]) else None
    return "" if _CITES.search(match["inner"]) and _before(match) else None


def _sourced(match: re.Match[str], reader: Reader) -> str | None:
    """ "(Byron, 1943; Babbage and Hill 1850)" after what it supports."""
    if not _supports(match):
        return None
    first, *more = _PARTS.split(match["inner"])
    return (
        ""
        if _is_source(first) and all(_is_source(one) or _MORE_YEARS.fullmatch(one) for one in more)
        else None
    )


def _supports(match: re.Match[str]) -> bool:
    """Whether something stands before a bracket that can do without it."""
    before = _before(match)
    if before in ("", "(", "[", ",") or _is_second_word(match) or word_before(match).lower() in _NEEDED_AFTER:
        return False
    return (
        before not in ".:;!?" or re.match(r"\.|\s+[A-Z]|\s*\Z", match.string[match.end() :][:4]) is not None
    )


def _is_second_word(match: re.Match[str]) -> bool:
    """Whether one word stands before a match, as what is defined does."""
    return " " not in match.string[max(0, match.start() - 60) : match.start()].strip()


def _before(match: re.Match[str]) -> str:
    """The last character before a match that is no blank; "" at the start of a line."""
    return match.string[max(0, match.start() - 9) : match.start()].rsplit("\n", 1)[-1].rstrip()[-1:]


def _is_source(part: str) -> bool:
    found = _SOURCED.fullmatch(part.strip())
    return found is not None and (found["lone"] is None or _is_surname(found["lone"]))


def _is_surname(name: str) -> bool:
    """Whether a name without a comma before its year is that of a person and not a month or an event."""
    parts = re.split("[-‐‑]", name.rsplit(maxsplit=1)[-1])
    coined = [_COINED.fullmatch(part) for part in parts]
    return name.lower() not in _NO_AUTHORS and all(one and one["rest"].istitle() for one in coined)


def _listed(match: re.Match[str], reader: Reader) -> str | None:
    """ "damage (1, 2).": numbers that rise, at the end of a phrase, after what has no numbers."""
    numbers = [int(number) for number in re.findall("[0-9]+", match["numbers"])]
    rises = numbers[0] > 0 and all(one < two for one, two in pairwise(numbers))
    ends = "," in match["numbers"] or match.string[match.end() :][:1] in (".", "")
    before = word_before(match)
    if not (rises and ends and before) or before.lower() in _MEASURED or before.isdecimal():
        return None
    return "" if _before(match).isalpha() and ("," not in match["numbers"] or len(before) > 2) else None


def _is_aside(match: re.Match[str] | None) -> bool:
    """Whether a square bracket holds words beside the sentence, as "[95% interval 3–5]" does."""
    if match is None or not match.string[match.start() - 1 : match.start()].isspace():
        return False
    if word_before(match).lower() in _NEEDED_AFTER:
        return False
    before, inner = _before(match), match["inner"]
    if _SPECTRAL.fullmatch(inner):
        return False
    if not (before.isalnum() or before in tuple('%)”",')) or match.string[match.end() :][:1] in ("-", "/"):
        return False
    if _CAPITALS.fullmatch(inner):
        return _abbreviates(inner, match.string[max(0, match.start() - 90) : match.start()])
    return bool(_ASIDE_TELLS.search(inner)) and not inner.isalpha() and "/" not in inner[:4]


def _abbreviates(capitals: str, before: str) -> bool:
    """Whether capitals stand for the words before them, as in "length of stay [LOS]"."""
    words = re.findall(r"[A-Za-z]+", before)
    firsts = "".join(word[0] for word in words).upper()
    majors = "".join(word[0] for word in words if len(word) > 3).upper()
    return firsts.endswith(capitals) or majors.endswith(capitals)


def _opened(match: re.Match[str], reader: Reader) -> Reading | None:
    return Reading("(", length=1) if _is_aside(match) else None


def _closed(match: re.Match[str], reader: Reader) -> str | None:
    opening = match.string.rfind("[", max(0, match.start() - _LONGEST_ASIDE), match.start())
    found = _TEXTUAL.match(match.string, opening) if opening >= 0 else None
    if not found or found.end() != match.end() or not _is_aside(found):
        return None
    return ") " if match.string[match.end() :][:1] in tuple("=<>≤≥≈~") else ")"


def _noted(match: re.Match[str], reader: Reader) -> str | None:
    """ "simulations^{1,2}": a word, and the numbers of notes that are not said."""
    word = match["word"]
    if word.lower() in _FUNCTIONS or unit_name(word):
        return None
    return f"({reader.say(word[1:-1])})" if word[0] == "(" else reader.say(word)


def _noted_plain(match: re.Match[str], reader: Reader) -> str:
    return reader.say(match["word"] or match["last"])


def _silent(match: re.Match[str], reader: Reader) -> str:
    return ""


RULES = (
    Rule("citation", "reference", "[", re.compile(_CITED_ALL), _cited),
    Rule("citation", "reference", "", _AS, _silent, words=frozenset(("as",)), confidence=90),
    Rule("citation", "reference", "", _CITED_IN, _cited_in, words=_BEFORE_CITATION),
    Rule("reference", "reference", LETTER, _NAMED, _named, words=frozenset(("ref", "refs"))),
    Rule("citation", "reference", "", _LETTERS_IN, _silent, words=_BEFORE_CITATION, confidence=70),
    Rule("citation", "reference", "", _TEXTUAL_IN, _textual, words=_BEFORE_CITATION, confidence=80),
    Rule("citation", "reference", "[", _TEXTUAL, _textual, confidence=80),
    Rule("citation", "reference", "(", _BRACKET, _sourced, confidence=80),
    Rule("citation", "reference", "(", _LISTED, _listed, confidence=70),
    Rule("year", "date", DIGIT, _LETTERED_YEAR, _lettered_year, confidence=80),
    Rule("aside", "mark", "[", _TEXTUAL, _opened),
    Rule("aside", "mark", "]", re.compile(r"\]"), _closed),
    Rule("noted", "word", LETTER + "(", _NOTED, _noted),
    Rule("noted", "word", LETTER, _NOTED_PLAIN, _noted_plain),
    Rule("note", "reference", ".", _NOTE_AFTER_STOP, lambda match, _: "."),
    Rule("note", "reference", "\\", _FOOTNOTE, _silent),
)
