from pathlib import Path

import numpy as np
import pytest

from pipeline.assembly.mix import FADE_MS, MARGIN_MS, Mix, fade, trim, voice_gains, write_mix
from pipeline.assembly.timeline import LEAD_IN_MS, TAIL_MS
from pipeline.audio import Samples, Sound
from pipeline.errors import AssemblyError
from pipeline.lengths import samples_in
from pipeline.loudness import BLOCK, measure
from pipeline.model import Blob, Piece

from .sounds import Folder, sine, speech


def padded(samples: Samples, seconds: float, rate_hz: int) -> Samples:
    return np.pad(samples, round(seconds * rate_hz))


def joined(folder: Folder, *clips: tuple[Samples, int, int], rate_hz: int = 44100) -> tuple[Mix, Samples]:
    """A mix of (samples, rate, pause), and its samples."""
    pieces = tuple(Piece(audio=folder.clip(clip, rate), pause_after_ms=pause) for clip, rate, pause in clips)
    mix = write_mix(pieces, rate_hz, folder, folder.new(".f32"))
    return mix, mix.read(0, mix.timeline.total)


@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050, 24000, 44100, 48000])
@pytest.mark.parametrize("length", [1, 7, 440, 12345, 30001])
def test_the_file_is_as_long_as_the_timeline(rate_hz: int, length: int, tmp_path: Path) -> None:
    clip = np.full(length, 0.5, np.float32) * np.where(np.arange(length) % 2, -1, 1).astype(np.float32)
    mix, samples = joined(Folder(tmp_path), (clip, rate_hz, 333), (clip, rate_hz, 0))
    assert len(samples) == mix.timeline.total
    assert mix.path.stat().st_size == 4 * mix.timeline.total


def test_pauses_and_the_ends_are_exact_zeros_and_clips_are_not(tmp_path: Path) -> None:
    mix, samples = joined(
        Folder(tmp_path), (speech(1.0), 22050, 400), (sine(300, -6, 1.0, 16000), 16000, 250)
    )
    (first, second), (first_end, second_end) = mix.timeline.starts, mix.timeline.ends
    for start, stop in ((0, first), (first_end, second), (second_end, len(samples))):
        assert stop > start
        assert not samples[start:stop].any()
    assert np.abs(samples[first:first_end]).max() > 0.4
    assert second - first_end == samples_in(400, 44100)


def test_the_engines_silence_is_trimmed_up_to_a_margin() -> None:
    rate_hz = 16000
    hiss = 0.0002 * np.random.default_rng(2).standard_normal(3 * rate_hz).astype(np.float32)
    clip = hiss + padded(sine(400, -6, 1.0, rate_hz), 1.0, rate_hz)
    kept = trim(Sound(clip, rate_hz))[1].samples
    assert abs(len(kept) - rate_hz - 2 * samples_in(MARGIN_MS, rate_hz)) <= 4


def test_a_soft_beginning_is_kept() -> None:
    rate_hz = 16000
    soft, loud = sine(3000, -46, 0.2, rate_hz), sine(300, -3, 0.5, rate_hz)
    kept = trim(Sound(padded(np.concatenate((soft, loud)), 0.5, rate_hz), rate_hz))[1].samples
    assert len(kept) >= len(soft) + len(loud)


def test_a_constant_offset_neither_hides_silence_nor_clicks(tmp_path: Path) -> None:
    rate_hz = 16000
    tone = padded(sine(500, -12, 1.0, rate_hz), 0.5, rate_hz)
    plain, _ = joined(Folder(tmp_path), (tone, rate_hz, 0))
    mix, samples = joined(Folder(tmp_path), (tone + np.float32(0.1), rate_hz, 0))
    assert mix.timeline == plain.timeline
    assert abs(samples[mix.timeline.starts[0] : mix.timeline.ends[0]].mean()) < 0.002


def test_a_silent_clip_takes_no_time_and_its_pause_remains(tmp_path: Path) -> None:
    nothing, tone = np.full(16000, 0.05, np.float32), sine(500, -12, 1.0, 16000)
    mix, _ = joined(Folder(tmp_path), (tone, 16000, 100), (nothing, 16000, 700), (tone, 16000, 0))
    assert mix.timeline.starts[1] == mix.timeline.ends[1]
    assert mix.timeline.starts[2] - mix.timeline.ends[1] == samples_in(700, 44100)


