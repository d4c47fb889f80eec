"""Every rule of `check` has a folder with its fault, which it finds at its place, and nothing else does.

A folder holds what differs from the good show, and the places where its finding is expected.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline import check as checking
from pipeline.check.rules import RULES, exit_code_of
from pipeline.findings import Finding

HERE = Path(__file__).parent
GOOD = HERE / "good"
FOLDERS = sorted(path.name for path in HERE.iterdir() if (path / "expected.txt").is_file())


@pytest.fixture
def findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[Finding, ...]]:
    """What is found in the good show with the files of a folder put over it."""

    def look(folder: str) -> tuple[Finding, ...]:
        show = tmp_path / folder
        shutil.copytree(GOOD, show)
        shutil.copytree(HERE / folder, show, dirs_exist_ok=True)
        monkeypatch.chdir(show)
        return checking.check(Path(), ())[1]

    return look


def expected(folder: str) -> list[tuple[str, str]]:
    places = (HERE / folder / "expected.txt").read_text(encoding="utf-8").splitlines()
    return [(folder, place) for place in places]


def test_there_is_nothing_to_find_in_the_good_show(findings: Callable[[str], Any]) -> None:
    assert findings("good") == ()


def test_every_rule_has_a_folder() -> None:
    assert list(RULES.keys() - set(FOLDERS)) == []
    assert set(FOLDERS) <= RULES.keys()


@pytest.mark.parametrize("code", FOLDERS)
def test_a_fault_is_found_at_its_place_and_nothing_else_is(
    code: str, findings: Callable[[str], tuple[Finding, ...]]
) -> None:
    found = findings(code)
    assert [(finding.code, finding.where) for finding in found] == expected(code)
    for finding in found:
        assert (finding.severity, finding.why) == (RULES[code].severity, RULES[code].why)
        assert finding.what
        assert finding.remedy
    assert exit_code_of(code) in range(3, 13)


@pytest.mark.parametrize("table", ["RULES_OF_FACTS", "RULES_OF_SPEECH"])
def test_without_a_rule_its_fault_is_not_found(
    table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = getattr(checking, table)
    shows = {code: tmp_path / code for code in FOLDERS if re.match("PAPR12|LEXI102|SAID", code)}
    for code, show in shows.items():
        shutil.copytree(GOOD, show)
        shutil.copytree(HERE / code, show, dirs_exist_ok=True)
    silenced = []
    for rule in every:
        monkeypatch.setattr(checking, table, tuple(other for other in every if other is not rule))
        found = {code: checking.check(show, ())[1] for code, show in shows.items()}
        silenced.append([code for code, findings in found.items() if not findings])
    assert all(len(codes) == 1 for codes in silenced), silenced
    assert len({code for codes in silenced for code in codes}) == len(every)


def test_codes_are_of_one_form_and_in_order() -> None:
    assert all(re.fullmatch(r"(SHOW|PAPR|TMPL|LEXI|VOIC|MUSC|ARTW|SAID|STYL)1\d\d", code) for code in RULES)
    for subject in {code[:4] for code in RULES}:
        codes = [code for code in RULES if code.startswith(subject)]
        assert codes == sorted(codes)
