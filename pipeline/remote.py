"""Where objects are kept that many computers share: a bucket, or a folder that all of them see.

In: an address, `s3://bucket/prefix` or any other that fsspec knows, or `file:///folder`. Out: a
Remote, whose objects are put whole or not at all, by one request each.

Credentials are found where the place's own tools look for them; nothing of them is said or kept.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from .errors import ExtraMissing, StoreError
from .files import replace_file

__all__ = ["AT_A_TIME", "Remote", "is_final", "open_remote"]

LARGEST_PUT_BYTES = 5 * 1024**3
"""Of one PUT (Amazon S3, "Uploading objects")."""


class Remote(Protocol):
    """Where the objects are that all computers share, by names such as "blobs/ab/abc….wav"."""

    def read(self, name: str) -> bytes:
        """All of an object. Raises FileNotFoundError if there is none."""

    def write(self, name: str, content: bytes | Path) -> None:
        """Put bytes or a file there, in place of what has that name: whole or not at all."""

    def has(self, name: str) -> bool:
        """Whether there is such an object."""

    def delete(self, name: str) -> None:
        """Delete an object, if there is one."""


class _Folder:
    """A folder that all computers see at the same path."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, name: str) -> bytes:
        return (self._root / name).read_bytes()

    def write(self, name: str, content: bytes | Path) -> None:
        replace_file(self._root / name, content)

    def has(self, name: str) -> bool:
        return (self._root / name).is_file()

    def delete(self, name: str) -> None:
        (self._root / name).unlink(missing_ok=True)


class _Bucket:
    """A place that fsspec knows; one PUT an object."""

    def __init__(self, files: Any, prefix: str) -> None:
        self._files = files
        self._prefix = prefix.rstrip("/")

    def read(self, name: str) -> bytes:
        return bytes(self._files.cat_file(self._place(name)))

    def write(self, name: str, content: bytes | Path) -> None:
        content = content if isinstance(content, bytes) else content.read_bytes()
        try:
            self._files.pipe_file(self._place(name), content, chunksize=LARGEST_PUT_BYTES)
        except FileNotFoundError as error:
            raise StoreError("there is no such bucket", where=self._prefix, hint="make it first") from error

    def has(self, name: str) -> bool:
        return bool(self._files.exists(self._place(name)))

    def delete(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self._files.rm_file(self._place(name))

    def _place(self, name: str) -> str:
        return f"{self._prefix}/{name}"


def _folder(path: Path) -> _Folder:
    if not path.is_dir():  # a disk that is not mounted, perhaps: nothing is to be written in its place
        raise StoreError("the store's folder is not there", where=str(path), hint="mount it, or make it once")
    return _Folder(path)


AT_A_TIME = 32
"""Requests for small things, most of whose time is the way there and back."""

_WAYS: dict[str, dict[str, Any]] = {
    "s3": {"max_concurrency": 1, "config_kwargs": {"max_pool_connections": AT_A_TIME}},
    "gs": {},
    "az": {},
}
"""Scheme → what its library is to do otherwise; on S3, one GET an object, without a HEAD before it."""


def open_remote(address: str) -> Remote:
    """The objects at an address. Raises StoreError; ExtraMissing if that needs a library."""
    parts = urlsplit(address)
    if parts.scheme == "file" and not parts.netloc:
        from urllib.request import url2pathname  # brings http and ssl: only where a folder is shared

        return _folder(Path(url2pathname(parts.path)))
    if parts.scheme not in _WAYS or "@" in parts.netloc:
        hint = "s3://bucket/prefix, or a folder; credentials come from the environment: docs/cluster.md"
        raise StoreError(f"no store can be at such an address ({parts.scheme}://…)", hint=hint)
    try:
        from fsspec.core import url_to_fs  # brings much: only where a bucket is used

        return _Bucket(*url_to_fs(address, use_listings_cache=False, **_WAYS[parts.scheme]))
    except ImportError as error:
        what = f"a store at {parts.scheme}:// needs a library that is not installed"
        extra = "s3" if parts.scheme == "s3" else ""
        raise ExtraMissing(what, where=address, hint=str(error), extra=extra) from error
    except Exception as error:  # of whatever library
        raise StoreError(f"the store cannot be used: {type(error).__name__}", where=address) from error


_FINAL = ("NoCredentials", "PartialCredentials", "PermissionError", "ParamValidation", "InvalidEndpoint")
"""How the names begin of faults that no patience mends."""


def is_final(error: Exception) -> bool:
    """Whether asking again cannot help."""
    return type(error).__name__.startswith(_FINAL)
