"""Block text into tokens, each with its class and what is said for it.

One pass of one pattern: what must stay whole (code, links, formulas) is tried first, then words,
then single characters. Every part of the pattern is bounded, so the time is linear in the text.
"""

import re
from collections.abc import Callable, Iterator

from ...model import BlockKind, Token
from .lexicon import say_word
from .links import say_link
from .maths import say_math, say_symbol

__all__ = ["tokenise"]

_PATTERN = re.compile(
    r"""
      (?P<space>   \s+ )
    | (?P<code>    `[^`\n]{1,300}` )
    | (?P<image>   !\[ [^\]\n]{0,300} \]\( [^()\n]{0,1000} \) | \[\^[\w-]{1,40}\]:?
                 | </?[a-zA-Z][^<>\n]{0,300}> )
    | (?P<titled>  \[ [^\]\n]{1,300} \]\( https?://[^\s()]{1,1000} \) )
    | (?P<math>    \$\$ [^$]{1,1000} \$\$ | \$(?=\S) [^$\n]{1,500}? (?<=\S)\$(?!\d) )
    | (?P<link>    https?://[^\s<>"`]{1,1000}(?<![.,;:!?)\]'"”’])
                 | (?<![\w.@/])(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,12}/[^\s<>"`]{1,1000}(?<![.,;:!?)\]'"”’]) )
    | (?P<email>   [\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,12} )
    | (?P<word>    \$?\w{1,200}(?:['’.\-]\w{1,200}){0,20} )
    | (?P<markup>  [*_~]{1,3}(?=\S) | (?<=\S)[*_~]{1,3} | (?<!\#)\#{1,6}(?=\s*\Z) )
    | (?P<range>   (?<=\d)(?:–|--)(?=\d) )
    | (?P<dash>    [–—]|-{2,3} )
    | (?P<mark>    . )
    """,
    re.VERBOSE | re.DOTALL,
)

_BLOCK_MARK = {
    "heading": re.compile(r"[ ]{0,3}#{1,6}[ \t]+"),
    "bullet": re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+"),
    "quote": re.compile(r"^[ ]{0,3}>[ \t]?", re.MULTILINE),
    "code": re.compile(r"^[ ]{0,3}(?:```|~~~).*$", re.MULTILINE),
}


def tokenise(text: str, kind: BlockKind, lexicon: dict[str, str]) -> tuple[Token, ...]:
    """The tokens of one block; their `written`, joined, is `text`."""
    return tuple(_tokens(text, kind, lexicon))


def _tokens(text: str, kind: BlockKind, lexicon: dict[str, str]) -> Iterator[Token]:
    start = len(text) - len(text.lstrip())
    yield from _inline(text[:start], lexicon)
    yield from _marked(text[start:], kind, lexicon)


def _marked(text: str, kind: BlockKind, lexicon: dict[str, str]) -> Iterator[Token]:
    position = 0
    for mark in _block_marks(text, kind):
        yield from _inline(text[position : mark.start()], lexicon)
        yield _silent(mark[0], "bullet" if kind == "bullet" else "markup")
        position = mark.end()
    yield from _inline(text[position:], lexicon)


def _block_marks(text: str, kind: BlockKind) -> Iterator[re.Match[str]]:
    pattern = _BLOCK_MARK.get(kind)
    if pattern is None:
        return
    if kind in ("heading", "bullet"):
        first = pattern.match(text)
        yield from [first] if first else []
    else:
        yield from pattern.finditer(text)


def _inline(text: str, lexicon: dict[str, str]) -> Iterator[Token]:
    for found in _PATTERN.finditer(text):
        cls = found.lastgroup or "mark"
        yield _READERS[cls](found[0], lexicon)


def _silent(written: str, cls: str) -> Token:
    return Token(written=written, spoken="", cls=cls)


def _space(written: str, _: dict[str, str]) -> Token:
    return Token(written=written, spoken=" ", cls="space")


def _markup(written: str, _: dict[str, str]) -> Token:
    return _silent(written, "markup")


def _code(written: str, _: dict[str, str]) -> Token:
    spoken = re.sub(r"[_.]+", " ", written.strip("`"))
    return Token(written=written, spoken=spoken, cls="code", rule="code", confidence=70)


def _titled(written: str, lexicon: dict[str, str]) -> Token:
    title = written[1 : written.index("](")]
    spoken = "".join(token.spoken for token in _inline(title, lexicon))
    return Token(written=written, spoken=spoken, cls="link", rule="link-title")


def _link(written: str, _: dict[str, str]) -> Token:
    return Token(written=written, spoken=say_link(written), cls="link", rule="link", confidence=80)


def _math(written: str, _: dict[str, str]) -> Token:
    spoken, confidence = say_math(written.strip("$"))
    return Token(written=written, spoken=spoken, cls="math", rule="math", confidence=confidence)


def _word(written: str, lexicon: dict[str, str]) -> Token:
    spoken, rule = say_word(written, lexicon)
    return Token(written=written, spoken=spoken, cls="word", rule=rule)


def _dash(written: str, _: dict[str, str]) -> Token:
    return Token(written=written, spoken=", ", cls="dash", rule="dash-pause")


def _range(written: str, _: dict[str, str]) -> Token:
    return Token(written=written, spoken=" to ", cls="dash", rule="range")


def _mark(written: str, _: dict[str, str]) -> Token:
    spoken = say_symbol(written)
    return Token(
        written=written, spoken=spoken, cls="mark", rule="as-written" if spoken == written else "symbol"
    )


_READERS: dict[str, Callable[[str, dict[str, str]], Token]] = {
    "space": _space,
    "code": _code,
    "titled": _titled,
    "math": _math,
    "link": _link,
    "email": _link,
    "word": _word,
    "image": _markup,
    "markup": _markup,
    "range": _range,
    "dash": _dash,
    "mark": _mark,
}
