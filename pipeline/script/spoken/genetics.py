"""Variants and places in a genome: "c.20A>T", "p.Glu6Val", "chr7:117,559,590".

Variants are written as the Human Genome Variation Society asks (https://hgvs-nomenclature.org), and said
as geneticists say them.
"""

import re

from .numerals import cardinal
from .rules import LETTER, Reader, Rule, late

__all__ = ["RULES"]

_PLACE = r"[-*−]?[0-9]{1,9}(?:[+−-][0-9]{1,5})?"
_VARIANT = late(
    rf"(?P<kind>[cgmnr])\.(?P<first>{_PLACE})(?:_(?P<last>{_PLACE}))?"
    r"(?:(?P<was>[ACGTUacgu]{1,8})>(?P<now>[ACGTUacgu]{1,8})|(?P<change>delins|del|dup|ins|inv)(?P<bases>[ACGTU]{0,12}))"
    r"(?![\w>])"
)
_ACIDS = "Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|Met|Phe|Pro|Ser|Thr|Trp|Tyr|Val|Sec|Ter|Xaa"
_PROTEIN = late(
    rf"(?P<dot>p\.(?P<open>\()?)?(?P<was>{_ACIDS})(?P<place>[1-9][0-9]{{0,4}})(?P<now>{_ACIDS}|fs|del|dup|(?(dot)[=*]|(?!)))"
    r"(?(open)\))(?![\w*])"
)
_WORDS = {
    "del": "deletion", "dup": "duplication", "ins": "insertion", "inv": "inversion",
    "delins": "deletion insertion", "fs": "frameshift", "=": "unchanged", "*": "stop", "Ter": "stop",
    "-": "minus", "−": "minus", "+": "plus",
}  # fmt: skip
_SAID_OF_PLACE = late(r"[0-9]+|[-−+*]")
_PLACED = r"[0-9](?:[0-9,]{0,10}[0-9])?"
_BAND = late(
    rf"chr(?P<name>[1-9][0-9]?|[XYM])(?::(?P<first>{_PLACED})(?:[-–](?P<last>{_PLACED}))?)?(?![\w:]|,[0-9])"
)


def _place(text: str) -> str:
    """ "76-2" is "seventy six minus two"; a star is behind the stop."""
    signs = _WORDS | {"*": "star"}
    return " ".join(signs.get(part) or cardinal(part) for part in _SAID_OF_PLACE.findall(text))


def _variant(match: re.Match[str], reader: Reader) -> str:
    """ "c.20A>T": C dot twenty A to T."""
    last = f" to {_place(match['last'])}" if match["last"] else ""
    said = f"{match['kind'].upper()} dot {_place(match['first'])}{last}"
    if match["was"]:
        return f"{said} {_bases(match['was'])} to {_bases(match['now'])}"
    return f"{said} {_WORDS[match['change']]} {_bases(match['bases'])}".rstrip()


def _bases(letters: str) -> str:
    return " ".join(letters.upper())


def _protein(match: re.Match[str], reader: Reader) -> str:
    """ "p.Glu6Val": P dot Glu six Val."""
    now = match["now"]
    return (
        f"{'P dot ' if match['dot'] else ''}{match['was']} {cardinal(match['place'])} {_WORDS.get(now, now)}"
    )


def _band(match: re.Match[str], reader: Reader) -> str:
    """ "chr7:100-200": chromosome seven, positions one hundred to two hundred."""
    name = cardinal(match["name"]) if match["name"].isdecimal() else match["name"]
    if not match["first"]:
        return f"chromosome {name}"
    first, last = (match[end] and cardinal(match[end].replace(",", "")) for end in ("first", "last"))
    place = f"positions {first} to {last}" if last else f"position {first}"
    return f"chromosome {name}, {place}"


RULES = (
    Rule("variant", "name", LETTER, _VARIANT, _variant),
    Rule("variant", "name", LETTER, _PROTEIN, _protein),
    Rule("chromosome", "name", LETTER, _BAND, _band),
)
