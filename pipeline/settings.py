"""YAML into typed values, strictly: every fault is said with its file, line and column.

In: the text of a YAML file and the Struct it should become. Out: that Struct, or a SettingsError
(its `others` hold the faults after the first). The text is composed into a node tree, which knows
line and column, and the tree is walked beside the type. What YAML does behind an author's back is
refused: anchors and merge keys (a 400-byte file can grow to gigabytes), doubled keys, `yes` for
true, `2510.10` for a string. Size and depth are bounded while the tree is built.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
import yaml

from .errors import SettingsError, nearest
from .textfile import CONTROL, read_text

__all__ = ["load", "loads", "place_of"]

T = TypeVar("T")

LIMIT_BYTES = 256 * 1024
"""A settings file a person wrote is far smaller; the parser needs seconds for a megabyte."""
LIMIT_DEPTH = 16
"""Nested collections; the deepest of ours has three."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TAG = "tag:yaml.org,2002:"
_NAMES = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dt.date: "a date like 2026-01-31",
}


_ADVICE = {
    "mapping values are not allowed": "put a text that holds a colon in quotes",
    "could not find expected ':'": "write a space after the colon of a key",
    "'\\t'": "use spaces instead of tabs",
    "unexpected end of stream": "is a quotation mark missing in a line before?",
}
"""What helps against the parser's complaints."""


def load(path: Path, kind: type[T]) -> T:
    """Read a YAML file into `kind`: a msgspec Struct, or a dict or tuple of scalars.

    Raises SettingsError, placed at file:line:column, if the file is missing, not UTF-8, over
    256 KiB, not plain YAML, or not of that kind.
    """
    return loads(read_text(path, SettingsError, limit_bytes=LIMIT_BYTES), kind, str(path))


def loads(text: str, kind: type[T], where: str, *, first_line: int = 1) -> T:
    """The same for text that begins at `first_line` of the file `where`."""
    reader = _Reader(where, first_line)
    value = reader.convert(reader.compose(text), kind)
    if reader.faults:
        raise _joined(reader.faults)
    return value  # type: ignore[no-any-return]


def place_of(path: Path, key: str, wanted: str = "") -> str:
    """`file:line:column` of the value of a key, or of what in that value reads `wanted`.

    For faults that only show when a file has been read; the file alone if it has no such key.
    """
    reader = _Reader(str(path), 1)
    root = reader.compose(read_text(path, SettingsError, limit_bytes=LIMIT_BYTES))
    for name, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if name.value == key:
            found = next((node for node in _nodes(value) if wanted and node.value == wanted), value)
            return reader.fault("", found.start_mark).where
    return str(path)


def _nodes(node: yaml.Node) -> Iterator[yaml.Node]:
    """A node and all below it, in the order in which they are written."""
    yield node
    if isinstance(node, yaml.CollectionNode):
        for child in node.value:
            for part in child if isinstance(child, tuple) else (child,):
                yield from _nodes(part)


def _joined(faults: list[SettingsError]) -> SettingsError:
    first, *others = sorted(faults, key=lambda fault: _line_and_column(fault.where))
    first.others = tuple(others)
    return first


def _line_and_column(where: str) -> tuple[int, ...]:
    return tuple(int(part) for part in where.split(":")[-2:] if part.isdigit())


