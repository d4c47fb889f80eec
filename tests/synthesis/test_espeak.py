"""eSpeak NG by itself: pace, pitch, voices, phonemes, and word times against the sound."""

import hashlib
import itertools
import sys
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from pipeline import synthesis
from pipeline.errors import SettingsError, SynthesisError
from pipeline.model import Phonemes, SpeechRequest, WordTime
from pipeline.synthesis import TAKES, isolation, libespeak, takes
from pipeline.synthesis.engine import takes_phonemes
from pipeline.synthesis.engines import espeak
from pipeline.synthesis.engines.espeak import ENGINE, EspeakOptions
from pipeline.synthesis.phonemes import _AMERICAN, _BRITISH, mnemonics
from tests.bench.voices import plain_sentences

from .conftest import FolderDesk, Say, request_for

pytestmark = pytest.mark.skipif(find_spec("espeakng_loader") is None, reason="needs the extra espeak")

LINE = "They showed that a simplified transformer can act as a near-optimal learner."
SENTENCES = plain_sentences(24)


def spoken(text: str, path: Path, options: EspeakOptions | None = None, *spans: Phonemes) -> bytes:
    isolation.speak(ENGINE, text, options or EspeakOptions(), path, spans)
    return path.read_bytes()


def sound_of(path: Path) -> tuple[NDArray[np.float64], int]:
    samples, rate_hz = soundfile.read(path, dtype="int16")
    return samples.astype(float), rate_hz


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_line_is_spoken_at_the_first_attempt_and_prints_nothing(
    say: Say, desk: FolderDesk, capfd: pytest.CaptureFixture[str]
) -> None:
    clip = say("espeak", LINE)
    assert (clip.rate_hz, desk.count) == (22_050, 1)
    said = " ".join(LINE[word.start : word.end] for word in clip.words)
    assert said == LINE.strip(".")  # "that a" has one time
    assert len(clip.words) == len(LINE.split()) - 1
    assert list(desk.folder.iterdir()) == list(desk.kept.values())
    assert capfd.readouterr() == ("", "")


def test_bytes_are_the_same_every_time_and_in_a_fresh_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = spoken(LINE, tmp_path / "a.wav")
    for text in ("What was before?", *[LINE] * 5):
        last = spoken(text, tmp_path / "a.wav")
        assert (last == first) == (text == LINE)
    monkeypatch.setattr(isolation, "_CAN_FORK", False)
    assert spoken(LINE, tmp_path / "a.wav") == first


@pytest.mark.parametrize("words_per_minute", [80, 120, 165, 220, 400])
def test_words_a_minute_are_what_they_say(words_per_minute: int, tmp_path: Path) -> None:
    seconds = 0.0
    for sentence in SENTENCES:
        options = EspeakOptions(words_per_minute=words_per_minute)
        spoken(sentence, tmp_path / "a.wav", options)
        assert takes.fault(tmp_path / "a.wav", sentence, words_per_minute) is None
        seconds += takes.sounding_s(tmp_path / "a.wav")
    words = sum(len(sentence.split()) for sentence in SENTENCES)
    assert 60 * words / seconds == pytest.approx(words_per_minute, rel=0.04)


def pitch_hz(path: Path) -> float:
    """The median of frames that repeat themselves."""
    sound, rate_hz = sound_of(path)
    found = []
    for frame in np.lib.stride_tricks.sliding_window_view(sound, 1024)[::512]:
        likeness = np.correlate(frame - frame.mean(), frame - frame.mean(), "full")[1023:]
        lag = rate_hz // 400 + int(np.argmax(likeness[rate_hz // 400 : rate_hz // 40]))
        if np.abs(frame).max() > 3000 and likeness[lag] > 0.5 * likeness[0]:
            found.append(rate_hz / lag)
    return float(np.median(found))


@pytest.mark.parametrize("pitch_percent", [70, 85, 130, 160])
def test_pitch_is_what_it_says_at_the_same_pace(pitch_percent: int, tmp_path: Path) -> None:
    ratios = []
    for number, sentence in enumerate(SENTENCES[:6]):
        spoken(sentence, plain := tmp_path / f"{number}.wav")
        spoken(sentence, other := tmp_path / "a.wav", EspeakOptions(pitch_percent=pitch_percent))
        ratios.append(pitch_hz(other) / pitch_hz(plain))
        assert takes.sounding_s(other) == pytest.approx(takes.sounding_s(plain), rel=0.05)
    assert float(np.median(ratios)) == pytest.approx(pitch_percent / 100, rel=0.06)


