"""Numbers become paths that show them, in whole numbers, and never more than a picture can show."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reporting.figures import WIDTH, bars, blocks, curve, outline, share, spark, ticks_ms

values = st.lists(st.integers(-100_000, 100_000), max_size=3_000)


def numbers(path: str) -> list[int]:
    return [int(found) for found in re.findall(r"-?\d+", path)]


def test_a_waveform_is_as_high_as_its_peaks() -> None:
    assert outline([1000, 500, 0, 200]) == "M125 0v100M375 25v50M625 49v2M875 40v20"


def test_the_highest_peak_of_a_column_is_shown() -> None:
    peaks = [10] * 10_000
    peaks[7_003] = 1000
    strokes = outline(peaks).split("M")[1:]
    assert len(strokes) == WIDTH
    assert [stroke for stroke in strokes if stroke.endswith("v100")] == ["700 0v100"]


def test_a_curve_goes_from_edge_to_edge_and_stays_in_its_box() -> None:
    assert curve([-16, -10, -30, 99], low=-30, high=-10) == "M0 30L333 0L667 100L1000 0"


def test_bars_stand_where_and_as_high_as_they_should() -> None:
    assert bars([(0, 500, 50), (500, 1000, 200)], 1000, 100) == "M0 100V50H500V100zM500 100V0H1000V100z"
    assert blocks([(250, 251)], 10_000) == "M25 100V0H26V100z"  # never too narrow to be seen


def test_a_spark_shows_the_lowest_and_the_highest() -> None:
    assert spark([0, 50, 100], 0, 100, 10) == "▁▅█"
    assert len(spark(range(1000), 0, 1000, 60)) == 60


@pytest.mark.parametrize("minutes", [0.05, 1, 4, 26, 60, 180, 1000])
def test_times_below_a_picture_are_few_and_round(minutes: float) -> None:
    ticks = ticks_ms(int(minutes * 60_000))
    assert ticks[0] == 0
    assert 1 <= len(ticks) <= 6 if minutes < 360 else len(ticks) < 20


def test_shares_stay_on_the_picture() -> None:
    assert [share(at, 3) for at in (-1, 0, 1, 3, 4)] == ["0.00%", "0.00%", "33.33%", "100.00%", "100.00%"]
    assert share(5, 0) == "0.00%"


@given(values, st.integers(1, 1200))
def test_any_numbers_give_paths_in_their_box(given: list[int], columns: int) -> None:
    for path in (outline(given, columns), curve(given, -70, 0, columns)):
        assert all(0 <= number <= 1000 for number in numbers(path))
        assert path.count("M") + path.count("L") <= columns
    assert len(spark(given, -70, 0, columns)) == min(columns, len(given))
