"""Finds engines, publishers and executors by name, and imports only the one asked for.

In: a group such as "engines" and a name. Out: the plugin. Ours are modules of a known package, so
finding one reads no package metadata (which takes longer than the rest of a run with nothing to
do); those of other packages are entry points of the group `paperledge.<group>`.
"""

import importlib
import logging
import pkgutil
import re
import sys
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import PluginError, UnknownPlugin, nearest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["find", "find_all", "installed_version", "names"]

log = logging.getLogger(__name__)

_OURS = {
    "engines": ("pipeline.synthesis.engines", "ENGINE"),
    "publishers": ("pipeline.publish.publishers", "open_target"),
}
"""Group → the package whose modules are our plugins, and what each of them calls it."""


def find(group: str, name: str) -> Any:
    """The plugin of that name.

    Raises UnknownPlugin if there is none, with the nearest and the known names; PluginError if
    importing it fails, with the package it comes from.
    """
    if _is_ours(group, name):
        return _load_ours(group, name)
    entry = _entry_points(group).get(name)
    if entry is None:
        raise UnknownPlugin(
            f"there is no {group.removesuffix('s')} {name!r}", hint=nearest(name, names(group))
        )
    return _load_entry(group, entry)


def names(group: str) -> tuple[str, ...]:
    """All names of a group, sorted; imports none of them."""
    return tuple(sorted({*_our_names(group), *_entry_points(group)}))


def find_all(group: str) -> dict[str, Any]:
    """All plugins of a group that can be imported; each of the others costs one warning."""
    found = {}
    for name in names(group):
        try:
            found[name] = find(group, name)
        except PluginError as error:
            log.warning("%s", error)
    return found


def installed_version(distribution: str) -> str:
    """The version of an installed package, such as "0.1.1"; "" if it is not installed.

    Reads only the names of folders: `name-version.dist-info`, as the specification of recorded
    installed projects writes them.
    """
    wanted = _normalised(distribution)
    for folder in sys.path:
        with suppress(OSError):
            if version := _versions(folder, Path(folder).stat().st_mtime_ns).get(wanted):
                return version
    return ""


@cache
def _versions(folder: str, changed_ns: int) -> dict[str, str]:
    """Name → version of what is installed in a folder that was changed last then."""
    named = (info.stem.partition("-") for info in Path(folder).glob("*.dist-info"))
    return {_normalised(name): version for name, _, version in named}


@cache
def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_ours(group: str, name: str) -> bool:
    return (
        group in _OURS
        and name.isidentifier()
        and name[0] != "_"
        and find_spec(f"{_OURS[group][0]}.{name}") is not None
    )


def _our_names(group: str) -> tuple[str, ...]:
    if group not in _OURS:
        return ()
    package = importlib.import_module(_OURS[group][0])
    return tuple(module.name for module in pkgutil.iter_modules(package.__path__))


def _load_ours(group: str, name: str) -> Any:
    package, attribute = _OURS[group]
    return getattr(importlib.import_module(f"{package}.{name}"), attribute)


def _entry_points(group: str) -> "dict[str, EntryPoint]":
    from importlib.metadata import entry_points  # 65 ms, and only other people's plugins need it

    return {entry.name: entry for entry in entry_points(group=f"paperledge.{group}")}


def _load_entry(group: str, entry: "EntryPoint") -> Any:
    try:
        return entry.load()
    except (Exception, SystemExit) as error:  # a plugin may fail in any way while it is imported
        package = entry.dist.name if entry.dist else "an unknown package"
        raise PluginError(
            f"the {group.removesuffix('s')} {entry.name!r} of {package} cannot be imported: "
            f"{type(error).__name__}: {error}",
            hint=f"update or remove {package}",
        ) from error
