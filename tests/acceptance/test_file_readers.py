"""The shipped show's episodes and captions in other people's readers: the same titles, times and cover.

Chapters and times are the transcript's, the cover's bytes the same for all. A reader that is missing is
skipped, but fails where CI=true; see docs/acceptance.md.
"""

import base64
import json
from pathlib import Path

import pytest

from pipeline.verify.id3 import picture_of, read_tag, tag_size

from .shipped import Facts, Shipped, Told, client, node, said_by

pytestmark = pytest.mark.acceptance

FRONT_COVER = 3
"""Kind of picture, ID3v2.3, clause 4.15."""
WHOLE_FRAMES_MS = 79
"""Three frames of 1152 samples: some readers count what a gapless player leaves out at both ends."""


def cover_of(told: Told) -> bytes:
    """The JPEG in an episode, by our own reader."""
    raw = told.media["mp3"].read_bytes()
    pictures = [picture_of(it) for it in read_tag(raw[: tag_size(raw)]).frames if it.name == "APIC"]
    ((kind, jpeg),) = pictures
    assert (kind, jpeg[:3]) == (FRONT_COVER, b"\xff\xd8\xff")
    return jpeg


def tagged(told: Told) -> list[str]:
    """Title, artist and album of an episode."""
    return [told.facts["title"], "Ernis", "PaperLedge"]


def ms(seconds: float | str) -> int:
    return round(float(seconds) * 1000)


@pytest.fixture(scope="module")
def read(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """What node's readers say of all captions and episodes, by path."""
    paths = [told.media[suffix] for told in shipped.episodes for suffix in ("vtt", "srt", "mp3")]
    said: Facts = node("files.mjs", tmp_path_factory.mktemp("node"), *paths)
    return said


def test_webvtt_parser_finds_no_error(shipped: Shipped, read: Facts) -> None:
    for told in shipped.episodes:
        seen = read[str(told.media["vtt"])]
        assert seen["errors"] == []
        cues = [(ms(start), ms(end), text, who) for start, end, text, who in seen["cues"]]
        assert cues == [
            (cue.start_ms, cue.end_ms, cue.text, passage.speaker)
            for passage in told.transcript.passages
            for cue in passage.cues
        ]


def test_srt_validator_finds_no_error(shipped: Shipped, read: Facts) -> None:
    for told in shipped.episodes:
        seen = read[str(told.media["srt"])]
        assert seen["errors"] == []
        times = [(it["time"]["start"], it["time"]["end"]) for it in seen["cues"]]
        assert times == [(cue.start_ms, cue.end_ms) for cue in told.transcript.cues]


def test_music_metadata_reads_it_without_a_warning(shipped: Shipped, read: Facts) -> None:
    for told in shipped.episodes:
        seen = read[str(told.media["mp3"])]
        assert seen["warnings"] == []
        assert [seen["title"], seen["artist"], seen["album"]] == tagged(told)
        assert seen["podcastId"] == told.facts["guid"]
        chapters = [(it["title"], ms(it["start"]), ms(it["end"])) for it in seen["chapters"]]
        assert chapters == told.chapters
        assert ms(seen["seconds"]) == pytest.approx(told.transcript.duration_ms, abs=WHOLE_FRAMES_MS)
        ((kind, place, jpeg),) = seen["pictures"]
        assert (kind, place) == ("image/jpeg", "Cover (front)")
        assert base64.b64decode(jpeg) == cover_of(told)


def test_ffprobe_reads_chapters_and_cover(shipped: Shipped, tmp_path: Path) -> None:
    for told in shipped.episodes:
        mp3, jpeg = told.media["mp3"], tmp_path / f"{told.slug}.jpg"
        words = ("-v", "error", "-show_chapters", "-show_format", "-of", "json")
        seen = json.loads(said_by(tmp_path, "ffprobe", *words, mp3))
        chapters = [
            (it["tags"]["title"], ms(it["start_time"]), ms(it["end_time"])) for it in seen["chapters"]
        ]
        assert chapters == told.chapters
        assert [seen["format"]["tags"][name] for name in ("title", "artist", "album")] == tagged(told)
        said_by(tmp_path, "ffmpeg", "-v", "error", "-i", mp3, "-map", "0:v", "-c", "copy", jpeg)
        assert jpeg.read_bytes() == cover_of(told)


def test_eyed3_reads_chapters_and_cover(shipped: Shipped) -> None:
    eyed3 = client("eyed3")
    for told in shipped.episodes:
        tag = eyed3.load(told.media["mp3"]).tag
        assert tag.version == (2, 3, 0)
        assert [tag.title, tag.artist, tag.album] == tagged(told)
        (contents,) = tag.table_of_contents
        seen = [tag.chapters.get(name) for name in contents.child_ids]
        assert [(it.title, it.times.start, it.times.end) for it in seen] == told.chapters
        assert [(it.picture_type, it.image_data) for it in tag.images] == [(FRONT_COVER, cover_of(told))]


def test_exiftool_reads_tags_and_cover(shipped: Shipped, tmp_path: Path) -> None:
    for told in shipped.episodes:
        (seen,) = json.loads(said_by(tmp_path, "exiftool", "-json", "-b", told.media["mp3"]))
        assert [seen["Title"], seen["Artist"], seen["Album"]] == tagged(told)
        assert seen["PodcastID"] == told.facts["guid"]
        assert seen["Track"] == told.facts["number"]
        assert base64.b64decode(seen["Picture"].removeprefix("base64:")) == cover_of(told)


def test_kid3_reads_tags_and_cover(shipped: Shipped, tmp_path: Path) -> None:
    for told in shipped.episodes:
        jpeg = tmp_path / f"{told.slug}.jpg"
        commands = ["-c", '{"method":"get"}', "-c", f"get picture:'{jpeg}'"]
        said = json.loads(said_by(tmp_path, "kid3-cli", *commands, told.media["mp3"]).splitlines()[0])
        frames = said["result"]["taggedFile"]["tag2"]["frames"]
        seen = {it["name"]: it["value"] for it in frames}
        assert [seen["Title"], seen["Artist"], seen["Album"]] == tagged(told)
        names = [it["name"] for it in frames]
        assert names.count("Chapter") == len(told.chapters)
        assert names.count("Table of Contents") == 1
        assert jpeg.read_bytes() == cover_of(told)


def test_mediainfo_reads_tags_and_sees_the_cover(shipped: Shipped, tmp_path: Path) -> None:
    for told in shipped.episodes:
        said = json.loads(said_by(tmp_path, "mediainfo", "--Output=JSON", told.media["mp3"]))
        seen = said["media"]["track"][0]
        assert [seen["Title"], seen["Performer"], seen["Album"]] == tagged(told)
        assert (seen["Cover"], seen["Cover_Mime"]) == ("Yes", "image/jpeg")
        assert int(seen["Track_Position"]) == told.facts["number"]


def test_mp3val_warns_of_nothing(shipped: Shipped, tmp_path: Path) -> None:
    said = said_by(tmp_path, "mp3val", *(told.media["mp3"] for told in shipped.episodes))
    assert said.count("INFO:") == len(shipped.episodes)
    assert "WARNING" not in said
