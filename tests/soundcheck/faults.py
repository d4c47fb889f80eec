"""Single faults of a finished episode: a name, the code it has to be found as, and what is done to its file.

    SOUND   done to its samples, which are then encoded and tagged as the episode was
    BYTES   done to the finished file
    BESIDE  done to the captions beside it

`at_s` is where the fault is in the spoilt file, in seconds.
"""

import re
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import soxr

from pipeline.audio import Samples
from pipeline.verify.id3 import Frame, tag_size

from ..verify.sites import retagged
from .episode import Made, made

__all__ = ["BESIDE", "BYTES", "SOUND", "Spoil"]

RATE_HZ = 44_100
LINE = 4
"""The line that is spoilt."""


class Spoil(NamedTuple):
    """A fault."""

    code: str
    at_s: Callable[[Made], float]
    change: Callable[..., Any]
    also: frozenset[str] = frozenset()
    """Errors that follow from it, beside those of length and loudness."""


def _joined(*parts: Samples) -> Samples:
    whole: Samples = np.concatenate(parts)
    return whole


def _silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE_HZ), np.float32)


def _tone(samples: int, level: float, hz: float = 1400) -> Samples:
    tone: Samples = (level * np.sin(2 * np.pi * hz / RATE_HZ * np.arange(samples))).astype(np.float32)
    return tone


def _start(made: Made) -> float:
    return made.span(LINE)[0] / RATE_HZ


def _end(made: Made) -> float:
    return made.span(LINE)[1] / RATE_HZ


def _middle(made: Made) -> float:
    return _loud_place(made) / RATE_HZ


def _beginning(_: Made) -> float:
    return 0.0


def _loud_place(made: Made) -> int:
    """A sample in the middle third of the line, where it is loudest for 200 ms."""
    start, end = made.span(LINE)
    third = (end - start) // 3
    power = np.convolve(made.sound[start + third : end - third] ** 2, np.ones(8820), "valid")
    return start + third + int(power.argmax())


def dropped(sound: Samples) -> Samples:
    (start, _), (following, _) = made().span(LINE), made().span(LINE + 1)
    return _joined(sound[:start], sound[following:])


def doubled(sound: Samples) -> Samples:
    (start, _), (following, _) = made().span(LINE), made().span(LINE + 1)
    return _joined(sound[:following], sound[start:])


def swapped(sound: Samples) -> Samples:
    (start, end), (following, last) = made().span(LINE), made().span(LINE + 1)
    return _joined(sound[:start], sound[following:last], sound[end:following], sound[start:end], sound[last:])


def without(first: float, last: float) -> Callable[[Samples], Samples]:
    """A part of the line, from one share of it to another, cut out."""

    def change(sound: Samples) -> Samples:
        start, end = made().span(LINE)
        length = end - start
        return _joined(sound[: start + int(first * length)], sound[start + int(last * length) :])

    return change


def silenced(first: float, last: float) -> Callable[[Samples], Samples]:
    """The same, with silence in its place."""

    def change(sound: Samples) -> Samples:
        start, end = made().span(LINE)
        length = end - start
        sound[start + int(first * length) : start + int(last * length)] = 0
        return sound

    return change


def replaced(sound: Samples) -> Samples:
    (start, end), (other, until) = made().span(LINE), made().span(6)
    return _joined(sound[:start], sound[other:until], sound[end:])


def in_another_voice(sound: Samples) -> Samples:
    other = made("espeak")
    (start, end), (begin, until) = made().span(LINE), other.span(LINE)
    return _joined(sound[:start], other.sound[begin:until], sound[end:])


