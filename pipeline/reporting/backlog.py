"""A show's folder in, its backlog out: all finished episodes, what the last run did, and the runs before."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from ..errors import StoreError
from ..history import Made, read_history
from ..run import Watcher
from ..show import load_show
from ..verifying import finished_slugs
from .examining import Examined, examined
from .portraits import portray
from .values import Backlog, LastRun, Portrait, Run, Unheard

__all__ = ["report", "slug_of"]

RUNS = 12
"""So many are shown."""


def report(
    root: Path, slugs: Iterable[str] = (), watcher: Watcher | None = None, *, executor: str = "local"
) -> Backlog:
    """What is to be said of a show's finished episodes.

    slugs: of these only (default: all). Raises StoreError if none is finished, SettingsError for one that
    never was, and for a mistake in show.yaml.
    """
    show, output = load_show(root), root / "output"
    made = read_history(output)
    when = {each.mp3: each.when for each in made}
    wanted = tuple(slugs) or finished_slugs(root)
    if not wanted:
        raise StoreError("nothing is finished yet", where="output/episodes", hint="make")
    portraits, unheard = [], []
    for finished, seen in examined(root, wanted, watcher or Watcher(), executor):
        if isinstance(seen, Examined):
            portraits.append(portray(seen, made=when.get(finished.mp3, "")))
        else:
            unheard.append(Unheard(slug=finished.slug, title=finished.title, problem=str(seen)))
    return Backlog(
        show=show.title,
        language=show.language,
        episodes=tuple(sorted(portraits, key=_order)),
        unheard=tuple(unheard),
        last_run=_last_run(output / "report.json"),
        runs=_runs(made),
    )


def slug_of(episode: str) -> str:
    """The slug that somebody means by a slug, or by the path of a paper or an MP3."""
    return Path(episode).name.removesuffix(".md").removesuffix(".mp3")


def _order(episode: Portrait) -> tuple[int, int, int, str]:
    """Most errors first, then most warnings, then the latest."""
    latest = -int("".join(filter(str.isdigit, episode.made)) or "0")
    return -episode.count("error"), -episode.count("warning"), latest, episode.slug


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
