"""Which papers a run is about: all of papers/, those that are named, those that failed the last time."""

from pathlib import Path

import msgspec

from .errors import PaperError, StoreError
from .paper import find_papers

__all__ = ["failed_before", "named", "select_papers"]


def select_papers(root: Path, patterns: tuple[str, ...]) -> tuple[Path, ...]:
    """The paper files that paths, globs and slugs name; all of papers/ if there are none.

    Raises PaperError for a pattern that names nothing.
    """
    if not patterns:
        papers = find_papers(root / "papers")
        if not papers:
            hint = "write one as papers/<name>.md; the README shows how"
            raise PaperError("there are no papers", where=str(root / "papers"), hint=hint)
        return papers
    found: dict[Path, None] = {}
    for pattern in patterns:
        matches = _matching(root, pattern)
        if not matches:
            raise PaperError(f"there is no paper {pattern!r}", hint="give a path, a quoted glob or a slug")
        found |= dict.fromkeys(matches)
    return tuple(found)


def _matching(root: Path, pattern: str) -> list[Path]:
    path, here = Path(pattern), root.resolve()
    if path.is_absolute() and path.is_relative_to(here):
        path = path.relative_to(here)
    if pattern and (root / path).is_file():
        return [root / path]
    if not pattern or path.is_absolute():
        return []
    try:
        globbed = [path for path in root.glob(pattern) if path.is_file() and path.suffix == ".md"]
    except (ValueError, NotImplementedError) as error:
        raise PaperError(f"{pattern!r} is no glob: {error}") from error
    return sorted(globbed) or [path for path in find_papers(root / "papers") if path.stem == pattern]


def named(path: Path, root: Path) -> Path:
    """A paper's path as people write it: below the show's folder where it is there, else absolute."""
    path = path.parent.resolve() / path.name
    here = root.resolve()
    return path.relative_to(here) if path.is_relative_to(here) else path


class _Failed(msgspec.Struct, frozen=True):
    paper: str


class _LastRun(msgspec.Struct, frozen=True):
    """The part of output/report.json (history.py) that decides what is tried again."""

    failed: tuple[_Failed, ...]


def failed_before(root: Path) -> tuple[Path, ...]:
    """The papers that the last run could not make and that are there. Raises StoreError if none is known."""
    path = root / "output" / "report.json"
    try:
        failed = msgspec.json.decode(path.read_bytes(), type=_LastRun).failed
    except (OSError, msgspec.DecodeError) as error:
        hint = "make without --failed first"
        raise StoreError("nothing is known of a last run", where=str(path), hint=hint) from error
    return tuple(path for failure in failed if (path := root / failure.paper).is_file())
