"""Names: of models and data sets, initials, dotted letters, words joined by signs."""

import re
import unicodedata
from dataclasses import replace

from . import chemistry, initialisms, romans
from .acronyms import say_capitals, say_mixed, spell
from .mathtree import called
from .numerals import cardinal, decimal, digits, plural, two_digits
from .romans import roman_value
from .rules import ALPHABETIC, ALPHANUMERIC, DIGIT, GREEK, LETTER, Reader, Reading, Rule, joined, late
from .sentences import begins_after

__all__ = ["RULES", "say_word"]

_COMPOUND = late(
    rf"(?=[\w.+/’'-]{{0,60}}[0-9A-Z]){ALPHANUMERIC}{{1,60}}+(?:(?:[-‐‑/+](?:{ALPHANUMERIC}|[α-ω]){{1,60}}+"
    rf"|\.[0-9]{ALPHANUMERIC}{{0,30}}+|['’]{ALPHABETIC}{{1,3}}+(?![\w]))){{0,12}}+(?:\+{{1,2}}(?![\w+])|(?<=-[35])['’′](?![\w]))?"
)
_PIECE = late(
    rf"[Ͱ-Ͽµ]|(?<=[0-9])['’]s(?!\w)|(?<=[0-9])['’′](?!\w)|[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+(?:\.[0-9]+)*|{ALPHABETIC}+(?:['’]{ALPHABETIC}{{1,3}})?|[-‐‑/.+]"
)
_PRIMES = ("'", "’", "′")
_CLUSTER = late("[bcdfghjklmnpqrstvwxz]{2,3}|[BCDFGHJKLMNPQRSTVWXZ][bcdfghjklmnpqrstvwxz]")
"""Letters that nobody can say as a word: "fp16", "Hc2"."""
_STAR = late(r"([A-Z])\*(?=[ ](?:search|algorithm|planner|path))")
_STANDARD = late(r"([A-Z])\.([0-9]{3})(?!\w)")
"""Such as "H.264"."""
_INITIALS = late(r"[A-ZÀ-ÖØ-Þ]\.(?:[- ]?[A-ZÀ-ÖØ-Þ]\.){0,12}(?=[ ]?[A-Z]|[ ]|,|\Z|[)\]”\"’;])")
_SPELLED = late(r"(?:\A|\s)[A-Z] \Z")
"""Before a letter that is the last of several, and its stop that of the sentence: "an L L M. It"."""
_AFTER_INITIALS = late(r"[0-9]|(?:and|et|de|van|von|der)\b")
_DOTTED = late(r"(?:[A-Za-z]\.){2,8}(?:[A-Za-z](?![\w]))?(?P<s>['’]?s(?![\w]))?")
_DEGREE = late(r"(?P<first>Ph|M|B|D)(?:\.[ ]?|(?<=Ph)[ ])?(?P<second>Phil|Sc|D|A|S|Ed|Eng)\.?s?(?![\w])")
_JOINED_NUMERALS = frozenset(("II", "III", "IV", "VII", "VIII", "IX"))
"""Numerals at the end of a name with a hyphen, such as "MIMIC-IV"; "VI" is initials there."""
_LETTER_S = late(r"([A-Z])['’]s(?!\w)")
_GLOSS = late(r"[(（](?=[^()\n]{0,60}[Ѐ-῿぀-鿿가-힣])[^()（）A-Za-z0-9\n]{1,80}[)）]")
"""A name in its own script, in brackets, where all of it is in that script."""
_HASHTAG = late(r"#([A-Za-z]\w{1,40})")
_MENTION = late(r"@([A-Za-z]\w{1,40})")
_SHARP = late(r"([CFJ])#(?![\w])")
_PLUSPLUS = late(r"([A-Za-z]{1,12})(\+{1,2})(?![\w+])")


def say_word(word: str) -> Reading:
    """One word of letters, said by its case: capitals, a coined mixture, or as written."""
    return say_capitals(word) or say_mixed(word) or Reading(word, rule="as-written")


