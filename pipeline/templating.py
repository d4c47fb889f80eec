"""Templates that a show's owner edits: strict, sandboxed, and helpful about a slip of the pen.

In: the texts of all templates of a folder, and the `Vocabulary` that they may speak with. Templates are
data too, but trusted less than code: they run in Jinja2's immutable sandbox, see only frozen values, and
can include only each other. What comes from a paper passes through as a value; it is never template
source. Every name a template uses is checked before anything is rendered, so a typo is found in a branch
that no paper has taken yet.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import Environment, meta, nodes
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from msgspec import Struct

from .bounds import bounded_memory
from .errors import PaperledgeError, nearest

__all__ = ["Context", "Environment", "Html", "Vocabulary", "pass_context"]

Html = Markup
"""Text that is HTML already: the one kind that a page takes as it is."""

pass_context = jinja2.pass_context
"""For a function that a template calls: its first argument becomes the `Context` of the call."""

MAX_CHARACTERS = 4_000_000
"""Of what one template gives; the script of a three-hour episode has 200,000."""

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


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the templates of one folder may use, and how their faults are told."""

    folder: str
    """Where they are, such as "scripts": a fault is placed at folder/name:line."""
    guide: str
    """The page that lists what they may use."""
    error: type[PaperledgeError]
    """Of their faults."""
    values: Mapping[str, type[Struct]]
    """Name → kind of value; the names are checked, and so are fields asked of them."""
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    filters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    html: bool = False
    """Whether they give HTML: then every text but `Html` is escaped."""

    def render(self, name: str, texts: Mapping[str, str], values: Mapping[str, Any]) -> str:
        """What one template gives, once it and all that it includes have no fault to be seen.

        texts: name → source of every template of the folder. Raises `error` at folder/file:line.
        """
        self.refuse_faults(name, texts)
        return self.fill(self.environment(texts), name, values)

    def refuse_faults(self, name: str, texts: Mapping[str, str]) -> None:
        """Raise the faults of a template and of all that it includes, the first with the others."""
        if name not in texts:
            raise self.missing(name, texts, self.folder)
        for each in self.reached(name, texts):
            if faults := self.faults_of(each, texts):
                faults[0].others = tuple(faults[1:])
                raise faults[0]

    def fill(self, environment: Environment, name: str, values: Mapping[str, Any]) -> str:
        """What a template without faults gives. Raises `error` at the innermost line that failed."""
        with bounded_memory(MAX_MEMORY_BYTES):
            try:
                return "".join(self._bounded(environment.get_template(name).generate(**values), name))
            except _FAULTS as error:
                raise self._placed(error, name) from error

    def environment(self, texts: Mapping[str, str]) -> Environment:
        """Where templates are rendered, any number of times: they find each other, and nothing else."""

        def source_of(name: str) -> tuple[str, str, None] | None:
            return (texts[name], f"{self.folder}/{name}", None) if name in texts else None

        environment = _Sandbox(
            loader=jinja2.FunctionLoader(source_of),
            undefined=_Undefined,
            autoescape=self.html,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            cache_size=-1,
            bytecode_cache=_compiled(self.html, tuple(self.filters.items())),
        )
        environment.globals = dict(self.functions)
        environment.filters |= self.filters
        return environment

    def reached(self, name: str, texts: Mapping[str, str]) -> tuple[str, ...]:
        """A template and all that it includes, each once. Raises `error` if one cannot be read."""
        environment = self.environment(texts)
        reached = [name] if name in texts else []
        try:
            with bounded_memory(MAX_MEMORY_BYTES):
                for current in reached:  # which grows meanwhile
                    tree = environment.parse(texts[current], current)
                    found = dict.fromkeys(meta.find_referenced_templates(tree))
                    reached += [
                        one for one in found if one is not None and one in texts and one not in reached
                    ]
        except jinja2.TemplateSyntaxError as error:
            raise self._unreadable(error) from error
        return tuple(reached)

    def faults_of(self, name: str, texts: Mapping[str, str]) -> list[PaperledgeError]:
        """Everything wrong with one template that can be seen without rendering it."""
        try:
            with bounded_memory(MAX_MEMORY_BYTES):
                return self._seen_in(name, texts)
        except jinja2.TemplateSyntaxError as error:
            return [self._unreadable(error)]
        except (MemoryError, RecursionError) as error:
            what = f"needs too much to be read: {type(error).__name__}"
            return [self.error(what, where=f"{self.folder}/{name}")]

    def missing(self, name: str, texts: Mapping[str, str], where: str) -> PaperledgeError:
        """The error for a template that does not exist, with those that do."""
        return self.error(f"there is no template {name!r}", where=where, hint=nearest(name, tuple(texts)))

    def _seen_in(self, name: str, texts: Mapping[str, str]) -> list[PaperledgeError]:
        environment = self.environment(texts)
        tree = environment.parse(texts[name], name)
        # The search for names compiles the template, which would stop at an unknown filter.
        faults = [*self._unknown_filters(tree, name, environment)] or [*self._unknown_names(tree, name)]
        return [*faults, *self._unknown_fields(tree, name), *self._unknown_includes(tree, name, texts)]

    def _unknown_names(self, tree: nodes.Template, name: str) -> Iterator[PaperledgeError]:
        known = (*self.values, *self.functions)
        undeclared = meta.find_undeclared_variables(tree) - {*known} - {*_bound(tree)}
        for node in tree.find_all(nodes.Name):
            if node.name in undeclared:
                undeclared.discard(node.name)
                yield self._unknown(f"{node.name!r} is not defined", name, node, nearest(node.name, known))

    def _unknown_fields(self, tree: nodes.Template, name: str) -> Iterator[PaperledgeError]:
        for node in tree.find_all(nodes.Getattr):
            if isinstance(node.node, nodes.Name) and node.node.name in self.values:
                known = self.values[node.node.name].__struct_fields__
                if node.attr not in known:
                    what = f"'{node.node.name}.{node.attr}' is not defined"
                    yield self._unknown(what, name, node, nearest(node.attr, known))

    def _unknown_filters(
        self, tree: nodes.Template, name: str, environment: Environment
    ) -> Iterator[PaperledgeError]:
        for node in tree.find_all(nodes.Filter):
            if node.name not in environment.filters:
                hint = nearest(node.name, (*self.filters,))
                yield self._unknown(f"there is no filter {node.name!r}", name, node, hint)

    def _unknown_includes(
        self, tree: nodes.Template, name: str, texts: Mapping[str, str]
    ) -> Iterator[PaperledgeError]:
        for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            other = getattr(node, "template", None)
            if isinstance(other, nodes.Const) and isinstance(other.value, str) and other.value not in texts:
                yield self.missing(other.value, texts, f"{self.folder}/{name}:{node.lineno}")

    def _unknown(self, what: str, name: str, node: nodes.Node, hint: str) -> PaperledgeError:
        return self.error(what, where=f"{self.folder}/{name}:{node.lineno}", hint=hint)

    def _unreadable(self, error: jinja2.TemplateSyntaxError) -> PaperledgeError:
        where = f"{self.folder}/{error.name}:{error.lineno}"
        return self.error(error.message or "cannot be read", where=where)

    def _bounded(self, pieces: Iterator[str], name: str) -> Iterator[str]:
        left = MAX_CHARACTERS
        for piece in pieces:
            left -= len(piece)
            if left < 0:
                raise self.error(f"gives over {MAX_CHARACTERS:,} characters", where=f"{self.folder}/{name}")
            yield piece

    def _placed(self, error: Exception, name: str) -> PaperledgeError:
        """The error at the innermost template line that raised it."""
        place = f"{self.folder}/{name}"
        trace = error.__traceback__
        while trace:
            # Jinja2 rewrites its frames, so that they name a template's file and line.
            if trace.tb_frame.f_code.co_filename.startswith(f"{self.folder}/"):
                place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
            trace = trace.tb_next
        what = str(error) if isinstance(error, jinja2.TemplateError) else f"{type(error).__name__}: {error}"
        return self.error(what, where=place, hint=f"{self.guide} lists what a template may use")


