"""Bare numbers: cardinals, ordinals, decimals, ranges, ratios, factors, versions, telephones."""

import re

from . import portions, scales
from .magnitudes import NUMBER, is_series, opens, sign_word, to_word
from .numerals import cardinal, decimal, digits, ordinal, paired, plural, year
from .rules import DIGIT, LETTER, Reader, Reading, Rule, late, word_before

__all__ = ["RULES"]

_DASH = r"[ \t\xa0]{0,2}(?:–|--|-|—|−|‐|‑)[ \t\xa0]{0,2}"
_RANGE = late(
    rf"(?P<sign>[-−~≈])?(?P<first>{NUMBER})(?P<unit>%)?{_DASH}(?P<minus>−)?(?P<last>{NUMBER})"
    rf"(?P<tail>[ ]?%|[ ]?[x×]|[kKMB])?"
    r"(?![A-Z0-9_]|[a-z]{1,3}(?![a-z])|[^\W\d_a-zA-Zα-ω]|[-–−/][0-9]|\.[0-9])"
)
_PERCENT = late(
    rf"(?P<sign>[-−+])?(?P<first>{NUMBER})(?:[ ]?(?:percent|per cent))?[ ]?%(?P<hyphen>-(?=[a-z]))?"
)
_FACTOR = late(rf"(?P<first>{NUMBER})[ ]?(?P<sign>[x×])(?P<hyphen>-(?=[a-z]))?(?![\w])")
_OFTEN = late(
    r"(?P<times>[1-9][0-9]?)[ ]?x(?:/|[ ]per[ ]|[ ]a[ ])(?P<per>hour|day|d|week|wk|month|mo|year|yr)(?!\w)"
)
_SPANS = {"d": "day", "wk": "week", "mo": "month", "yr": "year"}
_COUNT = late(r"([0-9]{1,4})[ ]?[x×][ ]?(?=[A-Z][A-Za-z]{0,12}-?[0-9])")
_PRODUCT = late(
    rf"(?P<first>{NUMBER})(?:[ ]?[x×][ ]?|[ ]by[ ])(?P<second>{NUMBER})(?:[ ]?[x×][ ]?"
    rf"(?P<third>{NUMBER}))?(?![\w])"
)
_RATIO = late(
    r"([0-9]{1,4}(?:\.[0-9]{1,3})?)(?::|[ ]:[ ]|:[ ](?=[0-9]{1,4}\.?\Z))"
    r"([0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,4}(?:\.[0-9]{1,3})?)"
    r"(?:(?::|[ ]:[ ])([0-9]{1,4}))?"
    r"(?![\w:]|\.[0-9])"
)
_EXPONENT = late(
    r"(?P<sign>[-−])?(?P<first>[0-9]{1,4}(?:\.[0-9]{1,12})?)[eE](?P<power>[+\-−]?[0-9]{1,3})(?!\w|\.[0-9])"
)
_ORDINAL = late(
    r"([0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,12})(?:[ ]?|-(?=th))"
    r"(st|nd|rd|th|ST|ND|RD|TH|ˢᵗ|ⁿᵈ|ʳᵈ|ᵗʰ|<sup>(?:st|nd|rd|th)</sup>)(?![\w])"
)
_RAISED = str.maketrans("ˢᵗⁿᵈʳʰ", "stndrh")
_BROKEN = late(r"([0-9]{1,3})\. ([0-9]{1,2})(?= ?%| [a-z]{2})")
"""A decimal that a reading machine took apart: no sentence begins with a number in digits."""
_VERSION = late(
    r"(?:[vV]\.?|(?P<full>[vV]ersion)[ ])(?P<number>[0-9]{1,4}(?:\.[0-9]{1,4}){0,5})"
    r"(?P<tail>[a-z]{1,2}[0-9]{0,3}|-?(?:alpha|beta|rc)[0-9]{0,2})?(?![\w]|\.[0-9])"
)
_DOTTED = late(r"[0-9]{1,9}(?:\.[0-9]{1,9}){2,12}(?![\w])")
_PHONE = late(
    r"(?:\+[0-9]{1,3}[ -])?\(?[0-9]{3,4}\)?(?:[- ][0-9]{3,4}){1,3}(?:-[0-9]{1,4})?(?![\w-]|\.[0-9])"
)
_GROUPS = late(r"[0-9]{1,7}(?:-[0-9]{1,7}){3,40}(?![\w-])")
"""Such as an ISBN."""
_LOCAL = late(r"[2-9][0-9]{2}-(?![0-9]{2}00)[0-9]{4}")
_PHONE_MARKED = late(r"\+?[0-9]{1,4}(?:[- ]\(?[0-9]{2,4}\)?){2,4}(?:-[0-9]{1,4})?(?![\w-]|\.[0-9])")
_PLURAL = late(r"([0-9]{1,4})s(?![\w'’])")
_PLUS = late(rf"({NUMBER})\+(?![\w]|[ ]?/?[-−–])")
_SIGNED = late(rf"[-−–]({NUMBER})(?![\w])")
_PLUSSED = late(rf"\+({NUMBER})(?![\w])")
_CARDINAL = late(rf"({NUMBER})(?P<hyphen>-(?=[A-Za-z]{{2}}))?")
_SPACED = late(r"([1-9][0-9]{0,2}[ ][0-9]{3})(?=[ ][^\W\d_]{2})")
_NUMBERED = frozenset(
    "batch chapter class cluster cohort condition day epoch factor figure grade group level part phase point "
    "section stage step study table trial type version volume week year".split()
)
"""What a number after it counts no further."""
_STRAND = late(r"([35])['’′](?=-(?:[A-Z]|end\b)|[ ](?:end|UTR|cap)\b)")
"""An end of a strand of DNA."""
_OPAQUE = late(
    r"(?=[\w:]{0,40}[A-Za-z_])[A-Za-z_]{0,20}+[0-9]{1,10}+:[0-9]{1,10}+[A-Za-z_]{0,20}+(?![\w:])"
    r"|2[4-9]:[0-9]{2}(?![\w:])|[0-9]{2}:[6-9][0-9](?![\w:])"
)
_TOLL_FREE = late(
    r"1-(?:(8[0-9]{2})((?:-[A-Z0-9]{1,7}){1,4})|([89]00)(?=[ ](?:call|line|number|service)))(?![\w-])"
)
_ONE_IN = late(rf"({NUMBER})-in-({NUMBER})(?![\w.]|,[0-9])")
_AREA_PHONE = late(
    r"(?:\([2-9][0-9]{2}\)[ ]?[2-9][0-9]{2}[-. ]|[2-9][0-9]{2}\.[2-9][0-9]{2}\.)[0-9]{4}(?![\w]|\.[0-9])"
)
_EXTENSION = late(r"(?P<short>[Ee]xt)\.?[ ]{0,2}(?=[0-9]{2,5}(?![\w]))")
_CODE_NAMED = late(r"(?i:\b(?:area|dialing|postal|zip) codes?\b)[^.?!]{0,40}\Z")
_LONGEST_CODE = 60
_NUMBERED_BY_PAIRS = late(r"([1-9][0-9]{2,3})(?![\w%]|[.,:/][0-9]|[-–]?[0-9])")
_MAKES = frozenset("boeing flight form highway interstate route".split())
"""What has such a number as its name."""
_LETTER_SECTION = late(r"([0-9]{1,4})\(([a-z])\)(?![\w])")

