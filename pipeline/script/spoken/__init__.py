"""The text front end: written text to blocks, sentences and tokens that know how they are said.

    text ── blocks ──> blocks ── tokens ──> tokens ── sentences ──> sentences

The tokens of all blocks join to the source, byte for byte, so a transcript shows what was written
while the voice says what is spoken. Pure, standard library only, linear in the text; never raises.
"""

from ...model import Block
from .blocks import split_blocks
from .sentences import split_sentences
from .tokens import tokenise

__all__ = ["read_aloud"]


def read_aloud(text: str, lexicon: dict[str, str]) -> tuple[Block, ...]:
    """Decide how a text is said.

    text: Markdown as in a paper's summary.  lexicon: written → said, "letters" or "word".
    """
    return tuple(
        Block(kind=span.kind, sentences=split_sentences(tokenise(span.text, span.kind, lexicon)))
        for span in split_blocks(text)
    )
