"""How long a sound is, in samples and for people. Nothing here needs a library."""

__all__ = ["clock", "resampled_length", "samples_in"]


def clock(ms: int) -> str:
    """A time or a length in the whole seconds that have passed by then: "4:07", "1:02:03"."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def resampled_length(samples: int, rate_hz: int, new_rate_hz: int) -> int:
    """How many samples a sound has at another rate: samples * new / old, a half rounded up."""
    return (2 * samples * new_rate_hz + rate_hz) // (2 * rate_hz)


def samples_in(ms: int, rate_hz: int) -> int:
    """How many samples a span of milliseconds has, a half rounded up."""
    return resampled_length(ms, 1000, rate_hz)