_LONG_ID = 13
"""Digits without commas from which a number is an id, said digit by digit."""
_TELEPHONE = frozenset(("call", "phone", "telephone", "tel", "dial", "fax", "mobile"))
_CODES = frozenset(("code", "pin", "extension", "ext", "zip", "isbn", "issn"))
_LONGEST_COUNT = 4
_WHOLE = 100
"""Percent, which two shares make up."""
_COMPARED = late(r"[ ]?(?:as|more|less|fewer|[a-z]{3,14}er)\b")


def _range(match: re.Match[str], reader: Reader) -> str | None:
    first, last, tail = match["first"], match["last"], (match["tail"] or "").strip()
    if (match["sign"] in ("-", "−") and not opens(match)) or _is_score(match):
        return None
    if _is_split(match):
        return f"{cardinal(first)} {cardinal(last)}"
    if len(first) > 2 < len(last) and first.isdecimal() and last.isdecimal() and int(last) < int(first):
        number = paired if word_before(match) == "Boeing" else cardinal
        return None if tail else f"{number(first)} {number(last)}"  # "747-400"
    sign = {"~": "about ", "≈": "about ", None: ""}.get(match["sign"], "minus ")
    percent = f"{decimal(first)} percent" if match["unit"] and tail != "%" else decimal(first)
    if _is_code(match):
        named = year(first) if first[:2] in ("19", "20") and len(first) == _LONGEST_COUNT else _plain(first)
        return f"{named} dash {_plain(last)}"
    said = f"{sign}{percent} {to_word(match)} {'minus ' if match['minus'] else ''}{decimal(last)}"
    if tail in ("x", "×"):
        return f"{said} {_times(match)}"
    return f"{said} {_after_number(tail, match)}".rstrip() if tail else said


