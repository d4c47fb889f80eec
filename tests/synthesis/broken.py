"""One sound engine that speaks in tones, and others that break one promise each."""

import os
import random
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import PluginError, SettingsError, nearest
from pipeline.model import WordTime
from pipeline.synthesis.engine import USUAL_WPM, VoiceInfo, WordsPerMinute
from pipeline.synthesis.engines.tone import Tone, ToneOptions


class SoundOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    voice: str = "low"
    words_per_minute: WordsPerMinute = USUAL_WPM


class Sound:
    """Keeps all promises."""

    Options: type[msgspec.Struct] = SoundOptions
    licence = "MIT"
    deterministic = True
    own_process = False
    network = False
    memory_mb = 10
    max_chars = 5_000

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines = 0

    def check(self, options: Any) -> None:
        known = tuple(voice.id for voice in self.voices())
        if options.voice not in known:
            raise SettingsError(f"there is no voice {options.voice!r}", hint=nearest(options.voice, known))

    def identity(self, options: Any) -> str:
        return f"{self.name} 1"

    def describe(self, options: Any) -> VoiceInfo:
        return VoiceInfo(id=options.voice, language="en", licence="MIT", name=self.name)

    def warm(self) -> None: ...

    def speak(self, text: str, options: Any, path: Path) -> None:
        self.write(text, options, path)

    def write(self, text: str, options: Any, path: Path, pitch_percent: int = 100) -> None:
        """The tones of the text."""
        self.lines += 1
        tones = ToneOptions(pitch_percent=pitch_percent, words_per_minute=options.words_per_minute)
        Tone().speak(text, tones, path)

    def voices(self) -> tuple[VoiceInfo, ...]:
        return (VoiceInfo(id="low", language="en"), VoiceInfo(id="high", language="en"))


def rewrite(
    path: Path,
    change: Callable[[bytes], bytes] = bytes,
    width: int = 2,
    channels: int = 1,
) -> None:
    """Change samples or format of a file."""
    with wave.open(str(path), "rb") as file:
        samples, rate_hz = file.readframes(file.getnframes()), file.getframerate()
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate_hz, 0, "NONE", ""))
        file.writeframes(change(samples))


def faint(number: int) -> bytes:
    """Four samples, too soft to be heard, that tell a number from others."""
    return b"".join(bytes([byte, 0]) for byte in number.to_bytes(4, "little"))


# What they say of themselves


class WrongTypes(Sound):
    network: Any = "no"


class AnotherName(Sound):
    def __init__(self, name: str) -> None:
        super().__init__("nobody")


class LooseOptions(Sound):
    class Options(msgspec.Struct, frozen=True):
        voice: str = "low"
        words_per_minute: WordsPerMinute = USUAL_WPM


class Unhelpful(Sound):
    def check(self, options: Any) -> None:
        raise PluginError("out of order")


class AnyVoice(Sound):
    def check(self, options: Any) -> None: ...


class LongIdentity(Sound):
    def identity(self, options: Any) -> str:
        return "version 1\nof today"


class SlowIdentity(Sound):
    def identity(self, options: Any) -> str:
        time.sleep(0.06)  # what the contract measures
        return "slow"


class NoLicence(Sound):
    def describe(self, options: Any) -> VoiceInfo:
        return VoiceInfo(id="", language="en", name="the best of all voices")


class TwoVoices(Sound):
    def voices(self) -> tuple[VoiceInfo, ...]:
        return (VoiceInfo(id="low", language="en"), VoiceInfo(id="low", language="de"))


# What they speak


class Silent(Sound):
    def speak(self, text: str, options: Any, path: Path) -> None: ...


class HalfFile(Sound):
    def speak(self, text: str, options: Any, path: Path) -> None:
        self.write(text, options, path)
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])


class EightBit(Sound):
    def speak(self, text: str, options: Any, path: Path) -> None:
        self.write(text, options, path)
        rewrite(path, lambda samples: samples[1::2], width=1)


class Stereo(Sound):
    def speak(self, text: str, options: Any, path: Path) -> None:
        self.write(text, options, path)
        rewrite(path, channels=2)


class TakesMarkup(Sound):
    """As Pico by itself: what follows an unknown tag is lost."""

    def speak(self, text: str, options: Any, path: Path) -> None:
        self.write(text.partition("<")[0], options, path)


class StopsAtLineEnds(Sound):
    def speak(self, text: str, options: Any, path: Path) -> None:
        self.write(text.partition("\n")[0], options, path)


class Raises(Sound):
    def speak(self, text: str, options: Any, path: Path) -> None:
        raise ValueError("the moon is full")


class Killed(Sound):
    own_process = True

    def speak(self, text: str, options: Any, path: Path) -> None:
        os.kill(os.getpid(), signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


class Hangs(Sound):
    own_process = True

    def speak(self, text: str, options: Any, path: Path) -> None:
        time.sleep(60)


class Random(Sound):
    def speak(self, text: str, options: Any, path: Path) -> None:
        self.write(text, options, path)
        rewrite(path, lambda samples: faint(random.getrandbits(32)) + samples)


class Remembers(Sound):
    """Another pitch for each new text: the first is as it was until others have been spoken."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.texts: set[str] = set()

    def speak(self, text: str, options: Any, path: Path) -> None:
        self.texts.add(text)
        self.write(text, options, path, 100 + len(self.texts) % 50)


class KnowsItsProcess(Sound):
    def speak(self, text: str, options: Any, path: Path) -> None:
        self.write(text, options, path)
        rewrite(path, lambda samples: faint(os.getpid()) + samples)


class EndlesslyPatient(Sound):
    def speak(self, text: str, options: Any, path: Path) -> None:
        self.write(text, SoundOptions(), path)


class OutOfOrder(Sound):
    """Tells word times, from the end to the beginning."""

    def times_words(self, options: Any) -> bool:
        return True

    def speak(self, text: str, options: Any, path: Path) -> Any:
        self.write(text, options, path)
        return (WordTime(start=2, end=3, at_samples=100), WordTime(start=0, end=1, at_samples=0))


class TellsNothing(OutOfOrder):
    """Promises word times, and tells none."""

    def speak(self, text: str, options: Any, path: Path) -> Any:
        self.write(text, options, path)
        return ()


# What they leave


class Untidy(Sound):
    def speak(self, text: str, options: Any, path: Path) -> None:
        self.write(text, options, path)
        path.with_name(f"{path.name}.tmp").touch()


class Chatty(Sound):
    def speak(self, text: str, options: Any, path: Path) -> None:
        self.write(text, options, path)
        print("Saved.")  # noqa: T201


class Parent(Sound):
    def speak(self, text: str, options: Any, path: Path) -> None:
        self.write(text, options, path)
        if "PAPERLEDGE_CONTRACT" in os.environ:  # where it is found again and ended
            subprocess.Popen(["sleep", "60"], start_new_session=True)
