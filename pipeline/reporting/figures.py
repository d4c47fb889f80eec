"""Numbers in, pictures out: paths of SVG, and a line of block elements for terminals.

A path lies in a box of WIDTH by HEIGHT that a page stretches as it likes: x is time, from the beginning
of the episode to its end, y grows downwards. Coordinates are whole numbers and curves are drawn at no
more than WIDTH places, so that an hour takes no more room than ten minutes do.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = ["HEIGHT", "WIDTH", "bars", "blocks", "curve", "outline", "share", "spark", "ticks_ms"]

WIDTH, HEIGHT = 1000, 100
FULL = 1000
"""Peaks are in thousandths."""
BLOCKS = "▁▂▃▄▅▆▇█"
MOST_TICKS = 6
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


def outline(peaks: Sequence[int], columns: int = WIDTH, of: Callable[[Sequence[int]], float] = max) -> str:
    """A waveform: an upright stroke a column, as high as its highest peak.

    peaks: in thousandths of full scale, any number.  of: what of a column's peaks is shown.
    """
    shown = [of(part) for part in _parts(peaks, columns)]
    tops = (max(1, round(min(FULL, peak) * HEIGHT / (2 * FULL))) for peak in shown)
    places = (_scaled(2 * n + 1, 2 * len(shown)) for n in range(len(shown)))
    return "".join(f"M{x} {HEIGHT // 2 - top}v{2 * top}" for x, top in zip(places, tops, strict=True))


def curve(values: Sequence[int], low: int, high: int, columns: int = WIDTH // 2) -> str:
    """A curve through the averages of so many parts; what is beyond low or high is at it."""
    means = [sum(part) / len(part) for part in _parts(values, columns)]
    points = (
        f"{_scaled(n, max(1, len(means) - 1))} {_level(mean, low, high)}" for n, mean in enumerate(means)
    )
    return "M" + "L".join(points) if means else ""


def bars(spans: Iterable[tuple[int, int, int]], length: int, high: int) -> str:
    """Upright bars: (from, to, value) each, in the units of length; as high as value is to high."""
    return "".join(
        f"M{_scaled(start, length)} {HEIGHT}V{_level(value, 0, high)}H{_end(start, end, length)}V{HEIGHT}z"
        for start, end, value in spans
    )


def blocks(spans: Iterable[tuple[int, int]], length: int) -> str:
    """Boxes from top to bottom: (from, to) each, in the units of length."""
    return bars(((start, end, 1) for start, end in spans), length, 1)


def share(at: int, length: int) -> str:
    """How far along something is, as SVG wants it: "12.34%"."""
    return f"{100 * min(max(at, 0), length) / max(1, length):.2f}%"


def spark(values: Sequence[int], low: int, high: int, columns: int) -> str:
    """A curve in one line of text."""
    means = (sum(part) / len(part) for part in _parts(values, columns))
    steps = len(BLOCKS) - 1
    return "".join(BLOCKS[round(steps - _level(mean, low, high) * steps / HEIGHT)] for mean in means)


def ticks_ms(length_ms: int) -> tuple[int, ...]:
    """Round times to write below a picture, few enough for a telephone."""
    step = next((step for step in STEPS_S if length_ms <= 1000 * step * MOST_TICKS), STEPS_S[-1])
    return tuple(range(0, length_ms * 93 // 100, 1000 * step))  # one at the very end would stand out of it


def _parts(values: Sequence[int], columns: int) -> Iterator[Sequence[int]]:
    """As many parts as there are columns, about equally long; single values if there are fewer."""
    count = min(columns, len(values))
    for n in range(count):
        yield values[n * len(values) // count : (n + 1) * len(values) // count]


def _scaled(at: int, length: int) -> int:
    return round(WIDTH * at / max(1, length))


def _end(start: int, end: int, length: int) -> int:
    return max(_scaled(end, length), _scaled(start, length) + 1)


def _level(value: float, low: int, high: int) -> int:
    return round(HEIGHT * (high - min(max(value, low), high)) / max(1, high - low))