def _is_score(match: re.Match[str]) -> bool:
    """Whether digits and hyphens are rather a code, such as "978-0"."""
    first, last = match["first"], match["last"]
    return (len(last) > 1 and last[0] == "0" and "." not in last) or (
        first[0] == "0" and len(first) > 1 and "." not in first
    )


def _is_split(match: re.Match[str]) -> bool:
    """Whether two shares stand side by side: "a 50-50 chance", "an 80-20 split"."""
    first, last = match["first"], match["last"]
    if not (first.isdecimal() and last.isdecimal()) or match["tail"] or match["unit"] or " " in match[0]:
        return False
    return int(first) >= int(last) and int(first) + int(last) == _WHOLE


def _is_code(match: re.Match[str]) -> bool:
    """Whether a hyphen parts the number of a standard or a report, as in "ISO 11290-1"."""
    first, last, before = match["first"], match["last"], word_before(match)
    if match["tail"] or match[0] != f"{first}-{last}" or not (first + last).isdecimal():
        return False
    is_numbered = is_series(match) or (len(first) > _LONGEST_COUNT and len(last) < len(first))
    return is_numbered and before.isupper() and len(before) > 1


def _after_number(tail: str, match: re.Match[str]) -> str:
    if tail == "%":
        return "percent"
    return tail if tail in "kK" and not scales.counts(match.string, match.end()) else scales.SCALES[tail]


def _times(match: re.Match[str]) -> str:
    """What the x after a factor is: "six times higher" but "a two x speedup"."""
    compared = _COMPARED.match(match.string[match.end() : match.end() + 20])
    return "times" if compared or "×" in match[0] else "x"


def _percent(match: re.Match[str], reader: Reader) -> str | None:
    if match["sign"] in ("-", "−") and not opens(match):
        return None
    return f"{sign_word(match['sign'], match)}{decimal(match['first'])} percent"


def _count(match: re.Match[str], reader: Reader) -> str:
    """ "8×A100": so many of them."""
    return cardinal(match[1])


def _often(match: re.Match[str], reader: Reader) -> str:
    """ "2x/day": twice a day."""
    times = {"1": "once", "2": "twice"}.get(match["times"]) or f"{cardinal(match['times'])} times"
    span = _SPANS.get(match["per"], match["per"])
    return f"{times} {'an' if span == 'hour' else 'a'} {span}"


def _factor(match: re.Match[str], reader: Reader) -> str:
    return f"{decimal(match['first'])} {_times(match)}"


def _product(match: re.Match[str], reader: Reader) -> str:
    joiner = "by" if "." not in match["first"] else "times"
    return f" {joiner} ".join(
        decimal(side) for side in (match["first"], match["second"], match["third"]) if side
    )


def _ratio(match: re.Match[str], reader: Reader) -> str:
    return " to ".join(decimal(side) for side in match.groups() if side)


