"""When everything is heard: against the sound itself, and for whatever is said."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.assembly.mix import trim
from pipeline.audio import read_sound
from pipeline.model import Clip, Heard, Line, Loudness, Master, WordTime
from pipeline.script import pieces
from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.lexicon import compile_lexicon
from pipeline.synthesis.voices import Voice, choose_voice
from pipeline.timing import CUE_CHARACTERS, transcribe
from pipeline.transcript import Passage, Transcript
from pipeline.values import Blob

from .conftest import REPOSITORY, LittleShow

RATE_HZ = 44_100
SILENCE = Blob(sha256="0" * 64, suffix=".wav", size_bytes=0)


@pytest.fixture(scope="module")
def voice() -> Voice:
    return choose_voice("tone", REPOSITORY / "voices")


def line_of(text: str, **more: object) -> Line:
    ((sentence,),) = (block.sentences for block in read_aloud(text, compile_lexicon(paper={}, show={}), ()))
    return msgspec.structs.replace(
        Line(part="paper", kind="paragraph", sentence=sentence, pause_after_ms=0), **more
    )


def heard_at(*spans: tuple[float, float], trimmed_samples: int = 0) -> Master:
    places = tuple(
        Heard(
            start_samples=round(start * RATE_HZ),
            end_samples=round(end * RATE_HZ),
            trimmed_samples=trimmed_samples,
        )
        for start, end in spans
    )
    return Master(
        mp3=SILENCE,
        samples=round((spans[-1][1] + 1) * RATE_HZ),
        rate_hz=RATE_HZ,
        loudness=Loudness(integrated_mlufs=-16_000, true_peak_mdbtp=-1_500),
        heard=places,
    )


def clip(*words: tuple[int, int, int]) -> Clip:
    times = tuple(WordTime(start=start, end=end, at_samples=at) for start, end, at in words)
    return Clip(audio=SILENCE, samples=16_000, rate_hz=16_000, words=times)


def test_lines_of_a_paragraph_are_one_passage(voice: Voice) -> None:
    lines = [
        line_of("Hello there."),
        line_of("So it is.", begins_block=False),
        line_of("Indeed.", speaker="Ada"),
    ]
    master = heard_at((0.2, 1), (1.3, 2), (3, 4.0004))
    told = transcribe([(line, voice) for line in lines], (clip(), clip(), clip()), master, "Ernis")
    assert [(passage.speaker, passage.text) for passage in told.passages] == [
        ("Ernis", "Hello there. So it is."),
        ("Ada", "Indeed."),
    ]
    assert [(cue.start_ms, cue.end_ms) for cue in told.cues] == [(200, 1000), (1300, 2000), (3000, 4000)]
    assert told.duration_ms == 5000


def test_chapters_begin_with_the_episode_and_leave_no_gap(voice: Voice) -> None:
    titles = ["Welcome", "", "Too near", "The paper"]
    lines = [line_of("Yes.", chapter=title) for title in titles]
    master = heard_at((0.2, 1), (1.0, 1.1), (1.1, 2.2), (4, 5))
    told = transcribe([(line, voice) for line in lines], (clip(),) * 4, master, "Ernis")
    chapters = [(chapter.title, chapter.start_ms, chapter.end_ms) for chapter in told.chapters]
    assert chapters == [("Welcome", 0, 1100), ("Too near", 1100, 4000), ("The paper", 4000, 6000)]


LONG = (
    "When the winter had gone and all the birds were back, we opened the window of the old house by the sea."
)


def test_a_long_sentence_is_cut_behind_a_clause_by_its_spoken_length(voice: Voice) -> None:
    told = transcribe([(line_of(LONG), voice)], (clip(),), heard_at((1, 11)), "Ernis")
    first, second = told.cues
    assert first.text == "When the winter had gone and all the birds were back,"
    assert second.text == "we opened the window of the old house by the sea."
    assert first.start_ms == 1000
    assert first.end_ms == second.start_ms == 1000 + 10_000 * len(first.text) // len(LONG)
    assert second.end_ms == 11_000


def test_the_words_of_the_engine_decide_where_it_tells_them(voice: Voice) -> None:
    """The clip has 16 kHz, 160 samples of silence before it were cut, and "we" begins after 8,160."""
    place = LONG.index("we opened")
    words = clip((0, 4, 160), (place, place + 2, 8_160))
    told = transcribe([(line_of(LONG), voice)], (words,), heard_at((1, 11), trimmed_samples=160), "Ernis")
    assert told.cues[1].start_ms == 1500


def test_what_is_written_but_not_said_stays_with_its_neighbour(voice: Voice) -> None:
    text = f"So it is {'- ' * 60}and so it was."
    told = transcribe([(line_of(text), voice)], (clip(),), heard_at((1, 3)), "Ernis")
    assert told.passages[0].text == text
    assert all(cue.end_ms - cue.start_ms >= 200 for cue in told.cues)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400))
def test_nothing_that_is_written_is_lost_and_no_time_runs_back(text: str) -> None:
    voice = choose_voice("tone", REPOSITORY / "voices")
    blocks = read_aloud(text, compile_lexicon(paper={}, show={}), ())
    lines = [
        Line(part="paper", kind="paragraph", sentence=sentence, pause_after_ms=0)
        for block in blocks
        for sentence in block.sentences
        if sentence.spoken
    ]
    if not lines:
        return
    master = heard_at(*((n, n + 0.9) for n in range(len(lines))))
    told = transcribe([(line, voice) for line in lines], (clip(),) * len(lines), master, "Ernis")
    times = [time for cue in told.cues for time in (cue.start_ms, cue.end_ms)]
    assert times == sorted(times)
    for line, passage in zip(lines, told.passages, strict=True):
        seen = "".join(piece.text for piece in pieces(line.sentence.tokens)).split()
        assert passage.text.split() == (seen or line.sentence.spoken.split())


@given(st.lists(st.text("abcdefghij", min_size=1, max_size=12), min_size=1, max_size=60))
def test_words_are_never_too_many_for_a_caption(words: list[str]) -> None:
    text = f"{' '.join(words)}."
    told = transcribe(
        [(line_of(text), choose_voice("tone", REPOSITORY / "voices"))], (clip(),), heard_at((0, 9)), "x"
    )
    assert told.passages[0].text == text
    assert max(len(cue.text) for cue in told.cues) <= CUE_CHARACTERS
    shortest = min(len(cue.text) for cue in told.cues)
    assert len(text) <= CUE_CHARACTERS or shortest >= CUE_CHARACTERS // 8


def assert_heard_when_told(mp3: Path, told: Transcript) -> None:
    """In the decoded file it is loud in each cue, and silent in the pauses around it."""
    sound = read_sound(mp3)
    level = np.abs(sound.samples)
    for cue in told.cues:
        start, end = (time_ms * sound.rate_hz // 1000 for time_ms in (cue.start_ms, cue.end_ms))
        assert level[start:end].max() > 0.05
        around = (
            level[start - sound.rate_hz // 10 : start - 441],
            level[end + 441 : end + sound.rate_hz // 10],
        )
        assert max(quiet.max() for quiet in around) < 0.01


def test_who_speaks_and_what_is_listed_is_not_text(show: LittleShow) -> None:
    show.write("show.yaml", "title: Little Show\nhost: Ernis\nvoice: tone\ncast: {Ada: tone}\n")
    show.paper("one", body="Ada: A finding.\n\n- It matters.")
    show.make()
    told = msgspec.json.decode(show.mp3("one").with_suffix(".json").read_bytes(), type=Transcript)
    said = [(passage.kind, passage.speaker, passage.text) for passage in told.passages]
    assert said[1:3] == [("paragraph", "Ada", "A finding."), ("bullet", "Ernis", "It matters.")]


def passages_of(text: str) -> tuple[Passage, ...]:
    """What is to be seen of a text, each line of which takes a second."""
    voice = choose_voice("tone", REPOSITORY / "voices")
    lines = [
        Line(part="paper", kind=block.kind, sentence=sentence, pause_after_ms=0, begins_block=n == 0)
        for block in read_aloud(text, compile_lexicon(paper={}, show={}), ())
        for n, sentence in enumerate(block.sentences)
        if sentence.spoken
    ]
    if not lines:
        return ()
    master = heard_at(*((n, n + 0.9) for n in range(len(lines))))
    return transcribe([(line, voice) for line in lines], (clip(),) * len(lines), master, "Ernis").passages


def test_lists_are_as_deep_and_numbered_as_they_were() -> None:
    text = "1. one\n   - two\n     + three\n   - four\n2. five\n\nSix.\n\n    - seven\n"
    assert [(one.mark, one.level, one.text) for one in passages_of(text)] == [
        ("1.", 0, "one"),
        ("-", 1, "two"),
        ("-", 2, "three"),
        ("-", 1, "four"),
        ("2.", 0, "five"),
        ("", 0, "Six."),
        ("-", 0, "seven"),
    ]


def test_code_keeps_its_lines_and_its_caption_has_one() -> None:
    (code,) = passages_of("```py\nif x:\n    y\n```\n")
    assert (code.code, code.text) == ("if x:\n    y", "if x: y")


def test_a_cue_knows_where_its_links_are() -> None:
    (one,) = passages_of("[^1]: See  [the *site*](https://x.org/a) or https://x.org/b, not [c](ftp://x.org).")
    (cue,) = one.cues
    assert cue.text == "See the site or https://x.org/b, not c."
    found = [(cue.text[link.start : link.end], link.url) for link in cue.links]
    assert found == [("the site", "https://x.org/a"), ("https://x.org/b", "https://x.org/b")]


@given(st.lists(st.sampled_from([*"[]()a *`<>|$\\{}^_\n.:/", "https://x.org"]), max_size=40).map("".join))
def test_no_cue_is_empty_and_every_link_is_in_its_text(text: str) -> None:
    for cue in (cue for one in passages_of(text) for cue in one.cues):
        assert cue.text == " ".join(cue.text.split()) != ""
        places = [place for link in cue.links for place in (link.start, link.end)]
        assert places == sorted(places)
        assert all(0 <= place <= len(cue.text) for place in places)


def test_an_episode_tells_its_times_beside_the_mp3(show: LittleShow) -> None:
    """Tones sound exactly while a line is said, so that the sound itself tells the times."""
    show.write("voices/tone.yaml", "engine: tone\n")
    show.paper("one", body="A finding.\n\n## What came of it\n\nIt matters.")
    show.make()
    told = msgspec.json.decode(show.mp3("one").with_suffix(".json").read_bytes(), type=Transcript)
    assert [chapter.title for chapter in told.chapters] == ["Welcome", "A paper", "What came of it"]
    assert [passage.text for passage in told.passages][1:4] == [
        "A finding.",
        "What came of it",
        "It matters.",
    ]
    clips = sorted((show.root / "output/stages/one/2-synthesis").glob("*.wav"))
    for cue, path in zip(told.cues, clips, strict=True):
        _, sound = trim(read_sound(path))
        assert abs(cue.end_ms - cue.start_ms - len(sound.samples) * 1000 / sound.rate_hz) <= 1
    assert_heard_when_told(show.mp3("one"), told)
    plain = json.loads(show.mp3("one").with_suffix(".json").read_bytes())
    assert plain["duration_ms"] == told.duration_ms
    assert Path(show.mp3("one").with_suffix(".vtt")).read_text().startswith("WEBVTT\n\n")
