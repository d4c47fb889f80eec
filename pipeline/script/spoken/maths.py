"""A formula in TeX, said tersely, as one would say it to somebody without a blackboard.

    TeX ── mathtree ──> rows of nodes ──> words

Variables, indices, powers, fractions, roots, sums, functions, norms and probabilities have readings.
What a listener could not follow, or what has no reading here, becomes one sentence that sends to
the show notes; no sign is ever passed on raw.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

from .mathtree import STYLED, Node, TooMuchError, parse
from .numerals import decimal, ordinal
from .rules import Reading
from .units import unit_name

__all__ = ["say_math"]

_INSTEAD = Reading("a formula you will find in the show notes", 50, "formula-left-out")
_MOST_WORDS = 28
"""A listener loses the thread of a longer formula; the longest ordinary one, attention, has 14."""
_SURE_WORDS = 4
_MOST_CHARACTERS = 600

_STYLED = re.compile(f"[{STYLED}ﬀ-ﬆ]")
_GROUPED = re.compile(r"(?<=[0-9])\{,\}(?=[0-9]{3})")
"""The comma of a thousand, kept from being a comma of a list."""
_ARG = re.compile(r"\\arg\s*\\(max|min)")
_DIVERGENCE = re.compile(r"(?:\\nabla|∇)[ ]?(?:\\cdot|[·⋅])")
_MICRO = re.compile(
    r"(?<=[0-9])(?:\\[, ]|[~ ]){0,3}\\mu[ ]?(?:\\(?:text|mathrm)\{)?([a-zA-Z])\}?(?![a-zA-Z])"
)

_BETWEEN = frozenset(("operator", "relation", "comma"))
_POWERS = {
    "two": "squared", "three": "cubed", "times": "star", "star": "star", "top": "transpose", "T": "transpose",
    "dagger": "dagger", "composed with": "degrees", "prime": "prime", "plus": "plus", "minus": "minus",
    "infinity": "to the infinity",
}  # fmt: skip
"""By the words of what stands above."""
_PRIMES = {2: "double prime", 3: "triple prime"}
_ROOTS = {"": "square", "two": "square", "three": "cube"}
_APPLIED = frozenset("fghpqrtFGHPQLVKDNOTRSUWJMEIo")
"""Letters that with brackets after them are rather functions than factors."""
_MOMENTS = ("E", "P", "V", "Var", "Cov")
"""Applied to what stands in square brackets."""
_SUN = ("\\odot", "☉", "⊙")
_LIMITS = ("the limit", "the limit superior", "the limit inferior")
_ROUNDED = {
    "\\lfloor": "the floor of ",
    "⌊": "the floor of ",
    "\\lceil": "the ceiling of ",
    "⌈": "the ceiling of ",
}


def say_math(formula: str) -> Reading:
    """A formula in TeX without its dollar signs, in words; a sentence in its place if it has no reading."""
    if len(formula) > _MOST_CHARACTERS:
        return _INSTEAD
    try:
        nodes = parse(_plain_tex(formula))
        words = _speak(nodes).replace(" ,", ",").strip(" ,").split()
    except TooMuchError:
        return _INSTEAD
    if len(words) > _MOST_WORDS:
        return _INSTEAD
    return Reading(" ".join(words), 95 if 0 < len(words) < _SURE_WORDS else 80)


def _plain_tex(formula: str) -> str:
    """What is written in several ways, in one."""
    formula = _STYLED.sub(lambda styled: unicodedata.normalize("NFKC", styled[0]), formula)
    formula = _GROUPED.sub(",", formula)
    formula = _ARG.sub(r"\\arg\1", formula)
    formula = _DIVERGENCE.sub(r"\\text{the divergence of} ", formula)
    return _MICRO.sub(r"\\text{µ\1}", formula)


def _speak(nodes: list[Node]) -> str:
    return " ".join(word for word in _words(_paired(nodes)) if word)


def _words(nodes: list[Node]) -> Iterator[str]:
    for place, node in enumerate(nodes):
        before = nodes[place - 1] if place else None
        after = nodes[place + 1] if place + 1 < len(nodes) else None
        yield from _SPEAKERS.get(node.kind, _say_plain)(node, before, after)


def _paired(nodes: list[Node]) -> list[Node]:
    """Bars that open and close become norms and sizes; one alone is "given"."""
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
            out.append(Node("operator", "given" if node.words == "|" else "and"))
        else:
            opened[node.words] = len(out)
            out.append(node)
    is_map = any(node.words in ("to", "maps to") for node in out)
    return [_settled(node, before, is_map=is_map) for before, node in zip([None, *out], out, strict=False)]


def _settled(node: Node, before: Node | None, *, is_map: bool) -> Node:
    """A bar that is left is "given", a colon where nothing is mapped is a break."""
    if node.kind == "bar":
        return Node("operator", "given")
    is_ratio = before is not None and before.kind == "number"
    return Node("comma", ",") if node.source == ":" and not (is_map or is_ratio) else node


def _closes(nodes: list[Node]) -> bool:
    """Whether after these something is complete, so that a bar may follow it."""
    return bool(nodes) and nodes[-1].kind not in _BETWEEN | {"over", "function"}


def _lone(nodes: list[Node], bar: Node) -> bool:
    return sum(node.kind == "bar" and node.words == bar.words for node in nodes) % 2 == 1


def _size(inner: list[Node]) -> str:
    single = len(inner) == 1 and inner[0].source.isupper()
    return "the size of" if single else "the absolute value of"


def _say_plain(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    """A letter or a word with its index and power, and "of" before what it is applied to."""
    unit = unit_name(node.source) if before is not None and before.kind == "number" else ""
    if unit and node.kind == "word":
        yield unit
        return
    is_solar = node.source == "M" and node.below and node.below[0].source in _SUN
    yield "solar masses" if is_solar else node.words
    if not is_solar:
        yield from _say_scripts(node)
    if after is not None and after.kind == "brackets" and _applies(node, after):
        is_numbered = len(after.inner) == 1 and after.inner[0].kind == "number"
        yield "" if is_numbered and before is not None and before.kind == "letter" else "of"


def _applies(node: Node, brackets: Node) -> bool:
    """Whether brackets hold what a letter or word is applied to, and no factor."""
    if node.kind not in ("letter", "word") or not node.words or brackets.source not in ("(", "["):
        return False
    if [one.kind for one in brackets.inner] == ["letter"] or brackets.source == "[":
        return brackets.source == "(" or node.source in _MOMENTS
    is_variable = len(node.words) == 1 and node.source not in _APPLIED
    return node.kind == "word" or not is_variable


def _say_scripts(node: Node) -> Iterator[str]:
    if node.below:
        yield _below(node)
    if node.above:
        yield _above(node)


def _below(node: Node) -> str:
    only = node.below[0]
    if len(node.below) == 1:
        if only.source in _SUN:
            return "sun"
        if only.kind in ("number", "word", "over", "function") and not only.below:
            return only.words.removeprefix("the ")
        if only.kind == "group" or not only.words:
            return _speak(node.below)
    return f"sub {_speak(node.below)}" if node.words or node.kind == "brackets" else _speak(node.below)


def _above(node: Node) -> str:
    above = node.above
    if len(above) == 1 and (said := _short_power(node, above[0])):
        return said
    if all(one.words == "prime" for one in above):
        return _PRIMES.get(len(above), "prime")
    if [one.words for one in above] == ["minus", "one"] and node.kind == "letter" and node.source.isupper():
        return "inverse"
    if len(above) == 2 and above[0].kind == "number" and above[1].words in ("plus", "minus"):
        return f"{above[0].words} {above[1].words}"  # an ion's charge
    signs, digits = above[:-3], above[-3:]
    if [one.source for one in digits[1::2]] == ["/"] and all(one.source.isdecimal() for one in digits[::2]):
        return f"to the {_speak(signs)} {_numeric(int(digits[0].source), int(digits[2].source))}".replace(
            "  ", " "
        )
    return f"to the {_speak([Node('operator', 'by') if one.words == 'times' else one for one in above])}"


def _short_power(node: Node, power: Node) -> str:
    """ "squared", "transpose", "prime": the power that has a name; "" if it has none."""
    if power.below or power.above:
        return ""
    if power.kind == "brackets":
        return f"super {_speak(power.inner)}"
    if power.kind == "after":
        return power.words
    return "" if node.source == "10" and power.kind == "number" else _POWERS.get(power.words, "")


def _say_number(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    yield node.words
    yield from _say_scripts(node)


def _say_operator(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    words = node.words
    if before is not None and before.kind == "number":
        is_size = words == "times" and after is not None and after.kind == "number" and not after.above
        words = "by" if is_size and before.source.isdecimal() else "to" if words == "from" else words
    yield words
    yield from _say_scripts(node)


def _say_relation(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    words = node.words
    if words == "drawn from" and (before is None or (after is not None and after.kind == "number")):
        words = "is about"
    yield words if before is not None else words.removeprefix("is ")
    yield from _say_scripts(node)


def _say_function(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    yield node.words
    if node.below:
        yield f"base {_speak(node.below)}" if node.words == "log" else f"over {_speak(node.below)}"
    if node.above:
        yield _above(node)
    if after is not None and not node.words.endswith("of") and after.kind == "brackets":
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
    if after is not None and after.kind not in _BETWEEN:
        yield "of"


def _say_brackets(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    inner = _speak(node.inner)
    if node.source in ("\\{", "\\lbrace"):
        conditions = [Node("operator", "such that") if _is_condition(one) else one for one in node.inner]
        yield f"the set of {_speak(conditions)}{_ranged(node)}"
        return
    elif _is_interval(node) and (node.source == "[" or (before is not None and before.words == "in")):
        yield f"{_speak(node.inner[:1])} to {_speak(node.inner[2:])}"
    else:
        listed = inner.replace(" ,", " and" if inner.count(",") == 1 else ",")
        yield _ROUNDED.get(node.source, "") + listed
    yield from _say_scripts(node)
    is_argument = before is not None and before.kind in ("letter", "word", "function")
    is_factor = after is not None and (after.kind in ("letter", "number") or bool(node.above))
    is_side = (
        after is not None and after.kind == "relation" and any(one.kind == "relation" for one in node.inner)
    )
    if is_side or (is_factor and not is_argument and len(node.inner) > 1):
        yield ","


def _ranged(node: Node) -> str:
    """What a set runs over: ", i from one to n"."""
    below = _speak(node.below).replace(" equals ", " from ")
    above = f" to {_speak(node.above)}" if node.above else ""
    return f", {below}{above}" if below else above


def _is_condition(node: Node) -> bool:
    return node.words in ("from", "given") or (node.kind == "bar" and node.words == "|")


def _is_interval(node: Node) -> bool:
    if len(node.inner) != 3 or node.inner[1].kind != "comma":
        return False
    return node.source == "(" or (node.source == "[" and all(one.kind == "number" for one in node.inner[::2]))


def _say_fraction(node: Node, before: Node | None, after: Node | None) -> Iterator[str]:
    top, bottom = node.inner, node.below
    if all(len(part) == 1 and part[0].source.isdecimal() for part in (top, bottom)):
        yield _numeric(int(top[0].source), int(bottom[0].source))
    elif _is_differential(top) and _is_differential(bottom):
        yield f"{_speak(top)} by {_speak(bottom)}"
    else:
        is_long = len(top) > 1 and any(one.kind in _BETWEEN for one in top)
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