class _StrictComposer(yaml.SafeLoader):
    """Composes nodes, and refuses what a settings file has no use for."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refused("anchors and aliases (& and *) are not allowed", event.start_mark)
        self.depth += 1
        if self.depth > LIMIT_DEPTH:
            raise _refused(f"is nested deeper than {LIMIT_DEPTH} levels", event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _refused(problem: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


class _Reader:
    """Walks a node tree beside a type, and collects every fault it meets."""

    def __init__(self, where: str, first_line: int) -> None:
        self.where = where
        self.first_line = first_line
        self.faults: list[SettingsError] = []

    def compose(self, text: str) -> yaml.Node:
        start = yaml.Mark(self.where, 0, 0, 0, None, 0)
        try:
            node = yaml.compose(text, Loader=_StrictComposer)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = error.problem or "is not valid YAML"
            hint = next((advice for words, advice in _ADVICE.items() if words in problem), "")
            raise self.fault(problem, mark, hint) from None
        except yaml.YAMLError as error:
            raise SettingsError(f"is not valid YAML: {error}".splitlines()[0], where=self.where) from None
        return node or yaml.MappingNode(_TAG + "map", [], start, start)

    def fault(self, what: str, mark: Any, hint: str = "") -> SettingsError:
        place = f"{self.where}:{mark.line + self.first_line}:{mark.column + 1}" if mark else self.where
        return SettingsError(what, where=place, hint=hint)

    def note(self, what: str, node: yaml.Node, hint: str = "") -> None:
        self.faults.append(self.fault(what, node.start_mark, hint))

    def convert(self, node: yaml.Node, kind: Any, key: str = "") -> Any:
        """The value of a node as `kind`; None, with a fault noted, where it is not of that kind."""
        if kind is Any:
            return None  # who knows its type reads it again
        kind = _as_written(kind, node)
        plain, optional = _unwrapped(kind)
        if optional and node.tag == _TAG + "null":
            return None
        origin = get_origin(plain)
        if _is_struct(plain):
            return self.struct(node, plain, key)
        if origin is dict:
            names, values = get_args(plain)
            pairs = self.pairs(node, key, names=names)
            return {name: self.convert(child, values, name) for name, child in pairs}
        if origin is tuple:
            return self.items(node, kind, get_args(plain)[0], key)
        return self.scalar(node, kind, plain, key)

    def struct(self, node: yaml.Node, kind: type[msgspec.Struct], key: str) -> Any:
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        before = len(self.faults)
        values = {}
        for name, child in self.pairs(node, key, tuple(fields)):
            values[fields[name].name] = self.convert(child, fields[name].type, name)
        for name, field in fields.items():
            if field.required and field.name not in values:
                self.note(f"the key {name!r} is missing", node, f"expected {_describe(field.type)}")
        if len(self.faults) > before:
            return None
        try:
            return kind(**values)
        except ValueError as error:
            self.note(str(error), node)
            return None

    def pairs(
        self, node: yaml.Node, key: str, known: tuple[str, ...] | None = None, names: Any = str
    ) -> Iterator[tuple[str, yaml.Node]]:
        """The keys of a mapping, of the type `names`, and their nodes; where `known` is given, no others."""
        if not isinstance(node, yaml.MappingNode):
            hint = f'write a line "name: value" for each below `{key}:`' if key else ""
            self.note(f"{_quoted(key)}expected keys and values, found {_found(node)}", node, hint)
            return
        seen = set()
        for name_node, child in node.value:
            name = name_node.value
            if not isinstance(name_node, yaml.ScalarNode) or name_node.tag == _TAG + "merge":
                self.note("merge keys and composed keys are not allowed", name_node)
            elif CONTROL.search(name):
                self.note("control characters are not allowed in keys", name_node)
            elif name in seen:
                self.note(f"the key {name!r} is there twice", name_node)
            elif known is not None and name not in known:
                self.note(f"unknown key {name!r}", name_node, nearest(name, known))
            elif not _fits(name, names):
                self.note(f"expected as a key {_describe(names)}, found {_found(name_node)}", name_node)
            else:
                seen.add(name)
                yield name, child

    def items(self, node: yaml.Node, kind: Any, item_kind: Any, key: str) -> tuple[Any, ...]:
        if not isinstance(node, yaml.SequenceNode):
            hint = f"write it in brackets: [{_item(node.value)}]" if isinstance(node, yaml.ScalarNode) else ""
            self.note(f"{_quoted(key)}expected a list, found {_found(node)}", node, hint)
            return ()
        shortest = max((part.min_length or 0 for part in _metas(kind)), default=0)
        if len(node.value) < shortest:
            self.note(f"{_quoted(key)}expected a list of at least {shortest}", node)
        return tuple(self.convert(child, item_kind, key) for child in node.value)

    def scalar(self, node: yaml.Node, kind: Any, plain: Any, key: str) -> Any:
        wanted = f"{_quoted(key)}expected {_describe(kind)}, found {_found(node)}"
        if not isinstance(node, yaml.ScalarNode):
            self.note(wanted, node)
            return None
        try:
            return msgspec.convert(_value(node, plain), kind)
        except (msgspec.ValidationError, ValueError):
            quotable = plain is str and node.tag != _TAG + "str" and node.value and _fits(node.value, kind)
            self.note(wanted, node, f'write it in quotes: "{node.value}"' if quotable else "")
            return None


def _item(text: str) -> str:
    """A text as one item of a list in brackets."""
    return f'"{text}"' if re.search(r"[,:\[\]{}#]", text) else text


def _as_written(kind: Any, node: yaml.Node) -> Any:
    """Of a scalar or a Struct, the one that the node is written as; every other type as it is."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    options = get_args(kind)
    struct = next((option for option in options if _is_struct(option)), None)
    if struct is None or NoneType in options:
        return kind
    if isinstance(node, yaml.MappingNode):
        return struct
    return next(option for option in options if option is not struct)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _fits(name: str, kind: Any) -> bool:
    try:
        msgspec.convert(name, kind)
    except msgspec.ValidationError:
        return False
    return True


