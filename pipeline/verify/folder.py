"""The folder of a site as its visitors see it: which files there are, and which address each has.

Links are not followed: a static host may not either, and they could lead out of the folder.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

from ..files import sha256_of

__all__ = ["Site", "Unfit", "open_site"]


class Unfit(Exception):
    """A file is not what it should be; says why, and in which line if that is known."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.what = what
        self.line = line

    def at(self, path: str) -> str:
        """Where it is, for a finding."""
        return f"{path}:{self.line}" if self.line else path


@dataclass(frozen=True, slots=True)
class Site:
    """A folder and the address that it will have."""

    folder: Path
    base: str
    """Address of the folder, with a closing slash."""
    sizes: dict[str, int]
    """Path below the folder, with "/" → size in bytes, of every file."""

    def path_of(self, address: str, page: str = "") -> str | None:
        """The path that an address on a page leads to, whether a file is there or not; None elsewhere.

        address: absolute or relative to the page. A folder stands for its index.html.
        """
        try:
            whole = urldefrag(urljoin(self.base + page, address)).url.partition("?")[0]
        except ValueError:  # such as an unclosed IPv6 address
            return None
        if not whole.startswith(self.base):
            return None
        path = unquote(whole.removeprefix(self.base))
        return f"{path}index.html" if path.endswith("/") or not path else path

    def read(self, path: str, limit_bytes: int) -> bytes:
        """All of a file. Raises Unfit if it is not there, too large or cannot be read."""
        if path not in self.sizes:
            raise Unfit("there is no such file")
        if self.sizes[path] > limit_bytes:
            raise Unfit(f"is larger than {limit_bytes:,} bytes")
        try:
            return (self.folder / path).read_bytes()
        except OSError as error:
            raise Unfit(f"cannot be read: {error.strerror}") from error

    def read_part(self, path: str, start: int, size: int) -> bytes:
        """At most `size` bytes of a file from `start`. Raises Unfit."""
        try:
            with (self.folder / path).open("rb") as file:
                file.seek(start)
                return file.read(size)
        except OSError as error:
            raise Unfit(f"cannot be read: {error.strerror}") from error

    def text(self, path: str, limit_bytes: int) -> str:
        """All of a text in UTF-8, without a byte-order mark, with "\\n" line ends. Raises Unfit."""
        raw = self.read(path, limit_bytes)
        try:
            return raw.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise Unfit("is not UTF-8", raw.count(b"\n", 0, error.start) + 1) from error

    def sha256(self, path: str) -> str:
        """Hex digest of a file. Raises Unfit."""
        try:
            return sha256_of(self.folder / path)
        except OSError as error:
            raise Unfit(f"cannot be read: {error.strerror}") from error


def open_site(folder: Path, feed_url: str) -> Site:
    """Look at a folder whose feed will have that address."""
    sizes: dict[str, int] = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            is_text = name.encode("utf-8", "replace").decode() == name  # as all names that a page can say are
            if is_text and path.is_file() and not path.is_symlink():
                sizes[path.relative_to(folder).as_posix()] = path.stat().st_size
    return Site(folder=folder, base=urljoin(feed_url, "."), sizes=sizes)
