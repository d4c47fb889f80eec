"""Paper stage: one Markdown file with front matter becomes one `Paper`.

    papers/<slug>.md  ──>  Paper

The slug is the file's stem: it names the episode's files for good, so it is never made from a
title. A closing "## Questions" section of list items becomes `Paper.questions`, because the
host asks them after the summary, in the show's own words.
"""

import re
from hashlib import sha256
from pathlib import Path

from ..errors import PaperError
from ..model import Paper
from ..textfile import read_text
from .frontmatter import place_in, place_of_key, read_front_matter
from .picture import find_picture

__all__ = ["digest_of", "find_papers", "find_picture", "place_in", "place_of_key", "read_paper", "slug_of"]

_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]*")
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
"""Names that Windows keeps for devices, whatever their suffix."""
_LONGEST_SLUG = 120
"""File systems take 255 bytes, and suffixes and temporary names come on top."""
_BYTES_A_WORD = 64
"""No language needs more on average; it bounds what is read of a file that is no text at all."""

_BYTES_ALWAYS_READ = 1024 * 1024
"""So that a paper over a small limit is counted, and its words are told."""

_HEADING = re.compile(r"#{1,6}[ \t]+(.*)")
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+(\S.*)")


def find_papers(folder: Path) -> tuple[Path, ...]:
    """All papers of a backlog: every .md file in the folder and below, but READMEs, in order."""
    files = (path for path in folder.rglob("*.md") if path.is_file() and not path.name.startswith("."))
    return tuple(sorted(path for path in files if path.stem.lower() != "readme"))


def slug_of(path: Path) -> str:
    """The name of a paper's episode. Raises PaperError if the file's name cannot be one."""
    if not _SLUG.fullmatch(path.stem):
        hint = "use lower-case letters a to z, digits, dots, dashes and underscores"
        raise PaperError(f"the name {path.stem!r} cannot name an episode", where=str(path), hint=hint)
    if len(path.stem) > _LONGEST_SLUG:
        hint = f"shorten it to {_LONGEST_SLUG} characters"
        raise PaperError("the name is too long to name an episode", where=str(path), hint=hint)
    if path.stem.split(".")[0] in _RESERVED:
        hint = "Windows cannot have files of that name; choose another"
        raise PaperError(f"the name {path.stem!r} cannot name an episode", where=str(path), hint=hint)
    return path.stem


def digest_of(path: Path, limit_words: int) -> str:
    """SHA-256 of a paper file, 64 hex digits, without reading what is too large to be one.

    Raises PaperError.
    """
    try:
        if path.stat().st_size > _limit_bytes(limit_words):
            raise PaperError(f"is larger than {_limit_bytes(limit_words) // 1024} KiB", where=str(path))
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise PaperError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _limit_bytes(limit_words: int) -> int:
    return max(_BYTES_ALWAYS_READ, limit_words * _BYTES_A_WORD)


def read_paper(path: Path, *, limit_words: int) -> Paper:
    """Read one paper file.

    Raises PaperError, placed at file:line:column, if the name is no slug, the file cannot be read
    as text, the front matter is missing or wrong, or the summary is empty or over `limit_words`.
    """
    slug = slug_of(path)
    text = read_text(path, PaperError, limit_bytes=_limit_bytes(limit_words))
    facts, body, first_line = read_front_matter(text, str(path))
    summary, questions = _split_questions(body.rstrip() + "\n")
    words = len(body.split())
    if not summary.strip():
        hint = "write what the episode should say below the front matter"
        raise PaperError("the summary is empty", where=f"{path}:{first_line}", hint=hint)
    if words > limit_words:
        raise PaperError(
            f"the summary has {words:,} words and at most {limit_words:,} are allowed",
            where=f"{path}:{first_line}",
            hint="raise limits.words in show.yaml if the episode should be that long",
        )
    return facts.paper(slug, summary, questions)


def _split_questions(body: str) -> tuple[str, tuple[str, ...]]:
    """The body without its closing list of questions, and the questions."""
    lines = body.splitlines(keepends=True)
    heading = max((n for n, line in enumerate(lines) if _HEADING.match(line)), default=-1)
    found = _HEADING.match(lines[heading]) if lines and heading >= 0 else None
    if found is None or found[1].strip().rstrip("#").strip().lower() != "questions":
        return body, ()
    questions: list[str] = []
    for line in filter(str.strip, lines[heading + 1 :]):
        if item := _ITEM.match(line):
            questions.append(item[1].strip())
        elif questions and line[0] in " \t":
            questions[-1] += f" {line.strip()}"
        else:
            return body, ()  # not only a list: it is told as it stands
    return "".join(lines[:heading]), tuple(questions)
