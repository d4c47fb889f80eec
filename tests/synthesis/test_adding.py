"""Voices of others in a show: fetched, checked, locked, brought back; refused when they are something else."""

import re
from pathlib import Path

import pytest
import yaml

from pipeline.errors import FetchError, NotPublished, SettingsError, StoreError
from pipeline.settings import load
from pipeline.synthesis.card import Card
from pipeline.synthesis.catalogue import how_to_add
from pipeline.synthesis.lockfile import read_lock
from pipeline.synthesis.voices import Profile, choose_voice, profile_names

from .publisher import (
    CARD,
    CONFIG,
    FILES,
    FOLDER,
    JOE,
    MADE,
    MODEL,
    STYLE,
    Publisher,
    digest,
    files,
    published,
    put,
    reply,
)


def test_a_style_comes_with_a_profile_and_a_lock(publisher: Publisher, voices: Path) -> None:
    (added,) = put(voices, "af_heart")
    assert (added.name, added.fetched, added.profile_written) == ("af_heart", 1, True)
    assert files(voices).keys() == {"styles/af_heart.bin", "af_heart.yaml", "lock.yaml"}
    assert (voices / "styles/af_heart.bin").read_bytes() == STYLE
    assert yaml.safe_load((voices / "lock.yaml").read_text()) == {
        "styles/af_heart.bin": {
            "sha256": digest(STYLE),
            "size": 522_240,
            "licence": "Apache-2.0",
            "from": f"{publisher.url}/voices/af_heart.bin",
        }
    }
    assert choose_voice("af_heart", voices).spoken_by == "Kokoro-82M, style af_heart (Apache-2.0)"
    assert "lock" not in profile_names(voices)


def test_a_piper_voice_comes_with_its_card_and_licence(publisher: Publisher, voices: Path) -> None:
    (added,) = put(voices, JOE)
    assert added.card == Card(
        licence="see https://example.org/joe", language="English, United States", made=MADE
    )
    for name, content in ((".onnx", MODEL), (".onnx.json", CONFIG), (".MODEL_CARD", CARD)):
        assert (voices / f"piper/{JOE}{name}").read_bytes() == content
        assert read_lock(voices)[f"piper/{JOE}{name}"].sha256 == digest(content)
        assert read_lock(voices)[f"piper/{JOE}{name}"].licence == "see https://example.org/joe"
    profile = (voices / f"{JOE}.yaml").read_text()
    assert yaml.safe_load(profile) == {
        "engine": "piper",
        "options": {"voice": JOE},
        "licence": "see https://example.org/joe",
        "description": "joe, English, United States",
    }
    assert f"# {MADE}: " in profile
    assert load(voices / f"{JOE}.yaml", Profile).licence == added.card.licence
    assert list(read_lock(voices)) == sorted(read_lock(voices))


def test_what_is_here_and_right_is_not_fetched(publisher: Publisher, voices: Path) -> None:
    put(voices, "af_heart", JOE)
    before = files(voices)
    publisher.asked.clear()
    assert [added.fetched for added in put(voices, "af_heart", JOE)] == [0, 0]
    assert [added.fetched for added in put(voices)] == [0, 0]
    assert publisher.asked == []
    assert files(voices) == before


def test_without_names_what_the_lock_lists_is_brought_back(publisher: Publisher, voices: Path) -> None:
    put(voices, "af_heart", JOE)
    before = files(voices)
    for name in (f"piper/{JOE}.onnx", f"piper/{JOE}.MODEL_CARD"):
        (voices / name).unlink()
    (voices / "styles/af_heart.bin").write_bytes(STYLE[:100])
    publisher.asked.clear()
    assert {added.name: added.fetched for added in put(voices)} == {"af_heart": 1, JOE: 2}
    assert files(voices) == before
    assert len(publisher.asked) == 3
    (voices / f"{JOE}.yaml").unlink()  # by somebody who blends it
    put(voices)
    assert not (voices / f"{JOE}.yaml").exists()


def test_a_profile_that_is_there_stays(publisher: Publisher, voices: Path) -> None:
    (voices / "af_heart.yaml").write_text("engine: kokoro\noptions: {style: af_heart}\n")
    (added,) = put(voices, "af_heart")
    assert not added.profile_written
    assert (voices / "af_heart.yaml").read_text() == "engine: kokoro\noptions: {style: af_heart}\n"


