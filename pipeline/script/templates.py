"""The show's templates: strict, sandboxed, and helpful about a slip of the pen.

In: a request and the texts of all templates. Out: the sections of the episode, in order.
Templates are data too, but trusted less than code: they run in Jinja2's immutable sandbox, see
only frozen values, and can include only each other. A paper's text passes through as a value; it
is never template source. Every name a template uses is checked before anything is rendered, so a
typo is found in a branch that no paper has taken yet.
"""

import datetime as dt
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import ScriptError, nearest
from ..model import Paper, ScriptRequest, ShowFacts

__all__ = ["FILTERS", "FUNCTIONS", "VALUES", "Section", "faults_of", "missing_template", "reached", "render"]

VALUES: dict[str, type[Paper] | type[ShowFacts]] = {"paper": Paper, "show": ShowFacts}
"""What a template may speak of; the fields are documented in model.py."""

FUNCTIONS = {
    "section": "begins a section of the episode: its name, and the title of its chapter",
    "one_of": "one of several wordings, always the same one for the same paper",
}
FILTERS = {
    "and_list": 'joins names as one says them: "A, B and C"',
    "spoken_date": '"23 October 2025"',
}

MAX_CHARACTERS = 4_000_000
"""A rendered episode; a three-hour one has 200,000."""

MAX_MEMORY_BYTES = 256 * 1024 * 1024
"""What a template may take; a three-hour episode takes two."""

_FAULTS = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a template can do wrong while it is rendered."""

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
    with _bounded_memory():
        if request.template not in texts:
            raise missing_template(request.template, texts, request.paper.slug)
        environment = _environment(texts, request.paper.slug)
        for name in _reachable(environment, request.template, texts):
            if faults := faults_of(name, texts):
                faults[0].others = tuple(faults[1:])
                raise faults[0]
        return _sections(_rendered(environment, request), request.template)


def _rendered(environment: jinja2.Environment, request: ScriptRequest) -> str:
    try:
        template = environment.get_template(request.template)
        pieces = template.generate(paper=request.paper, show=request.show)
        return "".join(_bounded(pieces, request.template))
    except _FAULTS as error:
        raise _placed(error, request.template) from error


def reached(name: str, texts: dict[str, str]) -> frozenset[str]:
    """A running order and all the templates it includes. Raises ScriptError if it cannot be read."""
    try:
        return frozenset(_reachable(_environment(texts, ""), name, texts)) if name in texts else frozenset()
    except jinja2.TemplateSyntaxError as error:
        where = f"scripts/{error.name}:{error.lineno}"
        raise ScriptError(error.message or "cannot be read", where=where) from error


def faults_of(name: str, texts: dict[str, str]) -> list[ScriptError]:
    """Everything wrong with one template that can be seen without a paper."""
    try:
        with _bounded_memory():
            return _seen_in(name, texts, _environment(texts, ""))
    except jinja2.TemplateSyntaxError as error:
        return [ScriptError(error.message or "cannot be read", where=f"scripts/{name}:{error.lineno}")]
    except (MemoryError, RecursionError) as error:
        return [ScriptError(f"needs too much to be read: {type(error).__name__}", where=f"scripts/{name}")]


def _seen_in(name: str, texts: dict[str, str], environment: jinja2.Environment) -> list[ScriptError]:
    tree = environment.parse(texts[name], name)
    # The search for names compiles the template, which would stop at an unknown filter.
    faults = [*_unknown_filters(tree, name, environment)] or [*_unknown_names(tree, name)]
    return [*faults, *_unknown_fields(tree, name), *_unknown_includes(tree, name, texts)]


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, without the two operators that turn ten characters into a gigabyte."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply small whole numbers, and nothing else. Raises SecurityError."""
        if operator == "*" and isinstance(left, int) and isinstance(right, int):
            return left * right
        raise SecurityError(f"{operator} is not allowed here")


