"""JSON Schemas of what people write: show.yaml, a voice, a lexicon, a paper's front matter.

Made from the types that the loader reads into, so that an editor knows every key, its default and what it is
for, and marks what would be refused. What one value alone does not show is left to `paperledge check`.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import pairwise
from typing import Any, get_args

import msgspec
from msgspec import Struct

from . import plugins
from .entries import Entry, LexiconFile
from .errors import PluginError
from .paper.frontmatter import FrontMatter
from .show import Show
from .synthesis.voices import Profile

__all__ = ["SCHEMAS", "schema_as_json", "schema_of"]

SCHEMAS: dict[str, Any] = {"show": Show, "voice": Profile, "lexicon": LexiconFile, "paper": FrontMatter}
"""Name → what is read into."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_EVERYWHERE = {
    r"\Z": r"(?![\s\S])",
    r"[^\W\d_]": r"[A-Za-z\u00c0-\uffff]",
    r"[^\W_]": r"[0-9A-Za-z\u00c0-\uffff]",
}
"""What only Python's patterns have → what those of editors have too; it lets a few more signs pass."""
_MORE: dict[type[Struct], dict[str, Any]] = {Entry: {"minProperties": 1}}
"""What a type asks for when it is built."""


def schema_as_json(name: str) -> str:
    """The schema of that name, one of `SCHEMAS`, as a file."""
    content = msgspec.json.encode(schema_of(name))
    return msgspec.json.format(content, indent=2).decode() + "\n"


def schema_of(name: str) -> dict[str, Any]:
    """The schema of that name, one of `SCHEMAS`. That of a voice has the options of the engines here."""
    kind = SCHEMAS[name]
    engines = _engines() if kind is Profile else {}
    (schema, *options), parts = msgspec.json.schema_components(
        [kind, *engines.values()], ref_template="#/$defs/{name}"
    )
    for struct in {struct for each in (kind, *engines.values()) for struct in _structs_in(each)}:
        if part := parts.get(
            struct.__name__
        ):  # where two plugins call theirs the same, they have other names
            _complete(part, struct)
    if engines:
        parts["Profile"]["allOf"] = list(map(_chosen, engines, options))
    plain: dict[str, Any] = _portable({"$schema": _DIALECT, **schema, "$defs": parts})
    return plain


def _engines() -> dict[str, type[Struct]]:
    """Engine → what its options are; of those that can be asked."""
    found = {}
    for name in plugins.names("engines"):
        with suppress(PluginError):  # `paperledge voices` says what is wrong with it
            found[name] = plugins.find("engines", name).Options
    return found


def _chosen(engine: str, options: dict[str, Any]) -> dict[str, Any]:
    """With that engine, these options."""
    return {"if": {"properties": {"engine": {"const": engine}}}, "then": {"properties": {"options": options}}}


def _structs_in(kind: Any) -> Iterator[type[Struct]]:
    """A type and all that it is made of, as far as they have fields."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield kind
        for field in msgspec.structs.fields(kind):
            yield from _structs_in(field.type)
    for part in get_args(kind):
        yield from _structs_in(part)


def _complete(part: dict[str, Any], struct: type[Struct]) -> None:
    """Add what the loader asks beyond types, and what each field is for."""
    part |= {"additionalProperties": False, **_MORE.get(struct, {})}
    for name, said in _docs(struct).items():
        if field := part["properties"].get(name):
            limits = field.get("description")
            field["description"] = f"{said} ({limits})" if limits else said


@cache
def _docs(struct: type[Struct]) -> dict[str, str]:
    """Field → the text below it in the source."""
    docs = {
        name: said for base in struct.__bases__ if base is not Struct for name, said in _docs(base).items()
    }
    try:
        (definition,) = ast.parse(textwrap.dedent(inspect.getsource(struct))).body
    except (OSError, TypeError):  # a plugin's type may have no source
        return docs
    for field, below in pairwise(definition.body if isinstance(definition, ast.ClassDef) else ()):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
            name, said = ast.unparse(field.target), ast.literal_eval(below.value)
            docs[name] = " ".join(str(said).split())
    return docs


def _portable(schema: Any) -> Any:
    """The same with patterns that every editor knows."""
    if isinstance(schema, list | tuple):
        return [_portable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _rewritten(part) if key == "pattern" and isinstance(part, str) else _portable(part)
        for key, part in schema.items()
    }


def _rewritten(pattern: str) -> str:
    for ours, everywhere in _EVERYWHERE.items():
        pattern = pattern.replace(ours, everywhere)
    return pattern
