"""What episodes have in common: read safely, digested fully."""

import os
import shutil
from pathlib import Path

import pytest

from pipeline.entries import Entry
from pipeline.errors import PaperledgeError, ScriptError, SettingsError, TaggingError
from pipeline.kit import read_sources

from .conftest import LittleShow


def test_the_digest_changes_with_every_file_and_with_nothing_else(show: LittleShow) -> None:
    digests = [read_sources(show.root).digest]
    show.edit("show.yaml", "Little Show", "Small Show")
    digests.append(read_sources(show.root).digest)
    show.write("scripts/outro.j2", "Bye.\n")
    digests.append(read_sources(show.root).digest)
    show.write("voices/lexicon.yaml", "VAR: word\n")
    digests.append(read_sources(show.root).digest)
    (show.root / "scripts/assets/cover.jpg").write_bytes(
        (show.root / "scripts/assets/cover.jpg").read_bytes() + b"\x00"
    )
    digests.append(read_sources(show.root).digest)
    assert len(set(digests)) == 5
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


@pytest.mark.parametrize("name", ["secret.j2", "assets/cover.jpg"])
def test_a_link_that_leads_out_of_the_scripts_is_refused(show: LittleShow, tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    shutil.copyfile(show.root / "scripts/assets/cover.jpg", secret)
    (show.root / "scripts" / name).unlink(missing_ok=True)
    (show.root / "scripts" / name).symlink_to(secret)
    with pytest.raises(ScriptError, match="leads out of scripts/"):
        read_sources(show.root)


@pytest.mark.parametrize(
    ("cover", "kind", "says"),
    [
        (b"\x89PNG", TaggingError, "is not a JPEG"),
        (b"\xff\xd8\xff" + bytes(400_000), TaggingError, "300,000 bytes"),
        (None, SettingsError, "the cover cannot be read: No such file"),
    ],
)
def test_a_cover_that_no_player_shows_is_said_before_any_audio(
    show: LittleShow, cover: bytes | None, kind: type[PaperledgeError], says: str
) -> None:
    path = show.root / "scripts/assets/cover.jpg"
    path.unlink()
    if cover is not None:
        path.write_bytes(cover)
    with pytest.raises(kind, match=says) as caught:
        read_sources(show.root)
    assert caught.value.where == str(path)


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
