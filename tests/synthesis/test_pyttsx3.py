"""The system's voices, with the eSpeak NG of the package espeakng-loader."""

import hashlib
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pipeline.errors import ExtraMissing, SettingsError, SynthesisError
from pipeline.plugins import installed_version
from pipeline.synthesis import isolation, libespeak, takes
from pipeline.synthesis.engines import pyttsx3 as module
from pipeline.synthesis.engines.pyttsx3 import ENGINE, Pyttsx3Options

from .conftest import FolderDesk, Say, write_wav

LINE = "They showed that a simplified transformer can act as a near-optimal learner."
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="eSpeak is what pyttsx3 speaks with on Linux")


def spoken(text: str, path: Path, options: Pyttsx3Options | None = None) -> bytes:
    isolation.speak(ENGINE, text, options or Pyttsx3Options(), path)
    return path.read_bytes()


def peak(path: Path) -> int:
    return int(takes._read(path)[0].max())


def seconds(path: Path) -> float:
    samples, rate_hz = takes._read(path)
    return len(samples) / rate_hz


def without_package(name: str) -> str:
    return "" if name == "espeakng-loader" else installed_version(name)


@on_linux
def test_line_is_spoken_at_the_first_attempt_and_prints_nothing(
    say: Say, desk: FolderDesk, capfd: pytest.CaptureFixture[str]
) -> None:
    assert say("pyttsx3", LINE).rate_hz == 22_050
    assert desk.count == 1
    assert list(desk.folder.iterdir()) == list(desk.kept.values())
    assert capfd.readouterr() == ("", "")


@on_linux
def test_bytes_are_the_same_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = Pyttsx3Options(voice="en-us", words_per_minute=300, volume_percent=50)
    digests = {hashlib.sha256(spoken(LINE, tmp_path / "a.wav", options)).hexdigest() for _ in range(20)}
    monkeypatch.setattr(isolation, "_CAN_FORK", False)
    digests.add(hashlib.sha256(spoken(LINE, tmp_path / "a.wav", options)).hexdigest())
    assert len(digests) == 1


@on_linux
@pytest.mark.parametrize("words_per_minute", [80, 175, 300, 400])
def test_rate_is_followed(words_per_minute: int, tmp_path: Path) -> None:
    options = Pyttsx3Options(words_per_minute=words_per_minute)
    spoken(LINE, tmp_path / "usual.wav")
    spoken(LINE, tmp_path / "a.wav", options)
    assert takes.fault(tmp_path / "a.wav", LINE, words_per_minute) is None
    expected = seconds(tmp_path / "usual.wav") * 175 / words_per_minute
    assert seconds(tmp_path / "a.wav") == pytest.approx(expected, rel=0.25)


@on_linux
def test_volume_is_followed(tmp_path: Path) -> None:
    spoken(LINE, tmp_path / "loud.wav")
    spoken(LINE, tmp_path / "soft.wav", Pyttsx3Options(volume_percent=50))
    assert peak(tmp_path / "soft.wav") == pytest.approx(peak(tmp_path / "loud.wav") / 2, rel=0.1)


@on_linux
def test_voice_is_found_by_id_name_short_id_and_language(tmp_path: Path) -> None:
    names = ("gmw/en-us", "English (America)", "EN-US")
    american = {spoken(LINE, tmp_path / "a.wav", Pyttsx3Options(voice=name)) for name in names}
    assert len(american) == 1
    british = {spoken(LINE, tmp_path / "a.wav", Pyttsx3Options(voice=name)) for name in ("en", "en-gb")}
    assert len(british) == 1
    assert american != british


@on_linux
def test_unknown_voice_is_an_error_not_another_voice(say: Say) -> None:
    with pytest.raises(SettingsError, match=r"no voice 'en-uz' \(did you mean 'en-us'\? known: .*, de, "):
        ENGINE.check(Pyttsx3Options(voice="en-uz"))
    with pytest.raises(SynthesisError, match="cannot be spoken: this computer has no voice 'en-uz'"):
        say("pyttsx3", LINE, voice="en-uz")


