"""What the pages of a show look like: every file of its scripts/site/, as text.

scripts/site/*.j2, *.css, *.js, *.svg  ──>  name → text, for `render_site`
"""

import re
from pathlib import Path

from ..errors import PublishError
from ..textfile import read_text

__all__ = ["read_design"]

LIMIT_BYTES = 1024 * 1024
"""Of one file."""
SUFFIXES = (".css", ".j2", ".js", ".svg")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
"""What is fit for an address as it is."""
_MADE = "search.js"
"""The one of its kind that is written anew for every edition."""


def read_design(folder: Path) -> dict[str, str]:
    """Name below scripts/site/ → text, in order of the names.

    An editor's own files and READMEs are left alone. Raises PublishError, placed, if there is no such
    folder, and for a file that cannot be read, has another suffix, or leads out of the folder.
    """
    if not folder.is_dir():
        hint = "`paperledge new FOLDER` writes a show with one: copy its scripts/site"
        raise PublishError(
            "there is no such folder, and pages are made from it", where=str(folder), hint=hint
        )
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and not _is_aside(path))
    return {path.relative_to(folder).as_posix(): _text_of(path, folder) for path in paths}


def _is_aside(path: Path) -> bool:
    return path.name.startswith(".") or path.name.endswith("~") or path.suffix == ".md"


def _text_of(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    if not path.resolve().is_relative_to(folder.resolve()):
        hint = "put the file itself there, not a link"
        raise PublishError("leads out of scripts/site", where=str(path), hint=hint)
    if path.suffix not in SUFFIXES or not _NAME.fullmatch(name) or name == _MADE:
        hint = f"text with a plain name is: {', '.join(SUFFIXES)}, and not {_MADE}"
        raise PublishError("is no part of a page", where=str(path), hint=hint)
    return read_text(path, PublishError, limit_bytes=LIMIT_BYTES)
