"""What every value is: frozen, compared by content, and made of blobs and plain scalars."""

from pathlib import Path
from typing import Annotated, Protocol

from msgspec import Meta, Struct

__all__ = ["BLOB_SUFFIX", "Blob", "Desk", "Value"]


class Value(Struct, frozen=True, kw_only=True):
    """Base of every value: frozen, compared by content, built by keyword."""

    @property
    def label(self) -> str:
        """What a message calls it; "" if it has no short name."""
        return ""


BLOB_SUFFIX = r"\A(\.[A-Za-z0-9]{1,16})?\Z"


class Blob(Value, frozen=True, kw_only=True):
    """Bytes by content, never by path: the parts of its stored name are held to their form when read."""

    sha256: Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    """Hex digest of the bytes."""
    suffix: Annotated[str, Meta(pattern=BLOB_SUFFIX)]
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
