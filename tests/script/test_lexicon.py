"""The lexicon: which entry is found, what is said for it, and which entries are refused."""

import timeit
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.entries import Entry, LexiconFile, entries_of
from pipeline.errors import SettingsError
from pipeline.script.spoken import lexicon as module
from pipeline.script.spoken.lexicon import Lexicon, compile_lexicon
from pipeline.script.spoken.rules import Reading
from pipeline.settings import loads
from pipeline.synthesis import phonemes

WORDS = {
    "VLA": "letters",
    "M3D": "letters",
    "NASA": "word",
    "CP-LRP": "word",
    "GLIMR": "glimmer",
    "Quen": "chwen",
    "gizmo": "ghiz mo",
    "reading circle": "redding circle",
    "Mistral": "mees trahl",
    "Mistral 8x9B": "mees trahl eight by nine B",
    "et al.": "and others",
    "AttnFlow": "attention F L O",
    "Tax": "tacks",
}
LAYER = {written: Entry(say=say) for written, say in WORDS.items()}
LEXICON = compile_lexicon(built_in=False, show=LAYER)


def found(text: str, lexicon: Lexicon = LEXICON, start: int = 0) -> tuple[str, Reading] | None:
    """What an entry takes of a text, and its reading."""
    first = module._first_of(text[start:])
    answer = lexicon.at(text, start, first)
    return (text[start : answer[0]], answer[1]) if answer else None


def said(text: str, lexicon: Lexicon = LEXICON) -> str | None:
    answer = found(text, lexicon)
    return answer[1].spoken if answer else None


@pytest.mark.parametrize(
    ("text", "taken", "spoken"),
    [
        ("VLA", "VLA", "V L A"),
        ("VLA's aim", "VLA's", "V L A's"),
        ("VLA’s aim", "VLA’s", "V L A's"),
        ("M3D", "M3D", "M three D"),
        ("NASA.", "NASA", "Nasa"),
        ("NASA's", "NASA's", "Nasa's"),
        ("CP-LRP", "CP-LRP", "Cp Lrp"),
        ("GLIMR, too", "GLIMR", "glimmer"),
        ("GLIMRs", "GLIMRs", "glimmers"),
        ("GLIMRs’ aim", "GLIMRs’", "glimmers"),
        ("GLIMRs' ", "GLIMRs", "glimmers"),  # this one ends a quotation
        ("GLIMR—so", "GLIMR", "glimmer"),
        ("GLIMR**", "GLIMR", "glimmer"),
        ("GLIMR/", "GLIMR", "glimmer"),
        ("Taxs", "Taxs", "tackses"),
        ("gizmo", "gizmo", "ghiz mo"),
        ("Gizmo", "Gizmo", "Ghiz mo"),
        ("Reading circles", "Reading circles", "Redding circles"),
        ("reading\ncircle", "reading\ncircle", "redding circle"),
        ("Mistral", "Mistral", "mees trahl"),
        ("Mistral 8x9B.", "Mistral 8x9B", "mees trahl eight by nine B"),
        ("Mistral 8x9B-v2", "Mistral", "mees trahl"),
        ("et al. (2020)", "et al.", "and others"),
    ],
)
def test_an_entry_is_found_with_its_endings(text: str, taken: str, spoken: str) -> None:
    answer = found(text)
    assert answer is not None
    assert (answer[0], answer[1].spoken) == (taken, spoken)
    assert answer[1].rule == "lexicon: show"


@pytest.mark.parametrize(
    "text",
    [
        "VLAX", "VLA2", "VLA_x", "VLA-2", "VLA.ai", "VLA/VLM", "VLA+", "VLA#", "VLA@home", "VLA^2", "VLA'd",
        "vla", "Vla", "GIZMO", "Reading room", "reading\n\ncircle", "reading", "glimr", "unlisted",
    ],
)  # fmt: skip
def test_an_entry_is_no_part_of_a_longer_word_and_keeps_its_capitals(text: str) -> None:
    assert found(text) is None


def test_an_entry_does_not_begin_inside_a_word() -> None:
    assert found("xVLA", start=1) is None
    assert found("(VLA", start=1) is not None


def test_the_plural_of_letters_is_that_of_every_initialism() -> None:
    answer = found("VLAs")
    assert answer is not None
    assert answer[1].spoken.replace("'", " ").startswith("V L A")
    assert answer[1].spoken != "V L A"
    longer = found("AttnFlows")
    assert longer is not None
    assert longer[1].spoken.startswith("attention F L O")


