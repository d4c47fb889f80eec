"""The package's own entries: that each is well-formed and says something, and what sentences become."""

import re
from pathlib import Path

import pytest
from msgspec import ValidationError, convert

from pipeline.entries import Entry, LexiconFile, entries_of
from pipeline.model import Sentence
from pipeline.script.spoken import lexicon as module
from pipeline.script.spoken.lexicon import Lexicon, compile_lexicon
from pipeline.script.spoken.tokens import tokenise
from pipeline.synthesis.phonemes import xsampa
from pipeline.synthesis.wording import wording

FOLDER = Path(module.__file__).with_name("data")
FIRST, *LINES = (FOLDER / "lexicon.tsv").read_text(encoding="utf-8").split("\n")
ROWS = [tuple(line.split("\t")) for line in LINES if line]
FIELDS = ("say", "sound", "ipa")
WORDS = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)*")
"""What may be said and respelled: letters, with blanks, apostrophes and hyphens between them."""

WITHOUT = compile_lexicon(built_in=False)
WITH = compile_lexicon()


def carried(words: str) -> str:
    """A sentence with the words inside, where no rule for the first or last word applies."""
    return f"We compare it with {words} today."


def spoken(text: str, lexicon: Lexicon = WITH) -> Sentence:
    return Sentence(tokens=tokenise(text, "paragraph", lexicon))


def voiced(text: str, lexicon: Lexicon = WITH) -> tuple[object, ...]:
    """All that an engine may get for a text."""
    sentence = spoken(text, lexicon)
    return (
        sentence.spoken,
        wording(sentence, takes_phonemes=False),
        wording(sentence, takes_phonemes=True),
    )


def entry(row: tuple[str, ...]) -> Entry:
    return convert({name: text for name, text in zip(FIELDS, row[1:], strict=True) if text}, Entry)


def named(row: tuple[str, ...]) -> str:
    return row[0]


def test_the_file_has_its_header_and_ends_with_a_line() -> None:
    assert FIRST.split("\t") == ["written", *FIELDS]
    assert LINES[-1] == ""
    assert "" not in LINES[:-1]


def test_each_line_has_four_fields_without_blanks_around() -> None:
    assert [row for row in ROWS if len(row) != 4 or any(text != text.strip() for text in row)] == []


def test_the_lines_are_sorted_whatever_their_case() -> None:
    written = [row[0] for row in ROWS]
    assert written == sorted(written, key=lambda word: (word.casefold(), word))


def test_nothing_is_entered_twice() -> None:
    assert len({row[0] for row in ROWS}) == len(ROWS)


def test_each_entry_is_one_that_a_show_could_write() -> None:
    own = {row[0]: {name: text for name, text in zip(FIELDS, row[1:], strict=True) if text} for row in ROWS}
    assert entries_of(convert(own, LexiconFile)).keys() == own.keys()


def test_an_entry_that_says_nothing_would_be_refused() -> None:
    with pytest.raises(ValidationError):
        entry(("nothing", "", "", ""))


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_what_is_said_is_plain_words(row: tuple[str, ...]) -> None:
    assert [text for text in row[1:3] if text and not WORDS.fullmatch(text)] == []


