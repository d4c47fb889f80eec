"""docs/findings.md has every rule as the code has it."""

import re

import pytest

from pipeline.verify.categories import CATEGORIES
from pipeline.verify.rules import RULES, as_markdown

from ..conftest import REPOSITORY

PAGE = REPOSITORY / "docs/findings.md"


def test_the_page_of_findings_is_in_step(pytestconfig: pytest.Config) -> None:
    head, _, _ = PAGE.read_text(encoding="utf-8").partition("| code |")
    if pytestconfig.getoption("update_golden"):
        PAGE.write_text(head + as_markdown(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == head + as_markdown()


def test_codes_are_of_one_form_and_in_order() -> None:
    assert all(re.fullmatch(r"(FEED[1-3]|(EPIS|CAPT|CHAP|TAGS|ART|LOCK|PAGE)1)\d\d", code) for code in RULES)
    for subject in {re.sub(r"\d", "", code) for code in RULES}:
        codes = [code for code in RULES if code.startswith(subject)]
        assert codes == sorted(codes)


def test_every_rule_says_why_and_what_to_do_on_one_line() -> None:
    for rule in RULES.values():
        assert all(text and "|" not in text and "\n" not in text for text in rule)


def test_apple_has_nineteen_categories() -> None:
    assert len(CATEGORIES) == 19
    assert sum(map(len, CATEGORIES.values())) == 91
    assert "Mathematics" in CATEGORIES["Science"]
    assert not CATEGORIES["Technology"]
