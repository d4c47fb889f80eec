"""Puts finished episodes where people look for them, and knows which are finished.

    output/episodes/<slug>.mp3 .txt           to listen to and to read along
                          .vtt .srt .json     captions, and all that is heard when, for machines
    output/stages/<slug>/1-script.txt 2-synthesis/ 3-assembly.mp3 4-artwork.jpg 5-tagging.json
                                              what each stage gave, of the last run only

Files are copied, so an edit of one never reaches the store. The ledger says for each episode what
it was made from and how its files were left; it is only ever a shortcut: without it, an episode
is put together again from the store.
"""

import logging
import os
import shutil
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import msgspec

from .captions import as_srt, as_vtt
from .errors import StoreError
from .files import os_errors_said, replace_file, sha256_of
from .kit import Kit
from .model import Loudness, Paper
from .paper import find_papers
from .recipe import Produced
from .script import plain_text
from .store import Store
from .synthesis.voices import Voice

log = logging.getLogger(__name__)

__all__ = [
    "SUFFIXES",
    "Finished",
    "Place",
    "clean",
    "clear_stages",
    "deliver",
    "holds",
    "is_intact",
    "is_untouched",
    "known",
    "orphans",
]


SUFFIXES = (".mp3", ".txt", ".vtt", ".srt", ".json")
"""Of an episode's files."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where an episode goes, and what it was made from."""

    episodes: Path
    stages: Path
    ledger: Path
    paper: str
    """See Finished."""
    cover: str
    """See Finished."""
    inputs: str
    """Digest of all it was made from."""


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """An episode in output/, as it was left."""

    slug: str
    title: str
    inputs: str
    voice: str
    """The profile that was asked for."""
    spoken_by: str
    mp3: str
    """Path below the show's folder."""
    duration_ms: int
    size_bytes: int
    loudness: Loudness
    lines: int
    digests: dict[str, str]
    """Name of each of its files → SHA-256."""
    stamps: dict[str, tuple[int, int, int]]
    """Name of each → size, modification time in ns, inode: as the files were left."""
    voices: dict[str, Voice] = {}
    """By who is heard in it: "host", "quotations" or a name of the cast."""
    keys: dict[str, str] = {}
    """Step → key of the record in the store, which holds what was asked for."""
    paper: str = ""
    """Path of its paper: below the show's folder, or absolute if it is elsewhere."""
    cover: str = ""
    """The picture that its paper names; "" if it names none."""


def known(ledger: Path, slug: str) -> Finished | None:
    """What the ledger knows of an episode, whatever became of its files."""
    try:
        return msgspec.json.decode((ledger / f"{slug}.json").read_bytes(), type=Finished)
    except (OSError, msgspec.DecodeError):
        return None


def is_untouched(finished: Finished, episodes: Path) -> bool:
    """Whether an episode's files are as they were left, without reading them."""
    try:
        return _stamps_now(episodes, finished.stamps) == finished.stamps
    except OSError:
        return False


def is_intact(finished: Finished, episodes: Path) -> bool:
    """Whether an episode's files hold what they were left with, though they may have been copied since."""
    if is_untouched(finished, episodes):
        return True
    try:
        return all(sha256_of(episodes / name) == sha256 for name, sha256 in finished.digests.items())
    except OSError:
        return False


def orphans(root: Path, ledger: Path) -> list[Finished]:
    """The finished episodes whose papers are there no more.

    A paper that only moved within papers/ is there; so is one elsewhere whose whole folder is out of
    sight, as on a disk that is not mounted.
    """
    here = {path.stem for path in find_papers(root / "papers")}
    slugs = (path.stem for path in sorted(ledger.glob("*.json")) if path.stem not in here)
    return [it for slug in slugs if (it := known(ledger, slug)) and _is_gone(root, it.paper)]


def _is_gone(root: Path, paper: str) -> bool:
    path = root / paper
    try:
        path.stat()
    except FileNotFoundError:
        return path.parent.is_dir() or not Path(paper).is_absolute()
    except OSError:
        pass
    return False


def holds(finished: Finished | None, produced: Produced) -> bool:
    """Whether the files of an episode, as they were left, hold what was produced."""
    return finished is not None and finished.digests == _digests(finished.slug, produced, _texts(produced))


