"""The shipped show as its listeners meet it: published, and served on this computer.

    papers, templates, settings of the repository ──> publish ──> http://127.0.0.1:PORT/feed.xml

What a client should read is told by the show's own files: papers, lock, transcripts, media. The feed
is not among them, as it is what is under test.
"""

import importlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from urllib.request import ProxyHandler, build_opener

import msgspec
import pytest
import yaml

from pipeline.paper import find_papers, read_paper
from pipeline.publish.soundbite import find_soundbite
from pipeline.serve import open_server
from pipeline.showlock import read_lock
from pipeline.transcript import Transcript

from ..conftest import REPOSITORY

NODE = Path(__file__).parent / "node"
FEED = {
    "email": "me@example.org",
    "license": "cc-by-4.0",
    "license_url": "https://creativecommons.org/licenses/by/4.0/",
    "funding_url": "https://example.org/support",
}
"""What show.yaml leaves to its owner, so that every element of the feed is there to be read."""
ALSO = """season: 2
soundbite: Picture a holiday cottage
"""
"""What the first paper says beside what it says already."""
Facts = dict[str, Any]


class Told(NamedTuple):
    """One episode, by the show's own files."""

    slug: str
    facts: Facts
    """What clients may read, by the names that `same` compares."""
    transcript: Transcript
    media: dict[str, Path]
    """Suffix, such as "mp3" or "chapters.json" → file of the site."""

    @property
    def chapters(self) -> list[tuple[str, int, int]]:
        """Title, beginning and end of each, in milliseconds."""
        return [(it.title, it.start_ms, it.end_ms) for it in self.transcript.chapters]


class Shipped(NamedTuple):
    """The published show."""

    root: Path
    address: str
    """Of the site, with a closing slash."""
    guid: str
    """podcast:guid."""
    episodes: list[Told]
    """As in the feed, the latest first."""

    @property
    def feed(self) -> str:
        """The feed's address."""
        return f"{self.address}feed.xml"

    @property
    def cover(self) -> str:
        """Address of the show's cover."""
        return self.at(_media(self.root, "show")["jpg"])

    def at(self, path: Path) -> str:
        """The address of a file of the site."""
        return self.address + path.relative_to(self.root / "output" / "site").as_posix()

    def same(self, read: list[Facts]) -> None:
        """Fail unless a client that read these facts of each episode, in any order, read them right."""
        assert read
        wanted = [{key: told.facts[key] for key in read[0]} for told in self.episodes]
        for one in (read, wanted):
            one.sort(key=lambda facts: str(facts["title"]))
        assert read == wanted


def missing(tool: str) -> NoReturn:
    """Skip what needs a tool that is not here; on a machine that tests every change, fail."""
    what = f"{tool} is missing: run .ci/tools"
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def client(module: str) -> Any:
    """A client that is a Python package."""
    return importlib.import_module(module) if importlib.util.find_spec(module) else missing(module)


def said_by(home: Path, tool: str, *words: str | Path, **settings: str) -> str:
    """What a tool prints on stdout; it must succeed. It finds no settings but those in `home`."""
    command = [shutil.which(tool) or missing(tool), *map(str, words)]
    surroundings = surroundings_in(home) | settings
    done = subprocess.run(command, capture_output=True, env=surroundings, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode()


def surroundings_in(home: Path) -> dict[str, str]:
    """The environment of a client: a home of its own, UTF-8, and no way to any proxy."""
    proxies = re.compile(r"XDG_.*|.*_proxy", re.IGNORECASE)
    kept = {name: value for name, value in os.environ.items() if not proxies.fullmatch(name)}
    return kept | {"HOME": str(home), "LC_ALL": "C.UTF-8", "TERM": "xterm"}


def node(script: str, home: Path, *words: str | Path) -> Any:
    """What a script in node/ prints, as JSON."""
    if not (NODE / "node_modules").is_dir():
        missing("feedsmith and its like")
    return json.loads(said_by(home, "node", NODE / script, *words))


def fetched(address: str) -> bytes:
    """What is served at an address."""
    with build_opener(ProxyHandler({})).open(address, timeout=30) as answer:
        content: bytes = answer.read()
    return content


@contextmanager
def open_show(root: Path) -> Iterator[Shipped]:
    """Copy the shipped show to `root`, and serve it there as long as this lasts."""
    for name in ("papers", "scripts", "voices"):
        shutil.copytree(REPOSITORY / name, root / name)
    site = root / "output" / "site"
    site.mkdir(parents=True)
    (site / "index.html").touch()  # a port is had before the feed says it
    with open_server(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            _publish(root, server.address)
            yield _told(root, server.address)
        finally:
            server.shutdown()
            thread.join()


def _publish(root: Path, address: str) -> None:
    settings = yaml.safe_load((REPOSITORY / "show.yaml").read_text(encoding="utf-8"))
    settings["voice"] = "tone"
    settings["feed"] |= {"url": f"{address}feed.xml", **FEED}
    (root / "show.yaml").write_text(json.dumps(settings), encoding="utf-8")
    first = min(find_papers(root / "papers"))
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace("\ndate:", f"\n{ALSO}date:", 1), encoding="utf-8")
    command = [sys.executable, "-m", "pipeline", "--show", str(root), "publish"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr


def _told(root: Path, address: str) -> Shipped:
    lock = read_lock(root)
    shipped = Shipped(root, address, lock.guid(f"{address}feed.xml"), [])
    episodes = [_episode(shipped, path) for path in find_papers(root / "papers")]
    latest = sorted(episodes, key=lambda it: (it.facts["published"], it.facts["number"]), reverse=True)
    return shipped._replace(episodes=latest)


def _episode(shipped: Shipped, path: Path) -> Told:
    paper, slug = read_paper(path, limit_words=30_000), path.stem
    locked, media = read_lock(shipped.root).episodes[slug], _media(shipped.root, slug)
    said = (shipped.root / "output" / "episodes" / f"{slug}.json").read_bytes()
    transcript = msgspec.json.decode(said, type=Transcript)
    bite = find_soundbite(paper, transcript)
    facts = {
        "title": paper.title,
        "guid": locked.guid,
        "number": locked.number,
        "season": paper.season,
        "published": int(locked.moment.timestamp()),
        "seconds": round(transcript.duration_ms / 1000),
        "page": f"{shipped.address}episodes/{slug}.html",
        "audio": shipped.at(media["mp3"]),
        "size_bytes": media["mp3"].stat().st_size,
        "type": "audio/mpeg",
        "cover": shipped.at(media["jpg"]),
        "chapters": shipped.at(media["chapters.json"]),
        "transcripts": [shipped.at(media[suffix]) for suffix in ("vtt", "srt", "json", "html")],
        "people": ["Ernis", *paper.authors],
        "soundbites": [(bite.start_ms / 1000, bite.duration_ms / 1000, bite.title)] if bite else [],
    }
    return Told(slug, facts, transcript, media)


def _media(root: Path, slug: str) -> dict[str, Path]:
    """Suffix → file: media are called slug-digest.suffix."""
    found = (root / "output" / "site" / "media").glob(f"{slug}-{'[0-9a-f]' * 8}.*")
    return {path.name.split(".", 1)[1]: path for path in found}
