"""The text front end: written text to blocks, sentences and tokens that know how they are said.

    text ── blocks ──> blocks ── tokens, sentences ──> sentences of tokens

The tokens of all blocks join to the source, byte for byte, so a transcript shows what was written
while the voice says what is spoken. Pure, standard library only, linear in the text; never raises.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from ...model import Block, BlockKind, Sentence, Token
from .blocks import BlockSpan, split_blocks
from .lexicon import Lexicon
from .sentences import sentence_ends
from .speakers import label_of, labelled
from .tokens import tokenise

__all__ = ["read_aloud"]

_FORMULA = "Here is a formula, which you will find in the transcript."
"""Where a formula that is not read out is a sentence by itself."""


def read_aloud(text: str, lexicon: Lexicon, speakers: tuple[str, ...] = ()) -> tuple[Block, ...]:
    """Decide how a text is said, and by whom.

    text: Markdown as in a paper's summary.  speakers: names that a paragraph may begin with.
    """
    label = label_of(speakers)
    return tuple(_block(span, lexicon, label) for span in split_blocks(text, label))


def _block(span: BlockSpan, lexicon: Lexicon, label: re.Pattern[str] | None) -> Block:
    speaker, name = labelled(span.text, span.kind, label)
    text = span.text[len(name.written) :] if name else span.text
    sentences = list(_sentences(text, span.kind, lexicon))
    if name:
        sentences[0] = Sentence(tokens=(name, *sentences[0].tokens))
    return Block(kind=span.kind, sentences=tuple(sentences), speaker=speaker)


def _sentences(text: str, kind: BlockKind, lexicon: Lexicon) -> Iterator[Sentence]:
    """The tokens of a block by sentence. Code is one; what a rule reads as one thing ends nowhere in it."""
    ends = frozenset((len(text),) if kind == "code" else sentence_ends(text))
    tokens: list[Token] = []
    position = 0
    for token in tokenise(text, kind, lexicon):
        tokens.append(token)
        position += len(token.written)
        if position in ends:
            yield Sentence(tokens=_whole(tokens))
            tokens = []


def _whole(tokens: list[Token]) -> tuple[Token, ...]:
    """The tokens of a sentence; one that is nothing but a formula which is left out says so."""
    said = [token for token in tokens if any(map(str.isalnum, token.spoken))]
    if len(said) != 1 or said[0].rule != "formula-left-out":
        return tuple(tokens)
    return tuple(replace(token, spoken=_FORMULA if token is said[0] else "") for token in tokens)
