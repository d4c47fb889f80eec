"""Looks after the store: what is in it, whether it is whole, what nothing needs any more.

    verify   every record is held against its digest and its name, and (with read_data) every blob;
             what is damaged is removed, so that the next run makes it again
    weigh    bytes by step and kind
    prune    what no paper of today reaches, no finished episode was made from and no run made in the
             last day goes; so do the finished episodes of papers that are gone

Records are deleted before blobs, so that a kill leaves no record whose blobs are missing.
"""

import hashlib
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from .deliver import SUFFIXES, orphans
from .files import os_errors_said, sha256_of
from .reach import PLACES, ledger_of, reached, shown
from .recipe import STEPS
from .store import Store, digest

__all__ = ["Damage", "Doomed", "Verified", "Weight", "prune", "verify", "weigh"]

KEEP_S = 24 * 3600
"""What is younger is kept, whoever made it: what was tried today can be tried again for nothing."""

_BLOB = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]+)?")


class Damage(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that is not as it was written."""

    path: str
    what: str
    removed: bool
    """It will be made again; False where it could not even be read."""


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, and found."""

    records: int
    blobs: int
    read_data: bool
    """Whether the bytes of blobs were read, or only their sizes asked for."""
    damaged: tuple[Damage, ...]


class Weight(msgspec.Struct, frozen=True, kw_only=True):
    """What the results of one step take up."""

    step: str
    records: int = 0
    record_bytes: int = 0
    blobs: int = 0
    blob_bytes: int = 0


class Doomed(msgspec.Struct, frozen=True, kw_only=True):
    """What is not needed any more."""

    episodes: tuple[str, ...]
    """Files of finished episodes whose papers are gone."""
    changed: tuple[str, ...]
    """Those of such episodes that somebody has changed; they stay."""
    records: tuple[str, ...]
    blobs: tuple[str, ...]
    size_bytes: int
    """Of all that goes."""


class _Entry(msgspec.Struct, frozen=True):
    step: str
    version: int
    request: Any
    result: Any


def verify(store: Store, *, read_data: bool = False) -> Verified:
    """Hold all entries against their digests, and remove those that are damaged. Raises StoreError."""
    damaged: list[Damage] = []
    blobs = list(_blobs(store))
    for path in blobs if read_data else ():
        _examine(path, lambda path: None if sha256_of(path) == path.name[:64] else "is damaged", damaged)
    records = list(_records(store))
    for path in records:
        _examine(path, lambda path: _fault_of_record(store, path), damaged)
    return Verified(records=len(records), blobs=len(blobs), read_data=read_data, damaged=tuple(damaged))


def _examine(path: Path, fault_of: Any, damaged: list[Damage]) -> None:
    try:
        what = fault_of(path)
        if what:
            path.unlink(missing_ok=True)
    except FileNotFoundError:  # another run has just found it damaged
        return
    except OSError as error:
        damaged.append(Damage(path=str(path), what=f"cannot be read: {error.strerror}", removed=False))
    else:
        if what:
            damaged.append(Damage(path=str(path), what=what, removed=True))


def _fault_of_record(store: Store, path: Path) -> str | None:
    """What is wrong with a record; None if nothing is. Its blobs are asked for now: a run may be at work."""
    entry = _read(path)
    if entry is None:
        return "is damaged"
    if digest([entry.step, entry.version, entry.request]) != path.stem or path.parts[-3] != entry.step:
        return "is not the record that its name says"
    for name, size_bytes in _blobs_in(entry.result) if store.home == store.root else ():  # else elsewhere
        blob = store.root / "blobs" / name[:2] / name
        if not blob.is_file():
            return f"speaks of {name}, which is missing"
        if blob.stat().st_size != size_bytes:
            return f"speaks of {name}, which is cut"
    return None


def weigh(store: Store) -> tuple[Weight, ...]:
    """What each step's results take up; "sources" are templates, covers and the like. Raises StoreError."""
    totals: dict[str, list[int]] = {}
    owner: dict[str, str] = {}
    for path, size in _sized(_records(store)):
        total = totals.setdefault(path.parts[-3], [0, 0])
        total[0] += 1
        total[1] += size
        entry = _read(path)
        for name, _ in _blobs_in(entry.result) if entry else ():
            owner.setdefault(name, path.parts[-3])
    made: dict[str, list[int]] = {}
    for path, size in _sized(_blobs(store)):
        made.setdefault(owner.get(path.name, "sources"), []).append(size)
    order = [*STEPS, *sorted({*totals, *made} - {*STEPS, "sources"}), "sources"]
    return tuple(
        Weight(
            step=step,
            records=totals.get(step, [0, 0])[0],
            record_bytes=totals.get(step, [0, 0])[1],
            blobs=len(made.get(step, ())),
            blob_bytes=sum(made.get(step, ())),
        )
        for step in order
        if step in totals or step in made
    )


def _sized(paths: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    for path in paths:
        with suppress(FileNotFoundError):  # another run has just found it damaged
            yield path, path.stat().st_size


def prune(root: Path, store: Store, *, apply: bool = False, now: float | None = None) -> Doomed:
    """Find what is not needed any more, and with `apply` delete it.

    now: seconds since 1970, for tests.
    Raises StoreError if another run is at work, or if it cannot be known what is needed.
    """
    with store.alone():
        doomed = _find_doomed(root, store, time.time() if now is None else now)
        if apply:
            for name in (*doomed.episodes, *doomed.records, *doomed.blobs):
                with os_errors_said("cannot be deleted", Path(name)):
                    Path(name).unlink(missing_ok=True)
    return doomed


def _find_doomed(root: Path, store: Store, now: float) -> Doomed:
    with os_errors_said("cannot be read", store.root):
        gone, changed = _left_over(root, store)
        young = now - KEEP_S
        records, kept_blobs = _parted(store, reached(root, store) | _made_from(root, store), young)
        blobs = [p for p in _blobs(store) if p.name not in kept_blobs and p.stat().st_mtime <= young]
        size = sum(path.stat().st_size for path in (*gone, *records, *blobs))
    return Doomed(
        episodes=tuple(map(str, gone)),
        changed=tuple(map(str, changed)),
        records=tuple(map(str, records)),
        blobs=tuple(map(str, blobs)),
        size_bytes=size,
    )


def _made_from(root: Path, store: Store) -> frozenset[str]:
    """The keys of the records that the finished episodes were made from."""
    episodes = (episode for place in PLACES for episode in shown(root, store, place))
    return frozenset(key for episode in episodes for key in episode.keys.values())


def _parted(store: Store, keys: frozenset[str], young: float) -> tuple[list[Path], set[str]]:
    """The records that go, and the names of the blobs that those which stay speak of.

    What made a blob that stays, as lines of an episode with a voice that cannot be had today, stays.
    """
    rest, kept_blobs = [], set()
    for path in _records(store):
        if path.stem in keys or path.parts[-3] not in STEPS or path.stat().st_mtime > young:
            entry = _read(path)
            kept_blobs |= _names_in([entry.request, entry.result]) if entry else set()
        else:
            rest.append(path)
    return [path for path in rest if not _gave(path, kept_blobs)], kept_blobs


def _gave(path: Path, blobs: set[str]) -> bool:
    """Whether all that a record gave is among these blobs."""
    entry = _read(path)
    names = _names_in(entry.result) if entry else set()
    return bool(names) and names <= blobs


def _left_over(root: Path, store: Store) -> tuple[list[Path], list[Path]]:
    """The files of the finished episodes whose papers are gone: those that go, those somebody has changed."""
    gone: list[Path] = []
    changed: list[Path] = []
    for place in PLACES:
        ledger = ledger_of(store, place)
        for episode in orphans(root, ledger):
            files = [root / "output" / place / f"{episode.slug}{suffix}" for suffix in SUFFIXES]
            there = [path for path in files if path.is_file()]
            if all(sha256_of(path) == episode.digests.get(path.name) for path in there):
                gone += [*there, ledger / f"{episode.slug}.json"]
            else:
                changed += there
    return gone, changed


def _read(path: Path) -> _Entry | None:
    """A record that is whole, or None. Raises OSError."""
    checksum, _, body = path.read_bytes().partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        return None
    try:
        return msgspec.json.decode(body, type=_Entry)
    except msgspec.DecodeError:
        return None


def _names_in(plain: Any) -> set[str]:
    return {name for name, _ in _blobs_in(plain)}


def _blobs_in(plain: Any) -> Iterator[tuple[str, int]]:
    """File name and size of each blob that a record's JSON speaks of."""
    if isinstance(plain, dict):
        if plain.keys() == {"sha256", "suffix", "size_bytes"}:
            yield f"{plain['sha256']}{plain['suffix']}", plain["size_bytes"]
        else:
            plain = list(plain.values())
    if isinstance(plain, list):
        for part in plain:
            yield from _blobs_in(part)


def _records(store: Store) -> Iterator[Path]:
    return (path for path in sorted((store.root / "records").glob("*/??/*.json")) if _is_ours(path.stem))


def _blobs(store: Store) -> Iterator[Path]:
    return (path for path in sorted((store.root / "blobs").glob("??/*")) if _is_ours(path.name))


def _is_ours(name: str) -> bool:
    return _BLOB.fullmatch(name) is not None