# Voices


def test_voice_is_found_by_id_language_and_name(tmp_path: Path) -> None:
    names = ("gmw/en-GB-x-rp", "en-gb-x-rp", "EN-GB-X-RP", "English (Received Pronunciation)")
    received = {digest(spoken(LINE, tmp_path / "a.wav", EspeakOptions(voice=name))) for name in names}
    assert len(received) == 1
    british = {
        digest(spoken(LINE, tmp_path / "a.wav", EspeakOptions(voice=name)))
        for name in ("", "en-gb", "gmw/en")
    }
    assert len(british) == 1
    assert received != british


def test_unknown_voice_is_an_error_not_another_voice(say: Say) -> None:
    with pytest.raises(SettingsError, match=r"no voice 'en-uz' \(did you mean 'en-US'\? known: .*, de, "):
        ENGINE.check(EspeakOptions(voice="en-uz"))
    with pytest.raises(SynthesisError, match="cannot be spoken: this computer has no voice 'en-uz'"):
        say("espeak", LINE, voice="en-uz")


def test_voices_have_languages_genders_and_licences() -> None:
    voices = {voice.language: voice for voice in isolation.list_voices(ENGINE)}
    assert len(voices) > 100
    british = voices["en-gb"]
    assert (british.id, british.gender, british.licence) == ("gmw/en", "male", "GPL-3.0-or-later")
    assert voices["pt-br"].name == "Portuguese (Brazil)"


def test_a_voice_is_described_with_its_language() -> None:
    described = ENGINE.describe(EspeakOptions(voice="gmw/en-GB-x-rp"))
    assert (described.language, described.name) == ("en-gb-x-rp", "eSpeak NG, voice gmw/en-GB-x-rp")
    assert ENGINE.describe(EspeakOptions()).language == "en-gb"


# A text is data


def test_no_text_acts_as_markup(tmp_path: Path) -> None:
    for text, same in [
        ("He said [[h@l'oU]] twice.", "He said ((h@l'oU)) twice."),
        ("He [said] so.", "He (said) so."),
        ("Fast \x01400S or \x00 slow\ud800.", "Fast  400S or   slow ."),
        ("Un cafe\u0301, please.", "Un caf\u00e9, please."),
    ]:
        assert spoken(text, tmp_path / "a.wav") == spoken(same, tmp_path / "b.wav")
    spoken("one <break time='3s'/> two", tmp_path / "a.wav")
    spoken("one break time 3s two", tmp_path / "b.wav")
    assert takes.sounding_s(tmp_path / "a.wav") > takes.sounding_s(tmp_path / "b.wav")  # its signs are said


def test_brackets_beside_phonemes_stay_text(tmp_path: Path) -> None:
    start = len("Not [[h@l'oU]], but ")
    span = Phonemes(start=start, end=start + 4, ipa="tʃwɛn")
    square = spoken("Not [[h@l'oU]], but Qwen.", tmp_path / "a.wav", None, span)
    assert square == spoken("Not ((h@l'oU)), but Qwen.", tmp_path / "a.wav", None, span)


# Phonemes


@pytest.mark.parametrize(
    ("ipa", "words"),
    [
        ("ˈsɛʃiə", ("'sESi:@",)),
        ("kæt", ("'kat",)),
        ("/ˌpɪkˈtʃwɛn/", (",pIk'tSwEn",)),
        ("ˈɡriːn ˈtiː", ("'gri:n", "'ti:")),
        ("nə.ˈhɪt", ("n@|'hIt",)),
        ("ʔ", ()),
        ("ˈʔ", ()),
    ],
)
def test_ipa_becomes_mnemonics(ipa: str, words: tuple[str, ...]) -> None:
    assert mnemonics(ipa, american=False) == words


SILENT_MARKS = {"ʔ", "ʰ", "ː", "ˑ", ":", "/", ".", "'", "ˈ", "ˌ", "\u0329", "\u032f"}


