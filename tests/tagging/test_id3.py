# mypy: allow-untyped-calls
# mutagen leaves most functions unannotated.
"""The bytes of a finished episode, read by an own parser and by mutagen."""

import io
import random
import struct
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import ID3
from mutagen.mp3 import MP3

from pipeline.errors import TaggingError
from pipeline.model import Loudness, Paper, ShowFacts, Tag
from pipeline.tagging import Listing, Made, Voices, describe, id3
from pipeline.transcript import Chapter

from .conftest import COVER, Finish, FolderDesk, Read

TITLE = Tag(frame="TIT2", text="A Title")


@pytest.fixture(scope="module")
def tags(paper: Paper, show: ShowFacts, voices: Voices) -> tuple[Tag, ...]:
    listing = Listing("0f3a", "Science > Mathematics", "https://example.org/cc")
    loudness = Loudness(integrated_mlufs=-16_020, true_peak_mdbtp=-1_500)
    return describe(paper, show, voices, listing, Made("So it is.\n\nBye – 再见.\n", 1_000, loudness))


def test_the_file_is_one_tag_and_then_the_sound(
    tags: tuple[Tag, ...], finish: Finish, read_raw: Read, sound: bytes
) -> None:
    episode = finish(tags)
    frames, rest = read_raw(episode)
    assert rest == sound
    assert b"TAG" not in episode[-131:]
    assert len(episode) == 10 + sum(10 + len(frame.body) for frame in frames) + len(sound)


def test_frames_have_a_fixed_order_whatever_that_of_the_tags(
    tags: tuple[Tag, ...], finish: Finish, read_raw: Read
) -> None:
    texts = ["TIT2", "TIT1", "TIT3", "TPE1", "TPE2", "TALB", "TCON", "TYER", "TDAT", "TDRL", "TRCK", "TPOS"]
    rest = ["TLEN", "TLAN", "TCOP", "TENC", "TSSE", "TCAT", "TDES", "TGID", "TKWD", "PCST"]
    rest += [*["TXXX"] * 6, "UFID", "WCOP", "WOAR", *["WXXX"] * 4, "COMM", "USLT"]
    assert sorted(one.frame for one in tags) == sorted([*texts, *rest])
    shuffled = random.Random(1).sample(tags, len(tags))
    for order in (tags, tuple(shuffled)):
        frames, _ = read_raw(finish(order))
        assert [frame.id for frame in frames] == [*texts, *rest, "APIC"]


def test_chapters_stand_in_the_order_of_time_behind_their_table(finish: Finish, read_raw: Read) -> None:
    """A long title, by which mutagen would sort, moves none."""
    titles = ["Welcome", "A long title " * 20, "Bis bald – 再见"]
    chapters = tuple(
        Chapter(title=title, start_ms=n * 5_000, end_ms=(n + 1) * 5_000) for n, title in enumerate(titles)
    )
    episode = finish((TITLE,), chapters)
    frames, _ = read_raw(episode)
    assert [frame.id for frame in frames] == ["TIT2", "CTOC", "CHAP", "CHAP", "CHAP", "APIC"]
    assert frames[1].body == b"toc\0\x03\x03chp0\0chp1\0chp2\0"
    times = [struct.unpack_from(">4I", frame.body, 5) for frame in frames[2:5]]
    nowhere = 0xFFFFFFFF
    assert times == [(n * 5_000, (n + 1) * 5_000, nowhere, nowhere) for n in range(3)]
    found: Any = ID3(io.BytesIO(episode), load_v1=False)
    assert [str(found[f"CHAP:chp{n}"].sub_frames["TIT2"]) for n in range(3)] == titles


def test_long_text_does_not_move_a_frame(finish: Finish, read_raw: Read) -> None:
    frames, _ = read_raw(finish((TITLE, Tag(frame="TPE1", text="x" * 500_000), Tag(frame="TALB", text="b"))))
    assert [frame.id for frame in frames] == ["TIT2", "TPE1", "TALB", "APIC"]
    assert frames[1].strings() == ["x" * 500_000]


def test_text_is_latin_1_if_ascii_and_else_utf_16_with_a_mark(
    tags: tuple[Tag, ...], finish: Finish, read_raw: Read
) -> None:
    frames, _ = read_raw(finish(tags))
    for frame in frames:
        if frame.id[0] == "T" or frame.id in {"COMM", "WXXX"}:
            assert frame.body[0] == (0 if all(text.isascii() for text in frame.strings()) else 1)
            assert frame.body[0] == 0 or b"\xff\xfe" in frame.body[1:6]
    by_id = {frame.id: frame for frame in frames}
    assert by_id["TIT2"].body == b"\x01" + tags[0].text.encode("utf-16") + b"\0\0"
    assert by_id["TIT1"].body == b"\x00Robotics\0"


