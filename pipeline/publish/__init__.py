"""Publish stage: finished episodes become a feed and a site that any static host can serve.

    Finished MP3s, transcripts, papers  ──>  Edition  ──>  feed.xml, feed.json, pages, captions, media

`published` tells all there is to know of one episode and the files that come with it; an `Edition` of
them is written as feeds (feed.py) and pages (site.py). What a publisher then does with the folder is in
publishers/.
"""

from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ..model import Paper
from ..showlock import Locked
from ..store import sha256_of
from ..transcript import Transcript
from . import captions
from .citation import bibtex
from .edition import Edition, File, Kind, PublishedEpisode
from .feed import render_feeds
from .notes import WriteNotes, describe
from .site import render_site

__all__ = [
    "Content",
    "Edition",
    "Heard",
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


class Heard(NamedTuple):
    """A finished episode, and its pictures."""

    mp3: Path
    mp3_sha256: str
    transcript: Transcript
    spoken_by: str
    cover: Path
    thumbnail: Path


def published(
    paper: Paper, locked: Locked, heard: Heard, write_notes: WriteNotes
) -> tuple[PublishedEpisode, SiteFiles]:
    """An episode as it is published, and the files that come with it."""
    transcript = heard.transcript
    contents: dict[Kind, Content] = {
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
    known: dict[Kind, str] = {"audio": heard.mp3_sha256}
    files = {kind: media_of(paper.slug, kind, content, known.get(kind)) for kind, content in contents.items()}
    episode = PublishedEpisode(
        paper=paper,
        page=f"episodes/{paper.slug}.html",
        guid=locked.guid,
        number=locked.number,
        published=locked.moment,
        spoken_by=heard.spoken_by,
        description=describe(paper),
        notes=write_notes(paper, transcript, heard.spoken_by),
        bibtex=bibtex(paper),
        transcript=transcript,
        files=files,
    )
    return episode, {file.path: contents[kind] for kind, file in files.items()}


def media_of(name: str, kind: Kind, content: Content, digest: str | None = None) -> File:
    """The file that a content becomes: another content has another name. digest: SHA-256, where known."""
    suffix, media_type = TYPES[kind]
    if digest is None:
        digest = sha256_of(content) if isinstance(content, Path) else sha256(content).hexdigest()
    size_bytes = content.stat().st_size if isinstance(content, Path) else len(content)
    path = f"media/{name}-{digest[:DIGEST_CHARACTERS]}{suffix}"
    return File(path=path, type=media_type, size_bytes=size_bytes)


def site_files(edition: Edition, design: dict[str, str], media: SiteFiles) -> SiteFiles:
    """Everything of the site. Raises PublishError, placed at a template's file:line."""
    pages = dict(render_site(edition, design))
    return {**media, **pages, **dict(render_feeds(edition))}