@pytest.mark.parametrize("voice", ["en-gb", "en-us"])
def test_every_sound_of_the_table_is_heard(voice: str, tmp_path: Path) -> None:
    """Between two vowels it makes another sound than they do alone."""
    table = _AMERICAN if voice == "en-us" else _BRITISH
    options = EspeakOptions(voice=voice)

    def said(ipa: str) -> str:
        return digest(spoken("Qwen", tmp_path / "a.wav", options, Phonemes(start=0, end=4, ipa=ipa)))

    without = said("ˈbaba")
    unheard = [sound for sound in sorted(set(table) - SILENT_MARKS) if said(f"ˈba{sound}ba") == without]
    assert unheard == []


BRITISH = (
    "cat kæt, pay peɪ, pie paɪ, boy bɔɪ, cow kaʊ, go ɡəʊ, bird bɜːd, red ɹɛd, judge dʒʌdʒ, thing θɪŋ, zoo zuː, "
    "car kɑː, put pʊt, law lɔː, lot lɒt, yes jɛs, ship ʃɪp, feed fiːd, church tʃɜːtʃ, fear fɪə, fair feə"
)
AMERICAN = "go ɡoʊ, lot lɑːt, bird bɜːd, cat kæt, ship ʃɪp, judge dʒʌdʒ, thing θɪŋ"


@pytest.mark.parametrize(
    ("voice", "word", "ipa"),
    [
        (voice, *pair.split())
        for voice, pairs in (("en-gb", BRITISH), ("en-us", AMERICAN))
        for pair in pairs.split(", ")
    ],
)
def test_phonemes_of_a_word_are_the_bytes_of_the_word(
    voice: str, word: str, ipa: str, tmp_path: Path
) -> None:
    options = EspeakOptions(voice=voice)
    span = Phonemes(start=0, end=len(word), ipa=ipa)
    assert spoken(word, tmp_path / "a.wav", options, span) == spoken(word, tmp_path / "a.wav", options)


def test_phonemes_reach_the_sound_through_a_request(desk: FolderDesk) -> None:
    text = "We asked (Qwen), again."
    plain = request_for("espeak", text)
    span = Phonemes(start=10, end=14, ipa="ˈtʃwɛn")
    clip = synthesis.speak(msgspec.structs.replace(plain, phonemes=(span,)), desk)
    assert desk.path(clip.audio).read_bytes() != desk.path(synthesis.speak(plain, desk).audio).read_bytes()
    assert [text[word.start : word.end] for word in clip.words] == ["We", "asked", "Qwen", "again"]


def test_only_english_voices_take_phonemes(tmp_path: Path) -> None:
    for voice in ("", "en-us", "gmw/en-GB-x-rp", "en-029"):
        assert takes_phonemes(ENGINE, EspeakOptions(voice=voice))
    german = EspeakOptions(voice="de")
    assert not takes_phonemes(ENGINE, german)
    span = Phonemes(start=0, end=4, ipa="tʃwɛn")
    assert spoken("Qwen", tmp_path / "a.wav", german, span) == spoken("Qwen", tmp_path / "a.wav", german)


# Word times

PAUSED = (
    "First we looked, then we measured: apples, oranges, and so on. Stop! Every day, all of it. Nothing.",
    "Naïve café owners, in 学习, said: 🙂 hooray, where? Nobody — “really”, nobody — knew. Zoë, Łukasz, adieu.",
    "In 1987, such as it was, state-of-the-art; it's done, isn't it? Yes.",
)


