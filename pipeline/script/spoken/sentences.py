"""Tokens into sentences, judged by what is written.

A sentence ends after ".", "!", "?" or an ellipsis with its closing quotes, before white space and
something that can begin a sentence. Initials and the abbreviations of papers do not end one.
A code block, whose lines have no sentences, is one.
"""

from ...model import Sentence, Token

__all__ = ["split_sentences"]

_ENDS = frozenset(".!?…")
_CLOSERS = frozenset("\"'”’)]*_")
_OPENERS = frozenset("\"'“‘([*_$`")
_ABBREVIATIONS = frozenset(
    (
        "approx al cf ch dr e.g eq eqs etc fig figs i.e mr mrs ms no nos p pp prof ref refs sec st tab vol vs"
    ).split()
)


def split_sentences(tokens: tuple[Token, ...]) -> tuple[Sentence, ...]:
    """Cut the tokens of one block; white space stays with the sentence before it."""
    sentences: list[Sentence] = []
    current: list[Token] = []
    for position, token in enumerate(tokens):
        current.append(token)
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if token.cls == "space" and following and _begins(following) and _ended(current[:-1][-8:]):
            sentences.append(Sentence(tokens=tuple(current)))
            current = []
    if current:
        sentences.append(Sentence(tokens=tuple(current)))
    return tuple(sentences)


def _begins(token: Token) -> bool:
    first = token.written[0]
    return (
        (first.isalpha() and not first.islower())
        or first.isdigit()
        or first in _OPENERS
        or token.cls in ("math", "link")
    )


def _ended(tokens: list[Token]) -> bool:
    """Whether the last tokens before white space close a sentence."""
    while tokens and (tokens[-1].cls == "markup" or tokens[-1].written in _CLOSERS):
        tokens = tokens[:-1]
    if len(tokens) < 2 or tokens[-1].written not in _ENDS:
        return bool(tokens) and tokens[-1].written[-1] in _ENDS and tokens[-1].cls == "word"
    return not (tokens[-1].written == "." and _abbreviates(tokens[-2]))


def _abbreviates(token: Token) -> bool:
    word = token.written
    return token.cls == "word" and (word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper()))
