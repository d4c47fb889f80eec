"""Publishers put a finished site somewhere; each is a plug-in of the group `paperledge.publishers`.

    publish:                              in show.yaml
      - folder: /srv/www/podcast
      - rsync: me@example.org:/srv/www
      - s3: bucket/prefix

A publisher is a function from such a text to a `Target`, a place for files; `put_in_place` does the rest
for all of them. What names other files is put after them, and the feed last, so that a kill at any moment
leaves no feed that names a missing file. Only what was put there before is ever deleted.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, Protocol

from msgspec import Struct

from ...files import sha256_of

__all__ = ["Change", "Publisher", "Target", "cache_control", "media_type", "put_in_place"]

RECORD = ".paperledge.json"
"""What was put at a target, as a file there: path → digest, or one of the two that follow."""
AWAITED = ""
"""It is being put."""
LEFT = "left"
"""The feed names it no more, but the one that a player read an hour ago does: it stays until the next."""

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".rss": "application/rss+xml; charset=utf-8",
    ".srt": "application/x-subrip; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
}


class Change(Struct, frozen=True):
    """A file that is put or deleted."""

    action: Literal["put", "delete"]
    path: str
    size_bytes: int = 0


class Target(Protocol):
    """A place for files. Its methods raise PublishError, with what to do."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None if it is not there."""
        ...

    def sizes(self) -> Mapping[str, int] | None:
        """Path → bytes of all that is there; None if that cannot be asked."""
        ...

    def put(self, folder: Path, paths: Sequence[str]) -> None:
        """Copy files of a folder, in that order, each whole or not at all."""
        ...

    def delete(self, paths: Sequence[str]) -> None:
        """Delete files that may be there."""
        ...


class Publisher(Protocol):
    """What a plug-in is: `publisher(text)` gives the target that a text of show.yaml means.

    Raises SettingsError for a text that cannot be one, ExtraMissing if a library is to be installed.
    """

    def __call__(self, text: str) -> Target:
        """The target."""
        ...


def put_in_place(site: Path, target: Target, *, dry_run: bool = False) -> tuple[Change, ...]:
    """Bring a target to what a site holds; what was done there, or with dry_run would be, in order."""
    record, sizes = _read_record(target), target.sizes()
    wanted = {path: _digest(site, path) for path in sorted(_paths(site), key=_place)}
    missing = [
        path
        for path, digest in wanted.items()
        if record.get(path) != digest or (sizes is not None and sizes.get(path) != _size(site / path))
    ]
    unnamed = [path for path in record if path not in wanted]
    left = [path for path in unnamed if path.startswith("media/") and not (record[path] == LEFT and missing)]
    doomed = [path for path in unnamed if path not in left]
    if not dry_run and (missing or doomed):
        _write_record(target, {**record, **dict.fromkeys(missing, AWAITED)})
        for _, paths in groupby(missing, key=_rank):
            target.put(site, list(paths))
        target.delete(doomed)
        _write_record(target, {**wanted, **dict.fromkeys(left, LEFT)})
    changes = [Change("put", path, _size(site / path)) for path in missing]
    return (*changes, *(Change("delete", path) for path in doomed))


def media_type(path: str) -> str:
    """What a server calls a file of that name."""
    if path.endswith(".chapters.json"):
        return "application/json+chapters; charset=utf-8"
    return TYPES.get(Path(path).suffix, "application/octet-stream")


def cache_control(path: str) -> str:
    """For how long a copy of a file may be used: for ever if another content has another name."""
    return "public, max-age=31536000, immutable" if path.startswith("media/") else "public, max-age=300"


def _digest(site: Path, path: str) -> str:
    """What stands for a file's content: of media, its name does."""
    return path if path.startswith("media/") else sha256_of(site / path)


def _rank(path: str) -> int:
    """0 for media, 1 for pages, 2 for feeds."""
    is_feed = "/" not in path and Path(path).suffix in {".xml", ".rss"}
    return 2 if is_feed else int(not path.startswith("media/"))


def _place(path: str) -> tuple[int, int, str]:
    """The order of putting; of feeds, the first has the shortest name and comes last."""
    return _rank(path), -len(path) if _rank(path) == 2 else 0, path


def _paths(site: Path) -> list[str]:
    return [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]


def _size(path: Path) -> int:
    return path.stat().st_size


def _read_record(target: Target) -> dict[str, str]:
    """What was put before; nothing if that is not known, so that all is put again and none deleted."""
    try:
        plain = json.loads(target.read(RECORD) or b"{}")
    except ValueError:
        return {}
    known = plain.items() if isinstance(plain, dict) else ()
    return {path: digest for path, digest in known if isinstance(digest, str) and _is_inside(path)}


def _is_inside(path: str) -> bool:
    """Whether a path of a record, which others may have written to, stays below its target."""
    return not path.startswith("/") and ".." not in path.split("/") and "\\" not in path


def _write_record(target: Target, record: Mapping[str, str]) -> None:
    with TemporaryDirectory() as folder:
        content = json.dumps(record, indent=0, sort_keys=True)
        (Path(folder) / RECORD).write_text(content, encoding="utf-8")
        target.put(Path(folder), [RECORD])
