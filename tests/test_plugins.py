"""Plugins: ours and other people's are found by name, and a broken one harms nobody."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import plugins
from pipeline.errors import PluginError

from .conftest import REPOSITORY, LittleShow, install_engine

GOOD = "ENGINE = 'a loud engine'\n"
BROKEN = "raise RuntimeError('no such device')\n"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two packages with an engine each, one of them broken; the folder they are in."""
    for package, name, code in (("loud-pack", "loud", GOOD), ("broken_pack", "broken", BROKEN)):
        install_engine(tmp_path, package, name, code)
        monkeypatch.delitem(sys.modules, f"plugin_{name}", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_ours_are_found_by_the_names_of_their_modules() -> None:
    assert {"pico", "piper", "pyttsx3", "tone"} <= set(plugins.names("engines"))
    for name in ("pico", "piper", "pyttsx3", "tone"):
        assert plugins.find("engines", name).name == name


def test_finding_one_of_ours_imports_no_other_and_reads_no_metadata() -> None:
    script = """
import sys
from pipeline import plugins
plugins.find("engines", "tone")
print(*[name for name in sys.modules if name.endswith((".pico", ".pyttsx3", "importlib.metadata"))])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_plugin_of_another_package_is_found(install: Path) -> None:
    assert plugins.find("engines", "loud") == "a loud engine"


@pytest.mark.parametrize("code", [BROKEN, "import no_such_module", "def", "raise SystemExit(1)", "x = 1"])
def test_broken_plugin_is_named_with_its_package(code: str, install: Path) -> None:
    (install / "plugin_broken.py").write_text(code)
    with pytest.raises(
        PluginError, match=r"engine 'broken' of broken_pack cannot be imported: .*\(update or remove"
    ):
        plugins.find("engines", "broken")


def test_broken_plugin_costs_one_warning(install: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = plugins.find_all("engines")
    assert {"loud", "pico", "piper", "pyttsx3", "tone"} <= set(found)
    assert "broken" not in found
    (warning,) = [record.getMessage() for record in caplog.records if "broken" in record.getMessage()]
    assert warning.startswith("the engine 'broken' of broken_pack cannot be imported: RuntimeError: no such")


@pytest.mark.parametrize("is_named", [False, True], ids=["unused", "asked for"])
def test_broken_engine_is_named_once_and_stops_nothing_else(
    is_named: bool, install: Path, show: LittleShow
) -> None:
    show.paper("one")
    show.paper("two")
    show.write("voices/other.yaml", f"engine: {'broken' if is_named else 'tone'}\n")
    show.edit("papers/two.md", "category", "voice: other\ncategory")
    fault = "the engine 'broken' of broken_pack cannot be imported: RuntimeError: no such device"

    voices = paperledge(show, install, "voices")
    assert (voices.returncode, voices.stdout.count("tones")) == (0, 1 if is_named else 2)
    (warning,) = voices.stderr.splitlines()
    assert warning == f"{fault} (update or remove broken_pack)"

    made = paperledge(show, install, "make")
    assert made.returncode == (PluginError.exit_code if is_named else 0)
    assert made.stderr.count(fault) == is_named
    assert "Traceback" not in made.stderr
    assert show.mp3("one").exists()
    assert show.mp3("two").exists() != is_named


@pytest.mark.parametrize("code", ["ENGINE = object()\n", "ENGINE = None\n"])
def test_engine_that_is_none_is_named_by_the_voice_that_asks_for_it(
    code: str, install: Path, show: LittleShow
) -> None:
    install_engine(install, "broken_pack", "broken", code)
    show.paper("one")
    show.write("voices/other.yaml", "engine: broken\n")
    assert paperledge(show, install, "make").returncode == 0
    made = paperledge(show, install, "make", "--voice", "other")
    assert made.returncode == PluginError.exit_code
    assert "other.yaml: the engine 'broken' is broken: AttributeError" in made.stderr


def paperledge(show: LittleShow, packages: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """The command, on a computer where these packages are installed as well."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "--show", str(show.root), *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(packages), str(REPOSITORY)])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_names_are_known_without_importing(install: Path) -> None:
    assert {"broken", "loud"} <= set(plugins.names("engines"))


@pytest.mark.parametrize("name", ["tne", "", "a.b", "..tone", "tone.", "os", "ENGINE"])
def test_unknown_name_is_an_error_with_the_known_ones(name: str) -> None:
    with pytest.raises(PluginError, match=r"there is no engine .*known: .*pico, piper, pyttsx3, tone"):
        plugins.find("engines", name)


def test_group_without_any_plugin_has_no_names() -> None:
    assert plugins.names("publishers_of_nothing") == ()
    with pytest.raises(PluginError, match=r"no executor 'x' \(known: none\)"):
        plugins.find("executors", "x")


def test_version_is_read_from_folder_names(install: Path) -> None:
    assert plugins.installed_version("loud-pack") == plugins.installed_version("Loud.Pack") == "1.2"
    assert plugins.installed_version("msgspec")[0].isdigit()
    assert plugins.installed_version("loud") == ""


def test_version_agrees_with_the_metadata() -> None:
    from importlib.metadata import version

    for name in ("msgspec", "pyttsx3", "PyYAML", "numpy"):
        assert plugins.installed_version(name) == version(name)
