"""The stroke "/": "or" between words, "and" between what is alike, "per", "over", or nothing.

Words on both sides of a stroke are tokens of their own; what is said for the stroke is judged by them.
What is a name, such as "TCP/IP", is left to names.py, where strokes are silent.
"""

import re

from .rules import DIGIT, LETTER, Reader, Rule, late

__all__ = ["RULES"]

_PART = r"(?:[A-Z]?[a-zà-ÿ]{2,30}(?:[-‐‑][A-Za-z]?[a-zà-ÿ]{1,30}){0,3}|[A-Za-z0-9]{2,20})"
_CHAIN = rf"{_PART}(?:/{_PART}){{1,6}}(?![\w/]|[.-]\w|\()"
_FIRST = late(rf"(?P<first>{_PART})(?=/{_PART})")
_WHOLE = late(_CHAIN)
_LEFT = late(r"(?<![\w./-])[\w/‐‑-]{1,80}\Z")
_WINDOW = 80
_PLAIN = late(r"[A-Z]?[a-zà-ÿ]{2,}(?:[-‐‑][A-Za-z]?[a-zà-ÿ]+)*")
_CODED = late(r"(?=[^a-z]*[A-Z])[A-Z0-9][A-Za-z0-9]+")
_COUNTED = late(r"[0-9]+(?P<unit>[A-Z])")
_NUMBERED = late(r"(?P<name>[A-Za-z]{1,4})(?P<number>[0-9]{1,3})")
"""Such as "V1" and "V2", or "fp16" and "bf16": of a kind if one of name and number is the same."""
_DERIVATIVE = late("d[a-z]/d[a-z]")
_TOGETHER = frozenset(
    """
    and/or either/or input/output client/server true/false read/write on/off audio/visual start/stop push/pull
    host/guest master/slave
    """.split()
)
"""Pairs that are said in one breath."""
_RATIOS = frozenset("Kcat Kd Ki Km Vmax kcat koff kon".split())
"""Quantities of biochemists, of which one stands over the other."""
_OPPOSED = frozenset("to/from from/to in/out up/down before/after above/below into/from over/under".split())
"""Pairs of small words, all of which are meant."""
_TIMES = frozenset(
    "second sec minute min hour day night week month year person capita student patient user item".split()
)
"""What many things may be counted by: "tokens/second"."""

_ELEMENT = (
    r"(?:A[cglrstu]|B[aeir]?|C[adeorsu]?|D|Eu|F[e]?|G[ade]|H[efg]?|In?|Ir|K|L[aiu]|M[gno]|N[abdei]?|O|P[bdt]?"
    r"|Rb|S[bceinmr]?|T[aehi]|U|V|W|Yb?|Z[nr])"
)
_RATIO = late(rf"\[(?P<top>{_ELEMENT})/(?P<bottom>{_ELEMENT})\]")
_BARE_RATIO = late(
    rf"(?P<top>[CNOD]|{_ELEMENT}(?=/[A-Z][a-z]|/H(?!\w))|[A-Z][a-z](?=/))/(?P<bottom>{_ELEMENT})(?![\w/])"
)
_OF_RATIO = late(r"[ ](?:abundance|(?:(?:number|mass|mole|molar|weight) )?ratio|fraction)")
_LIGHT = frozenset("CNOHD")
_ALWAYS_BELOW = frozenset(("H", "Ca"))
"""What other elements are measured against."""

_BETWEEN = late(r"/(?=[^\W_])")
_STROKE = late(r"/(?=[ \t])")
"""With blanks around it, a break."""
_PER = late(r"(?<=[0-9])/(?=[a-z]{3})")
"""So many of something for each of another: "8/group"."""
_OR = late(r"-/(?=[a-z])")
"""In "semi-/self-supervised"."""
_AND = late(r"(?<=%)/(?=[0-9])")
_OR_QUOTED = late(r"(?<=[a-z][\"”’'])/(?=[\"“‘'][A-Za-z])")
_OVER = late(r"(?<=\])/(?=\[)")
_AFTER_BRACKET = late(r"(?<=[A-Za-z][)\]])/(?=[A-Za-z]{2})")
_IN_BRACKET = late(r"(?<=\()/(?=[A-Za-z]{2})")