def _compound(match: re.Match[str], reader: Reader) -> Reading | None:
    """ "Qwen2.5-3B", "CP-LRP", "LLaMA-2-70B", "TCP/IP": each part by itself."""
    written = unicodedata.normalize("NFKC", match[0])
    pieces = _PIECE.findall(written)
    if len(pieces) < 2 and not written.endswith("+"):
        return None
    said: list[Reading] = []
    confidence = 100
    for place, piece in enumerate(pieces):
        before, after = (
            pieces[place - 1] if place else "",
            pieces[place + 1] if place + 1 < len(pieces) else "",
        )
        if piece == "s" and before[-1:].isdecimal() and not after and pieces[place - 2][-1] not in "vV":
            said[-1] = Reading(plural(said[-1].spoken))
        elif piece[0] in _PRIMES and piece[1:] == "s":
            said[-1] = Reading(f"{said[-1].spoken}'s")
        elif piece in _PRIMES:
            said.append(Reading("prime"))
        elif piece[0].isdecimal():
            said.append(Reading(_say_number(piece, before, after)))
        elif piece in "-‐‑/.+":
            said += [Reading("plus")] if piece == "+" else []
            if _parts_size(pieces, place):
                said[-1] = replace(said[-1], spoken=f"{said[-1].spoken},")
        else:
            reading = initialisms.in_context(_say_part(piece, before, after, reader), piece, match)
            confidence = min(confidence, reading.confidence)
            said.append(reading)
    if (
        "-" in written
        and not any(char.isdecimal() for char in written)
        and all(part.spoken == word for part, word in zip(said, re.split("-", written), strict=False))
    ):
        return Reading(written, 100, "as-written")
    return joined(said, confidence=confidence)


def _parts_size(pieces: list[str], place: int) -> bool:
    """Whether a hyphen parts the version of a model from its size, as in "Qwen2.5-7B"."""
    if not 0 < place < len(pieces) - 2 or pieces[place] not in "-‐‑":
        return False
    return (
        pieces[place - 1][-1].isdecimal() and pieces[place + 1][0].isdecimal() and pieces[place + 2] in "BbMT"
    )


def _say_part(piece: str, before: str, after: str, reader: Reader) -> Reading:
    """A part of a name between the parts before and after it."""
    if len(piece) == 1:
        return _say_letter(piece, before, after)
    if before == "-" and piece in _JOINED_NUMERALS:
        return Reading(cardinal(roman_value(piece) or 0))
    if not after[:1].isdecimal():
        return reader.word(piece)
    if piece[-1] in "vV" and len(piece) > 2:
        return joined((reader.word(piece[:-1]), Reading("V")))
    is_spelled = _CLUSTER.fullmatch(piece) or (len(piece) == 2 and piece.swapcase() == piece.capitalize())
    return spell(piece.upper()) if is_spelled else reader.word(piece)


def _say_letter(letter: str, before: str, after: str) -> Reading:
    """ "8x7", "x+1", "A100": between numbers x is "by"; in a sum letters stay, in a name they are large."""
    if letter in GREEK:
        return Reading(called(letter)[1])
    if letter == "x" and before[:1].isdecimal() and after[:1].isdecimal():
        return Reading("by")
    if letter == "a" and before == after == "-":
        return Reading(letter)
    is_large = letter.isascii() and "+" not in (before, after) and bool(before or after)
    return Reading(letter.upper() if is_large else letter)


def _say_number(piece: str, before: str, after: str) -> str:
    """A number in a name: "3.5" "three point five", "3090" "thirty ninety", "007" digit by digit."""
    if "," in piece or piece.count(".") == 1:
        return decimal(piece)
    if "." in piece:
        return " point ".join(map(cardinal, piece.split(".")))
    if (piece[0] == "0" and len(piece) > 1) or len(piece) > 4:
        return digits(piece)
    if len(piece) == 4 and piece[2:] != "00" and piece[1:3] != "00":
        return f"{cardinal(piece[:2])} {two_digits(int(piece[2:]))}"
    return cardinal(piece)