def test_a_joint_does_not_click(tmp_path: Path) -> None:
    """Clips cut off at full level, with no pause: no step is steeper than the tone itself."""
    tone = sine(200, -3, 0.5, 44100, degrees=90)
    mix, samples = joined(Folder(tmp_path), (tone, 44100, 0), (-tone, 44100, 0))
    inside = np.abs(np.diff(tone)).max()
    assert np.abs(np.diff(samples)).max() < 1.2 * inside
    assert samples[mix.timeline.starts[1]] == 0.0
    unfaded = np.concatenate((tone, -tone))
    assert np.abs(np.diff(unfaded)).max() > 10 * inside


@pytest.mark.parametrize("length", [0, 1, 2, 3, 100, 5000])
def test_a_fade_changes_only_the_edges(length: int) -> None:
    faded = fade(Sound(np.ones(length, np.float32), 16000)).samples
    edge = samples_in(FADE_MS, 16000)
    assert len(faded) == length
    assert (faded[edge : length - edge] == 1.0).all()
    assert np.array_equal(faded, faded[::-1])
    if length > 1:
        assert faded[0] == 0.0
    if length > 2 * edge:
        assert (np.diff(faded[:edge]) > 0).all()


@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_what_fills_whole_blocks_is_all_there_and_heard(beyond: int, tmp_path: Path) -> None:
    ends = samples_in(LEAD_IN_MS, 44100) + samples_in(TAIL_MS, 44100)
    tone = sine(997, -20, 7.0, 44100)[: 2 * BLOCK - ends + beyond]
    mix, samples = joined(Folder(tmp_path), (tone, 44100, 0))
    assert mix.timeline.total == len(samples) == 2 * BLOCK + beyond
    assert mix.reading == measure(Sound(samples, 44100))


def test_reading_beyond_either_end_gives_zeros(tmp_path: Path) -> None:
    mix, samples = joined(Folder(tmp_path), (speech(0.5), 22050, 0))
    assert np.array_equal(mix.read(-100, len(samples) + 50), np.pad(samples, (100, 50)))
    assert np.array_equal(mix.read(1000, 1200), samples[1000:1200])
    assert np.array_equal(np.concatenate(list(mix.blocks())), samples)


def test_an_unreadable_clip_is_named(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    path = folder.new(".wav")
    path.write_bytes(b"not a sound")
    blob: Blob = folder.keep(path)
    with pytest.raises(AssemblyError, match=blob.sha256):
        write_mix((Piece(audio=blob, pause_after_ms=0),), 44100, folder, folder.new(".f32"))


@pytest.mark.parametrize("rates_hz", [(22050, 22050), (16000, 24000)])
def test_voices_are_made_equally_loud(rates_hz: tuple[int, int], tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    lines = [(0, 3.0, 0.5), (1, 2.0, 0.03), (0, 2.0, 0.5), (1, 1.0, 0.03)]
    pieces = tuple(
        Piece(
            audio=folder.clip(speech(seconds, rates_hz[voice], level=level), rates_hz[voice]),
            pause_after_ms=500,
            voice=voice,
        )
        for voice, seconds, level in lines
    )
    mix = write_mix(pieces, 44100, folder, folder.new(".f32"))
    loud = [
        measure(Sound(mix.read(start, end), 44100)).integrated_lufs
        for start, end in zip(mix.timeline.starts, mix.timeline.ends, strict=True)
    ]
    assert max(loud) - min(loud) < 0.7, loud
    alone = write_mix(pieces[:1], 44100, folder, folder.new(".f32"))
    (start,), (end,) = alone.timeline.starts, alone.timeline.ends
    assert loud[0] == pytest.approx(measure(Sound(alone.read(start, end), 44100)).integrated_lufs, abs=0.01)


def test_a_voice_of_a_word_or_of_silence_stays_as_it_is(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    sounds = [speech(3.0), speech(0.2), np.zeros(22050, np.float32)]
    pieces = tuple(
        Piece(audio=folder.clip(sound, 22050), pause_after_ms=0, voice=voice)
        for voice, sound in enumerate(sounds)
    )
    assert voice_gains(pieces, folder) == {0: 1, 1: 1, 2: 1}