def _unwrapped(kind: Any) -> tuple[Any, bool]:
    """The type without Annotated and `| None`, and whether None was allowed."""
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        options = [option for option in get_args(kind) if option is not NoneType]
        if len(options) < len(get_args(kind)):
            return _unwrapped(options[0])[0], True
    return kind, False


def _options(kind: Any) -> tuple[Any, ...]:
    """The types that a value may be of, each without its limits."""
    plain = _unwrapped(kind)[0]
    if get_origin(plain) in (Union, UnionType):
        return tuple(_unwrapped(option)[0] for option in get_args(plain))
    return (plain,)


def _value(node: yaml.ScalarNode, plain: Any) -> Any:
    """A scalar's value, read only as what it plainly is; raises ValueError otherwise."""
    tag, text = node.tag.removeprefix(_TAG), node.value
    if plain is dt.date:
        if not _DATE.fullmatch(text):
            raise ValueError
        return dt.date.fromisoformat(text)
    if tag == "bool" and get_origin(plain) is Literal and text in get_args(plain):
        return text  # `off` is a word where words like it are asked for
    if tag == "bool" and text in ("true", "false"):
        return text == "true"
    if tag == "int" and text.lstrip("+-").isdecimal():
        return int(text)
    if tag in ("int", "float") and float in _options(plain):
        return float(text)
    if tag == "str" and not CONTROL.search(text):
        return text
    raise ValueError


def _describe(kind: Any) -> str:
    """A type in a user's words, its limits included."""
    plain, optional = _unwrapped(kind)
    if get_origin(plain) in (Union, UnionType):
        return " or ".join(map(_describe, get_args(plain))) + (", or nothing" if optional else "")
    meta = _metas(kind)
    limits = [f" {sign} {bound:g}" for part in meta for sign, bound in _bounds(part)]
    patterns = [f" {part.description or f'matching {part.pattern}'}" for part in meta if part.pattern]
    if get_origin(plain) is Literal:
        name = "one of " + ", ".join(str(option) for option in get_args(plain))
    elif get_origin(plain) is tuple:
        name = "a list"
    else:
        name = _NAMES.get(plain, "keys and values")
    return name + " and".join(limits) + "".join(patterns) + (", or nothing" if optional else "")


def _metas(kind: Any) -> list[msgspec.Meta]:
    """The constraints of an annotated type, also where None is allowed beside it."""
    if get_origin(kind) in (Union, UnionType):
        return [meta for option in get_args(kind) for meta in _metas(option)]
    return [part for part in get_args(kind)[1:] if isinstance(part, msgspec.Meta)]


def _bounds(meta: msgspec.Meta) -> Iterator[tuple[str, float]]:
    for sign, bound in ((">=", meta.ge), (">", meta.gt), ("<=", meta.le), ("<", meta.lt)):
        if bound is not None:
            yield sign, bound


def _found(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "keys and values"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return repr(node.value[:60]) if node.value else "nothing"


def _quoted(key: str) -> str:
    return f"{key!r}: " if key else ""
