"""A formula in TeX, said tersely, as one would say it to somebody without a blackboard.

    TeX ── mathtree ──> rows of nodes ──> words

Variables, indices, powers, fractions, roots, sums, functions, norms and probabilities have readings.
What a listener could not follow, or what has no reading here, becomes one sentence that sends to
the transcript; no sign is ever passed on raw.
"""

import re
from collections.abc import Callable, Iterator

from .mathforms import plain_tex
from .mathrows import BETWEEN, is_sum, settled
from .mathsides import applies, joined_by, multiplies, related_by
from .mathtree import BLACKBOARD, Node, TooMuchError, parse
from .numerals import decimal, ordinal
from .rules import Reading
from .units import unit_name

__all__ = ["say_math"]

_INSTEAD = Reading("a formula you will find in the transcript", 50, "formula-left-out")
_MOST_WORDS = 28
"""A listener loses the thread of a longer formula; the longest ordinary one, attention, has 14."""
_SURE_WORDS = 4
_MOST_CHARACTERS = 600

_LONG = frozenset(("fraction", "root", "choose", "brackets"))
_POWERS = {
    "two": "squared", "three": "cubed", "times": "star", "star": "star", "top": "transpose", "T": "transpose",
    "dagger": "dagger", "composed with": "degrees", "prime": "prime", "plus": "plus", "minus": "minus",
    "infinity": "to the infinity",
}  # fmt: skip
"""By the words of what stands above."""
_SETS = ("ℝ", "ℂ", "ℤ", "ℕ", "ℚ", "ℙ")
_PARTICLES = ("\\pi", "π", "K", "B", "D", "Z")
_EVENTS = ("A", "B", "E", "F")
_INVERTIBLE = ("f", "g", "h", "\\phi", "\\varphi", "φ")
"""Besides matrices."""
_BELOW = {
    "*": "star",
    "\\perp": "perp",
    "⊥": "perp",
    "\\parallel": "parallel",
    "\\infty": "infinity",
    "∞": "infinity",
}
_PRIMES = {2: "double prime", 3: "triple prime"}
_ROOTS = {"": "square", "two": "square", "three": "cube"}
_IS = re.compile(r" is (?=greater|less|at|much|about)")
_SUN = ("\\odot", "☉", "⊙")
_LIMITS = ("the limit", "the limit superior", "the limit inferior")
_ROUNDED = {
    "\\lfloor": "the floor of ",
    "⌊": "the floor of ",
    "\\lceil": "the ceiling of ",
    "⌈": "the ceiling of ",
}


def say_math(formula: str) -> Reading:
    """A formula in TeX without its dollar signs, in words; where it is, if it has no reading."""
    if len(formula) > _MOST_CHARACTERS:
        return _INSTEAD
    try:
        nodes = parse(plain_tex(formula))
        words = _speak(nodes).replace(" ,", ",").strip(" ,").split()
    except TooMuchError:
        return _INSTEAD
    if len(words) > _MOST_WORDS:
        return _INSTEAD
    return Reading(" ".join(words), 95 if 0 < len(words) < _SURE_WORDS else 80)


def _speak(nodes: list[Node]) -> str:
    return " ".join(word for word in _words(settled(nodes)) if word)


def _words(nodes: list[Node]) -> Iterator[str]:
    for place, node in enumerate(nodes):
        before = nodes[place - 1] if place else None
        after = nodes[place + 1] if place + 1 < len(nodes) else None
        yield from _SPEAKERS.get(node.kind, _say_plain)(node, before, after)
        if after is not None and multiplies(node, after):
            yield ", times" if node.kind in _LONG else "times"


