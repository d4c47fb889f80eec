import shutil
import struct
import subprocess
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import soundfile
from mutagen import File
from mutagen.mp3 import BitrateMode

from pipeline.assembly.encode import BITRATES_KBPS, RATES_HZ, encode
from pipeline.audio import Samples, Sound
from pipeline.loudness import measure

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


def encoded(samples: Samples, path: Path, **changes: int | None) -> bytes:
    encode([samples], path, request(**changes))
    return path.read_bytes()


def test_the_check_value_of_the_crc_is_that_of_the_catalogue() -> None:
    assert crc16_arc(b"123456789") == 0xBB3D


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize(
    ("kbps", "vbr"), [(64, None), (128, None), (320, None), (None, 0), (None, 4), (None, 9)]
)
def test_the_info_frame_counts_right(
    kbps: int | None, vbr: int | None, rate_hz: int, channels: int, tmp_path: Path
) -> None:
    sound = speech(1.3, rate_hz)
    order: dict[str, int | None] = {"bitrate_kbps": kbps, "vbr_quality": vbr, "channels": channels}
    data = encoded(sound, tmp_path / "a.mp3", rate_hz=rate_hz, **order)
    info, *audio = frames_of(data)
    assert {frame[1:3] for frame in [info, *audio]} == {(rate_hz, channels == 1)}
    assert {frame.kbps for frame in audio} == {kbps} if kbps else info.kbps == 128
    xing = 21 if channels == 1 else 36
    assert not any(data[4:xing])
    name, flags, frames, total = struct.unpack_from(">4sIII", data, xing)
    assert (name, flags, frames, total) == (b"Info" if kbps else b"Xing", 15, len(audio), len(data))
    (quality,) = struct.unpack_from(">I", data, xing + 116)
    assert quality == (53 if vbr is None else 93 - 10 * vbr)
    assert data[xing + 120 : xing + 129] == b"LAME3.100"
    assert data[xing + 129] == (1 if kbps else 4)
    assert data[xing + 140] == min(kbps or 32, 255)
    delays = int.from_bytes(data[xing + 141 : xing + 144])
    assert delays >> 12 == 576
    assert 576 + len(sound) + (delays & 0xFFF) == 1152 * len(audio)
    assert delays & 0xFFF >= 529
    rate_code, mode = data[xing + 144] >> 6, data[xing + 144] >> 2 & 7
    assert (rate_code, mode) == (sorted(RATES_HZ).index(rate_hz), {1: 0, 2: 3}[channels])
    assert struct.unpack_from(">I", data, xing + 148) == (len(data),)
    assert struct.unpack_from(">H", data, xing + 154) == (crc16_arc(data[: xing + 154]),)
    assert not any(data[xing + 156 : info.size])


