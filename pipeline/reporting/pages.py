"""A backlog in, its pages out: output/report.html, and output/report/<slug>.html for each episode.

Each page is one file that loads nothing but the episode's MP3: style and script are in it and named by
their digests in its content security policy, so that no text of a paper can ever be taken for either.
"""

import base64
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from statistics import fmean
from typing import Any, get_args
from urllib.parse import quote

import jinja2
from msgspec import Struct

from ..files import replace_file
from ..findings import Severity
from ..lengths import clock
from ..templating import Html
from . import figures, words
from .values import Backlog, Mark, Portrait

__all__ = ["write_pages"]

BELOW_MLU, ABOVE_MLU = 14_000, 6_000
"""What the curve of loudness shows around the target."""
BAND_MLU = 1_000
"""Beside the target: what directories let pass."""
BEFORE_MS = 2_000
"""A finding is played from so much before its place."""
SMALL_COLUMNS = 80
"""Of a waveform in the list."""
PACE_STEP = 100
"""Words a minute: what the figure of pace has lines for."""


class Drawn(Struct, frozen=True, kw_only=True):
    """The paths of an episode's figures; see figures.py."""

    outline: str
    music: str
    lines: str
    loudness: str
    paces: str
    most_words: int
    """A minute: the top of the figure of pace."""


class Group(Struct, frozen=True, kw_only=True):
    """Findings of one rule."""

    code: str
    rule: str
    severity: Severity
    why: str
    remedies: tuple[str, ...]
    marks: tuple[Mark, ...]


def write_pages(root: Path, backlog: Backlog, *, whole: bool = True) -> Path:
    """Write the pages; where to begin reading.

    whole: the backlog is all there is: its first page is written too, and pages of other episodes are
    deleted. What would not change is not written. Raises StoreError.
    """
    output = root / "output"
    first, folder = output / "report.html", output / "report"
    for episode in backlog.episodes:
        page = render("episode.html.j2", show=backlog.show, language=backlog.language, **_shown(episode))
        _write(folder / f"{episode.slug}.html", page)
    if not whole:
        return folder / f"{backlog.episodes[0].slug}.html" if backlog.episodes else first
    _write(first, render("index.html.j2", backlog=backlog))
    _sweep(folder, {f"{episode.slug}.html" for episode in backlog.episodes})
    return first


def _write(path: Path, page: str) -> None:
    content = page.encode("utf-8", "replace")
    if not path.is_file() or path.read_bytes() != content:
        replace_file(path, content)


def _sweep(folder: Path, kept: set[str]) -> None:
    for path in folder.glob("*.html"):
        if path.name not in kept:
            path.unlink()


def render(name: str, **values: Any) -> str:
    """What a template here gives."""
    return _environment().get_template(name).render(values)


@cache
def _environment() -> jinja2.Environment:
    """All text is escaped but our own style and script, which come from here."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clock": clock,
        "coded": _coded,
        "day": words.day,
        "encoding": words.encoding,
        "level": words.level,
        "off": words.off,
        "many": words.many,
        "moment": words.moment,
        "seconds": words.seconds,
        "share": figures.share,
        "path": lambda name: quote(name, safe=""),
    }
    for name in ("css", "js"):
        text = Path(__file__).with_name(f"report.{name}").read_text(encoding="utf-8")
        environment.globals[name] = Html(text)
        environment.globals[f"{name}_digest"] = _digest(text)
    environment.globals |= {
        "small": _small,
        "figure_size": (figures.WIDTH, figures.HEIGHT),
        "before_ms": BEFORE_MS,
    }
    return environment


def _digest(text: str) -> str:
    """As a content security policy names it (CSP 3, 2.3.1)."""
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"


def _coded(text: str) -> Html:
    """Advice, with what is between backticks set as code."""
    parts = enumerate(text.split("`"))
    return Html("").join(Html("<code>{}</code>").format(part) if n % 2 else part for n, part in parts)


def _small(episode: Portrait) -> str:
    return figures.outline(episode.peaks_permille, SMALL_COLUMNS, of=fmean)


def _shown(episode: Portrait) -> dict[str, Any]:
    """What the page of an episode is made of."""
    low, high = episode.target_mlufs - BELOW_MLU, episode.target_mlufs + ABOVE_MLU
    drawn = _drawn(episode, low, high)
    usual = episode.usual_words_per_minute
    return {
        "episode": episode,
        "drawn": drawn,
        "groups": _groups(episode.marks),
        "groups_at": _by_line(episode.marks),
        "ticks": figures.ticks_ms(episode.duration_ms),
        "levels": [
            (words.whole(at), figures.share(high - at, high - low))
            for at in range(low // 5_000 * 5_000 + 5_000, high, 5_000)
        ],
        "target": figures.share(high - episode.target_mlufs, high - low),
        "band": (
            figures.share(high - episode.target_mlufs - BAND_MLU, high - low),
            figures.share(2 * BAND_MLU, high - low),
        ),
        "paces": [
            (pace, figures.share(drawn.most_words - pace, drawn.most_words))
            for pace in range(PACE_STEP, drawn.most_words, PACE_STEP)
        ],
        "usual": (
            figures.share(drawn.most_words - usual[1], drawn.most_words),
            figures.share(usual[1] - usual[0], drawn.most_words),
        ),
    }


def _drawn(episode: Portrait, low: int, high: int) -> Drawn:
    lines, length = episode.lines, episode.duration_ms
    most = max((line.words_per_minute for line in lines), default=PACE_STEP)
    most = min(most, 3 * episode.words_per_minute) + PACE_STEP // 4
    return Drawn(
        outline=figures.outline(episode.peaks_permille),
        music=figures.blocks(episode.music_ms, length),
        lines=figures.blocks(((line.start_ms, line.end_ms) for line in lines), length),
        loudness=figures.curve(episode.short_term_mlufs, low, high),
        paces=figures.bars(
            ((line.start_ms, line.end_ms, line.words_per_minute) for line in lines), length, most
        ),
        most_words=most,
    )


def _groups(marks: Iterable[Mark]) -> list[Group]:
    """Findings by their rule, the worst first, then in the order of time."""
    by_code: defaultdict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_code[mark.code].append(mark)
    groups = [
        Group(
            code=code,
            rule=found[0].rule,
            severity=found[0].severity,
            why=found[0].why,
            remedies=tuple(dict.fromkeys(mark.remedy for mark in found)),
            marks=tuple(found),
        )
        for code, found in by_code.items()
    ]
    return sorted(groups, key=lambda group: get_args(Severity).index(group.severity))


def _by_line(marks: Iterable[Mark]) -> dict[int, list[Group]]:
    """Number of a line → what was found there."""
    at: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.line is not None:
            at[mark.line].append(mark)
    return {line: _groups(found) for line, found in at.items()}
