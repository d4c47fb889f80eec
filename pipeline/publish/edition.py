"""What is published: an `Edition` of a show, from which feed, site and notes are written.

Everything in it is known, checked and on one line where it has to be; nothing in it is HTML but the
notes. Paths are those of files in the site's folder, with `/`, of plain ASCII, and so are fit for an
address. Those of media hold a part of their digest: a changed file has another address, so that a feed
that somebody read an hour ago still names what it named then.
"""

import datetime as dt
from typing import Literal

from ..feedsettings import FeedSettings
from ..model import Paper, ShowFacts
from ..transcript import Transcript
from ..values import Value

__all__ = ["Edition", "File", "Kind", "PublishedEpisode", "Soundbite"]

Kind = Literal["audio", "vtt", "srt", "json", "html", "txt", "chapters", "cover", "thumbnail"]


class File(Value, frozen=True, kw_only=True):
    """A file of the site."""

    path: str
    """Below the site's folder, such as "media/a-paper-1f2e3d4c.mp3"."""
    type: str
    """Media type, such as "audio/mpeg"."""
    size_bytes: int


class Soundbite(Value, frozen=True, kw_only=True):
    """A part of an episode that may be played as a taste of it; podcast:soundbite."""

    start_ms: int
    duration_ms: int
    """15 to 120 seconds."""
    title: str
    """What it begins with."""


class PublishedEpisode(Value, frozen=True, kw_only=True):
    """One episode, as it is published."""

    paper: Paper
    page: str
    """Path of its page, such as "episodes/a-paper.html"."""
    guid: str
    """RSS guid, ID3 TGID; never changes."""
    number: int
    """itunes:episode, ID3 TRCK; never changes."""
    published: dt.datetime
    """In UTC, whole seconds, not in the future; never changes."""
    spoken_by: str
    """Engine, voice and licence of each voice."""
    description: str
    """What the summary begins with, as plain text on one line, at most 300 characters."""
    about: str
    """What the notes begin with, for its page, which has the rest elsewhere: HTML as that of the notes."""
    notes: str
    """Show notes, cleaned: HTML of p, ol, ul, li, a, b, i, strong, em, h2, h3, code, pre, blockquote, br."""
    bibtex: str
    """How to cite the paper."""
    transcript: Transcript
    files: dict[Kind, File]
    """All nine kinds."""
    soundbite: Soundbite | None = None


class Edition(Value, frozen=True, kw_only=True):
    """A show and its published episodes, the latest first."""

    show: ShowFacts
    feed: FeedSettings
    guid: str
    """podcast:guid, a UUIDv5; never changes."""
    base: str
    """Address of the site's folder, with a closing slash: what the feed's address begins with."""
    cover: File
    """Square JPEG of 3000 pixels."""
    thumbnail: File
    """The same, small."""
    episodes: tuple[PublishedEpisode, ...]
