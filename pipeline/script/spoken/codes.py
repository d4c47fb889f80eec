"""Names that are mostly numbers: of stars, alleles, grants and lineages, and coordinates as names."""

import re
from string import ascii_lowercase

from .numerals import cardinal, decimal, digits, plural, two_digits
from .rules import DIGIT, GREEK, LETTER, Reader, Rule, late, word_before

__all__ = ["RULES"]

_CATALOGUE = late(
    r"(?P<name>NGC|UGC|PGC|IC|HD|HR|HIP|KIC|EPIC|TIC|TOI|Abell|Mrk|Arp|Sh)(?P<gap>[ \xa0-])"
    r"(?P<number>[1-9][0-9]{0,8})(?!\w|[.,·][0-9])"
)
_COORDINATES = late(
    r"(?P<letter>[JB])(?P<first>[0-9]{4,6}(?:\.[0-9]{1,3})?)(?P<sign>[-+−–])(?P<second>[0-9]{2,6}(?:\.[0-9]{1,2})?)"
    r"(?P<tail>[A-Za-z])?(?!\w|[-+−–.]\d)"
)
_ALLELE = late(
    r"(?P<gene>[A-Z][A-Z0-9]{0,6}(?:-[A-Z0-9]{1,5})?)\*(?P<fields>[0-9]{1,3}(?::[0-9]{2,3}){0,3})(?![\w.])"
)
_LINEAGE = late(r"(?P<name>[A-Z]{1,3})\.(?P<numbers>[0-9]{1,4}(?:\.[0-9]{1,4}){0,4})(?![\w]|\.\w)")
_GRANT = late(r"(?P<name>(?:[A-Z]{2,6}:|PMC?ID:?)[ ]?|PMID)(?P<number>[0-9]{5,12})(?!\w|\.[0-9])")
_ENGINE = late(r"V(?P<number>[0-9]{1,3})(?![\w]|\.[0-9])")
"""Such as a graphics card or a lead of a cardiogram: a capital V after no name and before a whole number."""
_AIRCRAFT = late(
    r"(?P<name>(?:[Bb]oeing|[Ff]light)[ -])(?P<head>[1-9])(?P<rest>[0-9]{2})(?P<many>s)?"
    r"(?!\w|[,.][0-9])(?:-(?=[0-9]))?"
)
_NETWORK = late(r"802\.(?P<part>[0-9]{1,2})(?P<kind>[a-z]{0,3})(?![\w.]\w?)")
_STARRED = late(r"(?P<name>[A-Z]{1,3}[0-9]{1,4})\*(?=[ ,;.)]|['’]s|\Z)")
_OPENED = late(r"(?:\A|[\s(])[*]{1,2}(?!\s)[^*]{0,200}\Z")
"""Before a star that closes what another opened."""
_GREEK_NAME = late(
    r"(?P<letter>[α-ω])[-‐‑–](?P<other>[0-9]{1,2}|[α-ω])"
    r"(?=[ ](?!(?:and|as|at|by|for|if|in|is|of|on|or|to)\b)[a-z]{3})"
)
_STRAND = late(
    r"(?P<first>[1-7])['’′]"
    r"(?:(?P<to>[ ]?(?:[-–→]|to)[ ]?)(?P<second>[1-7])['’′]|[-‐‑](?=[a-z]{2})|(?=-?[A-Z]{2}))"
    r"(?!\w['’])"
)
_SENSITIVITY = late(r"(?<![\w'’‘])(?P<letter>[a-z])['’′](?=[ ](?:of|was|is|values?|scores?|for)\b|[ ]?[=<>])")
_JOINED = late(r"(?P<letters>[A-Z]{1,3}&(?:amp;)?[A-Z]{1,3})(?P<owns>['’]s)?(?![\w&])")
_SMALL = frozenset(ascii_lowercase)
_SIGNS = {"-": "minus", "−": "minus", "–": "minus", "+": "plus"}


def _number(text: str) -> str:
    """The number of an object: by twos if of four digits, digit by digit if longer."""
    if len(text) > 4:
        return digits(text)
    if len(text) == 4 and text[0] != "0" and text[1:] != "000":
        head, rest = cardinal(text[:2]), int(text[2:])
        return f"{head} {two_digits(rest)}" if rest else f"{head} hundred"
    return cardinal(text)


def _catalogue(match: re.Match[str], reader: Reader) -> str:
    return f"{reader.word(match['name']).spoken} {_number(match['number'])}"


def _each(text: str) -> str:
    return " point ".join(digits(part) for part in text.split("."))