def stuttered(sound: Samples) -> Samples:
    start, _ = made().span(LINE)
    return _joined(sound[: start + RATE_HZ // 2], sound[start:])


def three_dropped(sound: Samples) -> Samples:
    (start, _), (following, _) = made().span(LINE), made().span(LINE + 3)
    return _joined(sound[:start], sound[following:])


def begun_in(line: int) -> Callable[[Samples], Samples]:
    def change(sound: Samples) -> Samples:
        start, end = made().span(line)
        return sound[(start + end) // 2 :]

    return change


def without_sting(sound: Samples) -> Samples:
    start, end = made().plan.music[1]
    sound[start:end] = 0
    return sound


def clipped_line(sound: Samples) -> Samples:
    """One line, and quieter than others are afterwards."""
    start, end = made().span(LINE)
    sound[start:end] = 0.5 * np.clip(3 * sound[start:end], -0.7, 0.7)
    return sound


def gap(sound: Samples) -> Samples:
    _, end = made().span(LINE)
    return _joined(sound[:end], _silence(1.2), sound[end:])


def breathless(sound: Samples) -> Samples:
    (_, end), (following, _) = made().span(LINE), made().span(LINE + 1)
    return _joined(sound[:end], sound[following:])


def beep_in_pause(sound: Samples) -> Samples:
    _, end = made().span(LINE)
    sound[end + 2000 : end + 12_000] = _tone(10_000, 0.2)
    return sound


def another_sentence(sound: Samples) -> Samples:
    other = made("espeak")
    (_, end), (begin, until) = made().span(LINE), other.span(7)
    return _joined(sound[: end + 4000], other.sound[begin:until], sound[end + 4000 :])


def click(level: float) -> Callable[[Samples], Samples]:
    def change(sound: Samples) -> Samples:
        sound[_loud_place(made())] += level
        return sound

    return change


def click_at_join(sound: Samples) -> Samples:
    _, end = made().span(LINE)
    sound[end + 100] += 0.1
    return sound


def tick(sound: Samples) -> Samples:
    _, end = made().span(LINE)
    sound[end + 100 : end + 130] = 0.1
    return sound


def drop_out(ms: int) -> Callable[[Samples], Samples]:
    def change(sound: Samples) -> Samples:
        place = _loud_place(made()) + 1000
        sound[place : place + ms * RATE_HZ // 1000] = 0
        return sound

    return change


def cut_out(sound: Samples) -> Samples:
    """A quarter of a second of a line, and the rest of it earlier."""
    place = _loud_place(made())
    return _joined(sound[:place], sound[place + RATE_HZ // 4 :])


def first_dropped(sound: Samples) -> Samples:
    (start, _), (following, _) = made().span(1), made().span(2)
    return _joined(sound[:start], sound[following:])


def torn(sound: Samples) -> Samples:
    place = _loud_place(made())
    return _joined(sound[:place], _silence(1), sound[place:])


def stuttered_within(sound: Samples) -> Samples:
    place = _loud_place(made())
    return _joined(sound[:place], sound[place - RATE_HZ // 4 :])


def louder(gain_db: float) -> Callable[[Samples], Samples]:
    """One line louder."""

    def change(sound: Samples) -> Samples:
        start, end = made().span(LINE)
        sound[start:end] *= np.float32(10 ** (gain_db / 20))
        return sound

    return change


def level_jump(gain_db: float) -> Callable[[Samples], Samples]:
    """The second half of a line louder."""

    def change(sound: Samples) -> Samples:
        start, end = made().span(LINE)
        sound[(start + end) // 2 : end] *= np.float32(10 ** (gain_db / 20))
        return sound

    return change


def clipped(sound: Samples) -> Samples:
    return np.clip(3 * sound, -0.8, 0.8)


def beep_over(level: float, hz: float) -> Callable[[Samples], Samples]:
    def change(sound: Samples) -> Samples:
        place = _loud_place(made())
        sound[place : place + 20_000] += _tone(20_000, level, hz)
        return sound

    return change


def noisy(sound: Samples) -> Samples:
    hiss = np.random.default_rng(7).normal(0, 0.003, len(sound))
    return sound + hiss.astype(np.float32)


def hum(sound: Samples) -> Samples:
    return sound + _tone(len(sound), 0.02, 150)


def dull(sound: Samples) -> Samples:
    """As over a telephone."""
    dulled: Samples = soxr.resample(soxr.resample(sound, RATE_HZ, 8000), 8000, RATE_HZ)
    return dulled


def at_rate(rate_hz: int) -> Callable[[Samples], Samples]:
    """As if the samples had been those of another rate."""
    return lambda sound: soxr.resample(sound, rate_hz, RATE_HZ)


LENGTH = frozenset({"SOUN101"})
SOUND: dict[str, Spoil] = {
    "a line dropped": Spoil("SOUN201", _start, dropped),
    "a line doubled": Spoil("SOUN206", lambda it: it.span(LINE + 1)[0] / RATE_HZ, doubled),
    "two lines swapped": Spoil("SOUN209", _start, swapped),
    "the first half of a line gone": Spoil("SOUN203", _start, without(0, 0.5)),
    "the second half of a line gone": Spoil("SOUN203", lambda it: (_start(it) + _end(it)) / 2, without(0.5, 1)),
    "the middle of a line gone": Spoil("SOUN203", lambda it: _start(it) + 0.33 * (_end(it) - _start(it)), without(0.33, 0.67)),
    "a line silent": Spoil("SOUN202", _start, silenced(0, 1)),
    "half a line silent": Spoil("SOUN203", lambda it: (_start(it) + _end(it)) / 2, silenced(0.5, 1)),
    "a line replaced by another": Spoil("SOUN204", _start, replaced),
    "a line in another voice": Spoil("SOUN205", _start, in_another_voice),
    "a line begun twice": Spoil("SOUN206", _start, stuttered),
    "a gap": Spoil("SOUN207", _end, gap),
    "a pause gone": Spoil("SOUN210", _end, breathless),
    "a beep in a pause": Spoil("SOUN208", _end, beep_in_pause),
    "a sentence too many": Spoil("SOUN208", _end, another_sentence),
    "a click in a line": Spoil("SOUN301", _middle, click(0.1)),
    "a faint click in a line": Spoil("SOUN301", _middle, click(0.05)),
    "a click at a join": Spoil("SOUN301", _end, click_at_join),
    "a tick at a join": Spoil("SOUN301", _end, tick),
    "a drop-out": Spoil("SOUN302", _middle, drop_out(100)),
    "a word cut out": Spoil("SOUN203", _middle, cut_out),
    "a line torn apart": Spoil("SOUN207", _middle, torn),
    "a word twice": Spoil("SOUN206", _middle, stuttered_within),
    "a line too quiet": Spoil("SOUN303", _start, louder(-6)),
    "a line too loud": Spoil("SOUN303", _start, louder(3)),
    "a level that drops": Spoil("SOUN303", lambda it: (_start(it) + _end(it)) / 2, level_jump(-6)),
    "a level that rises": Spoil("SOUN303", lambda it: (_start(it) + _end(it)) / 2, level_jump(4)),
    "a sting gone": Spoil("SOUN302", lambda it: it.plan.music[1][0] / RATE_HZ, without_sting),
    "a clipped line": Spoil("SOUN304", _start, clipped_line, frozenset({"SOUN303"})),
    "clipping": Spoil("SOUN304", lambda it: it.span(1)[0] / RATE_HZ, clipped, frozenset({"SOUN109"})),
    "a beep over a line": Spoil("SOUN305", _middle, beep_over(0.3, 5000)),
    "a soft beep over a line": Spoil("SOUN305", _middle, beep_over(0.1, 1000)),
    "the beginning gone": Spoil("SOUN104", _beginning, lambda sound: sound[RATE_HZ // 2 :]),
    "three lines dropped": Spoil("SOUN201", _start, three_dropped),
    "the beginning gone, up to a line": Spoil("SOUN104", _beginning, begun_in(1)),
    "the beginning gone, up to the second line": Spoil("SOUN104", _beginning, begun_in(2)),
    "most of it gone": Spoil("SOUN105", lambda it: it.plan.samples / 3 / RATE_HZ, lambda sound: sound[: len(sound) // 3], frozenset({"SOUN201", "SOUN203"})),
    "the end gone": Spoil("SOUN105", lambda it: it.plan.samples / RATE_HZ - 1, lambda sound: sound[:-RATE_HZ]),
    "silence before": Spoil("SOUN106", _beginning, lambda sound: _joined(_silence(2), sound)),
    "silence after": Spoil("SOUN107", lambda it: it.plan.samples / RATE_HZ, lambda sound: _joined(sound, _silence(5))),
    "a constant offset": Spoil("SOUN109", _beginning, lambda sound: sound + np.float32(0.05)),
    "the first line dropped": Spoil("SOUN201", lambda it: it.span(1)[0] / RATE_HZ, first_dropped),
    "hiss": Spoil("SOUN110", _beginning, noisy),
    "hum": Spoil("SOUN110", _beginning, hum),
    "too loud": Spoil("SOUN111", _beginning, lambda sound: sound * np.float32(10 ** (1.4 / 20))),
    "too quiet": Spoil("SOUN111", _beginning, lambda sound: sound * np.float32(0.7)),
    "a little too quiet": Spoil("SOUN112", _beginning, lambda sound: sound * np.float32(0.96)),
    "peaks over the ceiling": Spoil("SOUN113", lambda it: float(np.abs(it.sound).argmax()) / RATE_HZ, lambda sound: sound * np.float32(0.98 / np.abs(sound).max())),
    "another rate": Spoil("SOUN103", _beginning, at_rate(48_000)),
    "a little too fast": Spoil("SOUN103", _beginning, at_rate(46_000)),
    "a dull voice": Spoil("SOUN116", _beginning, dull, frozenset({"SOUN302", "SOUN303"})),
    "nothing at all": Spoil("SOUN111", _beginning, np.zeros_like, frozenset({"SOUN202", "SOUN302"})),
}  # fmt: skip
"""Name → fault of the sound."""


def _audio(raw: bytes) -> tuple[bytes, bytes]:
    size = tag_size(raw[:10])
    return raw[:size], raw[size:]


def _frame(raw: bytes, number: int) -> int:
    """Where a frame of 128 kbit/s begins, about: the next sync after so many."""
    tag, audio = _audio(raw)
    return len(tag) + audio.index(b"\xff\xfb", number * 417)


def junk(raw: bytes) -> bytes:
    place = _frame(raw, 800)
    return raw[:place] + b"What is this doing here? " * 20 + raw[place:]


def truncated(raw: bytes) -> bytes:
    return raw[: len(raw) - 50_000]


def zeroed(raw: bytes) -> bytes:
    place = _frame(raw, 800)
    return raw[:place] + bytes(3000) + raw[place + 3000 :]


def without_info(raw: bytes) -> bytes:
    tag, audio = _audio(raw)
    return tag + audio[audio.index(b"\xff\xfb", 100) :]


def two_kinds(raw: bytes) -> bytes:
    """Ends in frames of silence at 48 kHz."""
    other = b"\xff\xfb\x94\xc4" + bytes(380)
    return raw + 40 * other


def retag(change: Callable[[list[Frame]], list[Frame]]) -> Callable[[bytes], bytes]:
    return lambda raw: retagged(raw, change)


def _edited(name: str, old: bytes, new: bytes) -> Callable[[list[Frame]], list[Frame]]:
    def change(frames: list[Frame]) -> list[Frame]:
        return [it._replace(body=it.body.replace(old, new)) if it.name == name else it for it in frames]

    return change


def _chapter_off(frames: list[Frame]) -> list[Frame]:
    """The second chapter a second later."""
    at = [n for n, frame in enumerate(frames) if frame.name == "CHAP"][1]
    name, _, rest = frames[at].body.partition(b"\0")
    start, end = struct.unpack_from(">II", rest)
    body = name + b"\0" + struct.pack(">II", start + 1000, end) + rest[8:]
    return [*frames[:at], Frame("CHAP", body), *frames[at + 1 :]]


def _other_cover(frames: list[Frame]) -> list[Frame]:
    return [it._replace(body=it.body + b"\0") if it.name == "APIC" else it for it in frames]


def padded(raw: bytes) -> bytes:
    """The same tag, with padding."""
    size = tag_size(raw[:10]) - 10 + 500
    length = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return raw[:6] + length + raw[10 : size + 10 - 500] + bytes(500) + raw[size + 10 - 500 :]


def version_4(raw: bytes) -> bytes:
    return raw[:3] + b"\4" + raw[4:]


def _junk_at(_: Made) -> float:
    return 800 * 417 / 16_000


BYTES: dict[str, Spoil] = {
    "junk between frames": Spoil("SOUN403", _junk_at, junk),
    "a truncated file": Spoil("SOUN404", lambda it: it.plan.samples / RATE_HZ - 50_000 / 16_000, truncated, frozenset({"SOUN105", "SOUN201", "SOUN203"})),
    "zeros over frames": Spoil("SOUN403", _junk_at, zeroed, frozenset({"SOUN203", "SOUN204", "SOUN301", "SOUN302", "SOUN100", "SOUN303", "SOUN404", "SOUN210"})),
    "no length in the first frame": Spoil("SOUN405", _beginning, without_info),
    "frames of another rate": Spoil("SOUN406", lambda it: it.plan.samples / RATE_HZ, two_kinds, frozenset({"SOUN404", "SOUN107"})),
    "no sound at all": Spoil("SOUN100", _beginning, lambda _: b"These are no frames. " * 1000),
    "an empty file": Spoil("SOUN100", _beginning, lambda _: b""),
    "a stale title": Spoil("TAGS117", _beginning, retag(_edited("TIT2", b"paper", b"piper"))),
    "a tag gone": Spoil("TAGS117", _beginning, retag(lambda frames: [it for it in frames if it.name != "TALB"])),
    "no tags": Spoil("TAGS101", _beginning, lambda raw: _audio(raw)[1]),
    "tags of another version": Spoil("TAGS102", _beginning, version_4),
    "a chapter off by a second": Spoil("CHAP110", lambda it: it.plan.tagging.chapters[1].start_ms / 1000 + 1, retag(_chapter_off)),
    "a chapter gone": Spoil("CHAP110", lambda it: it.plan.tagging.chapters[-1].start_ms / 1000, retag(lambda frames: frames[: [n for n, it in enumerate(frames) if it.name == "CHAP"][-1]] + [it for it in frames if it.name == "APIC"])),
    "another cover": Spoil("ART108", _beginning, retag(_other_cover)),
    "a padded tag": Spoil("SOUN402", _beginning, padded),
    "a byte of a tag changed": Spoil("SOUN401", _beginning, retag(_edited("TENC", b"P", b"p")), frozenset({"TAGS117"})),
}  # fmt: skip
"""Name → fault of the file."""


def _shifted(text: str) -> str:
    """All cues half a second later."""

    def later(stamp: re.Match[str]) -> str:
        minutes, seconds, ms = (int(part) for part in stamp.groups())
        total = minutes * 60_000 + seconds * 1000 + ms + 500
        return f"{total // 60_000:02}:{total // 1000 % 60:02}.{total % 1000:03}"

    return re.sub(r"(\d\d):(\d\d)\.(\d{3})", later, text)


def _past_the_end(text: str) -> str:
    return re.sub(r"--> 00:00:(?=[^>]*<v [^>]*>[^>]*\Z)", "--> 02:00:", text)


BESIDE: dict[str, Spoil] = {
    "a cue past the end": Spoil("CAPT105", lambda it: it.plan.transcript.cues[-1].start_ms / 1000, _past_the_end, frozenset({"CAPT109"})),
    "cues half a second late": Spoil("CAPT109", lambda it: it.plan.transcript.cues[0].start_ms / 1000 + 0.5, _shifted),
    "a cue that says something else": Spoil("CAPT109", lambda it: it.plan.transcript.cues[1].start_ms / 1000, lambda text: text.replace("telescope", "microscope")),
    "captions that cannot be read": Spoil("CAPT101", _beginning, lambda _: "nothing"),
}  # fmt: skip
"""Name → fault of the WebVTT beside the file."""
