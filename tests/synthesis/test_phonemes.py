"""Phonemes: the table, the tags, and that they sound like the words they are of."""

from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import plugins
from pipeline.model import Phonemes, Sentence, SpeechRequest, Token
from pipeline.recipe import SPEAK
from pipeline.store import key_of
from pipeline.synthesis import isolation, speak, takes
from pipeline.synthesis.engine import takes_phonemes
from pipeline.synthesis.engines import pico
from pipeline.synthesis.engines.pico import PicoOptions
from pipeline.synthesis.engines.tone import ENGINE as TONE
from pipeline.synthesis.engines.tone import ToneOptions
from pipeline.synthesis.phonemes import xsampa
from pipeline.synthesis.wording import wording

from .conftest import FolderDesk, request_for

needs_pico = pytest.mark.skipif(
    find_spec("py_nanotts") is None, reason="py-nanotts has no build for this platform"
)


@pytest.mark.parametrize(
    ("ipa", "words"),
    [
        ("kæt", ('"k{t',)),
        ("ˈtʃɜːtʃ", ('"t_S3:t_S',)),
        ("t͡ʃɪp", ('"t_SIp',)),
        ("əˈbaʊt", ('@"ba_Ut',)),
        ("/ˌpɪkˈtʃwɛn/", ('%pIk"t_SwEn',)),
        ("rɛd", ('"r\\\\Ed',)),
        ("ˈɡriːn ˈtiː", ('"gr\\\\i:n', '"ti:')),
        ("fɔ̃", ('"fO:n',)),
        ("'li:", ('"li:',)),
        ("ʔ", ()),
        ("", ()),
    ],
)
def test_ipa_becomes_what_pico_takes(ipa: str, words: tuple[str, ...]) -> None:
    assert xsampa(ipa, american=False) == words


def test_accents_differ() -> None:
    assert xsampa("bɜːrd", american=True) == ('"b3:d',)
    assert xsampa("bɜːrd", american=False) == ('"b3:r\\\\d',)


@given(st.text())
def test_nothing_but_sounds_comes_out_of_the_table(ipa: str) -> None:
    for word in xsampa(ipa, american=True) + xsampa(ipa, american=False):
        assert set(word) <= set('abcdefghijklmnopqrstuvwxyzADEINOQSTUVWZ@{3:_`\\"%.=')


def marked_up(text: str, *spans: Phonemes) -> str:
    return pico._marked_up(text, PicoOptions(), spans).split('level="40">')[1].split("</volume>")[0]


def test_tags_stand_where_the_words_stood() -> None:
    first, last = Phonemes(start=0, end=2, ipa="lɪ"), Phonemes(start=7, end=9, ipa="wɒŋ")
    assert marked_up("Li and Wu.", first, last) == "<phoneme ph='\"lI'/> and <phoneme ph='\"wQN'/>."
    assert marked_up("Li.", Phonemes(start=0, end=2, ipa="ʔ")) == "Li."


def test_text_around_tags_stays_text() -> None:
    span = Phonemes(start=4, end=6, ipa="lɪ")
    assert marked_up("a < Li", span) == "a  less than  <phoneme ph='\"lI'/>"
    evil = Phonemes(start=0, end=1, ipa="'/><genfile file='x'>")
    assert "file" not in marked_up("a", evil)


def spoken(text: str, path: Path, *spans: Phonemes, voice: str = "en-GB") -> bytes:
    isolation.speak(pico.ENGINE, text, PicoOptions(voice=voice), path, spans)
    return path.read_bytes()


BRITISH = (
    "cat kæt, pay peɪ, pie paɪ, boy bɔɪ, cow kaʊ, go ɡəʊ, fear fɪə, fair feə, bird bɜːd, red ɹɛd, which wɪtʃ, "
    "judge dʒʌdʒ, thing θɪŋ, vision ˈvɪʒən, zoo zuː, car kɑː, put pʊt, law lɔː, lot lɒt, yes jɛs, ship ʃɪp, "
    "attack əˈtæk, hello həˈləʊ, little ˈlɪtl̩, feed fiːd"
)
AMERICAN = "go ɡoʊ, fear fɪr, car kɑːr, four fɔːr, bird bɜːrd, bird bɝd, butter ˈbʌtɚ, happy ˈhæpi, lot lɑːt, about əˈbaʊt"


