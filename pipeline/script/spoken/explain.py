"""Shows how a text is said, and why: what `paperledge say` prints.

In: texts with their names and lexicons. Out: lines for a terminal, a pipe or a program. What the
rules are unsure of comes out as lines that can be pasted into a lexicon, the most frequent first.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from ...model import Block, Sentence, Token
from ...textfile import printable
from . import read_aloud
from .lexicon import Lexicon
from .tokens import tokenise

__all__ = [
    "UNSURE",
    "Told",
    "Unsure",
    "as_json",
    "as_text",
    "explained",
    "find_unsure",
    "lexicon_line",
    "sentences_of_line",
    "spoken_line",
    "tell",
    "unsure_lines",
]

UNSURE = 60
"""Percent; a reading of less confidence is for a host to look at."""

_PLACES = 4
"""Where an unsure word occurs is told so many times."""
_WIDEST = 36, 48
"""Columns of what is written and of what is said; what is longer pushes the rest aside."""
_BREAKS = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""All that an editor or str.splitlines may take for the end of a line."""
_PLURAL = re.compile(r"(?<=[^\W\d_a-z])(?:['’]s|s)\Z")
_KEY = re.compile(r"[^\W_](?:[\w ./+-]*\w)?")
_SAID = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ,.'’-])*")
"""What a lexicon takes for said, beginning with a letter."""
_TAKEN_FOR_ELSE = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
"""Words that YAML takes for something else than text."""
_BOLD, _PLAIN = "\x1b[1;33m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Told:
    """A text and how it is said."""

    name: str
    """Of the file, as messages show it."""
    first_line: int
    """On which line of the file it begins."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Unsure:
    """Something written whose reading a host should look at."""

    written: str
    spoken: str
    cls: str
    count: int
    where: tuple[str, ...]
    """The lines it is on, such as "papers/x.md:12"."""


def tell(name: str, text: str, lexicon: Lexicon, first_line: int = 1, speakers: tuple[str, ...] = ()) -> Told:
    """Read a text as a paper's summary is read. speakers: names that a paragraph may begin with."""
    return Told(name, first_line, read_aloud(text, lexicon, speakers))


def spoken_line(line: str, lexicon: Lexicon) -> str:
    """One line of text as one line of words; "" if it holds nothing to say.

    A number that would begin a list in a paper is a word here, since nothing may be lost.
    """
    blocks = read_aloud(line, lexicon)
    if any(_drops_words(block) for block in blocks):
        return Sentence(tokens=tokenise(line, "paragraph", lexicon)).spoken
    return " ".join(filter(None, (sentence.spoken for block in blocks for sentence in block.sentences)))


def sentences_of_line(line: str, lexicon: Lexicon) -> str:
    """The sentences of one line, as written, with " ¶ " between them."""
    sentences = (sentence for block in read_aloud(line, lexicon) for sentence in block.sentences)
    written = (_BREAKS.sub(" ", sentence.written).strip() for sentence in sentences)
    return " ¶ ".join(filter(None, written))


def _drops_words(block: Block) -> bool:
    first = block.sentences[0].tokens[0] if block.sentences else None
    is_mark = first is not None and first.spoken == "" and any(char.isalnum() for char in first.written)
    return is_mark or block.kind == "code"


def as_text(told: Iterable[Told]) -> str:
    """What will be said, in the paragraphs of the text."""
    blocks = (block for text in told for block in text.blocks)
    paragraphs = (" ".join(filter(None, (s.spoken for s in block.sentences))) for block in blocks)
    return "\n\n".join(filter(None, paragraphs))


def explained(told: Iterable[Told], *, every: bool = False, colour: bool = False) -> Iterator[str]:
    """Each sentence with its line, and how its tokens are said, by which rule and how surely.

    every: also what is said as it is written.  colour: for a terminal that knows ANSI codes.
    """
    rows = [
        (f"{text.name}:{line}: {_cell(sentence.written)}", tokens)
        for text in told
        for line, sentence in _placed(text)
        if (tokens := [token for token in sentence.tokens if _is_telling(token, every)])
    ]
    widths = _widths(token for _, tokens in rows for token in tokens)
    for heading, tokens in rows:
        yield heading
        yield from (_row(token, widths, colour=colour) for token in tokens)


def _is_telling(token: Token, every: bool) -> bool:
    if not token.written.strip() or _is_silent(token):
        return every and not token.written.isspace()
    is_changed = token.spoken.strip() != token.written or token.sound or token.ipa
    return bool(every or is_changed or _is_unsure(token))


def _is_silent(token: Token) -> bool:
    """Whether it is a mark that is rightly not said, such as the "-" of a list item."""
    return not token.spoken and not any(char.isalnum() for char in token.written)


def _is_unsure(token: Token) -> bool:
    return token.confidence < UNSURE


