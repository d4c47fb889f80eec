"""What an episode says of itself, as data."""

import datetime as dt
import json
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import TaggingError
from pipeline.model import Loudness, Paper, ShowFacts, Tag
from pipeline.tagging import Listing, Made, Voices, describe

PLAIN = Paper(
    slug="plain", title="A Title", authors=("A. Author",), category="", date=dt.date(2025, 1, 2), summary="s"
)
SHOW = ShowFacts(title="Show", host="Host")
TONE = Voices("tone")


def texts(tags: tuple[Tag, ...]) -> dict[str, str]:
    return {f"{one.frame}:{one.description}".rstrip(":"): one.text for one in tags}


def described(paper: Paper = PLAIN, show: ShowFacts = SHOW, **changes: object) -> dict[str, str]:
    return texts(describe(msgspec.structs.replace(paper, **changes), show, TONE, Listing(), Made("", 61_234)))


def test_a_whole_paper_has_every_frame(paper: Paper, show: ShowFacts, voices: Voices) -> None:
    listing = Listing("0f3a", "Science > Mathematics", "https://example.org/cc")
    loudness = Loudness(integrated_mlufs=-16_020, true_peak_mdbtp=-1_500)
    made = Made("So it is.\n\nBye.\n", 61_234, loudness)
    assert texts(describe(paper, show, voices, listing, made)) == {
        "TIT2": "Learning Affordances at Inference-Time — 机器人",
        "TIT1": "Robotics",
        "TIT3": "Ameesh Shah, Érica Núñez",
        "TPE1": "Ernis",
        "TPE2": "PaperLedge",
        "TALB": "PaperLedge",
        "TCON": "Podcast",
        "TYER": "2025",
        "TDAT": "2310",
        "TDRL": "2025-10-23",
        "TRCK": "14",
        "TPOS": "2",
        "TLEN": "61234",
        "TLAN": "eng",
        "TCOP": "2025 The PaperLedge maintainers",
        "TENC": "PaperLedge",
        "TSSE": f"PaperLedge, voice: {voices.spoken_by}, encoder: LAME (lameenc)",
        "TCAT": "Science > Mathematics",
        "TDES": "PaperLedge on “Learning Affordances at Inference-Time — 机器人”. "
        "Credit to Paper authors: Ameesh Shah, Érica Núñez "
        f"This episode is spoken by an AI voice: {voices.spoken_by}.",
        "TGID": "0f3a",
        "TKWD": "Robotics",
        "PCST": "1",
        "TXXX:REPLAYGAIN_TRACK_GAIN": "-1.98 dB",
        "TXXX:REPLAYGAIN_TRACK_PEAK": "0.841395",
        "WCOP": "https://example.org/cc",
        "USLT": "So it is.\n\nBye.",
        "TXXX:ARXIV": "2510.19752v1",
        "TXXX:DOI": "10.48550/arXiv.2510.19752",
        "TXXX:AI_CONTENT": "true",
        "UFID:https://arxiv.org": "2510.19752v1",
        "TXXX:VOICE_IDENTITY": "pico.1 py-nanotts 0.1.1 en-GB",
        "WOAR": "https://example.org/show",
        "WXXX:arXiv": "https://arxiv.org/abs/2510.19752v1",
        "WXXX:DOI": "https://doi.org/10.48550/arXiv.2510.19752",
        "WXXX:Code": "https://example.org/code",
        "WXXX:Seite": "https://example.org/b%C3%BCcher?q=a%20b",
        "COMM": "PaperLedge on “Learning Affordances at Inference-Time — 机器人”.\n"
        "Credit to Paper authors: Ameesh Shah, Érica Núñez\n"
        f"This episode is spoken by an AI voice: {voices.spoken_by}.",
    }


def test_what_is_not_known_has_no_frame() -> None:
    assert described().keys() == {
        *("TIT2", "TIT3", "TPE1", "TPE2", "TALB", "TCON", "TYER", "TDAT", "TDRL", "TLEN", "TLAN"),
        *("TENC", "TSSE", "TDES", "PCST", "TXXX:AI_CONTENT", "COMM"),
    }


def test_a_draft_says_so_in_title_and_comment() -> None:
    tags = texts(describe(PLAIN, SHOW, TONE, Listing(), Made("", 1), draft=True))
    assert tags["TIT2"] == "DRAFT: A Title"
    assert tags["COMM"].startswith("Draft, not for publication.\n")
    assert "draft" not in described()["COMM"].lower()


def test_the_ai_voice_is_told_even_if_it_is_not_said_aloud() -> None:
    silent = msgspec.structs.replace(SHOW, disclose_synthetic_voice=False)
    assert "AI voice" in described(show=silent)["COMM"]
    assert described(show=silent)["TXXX:AI_CONTENT"] == "true"


@pytest.mark.parametrize(
    ("bcp47", "iso"),
    [
        *(
            ("en", "eng"),
            ("en-gb", "eng"),
            ("de", "deu"),
            ("zh-Hant-TW", "zho"),
            ("el", "ell"),
            ("aa", "aar"),
        ),
        *(("zu", "zul"), ("haw", "haw"), ("haw-US", "haw"), ("xx", "und")),
    ],
)
def test_language_is_iso_639_2(bcp47: str, iso: str) -> None:
    assert described(show=msgspec.structs.replace(SHOW, language=bcp47))["TLAN"] == iso


