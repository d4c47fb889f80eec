import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import soundfile

from pipeline.assembly.encode import BITRATES_KBPS, RATES_HZ, encode
from pipeline.assembly.loudness import measure
from pipeline.audio import Samples, Sound

from .sounds import request, sine, speech

KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)


class Frame(NamedTuple):
    """An MPEG-1 layer III frame header, as ISO 11172-3 2.4.1.3 has it."""

    kbps: int
    rate_hz: int
    mono: bool
    size: int


def frame_at(data: bytes, place: int) -> Frame:
    first, second, third, fourth = data[place : place + 4]
    assert first == 0xFF
    assert second == 0xFB
    kbps, rate_hz = KBPS[third >> 4], (44100, 48000, 32000)[third >> 2 & 3]
    return Frame(kbps, rate_hz, fourth >> 6 == 3, 144 * kbps * 1000 // rate_hz + (third >> 1 & 1))


def frames_of(data: bytes) -> list[Frame]:
    """Walk from header to header; every byte has to belong to a frame."""
    frames, place = [], 0
    while place < len(data):
        frames.append(frame_at(data, place))
        place += frames[-1].size
    assert place == len(data)
    return frames


def crc16_arc(data: bytes) -> int:
    """Bit by bit the other way round: plain polynomial over reflected input, result reflected."""
    crc = 0
    for byte in data:
        crc ^= int(f"{byte:08b}"[::-1], 2) << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x8005 if crc & 0x8000 else 0)) & 0xFFFF
    return int(f"{crc:016b}"[::-1], 2)


def encoded(samples: Samples, path: Path, **changes: int) -> bytes:
    encode([samples], path, request(**changes))
    return path.read_bytes()


def test_the_check_value_of_the_crc_is_that_of_the_catalogue() -> None:
    assert crc16_arc(b"123456789") == 0xBB3D


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("kbps", [64, 128, 320])
def test_the_info_frame_counts_right(rate_hz: int, kbps: int, tmp_path: Path) -> None:
    sound = speech(1.3, rate_hz)
    data = encoded(sound, tmp_path / "a.mp3", rate_hz=rate_hz, bitrate_kbps=kbps)
    info, *audio = frames_of(data)
    assert set(audio) | {info} == {f for f in [info, *audio] if f[:3] == (kbps, rate_hz, True)}
    assert not any(data[4:21])
    name, flags, frames, total, table = struct.unpack_from(">4sIII100s", data, 21)
    assert (name, flags, frames, total) == (b"Info", 15, len(audio), len(data))
    assert list(table) == sorted(table)
    assert data[141:150] == b"LAME3.100"
    assert data[150] == 1
    assert data[161] == min(kbps, 255)
    delays = int.from_bytes(data[162:165])
    assert delays >> 12 == 576
    assert 576 + len(sound) + (delays & 0xFFF) == 1152 * len(audio)
    assert delays & 0xFFF >= 529
    assert struct.unpack_from(">I", data, 169) == (len(data),)
    assert struct.unpack_from(">H", data, 175) == (crc16_arc(data[:175]),)
    assert not any(data[177 : info.size])


@pytest.mark.parametrize(
    "length",
    [
        1,
        2,
        575,
        576,
        577,
        623,
        624,
        1151,
        1152,
        1153,
        1727,
        1728,
        2303,
        2304,
        2305,
        11519,
        11520,
        11521,
        44100,
        50000,
        66001,
    ],
)
def test_a_player_plays_exactly_the_samples_given(length: int, tmp_path: Path) -> None:
    encoded(sine(440, -6, 2.0, 44100)[:length], tmp_path / "a.mp3")
    decoded, rate_hz = soundfile.read(tmp_path / "a.mp3")
    assert (len(decoded), rate_hz) == (length, 44100)


def test_the_sound_is_where_it_was(tmp_path: Path) -> None:
    sound = speech(2.0, 44100)
    encoded(sound, tmp_path / "a.mp3", bitrate_kbps=320)
    decoded = soundfile.read(tmp_path / "a.mp3", dtype="float32")[0]
    size = 1 << 17
    shifts = np.fft.irfft(np.fft.rfft(decoded, 2 * size) * np.fft.rfft(sound, 2 * size).conj())
    assert shifts.argmax() == 0


@pytest.mark.parametrize("kbps", BITRATES_KBPS)
def test_the_level_is_what_it_was(kbps: int, tmp_path: Path) -> None:
    tone = sine(997, -12, 3.0, 44100)
    encoded(tone, tmp_path / "a.mp3", bitrate_kbps=kbps)
    before = measure(Sound(tone, 44100)).integrated_lufs
    assert measure(tmp_path / "a.mp3").integrated_lufs == pytest.approx(before, abs=0.01)


def test_blocks_of_any_length_give_the_same_bytes(tmp_path: Path) -> None:
    sound = speech(2.0, 44100)
    whole = encoded(sound, tmp_path / "whole.mp3")
    encode(np.split(sound, [1, 700, 1152, 30000]), tmp_path / "parts.mp3", request())
    assert (tmp_path / "parts.mp3").read_bytes() == whole


def test_samples_beyond_full_scale_saturate(tmp_path: Path) -> None:
    encoded(np.full(44100, 1.7, np.float32) * sine(200, 0, 1.0, 44100), tmp_path / "a.mp3")
    decoded = soundfile.read(tmp_path / "a.mp3", dtype="float32")[0]
    assert np.abs(np.diff(decoded)).max() < 0.3  # an overflow would jump from one end to the other
