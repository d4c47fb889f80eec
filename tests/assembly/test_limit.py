from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.assembly.limit import MOST_LIMITING_DB, amplified, limited, solve_levelling
from pipeline.audio import Samples, Sound
from pipeline.loudness import measure, measure_blocks

from .sounds import mix_of, sine, speech

RATE_HZ = 44100


def through(
    samples: Samples, folder: Path, gain_db: float, ceiling_dbtp: float, block: int = 65536
) -> Samples:
    blocks = limited(mix_of(samples, RATE_HZ, folder / "mix.f32"), gain_db, ceiling_dbtp, block)
    return np.concatenate(list(blocks))


def true_peak(samples: Samples) -> float:
    return measure(Sound(samples, RATE_HZ)).true_peak_dbtp


@pytest.mark.parametrize("gain_db", [6.0, 12.0, 20.0, 30.0])
@pytest.mark.parametrize("kind", ["speech", "clipped", "tone", "rumble", "clicks", "noise"])
def test_no_true_peak_is_above_the_ceiling(kind: str, gain_db: float, tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    sound = {
        "speech": speech(3.0, RATE_HZ),
        "clipped": np.clip(speech(3.0, RATE_HZ), -0.2, 0.2),
        "tone": sine(5000, -3, 1.0, RATE_HZ, degrees=30),
        "rumble": sine(2, -3, 2.0, RATE_HZ),
        "clicks": (random.random(RATE_HZ) > 0.999).astype(np.float32),
        "noise": np.convolve(random.standard_normal(RATE_HZ), np.hanning(8) / 8, "same").astype(np.float32),
    }[kind]
    assert true_peak(through(sound, tmp_path, gain_db, -1.5)) <= -1.5 + 0.05


def test_what_is_under_the_ceiling_is_only_amplified(tmp_path: Path) -> None:
    sound = speech(2.0, RATE_HZ, level=0.25)
    limited_sound = through(sound, tmp_path, 6.0, -1.5)
    assert np.array_equal(limited_sound, sound * np.float32(10 ** (6 / 20)))
    only_amplified = amplified(mix_of(sound, RATE_HZ, tmp_path / "mix.f32"), 6.0)
    assert np.array_equal(limited_sound, np.concatenate(list(only_amplified)))


def test_far_from_a_peak_nothing_changes_and_near_it_the_gain_moves_slowly(tmp_path: Path) -> None:
    sound = np.full(RATE_HZ, 0.1, np.float32) * np.where(np.arange(RATE_HZ) % 40 < 20, 1, -1).astype(
        np.float32
    )
    sound[20000] = 1.0
    gain = through(sound, tmp_path, 0.0, -6.0) / sound
    changed = np.flatnonzero(gain != 1.0)
    assert 20000 - changed[0] < 0.004 * RATE_HZ
    assert changed[-1] - 20000 < 0.004 * RATE_HZ
    assert gain.min() == pytest.approx(10 ** (-6 / 20), rel=1e-4)
    assert np.abs(np.diff(gain)).max() < 0.02


@settings(max_examples=12)
@given(block=st.integers(500, 70_000))
def test_how_the_mix_is_cut_into_blocks_changes_no_bit(
    block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sound, folder = speech(1.5, RATE_HZ), tmp_path_factory.mktemp("mix")
    assert np.array_equal(through(sound, folder, 12.0, -1.5, block), through(sound, folder, 12.0, -1.5))


@pytest.mark.parametrize("target", [-23.0, -19.0, -16.0, -14.0])
@pytest.mark.parametrize("level", [0.005, 0.3, 1.0])
def test_the_solved_gain_reaches_the_target(target: float, level: float, tmp_path: Path) -> None:
    mix = mix_of(speech(8.0, RATE_HZ, level=level), RATE_HZ, tmp_path / "mix.f32")
    levelling = solve_levelling(mix, target, -1.5)
    heard = measure_blocks(limited(mix, levelling.gain_db, -1.5), RATE_HZ)
    assert heard.integrated_lufs == pytest.approx(target, abs=0.05)
    assert levelling.integrated_lufs == pytest.approx(heard.integrated_lufs, abs=0.05)
    assert heard.true_peak_dbtp <= -1.5 + 0.05


def test_what_the_ceiling_forbids_is_given_up_as_near_as_it_gets(tmp_path: Path) -> None:
    clicks = np.zeros(RATE_HZ * 4, np.float32)
    clicks[::9000] = 0.5
    mix = mix_of(clicks, RATE_HZ, tmp_path / "mix.f32")
    reading = mix.reading
    levelling = solve_levelling(mix, -10.0, -1.5)
    assert levelling.integrated_lufs < -15.0
    assert levelling.gain_db <= -10.0 - reading.integrated_lufs + MOST_LIMITING_DB + 0.001