def deliver(paper: Paper, produced: Produced, kit: Kit, store: Store, place: Place) -> Finished:
    """Copy an episode's files to their place and note it in the ledger. Raises StoreError.

    Files that hold what they should already are left alone.
    """
    mp3, texts = place.episodes / f"{paper.slug}.mp3", _texts(produced)
    digests = _digests(paper.slug, produced, texts)
    before = known(place.ledger, paper.slug)
    stamps = _stamps_now(place.episodes, digests)  # before they are read: another run may put others there
    if not (before and before.digests == digests and is_intact(before, place.episodes)):
        stamps = {mp3.name: _stamp(replace_file(mp3, store.path(produced.episode.mp3)))}
        for suffix, content in texts.items():
            path = mp3.with_name(paper.slug + suffix)
            stamps[path.name] = _stamp(replace_file(path, content))
    master = produced.master
    finished = Finished(
        slug=paper.slug,
        title=paper.title,
        inputs=place.inputs,
        cover=place.cover,
        voice=kit.voice_name(paper),
        spoken_by=produced.spoken_by,
        mp3=str(mp3),
        duration_ms=produced.transcript.duration_ms,
        size_bytes=produced.episode.mp3.size_bytes,
        loudness=master.loudness,
        lines=len(produced.script.lines),
        digests=digests,
        stamps=stamps,
        voices=produced.voices,
        keys=produced.keys,
        paper=place.paper,
    )
    try:
        _show_stages(place.stages / paper.slug, produced, store)
    except (OSError, StoreError) as error:  # another run may be showing its own; nothing depends on it
        log.warning("the stages of %s cannot be shown: %s", paper.slug, error)
    replace_file(place.ledger / f"{paper.slug}.json", msgspec.json.encode(finished))
    return finished


def clear_stages(folder: Path) -> None:
    """Forget what the last run showed of its stages."""
    shutil.rmtree(folder, ignore_errors=True)


def clean(output: Path) -> None:
    """Delete everything that was made; it can be made again. Raises StoreError."""
    with os_errors_said("cannot be deleted", output):
        for path in output.iterdir() if output.is_dir() else ():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != "README.md":
                path.unlink()


def _texts(produced: Produced) -> dict[str, bytes]:
    """Suffix → content of what lies beside an MP3."""
    transcript = produced.transcript
    return {
        ".txt": plain_text(produced.script).encode(),
        ".vtt": as_vtt(transcript).encode(),
        ".srt": as_srt(transcript).encode(),
        ".json": msgspec.json.encode(transcript) + b"\n",
    }


def _digests(slug: str, produced: Produced, texts: dict[str, bytes]) -> dict[str, str]:
    """Name of each file of an episode → SHA-256."""
    digests = {slug + suffix: sha256(content).hexdigest() for suffix, content in texts.items()}
    return {f"{slug}.mp3": produced.episode.mp3.sha256, **digests}


def _show_stages(folder: Path, produced: Produced, store: Store) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lines = produced.script.lines
    said = [
        f"{n:03}  {line.part:8} {line.speaker or line.kind:9} {line.sentence.spoken}"
        for n, line in enumerate(lines, 1)
    ]
    replace_file(folder / "1-script.txt", ("\n".join(said) + "\n").encode())
    (folder / "2-synthesis").mkdir()
    for number, clip in enumerate(produced.clips, 1):
        _link(store.place(clip.audio), folder / "2-synthesis" / f"{number:03}.wav")
    _link(store.place(produced.master.mp3), folder / "3-assembly.mp3")
    _link(store.place(produced.cover.jpeg), folder / "4-artwork.jpg")
    tags = msgspec.json.format(msgspec.json.encode(produced.tags), indent=2)
    replace_file(folder / "5-tagging.json", tags + b"\n")


def _link(target: Path, link: Path) -> None:
    """A link where the system allows one to everybody, a copy elsewhere; in one step.

    Never written through a link that is there already: it leads into the store.
    """
    try:
        link.symlink_to(os.path.relpath(target.absolute(), link.parent.absolute()))
    except FileExistsError:
        raise
    except OSError:
        beside = link.with_name(f".{os.getpid()}-{link.name}")
        shutil.copyfile(target, beside)
        beside.replace(link)


def _stamps_now(episodes: Path, names: Iterable[str]) -> dict[str, tuple[int, int, int]]:
    """Of those that are there."""
    return {name: _stamp((episodes / name).stat()) for name in names if (episodes / name).is_file()}


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ino
