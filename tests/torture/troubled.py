"""An engine with faults: its lines and the number of their take decide which."""

import os
import signal
import time
import wave
import zlib
from pathlib import Path
from typing import Any

from pipeline import plugins

FAULTS = ("killed", "hangs", "empty", "half", "half, then silence", "raises")


class Troubled:
    """Another engine, in trouble. TROUBLES names a folder in which takes are counted."""

    def __init__(self, inner: str) -> None:
        self.inner = plugins.find("engines", inner)
        for name in dir(self.inner):
            if not name.startswith("_"):
                setattr(self, name, getattr(self.inner, name))
        self.name = f"troubled_{inner}"
        self.speak = self.speak_badly

    def speak_badly(self, text: str, options: Any, path: Path, **more: Any) -> Any:
        fault = fault_of(text, take_of(text))
        if fault == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if fault == "hangs":
            time.sleep(3600)
        if fault == "raises":
            raise ValueError("the moon is full")
        words = self.inner.speak(text, options, path, **more)
        if fault == "empty":
            path.write_bytes(b"")
        elif fault:
            halve(path, silence=fault != "half")
        return words


def take_of(text: str) -> int:
    """Which take of a line this is: 0 for the first."""
    for take in range(100):
        marker = Path(os.environ["TROUBLES"], f"{zlib.crc32(text.encode()):08x}.{take}")
        try:
            marker.touch(exist_ok=False)
        except FileExistsError:
            continue
        return take
    raise AssertionError("a hundred takes of one line")


def fault_of(text: str, take: int) -> str:
    """One line in four has a bad first take, one in fifty no good one; few hang, as that takes long."""
    lot = zlib.crc32(text.encode()[::-1])
    if lot % 100 == 0:
        return "hangs" if take == 0 else ""
    if lot % 50 == 1:
        return ("empty", "raises")[lot // 100 % 2]
    if lot % 4 == 2 and take == 0:
        return tuple(fault for fault in FAULTS if fault != "hangs")[lot // 100 % 5]
    return ""


def halve(path: Path, *, silence: bool) -> None:
    """Lose the second half of a take, as a whole file."""
    with wave.open(str(path), "rb") as file:
        samples, params = file.readframes(file.getnframes()), file.getparams()
    kept = samples[: len(samples) // 4 * 2]
    with wave.open(str(path), "wb") as file:
        file.setparams(params)
        file.writeframes(kept + bytes(params.framerate // 2 if silence else 0))
