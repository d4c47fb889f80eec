"""What two neighbours in a formula are to each other: function and argument, factors, sides of a relation.

TeX writes "f(x)" and "a(x+1)" alike, and one sign for many things; who says them aloud has to decide.
"""

from .mathrows import is_sum
from .mathtree import Node

__all__ = ["applies", "joined_by", "multiplies", "related_by"]

_APPLIED = frozenset("fghpqrtFGHPQLVKDNOTRSUWJMEIo")
"""Letters that with brackets after them are rather functions than factors."""
_FUNCTIONS = frozenset("fghFGHOo")
"""Those that are hardly ever factors."""
_COEFFICIENTS = frozenset("alpha beta gamma delta epsilon kappa lambda mu nu eta omega tau".split())
"""Greek letters that are rather factors than functions of a sum."""
_MOMENTS = ("E", "P", "V", "Var", "Cov")
"""Applied to what stands in square brackets."""
_FACTORS = frozenset(("letter", "number", "brackets", "fraction", "root", "function", "word", "norm"))
_STACKED = frozenset(("fraction", "root", "choose"))
_ROUNDED = ("\\lfloor", "⌊", "\\lceil", "⌈")


def applies(node: Node, brackets: Node) -> bool:
    """Whether brackets hold what a letter or word is applied to, and no factor."""
    if node.kind not in ("letter", "word") or not node.words or not brackets.inner:
        return False
    if brackets.source != "(":
        return brackets.source == "[" and node.source in _MOMENTS
    kinds = [one.kind for one in brackets.inner]
    if node.kind == "word" or kinds == ["letter"] or "comma" in kinds:
        return True
    is_factor = node.words in _COEFFICIENTS or brackets.inner[0].kind == "number" or brackets.above
    if is_sum(brackets.inner) and is_factor:
        return node.source in _FUNCTIONS
    return node.source in _APPLIED or len(node.words) > 1 or bool(node.below)


def multiplies(node: Node, after: Node) -> bool:
    """Whether a listener must be told that two things side by side are a product."""
    if node.kind in _STACKED:
        parts = (*node.inner, *node.below)
        is_simple = node.kind == "fraction" and all(one.source.isdecimal() for one in parts)
        return not is_simple and after.kind in _FACTORS and after.source != "d"
    if after.kind in ("norm", "root") or after.source in _ROUNDED:
        return node.kind in ("letter", "number")
    of_sum = after.kind == "brackets" and after.source == "(" and is_sum(after.inner)
    return of_sum and node.kind in ("letter", "number", "brackets") and not applies(node, after)


def joined_by(operator: Node, before: Node | None, after: Node | None) -> str:
    """What an operator says between these two."""
    words = operator.words
    if before is None:
        return words
    if before.kind == "number" and words in ("times", "from"):
        return "to" if words == "from" else "by" if after is not None and _is_size(before, after) else words
    if words == "times" and before.kind == "letter" and after is not None and before == after:
        return "by"
    is_star = operator.source in ("*", "\\ast") and after is not None
    if is_star and before.source in _FUNCTIONS and after is not None and after.source in _FUNCTIONS:
        return "convolved with"
    return words


def _is_size(before: Node, after: Node) -> bool:
    """Two whole numbers, or two angles."""
    if after.kind != "number":
        return False
    angles = [[one.source for one in node.above] == ["\\circ"] for node in (before, after)]
    return all(angles) or (before.source.isdecimal() and not after.above)


def related_by(relation: Node, before: Node | None, after: Node | None) -> str:
    """What a relation says between these two: a distribution has a capital, a number is only near."""
    words = relation.words
    if words == "is about" and before is not None and after is not None:
        return "is equivalent to" if before.source.isupper() and after.source.isupper() else words
    if words != "drawn from":
        return words
    if before is None or after is None:
        return "is about"
    if after.kind == "number" or after.source in "-−+±":
        return "to" if before.kind == after.kind == "number" else "is about"
    is_growth = before.kind == "brackets" and after.source.islower()
    return "is asymptotic to" if is_growth else words
