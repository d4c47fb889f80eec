"""Piper: neural voices of two files each, fast and offline (extra `piper`, GPL-3.0-or-later).

A voice is what a show puts in voices/piper/: NAME.onnx, a model of some 60 MB, and NAME.onnx.json.
Piper runs in a program of its own, piper_program.py, which loads the voice once; nothing of it is
loaded here.
"""

import functools
import re
import unicodedata
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ...errors import ExtraMissing, PluginError
from ...plugins import installed_version
from .. import isolation
from ..companion import Companion
from ..engine import USUAL_WPM, VoiceInfo, WordsPerMinute

__all__ = ["ENGINE", "Piper", "PiperOptions"]

REVISION = 1
"""One more whenever our files change the sound."""
FOLDER = "piper"
"""The folder in voices/ that holds the voices."""
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
_DOUBLED = re.compile(r"\[(?=\[)")
"""Each bracket that another follows: of three, two would be left together by replacing pairs."""

VoiceName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\Z")]


class PiperOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How Piper speaks."""

    voice: VoiceName = "default"
    """Two files of voices/piper/, without their endings."""
    speaker: Annotated[int, Meta(ge=0, le=9_999)] = 0
    """Which of a voice's speakers, if it has several."""
    words_per_minute: WordsPerMinute = USUAL_WPM
    """80 to 400."""


class Piper:
    """See the module."""

    name = "piper"
    Options: type[msgspec.Struct] = PiperOptions
    licence = "GPL-3.0-or-later"
    deterministic = True
    own_process = False  # the program is one, with limits of its own
    network = False
    memory_mb = 1_000
    max_chars = 20_000

    def check(self, options: PiperOptions) -> None:
        """Raises ExtraMissing without the package."""
        if not _is_installed():
            raise ExtraMissing("Piper's voices need a package of 35 MB", extra="piper", hint=_HINT)

    def identity(self, options: PiperOptions) -> str:
        """Our revision, and what speaks; the voice's files are in the request."""
        versions = " ".join(
            f"{name} {installed_version(name) or 'missing'}" for name in ("piper-tts", "onnxruntime")
        )
        return f"piper.{REVISION} {versions}"

    def describe(self, options: PiperOptions) -> VoiceInfo:
        """Such as "Piper, voice joe": its licence is for the profile to say, nothing here knows it."""
        speaker = f", speaker {options.speaker}" if options.speaker else ""
        return VoiceInfo(id=options.voice, language="", name=f"Piper, voice {options.voice}{speaker}")

    def files(self, options: PiperOptions) -> tuple[str, ...]:
        """The model, and what belongs to it."""
        return (f"{FOLDER}/{options.voice}.onnx", f"{FOLDER}/{options.voice}.onnx.json")

    def warm(self) -> None:
        """Nothing: the voice is loaded by the program. Raises PluginError without the package."""
        if not _is_installed():
            raise PluginError("Piper is not installed", hint=_HINT)

    def speak(self, text: str, options: PiperOptions, path: Path, *, files: tuple[Path, ...] = ()) -> None:
        """Write `text` as a WAV, at the voice's own rate. `files` are those that `files` names."""
        model, config = files
        limit_s = isolation.LIMIT_S + isolation.LIMIT_PER_CHAR_S * len(text)
        question = {
            **msgspec.to_builtins(options),
            "text": _plain(text),
            "model": str(model.absolute()),
            "config": str(config.absolute()),
            "path": str(path.absolute()),
        }
        del question["voice"]
        _refuse(_program().ask(question, limit_s), str(path))

    def voices(self) -> tuple[VoiceInfo, ...]:
        """None by itself: a voice is files of the show's."""
        return ()


_HINT = "install it with: paperledge setup piper, or let `make VOICE=…` do it"


def _is_installed() -> bool:
    return find_spec("piper") is not None


@functools.cache
def _program() -> Companion:
    """What speaks, once a process."""
    return Companion(Path(__file__).parents[1] / "piper_program.py")


def _refuse(answer: dict[str, Any], path: str) -> None:
    """Raise what an answer says was wrong."""
    if "refused" in answer:
        raise PluginError(answer["refused"], hint=answer["hint"])
    if answer.get("errno"):
        raise OSError(answer["errno"], answer["raised"], path)
    if "raised" in answer:
        raise isolation.EngineFailed(f"the engine raised {answer['raised']}")


def _plain(text: str) -> str:
    """Text as Piper takes it: composed, on one line, and without the mark that begins phonemes."""
    return _DOUBLED.sub("[ ", _UNSPEAKABLE.sub(" ", unicodedata.normalize("NFC", text)))


ENGINE = Piper()
