"""The show's templates, in the words of the script stage.

In: a request and the texts of all templates. Out: the sections of the episode, in order. How templates
are kept in bounds, and how their faults are told: see templating.py.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from ..errors import PaperledgeError, ScriptError
from ..model import Paper, ScriptRequest, ShowFacts
from ..templating import Context, Vocabulary, pass_context

__all__ = ["FILTERS", "FUNCTIONS", "VALUES", "Section", "faults_of", "missing_template", "reached", "render"]

VALUES: dict[str, type[Paper] | type[ShowFacts]] = {"paper": Paper, "show": ShowFacts}
"""What a template may speak of; the fields are documented in model.py."""

FUNCTIONS = {
    "section": "begins a section of the episode: its name, and the title of its chapter",
    "one_of": "one of several wordings, always the same one for the same paper",
}
FILTERS = {
    "and_list": 'joins names as one says them: "A, B and C"',
    "ended": "with a full stop, if it ends in none",
    "spoken_date": '"23 October 2025"',
}

_MARK = re.compile("\x1e([^\x1e\x1f]*)\x1f([^\x1e\x1f]*)\x1e\n?")
"""What `section` leaves in the text: no paper or template can hold these control characters."""

_MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the rendered episode."""

    part: str
    chapter: str
    text: str


def render(request: ScriptRequest, texts: dict[str, str]) -> tuple[Section, ...]:
    """Render the running order of a request.

    texts: name → source of every template in scripts/. Raises ScriptError at scripts/file:line.
    """
    if request.template not in texts:
        raise missing_template(request.template, texts, request.paper.slug)
    _refuse_faulty(request.template, tuple(texts.items()))
    vocabulary, values = _vocabulary(request.paper.slug), {"paper": request.paper, "show": request.show}
    return _sections(
        vocabulary.fill(vocabulary.environment(texts), request.template, values), request.template
    )


@cache  # a show has one running order for all its papers, and looking through it takes as long as all else
def _refuse_faulty(running_order: str, sources: tuple[tuple[str, str], ...]) -> None:
    """Raise ScriptError for what can be seen to be wrong with a running order and all it includes."""
    _vocabulary("").refuse_faults(running_order, dict(sources))


def reached(name: str, texts: dict[str, str]) -> frozenset[str]:
    """A running order and all the templates it includes. Raises ScriptError if it cannot be read."""
    return frozenset(_vocabulary().reached(name, texts))


def faults_of(name: str, texts: dict[str, str]) -> list[PaperledgeError]:
    """Everything wrong with one template that can be seen without a paper."""
    return _vocabulary().faults_of(name, texts)


def missing_template(name: str, texts: dict[str, str], where: str) -> PaperledgeError:
    """The error for a template that does not exist, with those that do."""
    return _vocabulary().missing(name, texts, where)


def _vocabulary(slug: str = "") -> Vocabulary:
    """What templates may use. The text is spoken and tokenised, never shown as HTML."""
    return Vocabulary(
        folder="scripts",
        guide="scripts/README.md",
        error=ScriptError,
        values=VALUES,
        functions={"section": _section, "one_of": _chooser(slug)},
        filters={"and_list": _and_list, "ended": _ended, "spoken_date": _spoken_date},
    )


def _section(part: str, chapter: str = "") -> str:
    return f"\x1e{part}\x1f{chapter}\x1e\n"


def _chooser(slug: str) -> Callable[[Context, list[str]], str]:
    """`one_of` for one paper: chosen by slug, template and place, never by the wordings, so that a
    reworded greeting is the only line that changes."""
    places: Counter[str] = Counter()

    @pass_context
    def one_of(context: Context, wordings: list[str]) -> str:
        if not wordings:
            raise ValueError("one_of needs at least one wording")
        places[context.name or ""] += 1
        seed = sha256(f"{slug}\x1f{context.name}\x1f{places[context.name or '']}".encode()).digest()
        return wordings[int.from_bytes(seed[:8], "big") % len(wordings)]

    return one_of


def _and_list(names: tuple[str, ...]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _ended(text: str) -> str:
    """ "Smith, J. A." ends in the full stop that its sentence needs."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _spoken_date(day: dt.date | None) -> str:
    if day is None:
        raise ValueError("spoken_date has no date here: ask with {% if %} first")
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _sections(text: str, name: str) -> tuple[Section, ...]:
    before, *rest = _MARK.split(text)
    if before.strip() or not rest:
        hint = "begin the running order with {{ section('intro') }}"
        raise ScriptError("there is text before the first section", where=f"scripts/{name}", hint=hint)
    return tuple(
        Section(part, chapter, body)
        for part, chapter, body in zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    )
