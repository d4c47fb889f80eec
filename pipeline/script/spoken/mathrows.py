"""What the things in a row of a formula are to each other, before the row is said.

Bars that open and close become norms and sizes, and one alone is "given"; a minus between a smaller
and a larger number is a range; what is held between two bounds is "between" them.
"""

import re

from .mathtree import Node

__all__ = ["BETWEEN", "is_sum", "settled"]

BETWEEN = frozenset(("operator", "relation", "comma"))
"""Kinds of what stands between two things."""
_NUMERAL = re.compile(r"[0-9,]*\.?[0-9]+")
_RISING = ("is less than", "at most", "is at most about")
_FALLING = ("is greater than", "at least", "is at least about")
_WITH_VERB = ("at most", "at least", "in")
"""Relations that are said without "is" where nothing asks for it."""


def settled(nodes: list[Node]) -> list[Node]:
    """A row of nodes with its bars, ranges and chains of relations told apart."""
    return _chained(_ranges(_paired(nodes)))


def is_sum(nodes: list[Node]) -> bool:
    """Whether a row is a sum or a difference of at least two things."""
    return len(nodes) > 2 and any(one.words in ("plus", "minus") for one in nodes[1:])


def _paired(nodes: list[Node]) -> list[Node]:
    out: list[Node] = []
    opened: dict[str, int] = {}
    for node in nodes:
        if node.kind != "bar":
            out.append(node)
        elif (start := opened.pop(node.words, None)) is not None:
            inner = out[start + 1 :]
            what = "the norm of" if node.words == "||" else _size(inner)
            out[start:] = [Node("norm", what, node.words, inner, node.below, node.above)]
        elif node.below or node.above or (_closes(out) and _lone(nodes, node)):
            out += _lone_bar(node, out)
        else:
            opened[node.words] = len(out)
            out.append(node)
    is_map = any(node.words in ("to", "maps to") for node in out)
    return [_one(out, place, is_map=is_map) for place in range(len(out))]


def _one(nodes: list[Node], place: int, *, is_map: bool) -> Node:
    """A bar that is left is "given" or "divides", a colon where nothing is mapped is a break."""
    node = nodes[place]
    after_number = place > 0 and nodes[place - 1].kind == "number"
    if node.kind == "bar" or node.source == "\\mid":
        return Node("operator", "divides" if after_number and place == 1 else "given")
    return Node("comma", ",") if node.source == ":" and not (is_map or after_number) else node


def _lone_bar(bar: Node, before: list[Node]) -> list[Node]:
    """ "given"; with an index, what something is restricted to or taken at; after a number, "divides"."""
    if bar.words != "|":
        return [Node("operator", "and")]
    if bar.below:
        is_place = any(one.kind == "relation" for one in bar.below)
        return [Node("operator", "at" if is_place else "restricted to"), Node("group", inner=bar.below)]
    return [Node("operator", "divides" if [one.kind for one in before] == ["number"] else "given")]


def _closes(nodes: list[Node]) -> bool:
    """Whether after these something is complete, so that a bar may follow it."""
    return bool(nodes) and nodes[-1].kind not in BETWEEN | {"over", "function"}


def _lone(nodes: list[Node], bar: Node) -> bool:
    return sum(node.kind == "bar" and node.words == bar.words for node in nodes) % 2 == 1


def _size(inner: list[Node]) -> str:
    single = len(inner) == 1 and inner[0].source.isupper()
    return "the size of" if single else "the absolute value of"


def _ranges(nodes: list[Node]) -> list[Node]:
    """ "10-16" and "10^7-10^8", which no one would subtract."""
    out = list(nodes)
    for place in range(1, len(nodes) - 1):
        left, right = _value(nodes[place - 1]), _value(nodes[place + 1])
        after = nodes[place + 2] if place + 2 < len(nodes) else None
        is_alone = after is None or after.kind in ("relation", "comma", "after") or after.words == "times"
        opens = place == 1 or nodes[place - 2].kind in ("relation", "comma")
        if nodes[place].source == "-" and left is not None and right is not None and left < right:
            out[place] = Node("operator", "to") if is_alone and opens else nodes[place]
    return out


def _value(node: Node) -> tuple[int, float] | None:
    """What orders numbers, powers of one base by their exponent; None for what is no plain number."""
    if node.kind != "number" or node.below or not _NUMERAL.fullmatch(node.source):
        return None
    powers = [one.source for one in node.above]
    if len(powers) > 1 or not all(power.isdecimal() for power in powers):
        return None
    return (1, float(powers[0])) if powers else (0, float(node.source.replace(",", "")))


def _chained(nodes: list[Node]) -> list[Node]:
    """ "a < x < b" as "x between a and b"; after another relation, a second has its own verb."""
    places = [place for place, node in enumerate(nodes) if node.kind == "relation"]
    if len(places) != 2 or any(node.kind == "comma" or node.words == "for all" for node in nodes):
        return nodes
    first, second = places
    low, middle, high = nodes[:first], nodes[first + 1 : second], nodes[second + 1 :]
    if not (low and middle and high):
        return nodes
    words = (nodes[first].words, nodes[second].words)
    if all(word in _FALLING for word in words):
        low, high = high, low
    elif not all(word in _RISING for word in words):
        return [*nodes[:second], *_second(nodes[second]), *high]
    return [*middle, Node("operator", "between"), *low, Node("operator", "and"), *high]


def _second(relation: Node) -> list[Node]:
    if relation.words in _WITH_VERB:
        return [Node("comma", ","), Node("relation", f"which is {relation.words}", relation.source)]
    is_clause = relation.words.startswith("is ")
    return (
        [Node("comma", ","), Node("relation", f"which {relation.words}", relation.source)]
        if is_clause
        else [relation]
    )
