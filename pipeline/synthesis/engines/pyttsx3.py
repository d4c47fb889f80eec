"""The voices of this computer, through pyttsx3: SAPI 5, macOS speech, or eSpeak NG on Linux.

On Linux pyttsx3 looks for libespeak-ng in the system and in no other place, so the one that
libespeak.py finds is loaded first, under the name that pyttsx3 then asks for.

Two faults of pyttsx3 are mended here. It ends its loop before eSpeak, in a thread of its own, has
begun. So eSpeak is told to cancel what it has not taken in yet, and now and then rate or volume
stay as they were: they are set earlier, and waited for. And `runAndWait` returns while eSpeak
speaks, so that files come out empty on busy computers: "finished-utterance" is waited for. Then,
errors are events that nobody sees: they are raised. A voice that does not exist is passed over in
silence: it is looked up first.
"""

import sys
import threading
import wave
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ...errors import PluginError
from ...plugins import installed_version
from .. import isolation, libespeak
from ..engine import USUAL_WPM, VoiceInfo, WordsPerMinute, voice_named

__all__ = ["ENGINE", "Pyttsx3", "Pyttsx3Options"]

REVISION = 1
"""One more whenever this file changes the sound."""
_RATE_PERCENT = 81 if sys.platform == "linux" else 100
"""Of words a minute: what the system calls so. eSpeak says 203 words where it was asked for 165."""

_LIBRARIES = ("libespeak-ng.so.1", "libespeak.so.1")
"""What pyttsx3 asks the linker for."""


class Pyttsx3Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the system's voice speaks."""

    voice: str = ""
    """Id, name or language of a voice, such as "gmw/en-gb-x-rp" or "en-gb"; "" for the system's own."""
    words_per_minute: WordsPerMinute = USUAL_WPM
    """80 to 400."""
    volume_percent: Annotated[int, Meta(ge=10, le=100)] = 100
    """10 to 100; the episode's loudness does not depend on it."""


class Pyttsx3:
    """See the module."""

    name = "pyttsx3"
    Options: type[msgspec.Struct] = Pyttsx3Options
    licence = "MPL-2.0 AND GPL-3.0-or-later" if sys.platform == "linux" else "MPL-2.0"
    deterministic = sys.platform == "linux"
    own_process = True
    network = False
    memory_mb = 60
    max_chars = 20_000

    def check(self, options: Pyttsx3Options) -> None:
        """Raises SettingsError for a voice this computer does not have, ExtraMissing without eSpeak."""
        if find_spec("pyttsx3") is None:
            raise PluginError("the package pyttsx3 is not installed", hint="pip install pyttsx3")
        if sys.platform == "linux" and not _library():
            raise libespeak.missing(self.name)
        if options.voice:
            voice_named(options.voice, self._known_voices())

    def identity(self, options: Pyttsx3Options) -> str:
        """Our revision, the version of pyttsx3, and that of what speaks."""
        version = installed_version("pyttsx3") or "missing"
        return f"pyttsx3.{REVISION} {version} {_library() or _system()}"

    def describe(self, options: Pyttsx3Options) -> VoiceInfo:
        """Such as "eSpeak NG, voice en-gb"; outside Linux the licence of the voice is the system's."""
        voice = f"voice {options.voice}" if options.voice else "the default voice"
        if sys.platform == "linux":
            licence, name = "GPL-3.0-or-later", f"eSpeak NG, {voice}"
        else:
            licence, name = "", f"{_system()}, {voice}"
        return VoiceInfo(id=options.voice, language="", licence=licence, name=name)

    def warm(self) -> None:
        """Nothing: the library must not be loaded where a line is not spoken."""

    def speak(self, text: str, options: Pyttsx3Options, path: Path) -> None:
        """Write `text` as a WAV, at the voice's own rate."""
        raw = path.with_suffix(".system")
        speaker = _start()
        errors: list[Exception] = []
        speaker.connect("error", lambda name, exception: errors.append(exception))
        _set(speaker, options)
        _save(speaker, text, raw)
        if errors:  # pyttsx3 would keep them to itself
            raise errors[0]
        _make_mono(raw, path)

    def voices(self) -> tuple[VoiceInfo, ...]:
        """What the system offers."""
        return _voices(_start())

    def _known_voices(self) -> tuple[VoiceInfo, ...]:
        try:
            return isolation.list_voices(self)
        except isolation.EngineFailed as error:
            raise PluginError(f"the voices of this computer cannot be listed: {error}") from error


def _library() -> str:
    """What speaks on Linux."""
    return libespeak.found(_LIBRARIES) if sys.platform == "linux" else ""


def _system() -> str:
    return {"darwin": "macOS speech", "win32": "Windows SAPI 5"}.get(sys.platform, "missing")


def _start() -> Any:
    """A pyttsx3 engine that has not spoken. Once per process."""
    if sys.platform == "linux":
        libespeak.load(Pyttsx3.name, _LIBRARIES)
    import pyttsx3  # only in a process that speaks one line

    return pyttsx3.init()


def _voices(speaker: Any) -> tuple[VoiceInfo, ...]:
    licence = "GPL-3.0-or-later" if speaker.driver_name == "espeak" else ""
    return tuple(
        VoiceInfo(
            id=voice.id,
            name=voice.name or "",
            language=str(next(iter(voice.languages), None) or "").replace("_", "-"),
            gender=str(voice.gender or "").removeprefix("VoiceGender").lower(),
            licence=licence,
        )
        for voice in speaker.getProperty("voices")
    )


def _set(speaker: Any, options: Pyttsx3Options) -> None:
    """Set voice, rate and volume, and make sure that they are taken."""
    is_espeak = speaker.driver_name == "espeak"
    if is_espeak:
        speaker.proxy.setBusy(False)  # set at once, not when the loop starts
        _espeak().Synchronize()
    if options.voice:
        speaker.setProperty("voice", voice_named(options.voice, _voices(speaker)).id)
    speaker.setProperty("rate", options.words_per_minute * _RATE_PERCENT // 100)
    speaker.setProperty("volume", options.volume_percent / 100)
    if is_espeak:
        _espeak().Synchronize()


def _save(speaker: Any, text: str, path: Path) -> None:
    """Speak into a file, and return when it is written."""
    finished = threading.Event()
    speaker.connect("finished-utterance", lambda name, completed: finished.set())
    speaker.save_to_file(text, str(path))
    speaker.runAndWait()
    if speaker.driver_name == "espeak":
        finished.wait()  # if it never comes, the parent ends this process


def _espeak() -> Any:
    from pyttsx3.drivers import _espeak as library  # loads eSpeak, see _start

    return library


def _make_mono(raw: Path, path: Path) -> None:
    """Turn what the system wrote into a 16-bit mono WAV; macOS writes AIFF, under any name."""
    if not raw.exists():  # takes.py will say so
        return
    if _is_mono_wav(raw):
        raw.replace(path)
        return
    import soundfile  # rarely needed, and slow to import

    frames, rate_hz = soundfile.read(raw, dtype="int16", always_2d=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate_hz, 0, "NONE", ""))
        file.writeframes(frames.mean(axis=1).astype("<i2").tobytes())
    raw.unlink()


def _is_mono_wav(path: Path) -> bool:
    try:
        with wave.open(str(path), "rb") as file:
            return (file.getnchannels(), file.getsampwidth()) == (1, 2)
    except (wave.Error, EOFError):
        return False


ENGINE = Pyttsx3()