def _widths(tokens: Iterable[Token]) -> tuple[int, int]:
    cells = [(len(_cell(token.written)), len(_said(token))) for token in tokens]
    columns = zip(*cells, strict=True) if cells else ((0,), (0,))
    written, said = (min(widest, max(column)) for widest, column in zip(_WIDEST, columns, strict=True))
    return written, said


def _row(token: Token, widths: tuple[int, int], *, colour: bool) -> str:
    written, said = _cell(token.written).ljust(widths[0]), _said(token).ljust(widths[1])
    surely = "" if token.confidence == 100 else f"  {token.confidence} %"
    text = f"  {written} → {said}  {token.cls}, {token.rule}{surely}"
    return f"{_BOLD}{text}{_PLAIN}" if colour and _is_unsure(token) else text


def _cell(text: str) -> str:
    return printable(" ".join(text.split()))


def _said(token: Token) -> str:
    """What is said, and what the engines are given instead."""
    instead = [f"({token.sound})"] if token.sound else []
    instead += [f"/{token.ipa.strip('/')}/"] if token.ipa else []
    return " ".join([_cell(token.spoken) or "—", *instead])


def find_unsure(told: Iterable[Told]) -> tuple[Unsure, ...]:
    """All that is said with less confidence than `UNSURE`, the most frequent first."""
    found: dict[str, list[tuple[Token, str]]] = {}
    for text in told:
        for line, token in _tokens(text):
            if _is_unsure(token):
                key = _PLURAL.sub("", _cell(token.written))
                found.setdefault(key, []).append((token, f"{text.name}:{line}"))
    unsure = (_gathered(written, places) for written, places in found.items())
    return tuple(sorted(unsure, key=lambda one: -one.count))


def _gathered(written: str, places: list[tuple[Token, str]]) -> Unsure:
    """The occurrences of one written form, in whose readings the ending of a plural does not count."""
    first = places[0][0]
    spoken = _cell(first.spoken)
    if _cell(first.written) != written:
        spoken = spoken.removesuffix("s").rstrip(" '’")
    where = tuple(dict.fromkeys(place for _, place in places))
    return Unsure(written, spoken, first.cls, len(places), where)


def unsure_lines(unsure: Iterable[Unsure]) -> Iterator[str]:
    """Lines of a lexicon that say what is said now, each with where it occurs.

    What no lexicon entry can change, such as a formula, is a comment.
    """
    entries = [(_entry(one), one) for one in unsure]
    width = min(_WIDEST[0], max((len(entry) for entry, _ in entries), default=0))
    for entry, one in entries:
        yield f"{entry:{width}}  # {_places(one)}"


def _entry(one: Unsure) -> str:
    return lexicon_line(one) or f"# {one.written}: {one.cls}, said {one.spoken!r}"


def lexicon_line(one: Unsure) -> str:
    """A line of a lexicon that says what is said now; "" for what no entry can change."""
    said = _suggested(one)
    if one.cls in ("math", "link", "code") or not _SAID.fullmatch(said) or not _KEY.fullmatch(one.written):
        return ""
    return f"{_yaml(one.written)}: {_yaml(said)}"


def _suggested(one: Unsure) -> str:
    if one.spoken == " ".join(one.written):
        return "letters"
    return "word" if one.written.isupper() and one.spoken == one.written.capitalize() else one.spoken


def _yaml(text: str) -> str:
    is_text = text[0].isalpha() and text.lower() not in _TAKEN_FOR_ELSE
    return text if is_text else f'"{text}"'


def _places(one: Unsure) -> str:
    more = len(one.where) - _PLACES
    return ", ".join(one.where[:_PLACES]) + (f" and {more} more" if more > 0 else "")


def _placed(told: Told) -> Iterator[tuple[int, Sentence]]:
    """The sentences of a text, with the lines they begin on."""
    line = told.first_line
    for block in told.blocks:
        for sentence in block.sentences:
            yield line, sentence
            line += sentence.written.count("\n")


def _tokens(told: Told) -> Iterator[tuple[int, Token]]:
    for first_line, sentence in _placed(told):
        line = first_line
        for token in sentence.tokens:
            yield line, token
            line += token.written.count("\n")


def as_json(told: tuple[Told, ...], unsure: tuple[Unsure, ...]) -> str:
    """All of it, for programs."""
    texts = [{"name": text.name, "blocks": [_as_plain(block) for block in text.blocks]} for text in told]
    content = msgspec.json.encode({"texts": texts, "unsure": unsure})
    return msgspec.json.format(content, indent=2).decode()


def _as_plain(block: Block) -> dict[str, Any]:
    sentences = [
        {"written": sentence.written, "spoken": sentence.spoken, "tokens": sentence.tokens}
        for sentence in block.sentences
    ]
    return {"kind": block.kind, "sentences": sentences}
