"""The bytes of a WAV from elsewhere into 16-bit mono samples.

Services that write while they speak do not know a length when they write the header: they put 0 or
nearly 2³² there, and the samples are then whatever follows. The standard library's reader takes
neither that nor floats.
"""

from collections.abc import Iterator
from struct import Struct
from typing import TYPE_CHECKING

from ..errors import PluginError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["decode"]

_FORMAT = Struct("<HHIIHH")
"""Of the chunk "fmt ": encoding, channels, rate, bytes a second, bytes a frame, bits a sample."""
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_UNKNOWN_LENGTH = 0x7FFF_0000
"""From here on a length is a way to say that it is not known."""
_HINT = "the service must know the response_format wav"


def decode(content: bytes) -> "tuple[NDArray[np.int16], int]":
    """Samples of 16 bits, the channels averaged, and their rate.

    Raises PluginError if it is no WAV of a kind that is known, ValueError if it ends early.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise PluginError(f"what came is {_name(content)}, not a WAV", hint=_HINT)
    layout = b""
    for name, start, size in _chunks(content):
        if name == b"fmt ":
            layout = content[start : start + size]
        elif name == b"data" and len(layout) >= _FORMAT.size:
            return _samples(layout, _data(content, start, size))
    raise ValueError("the WAV ends before its samples")


def _name(content: bytes) -> str:
    known = {
        b"ID3": "an MP3",
        b"\xff\xfb": "an MP3",
        b"\xff\xf3": "an MP3",
        b"OggS": "an Ogg",
        b"fLaC": "a FLAC",
    }
    return next((name for start, name in known.items() if content.startswith(start)), "something else")


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, place of the content, and length as it stands there."""
    place = 12
    while place + 8 <= len(content):
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        yield content[place : place + 4], place + 8, size
        place += 8 + size + size % 2


def _data(content: bytes, start: int, size: int) -> bytes:
    if size == 0 or size >= _UNKNOWN_LENGTH:
        return content[start:]
    if start + size > len(content):
        raise ValueError(f"the WAV ends after {len(content) - start:,} of {size:,} bytes of samples")
    return content[start : start + size]


def _samples(layout: bytes, data: bytes) -> "tuple[NDArray[np.int16], int]":
    encoding, channels, rate_hz, _, _, bits = _FORMAT.unpack_from(layout)
    if encoding == _EXTENSIBLE:
        encoding = int.from_bytes(layout[24:26], "little")
    is_known = (encoding == _PCM and bits in (8, 16, 24, 32)) or (encoding == _FLOAT and bits in (32, 64))
    if not is_known or not 1 <= channels <= 8 or not 4_000 <= rate_hz <= 192_000:
        what = f"a WAV of encoding {encoding}, {bits} bits, {channels} channels and {rate_hz:,} Hz"
        raise PluginError(f"what came is {what}, which is not known", hint=_HINT)
    frames = len(data) // (channels * bits // 8)
    return _mono(data[: frames * channels * bits // 8], encoding, bits, channels), rate_hz


def _mono(data: bytes, encoding: int, bits: int, channels: int) -> "NDArray[np.int16]":
    import numpy as np  # only ever needed where a line is spoken

    if (encoding, bits, channels) == (_PCM, 16, 1):
        return np.frombuffer(data, "<i2")
    if encoding == _FLOAT:
        wide = np.nan_to_num(np.frombuffer(data, f"<f{bits // 8}").astype(np.float64)) * 32_768
    elif bits == 8:  # the only one without a sign
        wide = (np.frombuffer(data, np.uint8).astype(np.float64) - 128) * 256
    else:  # each sample moved to the upper bytes of four
        octets = np.zeros((len(data) // (bits // 8), 4), np.uint8)
        octets[:, 4 - bits // 8 :] = np.frombuffer(data, np.uint8).reshape(-1, bits // 8)
        wide = octets.view("<i4")[:, 0] / 65_536
    mean = wide.reshape(-1, channels).mean(axis=1)
    samples: NDArray[np.int16] = np.clip(np.rint(mean), -32_768, 32_767).astype("<i2")
    return samples
