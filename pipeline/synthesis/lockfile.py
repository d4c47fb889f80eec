"""voices/lock.yaml: which files of other people a show's voices consist of, and that they stay the same.

Written by `paperledge voices add` alone, and kept with the show: it brings back files that are in no
repository, and no file is ever taken for another. An entry is deleted by hand to accept a new one.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from ..files import replace_file
from ..kinds import OneLine
from ..settings import load
from .catalogue import FILE_PATTERN

__all__ = ["LOCK", "Locked", "read_lock", "write_lock"]

LOCK = "lock.yaml"
"""Its name in voices/."""

LockedFile = Annotated[
    str, Meta(pattern=FILE_PATTERN, description="for a file, such as piper/en_US-joe-medium.onnx")
]

_HEADING = """\
# What `paperledge voices add` fetched for this show. Keep it with the show: without a name, the same
# command brings back what is missing. To accept a file that its publisher changed, delete its entry.
"""


class Locked(msgspec.Struct, frozen=True, kw_only=True):
    """One file, as it was when it was first fetched."""

    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z", description="of 64 hex digits")]
    size: Annotated[int, Meta(ge=1)]
    """In bytes."""
    licence: OneLine
    """Of the voice."""
    source: OneLine = msgspec.field(name="from")
    """The address, or "a folder"."""


def read_lock(folder: Path) -> dict[str, Locked]:
    """File below voices/ → how it was; nothing if no voice was added yet.

    Raises SettingsError at file:line:column.
    """
    path = folder / LOCK
    return load(path, dict[LockedFile, Locked]) if path.exists() else {}


def write_lock(folder: Path, lock: Mapping[str, Locked]) -> None:
    """Write it, sorted, in one step. Raises StoreError."""
    parts = [_HEADING]
    for place, entry in sorted(lock.items()):
        parts += [f"{place}:\n"]
        for key, value in msgspec.to_builtins(entry).items():
            plain = key in ("sha256", "size")
            parts += [f"  {key}: {value if plain else json.dumps(value, ensure_ascii=False)}\n"]
    replace_file(folder / LOCK, "".join(parts).encode())
