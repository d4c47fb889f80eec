"""What a reader sees of a line: its words without markup, its links, its formulas as people write them.

    tokens ──> pieces of text, some of which lead somewhere  ──> transcript, captions, pages, tags, notes

The one place that decides it, for all that is read of an episode; what is said is decided in spoken/.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..mathtext import FORMULA, is_formula, readable_math
from ..model import Token

__all__ = ["Piece", "list_mark", "pieces", "readable"]


class Piece(NamedTuple):
    """A stretch of text."""

    text: str
    url: str = ""
    """Where it leads: an http or https address, or nowhere."""


CELLS = "· "
"""Between two cells of a table."""
_TITLED = re.compile(r"\[(?P<title>.*?)\](?:\(<?(?P<url>[^\s>]*)>?\)|\[.*\])", re.DOTALL)
_WEB = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~).*\n?", re.MULTILINE)
_TEX = re.compile(r"\\[A-Za-z({\[,;%|]|[\^_]\{|(?<!\\)\$.*[^\\\s]\$|[A-Za-z0-9\\]\$|\$[\\^<>~]", re.DOTALL)
"""What tells that a formula is written in TeX."""
_EMPHASIS = re.compile(r"\*{1,3}|`+|~~|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)")
_NUMBERED = re.compile(r"\(?[0-9a-z]+[.)]")
_ENTITY = re.compile(r"&(?:[a-z]{2,6}|#39);")
_RAISED = re.compile(r"(?:\$?\^\{[^{}]*\}\$?|<sup>[^<>]*</sup>)\Z")
_RAISED_HTML = re.compile(r"<su([pb])>([^<>]{1,20})</su[pb]>", re.IGNORECASE)
_BREAK = re.compile(r"<br\b", re.IGNORECASE)


def readable(tokens: Iterable[Token]) -> str:
    """Tokens as a reader sees them."""
    return "".join(piece.text for piece in pieces(tokens))


def pieces(tokens: Iterable[Token]) -> Iterator[Piece]:
    """What a reader sees of each token, in order."""
    for token in tokens:
        yield _BY_RULE.get(token.rule, _BY_CLASS.get(token.cls, _as_written))(token)


def list_mark(token: Token) -> str:
    """What an item of a list begins with: its number or letter, or a dash."""
    mark = token.written.strip()
    return mark if _NUMBERED.fullmatch(mark) else "-"


def _as_written(token: Token) -> Piece:
    return Piece(_ENTITY.sub(_unescaped, token.written) if "&" in token.written else token.written)


def _as_spoken(token: Token) -> Piece:
    return Piece(token.spoken.strip() or token.written)


def _bullet(token: Token) -> Piece:
    """The mark of an item, as deep as it was."""
    before = token.written[: len(token.written) - len(token.written.lstrip())]
    return Piece(f"{before}{list_mark(token)} ")


def _speaker(token: Token) -> Piece:
    return Piece(token.written.replace("*", "").replace("_", ""))


def _markup(token: Token) -> Piece:
    """Nothing, unless it is spoken of."""
    return Piece(token.written if token.spoken.strip() else "")


def _tag(token: Token) -> Piece:
    return Piece(" ") if _BREAK.match(token.written) else _markup(token)


def _unescaped(entity: re.Match[str]) -> str:
    return html.unescape(entity[0]).replace("\xa0", " ")


def _table(token: Token) -> Piece:
    """A mark between two cells; nothing around a row, or for the ruler below its head."""
    return Piece(CELLS if token.cls == "mark" and token.spoken.strip() else "")


def _code(token: Token) -> Piece:
    return Piece(token.written.strip("`").strip())


def _fenced(token: Token) -> Piece:
    """Code without its fences, its lines as they are."""
    return Piece(_FENCE.sub("", token.written))


def _titled(token: Token) -> Piece:
    """The text of a link, which leads where it did."""
    found = _TITLED.fullmatch(token.written)
    return Piece(_inline(found["title"]), _address(found["url"] or "")) if found else Piece(token.written)


def _link(token: Token) -> Piece:
    address = token.written.removeprefix("<").removesuffix(">")
    return Piece(address, _address(address))


def _address(text: str) -> str:
    return text if _WEB.fullmatch(text) else ""


def _inline(markdown: str) -> str:
    """A few words of Markdown as text."""

    def formula(found: re.Match[str]) -> str:
        return readable_math(found[0]) if is_formula(found) else found[0]

    return _ENTITY.sub(_unescaped, _EMPHASIS.sub("", FORMULA.sub(formula, markdown)))


def _mathematical(token: Token) -> Piece:
    tex = _RAISED_HTML.sub(lambda found: f"{'^' if found[1] in 'pP' else '_'}{{{found[2]}}}", token.written)
    return Piece(readable_math(tex) if _TEX.search(tex) else token.written)


def _reference(token: Token) -> Piece:
    """As it is written, but not in TeX, which names what nobody sees."""
    return Piece(token.spoken if "\\" in token.written else token.written)


def _note(token: Token) -> Piece:
    """A footnote in TeX is not said, nor shown."""
    return Piece("" if token.written.startswith("\\footnote") else _RAISED.sub("", token.written))


def _noted(token: Token) -> Piece:
    """A word without the raised numbers of its notes."""
    return Piece(_RAISED.sub("", token.written))


_BY_RULE: dict[str, Callable[[Token], Piece]] = {
    "code": _code,
    "code-left-out": _fenced,
    "entity": _as_written,
    "formula-left-out": _mathematical,
    "html": _tag,
    "latex": _markup,
    "note": _note,
    "noted": _noted,
    "reference": _reference,
    "latex-logo": _as_spoken,
    "latex-macro": _as_spoken,
    "latex-quote": lambda _: Piece('"'),
    "latex-sign": lambda token: Piece(token.written[1:]),
    "latex-space": lambda _: Piece(" "),
    "latex-accent": _as_spoken,
    "link-title": _titled,
    "table": _table,
}
_BY_CLASS: dict[str, Callable[[Token], Piece]] = {
    "bullet": _bullet,
    "link": _link,
    "markup": _markup,
    "math": _mathematical,
    "measure": _mathematical,
    "ordinal": _mathematical,
    "speaker": _speaker,
}
