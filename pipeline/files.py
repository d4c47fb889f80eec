"""Files that are written whole or not at all, told apart by what is in them, and whose faults are said."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import StoreError

__all__ = ["os_errors_said", "replace_file", "sha256_of"]


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace_file(path: Path, content: bytes | Path, *, scratch: Path | None = None) -> os.stat_result:
    """Put bytes, or a copy of a file, at `path` in one step: whole or not at all. Its status, as it was put.

    The temporary file is written in `scratch` (on the same file system), else beside `path`.
    Raises StoreError naming `path` if the disk is full or the folder cannot be written.
    """
    with os_errors_said("cannot be written", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = Path(f"{scratch or path.parent}/.{os.urandom(8).hex()}.part")
        try:
            with part.open("xb") as file:
                if isinstance(content, Path):
                    with content.open("rb") as source:
                        shutil.copyfileobj(source, file)
                else:
                    file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(0o644)
            status = part.stat()
            part.replace(path)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
    return status


@contextmanager
def os_errors_said(
    what: str, path: Path | None = None, *, but: type[OSError] | tuple[()] = ()
) -> Iterator[None]:
    """Turn an OSError inside, `but` one kind, into a StoreError about `path` that says what to do.

    path: None is for the one that the system names.
    """
    try:
        yield
    except but:
        raise
    except OSError as error:
        where = str(path or error.filename or "")
        raise StoreError(f"{what}: {error.strerror}", where=where, hint=_advice(error)) from error


def _advice(error: OSError) -> str:
    import errno  # only on the way to an error

    advice = {
        errno.ENOSPC: "free some space and run again; what is finished stays",
        errno.EDQUOT: "free some of your quota and run again; what is finished stays",
        errno.EACCES: "make the folder writable, or run in a copy of the show",
        errno.EROFS: "the disk is read-only: run in a copy of the show",
        errno.ENOTDIR: "a file is where a folder should be: move it away",
        errno.EEXIST: "a file is where a folder should be: move it away",
    }
    return advice.get(error.errno or 0, "mend that and run again; what is finished stays")
