"""Postal addresses, as affiliations have them: house numbers, streets, states, zip codes."""

import re

from .acronyms import spell
from .numerals import cardinal, digits, two_digits
from .rules import DIGIT, LETTER, Reader, Rule, folded, late
from .sentences import begins_after

__all__ = ["RULES"]

_STREETS = {
    "st": "street", "ave": "avenue", "blvd": "boulevard", "rd": "road", "expy": "expressway", "dr": "drive",
    "ln": "lane", "hwy": "highway", "pkwy": "parkway", "sq": "square", "terr": "terrace", "ct": "court",
}  # fmt: skip
_ALSO_OTHERS = frozenset(("St", "Dr", "Ct", "Terr", "Sq", "Ln"))
"""Shortened streets that need their house or the end of a phrase, or a stop."""
_PLACES = {
    "rt": "route", "rte": "route", "hwy": "highway", "rm": "room", "bldg": "building", "apt": "apartment",
    "ste": "suite", "fl": "floor",
}  # fmt: skip
_DIRECTIONS = {"N": "north", "S": "south", "E": "east", "W": "west"}
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
_TOWARDS = r"(?:[NSEW]|[NS][EW])\.?[ \t]"
_HOUSE = late(
    rf"(?P<number>[1-9][0-9]{{0,4}})(?:[ \t](?P<way>[NSEW]|[NS][EW])\.?)?(?=[ \t]{_NAME}(?i:{_SUFFIX})\b)"
)
_STREET = late(
    rf"(?i:({'|'.join(_STREETS)})\b)\.?(?![ \t][A-Z][a-z]+[ \t](?:Church|School|College))"
    r"(?:[ ](?P<way>[NSEW]|[NS][EW])(?![\w.]))?"
)
_BEFORE_STREET = late(rf"[0-9]{{1,5}}[ \t](?:{_TOWARDS})?{_NAME}\Z")
_NAME_BEFORE = late(r"(?:(?<![\w.])[A-Z][a-z]{1,20}(?:['’]s)?|[0-9](?:st|nd|rd|th))[ \t]\Z")
_ENDS_STREET = late(r"[.]?(?:\s*\Z|[,;)]|\s(?:and|in|near|at|was|is|to)\b)")
_PLACED = late(rf"(?P<place>(?i:{'|'.join(_PLACES)}))\.?[ \t\xa0](?P<number>[0-9]{{1,4}})(?![\w]|[.,][0-9])")
_FLOOR = late(r"Fl\.(?<=[0-9](?:st|nd|rd|th)[ ]Fl\.)")
_STATE = late(
    rf"({'|'.join(_STATES)})(?:[ ](?P<zip>[0-9]{{5}}(?:-[0-9]{{4}})?)(?![0-9-])|"
    rf"(?=[.;)]?\s*\Z|,[ ]U\.?S\.?A?\b))"
)
_SHORT_STATES = dict(
    pair.split(":")
    for pair in (
        "Ala:Alabama Ariz:Arizona Ark:Arkansas Calif:California Cal:California Colo:Colorado "
        "Conn:Connecticut Del:Delaware Fla:Florida Ga:Georgia Ill:Illinois Ind:Indiana Kan:Kansas "
        "Kans:Kansas Ky:Kentucky La:Louisiana Md:Maryland Mass:Massachusetts Mich:Michigan "
        "Minn:Minnesota Miss:Mississippi Mo:Missouri Mont:Montana Neb:Nebraska Nebr:Nebraska Nev:Nevada "
        "Okla:Oklahoma Ore:Oregon Pa:Pennsylvania Penn:Pennsylvania Tenn:Tennessee Tex:Texas Va:Virginia "
        "Vt:Vermont Wash:Washington Wis:Wisconsin Wisc:Wisconsin Wyo:Wyoming"
    ).split()
)
_SHORT_STATE = late(rf"(?P<short>{'|'.join(sorted(_SHORT_STATES, key=len, reverse=True))})\.(?!\w)")
_PARTY = late(rf"\((?P<party>[DRI])[-‐‑–](?P<state>{'|'.join(_STATES)}|(?:{'|'.join(_SHORT_STATES)})\.)\)")
_BEFORE_DEGREE = late(r"[A-Z]\.[ ][A-Z][\w'’-]{1,20},[ ]\Z")
_BEFORE_STATE = late(r"[A-Z][a-z]{2,20},[ ]\Z")
_WINDOW = 60


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - _WINDOW) : match.start()]


