"""Every voice of this computer: the show's profiles, then what installed engines have besides.

In: the folder voices/ and the show. Out: a `Surveyed` each, with what a person chooses by: language,
licence, rate, whether it works offline, and how fast it is. That was measured once, by speaking a
sentence here, and is kept in the store; a voice of the network, which may cost money, is never asked.
"""

import time
import wave
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from .. import plugins
from ..errors import PaperledgeError, PluginError, SettingsError, StoreError, SynthesisError, nearest
from ..files import os_errors_said
from ..model import Desk, SpeechRequest, Value
from ..show import Show
from ..store import Step, Store, key_of
from . import isolation
from .engine import PRICE, Engine, VoiceInfo, takes_phonemes
from .voices import Voice, choose_voice, is_fault, own_voice, profile_names, read_profile

__all__ = ["Speed", "Surveyed", "survey"]

SENTENCE = "Good evening. Whatever is heard here was read by a voice of this computer, and it took its time."
"""Six seconds of speech."""


class Speed(Value, frozen=True, kw_only=True):
    """What speaking a sentence took on this computer."""

    sound_ms: int
    took_us: int
    """By the clock, once the engine was loaded: engines work in threads and programs of their own."""
    rate_hz: int

    @property
    def times_real(self) -> float:
        """Seconds of speech in a second of work."""
        return self.sound_ms * 1000 / max(1, self.took_us)


class Surveyed(Struct, frozen=True, kw_only=True):
    """A voice, and whether it can speak on this computer."""

    name: str
    """What VOICE= takes; "engine:voice" if no profile names it."""
    has_profile: bool
    description: str = ""
    uses: tuple[str, ...] = ()
    """What the show has it for: "show", "quotations", "drafts", and whom of the cast."""
    engine: str = ""
    label: str = ""
    """What the engine calls it."""
    language: str = ""
    """BCP 47; "" if it is any or unknown."""
    gender: str = ""
    licence: str = ""
    offline: bool = True
    speed: Speed | None = None
    times_real: float = 0
    """Seconds of speech in a second of work; 0 if it was not measured."""
    yaml: str = ""
    """A profile for a voice that has none."""
    instead_of: str = ""
    """Why its fallback speaks; "" if it does itself."""
    problem: str = ""
    """Why it cannot speak on this computer; "" if it can."""
    remedy: str = ""
    faults: tuple[str, ...] = ()
    """Mistakes in its profile, each with its place."""
    voice: Voice | None = None
    """What speaks, if it can."""

    @property
    def speed_in_words(self) -> str:
        """Such as "×2.4" or "×110"; "" if it was not measured."""
        if self.times_real >= 10:
            step = 10 ** (len(str(int(self.times_real))) - 2)
            return f"×{int(self.times_real / step) * step:,}"
        return f"×{self.times_real:.1f}" if self.times_real else ""


def survey(
    folder: Path, show: Show, store: Store, *, every: bool = False, only: tuple[str, ...] = ()
) -> tuple[Surveyed, ...]:
    """The profiles, and what the engines have that no profile names; sorted so.

    folder: voices/.  every: voices of other languages than the show's as well.  only: these names.
    Raises SettingsError for a name that is not there, StoreError if the store takes no more.
    """
    offers = {name: _Offer(name, engine) for name, engine in plugins.find_all("engines").items()}
    profiles = [_of_profile(name, folder, show, offers) for name in profile_names(folder)]
    taken = {voice.name for voice in profiles}
    unnamed = [voice for offer in offers.values() for voice in _unnamed(offer, profiles)]
    others = [voice for voice in unnamed if voice.name not in taken]
    found = [*profiles, *(others if only else _distinct(v for v in others if every or _suits(v, show)))]
    known = {voice.name: voice for voice in found}
    if unknown := next((name for name in only if name not in known), None):
        here = tuple(name for name, voice in known.items() if voice.has_profile or _suits(voice, show))
        raise SettingsError(f"there is no voice {unknown!r} on this computer", hint=nearest(unknown, here))
    chosen = [known[name] for name in dict.fromkeys(only)] if only else found
    with store.in_use():
        return tuple(_measured(voice, folder, store) for voice in chosen)


