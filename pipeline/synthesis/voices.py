"""voices/*.yaml into `Voice`: who speaks, with which engine, set how.

A profile names an engine and its options, and may name another profile to fall back on where the
engine cannot run. Nothing is chosen silently: what was taken and why is in the result.
"""

import hashlib
import re
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from .. import plugins
from ..errors import ExtraMissing, PaperledgeError, PluginError, SettingsError, UnknownPlugin, nearest
from ..model import Blob, Option
from ..settings import load, place_of
from .catalogue import how_to_add
from .engine import PRICE, Engine, VoiceInfo, takes_phonemes, voice_files
from .lockfile import LOCK, read_lock

__all__ = ["Profile", "Voice", "choose_voice", "is_fault", "own_voice", "profile_names", "read_profile"]

_NO_PROFILES = ("lexicon.yaml", LOCK)


class Profile(Struct, frozen=True, kw_only=True):
    """One file of voices/."""

    engine: str
    """An engine's name: pico, kokoro, piper, openai, espeak, pyttsx3, tone, or a plugin's."""
    options: dict[str, Any] = {}
    """The engine's own settings, see docs/voices.md; read for real when the engine is known."""
    fallback: str | None = None
    """Another profile, for machines that the engine cannot run on."""
    pause_percent: Annotated[int, Meta(ge=25, le=400)] = 100
    """Of the show's pauses, between the lines of this voice."""
    licence: Annotated[str, Meta(max_length=200)] = ""
    """Of the voice, where the engine does not know it."""
    description: Annotated[str, Meta(max_length=500)] = ""


class Voice(Struct, frozen=True, kw_only=True):
    """A profile that can speak here."""

    name: str
    engine: str
    identity: str
    options: dict[str, Option]
    spoken_by: str
    """Engine, voice and licence in words, for people and tags."""
    pause_percent: int = 100
    """Of the show's pauses."""
    memory_mb: int = 0
    """What a process that speaks takes at most."""
    price_microdollars: int = 0
    """Of 1,000 characters; 0 if nothing or unknown."""
    takes_phonemes: bool = False
    """Whether it can be told how words sound."""
    files: dict[str, Blob] = {}
    """What it consists of besides its engine: paths below voices/, and what is there."""
    instead_of: str = ""
    """Why another profile was not taken; "" if this is the one that was asked for."""


