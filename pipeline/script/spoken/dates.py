"""Dates, years, decades and times of day."""

import re

from . import spans
from .magnitudes import is_series, to_word
from .numerals import cardinal, digits, ordinal, plural, two_digits, year
from .rules import DIGIT, LETTER, Reader, Rule, folded, late, word_after, word_before

__all__ = ["RULES", "looks_like_year"]

_MONTHS = ("January February March April May June July August September October November December").split()
_SHORT = {name[:3].lower(): name for name in _MONTHS} | {"sept": "September"} | {
    name.lower(): name for name in _MONTHS
}  # fmt: skip
_DAYS = {
    "mon": "Monday", "tue": "Tuesday", "tues": "Tuesday", "wed": "Wednesday", "thu": "Thursday",
    "thur": "Thursday", "thurs": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip

_MONTH = "(?P<month>(?i:{}))".format("|".join(sorted(_SHORT, key=len, reverse=True)))
_DAY = r"(?P<day>3[01]|[12][0-9]|0?[1-9])(?P<suffix>st|nd|rd|th)?"
_TO_DAY = r"(?:[ ]{0,2}(?:–|--|-)[ ]{0,2}(?P<last>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?)?"
_YEAR = r"(?P<year>[12][0-9]{3})(?![0-9])"
_GAP = r"[ \t\xa0]{1,3}"

_UNIT = r"(?:[kMGTmµμnc]?(?:m|s|g|Hz|eV|bp|pc)|min|px|fps|tokens?|°)(?![\w])"
"""What is measured with a number is no year."""
_MONTH_DAY = late(rf"{_MONTH}\b\.?(?:{_GAP}|-){_DAY}{_TO_DAY}(?![\w%]|[.,:][0-9])(?:,?(?:{_GAP}|-){_YEAR})?")
_DAY_MONTH = late(
    rf"(?P<the>the{_GAP})?{_DAY}{_TO_DAY}(?:{_GAP}|-)(?:of{_GAP})?{_MONTH}\b\.?(?:,?(?:{_GAP}|-){_YEAR})?"
)
_MONTH_YEAR = late(rf"{_MONTH}\b\.?,?{_GAP}{_YEAR}(?![\w%]|[.,][0-9])")
_MONTH_ALONE = late(
    rf"(?i:jan|feb|apr|jun|jul|aug|sept|sep|oct|nov|dec)\.(?=[ \t]|\Z)|(?P<end>(?:{spans.MONTHS})\b\.?)"
)
_ISO = late(
    rf"{_YEAR}([-/.])(?P<month>0?[1-9]|1[0-2])\2(?P<day>3[01]|[12][0-9]|0?[1-9])(?![A-SU-Z\d_a-z]|[-/.][0-9]|T(?!\d))"
)
_NUMERIC = late(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([12][0-9]{3}|[0-9]{2})(?![\w]|[-/.][0-9])")
_DECADE = late(r"([12][0-9]{2}0)(?:['’]?s|[ ]s)(?!['’]?\w)")
_PART = late(r"(mid|early|late|pre|post)-(?=[12][0-9]{2}0s(?!\w))", re.IGNORECASE)
"""Of a decade or a century: "mid-1700s"."""
_CENTURY = late(r"(?<=[0-9](?:st|nd|rd|th)[ ])(?:cent|c)(?:(?=\.\s*\Z|\.\s+[A-Z][a-z])|\.(?=[ ,;)]))")
_TENS = late(r"([2-9]0)['’]?s(?![\w'’])")
_SHORT_DECADE = late(r"['’][ ]?([0-9]0)['’]?s(?!\w)")
_SHORT_YEAR = late(r"['’][ ]?([0-9]{2})(?![\w%]|[.,][0-9])")
_YEARS = late(r"([12][0-9]{3})[ ]{0,2}(?:–|--|-|—)[ ]{0,2}([12][0-9]{3}|[0-9]{2})(?![\w%]|[-–,.][0-9])")
_ONE_YEAR = late(rf"([12][0-9]{{3}})(?![\w%]|[-–.,:/][0-9]|[ ]?[×^]|[ ]?{_UNIT}|[ ]/[ ][0-9])")
_SPLIT_YEAR = late(r"(1[89]|20)([0-9]{2})[ ]?/[ ]?(?:1[89]|20)?([0-9]{2})(?![\w/])")
"""A winter or a fiscal year: "2019/20"."""
_DURATION = late(
    r"(?P<hours>[0-9]{1,3})[ ]?h(?:rs?)?[ ]?(?P<minutes>[0-9]{1,2})[ ]?m(?:in)?(?![\w])"
    r"(?:[ ]?(?P<seconds>[0-9]{1,2})[ ]?s(?![\w]))?"
)
_ERA = late(r"([0-9]{1,4})[ \t\xa0]?(A\.?D\.?|B\.?C\.?E?\.?|C\.E\.?|CE)(?!\w)")
_QUARTER = late(
    r"(?:([1-4])(Q)[ ]?|([12])(H)(?=[0-9]{2}(?![0-9])|[ ]?(?:['’]|19|20)[0-9]{2}))[ ]?"
    r"(?P<year>[0-9]{4}|['’]?[0-9]{2})(?![\w]|[-+.][0-9])"
)
_MONTH_OF_YEAR = late(r"(0[1-9]|1[0-2])/([0-9]{2})(?![\w/%]|\.[0-9])")
"""Such as "05/95"."""
_OTHER_MONTH = late(r"(?:\A|[^\w/])0[1-9]/[0-9]{2}(?![\w/])")
_STAMP = late(
    r"T(?P<hour>2[0-3]|[01][0-9]):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9])(?:\.[0-9]{1,9})?)?(?P<utc>Z)?"
    r"(?![\w:])"
)
"""The time after a date, as machines write it."""
_MILITARY = late(r"(2[0-3]|[01][0-9])([0-5][0-9])[ ](?:hours|hrs|h)(?![\w])(?![ ]of\b)")
_AT_TIME = frozenset("at before by from since till to until".split())
_LAP = late(r"(?P<minutes>[0-9]{1,2}):(?P<seconds>[0-5][0-9])\.(?P<part>[0-9]{1,3})(?![\w.:])")
_DAY_RANGE = late(r"([A-Z][a-z]{2,4})\.?(?:[ ]?[-–][ ]?([A-Z][a-z]{2,4})\b\.?)?(?=\W|\Z)")

_MERIDIEM = r"(?:[ \t\xa0]{0,2}(?P<half>[AaPp])\.?[Mm](?![a-zA-Z])\.?|(?P<none>))"
_ZONES = r"[ecmp]\.?s\.?t|[ep]\.?d\.?t|g\.?m\.?t|u\.?t\.?c|c\.?e\.?t"
_ZONE = rf"(?:[ ]?(?P<zone>(?i:{_ZONES}))\b\.?)?"
_CLOCK = late(
    rf"(?P<hour>2[0-3]|1[0-9]|0?[0-9]):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9]))?{_MERIDIEM}"
    rf"(?![\w:]|,[0-9]{{3}}){_ZONE}"
)
_HOUR = late(
    rf"(?P<hour>1[0-2]|0?[1-9])(?:\.(?P<minute>[0-5][0-9]))?[ \t\xa0]{{0,2}}(?P<half>[AaPp])"
    rf"(?:\.[ ]?[Mm]\.?|[Mm])(?![\w]){_ZONE}"
)
_HOURS = late(r"(1[0-2]|0?[1-9])([AaPp]\.?[Mm]\.?)?[ ]?(?:–|-)[ ]?(1[0-2]|0?[1-9])[ ]?([AaPp]\.?[Mm]\b\.?)")

_QUANTITY = frozenset(
    "over about than least most nearly approximately roughly only exactly almost around fewer more up every "
    "all total some another these those have has had with contains contain using used use per times".split()
)
_IN_TIME = frozenset("the in since by early late until till from circa before after".split())
_NOT_PLURAL = frozenset("is was has as its his this us plus thus across versus yes always perhaps".split())
_UNIT_NAMES = ("hour", "minute", "second")
_OF_SUN = frozenset("the our a".split())
_DATE_FOLLOWS = late(rf",?[ ](?:[0-9]{{1,2}}[ ])?(?:{spans.MONTHS})\b")
_NEAR = 12
_DILUTED = late(r"(?<![\d:.])1:(?:[6-9][0-9]|[0-9]{3,5})(?![\d:])|(?i:dilut|titer|titre)")
"""What is no time of day, and beside which "1:40" is none."""
_RATIOS = frozenset(
    "allocation blend dilution dilutions mixture odds ratio ratios randomization split".split()
)
_POWERS_OF_TWO = frozenset((1024, 2048))


def _say_date(day: str, month: str, a_year: str | None, last: str | None = None) -> str:
    """Month first: "October twenty third twenty twenty five"."""
    days = ordinal(day) + (f" to {ordinal(last)}" if last else "")
    return f"{month} {days}" + (f" {year(a_year)}" if a_year else "")


def _month_day(match: re.Match[str], reader: Reader) -> str | None:
    if match["month"] in ("may", "march", "sun") and word_before(match).lower() in (
        "we",
        "you",
        "they",
        "i",
        "it",
    ):
        return None
    return _say_date(match["day"], _SHORT[folded(match["month"])], match["year"], match["last"])


def _day_month(match: re.Match[str], reader: Reader) -> str | None:
    """Day first: "the sixteenth of July nineteen forty three"."""
    if match["month"].islower() and match["month"] in ("mar", "sun"):
        return None
    if match["month"] in ("may", "march") and not match["suffix"] and not match["year"]:
        return None
    the = "" if word_before(match).lower() == "the" else "the "
    days = ordinal(match["day"]) + (f" to {ordinal(match['last'])}" if match["last"] else "")
    said = f"{the}{days} of {_SHORT[folded(match['month'])]}"
    return said + (f" {year(match['year'])}" if match["year"] else "")


def _month_year(match: re.Match[str], reader: Reader) -> str:
    return f"{_SHORT[folded(match['month'])]} {year(match['year'])}"


def _month_alone(match: re.Match[str], reader: Reader) -> str | None:
    """ "Jan." and both of "Jan-Mar"."""
    text, month = match.string, folded(match[0].rstrip("."))
    if (
        match["end"]
        and not spans.opens_span(text, match.end())
        and not spans.closes_span(text, match.start())
    ):
        return None
    return _SHORT[month]


def _iso(match: re.Match[str], reader: Reader) -> str:
    return _say_date(match["day"], _MONTHS[int(match["month"]) - 1], match["year"])


def _numeric(match: re.Match[str], reader: Reader) -> str | None:
    """ "10/06/2005", month first where it can be, "15.01.2020" with the day first."""
    first, sign, second, a_year = int(match[1]), match[2], int(match[3]), match[4]
    if (len(a_year) == 2 and sign == ".") or not (0 < first <= 31 and 0 < second <= 31):
        return None
    said = year(a_year) if len(a_year) == 4 else _short_year(a_year)
    if first <= 12:
        return f"{_MONTHS[first - 1]} {ordinal(second)} {said}"
    return f"the {ordinal(first)} of {_MONTHS[second - 1]} {said}" if second <= 12 else None


def _short_year(text: str) -> str:
    return digits(text) if text[0] == "0" else cardinal(text)


def _decade(match: re.Match[str], reader: Reader) -> str:
    return plural(year(match[1]))


def _tens(match: re.Match[str], reader: Reader) -> str:
    return plural(cardinal(match[1]))


def _years(match: re.Match[str], reader: Reader) -> str | None:
    first, last = match.groups()
    if (len(last) == 2 and int(last) <= int(first[2:])) or not (1000 <= int(first) <= 2100):
        return None
    if len(last) == 4 and not int(first) <= int(last) <= 2100:
        return None
    if len(last) == 2 and is_series(match):
        return f"{year(first)} dash {cardinal(last)}"
    return f"{year(first)} {to_word(match)} {year(last) if len(last) == 4 else two_digits(int(last))}"


def looks_like_year(match: re.Match[str]) -> bool:
    """Whether a bare number of four digits is a year, judged by the words beside it."""
    value = int(match[1])
    before, after = word_before(match).lower(), word_after(match)
    if not (1010 if before in _IN_TIME else 1100) <= value <= 2099 or value in _POWERS_OF_TWO:
        return False
    counts = after.endswith("s") and after.islower() and len(after) > 3 and after not in _NOT_PLURAL
    return not (before in _QUANTITY or (counts and before not in _IN_TIME))


def _one_year(match: re.Match[str], reader: Reader) -> str | None:
    return year(match[1]) if looks_like_year(match) else None


def _era(match: re.Match[str], reader: Reader) -> str:
    era = " ".join(filter(str.isalpha, match[2]))
    number = match[1]
    said = (
        year(number)
        if len(number) == 4
        else f"{cardinal(number[0])} {two_digits(int(number[1:]))}"
        if len(number) == 3 and number[1:] != "00"
        else cardinal(number)
    )
    return f"{said} {era}"


def _quarter(match: re.Match[str], reader: Reader) -> str:
    part = "quarter" if match[2] else "half"
    a_year = match["year"].lstrip("'’")
    said = year(a_year) if len(a_year) == 4 else _short_year(a_year)
    return f"the {ordinal(match[1] or match[3])} {part} of {said}"


def _weekday(match: re.Match[str], reader: Reader) -> str | None:
    first, last = _DAYS.get(match[1].lower()), _DAYS.get((match[2] or "").lower())
    if first is None or not (last or _is_day(match)):
        return None
    return f"{first} to {last}" if last else first


def _is_day(match: re.Match[str]) -> bool:
    """Whether the short name of a day is no word of its own, such as "the Sun."."""
    text, end = match.string, match.end()
    if match[1] == "Sun" and word_before(match).lower() in _OF_SUN:
        return False
    is_word = match[1] in ("Sun", "Sat") and not _DATE_FOLLOWS.match(text, end)
    return "." in match[0] or (re.match(r",?[ ]", text[end : end + 2]) is not None and not is_word)


def _stamp(match: re.Match[str], reader: Reader) -> str | None:
    """ "T08:15:00Z" after a date."""
    if not match.string[max(0, match.start() - 1) : match.start()].isdecimal():
        return None
    second = int(match["second"] or 0)
    seconds = f" and {_count(second, 'second')}" if second else ""
    minutes = _sixtieth(match["minute"]) or (" hundred" if int(match["hour"]) else " zero")
    return f"at {cardinal(match['hour'])}{minutes}{seconds}{' U T C' if match['utc'] else ''}"


def _sixtieth(minute: str) -> str:
    return f" {two_digits(int(minute))}" if int(minute) else ""


def _military(match: re.Match[str], reader: Reader) -> str | None:
    """ "at 1430 hours", and no count of them."""
    hour, minute = match.groups()
    alone = match.string.strip() == match[0]
    if not (alone or hour[0] == "0" or word_before(match).lower() in _AT_TIME):
        return None
    zero = "zero " if hour[0] == "0" and int(hour) else ""
    return f"{zero}{cardinal(hour)}{_sixtieth(minute) or ' hundred'} hours"


def _lap(match: re.Match[str], reader: Reader) -> str:
    """ "26:17.53": minutes, seconds and parts of one, as in a race."""
    seconds = _sixtieth(match["seconds"]) or " zero"
    return f"{cardinal(match['minutes'])}{seconds} point {digits(match['part'])}"


def _clock(match: re.Match[str], reader: Reader) -> str | None:
    """ "9:30 am", "14:05", "10:00:05"; no "1:10 dilution"."""
    around = match.string[max(0, match.start() - _NEAR) : match.end() + _NEAR]
    is_ratio = word_before(match).lower() in _RATIOS or word_after(match).lower() in _RATIOS
    is_ratio = is_ratio or (match["hour"] == "1" and _DILUTED.search(around) is not None)
    if is_ratio and not match["half"]:
        return None
    if match["second"] is None:
        return _hour(match, reader)
    spans = [_count(int(match[part]), part) for part in ("hour", "minute", "second")]
    return f"{spans[0]} {spans[1]} and {spans[2]}{_half_and_zone(match)}"


def _hour(match: re.Match[str], reader: Reader) -> str:
    """ "9:30 am", "5pm", "2.30 a.m. EST"."""
    minute = int(match["minute"] or 0)
    is_plain = match["half"] or _in_span(match)
    after = f" {two_digits(minute)}" if minute else "" if is_plain else " o'clock"
    return f"{cardinal(match['hour'])}{after}{_half_and_zone(match)}{_stop(match)}"


def _in_span(match: re.Match[str]) -> bool:
    text = match.string
    return spans.opens_span(text, match.end()) or spans.closes_span(text, match.start())


def _half_and_zone(match: re.Match[str]) -> str:
    half = f" {match['half'].upper()} M" if match["half"] else ""
    return half + (f" {' '.join(filter(str.isalpha, match['zone'])).upper()}" if match["zone"] else "")


def _stop(match: re.Match[str]) -> str:
    """The full stop that closes a sentence ending in "p.m."."""
    ended = match[0].endswith(".") and not match.string[match.end() :][:80].strip()
    return "." if ended else ""


def _count(number: int, thing: str) -> str:
    return f"{cardinal(number)} {thing}{'' if number == 1 else 's'}"


def _hours(match: re.Match[str], reader: Reader) -> str:
    halves = [f" {half[0].upper()} M" if half else "" for half in (match[2], match[4])]
    return f"{cardinal(match[1])}{halves[0]} to {cardinal(match[3])}{halves[1]}"


_MONTH_WORDS = frozenset(_SHORT)
_CENTURIES = frozenset(("c", "cent"))
_PARTS = frozenset("mid early late pre post".split())


def _year_of_century(match: re.Match[str], reader: Reader) -> str:
    return _short_year(match[1]).replace("zero", "oh")


def _month_of_year(match: re.Match[str], reader: Reader) -> str | None:
    """ "05/95": no fraction begins with a zero, and where one such month is there may be another."""
    around = match.string[max(0, match.start() - _NEAR) : match.end() + _NEAR]
    if match[1][0] != "0" and not _OTHER_MONTH.search(around):
        return None
    return f"{_MONTHS[int(match[1]) - 1]} {two_digits(int(match[2])) if int(match[2]) else 'two thousand'}"


def _split_year(match: re.Match[str], reader: Reader) -> str | None:
    if int(match[3]) != (int(match[2]) + 1) % 100:
        return None
    if len(match[0]) > len("2019/20"):
        return f"{year(match[1] + match[2])} to {year(match[0][-4:])}"
    return f"{year(match[1] + match[2])} to {two_digits(int(match[3])) if int(match[3]) else 'zero zero'}"


def _duration(match: re.Match[str], reader: Reader) -> str:
    """ "3h 20m" is three hours, twenty minutes."""
    parts = zip(match.group("hours", "minutes", "seconds"), _UNIT_NAMES, strict=True)
    return " ".join(
        f"{cardinal(count)} {name}{'' if count == '1' else 's'}" for count, name in parts if count
    )


RULES = (
    *spans.RULES,
    Rule("decade", "date", LETTER, _PART, lambda match, _: match[1], words=_PARTS),
    Rule("century", "date", LETTER, _CENTURY, lambda match, _: "century", words=_CENTURIES),
    Rule("timestamp", "time", LETTER, _STAMP, _stamp),
    Rule("time", "time", DIGIT, _LAP, _lap),
    Rule("time", "time", DIGIT, _MILITARY, _military),
    Rule("date", "date", LETTER, _MONTH_DAY, _month_day, words=_MONTH_WORDS),
    Rule("month-year", "date", LETTER, _MONTH_YEAR, _month_year, words=_MONTH_WORDS),
    Rule("month", "date", LETTER, _MONTH_ALONE, _month_alone, words=_MONTH_WORDS),
    Rule("weekday", "date", LETTER, _DAY_RANGE, _weekday, words=frozenset(_DAYS)),
    Rule("date", "date", DIGIT, _DAY_MONTH, _day_month),
    Rule("date", "date", DIGIT, _ISO, _iso),
    Rule("date", "date", DIGIT, _NUMERIC, _numeric, confidence=80),
    Rule("decade", "date", DIGIT, _DECADE, _decade),
    Rule("decade", "date", DIGIT, _TENS, _tens),
    Rule("decade", "date", "'’", _SHORT_DECADE, _tens),
    Rule("short-year", "date", "'’", _SHORT_YEAR, _year_of_century, confidence=70),
    Rule("era", "date", DIGIT, _ERA, _era),
    Rule("month-year", "date", DIGIT, _MONTH_OF_YEAR, _month_of_year, confidence=80),
    Rule("years", "date", DIGIT, _SPLIT_YEAR, _split_year),
    Rule("duration", "time", DIGIT, _DURATION, _duration),
    Rule("quarter", "date", DIGIT, _QUARTER, _quarter),
    Rule("time-range", "time", DIGIT, _HOURS, _hours),
    Rule("time", "time", DIGIT, _CLOCK, _clock),
    Rule("time", "time", DIGIT, _HOUR, _hour),
    Rule("years", "date", DIGIT, _YEARS, _years),
    Rule("year", "date", DIGIT, _ONE_YEAR, _one_year, confidence=90),
)  # fmt: skip
