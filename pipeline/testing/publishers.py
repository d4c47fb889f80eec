"""What every publisher must do, as tests to inherit: see `PublisherContract`."""
# ruff: noqa: S101

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..publish.publishers import Target, put_in_place

__all__ = ["PublisherContract"]

_MP3 = b"a first sound"
_FEED = '<enclosure url="https://example.org/media/{}"/>'


class PublisherContract(ABC):
    """Tests of a publisher's targets; inherit and give a new, empty target by `target`."""

    @abstractmethod
    def target(self) -> Target:
        """The same place every time within one test; empty at first."""

    def test_what_is_put_is_there(self, tmp_path: Path) -> None:
        """Byte for byte, below folders that were not there, with every name that a site has."""
        paths = ["index.html", "media/a-1f2e3d4c.mp3", "episodes/a.b_c.html", ".paperledge.json"]
        _write(tmp_path, {path: path.encode() * 1000 for path in paths})
        self.target().put(tmp_path, paths)
        for path in paths:
            assert self.target().read(path) == path.encode() * 1000
        sizes = self.target().sizes()
        assert sizes is None or sizes == {path: len(path) * 1000 for path in paths}

    def test_a_file_that_is_not_there_is_none(self) -> None:
        """Neither at an empty target nor below it."""
        assert self.target().read("feed.xml") is None
        assert self.target().read("media/none.mp3") is None
        assert not self.target().sizes()

    def test_what_is_put_again_is_replaced(self, tmp_path: Path) -> None:
        """By a shorter content too."""
        for content in (b"long " * 100, b"short", b""):
            _write(tmp_path, {"feed.xml": content})
            self.target().put(tmp_path, ["feed.xml"])
            assert self.target().read("feed.xml") == content

    def test_what_is_deleted_is_gone_and_may_have_been_before(self, tmp_path: Path) -> None:
        """And nothing else is."""
        _write(tmp_path, {"a.txt": b"a", "media/b.mp3": b"b"})
        self.target().put(tmp_path, ["a.txt", "media/b.mp3"])
        self.target().delete(["media/b.mp3", "media/never.mp3"])
        self.target().delete([])
        assert self.target().read("media/b.mp3") is None
        assert self.target().read("a.txt") == b"a"

    def test_a_site_is_put_once_and_others_files_stay(self, tmp_path: Path) -> None:
        """A second time nothing is to be done; what somebody else put there is never deleted."""
        _write(tmp_path / "other", {"CNAME": b"example.org"})
        self.target().put(tmp_path / "other", ["CNAME"])
        _write(tmp_path / "site", _site("one.mp3", b"1"))
        assert put_in_place(tmp_path / "site", self.target(), dry_run=True)
        assert self.target().read("feed.xml") is None
        changes = put_in_place(tmp_path / "site", self.target())
        assert [change.path for change in changes] == [
            "media/one.mp3",
            "index.html",
            "feed-2.xml",
            "feed.xml",
        ]
        assert put_in_place(tmp_path / "site", self.target()) == ()
        assert self.target().read("CNAME") == b"example.org"

    def test_media_stay_until_the_feed_changes_once_more(self, tmp_path: Path) -> None:
        """Somebody may still read the feed that named them; pages go at once."""
        sites = [_site(f"{n}.mp3", b"%d" % n) | {f"episodes/{n}.html": b"page"} for n in range(3)]
        for number, files in enumerate(sites):
            _write(tmp_path / str(number), files)
            put_in_place(tmp_path / str(number), self.target())
            there = [n for n in range(3) if self.target().read(f"media/{n}.mp3") is not None]
            assert there == [n for n in (number - 1, number) if n >= 0]
            pages = [n for n in range(3) if self.target().read(f"episodes/{n}.html") is not None]
            assert pages == [number]

    def test_no_feed_ever_names_a_missing_file(self, tmp_path: Path) -> None:
        """Broken off after every single change, in the first publication and in the second; then finished."""
        for number in range(2):
            _write(tmp_path / str(number), _site(f"{number}.mp3", b"%d" % number))
            for left in range(99):
                breaking = _Breaking(self.target(), left)
                try:
                    put_in_place(tmp_path / str(number), breaking)
                except _BrokenOffError:
                    assert _missing(self.target()) == []
                else:
                    assert breaking.left >= 0
                    break
            assert _missing(self.target()) == []
            assert self.target().read("feed.xml") == _FEED.format(f"{number}.mp3").encode()
            assert put_in_place(tmp_path / str(number), self.target()) == ()

    def test_a_record_that_others_wrote_deletes_nothing_outside(self, tmp_path: Path) -> None:
        """Nor does one that is no record stop a publication."""
        _write(tmp_path / "site", _site("one.mp3", b"1"))
        for record in (json.dumps({"../../outside": "x", "/etc/hosts": "x"}), "no json", "[]"):
            _write(tmp_path / "record", {".paperledge.json": record.encode()})
            self.target().put(tmp_path / "record", [".paperledge.json"])
            changes = put_in_place(tmp_path / "site", self.target())
            assert {change.action for change in changes} == {"put"}


class _BrokenOffError(Exception):
    pass


class _Breaking:
    """A target that breaks off after so many files."""

    def __init__(self, target: Target, left: int) -> None:
        self._target = target
        self.left = left

    def read(self, path: str) -> bytes | None:
        return self._target.read(path)

    def sizes(self) -> Mapping[str, int] | None:
        return self._target.sizes()

    def put(self, folder: Path, paths: Sequence[str]) -> None:
        for path in paths:
            self._go_on()
            self._target.put(folder, [path])

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._go_on()
            self._target.delete([path])

    def _go_on(self) -> None:
        if self.left == 0:
            raise _BrokenOffError
        self.left -= 1


def _site(mp3: str, content: bytes) -> dict[str, bytes]:
    feed = _FEED.format(mp3).encode()
    return {
        "feed.xml": feed,
        "feed-2.xml": b"<rss/>",
        "index.html": b"<p>" + content,
        f"media/{mp3}": content,
    }


def _missing(target: Target) -> list[str]:
    """The files that the feed at a target names and that are not there."""
    named = re.findall(r"example\.org/([^\"]+)", (target.read("feed.xml") or b"").decode())
    return [path for path in named if target.read(path) is None]


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
