"""What of a summary is prose of its host."""

import pytest

from pipeline.publish.prose import prose_of

FIRST, LAST = "This is what we found.[^1]", "It matters to everybody."


@pytest.mark.parametrize(
    "after",
    [
        "[^1]: All experiments were done in triplicate.",
        "[^1]: It goes on\n    on the next line.\n",
        "Ernis: That's for JWST, ELT (2029–2030), and SKA-Low.",
        "**Ernis:** That is it.",
        "Ada: One thing.\n\nAda: Another.",
        "Ernis: One thing.\n\nAda Byron: Another.",
        "> All of this is quoted.",
        '"All of this is quoted."',
        "- one\n- two",
        "2. two",
        "• one",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "a | b\n--|--\n1 | 2",
        "```\ncode\n\nmore of it\n```",
        "$$x = 1$$",
        "![a picture](x.png)",
        "---",
        "## The end",
        "## References\n\nSmith, J. A paper. 2020.\n\n[2] Roe, J. Another.",
        "Sources\n-------\n\nSmith, J. A paper. 2020.",
        "## Works cited\n\nSmith, J. A paper. 2020.",
        "# Acknowledgements\nWe thank everybody.",
        "[1] Smith, J. A paper. 2020.",
    ],
)
def test_what_stands_beside_the_prose_is_none_of_it(after: str) -> None:
    found = prose_of(f"# Head\n\n{FIRST}\n\n{after}\n\n## Why\n\n{LAST}\n\n{after}", {"Ernis"})
    assert found == ["This is what we found.", LAST]


@pytest.mark.parametrize(
    "prose",
    [
        "**Bold words** begin it.",
        "2025 was a good year.",
        "Conclusion: it works.",
        "In short: yes.",
        "`code` begins it.",
        "[A link](https://x.org) begins it.",
        "*Ernis* is a name.",
        "It says “so” and “so”.",
        "A. Smith said it.",
    ],
)
def test_prose_may_begin_with_a_mark(prose: str) -> None:
    assert prose_of(f"{FIRST}\n\n{prose}", {"Ernis"})[1:] == [prose]


def test_code_without_an_end_goes_on_to_the_end() -> None:
    assert prose_of(f"{LAST}\n\n```\ncode\n\nmore of it") == [LAST]


def test_any_summary_is_read_in_no_time() -> None:
    for text in (
        "```\n" * 20_000,
        "[^a" * 20_000,
        "a: " * 50_000,
        "|-" * 50_000,
        '"' * 100_000,
        "# \n" * 30_000,
    ):
        prose_of(text)


def test_words_for_what_follows_are_nobodys_names() -> None:
    found = prose_of("Finding: a.\n\nFinding: b.\n\nErnis: Hello.\n\nNote: c.\n\nAda: d.", {"Ernis"})
    assert found == ["Finding: a.", "Finding: b.", "Note: c."]
