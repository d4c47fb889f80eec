"""What an engine is given of a sentence: its words, with the respellings or the phonemes it can use."""

from ..model import Phonemes, Sentence, Token

__all__ = ["wording"]


def wording(sentence: Sentence, *, takes_phonemes: bool) -> tuple[str, tuple[Phonemes, ...]]:
    """The text for an engine, and how parts of it sound; no phonemes if it takes none.

    An engine that takes phonemes is given `spoken` with the phonemes of each token that has them; a
    respelling stands in where there are none, or none are taken.
    """
    if not any(token.sound or token.ipa for token in sentence.tokens):
        return sentence.spoken, ()
    return _voiced(sentence.tokens, takes_phonemes)


def _voiced(tokens: tuple[Token, ...], takes_phonemes: bool) -> tuple[str, tuple[Phonemes, ...]]:
    """The tokens joined as in `Sentence.spoken`, and where in that text phonemes belong."""
    parts: list[str] = []
    spans: list[Phonemes] = []
    length, blank = 0, False
    for token in tokens:
        is_phonetic = takes_phonemes and bool(token.ipa)
        said = token.spoken if is_phonetic or not token.sound else _instead(token)
        blank = blank or said[:1].isspace()
        words = " ".join(said.split())
        if not words:
            continue
        gap = " " if blank and length else ""
        start, length = length + len(gap), length + len(gap) + len(words)
        parts += [gap, words]
        if is_phonetic:
            spans.append(Phonemes(start=start, end=length, ipa=token.ipa))
        blank = said[-1:].isspace()
    return "".join(parts), tuple(spans)


def _instead(token: Token) -> str:
    """The respelling of a token, with the blank that its words begin with."""
    return token.sound if not token.spoken[:1].isspace() else f" {token.sound}"