def test_the_own_parser_reads_every_tag(tags: tuple[Tag, ...], finish: Finish, read_raw: Read) -> None:
    frames, _ = read_raw(finish(tags))
    found: set[tuple[str, ...]] = set()
    for frame in frames[:-1]:
        if frame.id == "UFID":
            owner, identifier = frame.body.split(b"\0")
            found.add((frame.id, owner.decode(), identifier.decode()))
        elif frame.id == "PCST":
            found.add((frame.id, "", str(int.from_bytes(frame.body))))
        elif frame.id in {"WCOP", "WOAR"}:
            found.add((frame.id, "", frame.body.removesuffix(b"\0").decode()))
        elif frame.id in {"TXXX", "WXXX", "COMM", "USLT"}:
            found.add((frame.id, *frame.strings()))
        else:
            found.add((frame.id, "", *frame.strings()))
    assert found == {(one.frame, one.description, one.text) for one in tags}


def test_comment_is_english_and_unnamed(tags: tuple[Tag, ...], finish: Finish, read_raw: Read) -> None:
    frames, _ = read_raw(finish(tags))
    comment = next(frame for frame in frames if frame.id == "COMM")
    assert comment.body[1:4] == b"eng"
    assert comment.strings()[0] == ""


def test_picture_is_the_cover_byte_for_byte(finish: Finish, read_raw: Read) -> None:
    frames, _ = read_raw(finish((TITLE,)))
    assert frames[-1].body == b"\0image/jpeg\0\x03\0" + COVER


def test_mutagen_reads_what_a_player_shows(
    tags: tuple[Tag, ...], finish: Finish, paper: Paper, show: ShowFacts
) -> None:
    episode: Any = MP3(io.BytesIO(finish(tags)))
    found = episode.tags
    assert found.version == (2, 3, 0)
    assert found["TIT2"] == paper.title
    assert found["TPE1"] == show.host
    assert found["TALB"] == found["TPE2"] == show.title
    assert found["TDRC"] == found["TDRL"] == "2025-10-23"
    assert "Credit to Paper authors: Ameesh Shah, Érica Núñez" in found["COMM::eng"].text[0].splitlines()
    assert found["WXXX:Code"].url == paper.links["Code"]
    assert found["UFID:https://arxiv.org"].data == b"2510.19752v1"
    assert found["APIC:"].type == 3
    assert 1.0 <= episode.info.length < 1.06


def test_a_second_run_gives_the_same_bytes(tags: tuple[Tag, ...], finish: Finish) -> None:
    assert finish(tags) == finish(tags)


def test_sound_that_spells_tag_near_its_end_is_kept(finish: Finish, read_raw: Read, sound: bytes) -> None:
    unlucky = sound[:-126] + b"TAG" + sound[-123:]
    assert read_raw(finish((TITLE,), mp3=unlucky))[1] == unlucky


@settings(max_examples=50)
@given(
    title=st.text(st.characters(codec="utf-16", exclude_categories=["Cc", "Cf", "Cn"]), min_size=1),
    link=st.text(st.characters(codec="utf-16", exclude_categories=["Cc", "Cf", "Cn"])),
)
def test_text_survives_the_file(
    title: str, link: str, finish: Finish, read_raw: Read, paper: Paper, show: ShowFacts
) -> None:
    wanted = " ".join(title.split())
    tags = (
        Tag(frame="TIT2", text=wanted or "-"),
        Tag(frame="COMM", text=f"one\n{wanted}"),
        Tag(frame="TXXX", text=wanted or "-", description=link),
        Tag(frame="WXXX", text="https://example.org/", description=link),
    )
    frames, _ = read_raw(finish(tags, cover=TINY))
    assert [frame.strings() for frame in frames[:-1]] == [
        [wanted or "-"],
        [link, wanted or "-"],
        [link, "https://example.org/"],
        ["", f"one\n{wanted}"],
    ]


@pytest.mark.parametrize(
    "title",
    [
        "🚀\U0001d538👩‍🔬",
        "שלום, עולם",
        "مرحبا",
        "x" * 10_000,
        "é" * 10_000,
        "😀" * 10_000,
        "\u200f\u200e",
        "TAG",
        "ID3\x03",
    ],
)
def test_hostile_titles_reach_the_listener_whole(
    title: str, finish: Finish, read_raw: Read, paper: Paper, show: ShowFacts
) -> None:
    described = describe(
        msgspec.structs.replace(paper, title=title), show, Voices("tone"), Listing(), Made("", 1)
    )
    frames, _ = read_raw(finish(described))
    assert frames[0].strings() == [title.replace("\x03", "")]


TINY = bytes.fromhex("ffd8 ffc0000b080001000101011100 ffda0008010100003f00 00 ffd9")