def test_entries_that_begin_with_a_digit_are_found_by_it() -> None:
    lexicon = compile_lexicon(
        built_in=False, show={"3DGS": Entry(say="letters"), "7-Eleven": Entry(say="word")}
    )
    assert said("3DGS", lexicon) == "three D G S"
    assert said("7-Eleven", lexicon) == "seven Eleven"


def test_the_first_layer_wins_and_the_longest_entry_before_it() -> None:
    paper = {"VLA": Entry(say="veela"), "Mistral": Entry(say="wind")}
    lexicon = compile_lexicon(built_in=False, paper=paper, show=LAYER)
    assert found("VLA", lexicon) == ("VLA", Reading("veela", rule="lexicon: paper"))
    assert said("Mistral", lexicon) == "wind"
    assert said("Mistral 8x9B", lexicon) == "mees trahl eight by nine B"
    assert said("NASA", lexicon) == "Nasa"


def test_an_exact_plural_goes_before_a_derived_one() -> None:
    lexicon = compile_lexicon(built_in=False, show={"VLA": Entry(say="letters"), "VLAs": Entry(say="veelas")})
    assert said("VLAs", lexicon) == "veelas"


def test_built_in_entries_come_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "lexicon.tsv"
    data.write_text("written\tsay\tsound\tipa\nQuen\t\tchwen\tˈtʃwɛn\nVLA\tword\t\t\n", encoding="utf-8")
    monkeypatch.setattr(module, "_DATA", data)
    module._built_in.cache_clear()
    try:
        lexicon = compile_lexicon(show={"VLA": Entry(say="letters")})
        assert said("VLA", lexicon) == "V L A"
        assert found("Quen", lexicon) == (
            "Quen",
            Reading("Quen", rule="lexicon: built-in", sound="chwen", ipa="ˈtʃwɛn"),
        )
        assert found("Quen", compile_lexicon(built_in=False)) is None
    finally:
        module._built_in.cache_clear()


def test_the_shipped_entries_are_all_good() -> None:
    for written, entry, _ in module._read_built_in():
        text = (
            "{"
            + ", ".join(
                f'{key}: "{getattr(entry, key)}"' for key in ("say", "sound", "ipa") if getattr(entry, key)
            )
            + "}"
        )
        assert text != "{}", written
        loads(
            f'"{written}": {text}' if entry.say == "" else f'"{written}": "{entry.say}"',
            LexiconFile,
            "lexicon.tsv",
        )
        assert module._plain(written, entry), written


@pytest.mark.parametrize(
    ("ipa", "text", "expected"),
    [
        ("ˈsɛʃiə", "Seshia", "ˈsɛʃiə"),
        ("ˈsɛʃiə", "Seshia's", "ˈsɛʃiəz"),
        ("/bɑːk/", "Bach’s", "/bɑːks"),
        ("ˈmɑːkuʃ", "Markush's", "ˈmɑːkuʃɪz"),
    ],
)
def test_an_ending_is_heard_in_phonemes_too(ipa: str, text: str, expected: str) -> None:
    lexicon = compile_lexicon(
        built_in=False, show={text.split("'", maxsplit=1)[0].split("’", maxsplit=1)[0]: Entry(ipa=ipa)}
    )
    answer = found(text, lexicon)
    assert answer is not None
    assert answer[1].ipa == expected


def test_phonemes_or_a_respelling_alone_leave_the_words_as_they_are() -> None:
    layer = {
        "Seshia": Entry(ipa="ˈsɛʃiə"),
        "Quen2": Entry(sound="chwen two"),
        "Ng": Entry(say="ing", ipa="ɪŋ"),
    }
    lexicon = compile_lexicon(built_in=False, show=layer)
    assert said("Seshia", lexicon) == "Seshia"
    assert found("Quen2", lexicon) == ("Quen2", Reading("Quen two", rule="lexicon: show", sound="chwen two"))
    assert said("Ng", lexicon) == "ing"


def test_a_part_of_a_name_is_asked_for_by_itself() -> None:
    assert LEXICON.part("Quen") == Reading("chwen", rule="lexicon: show")
    assert LEXICON.part("Quens") == Reading("chwens", rule="lexicon: show")
    assert LEXICON.part("Quenty") is None
    assert LEXICON.part("Quen-2") is None
    assert LEXICON.part("") is None


