import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audio import (
    Samples,
    Sound,
    read_blocks,
    read_sound,
    resample,
    silence,
    to_int16,
    write_wav,
)
from pipeline.errors import PaperledgeError
from pipeline.lengths import resampled_length, samples_in

RATES = [8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000]


def tone(hertz: float, seconds: float, rate_hz: int) -> Samples:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate_hz)) / rate_hz)).astype(
        np.float32
    )


def test_a_written_wav_reads_back_as_it_was(tmp_path: Path) -> None:
    samples = np.arange(-32768, 32768, dtype=np.float32) / np.float32(32768)
    write_wav(Sound(samples, 16000), tmp_path / "a.wav")
    sound = read_sound(tmp_path / "a.wav")
    assert sound.rate_hz == 16000
    assert np.array_equal(sound.samples, samples)
    assert sound.samples.dtype == np.float32
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getnframes()) == (1, 2, 65536)


def test_a_wav_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        write_wav(Sound(tone(440, 0.5, 16000), 16000), tmp_path / name)
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_rounding_is_to_the_nearest_step_and_saturates() -> None:
    steps = np.array([0.4, 0.6, -0.6, 32766.6, 32769.0, -32767.7, -40000.0, 1e9], np.float32)
    assert to_int16(steps / np.float32(32768)).tolist() == [0, 1, -1, 32767, 32767, -32768, -32768, 32767]


@pytest.mark.parametrize("suffix", ["wav", "flac", "aiff", "ogg", "mp3"])
def test_common_formats_are_read_at_their_own_rate_and_as_mono(suffix: str, tmp_path: Path) -> None:
    left, right = tone(440, 1.0, 44100), np.zeros(44100, np.float32)
    soundfile.write(tmp_path / f"a.{suffix}", np.stack((left, right), axis=1), 44100)
    sound = read_sound(tmp_path / f"a.{suffix}")
    assert sound.samples.shape == (44100,)
    assert sound.rate_hz == 44100
    assert np.abs(sound.samples - left / 2)[2000:-2000].max() < 0.02


def test_other_formats_are_read_by_pydub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pydub import AudioSegment

    frames = np.array([[16384, 0], [-32768, -32768], [0, 0]], np.int16)
    segment = AudioSegment(frames.tobytes(), sample_width=2, frame_rate=12000, channels=2)
    monkeypatch.setattr(AudioSegment, "from_file", lambda path, duration: segment)
    (tmp_path / "a.m4a").write_bytes(b"foreign")
    sound = read_sound(tmp_path / "a.m4a")
    assert sound.rate_hz == 12000
    assert sound.samples.tolist() == [0.25, -1.0, 0.0]


def test_without_ffmpeg_a_foreign_format_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a.m4a").write_bytes(b"foreign")
    with pytest.raises(PaperledgeError, match=r"a\.m4a.*install ffmpeg"):
        read_sound(tmp_path / "a.m4a")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(PaperledgeError, match="no such sound file"):
        read_sound(tmp_path / "none.wav")


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\x24\0\0\0WAVEfmt "])
def test_a_damaged_file_is_named(data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(PaperledgeError, match=r"a\.wav"):
        read_sound(tmp_path / "a.wav")


@given(st.integers(0, 20_000), st.sampled_from(RATES))
def test_silence_is_zeros_of_the_nearest_length(ms: int, rate_hz: int) -> None:
    sound = silence(ms, rate_hz)
    assert abs(len(sound.samples) - ms * rate_hz / 1000) <= 0.5
    assert len(sound.samples) == samples_in(ms, rate_hz)
    assert not sound.samples.any()


@given(st.integers(0, 3000), st.sampled_from(RATES), st.sampled_from(RATES))
def test_a_resampled_sound_is_exactly_as_long_as_planned(length: int, rate_hz: int, new_rate_hz: int) -> None:
    sound = resample(Sound(np.ones(length, np.float32), rate_hz), new_rate_hz)
    assert len(sound.samples) == resampled_length(length, rate_hz, new_rate_hz)
    assert abs(len(sound.samples) - length * new_rate_hz / rate_hz) <= 0.5
    assert sound.rate_hz == new_rate_hz


@pytest.mark.parametrize("rate_hz", [16000, 22050, 48000])
def test_resampling_keeps_a_tone_clean(rate_hz: int) -> None:
    sound = resample(Sound(tone(3000, 1.0, rate_hz), rate_hz), 44100)
    wanted = tone(3000, 1.0, 44100)
    error = (sound.samples - wanted)[4410:-4410]
    assert 20 * np.log10(np.sqrt(np.mean(error**2)) / 0.35) < -90


def test_a_sound_at_its_own_rate_is_left_alone() -> None:
    sound = Sound(tone(440, 0.1, 16000), 16000)
    assert resample(sound, 16000) is sound


@pytest.mark.parametrize("rate_hz", [44100, 16000])
@pytest.mark.parametrize("length", [0, 1, 999, 1000, 1001])
def test_a_file_read_in_blocks_is_as_long_as_planned(rate_hz: int, length: int, tmp_path: Path) -> None:
    samples = np.linspace(-0.5, 0.5, length, dtype=np.float32)
    soundfile.write(tmp_path / "a.wav", samples, 44100, subtype="FLOAT")
    read = np.concatenate(list(read_blocks(tmp_path / "a.wav", rate_hz, block=500)))
    assert len(read) == resampled_length(length, 44100, rate_hz)
    if rate_hz == 44100:
        assert np.array_equal(read, samples)


def test_pydub_is_not_imported_for_ordinary_sounds() -> None:
    program = "import sys; import pipeline.audio; print('pydub' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert loaded.stdout.strip() == "False"
