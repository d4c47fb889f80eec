"""A long sound becomes windows that lose nothing and are cut in pauses; sound becomes features."""

import numpy as np
import pytest

from pipeline.listening.features import RATE_HZ, features_of
from pipeline.listening.windows import windows_of

CHANCE = np.random.default_rng(1)


def noise(seconds: float) -> np.ndarray:
    return CHANCE.normal(0, 0.1, int(seconds * RATE_HZ)).astype(np.float32)


def test_windows_join_to_the_sound() -> None:
    sound = noise(61.7)
    windows = list(windows_of(np.array_split(sound, 23), 10))
    assert np.array_equal(np.concatenate(windows), sound)
    assert all(5 * RATE_HZ <= len(window) <= 10 * RATE_HZ for window in windows[:-1])


def test_cuts_are_in_pauses() -> None:
    pause = np.zeros(RATE_HZ // 2, np.float32)
    sound = np.concatenate([part for _ in range(6) for part in (noise(3), pause)])
    edges = np.cumsum([len(window) for window in windows_of([sound], 10)])[:-1]
    assert len(edges)
    assert all(not sound[edge - 1000 : edge + 1000].any() for edge in edges)


def test_how_a_sound_arrives_changes_no_window() -> None:
    sound = noise(40)
    one, many = list(windows_of([sound], 12)), list(windows_of(np.array_split(sound, 100), 12))
    assert [len(window) for window in one] == [len(window) for window in many]


@pytest.mark.parametrize("seconds", [0, 1])
def test_what_fits_is_one_window(seconds: int) -> None:
    assert len(list(windows_of([noise(seconds)], 10))) == seconds


@pytest.mark.parametrize(("seconds", "frames"), [(0.0, 3000), (2.5, 3000), (30.0, 3000), (40.0, 3000)])
def test_features_are_of_half_a_minute(seconds: float, frames: int) -> None:
    features = features_of(noise(seconds))
    assert features.shape == (80, frames)
    assert features.dtype == np.float32
    assert features.max() - features.min() <= 2.0001


@pytest.mark.parametrize(("hz", "band"), [(200, 4), (1000, 26), (4000, 60)])
def test_a_tone_is_loudest_in_its_band(hz: float, band: int) -> None:
    tone = np.sin(2 * np.pi * hz * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32)
    assert abs(int(features_of(tone)[:, 20:80].mean(1).argmax()) - band) <= 2