def _distinct(voices: Iterable[Surveyed]) -> list[Surveyed]:
    """Each voice once, though two engines speak with it, as `espeak` and `pyttsx3` do on Linux."""
    by_name: dict[tuple[str, str], Surveyed] = {}
    for voice in voices:
        by_name.setdefault((voice.label or voice.name, voice.language.lower()), voice)
    return list(by_name.values())


def _suits(voice: Surveyed, show: Show) -> bool:
    """Whether a voice speaks the show's language, as far as is known."""
    return voice.language.split("-")[0].lower() in ("", show.language.split("-")[0].lower())


class _Offer:
    """An engine and the voices it lists."""

    def __init__(self, name: str, engine: Engine) -> None:
        self.name = name
        self.engine = engine
        self.voices: tuple[VoiceInfo, ...] = ()
        self.error: PaperledgeError | None = None
        try:
            if not engine.network:
                with suppress(SettingsError):  # it wants a voice to be named
                    engine.check(engine.Options())
            self.voices = isolation.list_voices(engine)
        except PaperledgeError as error:
            self.error = error
        except isolation.EngineFailed as error:
            what = f"the voices of the engine {name!r} cannot be listed: {error}"
            self.error = PluginError(what, hint="update it, or remove it")
        except Exception as error:  # an engine is a plugin, and may be broken in any way
            self.error = PluginError(
                f"the engine {name!r} is broken: {error}", hint="update it, or remove it"
            )

    def tail(self, voice: VoiceInfo) -> str:
        """The end of a voice's id if that is enough, as "en-gb" for "gmw/en-gb"."""
        tail = voice.id.rsplit("/", 1)[-1]
        return tail if sum(other.id.rsplit("/", 1)[-1] == tail for other in self.voices) == 1 else voice.id

    def listed(self, wanted: str) -> VoiceInfo | None:
        """The listed voice that an option means."""
        return next((v for v in self.voices if wanted.lower() in _names(v)), None)


def _names(voice: VoiceInfo) -> tuple[str, ...]:
    return tuple(name.lower() for name in (voice.id, voice.id.rsplit("/", 1)[-1], voice.name or voice.id))


def _of_profile(name: str, folder: Path, show: Show, offers: dict[str, _Offer]) -> Surveyed:
    bare = Surveyed(name=name, has_profile=True, uses=_uses(name, show))
    try:
        bare = msgspec.structs.replace(bare, engine=read_profile(name, folder).engine)
        return _described(bare, _able(name, folder), folder, offers)
    except PaperledgeError as error:
        if is_fault(error):
            return msgspec.structs.replace(bare, faults=tuple(map(str, (error, *error.others))))
        return msgspec.structs.replace(bare, problem=error.what, remedy=error.hint)


def _uses(name: str, show: Show) -> tuple[str, ...]:
    jobs = (("show", show.voice), ("quotations", show.quotation_voice), ("drafts", show.draft_voice))
    return (
        *(job for job, who in jobs if who == name),
        *(who for who, its in show.cast.items() if its == name),
    )


def _able(name: str, folder: Path) -> Voice:
    """A profile's own voice, or its fallback; a mistake is raised, whatever there is to fall back on."""
    try:
        return own_voice(name, folder)
    except PaperledgeError as error:
        if is_fault(error):
            raise
        return choose_voice(name, folder)


def _described(bare: Surveyed, voice: Voice, folder: Path, offers: dict[str, _Offer]) -> Surveyed:
    offer, profile = offers[voice.engine], read_profile(voice.name, folder)
    info = offer.engine.describe(msgspec.convert(voice.options, offer.engine.Options))
    listed = offer.listed(info.id) or info
    return msgspec.structs.replace(
        bare,
        description=read_profile(bare.name, folder).description,
        engine=voice.engine,
        label=info.id or info.name.rpartition(", ")[2],
        language=info.language or listed.language,
        gender=info.gender or listed.gender,
        licence=profile.licence or info.licence or listed.licence,
        offline=not offer.engine.network,
        instead_of=voice.instead_of,
        voice=voice,
    )


