"""The verb that hears what was made: `listen`; a part of cli.py."""

# ruff: noqa: T201 - this is where printing happens, as in cli.py

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ExtraMissing, PublishError
from .textfile import printable
from .verbs import Verbs, add_papers, add_verb, positive

if TYPE_CHECKING:
    from .listening.episodes import Listened
    from .listening.recogniser import Recogniser

__all__ = ["add_verbs"]


def add_verbs(verbs: Verbs) -> None:
    """Add the verb to a command."""
    listen = add_verb(verbs, "listen", _listen, "hear finished episodes, and find lines that went wrong")
    add_papers(listen)
    listen.add_argument("--retake", action="store_true", help="speak those lines again, twice at most")
    listen.add_argument("--jobs", type=positive, metavar="N", default=1, help="threads (default: 1)")
    listen.add_argument("--install", action="store_true", help="install the extra that listening needs")
    listen.add_argument("--json", action="store_true", help="as JSON, with all that was heard")


def _listen(arguments: argparse.Namespace) -> int:
    from .listening.episodes import RETAKES, advice, listen_to
    from .show import find_show

    find_show(Path())
    recogniser = _recogniser(arguments.jobs, install=arguments.install)
    listened = listen_to(Path(), arguments.papers, recogniser, _tell)
    for _ in range(RETAKES if arguments.retake else 0):
        faulty = [episode for episode in listened if episode.is_at_fault]
        if faulty:
            again = {episode.slug: episode for episode in _retaken(faulty, recogniser, arguments.jobs)}
            listened = tuple(again.get(episode.slug, episode) for episode in listened)
    print(_as_json(listened) if arguments.json else printable(_as_text(listened)))
    for line in advice(Path(), listened) if arguments.retake else ():
        print(printable(line), file=sys.stderr)
    return PublishError.exit_code if any(episode.is_at_fault for episode in listened) else 0


def _recogniser(threads: int, *, install: bool) -> "Recogniser":
    """What listens; with `install`, its extra is installed where it is missing."""
    from .listening.recogniser import open_recogniser

    try:
        return open_recogniser(Path(), threads)
    except ExtraMissing as error:
        if not install:
            raise
        from .install import add_extra

        print(f"{error.what}: installing it", file=sys.stderr)
        add_extra(error.extra)
    return open_recogniser(Path(), threads)


def _retaken(faulty: "list[Listened]", recogniser: "Recogniser", jobs: int) -> "tuple[Listened, ...]":
    """The same episodes, with their faulty lines spoken again."""
    from .listening.episodes import listen_to, retake
    from .progress import watching
    from .run import Options

    lines = sum(len(episode.lines_at_fault) for episode in faulty)
    print(f"{lines} line{'s' * (lines != 1)} spoken again", file=sys.stderr)
    with watching(sys.stderr) as watcher:
        retake(Path(), faulty, Options(executor=f"local:{jobs}"), watcher)
    return listen_to(Path(), [episode.slug for episode in faulty], recogniser, _tell)


def _tell(episode: "Listened") -> None:
    """Progress, a line an episode: to listen takes about a tenth of its length."""
    heard = "heard before" if episode.reused else f"heard, {episode.duration_s:.0f} s"
    print(printable(f"{episode.mp3}: {heard}"), file=sys.stderr, flush=True)


def _as_text(listened: "tuple[Listened, ...]") -> str:
    """The findings, then how much there was to hear."""
    findings = [str(finding) for episode in listened for finding in episode.findings]
    lines = sum(len(episode.hearing.lines) for episode in listened)
    errors = sum(len(episode.lines_at_fault) for episode in listened)
    warnings = len(findings) - errors
    return "\n".join([*findings, f"{lines} lines heard: {errors} at fault, {warnings} hardly understood"])


def _as_json(listened: "tuple[Listened, ...]") -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(listened), indent=2).decode()