@pytest.mark.parametrize(
    ("wrong", "said", "advice"),
    [
        (Tag(frame="TDRC", text="2025"), "'TDRC' is none that is written", "did you mean"),
        (Tag(frame="APIC", text="x"), "'APIC' is none that is written", "known: "),
        (Tag(frame="TPE1", text=""), "'TPE1' is empty", "leave it out"),
        (Tag(frame="TPE1", text="a\0b"), "U\\+0000", "delete it"),
        (Tag(frame="TPE1", text="a\nb"), "U\\+000A", "delete it"),
        (Tag(frame="COMM", text="a\rb"), "U\\+000D", "delete it"),
        (Tag(frame="TXXX", text="a", description="b\nc"), "U\\+000A", "delete it"),
        (Tag(frame="TXXX", text="\udc00"), "U\\+DC00", "delete it"),
        (Tag(frame="WXXX", text="javascript:alert(1)"), "not a web address", "https://"),
        (Tag(frame="WOAR", text="https://example.org/ü"), "not a web address", "https://"),
        (Tag(frame="WOAR", text="https://example.org/\n"), "U\\+000A", "delete it"),
        (Tag(frame="UFID", text="é", description="x"), "id 'é' cannot", "64 plain"),
        (Tag(frame="UFID", text="1", description="é"), "id '1' cannot", "64 plain"),
        (Tag(frame="UFID", text="1" * 65, description="x"), "cannot be written", "64 plain"),
        (Tag(frame="TIT2", text="Again"), "'TIT2' is given twice", "other names"),
        (Tag(frame="TDRL", text="yesterday"), "do not read back", "report it"),
    ],
)
def test_a_tag_that_cannot_be_written_as_meant_is_refused(
    wrong: Tag, said: str, advice: str, finish: Finish, desk: FolderDesk
) -> None:
    kept = len(desk.kept)
    with pytest.raises(TaggingError, match=said) as caught:
        finish((TITLE, wrong))
    assert advice in caught.value.hint
    assert len(desk.kept) == kept


def test_two_links_of_one_title_are_refused(finish: Finish) -> None:
    links = tuple(Tag(frame="WXXX", text=f"https://example.org/{at}", description="Code") for at in (1, 2))
    with pytest.raises(TaggingError, match="'WXXX:Code' is given twice"):
        finish(links)


@pytest.mark.parametrize("kind", ["tagged", "empty", "wav", "v1", "short"])
def test_a_master_that_is_not_bare_sound_is_refused(
    kind: str, finish: Finish, desk: FolderDesk, sound: bytes
) -> None:
    wrong = {
        "tagged": finish((TITLE,)),
        "empty": b"",
        "wav": b"RIFF" + bytes(200),
        "v1": sound + b"TAG" + bytes(125),
        "short": sound[:1],
    }
    kept = len(desk.kept)
    with pytest.raises(TaggingError, match="not an MP3"):
        finish((TITLE,), mp3=wrong[kind])
    assert len(desk.kept) == kept


@pytest.mark.parametrize("fault", ["lost", "moved", "v2.4", "padded", "garbage"])
def test_a_file_that_reads_back_otherwise_is_not_kept(
    fault: str, finish: Finish, desk: FolderDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = id3._serialise
    broken = {
        "lost": lambda frames: true(frames[1:]),
        "moved": lambda frames: true(frames[::-1]),
        "v2.4": lambda frames: b"ID3\x04" + true(frames)[4:],
        "padded": lambda frames: true(frames) + bytes(10),
        "garbage": lambda frames: bytes(100),
    }
    monkeypatch.setattr(id3, "_serialise", broken[fault])
    kept = len(desk.kept)
    with pytest.raises(TaggingError, match="do not read back"):
        finish((TITLE, Tag(frame="TPE1", text="Host")))
    assert len(desk.kept) == kept


def test_a_place_that_cannot_be_written_is_named(sound: bytes, desk: FolderDesk, tmp_path: Path) -> None:
    mp3, cover = desk.path(desk.add(sound, ".mp3")), desk.path(desk.add(TINY, ".jpg"))
    with pytest.raises(TaggingError, match="cannot be written: No such file") as caught:
        id3.write_episode(mp3, (TITLE,), (), cover, tmp_path / "gone" / "episode.mp3")
    assert caught.value.where == str(tmp_path / "gone" / "episode.mp3")


def test_own_parser_and_mutagen_agree_on_the_frames(
    tags: tuple[Tag, ...], finish: Finish, read_raw: Read
) -> None:
    episode = finish(tags)
    frames, _ = read_raw(episode)
    found = ID3(io.BytesIO(episode), translate=False, load_v1=False)
    assert [frame.FrameID for frame in found.values()] == [frame.id for frame in frames]
