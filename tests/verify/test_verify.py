"""A good site gives nothing; each single fault gives its code, first."""

from pathlib import Path

import pytest

from pipeline.verify.rules import RULES

from .faults import FAULTS, Change, paged
from .sites import workshop


def test_a_good_site_gives_nothing(tmp_path: Path) -> None:
    assert workshop().verify(tmp_path) == ()


def test_a_good_feed_of_several_pages_gives_nothing(tmp_path: Path) -> None:
    pages = workshop()
    paged(pages)
    assert "feed-2.xml" in pages.files
    assert pages.verify(tmp_path) == ()


@pytest.mark.parametrize(("code", "change"), FAULTS.values(), ids=FAULTS)
def test_a_single_fault_is_found_first(code: str, change: Change, tmp_path: Path) -> None:
    good, spoilt = workshop(), workshop()
    change(spoilt)
    assert spoilt != good
    found = spoilt.verify(tmp_path)
    errors = [finding for finding in found if finding.is_error]
    if RULES[code].severity == "error":
        assert errors[0].code == code, [str(finding) for finding in errors]
    else:
        assert code in {finding.code for finding in found}
        assert not errors, [str(finding) for finding in errors]


def test_every_rule_has_a_fault_that_breaks_it() -> None:
    of_episodes = {"CAPT109", "CHAP110", "TAGS117", "ART108"}
    """Of a file against the plan of its episode, as those of the sound are: see tests/soundcheck."""
    elsewhere = of_episodes | {code for code in RULES if code.startswith(("SOUN", "LIST"))}
    assert {code for code, _ in FAULTS.values()} == RULES.keys() - elsewhere
