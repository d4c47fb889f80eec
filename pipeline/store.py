"""Makes a thing once: the same request, the same bytes, whoever asks and whenever.

    .store/
    ├── version-1                        how all of it is laid out
    ├── records/<step>/<ke>/<key>.json   what a request gave; written last
    └── blobs/<sh>/<sha256><suffix>      the bytes results speak of

The key of a request is the SHA-256 of canonical JSON `[step, version, request]`. Requests hold text,
whole numbers, booleans and the digests of blobs, so paths, clocks and job counts cannot get in.
A blob that is there means nothing; a record does. Every file is written beside its place and
renamed, so a kill leaves whole files or none. Each record carries its own digest, and a blob's
bytes are held against its name whenever they are used: what is damaged is set aside and made again.
"""

import hashlib
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

import msgspec
from msgspec.structs import replace

from .errors import BlobLost, StoreError
from .files import os_errors_said, replace_file, sha256_of
from .model import Blob, Desk, Value
from .values import BLOB_SUFFIX

__all__ = ["Step", "Store", "blobs_of", "digest", "key_of", "record_name"]

log = logging.getLogger(__name__)

Request = TypeVar("Request", bound=Value)
Result = TypeVar("Result", bound=Value)

_JSON = msgspec.json.Encoder(order="deterministic")

_VERSION = "version-1"
"""An empty file of this name, so that no damage to its bytes can change what it says."""


class Step(msgspec.Struct, Generic[Request, Result], frozen=True):
    """A function from a request to a result that is worth keeping."""

    name: str
    version: int
    """One more whenever the same request should give other bytes."""
    request: type[Request]
    result: type[Result]
    make: Callable[[Request, Desk], Result]
    libraries: tuple[str, ...] = ()
    """The packages whose version decides the bytes, besides what the request names."""


def key_of(step: Step[Any, Any], request: Value) -> str:
    """The 64 hex digits that stand for everything that decides a result.

    Raises TypeError if the request holds anything but text, integers, booleans, tuples, values.
    """
    plain = msgspec.to_builtins(request, order="deterministic")
    _refuse_floats(plain, step.name)
    return digest([step.name, step.version, plain])


_SUFFIX = re.compile(BLOB_SUFFIX)
"""Of files that somebody else named: any other is left off."""


def digest(plain: Any) -> str:
    """SHA-256 of canonical JSON."""
    return hashlib.sha256(_JSON.encode(plain)).hexdigest()


def _refuse_floats(plain: Any, where: str) -> None:
    if isinstance(plain, float):
        raise TypeError(f"a {where} request holds the float {plain!r}: use whole thousandths")
    if isinstance(plain, dict):
        plain = plain.values()
    elif not isinstance(plain, list | tuple):
        return
    for part in plain:
        _refuse_floats(part, where)


def record_name(step: Step[Any, Any], key: str) -> str:
    """Where a record is, below the store's root."""
    return f"records/{step.name}/{key[:2]}/{key}.json"


