"""What a reader sees of a line: no markup, links by their names, formulas that can be read."""

import pytest

from pipeline.script import list_mark, pieces, readable
from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.lexicon import compile_lexicon

LEXICON = compile_lexicon(paper={}, show={})


def seen(text: str) -> str:
    tokens = [
        token for block in read_aloud(text, LEXICON) for line in block.sentences for token in line.tokens
    ]
    return readable(tokens)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Use ***all*** of *in vivo*, `a_b` and **$x$**.", "Use all of in vivo, a_b and x."),
        ("See [the **GitHub** `x` repository](https://x.org/y).", "See the GitHub x repository."),
        ("See <https://x.org/a_b>, [t][r].", "See https://x.org/a_b, t."),
        ("A mass of $m \\sim 10^{-22}$ and x_{ij}.", "A mass of m ∼ 10⁻²² and xᵢⱼ."),
        ("It costs $5, or $10–$20, or \\$7.", "It costs $5, or $10–$20, or $7."),
        ("p < 0.05 and O(n^2), 10^-3", "p < 0.05 and O(n^2), 10^-3"),
        ("H$_2$O and H<sub>2</sub>O.", "H₂O and H2O."),
        ("10<sup>-3</sup> in cm<sup>2</sup>, see Eq.~\\ref{eq:1}.", "10⁻³ in cm², see the equation."),
        ("It is 10 $\\mu$m or 3 km s$^{-1}$.", "It is 10 μm or 3 km s⁻¹."),
        ("old claims^{1,2,3} and rats$^{5-7}$", "old claims and rats"),
        ("our code\\footnote{At some place.} is free", "our code is free"),
        ("AT&amp;T has x &lt; y.", "AT&T has x < y."),
        ("It is \\emph{so} 5\\% na\\\"ive ``quoted''.", 'It is so 5% naïve "quoted".'),
        ("So it was.[^1]", "So it was."),
        ("This is known.<sup>2</sup> And *Ser473* is.", "This is known. And Ser473 is."),
        ("| a | *b* | $c_1$ |", "a · b · c₁ "),
        ("|---|:--|", ""),
        ("2. two\n", "2. two\n"),
        ("  * two\n", "  - two\n"),
        ("```py\nx = 1\n\n  y\n```\n", "x = 1\n\n  y\n"),
    ],
)
def test_a_reader_sees_no_markup(written: str, expected: str) -> None:
    assert seen(written) == expected


@pytest.mark.parametrize(
    ("written", "links"),
    [
        ("[a](https://x.org/y_(z)?q=1#f)", [("a", "https://x.org/y_(z)?q=1#f")]),
        ("[a](http://x.org)", [("a", "http://x.org")]),
        ("See https://x.org/a.", [("https://x.org/a", "https://x.org/a")]),
        ("<https://x.org/>", [("https://x.org/", "https://x.org/")]),
        ("[a](javascript:alert(1)) [b](data:text/html,x) [c](/x) [d][e] ![f](https://x.org/y.png)", []),
        ("[a](JavaScript:https://x.org)", []),
    ],
)
def test_links_lead_to_the_web_only(written: str, links: list[tuple[str, str]]) -> None:
    found = [
        (piece.text, piece.url)
        for block in read_aloud(written, LEXICON)
        for line in block.sentences
        for piece in pieces(line.tokens)
        if piece.url
    ]
    assert found == links


@pytest.mark.parametrize(
    ("written", "mark"), [("1. x", "1."), ("(2) x", "(2)"), ("a) x", "a)"), ("• x", "-")]
)
def test_items_keep_their_numbers(written: str, mark: str) -> None:
    ((line,),) = (block.sentences for block in read_aloud(written, LEXICON))
    assert list_mark(line.tokens[0]) == mark