def test_words_joined_by_hyphens_are_composed() -> None:
    assert LEXICON.composed("non-Quen") == Reading("non chwen", rule="lexicon: show")
    assert LEXICON.composed("Quen-style") == Reading("chwen style", rule="lexicon: show")
    assert LEXICON.composed("state-of-the-art") is None
    assert LEXICON.composed("-") is None


def test_a_word_without_an_entry_costs_next_to_nothing() -> None:
    calls = 20_000
    seconds = min(timeit.repeat(lambda: LEXICON.at("the cat", 0, "the"), number=calls, repeat=5))
    assert seconds / calls < 3e-6  # 0.1 µs where it was measured


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=12).filter(str.strip), st.sampled_from(["letters", "word", "a b"])
    ),
    st.text(max_size=30),
)
def test_any_entry_and_any_text_are_answered(layer: Mapping[str, str], text: str) -> None:
    lexicon = compile_lexicon(
        built_in=False, show={written: Entry(say=say) for written, say in layer.items()}
    )
    for start in range(len(text)):
        answer = found(text, lexicon, start)
        assert answer is None or answer[0]
    lexicon.part(text)
    lexicon.composed(text)


# As people write it


def fault(text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        loads(text, LexiconFile, "lexicon.yaml")
    return "\n".join(str(error) for error in (caught.value, *caught.value.others))


def test_a_lexicon_is_written_in_a_minute() -> None:
    text = """
VAR: letters
NO: word
GLIMR: glimmer
Mistral 8x9B: mees trahl
Seshia: {ipa: "ˈsɛʃiə", say: SESH-ee-uh}
Quen: {sound: chwen}
"""
    assert entries_of(loads(text, LexiconFile, "lexicon.yaml")) == {
        "VAR": Entry(say="letters"),
        "NO": Entry(say="word"),
        "GLIMR": Entry(say="glimmer"),
        "Mistral 8x9B": Entry(say="mees trahl"),
        "Seshia": Entry(say="SESH-ee-uh", ipa="ˈsɛʃiə"),
        "Quen": Entry(sound="chwen"),
    }


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("A: b\n'': c", "2:1", "expected as a key text with a letter or digit"),
        ("'a  b': c", "1:1", "single spaces, found 'a  b'"),
        ('"a\\nb": c', "1:1", "expected as a key text"),
        ("+: plus", "1:1", "expected as a key text"),
        ("A: x\nA: y", "2:1", "the key 'A' is there twice"),
        ("A:", "1:3", "'A': expected text as it is said"),
        ("A: ''", "1:4", "found nothing"),
        ("A: ' '", "1:4", "found ' '"),
        ("A: 7", "1:4", "found '7'"),
        ("A: b7", "1:4", "letters, spaces, and no signs but , . ' and -, found 'b7'"),
        ("A: a/b", "1:4", "found 'a/b'"),
        ("A: <b>", "1:4", "found '<b>'"),
        ("A: [b]", "1:4", "found a list"),
        ("A: {}", "1:4", "says nothing: expected say, sound or ipa"),
        ("A: {sya: b}", "1:5", "unknown key 'sya' (did you mean 'say'? known: ipa, say, sound)"),
        ("A: {ipa: s3S}", "1:10", "'ipa': expected text in the International Phonetic Alphabet"),
        ("A: {ipa: ''}", "1:10", "in the International Phonetic Alphabet"),
        ("A: {ipa: ˈ}", "1:10", "in the International Phonetic Alphabet"),
        ("A: {say: b, ipa: <genfile>}", "1:18", "in the International Phonetic Alphabet"),
    ],
)
def test_a_wrong_entry_is_placed_and_explained(text: str, place: str, says: str) -> None:
    message = fault(text)
    assert message.startswith(f"lexicon.yaml:{place}: ")
    assert says in message


def test_all_wrong_entries_are_told_at_once() -> None:
    assert len(fault("A: 1\nB: {ipa: 2}\n'': c\n").splitlines()) == 3


def test_every_sound_that_is_taken_has_its_place_in_the_table() -> None:
    letters = [chr(code) for code in range(0x20, 0x400) if _is_taken(chr(code))]
    assert {"ʃ", "ə", "ŋ", "θ", "a", "z"} <= set(letters)
    unknown = [char for char in letters if char not in phonemes._BRITISH | phonemes._AMERICAN]
    assert unknown == []


def _is_taken(char: str) -> bool:
    try:
        loads(f'A: {{ipa: "{char}"}}', LexiconFile, "lexicon.yaml")
    except SettingsError:
        return False
    return True
