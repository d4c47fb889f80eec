"""Faults of MP3s and of their tags."""

from pipeline.verify.id3 import Frame, tag_size

from ..sites import Workshop
from .changes import (
    Change,
    in_bytes,
    in_item,
    in_tag,
    swap_chapters,
    with_comment,
    with_frame,
    with_text,
    without_frame,
)

__all__ = ["SOUND"]


def one_sound(w: Workshop) -> None:
    w.edit("feed.xml", w.find(".mp3", "first-light"), w.find(".mp3"))


def padded(mp3: bytes) -> bytes:
    size = tag_size(mp3[:10])
    length = bytes(size - 10 + 1000 >> shift & 0x7F for shift in (21, 14, 7, 0))
    return mp3[:6] + length + mp3[10:size] + bytes(1000) + mp3[size:]


SOUND: dict[str, tuple[str, Change]] = {
    "length off by one": ("EPIS101", in_item(r'length="(\d+)\d"', r'length="\g<1>0"')),
    "no MP3": ("EPIS102", in_bytes(".mp3", lambda mp3: b"<html>not found</html>")),
    "wave": ("EPIS102", in_bytes(".mp3", lambda mp3: b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(2000))),
    "empty MP3": ("FEED213", in_bytes(".mp3", lambda mp3: b"")),
    "tag without sound": ("EPIS102", in_bytes(".mp3", lambda mp3: mp3[: tag_size(mp3[:10])])),
    "no length in the MP3": (
        "EPIS103",
        in_bytes(".mp3", lambda mp3: mp3.replace(b"Info\0\0\0\x0f", b"Inof\0\0\0\x0f", 1)),
    ),
    "truncated MP3": ("EPIS104", in_bytes(".mp3", lambda mp3: mp3[:-5000])),
    "MP3 with more": ("EPIS104", in_bytes(".mp3", lambda mp3: mp3 + bytes(417))),
    "duration of something else": ("EPIS105", in_item(r"<itunes:duration>\d+<", "<itunes:duration>17<")),
    "two items, one sound": ("EPIS106", one_sound),
    "damaged MP3": (
        "EPIS107",
        lambda w: w.files.update(
            {w.find(".mp3"): w.files[w.find(".mp3")][:-9] + b"\xff" + w.files[w.find(".mp3")][-8:]}
        ),
    ),
    "no tag": ("TAGS101", in_bytes(".mp3", lambda mp3: mp3[tag_size(mp3[:10]) :])),
    "damaged tag": ("TAGS101", in_bytes(".mp3", lambda mp3: mp3[:14] + b"\x7f" + mp3[15:])),
    "frame of v2.4": ("TAGS101", with_frame("TIT2", b"\x03A second mind")),
    "v2.4": ("TAGS102", in_bytes(".mp3", lambda mp3: b"ID3\x04" + mp3[4:])),
    "ID3v1": ("TAGS103", in_bytes(".mp3", lambda mp3: mp3 + b"TAG" + b"A second mind".ljust(125, b"\0"))),
    "APE tag": ("TAGS103", in_bytes(".mp3", lambda mp3: mp3 + b"APETAGEX" + bytes(24))),
    "padding": ("TAGS104", in_bytes(".mp3", padded)),
    "large tag": ("TAGS105", in_tag(lambda frames: [*frames, Frame("PRIV", bytes(250_000))])),
    **{
        f"no {name}": ("TAGS106", without_frame(name))
        for name in ("TIT2", "TPE1", "TALB", "TRCK", "APIC", "COMM", "USLT", "TGID")
    },
    "title twice in the tag": ("TAGS107", in_tag(lambda frames: [frames[0], *frames])),
    "chapters out of order": ("TAGS108", in_tag(swap_chapters)),
    "TGID of another": ("TAGS109", with_text("TGID", "another")),
    "TRCK of another": ("TAGS110", with_text("TRCK", "7")),
    "TPOS of another": ("TAGS110", with_text("TPOS", "2")),
    "no TPOS": ("TAGS110", without_frame("TPOS")),
    "title of another": ("TAGS111", with_text("TIT2", "Another")),
    "show of another": ("TAGS111", with_text("TALB", "Another")),
    "comment without AI": ("TAGS112", with_comment("AI voice", "a voice")),
    "no AI_CONTENT": (
        "TAGS112",
        in_tag(lambda frames: [it for it in frames if b"AI_CONTENT" not in it.body]),
    ),
    "AI_CONTENT false": (
        "TAGS112",
        in_tag(
            lambda frames: [
                Frame(it.name, it.body.replace(b"AI_CONTENT\0true", b"AI_CONTENT\0false")) for it in frames
            ]
        ),
    ),
    "comment without credit": ("TAGS113", with_comment("Credit to Paper authors", "By")),
    "TLEN of another": ("TAGS114", with_text("TLEN", "9999")),
    "TLEN as a clock": ("TAGS114", with_text("TLEN", "0:14")),
    "day of another": ("TAGS115", with_text("TYER", "2025")),
    "draft": ("TAGS116", with_text("TIT2", "DRAFT: A second mind")),
}
