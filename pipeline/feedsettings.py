"""What show.yaml says of the feed: what directories and players ask for beyond a show's title."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from .kinds import OneLine, WebAddress

__all__ = ["EXAMPLE_HOST", "FeedSettings"]

EXAMPLE_HOST = "podcast.example.com"
"""Stands in show.yaml until the show has an address of its own; nobody can ever own it (RFC 2606)."""

FeedAddress = Annotated[
    str,
    Meta(
        pattern=r"^https?://[A-Za-z0-9][!-~]*/[A-Za-z0-9][A-Za-z0-9._-]*\.(xml|rss)\Z",
        max_length=500,
        description="such as https://podcast.example.org/feed.xml",
    ),
]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9.-]{0,127}$", description="such as cc-by-4.0")]
Email = Annotated[
    str, Meta(pattern=r"^[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+$", description="such as me@example.org")
]


class FeedSettings(Struct, frozen=True, kw_only=True):
    """The feed's own facts."""

    url: FeedAddress = f"https://{EXAMPLE_HOST}/feed.xml"
    """Where the feed will be read; the site is beside it. The show's podcast:guid is made from the first."""
    category: OneLine = "Science"
    """Apple's, such as "Science > Mathematics"; itunes:category."""
    author: OneLine | None = None
    """itunes:author; the host if unset."""
    owner: OneLine | None = None
    """itunes:name of itunes:owner; the author if unset."""
    email: Email | None = None
    """Of the owner, in public: directories send a code there to see whose feed it is."""
    explicit: bool = False
    """Whether children had better not listen; itunes:explicit."""
    type: Literal["episodic", "serial"] = "episodic"
    """Newest first, or to be heard in order; itunes:type."""
    license: Slug | None = None
    """Of the episodes, an SPDX name in lower case; podcast:license."""
    license_url: WebAddress | None = None
    funding_url: WebAddress | None = None
    """Where listeners can support the show; podcast:funding."""
    funding: OneLine = "Support the show"
    locked: bool = True
    """Whether other hosts must not take the feed over without asking; podcast:locked."""
    items: Annotated[int, Meta(ge=10, le=2_000)] = 1_000
    """Episodes in one file of the feed; older ones follow in feed-2.xml and so on (RFC 5005)."""
