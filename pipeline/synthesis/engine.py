"""What an engine is: it turns one line of text into one WAV file.

An engine stays small. Retries, checks, time limits and processes are not its business; it may
raise anything, and what it writes is not believed. See engines/tone.py for the shortest one.

An engine that can be told how words sound is a `PhoneticEngine`; to all others the words are given. One
whose voices are files, as the styles of a neural model, is a `FiledEngine`, and one that knows when each
word begins a `TimedEngine`.
"""

from pathlib import Path
from typing import Annotated, Any, Protocol, runtime_checkable

from msgspec import Meta, Struct

from ..errors import SettingsError, nearest
from ..model import Phonemes, WordTime

__all__ = [
    "PRICE",
    "USUAL_WPM",
    "Engine",
    "FiledEngine",
    "Percent",
    "PhoneticEngine",
    "TimedEngine",
    "VoiceInfo",
    "WordsPerMinute",
    "pace_of",
    "takes_phonemes",
    "times_words",
    "voice_files",
    "voice_named",
]

WordsPerMinute = Annotated[int, Meta(ge=80, le=400)]
"""How fast ordinary English sentences are spoken, the pauses between them not counted. The option
`words_per_minute` means this with every engine, whatever its library calls fast."""
USUAL_WPM = 175
"""Of an unhurried host; about five syllables a second."""
Percent = Annotated[int, Meta(ge=50, le=200)]
"""Of the voice's own pitch. The option `pitch_percent` means this with every engine that has it."""
PRICE = "price_microdollars"
"""An option that any engine may have: what 1,000 characters cost. It changes no sound, so it is in
no request: lines are not spoken, and paid, again when it changes."""


class VoiceInfo(Struct, frozen=True, kw_only=True):
    """A voice that an engine has, or one that its options make."""

    id: str
    """What the option `voice` is set to."""
    language: str
    """BCP 47, such as "en-GB"; "" if unknown."""
    gender: str = ""
    """"female", "male" or "" if unknown."""
    licence: str = ""
    """Of the voice, as an SPDX expression; "" if unknown."""
    name: str = ""
    """What people call it, such as "SVOX Pico, voice en-GB"; "" if that is its id."""


class Engine(Protocol):
    """A speech engine. `options` are always an instance of its own `Options`."""

    name: str
    """As voices/*.yaml writes it."""
    Options: type[Struct]
    """Frozen, unknown fields forbidden, every field with a default and of a kind that model.Option names.
    `words_per_minute` and `pitch_percent` are what they are above; who cannot heed one has it not."""
    licence: str
    """SPDX expression of the code that runs."""
    deterministic: bool
    """Whether the same text and options give the same bytes."""
    own_process: bool
    """Whether it must have a process per line: it keeps state between lines, hangs or crashes."""
    network: bool
    """Whether it talks to another computer."""
    memory_mb: int
    """What one process needs at most, for a line of 1,000 characters."""
    max_chars: int
    """The longest text it takes."""

    def check(self, options: Any) -> None:
        """Make sure that it can speak here, with this voice.

        Raises PluginError (ExtraMissing, if an extra would help) with how to install what is
        missing; SettingsError, for an unknown voice, with the nearest and the known ones.
        """
        ...

    def identity(self, options: Any) -> str:
        """All that decides the sound besides text and options: engine, library, voice data.

        Cheap: it is asked for every line, and in runs that speak nothing.
        """
        ...

    def describe(self, options: Any) -> VoiceInfo:
        """The voice that the options make, with a name, for people and tags."""
        ...

    def warm(self) -> None:
        """Import what `speak` needs, and do no more: processes are forked from here."""
        ...

    def speak(self, text: str, options: Any, path: Path) -> object:
        """Write `text` to `path` as a 16-bit mono WAV. With `own_process`, in a process of its own.

        What it returns is heeded of a TimedEngine only.
        """
        ...

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The voices on this computer. With `own_process`, in a process of its own."""
        ...


@runtime_checkable
class PhoneticEngine(Protocol):
    """What an engine has besides that takes phonemes; its `speak` has one parameter more."""

    def takes_phonemes(self, options: Any) -> bool:
        """Whether it does with these options: it may know the sounds of some languages only."""
        ...

    def speak(self, text: str, options: Any, path: Path, phonemes: tuple[Phonemes, ...] = ()) -> object:
        """Write `text`, with the phonemes in place of the stretches that they are of."""
        ...


@runtime_checkable
class FiledEngine(Protocol):
    """What an engine has besides whose voices are files; its `speak` has one parameter more."""

    def files(self, options: Any) -> tuple[str, ...]:
        """The files of voices/ that a voice consists of, as paths with "/" below that folder."""
        ...

    def speak(self, text: str, options: Any, path: Path, *, files: tuple[Path, ...] = ()) -> object:
        """Write `text`, with these files, in the order in which `files` names them."""
        ...


@runtime_checkable
class TimedEngine(Protocol):
    """What an engine has besides that knows when each word begins; its `speak` returns that."""

    def times_words(self, options: Any) -> bool:
        """Whether it does with these options: only some models of a service may."""
        ...

    def speak(self, text: str, options: Any, path: Path) -> tuple[WordTime, ...]:
        """Write `text`, and tell when its words begin: in order, inside the text and the sound.

        timing.py makes them of what an engine knows, and other word times spoil a take.
        """
        ...


def pace_of(options: Any) -> int:
    """How fast an engine speaks with these options, in words a minute."""
    pace: int = getattr(options, "words_per_minute", USUAL_WPM)
    return pace


def voice_files(engine: Engine, options: Any) -> tuple[str, ...]:
    """The files of voices/ that an engine needs with these options."""
    return engine.files(options) if isinstance(engine, FiledEngine) else ()


def takes_phonemes(engine: Engine, options: Any) -> bool:
    """Whether an engine takes phonemes with these options."""
    return isinstance(engine, PhoneticEngine) and engine.takes_phonemes(options)


def times_words(engine: Engine, options: Any) -> bool:
    """Whether an engine tells when words begin with these options."""
    tells = getattr(engine, "times_words", None)  # a protocol takes a millisecond to look at
    return bool(tells and tells(options))


def voice_named(wanted: str, voices: tuple[VoiceInfo, ...]) -> VoiceInfo:
    """The first voice with that id, name, end of the id, or language, in this order.

    Raises SettingsError, with the nearest and the known ones.
    """
    for rank in range(4):
        for voice in voices:
            names = (voice.id, voice.name, voice.id.split("/")[-1], voice.language)
            if names[rank].lower() == wanted.lower():
                return voice
    known = [voice.id.split("/")[-1] for voice in voices]
    raise SettingsError(f"this computer has no voice {wanted!r}", hint=nearest(wanted, known))
