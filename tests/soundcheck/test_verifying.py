"""`paperledge verify` on finished episodes: what is looked at, how often, and what becomes of what is found."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile

from pipeline.assembly import mix
from pipeline.assembly.encode import encode
from pipeline.audio import Samples, Sound
from pipeline.cli import main
from pipeline.errors import PublishError, SettingsError
from pipeline.publishing import PublishOptions, publish
from pipeline.run import Watcher
from pipeline.soundcheck import examine
from pipeline.store import Store
from pipeline.verifying import finished_slugs, verify_episodes, verify_file

from ..conftest import REPOSITORY, LittleShow
from .episode import SLUG, Made, made


@pytest.fixture
def spoken(show: LittleShow, monkeypatch: pytest.MonkeyPatch) -> LittleShow:
    """A show with two finished episodes, in its folder."""
    show.paper("one", "A finding. It matters to all of us. Nobody knew.", day=1)
    show.paper("two", "Another finding. It matters as well.", title="Another", day=2)
    assert not show.make().failed
    monkeypatch.chdir(show.root)
    return show


def verified(show: LittleShow) -> list[str]:
    """The codes found in all of its episodes."""
    found = verify_episodes(show.root, finished_slugs(show.root), Watcher(), executor="inline")
    return [finding.code for each in found for finding in each.findings]


def test_finished_episodes_give_nothing(spoken: LittleShow) -> None:
    assert verified(spoken) == []


def test_an_unchanged_file_is_not_looked_at_again(
    spoken: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verified(spoken) == []
    monkeypatch.setattr("pipeline.verifying.planned", None)
    assert verified(spoken) == []


def test_a_second_look_imports_no_numpy(spoken: LittleShow) -> None:
    assert main(["verify"]) == 0
    script = "import sys; from pipeline.cli import main; main(['verify']); print('numpy' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=spoken.root
    )
    assert told.stdout == "False\n"


def test_a_changed_file_is_looked_at_again_and_its_digest_is_not_all_that_is_said(
    spoken: LittleShow,
) -> None:
    assert verified(spoken) == []
    raw = spoken.mp3("one").read_bytes()
    spoken.mp3("one").write_bytes(raw[:-3000])
    assert {"SOUN401", "SOUN404"} <= set(verified(spoken))
    spoken.mp3("one").write_bytes(raw)
    assert verified(spoken) == []


def test_what_an_episode_was_made_of_may_be_forgotten(spoken: LittleShow) -> None:
    for path in (spoken.root / "output/.store/records/assembly").rglob("*.json"):
        path.unlink()
    assert verified(spoken) == ["SOUN408"] * 2


def test_a_rule_may_be_off(spoken: LittleShow) -> None:
    for path in (spoken.root / "output/.store/records/assembly").rglob("*.json"):
        path.unlink()
    spoken.edit("show.yaml", "host: Ernis", "host: Ernis\nseverity: {SOUN408: off}")
    assert verified(spoken) == []


def test_the_command_tells_code_and_place(
    spoken: LittleShow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "one-5ab3.mp3"
    raw = spoken.mp3("one").read_bytes()
    elsewhere.write_bytes(raw[:-3000])
    assert main(["verify", "--no-digests", "--json", str(elsewhere)]) == PublishError.exit_code
    found = json.loads(capsys.readouterr().out)
    assert "SOUN401" not in {finding["code"] for finding in found}
    assert {"SOUN404"} <= {finding["code"] for finding in found}
    assert all(finding["where"] == str(elsewhere) for finding in found)
    assert all(finding["at_s"] is not None for finding in found if finding["code"].startswith("SOUN"))


def test_an_episode_may_be_named(spoken: LittleShow, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "one", "papers/two.md"]) == 0
    with pytest.raises(SettingsError, match="did you mean 'one'"):
        verify_episodes(spoken.root, ["onne"], Watcher())
    assert main(["verify", "nothing.mp3"]) == SettingsError.exit_code
    assert "there is no such file" in capsys.readouterr().err


def test_a_file_of_no_episodes_name_needs_to_be_told(spoken: LittleShow, tmp_path: Path) -> None:
    path = tmp_path / "Episode 7.mp3"
    path.write_bytes(spoken.mp3("one").read_bytes())
    with pytest.raises(SettingsError, match="is not named after a finished episode"):
        verify_file(spoken.root, path)
    assert verify_file(spoken.root, path, slug="one").findings == ()
    assert verify_file(spoken.root, path, slug="two").findings


def _losing_one(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Have assembly lose a clip, which no other check of ours would notice."""
    calls = iter(range(1000))
    fade = mix.fade

    def lossy(sound: Sound) -> Sound:
        faded = fade(sound)
        return Sound(np.zeros_like(faded.samples), faded.rate_hz) if next(calls) == number else faded

    monkeypatch.setattr(mix, "fade", lossy)


PUBLISH = PublishOptions(executor="inline")


