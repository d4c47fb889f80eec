"""A show's music: named in show.yaml, checked before anything is spoken, kept by content."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile

from pipeline import audio
from pipeline.audio import Sound
from pipeline.check import check
from pipeline.errors import PaperledgeError, ScriptError, SettingsError
from pipeline.files import sha256_of
from pipeline.kit import keep_music, read_sources
from pipeline.loudness import measure
from pipeline.model import MasterRequest, Music
from pipeline.recipe import MASTER
from pipeline.store import Store, digest, key_of
from pipeline.storecare import prune, verify

from .conftest import REPOSITORY, LittleShow
from .test_storecare import age, files, store_of

MUSIC = "music: {intro: a.wav, sting: a.wav, bed: b.flac, bed_below_speech_lu: 18}\n"


def put(show: LittleShow, name: str, seconds: float = 1.0, hertz: float = 440.0) -> Path:
    path = show.root / "scripts" / name
    tone = 0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * 22050)) / 22050)
    soundfile.write(path, tone, 22050)
    return path


@pytest.fixture
def musical(show: LittleShow) -> LittleShow:
    """A show with music and one paper."""
    show.write("show.yaml", (show.root / "show.yaml").read_text() + MUSIC)
    put(show, "a.wav")
    put(show, "b.flac", 5.0, 300.0)
    show.paper("one")
    return show


def faults(show: LittleShow) -> str:
    """What `make check` says."""
    try:
        return "\n".join(map(str, check(show.root, ())[1]))
    except PaperledgeError as error:
        return str(error)


def test_an_episode_with_music_is_longer_and_as_loud(musical: LittleShow) -> None:
    (episode,) = musical.make().made
    musical.edit("show.yaml", MUSIC, "")
    (plain,) = musical.make().made
    assert episode.duration_ms - plain.duration_ms == 1000 * (1 + 2)  # an intro and two stings
    assert measure(musical.mp3("one")).integrated_lufs == pytest.approx(-16.0, abs=0.1)


def test_drafts_have_the_music_too(musical: LittleShow) -> None:
    (draft,) = musical.make(draft=True).made
    (episode,) = musical.make().made
    assert draft.duration_ms == episode.duration_ms


def test_an_edited_jingle_masters_again_and_speaks_nothing(musical: LittleShow) -> None:
    before = musical.make().made[0].digests
    put(musical, "a.wav", hertz=550.0)
    report = musical.make()
    assert report.lines_spoken == 0
    assert report.made[0].digests["one.mp3"] != before["one.mp3"]
    assert report.made[0].digests["one.txt"] == before["one.txt"]


def test_with_nothing_to_do_nothing_is_made_and_no_sound_is_opened(musical: LittleShow) -> None:
    musical.make()
    program = (
        "import sys; from pathlib import Path; from pipeline.backlog import make\n"
        "from pipeline.run import Options, Watcher\n"
        f"report = make(Path({str(musical.root)!r}), Options(executor='inline'), Watcher())\n"
        "print(len(report.reused), *{'numpy', 'soundfile', 'pydub'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["1"]


def test_music_that_was_kept_is_not_opened_again(
    musical: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, store = read_sources(musical.root), Store(musical.root / "output/.store")
    before = keep_music(sources, store)
    monkeypatch.setattr("pipeline.kit.read_music", None)
    assert keep_music(sources, store) == before


def test_a_request_without_music_has_the_key_it_had_before_there_was_any() -> None:
    blob = {"sha256": "0" * 64, "suffix": ".wav", "size_bytes": 1}
    plain = {
        "pieces": [{"audio": blob, "pause_after_ms": 1, "voice": 0}],
        "target_mlufs": -16000,
        "ceiling_mdbtp": -1000,
        "rate_hz": 44100,
        "bitrate_kbps": 128,
        "lame_quality": 3,
    }
    assert key_of(MASTER, msgspec.convert(plain, MasterRequest)) == digest(
        ["assembly", MASTER.version, plain]
    )


def test_the_request_says_where_sections_begin(musical: LittleShow) -> None:
    musical.make()
    (record,) = (musical.root / "output/.store/records/assembly").rglob("*.json")
    body = msgspec.json.decode(record.read_bytes().partition(b"\n")[2])
    request = msgspec.convert(body["request"], MasterRequest)
    assert isinstance(request.music, Music)
    assert request.music.sections == (0, 1, 3)
    assert request.music.bed_below_speech_mlu == 18_000
    assert request.music.bed is not None
    assert request.music.outro is None


@pytest.mark.parametrize("level", ["music_below_speech_lu: 99", "bed_below_speech_lu: 0", "intr: a.wav"])
def test_a_level_out_of_range_and_an_unknown_key_are_placed(show: LittleShow, level: str) -> None:
    show.write("show.yaml", (show.root / "show.yaml").read_text() + f"music: {{{level}}}\n")
    with pytest.raises(SettingsError, match=r"show\.yaml:4:\d+"):
        read_sources(show.root)


def test_missing_music_is_said_where_it_is_named(musical: LittleShow) -> None:
    (musical.root / "scripts/b.flac").unlink()
    said = r"show\.yaml:4:42: the bed, scripts/b\.flac, is missing \(put a WAV or FLAC there"
    with pytest.raises(SettingsError, match=said):
        musical.make()
    assert "is missing" in faults(musical)


def test_a_folder_is_no_music(musical: LittleShow) -> None:
    musical.edit("show.yaml", "bed: b.flac", "bed: assets")
    assert "the bed, scripts/assets, is not a file" in faults(musical)


@pytest.mark.parametrize("name", ["../secret.wav", "link.wav"])
def test_music_outside_scripts_is_refused(musical: LittleShow, name: str) -> None:
    shutil.move(musical.root / "scripts/b.flac", musical.root / "secret.wav")
    (musical.root / "scripts/link.wav").symlink_to(musical.root / "secret.wav")
    musical.edit("show.yaml", "bed: b.flac", f"bed: {name}")
    with pytest.raises(ScriptError, match=r"leads out of scripts/"):
        musical.make()
    assert "leads out of scripts/" in faults(musical)


def test_what_is_no_sound_is_found_before_anything_is_spoken(musical: LittleShow) -> None:
    (musical.root / "scripts/b.flac").write_bytes(b"no music at all")
    with pytest.raises(SettingsError, match=r"show\.yaml:4:42: .*cannot be read as sound"):
        musical.make()
    assert "cannot be read as sound" in faults(musical)
    assert not (musical.root / "output/.store/records/synthesis").exists()


def test_without_ffmpeg_the_message_names_it(
    musical: LittleShow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (musical.root / "scripts/b.flac").write_bytes(b"\0\0\0\x18ftypM4A ")
    assert "cannot be read as sound (install ffmpeg, or convert it to WAV)" in faults(musical)


def test_a_format_that_only_pydub_opens_is_converted_once(
    musical: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    (musical.root / "scripts/b.flac").write_bytes(b"foreign")
    tone = Sound(np.sin(np.arange(50_000) / 20).astype(np.float32), 22050)
    monkeypatch.setattr(audio, "_read_foreign", lambda path, longest_s: tone)
    assert musical.make().made
    monkeypatch.undo()
    assert faults(musical)  # it is still not readable here …
    record = next((musical.root / "output/.store/records/assembly").rglob("*.json")).read_text()
    assert '"bed":{"sha256"' in record  # … but every worker could read what was kept


@pytest.mark.parametrize(("seconds", "says"), [(0.0, "is empty"), (301.0, "is too long (5 minutes")])
def test_music_of_no_length_or_of_hours_is_refused(musical: LittleShow, seconds: float, says: str) -> None:
    put(musical, "a.wav", seconds)
    assert f"the intro, scripts/a.wav, {says}" in faults(musical)


def test_a_huge_file_is_refused_unread(musical: LittleShow) -> None:
    os.truncate(musical.root / "scripts/b.flac", 64_000_001)
    assert "the bed, scripts/b.flac, is over 64 MB" in faults(musical)


def test_the_shipped_jingle_is_what_its_script_plays(tmp_path: Path) -> None:
    shutil.copyfile(REPOSITORY / "scripts/assets/jingle.py", tmp_path / "jingle.py")
    subprocess.run([sys.executable, tmp_path / "jingle.py"], check=True)
    for name, longest_s in (("intro", 5), ("sting", 1), ("outro", 5)):
        shipped, rate_hz = soundfile.read(REPOSITORY / f"scripts/assets/{name}.flac")
        played = soundfile.read(tmp_path / f"{name}.flac")[0]
        assert len(shipped) < longest_s * rate_hz
        assert np.abs(shipped - played).max() <= 2 / 32768
        assert np.abs(shipped[[0, -1]]).max() < 0.001
    sizes = [path.stat().st_size for path in (REPOSITORY / "scripts/assets").glob("*.flac")]
    assert sum(sizes) < 200_000


def test_music_is_kept_as_long_as_an_episode_has_it(musical: LittleShow) -> None:
    musical.make()
    age(musical)
    doomed = prune(musical.root, store_of(musical), apply=True)
    assert (doomed.records, doomed.blobs) == ((), ())
    before = files(musical)
    shutil.rmtree(musical.root / "output/episodes")
    assert musical.make().lines_spoken == 0
    assert files(musical) == before


def test_music_that_is_in_no_episode_any_more_is_pruned_with_what_had_it(musical: LittleShow) -> None:
    musical.make()
    musical.edit("show.yaml", MUSIC, "")
    musical.make()
    age(musical)
    doomed = prune(musical.root, store_of(musical), apply=True)
    pieces = {sha256_of(musical.root / "scripts" / name) for name in ("a.wav", "b.flac")}
    assert pieces <= {Path(name).stem for name in doomed.blobs}
    assert len(doomed.records) == 2  # the assembly and the tagging of before
    assert verify(store_of(musical), read_data=True).damaged == ()
    assert musical.make().reused


def test_music_that_no_episode_has_yet_costs_no_line(musical: LittleShow) -> None:
    musical.edit("show.yaml", MUSIC, "")
    musical.make()
    musical.write("show.yaml", (musical.root / "show.yaml").read_text() + MUSIC)
    age(musical)
    prune(musical.root, store_of(musical), apply=True)
    report = musical.make()
    assert (len(report.made), report.lines_spoken) == (1, 0)
