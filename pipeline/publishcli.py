"""The verbs that bring a show to its listeners: `publish`, `verify`, `serve`; a part of cli.py."""

# ruff: noqa: T201 - this is where printing happens, as in cli.py

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import PublishError
from .textfile import printable
from .verbs import Verbs, add_verb, here, positive

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .findings import Finding
    from .publish.publishers import Change
    from .publishing import Publication

__all__ = ["add_verbs"]

SITE = Path("output", "site")
"""Where the site is, below the show's folder."""
_EPISODES = "names of finished episodes, or MP3s wherever they are; default: all, and the site"


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to a command."""
    publish = add_verb(
        verbs, "publish", _publish, "make what is not up to date, feed and site, and put them up"
    )
    publish.add_argument("--dry-run", action="store_true", help="only say what would be done")
    publish.add_argument("--voice", metavar="NAME", help="a profile in voices/, in place of the show's")
    publish.add_argument("--jobs", type=positive, metavar="N", help="worker processes (default: one a core)")
    publish.add_argument("--json", action="store_true", help="report as JSON")

    verify = add_verb(
        verbs, "verify", _verify, "hear what is finished, and hold it and the site against every rule"
    )
    verify.add_argument("episodes", nargs="*", type=_episode, metavar="EPISODE", help=_EPISODES)
    verify.add_argument("--as", dest="slug", default="", metavar="NAME", help="which episode an MP3 is of")
    verify.add_argument("--no-digests", action="store_true", help="of an MP3 that a host has encoded again")
    verify.add_argument("--jobs", type=positive, metavar="N", help="worker processes (default: one a core)")
    verify.add_argument("--json", action="store_true", help="as JSON")

    serve = add_verb(verbs, "serve", _serve, "show the site on this computer; Ctrl-C ends it")
    serve.add_argument("--port", type=_port, default=8000, metavar="N", help="default: 8000; 0: any")


def _publish(arguments: argparse.Namespace) -> int:
    from .progress import watching
    from .publishing import PublishOptions, publish
    from .report import print_failures

    options = PublishOptions(
        executor=f"local:{arguments.jobs}" if arguments.jobs else None,
        dry_run=arguments.dry_run,
        voice=arguments.voice,
    )
    with watching(sys.stderr) as watcher:
        done = publish(Path(), options, watcher)
    print(_as_json(done) if arguments.json else printable(_as_text(done, dry_run=options.dry_run)))
    for finding in done.findings:
        print(printable(str(finding)), file=sys.stderr)
    code = print_failures(done.failed, sys.stderr)
    if any(finding.is_error for finding in done.findings):
        print("nothing was put anywhere: mend what is an error first", file=sys.stderr)
        return PublishError.exit_code
    return code


def _as_json(done: "Publication") -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(done), indent=2).decode()


def _as_text(done: "Publication", *, dry_run: bool) -> str:
    """What was done, a line each."""
    would = "would be " if dry_run else ""
    new = f", {len(done.new)} of them new" if done.new else ""
    count = f"{len(done.episodes)} episode{'s' * (len(done.episodes) != 1)}"
    lines = [f"{count} {would}published{new}: {done.feed}, {done.site}/index.html"]
    advice = "; if it was renamed, rename its key in show.lock.yaml, or it is there twice" if done.new else ""
    lines += [f"{slug}: leaves the feed{advice}" for slug in done.left]
    lines += [f"{slug}: kept back, {why}" for slug, why in done.kept_back.items()]
    lines += [f"{target}: {_told(changes, would)}" for target, changes in done.changes.items()]
    if not done.changes and not any(finding.is_error for finding in done.findings):
        lines.append(
            "now: make serve shows it here; `publish:` in show.yaml says where it goes (docs/publishing.md)"
        )
    return "\n".join(lines)


def _told(changes: "tuple[Change, ...]", would: str) -> str:
    put = [change for change in changes if change.action == "put"]
    deleted = len(changes) - len(put)
    size = f"{sum(change.size_bytes for change in put) / 1e6:.1f} MB"
    told = [f"{len(put)} files {would}put ({size})"] * bool(put) + [f"{deleted} {would}deleted"] * bool(
        deleted
    )
    return ", ".join(told) or "is up to date"


def _verify(arguments: argparse.Namespace) -> int:
    from .findings import as_json, as_lines

    findings = (
        _found_in(arguments.episodes, arguments) if arguments.episodes else _found_everywhere(arguments)
    )
    print(as_json(findings) if arguments.json else printable(as_lines(findings)), end="")
    errors = sum(finding.is_error for finding in findings)
    warnings = sum(finding.severity == "warning" for finding in findings)
    said = f"{errors or 'no'} error{'s' * (errors != 1)}, {warnings or 'no'} warning{'s' * (warnings != 1)}"
    print(f"{said}; docs/findings.md says what each code means", file=sys.stderr)
    return PublishError.exit_code if errors else 0


def _found_everywhere(arguments: argparse.Namespace) -> "tuple[Finding, ...]":
    """In all finished episodes, and in the site if there is one."""
    import datetime as dt

    from .findings import weighed
    from .show import load_show
    from .showlock import read_lock
    from .verify import verify_site
    from .verifying import finished_slugs

    show, lock = load_show(Path()), read_lock(Path())
    slugs = finished_slugs(Path())
    if not SITE.is_dir() and not slugs:
        raise PublishError("there is nothing finished yet", where="output", hint="make, or make publish")
    seen = verify_site(SITE, show.feed, lock, dt.datetime.now(dt.UTC)) if SITE.is_dir() else ()
    return *_found_in(slugs, arguments), *weighed(seen, show.severity)


def _found_in(names: "Iterable[str]", arguments: argparse.Namespace) -> "tuple[Finding, ...]":
    """In finished episodes, and in MP3s that may be anywhere."""
    from .progress import watching
    from .verifying import verify_episodes, verify_file

    files = [name for name in names if name.endswith(".mp3")]
    slugs = [Path(name).stem if name.endswith(".md") else name for name in names if name not in files]
    verified = [
        verify_file(Path(), Path(name), slug=arguments.slug, digests=not arguments.no_digests)
        for name in files
    ]
    with watching(sys.stderr, "files") as watcher:
        executor = f"local:{arguments.jobs}" if arguments.jobs else "local"
        verified += verify_episodes(Path(), slugs, watcher, executor=executor)
    return tuple(finding for each in verified for finding in each.findings)


def _serve(arguments: argparse.Namespace) -> None:
    from .serve import open_server
    from .show import find_show

    find_show(Path())
    with open_server(SITE, arguments.port) as server:
        print(f"{server.address} shows {SITE}; Ctrl-C ends it", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:  # that is how it ends
            print()


def _episode(text: str) -> str:
    """A name as it is, a file as the caller means it."""
    return str(here(text)) if text.endswith(".mp3") else text


def _port(text: str) -> int:
    """A number of 0 to 65535. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdecimal()) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 0 to 65535")
    return int(text)
