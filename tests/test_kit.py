"""What episodes have in common: read safely, digested fully."""

import os
import re
from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.entries import Entry
from pipeline.errors import PaperledgeError, ScriptError, SettingsError
from pipeline.kit import read_sources

from .conftest import LittleShow
from .pictures import picture


def test_the_digest_changes_with_every_file_and_with_nothing_else(show: LittleShow) -> None:
    digests = [read_sources(show.root).digest]
    show.edit("show.yaml", "Little Show", "Small Show")
    digests.append(read_sources(show.root).digest)
    show.write("scripts/outro.j2", "Bye.\n")
    digests.append(read_sources(show.root).digest)
    show.write("voices/lexicon.yaml", "VAR: word\n")
    digests.append(read_sources(show.root).digest)
    for colour in ("red", "blue"):
        (show.root / "scripts/cover.png").write_bytes(picture(colour=colour))
        if colour == "red":
            show.edit("show.yaml", "voice:", "cover: cover.png\nvoice:")
        digests.append(read_sources(show.root).digest)
    assert len(set(digests)) == 6
    show.write("papers/new.md", "x")
    (show.root / "scripts/outro.j2").touch()
    assert read_sources(show.root).digest == digests[-1]


def test_templates_in_sub_folders_are_named_by_their_path(show: LittleShow) -> None:
    show.write("scripts/parts/ad.j2", "x")
    assert set(read_sources(show.root).templates) == {"episode.j2", "outro.j2", "parts/ad.j2"}


def test_hidden_files_and_what_is_no_file_are_not_templates(show: LittleShow) -> None:
    (show.root / "scripts/.#episode.j2").symlink_to("nowhere")
    (show.root / "scripts/folder.j2").mkdir()
    os.mkfifo(show.root / "scripts/pipe.j2")
    assert set(read_sources(show.root).templates) == {"episode.j2", "outro.j2"}


@pytest.mark.parametrize("name", ["secret.j2", "cover.png"])
def test_a_link_that_leads_out_of_the_scripts_is_refused(show: LittleShow, tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(picture())
    show.edit("show.yaml", "voice:", "cover: cover.png\nvoice:")
    (show.root / "scripts" / name).symlink_to(secret)
    with pytest.raises(ScriptError, match="leads out of scripts/"):
        read_sources(show.root)


@pytest.mark.parametrize(
    ("cover", "says"),
    [
        (b"\x89PNG", "damaged, or no picture"),
        (picture(1400, 1000), "1400 x 1000 pixels .*cut it to a square, such as 1400 x 1400"),
        (picture(1399), "1399 x 1399 pixels .*1400 to 3000"),
        (None, r"scripts/cover\.png, is missing"),
    ],
    ids=["damaged", "oblong", "small", "missing"],
)
def test_a_cover_that_no_directory_takes_is_said_before_any_audio(
    show: LittleShow, cover: bytes | None, says: str
) -> None:
    show.edit("show.yaml", "voice:", "cover: cover.png\nvoice:")
    show.paper("one")
    if cover is not None:
        (show.root / "scripts/cover.png").write_bytes(cover)
    with pytest.raises(PaperledgeError, match=says) as caught:
        show.make()
    assert caught.value.where == f"{show.root}/show.yaml:3:8"
    assert not list((show.root / "output").rglob("*.wav"))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gone.png", "is missing"),
        ("../show.png", "leads out of papers/"),
        ("link.png", "leads out of papers/"),
        ("ABSOLUTE", "leads out of papers/"),
        ("small.png", "900 x 900 pixels"),
    ],
)
def test_a_papers_own_cover_is_beside_it_and_fit_or_only_that_paper_fails(
    show: LittleShow, name: str, says: str
) -> None:
    (show.root / "show.png").write_bytes(picture())
    (show.root / "papers/link.png").symlink_to(show.root / "show.png")
    (show.root / "papers/small.png").write_bytes(picture(900))
    show.paper("good")
    show.paper("bad")
    name = str(show.root / "show.png") if name == "ABSOLUTE" else name
    show.edit("papers/bad.md", "category:", f'cover: "{name}"\ncategory:')
    report = show.make()
    assert [episode.slug for episode in report.made] == ["good"]
    (failure,) = report.failed
    assert says in failure.errors[0]


def test_covers_are_found_by_check_too(show: LittleShow) -> None:
    show.edit("show.yaml", "voice:", "cover: cover.png\nvoice:")
    (show.root / "scripts/cover.png").write_bytes(picture(1000))
    show.paper("bad")
    show.edit("papers/bad.md", "category:", "cover: gone.png\ncategory:")
    _, faults = check(show.root, ())
    assert [re.search("1000 x 1000|is missing", str(fault)) is not None for fault in faults] == [True, True]


def test_control_characters_in_a_template_are_placed(show: LittleShow) -> None:
    show.write("scripts/outro.j2", "One\nTwo \x1e\n")
    with pytest.raises(ScriptError, match=r"outro\.j2:2:5: holds the control character U\+001E"):
        read_sources(show.root)


def test_a_lexicon_fault_is_placed(show: LittleShow) -> None:
    show.write("voices/lexicon.yaml", "VAR: letters\nQwen: 7\n")
    with pytest.raises(SettingsError, match=r"lexicon\.yaml:2:7: 'Qwen': expected .*, found '7'"):
        read_sources(show.root).read_lexicon()


def test_a_lexicon_is_read_as_people_write_it(show: LittleShow) -> None:
    show.write("voices/lexicon.yaml", 'VAR: letters\nSeshia: {say: SESH-ee-uh, ipa: "ˈsɛʃiə"}\n')
    assert read_sources(show.root).read_lexicon() == {
        "VAR": Entry(say="letters"),
        "Seshia": Entry(say="SESH-ee-uh", ipa="ˈsɛʃiə"),
    }


def test_a_show_without_a_lexicon_has_an_empty_one(show: LittleShow) -> None:
    (show.root / "voices/lexicon.yaml").unlink()
    assert read_sources(show.root).read_lexicon() == {}
