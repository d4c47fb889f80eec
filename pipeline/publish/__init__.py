"""Publish stage: finished episodes become a feed and a site that any static host can serve.

    Finished MP3s, transcripts, papers  ──>  Edition  ──>  feed.xml, feed.json, pages, captions, media

`published` tells all there is to know of one episode and the files that come with it; an `Edition` of
them is written as feeds (feed.py) and pages (site.py). What a publisher then does with the folder is in
publishers/.
"""

from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from .. import captions
from ..model import Paper
from ..showlock import Locked
from ..transcript import Transcript
from .citation import bibtex
from .edition import Edition, File, Kind, PublishedEpisode
from .feed import render_feeds
from .notes import WriteNotes
from .site import render_site
from .soundbite import find_soundbite

__all__ = [
    "Content",
    "Edition",
    "Heard",
    "Kept",
    "PublishedEpisode",
    "SiteFiles",
    "media_of",
    "published",
    "site_files",
]

Content = bytes | Path
"""What a file of the site holds: bytes, or those of another file."""

SiteFiles = dict[str, Content]
"""Path below the site's folder → content, in the order in which they are put: what names others last."""

TYPES: dict[Kind, tuple[str, str]] = {
    "audio": (".mp3", "audio/mpeg"),
    "vtt": (".vtt", "text/vtt"),
    "srt": (".srt", "application/x-subrip"),
    "json": (".json", "application/json"),
    "html": (".html", "text/html"),
    "txt": (".txt", "text/plain"),
    "chapters": (".chapters.json", "application/json+chapters"),
    "cover": (".jpg", "image/jpeg"),
    "thumbnail": (".small.jpg", "image/jpeg"),
}
"""Kind → suffix and media type, as Podcasting 2.0 names them."""

DIGEST_CHARACTERS = 8
"""Of a digest in a file's name: enough that two versions of one episode never share it."""


class Kept(NamedTuple):
    """A file whose digest is known already."""

    path: Path
    sha256: str


class Heard(NamedTuple):
    """A finished episode, and its pictures."""

    mp3: Kept
    transcript: Transcript
    spoken_by: str
    cover: Kept
    thumbnail: Kept


def published(
    paper: Paper, locked: Locked, heard: Heard, write_notes: WriteNotes
) -> tuple[PublishedEpisode, SiteFiles]:
    """An episode as it is published, and the files that come with it. Raises PublishError."""
    transcript = heard.transcript
    contents: dict[Kind, bytes | Kept] = {
        "audio": heard.mp3,
        "vtt": captions.as_vtt(transcript).encode(),
        "srt": captions.as_srt(transcript).encode(),
        "json": captions.as_json(transcript).encode(),
        "html": captions.as_html(transcript).encode(),
        "txt": captions.as_text(transcript).encode(),
        "chapters": captions.as_chapters(transcript).encode(),
        "cover": heard.cover,
        "thumbnail": heard.thumbnail,
    }
    files: dict[Kind, File] = {}
    media: SiteFiles = {}
    for kind, content in contents.items():
        files[kind], media_of_kind = media_of(paper.slug, kind, content)
        media |= media_of_kind
    written = write_notes(paper, transcript, heard.spoken_by)
    episode = PublishedEpisode(
        paper=paper,
        page=f"episodes/{paper.slug}.html",
        guid=locked.guid,
        number=locked.number,
        published=locked.moment,
        spoken_by=heard.spoken_by,
        description=written.description,
        about=written.about,
        notes=written.notes,
        bibtex=bibtex(paper),
        transcript=transcript,
        files=files,
        soundbite=find_soundbite(paper, transcript),
    )
    return episode, media


def media_of(name: str, kind: Kind, content: bytes | Kept) -> tuple[File, SiteFiles]:
    """The file that a content becomes, and it: another content has another name."""
    suffix, media_type = TYPES[kind]
    if isinstance(content, Kept):
        digest, size_bytes = content.sha256, content.path.stat().st_size
    else:
        digest, size_bytes = sha256(content).hexdigest(), len(content)
    path = f"media/{name}-{digest[:DIGEST_CHARACTERS]}{suffix}"
    inside = content.path if isinstance(content, Kept) else content
    return File(path=path, type=media_type, size_bytes=size_bytes), {path: inside}


def site_files(edition: Edition, design: dict[str, str], media: SiteFiles) -> SiteFiles:
    """Everything of the site. Raises PublishError, placed at a template's file:line."""
    pages = dict(render_site(edition, design))
    return {**media, **pages, **dict(render_feeds(edition))}
