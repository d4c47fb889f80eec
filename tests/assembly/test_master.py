import re
import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pipeline import assembly, loudness
from pipeline.assembly import infoframe
from pipeline.audio import Samples
from pipeline.errors import AssemblyError
from pipeline.model import Master, Piece

from .sounds import Folder, request, sine, speech, starts_of


def two_clips(folder: Folder, clip: Samples, rate_hz: int = 22050) -> tuple[Piece, Piece]:
    blob = folder.clip(clip, rate_hz)
    return Piece(audio=blob, pause_after_ms=400), Piece(audio=blob, pause_after_ms=0)


def decoded(master: Master, folder: Folder) -> Samples:
    samples: Samples = soundfile.read(folder.path(master.mp3), dtype="float32")[0]
    return samples


CLIPS = {
    "quiet": speech(5.0, level=0.01),
    "loud": speech(5.0, level=1.0),
    "clipped": np.clip(speech(5.0, level=3.0), -1, 1),
    "offset": speech(5.0, level=0.4) + np.float32(0.2),
}


@pytest.mark.parametrize("target_lufs", [-23, -19, -16])
@pytest.mark.parametrize("kind", CLIPS)
def test_the_delivered_file_is_as_loud_as_promised(kind: str, target_lufs: int, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    order = request(*two_clips(folder, CLIPS[kind]), target_mlufs=target_lufs * 1000)
    master = assembly.master(order, folder)
    heard = loudness.measure(folder.path(master.mp3))
    assert heard.integrated_lufs == pytest.approx(target_lufs, abs=0.1)
    assert heard.true_peak_dbtp <= -1.0
    assert master.loudness.integrated_mlufs == round(1000 * heard.integrated_lufs)
    assert 0 <= master.loudness.true_peak_mdbtp - 1000 * heard.true_peak_dbtp <= 1


CHOICES: dict[str, dict[str, int | None]] = {
    "128": {},
    "64 in stereo": {"bitrate_kbps": 64, "channels": 2},
    "V0": {"bitrate_kbps": None, "vbr_quality": 0},
    "V4": {"bitrate_kbps": None, "vbr_quality": 4},
    "V9": {"bitrate_kbps": None, "vbr_quality": 9},
    "V4 in stereo": {"bitrate_kbps": None, "vbr_quality": 4, "channels": 2},
}


@pytest.mark.parametrize("quality", [2, 7])
@pytest.mark.parametrize(("target", "ceiling"), [(-16, -1), (-24, -2)])
@pytest.mark.parametrize("choice", CHOICES)
def test_every_encoding_is_as_loud_as_promised(
    choice: str, target: int, ceiling: int, quality: int, tmp_path: Path
) -> None:
    folder = Folder(tmp_path)
    levels = {"target_mlufs": target * 1000, "ceiling_mdbtp": ceiling * 1000, "lame_quality": quality}
    order = request(*two_clips(folder, speech(5.0, level=0.3)), **levels, **CHOICES[choice])
    master = assembly.master(order, folder)
    heard = loudness.measure(folder.path(master.mp3))
    assert heard.integrated_lufs == pytest.approx(target, abs=0.1)
    assert heard.true_peak_dbtp <= ceiling
    assert soundfile.info(folder.path(master.mp3)).channels == order.channels
    assert len(decoded(master, folder)) == master.samples


@pytest.mark.parametrize("choice", CHOICES)
def test_half_a_second_is_an_episode(choice: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    piece = Piece(audio=folder.clip(sine(300, -9, 0.5, 22050), 22050), pause_after_ms=0)
    master = assembly.master(request(piece, **CHOICES[choice]), folder)
    assert len(decoded(master, folder)) == master.samples
    heard = loudness.measure(folder.path(master.mp3))
    assert heard.integrated_lufs == pytest.approx(-16, abs=0.1)
    assert heard.true_peak_dbtp <= -1.0


@pytest.mark.parametrize("choice", CHOICES)
def test_ffmpeg_reads_the_same_loudness(choice: str, tmp_path: Path) -> None:
    if not shutil.which("ffmpeg"):
        pytest.skip("no ffmpeg here")
    folder = Folder(tmp_path)
    master = assembly.master(request(*two_clips(folder, speech(5.0)), **CHOICES[choice]), folder)
    meter = ["-af", "ebur128=framelog=verbose", "-f", "null", "-"]
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(folder.path(master.mp3)), *meter]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    (lufs,) = re.findall(r"I:\s+(-[\d.]+) LUFS", said)
    assert float(lufs) == pytest.approx(-16, abs=0.15)  # it prints one digit


@pytest.mark.parametrize(("rate_hz", "kbps"), [(32000, 64), (44100, 96), (48000, 192), (44100, 320)])
def test_samples_and_starts_are_exact_at_every_rate(rate_hz: int, kbps: int, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    pieces = (
        Piece(audio=folder.clip(speech(2.0), 22050), pause_after_ms=400),
        Piece(audio=folder.clip(speech(1.5, 48000, seed=3), 48000), pause_after_ms=300),
        Piece(audio=folder.clip(speech(1.0, 16000, seed=2), 16000), pause_after_ms=750),
    )
    master = assembly.master(request(*pieces, rate_hz=rate_hz, bitrate_kbps=kbps), folder)
    sound = decoded(master, folder)
    assert (master.samples, master.rate_hz) == (len(sound), rate_hz)
    assert len(starts_of(master)) == 3
    edge = rate_hz // 50
    for start in starts_of(master):
        before, after = sound[start - edge : start], sound[start : start + 5 * edge]
        assert np.abs(before).max() < 0.02 < np.abs(after).max()


def test_a_ceiling_that_is_met_too_high_is_corrected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "OVERSHOOT_DB", -0.3)  # so that the first encoding is over it
    folder = Folder(tmp_path)
    master = assembly.master(request(*two_clips(folder, speech(5.0))), folder)
    assert master.loudness.true_peak_mdbtp <= -1000
    assert master.loudness.integrated_mlufs == pytest.approx(-16_000, abs=100)
    assert folder.scratch() == []


def test_a_promise_that_cannot_be_kept_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "WITHIN_LU", -1.0)
    folder = Folder(tmp_path)
    with pytest.raises(AssemblyError, match="encoded 3 times"):
        assembly.master(request(*two_clips(folder, speech(1.0))), folder)
    assert folder.scratch() == []


