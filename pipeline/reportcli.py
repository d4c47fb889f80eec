"""The verb that shows what finished episodes sound like: `report`; a part of cli.py."""

# ruff: noqa: T201 - this is where printing happens, as in cli.py

import argparse
import sys
from pathlib import Path

from .errors import StoreError
from .textfile import printable
from .verbs import Verbs, add_verb, positive

__all__ = ["add_verbs"]


def add_verbs(verbs: Verbs) -> None:
    """Add the verb to a command."""
    report = add_verb(
        verbs, "report", _report, "hear finished episodes, and show on pages what they sound like"
    )
    report.add_argument(
        "episodes",
        nargs="*",
        metavar="EPISODE",
        help="slugs, or paths of papers; their pages only (default: all)",
    )
    report.add_argument("--jobs", type=positive, metavar="N", help="worker processes (default: one a core)")
    how = report.add_mutually_exclusive_group()
    how.add_argument("--text", action="store_true", help="in words, here, and no pages")
    how.add_argument("--json", action="store_true", help="as JSON, here, and no pages")


def _report(arguments: argparse.Namespace) -> int:
    import msgspec

    from .progress import watching
    from .reporting import as_text, report, slug_of, write_pages  # numpy and jinja2 with it

    executor = f"local:{arguments.jobs}" if arguments.jobs else "local"
    with watching(sys.stderr, "files") as watcher:
        backlog = report(Path(), map(slug_of, arguments.episodes), watcher, executor=executor)
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode(backlog), indent=2).decode())
    elif arguments.text:
        print(as_text(backlog, colour=sys.stdout.isatty()))
    else:
        page = write_pages(Path(), backlog, whole=not arguments.episodes)
        found = sum(len(episode.marks) for episode in backlog.episodes)
        print(f"{len(backlog.episodes)} episodes heard, {found or 'no'} finding{'s' * (found != 1)}: {page}")
    for episode in backlog.unheard:
        print(f"error: {printable(episode.problem)}", file=sys.stderr)
    return StoreError.exit_code if backlog.unheard else 0
