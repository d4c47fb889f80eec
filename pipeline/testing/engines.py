"""What a speech engine must do, as tests to inherit; see the package.

Engines are asked through isolation.py, as the pipeline does. A test that compares takes is skipped
where there are none to compare, so that a fault is told once, by the test that is about it.
"""
# ruff: noqa: D102, S101  the name of a test says what it asserts

import itertools
import time
import unittest
import wave
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import msgspec

from .. import plugins, synthesis
from ..errors import PluginError, SettingsError, SynthesisError
from ..model import Blob, Option, SpeechRequest
from ..synthesis import isolation, takes, timing
from ..synthesis.engine import Engine, VoiceInfo, pace_of, times_words, voice_files
from .elsewhere import CAN_SEE_PROCESSES, Outcome, speak_elsewhere

__all__ = ["EngineContract"]

LINE = "What a model really learns was a surprise."
TEXTS = {
    "one word": "Yes.",
    "plain": LINE,
    "quotes": "She said “it works”, he said \"it doesn't\", and 'both' were right.",
    "markup": 'If a < b & c > d, then <b>both</b> hold, as does <speak rate="fast">the rest</speak> of it.',
    "newlines": "The first line ends here,\nthe second\r\nis short, and\n\nthe third is the last.",
    "emoji": "A small result 🎉 but a good one, said the woman 👩‍🔬 in the white coat.",
    "other scripts": "The word 学习 means to learn, мир is peace, and שלום is a greeting in our language.",
    "a whole paragraph": f"{LINE} " * 24,
}
"""What kinds of text there are; all are in English, apart from a few words."""
SENTENCES = (
    "Scientists wanted to know what this language model had learned.",
    "So they took it apart, piece by piece, and measured what remained.",
    "Surprisingly, the smallest part turned out to matter more than everything around it.",
    "It is a little like a garden, where the important changes happen under the ground.",
    "And when they repeated the experiment with a different model, it failed in the same way.",
)
"""Of words as long as a show's are on average."""
PACES_WPM = (120, 175, 220)
PACE_OFF = 0.15
"""At most, for voices of one engine differ."""
CHEAP_S = 0.05
"""For an identity, once it has been asked for: a hundred lines wait five seconds."""

_Error = TypeVar("_Error", bound=Exception)
_METHODS = ("check", "identity", "describe", "warm", "speak", "voices")


