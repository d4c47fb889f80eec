"""Text files that people write: bounded, UTF-8, no control characters, one kind of line end."""

import re
from pathlib import Path

from .errors import PaperledgeError

__all__ = ["CONTROL", "printable", "read_pasted", "read_text"]

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
"""C0 and C1 controls but tab and line feed, and the bidi controls that reorder what is shown."""


def read_text(path: Path, error: type[PaperledgeError], *, limit_bytes: int) -> str:
    """The text of `path`, without a byte-order mark, with "\\n" line ends.

    Raises `error`, placed at file:line:column, if the file cannot be read, is larger than
    `limit_bytes`, is not UTF-8 or holds a control character.
    """
    raw = _read(path, error, limit_bytes)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        before = raw[: cause.start].decode("utf-8-sig", "replace")
        raise error("is not UTF-8 text", where=_place(path, before), hint="save it as UTF-8") from cause
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := CONTROL.search(text):
        raise error(
            f"holds the control character U+{ord(found[0]):04X}",
            where=_place(path, text[: found.start()]),
            hint="delete it",
        )
    return text


def read_pasted(path: Path, error: type[PaperledgeError], *, limit_bytes: int) -> str:
    """The text of a file copied from somewhere: control characters dropped, bad bytes replaced.

    Raises `error` if the file cannot be read or is larger than `limit_bytes`.
    """
    text = _read(path, error, limit_bytes).decode("utf-8-sig", "replace")
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _read(path: Path, error: type[PaperledgeError], limit_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(limit_bytes + 1)
    except OSError as cause:
        raise error(f"cannot be read: {cause.strerror}", where=str(path)) from cause
    if len(raw) > limit_bytes:
        raise error(f"is larger than {limit_bytes // 1024} KiB", where=str(path))
    return raw


def printable(text: str) -> str:
    """Text for a terminal: control characters, which can take it over, shown as escapes."""
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _place(path: Path, before: str) -> str:
    return f"{path}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
