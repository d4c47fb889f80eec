"""Covers, read from their bytes."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import TaggingError
from pipeline.model import Tag
from pipeline.tagging.artwork import MAX_BYTES, check_cover

from .conftest import COVER, Finish, FolderDesk

SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34\xff\xd0\x56\xff\xd7"


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def size(width: int, height: int, *, process: int = 0xC0, bits: int = 8, components: int = 3) -> bytes:
    return segment(process, struct.pack(">BHHB", bits, height, width, components) + bytes(3 * components))


def jpeg(*segments: bytes, end: bytes = b"\xff\xd9") -> bytes:
    return b"\xff\xd8" + b"".join(segments) + end


def test_a_drawn_cover_is_fit() -> None:
    check_cover(COVER)
    at = COVER.index(b"\xff\xc0")
    assert struct.unpack_from(">BHHB", COVER, at + 4) == (8, 800, 800, 3)
    assert b"ICC_PROFILE" in COVER
    assert len(COVER) < MAX_BYTES


@pytest.mark.parametrize("process", [0xC0, 0xC1, 0xC2])
@pytest.mark.parametrize("components", [1, 3])
@pytest.mark.parametrize("side", [1, 800, 1400])
def test_baseline_and_progressive_squares_are_fit(process: int, components: int, side: int) -> None:
    check_cover(jpeg(size(side, side, process=process, components=components), SCAN))


def test_what_looks_like_markers_inside_other_segments_is_passed_over() -> None:
    thumbnail = segment(0xE1, jpeg(size(160, 120), SCAN))
    check_cover(
        jpeg(thumbnail, segment(0xC4, bytes(9)), b"\xff\xff\xff", size(9, 9), SCAN, SCAN, end=b"\xff\xff\xd9")
    )
    with pytest.raises(TaggingError, match="9 x 8"):
        check_cover(jpeg(segment(0xE1, jpeg(size(9, 9), SCAN)), size(9, 8), SCAN))


@pytest.mark.parametrize(
    ("cover", "said", "advice"),
    [
        (b"", "not a JPEG", "convert"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "not a JPEG", "convert"),
        (b"GIF89a", "not a JPEG", "convert"),
        (b"RIFF....WEBP", "not a JPEG", "convert"),
        (jpeg(size(9, 9), SCAN) + bytes(MAX_BYTES), "has 300,0.. bytes", "lower quality"),
        (jpeg(size(1401, 1401), SCAN), "1401 x 1401 pixels", "square, at most 1400 x 1400"),
        (jpeg(size(1400, 1399), SCAN), "1400 x 1399 pixels", "square"),
        (jpeg(size(0, 0), SCAN), "0 x 0 pixels", "square"),
        (jpeg(size(9, 9, components=4), SCAN), "plain colours", "CMYK"),
        (jpeg(size(9, 9, bits=12, process=0xC1), SCAN), "plain colours", "8 bits"),
        (jpeg(size(9, 9, process=0xC3), SCAN), "rare JPEG process", "baseline"),
        (jpeg(size(9, 9, process=0xC9), SCAN), "rare JPEG process", "baseline"),
        (jpeg(size(9, 9), SCAN, end=b""), "cut short", "again"),
        (jpeg(size(9, 9), SCAN, end=b"\xff"), "cut short", "again"),
        (jpeg(size(9, 9)), "cut short", "again"),
        (jpeg(SCAN), "cut short", "again"),
        (jpeg(segment(0xC0, b"\x08"), SCAN), "cut short", "again"),
        (jpeg(b"\xff\xe0\xff\xff"), "cut short", "again"),
        (jpeg(size(9, 9), b"loose bytes", SCAN), "cut short", "again"),
        (jpeg(size(9, 9), b"\x00" + segment(0xE0, b"x")[1:], SCAN), "cut short", "again"),
    ],
)
def test_an_unfit_cover_is_refused_with_what_to_do(cover: bytes, said: str, advice: str) -> None:
    with pytest.raises(TaggingError, match=said) as caught:
        check_cover(cover)
    assert advice in caught.value.hint


@given(st.integers(min_value=0, max_value=len(COVER) - 1))
def test_a_cover_cut_anywhere_is_refused(length: int) -> None:
    with pytest.raises(TaggingError):
        check_cover(COVER[:length])


@given(st.binary(max_size=300))
def test_any_bytes_are_judged_without_a_fault(tail: bytes) -> None:
    for cover in (tail, b"\xff\xd8\xff" + tail, jpeg(size(9, 9)) + tail, jpeg(size(9, 9), SCAN, end=tail)):
        try:
            check_cover(cover)
        except TaggingError as error:
            assert error.hint  # noqa: PT017


def test_an_unfit_cover_stops_the_tagging(finish: Finish, desk: FolderDesk) -> None:
    kept = len(desk.kept)
    for cover in (b"\x89PNG\r\n\x1a\n", COVER[:-2], jpeg(size(1500, 1500), SCAN)):
        with pytest.raises(TaggingError, match="the cover"):
            finish((Tag(frame="TIT2", text="x"),), cover=cover)
    assert len(desk.kept) == kept