class EngineContract:
    """What PaperLedge asks of an engine, see pipeline/synthesis/engine.py.

    The engine must be installed, as a package with its entry point. What cannot be tried here,
    such as a voice whose extra is missing, is skipped.
    """

    options: tuple[Mapping[str, Option], ...] = ({},)
    """Options to try, as a profile writes them: every kind of text is spoken with each."""
    apart: tuple[Mapping[str, Option], ...] = ()
    """Options whose identities must differ, such as voices with data of their own."""
    is_voice = True
    """Whether it speaks: False is for drafts, whose description needs no licence."""
    longest = 1_000
    """Characters of the longest text to try: less where a second of speech costs about a second."""
    voices_folder = Path("voices")
    """Where the files of a voice are, for an engine whose voices are files."""

    def engine(self) -> Engine:
        """The engine. The subclass says which."""
        raise NotImplementedError

    # What it says of itself

    def test_it_is_found_by_its_name(self) -> None:
        engine = self.engine()
        found = plugins.find("engines", engine.name)
        assert (type(found), found.name) == (type(engine), engine.name)

    def test_its_attributes_have_their_types(self) -> None:
        engine = self._engine()
        for attribute in ("deterministic", "own_process", "network"):
            assert isinstance(getattr(engine, attribute, None), bool), f"{attribute} is no bool"
        for attribute in ("memory_mb", "max_chars"):
            number = getattr(engine, attribute, None)
            assert type(number) is int, f"{attribute} is no int"
            assert number > 0, f"{attribute} is not more than zero"
        licence = getattr(engine, "licence", None)
        assert isinstance(licence, str), "licence is no str"
        assert licence, "licence is empty"
        for method in _METHODS:
            assert callable(getattr(engine, method, None)), f"there is no method {method}"

    def test_its_options_are_frozen_known_and_optional(self) -> None:
        kind = self._engine().Options
        assert issubclass(kind, msgspec.Struct), "Options is no msgspec.Struct"
        assert kind.__struct_config__.frozen, "Options is not frozen"
        assert kind.__struct_config__.forbid_unknown_fields, "Options takes unknown fields"
        required = [field.name for field in msgspec.structs.fields(kind) if field.required]
        assert not required, f"without a default: {', '.join(required)}"

    def test_its_options_survive_a_request(self) -> None:
        engine = self._engine()
        for options in self._options_to_try(engine):
            plain = msgspec.to_builtins(options)
            assert msgspec.convert(plain, dict[str, Option]) == plain
            assert msgspec.convert(plain, engine.Options) == options

    def test_check_passes_or_says_what_to_do(self) -> None:
        engine = self._engine()
        for options in self._options_to_try(engine):
            refusal = _raised(PluginError, engine.check, options)
            assert refusal is None or refusal.hint, f"{refusal} has no hint"

    def test_an_unknown_voice_is_an_error_with_the_known_ones(self) -> None:
        engine = self._speaker()
        try:
            unknown = msgspec.convert({"voice": "no such voice"}, engine.Options)
        except msgspec.ValidationError:
            self._skip("it has no option `voice` that takes any name")
        error = _raised(SettingsError, engine.check, unknown)
        assert error is not None, "an unknown voice passed the check"
        voices = isolation.list_voices(engine)
        assert any(_is_named(voice, str(error)) for voice in voices), f"'{error}' names no known voice"

    def test_its_identity_is_one_line_and_stays(self) -> None:
        engine = self._engine()
        for options in self._options_to_try(engine):
            identity = engine.identity(options)
            assert isinstance(identity, str), "the identity is no str"
            assert len(identity.splitlines()) == 1, f"{identity!r} is not one line"
            assert engine.identity(options) == identity, "the identity is another when asked again"

    def test_its_identity_is_cheap(self) -> None:
        engine = self._engine()
        options = self._options_to_try(engine)[0]
        least_s = min(_seconds_of_identity(engine, options) for _ in range(5))
        assert least_s < CHEAP_S, f"the identity takes {least_s:.2f} s"

    def test_voices_with_data_of_their_own_have_identities_of_their_own(self) -> None:
        engine = self._engine()
        identities = [engine.identity(msgspec.convert(apart, engine.Options)) for apart in self.apart]
        assert len(set(identities)) == len(identities), f"not all differ: {identities}"

    def test_its_description_has_a_name_and_a_licence(self) -> None:
        engine = self._engine()
        for options in self._options_to_try(engine):
            voice = engine.describe(options)
            assert isinstance(voice, VoiceInfo), "the description is no VoiceInfo"
            assert len(voice.name.splitlines()) == 1, f"{voice.name!r} is not one line"
            known = voice.licence or voice_files(engine, options)  # of those, the profile says it
            assert known or not self.is_voice, f"{voice.name!r} has no licence"

    def test_its_voices_are_described(self) -> None:
        voices = isolation.list_voices(self._speaker())
        assert all(isinstance(voice, VoiceInfo) for voice in voices)
        ids = [voice.id for voice in voices]
        assert len(set(ids)) == len(ids), "two voices have one id"

    # What it speaks

    def test_every_kind_of_text_becomes_a_whole_take(self, tmp_path: Path) -> None:
        engine = self._speaker()
        longest = min(self.longest, engine.max_chars)
        faults = {
            (kind, str(options)): fault
            for options in self._options_to_try(engine)
            for kind, text in TEXTS.items()
            if (fault := self._fault(engine, text[:longest], options, tmp_path / "a.wav"))
        }
        assert not faults, faults

    def test_the_same_line_is_the_same_again(self, tmp_path: Path) -> None:
        engine = self._deterministic()
        first = self._take(engine, tmp_path / "a.wav")
        assert self._take(engine, tmp_path / "b.wav") == first, "other bytes when spoken again"

    def test_other_lines_before_do_not_matter(self, tmp_path: Path) -> None:
        engine = self._deterministic()
        first = self._take(engine, tmp_path / "a.wav")
        for text in ("What was said before?", "It was 1987!"):
            self._take(engine, tmp_path / "b.wav", text)
        assert self._take(engine, tmp_path / "c.wav") == first, "other bytes after other lines"

    def test_processes_at_once_give_the_same(self, tmp_path: Path) -> None:
        engine = self._deterministic()
        first = self._take(engine, tmp_path / "a.wav")
        paths = [tmp_path / f"{number}.wav" for number in range(3)]
        self._elsewhere(engine, *paths)
        assert [path.read_bytes() == first for path in paths] == [True] * 3, "other bytes in other processes"

    def test_more_text_takes_longer(self, tmp_path: Path) -> None:
        engine = self._speaker()
        self._take(engine, tmp_path / "a.wav", LINE)
        self._take(engine, tmp_path / "b.wav", f"{LINE} {LINE} {LINE}"[: engine.max_chars])
        assert _seconds(tmp_path / "b.wav") > 1.5 * _seconds(tmp_path / "a.wav")

    def test_a_faster_pace_takes_less_time(self, tmp_path: Path) -> None:
        engine = self._speaker()
        paces = self._paces(engine)
        for slow, fast in itertools.pairwise(paces):
            self._take(engine, tmp_path / "a.wav", options=slow)
            fault = self._fault(engine, LINE, fast, tmp_path / "b.wav")
            assert fault is None, fault
            faster = _seconds(tmp_path / "b.wav") < 0.9 * _seconds(tmp_path / "a.wav")
            assert faster, f"{pace_of(fast)} words a minute are no faster than {pace_of(slow)}"

    def test_words_a_minute_are_what_they_say(self, tmp_path: Path) -> None:
        engine = self._speaker()
        for options in self._paces(engine):
            seconds = 0.0
            for sentence in SENTENCES:
                self._take(engine, tmp_path / "a.wav", sentence, options)
                seconds += takes.sounding_s(tmp_path / "a.wav")
            words_per_minute = 60 * sum(len(sentence.split()) for sentence in SENTENCES) / seconds
            off = words_per_minute / pace_of(options) - 1
            assert abs(off) <= PACE_OFF, f"{pace_of(options)} words a minute are {words_per_minute:.0f}"

    def test_a_text_that_is_too_long_is_refused(self) -> None:
        engine = self._installed()
        options = self._options_to_try(engine)[0]
        request = SpeechRequest(
            text="a" * (engine.max_chars + 1),
            engine=engine.name,
            identity=engine.identity(options),
            options=msgspec.to_builtins(options),
        )
        error = _raised(SynthesisError, synthesis.speak, request, _NoDesk())
        assert f"takes {engine.max_chars:,}" in str(error)

    def test_its_word_times_lie_in_order_inside_text_and_sound(self, tmp_path: Path) -> None:
        engine = self._speaker()
        timed = [options for options in self._options_to_try(engine) if times_words(engine, options)]
        if not timed:
            self._skip("it does not tell when words begin")
        longest = min(self.longest, engine.max_chars)
        for options, text in itertools.product(timed, (text[:longest] for text in TEXTS.values())):
            words = isolation.speak(engine, text, options, tmp_path / "a.wav")
            assert words, f"no word times for {text[:40]!r}"
            fault = timing.fault(words, text, _samples(tmp_path / "a.wav"))
            assert fault is None, fault

    # What it leaves

    def test_it_writes_no_other_file(self, tmp_path: Path) -> None:
        path = tmp_path / "folder" / "a.wav"
        path.parent.mkdir()
        self._take(self._speaker(), path)
        beside = sorted(other.name for other in path.parent.iterdir() if other != path)
        assert not beside, f"left beside the take: {beside}"

    def test_it_prints_nothing(self, tmp_path: Path) -> None:
        engine = self._installed()
        self._take(engine, tmp_path / "a.wav")
        printed = self._elsewhere(engine, tmp_path / "b.wav").printed
        assert not printed, f"printed on standard output: {printed[:200]!r}"

    def test_it_leaves_no_process(self, tmp_path: Path) -> None:
        if not CAN_SEE_PROCESSES:
            self._skip("processes cannot be seen here")
        engine = self._installed()
        self._take(engine, tmp_path / "a.wav")
        assert not self._elsewhere(engine, tmp_path / "b.wav").left, "a process outlived the one that spoke"

    # What the tests need

    def _skip(self, why: str) -> NoReturn:
        raise unittest.SkipTest(why)  # pytest knows it, and is not imported

    def _engine(self) -> Engine:
        try:
            return self.engine()
        except Exception as error:  # told by the test of its name
            self._skip(f"there is no engine: {error}")

    def _speaker(self) -> Engine:
        """The engine, where it can speak."""
        engine = self._engine()
        try:
            for options in self._options_to_try(engine):
                engine.check(options)
        except PluginError as error:
            self._skip(f"it cannot speak here: {error}")
        return engine

    def _deterministic(self) -> Engine:
        engine = self._installed()
        if not engine.deterministic:
            self._skip("it does not say that it is deterministic")
        return engine

    def _installed(self) -> Engine:
        """The engine, where it can speak and other processes find it."""
        engine = self._speaker()
        if engine.name not in plugins.names("engines"):
            self._skip(f"no engine {engine.name!r} is installed")
        return engine

    def _options_to_try(self, engine: Engine) -> list[Any]:
        return [msgspec.convert(options, engine.Options) for options in self.options]

    def _paces(self, engine: Engine) -> list[Any]:
        if "words_per_minute" not in engine.Options.__struct_fields__:
            self._skip("it has no option `words_per_minute`")
        return [
            msgspec.convert({**self.options[0], "words_per_minute": pace}, engine.Options)
            for pace in PACES_WPM
        ]

    def _files(self, engine: Engine, options: Any) -> tuple[Path, ...]:
        return tuple(self.voices_folder / name for name in voice_files(engine, options))

    def _fault(self, engine: Engine, text: str, options: Any, path: Path) -> str | None:
        """Speak; what is wrong with the take, or None."""
        path.unlink(missing_ok=True)
        try:
            isolation.speak(engine, text, options, path, files=self._files(engine, options))
        except isolation.EngineFailed as failure:
            return str(failure)
        return takes.fault(path, text, pace_of(options))

    def _take(self, engine: Engine, path: Path, text: str = LINE, options: Any = None) -> bytes:
        """The bytes of a whole take."""
        options = options or self._options_to_try(engine)[0]
        if fault := self._fault(engine, text, options, path):
            self._skip(f"there is no whole take: {fault}")
        return path.read_bytes()

    def _elsewhere(self, engine: Engine, *paths: Path) -> Outcome:
        """Speak the line in as many fresh processes, all at once."""
        options = self._options_to_try(engine)[0]
        outcome = speak_elsewhere(engine.name, LINE, options, paths, self._files(engine, options))
        assert not any(outcome.exit_codes), f"it cannot speak in another process: {outcome.errors}"
        return outcome


class _NoDesk:
    """For a request that is refused before anything is written."""

    def path(self, blob: Blob) -> Path:
        raise AssertionError("a text that is too long was not refused")

    def new(self, suffix: str) -> Path:
        raise AssertionError("a text that is too long was not refused")

    def keep(self, path: Path) -> Blob:
        raise AssertionError("a text that is too long was not refused")


def _raised(kind: type[_Error], call: Callable[..., object], *args: object) -> _Error | None:
    """The error of that kind that a call raises; None if it raises none."""
    try:
        call(*args)
    except kind as error:
        return error
    return None


def _is_named(voice: VoiceInfo, text: str) -> bool:
    names = (voice.id, voice.id.rsplit("/", 1)[-1], voice.name)
    return any(name and name in text for name in names)


def _seconds(path: Path) -> float:
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()


def _samples(path: Path) -> int:
    with wave.open(str(path), "rb") as file:
        return file.getnframes()


def _seconds_of_identity(engine: Engine, options: Any) -> float:
    before = time.perf_counter()
    engine.identity(options)
    return time.perf_counter() - before
