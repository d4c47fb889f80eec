"""Kokoro: whole takes, styles as files, and nothing under the GPL loaded; see test_contract.py as well."""

import hashlib
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pipeline import synthesis
from pipeline.errors import ExtraMissing, PluginError, SettingsError
from pipeline.model import Phonemes, SpeechRequest
from pipeline.synthesis import neural, takes
from pipeline.synthesis.engine import takes_phonemes, voice_files
from pipeline.synthesis.engines import kokoro
from pipeline.synthesis.engines.kokoro import ENGINE, KokoroOptions, blended
from pipeline.synthesis.voices import choose_voice

from .conftest import FolderDesk

REPOSITORY = Path(__file__).parent.parent.parent
STYLE = REPOSITORY / "voices" / "styles" / "ernis.bin"
LINE = "They asked what a model really learns, and the answer was a surprise."

needs_model = pytest.mark.skipif(not kokoro._is_installed(), reason="needs the extra neural")


def speak(text: str, path: Path, options: KokoroOptions | None = None, **more: tuple[Phonemes, ...]) -> bytes:
    ENGINE.speak(text, options or KokoroOptions(), path, files=(STYLE,), **more)
    return path.read_bytes()


@needs_model
def test_every_line_is_a_good_take(desk: FolderDesk, tmp_path: Path) -> None:
    copy = tmp_path / "ernis.bin"
    copy.write_bytes(STYLE.read_bytes())
    request = SpeechRequest(
        text=LINE,
        engine="kokoro",
        identity=ENGINE.identity(KokoroOptions()),
        options={},
        files=(desk.keep(copy),),
    )
    clip = synthesis.speak(request, desk)
    assert clip.rate_hz == neural.RATE_HZ
    assert desk.count == 1  # at the first attempt


@needs_model
def test_pace_phonemes_and_length_are_heard(tmp_path: Path) -> None:
    plain = speak(LINE, tmp_path / "a.wav")
    assert len(speak(LINE, tmp_path / "b.wav", KokoroOptions(words_per_minute=270))) < 0.8 * len(plain)
    spans = (Phonemes(start=0, end=4, ipa="ˈsɛʃiə"),)
    assert speak(LINE, tmp_path / "c.wav", phonemes=spans) != plain
    long = speak(" ".join([LINE] * 8), tmp_path / "d.wav")
    assert 7 * len(plain) < len(long) < 9 * len(plain)
    assert takes.fault(tmp_path / "d.wav", " ".join([LINE] * 8)) is None


@needs_model
def test_nothing_under_the_gpl_is_loaded() -> None:
    code = (
        "import sys, tempfile; from tests.synthesis.test_kokoro import *\n"
        "speak(LINE, Path(tempfile.mkdtemp(), 'a.wav'))\n"
        "names = {name.split('.')[0] for name in sys.modules}\n"
        "assert not names & {'phonemizer', 'espeakng_loader', 'piper', 'misaki', 'spacy'}, names\n"
        "maps = Path('/proc/self/maps')\n"
        "assert not maps.exists() or 'espeak' not in maps.read_text()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPOSITORY)


@needs_model
def test_another_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neural, "MODEL_SHA256", hashlib.sha256(b"another").hexdigest())
    with pytest.raises(PluginError, match="not the one that is known"):
        neural._model()


def test_a_blend_is_kept_in_percent_of_the_whole() -> None:
    options = msgspec.convert({"blend": {"am_b": 0.4, "af_a": 0.6}}, KokoroOptions)
    assert msgspec.to_builtins(options)["blend"] == {"af_a": 60, "am_b": 40}
    assert msgspec.convert({"blend": {"af_a": 3, "am_b": 1}}, KokoroOptions).parts() == {
        "af_a": 75,
        "am_b": 25,
    }
    assert voice_files(ENGINE, options) == ("styles/af_a.bin", "styles/am_b.bin")
    assert "af_a 60 % and am_b 40 %" in ENGINE.describe(options).name
    assert takes_phonemes(ENGINE, options)


