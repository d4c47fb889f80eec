"""Whatever a paper holds, its rules take time in proportion, and what they print harms nobody."""

import json
import time

import pytest

from pipeline.check.facts import RULES_OF_FACTS
from pipeline.check.neighbours import likenesses
from pipeline.check.page import Page, page_of, said_of
from pipeline.check.rules import found
from pipeline.check.spoken import RULES_OF_SPEECH, Speech
from pipeline.findings import as_annotations, as_json, as_lines
from pipeline.model import Line, Paper, Script
from pipeline.paper.frontmatter import read_front_matter
from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.lexicon import compile_lexicon
from pipeline.show import Show

SHOW = Show(title="T", host="Ernis", voice="tone")
HEAD = "---\ntitle: T\nauthors: [A]\ncategory: C\ndate: 2026-01-10\n---\n\n"

UNITS = {
    "letters": "a",
    "capitals": "AB",
    "definitions": "Alpha Beta (AB) ",
    "open brackets": "(",
    "quotation": "> a\n",
    "quotations": "> a\n\n",
    "quotations without words": ">\n\n",
    "numbers": "improved by 3.5, ",
    "tables": "| a | b |\n",
    "addresses": "https://a.example/ ",
    "one address": "https://",
    "stops": ".",
    "blank lines": "\n\n",
    "headings": "## a\n\n",
    "marks": "*_`",
    "formulas": "$x^2$ ",
    "sentences": "It is so. ",
}


def page(text: str) -> Page:
    facts, body, _ = read_front_matter(HEAD + text, "papers/x.md")
    paper: Paper = facts.paper("x", body.rstrip() + "\n", ())
    return page_of("papers/x.md", HEAD + text, paper)


def speech(of: Page) -> Speech:
    blocks = read_aloud(of.paper.summary, compile_lexicon(built_in=False))
    lines = tuple(
        Line(part="paper", kind=block.kind, sentence=sentence, pause_after_ms=0)
        for block in blocks
        for sentence in block.sentences
        if sentence.spoken
    )
    return Speech(of, lines, tuple(said_of(of, Script(lines=lines))), of.paper.summary, SHOW)


def seconds(text: str) -> float:
    """How long all rules take, without reading the text aloud, at best."""
    looked_at = page(text)
    told = speech(looked_at)
    best = float("inf")
    for _ in range(2):
        began = time.process_time()
        for of_facts in RULES_OF_FACTS:
            list(of_facts(looked_at))
        for of_speech in RULES_OF_SPEECH:
            list(of_speech(told))
        list(likenesses([looked_at, looked_at]))
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_time_is_in_proportion_to_the_text(unit: str) -> None:
    short, long = (seconds("A word. " + unit * (characters // len(unit))) for characters in (5_000, 40_000))
    assert long < 24 * short + 0.2  # eight times the text; squares would take 64 times as long


def test_what_a_paper_says_ends_no_line_and_no_command() -> None:
    hostile = page("See https://a.example/%0A::stop-commands::x for it.\n")
    findings = [finding for rule in RULES_OF_FACTS for finding in rule(hostile)]
    (annotation,) = as_annotations(findings).splitlines()
    assert annotation.startswith("::warning file=papers/x.md,line=8,col=5,title=PAPR120::")
    assert "%250A" in annotation
    assert len(as_lines(findings).splitlines()) == 1
    assert len(json.loads(as_json(findings))) == 1


def test_a_file_name_ends_no_line_and_no_property() -> None:
    finding = found("PAPR101", "papers/a,b:c\n::error::d.md:3:4", "is wrong")
    assert as_annotations([finding]).startswith(
        "::error file=papers/a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ad.md,line=3,col=4,title=PAPR101::is wrong ("
    )
    assert as_lines([finding]).count("\n") == 1
