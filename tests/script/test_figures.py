"""The figures of docs/spoken-figures.md: what they say is so, and none falls.

The two suites of our own are always measured; SPOKEN_SUITES names a folder that holds the others.
"""

import json
import os
from pathlib import Path

import pytest

from tests.bench.spoken import FIGURES, OURS, PAGE, of_ours, table
from tests.bench.suites import MEASURES, Measure, Row, figure, read_suite

OWN = Path(__file__).with_name("suites")
OTHERS = os.environ.get("SPOKEN_SUITES")
KEPT = json.loads(FIGURES.read_text(encoding="utf-8"))


def path_of(measure: Measure) -> Path:
    own = OWN / measure.suite
    if own.exists():
        return own
    if OTHERS is None:
        pytest.skip(f"{measure.suite} is not of our own: SPOKEN_SUITES names a folder that holds it")
    return Path(OTHERS, measure.suite)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.title)
def test_no_figure_falls(measure: Measure) -> None:
    rows = read_suite(path_of(measure))
    assert figure(measure, rows, of_ours(measure, [row.written for row in rows])) >= KEPT[OURS][measure.title]


def test_the_page_shows_the_figures_that_are_kept() -> None:
    assert table(KEPT) in PAGE.read_text(encoding="utf-8")


def test_ours_are_the_best_but_for_a_tool_s_own_suite() -> None:
    for measure in MEASURES:
        best = max((figures.get(measure.title, 0), tool) for tool, figures in KEPT.items() if tool != OURS)
        is_home = best[1].split()[0] in ("wetext", "spokenform", "voxnorm") or "nemo" in measure.suite
        assert KEPT[OURS][measure.title] >= best[0] or is_home, (measure.title, best)


@pytest.mark.parametrize(
    ("fold", "cls", "accepted", "said", "right"),
    [
        ("strict", "x", "five p m", "Five, P M.", True),
        ("strict", "x", "five p m", "five pm", False),
        ("lenient", "x", "five p m", "five pm", True),
        ("lenient", "x", "one hundred and five", "one hundred five", True),
        ("lenient", "x", "nineteen oh five", "nineteen zero five", True),
        ("lenient", "x", "l l ms", "l l m s", True),
        ("lenient", "x", "two llms", "two l l ms", True),
        ("lenient", "x", "two", "three", False),
        ("clean", "x", "n", "$n$", False),
        ("lenient", "x", "n", "$n$", True),
        ("clean", "plain", "It is.", "It is", False),
        ("exact", "x", "A. ¶ B.", "A. ¶ B.", True),
        ("exact", "x", "A. ¶ B.", "A. B.", False),
        ("silent", "x", "", "x squared", True),
        ("silent", "x", "", "x^2", False),
    ],
)
def test_the_judge_judges(fold: str, cls: str, accepted: str, said: str, right: bool) -> None:
    measure = Measure("", "", fold)  # type: ignore[arg-type]
    assert figure(measure, [Row(cls, accepted, (accepted,))], [said]) == (100 if right else 0)
