"""Puts voices into a show: their files from their publishers, a profile each, and the lock of all files.

Nothing is taken on trust twice. A style must have the digest that the catalogue knows; every other file the
one that it had when this show first fetched it. What is here and as it should be is not fetched.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from msgspec import Struct

from ..errors import FetchError, NotPublished, SettingsError
from ..fetch import fetch
from ..files import os_errors_said, replace_file, sha256_of
from ..textfile import read_pasted
from ..web import is_address
from .card import Card, read_card
from .catalogue import MOST_CARD_BYTES, STYLE_BYTES, CataloguedVoice, VoiceFile, find_voice, voice_of_file
from .lockfile import LOCK, Locked, read_lock, write_lock

__all__ = ["Added", "FileWatch", "add"]

FROM_A_FOLDER = "a folder"
"""What the lock says instead of a path of somebody's computer."""
_POINTER = b"version https://git-lfs.github.com/spec/"

FileWatch = Callable[[str, int, int], None]
"""Told of a file below voices/, how many of its bytes are here, and of how many; 0 if that is unknown."""


class Added(Struct, frozen=True, kw_only=True):
    """A voice that is here now."""

    name: str
    card: Card
    fetched: int
    """Files that were not here, or not as they should be."""
    profile_written: bool
    """Whether it had no profile, and was asked for by name."""
    has_profile: bool = True
    """A recogniser has none."""


def add(names: Sequence[str], folder: Path, source: str, watch: FileWatch) -> tuple[Added, ...]:
    """Add voices to a show's voices/; without names, bring back what the lock lists.

    source: the address or folder that holds their files, as their publishers have them or all in one
    place; "" for their publishers, or where the lock says.
    Raises SettingsError before anything is fetched, for names, source or lock; FetchError or StoreError
    where a file cannot be had or kept. What was finished by then stays.
    """
    if not folder.is_dir():
        raise SettingsError("there is no show here", where=str(folder), hint="begin one with: paperledge new")
    _refuse_odd(source)
    with _alone(folder):
        lock = read_lock(folder)
        wanted = dict.fromkeys(names) or dict.fromkeys(map(voice_of_file, lock))
        if not wanted:
            raise SettingsError("no voice is named", hint="for instance: paperledge voices add af_heart")
        voices = [find_voice(name) for name in wanted]
        return tuple(_Adding(voice, folder, lock, source, watch).run(named=bool(names)) for voice in voices)


