"""Block text into tokens, each with its class and what is said for it.

One pass. Plain words, white space and sentence punctuation, which are most of any text, are said as
written; at the start of anything else the rules of its first character are asked in order, and what
no rule knows is a word or a character by itself. The lexicon goes before all rules but those for
what must stay whole: links, code, formulas. Every pattern is bounded, so the time is linear.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec.structs import replace

from ...model import BlockKind, Token
from . import (
    addresses,
    categories,
    chemistry,
    citations,
    codes,
    dates,
    enumerators,
    genetics,
    journals,
    latex,
    links,
    money,
    names,
    numbers,
    references,
    strokes,
    symbols,
    units,
)
from .blocks import MARKS
from .lexicon import Lexicon
from .rules import ALPHABETIC, LETTER, Reading, Rule

__all__ = ["tokenise"]

_FAMILIES = (
    links,
    genetics,
    citations,
    latex,
    addresses,
    categories,
    chemistry,
    codes,
    enumerators,
    journals,
    references,
    dates,
    money,
    units,
    strokes,
    symbols,
    numbers,
    names,
)
"""In the order in which they are asked."""
_WHOLE = (links, genetics, citations, latex)
"""Families that go before the lexicon: nothing inside what they match is a word of its own."""

_PLAIN = re.compile(
    r"""
      (?P<word>  [A-Z]?[a-z]{1,40}+ (?: ['’\-][A-Z]?[a-z]{1,40}+ ){0,8}+ ['’]?
                 (?= \s | [,;!?)"”’\]…] | [.:](?:\s|[)"”’\]]|\Z) | \Z ) )
    | (?P<space> \s{1,1000}+ )
    | (?P<mark>  [,;?)"“”] | !(?!\[) | [:.](?=\s|\Z) )
    """,
    re.VERBOSE,
)
_FIRST = re.compile(rf"{ALPHABETIC}{{1,40}}+")
_WORD = re.compile(rf"{ALPHABETIC}{{1,200}}+(?:['’]{ALPHABETIC}{{1,20}}+)?")
_CODE = "Here is some code, which you will find in the transcript."
_CLOSING = frozenset(".;:!?)")
_STOPS = frozenset(".,;:!?")
_NESTED = 4
"""Levels of rules that read parts of what they match with all the rules."""

_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)*+")


def _index(rules: Iterable[Rule]) -> tuple[dict[str, list[Rule]], dict[str, list[Rule]]]:
    """Rules by the character they may begin with, and by the plain word."""
    by_char: dict[str, list[Rule]] = defaultdict(list)
    by_word: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        for char in rule.starts:
            by_char[char].append(rule)
        for word in rule.words:
            by_word[word].append(rule)
    return by_char, by_word


_WHOLE_BY_CHAR, _ = _index(rule for family in _WHOLE for rule in family.RULES)
_BY_CHAR, _ = _index(rule for family in _FAMILIES if family not in _WHOLE for rule in family.RULES)
_, _BY_WORD = _index(rule for family in _FAMILIES for rule in family.RULES)


def tokenise(text: str, kind: BlockKind, lexicon: Lexicon) -> tuple[Token, ...]:
    """The tokens of one block; their `written`, joined, is `text`. Code is one, and not read out."""
    if kind == "code":
        return (Token(written=text, spoken=_CODE, cls="code", rule="code-left-out"),)
    return tuple(_apart(_marked(text, kind, _Reader(lexicon))))


class _Reader:
    """Reads text by all the rules; what the rules see of it is rules.Reader."""

    def __init__(self, lexicon: Lexicon, depth: int = 0) -> None:
        self._lexicon = lexicon
        self._depth = depth

    def say(self, text: str) -> str:
        if self._depth == _NESTED:
            return " ".join(_FIRST.findall(text))
        inner = _Reader(self._lexicon, self._depth + 1)
        return " ".join("".join(token.spoken for token in _apart(inner.tokens(text))).split())

    def word(self, word: str) -> Reading:
        return self._lexicon.part(word) or names.say_word(word)

    def tokens(self, text: str) -> Iterator[Token]:
        """The tokens of a text; their `written`, joined, is `text`."""
        position = 0
        while position < len(text):
            token = self._next(text, position)
            position += len(token.written)
            yield token

    def _next(self, text: str, start: int) -> Token:
        plain = _PLAIN.match(text, start)
        if plain is None:
            return self._unusual(text, start)
        written = plain[0]
        if plain.lastgroup != "word":
            return _space(written) if plain.lastgroup == "space" else _as_written(written, "mark")
        first = _letters(written)
        return (
            self._listed(text, start, first)
            or self._ruled(text, start, _BY_WORD.get(first.lower(), ()))
            or self._composed(written)
            or _as_written(written, "word")
        )

    def _unusual(self, text: str, start: int) -> Token:
        """The token at a place where no plain word is: by a rule, or a word or character by itself."""
        first = _letters(text, start)
        key = LETTER if first else text[start]
        return (
            self._ruled(text, start, _WHOLE_BY_CHAR.get(key, ()))
            or self._listed(text, start, first or key)
            or self._ruled(text, start, _BY_WORD.get(first.lower(), ()))
            or self._ruled(text, start, _BY_CHAR.get(key, ()))
            or self._alone(text, start)
        )

    def _listed(self, text: str, start: int, first: str) -> Token | None:
        found = self._lexicon.at(text, start, first)
        if found is None:
            return None
        end, reading = found
        return _token(text[start:end], "word", reading, "lexicon")

    def _composed(self, written: str) -> Token | None:
        reading = self._lexicon.composed(written) if "-" in written else None
        return _token(written, "word", reading, "lexicon") if reading else None

    def _ruled(self, text: str, start: int, rules: Iterable[Rule]) -> Token | None:
        for rule in rules:
            match = rule.pattern.match(text, start)
            said = rule.say(match, self) if match else None
            if match and said is not None:
                reading = Reading(said, rule.confidence) if isinstance(said, str) else said
                return _token(match[0][: reading.length or None], rule.cls, reading, rule.name)
        return None

    def _alone(self, text: str, start: int) -> Token:
        word = _WORD.match(text, start)
        if word:
            return _token(word[0], "word", self.word(unicodedata.normalize("NFKC", word[0])), "as-written")
        written = text[start]
        return _token(written, "mark", Reading(symbols.say_symbol(written)), "symbol")


def _letters(text: str, start: int = 0) -> str:
    """The first letters of the word that begins there; "" if none does."""
    found = _FIRST.match(text, start)
    return found[0] if found else ""


def _token(written: str, cls: str, reading: Reading, rule: str) -> Token:
    return Token(
        written=written,
        spoken=reading.spoken,
        cls=cls,
        rule=reading.rule or rule,
        confidence=reading.confidence,
        sound=reading.sound,
        ipa=reading.ipa,
    )


@lru_cache(maxsize=4096)
def _as_written(written: str, cls: str) -> Token:
    return Token(written=written, spoken=written, cls=cls)


@lru_cache(maxsize=64)
def _space(written: str) -> Token:
    return Token(written=written, spoken=" ", cls="space")


def _apart(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens, with a blank before words that would run into those of the token before.

    No blank is said before a comma, nor before a mark from which something silent parts it.
    """
    last, before, held = "", None, list[Token]()
    for token in tokens:
        spoken = token.spoken
        if not spoken or spoken.isspace():
            held.append(token)
            continue
        if spoken[0] == "," or (len(held) > 1 and spoken[0] in _CLOSING):
            held = [_silent(blank) for blank in held]
        elif any(blank.spoken for blank in held):
            last = " "
        parted = last.isalnum() or last == "," or any(blank.cls == "mark" for blank in held)
        runs_in = spoken[0].isalnum() and parted and not _is_one_word(before, held, token)
        is_needless = spoken == "," and _is_needless(token, last, held)
        yield from held
        held, before = [], token
        if is_needless:
            yield _silent(token)
        else:
            yield _spaced(token) if runs_in else token
            last = spoken[-1]
    yield from held


def _is_needless(comma: Token, last: str, held: list[Token]) -> bool:
    """Whether a comma begins a text, or after another stop is said for a dash or follows what is silent."""
    is_idle = comma.written != "," or any(blank.cls == "reference" for blank in held)
    return not last or (is_idle and last in _STOPS)


def _is_one_word(before: Token | None, held: list[Token], after: Token) -> bool:
    """Whether only commands part two pieces of a word, as in "\\textbf{Re}fined"."""
    as_written = before is not None and before.spoken == before.written and after.spoken == after.written
    return as_written and bool(held) and all(one.rule == "latex" and one.written[-1] in "{}" for one in held)


def _spaced(token: Token) -> Token:
    return replace(token, spoken=f" {token.spoken}")


def _silent(token: Token) -> Token:
    return replace(token, spoken="") if token.spoken else token


def _marked(text: str, kind: BlockKind, reader: _Reader) -> Iterator[Token]:
    """The tokens of a block, its marks silent."""
    position = 0
    for mark in _block_marks(text, kind):
        yield from reader.tokens(text[position : mark.start()])
        yield Token(written=mark[0], spoken="", cls="bullet" if kind == "bullet" else "markup")
        position = mark.end()
    yield from reader.tokens(text[position:])


def _block_marks(text: str, kind: BlockKind) -> Iterator[re.Match[str]]:
    pattern = MARKS.get(kind)
    if pattern is None:
        return
    if kind in ("heading", "bullet"):
        blank = _BLANK_LINES.match(text)
        first = pattern.match(text, blank.end() if blank else 0)
        yield from [first] if first else []
    else:
        yield from pattern.finditer(text)
