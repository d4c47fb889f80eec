"""Our meter and our encoder, held against other people's: ffmpeg, libebur128, pyloudnorm, mpg123.

Run by `make acceptance`. The programs must be there; the packages pyebur128 and pyloudnorm, which nothing
else needs, are asked only where they are installed.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from pipeline.assembly.encode import encode
from pipeline.audio import Samples, Sound
from pipeline.loudness import measure
from tests.assembly.signals import EBU_3341, EBU_3341_PEAKS, EBU_3342, burst, peak_tone, tones
from tests.assembly.sounds import request as order
from tests.assembly.sounds import speech

pytestmark = pytest.mark.acceptance

EPISODES = sorted(Path(__file__).parents[2].glob("output/episodes/*.mp3"))
"""Those that are made; `make acceptance` makes them first."""

LENGTHS = (
    1, 2, 575, 576, 577, 623, 624, 1151, 1152, 1153,
    1727, 1728, 1729, 2303, 2304, 2305, 11_519, 11_520, 11_521, 66_001,
)  # fmt: skip
"""Around the ends of frames, of half frames, and of what the encoder puts before the sound."""

Heard = tuple[float, float | None]
"""LUFS, and dBTP from a meter that knows it."""


def by_ffmpeg(path: Path) -> Heard:
    said = _said_by("ffmpeg", "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-")
    summary = said[said.rindex("Summary:") :]
    integrated, peak = (re.findall(rf"{name}:\s+(-?[\d.]+) ", summary)[0] for name in ("I", "Peak"))
    return float(integrated), float(peak)


def by_libebur128(path: Path) -> Heard:
    library: Any = _package("pyebur128")
    samples, rate_hz = soundfile.read(path, dtype="float32")
    mode = library.MeasurementMode
    state = library.R128State(1, rate_hz, mode.MODE_I | mode.MODE_TRUE_PEAK)
    state.add_frames(np.ascontiguousarray(samples), len(samples))
    return library.get_loudness_global(state), 20 * float(np.log10(library.get_true_peak(state, 0)))


def by_pyloudnorm(path: Path) -> Heard:
    samples, rate_hz = soundfile.read(path)
    return _package("pyloudnorm").Meter(rate_hz).integrated_loudness(samples), None


def _package(name: str) -> Any:
    pytest.importorskip(name)
    return import_module(name)


def _said_by(tool: str, *words: str) -> str:
    assert shutil.which(tool), f"{tool} is missing: run .ci/tools"
    done = subprocess.run([tool, *words], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


METERS = pytest.mark.parametrize("meter", [by_ffmpeg, by_libebur128, by_pyloudnorm])
ROUNDED = 0.05
"""ffmpeg tells tenths: so much of a difference is its rounding."""
BIASED = 0.05
"""pyloudnorm's filters are not those of the recommendation: it reads 1 kHz 0.04 LU low."""


def agrees(path: Path, meter: Callable[[Path], Heard], lufs_within: float = 0.05) -> None:
    """Within 0.05 LU and 0.1 dB, and what the other meter is off by itself."""
    ours, (integrated, peak) = measure(path), meter(path)
    own = {"by_ffmpeg": ROUNDED, "by_pyloudnorm": BIASED}.get(meter.__name__, 0.0)
    assert ours.integrated_lufs == pytest.approx(integrated, abs=lufs_within + own)
    if peak is not None:
        assert ours.true_peak_dbtp == pytest.approx(peak, abs=0.1 + (ROUNDED if meter is by_ffmpeg else 0))


def wav(samples: Samples, path: Path, rate_hz: int = 48_000) -> Path:
    soundfile.write(path, samples, rate_hz, subtype="FLOAT")
    return path


@METERS
@pytest.mark.parametrize("case", EBU_3341)
def test_meters_agree_on_ebu_tech_3341(case: int, meter: Callable[[Path], Heard], tmp_path: Path) -> None:
    agrees(wav(tones(48_000, *EBU_3341[case][1]), tmp_path / "a.wav"), meter)


@METERS
@pytest.mark.parametrize("case", EBU_3342)
def test_meters_agree_on_ebu_tech_3342(case: int, meter: Callable[[Path], Heard], tmp_path: Path) -> None:
    agrees(wav(tones(48_000, *EBU_3342[case]), tmp_path / "a.wav"), meter)


@pytest.mark.parametrize("meter", [by_ffmpeg, by_libebur128])
@pytest.mark.parametrize("case", [*EBU_3341_PEAKS, 20, 21, 22, 23])
def test_meters_agree_on_the_true_peaks_of_ebu_tech_3341(
    case: int, meter: Callable[[Path], Heard], tmp_path: Path
) -> None:
    sound = burst(case - 20) if case >= 20 else peak_tone(case)
    ours, (_, peak) = measure(Sound(sound, 48_000)), meter(wav(sound, tmp_path / "a.wav"))
    assert ours.true_peak_dbtp == pytest.approx(peak, abs=0.1 + (ROUNDED if meter is by_ffmpeg else 0))


@METERS
def test_meters_agree_on_what_sounds_like_speech(meter: Callable[[Path], Heard], tmp_path: Path) -> None:
    agrees(wav(speech(30.0, 44_100), tmp_path / "a.wav", 44_100), meter)


@METERS
def test_meters_agree_on_real_episodes(meter: Callable[[Path], Heard]) -> None:
    assert EPISODES, "no episodes: run `make` first"
    for path in EPISODES:
        agrees(path, meter)


@pytest.mark.parametrize("decoder", ["libsndfile", "ffmpeg", "mpg123"])
@pytest.mark.parametrize("length", LENGTHS)
def test_every_decoder_gives_the_samples_that_were_planned(length: int, decoder: str, tmp_path: Path) -> None:
    path, raw = tmp_path / "a.mp3", tmp_path / "a.raw"
    encode([speech(2.0, 44_100)[:length]], path, order())
    if decoder == "libsndfile":
        decoded = len(soundfile.read(path)[0])
    elif decoder == "ffmpeg":
        _said_by("ffmpeg", "-v", "error", "-xerror", "-i", str(path), "-f", "s16le", str(raw))
        decoded = raw.stat().st_size // 2
    else:
        _said_by("mpg123", "-q", "-e", "s16", "--no-resync", "-O", str(raw), str(path))
        decoded = raw.stat().st_size // 2
    assert decoded == length
