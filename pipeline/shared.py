"""A store for many computers: a bucket or a shared folder, and a copy here of what was used of it.

    here     a Store as any other, in the user's cache folder: whatever is read twice is fetched once
    there    the same layout, one object a record or blob, each put whole or not at all

There is truth: what is made goes there before its record does, and what comes from there is held
against its digest before it is used. A thing that is missing or damaged there is made again. Two
computers may make the same thing at the same time: they put the same bytes in the same place. No
request is conditional, as not all services know such requests.

A place that does not answer is asked again for a while, as one that is restarted comes back.
"""

import hashlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from .errors import BlobLost, PaperledgeError, StoreError
from .files import replace_file
from .model import Blob, Value
from .remote import AT_A_TIME, Remote, is_final, open_remote
from .store import Step, Store, record_name

__all__ = ["SharedStore", "open_store", "store_of"]

log = logging.getLogger(__name__)

PATIENCE_S = 90.0
"""How long a place that does not answer is asked again: longer than a service takes to restart."""
LARGEST_COPY_BYTES = 64 * 1024
"""Of a record that a worker hands back with what it has done."""

Request = TypeVar("Request", bound=Value)
Result = TypeVar("Result", bound=Value)
T = TypeVar("T")


class SharedStore(Store):
    """A store whose results are elsewhere; what was used of them is kept in `root` too."""

    def __init__(self, address: str, remote: Remote, home: Path | None = None) -> None:
        """Use the objects at an address, which is that of `remote`. Raises StoreError."""
        super().__init__(_copies_of(address), home=home)
        self.address = address
        self._remote = remote
        self._threads = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="store")
        self._is_silent = False
        self._given_up = threading.Event()
        self._doubted: set[str] = set()
        """Digests of what a record speaks of, and a job did not find."""

    def recall(self, step: Step[Any, Result], key: str) -> Result | None:
        """What was made for this key by whatever computer. Raises StoreError if nobody answers."""
        if (found := super().recall(step, key)) is not None:
            return found
        self._fetch_record(step, key)  # whatever is here by now: another thread may have put it here
        return super().recall(step, key)

    def warm(self, step: Step[Any, Any], keys: Iterable[str]) -> frozenset[str]:
        """Fetch records that will be asked for, many at a time; the keys of those that are nowhere."""
        missing = [key for key in keys if not self._has_record_here(step, key)]
        if len(missing) > 1:
            list(self._threads.map(lambda key: self._fetch_record(step, key), missing))
        else:
            for key in missing:
                self._fetch_record(step, key)
        return frozenset(key for key in missing if not self._has_record_here(step, key))

    def copy(self, step: Step[Any, Any], key: str) -> bytes | None:
        """A record that is here, unless it is large."""
        with suppress(OSError):
            record = (self.root / record_name(step, key)).read_bytes()
            return record if len(record) <= LARGEST_COPY_BYTES else None
        return None

    def take(self, step: Step[Any, Any], key: str, record: bytes) -> None:
        """Have here what a worker handed back; `recall` holds it against its digest. Raises StoreError."""
        if not self._has_record_here(step, key):
            super()._write_record(step, key, record)

    def give_up(self) -> None:
        """Let who waits for an answer have the error now."""
        self._given_up.set()

    def look_again(self, step: Step[Any, Any], key: str) -> None:
        """Drop the copy here, so that the record is looked for where all find it."""
        super().forget(step, key)

    def forget(self, step: Step[Any, Any], key: str) -> None:
        """Delete a record, here and there. Raises StoreError."""
        super().forget(step, key)
        self._patiently(self._remote.delete, record_name(step, key))

    def keep(self, path: Path) -> Blob:
        """Take a finished scratch file into the store, moving it. Raises StoreError."""
        return self._pushed(super().keep(path))

    def keep_bytes(self, content: bytes, suffix: str) -> Blob:
        """Keep bytes that are in memory. Raises StoreError."""
        return self._shared(super().keep_bytes(content, suffix))

    def keep_copy(self, path: Path) -> Blob:
        """Keep a file that stays where it is. Raises StoreError."""
        return self._shared(super().keep_copy(path))

    def kept(self, sha256: str, suffix: str) -> Blob | None:
        """The blob with that digest, if it is there and whole."""
        blob = Blob(sha256=sha256, suffix=suffix, size_bytes=0)
        if not self.place(blob).exists():
            self._fetch(blob)
        return super().kept(sha256, suffix)

    def path(self, blob: Blob) -> Path:
        """A file here with a blob's bytes, held against its digest. Raises BlobLost or StoreError."""
        if not self.place(blob).exists():
            self._fetch(blob)
        try:
            return super().path(blob)
        except BlobLost:
            if not self._fetch(blob):
                self.doubt(blob.sha256)
                raise
            return super().path(blob)

    @contextmanager
    def in_use(self, *copied_to: Path) -> Iterator[None]:
        """Hold the copies here for a run. Other computers hold nothing here, and may be copying there."""
        with super().in_use():
            yield

    def doubt(self, sha256: str) -> None:
        """Note that a blob was not found, so that whether it is there is asked before it is relied on."""
        self._doubted.add(sha256)

    def _can_be_had(self, blob: Blob) -> bool:
        if blob.sha256 not in self._doubted:
            return True  # its record was put there after it
        if not self._patiently(self._remote.has, self._name(blob)):
            if self.kept_here(blob) is None:
                return False
            self._push(self._name(blob))
        self._doubted.discard(blob.sha256)
        return True

    def kept_here(self, blob: Blob) -> Blob | None:
        """A blob whose copy here is whole."""
        return super().kept(blob.sha256, blob.suffix)

    def _pushed(self, blob: Blob) -> Blob:
        self._push(self._name(blob))
        self._doubted.discard(blob.sha256)
        return blob

    def _shared(self, blob: Blob) -> Blob:
        """Push what has no record of its own and may be there from another run."""
        return blob if self._patiently(self._remote.has, self._name(blob)) else self._pushed(blob)

    def _has_record_here(self, step: Step[Any, Any], key: str) -> bool:
        return (self.root / record_name(step, key)).exists()

    def _write_record(self, step: Step[Any, Any], key: str, content: bytes) -> None:
        """Put a record there and then here: who finds it here relies on its being there."""
        self._patiently(self._remote.write, record_name(step, key), content)
        super()._write_record(step, key, content)

    def _push(self, name: str) -> None:
        self._patiently(self._remote.write, name, self.root / name)

    def _fetch_record(self, step: Step[Any, Any], key: str) -> None:
        """Copy a record here if there is a whole one; one that is damaged is deleted there."""

        def is_whole(content: bytes) -> bool:
            checksum, _, body = content.partition(b"\n")
            return hashlib.sha256(body).hexdigest().encode() == checksum

        self._copy_here(record_name(step, key), is_whole)

    def _fetch(self, blob: Blob) -> bool:
        """Copy a blob here; whether there was a whole one. One that is damaged is deleted there."""
        return self._copy_here(
            self._name(blob), lambda content: hashlib.sha256(content).hexdigest() == blob.sha256
        )

    def _copy_here(self, name: str, is_whole: Callable[[bytes], bool]) -> bool:
        """Copy an object here; what is not whole when read twice is deleted there."""
        for _ in range(2):
            try:
                content = self._patiently(self._remote.read, name)
            except FileNotFoundError:
                return False
            if is_whole(content):
                replace_file(self.root / name, content, scratch=self.root / "scratch")
                return True
        log.warning("store: %s/%s is damaged; it will be made again", self.address, name)
        self._patiently(self._remote.delete, name)
        return False

    def _name(self, blob: Blob) -> str:
        return self.place(blob).relative_to(self.root).as_posix()

    def _patiently(self, do: Callable[..., T], *arguments: Any) -> T:
        """What a request gives, asked again while nobody answers. Raises StoreError, FileNotFoundError."""
        deadline, pause_s = time.monotonic() + PATIENCE_S, 0.2
        while True:
            try:
                answer = do(*arguments)
                self._is_silent = False
                return answer  # noqa: TRY300  what was asked raises as well
            except (FileNotFoundError, PaperledgeError):
                raise
            except Exception as error:  # the library raises what many layers below it raise
                if is_final(error) or time.monotonic() > deadline or self._given_up.is_set():
                    raise self._unusable(error) from error
                if not self._is_silent:
                    log.warning("store: %s does not answer (%s); asking again", self.address, _name(error))
                self._is_silent = True
            self._given_up.wait(pause_s)
            pause_s = min(2 * pause_s, 5.0)

    def _unusable(self, error: Exception) -> StoreError:
        return StoreError(
            f"the store cannot be used: {_name(error)}",
            where=self.address,
            hint="look at its address, region and credentials: docs/cluster.md; what is finished stays",
        )