@needs_pico
@pytest.mark.parametrize(
    ("voice", "word", "ipa"),
    [
        (voice, *pair.split())
        for voice, pairs in (("en-GB", BRITISH), ("en-US", AMERICAN))
        for pair in pairs.split(", ")
    ],
)
def test_phonemes_of_a_word_are_the_bytes_of_the_word(
    voice: str, word: str, ipa: str, tmp_path: Path
) -> None:
    span = Phonemes(start=0, end=len(word), ipa=ipa)
    assert spoken(word, tmp_path / "a.wav", span, voice=voice) == spoken(
        word, tmp_path / "a.wav", voice=voice
    )


@needs_pico
def test_two_spellings_with_the_same_phonemes_sound_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    one = spoken("They cite Seshia here.", path, Phonemes(start=10, end=16, ipa="ˈsɛʃiə"))
    assert takes.fault(path, "They cite Seshia here.") is None
    other = spoken("They cite Ceschjah here.", path, Phonemes(start=10, end=18, ipa="/ˈsɛʃiə/"))
    assert one == other != spoken("They cite Seshia here.", path)


@needs_pico
def test_a_line_with_phonemes_is_spoken_at_the_first_take(desk: FolderDesk) -> None:
    plain = request_for("pico", "They cite Seshia here.")
    request = SpeechRequest(
        text=plain.text,
        engine=plain.engine,
        identity=plain.identity,
        options=plain.options,
        phonemes=(Phonemes(start=10, end=16, ipa="ˈsɛʃiə"),),
    )
    clip = speak(request, desk)
    assert desk.count == 1
    assert clip != speak(plain, desk)


def test_only_voices_that_know_the_sounds_take_phonemes() -> None:
    assert takes_phonemes(pico.ENGINE, PicoOptions())
    assert takes_phonemes(pico.ENGINE, PicoOptions(voice="en-US"))
    assert not takes_phonemes(pico.ENGINE, PicoOptions(voice="de-DE"))
    assert not takes_phonemes(TONE, ToneOptions())
    assert not takes_phonemes(plugins.find("engines", "pyttsx3"), None)


# What an engine is given


def sentence(*tokens: Token) -> Sentence:
    return Sentence(tokens=tokens)


def word(spoken: str, sound: str = "", ipa: str = "") -> Token:
    return Token(written=spoken, spoken=spoken, cls="word", sound=sound, ipa=ipa)


SPACE = Token(written=" ", spoken=" ", cls="space")
LINE = sentence(
    word("Ask"), SPACE, word("Quen", "chwen", "tʃwɛn"), word(","), word(" LLMs", "L L M's"), word(".")
)


def test_an_engine_is_given_what_it_can_use() -> None:
    assert LINE.spoken == "Ask Quen, LLMs."
    assert wording(LINE, takes_phonemes=False) == ("Ask chwen, L L M's.", ())
    assert wording(LINE, takes_phonemes=True) == (
        "Ask Quen, L L M's.",
        (Phonemes(start=4, end=8, ipa="tʃwɛn"),),
    )


def test_without_phonemes_the_key_is_that_of_the_words_alone() -> None:
    plain = request_for("tone", "A line.")
    assert set(msgspec.to_builtins(plain)) == {"text", "engine", "identity", "options"}
    spanned = SpeechRequest(
        text=plain.text,
        engine=plain.engine,
        identity=plain.identity,
        options=plain.options,
        phonemes=(Phonemes(start=0, end=1, ipa="ə"),),
    )
    assert key_of(SPEAK, spanned) != key_of(SPEAK, plain)


PIECES = st.sampled_from(["a", " b", "c ", " ", "", ",", ", ", " ,", "d e", "\n", ".", "  f  g "])


@given(st.lists(st.tuples(PIECES, st.booleans()), max_size=12))
def test_joined_for_an_engine_a_line_is_what_is_spoken(pieces: list[tuple[str, bool]]) -> None:
    tokens = [word(text, ipa="ə" if has_ipa and text.strip() else "") for text, has_ipa in pieces]
    line = sentence(*tokens)
    text, spans = wording(line, takes_phonemes=True)
    if line.spoken:
        assert text == line.spoken
    for span, token in zip(spans, [token for token in tokens if token.ipa], strict=True):
        assert text[span.start : span.end] == " ".join(token.spoken.split())
