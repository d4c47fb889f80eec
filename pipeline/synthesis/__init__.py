"""Speaks one `SpeechRequest` into one `Clip`, and does not believe the engine.

An engine that can hang, crash or write half a file does so in a process of its own (isolation.py).
What it wrote is checked against the text (takes.py); a bad take is spoken again, and a line that
stays bad fails loudly.
"""

import logging
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ..errors import PluginError, SynthesisError, quoted
from ..model import Clip, Desk, SpeechRequest, WordTime

if TYPE_CHECKING:
    from .engine import Engine

__all__ = ["speak"]

log = logging.getLogger(__name__)

TAKES = 4
"""Enough for an engine that fails one time in five to lose one line in 600."""


def speak(request: SpeechRequest, desk: Desk) -> Clip:
    """Speak a line: a 16-bit mono WAV at the engine's own rate, level and edge silences.

    Raises PluginError if there is no such engine; SynthesisError, quoting the line, if the engine
    is not the version that was asked for, the text holds nothing to say or more than the engine
    takes, or every take was bad.
    """
    from .. import plugins  # here, so that a run with nothing to speak loads no engine

    engine: Engine = plugins.find("engines", request.engine)
    options = _options(engine, request)
    _refuse_unspeakable(engine, request.text)
    line = _Line(engine, request, options, tuple(desk.path(blob) for blob in request.files))
    path, words = line.good_take(desk)
    return _clip(path, words, desk)


def _options(engine: "Engine", request: SpeechRequest) -> Any:
    """The request's options as the engine's own type, for the engine that was asked for."""
    try:
        options = msgspec.convert(request.options, engine.Options)
    except msgspec.ValidationError as error:
        raise SynthesisError(f"the options of engine {engine.name} are wrong: {error}") from error
    here = engine.identity(options)
    if here != request.identity:
        raise SynthesisError(
            f"the line was planned for {request.identity!r}, but the engine here is {here!r}",
            hint="install the same version on every computer, or plan again",
        )
    return options


def _refuse_unspeakable(engine: "Engine", text: str) -> None:
    if not any(char.isalnum() for char in text):
        raise SynthesisError(f"{quoted(text)} holds no letter or digit, nothing to say")
    if len(text) > engine.max_chars:
        raise SynthesisError(
            f"{quoted(text)} has {len(text):,} characters; {engine.name} takes {engine.max_chars:,}",
            hint="end its sentences with full stops",
        )


class _BadTake(Exception):
    """The message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, and all that speaks it."""

    engine: "Engine"
    request: SpeechRequest
    options: Any
    files: tuple[Path, ...]

    def good_take(self, desk: Desk) -> tuple[Path, tuple[WordTime, ...]]:
        """A take that passed the check. Raises SynthesisError with the faults of all."""
        faults: list[str] = []
        text, name = quoted(self.request.text), self.engine.name
        for number in range(1, TAKES + 1):
            path = desk.new(".wav")
            try:
                return path, self.take(path, desk)
            except _BadTake as bad:
                log.info("%s, take %d of %s: %s", name, number, text, bad)
                faults.append(str(bad))
                path.unlink(missing_ok=True)
        raise SynthesisError(
            f"{text} was not spoken by {name}: {_listed(faults)}",
            hint="if it stays so, word the line differently, or choose another voice",
        )

    def take(self, path: Path, desk: Desk) -> tuple[WordTime, ...]:
        """Make one take, if it is doubtful twice; when its words begin. Raises _BadTake."""
        from . import takes, timing  # see speak
        from .engine import pace_of

        words = self.record(path)
        verdict = takes.judged(path, self.request.text, pace_of(self.options))
        if fault := verdict.fault or (words and timing.fault(words, self.request.text, _length(path)[0])):
            raise _BadTake(fault)
        if verdict.is_doubtful and self.engine.deterministic:
            self.compare(path, desk.new(".wav"))
        return words

    def compare(self, path: Path, again: Path) -> None:
        """Raise _BadTake if the line, spoken again, is not the same."""
        try:
            self.record(again)
            if not again.is_file() or again.read_bytes() != path.read_bytes():
                raise _BadTake("the sound is rather short, and spoken again it was another")
        finally:
            again.unlink(missing_ok=True)

    def record(self, path: Path) -> tuple[WordTime, ...]:
        """Let the engine speak it, once. Raises _BadTake if it does not."""
        from . import isolation  # see speak

        request = self.request
        try:
            return isolation.speak(
                self.engine, request.text, self.options, path, request.phonemes, self.files
            )
        except isolation.EngineFailed as failure:
            raise _BadTake(str(failure)) from failure
        except PluginError as error:
            what = f"{quoted(request.text)} cannot be spoken: {error.what}"
            raise SynthesisError(what, hint=error.hint) from error


def _listed(faults: list[str]) -> str:
    if len(set(faults)) == 1:
        return f"in each of {len(faults)} takes, {faults[0]}"
    return "; ".join(f"take {number}: {fault}" for number, fault in enumerate(faults, start=1))


def _clip(path: Path, words: tuple[WordTime, ...], desk: Desk) -> Clip:
    samples, rate_hz = _length(path)
    return Clip(audio=desk.keep(path), samples=samples, rate_hz=rate_hz, words=words)


def _length(path: Path) -> tuple[int, int]:
    """Samples, and how many there are in a second."""
    with wave.open(str(path), "rb") as file:
        return file.getnframes(), file.getframerate()
