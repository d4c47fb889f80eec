import math
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.audio import Samples, Sound
from pipeline.errors import AssemblyError
from pipeline.loudness import (
    Floats,
    LoudnessMeter,
    TruePeakMeter,
    gated_loudness,
    hop_samples,
    k_weighting,
    measure,
    measure_blocks,
)

from .signals import EBU_3341, EBU_3341_PEAKS, burst, peak_tone, tones
from .sounds import sine, speech


@pytest.mark.parametrize("rate_hz", [32000, 44100, 48000])
@pytest.mark.parametrize("case", EBU_3341)
def test_ebu_tech_3341_integrated_loudness(case: int, rate_hz: int) -> None:
    expected, parts = EBU_3341[case]
    heard = measure(Sound(tones(rate_hz, *parts), rate_hz))
    assert heard.integrated_lufs == pytest.approx(expected, abs=0.05)  # the EBU allows 0.1


@pytest.mark.parametrize("case", EBU_3341_PEAKS)
def test_ebu_tech_3341_true_peak(case: int) -> None:
    peak = measure(Sound(peak_tone(case), 48000)).true_peak_dbtp
    amplitude = EBU_3341_PEAKS[case][2]
    assert -0.4 <= peak - 20 * math.log10(amplitude) <= 0.2


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_peak_between_samples_is_found_wherever_it_is(quarters: int) -> None:
    assert measure(Sound(burst(quarters), 48000)).true_peak_dbtp == pytest.approx(-6.02, abs=0.05)


def test_the_highest_peak_is_found_in_speech() -> None:
    """Against brute force: the whole spectrum, sixteen times oversampled."""
    sound = speech(3.0, 44100, seed=5)
    spectrum = np.fft.rfft(np.pad(sound, 1000).astype(np.float64))
    padded_length = len(sound) + 2000
    fine = 16 * np.fft.irfft(spectrum, 16 * padded_length)
    expected = 20 * math.log10(np.abs(fine).max())
    assert measure(Sound(sound, 44100)).true_peak_dbtp == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("rate_hz", [8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000])
def test_a_full_scale_tone_reads_as_the_recommendation_says(rate_hz: int) -> None:
    heard = measure(Sound(sine(997, 0.0, 5.0, rate_hz), rate_hz))
    # Below 32 kHz the bilinear transform bends the shelf; the recommendation is for 48 kHz.
    assert heard.integrated_lufs == pytest.approx(-3.01, abs=0.02 if rate_hz >= 32000 else 0.1)


def test_coefficients_at_48_khz_are_those_printed_in_bs_1770() -> None:
    shelf, high_pass = k_weighting(48000)
    assert shelf == pytest.approx(
        (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585),
        abs=1e-13,
    )
    assert high_pass == pytest.approx((1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621), abs=1e-13)


def plain_energies(samples: Samples, rate_hz: int) -> Floats:
    """Of each 100 ms, sample by sample as BS.1770-4 draws the filter."""
    weighted = [float(sample) for sample in samples]
    for b0, b1, b2, a1, a2 in k_weighting(rate_hz):
        first = second = 0.0
        for index, sample in enumerate(weighted):
            result = b0 * sample + first
            first, second = b1 * sample - a1 * result + second, b2 * sample - a2 * result
            weighted[index] = result
    energies: Floats = (np.array(weighted).reshape(-1, hop_samples(rate_hz)) ** 2).sum(axis=1)
    return energies


@pytest.mark.parametrize("rate_hz", [16000, 44100])
def test_the_meter_filters_as_the_plain_recursion_does(rate_hz: int) -> None:
    samples = speech(1.0, rate_hz, seed=3)
    meter = LoudnessMeter(rate_hz)
    meter.add(samples)
    assert meter.energies() == pytest.approx(plain_energies(samples, rate_hz), rel=2e-6)


@pytest.mark.parametrize("below", [sine(20, -6, 2.0, 44100), np.full(88200, 0.5, np.float32)])
def test_rumble_and_an_offset_count_for_as_little_as_they_should(below: Samples) -> None:
    tone = sine(997, -40, 2.0, 44100)
    heard = measure(Sound(tone + below, 44100)).integrated_lufs
    plain = gated_loudness(plain_energies(tone + below, 44100), hop_samples(44100))
    assert heard == pytest.approx(plain, abs=1e-3)


