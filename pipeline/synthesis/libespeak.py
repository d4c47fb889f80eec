"""The library of eSpeak NG: where it is, and what we ask of it, by ctypes.

It is GPL-3.0 and keeps state: the same text sounds different when spoken again. So it is only ever
loaded in a process that speaks one line, or lists the voices, and ends.

It comes in the package espeakng-loader (extra "espeak"), which is the same everywhere and goes first,
or with the system. It keeps the path of its data in 160 bytes, and is silent if that is longer: so it
is given the shortest there is, in a process whose folder is of no other use.
"""

import ctypes
import os
from collections.abc import Iterator, Mapping
from ctypes import POINTER, c_char_p, c_int, c_short, c_size_t, c_ubyte, c_uint, c_void_p
from pathlib import Path
from typing import Any

from ..errors import ExtraMissing, PluginError
from ..plugins import installed_version
from .engine import VoiceInfo

__all__ = ["GAP", "LICENCE", "NAMES", "PITCH", "RATE", "Espeak", "found", "load", "missing"]

LICENCE = "GPL-3.0-or-later"
"""Of the library and of all its voices."""
NAMES = ("libespeak-ng.so.1", "libespeak-ng.1.dylib")
"""What systems call it."""

RATE, PITCH, GAP = 1, 3, 7
"""Parameters (speak_lib.h, espeak_PARAMETER); a gap between words is in about 10 ms."""

_PACKAGE = "espeakng-loader"
_FOLDERS = (
    "/usr/local/lib",
    "/usr/lib64",
    "/usr/lib",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib/arm-linux-gnueabihf",
    "/opt/homebrew/lib",
)
"""Where systems keep it."""

# speak_lib.h
_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_UTF8, _PHONEMES = 1, 0x100
_NO_MORE_EVENTS, _WORD = 0, 1
_GENDERS = {1: "male", 2: "female"}


def found(names: tuple[str, ...] = NAMES) -> str:
    """What would be loaded, with its version, such as "espeakng-loader 0.2.4"; "" if there is nothing."""
    if version := installed_version(_PACKAGE):
        return f"{_PACKAGE} {version}"
    path = _of_the_system(names)
    return path.resolve().name if path else ""


def missing(engine: str) -> ExtraMissing:
    """The error of an engine that needs it."""
    return ExtraMissing(
        f"the engine {engine} needs eSpeak NG",
        hint="paperledge setup espeak, or the system's package espeak-ng",
        extra="espeak",
    )


def load(engine: str, names: tuple[str, ...] = NAMES) -> ctypes.CDLL:
    """Load it, which changes the folder of the process. Raises ExtraMissing, in the name of an engine."""
    if installed_version(_PACKAGE):
        import espeakng_loader  # GPL-3.0, see the module

        os.chdir(Path(espeakng_loader.get_data_path()).parent)
        os.environ["ESPEAK_DATA_PATH"] = "."
        return ctypes.CDLL(espeakng_loader.get_library_path())
    if path := _of_the_system(names):
        return ctypes.CDLL(str(path))
    raise missing(engine)


def _of_the_system(names: tuple[str, ...]) -> Path | None:
    folders = [*filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(":")), *_FOLDERS]
    candidates = (Path(folder, name) for name in names for folder in folders)
    return next((path for path in candidates if path.exists()), None)


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", c_int),
        ("unique_identifier", c_uint),
        ("text_position", c_int),  # characters, from 1
        ("length", c_int),
        ("audio_position", c_int),
        ("sample", c_int),
        ("user_data", c_void_p),
        ("id", c_void_p),  # a union, of eight bytes
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", c_char_p),
        ("languages", c_void_p),  # a byte for how well it fits, and a name
        ("identifier", c_char_p),
        ("gender", c_ubyte),
        ("age", c_ubyte),
        ("variant", c_ubyte),
        ("xx1", c_ubyte),
        ("score", c_int),
        ("spare", c_void_p),
    )


_Callback = ctypes.CFUNCTYPE(c_int, POINTER(c_short), c_int, POINTER(_Event))


class Espeak:
    """The library, loaded and ready to speak once. Raises ExtraMissing, and PluginError without its data."""

    def __init__(self, engine: str) -> None:
        self._library = library = load(engine)
        library.espeak_ListVoices.restype = POINTER(POINTER(_Voice))
        library.espeak_Synth.argtypes = (
            c_char_p,
            c_size_t,
            c_uint,
            c_int,
            c_uint,
            c_uint,
            c_void_p,
            c_void_p,
        )
        self.rate_hz: int = library.espeak_Initialize(_SYNCHRONOUS, 0, None, _DO_NOT_EXIT)
        if self.rate_hz <= 0:
            raise PluginError("eSpeak NG does not find its data", hint=f"install {found()} anew")

    def voices(self) -> tuple[VoiceInfo, ...]:
        """All that it has."""
        return tuple(_described(voice) for voice in _pointed_at(self._library.espeak_ListVoices(None)))

    def speak(
        self, text: str, voice: str, settings: Mapping[int, int], *, has_phonemes: bool
    ) -> tuple[bytes, list[tuple[int, int]]]:
        """Speak with the voice of that id.

        text: without control characters; with has_phonemes, what stands in [[ ]] is mnemonics.
        Returns 16-bit mono samples, and for each word its first character and its first sample.
        """
        sound = bytearray()
        begun: list[tuple[int, int]] = []

        def take(samples: Any, count: int, events: Any) -> int:
            words = (event for event in _until_the_end(events) if event.type == _WORD)
            begun.extend((event.text_position - 1, event.sample) for event in words)
            if samples and count > 0:
                sound.extend(ctypes.string_at(samples, 2 * count))
            return 0

        callback = _Callback(take)  # kept while it is called
        self._must(self._library.espeak_SetVoiceByName(voice.encode()), f"take the voice {voice}")
        for setting, value in settings.items():
            self._must(self._library.espeak_SetParameter(setting, value, 0), f"take {value} for {setting}")
        self._library.espeak_SetSynthCallback(callback)
        content = text.encode("utf-8")
        flags = _UTF8 | (_PHONEMES if has_phonemes else 0)
        status = self._library.espeak_Synth(content, len(content) + 1, 0, 1, 0, flags, None, None)
        self._must(status, "speak")
        return bytes(sound), begun

    def _must(self, status: int, do: str) -> None:
        if status != 0:
            raise RuntimeError(f"eSpeak NG does not {do}: {status}")


def _until_the_end(events: Any) -> Iterator[Any]:
    number = 0
    while events[number].type != _NO_MORE_EVENTS:
        yield events[number]
        number += 1


def _pointed_at(voices: Any) -> Iterator[Any]:
    number = 0
    while voices[number]:
        yield voices[number].contents
        number += 1


def _described(voice: Any) -> VoiceInfo:
    return VoiceInfo(
        id=voice.identifier.decode(),
        name=voice.name.decode(),
        language=ctypes.string_at(voice.languages + 1).decode(),
        gender=_GENDERS.get(voice.gender, ""),
        licence=LICENCE,
    )
