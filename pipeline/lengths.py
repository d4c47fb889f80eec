"""How many samples a sound has: rates and milliseconds in, integers out. Nothing here needs a library."""

__all__ = ["resampled_length", "samples_in"]


def resampled_length(samples: int, rate_hz: int, new_rate_hz: int) -> int:
    """How many samples a sound has at another rate: samples * new / old, a half rounded up."""
    return (2 * samples * new_rate_hz + rate_hz) // (2 * rate_hz)


def samples_in(ms: int, rate_hz: int) -> int:
    """How many samples a span of milliseconds has, a half rounded up."""
    return resampled_length(ms, 1000, rate_hz)