def _refuse_odd(source: str) -> None:
    if "://" in source and not is_address(source):
        hint = "an address begins with https://, and has no user, query or fragment"
        raise SettingsError("files cannot be fetched from the address after --from", hint=hint)
    if source and not is_address(source) and not Path(source).is_dir():
        raise SettingsError("is no folder", where=source, hint="--from takes an address or a folder")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others from adding to the same folder meanwhile, where the system can do that."""
    try:
        import fcntl
    except ImportError:  # Windows, where a file that somebody writes cannot be renamed: one of two fails
        yield
        return
    with os_errors_said("cannot be opened", folder):
        handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            what = "another `voices add` is at work in this folder"
            raise SettingsError(what, where=str(folder), hint="wait until it is done") from None
        yield
    finally:
        os.close(handle)


@dataclass(slots=True)
class _Adding:
    """One voice on its way."""

    voice: CataloguedVoice
    folder: Path
    lock: dict[str, Locked]
    source: str
    watch: FileWatch
    fetched: int = 0

    def run(self, *, named: bool) -> Added:
        """Bring its files, then write the profile of one that was named, which has all it needs then."""
        card = Card(licence=self.voice.licence) if self.voice.licence else Card()
        for file in self.voice.files:
            if file.kind == "card":
                card = self._bring_card(file)
            else:
                self._keep(file, self._bring(file), card)
        profile, has_profile = self.folder / f"{self.voice.name}.yaml", bool(self.voice.engine)
        is_new = named and has_profile and not profile.exists()
        if is_new:
            replace_file(profile, profile_of(self.voice, card).encode())
        return Added(
            name=self.voice.name,
            card=card,
            fetched=self.fetched,
            profile_written=is_new,
            has_profile=has_profile,
        )

    def _bring_card(self, file: VoiceFile) -> Card:
        """The card; where none is published, what the lock says of it, or nothing."""
        try:
            source = self._bring(file)
        except NotPublished:
            locked = self.lock.get(file.place)
            return Card(licence=locked.licence) if locked else Card()
        text = read_pasted(self.folder / file.place, FetchError, limit_bytes=MOST_CARD_BYTES)
        card = read_card(text)
        self._keep(file, source, card)
        return card

    def _bring(self, file: VoiceFile) -> str:
        """Fetch a file unless it is here; where it came from."""
        path, known, locked = self.folder / file.place, self._known(file), self.lock.get(file.place)
        is_here = path.is_file()
        if is_here and known == {sha256_of(path)}:
            return locked.source if locked else FROM_A_FOLDER
        if is_here and file.sha256 and not locked:
            raise _of_ones_own(path)
        source = self._fetch(file, path)
        self.fetched += 1
        return source if is_address(source) else FROM_A_FOLDER

    def _fetch(self, file: VoiceFile, path: Path) -> str:
        missing: NotPublished | None = None
        for source in self._sources(file):
            check = partial(self._check, file, source)
            watch = partial(self.watch, file.place)
            try:
                fetch(source, path, most_bytes=file.most_bytes, check=check, watch=watch)
            except NotPublished as error:
                missing = missing or error
            else:
                return source
        raise missing or NotPublished("is not published", where=file.place)

    def _sources(self, file: VoiceFile) -> tuple[str, ...]:
        """Where a file may be, the likeliest place first."""
        if self.source:
            base = self.source.rstrip("/")
            return (f"{base}/{file.published}", f"{base}/{file.place.rpartition('/')[2]}")
        locked = self.lock.get(file.place)
        if locked and is_address(locked.source):
            return (locked.source,)
        return (f"{self.voice.publisher}/{file.published}",)

    def _known(self, file: VoiceFile) -> set[str]:
        """The digests that a file must have: of the catalogue and of the lock."""
        locked = self.lock.get(file.place)
        return {sha256 for sha256 in (file.sha256, locked.sha256 if locked else "") if sha256}

    def _check(self, file: VoiceFile, source: str, path: Path) -> None:
        """Raise FetchError for what is not the file that it should be."""
        _refuse_other_kinds(file, source, path)
        sha256 = sha256_of(path)
        if file.sha256 not in ("", sha256):
            what = f"is not the style {self.voice.name}, as its SHA-256 is {sha256}"
            raise FetchError(what, where=source, hint="it was not kept; fetch it from elsewhere with --from")
        here, known = self.folder / file.place, self._known(file)
        if not known and here.is_file() and sha256_of(here) != sha256:
            raise _of_ones_own(here)
        if known - {sha256}:
            raise FetchError(
                f"is not the file that {LOCK} has: its SHA-256 is {sha256}",
                where=source,
                hint=f"to accept it, delete the entry {file.place} in {self.folder / LOCK}, then run again",
            )

    def _keep(self, file: VoiceFile, source: str, card: Card) -> None:
        """Write what a file is into the lock."""
        path = self.folder / file.place
        size = path.stat().st_size
        entry = Locked(sha256=sha256_of(path), size=size, licence=card.licence, source=source)
        if self.lock.get(file.place) != entry:
            self.lock[file.place] = entry
            write_lock(self.folder, self.lock)


def _of_ones_own(path: Path) -> SettingsError:
    """The error of a file that somebody else put here, under a name that is taken."""
    hint = "move it away, then run again"
    return SettingsError("is here, and is not the file of that name", where=str(path), hint=hint)


def _refuse_other_kinds(file: VoiceFile, source: str, path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as opened:
        head = opened.read(len(_POINTER))
    if head == _POINTER:
        hint = "in that copy of the repository, run: git lfs pull"
        raise FetchError("is a Git LFS pointer instead of the file", where=source, hint=hint)
    if file.kind == "style" and size != STYLE_BYTES:
        raise FetchError(f"has {size:,} bytes instead of {STYLE_BYTES:,}: it is no style", where=source)
    if file.kind == "config" and not _is_config(path):
        raise FetchError("is not the JSON of a voice", where=source)


def _is_config(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_bytes()), dict)
    except (ValueError, RecursionError):
        return False


def profile_of(voice: CataloguedVoice, card: Card) -> str:
    """The text of a profile for a voice that has none."""
    lines = [f"# Added by `paperledge voices add {voice.name}`; yours to change."]
    if card.made:
        lines += [f"# {card.made}: see whether that voice's licence allows what you do."]
    lines += [f"engine: {voice.engine}", "options:", f"  {voice.option}: {voice.name}"]
    if not voice.licence:
        lines += [f"licence: {_quoted(card.licence)}"]
    lines += [f"description: {_quoted(f'{voice.title}, {card.language}'.rstrip(', '))}"]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
