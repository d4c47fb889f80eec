"""A picture into a JPEG that every player shows: sRGB with its profile, 72 dpi, and not too many bytes."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from ..errors import TaggingError
from .artwork import MAX_BYTES, MAX_PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["srgb_profile", "to_jpeg"]

LARGE_BYTES = 512_000
"""What hosts advise for a cover in a feed; in an MP3 it is `MAX_BYTES`."""
_IN_TAGS_PX = 800
_THUMBNAIL_PX = 300
THUMBNAIL_BYTES = 14_000
"""A page of twenty should still come at once."""
_FINE = (90, 84, 78)
"""Qualities that show no flaws; a picture that needs less is made smaller first."""
_ROUGH = (65, 50, 35, 20)
_ANY_DAY = bytes.fromhex("07ea 0001 0001 0000 0000 0000")
"""2026-01-01, a dateTimeNumber (ICC.1:2022, clause 4.2): when a cover is made must not show in its bytes."""


def to_jpeg(image: "Image") -> tuple[bytes, int]:
    """The bytes of a square RGB picture, equal for equal pixels, and how many of these it is wide.

    They are at most 512,000, 300,000 up to 800 pixels wide, or 14,000 up to 300. A picture of more
    detail than they hold is made smaller, down to 1400 pixels, then rougher.
    Raises TaggingError if it cannot be helped.
    """
    most = MAX_BYTES if image.width <= _IN_TAGS_PX else LARGE_BYTES
    most = THUMBNAIL_BYTES if image.width <= _THUMBNAIL_PX else most
    for jpeg, width in _tries(image):
        if len(jpeg) <= most:
            return jpeg, width
    hint = "take one with less detail: this one is as busy as noise"
    raise TaggingError("the cover cannot be made small enough", where="cover", hint=hint)


def _tries(image: "Image") -> Iterator[tuple[bytes, int]]:
    while True:
        for quality in _FINE:
            yield _encoded(image, quality), image.width
        if image.width <= MAX_PIXELS:
            break
        width = max(MAX_PIXELS, image.width * 4 // 5)
        image = image.resize((width, width))
    for quality in _ROUGH:
        yield _encoded(image, quality), image.width


def _encoded(image: "Image", quality: int) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality, subsampling=0, dpi=(72, 72), icc_profile=srgb_profile())
    return file.getvalue()


@cache
def srgb_profile() -> bytes:
    """An sRGB profile, the same on every day."""
    from PIL.ImageCms import ImageCmsProfile, createProfile

    profile = ImageCmsProfile(createProfile("sRGB")).tobytes()
    return profile[:24] + _ANY_DAY + profile[36:]
