"""A voice for Piper that a test makes: 1 kB, a tone for each phoneme. The words of the files are ONNX's.

In: phonemes, their scale, and a speaker who sings higher the greater his number. A phoneme lasts as
real voices have it: a part of its time grows with the scale, a part does not.
"""

import json
import struct
from pathlib import Path

RATE_HZ = 8_000
PHONEME_S = 0.036
"""Half of them are the silent one that Piper puts between the others."""
_FLOAT, _INT64 = 1, 7


def write_voice(
    folder: Path, name: str = "little", speakers: int = 1, seconds: float = PHONEME_S
) -> tuple[Path, Path]:
    """The two files of a voice, for `Piper.speak`."""
    folder.mkdir(parents=True, exist_ok=True)
    model, config = folder / f"{name}.onnx", folder / f"{name}.onnx.json"
    model.write_bytes(_model(speakers, seconds * RATE_HZ))
    config.write_text(json.dumps(_config(speakers)))
    return model, config


def _config(speakers: int) -> dict[str, object]:
    letters = " !'(),-.:;?abcdefhijklmnopqrstuvwxyzæçðøħŋœǀǁǂǃɐɑɒɓɔɕɖɗɘəɚɛɜɡɪɬɹɾʃʊʌʒʔˈˌːθᵻ"
    return {
        "num_symbols": 256,
        "num_speakers": speakers,
        "audio": {"sample_rate": RATE_HZ},
        "espeak": {"voice": "en-us"},
        "phoneme_type": "espeak",
        "phoneme_id_map": {"_": [0], "^": [0], "$": [0], **{char: [at % 40 + 8] for at, char in enumerate(letters)}},
    }  # fmt: skip


def _model(speakers: int, samples: float) -> bytes:
    nodes = [
        # How many samples a phoneme lasts: (0.75 * scale + 0.25) * samples.
        _node("Gather", ["scales", "one"], "scale"),
        _node("Mul", ["scale", "growing"], "longer"),
        _node("Add", ["longer", "fixed"], "length"),
        _node("Cast", ["length"], "count", to=_INT64),
        _node("Range", ["zero", "count", "step"], "places"),
        _node("Cast", ["places"], "times", to=_FLOAT),
        # A tone: sin(place * phoneme * pitch), a row for each phoneme.
        _node("Cast", ["input"], "ids", to=_FLOAT),
        _node("Transpose", ["ids"], "column"),
        *([_node("Cast", ["sid"], "who", to=_FLOAT), _node("Add", ["who", "unit"], "above"),
           _node("Mul", ["above", "pitch"], "tune")] if speakers > 1 else [_node("Identity", ["pitch"], "tune")]),
        _node("Mul", ["column", "tune"], "notes"),
        _node("Mul", ["notes", "times"], "phases"),
        _node("Sin", ["phases"], "wave"),
        _node("Mul", ["wave", "loudness"], "quieter"),
        _node("Reshape", ["quieter", "flat"], "output"),
    ]  # fmt: skip
    values = [
        _tensor("one", _INT64, [1]), _tensor("zero", _INT64, [0]), _tensor("step", _INT64, [1]),
        _tensor("flat", _INT64, [1, 1, 1, -1], is_list=True),
        _tensor("growing", _FLOAT, [0.75 * samples]), _tensor("fixed", _FLOAT, [0.25 * samples]),
        _tensor("pitch", _FLOAT, [0.01]), _tensor("unit", _FLOAT, [1.0]), _tensor("loudness", _FLOAT, [0.3]),
    ]  # fmt: skip
    inputs = [_value("input", _INT64, 2), _value("input_lengths", _INT64, 1), _value("scales", _FLOAT, 1)]
    inputs += [_value("sid", _INT64, 1)] if speakers > 1 else []
    graph = b"".join(
        [
            *(_bytes(1, node) for node in nodes),
            _bytes(2, b"little"),
            *(_bytes(5, value) for value in values),
            *(_bytes(11, value) for value in inputs),
            _bytes(12, _value("output", _FLOAT, 4)),
        ]
    )
    return _number(1, 8) + _bytes(8, _number(2, 13)) + _bytes(7, graph)


def _node(kind: str, inputs: list[str], output: str, *, to: int | None = None) -> bytes:
    attribute = b"" if to is None else _bytes(5, _bytes(1, b"to") + _number(3, to) + _number(20, 2))
    return (
        b"".join(_bytes(1, name.encode()) for name in inputs)
        + _bytes(2, output.encode())
        + _bytes(4, kind.encode())
        + attribute
    )


def _tensor(name: str, kind: int, values: list[float], *, is_list: bool = False) -> bytes:
    raw = struct.pack(f"<{len(values)}{'q' if kind == _INT64 else 'f'}", *values)
    dims = _number(1, len(values)) if is_list else b""
    return dims + _number(2, kind) + _bytes(8, name.encode()) + _bytes(9, raw)


def _value(name: str, kind: int, rank: int) -> bytes:
    shape = b"".join(_bytes(1, _bytes(2, f"{name}{axis}".encode())) for axis in range(rank))
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, shape)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])