def _bound(tree: nodes.Template) -> Iterator[str]:
    """The names that a template itself gives outside of its blocks, which see them too."""
    for node in tree.body:
        if isinstance(node, nodes.FromImport):
            yield from (name if isinstance(name, str) else name[1] for name in node.names)
        elif isinstance(node, nodes.Import):
            yield node.target
        elif isinstance(node, nodes.Macro):
            yield node.name
        elif isinstance(node, nodes.Assign | nodes.AssignBlock) and isinstance(node.target, nodes.Name):
            yield node.target.name


class _Compiled(jinja2.BytecodeCache):
    """What templates were compiled to in this process, for the papers that follow."""

    def __init__(self) -> None:
        self._by_key: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._by_key.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._by_key[bucket.key] = bucket.bytecode_to_string()


@lru_cache(maxsize=8)
def _compiled(html: bool, filters: tuple[tuple[str, Callable[..., Any]], ...]) -> _Compiled:
    """By what is compiled in: whether it escapes, and what filters make of constants."""
    return _Compiled()


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, without the two operators that turn ten characters into a gigabyte."""

    intercepted_binops = frozenset({"*", "**"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Our values are frozen and have nothing to hide, and are asked for most: no long look at those."""
        ours = isinstance(obj, Struct)
        return not attr.startswith("_") if ours else super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply small whole numbers, and nothing else. Raises SecurityError."""
        if operator == "*" and isinstance(left, int) and isinstance(right, int):
            return left * right
        raise SecurityError(f"{operator} is not allowed here")


class _Undefined(jinja2.StrictUndefined):
    """A name that is not there; of a value, with the nearest that is."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        asked = self._undefined_obj
        if self._undefined_hint or not isinstance(asked, Struct):
            return str(super()._undefined_message)
        known = nearest(str(self._undefined_name), asked.__struct_fields__)
        return f"{type(asked).__name__} has no {self._undefined_name!r}: {known}"