@pytest.mark.parametrize("name", [f"{JOE}.onnx", f"{JOE}.onnx.json", "MODEL_CARD"])
def test_a_file_that_changed_at_its_source_is_refused_until_its_entry_is_deleted(
    publisher: Publisher, voices: Path, name: str
) -> None:
    put(voices, JOE)
    before = files(voices)
    new = b'{"new": 1}'
    publisher.files[f"{FOLDER}/{name}"] = new
    place = f"piper/{JOE}.MODEL_CARD" if name == "MODEL_CARD" else f"piper/{name}"
    (voices / place).unlink()
    hint = rf"is not the file that lock.yaml has.*delete the entry {re.escape(place)} in .*lock.yaml"
    with pytest.raises(FetchError, match=hint):
        put(voices, JOE)
    assert files(voices) == {file: content for file, content in before.items() if file != place}
    lock = (voices / "lock.yaml").read_text()
    (voices / "lock.yaml").write_text(
        re.sub(rf"^{re.escape(place)}:\n(  .*\n)+", "", lock, flags=re.MULTILINE)
    )
    put(voices, JOE)
    assert (voices / place).read_bytes() == new
    assert read_lock(voices)[place].sha256 == digest(new)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (STYLE, f"is not the style am_adam, as its SHA-256 is {digest(STYLE)}"),
        (STYLE[:100], "has 100 bytes instead of 522,240"),
        (STYLE + b"x", "holds more than 522,240 bytes"),
    ],
    ids=["other bytes", "too short", "too long"],
)
def test_a_style_that_is_not_the_known_one_is_refused(
    publisher: Publisher, voices: Path, content: bytes, says: str
) -> None:
    publisher.files["/voices/am_adam.bin"] = content
    with pytest.raises(FetchError, match=says):
        put(voices, "am_adam")
    assert files(voices) == {}


def test_a_style_of_ones_own_is_never_replaced(publisher: Publisher, voices: Path) -> None:
    (voices / "styles").mkdir()
    (voices / "styles/af_heart.bin").write_bytes(STYLE[::-1])
    with pytest.raises(SettingsError, match=r"is here, and is not the file of that name .move it away"):
        put(voices, "af_heart")
    assert (voices / "styles/af_heart.bin").read_bytes() == STYLE[::-1]
    assert publisher.asked == []


@pytest.mark.parametrize("ending", [".onnx", ".onnx.json", ".MODEL_CARD"])
def test_a_piper_voice_of_ones_own_is_never_replaced(publisher: Publisher, voices: Path, ending: str) -> None:
    (voices / "piper").mkdir()
    own = voices / f"piper/{JOE}{ending}"
    own.write_bytes(b"trained for weeks")
    with pytest.raises(SettingsError, match=r"is here, and is not the file of that name .move it away"):
        put(voices, JOE)
    assert own.read_bytes() == b"trained for weeks"
    assert not list(voices.rglob("*.part*"))


def test_a_file_that_came_before_its_lock_could_be_written_is_kept(
    publisher: Publisher, voices: Path
) -> None:
    put(voices, JOE)
    before = files(voices)
    (voices / "lock.yaml").unlink()
    put(voices, JOE)
    assert files(voices) == before


def test_a_voice_that_nobody_publishes_leaves_nothing(publisher: Publisher, voices: Path) -> None:
    with pytest.raises(NotPublished, match=r"en_US-nobody-high.onnx.json: is not there .is the name right"):
        put(voices, "en_US-nobody-high")
    assert files(voices) == {}


def test_a_voice_without_a_card_has_no_known_licence(publisher: Publisher, voices: Path) -> None:
    del publisher.files[f"{FOLDER}/MODEL_CARD"]
    (added,) = put(voices, JOE)
    assert added.card.licence == "unknown"
    assert yaml.safe_load((voices / f"{JOE}.yaml").read_text())["licence"] == "unknown"


def test_a_pointer_and_a_broken_configuration_are_refused(publisher: Publisher, voices: Path) -> None:
    publisher.files[f"{FOLDER}/{JOE}.onnx"] = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"
    with pytest.raises(FetchError, match=r"Git LFS pointer .*git lfs pull"):
        put(voices, JOE)
    for config in (b"[]", b"{", b"\xff", b"[" * 100_000):
        publisher.files[f"{FOLDER}/{JOE}.onnx.json"] = config
        (voices / f"piper/{JOE}.onnx.json").unlink(missing_ok=True)
        with pytest.raises(FetchError, match="is not the JSON of a voice"):
            put(voices, JOE)
    assert not (voices / f"{JOE}.yaml").exists()
    assert not list(voices.rglob("*.part*"))