def _say_plain(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    """A letter or a word with its index and power, and "of" before what it is applied to."""
    unit = unit_name(node.source) if before is not None and before.kind == "number" else ""
    if unit and node.kind == "word":
        yield unit
        return
    is_solar = node.source == "M" and node.below and node.below[0].source in _SUN
    is_little = node.source == "o" and after is not None and after.kind == "brackets"
    yield "solar masses" if is_solar else "little o" if is_little else node.words
    if not is_solar:
        yield from _say_scripts(node)
    if (
        after is not None
        and after.kind == "brackets"
        and applies(node, after)
        and not node.words.endswith("of")
    ):
        yield "of"


def _say_scripts(node: Node) -> Iterator[str]:
    if node.below:
        yield _below(node)
    if node.above:
        yield _above(node)


def _below(node: Node) -> str:
    only = node.below[0]
    if len(node.below) == 1:
        if only.source in _BELOW or only.source in _SUN:
            return _BELOW.get(only.source, "sun")
        if only.kind in ("number", "word", "over", "function") and not only.below:
            return only.words.removeprefix("the ").removesuffix(" of")
        if only.kind == "group" or not only.words:
            return _speak(node.below)
    if all(one.kind in ("number", "comma") for one in node.below):
        return " ".join(one.words for one in node.below if one.kind == "number")
    return f"sub {_speak(node.below)}" if node.words or node.kind == "brackets" else _speak(node.below)


def _above(node: Node) -> str:
    above = node.above
    if len(above) == 1 and (said := _short_power(node, above[0])):
        return said
    if all(one.words == "prime" for one in above):
        return _PRIMES.get(len(above), "prime")
    words = [one.words for one in above]
    if words == ["minus", "one"] and (node.source in _INVERTIBLE or node.source.isupper()):
        return "inverse"
    if words == ["times", "zero"]:
        return "star zero"
    if len(above) == 2 and above[0].kind == "number" and words[1] in ("plus", "minus"):
        return " ".join(words)  # an ion's charge
    return f"to the {_speak([Node('operator', 'by') if one.words == 'times' else one for one in above])}"


def _short_power(node: Node, power: Node) -> str:
    """ "squared", "transpose", "prime": the power that has a name; "" if it has none."""
    if power.below or power.above:
        return ""
    if power.kind == "brackets" and power.source == "(":
        return f"super {_speak(power.inner)}"
    is_set = node.source.startswith(BLACKBOARD) or node.source in _SETS
    if power.kind == "after" or (power.kind == "number" and is_set):
        return power.words
    if node.source == "10" and power.kind == "number":
        return ""
    return _raised(node, power) or _POWERS.get(power.words, "")


def _raised(node: Node, power: Node) -> str:
    """What is above a letter and no power: "pi zero", "A complement"."""
    if power.words == "zero" and node.source in _PARTICLES:
        return "zero"
    return "complement" if power.source == "c" and node.source in _EVENTS else ""


def _say_number(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    """A number with its power, or with errors of two sizes, as in "3.0^{+2.4}_{-1.9}"."""
    yield node.words
    if node.above and node.below and {node.above[0].words, node.below[0].words} == {"plus", "minus"}:
        yield f", {_speak(node.above)}, {_speak(node.below)}"
        return
    yield from _say_scripts(node)


def _say_operator(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    yield joined_by(node, before, after)
    yield from _say_scripts(node)


def _say_relation(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    words = related_by(node, before, after)
    yield words if before is not None else words.removeprefix("is ")
    yield from _say_scripts(node)


def _say_function(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    argument = after.kind if after is not None and after.kind not in BETWEEN else ""
    yield node.words if argument else node.words.removeprefix("the ").removesuffix(" of")
    if node.below:
        yield f"base {_speak(node.below)}" if node.words == "log" else f"over {_speak(node.below)}"
    if node.above:
        yield _above(node)
    if argument and (node.below or argument == "brackets") and not node.words.endswith("of"):
        yield "of"


def _say_over(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    """Sums, integrals, limits, extremes and expectations, with their ranges."""
    if node.words == "the gradient" and [one.words for one in node.above] == ["two"]:
        node = Node("over", "the Laplacian", below=node.below)
    yield node.words
    below = _speak(node.below)
    if node.words in _LIMITS:
        yield f"as {below.replace(' to ', ' goes to ')}" if below else ""
    elif node.above:
        start = below.replace(" equals ", " from ")
        yield f"over {start}" if " from " in start else f"from {start}" if start else "up"
        yield f"to {_speak(node.above)}"
    elif below:
        yield f"{'with respect to' if node.words == 'the gradient' else 'over'} {below}"
    if after is not None and after.kind not in BETWEEN:
        yield "of"


def _say_brackets(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    if node.source in ("\\{", "\\lbrace"):
        yield _set(node)
        return
    is_argument = before is not None and (before.kind == "function" or applies(before, node))
    is_all = not is_argument and bool(node.above) and len(node.inner) > 1 and node.inner[1].kind != "comma"
    if is_all and [one.words for one in node.above] == ["minus", "one"]:
        yield f"the inverse of {_speak(node.inner)}"
    elif is_all and node.source in ("(", "["):
        yield f"{_speak(node.inner)}, all"
        yield from _say_scripts(node)
    else:
        yield _listed(node, before, after, is_argument=is_argument)
        yield from _say_scripts(node)
    is_beside = after is not None and after.kind in ("letter", "number")
    is_factor = is_beside and not is_argument
    is_side = (
        after is not None and after.kind == "relation" and any(one.kind == "relation" for one in node.inner)
    )
    if is_beside and (is_sum(node.inner) or any(one.kind == "fraction" for one in node.inner)):
        yield ", times"
    elif is_side or (is_factor and len(node.inner) > 1):
        yield ","


def _listed(node: Node, before: Node | None, after: Node | None, *, is_argument: bool) -> str:
    """What stands in brackets: an interval, a pair, arguments, or a part of a sum."""
    inner = _speak(node.inner)
    first, last = _speak(node.inner[:1]), _speak(node.inner[2:])
    if not _is_pair(node):
        said = inner.replace(" ,", ",")
    elif node.above and node.inner[0].kind == "number":
        said = f"{first} {last}"
    elif _is_interval(node, before):
        said = f"{first} to {last}"
    elif node.source == "\\langle":
        said = f"the inner product of {first} and {last}"
    elif node.source == "[" and before is None and after is not None and after.words == "equals":
        said = f"the commutator of {first} and {last}"
    elif is_argument or node.source != "(" or node.inner[0].kind == "number":
        said = f"{first} and {last}"
    else:
        said = f"the pair {first}, {last}"
    mean = "the mean of " if node.source == "\\langle" and not _is_pair(node) else ""
    return _ROUNDED.get(node.source, mean) + (_IS.sub(" ", said) if is_argument else said)


def _set(node: Node) -> str:
    """What stands in braces; a set of numbers with a power is read like a box."""
    plain = [one for one in node.inner if one.kind != "comma"]
    if node.above and not node.below and all(one.kind == "number" for one in plain):
        return f"{' '.join(one.words for one in plain)} {_above(node)}"
    conditions = [Node("operator", "such that") if _is_condition(one) else one for one in node.inner]
    return f"the set of {_speak(conditions)}{_ranged(node)}".replace(" ,", ",")


def _ranged(node: Node) -> str:
    """What a set runs over: ", i from one to n"."""
    below = _speak(node.below).replace(" equals ", " from ")
    above = f" to {_speak(node.above)}" if node.above else ""
    return f", {below}{above}" if below else above


def _is_condition(node: Node) -> bool:
    return node.words in ("from", "given") or (node.kind == "bar" and node.words == "|")


def _is_pair(node: Node) -> bool:
    """Whether brackets hold two things; the second may be any sum."""
    return [place for place, one in enumerate(node.inner) if one.kind == "comma"] == [1] and len(
        node.inner
    ) > 2


def _is_interval(node: Node, before: Node | None) -> bool:
    """Whether two bounds stand in brackets: after "in", or numbers in square ones."""
    if before is not None and before.words in ("in", "over"):
        return True
    is_argument = before is not None and before.kind in ("letter", "word", "function")
    return node.source == "[" and node.inner[0].kind in ("number", "operator") and not is_argument


def _say_fraction(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    top, bottom = node.inner, node.below
    if all(len(part) == 1 and part[0].source.isdecimal() for part in (top, bottom)):
        yield _numeric(int(top[0].source), int(bottom[0].source))
    elif _is_differential(top) and _is_differential(bottom):
        yield f"{_speak(top)} by {_speak(bottom)}"
    else:
        is_long = len(top) > 1 and any(one.kind in BETWEEN for one in top)
        yield f"{_speak(top)}{',' if is_long and len(bottom) > 1 else ''} over {_speak(bottom)}"


def _numeric(top: int, bottom: int) -> str:
    """ "one half", "two thirds", "three over two hundred"."""
    names = {2: ("half", "halves"), 4: ("quarter", "quarters")}
    if bottom in names:
        return f"{decimal(str(top))} {names[bottom][top != 1]}"
    if 2 < bottom < 100:
        return f"{decimal(str(top))} {ordinal(bottom)}{'s' if top != 1 else ''}"
    return f"{decimal(str(top))} over {decimal(str(bottom))}"


def _is_differential(nodes: list[Node]) -> bool:
    return bool(nodes) and (nodes[0].words == "partial" or nodes[0].source == "d")


def _say_choose(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    yield f"{_speak(node.inner)} choose {_speak(node.below)}"


def _say_root(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    index = _speak(node.above)
    named = _ROOTS.get(index)
    if named is None:
        source = node.above[0].source
        named = ordinal(source) if source.isdecimal() else f"{index} th"
    yield f"the {named} root of {_speak(node.inner)}"


def _say_norm(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    kind = _speak(node.below)
    words = f"the {kind} norm of" if kind and node.source == "||" else node.words
    yield f"{words} {_speak(node.inner)}"
    if node.above:
        yield _above(node)


def _say_group(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    yield _speak(node.inner)
    yield from _say_scripts(node)


_Speaker = Callable[[Node, Node | None, Node | None], Iterator[str]]
_SPEAKERS: dict[str, _Speaker] = {
    "number": _say_number, "operator": _say_operator, "relation": _say_relation, "function": _say_function,
    "over": _say_over, "brackets": _say_brackets, "fraction": _say_fraction, "choose": _say_choose,
    "root": _say_root, "norm": _say_norm, "group": _say_group,
}  # fmt: skip
