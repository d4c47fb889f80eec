"""What is known of the recordings puts right what a recogniser took them for."""

import pytest

from pipeline.listening.hearing import HeardLine, Hearing
from pipeline.listening.judgement import Verdict
from pipeline.listening.recorded import VERDICTS, put_right
from pipeline.soundcheck import Fault
from pipeline.verify.rules import RULES


def heard(*verdicts: Verdict) -> Hearing:
    return Hearing(
        lines=tuple(
            HeardLine(number=number, verdict=verdict, similarity=1.0, meant="a", heard="a")
            for number, verdict in enumerate(verdicts, 1)
        )
    )


def fault(code: str, line: int) -> Fault:
    return Fault(code=code, what="it is", at_ms=0, line=line)


@pytest.mark.parametrize(("code", "verdict"), VERDICTS.items())
def test_a_line_whose_recording_is_wrong_is_judged_by_that(code: str, verdict: Verdict) -> None:
    assert put_right(heard("whole", "mumbled"), [fault(code, 2)]) == heard("whole", verdict)


def test_the_neighbours_of_such_a_line_are_not_blamed_for_it() -> None:
    mistaken = heard("whole", "twice", "whole", "part", "missing")
    assert put_right(mistaken, [fault("SOUN206", 3)]) == heard("whole", "whole", "twice", "whole", "missing")


def test_what_a_recording_says_is_for_the_recogniser() -> None:
    told = heard("other", "mumbled", "missing")
    assert put_right(told, []) == told
    assert put_right(told, [fault("SOUN303", 3)]) == told
    assert put_right(told, [fault("SOUN201", 2)]) == heard("other", "missing", "whole")


def test_every_code_is_a_rule() -> None:
    assert VERDICTS.keys() <= RULES.keys()