@settings(max_examples=12)
@given(st.lists(st.integers(1, 200_000), max_size=12))
def test_how_a_sound_is_cut_into_blocks_changes_nothing(cuts: list[int]) -> None:
    sound = speech(4.0, 44100)
    whole = measure(Sound(sound, 44100))
    assert measure_blocks(np.split(sound, sorted(cut % len(sound) for cut in cuts)), 44100) == whole


def test_asking_on_the_way_changes_nothing() -> None:
    sound = speech(4.0, 44100)
    asked, silent = LoudnessMeter(44100), LoudnessMeter(44100)
    for block in np.split(sound, 7):
        asked.add(block)
        silent.add(block)
        asked.integrated_lufs()
    assert asked.integrated_lufs() == silent.integrated_lufs()


def test_pauses_do_not_lower_the_loudness() -> None:
    sound = speech(4.0, 44100)
    padded = np.concatenate((sound, np.zeros(44100 * 20, np.float32), sound))
    before, after = measure(Sound(sound, 44100)), measure(Sound(padded, 44100))
    assert after.integrated_lufs == pytest.approx(before.integrated_lufs, abs=0.15)


@pytest.mark.parametrize(
    "samples", [np.zeros(0), np.zeros(44100 * 2), sine(997, -75, 3, 44100), sine(997, 0, 0.3, 44100)]
)
def test_silence_and_shreds_have_no_loudness(samples: Samples) -> None:
    assert measure(Sound(samples.astype(np.float32), 44100)).integrated_lufs == -math.inf


def test_digital_silence_has_no_peak() -> None:
    assert TruePeakMeter().dbtp() == -math.inf


def test_a_peak_on_the_very_last_sample_counts() -> None:
    samples = np.zeros(1000, np.float32)
    samples[-1] = 0.25
    assert measure(Sound(samples, 44100)).true_peak_dbtp == pytest.approx(-12.04, abs=0.01)


def test_a_file_reads_as_its_samples_do(tmp_path: Path) -> None:
    sound = Sound(speech(4.0, 44100), 44100)
    soundfile.write(tmp_path / "speech.wav", sound.samples, 44100, subtype="FLOAT")
    assert measure(tmp_path / "speech.wav") == measure(sound)


def test_channels_are_added(tmp_path: Path) -> None:
    """BS.1770-4, annex 1: 0 dBFS of 997 Hz in one channel reads -3.01 LKFS, in both 0.0."""
    tone, still = sine(997, 0, 4.0, 48000), np.zeros(4 * 48000, np.float32)
    for name, right, lufs in (("both", tone, 0.0), ("left", still, -3.01)):
        soundfile.write(tmp_path / f"{name}.wav", np.stack((tone, right), 1), 48000, subtype="FLOAT")
        heard = measure(tmp_path / f"{name}.wav")
        assert heard.integrated_lufs == pytest.approx(lufs, abs=0.01)
        assert heard.true_peak_dbtp == pytest.approx(0.0, abs=0.01)
        assert heard.samples == len(tone)


def test_the_louder_channel_has_the_peak(tmp_path: Path) -> None:
    soft, loud = sine(997, -20, 1.0, 48000), sine(997, -6, 1.0, 48000)
    for channels in ((soft, loud), (loud, soft)):
        soundfile.write(tmp_path / "a.wav", np.stack(channels, 1), 48000, subtype="FLOAT")
        assert measure(tmp_path / "a.wav").true_peak_dbtp == pytest.approx(-6.0, abs=0.02)


def test_a_file_of_many_channels_or_no_sound_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "six.wav", np.zeros((100, 6)), 44100)
    (tmp_path / "none.mp3").write_text("nothing")
    with pytest.raises(AssemblyError, match="6 channels"):
        measure(tmp_path / "six.wav")
    with pytest.raises(AssemblyError, match=r"none\.mp3"):
        measure(tmp_path / "none.mp3")
