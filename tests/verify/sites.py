"""A good site as `make publish` leaves it, and a workshop to spoil it in one way at a time.

`good()` is made once by the pipeline itself: two short episodes in tones, their lock, feeds and files.
Pages are small ones of our own, so that what is verified does not depend on the show's templates.
"""

import datetime as dt
import functools
import html
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from pipeline.bench import Bench
from pipeline.execute import open_executor
from pipeline.feedsettings import FeedSettings
from pipeline.findings import Finding
from pipeline.kit import prepare, read_sources
from pipeline.model import Paper
from pipeline.paper import read_paper
from pipeline.publish import Heard, PublishedEpisode, SiteFiles, media_of, published
from pipeline.publish.edition import Edition
from pipeline.publish.feed import render_feeds
from pipeline.publish.notes import notes_writer
from pipeline.recipe import do_job, produce
from pipeline.showlock import ShowLock, write_lock
from pipeline.store import Store
from pipeline.verify import verify_site
from pipeline.verify.id3 import Frame, read_tag, tag_size

from ..conftest import REPOSITORY, LittleShow

__all__ = ["SHOW", "Good", "Workshop", "good", "good_edition", "pages_of", "retagged", "workshop"]

SHOW = """title: Ledger & Leaf
host: Ernis
description: New research papers, told gently.
website: https://podcast.example.org/show/
voice: tone
cast: {Ada: second}
feed:
  url: https://podcast.example.org/show/feed.xml
  email: me@example.org
  license: cc-by-4.0
  license_url: https://creativecommons.org/licenses/by/4.0/
"""
_RUNNING_ORDER = """{{ section("intro", "Welcome") }}
Hello from {{ show.host }}.

{{ section("paper", "The paper") }}
{{ paper.summary }}

{{ section("outro", "Goodbye") }}
The voice you heard is synthetic.
"""
_PAPERS = {
    "second-mind": """---
title: 'A second mind: when p < 0.05 & "more"'
authors: [Ameesh Shah, Érica Núñez, 王小明]
category: Robotics
date: 2026-03-20
arxiv: "2510.19752v1"
season: 1
---

They pin a note beside the lock, and a < b.

Ada: And the next guests walk straight in?
""",
    "first-light": """---
title: First light
authors: [Vera C. Rubin]
category: Astronomy
date: 2026-01-05
season: 1
---

A telescope opened its eye.
""",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="{root}style.css"><link rel="canonical" href="https://podcast.example.org/show/{path}">
<script type="application/ld+json">{{}}</script><script src="{root}player.js" defer></script></head>
<body><a href="#main">Skip</a><main id="main">
<a href="{root}index.html#category=Robotics">All</a> <a href="https://arxiv.org/abs/2510.19752">arXiv</a>
{body}</main></body></html>
"""


class Good(msgspec.Struct, frozen=True):
    """A site without a fault."""

    feed: FeedSettings
    lock: ShowLock
    files: dict[str, bytes]


def good() -> Good:
    """The same site every time; only its lock, settings and files."""
    edition, lock, media = good_edition()
    return Good(edition.feed, lock, {**media, **pages_of(edition), **dict(render_feeds(edition))})


@functools.cache
def good_edition() -> tuple[Edition, ShowLock, dict[str, bytes]]:
    """What the site is written from, the lock, and the media."""
    with tempfile.TemporaryDirectory() as folder:
        show = LittleShow(Path(folder, "show"))
        show.write("show.yaml", SHOW)
        show.write("voices/second.yaml", "engine: tone\noptions: {pitch_percent: 150}\n")
        show.write("scripts/episode.j2", _RUNNING_ORDER)
        paths = [show.write(f"papers/{slug}.md", text) for slug, text in _PAPERS.items()]
        papers = [read_paper(path, limit_words=999) for path in paths]
        feed = read_sources(show.root).show.feed
        lock = ShowLock().with_new(papers, feed.url)
        write_lock(show.root, lock)
        return _published(show, [lock.numbered(paper, paper.slug) for paper in papers])


def _published(show: LittleShow, papers: list[Paper]) -> tuple[Edition, ShowLock, dict[str, bytes]]:
    sources, store = read_sources(show.root), Store(show.root / "output" / ".store")
    facts, feed, lock = sources.show.facts, sources.show.feed, sources.lock
    notes = (REPOSITORY / "scripts/site/notes.j2").read_text(encoding="utf-8")
    write_notes = notes_writer(facts, {"notes.j2": notes})
    cover = show.root / "scripts/assets/cover.jpg"
    thumbnail = REPOSITORY / "tests/publish/thumbnail.jpg"
    episodes: list[PublishedEpisode] = []
    media: SiteFiles = {}
    voices = {name: sources.voice(name) for name in ("tone", "second")}
    with open_executor("inline") as executor:
        kit, bench = prepare(sources, voices, store), Bench(store, executor, do_job)
        for paper in papers:
            made = produce(paper, kit, bench)
            heard = Heard(store.path(made.episode.mp3), made.transcript, made.spoken_by, cover, thumbnail)
            episode, contents = published(paper, lock.episodes[paper.slug], heard, write_notes)
            episodes.append(episode)
            media |= contents
        cover_file = media_of("cover", "cover", cover)
        thumbnail_file = media_of("cover", "thumbnail", thumbnail)
        media |= {cover_file.path: cover, thumbnail_file.path: thumbnail}
        read = {path: it.read_bytes() if isinstance(it, Path) else it for path, it in media.items()}
    edition = Edition(
        show=facts,
        feed=feed,
        guid=lock.guid(feed.url),
        base=feed.url.removesuffix("feed.xml"),
        cover=cover_file,
        thumbnail=thumbnail_file,
        episodes=tuple(episodes),
    )
    return edition, lock, read


def pages_of(edition: Edition) -> dict[str, bytes]:
    """A first page, one of each episode, and what they load."""
    listed = "".join(
        f'<p><a href="{it.page}">{html.escape(it.paper.title)}</a></p>\n' for it in edition.episodes
    )
    pages = {"index.html": _page("index.html", "", edition.show.title, listed)}
    for it in edition.episodes:
        body = (
            f'<img src="../{it.files["thumbnail"].path}" alt=""><audio src="../{it.files["audio"].path}">'
            f'<track kind="captions" src="../{it.files["vtt"].path}"></audio><a href="#t=1.5">0:01</a>\n'
            f'<p id="notes">{it.notes}</p><a href="../{it.files["txt"].path}" download>Text</a>'
        )
        pages[it.page] = _page(it.page, "../", it.paper.title, body)
    return {**pages, "style.css": b"body { background: url('data:,') }\n", "player.js": b"'use strict';\n"}


def _page(path: str, root: str, title: str, body: str) -> bytes:
    return _PAGE.format(path=path, root=root, title=html.escape(title), body=body).encode()


@dataclass
class Workshop:
    """The files of a good site, to be spoilt."""

    feed: FeedSettings
    lock: ShowLock
    files: dict[str, bytes]
    now: dt.datetime = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)

    def find(self, suffix: str, slug: str = "second-mind") -> str:
        """The path of one of an episode's files."""
        (path,) = (
            path
            for path in self.files
            if re.fullmatch(rf"media/{slug}-[0-9a-f]{{8}}{re.escape(suffix)}", path)
        )
        return path

    def edit(self, path: str, old: str, new: str, times: int = 1) -> None:
        """Replace words of a file, as often as they are said to be there at least."""
        text = self.files[path].decode()
        assert text.count(old) >= times, (path, old)
        self.files[path] = text.replace(old, new, times).encode()

    def edit_item(self, pattern: str, new: str) -> None:
        """Replace what matches first in the feed's latest item."""
        before, item, after = self.files["feed.xml"].decode().partition("<item>")
        changed, times = re.subn(pattern, new, after, count=1, flags=re.DOTALL)
        assert times == 1, pattern
        self.files["feed.xml"] = (before + item + changed).encode()

    def change(self, path: str, change: Callable[[bytes], bytes]) -> None:
        """Change a file of the media as if it had been so made: its name and its length follow."""
        old, new = self.files.pop(path), b""
        new = change(old)
        assert new != old
        digest = sha256(new).hexdigest()[:8]
        renamed = re.sub(r"-[0-9a-f]{8}\.", f"-{digest}.", path)
        self.files[renamed] = new
        pairs = [(path, renamed)]
        if path.endswith(".mp3"):
            pairs += [(f'length="{len(old)}"', f'length="{len(new)}"')]
            pairs += [(f'"size_in_bytes": {len(old)}', f'"size_in_bytes": {len(new)}')]
        for before, after in pairs:
            self._replace_everywhere(before.encode(), after.encode())

    def _replace_everywhere(self, before: bytes, after: bytes) -> None:
        for name in self.files:
            if name.endswith((".xml", ".html")) or name == "feed.json":
                self.files[name] = self.files[name].replace(before, after)

    def retag(self, change: Callable[[list[Frame]], list[Frame]]) -> None:
        """Change the frames of the latest episode's tag."""
        self.change(self.find(".mp3"), lambda mp3: retagged(mp3, change))

    def verify(self, folder: Path) -> tuple[Finding, ...]:
        """Put the files into a folder and verify it."""
        self.write(folder)
        return verify_site(folder, self.feed, self.lock, self.now)

    def write(self, folder: Path) -> None:
        """Put the files into a folder."""
        for path, content in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            put(folder / path, content)


def put(path: Path, content: bytes) -> None:
    """Write a file; a large one that is often the same is only linked."""
    if len(content) < 10_000:
        path.write_bytes(content)
    else:
        os.link(_kept(content), path)


@functools.cache
def _kept(content: bytes) -> Path:
    path = Path(_shelf().name, sha256(content).hexdigest())
    path.write_bytes(content)
    return path


@functools.cache
def _shelf() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def workshop() -> Workshop:
    """A good site to work on."""
    made = good()
    return Workshop(made.feed, made.lock, dict(made.files))


def retagged(mp3: bytes, change: Callable[[list[Frame]], list[Frame]]) -> bytes:
    """An MP3 with other frames in its tag."""
    size = tag_size(mp3[:10])
    frames = change(list(read_tag(mp3[:size]).frames))
    body = b"".join(
        frame.name.encode() + len(frame.body).to_bytes(4) + b"\0\0" + frame.body for frame in frames
    )
    length = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + length + body + mp3[size:]