def test_a_file_of_another_length_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(infoframe, "FRAME_SAMPLES", 1153)  # so that the Info frame counts wrong
    folder = Folder(tmp_path)
    with pytest.raises(AssemblyError, match=r"plays \d+ of \d+ samples"):
        assembly.master(request(*two_clips(folder, speech(1.0))), folder)
    assert folder.scratch() == []


def test_a_sound_of_nothing_but_peaks_stays_under_the_ceiling(tmp_path: Path) -> None:
    clicks = np.zeros(48000, np.float32)
    clicks[::6000] = 0.9
    folder = Folder(tmp_path)
    master = assembly.master(request(*two_clips(folder, clicks, 48000), target_mlufs=-10_000), folder)
    assert master.loudness.integrated_mlufs < -12_000
    assert master.loudness.true_peak_mdbtp <= -1000


def test_the_same_request_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    here, there = Folder(tmp_path / "here"), Folder(tmp_path / "there")
    for folder in (here, there):
        folder.folder.mkdir()
    masters = [assembly.master(request(*two_clips(f, speech(1.0))), f).mp3 for f in (here, here, there)]
    program = (
        "import sys; from pathlib import Path; from pipeline import assembly\n"
        "from tests.assembly.sounds import Folder, request, speech\n"
        "from tests.assembly.test_master import two_clips\n"
        "folder = Folder(Path(sys.argv[1]))\n"
        "print(assembly.master(request(*two_clips(folder, speech(1.0))), folder).mp3.sha256)\n"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program, tmp_path], check=True, capture_output=True, text=True, cwd=Path.cwd()
    )
    assert {master.sha256 for master in masters} == {elsewhere.stdout.strip()}


def test_nothing_is_left_in_the_scratch_folder(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assembly.master(request(*two_clips(folder, speech(1.0))), folder)
    assert folder.scratch() == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate_hz": 22050}, "32000, 44100, 48000"),
        ({"bitrate_kbps": 100}, "64, 80, 96, 112, 128"),
        ({"vbr_quality": 4}, "both constant and variable"),
        ({"bitrate_kbps": None}, "or neither"),
        ({"bitrate_kbps": None, "vbr_quality": 10}, "0 .* to 9"),
        ({"channels": 3}, "1 or 2"),
        ({"lame_quality": 10}, "0 .* to 9"),
        ({"ceiling_mdbtp": 500}, "below 0"),
    ],
)
def test_a_request_that_mp3_cannot_meet_says_what_can(
    changes: dict[str, int | None], message: str, tmp_path: Path
) -> None:
    folder = Folder(tmp_path)
    with pytest.raises(AssemblyError, match=message):
        assembly.master(request(*two_clips(folder, speech(1.0)), **changes), folder)


@pytest.mark.parametrize(
    ("clip", "message"),
    [
        (np.zeros(22050, np.float32), "silent"),
        (np.full(22050, 0.3, np.float32), "silent"),
        (sine(997, -85.0, 3.0, 22050), "silent"),
        (sine(500, -6.0, 0.1, 22050), "ms of sound"),
    ],
)
def test_a_sound_without_loudness_is_an_error(clip: Samples, message: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    piece = Piece(audio=folder.clip(clip, 22050), pause_after_ms=0)
    with pytest.raises(AssemblyError, match=message):
        assembly.master(request(piece), folder)
    assert folder.scratch() == []


def test_no_clips_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(AssemblyError, match="no clips"):
        assembly.master(request(), Folder(tmp_path))


def test_a_negative_pause_is_an_error(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    piece = Piece(audio=folder.clip(speech(1.0), 22050), pause_after_ms=-5000)
    with pytest.raises(AssemblyError, match="pause of -5000 ms"):
        assembly.master(request(piece), folder)


def test_importing_the_stage_brings_nothing_heavy() -> None:
    program = (
        "import sys; import pipeline.assembly\n"
        "print(*{'numpy', 'soundfile', 'soxr', 'lameenc', 'pydub'} & set(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert loaded.stdout.split() == []


@pytest.mark.slow
def test_memory_does_not_grow_with_the_episode(tmp_path: Path) -> None:
    """Three minutes of mix are 35 MB."""
    folder = Folder(tmp_path)
    order = request(*two_clips(folder, speech(5.0)) * 19)
    tracemalloc.start()
    assembly.master(order, folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000