@pytest.mark.parametrize(
    ("given_text", "written"),
    [
        ("Ernis", "2025 Ernis"),
        ("2024 Ernis", "2024 Ernis"),
        ("© 2024 Ernis", "2024 Ernis"),
        ("Copyright (c) 2024 Ernis", "2024 Ernis"),
        ("Copyrighted by Ernis", "2025 Copyrighted by Ernis"),
        ("CC BY 4.0", "2025 CC BY 4.0"),
    ],
)
def test_copyright_begins_with_a_year(given_text: str, written: str) -> None:
    assert described(show=msgspec.structs.replace(SHOW, copyright=given_text))["TCOP"] == written


def test_a_bare_copyright_sign_has_no_frame() -> None:
    assert "TCOP" not in described(show=msgspec.structs.replace(SHOW, copyright="© "))


def test_a_doi_with_brackets_and_signs_becomes_an_address() -> None:
    tags = described(doi="10.1002/(SICI)1097-4571(1998)49:8<693::AID-ASI4>3.0.CO;2-O#1?")
    assert tags["TXXX:DOI"].endswith("CO;2-O#1?")
    assert tags["WXXX:DOI"] == (
        "https://doi.org/10.1002/(SICI)1097-4571(1998)49:8%3C693::AID-ASI4%3E3.0.CO;2-O%231%3F"
    )


def test_an_own_link_named_arxiv_takes_the_place_of_the_made_one() -> None:
    tags = described(arxiv="math.GT/0309136", links={"arXiv": "https://arxiv.org/pdf/math/0309136"})
    assert tags["WXXX:arXiv"] == "https://arxiv.org/pdf/math/0309136"
    assert described(arxiv="math.GT/0309136")["WXXX:arXiv"] == "https://arxiv.org/abs/math.GT/0309136"


def test_an_address_keeps_its_own_encoding() -> None:
    url = "https://user@example.org:8443/a%20b;c=d(e)~f'g!h*/[::1]?x=1&y=%C3%A9+2,3#z"
    assert described(links={"x": url})["WXXX:x"] == url


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\nscript:alert(1)", "data:text/html,x"),
        *("file:///etc/passwd", "ftp://example.org/", "example.org", "//example.org", "https://"),
        *("https:///path", "https://?x", " https:/example.org", "ｈttps://example.org"),
    ],
)
def test_a_link_that_is_no_web_address_is_refused_with_its_paper(url: str) -> None:
    with pytest.raises(TaggingError, match="web address") as caught:
        described(links={"Code": url})
    assert caught.value.where == "plain"
    assert "https://" in caught.value.hint


def test_a_website_that_is_no_web_address_is_refused() -> None:
    with pytest.raises(TaggingError, match="WOAR"):
        described(show=msgspec.structs.replace(SHOW, website="javascript:alert(1)"))


@pytest.mark.parametrize("authors", [(), ("",), (" \n", "\x00\u202e")])
def test_an_episode_without_anyone_to_credit_is_refused(authors: tuple[str, ...]) -> None:
    with pytest.raises(TaggingError, match="list of authors is empty"):
        described(authors=authors)


def test_empty_names_among_authors_are_left_out() -> None:
    assert "Credit to Paper authors: A, B C\n" in described(authors=("A", " ", "B\n C", "\x07"))["COMM"]


@pytest.mark.parametrize("title", ["", "  ", "\n", "\x00", "\u202e\ufeff", "\ud800"])
def test_an_episode_without_a_title_is_refused(title: str) -> None:
    with pytest.raises(TaggingError, match="title is empty"):
        described(title=title)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("two\nlines\r\n and\ttabs", "two lines and tabs"),
        ("bell\x07 nul\x00 esc\x1b[31m", "bell nul esc[31m"),
        ("\ufeffmark", "mark"),
        ("half \ud83d pair", "half pair"),
        ("evil \u202eexe.gpm\u202c", "evil exe.gpm"),
        ("line\u2028separator\x85next", "line separator next"),
        ("👩‍🔬 in 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩‍🔬 in 🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("למידה חזקה و أخرى", "למידה חזקה و أخرى"),
        ("نیم\u200cفاصله", "نیم\u200cفاصله"),
        ("e\u0301 stays apart", "e\u0301 stays apart"),
    ],
)
def test_text_is_one_line_without_what_cannot_be_seen(title: str, shown: str) -> None:
    assert described(title=title)["TIT2"] == shown


def test_a_long_title_is_kept_whole() -> None:
    assert described(title="x" * 10_000)["TIT2"] == "x" * 10_000


@given(title=st.text(), author=st.text(), category=st.text(), link=st.text(), arxiv=st.text(), doi=st.text())
def test_any_text_is_described_or_refused(
    title: str, author: str, category: str, link: str, arxiv: str, doi: str
) -> None:
    paper = msgspec.structs.replace(
        PLAIN,
        title=title,
        authors=(author,),
        category=category,
        links={link: f"https://example.org/{link}"},
        arxiv=arxiv,
        doi=doi,
    )
    try:
        tags = describe(paper, SHOW, TONE, Listing(), Made("", 1))
    except TaggingError:
        return
    assert msgspec.convert(json.loads(msgspec.json.encode(tags)), tuple[Tag, ...]) == tags
    for one in tags:
        assert one.text
        assert all(char.isprintable() or char in "\n\u200c\u200d" or ord(char) > 0x9F for char in one.text)
        assert "\n" not in one.text or one.frame == "COMM"


def test_importing_the_stage_brings_no_mutagen() -> None:
    code = "import sys, pipeline.tagging; sys.exit('mutagen' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