def _exponent(match: re.Match[str], reader: Reader) -> str | None:
    power = cardinal(match["power"])
    ten = f"ten to the {power}"
    front = f"{sign_word(match['sign'], match)}{decimal(match['first'])}"
    return ten if front == "one" else f"{front} times {ten}"


def _ordinal(match: re.Match[str], reader: Reader) -> str | None:
    number = match[1].replace(",", "")
    suffix = re.sub("<[^>]{1,4}>", "", match[2]).translate(_RAISED).lower()
    said = ordinal(number)
    if " " in match[0] and (suffix == "st" or match[2].isupper()):
        return None
    fits = {"first": "st", "second": "nd", "third": "rd"}.get(said.split()[-1], "th") == suffix
    return said if fits else f"{cardinal(number)} {suffix}"


def _broken(match: re.Match[str], reader: Reader) -> str | None:
    before = word_before(match)
    return decimal(f"{match[1]}.{match[2]}") if before.islower() else None


def _version(match: re.Match[str], reader: Reader) -> str:
    said = " point ".join(cardinal(part) for part in match["number"].split("."))
    tail = f" {reader.say((match['tail'] or '').strip('-'))}".rstrip()
    return f"{match['full'] or 'version'} {said}{tail}"


def _dotted(match: re.Match[str], reader: Reader) -> str:
    return " point ".join(cardinal(part) if part[0] != "0" else digits(part) for part in match[0].split("."))


def _phone(match: re.Match[str], reader: Reader) -> str | None:
    groups = re.findall(r"[0-9]+", match[0])
    called = word_before(match).lower() in _TELEPHONE or match[0][0] == "+" or _LOCAL.fullmatch(match[0])
    if not called and (
        len(groups) < 3 or " " in match[0] or max(map(len, groups)) > 4 or min(map(len, groups[:2])) < 3
    ):
        return None
    plus = "plus " if match[0][0] == "+" else ""
    return plus + ", ".join(digits(group) for group in groups)


def _groups(match: re.Match[str], reader: Reader) -> str:
    return ", ".join(map(digits, match[0].split("-")))


def _area_phone(match: re.Match[str], reader: Reader) -> str:
    """ "(212) 555-0147"."""
    return ", ".join(map(digits, re.findall("[0-9]+", match[0])))


def _extension(match: re.Match[str], reader: Reader) -> str:
    return "Extension" if match["short"][0] == "E" else "extension"


def _one_in(match: re.Match[str], reader: Reader) -> str:
    """ "a 1-in-10,000 event"."""
    return f"{decimal(match[1])} in {decimal(match[2])}"


def _by_pairs(match: re.Match[str], reader: Reader) -> str | None:
    """ "a Boeing 737", "Form 1040"."""
    is_named = word_before(match).lower() in _MAKES and word_before(match)[0].isupper()
    return paired(match[1]) if is_named else None


def _toll_free(match: re.Match[str], reader: Reader) -> str:
    if match[3]:
        return f"one {cardinal(match[3])}"
    parts = [digits(part) if part.isdecimal() else reader.say(part) for part in match[2][1:].split("-")]
    return f"one, {cardinal(match[1])}, {' '.join(parts)}"


def _plural(match: re.Match[str], reader: Reader) -> str:
    """ "747s": several things of that number."""
    return plural(paired(match[1]))


def _plus(match: re.Match[str], reader: Reader) -> str:
    return f"{_plain(match[1])} plus"


def _signed(match: re.Match[str], reader: Reader) -> str | None:
    before = match.string[max(0, match.start() - 1) : match.start()]
    if before and not before.isspace() and before not in "([{,;:=<>–—~≈±":
        return None
    return f"minus {_plain(match[1])}"


def _plussed(match: re.Match[str], reader: Reader) -> str | None:
    before = match.string[max(0, match.start() - 1) : match.start()]
    return (
        None
        if before and (before.isalnum() or before in ")]")
        else f"{sign_word('+', match)}{_plain(match[1])}"
    )


def _cardinal(match: re.Match[str], reader: Reader) -> str:
    number = match[1]
    if number.isdecimal() and len(number) > 2 and _is_dialled(match):
        return digits(number)
    return _plain(number)