def _name(error: Exception) -> str:
    """What is said of a fault: nothing of what the service answered, which may hold secrets."""
    return type(error).__name__


def store_of(root: Path, store: str | None) -> Store:
    """The store of the show in `root`. store: as show.yaml says; None is the show's own.

    Raises StoreError; ExtraMissing if the place needs a library that is not installed.
    """
    home = root / "output" / ".store"
    if store is None:
        return Store(home)
    # without "..", as other computers may have the folder and not this show
    address = store if "://" in store else Path(os.path.normpath(root.absolute() / store)).as_uri()
    return SharedStore(address, open_remote(address), home)


@cache
def open_store(address: str) -> Store:
    """The store that a job speaks of, on whatever computer. Raises as store_of."""
    if "://" in address:
        return SharedStore(address, open_remote(address))
    path = Path(address)
    if not path.is_dir():
        raise StoreError(
            "the store is not on this computer",
            where=address,
            hint="let `store` in show.yaml name a bucket or a folder that all computers share",
        )
    return Store(path)


def _copies_of(address: str) -> Path:
    """The folder of what was copied here, of this user alone; PAPERLEDGE_CACHE names another."""
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    return _cache_folder() / "stores" / name


def _cache_folder() -> Path:
    if asked := os.environ.get("PAPERLEDGE_CACHE"):
        return Path(asked).absolute()
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"], "paperledge")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "paperledge"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "paperledge")
