"""A show's folder in, its backlog out: all finished episodes, what the last run did, and the runs before."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from ..errors import StoreError
from ..history import Made, read_history
from ..show import load_show
from .examining import Examined, examined, finished_slugs
from .portraits import portray
from .values import Backlog, LastRun, Portrait, Run, Unheard

__all__ = ["report", "slug_of"]

RUNS = 12
"""So many are shown."""


def report(root: Path, slugs: Iterable[str] = ()) -> Backlog:
    """What is to be said of a show's finished episodes.

    slugs: of these only (default: all). Raises StoreError if there is none, or not one of these;
    SettingsError for a mistake in show.yaml.
    """
    show, output = load_show(root), root / "output"
    made = read_history(output)
    when = {each.mp3: each.when for each in made}
    looked_at = list(examined(root, _chosen(finished_slugs(root), tuple(slugs))))
    return Backlog(
        show=show.title,
        language=show.language,
        episodes=tuple(sorted(_portraits(looked_at, when), key=_order)),
        unheard=tuple(_unheard(each, each.error) for each in looked_at if each.error),
        last_run=_last_run(output / "report.json"),
        runs=_runs(made),
    )


def slug_of(episode: str) -> str:
    """The slug that somebody means by a slug, or by the path of a paper or an MP3."""
    return Path(episode).name.removesuffix(".md").removesuffix(".mp3")


def _chosen(known: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    if not known:
        raise StoreError("nothing is finished yet", where="output/episodes", hint="make")
    for slug in wanted:
        if slug not in known:
            hint = "paperledge history lists all there is"
            raise StoreError(f"no finished episode is called {slug!r}", hint=hint)
    return wanted or known


def _portraits(looked_at: Iterable[Examined], when: dict[str, str]) -> Iterable[Portrait]:
    for each in looked_at:
        if each.plan and each.examination:
            made = when.get(each.finished.mp3, "")
            yield portray(each.finished, each.plan, each.examination, each.findings, made=made)


def _order(episode: Portrait) -> tuple[int, int, int, str]:
    """Most errors first, then most warnings, then the latest."""
    latest = -int("".join(filter(str.isdigit, episode.made)) or "0")
    return -episode.count("error"), -episode.count("warning"), latest, episode.slug


def _unheard(each: Examined, error: Exception) -> Unheard:
    return Unheard(slug=each.finished.slug, title=each.finished.title, problem=str(error))


def _last_run(path: Path) -> LastRun | None:
    """None if there was none, or its report is damaged: it is written anew by every run."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=LastRun)
    except (OSError, msgspec.DecodeError):
        return None


def _runs(made: Iterable[Made]) -> tuple[Run, ...]:
    runs: dict[str, Run] = {}
    for each in made:
        before = runs.get(each.when)
        runs[each.when] = Run(
            when=each.when,
            took_ms=each.run_ms,
            episodes=(before.episodes if before else 0) + 1,
            duration_ms=(before.duration_ms if before else 0) + each.duration_ms,
            lines_spoken=each.run_lines_spoken,
            lines_reused=each.run_lines_reused,
        )
    return tuple(reversed(runs.values()))[:RUNS]
