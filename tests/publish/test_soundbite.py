"""A clip begins with the words that the paper gives, wherever captions are cut."""

import datetime as dt

import pytest

from pipeline.errors import PublishError
from pipeline.model import Paper
from pipeline.publish.soundbite import find_soundbite
from pipeline.transcript import Cue, Passage, Transcript


def told(count: int = 40) -> Transcript:
    """Ten cues a passage, each of two seconds and a pause of one."""
    cues = [
        Cue(start_ms=3000 * n, end_ms=3000 * n + 2000, text=f"Phrase {n} of the groß story goes on,")
        for n in range(count)
    ]
    passages = [
        Passage(kind="paragraph", speaker="Ernis", cues=tuple(cues[n : n + 10])) for n in range(0, count, 10)
    ]
    return Transcript(duration_ms=3000 * count, chapters=(), passages=tuple(passages))


def paper(words: str | None) -> Paper:
    day = dt.date(2026, 1, 1)
    return Paper(slug="a", title="A", authors=("B",), category="C", date=day, summary="S.", soundbite=words)


def test_no_words_no_clip() -> None:
    assert find_soundbite(paper(None), told()) is None


@pytest.mark.parametrize(
    "words", ["phrase 7 of", "on, Phrase 8 of the", "Phrase 7  of\nthe groß story goes on, Phrase 8"]
)
def test_a_clip_of_half_a_minute_ends_with_a_phrase(words: str) -> None:
    clip = find_soundbite(paper(words), told())
    assert clip is not None
    assert (clip.start_ms, clip.duration_ms) == (21_000, 32_000)
    assert clip.title == "Phrase 7 of the groß story goes on,"


def test_near_the_end_it_is_shorter_but_not_too_short() -> None:
    clip = find_soundbite(paper("Phrase 33 of"), told())
    assert clip is not None
    assert clip.duration_ms == 20_000
    with pytest.raises(PublishError, match="fewer than 15 seconds"):
        find_soundbite(paper("Phrase 36 of"), told())


def test_words_that_nobody_says_are_told() -> None:
    with pytest.raises(PublishError, match="nobody says the soundbite 'Phrase 99 of'"):
        find_soundbite(paper("Phrase 99 of"), told())
