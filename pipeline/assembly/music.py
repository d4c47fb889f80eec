"""Music: sound files beside the speech in, the same mix with them in its pauses and under it out.

    lead-in | intro | first section | half the pause | sting | the rest | second section | … | outro | tail
                  bed under it all

How loud a piece of music is follows from two measurements, its own and that of the speech. When it
comes, goes, and steps back for the voice follows from the timeline, never from the signal: so it
is right at once, before a word begins, and the same whatever is said. All curves are polynomials,
which every processor computes alike. Memory does not grow with the music.
"""

from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ..audio import Samples, read_blocks, read_length
from ..errors import AssemblyError, PaperledgeError
from ..lengths import resampled_length, samples_in
from ..loudness import LoudnessMeter
from ..model import Blob, Desk, Music
from .mix import FADE_MS, ITEM_BYTES, Mix, gain_of
from .timeline import LEAD_IN_MS, TAIL_MS, Room, Timeline

__all__ = ["Cue", "Score", "Track", "read_score"]

LONG_PAUSE_MS = 500
"""In pauses as long as this the bed rises; in shorter ones, within a thought, it would pump."""

RISE_MS = 400
"""So long the bed rises after a line, and so long before the next it sinks, if the pause allows."""

RISE = np.float32(10 ** (6 / 20) - 1)
"""What is added to the bed's gain at the height of a pause: 6 dB, heard as movement, not as an entry."""

GATE_MS = 400
"""One gating block of BS.1770-4: a shorter sound is measured as if silence followed it."""

Knots = tuple[tuple[int, float], ...]
"""Samples from where a piece of music begins, ascending, and the level there; smooth in between."""

FLAT: Knots = ((0, 0.0),)


class Cue(Struct, frozen=True):
    """A piece of music in its place."""

    path: Path
    start: int
    """Where it begins in the mix."""
    samples: int
    """How much of it is heard."""
    below_lu: float
    """How far below the speech."""
    fades: Knots
    """From 0, silent, to 1."""
    rises: Knots = FLAT
    """From 0, under speech, to 1, in the middle of a long pause."""

    def gains(self, start: int, count: int) -> Samples:
        """What `count` samples of it from `start` on are multiplied by, beside its level."""
        places = np.arange(start, start + count)
        return _curve(self.fades, places) * (1 + RISE * _curve(self.rises, places))


class Track(NamedTuple):
    """A piece of music that can be read."""

    path: Path
    samples: int
    """At the output rate."""


class Score(Struct, frozen=True):
    """The music of one episode, found and measured in length; where it goes is up to the timeline."""

    music: Music
    rate_hz: int
    intro: Track | None
    outro: Track | None
    sting: Track | None
    bed: Track | None

    def room(self, pieces: int) -> Room:
        """The samples that music takes between so many clips."""
        overlap = samples_in(self.music.intro_overlap_ms, self.rate_hz)
        return {
            0: max(0, self.intro.samples - overlap) if self.intro else 0,
            **(dict.fromkeys(self.music.sections[1:], self.sting.samples) if self.sting else {}),
            pieces: self.outro.samples if self.outro else 0,
        }

    def cues(self, timeline: Timeline) -> list[Cue]:
        """Every piece of music in its place."""
        cues = []
        if self.intro:
            overlap = samples_in(self.music.intro_overlap_ms, self.rate_hz)
            cues.append(self._cue(self.intro, samples_in(LEAD_IN_MS, self.rate_hz), timeline, overlap))
        if self.sting:
            for section in self.music.sections[1:]:
                place = _in_pause(timeline, section, self.sting.samples)
                cues.append(self._cue(self.sting, place, timeline))
        if self.outro:
            place = timeline.total - samples_in(TAIL_MS, self.rate_hz) - self.outro.samples
            cues.append(self._cue(self.outro, place, timeline))
        if self.bed:
            lines = [*self.music.sections[1:], len(timeline.starts)][0]
            after = [cue.start for cue in cues if cue.start >= timeline.ends[lines - 1]]
            until = min([*timeline.starts[lines : lines + 1], *after, timeline.total])
            cues.append(self._bed_cue(self.bed, lines, until, timeline))
        return cues

    def added_to(self, mix: Mix) -> Mix:
        """A mix of speech that has room for it with the music in it; its file is changed in place.

        Raises AssemblyError.
        """
        cues, speech_lufs = self.cues(mix.timeline), mix.reading.integrated_lufs
        loudness = cache(partial(_loudness, mix.rate_hz))  # a sting is heard before every section
        try:
            for cue in cues:
                _add(cue, gain_of(speech_lufs - cue.below_lu - loudness(cue.path, cue.samples)), mix)
        except PaperledgeError as error:
            raise AssemblyError(error.what, where=error.where, hint=error.hint) from error
        return mix.measured_again((cue.start, cue.start + cue.samples) for cue in cues)

    def _cue(self, track: Track, start: int, timeline: Timeline, fade_out: int = 0) -> Cue:
        edge = samples_in(FADE_MS, self.rate_hz)
        samples = min(track.samples, timeline.total - start)
        fades = _faded(samples, edge, max(fade_out, edge))
        return Cue(track.path, start, samples, self.music.below_speech_mlu / 1000, fades)

    def _bed_cue(self, bed: Track, lines: int, until: int, timeline: Timeline) -> Cue:
        """The bed under so many lines, there when the first begins if it can be, gone at `until`."""
        edge = samples_in(FADE_MS, self.rate_hz)
        fade_in = max(edge, samples_in(self.music.bed_fade_in_ms, self.rate_hz))
        start, end = max(0, timeline.starts[0] - fade_in), timeline.ends[lines - 1]
        fade_out = max(edge, min(samples_in(self.music.bed_fade_out_ms, self.rate_hz), until - end))
        samples = min(bed.samples, min(end + fade_out, timeline.total) - start)
        return Cue(
            path=bed.path,
            start=start,
            samples=samples,
            below_lu=self.music.bed_below_speech_mlu / 1000,
            fades=_faded(samples, fade_in, fade_out),
            rises=_risen(timeline, lines, start, self.rate_hz),
        )


