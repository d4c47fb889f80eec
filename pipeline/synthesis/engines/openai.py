"""A service that speaks as OpenAI's does (`POST …/v1/audio/speech`): theirs, or a server of your own.

The key is read from the environment when a line is spoken, and is nowhere else: not in options,
keys, messages or files. Text goes out in pieces that the service takes, cut where sentences end.
"""

import os
import re
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from ...errors import PluginError
from ...web import is_address, is_near
from .. import waves
from ..engine import USUAL_WPM, VoiceInfo, WordsPerMinute

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ENGINE", "OpenAI", "OpenAIOptions", "pieces"]

REVISION = 1
"""One more whenever our files change the sound."""
PIECE_CHARS = 4_096
"""What the service takes at once."""
LIMIT_S, LIMIT_PER_CHAR_S = 30.0, 0.1
"""For an answer, as for the engines that run here."""
_JOINT_MS = 200
"""Of silence where a text was cut."""
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s")
_SPACE = re.compile(r"\s")

Name = Annotated[str, Meta(min_length=1, max_length=200)]


class OpenAIOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which service, and how it speaks."""

    base_url: str = "https://api.openai.com/v1"
    """Of the service; "/v1" is added unless it ends in a version already."""
    model: Name = "gpt-4o-mini-tts"
    voice: Name = "alloy"
    instructions: Annotated[str, Meta(max_length=4_096)] = ""
    """How to speak, in words, for models that heed them."""
    words_per_minute: WordsPerMinute = USUAL_WPM
    """80 to 400, for models that heed it; by themselves voices are taken to speak as usual."""
    key_variable: str = "OPENAI_API_KEY"
    """The environment variable that holds the key; "" for a service that needs none."""
    price_microdollars: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
    """Millionths of a dollar for 1,000 characters, for an estimate; 0 if unknown."""

    def __post_init__(self) -> None:
        # The faults do not quote: a key may have been written in the wrong place.
        if not is_address(self.base_url):
            raise ValueError(
                "base_url is http:// or https:// with a host, perhaps a port and a path, and nothing else"
            )
        if not re.fullmatch(r"(?:[A-Za-z_][A-Za-z0-9_]{0,63})?", self.key_variable):
            raise ValueError("key_variable is the name of an environment variable, not the key")

    @property
    def url(self) -> str:
        """Where speech is asked for."""
        base = self.base_url.rstrip("/")
        return base + ("" if re.search(r"/v\d+$", base) else "/v1") + "/audio/speech"


class OpenAI:
    """See the module."""

    name = "openai"
    Options: type[msgspec.Struct] = OpenAIOptions
    licence = "MIT"
    deterministic = False
    own_process = False
    network = True
    memory_mb = 200
    max_chars = 20_000

    def check(self, options: OpenAIOptions) -> None:
        """Raises PluginError without a key; asks nobody."""
        _key(options)

    def identity(self, options: OpenAIOptions) -> str:
        """Our revision, where the service is, its model and voice."""
        return f"openai.{REVISION} {_host(options)} {options.model} {options.voice}"

    def describe(self, options: OpenAIOptions) -> VoiceInfo:
        """Such as "gpt-4o-mini-tts of api.openai.com, voice alloy"."""
        name = f"{options.model} of {_host(options)}, voice {options.voice}"
        return VoiceInfo(id=options.voice, language="", name=name)

    def warm(self) -> None:
        """Nothing to load."""

    def speak(self, text: str, options: OpenAIOptions, path: Path) -> None:
        """Write `text` as a WAV, at the service's own rate."""
        from .. import remote  # with urllib.request, which only a line that is spoken needs

        service = remote.Service(options.url, _key(options), is_near=is_near(options.url))
        spoken = [
            waves.decode(service.ask(_question(piece, options), LIMIT_S + LIMIT_PER_CHAR_S * len(piece)))
            for piece in pieces(text)
        ]
        samples, rate_hz = _joined(spoken)
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, rate_hz, 0, "NONE", ""))
            file.writeframes(samples.tobytes())

    def voices(self) -> tuple[VoiceInfo, ...]:
        """None on this computer; each service has its own."""
        return ()


def pieces(text: str, limit: int = PIECE_CHARS) -> Iterator[str]:
    """A text in pieces of at most `limit`, cut after sentences, else at spaces, else anywhere."""
    rest = text.strip()
    while len(rest) > limit:
        places = [
            max((match.end() for match in pattern.finditer(rest, 0, limit + 1)), default=0)
            for pattern in (_SENTENCE_END, _SPACE)
        ]
        place = places[0] or places[1] or limit
        yield rest[:place].rstrip()
        rest = rest[place:].lstrip()
    yield rest


def _question(text: str, options: OpenAIOptions) -> dict[str, Any]:
    """What the service is sent; what is as usual is left out, as not every server knows it."""
    question: dict[str, Any] = {
        "model": options.model,
        "voice": options.voice,
        "input": text,
        "response_format": "wav",
    }
    if options.instructions:
        question["instructions"] = options.instructions
    if options.words_per_minute != USUAL_WPM:
        question["speed"] = round(options.words_per_minute / USUAL_WPM, 2)
    return question


def _joined(spoken: "list[tuple[NDArray[np.int16], int]]") -> "tuple[NDArray[np.int16], int]":
    import numpy as np  # see waves

    rates = {rate_hz for _, rate_hz in spoken}
    if len(rates) > 1:
        raise PluginError("the pieces of one line came at different rates")
    (rate_hz,) = rates
    breath = np.zeros(rate_hz * _JOINT_MS // 1000, "<i2")
    parts = [part for samples, _ in spoken for part in (breath, samples)]
    return np.concatenate(parts[1:]), rate_hz


def _key(options: OpenAIOptions) -> str:
    """The key, "" where none is needed. Raises PluginError, naming the variable, never the key."""
    variable = options.key_variable
    if not variable:
        return ""
    key = os.environ.get(variable, "").strip()
    if not key:
        hint = 'set it, or write `key_variable: ""` for a service that needs no key'
        raise PluginError(f"the key of {_host(options)} is not there: {variable} is not set", hint=hint)
    if not re.fullmatch(r"[!-~]+", key):
        raise PluginError(f"{variable} holds what no key does: spaces, line ends or letters beyond ASCII")
    if options.url.startswith("http:") and not is_near(options.url):
        hint = 'use https, or write `key_variable: ""` if the service needs no key'
        raise PluginError(f"the key would go to {_host(options)} for everybody to read", hint=hint)
    return key


def _host(options: OpenAIOptions) -> str:
    return urlsplit(options.base_url).netloc


ENGINE = OpenAI()
