"""The shipped show's feed in clients: each subscribes on this computer, reads, and downloads.

What they read is what papers, lock and media say, and what they download is ours byte for byte. A
client that is missing is skipped, but fails where CI=true; see docs/acceptance.md.
"""

import json
import os
import pty
import select
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .shipped import Facts, Shipped, client, missing, said_by, surroundings_in

pytestmark = pytest.mark.acceptance

DOWNLOAD_S = 60
"""All episodes come from this computer: a few seconds would do."""


def rows(database: Path, query: str) -> list[Facts]:
    """What a query finds; a client has to have made the database."""
    assert database.is_file()
    with sqlite3.connect(database) as connection:
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute(query)]
    connection.close()
    return found


def ours(shipped: Shipped, folder: Path) -> None:
    """Fail unless a folder holds all episodes, byte for byte, and no other MP3."""
    downloaded = sorted(path.read_bytes() for path in folder.rglob("*.mp3"))
    assert downloaded == sorted(told.media["mp3"].read_bytes() for told in shipped.episodes)


def test_gpodder_subscribes_and_downloads(shipped: Shipped, tmp_path: Path) -> None:
    at = {"GPODDER_HOME": str(tmp_path / "gpodder"), "GPODDER_DOWNLOAD_DIR": str(tmp_path / "downloads")}
    said_by(tmp_path, "gpo", "subscribe", shipped.feed, **at)
    assert f"{len(shipped.episodes)} episodes downloaded" in said_by(tmp_path, "gpo", "download", **at)
    names = "title, guid, url audio, file_size size_bytes, mime_type type, total_time seconds"
    more = "published, link page, episode_art_url cover"
    shipped.same(rows(tmp_path / "gpodder" / "Database", f"select {names}, {more} from episode"))
    (show,) = rows(tmp_path / "gpodder" / "Database", "select title, url, link, cover_url from podcast")
    assert list(show.values()) == ["PaperLedge", shipped.feed, shipped.address, shipped.cover]
    ours(shipped, tmp_path / "downloads")


@pytest.fixture
def newsboat(shipped: Shipped, tmp_path: Path) -> Path:
    """A home in which newsboat has read the feed, and queued what it names."""
    home = tmp_path / "home"
    (home / ".newsboat").mkdir(parents=True)
    settings = f'podcast-auto-enqueue yes\ndownload-path "{home}/downloads"\nmax-downloads 4\n'
    (home / ".newsboat" / "config").write_text(settings, encoding="utf-8")
    (home / ".newsboat" / "urls").write_text(f'{shipped.feed} "podcasts"\n', encoding="utf-8")
    said = said_by(home, "newsboat", "-x", "reload", "print-unread")
    assert f"{len(shipped.episodes)} unread articles" in said
    return home


def test_newsboat_reads_it(shipped: Shipped, newsboat: Path) -> None:
    names = "title, guid, url page, pubDate published, enclosure_url audio, enclosure_type type"
    shipped.same(rows(newsboat / ".newsboat" / "cache.db", f"select {names} from rss_item"))


def test_podboat_downloads_what_newsboat_queued(shipped: Shipped, newsboat: Path) -> None:
    command = [shutil.which("podboat") or missing("podboat"), "-a"]
    ours_fd, its_fd = pty.openpty()  # it draws on a terminal, and on nothing else
    podboat = subprocess.Popen(
        command,
        stdin=its_fd,
        stdout=its_fd,
        stderr=its_fd,
        env=surroundings_in(newsboat),
        start_new_session=True,
    )
    os.close(its_fd)
    try:
        _watch(ours_fd, newsboat / "downloads", len(shipped.episodes))
        assert podboat.wait(timeout=DOWNLOAD_S) == 0
    finally:
        podboat.kill()
        podboat.wait()
        os.close(ours_fd)
    ours(shipped, newsboat / "downloads")


def _watch(terminal: int, folder: Path, wanted: int) -> None:
    """Read what is drawn until so many files are there, and then press q until the terminal is closed."""
    end = time.monotonic() + DOWNLOAD_S
    while time.monotonic() < end:
        try:
            if len(list(folder.glob("*.mp3"))) == wanted:  # each is called .part until it is whole
                os.write(terminal, b"q")
            if select.select([terminal], [], [], 0.2)[0] and not os.read(terminal, 1 << 16):
                return
        except OSError:  # Linux says so that nobody draws any more
            return
    pytest.fail(f"podboat is not done after {DOWNLOAD_S} s: {sorted(path.name for path in folder.glob('*'))}")


def test_podcast_archiver_subscribes_and_downloads(shipped: Shipped, tmp_path: Path) -> None:
    client("podcast_archiver")
    folder = tmp_path / "archive"
    folder.mkdir()
    archiver = str(Path(sys.executable).with_name("podcast-archiver"))
    said_by(tmp_path, archiver, "--feed", shipped.feed, "--dir", folder, "--write-info-json")
    ours(shipped, folder)
    shipped.same([_by_archiver(json.loads(path.read_bytes())) for path in folder.rglob("*.json")])


def _by_archiver(it: Facts) -> Facts:
    audio = it["enclosure"]
    return {
        "title": it["title"],
        "guid": it["guid"],
        "number": it["episode_number"],
        "audio": audio["href"],
        "type": audio["link_type"],
        "size_bytes": audio["length"],
    }
