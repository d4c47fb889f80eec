"""Our readers see in an episode what the libraries see that others use."""

# mypy: allow-untyped-calls

from io import BytesIO
from pathlib import Path

import pytest
from mutagen.id3 import ID3
from mutagen.mp3 import MP3

from pipeline.verify.folder import open_site
from pipeline.verify.id3 import Text, chapter_of, contents_of, picture_of, read_tag, tag_size
from pipeline.verify.picture import read_picture
from pipeline.verify.sound import read_sound

from .sites import workshop


@pytest.fixture
def mp3() -> bytes:
    """The latest episode."""
    made = workshop()
    return made.files[made.find(".mp3")]


def test_the_tag_is_read_as_mutagen_reads_it(mp3: bytes) -> None:
    theirs = ID3(BytesIO(mp3), translate=False)
    tag = read_tag(mp3[: tag_size(mp3[:10])])
    assert tag.version == theirs.version[1]
    assert tag.padding_bytes == theirs._padding == 0
    assert [frame.name for frame in tag.frames] == [frame.FrameID for frame in theirs.values()]
    for frame, other in zip(tag.frames, theirs.values(), strict=True):
        match frame.name:
            case "CHAP":
                seen = chapter_of(frame)
                assert seen[:3] == (other.element_id, other.start_time, other.end_time)
                assert seen.title == other.sub_frames["TIT2"].text[0]
            case "CTOC":
                assert contents_of(frame) == (True, True, tuple(other.child_element_ids))
            case "APIC":
                assert picture_of(frame) == (3, other.data)
            case "UFID":
                assert Text.of(frame) == (other.owner, other.data.decode())
            case name if name[0] == "W":
                assert Text.of(frame) == (getattr(other, "desc", ""), other.url)
            case name if name != "PCST":
                text = other.text if name == "USLT" else str(other.text[0])
                assert Text.of(frame) == (getattr(other, "desc", ""), text)


def test_the_sound_is_as_long_as_mutagen_says(mp3: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(mp3)
    sound = read_sound(open_site(tmp_path, "https://podcast.example.org/feed.xml"), "a.mp3")
    length_s: float = getattr(MP3(BytesIO(mp3)).info, "length", 0)
    assert abs(sound.duration_ms - length_s * 1000) < 60  # mutagen leaves delays in
    assert sound.said_bytes == sound.sound_bytes == len(mp3) - len(sound.tag)


def test_the_cover_is_what_it_is() -> None:
    made = workshop()
    assert read_picture(made.files[made.find(".jpg")]) == ("JPEG", 1400, 1400, True, True)


@pytest.mark.parametrize(
    ("address", "page", "path"),
    [
        ("https://podcast.example.org/show/media/a.mp3", "", "media/a.mp3"),
        ("https://podcast.example.org/show/", "", "index.html"),
        ("../media/a.mp3?x=1#t=3", "episodes/b.html", "media/a.mp3"),
        ("#main", "episodes/b.html", "episodes/b.html"),
        ("a%20b.html", "", "a b.html"),
        ("media/%2e%2e/%2e%2e/etc/passwd", "", "media/../../etc/passwd"),
        ("../other", "index.html", None),
        ("https://elsewhere.example.org/show/media/a.mp3", "", None),
        ("https://podcast.example.org.evil.example/show/a.mp3", "", None),
        ("//[", "", None),
    ],
)
def test_an_address_is_a_path_of_this_site_or_of_another(
    address: str, page: str, path: str | None, tmp_path: Path
) -> None:
    site = open_site(tmp_path, "https://podcast.example.org/show/feed.xml")
    assert site.path_of(address, page) == path
