"""What all episodes of a show have in common: settings, templates, lexicon, cover, voices.

`read_sources` only reads and digests, which is all that a run with nothing to do needs;
`prepare` turns sources into the `Kit` that episodes are made with.
"""

from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from .entries import Entry, LexiconFile, entries_of
from .errors import ScriptError, SettingsError, TaggingError, nearest
from .model import Blob, Line, Paper
from .settings import loads, place_of
from .show import Show, load_show
from .store import Store, digest
from .synthesis.catalogue import how_to_add
from .synthesis.voices import Voice, choose_voice, profile_names
from .tagging.artwork import check_cover
from .textfile import read_text

__all__ = ["Kit", "Sources", "prepare", "read_sources"]

LIMIT_BYTES = 1024 * 1024
"""Of one template, or of the lexicon."""
LEXICON = Path("voices", "lexicon.yaml")
"""How a show says its words, below its folder."""


class Sources(Struct, frozen=True, kw_only=True):
    """The files of a show, papers apart, as they are now."""

    root: Path
    show: Show
    templates: dict[str, str]
    """Name below scripts/ → source."""
    lexicon: str
    """The YAML of voices/lexicon.yaml, or ""."""
    cover: bytes

    @property
    def digest(self) -> str:
        """Stands for all of it but the voices."""
        cover = sha256(self.cover).hexdigest()
        return digest([self.show, sorted(self.templates.items()), self.lexicon, cover])

    def voice(self, name: str) -> Voice:
        """The voice of that name. Raises SettingsError, PluginError or ExtraMissing."""
        folder = self.root / "voices"
        if name not in profile_names(folder):
            raise self._unknown(name, profile_names(folder))
        return choose_voice(name, folder)

    def _unknown(self, name: str, known: tuple[str, ...]) -> SettingsError:
        """The error for a voice that has no profile, where the show asks for it."""
        show, path = self.show, self.root / "show.yaml"
        asked: dict[str, tuple[str | None, ...]] = {
            "voice": (show.voice,),
            "quotation_voice": (show.quotation_voice,),
            "cast": tuple(show.cast.values()),
        }
        key = next((key for key, names in asked.items() if name in names), None)
        return SettingsError(
            f"there is no voice {name!r}, as there is no voices/{name}.yaml",
            where=place_of(path, key, name) if key else "",
            hint=how_to_add(name) or f"write one, see docs/voices.md; {nearest(name, known)}",
        )

    def read_lexicon(self) -> dict[str, Entry]:
        """Written → how it is said. Raises SettingsError at file:line:column."""
        return entries_of(loads(self.lexicon, LexiconFile, str(self.root / LEXICON)))


class Kit(Struct, frozen=True, kw_only=True):
    """Everything that episodes are made with, beside their paper."""

    show: Show
    templates: dict[str, Blob]
    lexicon: dict[str, Entry]
    cover: Blob
    voices: dict[str, Voice]
    """By the names that papers and the show call them."""
    only_voice: str | None = None
    """Is the host's for every paper of this run, whatever the papers and the show say."""
    draft: bool = False

    def voice_name(self, paper: Paper) -> str:
        """The profile that speaks a paper for the host."""
        return self.only_voice or paper.voice or self.show.voice

    def voice_of(self, line: Line, paper: Paper) -> Voice:
        """The voice of a line: its speaker's, that of quotations, or the host's. A draft has one."""
        name = None
        if line.speaker and not self.draft:
            name = self.show.cast[line.speaker]
        elif line.kind == "quote" and not self.draft:
            name = self.show.quotation_voice
        return self.voices[name or self.voice_name(paper)]


def read_sources(root: Path) -> Sources:
    """Read the show in `root`. Raises SettingsError, ScriptError or TaggingError, placed."""
    show = load_show(root)
    lexicon = root / LEXICON
    return Sources(
        root=root,
        show=show,
        templates=_read_templates(root / "scripts"),
        lexicon=read_text(lexicon, SettingsError, limit_bytes=LIMIT_BYTES) if lexicon.is_file() else "",
        cover=_read_cover(root / "scripts", show.cover),
    )


def prepare(
    sources: Sources,
    voices: dict[str, Voice],
    store: Store,
    *,
    only_voice: str | None = None,
    draft: bool = False,
) -> Kit:
    """Put what jobs need into the store. Raises SettingsError or StoreError."""
    for name in {name for voice in voices.values() for name in voice.files}:
        path = sources.root / "voices" / name
        store.keep_bytes(path.read_bytes(), path.suffix)
    return Kit(
        show=sources.show,
        templates={name: store.keep_bytes(text.encode(), ".j2") for name, text in sources.templates.items()},
        lexicon=sources.read_lexicon(),
        cover=store.keep_bytes(sources.cover, ".jpg"),
        voices=voices,
        only_voice=only_voice,
        draft=draft,
    )


def _read_templates(folder: Path) -> dict[str, str]:
    templates = {}
    for path in sorted(folder.rglob("*.j2")):
        if path.name.startswith(".") or not path.is_file():  # an editor's own files, and no files at all
            continue
        _refuse_outside(path, folder)
        templates[path.relative_to(folder).as_posix()] = read_text(path, ScriptError, limit_bytes=LIMIT_BYTES)
    return templates


def _read_cover(folder: Path, name: str) -> bytes:
    path = folder / name
    _refuse_outside(path, folder)
    try:
        if path.exists() and not path.is_file():
            raise SettingsError("the cover is not a file", where=str(path))
        cover = path.read_bytes()
        check_cover(cover)
    except OSError as error:
        hint = "put a JPEG there, or name another as `cover:` in show.yaml"
        raise SettingsError(
            f"the cover cannot be read: {error.strerror}", where=str(path), hint=hint
        ) from error
    except TaggingError as error:
        raise TaggingError(error.what, where=str(path), hint=error.hint) from error
    return cover


def _refuse_outside(path: Path, folder: Path) -> None:
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ScriptError(
            "leads out of scripts/", where=str(path), hint="put the file itself there, not a link"
        )
