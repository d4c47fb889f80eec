"""How much memory is left for workers: what the computer has free, and what a container may take.

Asked on Linux of /proc and of control groups, version 2 and 1; on macOS half of what is built in is
taken to be free. Elsewhere nobody knows, and nothing is limited.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = ["available_mb", "workers_that_fit"]

_MB = 1024 * 1024


def workers_that_fit(wanted: int, each_mb: int) -> int:
    """How many of `wanted` workers there is memory for, if each takes `each_mb`: one at least."""
    free_mb = available_mb() if each_mb else None
    return wanted if free_mb is None else max(1, min(wanted, free_mb // each_mb))


def available_mb(root: Path = Path("/")) -> int | None:
    """What may be taken before something is swapped or killed; None if that cannot be known.

    root: where proc and sys are.
    """
    if sys.platform == "darwin":
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // (2 * _MB)
    free = [*_free_bytes(root), *_left_bytes(root)]
    return min(free) // _MB if free else None


def _free_bytes(root: Path) -> Iterator[int]:
    """What the kernel thinks is free."""
    for line in _text(root / "proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) * 1024


def _left_bytes(root: Path) -> Iterator[int]:
    """What is left of the limit of each control group that this process is in."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            base, most, taken = root / "sys/fs/cgroup", "memory.max", "memory.current"
            cached = "inactive_file"
        elif "memory" in controllers.split(","):
            base, most, taken = (
                root / "sys/fs/cgroup/memory",
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
            )
            cached = "total_inactive_file"
        else:
            continue
        group = base / path.strip("/")
        for folder in (group, *group.parents):
            limit, used = _text(folder / most).strip(), _text(folder / taken).strip()
            if limit.isdecimal() and used.isdecimal():
                yield max(0, int(limit) - int(used) + _cached_bytes(folder, cached))
            if folder == base:
                break


def _cached_bytes(group: Path, name: str) -> int:
    """Files that a group keeps in memory and the kernel drops first: taken, and yet free."""
    found = re.search(rf"^{name} (\d+)$", _text(group / "memory.stat"), re.MULTILINE)
    return int(found[1]) if found else 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
