"""docs/findings.md has every rule as the code has it."""

import re

import pytest

from pipeline.check.rules import RULES as RULES_OF_CHECK
from pipeline.findings import as_markdown
from pipeline.verify.categories import CATEGORIES
from pipeline.verify.rules import RULES

from ..conftest import REPOSITORY

PAGE = REPOSITORY / "docs/findings.md"


def test_the_page_of_findings_is_in_step(pytestconfig: pytest.Config) -> None:
    tables = iter((as_markdown(RULES_OF_CHECK), as_markdown(RULES)))
    text = PAGE.read_text(encoding="utf-8")
    wanted = re.sub(r"^\| code \|.*\n(\|.*\n)+", lambda _: next(tables), text, flags=re.MULTILINE)
    if pytestconfig.getoption("update_golden"):
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted
    assert next(tables, None) is None


def test_codes_are_of_one_form_and_in_order() -> None:
    assert all(
        re.fullmatch(r"(FEED[1-3]|SOUN[1-4]|(EPIS|CAPT|CHAP|TAGS|ART|LOCK|LIST|PAGE)1)\d\d", code)
        for code in RULES
    )
    for subject in {re.sub(r"\d", "", code) for code in RULES}:
        codes = [code for code in RULES if code.startswith(subject)]
        assert codes == sorted(codes)


def test_every_rule_says_why_and_what_to_do_on_one_line() -> None:
    assert not RULES.keys() & RULES_OF_CHECK.keys()
    for rule in (RULES | RULES_OF_CHECK).values():
        assert all(text and "|" not in text and "\n" not in text for text in rule)


def test_apple_has_nineteen_categories() -> None:
    assert len(CATEGORIES) == 19
    assert sum(map(len, CATEGORIES.values())) == 91
    assert "Mathematics" in CATEGORIES["Science"]
    assert not CATEGORIES["Technology"]
