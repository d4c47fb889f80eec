"""The paragraphs of a summary that its host would say: prose, and nothing that stands beside it.

Left out are headings, lists, tables, quotations, code and displayed formulas, footnotes and lists of
references, and lines of a dialogue. Text is Markdown; every pattern is bounded.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from ..labels import HEADWORD

__all__ = ["prose_of"]

_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_FENCED = re.compile(r"^[ ]{0,3}(```|~~~)[^\n]*\n.*?(?:^[ ]{0,3}\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_FOOTNOTE = re.compile(r"^[ ]{0,3}\[\^[^\]\n]{1,40}\]:[^\n]*(?:\n[ \t]+[^\n]+)*\n?", re.MULTILINE)
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\n]{1,40}\]")
_HEADING = re.compile(r"\A#{1,6}[ \t]+([^\n]*?)[ \t#]*(?:\n|\Z)")
_UNDERLINED = re.compile(r"\A([^\n]+)\n(?:={2,}|-{2,})[ \t]*(?:\n|\Z)")
_LISTED = re.compile(
    r"[\W\d]*(references?|bibliography|works cited|literature|sources?|citations?|(foot|end)?notes"
    r"|further reading|links|acknowledge?ments?)\W*",
    re.IGNORECASE,
)
"""Headings above what is no part of the story."""
_ASIDE = re.compile(
    r"[>|<•‣▪◦–]|```|~~~|[-*+][ \t]|\(?(?:[0-9]{1,3}|[a-z])[.)][ \t]|\[[0-9]{1,3}\]|\$\$|\\\[|\\begin\{|!\["
    r"|(?:[-*_=][ \t]?){3,}$"
)
"""What other things than prose begin with."""
_TABLE = re.compile(r"^[ \t|]*:?-{2,}:?[ \t]*\|", re.MULTILINE)
_QUOTED = re.compile(r"[\"“«].*[\"”»]\W*\Z", re.DOTALL)
_LABEL = re.compile(r"(?:\*\*|__)?(?P<name>[^\W\d_][^\n:*_]{0,60}?)(?:\*\*|__)?:(?:\*\*|__)?[ \t]+\S")
_NAME = re.compile(r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2}")


def prose_of(summary: str, speakers: Collection[str] = ()) -> list[str]:
    """Paragraphs of prose, without marks of footnotes.

    speakers: who is known to speak. Where one of them does, or somebody does twice, it is a dialogue, and
    whoever else a paragraph begins with speaks as well.
    """
    blocks = [block for block in _blocks(summary) if not _is_aside(block)]
    labels = Counter(label for block in blocks if (label := _label(block)))
    names = {name for name in labels if _NAME.fullmatch(name) and not HEADWORD.fullmatch(name)}
    is_dialogue = any(name in speakers or (name in names and labels[name] > 1) for name in labels)
    said = {*speakers, *names} if is_dialogue else {*speakers}
    return [_FOOTNOTE_MARK.sub("", block) for block in blocks if _label(block) not in said]


def _blocks(summary: str) -> Iterator[str]:
    """What blank lines part, without headings, code, footnotes, and what is below a heading of a list."""
    is_listed = False
    for part in _BLANK_LINE.split(_FOOTNOTE.sub("\n", _FENCED.sub("\n", summary.replace("\r\n", "\n")))):
        block = part.strip()
        while heading := _HEADING.match(block) or _UNDERLINED.match(block):
            is_listed = bool(_LISTED.fullmatch(heading[1]))
            block = block[heading.end() :].strip()
        if block and not is_listed:
            yield block


def _is_aside(block: str) -> bool:
    return bool(_ASIDE.match(block) or _TABLE.search(block) or _QUOTED.match(block))


def _label(block: str) -> str:
    """The name that a line of a dialogue begins with; "" if it is none."""
    found = _LABEL.match(block)
    return found["name"].strip() if found else ""
