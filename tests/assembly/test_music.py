"""Music around and under speech, measured on decoded MP3s."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pipeline import assembly
from pipeline.assembly.mix import write_mix
from pipeline.assembly.music import read_score
from pipeline.audio import Samples, Sound, read_blocks, resample
from pipeline.errors import AssemblyError
from pipeline.lengths import resampled_length, samples_in
from pipeline.loudness import measure, measure_blocks
from pipeline.model import Blob, Master, Music, Piece

from .sounds import Folder, sine, speech, starts_of, with_music

RATE_HZ = 44_100
LINES = [(1.5, 350), (2.0, 1200), (1.2, 350), (1.6, 1200), (1.4, 1200)]
"""Seconds and pause: two lines in each of the first two sections, one in the third."""


def tune(seconds: float, rate_hz: int = RATE_HZ, seed: int = 3, level: float = 0.5) -> Samples:
    """Something that sounds all the time, and like itself only in one place."""
    noise = np.random.default_rng(seed).standard_normal(round(seconds * rate_hz))
    soft = np.convolve(noise, np.hanning(64) / 32, "same")
    tune: Samples = (level * soft / np.abs(soft).max()).astype(np.float32)
    return tune


def keep(folder: Folder, samples: Samples, rate_hz: int = RATE_HZ, suffix: str = ".flac") -> Blob:
    path = folder.new(suffix)
    soundfile.write(path, samples, rate_hz)
    return folder.keep(path)


def music(sections: tuple[int, ...] = (0, 2, 4), overlap_ms: int = 0, **blobs: Blob) -> Music:
    return Music(
        sections=sections,
        below_speech_mlu=2_000,
        bed_below_speech_mlu=20_000,
        intro_overlap_ms=overlap_ms,
        bed_fade_in_ms=500,
        bed_fade_out_ms=800,
        intro=blobs.get("intro"),
        outro=blobs.get("outro"),
        sting=blobs.get("sting"),
        bed=blobs.get("bed"),
    )


def pieces(folder: Folder, *, lines: list[tuple[float, int]] = LINES) -> tuple[Piece, ...]:
    return tuple(
        Piece(audio=folder.clip(speech(seconds, seed=n), 22050), pause_after_ms=pause)
        for n, (seconds, pause) in enumerate(lines)
    )


def decoded(master: Master, folder: Folder) -> Samples:
    samples: Samples = soundfile.read(folder.path(master.mp3), dtype="float32")[0]
    return samples


def place_of(wanted: Samples, sound: Samples) -> int:
    """Where a sound is in another, by cross-correlation."""
    size = 1 << (len(sound) + len(wanted)).bit_length()
    product = np.fft.rfft(sound, size) * np.fft.rfft(wanted, size).conj()
    return int(np.fft.irfft(product, size)[: len(sound)].argmax())


def loudness_of(samples: Samples) -> float:
    return measure(Sound(samples, RATE_HZ)).integrated_lufs


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def full(folder: Folder) -> Music:
    """All four, at other rates, in stereo too."""
    stereo = np.stack((tune(0.8, seed=5), tune(0.8, seed=5)), axis=1)
    return music(
        overlap_ms=700,
        intro=keep(folder, tune(4.0, 48_000, seed=4), 48_000),
        sting=keep(folder, stereo, suffix=".wav"),
        outro=keep(folder, tune(3.0, seed=6)),
        bed=keep(folder, tune(30.0, 22_050, seed=7), 22_050, ".ogg"),
    )


@pytest.mark.parametrize("target_lufs", [-23, -16])
def test_the_delivered_file_is_as_loud_as_promised_with_music(
    target_lufs: int, folder: Folder, full: Music
) -> None:
    order = with_music(full, *pieces(folder), target_mlufs=target_lufs * 1000)
    master = assembly.master(order, folder)
    heard = measure(folder.path(master.mp3))
    assert heard.integrated_lufs == pytest.approx(target_lufs, abs=0.1)
    assert heard.true_peak_dbtp <= -1.0
    assert heard.samples == master.samples
    assert folder.scratch() == []


@pytest.mark.parametrize("rate_hz", [32_000, 44_100, 48_000])
def test_every_line_is_where_the_master_says(rate_hz: int, folder: Folder, full: Music) -> None:
    spoken = pieces(folder)
    order = with_music(full, *spoken, rate_hz=rate_hz, bitrate_kbps=192)
    master = assembly.master(order, folder)
    sound = decoded(master, folder)
    plain = write_mix(spoken, rate_hz, folder, folder.new(".f32"))
    lines = zip(plain.timeline.starts, plain.timeline.ends, starts_of(master), strict=True)
    for start, end, place in lines:
        assert abs(place_of(plain.read(start, end), sound) - place) <= 1


def test_music_is_where_it_should_be(folder: Folder, full: Music) -> None:
    spoken = pieces(folder)
    master = assembly.master(with_music(full, *spoken, bitrate_kbps=192), folder)
    sound, starts = decoded(master, folder), starts_of(master)
    plain = write_mix(spoken, RATE_HZ, folder, folder.new(".f32")).timeline
    lengths = [end - start for start, end in zip(plain.starts, plain.ends, strict=True)]
    intro = resample(Sound(tune(4.0, 48_000, seed=4), 48_000), RATE_HZ).samples
    assert abs(place_of(intro, sound) - samples_in(200, RATE_HZ)) <= 1
    assert starts[0] == samples_in(200, RATE_HZ) + len(intro) - samples_in(700, RATE_HZ)
    sting = tune(0.8, seed=5)
    for last, first in ((1, 2), (3, 4)):
        end = starts[last] + lengths[last]
        assert starts[first] - end == samples_in(1200, RATE_HZ) + len(sting)
        found = end + place_of(sting, sound[end : starts[first]])
        assert abs(found - end - samples_in(600, RATE_HZ)) <= 1
    outro = tune(3.0, seed=6)
    place = starts[4] + lengths[4] + samples_in(1200, RATE_HZ)
    assert abs(place_of(outro, sound) - place) <= 1
    assert master.samples == place + len(outro) + samples_in(300, RATE_HZ)


def test_without_overlap_speech_begins_when_the_intro_ends(folder: Folder) -> None:
    blob = keep(folder, tune(2.0))
    master = assembly.master(with_music(music(intro=blob), *pieces(folder)), folder)
    assert starts_of(master)[0] == samples_in(200, RATE_HZ) + 2 * RATE_HZ


def with_and_without(
    order: tuple[Piece, ...], score: Music, folder: Folder
) -> tuple[Samples, Samples, Master]:
    """The music alone, as it is heard in the delivered file, and the speech alone; and the master.

    At a target low enough for the limiter to leave both alone, so that they can be told apart.
    """
    master = assembly.master(with_music(score, *order, bitrate_kbps=320, target_mlufs=-31_000), folder)
    sound = decoded(master, folder)
    room = read_score(score, RATE_HZ, folder).room(len(order))
    plain = write_mix(order, RATE_HZ, folder, folder.new(".f32"), room)
    assert plain.timeline.starts == starts_of(master)
    dry = plain.read(0, plain.timeline.total)
    gain = np.dot(dry, sound) / np.dot(dry, dry)
    return sound - gain * dry, gain * dry, master


def test_the_bed_is_as_far_below_the_speech_as_asked_for(folder: Folder) -> None:
    lines = [(2.5, 350), (2.5, 350), (2.5, 1200), (3.0, 1200)]
    order = pieces(folder, lines=lines)
    score = music(sections=(0, 3), bed=keep(folder, tune(30.0)))
    bed, speaking, master = with_and_without(order, score, folder)
    first, last = starts_of(master)[0] + RATE_HZ, starts_of(master)[2] + RATE_HZ
    assert loudness_of(speaking) - loudness_of(bed[first:last]) == pytest.approx(20.0, abs=0.5)


def test_the_bed_rises_in_long_pauses_and_is_down_before_the_next_line(folder: Folder) -> None:
    order = pieces(folder, lines=[(1.5, 1500), (1.5, 350), (1.5, 1200), (1.0, 0)])
    score = music(sections=(0, 3), bed=keep(folder, tune(30.0)))
    mix = write_mix(order, RATE_HZ, folder, folder.new(".f32"))
    (cue,) = read_score(score, RATE_HZ, folder).cues(mix.timeline)
    gains = cue.gains(0, cue.samples)

    def level(place: int) -> float:
        return float(20 * np.log10(gains[place - cue.start]))

    starts, ends = mix.timeline.starts, mix.timeline.ends
    assert level((ends[0] + starts[1]) // 2) == pytest.approx(6.0, abs=0.01)
    assert level(starts[1]) == level(ends[0]) == 0.0
    assert level((ends[1] + starts[2]) // 2) == 0.0
    assert np.abs(np.diff(gains)).max() < 2 / samples_in(400, RATE_HZ)
    bed, _, _ = with_and_without(order, score, folder)
    up, down = bed[ends[0] + 20_000 : starts[1] - 20_000], bed[starts[1] : ends[1]]
    rise = 20 * np.log10(np.sqrt((up**2).mean() / (down**2).mean()))
    assert rise == pytest.approx(6.0, abs=1.0)


def test_the_bed_is_gone_when_the_next_section_begins(folder: Folder) -> None:
    order = pieces(folder)
    score = music(bed=keep(folder, tune(30.0)))
    bed, _, master = with_and_without(order, score, folder)
    after = bed[starts_of(master)[2] - 2000 :]
    under = bed[starts_of(master)[1] :][: len(after)]
    assert np.sqrt((after**2).mean()) < 0.2 * np.sqrt((under**2).mean())  # what MP3 adds to speech


def test_a_bed_that_is_too_short_fades_by_itself(folder: Folder) -> None:
    score = music(bed=keep(folder, tune(2.0)))
    mix = write_mix(pieces(folder), RATE_HZ, folder, folder.new(".f32"))
    (cue,) = read_score(score, RATE_HZ, folder).cues(mix.timeline)
    assert cue.samples == 2 * RATE_HZ
    assert cue.gains(cue.samples, 1) == 0.0


def test_intro_and_sting_are_two_units_below_the_speech(folder: Folder) -> None:
    order = pieces(folder)
    score = music(intro=keep(folder, tune(4.0, level=0.01)), sting=keep(folder, tune(0.3, level=0.9)))
    mix, speaking, master = with_and_without(order, score, folder)
    lead = samples_in(200, RATE_HZ)
    intro = mix[lead : lead + 4 * RATE_HZ]
    assert loudness_of(speaking) - loudness_of(intro) == pytest.approx(2.0, abs=0.3)
    sting = place_of(tune(0.3, level=0.9), mix[starts_of(master)[0] :]) + starts_of(master)[0]
    alone = np.zeros(samples_in(400, RATE_HZ), np.float32)
    alone[: samples_in(300, RATE_HZ)] = mix[sting : sting + samples_in(300, RATE_HZ)]
    assert loudness_of(speaking) - loudness_of(alone) == pytest.approx(2.0, abs=0.3)


def test_no_edge_of_music_clicks(folder: Folder) -> None:
    """Music cut off at full level, on both sides: no step is steeper than the tone itself."""
    tone = sine(200, -3, 3.0, RATE_HZ, degrees=90)
    short = samples_in(500, RATE_HZ)
    score = music(
        intro=keep(folder, tone),
        sting=keep(folder, tone[:short]),
        outro=keep(folder, tone),
        bed=keep(folder, tone),
    )
    quiet = tuple(
        Piece(audio=folder.clip(sine(300, -12, 1.0, RATE_HZ), RATE_HZ), pause_after_ms=1200) for _ in range(5)
    )
    mix = write_mix(quiet, RATE_HZ, folder, folder.new(".f32"), read_score(score, RATE_HZ, folder).room(5))
    read_score(score, RATE_HZ, folder).added_to(mix)
    after = mix.read(0, mix.timeline.total)
    peak = np.abs(after).max()
    assert np.abs(np.diff(after)).max() < 1.3 * 2 * np.pi * 300 / RATE_HZ * peak
    assert np.abs(after[[0, -1]]).max() == 0.0


def test_the_speech_is_the_same_with_music_beside_it(folder: Folder) -> None:
    order, blob = pieces(folder), keep(folder, tune(2.0))
    score = read_score(music(intro=blob, sting=blob), RATE_HZ, folder)
    plain = write_mix(order, RATE_HZ, folder, folder.new(".f32"))
    mix = write_mix(order, RATE_HZ, folder, folder.new(".f32"), score.room(5))
    score.added_to(mix)
    for number, start in enumerate(plain.timeline.starts):
        length = plain.timeline.ends[number] - start
        there = mix.timeline.starts[number]
        assert np.array_equal(mix.read(there, there + length), plain.read(start, start + length))


def test_a_mix_is_measured_again_only_where_music_came(folder: Folder, full: Music) -> None:
    order, score = pieces(folder), read_score(full, RATE_HZ, folder)
    mix = score.added_to(write_mix(order, RATE_HZ, folder, folder.new(".f32"), score.room(5)))
    whole = measure_blocks(mix.blocks(), RATE_HZ)
    assert mix.reading.integrated_lufs == pytest.approx(whole.integrated_lufs, abs=1e-6)
    assert mix.true_peak_dbtp >= whole.true_peak_dbtp
    assert mix.reading.samples == whole.samples


def test_an_overlap_longer_than_everything_changes_no_length(folder: Folder) -> None:
    order = pieces(folder, lines=[(1.0, 0)])
    score = music(sections=(0,), overlap_ms=10_000, intro=keep(folder, tune(9.0)))
    master = assembly.master(with_music(score, *order), folder)
    assert starts_of(master) == (samples_in(200, RATE_HZ),)
    assert len(decoded(master, folder)) == master.samples < 2 * RATE_HZ


def test_silent_music_and_numbers_that_are_none_do_no_harm(folder: Folder) -> None:
    broken = tune(1.0)
    broken[100:200] = np.nan
    broken[300] = np.inf
    path = folder.new(".wav")
    soundfile.write(path, broken, RATE_HZ, subtype="FLOAT")
    score = music(intro=folder.keep(path), sting=keep(folder, np.zeros(9000, np.float32)))
    master = assembly.master(with_music(score, *pieces(folder)), folder)
    assert master.loudness.integrated_mlufs == pytest.approx(-16_000, abs=100)


def test_silent_speech_is_an_error_with_music_too(folder: Folder) -> None:
    piece = Piece(audio=folder.clip(np.zeros(22050, np.float32), 22050), pause_after_ms=0)
    with pytest.raises(AssemblyError, match="silent"):
        assembly.master(with_music(music((0,), intro=keep(folder, tune(2.0))), piece), folder)
    assert folder.scratch() == []


def test_music_that_cannot_be_read_is_named(folder: Folder) -> None:
    path = folder.new(".flac")
    path.write_bytes(b"no music")
    blob = folder.keep(path)
    with pytest.raises(AssemblyError, match=blob.sha256):
        assembly.master(with_music(music(intro=blob), *pieces(folder)), folder)


def test_the_same_request_with_music_gives_the_same_bytes(folder: Folder, full: Music) -> None:
    order = with_music(full, *pieces(folder))
    assert assembly.master(order, folder).mp3 == assembly.master(order, folder).mp3


@pytest.mark.parametrize("rate_hz", [22_050, 44_100, 48_000])
def test_a_sound_in_blocks_is_the_sound_resampled(rate_hz: int, folder: Folder) -> None:
    samples = tune(3.3, rate_hz)
    path = folder.path(keep(folder, samples, rate_hz, ".wav"))
    blocks = list(read_blocks(path, RATE_HZ, block=7000))
    whole = resample(Sound(soundfile.read(path, dtype="float32")[0], rate_hz), RATE_HZ).samples
    assert max(map(len, blocks)) < 20_000
    assert len(whole) == resampled_length(len(samples), rate_hz, RATE_HZ)
    assert np.array_equal(np.concatenate(blocks), whole)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_music(folder: Folder) -> None:
    """Five minutes of stereo are 106 MB as float32."""
    long = keep(folder, np.stack((tune(300.0), tune(300.0)), axis=1))
    order = with_music(music(intro=long), *pieces(folder))
    tracemalloc.start()
    assembly.master(order, folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000
