"""Script stage: a paper and a show's templates become the lines that will be said.

    ScriptRequest  ── templates ──>  text  ── spoken ──>  blocks, sentences, tokens  ──>  Script

The templates put the host's words around the summary and mark the sections; the spoken front end
cuts what they give into sentences and decides how each is said; the show's table gives the pauses.
"""

import re
from typing import TYPE_CHECKING

import msgspec

from ..errors import ScriptError
from ..model import Block, BlockKind, Desk, Line, Paper, Pauses, Script, ScriptRequest, Sentence
from .shown import Piece, list_mark, pieces, readable

if TYPE_CHECKING:
    from .templates import Section

__all__ = ["Piece", "list_mark", "pieces", "plain_text", "readable", "spoken_text", "write_script"]

_CLOSERS = "\"'”’)]"
_LINGERING = ("?", "…")
_LEFT = re.compile(r"\A(\s*\n)?[ \t]+")


def write_script(request: ScriptRequest, desk: Desk) -> Script:
    """Write the script of one paper.

    Raises ScriptError, placed at the template's file:line, for a template that cannot be rendered,
    and for an episode in which nothing would be said.
    """
    # Jinja2 and the front end are loaded only where a script is written, not on a no-op.
    from .bibliography import without_references
    from .spoken import read_aloud
    from .spoken.lexicon import compile_lexicon
    from .templates import render

    texts = {name: desk.path(blob).read_text(encoding="utf-8") for name, blob in request.templates.items()}
    lexicon = compile_lexicon(paper=request.paper.lexicon, show=request.lexicon)
    lines: list[Line] = []
    paper = msgspec.structs.replace(request.paper, summary=without_references(request.paper.summary))
    for section in render(msgspec.structs.replace(request, paper=paper), texts):
        blocks = read_aloud(section.text, lexicon, request.speakers)
        lines += _lines_of(blocks, section, request)
    if not lines:
        raise ScriptError(f"{request.template} says nothing about this paper", where=request.paper.slug)
    return Script(lines=tuple(lines))


def plain_text(script: Script) -> str:
    """The script as it was written, without markup: what a person reads along."""
    text = re.sub(r"[ \t]+\n", "\n", "".join(map(_shown, script.lines)).strip())
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


def _shown(line: Line) -> str:
    """A line, without the blanks that are left of what it began with."""
    text = readable(line.sentence.tokens)
    is_indented = line.kind in ("bullet", "code") or not line.begins_block
    return text if is_indented else _LEFT.sub(r"\1", text)


def spoken_text(script: Script) -> str:
    """The script as the voice says it, cut into the same paragraphs: to proofread by ear.

    A paragraph of another speaker begins with the name in brackets, a quotation with a >.
    """
    pieces: list[str] = []
    for line in script.lines:
        if line.begins_block:
            pieces += ["\n\n", f"[{line.speaker}] " if line.speaker else "> " * (line.kind == "quote")]
        else:
            pieces.append(" ")
        pieces.append(line.sentence.spoken)
    return "".join(pieces).strip() + "\n"


def _lines_of(blocks: tuple[Block, ...], section: "Section", request: ScriptRequest) -> list[Line]:
    """The lines of one section; a sentence in which nothing is said makes none."""
    pauses, host = request.pauses, request.show.host
    lines: list[Line] = []
    for block in blocks:
        said = [sentence for sentence in block.sentences if sentence.spoken]
        for sentence in said:
            pause_ms = _pause_ms(sentence, block.kind, pauses, is_last=sentence is said[-1])
            line = Line(
                part=section.part,
                kind=block.kind,
                sentence=sentence,
                pause_after_ms=pause_ms,
                speaker="" if block.speaker == host else block.speaker,
                begins_block=sentence is said[0],
                chapter=_chapter(block, request.paper) if sentence is said[0] else "",
            )
            lines.append(line)
    if lines:
        lines[0] = msgspec.structs.replace(lines[0], chapter=section.chapter or lines[0].chapter)
        lines[-1] = msgspec.structs.replace(lines[-1], pause_after_ms=pauses.section_ms)
    return lines


def _chapter(block: Block, paper: Paper) -> str:
    """Title of the chapter that a block begins: headings below the first level begin one."""
    if not re.match(r"\s*##", block.written):
        return ""
    title = " ".join(readable(token for sentence in block.sentences for token in sentence.tokens).split())
    return paper.chapters.get(title, title)


def _pause_ms(sentence: Sentence, kind: BlockKind, pauses: Pauses, *, is_last: bool) -> int:
    """The silence after a sentence: by the block that ends with it, or else by its last mark."""
    mark = sentence.spoken.rstrip(_CLOSERS)[-1:]
    within_ms = pauses.question_ms if mark in _LINGERING else pauses.sentence_ms
    if not is_last:
        return within_ms
    if kind in ("heading", "bullet"):
        return pauses.heading_ms if kind == "heading" else pauses.list_item_ms
    return pauses.colon_ms if mark == ":" else max(within_ms, pauses.paragraph_ms)
