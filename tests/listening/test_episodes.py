"""Episodes are listened to once, lines at fault are spoken again, and a broken recogniser is said so."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import PaperError, PublishError, SettingsError
from pipeline.listening import CODES, hearing, recogniser
from pipeline.listening.episodes import Listened, advice, listen_to, retake
from pipeline.listening.recogniser import FILES, open_recogniser
from pipeline.run import Options, Watcher
from pipeline.store import Store
from pipeline.synthesis.adding import add
from pipeline.synthesis.lockfile import read_lock
from pipeline.verify.rules import RULES

from ..conftest import LittleShow

INTRO, OUTRO = "Welcome, I am Ernis.", "That was A paper. Goodbye for now."
FIRST, SECOND = "The reflecting is done by a separate model.", "Nobody rebuilt the front door of the cottage."
ALL = f"{INTRO} {FIRST} {SECOND} {OUTRO}"
WITHOUT = ALL.replace(SECOND, "")


class ScriptedEar:
    """Hears what it is told to, one text after the other; the last one ever after."""

    identity = "scripted"

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.heard = 0

    def hear(self, samples: object, beam: int = 1) -> str:
        self.heard += 1
        return self.texts.pop(0) if len(self.texts) > 1 else self.texts[0]


@pytest.fixture(autouse=True)
def one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """The little episode is heard in one piece."""
    monkeypatch.setattr(hearing, "WINDOW_S", 28.0)


@pytest.fixture
def made(show: LittleShow) -> LittleShow:
    show.paper("one", f"{FIRST} {SECOND}")
    show.make()
    return show


def listened(show: LittleShow, ear: ScriptedEar, *papers: str) -> tuple[Listened, ...]:
    return listen_to(show.root, papers, ear, lambda episode: None)


def test_a_clean_episode_has_no_finding(made: LittleShow) -> None:
    (episode,) = listened(made, ScriptedEar(ALL))
    assert episode.findings == ()
    assert not episode.is_at_fault
    assert {line.similarity for line in episode.hearing.lines} == {1.0}


def test_a_missing_line_is_named_with_its_time(made: LittleShow) -> None:
    (episode,) = listened(made, ScriptedEar(WITHOUT))
    (finding,) = episode.findings
    (number,) = episode.lines_at_fault
    assert finding.code == "LIST101"
    assert finding.is_error
    assert SECOND in finding.what
    assert f"output/episodes/one.mp3, line {number} at 0:" in finding.where
    assert finding.at_s is not None
    assert 0 < finding.at_s < episode.duration_s


def test_one_bad_hearing_is_no_fault(made: LittleShow) -> None:
    (episode,) = listened(made, ScriptedEar(WITHOUT, ALL))
    assert episode.findings == ()


def test_the_same_file_is_listened_to_once(made: LittleShow) -> None:
    ear = ScriptedEar(ALL)
    (first,) = listened(made, ear)
    (second,) = listened(made, ear, "one")
    assert (first.reused, second.reused, ear.heard) == (False, True, 1)
    assert first.hearing == second.hearing


def test_an_edited_line_is_listened_to(made: LittleShow) -> None:
    ear = ScriptedEar(ALL)
    listened(made, ear)
    made.edit("papers/one.md", "separate", "very separate")
    made.make()
    (episode,) = listened(made, ear)
    assert not episode.reused


def test_a_retake_speaks_the_line_again_and_nothing_else(made: LittleShow) -> None:
    faulty = listened(made, ScriptedEar(WITHOUT))
    before = takes(made)
    retake(made.root, faulty, Options(executor="inline"), Watcher())
    after = takes(made)
    assert set(after) == set(before)
    (again,) = (path for path in after if after[path] != before[path])
    assert SECOND in again.read_text(encoding="utf-8")
    assert made.mp3("one").is_file()
    assert made.make().lines_spoken == 0


def takes(show: LittleShow) -> dict[Path, int]:
    """Every record of a take, and when it was written."""
    folder = show.root / "output/.store/records/synthesis"
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.json")}


def test_a_retake_that_is_ended_while_it_forgets_leaves_an_episode_to_be_made(
    made: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(store: Store, step: object, key: str) -> None:
        raise KeyboardInterrupt

    faulty = listened(made, ScriptedEar(WITHOUT))
    monkeypatch.setattr(Store, "forget", ended)
    with pytest.raises(KeyboardInterrupt):
        retake(made.root, faulty, Options(executor="inline"), Watcher())
    monkeypatch.undo()
    assert len(made.make().made) == 1


def test_a_voice_that_repeats_itself_is_said_so(made: LittleShow) -> None:
    faulty = listened(made, ScriptedEar(WITHOUT))
    (line,) = advice(made.root, faulty)
    assert "tone always speaks it like this" in line


def test_a_paper_without_an_episode_is_said_so(made: LittleShow) -> None:
    made.paper("two", "Not made.")
    with pytest.raises(PaperError, match=r"two.md: has no finished episode"):
        listened(made, ScriptedEar(ALL), "two")


@pytest.fixture
def command(made: LittleShow, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """`paperledge listen` with an ear that misses a line."""
    ear = ScriptedEar(WITHOUT)
    monkeypatch.chdir(made.root)
    monkeypatch.setattr(recogniser, "open_recogniser", lambda root, threads: ear)
    return lambda *options: main(["listen", *options])


def test_the_command_names_the_line_and_ends_with_its_code(
    command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command() == PublishError.exit_code
    out = capsys.readouterr().out
    assert "LIST101 error" in out
    assert SECOND in out
    assert "5 lines heard: 1 at fault, 0 hardly understood" in out


def test_the_command_says_all_that_was_heard_as_json(
    command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("--json") == PublishError.exit_code
    (episode,) = json.loads(capsys.readouterr().out)
    verdicts = [line["verdict"] for line in episode["hearing"]["lines"]]
    assert sorted(verdicts) == ["missing", *["whole"] * 4]


def test_a_retake_that_mends_nothing_is_said_with_what_to_do(
    command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("--retake") == PublishError.exit_code
    said = capsys.readouterr()
    assert said.err.count("1 line spoken again") == 2
    assert "tone always speaks it like this: reword it" in said.err
    assert said.out.count("LIST101") == 1


def test_a_missing_recogniser_is_said_with_the_command_that_brings_it(
    made: LittleShow, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ctranslate2")
    monkeypatch.chdir(made.root)
    assert main(["--show", str(made.root), "listen"]) == SettingsError.exit_code
    assert "paperledge voices add whisper-tiny.en" in capsys.readouterr().err


def test_the_recogniser_is_added_and_held_to_its_digest(show: LittleShow, tmp_path: Path) -> None:
    pytest.importorskip("ctranslate2")
    source, voices = tmp_path / "source", show.root / "voices"
    source.mkdir()
    for name in FILES:
        (source / name).write_text("{}")
    (added,) = add(["whisper-tiny.en"], voices, str(source), lambda *_: None)
    assert (added.fetched, added.has_profile, added.card.licence) == (3, False, "MIT")
    assert not (voices / "whisper-tiny.en.yaml").exists()
    assert set(read_lock(voices)) == {f"recognisers/whisper-tiny.en/{name}" for name in FILES}
    assert open_recogniser(show.root).identity == open_recogniser(show.root, 2).identity
    (voices / "recognisers/whisper-tiny.en/model.bin").write_text("other")
    with pytest.raises(SettingsError, match=r"model.bin is not the file that voices/lock.yaml has"):
        open_recogniser(show.root)


def test_every_rule_about_speech_is_used() -> None:
    assert set(CODES.values()) == {code for code in RULES if code.startswith("LIST")}
