"""The YAML between the two `---` lines of a paper file, held against what may stand there."""

import datetime as dt
import re
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ..entries import LexiconFile, entries_of
from ..errors import PaperError, SettingsError
from ..kinds import OneLine, WebAddress
from ..model import Paper
from ..settings import loads

__all__ = ["FrontMatter", "place_in", "place_of_key", "read_front_matter"]

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


class FrontMatter(Struct, frozen=True, kw_only=True):
    """What a paper file may say of itself; the fields are those of `Paper`."""

    title: OneLine
    authors: Annotated[tuple[OneLine, ...], Meta(min_length=1)]
    category: OneLine
    date: dt.date
    """The episode's day."""
    paper_date: dt.date | None = None
    """The paper's own day."""
    arxiv: (
        Annotated[
            str,
            Meta(
                pattern=r"^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})(v\d+)?$",
                description='such as "2510.19752"',
            ),
        ]
        | None
    ) = None
    """In quotes, because YAML takes 2510.10000 for a number."""
    doi: (
        Annotated[
            str,
            Meta(pattern=r"^10\.\d{4,9}/\S+$", max_length=500, description="such as 10.1000/182, no address"),
        ]
        | None
    ) = None
    links: dict[str, WebAddress] = {}
    lexicon: LexiconFile = {}
    voice: OneLine | None = None
    template: OneLine | None = None
    season: Annotated[int, Meta(ge=1, le=9_999)] | None = None
    episode: Annotated[int, Meta(ge=1, le=99_999)] | None = None
    chapters: dict[str, OneLine] = {}
    cover: OneLine | None = None
    publish: Literal["draft"] | None = None
    """`draft` keeps the episode out of feed and site."""
    soundbite: (
        Annotated[str, Meta(min_length=10, max_length=300, description="words of the episode")] | None
    ) = None
    """Where a clip of half a minute begins, which apps may play as a taste of the episode."""

    def paper(self, slug: str, summary: str, questions: tuple[str, ...]) -> Paper:
        """The paper that these facts and a body make."""
        facts = {name: getattr(self, name) for name in self.__struct_fields__}
        facts["lexicon"] = entries_of(self.lexicon)
        return Paper(slug=slug, summary=summary, questions=questions, **facts)


def read_front_matter(text: str, where: str) -> tuple[FrontMatter, str, int]:
    """Front matter, body, and the line of the file on which the body begins.

    Raises PaperError at file:line:column, with every further fault in its `others`.
    """
    fences = list(islice(_FENCE.finditer(text), 2))
    if not fences or text[: fences[0].start()].strip():
        hint = "begin with a line ---, then title, authors, category and date, then another line ---"
        raise PaperError("there is no front matter", where=f"{where}:1:1", hint=hint)
    if len(fences) == 1:
        raise PaperError("the front matter has no end", where=f"{where}:1:1", hint="close it with a line ---")
    start, end = fences
    body_line = text.count("\n", 0, end.end()) + 2
    first_line = text.count("\n", 0, start.end()) + 2
    try:
        facts = loads(text[start.end() + 1 : end.start()], FrontMatter, where, first_line=first_line)
    except SettingsError as error:
        raise _as_paper_error(error) from error
    return facts, text[end.end() :].lstrip("\n"), body_line


def place_of_key(text: str, where: str, key: str, wanted: str = "") -> str:
    """`file:line:column` of a key of the front matter, or of what reads `wanted` at or after it.

    The file alone if it has no such key.
    """
    fences = list(islice(_FENCE.finditer(text), 2))
    end = fences[-1].end() if fences else 0
    found = re.search(rf"^{re.escape(key)}[ \t]*:", text[:end], re.MULTILINE)
    if found is None:
        return where
    place = text.find(wanted, found.start(), end) if wanted else -1
    place = place if place >= 0 else found.start()
    return f"{where}:{text.count(chr(10), 0, place) + 1}:{place - text.rfind(chr(10), 0, place)}"


def place_in(path: Path, key: str) -> str:
    """`file:line:column` of a key of a paper's front matter; the file alone if it has no such key."""
    return place_of_key(path.read_text(encoding="utf-8", errors="replace"), str(path), key)


def _as_paper_error(error: SettingsError) -> PaperError:
    converted = PaperError(error.what, where=error.where, hint=error.hint)
    converted.others = tuple(PaperError(o.what, where=o.where, hint=o.hint) for o in error.others)
    return converted