def profile_names(folder: Path) -> tuple[str, ...]:
    """The voices a show has."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml") if path.name not in _NO_PROFILES))


def choose_voice(name: str, folder: Path) -> Voice:
    """The voice of that name, or its fallback where its engine cannot run here.

    Raises SettingsError for an unknown profile, option or voice; ExtraMissing, with the extra to
    install, if that is all that is missing; PluginError if neither the engine nor a fallback can run.
    """
    tried: list[str] = []
    reasons: list[str] = []
    while True:
        tried.append(name)
        profile = read_profile(name, folder)
        try:
            return _voice(name, profile, folder, "; ".join(reasons))
        except ExtraMissing:
            raise  # it can be had here: a person decides
        except PluginError as error:
            if profile.fallback is None or profile.fallback in tried:
                raise
            reasons.append(str(error))
            name = profile.fallback


def own_voice(name: str, folder: Path) -> Voice:
    """The voice of that profile, whatever it would fall back on. Raises as `choose_voice` does."""
    profile, known = read_profile(name, folder), profile_names(folder)
    if profile.fallback is not None and profile.fallback not in known:
        place = place_of(folder / f"{name}.yaml", "fallback")
        raise SettingsError(
            f"there is no voice {profile.fallback!r}", where=place, hint=nearest(profile.fallback, known)
        )
    return _voice(name, profile, folder, "")


def is_fault(error: PaperledgeError) -> bool:
    """Whether an error is a mistake in a profile, rather than something that this computer lacks."""
    return isinstance(error, UnknownPlugin) or not isinstance(error, PluginError)


def read_profile(name: str, folder: Path) -> Profile:
    """A file of voices/. Raises SettingsError, placed."""
    known = profile_names(folder)
    if name not in known:
        raise SettingsError(f"there is no voice {name!r}", where=str(folder), hint=nearest(name, known))
    return load(folder / f"{name}.yaml", Profile)


def _voice(name: str, profile: Profile, folder: Path, instead_of: str) -> Voice:
    path = folder / f"{name}.yaml"
    try:
        engine: Engine = plugins.find("engines", profile.engine)
        return _asked(name, profile, engine, path, instead_of)
    except UnknownPlugin as error:
        raise UnknownPlugin(error.what, where=place_of(path, "engine"), hint=error.hint) from error
    except PaperledgeError:
        raise
    except Exception as error:  # an engine is a plugin, and may be broken in any way
        what = f"the engine {profile.engine!r} is broken: {type(error).__name__}: {error}"
        raise PluginError(what, where=str(path), hint="update it, or name another") from error


def _asked(name: str, profile: Profile, engine: Engine, path: Path, instead_of: str) -> Voice:
    # Read again, now that the type of its options is known: their faults get a line and a column.
    typed = msgspec.defstruct(
        "Profile",
        [("options", engine.Options, engine.Options())],
        bases=(Profile,),
        frozen=True,
        kw_only=True,
    )
    options = load(path, typed).options  # type: ignore[attr-defined]
    settings = msgspec.to_builtins(options)
    try:
        engine.check(options)
        files = _blobs(path.parent, voice_files(engine, options))
    except SettingsError as error:
        where = error.where or place_of(path, "options", _blamed(error.what, settings))
        raise SettingsError(error.what, where=where, hint=error.hint) from error
    price = settings.pop(PRICE, 0)
    return Voice(
        name=name,
        engine=profile.engine,
        identity=engine.identity(options),
        options=settings,
        spoken_by=_in_words(engine.describe(options), profile.licence),
        pause_percent=profile.pause_percent,
        memory_mb=engine.memory_mb,
        price_microdollars=price,
        takes_phonemes=takes_phonemes(engine, options),
        files=files,
        instead_of=instead_of,
    )


def _blamed(what: str, settings: dict[str, Any]) -> str:
    """The setting that a message is about: the longest one that it quotes; "" if it quotes none."""
    values = [value for value in settings.values() if isinstance(value, str | dict)]
    texts = [text for value in values for text in ([value] if isinstance(value, str) else value)]
    quoted = [text for text in texts if text and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", what)]
    return max(quoted, key=len, default="")


def _in_words(voice: VoiceInfo, licence: str) -> str:
    """Such as "SVOX Pico, voice en-GB (Apache-2.0)"."""
    licence = licence or voice.licence
    return f"{voice.name or voice.id} ({licence})" if licence else voice.name or voice.id


def _blobs(folder: Path, names: tuple[str, ...]) -> dict[str, Blob]:
    """The files of a voice. Raises SettingsError for one that is not there, or not the one of the lock."""
    locked = read_lock(folder) if names else {}
    blobs = {name: _blob(folder / name) for name in names}
    for name, blob in blobs.items():
        if name in locked and locked[name].sha256 != blob.sha256:
            hint = f"move it away, then {how_to_add(name)}"
            raise SettingsError(f"voices/{name} is not the file that voices/{LOCK} has", hint=hint)
    return blobs


def _blob(path: Path) -> Blob:
    if not path.is_file():
        known = tuple(sorted(other.stem for other in path.parent.glob(f"*{path.suffix}")))
        what = f"there is no {path.parent.name}/{path.name} in voices/"
        hint = how_to_add(f"{path.parent.name}/{path.name}") or nearest(path.stem, known)
        raise SettingsError(what, hint=hint)
    content = path.read_bytes()
    return Blob(sha256=hashlib.sha256(content).hexdigest(), suffix=path.suffix, size_bytes=len(content))
