"""Portraits made by hand, as a show's own sound could not be that bad, or that long."""

from msgspec.structs import replace

from pipeline.model import Loudness
from pipeline.reporting import Backlog, Mark, Portrait, Recognised
from pipeline.reporting.values import LastRun, LineShown, Named, Run, Speaker, Unheard
from pipeline.transcript import Chapter

HOSTILE = "</script></style><script>alert(1)</script> \"'><img src=x onerror=alert(2)> {{ 7 * 7 }} \u202egnp.\u2066 ]]>&amp;"
LINE_MS = 6_000


def line(number: int, text: str = "", **more: object) -> LineShown:
    start_ms = (number - 1) * LINE_MS + 500
    given = LineShown(
        number=number,
        kind="paragraph",
        speaker="host",
        chapter=f"Chapter {number // 10 + 1}" if number % 10 == 1 else "",
        text=text or f"This is sentence number {number}, and it says something about notes and locks.",
        start_ms=start_ms,
        end_ms=start_ms + LINE_MS - 1_000,
        words=13,
        words_per_minute=120 + 17 * number % 90,
    )
    return replace(given, **more)


def mark(code: str = "SOUN203", at_ms: int | None = 12_000, line: int | None = 3, **more: object) -> Mark:
    given = Mark(
        code=code,
        rule="A line is not as it should be",
        severity="error",
        what=f"line {line} is not whole",
        why="a listener misses what it says",
        remedy="delete the file, then `make`",
        at_ms=at_ms,
        line=line,
    )
    return replace(given, **more)


def portrait(minutes: int = 1, **changes: object) -> Portrait:
    """A clean episode of so many minutes."""
    duration_ms = minutes * 60_000
    lines = tuple(line(number) for number in range(1, duration_ms // LINE_MS + 1))
    starts = [it.start_ms for it in lines if it.chapter]
    given = Portrait(
        slug="notes",
        title="Notes beside the lock",
        paper="papers/notes.md",
        mp3="output/episodes/notes.mp3",
        made="2026-01-02T03:04:05Z",
        duration_ms=duration_ms,
        size_bytes=16_000 * duration_ms // 1000,
        sha256="0123abcd" * 8,
        rate_hz=44_100,
        channels=1,
        bitrate_kbps=128,
        target_mlufs=-16_000,
        ceiling_mdbtp=-1_000,
        loudness=Loudness(integrated_mlufs=-16_020, true_peak_mdbtp=-1_400),
        loudness_made=Loudness(integrated_mlufs=-16_010, true_peak_mdbtp=-1_400),
        short_term_mlufs=tuple(-16_000 - 1_500 * (n % 7 - 2) for n in range(duration_ms // 1000)),
        peaks_permille=tuple(100 + 90 * (n % 9) for n in range(duration_ms // 100)),
        words=13 * len(lines),
        words_per_minute=156,
        usual_words_per_minute=(128, 201),
        chapters=tuple(
            Chapter(title=f"Chapter {n}", start_ms=start if n > 1 else 0, end_ms=end)
            for n, (start, end) in enumerate(zip(starts, [*starts[1:], duration_ms], strict=True), 1)
        ),
        music_ms=((200, 3_000),),
        speakers=(Speaker(who="host", profile="tone", spoken_by="Tones (MIT)", settings="pitch 3"),),
        lines=lines,
        marks=(),
    )
    return replace(given, **changes)


def listened(episode: Portrait) -> Portrait:
    """The same, with what a recogniser heard of it."""
    heard = tuple(
        replace(it, heard=Recognised(text="", similarity_permille=1_000, word_errors=0))
        for it in episode.lines[2:]
    )
    worst = [
        Recognised(text="this is sentence", similarity_permille=300, word_errors=9),
        Recognised(text=f"{HOSTILE} locks", similarity_permille=800, word_errors=2),
    ]
    first = tuple(replace(it, heard=how) for it, how in zip(episode.lines, worst, strict=False))
    return replace(episode, lines=(*first, *heard))


def worst() -> Portrait:
    """Everything is wrong with it, and every text is hostile."""
    marks = (
        mark("SOUN101", None, None, what="plays too little"),
        *(mark("SOUN302", 12_000 + n * 50, 3, what=f"a hole: {HOSTILE}") for n in range(9)),
        mark("SOUN207", 40_000, 7, severity="warning", remedy=HOSTILE),
        mark("LIST105", 50_000, 9, severity="note", why=HOSTILE),
    )
    bad = portrait(
        slug="worst",
        title=HOSTILE,
        marks=marks,
        made="",
        speakers=(
            Speaker(who="host", profile="tone", spoken_by=HOSTILE, settings=HOSTILE),
            Speaker(who=HOSTILE, profile="tone", spoken_by="Tones", settings=""),
        ),
        chapters=(Chapter(title=HOSTILE, start_ms=0, end_ms=60_000),),
        paper=f"papers/{HOSTILE}.md",
    )
    lines = (line(1, HOSTILE, speaker=HOSTILE, chapter=HOSTILE), line(2, "long" * 2_000), *bad.lines[2:])
    return listened(replace(bad, lines=lines))


def backlog(*episodes: Portrait, title: str = "Little Show") -> Backlog:
    return Backlog(
        show=title,
        language="en",
        episodes=episodes,
        unheard=(Unheard(slug="lost", title=HOSTILE, problem=f"lost.mp3: {HOSTILE}"),),
        last_run=LastRun(
            when="2026-01-02T03:04:05Z",
            took_ms=61_500,
            made=(Named(slug="notes", title="Notes"),),
            lines_spoken=41,
            lines_reused=2,
        ),
        runs=(
            Run(
                when="2026-01-02T03:04:05Z",
                took_ms=61_500,
                episodes=1,
                duration_ms=60_000,
                lines_spoken=41,
                lines_reused=2,
            ),
        ),
    )