def onsets(path: Path, silent_ms: int = 90) -> list[int]:
    """Where sound begins after silence, in samples."""
    sound, rate_hz = sound_of(path)
    step = rate_hz // 200
    peaks = np.abs(sound[: len(sound) // step * step]).reshape(-1, step).max(axis=1)
    loud = np.flatnonzero(peaks > 0.01 * peaks.max())
    gaps = np.diff(loud, prepend=loud[0] - silent_ms) * 5
    return [int(frame) * step for frame in loud[gaps >= silent_ms]]


def words_after_pauses(text: str, words: tuple[WordTime, ...]) -> list[WordTime]:
    """The first, and those with a mark between them and the word before."""
    pairs = itertools.pairwise(words)
    return words[:1] + tuple(
        word for before, word in pairs if set(",:;.!?") & set(text[before.end : word.start])
    )  # type: ignore[return-value]


@pytest.mark.parametrize("words_per_minute", [120, 175, 220])
@pytest.mark.parametrize("text", PAUSED, ids=["plain", "beyond ASCII", "numbers"])
def test_a_word_after_a_pause_begins_where_sound_begins(
    text: str, words_per_minute: int, tmp_path: Path
) -> None:
    """But for plosives, which begin with a silence of their own: these texts have none after a pause."""
    options = EspeakOptions(words_per_minute=words_per_minute)
    words = isolation.speak(ENGINE, text, options, tmp_path / "a.wav")
    begun = onsets(tmp_path / "a.wav")
    after = words_after_pauses(text, words)
    off = [min(abs(onset - word.at_samples) for onset in begun) / 22.05 for word in after]
    assert len(after) > 4
    assert max(off) < 30, list(zip([text[word.start : word.end] for word in after], off, strict=True))


@pytest.mark.parametrize("text", PAUSED)
def test_all_words_have_times_that_fit_them(text: str, tmp_path: Path) -> None:
    words = isolation.speak(ENGINE, text, EspeakOptions(), tmp_path / "a.wav")
    said = " ".join(text[word.start : word.end] for word in words)
    assert [part for part in said.split() if part.isalpha()] == [
        part for part in (piece.strip("—,.:;!?“”") for piece in text.split()) if part.isalpha()
    ]
    assert len({word.at_samples for word in words}) == len(words)


def test_word_times_with_phonemes_are_those_of_the_text(tmp_path: Path) -> None:
    text = "Naïve Qwen, then Li Wei, (Łukasz) and LITEN’s end."
    spans = [
        Phonemes(start=text.index(word), end=text.index(word) + len(word), ipa=ipa)
        for word, ipa in [
            ("Qwen", "ˈtʃwɛn"),
            ("Li Wei", "liː ˈweɪ"),
            ("Łukasz", "ˈwukaʃ"),
            ("LITEN", "ˈlaɪtən"),
        ]
    ]
    words = isolation.speak(ENGINE, text, EspeakOptions(), tmp_path / "a.wav", tuple(spans))
    said = [text[word.start : word.end] for word in words]
    assert said == ["Naïve", "Qwen", "then", "Li Wei", "Łukasz", "and", "LITEN’s", "end"]
    begun = onsets(tmp_path / "a.wav")
    for word in words_after_pauses(text, words):
        assert min(abs(onset - word.at_samples) for onset in begun) < 0.06 * 22_050


# Faults


def broken(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """Make the library fail in the process that speaks."""

    def speak(*args: object, **more: object) -> tuple[bytes, list[tuple[int, int]]]:
        import os
        import signal
        import time

        if fault == "hang":
            time.sleep(60)
        if fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        return b"", []

    monkeypatch.setattr(libespeak.Espeak, "speak", speak)
    if fault == "hang":
        monkeypatch.setattr(isolation, "LIMIT_S", 0.4)
        monkeypatch.setattr(isolation, "LIMIT_PER_CHAR_S", 0.0)


@pytest.mark.skipif(sys.platform != "linux", reason="a library that only a test has broken can be forked")
@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("empty", "the file holds no sound"),
        ("hang", "the engine did not answer within 0 s"),
        ("kill", "the engine was ended by SIGKILL"),
    ],
)
def test_a_library_that_fails_is_named_with_its_fault(
    fault: str, message: str, say: Say, desk: FolderDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, fault)
    with pytest.raises(SynthesisError, match=f"by espeak: in each of {TAKES} takes, {message}"):
        say("espeak", LINE)
    assert list(desk.folder.iterdir()) == []


def test_another_version_is_not_spoken_with(desk: FolderDesk) -> None:
    request = SpeechRequest(text=LINE, engine="espeak", identity="espeak.1 espeakng-loader 0.1", options={})
    with pytest.raises(SynthesisError, match=r"planned for 'espeak\.1 espeakng-loader 0\.1'"):
        synthesis.speak(request, desk)


def test_everything_unspeakable_is_known_to_the_pattern() -> None:
    assert all(espeak._UNSPEAKABLE.fullmatch(char) for char in "\0\1\n\x7f\x85\ud800")
