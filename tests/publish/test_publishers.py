"""Our publishers keep the contract: a folder, rsync, and a bucket on a real S3 interface."""

import shutil
import uuid
from pathlib import Path

import pytest

from pipeline.errors import PublishError, SettingsError, UnknownPlugin
from pipeline.plugins import find, names
from pipeline.publish.publishers import Target, media_type
from pipeline.publish.publishers.folder import open_target as open_folder
from pipeline.publish.publishers.rsync import open_target as open_rsync
from pipeline.publish.publishers.s3 import open_target as open_bucket
from pipeline.testing import PublisherContract


class TestFolder(PublisherContract):
    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.place = tmp_path / "www"

    def target(self) -> Target:
        return open_folder(str(self.place))

    def test_a_link_out_of_the_folder_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside/feed.xml").write_text("mine")
        (tmp_path / "www").mkdir()
        (tmp_path / "www/media").symlink_to(tmp_path / "outside")
        (tmp_path / "media").mkdir()
        (tmp_path / "media/feed.xml").write_text("theirs")
        with pytest.raises(PublishError, match="leads out of the folder"):
            self.target().put(tmp_path, ["media/feed.xml"])
        with pytest.raises(PublishError, match="leads out of the folder"):
            self.target().delete(["media/feed.xml"])
        assert (tmp_path / "outside/feed.xml").read_text() == "mine"

    def test_a_file_is_no_folder(self, tmp_path: Path) -> None:
        (tmp_path / "www").write_text("")
        with pytest.raises(SettingsError, match="is not a folder"):
            self.target()


@pytest.mark.skipif(shutil.which("rsync") is None, reason="needs rsync")
class TestRsync(PublisherContract):
    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.place = tmp_path / "far away" / "www"

    def target(self) -> Target:
        return open_rsync(str(self.place))

    def test_what_rsync_says_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("")
        with pytest.raises(PublishError, match="rsync failed: "):
            open_rsync("/proc/nowhere").put(tmp_path, ["a"])

    @pytest.mark.parametrize("text", ["--rsh=sh", "-e", "a\nb"])
    def test_an_option_is_no_target(self, text: str) -> None:
        with pytest.raises(SettingsError, match="is no target of rsync"):
            open_rsync(text)


class TestBucket(PublisherContract):
    @pytest.fixture(autouse=True)
    def _place(self, bucket: str) -> None:
        self.prefix = f"{bucket}/{uuid.uuid4()}"

    def target(self) -> Target:
        return open_bucket(self.prefix)

    def test_one_put_an_object_with_its_type(self, tmp_path: Path) -> None:
        from s3fs import S3FileSystem

        (tmp_path / "media").mkdir()
        big = tmp_path / "media/a-1f2e3d4c.mp3"
        big.write_bytes(bytes(120_000_000))  # more than the library puts in one go by itself
        (tmp_path / "feed.xml").write_text("<rss/>")
        self.target().put(tmp_path, ["media/a-1f2e3d4c.mp3", "feed.xml"])
        files = S3FileSystem(use_listings_cache=False)
        sound = files.call_s3(
            "head_object",
            Bucket=self.prefix.partition("/")[0],
            Key=f"{self.prefix}/media/{big.name}".partition("/")[2],
        )
        feed = files.call_s3(
            "head_object",
            Bucket=self.prefix.partition("/")[0],
            Key=f"{self.prefix}/feed.xml".partition("/")[2],
        )
        assert (sound["ContentType"], feed["ContentType"]) == ("audio/mpeg", media_type("feed.xml"))
        assert "immutable" in sound["CacheControl"]
        assert "max-age=300" in feed["CacheControl"]
        assert "-" not in sound["ETag"]  # of one PUT; that of several parts ends in their number

    def test_what_is_refused_tells_no_secret(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("")
        with pytest.raises(PublishError, match="the bucket cannot be used") as caught:
            open_bucket("no-such-bucket/x").put(tmp_path, ["a"])
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize("text", ["", "/x", "s3://bucket/x"])
    def test_a_bucket_has_a_name(self, text: str) -> None:
        with pytest.raises(SettingsError, match="is no bucket"):
            open_bucket(text)


def test_publishers_are_plug_ins() -> None:
    assert {"folder", "rsync", "s3"} <= set(names("publishers"))
    assert find("publishers", "folder") is open_folder
    with pytest.raises(UnknownPlugin, match="there is no publisher 'rsink'"):
        find("publishers", "rsink")