@pytest.fixture
def published(show: LittleShow, monkeypatch: pytest.MonkeyPatch) -> LittleShow:
    """A show of which listeners have one episode."""
    shutil.copytree(REPOSITORY / "scripts/site", show.root / "scripts/site")
    show.paper("one", "A finding. It matters to all of us. Nobody knew.", day=1)
    monkeypatch.chdir(show.root)
    assert publish(show.root, PUBLISH, Watcher()).episodes == ("one",)
    return show


def test_an_episode_that_is_not_as_it_should_be_is_never_published(
    published: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = published
    show.paper("two", "Another finding. It matters as well. Who would have thought so?", day=2)
    _losing_one(monkeypatch, 1)
    done = publish(show.root, PUBLISH, Watcher())
    assert done.episodes == ("one",)
    assert done.kept_back["two"].startswith("SOUN202, line 2 is silent")
    assert "SOUN202" in {finding.code for finding in done.findings}
    assert "two" not in (show.root / "show.lock.yaml").read_text(encoding="utf-8")
    assert not list((show.root / "output/site").rglob("two*"))


def test_one_that_was_published_is_not_taken_away_but_refused(
    published: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = published
    feed = (show.root / "output/feed.xml").read_bytes()
    show.paper("one", "A finding. It matters to all of us. Nobody knew of it at all.", day=1)
    _losing_one(monkeypatch, 2)
    with pytest.raises(PublishError, match=r"published is not what it should be: SOUN202, line 3"):
        publish(show.root, PUBLISH, Watcher())
    assert (show.root / "output/feed.xml").read_bytes() == feed


def _written(made: Made, path: Path, samples: Samples, rate_hz: int) -> Path:
    """A sound as a WAV, which a soundcheck reads as well as an MP3."""
    soundfile.write(path, samples, rate_hz, subtype="FLOAT")
    return path


@pytest.mark.parametrize(
    ("right", "code"),
    [(lambda left: left, ""), (lambda left: -left, "SOUN115"), (np.zeros_like, "SOUN115")],
    ids=["alike", "opposite", "one silent"],
)
def test_channels(right: object, code: str, tmp_path: Path) -> None:
    assert callable(right)
    stereo = np.column_stack([made().sound, right(made().sound)])
    codes = _codes(_written(made(), tmp_path / "x.wav", stereo, 44_100))
    assert code == "" or code in codes
    assert "SOUN114" in codes or code == "SOUN115"
    assert not codes & {"SOUN201", "SOUN203", "SOUN204"}


def _codes(path: Path) -> set[str]:
    store = Store(made().root / "output/.store")
    clips = [store.path(line.clip) for line in made().plan.lines]
    return {fault.code for fault in examine(path, made().plan, clips).faults}


@pytest.mark.parametrize("rate_hz", [48_000, 32_000, 22_050])
def test_another_rate_is_one_warning_and_no_line_is_missed(rate_hz: int, tmp_path: Path) -> None:
    import soxr

    path = _written(made(), tmp_path / "x.wav", soxr.resample(made().sound, 44_100, rate_hz), rate_hz)
    assert _codes(path) <= {"SOUN102", "SOUN112", "SOUN117"}


def test_what_encoders_add_at_both_ends_is_a_warning(tmp_path: Path) -> None:
    longer = np.concatenate([np.zeros(1105, np.float32), made().sound, np.zeros(700, np.float32)])
    assert _codes(_written(made(), tmp_path / "x.wav", longer, 44_100)) == {"SOUN117"}


@pytest.mark.parametrize("kbps", [64, 96])
def test_encoded_again_at_a_lower_rate_every_line_is_known(kbps: int, tmp_path: Path) -> None:
    path = tmp_path / f"{SLUG}.mp3"
    request = msgspec.structs.replace(made().mastering, bitrate_kbps=kbps)
    encode([made().sound], path, request)
    found = verify_file(made().root, path, digests=False).findings
    assert {finding.code for finding in found} <= {"SOUN407", "SOUN112", "TAGS101"}


def test_a_line_too_fast_for_any_voice() -> None:
    plan = made().plan
    lines = [msgspec.structs.replace(line, shortest_ms=line.shortest_ms * 3) for line in plan.lines]
    store = Store(made().root / "output/.store")
    spoilt = msgspec.structs.replace(plan, lines=tuple(lines))
    faults = examine(made().mp3, spoilt, [store.path(line.clip) for line in plan.lines]).faults
    assert {fault.code for fault in faults} == {"SOUN211"}


def test_a_file_out_of_step_by_half_a_frame_misses_no_line(tmp_path: Path) -> None:
    episode = made("espeak")
    sound = np.concatenate([np.zeros(661, np.float32), episode.sound])
    store = Store(episode.root / "output/.store")
    clips = [store.path(line.clip) for line in episode.plan.lines]
    path = _written(episode, tmp_path / "x.wav", sound, 44_100)
    assert {fault.code for fault in examine(path, episode.plan, clips).faults} == {"SOUN117"}


def test_samples_that_are_no_numbers_are_silence(tmp_path: Path) -> None:
    sound = made().sound.copy()
    sound[50_000:50_100], sound[60_000:60_010] = np.nan, np.float32(3e38)
    assert "SOUN113" in _codes(_written(made(), tmp_path / "x.wav", sound, 44_100))
