"""A good site as `make publish` leaves it, and a workshop to spoil it in one way at a time.

`good()` is published once by the pipeline itself: two short episodes in tones, their lock and all their files.
"""

import contextlib
import datetime as dt
import functools
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from pipeline.feedsettings import FeedSettings
from pipeline.findings import Finding
from pipeline.publishing import PublishOptions, publish
from pipeline.run import Watcher
from pipeline.show import load_show
from pipeline.showlock import ShowLock, read_lock
from pipeline.verify import verify_site
from pipeline.verify.id3 import Frame, read_tag, tag_size

from ..conftest import REPOSITORY, LittleShow

__all__ = ["SHOW", "Good", "Workshop", "good", "retagged", "workshop"]

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

- Dust.
- 1. More dust: 3.5 % of it.

> Lovely.
""",
}


class Good(msgspec.Struct, frozen=True):
    """A site without a fault."""

    feed: FeedSettings
    lock: ShowLock
    files: dict[str, bytes]


@functools.cache
def good() -> Good:
    """The same site every time; only its lock, settings and files."""
    with tempfile.TemporaryDirectory() as folder:
        show = LittleShow(Path(folder, "show"))
        shutil.copytree(REPOSITORY / "scripts/site", show.root / "scripts/site")
        show.write("show.yaml", SHOW)
        show.write("voices/second.yaml", "engine: tone\noptions: {pitch_percent: 150}\n")
        show.write("scripts/episode.j2", _RUNNING_ORDER)
        for slug, text in _PAPERS.items():
            show.write(f"papers/{slug}.md", text)
        with contextlib.chdir(show.root):
            publish(show.root, PublishOptions(executor="inline"), Watcher())
        site = show.root / "output/site"
        files = {
            path.relative_to(site).as_posix(): path.read_bytes()
            for path in sorted(site.rglob("*"))
            if path.is_file()
        }
        return Good(load_show(show.root).feed, read_lock(show.root), files)


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

    def edit_json(self, change: Callable[[Any], object]) -> None:
        """Change the JSON feed."""
        feed = json.loads(self.files["feed.json"])
        change(feed)
        self.files["feed.json"] = json.dumps(feed, indent=1).encode()

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