def _joint(parts: list[str]) -> str | None:
    """What is said between these words; None if they are left as a name."""
    if all(map(_PLAIN.fullmatch, parts)):
        return None if _DERIVATIVE.fullmatch("/".join(parts)) else _between_words(parts)
    if _RATIOS.issuperset(parts):
        return "over"
    is_list = all(_are_alike(parts[0], other) for other in parts[1:])
    return ("and" if len(parts) == 2 else ",") if is_list else None


def _between_words(parts: list[str]) -> str:
    pair = "/".join(parts).lower()
    if len(parts) > 2:
        return ","
    if pair in _TOGETHER:
        return ""
    if pair in _OPPOSED:
        return "and"
    is_rate = parts[1] in _TIMES and parts[0] not in _TIMES and parts[0].endswith("s")
    return "per" if is_rate else "or"


def _are_alike(one: str, two: str) -> bool:
    """Whether two coded names are of a kind: "CPU/GPU", "AVX/AVX512", "4B/12B", "V1/V2", "fp16/bf16"."""
    first, second = _NUMBERED.fullmatch(one), _NUMBERED.fullmatch(two)
    if first and second and ((first["name"] == second["name"]) != (first["number"] == second["number"])):
        return True
    counted, other = _COUNTED.fullmatch(one), _COUNTED.fullmatch(two)
    if counted or other:
        return bool(counted and other and counted["unit"] == other["unit"])
    if not (_CODED.fullmatch(one) and _CODED.fullmatch(two)) or min(len(one), len(two)) < 3:
        return False
    same = sum(a == b for a, b in zip(one, two, strict=False)) if len(one) == len(two) else 0
    return one[:3] == two[:3] or one[-2:] == two[-2:] or same >= 2


def _chain_at(text: str, start: int) -> list[str]:
    """The words joined by strokes around the stroke at a place; none if they are no words."""
    left = _LEFT.search(text, max(0, start - _WINDOW), start)
    chain = _WHOLE.match(text, left.start()) if left else None
    return chain[0].split("/") if chain and chain.end() > start else []


def _first(match: re.Match[str], reader: Reader) -> str | None:
    """A word before a stroke; an amount is no word."""
    if _COUNTED.fullmatch(match["first"]):
        return None
    chain = _chain_at(match.string, match.end())
    return reader.say(match["first"]) if chain and _joint(chain) is not None else None


def _between(match: re.Match[str], reader: Reader) -> str | None:
    chain = _chain_at(match.string, match.start())
    said = _joint(chain) if chain else None
    return said if said in (None, ",") else f" {said} ".replace("  ", " ")


def _ratio(match: re.Match[str], reader: Reader) -> str:
    """ "[Fe/H]": one element over another."""
    return f"{' '.join(match['top'].upper())} over {' '.join(match['bottom'].upper())}"


def _bare_ratio(match: re.Match[str], reader: Reader) -> str | None:
    top, bottom = match["top"], match["bottom"]
    is_ratio = {top, bottom} <= _LIGHT or bottom in _ALWAYS_BELOW
    return _ratio(match, reader) if is_ratio or _OF_RATIO.match(match.string, match.end()) else None


def _stroke(match: re.Match[str], reader: Reader) -> str | None:
    return "," if match.string[: match.start()][-1:].isspace() else None


RULES = (
    Rule("ratio", "symbol", "[", _RATIO, _ratio),
    Rule("ratio", "symbol", LETTER, _BARE_RATIO, _bare_ratio, confidence=80),
    Rule("alternatives", "word", LETTER + DIGIT, _FIRST, _first),
    Rule("alternatives", "symbol", "/", _BETWEEN, _between, confidence=80),
    Rule("dash", "dash", "/", _STROKE, _stroke),
    Rule("per", "symbol", "/", _PER, lambda match, _: "per"),
    Rule("or", "symbol", "-", _OR, lambda match, _: " or"),
    Rule("alternatives", "symbol", "/", _OR_QUOTED, lambda match, _: " or "),
    Rule("alternatives", "symbol", "/", _AND, lambda match, _: " and "),
    Rule("ratio", "symbol", "/", _OVER, lambda match, _: " over "),
    Rule("alternatives", "dash", "/", _AFTER_BRACKET, lambda match, _: ","),
    Rule("alternatives", "symbol", "/", _IN_BRACKET, lambda match, _: "or "),
)
