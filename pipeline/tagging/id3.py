# mypy: allow-untyped-calls
# mutagen ships its types but leaves most functions unannotated.
"""Tags, cover and sound into one file: ID3v2.3.0, as of id3.org/id3v2.3.0.

    header, frames (text, id, web, comment, script, chapters, picture)  +  the MP3, byte for byte

mutagen makes and reads the frames, but its `ID3.save` is not used: it orders frames by their size,
so that chapters would come out of order, it pads, and it cuts off an end of sound that happens to
spell "TAG". Its conversion to v2.3 drops TDRL, so tags are given as the frames of v2.3 to begin with.
"""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from mutagen import MutagenError
from mutagen.id3 import (
    APIC,
    CHAP,
    CTOC,
    ID3,
    TIT2,
    CTOCFlags,
    Encoding,
    Frames,
    PictureType,
)
from mutagen.id3._tags import save_frame
from mutagen.id3._util import ID3SaveConfig

from ..errors import TaggingError, nearest
from ..model import Tag
from ..transcript import Chapter
from .artwork import check_cover

__all__ = ["write_episode"]

_TEXTS = (
    *("TIT2", "TIT1", "TIT3", "TPE1", "TPE2", "TALB", "TCON", "TYER", "TDAT", "TDRL", "TRCK", "TPOS"),
    *("TLEN", "TLAN", "TCOP", "TENC", "TSSE", "TCAT", "TDES", "TGID", "TKWD"),
)
_ORDER = (*_TEXTS, "PCST", "TXXX", "UFID", "WCOP", "WOAR", "WXXX", "COMM", "USLT")
"""The frames a `Tag` may name, in the order of the file; chapters and picture follow, so that who streams
an episode has the words first."""
_V2_3 = ID3SaveConfig(3, "/")
_COMMENT_LANGUAGE = "eng"
"""ISO 639-2 of the note: its words are English, whatever the show's language."""
_NO_OFFSET = 0xFFFFFFFF
"""ID3v2 Chapter Frame Addendum, clause 3.1: the times are meant, not places in the file."""


def write_episode(
    mp3: Path, tags: tuple[Tag, ...], chapters: tuple[Chapter, ...], cover: Path, target: Path
) -> None:
    """Write `tags`, `chapters` and `cover`, then the bytes of `mp3`, to the new file `target`.

    Raises TaggingError if `mp3` is not bare sound, the cover is unfit, a frame is unknown or given
    twice, or `target` cannot be written or does not read back equal.
    """
    _check_sound(mp3)
    jpeg = cover.read_bytes()
    check_cover(jpeg)
    picture = APIC(encoding=Encoding.LATIN1, mime="image/jpeg", type=PictureType.COVER_FRONT, data=jpeg)
    language = next((one.text for one in tags if one.frame == "TLAN"), "und")
    texts = (_frame(one, language) for one in sorted(tags, key=_place))
    frames = [*texts, *_chapter_frames(chapters), picture]
    _refuse_twins(frames)
    try:
        with target.open("xb") as file, mp3.open("rb") as sound:
            file.write(_serialise(frames))
            shutil.copyfileobj(sound, file)
    except OSError as error:
        hint = "free some space, or make the folder writable, and run again"
        raise TaggingError(f"cannot be written: {error.strerror}", where=str(target), hint=hint) from error
    _read_back(target, frames, mp3.stat().st_size)


def _place(tag: Tag) -> int:
    if tag.frame not in _ORDER:
        hint = nearest(tag.frame, _ORDER)
        raise TaggingError(f"the frame {tag.frame!r} is none that is written", hint=hint)
    return _ORDER.index(tag.frame)


def _frame(tag: Tag, language: str) -> Any:
    """One mutagen frame. language: of the script, ISO 639-2."""
    encoding = _encoding(tag.text + tag.description)
    fields: dict[str, Any] = {"encoding": encoding, "text": [tag.text]}
    match tag.frame:
        case "COMM":
            fields |= {"lang": _COMMENT_LANGUAGE, "desc": tag.description}
        case "USLT":
            fields |= {"lang": language, "desc": tag.description, "text": tag.text}
        case "TXXX":
            fields |= {"desc": tag.description}
        case "WXXX":
            fields = {"encoding": encoding, "desc": tag.description, "url": tag.text}
        case "WCOP" | "WOAR":
            fields = {"url": tag.text}
        case "UFID":
            fields = {"owner": tag.description, "data": tag.text.encode()}
        case "PCST":
            fields = {"value": int(tag.text)}
    return Frames[tag.frame](**fields)


def _chapter_frames(chapters: tuple[Chapter, ...]) -> list[Any]:
    """CTOC, which some players ask for, then each CHAP in the order of time (Chapter Frame Addendum)."""
    if not chapters:
        return []
    ids = [f"chp{number}" for number in range(len(chapters))]
    frames = [
        CHAP(
            element_id=name,
            start_time=chapter.start_ms,
            end_time=chapter.end_ms,
            start_offset=_NO_OFFSET,
            end_offset=_NO_OFFSET,
            sub_frames=[TIT2(encoding=_encoding(chapter.title), text=[chapter.title])],
        )
        for name, chapter in zip(ids, chapters, strict=True)
    ]
    flags = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    return [CTOC(element_id="toc", flags=flags, child_element_ids=ids, sub_frames=[]), *frames]


def _encoding(text: str) -> int:
    """Latin-1 only for ASCII: old players take its upper half for their own code page."""
    return Encoding.LATIN1 if text.isascii() else Encoding.UTF16


def _refuse_twins(frames: list[Any]) -> None:
    """Clause 4: a frame, or a frame of one description, stands once. Players would show either."""
    for key, times in Counter(frame.HashKey for frame in frames).items():
        if times > 1:
            raise TaggingError(f"the tag {key!r} is given twice", hint="give the links other names")


def _serialise(frames: list[Any]) -> bytes:
    """Clause 3.1: version 2.3.0, no flags, the size in four times seven bits; no padding."""
    body = b"".join(save_frame(frame, config=_V2_3) for frame in frames)
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def _check_sound(mp3: Path) -> None:
    with mp3.open("rb") as file:
        start = int.from_bytes(file.read(4))
        file.seek(-min(128, mp3.stat().st_size), 2)
        ends_in_v1 = file.read(3) == b"TAG"
    is_layer_3 = start >> 21 == 0x7FF and start >> 17 & 0b11 == 0b01  # ISO/IEC 11172-3, clause 2.4.2.3
    if not is_layer_3 or ends_in_v1:
        what = "the master has a tag already, or is not an MP3"
        raise TaggingError(what, where=str(mp3), hint="encode it again, without tags")


def _read_back(path: Path, frames: list[Any], sound_bytes: int) -> None:
    """Believe what another read finds: version, every frame in order and whole, and the sound's length."""
    try:
        found = ID3(path, translate=False, load_v1=False)
    except MutagenError as error:
        raise _unlike(path) from error
    same = [repr(frame) for frame in found.values()] == [repr(frame) for frame in frames]
    if not same or found.version != (2, 3, 0) or path.stat().st_size != found.size + sound_bytes:
        raise _unlike(path)


def _unlike(path: Path) -> TaggingError:
    hint = "free some disk space and run again; if it stays, report it with the paper"
    return TaggingError("the tags do not read back as they were written", where=str(path), hint=hint)
