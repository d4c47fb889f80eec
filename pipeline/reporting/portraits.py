"""An examined episode in, its portrait out: all that is shown of it.

Where a finding is said to be is where it was heard; the line beside it is the one that its fault names,
or else the last that had begun by then.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

from ..planned import Planned, PlannedLine
from ..synthesis.voices import Voice
from ..verify.rules import RULES
from .examining import Examined
from .values import LineShown, Mark, Portrait, Recognised, Speaker

__all__ = ["portray"]

ROUNDED_MS = 10
"""So much earlier may the time of a finding be than its line's."""
FEWEST_WORDS = 4
"""The pace of a shorter line says more of its words than of its voice."""


def portray(seen: Examined, *, made: str = "") -> Portrait:
    """All that is shown of an episode. made: when, ISO 8601."""
    finished, plan, examination = seen.finished, seen.plan, seen.examination
    lines = _lines(plan, seen.heard or {})
    words, spoken_ms = sum(line.words for line in lines), sum(line.end_ms - line.start_ms for line in lines)
    return Portrait(
        slug=plan.slug,
        title=plan.title,
        paper=finished.paper,
        mp3=plan.mp3,
        made=made,
        duration_ms=_ms(examination.samples, examination.rate_hz),
        size_bytes=finished.size_bytes,
        sha256=plan.sha256,
        rate_hz=examination.rate_hz,
        channels=examination.channels,
        bitrate_kbps=plan.bitrate_kbps,
        target_mlufs=plan.target_mlufs,
        ceiling_mdbtp=plan.ceiling_mdbtp,
        loudness=examination.loudness,
        loudness_made=plan.loudness,
        short_term_mlufs=examination.short_term_mlufs,
        peaks_permille=examination.peaks_permille,
        words=words,
        words_per_minute=_pace(words, spoken_ms),
        usual_words_per_minute=_usual(lines),
        chapters=plan.transcript.chapters,
        music_ms=tuple((_ms(start, plan.rate_hz), _ms(end, plan.rate_hz)) for start, end in plan.music),
        speakers=tuple(_speaker(who, voice) for who, voice in finished.voices.items()),
        lines=lines,
        marks=_marks(seen, lines),
    )


def _ms(samples: int, rate_hz: int) -> int:
    return samples * 1000 // rate_hz


def _pace(words: int, ms: int) -> int:
    return round(words * 60_000 / ms) if ms else 0


def _lines(plan: Planned, heard: Mapping[int, Recognised]) -> tuple[LineShown, ...]:
    starts = [_ms(line.start_samples, plan.rate_hz) for line in plan.lines]
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for cue in plan.transcript.cues:
        texts[bisect_right(starts, cue.start_ms) - 1].append(cue.text)
    return tuple(
        _line(line, start_ms, _ms(line.end_samples, plan.rate_hz), " ".join(texts[n]), heard)
        for n, (line, start_ms) in enumerate(zip(plan.lines, starts, strict=True))
    )


def _line(
    line: PlannedLine, start_ms: int, end_ms: int, text: str, heard: Mapping[int, Recognised]
) -> LineShown:
    words = len(line.spoken.split())
    return LineShown(
        number=line.number,
        kind=line.kind,
        speaker=line.speaker,
        chapter=line.chapter,
        text=text,
        start_ms=start_ms,
        end_ms=end_ms,
        words=words,
        words_per_minute=_pace(words, end_ms - start_ms),
        heard=heard.get(line.number),
    )


def _usual(lines: Sequence[LineShown]) -> tuple[int, int]:
    """Between which paces all but a fifth of the lines are."""
    paces = sorted(line.words_per_minute for line in lines if line.words >= FEWEST_WORDS)
    paces = paces or sorted(line.words_per_minute for line in lines)
    return (paces[len(paces) // 10], paces[-1 - len(paces) // 10]) if paces else (0, 0)


def _speaker(who: str, voice: Voice) -> Speaker:
    settings = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in voice.options.items())
    return Speaker(who=who, profile=voice.name, spoken_by=voice.spoken_by, settings=settings)


def _marks(seen: Examined, lines: Sequence[LineShown]) -> tuple[Mark, ...]:
    named = {(fault.code, fault.what): fault.line for fault in seen.examination.faults}
    starts = [line.start_ms for line in lines]
    marks = []
    for finding in seen.findings:
        line, at_ms = named.get((finding.code, finding.what)), round(1000 * (finding.at_s or 0))
        if at_ms and line is None and lines:
            line = lines[max(0, bisect_right(starts, at_ms + ROUNDED_MS) - 1)].number
        elsewhere = "" if finding.where.startswith(seen.plan.mp3) else f"{finding.where}: "
        marks.append(
            Mark(
                code=finding.code,
                rule=RULES[finding.code].title,
                severity=finding.severity,
                what=f"{elsewhere}{finding.what}",
                why=finding.why,
                remedy=finding.remedy,
                at_ms=None if line is None else at_ms,
                line=line,
            )
        )
    return tuple(sorted(marks, key=lambda mark: -1 if mark.at_ms is None else mark.at_ms))
