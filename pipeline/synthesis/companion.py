"""A program beside ours that keeps what is slow to load, and answers one question after another.

In: questions, one JSON object each. Out: its answers, or EngineFailed with what became of it.

It is started when it is first asked, and again whenever it has ended: by itself, or because an answer
was late. It is always ended before the next question if one was not answered in full, so that no
answer is ever taken for another's; each carries its question's number besides. It ends with us: its
standard input does. A process forked from ours has none of it, and would start its own.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from .isolation import EngineFailed, fate, last_words

__all__ = ["Companion"]


class Companion:
    """A Python file that is run as a program; see piper_program.py for one."""

    def __init__(self, program: Path) -> None:
        self._program = program
        self._number = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._chatter: IO[bytes] | None = None
        self._lock = threading.Lock()
        atexit.register(self.end)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    @property
    def pid(self) -> int | None:
        """Its process id, while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def ask(self, question: dict[str, Any], limit_s: float) -> dict[str, Any]:
        """Its answer. Threads wait for each other.

        Raises EngineFailed if it ended, answered nonsense, or took longer than `limit_s`, the start
        included.
        """
        with self._lock:
            try:
                return self._answer(question, limit_s)
            except BaseException:  # an interruption too: the answer would come to the next question
                self.end()
                raise

    def end(self) -> None:
        """End it, if it runs."""
        if process := self._process:
            process.kill()
            process.wait()
            self._let_go(process)
        self._process = None

    def _answer(self, question: dict[str, Any], limit_s: float) -> dict[str, Any]:
        if self.pid is None:
            self.end()
        process = self._process = self._process or self._start()
        self._number += 1
        with _ended_after(process, limit_s) as is_late:
            reply = _exchange(process, {"number": self._number, **question})
        if is_late.is_set():
            raise EngineFailed(f"the engine did not answer within {limit_s:.0f} s{last_words(self._chatter)}")
        return self._parsed(process, reply)

    def _parsed(self, process: "subprocess.Popen[bytes]", reply: bytes) -> dict[str, Any]:
        if not reply.endswith(b"\n"):
            process.kill()  # if it has only closed its output
            raise EngineFailed(f"the engine {fate(process.wait(), self._chatter)}")
        try:
            answer = msgspec.json.decode(reply, type=dict[str, Any])
        except msgspec.MsgspecError as error:
            raise EngineFailed(f"the engine answered nonsense: {error}") from error
        if answer.pop("number", None) != self._number:
            raise EngineFailed("the engine answered another line")
        return answer

    def _start(self) -> "subprocess.Popen[bytes]":
        self._chatter = tempfile.TemporaryFile()  # noqa: SIM115  as long as the process
        paths = os.pathsep.join(path for path in sys.path if path)
        return subprocess.Popen(
            [sys.executable, "-P", str(self._program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._chatter,
            bufsize=0,  # so that nothing is left to be written by a process that is forked meanwhile
            env={**os.environ, "PYTHONPATH": paths},
        )

    def _let_go(self, process: "subprocess.Popen[bytes]") -> None:
        for pipe in (process.stdin, process.stdout, self._chatter):
            if pipe:
                pipe.close()

    def _forget(self) -> None:
        """Be as new: in a process that was forked, the program is another's."""
        if self._process:
            self._let_go(self._process)  # our ends of its pipes: it waits for all of them to close
            self._process.returncode = 0  # not ours to wait for
        self._process = None
        self._lock = threading.Lock()


@contextmanager
def _ended_after(process: "subprocess.Popen[bytes]", limit_s: float) -> Iterator[threading.Event]:
    """End a process that is not left alone in time; whether that was so."""
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        process.kill()

    timer = threading.Timer(limit_s, end)
    timer.daemon = True
    timer.start()
    try:
        yield is_late
    finally:
        timer.cancel()
        timer.join()


def _exchange(process: "subprocess.Popen[bytes]", question: dict[str, Any]) -> bytes:
    """A line there, and a line back: b"" or a part of it if the program ends first."""
    assert process.stdin is not None  # noqa: S101  both are pipes, see _start
    assert process.stdout is not None  # noqa: S101
    try:
        with open(process.stdin.fileno(), "wb", closefd=False) as pipe:
            pipe.write(json.dumps(question).encode() + b"\n")
        return process.stdout.readline()
    except BrokenPipeError:
        return b""