def _initials(match: re.Match[str], reader: Reader) -> Reading | None:
    """ "J. R. Smith": a name follows, or more initials, or what follows names."""
    if _SPELLED.search(match.string[max(0, match.start() - 3) : match.start()]):
        return None
    following = match.string[match.end() :][:30].lstrip(" ")
    letters = "".join(filter(str.isalpha, match[0]))
    if not following or (len(letters) == 1 and begins_after(match.string, match.end())):
        return _stopped(spell(letters))
    is_name = following[0].isupper() or following[0] in "(,&;)" or len(letters) > 1
    return spell(letters) if is_name or _AFTER_INITIALS.match(following) else None


def _dotted(match: re.Match[str], reader: Reader) -> Reading:
    """ "U.S.A.", "U.K.'s": the stops go, but for one that ends the text."""
    dotted = match[0].removesuffix(match["s"] or "")
    letters = spell("".join(filter(str.isalpha, dotted)).upper(), "'s" if match["s"] else "")
    is_end = match[0].endswith(".") and not match.string[match.end() :][:20].strip()
    return _stopped(letters) if is_end else letters


def _stopped(reading: Reading) -> Reading:
    return replace(reading, spoken=f"{reading.spoken}.", sound=reading.sound and f"{reading.sound}.")


def _degree(match: re.Match[str], reader: Reader) -> Reading | None:
    if "." not in match[0] and match[0] not in ("PhD", "PhDs", "MSc", "BSc", "DPhil"):
        return None
    if len(match["second"]) > 2:
        return Reading(f"{match['first']} {match['second']}")
    plural = "s" if match[0].endswith("s") else ""
    return spell(f"{match['first']}{match['second']}".upper(), plural)


def _standard(match: re.Match[str], reader: Reader) -> str:
    return f"{match[1]} {digits(match[2])}"


def _letter_s(match: re.Match[str], reader: Reader) -> Reading:
    return spell(match[1], "'s")


def _unsaid(match: re.Match[str], reader: Reader) -> str:
    """ "Kyoto (京都)": the reader has just said it."""
    return ""


def _hashtag(match: re.Match[str], reader: Reader) -> str:
    return f"hashtag {reader.say(match[1].replace('_', ' '))}"


def _mention(match: re.Match[str], reader: Reader) -> str:
    return f"at {reader.say(match[1].replace('_', ' '))}"


def _sharp(match: re.Match[str], reader: Reader) -> str:
    return f"{match[1]} sharp"


def _plusplus(match: re.Match[str], reader: Reader) -> str:
    word = match[1]
    return f"{word if len(word) == 1 else reader.say(word)}{' plus' * len(match[2])}"


RULES = (
    *romans.RULES,
    *initialisms.RULES,
    Rule("star", "name", LETTER, _STAR, lambda match, _: f"{match[1]} star"),
    Rule("standard", "name", LETTER, _STANDARD, _standard),
    *chemistry.AFTER_FORMULAS,
    Rule("degree", "letters", LETTER, _DEGREE, _degree),
    Rule("dotted-letters", "letters", LETTER, _DOTTED, _dotted),
    Rule("initials", "letters", LETTER, _INITIALS, _initials),
    Rule("sharp", "name", LETTER, _SHARP, _sharp),
    Rule("plus-plus", "name", LETTER, _PLUSPLUS, _plusplus),
    Rule("letter", "letters", LETTER, _LETTER_S, _letter_s),
    Rule("name", "name", LETTER + DIGIT, _COMPOUND, _compound),
    Rule("gloss", "gloss", "(（", _GLOSS, _unsaid, confidence=70),
    Rule("hashtag", "word", "#", _HASHTAG, _hashtag),
    Rule("mention", "word", "@", _MENTION, _mention),
)