def _environment(texts: dict[str, str], slug: str) -> jinja2.Environment:
    def source_of(name: str) -> tuple[str, str, None] | None:
        return (texts[name], f"scripts/{name}", None) if name in texts else None

    environment = _Sandbox(
        loader=jinja2.FunctionLoader(source_of),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # the text is spoken and tokenised, never shown as HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals = {"section": _section, "one_of": _chooser(slug)}
    environment.filters |= {"and_list": _and_list, "spoken_date": _spoken_date}
    return environment


def _section(part: str, chapter: str = "") -> str:
    return f"\x1e{part}\x1f{chapter}\x1e\n"


def _chooser(slug: str) -> Callable[[Context, list[str]], str]:
    """`one_of` for one paper: chosen by slug, template and place, never by the wordings, so that a
    reworded greeting is the only line that changes."""
    places: Counter[str] = Counter()

    @jinja2.pass_context
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


def _spoken_date(day: dt.date | None) -> str:
    if day is None:
        raise ValueError("spoken_date has no date here: ask with {% if %} first")
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


@contextmanager
def _bounded_memory() -> Iterator[None]:
    """Let a template take MAX_MEMORY_BYTES more than there is now, where the system can count it.

    The limit is the whole process's, so only its main thread sets it: that is where a worker works,
    and two threads would restore each other's limits instead of the one there was.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):  # not Linux: the job's time limit must do
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * resource.getpagesize() + MAX_MEMORY_BYTES
    limits = [limit for limit in (wanted, soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _bounded(pieces: Iterator[str], name: str) -> Iterator[str]:
    left = MAX_CHARACTERS
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise ScriptError(f"gives over {MAX_CHARACTERS:,} characters", where=f"scripts/{name}")
        yield piece


def _sections(text: str, name: str) -> tuple[Section, ...]:
    before, *rest = _MARK.split(text)
    if before.strip() or not rest:
        hint = "begin the running order with {{ section('intro') }}"
        raise ScriptError("there is text before the first section", where=f"scripts/{name}", hint=hint)
    return tuple(
        Section(part, chapter, body)
        for part, chapter, body in zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    )


def _reachable(environment: jinja2.Environment, name: str, texts: dict[str, str]) -> Iterator[str]:
    """The template and all it includes, each once."""
    seen, waiting = {name}, [name]
    while waiting:
        current = waiting.pop(0)
        yield current
        for other in meta.find_referenced_templates(environment.parse(texts[current], current)):
            if other in texts and other not in seen:
                seen.add(other)
                waiting.append(other)


def _unknown_names(tree: nodes.Template, name: str) -> Iterator[ScriptError]:
    undeclared = meta.find_undeclared_variables(tree) - VALUES.keys() - FUNCTIONS.keys()
    for node in tree.find_all(nodes.Name):
        if node.name in undeclared:
            undeclared.discard(node.name)
            yield ScriptError(
                f"{node.name!r} is not defined",
                where=f"scripts/{name}:{node.lineno}",
                hint=nearest(node.name, (*VALUES, *FUNCTIONS)),
            )


def _unknown_fields(tree: nodes.Template, name: str) -> Iterator[ScriptError]:
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name in VALUES:
            known = VALUES[node.node.name].__struct_fields__
            if node.attr not in known:
                yield ScriptError(
                    f"'{node.node.name}.{node.attr}' is not defined",
                    where=f"scripts/{name}:{node.lineno}",
                    hint=nearest(node.attr, known),
                )


def _unknown_filters(
    tree: nodes.Template, name: str, environment: jinja2.Environment
) -> Iterator[ScriptError]:
    for node in tree.find_all(nodes.Filter):
        if node.name not in environment.filters:
            where = f"scripts/{name}:{node.lineno}"
            yield ScriptError(
                f"there is no filter {node.name!r}", where=where, hint=nearest(node.name, (*FILTERS,))
            )


def _unknown_includes(tree: nodes.Template, name: str, texts: dict[str, str]) -> Iterator[ScriptError]:
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        other = getattr(node, "template", None)
        if isinstance(other, nodes.Const) and isinstance(other.value, str) and other.value not in texts:
            yield missing_template(other.value, texts, f"scripts/{name}:{node.lineno}")


def missing_template(name: str, texts: dict[str, str], where: str) -> ScriptError:
    """The error for a template that does not exist, with those that do."""
    return ScriptError(f"there is no template {name!r}", where=where, hint=nearest(name, tuple(texts)))


def _placed(error: Exception, name: str) -> ScriptError:
    """The error at the innermost template line that raised it."""
    place = f"scripts/{name}"
    trace = error.__traceback__
    while trace:
        # Jinja2 rewrites its frames, so that they name a template's file and line.
        if trace.tb_frame.f_code.co_filename.startswith("scripts/"):
            place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    what = str(error) if isinstance(error, jinja2.TemplateError) else f"{type(error).__name__}: {error}"
    return ScriptError(what, where=place, hint="scripts/README.md lists what a template may use")
