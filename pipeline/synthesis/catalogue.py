"""Which voices can be added to a show, and the recogniser that listens to them: names, and files of each.

The styles of Kokoro are known by name and digest (styles.yaml). Piper's voices are many and grow in
number; any name of their form is asked for where they are published. A name that has neither form
becomes no path and no address.
"""

import re
from functools import cache
from pathlib import Path
from typing import Literal

from msgspec import Struct

from ..errors import SettingsError
from ..settings import load

__all__ = ["FILE_PATTERN", "CataloguedVoice", "VoiceFile", "find_voice", "how_to_add", "voice_of_file"]

STYLES_AT = "https://huggingface.co/onnx-community/Kokoro-82M-v1.0-ONNX/resolve/main"
PIPER_AT = "https://huggingface.co/rhasspy/piper-voices/resolve/main"
RECOGNISER = "whisper-tiny.en"
"""What `make listen` hears with; MIT."""
RECOGNISER_AT = "https://huggingface.co/Systran/faster-whisper-tiny.en/resolve/main"

STYLE_BYTES = 522_240
MOST_MODEL_BYTES = 256 * 1024 * 1024
"""Of a Piper voice; those of the best quality have 114 MB."""
MOST_CONFIG_BYTES = 1024 * 1024
MOST_CARD_BYTES = 64 * 1024

_LANGUAGES = {
    "a": "American English",
    "b": "British English",
    "e": "Spanish",
    "f": "French",
    "h": "Hindi",
    "i": "Italian",
    "j": "Japanese",
    "p": "Brazilian Portuguese",
    "z": "Mandarin Chinese",
}
"""Of a style, by the first letter of its name."""
_PIPER = r"[a-z]{2,3}_[A-Z]{2,3}-[A-Za-z0-9_]{1,64}-(x_low|low|medium|high)"
_STYLE_FILE = r"styles/[a-z]{2}_[a-z]{1,32}\.bin"
_PIPER_FILE = rf"piper/{_PIPER}(\.onnx|\.onnx\.json|\.MODEL_CARD)"
_RECOGNISER_FILE = rf"recognisers/{re.escape(RECOGNISER)}/(config\.json|vocabulary\.txt|model\.bin)"
FILE_PATTERN = rf"^({_STYLE_FILE}|{_PIPER_FILE}|{_RECOGNISER_FILE})\Z"
"""A file of a voice that can be added, below voices/."""

Kind = Literal["style", "model", "config", "card", "words"]


class VoiceFile(Struct, frozen=True, kw_only=True):
    """One file of a voice."""

    kind: Kind
    place: str
    """Below voices/."""
    published: str
    """Below the publisher's address, or one that holds the same."""
    most_bytes: int
    sha256: str = ""
    """"" if only its publisher knows."""


class CataloguedVoice(Struct, frozen=True, kw_only=True):
    """A voice that can be added."""

    name: str
    title: str
    """In words, such as "Heart, American English"."""
    engine: str
    """"" of a recogniser, which has no profile."""
    option: str
    """The option of the engine that names it."""
    publisher: str
    """The address its files are below."""
    licence: str = ""
    """Where its engine knows it; "" if it is read from the voice's card."""
    files: tuple[VoiceFile, ...]
    """In the order in which they are fetched: small ones first."""


def find_voice(name: str) -> CataloguedVoice:
    """The voice of that name. Raises SettingsError, with how names look, if there can be none."""
    if name in _styles():
        return _style(name, _styles()[name])
    if re.fullmatch(_PIPER, name, re.ASCII):
        return _piper_voice(name)
    if name == RECOGNISER:
        return _recogniser()
    raise SettingsError(f"there is no voice {name[:80]!r} to add", hint=_advice(name))


def how_to_add(place: str) -> str:
    """The command that brings a file of voices/; "" if none does."""
    name = voice_of_file(place)
    can_be_added = re.fullmatch(_PIPER, name, re.ASCII) or name in _styles() or name == RECOGNISER
    return f"get it with: paperledge voices add {name}" if can_be_added else ""


def voice_of_file(place: str) -> str:
    """The voice, or the recogniser, that a file below voices/ belongs to."""
    if place.startswith("recognisers/"):
        return place.split("/")[1]
    return re.sub(r"(\.bin|\.onnx|\.onnx\.json|\.MODEL_CARD)\Z", "", place.rpartition("/")[2])


@cache
def _styles() -> dict[str, str]:
    return load(Path(__file__).parent / "styles.yaml", dict[str, str])


def _style(name: str, sha256: str) -> CataloguedVoice:
    style = VoiceFile(
        kind="style",
        place=f"styles/{name}.bin",
        published=f"voices/{name}.bin",
        most_bytes=STYLE_BYTES,
        sha256=sha256,
    )
    language, speaker = _LANGUAGES[name[0]], name.partition("_")[2].capitalize()
    return CataloguedVoice(
        name=name,
        title=f"{speaker}, {language}",
        engine="kokoro",
        option="style",
        publisher=STYLES_AT,
        licence="Apache-2.0",
        files=(style,),
    )


def _piper_voice(name: str) -> CataloguedVoice:
    region, speaker, quality = name.split("-")
    folder = f"{region.partition('_')[0]}/{region}/{speaker}/{quality}"
    kinds: tuple[tuple[Kind, str, str, int], ...] = (
        ("card", f"{name}.MODEL_CARD", "MODEL_CARD", MOST_CARD_BYTES),
        ("config", f"{name}.onnx.json", f"{name}.onnx.json", MOST_CONFIG_BYTES),
        ("model", f"{name}.onnx", f"{name}.onnx", MOST_MODEL_BYTES),
    )
    files = tuple(
        VoiceFile(kind=kind, place=f"piper/{ours}", published=f"{folder}/{theirs}", most_bytes=most_bytes)
        for kind, ours, theirs, most_bytes in kinds
    )
    return CataloguedVoice(
        name=name,
        title=speaker.replace("_", " "),
        engine="piper",
        option="voice",
        publisher=PIPER_AT,
        files=files,
    )


def _recogniser() -> CataloguedVoice:
    kinds: tuple[tuple[Kind, str, int], ...] = (
        ("config", "config.json", MOST_CONFIG_BYTES),
        ("words", "vocabulary.txt", MOST_CONFIG_BYTES),
        ("model", "model.bin", MOST_MODEL_BYTES),
    )
    files = tuple(
        VoiceFile(kind=kind, place=f"recognisers/{RECOGNISER}/{file}", published=file, most_bytes=most_bytes)
        for kind, file, most_bytes in kinds
    )
    return CataloguedVoice(
        name=RECOGNISER,
        title="Whisper, which listens to English",
        engine="",
        option="",
        publisher=RECOGNISER_AT,
        licence="MIT",
        files=files,
    )


def _advice(name: str) -> str:
    from difflib import get_close_matches  # only ever needed on the way to an error

    close = get_close_matches(name, _styles(), n=3, cutoff=0.6)
    suggestion = f"did you mean {' or '.join(close)}? " if close else ""
    return (
        f"{suggestion}Kokoro has {len(_styles())} styles, such as af_heart and am_michael; "
        "names of Piper's voices look like en_US-joe-medium"
    )