def read_score(music: Music, rate_hz: int, desk: Desk) -> Score:
    """Look at the files of an episode's music. Raises AssemblyError for one that cannot be read."""

    def track(blob: Blob | None) -> Track | None:
        if blob is None:
            return None
        path = desk.path(blob)
        length = read_length(path)
        if length is None:
            raise AssemblyError(
                "cannot read this music", where=str(path), hint="make it again, as WAV or FLAC"
            )
        return Track(path, resampled_length(*length, rate_hz))

    return Score(music, rate_hz, track(music.intro), track(music.outro), track(music.sting), track(music.bed))


def _in_pause(timeline: Timeline, section: int, length: int) -> int:
    """Where a sting begins that stands in the middle of the pause before a section."""
    pause = timeline.starts[section] - timeline.ends[section - 1] - length
    return timeline.ends[section - 1] + pause // 2


def _faded(samples: int, fade_in: int, fade_out: int) -> Knots:
    """Up from the beginning and down to the end, each within its half."""
    fade_in, fade_out = (min(fade, samples // 2) for fade in (fade_in, fade_out))
    return ((0, 0.0), (fade_in, 1.0), (samples - fade_out, 1.0), (samples, 0.0))


def _risen(timeline: Timeline, lines: int, start: int, rate_hz: int) -> Knots:
    """Up in every long pause between the first so many lines, and down before the next line."""
    knots = [*FLAT]
    for end, begin in zip(timeline.ends[: lines - 1], timeline.starts[1:lines], strict=True):
        if begin - end >= samples_in(LONG_PAUSE_MS, rate_hz):
            rise = min(samples_in(RISE_MS, rate_hz), (begin - end) // 2)
            levels = ((end, 0.0), (end + rise, 1.0), (begin - rise, 1.0), (begin, 0.0))
            knots += [(place - start, level) for place, level in levels]
    return tuple(knots)


def _curve(knots: Knots, places: NDArray[np.int_]) -> Samples:
    """The level at some places: 3x² - 2x³ from knot to knot."""
    at, levels = zip(*knots, strict=True)
    straight = np.interp(places, at, levels)
    smooth: Samples = (straight * straight * (3 - 2 * straight)).astype(np.float32)
    return smooth


def _blocks(path: Path, samples: int, rate_hz: int) -> Iterator[Samples]:
    """The first so many samples of a piece of music, at its own level, in blocks."""
    for block in read_blocks(path, rate_hz):
        yield block[:samples]
        samples -= len(block)
        if samples <= 0:
            return


def _loudness(rate_hz: int, path: Path, samples: int) -> float:
    """Integrated loudness of the first so many samples of a piece of music, in LUFS."""
    meter = LoudnessMeter(rate_hz)
    for block in _blocks(path, samples, rate_hz):
        meter.add(block)
    meter.add(np.zeros(max(0, samples_in(GATE_MS, rate_hz) - samples), np.float32))
    return meter.integrated_lufs()


def _add(cue: Cue, level: np.float32, mix: Mix) -> None:
    """Add a piece of music to the mix's file."""
    done = 0
    with mix.path.open("r+b") as file:
        for block in _blocks(cue.path, cue.samples, mix.rate_hz):
            place = cue.start + done
            heard = mix.read(place, place + len(block)) + block * (level * cue.gains(done, len(block)))
            file.seek(ITEM_BYTES * place)
            file.write(heard.tobytes())
            done += len(block)