def _unnamed(offer: _Offer, profiles: list[Surveyed]) -> Iterator[Surveyed]:
    """The voices of an engine that no profile names."""
    of_engine = [voice for voice in profiles if voice.engine == offer.name]
    if offer.error and not of_engine:
        error = offer.error
        yield Surveyed(
            name=offer.name, has_profile=False, engine=offer.name, problem=error.what, remedy=error.hint
        )
    named = {str(voice.voice.options.get("voice", "")).lower() for voice in of_engine if voice.voice}
    for info in () if offer.error else offer.voices:
        if not named.intersection(_names(info)):
            yield from _unnamed_voice(offer, info)


def _unnamed_voice(offer: _Offer, info: VoiceInfo) -> Iterator[Surveyed]:
    engine, tail = offer.engine, offer.tail(info)
    try:
        options = msgspec.convert({"voice": tail} if info.id else {}, engine.Options)
        identity = engine.identity(options)
    except Exception:  # a voice that its engine lists and then does not take is none
        return
    name = f"{offer.name}:{tail}" if info.id else offer.name
    settings = msgspec.to_builtins(options)
    settings.pop(PRICE, None)
    yield Surveyed(
        name=name,
        has_profile=False,
        engine=offer.name,
        label=info.name or tail,
        language=info.language,
        gender=info.gender,
        licence=info.licence,
        offline=not engine.network,
        yaml=_yaml(offer.name, tail),
        voice=Voice(
            name=name,
            engine=offer.name,
            identity=identity,
            options=settings,
            spoken_by=engine.describe(options).name or name,
            memory_mb=engine.memory_mb,
            takes_phonemes=takes_phonemes(engine, options),
        ),
    )


def _yaml(engine: str, voice: str) -> str:
    """The profile of a voice; its name in quotes, as "no" would be a truth and "1" a number."""
    quoted = msgspec.json.encode(voice).decode()
    return f"engine: {engine}\n" + (f"options:\n  voice: {quoted}\n" if voice else "")


def _measured(voice: Surveyed, folder: Path, store: Store) -> Surveyed:
    """… with its speed, if it speaks here and offline."""
    if voice.voice is None or not voice.offline:
        return voice
    try:
        speed = _speed(voice.voice, folder, store)
    except StoreError:
        raise  # which is no fault of the voice
    except (PaperledgeError, isolation.EngineFailed) as error:
        return msgspec.structs.replace(voice, problem=f"it does not speak: {error}", voice=None)
    return msgspec.structs.replace(voice, speed=speed, times_real=round(speed.times_real, 2))


def _speed(voice: Voice, folder: Path, store: Store) -> Speed:
    request = SpeechRequest(
        text=SENTENCE,
        engine=voice.engine,
        identity=voice.identity,
        options=voice.options,
        files=tuple(voice.files.values()),
    )
    key = key_of(_SPEED, request)
    if (known := store.recall(_SPEED, key)) is not None:
        return known
    for name in voice.files:
        store.keep_bytes((folder / name).read_bytes(), Path(name).suffix)
    with os_errors_said("cannot be written to", store.root), store.desk() as desk:
        speed = _speak(request, desk)
    store.remember(_SPEED, key, request, speed)
    return speed


def _speak(request: SpeechRequest, desk: Desk) -> Speed:
    engine: Engine = plugins.find("engines", request.engine)
    options = msgspec.convert(request.options, engine.Options)
    path, files = desk.new(".wav"), tuple(desk.path(blob) for blob in request.files)
    engine.warm()
    isolation.speak(engine, "One.", options, path, (), files)  # so that what is loaded once is not measured
    before_s = time.perf_counter()
    isolation.speak(engine, request.text, options, path, (), files)
    took_us = round((time.perf_counter() - before_s) * 1_000_000)
    try:
        with wave.open(str(path), "rb") as file:
            frames, rate_hz = file.getnframes(), file.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise SynthesisError("what it wrote is no WAV file") from error
    return Speed(sound_ms=frames * 1000 // rate_hz, took_us=took_us, rate_hz=rate_hz)


_SPEED = Step("speed", 1, SpeechRequest, Speed, _speak)
