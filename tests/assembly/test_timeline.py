from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pipeline.assembly.timeline import LEAD_IN_MS, TAIL_MS, Stretch, lay_out

RATES = st.sampled_from([8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000])
STRETCHES = st.lists(
    st.builds(Stretch, st.integers(0, 10_000_000), RATES, st.integers(0, 10_000)), min_size=1, max_size=30
)


def nearest(number: Fraction) -> int:
    """The nearest whole number, a half rounded up."""
    return (number + Fraction(1, 2)).__floor__()


@given(STRETCHES, RATES)
def test_places_are_sums_of_lengths_each_rounded_for_itself(stretches: list[Stretch], rate_hz: int) -> None:
    timeline = lay_out(stretches, rate_hz)
    place = nearest(Fraction(LEAD_IN_MS * rate_hz, 1000))
    for start, end, stretch in zip(timeline.starts, timeline.ends, stretches, strict=True):
        assert start == place
        assert end == start + nearest(Fraction(stretch.samples * rate_hz, stretch.rate_hz))
        place = end + nearest(Fraction(stretch.pause_after_ms * rate_hz, 1000))
    assert timeline.total == place + nearest(Fraction(TAIL_MS * rate_hz, 1000))


@given(STRETCHES, RATES)
def test_nothing_overlaps_and_everything_fits(stretches: list[Stretch], rate_hz: int) -> None:
    timeline = lay_out(stretches, rate_hz)
    edges = [edge for clip in zip(timeline.starts, timeline.ends, strict=True) for edge in clip]
    assert edges == sorted(edges)
    assert edges[0] > 0
    assert edges[-1] < timeline.total


@given(STRETCHES, RATES)
def test_a_longer_pause_moves_only_what_follows(stretches: list[Stretch], rate_hz: int) -> None:
    first, *rest = stretches
    longer = Stretch(first.samples, first.rate_hz, first.pause_after_ms + 1000)
    before, after = lay_out(stretches, rate_hz), lay_out([longer, *rest], rate_hz)
    assert after.starts[0] == before.starts[0]
    assert [late - early for early, late in zip(before.starts[1:], after.starts[1:], strict=True)] == (
        [rate_hz] * len(rest)
    )


def test_an_hour_of_clips_at_an_awkward_rate_does_not_drift() -> None:
    timeline = lay_out([Stretch(11025 * 6, 11025, 0)] * 600, 44100)
    assert timeline.ends[-1] - timeline.starts[0] == 3600 * 44100
