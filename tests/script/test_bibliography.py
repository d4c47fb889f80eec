"""A paper's list of references is not said; all else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.script.bibliography import said_stretches, without_references

LIST = "[1] Byron, A. Notes. 1843.\n\n- Hill, B. 2019.\n"
TEXT = "# One\n\nIt works [1].\n\n"


@pytest.mark.parametrize(
    "heading",
    [
        "# References",
        "## REFERENCES",
        "### Bibliography ###",
        "## Works cited",
        "## 7. References",
        "## **References:**",
        "References\n==========",
        "Works Cited\n---",
    ],
)
def test_a_list_of_references_at_the_end_is_not_said(heading: str) -> None:
    assert without_references(f"{TEXT}{heading}\n\n{LIST}") == TEXT


@pytest.mark.parametrize(
    "other",
    [
        "## References to earlier work\n\nThey matter.\n",
        "References\n\nThey matter.\n",
        "## Cross-references\n\nThey matter.\n",
        "```\n# References\n```\n",
    ],
)
def test_what_only_speaks_of_references_is_said(other: str) -> None:
    assert without_references(TEXT + other) == TEXT + other


def test_it_ends_at_the_next_heading_of_its_level() -> None:
    more = "## Appendix\n\nMore.\n"
    assert without_references(f"{TEXT}## References\n\n{LIST}### Books\n\n{LIST}{more}") == TEXT + more


@given(
    st.lists(st.sampled_from(["# References\n", "## References\n", "# A\n", "### B\n", "x\n", "\n", "- y\n"]))
)
def test_every_stretch_is_where_it_says(lines: list[str]) -> None:
    text = "".join(lines)
    for start, stretch in said_stretches(text):
        assert text.startswith(stretch, start)
