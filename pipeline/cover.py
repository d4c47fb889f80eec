"""What a cover is made from, and what is made of it: the values of the step "artwork".

A picture of the user's own is only fitted; without one, a cover is drawn from the words.
"""

from typing import Annotated

from msgspec import Meta

from .values import Blob, Value

__all__ = ["EPISODE_PX", "SHOW_PX", "TAG_PX", "THUMBNAIL_PX", "Cover", "CoverRequest"]

SHOW_PX = 3000
"""Of the show's cover; Apple asks for 1400 to 3000, and prefers 3000."""
EPISODE_PX = 1400
"""Of an episode's cover in feed and site."""
TAG_PX = 800
"""Of the cover in an MP3: large enough for a car's screen, small enough for every download."""
THUMBNAIL_PX = 300
"""Of a cover in the site's lists."""


class CoverRequest(Value, frozen=True, kw_only=True, omit_defaults=True):
    """All that decides a cover."""

    width_px: Annotated[int, Meta(ge=100, le=SHOW_PX)]
    """Wanted; a picture of one's own is never enlarged."""
    picture: Blob | None = None
    """JPEG, PNG or WebP. If there is one, the rest is empty."""
    title: str = ""
    category: str = ""
    """The paper's field; "" for the cover of the show itself, whose title is then `title`."""
    show: str = ""
    host: str = ""
    has_cjk: bool = False
    """Whether Chinese, Japanese and Korean can be set."""


class Cover(Value, frozen=True, kw_only=True):
    """A square JPEG: sRGB with its profile, 8 bits, 72 dpi, no transparency."""

    jpeg: Blob
    """At most 512,000 bytes; 300,000 if it is 800 pixels wide or less, 14,000 if 300 or less."""
    width_px: int
