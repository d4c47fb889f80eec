"""Turns argv into one call, and one exception into one message and one exit code.

    0 done · 1 some episodes failed · 2 wrong usage · 3-13 see errors.py · 130 interrupted

Only this file prints. Results go to stdout, progress and messages to stderr; `--json` makes the
results machine-readable. Each verb imports what it needs, so that none pays for the others.
"""

# ruff: noqa: T201 - this is where printing happens

import argparse
import io
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from . import __version__, carecli, checkcli, listencli, makecli, publishcli, reportcli
from .errors import SettingsError
from .textfile import printable
from .verbs import add_papers, add_verb, here, positive, print_error

if TYPE_CHECKING:
    from .script.spoken.explain import Told

__all__ = ["main"]

log = logging.getLogger(__name__)

EXIT_INTERRUPTED = 130

_ALL = "voices of other languages than the show's as well"
_FROM = "another address, or a folder, that holds the same files"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = _parser().parse_args(argv)
    if hasattr(arguments, "papers"):  # a path is the caller's, a glob or a slug is the show's
        arguments.papers = [_absolute(paper) for paper in arguments.papers]
    logging.basicConfig(
        level=[logging.WARNING, logging.INFO, logging.DEBUG][min(arguments.verbose, 2)],
        format="%(message)s" if arguments.verbose < 2 else "%(name)s: %(message)s",
    )
    signal.signal(signal.SIGTERM, _interrupted)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console may know less than Unicode
    try:
        _enter(arguments.show)
        return int(arguments.run(arguments) or 0)
    except KeyboardInterrupt:
        print("interrupted; run it again and it goes on where it stopped", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of our output left, as in `paperledge script | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the last word is ours, not a traceback's
        log.debug("where it happened", exc_info=error)
        return print_error(error)


def _enter(folder: str) -> None:
    try:
        os.chdir(folder)
    except OSError as error:
        raise SettingsError(f"there is no show here: {error.strerror}", where=folder) from error


def _absolute(paper: str) -> str:
    return str(Path(paper).absolute()) if Path(paper).is_file() else paper


def _interrupted(signum: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="paperledge", description="Turns a backlog of paper summaries into finished podcast episodes."
    )
    parser.add_argument("--version", action="version", version=f"paperledge {__version__}")
    parser.add_argument("--show", default=".", metavar="DIR", help="the show's folder (default: this one)")
    parser.add_argument("-v", "--verbose", action="count", default=0, help="say more; twice, for developers")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    makecli.add_verbs(verbs)

    script = add_verb(verbs, "script", _script, "print what an episode will say")
    add_papers(script)

    say = add_verb(verbs, "say", _say_aloud, "print how papers, or any text, are said")
    say.add_argument("files", nargs="*", type=here, metavar="FILE", help="default: standard input")
    say.add_argument("--no-lexicon", action="store_true", help="without the show's and the papers' lexicons")
    how = say.add_mutually_exclusive_group()
    how.add_argument("--explain", action="store_true", help="by which rule, and what to look at (-v: all)")
    how.add_argument("--plain", action="store_true", help="a line of words for each line of text")
    how.add_argument("--json", action="store_true", help="all of it as JSON")
    say.add_argument("--sentences", action="store_true", help="the sentences of each line of text instead")

    checkcli.add_verbs(verbs)

    voices = add_verb(
        verbs, "voices", _voices, "list the voices of this show and whether they can speak here"
    )
    voices.add_argument("--all", action="store_true", help=_ALL)
    voices.add_argument("--json", action="store_true", help="as JSON")
    more = voices.add_subparsers(metavar="[add]")
    adding = add_verb(more, "add", _voices_add, "add voices to this show, from their publishers")
    adding.add_argument("names", nargs="*", metavar="NAME", help="default: all of voices/lock.yaml")
    adding.add_argument("--from", dest="source", type=_source, metavar="PLACE", help=_FROM)

    audition = add_verb(
        verbs, "audition", _audition, "let voices speak the same sentences, on a page to listen to"
    )
    audition.add_argument("voices", nargs="*", metavar="VOICE", help="as `voices` lists them (default: all)")
    audition.add_argument("--all", action="store_true", help=_ALL)
    audition.add_argument("--jobs", type=positive, metavar="N", help="worker processes (default: one a core)")

    new = add_verb(verbs, "new", _new, "start a show of your own")
    new.add_argument("folder", type=here)

    notes = add_verb(verbs, "import-notes", _import_notes, "split a page of show notes into paper files")
    notes.add_argument("file", type=here)
    notes.add_argument("--into", type=Path, default=Path("papers"), metavar="DIR", help="default: papers")

    publishcli.add_verbs(verbs)
    reportcli.add_verbs(verbs)
    listencli.add_verbs(verbs)
    carecli.add_verbs(verbs)

    setup = add_verb(verbs, "setup", _setup, "install what the show needs, from the lock")
    setup.add_argument("extras", nargs="*", help="extras to install as well, such as espeak")

    add_verb(verbs, "clean", _clean, "delete everything that was made")
    return parser


def _source(text: str) -> str:
    """An address as it is, or a folder as the caller means it."""
    return text if "://" in text else str(here(text))


def _script(arguments: argparse.Namespace) -> int:
    from .backlog import scripts
    from .report import print_failures
    from .run import Options
    from .script import spoken_text

    written, failed = scripts(Path(), Options(papers=tuple(arguments.papers), executor="local:1"))
    for path, script in written.items():
        if len(written) > 1:
            print(f"==> {path} <==")
        print(spoken_text(script))
    return print_failures(failed, sys.stderr)


def _say_aloud(arguments: argparse.Namespace) -> None:
    from .saying import filtered, told_texts
    from .script.spoken import explain

    with_lexicons = not arguments.no_lexicon
    if arguments.plain or arguments.sentences:
        line_of = explain.sentences_of_line if arguments.sentences else explain.spoken_line
        for line in filtered(arguments.files, sys.stdin.buffer, line_of, with_lexicon=with_lexicons):
            print(line)
        return
    told = tuple(told_texts(arguments.files, sys.stdin.buffer, with_lexicons=with_lexicons))
    if arguments.json:
        print(explain.as_json(told, explain.find_unsure(told)))
    elif arguments.explain:
        _explain(told, every=arguments.verbose > 0)
    else:
        print(printable(explain.as_text(told)))


def _explain(told: "tuple[Told, ...]", *, every: bool) -> None:
    """How each text is said, then one list of all that a host should look at."""
    from .script.spoken.explain import explained, find_unsure, unsure_lines

    for line in explained(told, every=every, colour=sys.stdout.isatty()):
        print(line)
    if unsure := find_unsure(told):
        print(
            "\n# To look at, the most frequent first; right or mended, a line can go into voices/lexicon.yaml"
        )
        print(*unsure_lines(unsure), sep="\n")


def _voices(arguments: argparse.Namespace) -> int:
    from .show import load_show
    from .store import Store
    from .synthesis.survey import survey
    from .voicetable import as_json, as_text

    found = survey(Path("voices"), load_show(Path()), Store(Path("output", ".store")), every=arguments.all)
    print(as_json(found) if arguments.json else as_text(found, colour=sys.stdout.isatty()))
    faults = [fault for voice in found for fault in voice.faults]
    for fault in faults:
        print(f"error: {printable(fault)}", file=sys.stderr)
    return SettingsError.exit_code if faults else 0


def _voices_add(arguments: argparse.Namespace) -> None:
    from .progress import fetching
    from .report import added_as_text
    from .synthesis.adding import add

    with fetching(sys.stderr) as watch:
        added = add(arguments.names, Path("voices"), arguments.source or "", watch)
    print(printable(added_as_text(added)))
    if written := [voice.name for voice in added if voice.profile_written]:
        print(f"now: make VOICE={written[0]}, or write `voice: {written[0]}` in show.yaml", file=sys.stderr)


def _audition(arguments: argparse.Namespace) -> int:
    from .audition import audition
    from .progress import watching
    from .report import print_failures

    executor = f"local:{arguments.jobs}" if arguments.jobs else "local"
    with watching(sys.stderr, "voices") as watcher:
        done = audition(Path(), tuple(arguments.voices), watcher, every=arguments.all, executor=executor)
    print(f"{len(done.heard)} voices, {done.lines_spoken} lines spoken, {done.lines_reused} reused")
    print(f"{'listen' if done.heard else 'see'}: {printable(done.page)}")
    return print_failures(done.failed, sys.stderr)


def _new(arguments: argparse.Namespace) -> None:
    from shlex import quote
    from shutil import which

    from .starter import start_show

    for path in start_show(arguments.folder):
        print(path)
    print(f"now: look at show.yaml, then cd {quote(str(arguments.folder))} and make", file=sys.stderr)
    if which("paperledge") is None:
        ours = quote(str(Path(sys.executable).with_name("paperledge")))
        print(f"what is called `paperledge` there is {ours} here", file=sys.stderr)


def _import_notes(arguments: argparse.Namespace) -> None:
    from .errors import PaperError
    from .paper.shownotes import split_notes, write_papers
    from .textfile import read_pasted

    notes = split_notes(read_pasted(arguments.file, PaperError, limit_bytes=16 * 1024 * 1024))
    if not notes:
        hint = "each episode should have its date on a line of its own, or a line of credits"
        raise PaperError("no episodes were found", where=str(arguments.file), hint=hint)
    for note, path in zip(notes, write_papers(notes, arguments.into), strict=True):
        print(path)
        lacking = [what for what, it in (("title", note.title), ("authors", note.authors)) if not it]
        if lacking:
            print(f"{path}: no {' and no '.join(lacking)} in the notes: please fill in", file=sys.stderr)


def _setup(arguments: argparse.Namespace) -> None:
    from .install import setup

    setup(Path(), arguments.extras)


def _clean(arguments: argparse.Namespace) -> None:
    from .deliver import clean
    from .show import find_show

    find_show(Path())  # what is in the output/ of anything else is not ours
    clean(Path("output"))
