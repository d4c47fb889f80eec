"""What `say` prints: readings with their reasons, and what to look at as lines of a lexicon."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.entries import Entry, LexiconFile
from pipeline.model import Block, Sentence, Token
from pipeline.script.spoken import explain
from pipeline.script.spoken.explain import Told, Unsure
from pipeline.script.spoken.lexicon import compile_lexicon
from pipeline.settings import loads

LEXICON = compile_lexicon(built_in=False, show={"GLIMR": Entry(say="glimmer", ipa="ˈɡlɪmə")})


def token(written: str, spoken: str, confidence: int = 100, **facts: str) -> Token:
    return Token(
        written=written, spoken=spoken, confidence=confidence, **({"cls": "word", "rule": "r"} | facts)
    )


def told(*tokens: Token, name: str = "x.md", first_line: int = 1) -> Told:
    block = Block(kind="paragraph", sentences=(Sentence(tokens=tokens),))
    return Told(name, first_line, (block,))


SPACE = token(" ", " ", cls="space")


def test_what_is_said_otherwise_than_written_is_explained() -> None:
    text = told(
        token("we", "we"), SPACE, token("GLIMR", "glimmer", ipa="ˈɡ"), SPACE, token("42", "forty two", 80)
    )
    assert list(explain.explained([text])) == [
        "x.md:1: we GLIMR 42",
        "  GLIMR → glimmer /ˈɡ/  word, r",
        "  42    → forty two     word, r  80 %",
    ]
    assert "  we    → we            word, r" in list(explain.explained([text], every=True))


def test_an_unsure_reading_stands_out_on_a_terminal_only() -> None:
    text = told(token("OSFT", "O S F T", 55))
    (_, plain), (_, coloured) = explain.explained([text]), explain.explained([text], colour=True)
    assert plain == "  OSFT → O S F T  word, r  55 %"
    assert coloured == f"\x1b[1;33m{plain}\x1b[0m"


def test_marks_that_are_rightly_silent_are_left_out() -> None:
    text = told(token("- ", "", cls="bullet"), token("**", "", cls="mark"), token("1. ", "", cls="bullet"))
    assert list(explain.explained([text])) == ["x.md:1: - **1.", "  1. → —  bullet, r"]


def test_text_cannot_take_over_a_terminal() -> None:
    lines = list(explain.explained([told(token("\x1b[2J7", "\x1b[2J7", 50))]))
    assert "\x1b" not in "".join(lines)


def test_each_sentence_has_the_line_it_begins_on() -> None:
    text = explain.tell("x.md", "# Head 1\n\nOne 2. Three\nfour 5.\n\n- item 6\n", LEXICON, first_line=10)
    headings = [line.split(": ")[0] for line in explain.explained([text]) if not line.startswith(" ")]
    assert headings[0] == "x.md:10"
    assert headings[-1] == "x.md:15"
    assert "x.md:12" in headings


def test_what_is_unsure_is_gathered_over_all_texts() -> None:
    one = told(
        token("OSFT", "O S F T", 55),
        token("\n", " ", cls="space"),
        token("OSFTs", "O S F T s", 55),
        name="a.md",
    )
    two = told(
        token("OSFT's", "O S F T's", 55), token("QUAX", "Quax", 40), token("NLP", "N L P", 60), name="b.md"
    )
    assert explain.find_unsure([one, two]) == (
        Unsure("OSFT", "O S F T", "word", 3, ("a.md:1", "a.md:2", "b.md:1")),
        Unsure("QUAX", "Quax", "word", 1, ("b.md:1",)),
    )


def unsure(written: str, spoken: str, cls: str = "word", *where: str) -> Unsure:
    return Unsure(written, spoken, cls, 1, where or ("a.md:1",))


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (unsure("OSFT", "O S F T"), "OSFT: letters"),
        (unsure("QUAX", "Quax"), "QUAX: word"),
        (unsure("MTrain", "M train"), "MTrain: M train"),
        (unsure("3DGS", "three D G S"), '"3DGS": three D G S'),
        (unsure("NO", "No"), '"NO": word'),
        (unsure("ON2", "on"), 'ON2: "on"'),
    ],
)
def test_a_line_can_be_pasted_into_a_lexicon(one: Unsure, line: str) -> None:
    (found,) = explain.unsure_lines([one])
    assert found == f"{line}  # a.md:1"
    assert list(loads(found, LexiconFile, "x")) == [one.written]


@pytest.mark.parametrize(
    "one",
    [unsure("$x$", "x", "math"), unsure("a\tb", ""), unsure("§12", "section 12"), unsure("a: b", "a b")],
)
def test_what_no_entry_can_change_is_a_comment(one: Unsure) -> None:
    (line,) = explain.unsure_lines([one])
    assert line.startswith("# ")
    assert loads(line, LexiconFile, "x") == {}


def test_many_places_are_cut_short() -> None:
    (line,) = explain.unsure_lines([unsure("OSFT", "O S F T", "word", *(f"a.md:{n}" for n in range(1, 8)))])
    assert line == "OSFT: letters  # a.md:1, a.md:2, a.md:3, a.md:4 and 3 more"


def test_lines_are_aligned() -> None:
    lines = list(explain.unsure_lines([unsure("OSFT", "O S F T"), unsure("MTrain", "M train")]))
    assert len({line.index("#") for line in lines}) == 1


def test_paragraphs_stay_apart() -> None:
    text = explain.tell("x", "# Head\n\nOne GLIMR. Two.\n\n- item\n\n---\n", LEXICON)
    assert explain.as_text([text]).startswith("Head\n\nOne glimmer. Two.\n\nitem")


def test_programs_get_all_of_it() -> None:
    text = explain.tell("x", "One GLIMR.", LEXICON)
    content = json.loads(explain.as_json((text,), (unsure("A", "B"),)))
    (block,) = content["texts"][0]["blocks"]
    (sentence,) = block["sentences"]
    assert (block["kind"], sentence["written"], sentence["spoken"]) == (
        "paragraph",
        "One GLIMR.",
        "One glimmer.",
    )
    assert {
        "written": "GLIMR",
        "spoken": "glimmer",
        "cls": "word",
        "rule": "lexicon: show",
        "ipa": "ˈɡlɪmə",
    } in [{**token, "spoken": token["spoken"].strip()} for token in sentence["tokens"]]
    assert content["unsure"][0]["where"] == ["a.md:1"]


@pytest.mark.parametrize(
    "line", ["1. apples", "12) apples", "1.", "# apples", "> apples", "```python", "- apples"]
)
def test_no_word_of_a_line_is_lost(line: str) -> None:
    said = explain.spoken_line(line, LEXICON)
    words = [word for word in ("apples", "python") if word in line]
    assert all(word in said for word in words)
    if line[0] == "1":
        assert said.startswith(("one", "twelve"))


def test_a_line_is_one_line() -> None:
    assert explain.spoken_line("a\rb\x0bc\x85d\u2028e\n", LEXICON) == "a b c d e"
    assert "\n" not in explain.sentences_of_line("A b.\rC d.\x85E f.\u2028G h.\n", LEXICON)
    assert explain.sentences_of_line("Ask them. They know.\n", LEXICON) == "Ask them. ¶ They know."
    assert explain.spoken_line("", LEXICON) == explain.spoken_line(" ** \n", LEXICON) == ""


@given(st.text(max_size=40))
def test_any_line_gives_one_line(text: str) -> None:
    for said in (explain.spoken_line(text, LEXICON), explain.sentences_of_line(text, LEXICON)):
        assert len((said + "x").splitlines()) == 1


@given(st.text(max_size=40))
def test_any_text_is_explained(text: str) -> None:
    read = explain.tell("x", text, LEXICON)
    assert all(isinstance(line, str) for line in explain.explained([read], every=True))
    lines = list(explain.unsure_lines(explain.find_unsure([read])))
    loads("\n".join(dict.fromkeys(lines)), LexiconFile, "x")
    json.loads(explain.as_json((read,), ()))