def _is_dialled(match: re.Match[str]) -> bool:
    """Whether a number is said digit by digit for what it is: "dial 911", "area code is 415"."""
    before = match.string[max(0, match.start() - _LONGEST_CODE) : match.start()]
    return word_before(match).lower() in _CODES | _TELEPHONE or _CODE_NAMED.search(before) is not None


def _spaced(match: re.Match[str], reader: Reader) -> str | None:
    """ "1 200 patients", where the first group counts or numbers nothing else."""
    before = word_before(match)
    return cardinal(match[1]) if before.islower() and before not in _NUMBERED else None


def _plain(number: str) -> str:
    """A number by itself: an id digit by digit, anything else by its value."""
    whole = number.partition(".")[0]
    if not number.isdecimal():
        return decimal(number)
    if (len(whole) > 1 and whole[0] == "0") or len(whole) >= _LONG_ID:
        return digits(number)
    return cardinal(number)


def _letter_section(match: re.Match[str], reader: Reader) -> str:
    number = match[1]
    said = (
        f"{cardinal(number[0])} oh {cardinal(number[2])}"
        if len(number) == 3 and number[1] == "0"
        else cardinal(number)
    )
    return f"{said} {match[2]}"


def _strand(match: re.Match[str], reader: Reader) -> str:
    return f"{cardinal(match[1])} prime"


def _opaque(match: re.Match[str], reader: Reader) -> Reading:
    """Letters, digits and a colon in one: an id of some system, that nobody can read for sure."""
    return Reading(match[0], 30)


RULES = (
    Rule("strand", "name", DIGIT, _STRAND, _strand),
    Rule("opaque", "name", LETTER + DIGIT, _OPAQUE, _opaque),
    Rule("odds", "number", DIGIT, _ONE_IN, _one_in),
    Rule("telephone", "number", DIGIT + "(", _AREA_PHONE, _area_phone),
    Rule("telephone", "number", LETTER, _EXTENSION, _extension, words=frozenset(("ext",))),
    Rule("pairs", "name", DIGIT, _NUMBERED_BY_PAIRS, _by_pairs),
    Rule("toll-free", "number", DIGIT, _TOLL_FREE, _toll_free),
    Rule("version", "version", LETTER, _VERSION, _version, words=frozenset(("version",))),
    Rule("code", "number", DIGIT, _GROUPS, _groups),
    Rule("telephone", "number", DIGIT + "+(", _PHONE, _phone),
    Rule("telephone", "number", DIGIT + "+", _PHONE_MARKED, _phone),
    Rule("dotted", "version", DIGIT, _DOTTED, _dotted),
    Rule("scientific", "number", DIGIT + "-−", _EXPONENT, _exponent),
    Rule("range", "range", DIGIT + ".-−~≈", _RANGE, _range),
    Rule("broken-decimal", "number", DIGIT, _BROKEN, _broken, confidence=60),
    *portions.RULES,
    Rule("percent", "percent", DIGIT + ".-−+", _PERCENT, _percent),
    Rule("product", "number", DIGIT + ".", _PRODUCT, _product),
    Rule("frequency", "number", DIGIT, _OFTEN, _often),
    Rule("count", "number", DIGIT, _COUNT, _count),
    Rule("factor", "number", DIGIT + ".", _FACTOR, _factor),
    Rule("ratio", "number", DIGIT, _RATIO, _ratio),
    Rule("ordinal", "ordinal", DIGIT, _ORDINAL, _ordinal),
    *scales.RULES,
    Rule("plural", "number", DIGIT, _PLURAL, _plural, confidence=80),
    Rule("and-more", "number", DIGIT + ".", _PLUS, _plus),
    Rule("section", "number", DIGIT, _LETTER_SECTION, _letter_section),
    Rule("minus", "number", "-−–", _SIGNED, _signed),
    Rule("plus", "number", "+", _PLUSSED, _plussed),
    Rule("cardinal", "number", DIGIT, _SPACED, _spaced),
    Rule("cardinal", "number", DIGIT + ".", _CARDINAL, _cardinal),
)  # fmt: skip