@on_linux
def test_voices_have_languages_and_licences() -> None:
    voices = {voice.id: voice for voice in isolation.list_voices(ENGINE)}
    assert len(voices) > 50
    assert (voices["gmw/en-us"].language, voices["gmw/en-us"].licence) == ("en-us", "GPL-3.0-or-later")


@on_linux
def test_data_at_the_end_of_a_long_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = spoken(LINE, tmp_path / "a.wav")
    folder = tmp_path / ("x" * 100) / ("y" * 100)
    folder.mkdir(parents=True)
    import espeakng_loader

    monkeypatch.delitem(sys.modules, "espeakng_loader")
    (folder / "espeakng_loader").symlink_to(Path(espeakng_loader.__file__).parent)
    monkeypatch.syspath_prepend(folder)
    assert spoken(LINE, tmp_path / "a.wav") == here


@on_linux
def test_library_stays_out_of_this_process(tmp_path: Path) -> None:
    spoken(LINE, tmp_path / "a.wav")
    isolation.list_voices(ENGINE)
    assert "libespeak" not in Path("/proc/self/maps").read_text()


@on_linux
def test_without_any_espeak_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, say: Say) -> None:
    monkeypatch.setattr(libespeak, "installed_version", without_package)
    monkeypatch.setattr(libespeak, "_FOLDERS", ())
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    with pytest.raises(ExtraMissing, match=r"needs eSpeak NG \(paperledge setup espeak") as caught:
        ENGINE.check(Pyttsx3Options())
    assert caught.value.extra == "espeak"
    with pytest.raises(SynthesisError, match="cannot be spoken: the engine pyttsx3 needs eSpeak NG"):
        say("pyttsx3", LINE)


@on_linux
@pytest.mark.parametrize("place", ["system", "LD_LIBRARY_PATH"])
def test_espeak_of_the_system_is_found(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "libespeak-ng.so.1.1.51").touch()
    (tmp_path / "libespeak-ng.so.1").symlink_to("libespeak-ng.so.1.1.51")
    with_package = ENGINE.identity(Pyttsx3Options())
    monkeypatch.setattr(libespeak, "installed_version", without_package)
    monkeypatch.setattr(libespeak, "_FOLDERS", (str(tmp_path),) if place == "system" else ())
    monkeypatch.setenv("LD_LIBRARY_PATH", "" if place == "system" else str(tmp_path))
    ENGINE.check(Pyttsx3Options())
    assert ENGINE.identity(Pyttsx3Options()).endswith(" libespeak-ng.so.1.1.51")
    assert "espeakng-loader 0" in with_package


@pytest.mark.parametrize("form", ["stereo WAV", "8-bit WAV", "AIFF"])
def test_other_formats_become_16_bit_mono(form: str, tmp_path: Path) -> None:
    raw, path = tmp_path / "a.system", tmp_path / "a.wav"
    ramp = np.arange(-1000, 1000, dtype="int16") * 30
    if form == "stereo WAV":
        write_wav(raw, np.column_stack([ramp, ramp]).astype("<i2").tobytes(), 44_100, channels=2)
    elif form == "8-bit WAV":
        write_wav(raw, ((ramp >> 8) + 128).astype("u1").tobytes(), 44_100, width=1)
    else:
        soundfile.write(raw, ramp, 44_100, format="AIFF", subtype="PCM_16")
    module._make_mono(raw, path)
    with wave.open(str(path)) as file:
        assert file.getparams()[:4] == (1, 2, 44_100, 2000)
        samples = np.frombuffer(file.readframes(2000), "<i2")
    assert np.abs(samples.astype(int) - ramp).max() < 256
    assert not raw.exists()


def test_mono_wav_is_taken_as_it_is(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.system", b"\1\0\2\0")
    content = (tmp_path / "a.system").read_bytes()
    module._make_mono(tmp_path / "a.system", tmp_path / "a.wav")
    assert (tmp_path / "a.wav").read_bytes() == content
