"""Postal addresses, as affiliations have them: house numbers, streets, states, zip codes."""

import re

from .numerals import cardinal, digits, two_digits
from .rules import DIGIT, LETTER, Reader, Rule

__all__ = ["RULES"]

_STREETS = {
    "st": "street", "ave": "avenue", "blvd": "boulevard", "rd": "road", "expy": "expressway", "dr": "drive",
    "ln": "lane", "hwy": "highway", "pkwy": "parkway", "sq": "square",
}  # fmt: skip
_STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "D C", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
    "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
    "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
_NAME = r"(?:[A-Z][a-z]{1,20}[ \t]){1,3}"
_SUFFIX = rf"(?:{'|'.join(_STREETS)}|{'|'.join(_STREETS.values())})"
_HOUSE = re.compile(rf"([1-9][0-9])([0-9]{{2}})(?=[ \t]{_NAME}(?i:{_SUFFIX})\b)")
_STREET = re.compile(rf"(?i:({'|'.join(_STREETS)})\b)\.?(?![ \t][A-Z][a-z]+[ \t](?:Church|School|College))")
_BEFORE_STREET = re.compile(rf"[0-9]{{1,5}}[ \t]{_NAME}\Z")
_STATE = re.compile(
    rf"({'|'.join(_STATES)})(?:[ ](?P<zip>[0-9]{{5}}(?:-[0-9]{{4}})?)(?![0-9-])|"
    rf"(?=[.;)]?\s*\Z|,[ ]U\.?S\.?A?\b))"
)
_BEFORE_STATE = re.compile(r"[A-Z][a-z]{2,20},[ ]\Z")
_WINDOW = 60


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - _WINDOW) : match.start()]


def _house(match: re.Match[str], reader: Reader) -> str | None:
    """ "2788 Oak Road" is "twenty seven eighty eight" of them; a round number is said in full."""
    return f"{cardinal(match[1])} {two_digits(int(match[2]))}" if int(match[2]) else None


def _street(match: re.Match[str], reader: Reader) -> str | None:
    if not _BEFORE_STREET.search(_before(match)):
        return None
    said = _STREETS[match[1].lower()].capitalize()
    is_end = match[0].endswith(".") and re.match(r"\s*\Z|\s+[A-Z]", match.string[match.end() :][:8])
    return f"{said}." if is_end else said


def _state(match: re.Match[str], reader: Reader) -> str | None:
    """ "Ithaca, NY 14850": a state stands after its town, before a zip code, "USA" or the end."""
    if not _BEFORE_STATE.search(_before(match)):
        return None
    said = _STATES[match[1]]
    return f"{said} {digits(match['zip'])}" if match["zip"] else said


RULES = (
    Rule("house", "number", DIGIT, _HOUSE, _house),
    Rule("street", "abbreviation", LETTER, _STREET, _street, words=frozenset(_STREETS)),
    Rule("state", "abbreviation", LETTER, _STATE, _state),
)