@pytest.mark.parametrize(
    "parts",
    [{"a": 1, "b": 1, "c": 1}, {"a": 85, "b": 81, "c": 55, "d": 8, "e": 95}, {"a": 0.015, "b": 0.985}],
)
def test_parts_add_up_and_stay_what_they_are(parts: dict[str, float]) -> None:
    options = msgspec.convert({"blend": parts}, KokoroOptions)
    assert sum(options.parts().values()) == 100
    assert msgspec.convert(msgspec.to_builtins(options), KokoroOptions) == options


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("blend", ["{af_a: 0.6, am_b: 0.4}", "{af_a: 3, am_b: 2}"])
def test_a_profile_may_blend_styles(tmp_path: Path, blend: str) -> None:
    folder = profile(
        tmp_path / "voices", f"engine: kokoro\noptions:\n  blend: {blend}\n  words_per_minute: 160\n"
    )
    (folder / "styles").mkdir()
    for name in ("af_a", "am_b"):
        (folder / "styles" / f"{name}.bin").write_bytes(name.encode())
    voice = choose_voice("voice", folder)
    assert voice.options["blend"] == {"af_a": 60, "am_b": 40}
    assert list(voice.files) == ["styles/af_a.bin", "styles/am_b.bin"]


@pytest.mark.parametrize(
    "options",
    [
        {"style": "own", "blend": {"af_a": 1}},
        {"blend": {"af_a": 1000, "am_b": 1}},
        {"blend": {"af_a": float("inf")}},
        {"blend": {"": 1}},
        {"style": "ernis\n"},
        {"blend": {"af_a": 0}},
        {"style": "../../etc/passwd"},
        {"blend": {"/etc/passwd": 1}},
        {"pitch_percent": 90},
    ],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(options, KokoroOptions)


def test_styles_are_added_by_their_parts(tmp_path: Path) -> None:
    shape = neural.STYLE_SHAPE
    for name, value in (("a", 1.0), ("b", 3.0)):
        (tmp_path / name).write_bytes(np.full(shape, value, dtype="<f4").tobytes())
    assert np.allclose(blended((tmp_path / "a", tmp_path / "b"), (25, 75)), 2.5)
    (tmp_path / "c").write_bytes(b"short")
    with pytest.raises(PluginError, match="5 bytes"):
        blended((tmp_path / "c",), (100,))


def profile(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "voice.yaml").write_text(text)
    return folder


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro, "_is_installed", lambda: True)


@pytest.mark.usefixtures("installed")
def test_the_styles_of_a_voice_are_in_its_key(tmp_path: Path) -> None:
    folder = profile(tmp_path / "voices", "engine: kokoro\noptions: {style: own}\n")
    with pytest.raises(SettingsError, match=r"styles/own\.bin"):
        choose_voice("voice", folder)
    (folder / "styles").mkdir()
    (folder / "styles" / "own.bin").write_bytes(b"one")
    before = choose_voice("voice", folder)
    (folder / "styles" / "own.bin").write_bytes(b"two")
    assert list(before.files) == ["styles/own.bin"]
    assert choose_voice("voice", folder).files != before.files


def test_without_its_packages_the_extra_is_named_and_no_other_voice_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kokoro, "_is_installed", lambda: False)
    folder = profile(tmp_path / "voices", "engine: kokoro\nfallback: other\n")
    (folder / "other.yaml").write_text("engine: tone\n")
    with pytest.raises(ExtraMissing) as caught:
        choose_voice("voice", folder)
    assert caught.value.extra == "neural"


def test_the_shipped_voice_has_its_style_and_its_notice() -> None:
    assert STYLE.stat().st_size == neural.STYLE_BYTES
    style = blended((STYLE,), (100,))
    assert np.isfinite(style).all()
    assert 0.01 < float(np.abs(style).mean()) < 1
    assert "Apache-2.0" in (STYLE.parent / "NOTICE").read_text(encoding="utf-8")


def test_the_model_is_found_without_importing_it() -> None:
    code = "import pipeline.synthesis.engines.kokoro as k, sys; k._is_installed(); print('onnxruntime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
    assert find_spec("numpy") is not None