def _by_pairs(number: str) -> str:
    """The number of a house or a road: "742" is "seven forty two", a round one is said in full."""
    head, rest = number[:-2], int(number[-2:])
    if head and not rest and len(number) == 4 and head[1] != "0":
        return f"{cardinal(head)} hundred"
    if not head or not rest or len(number) > 4:
        return cardinal(number)
    return f"{cardinal(head)} {two_digits(rest)}"


def _house(match: re.Match[str], reader: Reader) -> str:
    """ "2788 Oak Road", "110 W. Main St."."""
    return f"{_by_pairs(match['number'])} {_towards(match['way'])}".rstrip()


def _towards(way: str | None) -> str:
    """ "NW" is "northwest"."""
    return "".join(_DIRECTIONS[letter] for letter in way or "")


def _street(match: re.Match[str], reader: Reader) -> str | None:
    before = _before(match)
    is_named = "." in match[0] and _NAME_BEFORE.search(before) is not None
    if match[1].title() in _ALSO_OTHERS:
        is_end = _ENDS_STREET.match(match.string, match.end()) is not None
        is_named = is_named and (before[-4:-3].isdigit() or is_end)
    if not match[1].istitle() or not (_BEFORE_STREET.search(before) or is_named):
        return None
    said = _ended(match, _STREETS[folded(match[1])].capitalize())
    return f"{said} {_towards(match['way'])}" if match["way"] else said


def _ended(match: re.Match[str], said: str) -> str:
    is_end = match[0].endswith(".") and begins_after(match.string, match.end())
    return f"{said}." if is_end else said


def _placed(match: re.Match[str], reader: Reader) -> str | None:
    """ "Rt. 9", "Bldg. 7", "Rm. 112"."""
    place = match["place"]
    if not place.istitle():
        return None
    return f"{_PLACES[folded(place)].capitalize()} {_by_pairs(match['number'])}"


def _short_state(match: re.Match[str], reader: Reader) -> str | None:
    """ "Ithaca, Mich."."""
    if not _BEFORE_STATE.search(_before(match)):
        return None
    return _ended(match, _SHORT_STATES[match["short"]])


def _party(match: re.Match[str], reader: Reader) -> str:
    """ "(D-HI)"."""
    state = match["state"]
    return f"({match['party']} {_STATES.get(state) or _SHORT_STATES[state[:-1]]})"


def _state(match: re.Match[str], reader: Reader) -> str | None:
    """ "Ithaca, NY 14850": a state stands after its town, before a zip code, "USA" or the end."""
    if not _BEFORE_STATE.search(_before(match)):
        return None
    if not match["zip"] and _BEFORE_DEGREE.search(_before(match)):
        return spell(match[1]).spoken
    said = _STATES[match[1]]
    return f"{said} {digits(match['zip'])}" if match["zip"] else said


RULES = (
    Rule("house", "number", DIGIT, _HOUSE, _house),
    Rule("street", "abbreviation", LETTER, _STREET, _street, words=frozenset(_STREETS)),
    Rule("place", "abbreviation", LETTER, _PLACED, _placed, words=frozenset(_PLACES)),
    Rule("floor", "abbreviation", LETTER, _FLOOR, lambda match, _: "Floor", words=frozenset(("fl",))),
    Rule(
        "state", "abbreviation", LETTER, _SHORT_STATE, _short_state,
        words=frozenset(map(str.lower, _SHORT_STATES)),
    ),
    Rule("state", "abbreviation", "(", _PARTY, _party),
    Rule("state", "abbreviation", LETTER, _STATE, _state),
)  # fmt: skip