@pytest.mark.parametrize("vbr", [None, 4])
def test_the_seek_table_says_where_each_hundredth_begins(vbr: int | None, tmp_path: Path) -> None:
    """Loud noise, then silence: far from even at a variable bit rate."""
    sound = np.concatenate((0.5 * np.random.default_rng(1).standard_normal(441000), np.zeros(441000)))
    kbps = 128 if vbr is None else None
    data = encoded(sound.astype(np.float32), tmp_path / "a.mp3", bitrate_kbps=kbps, vbr_quality=vbr)
    places = list(accumulate(frame.size for frame in frames_of(data)))
    table = [data[37 + percent] * len(data) / 256 for percent in range(100)]
    true = [places[(len(places) - 1) * percent // 100] for percent in range(100)]
    assert max(abs(said - place) for said, place in zip(table, true, strict=True)) <= len(data) / 256
    assert (true[50] > 0.7 * len(data)) == (vbr is not None)


def length_in_libsndfile(path: Path) -> int:
    return len(soundfile.read(path, always_2d=True)[0])


def length_in_mpg123(path: Path) -> int:
    played = subprocess.run(["mpg123", "-q", "--stereo", "-s", path], check=True, capture_output=True)
    return len(played.stdout) // 4


def length_in_ffmpeg(path: Path) -> int:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-ac", "2", "-f", "s16le", "-"]
    return len(subprocess.run(command, check=True, capture_output=True).stdout) // 4


LENGTHS = (1, 2, 575, 576, 577, 623, 624, 1151, 1152, 1153, 1727, 1728, 2303, 2304, 2305, 11519, 11520, 11521)
CHOICES = ((128, None, 1), (64, None, 2), (None, 0, 1), (None, 4, 1), (None, 4, 2), (None, 9, 2))
PLAYERS = {"libsndfile": length_in_libsndfile, "mpg123": length_in_mpg123, "ffmpeg": length_in_ffmpeg}


@pytest.mark.parametrize(("kbps", "vbr", "channels"), CHOICES)
@pytest.mark.parametrize("player", PLAYERS)
def test_a_player_plays_exactly_the_samples_given(
    player: str, kbps: int | None, vbr: int | None, channels: int, tmp_path: Path
) -> None:
    if player != "libsndfile" and not shutil.which(player):
        pytest.skip(f"no {player} here")
    played = {}
    for length in (*LENGTHS, 22050, 44100, 50000, 66001):
        tone = sine(440, -6, 2.0, 44100)[:length]
        encoded(tone, tmp_path / "a.mp3", bitrate_kbps=kbps, vbr_quality=vbr, channels=channels)
        played[length] = PLAYERS[player](tmp_path / "a.mp3")
    assert played == {length: length for length in played}


@pytest.mark.parametrize(("kbps", "vbr", "channels"), CHOICES)
def test_a_player_shows_the_right_length_and_settings(
    kbps: int | None, vbr: int | None, channels: int, tmp_path: Path
) -> None:
    encoded(speech(3.0, 44100), tmp_path / "a.mp3", bitrate_kbps=kbps, vbr_quality=vbr, channels=channels)
    info: Any = File(tmp_path / "a.mp3").info
    assert info.length == pytest.approx(3.0, abs=1e-6)
    assert (info.channels, info.sketchy) == (channels, False)
    assert info.bitrate_mode == (BitrateMode.VBR if kbps is None else BitrateMode.CBR)
    assert info.encoder_settings == (f"-b {kbps}" if kbps else f"-V {vbr}")


@pytest.mark.parametrize(("kbps", "vbr"), [(64, None), (128, None), (None, 2), (None, 6)])
def test_both_channels_are_the_same_to_the_bit(kbps: int | None, vbr: int | None, tmp_path: Path) -> None:
    encoded(speech(2.0, 44100), tmp_path / "a.mp3", bitrate_kbps=kbps, vbr_quality=vbr, channels=2)
    decoded = soundfile.read(tmp_path / "a.mp3", dtype="float32")[0]
    assert decoded.shape == (88200, 2)
    assert np.array_equal(decoded[:, 0], decoded[:, 1])
    assert np.abs(decoded).max() > 0.3


@pytest.mark.parametrize(("kbps", "vbr", "channels"), CHOICES)
def test_checkers_find_nothing_wrong(
    kbps: int | None, vbr: int | None, channels: int, tmp_path: Path
) -> None:
    if not shutil.which("mp3val"):
        pytest.skip("no mp3val here")
    data = encoded(
        speech(3.0, 44100), tmp_path / "a.mp3", bitrate_kbps=kbps, vbr_quality=vbr, channels=channels
    )
    said = subprocess.run(["mp3val", tmp_path / "a.mp3"], check=True, capture_output=True, text=True).stdout
    assert [line for line in said.splitlines() if "WARNING" in line and "No supported tags" not in line] == []
    assert f"{len(frames_of(data))} MPEG frames (MPEG 1 Layer III)" in said
    assert ("Xing header" in said) == (kbps is None)


def test_the_sound_is_where_it_was(tmp_path: Path) -> None:
    sound = speech(2.0, 44100)
    encoded(sound, tmp_path / "a.mp3", bitrate_kbps=320)
    decoded = soundfile.read(tmp_path / "a.mp3", dtype="float32")[0]
    size = 1 << 17
    shifts = np.fft.irfft(np.fft.rfft(decoded, 2 * size) * np.fft.rfft(sound, 2 * size).conj())
    assert shifts.argmax() == 0


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("kbps", BITRATES_KBPS)
def test_the_level_is_what_it_was(kbps: int, channels: int, tmp_path: Path) -> None:
    tone = sine(997, -12, 3.0, 44100)
    encoded(tone, tmp_path / "a.mp3", bitrate_kbps=kbps, channels=channels)
    before = measure(Sound(tone, 44100)).integrated_lufs + (0.0, 3.01)[channels - 1]
    assert measure(tmp_path / "a.mp3").integrated_lufs == pytest.approx(before, abs=0.01)


@pytest.mark.parametrize("vbr", range(10))
def test_a_variable_bit_rate_keeps_the_level_of_speech(vbr: int, tmp_path: Path) -> None:
    """But for what it leaves out, which is more the smaller it is."""
    sound = speech(4.0, 44100)
    encoded(sound, tmp_path / "a.mp3", bitrate_kbps=None, vbr_quality=vbr)
    before = measure(Sound(sound, 44100)).integrated_lufs
    assert measure(tmp_path / "a.mp3").integrated_lufs == pytest.approx(before, abs=0.2 if vbr > 6 else 0.1)


def test_blocks_of_any_length_give_the_same_bytes(tmp_path: Path) -> None:
    sound = speech(2.0, 44100)
    whole = encoded(sound, tmp_path / "whole.mp3")
    encode(np.split(sound, [1, 700, 1152, 30000]), tmp_path / "parts.mp3", request())
    assert (tmp_path / "parts.mp3").read_bytes() == whole


def test_samples_beyond_full_scale_saturate(tmp_path: Path) -> None:
    encoded(np.full(44100, 1.7, np.float32) * sine(200, 0, 1.0, 44100), tmp_path / "a.mp3")
    decoded = soundfile.read(tmp_path / "a.mp3", dtype="float32")[0]
    assert np.abs(np.diff(decoded)).max() < 0.3  # an overflow would jump from one end to the other
