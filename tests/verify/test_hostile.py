"""Whatever the files hold, the answer is findings, soon, and never a traceback."""

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.verify.captions import SUFFIXES, read_transcript
from pipeline.verify.chapters import read_chapters
from pipeline.verify.folder import Unfit
from pipeline.verify.id3 import Text, read_tag
from pipeline.verify.item import moment_of
from pipeline.verify.markup import read_markup
from pipeline.verify.picture import read_picture
from pipeline.verify.xml import parse_xml

from .sites import Workshop, workshop

PATHS = sorted(workshop().files)
Flips = list[tuple[float, int]]
flips = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=20)


def flipped(content: bytes, changes: Flips, within: int) -> bytes:
    """Bytes changed somewhere in the first `within`."""
    changed = bytearray(content)
    for place, mask in changes:
        changed[int(place * min(len(changed), within))] ^= mask
    return bytes(changed)


@given(path=st.sampled_from(PATHS), changes=flips, within=st.sampled_from([64, 4096, 1 << 30]))
@settings(max_examples=150)
def test_flipped_bytes_never_raise(path: str, changes: Flips, within: int) -> None:
    spoilt = workshop()
    spoilt.files[path] = flipped(spoilt.files[path], changes, within)
    with tempfile.TemporaryDirectory() as folder:
        assert isinstance(spoilt.verify(Path(folder)), tuple)


@given(path=st.sampled_from(PATHS), share=st.floats(0, 1))
@settings(max_examples=60)
def test_cut_files_never_raise_and_are_found(path: str, share: float) -> None:
    spoilt = workshop()
    content = spoilt.files[path]
    spoilt.files[path] = content[: int(share * len(content))]
    with tempfile.TemporaryDirectory() as folder:
        found = spoilt.verify(Path(folder))
    assert found or path.endswith((".html", ".css", ".js")) or spoilt.files[path].strip() == content.strip()


def test_every_flipped_byte_of_the_media_is_found(tmp_path: Path) -> None:
    for number, path in enumerate(path for path in PATHS if path.startswith("media/")):
        spoilt = workshop()
        spoilt.files[path] = flipped(spoilt.files[path], [(0.9, 1)], 1 << 30)
        assert any(finding.is_error for finding in spoilt.verify(tmp_path / str(number))), path


@given(
    st.binary(max_size=300) | st.binary(max_size=100).map(lambda it: b"ID3\x03\x00\x00\x00\x00\x01\x00" + it)
)
def test_readers_of_bytes_only_say_unfit(raw: bytes) -> None:
    for read in (parse_xml, read_picture, lambda it: [Text.of(frame) for frame in read_tag(it).frames]):
        with contextlib.suppress(Unfit):
            read(raw.ljust(10, b"\0"))


@given(
    st.text(alphabet="WEBVTT\n0123456789:.,-> <v&;[]{}\"'/!pé", max_size=200),
    st.sampled_from([*SUFFIXES]),
)
def test_readers_of_text_only_say_unfit(text: str, media_type: str) -> None:
    for read in (lambda it: read_transcript(it, media_type), read_chapters):
        with contextlib.suppress(Unfit):
            read(text)
    assert read_markup(text) is not None
    assert moment_of(text) is None


@pytest.mark.parametrize(
    "text", ["<" * 200_000, "<a " * 100_000, "<!--" * 50_000, "<a b='" * 50_000, "&" * 200_000]
)
def test_markup_is_read_in_time_that_its_length_explains(text: str) -> None:
    assert read_markup(text) is not None


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.html"
    outside.write_text("<!doctype html>")
    spoilt = workshop()
    site = tmp_path / "site"
    spoilt.write(site)
    (site / "episodes/first-light.html").unlink()
    (site / "episodes/first-light.html").symlink_to(outside)
    codes = {finding.code for finding in Workshop(spoilt.feed, spoilt.lock, {}).verify(site)}
    assert codes == {"FEED225", "PAGE101"}


def test_a_folder_in_place_of_a_file_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").mkdir()
    spoilt = workshop()
    del spoilt.files["feed.xml"]
    assert spoilt.verify(tmp_path)[0].code == "FEED101"
