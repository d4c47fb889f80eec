"""What every value is: frozen, compared by content, and made of blobs and plain scalars."""

from pathlib import Path
from typing import Protocol

from msgspec import Struct

__all__ = ["Blob", "Desk", "Value"]


class Value(Struct, frozen=True, kw_only=True):
    """Base of every value: frozen, compared by content, built by keyword."""

    @property
    def label(self) -> str:
        """What a message calls it; "" if it has no short name."""
        return ""


class Blob(Value, frozen=True, kw_only=True):
    """Bytes by content, never by path."""

    sha256: str
    """Hex digest of the bytes."""
    suffix: str
    """File suffix with its dot, such as ".wav"; part of the stored file's name only."""
    size_bytes: int


class Desk(Protocol):
    """What a stage works on: blobs to read, a scratch folder to write in."""

    def path(self, blob: Blob) -> Path:
        """A readable file with the blob's bytes, verified. Raises BlobLost."""
        ...

    def new(self, suffix: str) -> Path:
        """A path in the scratch folder, not yet existing, that nobody else uses."""
        ...

    def keep(self, path: Path) -> Blob:
        """Keep a finished scratch file; the blob is what results hold of it."""
        ...
