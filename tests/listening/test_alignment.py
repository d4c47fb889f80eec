"""What is heard finds its lines in the script, and each line is judged by what was heard in its place."""

import numpy as np
import pytest

from pipeline.listening import alignment
from pipeline.listening.alignment import parts_of, same_letters
from pipeline.listening.judgement import Verdict, judge
from pipeline.listening.words import folded, likeness, sound_of

LINES = (
    "Picture a holiday cottage with a stubborn front door.",
    "The first guests push, then pull, then finally discover that you must lift the handle a little.",
    "Before leaving, they pin a note beside the lock.",
    "The next guests walk straight in.",
    "Credit to Paper authors: Ameesh Shah, Adwait Godbole and Sanjit A. Seshia.",
)
FOLDED = [folded(line) for line in LINES]


def verdicts(heard: str) -> list[Verdict]:
    words = folded(heard)
    return [
        judge(line, words[start:end]).verdict
        for line, (start, end) in zip(FOLDED, parts_of(FOLDED, words), strict=True)
    ]


def said(*numbers: int) -> str:
    return " ".join(LINES[number] for number in numbers)


WHOLE: list[Verdict] = ["whole"] * len(LINES)


def but(number: int, verdict: Verdict) -> list[Verdict]:
    return [verdict if n == number else "whole" for n in range(len(LINES))]


def test_what_is_said_as_it_was_meant_is_whole() -> None:
    assert verdicts(said(0, 1, 2, 3, 4)) == WHOLE


@pytest.mark.parametrize("number", range(len(LINES)))
def test_a_line_that_is_missing_is_named_and_no_other(number: int) -> None:
    rest = [n for n in range(len(LINES)) if n != number]
    assert verdicts(said(*rest)) == but(number, "missing")


@pytest.mark.parametrize("number", range(len(LINES)))
def test_a_line_that_is_said_twice_is_named_and_no_other(number: int) -> None:
    assert verdicts(said(*range(number + 1), *range(number, len(LINES)))) == but(number, "twice")


@pytest.mark.parametrize("number", range(len(LINES)))
@pytest.mark.parametrize("end", ["first", "second"])
def test_half_a_line_is_named_and_no_other(number: int, end: str) -> None:
    words = LINES[number].split()
    half = words[: len(words) // 2] if end == "first" else words[(len(words) + 1) // 2 :]
    heard = (said(*range(number)), " ".join(half), said(*range(number + 1, len(LINES))))
    assert verdicts(" ".join(heard)) == but(number, "part")


@pytest.mark.parametrize("number", range(len(LINES)))
def test_another_text_is_named_and_no_other(number: int) -> None:
    other = "Every task is linear classification of two clouds of points around certain centres"
    heard = (said(*range(number)), other, said(*range(number + 1, len(LINES))))
    assert verdicts(" ".join(heard)) == but(number, "other")


def test_a_few_words_that_fit_no_line_are_something_else() -> None:
    other = "Why is this hard and does it matter?"
    assert verdicts(f"{said(0)} {other} {said(2, 3, 4)}") == but(1, "other")


def test_a_half_of_names_is_a_part() -> None:
    heard = "Credit to Paper authors they meet shah add"
    assert verdicts(f"{said(0, 1, 2, 3)} {heard}") == but(4, "part")


def test_names_and_single_words_may_be_misheard() -> None:
    heard = (
        "Picture a holiday cottage with a stop on front door. The first guests push then pull then finally "
        "discover that he must lift the handle a little. Before leaving they pinned a note beside the log. "
        "The next guests walk straight in. Credit to paper authors they meet shah add weight god bull "
        "and sand jeet a session."
    )
    assert verdicts(heard) == WHOLE


def test_what_is_heard_beside_the_lines_is_no_fault_of_theirs() -> None:
    assert verdicts(f"You. Thank you. {said(0, 1, 2, 3, 4)} Thank you.") == WHOLE


def test_nothing_heard_is_every_line_missing() -> None:
    assert verdicts("") == ["missing"] * len(LINES)


def test_a_line_without_words_is_whole() -> None:
    assert judge((), ()).verdict == "whole"


@pytest.mark.parametrize("noise", ["us " * 200, "\0", "’’’", "你好 " * 50, "a" * 5000])
def test_whatever_is_heard_there_is_a_verdict(noise: str) -> None:
    assert len(verdicts(f"{said(0)} {noise} {said(3, 4)}")) == len(LINES)


def test_similarity_is_of_both_sides() -> None:
    assert judge(FOLDED[0], FOLDED[0]).similarity == 1
    assert judge(FOLDED[0], FOLDED[0] * 2).similarity == pytest.approx(2 / 3, abs=0.05)
    assert judge(FOLDED[0], ()).similarity == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ernis", "Ernest"), ("analyse", "analyze"), ("routing", "rooting"), ("phase", "faze"), ("know", "no")],
)
def test_words_that_sound_alike_are_alike(one: str, other: str) -> None:
    assert likeness(sound_of(one.lower()), sound_of(other.lower())) >= 0.6


@pytest.mark.parametrize(("text", "words"), [("I.C.L., don’t & 5%", "icl dont and 5 percent"), ("", "")])
def test_folding(text: str, words: str) -> None:
    assert " ".join(folded(text)) == words


def test_a_long_episode_needs_only_a_band(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [folded(f"{LINES[n % 4]} number {n}") for n in range(60)]
    heard = [word for n, line in enumerate(lines) if n not in (20, 41) for word in line]
    whole = parts_of(lines, heard)
    monkeypatch.setattr(alignment, "BAND", 60)
    assert parts_of(lines, heard) == whole
    assert [n for n, (start, end) in enumerate(whole) if start == end] == [20, 41]


def test_letters_pair_in_order() -> None:
    pairs = same_letters("stubborn", "stop on")
    assert pairs == sorted(pairs)
    assert all(np.diff([j for _, j in pairs]) > 0)