@pytest.mark.parametrize("row", [row for row in ROWS if row[3]], ids=named)
@pytest.mark.parametrize("american", [False, True])
def test_the_phonemes_are_ones_that_the_voices_know(row: tuple[str, ...], american: bool) -> None:
    assert len(xsampa(row[3], american=american)) == len(row[3].split())
    assert "ˈ" in row[3] or len(re.findall("[aeiouæɑɒɔəɛɜɪʊʌ]+", row[3])) == 1, "which syllable is stressed?"


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_an_entry_changes_something(row: tuple[str, ...]) -> None:
    assert voiced(carried(row[0])) != voiced(carried(row[0]), WITHOUT)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_respelling_differs_from_what_is_said(row: tuple[str, ...]) -> None:
    said = spoken(carried(row[0])).spoken
    assert not row[2] or carried(row[2]) != said


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_what_was_said_is_said_again_unchanged(row: tuple[str, ...]) -> None:
    said = spoken(carried(row[0])).spoken
    assert spoken(said).spoken == said


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_sentence_keeps_what_was_written(row: tuple[str, ...]) -> None:
    assert spoken(carried(row[0])).written == carried(row[0])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("We posted it on arXiv and bioRxiv.", "We posted it on archive and bio archive."),
        ("It won at AAAI and an IEEE venue.", "It won at triple A I and an I triple E venue."),
        ("The paper is at NAACL, not IJCAI.", "The paper is at Naacl, not Ijcai."),
        ("DALL-E draws what CLIP ranks.", "Dall E draws what Clip ranks."),
        ("The MoE layers route tokens.", "The M O E layers route tokens."),
        ("Two MoEs and their IoUs.", "Two M O E s and their I O U s."),
        ("A POMDP's belief is a vector.", "A Pom D P's belief is a vector."),
        ("LOO beats the SOTA.", "L O O beats the Sota."),
        ("We train on MNIST and CIFAR.", "We train on M Nist and Cifar."),
        ("Tests run on SWE-bench.", "Tests run on Swe bench."),
        ("COVID and an EEG of the cortex.", "Covid and an E E G of the cortex."),
        ("The siRNA binds, the lncRNA does not.", "The S I R N A binds, the link R N A does not."),
        ("Reads of RNA-seq at high depth.", "Reads of R N A seq at high depth."),
        ("The AdamW update needs no tuning.", "The Adam W update needs no tuning."),
        ("A seq2seq model with word2vec inputs.", "A seq to seq model with word to vec inputs."),
        ("The GDP and its GPS grid.", "The G D P and its G P S grid."),
        ("An LED blinks twice, as LEDs do.", "An L E D blinks twice, as L E D s do."),
        ("WHO LED THE STUDY", "Who Led The Study"),
        ("We embed it with t-SNE or UMAP.", "We embed it with T Sne or U Map."),
        ("It holds iff both agree.", "It holds if and only if both agree."),
        ("An ODE is solved once.", "An O D E is solved once."),
        ("Stored as JSON or YAML.", "Stored as Json or Yaml."),
        ("It is an ISO norm.", "It is an Iso norm."),
        ("The mIoU rises.", "The M I O U rises."),
        ("A MOOC on PyPI and MySQL.", "A Mooc on Py P I and My S Q L."),
        ("He led the team to a coral reef.", "He led the team to a coral reef."),
    ],
)
def test_a_sentence_is_said_as_the_field_says_it(written: str, said: str) -> None:
    assert spoken(written).spoken == said


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("RoBERTa was fine.", "row berta was fine."),
        ("We use PyTorch with NumPy.", "We use pie torch with num pie."),
        ("A LaTeX file.", "A lay teck file."),
        ("The Lie groups act on it.", "The lee groups act on it."),
        ("All eigenvalues are real.", "All eye gun values are real."),
        ("Qwen's weights.", "kwen's weights."),
    ],
)
def test_an_engine_without_phonemes_is_given_a_respelling(written: str, given: str) -> None:
    assert wording(spoken(written), takes_phonemes=False)[0] == given


@pytest.mark.parametrize(
    ("written", "ipa"),
    [
        ("Ask Gemini again.", "ˈdʒɛmɪnaɪ"),
        ("The datasets differ.", "ˈdeɪtəsɛts"),
        ("It is in the cache.", "kæʃ"),
    ],
)
def test_an_engine_with_phonemes_is_given_them(written: str, ipa: str) -> None:
    text, phonemes = wording(spoken(written), takes_phonemes=True)
    assert [span.ipa for span in phonemes] == [ipa]
    assert text == written


@pytest.mark.parametrize(
    "word",
    [
        "IT",
        "US",
        "WHO",
        "AND",
        "ALL",
        "ARE",
        "CAN",
        "FAIR",
        "SAM",
        "HER",
        "NICE",
        "MAY",
        "Lie",
        "LION",
        "Adam",
    ],
)
def test_ordinary_words_have_no_entry(word: str) -> None:
    assert WITH.part(word) is None


def test_the_word_list_comes_with_its_notice() -> None:
    notice = " ".join((FOLDER / "NOTICE").read_text(encoding="utf-8").split())
    assert "Copyright (C) 1993-2015 Carnegie Mellon University. All rights reserved." in notice
    assert "must reproduce the above copyright notice, this list of conditions" in notice
    assert "THIS SOFTWARE IS PROVIDED BY CARNEGIE MELLON UNIVERSITY ``AS IS''" in notice
    assert "words.txt.gz" in notice
