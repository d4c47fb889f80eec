"""The library of eSpeak NG: found in the package or the system, and only loaded where a line is spoken."""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipeline.errors import ExtraMissing, PluginError, SynthesisError
from pipeline.synthesis import libespeak
from pipeline.synthesis.engines.espeak import ENGINE, EspeakOptions

from .conftest import Say
from .test_espeak import LINE, spoken

pytestmark = pytest.mark.skipif(find_spec("espeakng_loader") is None, reason="needs the extra espeak")


def test_data_at_the_end_of_a_long_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = spoken(LINE, tmp_path / "a.wav")
    folder = tmp_path / ("x" * 100) / ("y" * 100)
    folder.mkdir(parents=True)
    import espeakng_loader

    monkeypatch.delitem(sys.modules, "espeakng_loader")
    (folder / "espeakng_loader").symlink_to(Path(espeakng_loader.__file__).parent)
    monkeypatch.syspath_prepend(folder)
    assert spoken(LINE, tmp_path / "a.wav") == here


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_library_stays_out_of_this_process(tmp_path: Path) -> None:
    ENGINE.check(EspeakOptions())
    spoken(LINE, tmp_path / "a.wav")
    assert "libespeak" not in Path("/proc/self/maps").read_text()


def test_without_any_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, say: Say) -> None:
    monkeypatch.setattr(libespeak, "installed_version", lambda name: "")
    monkeypatch.setattr(libespeak, "_FOLDERS", ())
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    with pytest.raises(ExtraMissing, match=r"espeak needs eSpeak NG \(paperledge setup espeak") as caught:
        ENGINE.check(EspeakOptions())
    assert caught.value.extra == "espeak"
    with pytest.raises(SynthesisError, match="cannot be spoken: the engine espeak needs eSpeak NG"):
        say("espeak", LINE)


def test_library_of_the_system_is_spoken_with_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import espeakng_loader

    with_package = spoken(LINE, tmp_path / "a.wav")
    (tmp_path / "libespeak-ng.so.1.1.51").symlink_to(espeakng_loader.get_library_path())
    (tmp_path / "libespeak-ng.so.1").symlink_to("libespeak-ng.so.1.1.51")
    monkeypatch.setattr(libespeak, "installed_version", lambda name: "")
    monkeypatch.setattr(libespeak, "_FOLDERS", (str(tmp_path),))
    monkeypatch.setenv("ESPEAK_DATA_PATH", str(Path(espeakng_loader.get_data_path()).parent))
    assert ENGINE.identity(EspeakOptions()) == "espeak.1 libespeak-ng.so"
    assert spoken(LINE, tmp_path / "a.wav") == with_package


def test_a_library_without_its_data_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("os.chdir", lambda path: None)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PluginError, match=r"does not find its data \(install espeakng-loader .* anew\)"):
        spoken(LINE, tmp_path / "a.wav")