@pytest.mark.parametrize("layout", ["published", "flat"])
@pytest.mark.parametrize("kind", ["address", "folder"])
def test_another_source_has_the_files_as_published_or_all_in_one_place(
    publisher: Publisher, voices: Path, tmp_path: Path, kind: str, layout: str
) -> None:
    held = dict(FILES)
    if layout == "flat":
        held = {f"/{name.rpartition('/')[2]}": content for name, content in FILES.items()}
        held[f"/{JOE}.MODEL_CARD"] = held.pop("/MODEL_CARD")
    for name, content in held.items():
        path = tmp_path / f"held{name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with published() as mirror:
        mirror.files = held
        put(voices, "af_heart", JOE, source=mirror.url + "/" if kind == "address" else tmp_path / "held")
        assert bool(mirror.asked) is (kind == "address")
        if kind == "address":  # where it is brought back from
            (voices / f"piper/{JOE}.onnx").unlink()
            put(voices)
    assert publisher.asked == []
    assert (voices / "styles/af_heart.bin").read_bytes() == STYLE
    assert (voices / f"piper/{JOE}.onnx").read_bytes() == MODEL
    assert read_lock(voices)[f"piper/{JOE}.onnx"].licence == "see https://example.org/joe"
    if kind == "folder":  # which is nobody else's business
        assert str(tmp_path) not in (voices / "lock.yaml").read_text()
        (voices / f"piper/{JOE}.onnx").unlink()
        put(voices)
        assert [path for path, _ in publisher.asked] == [f"{FOLDER}/{JOE}.onnx"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("https://user:secret@example.org", "has no user, query or fragment"),
        ("https://example.org/?token=secret", "has no user, query or fragment"),
        ("ftp://example.org", "begins with https"),
        ("file:///etc", "begins with https"),
        ("/nowhere", "is no folder"),
    ],
)
def test_odd_sources_are_refused_and_not_repeated(voices: Path, source: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as caught:
        put(voices, "af_heart", source=source)
    assert "secret" not in str(caught.value)


def test_nothing_to_bring_back_and_no_show(voices: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no voice is named .*voices add af_heart"):
        put(voices)
    with pytest.raises(SettingsError, match=r"there is no show here .*paperledge new"):
        put(tmp_path / "nowhere", "af_heart")


def test_what_was_finished_before_a_fault_stays(publisher: Publisher, voices: Path) -> None:
    publisher.answers[".onnx"] = [reply(403)]
    with pytest.raises(FetchError, match="answered 403"):
        put(voices, "af_heart", JOE)
    assert set(read_lock(voices)) == {
        "styles/af_heart.bin",
        f"piper/{JOE}.MODEL_CARD",
        f"piper/{JOE}.onnx.json",
    }
    publisher.asked.clear()
    put(voices, JOE)
    assert len(publisher.asked) == 1


def test_a_file_where_a_folder_should_be_is_said(publisher: Publisher, voices: Path) -> None:
    (voices / "styles").write_text("")
    with pytest.raises(StoreError, match=r"cannot be written.*move it away"):
        put(voices, "af_heart")


def test_a_profile_without_its_file_says_how_to_get_it(voices: Path) -> None:
    (voices / "mine.yaml").write_text("engine: kokoro\noptions: {style: af_bella}\n")
    (voices / "other.yaml").write_text("engine: kokoro\noptions: {style: ernst}\n")
    with pytest.raises(SettingsError) as mine:
        choose_voice("mine", voices)
    assert str(mine.value) == (
        f"{voices}/mine.yaml:2:18: there is no styles/af_bella.bin in voices/"
        " (get it with: paperledge voices add af_bella)"
    )
    with pytest.raises(SettingsError) as other:
        choose_voice("other", voices)
    assert other.value.where == f"{voices}/other.yaml:2:18"
    assert "voices add" not in str(other.value)
    assert how_to_add(f"piper/{JOE}.onnx.json") == f"get it with: paperledge voices add {JOE}"


def test_what_its_card_said_is_not_forgotten(publisher: Publisher, voices: Path, tmp_path: Path) -> None:
    put(voices, JOE)
    for place in voices.glob("piper/*"):
        place.unlink()
    (tmp_path / "held").mkdir()
    for name, content in FILES.items():
        (tmp_path / "held" / name.rpartition("/")[2]).write_bytes(content)
    (added,) = put(voices, source=tmp_path / "held")  # where the card has another name
    assert added.card.licence == "see https://example.org/joe"
    assert {entry.licence for entry in read_lock(voices).values()} == {"see https://example.org/joe"}
