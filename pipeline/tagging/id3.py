# mypy: allow-untyped-calls
# mutagen ships its types but leaves most functions unannotated.
"""Tags, cover and sound into one file: ID3v2.3.0, as of id3.org/id3v2.3.0.

    header, frames (text, id, web, comment, picture)  +  the MP3, byte for byte

mutagen makes and reads the frames, but its `ID3.save` is not used: it orders frames by their size,
so that chapters would come out of order, it pads, and it cuts off an end of sound that happens to
spell "TAG". Its conversion to v2.3 drops TDRL, so tags are given as the frames of v2.3 to begin with.
"""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from mutagen import MutagenError
from mutagen.id3 import APIC, COMM, ID3, TXXX, UFID, WOAR, WXXX, Encoding, Frames, PictureType
from mutagen.id3._tags import save_frame
from mutagen.id3._util import ID3SaveConfig

from ..errors import TaggingError, nearest
from ..model import Tag
from .artwork import check_cover

__all__ = ["write_episode"]

_TEXTS = (
    *("TIT2", "TIT1", "TIT3", "TPE1", "TPE2", "TALB", "TCON", "TYER", "TDAT", "TDRL", "TRCK", "TPOS"),
    *("TLEN", "TLAN", "TCOP", "TENC", "TSSE"),
)
_ORDER = (*_TEXTS, "TXXX", "UFID", "WOAR", "WXXX", "COMM")
"""The frames a `Tag` may name, in the order of the file; the picture follows, so that who streams an
episode has the words first."""
_V2_3 = ID3SaveConfig(3, "/")
_COMMENT_LANGUAGE = "eng"
"""ISO 639-2 of the note: its words are English, whatever the show's language."""


def write_episode(mp3: Path, tags: tuple[Tag, ...], cover: Path, target: Path) -> None:
    """Write `tags` and `cover`, then the bytes of `mp3`, to the new file `target`.

    Raises TaggingError if `mp3` is not bare sound, the cover is unfit, a frame is unknown or given
    twice, or `target` cannot be written or does not read back equal.
    """
    _check_sound(mp3)
    jpeg = cover.read_bytes()
    check_cover(jpeg)
    picture = APIC(encoding=Encoding.LATIN1, mime="image/jpeg", type=PictureType.COVER_FRONT, data=jpeg)
    frames = [*map(_frame, sorted(tags, key=_place)), picture]
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


def _frame(tag: Tag) -> Any:
    """One mutagen frame. Latin-1 only for ASCII: old players take its upper half for their own code page."""
    encoding = Encoding.LATIN1 if (tag.text + tag.description).isascii() else Encoding.UTF16
    match tag.frame:
        case "COMM":
            texts = [tag.text]
            return COMM(encoding=encoding, lang=_COMMENT_LANGUAGE, desc=tag.description, text=texts)
        case "TXXX":
            return TXXX(encoding=encoding, desc=tag.description, text=[tag.text])
        case "WXXX":
            return WXXX(encoding=encoding, desc=tag.description, url=tag.text)
        case "WOAR":
            return WOAR(url=tag.text)
        case "UFID":
            return UFID(owner=tag.description, data=tag.text.encode())
        case _:
            return Frames[tag.frame](encoding=encoding, text=[tag.text])


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
