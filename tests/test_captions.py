"""Captions as other programs read them; what they read is what was said."""

import json
import re

import msgspec

from pipeline import captions
from pipeline.transcript import Chapter, Cue, Passage, Transcript


def passage(speaker: str, *cues: tuple[int, int, str], kind: str = "paragraph") -> Passage:
    said = tuple(Cue(start_ms=start, end_ms=end, text=text) for start, end, text in cues)
    return Passage(kind=kind, speaker=speaker, cues=said)  # type: ignore[arg-type]


TOLD = Transcript(
    duration_ms=3_723_004,
    chapters=(
        Chapter(title="Welcome & more", start_ms=0, end_ms=61_999),
        Chapter(title="The paper", start_ms=61_999, end_ms=3_723_004),
    ),
    passages=(
        passage("Ernis", (200, 1_250, "If p < 0.05 & q > 1,"), (1_250, 2_000, "it is <i>so</i>.")),
        passage("Ada", (61_999, 63_000, "Is it --> there?"), kind="bullet"),
        passage("Ada", (3_723_000, 3_723_004, "The last of all the words that anybody said in this hour.")),
    ),
)


def test_webvtt_names_and_escapes_every_cue() -> None:
    assert captions.as_vtt(TOLD) == (
        "WEBVTT\n\n"
        "00:00:00.200 --> 00:00:01.250\n<v Ernis>If p &lt; 0.05 &amp; q &gt; 1,\n\n"
        "00:00:01.250 --> 00:00:02.000\n<v Ernis>it is &lt;i&gt;so&lt;/i&gt;.\n\n"
        "00:01:01.999 --> 00:01:03.000\n<v Ada>Is it --&gt; there?\n\n"
        "01:02:03.000 --> 01:02:03.004\n<v Ada>The last of all the words that anybody said in this hour.\n"
    )


def test_srt_has_two_lines_and_names_whoever_begins() -> None:
    assert captions.as_srt(TOLD) == (
        "1\n00:00:00,200 --> 00:00:01,250\nErnis: If p < 0.05 & q > 1,\n\n"
        "2\n00:00:01,250 --> 00:00:02,000\nit is <i>so</i>.\n\n"
        "3\n00:01:01,999 --> 00:01:03,000\nAda: Is it --> there?\n\n"
        "4\n01:02:03,000 --> 01:02:03,004\nThe last of all the words that\nanybody said in this hour.\n"
    )


def test_srt_breaks_no_word_at_its_hyphen() -> None:
    told = Transcript(
        duration_ms=1,
        chapters=(),
        passages=(passage("E", (0, 1, "The search is guided by a many-faceted reward")),),
    )
    assert captions.as_srt(told).endswith("E: The search is guided by a\nmany-faceted reward\n")


def test_json_has_seconds() -> None:
    first, *_, last = json.loads(captions.as_json(TOLD))["segments"]
    assert first == {"speaker": "Ernis", "startTime": 0.2, "endTime": 1.25, "body": "If p < 0.05 & q > 1,"}
    assert last["endTime"] == 3723.004
    chapters = json.loads(captions.as_chapters(TOLD))
    assert chapters["version"] == "1.2.0"
    assert chapters["chapters"][1] == {"startTime": 61.999, "endTime": 3723.004, "title": "The paper"}


def test_html_holds_no_markup_of_the_text() -> None:
    page = captions.as_html(TOLD)
    assert set(re.findall(r"<(\w+)", page)) == {"cite", "time", "p"}
    assert "<time>1:02:03</time>" in page
    assert "<p>If p &lt; 0.05 &amp; q &gt; 1, it is &lt;i&gt;so&lt;/i&gt;.</p>" in page


def test_text_names_speakers_where_there_are_several() -> None:
    assert captions.as_text(TOLD).startswith("Ernis: If p < 0.05 & q > 1, it is <i>so</i>.\n\nAda: Is it")
    alone = Transcript(duration_ms=1, chapters=(), passages=TOLD.passages[1:2])
    assert captions.as_text(alone) == "- Is it --> there?\n"


def test_text_has_lists_as_they_were_and_code_line_by_line() -> None:
    items = [("1.", 0, "one"), ("-", 1, "deeper"), ("2.", 0, "two")]
    passages = [
        msgspec.structs.replace(passage("E", (0, 1, text), kind="bullet"), mark=mark, level=level)
        for mark, level, text in items
    ]
    code = msgspec.structs.replace(passage("E", (0, 1, "if x: y"), kind="code"), code="if x:\n    y")
    told = Transcript(duration_ms=1, chapters=(), passages=(*passages, code))
    assert captions.as_text(told) == "1. one\n\n  - deeper\n\n2. two\n\nif x:\n    y\n"
    two = msgspec.structs.replace(told, passages=(TOLD.passages[0], *passages))
    assert captions.as_text(two).splitlines()[2] == "E: 1. one"
    coded = msgspec.structs.replace(told, passages=(TOLD.passages[0], code))
    assert captions.as_text(coded).endswith("\n\nE:\nif x:\n    y\n")


def test_chapter_lists_begin_at_nought_and_have_whole_seconds() -> None:
    assert captions.chapter_list(TOLD) == [("0:00:00", "Welcome & more"), ("0:01:01", "The paper")]
    short = Transcript(duration_ms=60_000, chapters=TOLD.chapters[:1], passages=())
    assert captions.chapter_list(short) == [("00:00", "Welcome & more")]


def test_an_empty_transcript_is_valid_in_every_form() -> None:
    nothing = Transcript(duration_ms=0, chapters=(), passages=())
    assert captions.as_vtt(nothing) == "WEBVTT\n"
    assert captions.as_srt(nothing) == ""
    assert json.loads(captions.as_json(nothing))["segments"] == []
