"""Covers: those that the feed names, and those in the MP3s.

Sources: Apple's requirements for podcast artwork; PSP-1; what hosts let through.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ..findings import Finding
from .folder import Site, Unfit
from .picture import read_picture
from .rules import found

__all__ = ["EMBEDDED", "check_cover", "check_picture"]

LARGEST_BYTES = 32_000_000
"""More is not even read."""
SUFFIXES = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}


class Limits(NamedTuple):
    """What a cover may be."""

    least_pixels: int
    most_pixels: int
    most_bytes: int


LISTED = Limits(1400, 3000, 512_000)
"""In directories (Apple), and as hosts take them."""
EMBEDDED = Limits(1, 1400, 300_000)
"""In an MP3, where it makes every download larger."""


def check_cover(site: Site, path: str) -> Iterator[Finding]:
    """Everything wrong with a cover that the feed names."""
    try:
        raw = site.read(path, LARGEST_BYTES)
    except Unfit as fault:
        yield found("ART106", path, fault.what)
        return
    yield from check_picture(raw, path, LISTED, suffix=path[path.rfind(".") :].lower())


def check_picture(raw: bytes, where: str, limits: Limits, suffix: str = "") -> Iterator[Finding]:
    """Everything wrong with a picture. suffix: that its format has to go with, if any."""
    try:
        picture = read_picture(raw)
    except Unfit as fault:
        yield found("ART101", where, fault.what)
        return
    if suffix and SUFFIXES.get(suffix) != picture.format:
        yield found("ART102", where, f"is a {picture.format}, not what {suffix} says")
    if picture.width != picture.height:
        yield found("ART103", where, f"is {picture.width} x {picture.height} pixels")
    elif not limits.least_pixels <= picture.width <= limits.most_pixels:
        what = f"is {picture.width} pixels wide, not {limits.least_pixels} to {limits.most_pixels}"
        yield found("ART104", where, what)
    if not picture.is_plain:
        yield found("ART105", where, "is not RGB of 8 bits without alpha")
    if len(raw) > limits.most_bytes:
        yield found("ART106", where, f"has {len(raw):,} bytes, more than {limits.most_bytes:,}")
    if not picture.is_whole:
        yield found("ART107", where, "does not reach its end")
