"""What a command takes, with all the processes it starts: processor time, wall time, memory.

Instructions are counted where `perf stat` can (Linux, a processor that shares its counters): they repeat
to a thousandth, where processor time moves by a tenth and more. Elsewhere, processor time stands for them.
Linux only, as peak memory is read from /proc.
"""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

_SAMPLE_S = 0.1
"""How often memory is looked at."""


class Cost(NamedTuple):
    """What a command took."""

    cpu_s: float
    """User and system time of it and of all it waited for."""
    wall_s: float
    peak_mb: float
    """Most memory at once: of all its processes together what they wrote, and the mapped files of the largest."""
    instructions: int
    """In user space; 0 where nothing counts them."""

    @property
    def effort(self) -> float:
        """What costs are compared by: instructions, else CPU-seconds."""
        return float(self.instructions or self.cpu_s)


def run(
    command: Sequence[str], cwd: Path, *, env: dict[str, str] | None = None, memory: bool = False
) -> Cost:
    """Run a command to its end; it has to succeed. memory: look at that too, which costs a little."""
    with tempfile.NamedTemporaryFile("r") as counted:
        count = ["perf", "stat", "-x,", "-e", "instructions:u", "-o", counted.name, "--"]
        whole = [*count, *command] if counts_instructions() else command
        start = time.perf_counter()
        with tempfile.TemporaryFile("w+") as said:
            process = subprocess.Popen(
                whole, cwd=cwd, env={**_usual(), **(env or {})}, stdout=said, stderr=subprocess.STDOUT
            )
            watch = _Watch(process.pid) if memory else None
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)  # or Popen waits for it once more
            wall_s = time.perf_counter() - start
            if process.returncode:
                said.seek(0)
                raise SystemExit(f"{' '.join(command)} failed:\n{said.read()}")
        return Cost(
            cpu_s=usage.ru_utime + usage.ru_stime,
            wall_s=wall_s,
            peak_mb=watch.end() if watch else 0.0,
            instructions=_instructions(counted.read()),
        )


def _usual() -> dict[str, str]:
    """Our environment, but that Python may keep compiled modules, as it does unless it is told otherwise.

    Where a shell forbids it, as those of many containers do, every start compiles every module of ours anew.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@cache
def counts_instructions() -> bool:
    """Whether `perf stat` is there and this computer lets it count."""
    try:
        done = subprocess.run(
            ["perf", "stat", "-x,", "-e", "instructions:u", "true"],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return False
    return _instructions(done.stderr) > 0


def _instructions(said: str) -> int:
    rows = [line.split(",") for line in said.splitlines() if "instructions" in line]
    return int(rows[0][0]) if rows and rows[0][0].isdigit() else 0


class _Watch(threading.Thread):
    """Looks at the memory of a process and of all below it until it is told to end."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._peak_kb, self._ended = pid, 0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self._ended.wait(_SAMPLE_S):
            used = [memory_kb(pid) for pid in family(self._pid)]
            whole = sum(own for own, _ in used) + max(mapped for _, mapped in used)
            self._peak_kb = max(self._peak_kb, whole)

    def end(self) -> float:
        """The most that was seen, in MB."""
        self._ended.set()
        self.join()
        return self._peak_kb / 1024


def family(pid: int) -> list[int]:
    """A process and all below it, whichever thread started them."""
    found = [pid]
    for parent in found:  # which grows meanwhile
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(OSError):  # it has ended
                found += map(int, children.read_text(encoding="ascii").split())
    return found


def memory_kb(pid: int) -> tuple[int, int]:
    """What it has written, pages that are shared with a fork divided, and the files it has mapped."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return 0, 0
    kb = {line.split(":")[0]: int(line.split()[1]) for line in told}
    return kb.get("Pss_Anon", 0) + kb.get("Pss_Shmem", 0), kb.get("Rss", 0) - kb.get("Anonymous", 0)