def _coordinates(match: re.Match[str], reader: Reader) -> str:
    """ "J0723.3-7327": digit by digit, with the sign."""
    tail = f" {match['tail'].upper()}" if match["tail"] else ""
    return f"{match['letter']} {_each(match['first'])} {_SIGNS[match['sign']]} {_each(match['second'])}{tail}"


def _allele(match: re.Match[str], reader: Reader) -> str | None:
    """ "DQB1*06:04", "CYP2C19*2"; a product of one letter and a number is none."""
    gene, fields = match["gene"], match["fields"].split(":")
    if len(gene) == 1 and (len(fields) == 1 or len(fields[0]) == 1):
        return None
    name = " ".join(cardinal(part) if part.isdecimal() else part for part in re.findall("[A-Z]|[0-9]+", gene))
    said = (digits(field) if field[0] == "0" or len(fields) > 1 else cardinal(field) for field in fields)
    return f"{name} star {' '.join(said)}"


def _lineage(match: re.Match[str], reader: Reader) -> str | None:
    """ "B.1.617.2", "BA.2"; of one letter and one number, there are other things."""
    numbers = match["numbers"].split(".")
    if len(match["name"]) == 1 and len(numbers) < 2:
        return None
    said = (digits(number) if len(number) > 2 else cardinal(number) for number in numbers)
    return f"{' '.join(match['name'])} point {' point '.join(said)}"


def _grant(match: re.Match[str], reader: Reader) -> str:
    """ "DFG:4017332", "GO:0008150", "PMID 12345678": digit by digit."""
    name = match["name"].rstrip(": ")
    return f"{reader.word(name).spoken if len(name) > 3 else ' '.join(name)} {digits(match['number'])}"


def _aircraft(match: re.Match[str], reader: Reader) -> str | None:
    """ "Boeing 737s": by its first digit and the other two."""
    rest = int(match["rest"])
    said = f"{cardinal(match['head'])} {two_digits(rest) if rest else 'hundred'}"
    return f"{match['name']}{plural(said) if match['many'] else said}"


def _network(match: re.Match[str], reader: Reader) -> str:
    """ "802.11ac", the standard of a network."""
    return " ".join(["eight oh two point", cardinal(match["part"]), *match["kind"].upper()])


def _starred(match: re.Match[str], reader: Reader) -> str | None:
    """ "M87*", unless the star closes what is stressed."""
    if _OPENED.search(match.string, max(0, match.start() - 200), match.start()):
        return None
    return f"{reader.say(match['name'])} star"


def _greek_name(match: re.Match[str], reader: Reader) -> str:
    """ "ω-3 fats", "π-π stacking": what a noun follows is a name, no difference."""
    return f"{reader.say(match['letter'])} {reader.say(match['other'])}"


def _strand(match: re.Match[str], reader: Reader) -> str:
    """ "5'-end", "5′–3′"."""
    second = f" to {cardinal(match['second'])} prime" if match["to"] else ""
    return f"{cardinal(match['first'])} prime{second}"


def _joined(match: re.Match[str], reader: Reader) -> str:
    """ "R&D", "AT&T's": each letter."""
    one, _, other = match["letters"].replace("amp;", "").partition("&")
    return f"{' '.join(one)} and {' '.join(other)}{chr(39) + 's' if match['owns'] else ''}"


def _engine(match: re.Match[str], reader: Reader) -> str | None:
    before = word_before(match)
    return None if before[:1].isupper() and before[1:].islower() else f"V {decimal(match['number'])}"


RULES = (
    Rule("catalogue", "name", LETTER, _CATALOGUE, _catalogue),
    Rule("coordinates", "name", LETTER, _COORDINATES, _coordinates),
    Rule("allele", "name", LETTER, _ALLELE, _allele),
    Rule("lineage", "name", LETTER, _LINEAGE, _lineage),
    Rule("grant", "name", LETTER, _GRANT, _grant),
    Rule("model", "name", LETTER, _ENGINE, _engine),
    Rule("aircraft", "name", LETTER, _AIRCRAFT, _aircraft, words=frozenset(("boeing", "flight"))),
    Rule("standard", "name", DIGIT, _NETWORK, _network),
    Rule("starred", "name", LETTER, _STARRED, _starred),
    Rule("greek-name", "name", GREEK, _GREEK_NAME, _greek_name, confidence=80),
    Rule("strand", "name", DIGIT, _STRAND, _strand),
    Rule("prime", "name", LETTER, _SENSITIVITY, lambda match, _: f"{match['letter']} prime", words=_SMALL),
    Rule("letters", "letters", LETTER, _JOINED, _joined),
)