class Store:
    """A folder of results; any number of processes may use it at once."""

    def __init__(self, root: Path, *, home: Path | None = None) -> None:
        """Use the store in `root`, making the folder if needed. Raises StoreError.

        home: where the show keeps what it knows of its own episodes; `root` if None.
        """
        self.root = root
        self.home = home or root
        self.address = str(root.absolute())
        """What a job is told, to find this store where it is done."""
        with os_errors_said("cannot be written to", root):
            if not (root / _VERSION).exists():
                _set_other_version_aside(root)
                root.mkdir(parents=True, exist_ok=True)
                (root / _VERSION).touch()
            (root / "scratch").mkdir(parents=True, exist_ok=True)

    def warm(self, step: Step[Any, Any], keys: Iterable[str]) -> frozenset[str]:
        """Hear which keys will be asked for next; those that need not be asked for, as nothing is there.

        Nothing to do, and nothing said, where all is at hand.
        """
        return frozenset()

    def copy(self, step: Step[Any, Any], key: str) -> bytes | None:
        """A small record, for who asked a worker for it and would have to fetch it; else None."""
        return None

    def take(self, step: Step[Any, Any], key: str, record: bytes) -> None:
        """Have here what a worker handed back, which has put it where all find it. Raises StoreError."""

    def give_up(self) -> None:
        """Hear that the run is ending: nobody is waited for any more."""

    def look_again(self, step: Step[Any, Any], key: str) -> None:
        """Hear that who gives a job has not found its result: no copy of that is relied on."""

    def doubt(self, sha256: str) -> None:
        """Hear that a job did not find a blob: whether it is there is looked at anyhow."""

    def recall(self, step: Step[Any, Result], key: str) -> Result | None:
        """What was made for this key, or None where it was not, or not whole."""
        path = self._record(step, key)
        try:
            with os_errors_said("cannot be read", path, but=FileNotFoundError):
                checksum, _, body = path.read_bytes().partition(b"\n")
            if hashlib.sha256(body).hexdigest().encode() != checksum:
                raise msgspec.ValidationError("the digest does not fit")
            result: Result = msgspec.json.decode(body, type=_Record[step.result]).result  # type: ignore[name-defined]
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as error:
            log.warning("store: the record %s is damaged (%s); it will be made again", path.name, error)
            path.unlink(missing_ok=True)
            return None
        for blob in blobs_of(result):
            if not self._can_be_had(blob):
                log.warning("store: %s is missing or cut; it will be made again", self.place(blob).name)
                return None
        return result

    def asked(self, step: Step[Request, Any], key: str) -> tuple[int, Request] | None:
        """The step's version and the request that a record was made for.

        None where there is no record, or one of a step that was asked otherwise.
        """
        try:
            _, _, body = self._record(step, key).read_bytes().partition(b"\n")
            record = msgspec.json.decode(body, type=_Asked)
            return record.version, msgspec.json.decode(record.request, type=step.request)
        except (OSError, msgspec.DecodeError):
            return None

    def remember(self, step: Step[Request, Result], key: str, request: Request, result: Result) -> None:
        """Write the record of a result whose blobs are kept already. Raises StoreError."""
        body = _JSON.encode(
            {"step": step.name, "version": step.version, "request": request, "result": result}
        )
        checksum = hashlib.sha256(body).hexdigest().encode()
        self._write_record(step, key, checksum + b"\n" + body)

    def forget(self, step: Step[Any, Any], key: str) -> None:
        """Delete a record, so that its result is made again. Raises StoreError."""
        with os_errors_said("cannot be deleted", path := self._record(step, key)):
            path.unlink(missing_ok=True)

    def keep(self, path: Path) -> Blob:
        """Take a finished scratch file into the store, moving it. Raises StoreError."""
        with os_errors_said("cannot be kept", path):
            blob = Blob(sha256=sha256_of(path), suffix=path.suffix, size_bytes=path.stat().st_size)
            with path.open("rb") as file:
                os.fsync(file.fileno())
            place = self.place(blob)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
        return blob

    def keep_bytes(self, content: bytes, suffix: str) -> Blob:
        """Keep bytes that are in memory. Raises StoreError."""
        suffix = suffix if _SUFFIX.fullmatch(suffix) else ""
        blob = Blob(sha256=hashlib.sha256(content).hexdigest(), suffix=suffix, size_bytes=len(content))
        place = self.place(blob)
        with os_errors_said("cannot be read", place):
            there = self._is_there(blob) and place.read_bytes() == content
        if not there:
            replace_file(place, content, scratch=self.root / "scratch")
        return blob

    def keep_copy(self, path: Path) -> Blob:
        """Keep a file that stays where it is. Raises StoreError."""
        with os_errors_said("cannot be kept", path):
            suffix = path.suffix if _SUFFIX.fullmatch(path.suffix) else ""
            blob = Blob(sha256=sha256_of(path), suffix=suffix, size_bytes=path.stat().st_size)
            if not self.kept(blob.sha256, blob.suffix):
                replace_file(self.place(blob), path, scratch=self.root / "scratch")
        return blob

    def kept(self, sha256: str, suffix: str) -> Blob | None:
        """The blob with that digest, if it is there and whole."""
        blob = Blob(sha256=sha256, suffix=suffix, size_bytes=0)
        place = self.place(blob)
        with suppress(OSError):
            if sha256_of(place) == sha256:
                return replace(blob, size_bytes=place.stat().st_size)
        return None

    def path(self, blob: Blob) -> Path:
        """The file with a blob's bytes, read and held against its digest.

        Raises BlobLost if it is missing or damaged; a damaged one is gone afterwards.
        """
        place = self.place(blob)
        try:
            with os_errors_said("cannot be read", place, but=FileNotFoundError):
                found = sha256_of(place)
        except FileNotFoundError:
            found = ""
        if found != blob.sha256:
            log.warning(
                "store: %s is %s; it will be made again", place.name, "damaged" if found else "missing"
            )
            if found:
                place.unlink(missing_ok=True)
            hint = "run again; it will be made again"
            raise BlobLost("a stored file is gone", where=str(place), hint=hint, sha256=blob.sha256)
        return place

    def place(self, blob: Blob) -> Path:
        """Where a blob's bytes are if they are there: nobody has looked, as for a link to them."""
        return self.root / "blobs" / blob.sha256[:2] / f"{blob.sha256}{blob.suffix}"

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """A scratch folder to make something in; it is gone afterwards."""
        with (self.root / "desks").open("w") as desks:
            _locked(desks, exclusive=False, wait=True)  # nobody sweeps meanwhile
            folder = self.root / "scratch" / os.urandom(8).hex()
            folder.mkdir()
            try:
                yield _StoreDesk(self, folder)
            finally:
                try:
                    folder.rmdir()  # mostly all was kept
                except OSError:
                    shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def in_use(self, *copied_to: Path) -> Iterator[None]:
        """Hold the store for a run. Waits while the store is being cared for.

        Whoever is alone deletes what runs that were killed have left in scratch, and half copied in
        these folders.
        """
        with self._lock() as lock:
            if _locked(lock, exclusive=True):
                self._sweep()
                for path in (part for folder in copied_to for part in folder.glob(".*.part")):
                    _delete(path)
            if not _locked(lock, exclusive=False):
                log.warning("store: waiting for another command to be done with it")
                _locked(lock, exclusive=False, wait=True)
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the store against every other run, which waits. Raises StoreError if one is at work."""
        with self._lock() as lock:
            if not _locked(lock, exclusive=True) and _can_lock():
                raise StoreError(
                    "is in use by another run", where=str(self.root), hint="try again when it is done"
                )
            yield

    def _sweep(self) -> None:
        """Empty scratch, unless somebody is at a desk: workers of other drivers, and `work`, hold no run."""
        with (self.root / "desks").open("w") as desks:
            if _locked(desks, exclusive=True):
                for path in (self.root / "scratch").iterdir():
                    _delete(path)

    def _lock(self) -> IO[str]:
        with os_errors_said("cannot be written to", self.root):
            return (self.root / "lock").open("w")

    def _write_record(self, step: Step[Any, Any], key: str, content: bytes) -> None:
        replace_file(self._record(step, key), content, scratch=self.root / "scratch")

    def _record(self, step: Step[Any, Any], key: str) -> Path:
        return self.root / record_name(step, key)

    def _can_be_had(self, blob: Blob) -> bool:
        """Whether what a record speaks of is there, without reading it."""
        return self._is_there(blob)

    def _is_there(self, blob: Blob) -> bool:
        try:
            return self.place(blob).stat().st_size == blob.size_bytes
        except OSError:
            return False


def _set_other_version_aside(root: Path) -> None:
    """Move a store that is laid out differently out of the way, whole, and say so.

    One that says no version is ours: its records are held against their digests anyhow.
    """
    others = sorted(path.name for path in root.glob("version-*") if path.name != _VERSION)
    if not others:
        return
    with (root / "lock").open("w") as lock:
        if not _locked(lock, exclusive=True) and _can_lock():
            raise StoreError(
                "is in use by another version of PaperLedge", where=str(root), hint="wait until it is done"
            )
        aside = root.with_name(f"{root.name}-of-{others[-1]}")
        while aside.exists():
            aside = aside.with_name(f"{aside.name}-too")
        root.replace(aside)
    log.warning(
        "store: another version of PaperLedge made it, so it was set aside as %s; "
        "episodes are made anew, and you can delete it",
        aside,
    )


def _can_lock() -> bool:
    """Whether this system has locks; on Windows nobody knows to be alone, and nothing is swept."""
    try:
        import fcntl  # noqa: F401
    except ImportError:
        return False
    return True


def _locked(file: IO[str], *, exclusive: bool, wait: bool = False) -> bool:
    """Take a lock on an open file; whether that was possible, here and now or after waiting."""
    if not _can_lock():
        return not exclusive
    import fcntl

    kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
    try:
        fcntl.flock(file, kind if wait else kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


class _Asked(msgspec.Struct, frozen=True):
    version: int
    request: msgspec.Raw


class _Record(msgspec.Struct, Generic[Result], frozen=True):
    step: str
    version: int
    request: msgspec.Raw
    result: Result


class _StoreDesk:
    """The Desk of a stage whose results go to a store."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._count = 0

    def path(self, blob: Blob) -> Path:
        return self._store.path(blob)

    def new(self, suffix: str) -> Path:
        self._count += 1
        return self._folder / f"{self._count}{suffix}"

    def keep(self, path: Path) -> Blob:
        return self._store.keep(path)


def blobs_of(result: msgspec.Struct) -> list[Blob]:
    """The blobs of a result, which are fields of its own: a script is not looked through, word by word."""
    fields = (getattr(result, name) for name in result.__struct_fields__)
    return [field for field in fields if isinstance(field, Blob)]
