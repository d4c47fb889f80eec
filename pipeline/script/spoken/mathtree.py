r"""A formula in TeX as rows of nodes: what is a number, an index, a fraction, a sum.

Every sign and command and what it is called stands in data/mathematics.tsv, in kinds:

    letter, greek                what is said by its name
    number, word                 made here, of digits and of \text{…}
    operator, relation, comma    what stands between two things
    function, over               what is applied; `over` may carry a range below and above it
    after                        what is said after the thing it follows, as "factorial"
    open, close, bar             brackets, and bars, which open as well as close
    fraction, choose, root       commands with arguments
    accent, text, silent         a style or a hat on an argument; raw words; nothing

Nesting is bounded, so no input is too deep; every token is looked at once.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .acronyms import say_capitals
from .numerals import decimal
from .rules import Reading

__all__ = ["BLACKBOARD", "STYLED", "Node", "TooMuchError", "called", "is_sign", "parse"]

STYLED = "\U0001d400-\U0001d7ff"
"""For a character class: letters and digits in the styles of mathematics."""

BLACKBOARD = r"\mathbb "
"""What the source of a letter for a set of numbers begins with."""

_TABLE = Path(__file__).with_name("data") / "mathematics.tsv"
_DEEPEST = 8
"""Nested groups; a formula with more cannot be followed, and parsing must not recurse without end."""

_TOKEN = re.compile(
    r"""
      \s+ | (?P<command> \\(?:[A-Za-z]+|.) ) \*? | (?P<number> [0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|\.[0-9]+ )
    | (?P<sign> \|\||. )
    """,
    re.VERBOSE | re.DOTALL,
)
_APPLYING = frozenset((*"([_", "\\left", "\\{", "\\big", "\\Big", "\\bigl", "\\Bigl"))
"""What follows the sign of a probability that is one."""
_SETS = "RNZQCEPFHKS"
"""Letters that authors give commands of their own, as "\\R" for the reals."""
_PRIMES = ("'", "’", "′")
_WORD = re.compile(r"[^\W\d_]+|[0-9]+")
_CONSONANTS = re.compile("(?!nd|rd|st|th)[b-df-hj-np-tv-xz]{2,3}")


class TooMuchError(Exception):
    """The formula has no reading."""


@dataclass(slots=True)
class Node:
    """A piece of a formula: its kind, its words, and how it was written."""

    kind: str
    words: str = ""
    source: str = ""
    inner: list["Node"] = field(default_factory=list)
    below: list["Node"] = field(default_factory=list)
    above: list["Node"] = field(default_factory=list)


def parse(formula: str) -> list[Node]:
    """The nodes of a formula without its dollar signs. Raises TooMuchError for what has no reading."""
    return _Parser(formula).row("", 0)


def called(sign: str) -> tuple[str, str]:
    r"""Kind and words of a sign or command such as "≤" or "\leq"; of a letter, the letter.

    Raises TooMuchError for what has no name here.
    """
    found = _signs().get(sign)
    if found is not None:
        return found
    if sign.isalpha():
        return "letter", sign
    if len(sign) == 2 and sign[1] in _SETS:
        return "letter", sign[1]
    for name in ("epsilon", "theta", "lambda", "gamma", "omega"):
        if len(sign) > 3 and name.startswith(sign[1:]):
            return "greek", name
    raise TooMuchError(sign)


def is_sign(sign: str) -> bool:
    """Whether a sign or command has a name here."""
    return sign in _signs()


@cache
def _signs() -> dict[str, tuple[str, str]]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()[1:]
    return {sign: (kind, words) for sign, kind, words in (line.split("\t") for line in lines)}


class _Parser:
    """Turns tokens into rows of nodes."""

    def __init__(self, formula: str) -> None:
        self._formula = formula
        self._tokens = [found for found in _TOKEN.finditer(formula) if found.lastgroup]
        self._place = 0

    def row(self, closer: str, depth: int) -> list[Node]:
        """The nodes up to the closing token, or to the end."""
        if depth > _DEEPEST:
            raise TooMuchError
        nodes: list[Node] = []
        while (token := self._take()) is not None:
            name = token[token.lastgroup or 0]
            if name == closer:
                return nodes
            if name in _PRIMES and nodes:
                nodes[-1].above.append(Node("letter", "prime"))
            elif name in ("^", "_"):
                self._attach(nodes, name, depth)
            elif (node := self._node(name, depth)) is not None:
                nodes.append(node)
        return nodes

    def _take(self) -> re.Match[str] | None:
        if self._place == len(self._tokens):
            return None
        self._place += 1
        return self._tokens[self._place - 1]

    def _attach(self, nodes: list[Node], sign: str, depth: int) -> None:
        """Hang an index or a power on the node before it."""
        if not nodes or nodes[-1].kind in ("operator", "relation", "comma"):
            nodes.append(Node("word"))
        inner = self._argument(depth)
        (nodes[-1].above if sign == "^" else nodes[-1].below).extend(inner)

    def _argument(self, depth: int) -> list[Node]:
        """What a command or a power applies to: a group in braces or one token."""
        token = self._take()
        if token is None:
            return []
        if token[0] == "{":
            return self.row("}", depth + 1)
        if depth > _DEEPEST:
            raise TooMuchError
        node = self._node(token[token.lastgroup or 0], depth + 1)
        return [node] if node else []

    def _node(self, name: str, depth: int) -> Node | None:
        if name[0] in ".0123456789" and name != ".":
            return Node("number", decimal(name), name)
        if name == "{":
            inner = self.row("}", depth + 1)
            return inner[0] if len(inner) == 1 else Node("group", inner=inner)
        kind, words = called(name)
        if kind in ("silent", "close"):
            return Node("word") if kind == "close" and name[0] == "\\" else None
        return self._named(kind, words, name, depth)

    def _named(self, kind: str, words: str, name: str, depth: int) -> Node:
        match kind:
            case "text":
                raw = self._raw().strip()
                return Node(*(_signs().get(raw) or ("word", _say_text(raw))), raw)
            case "accent":
                return self._accented(name, words, depth)
            case "fraction" | "choose":
                return Node(kind, inner=self._argument(depth), below=self._argument(depth))
            case "root":
                return self._root(depth)
            case "open":
                return Node("brackets", source=name, inner=self.row(words, depth + 1))
        return Node("letter" if kind == "greek" else kind, words, name)

    def _accented(self, name: str, accent: str, depth: int) -> Node:
        inner = self._argument(depth)
        if len(inner) > 1 and all(node.kind == "letter" for node in inner):
            return Node("word", _say_text("".join(node.source for node in inner)))
        only = inner[0] if len(inner) == 1 else Node("group", inner=inner)
        if name == r"\mathbb" and len(inner) == 1 and not only.below:
            return self._blackboard(only)
        if accent and only.words:
            return Node("letter", f"{only.words} {accent}", only.source, below=only.below, above=only.above)
        return only

    def _blackboard(self, letter: Node) -> Node:
        """An expectation, a probability where it is applied, or the name of a set."""
        following = self._tokens[self._place][0] if self._place < len(self._tokens) else ""
        if letter.source == "E" and following != "^":
            return Node("over", "the expectation")
        if letter.source == "P" and following in _APPLYING:
            return Node(*called(r"\Pr"))
        return Node(letter.kind, letter.words, f"{BLACKBOARD}{letter.source}")

    def _root(self, depth: int) -> Node:
        index: list[Node] = []
        if self._place < len(self._tokens) and self._tokens[self._place][0] == "[":
            self._place += 1
            index = self.row("]", depth + 1)
        return Node("root", inner=self._argument(depth), above=index)

    def _raw(self) -> str:
        r"""The argument of a command such as \text{…}, as it is written."""
        token = self._take()
        if token is None or token[0] != "{":
            return token[0] if token else ""
        start, end, level = token.end(), token.end(), 1
        while level and (token := self._take()) is not None:
            level += {"{": 1, "}": -1}.get(token[0], 0)
            end = token.start()
        return self._formula[start:end]


def _say_text(text: str) -> str:
    """Words or initials inside a formula: "softmax", "KL" → "K L"."""
    return " ".join(map(_say_word, _WORD.findall(text)))


def _say_word(word: str) -> str:
    """A word, a number, or letters: two capitals, or small letters that nobody can say."""
    if word.isdecimal():
        return decimal(word)
    if (len(word) == 2 and word.isupper()) or _CONSONANTS.fullmatch(word):
        return " ".join(word.upper())
    return (say_capitals(word) or Reading(word)).spoken
