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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from . import __version__
from .errors import ExtraMissing, PaperledgeError, SettingsError
from .textfile import printable

if TYPE_CHECKING:
    from .backlog import Options, Report
    from .script.spoken.explain import Told

__all__ = ["main"]

log = logging.getLogger(__name__)

EXIT_INTERRUPTED = 130

_ALL = "voices of other languages than the show's as well"
_FROM = "another address, or a folder, that holds the same files"

Verb = Callable[[argparse.Namespace], int | None]


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
        return _say(error)


def _say(error: Exception) -> int:
    """Print an error and all found with it, each once; the exit code."""
    if not isinstance(error, PaperledgeError):
        print(
            f"error: unexpected {type(error).__name__}: {error} (paperledge -vv shows where)", file=sys.stderr
        )
        return 1
    for fault in dict.fromkeys(map(str, (error, *error.others))):
        print(f"error: {printable(fault)}", file=sys.stderr)
    return error.exit_code


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

    make = _verb(verbs, "make", _make, "make every episode that is not up to date")
    _add_run(make)
    make.add_argument("--jobs", type=_positive, metavar="N", help="worker processes (default: one a core)")
    make.add_argument("--install", action="store_true", help="install the extra that the voice needs")

    _add_run(_verb(verbs, "plan", _plan, "say what make would do now, why, and how long it would take"))
    explain = _verb(verbs, "explain", _why, "say what changed since episodes were made, stage by stage")
    explain.add_argument("papers", nargs="+", metavar="EPISODE", help="slugs, or paths of papers")
    _add_papers(_verb(verbs, "diff", _diff, "show what episodes would say otherwise since they were made"))

    script = _verb(verbs, "script", _script, "print what an episode will say")
    _add_papers(script)

    say = _verb(verbs, "say", _say_aloud, "print how papers, or any text, are said")
    say.add_argument("files", nargs="*", type=_from_here, metavar="FILE", help="default: standard input")
    say.add_argument("--no-lexicon", action="store_true", help="without the show's and the papers' lexicons")
    how = say.add_mutually_exclusive_group()
    how.add_argument("--explain", action="store_true", help="by which rule, and what to look at (-v: all)")
    how.add_argument("--plain", action="store_true", help="a line of words for each line of text")
    how.add_argument("--json", action="store_true", help="all of it as JSON")
    say.add_argument("--sentences", action="store_true", help="the sentences of each line of text instead")

    check = _verb(verbs, "check", _check, "find all problems in papers, templates, voices and settings")
    _add_papers(check)

    voices = _verb(verbs, "voices", _voices, "list the voices of this show and whether they can speak here")
    voices.add_argument("--all", action="store_true", help=_ALL)
    voices.add_argument("--json", action="store_true", help="as JSON")
    more = voices.add_subparsers(metavar="[add]")
    adding = _verb(more, "add", _voices_add, "add voices to this show, from their publishers")
    adding.add_argument("names", nargs="*", metavar="NAME", help="default: all of voices/lock.yaml")
    adding.add_argument("--from", dest="source", type=_source, metavar="PLACE", help=_FROM)

    audition = _verb(
        verbs, "audition", _audition, "let voices speak the same sentences, on a page to listen to"
    )
    audition.add_argument("voices", nargs="*", metavar="VOICE", help="as `voices` lists them (default: all)")
    audition.add_argument("--all", action="store_true", help=_ALL)
    audition.add_argument(
        "--jobs", type=_positive, metavar="N", help="worker processes (default: one a core)"
    )

    new = _verb(verbs, "new", _new, "start a show of your own")
    new.add_argument("folder", type=_from_here)

    notes = _verb(verbs, "import-notes", _import_notes, "split a page of show notes into paper files")
    notes.add_argument("file", type=_from_here)
    notes.add_argument("--into", type=Path, default=Path("papers"), metavar="DIR", help="default: papers")

    setup = _verb(verbs, "setup", _setup, "install what the show needs, from the lock")
    setup.add_argument("extras", nargs="*", help="extras to install as well, such as espeak")

    _verb(verbs, "clean", _clean, "delete everything that was made")
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Verb, text: str
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    verb.set_defaults(run=run)
    return verb


def _add_papers(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "papers", nargs="*", metavar="PAPER", help="paths, quoted globs or slugs (default: all)"
    )


def _add_run(verb: argparse.ArgumentParser) -> None:
    _add_papers(verb)
    verb.add_argument("--voice", metavar="NAME", help="a profile in voices/, for this run")
    verb.add_argument("--draft", action="store_true", help="tones instead of speech, into output/draft/")
    verb.add_argument("--json", action="store_true", help="report as JSON")


def _from_here(text: str) -> Path:
    """A path as the caller means it, wherever the show is."""
    return Path(text).absolute()


def _source(text: str) -> str:
    """An address as it is, or a folder as the caller means it."""
    return text if "://" in text else str(_from_here(text))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 1 or more")
    return int(text)


def _make(arguments: argparse.Namespace) -> int:
    from .backlog import Options
    from .report import as_json, as_text, print_failures

    options = Options(
        papers=tuple(arguments.papers),
        voice=arguments.voice,
        draft=arguments.draft,
        executor=f"local:{arguments.jobs}" if arguments.jobs else "local",
    )
    try:
        report = _watched(options)
    except ExtraMissing as error:
        if not arguments.install:
            raise
        _install(error)
        report = _watched(options)
    print(as_json(report) if arguments.json else as_text(report))
    return print_failures(report.failed, sys.stderr)


def _watched(options: "Options") -> "Report":
    from .backlog import make
    from .progress import watching

    with watching(sys.stderr) as watcher:
        return make(Path(), options, watcher)


def _install(error: ExtraMissing) -> None:
    from .install import add_extra

    print(f"{error.what}: installing it", file=sys.stderr)
    add_extra(error.extra)


def _plan(arguments: argparse.Namespace) -> int:
    from .batch import Options
    from .plan import plan
    from .report import plan_as_json, plan_as_text, print_failures

    options = Options(papers=tuple(arguments.papers), voice=arguments.voice, draft=arguments.draft)
    foretold = plan(Path(), options)
    print(plan_as_json(foretold) if arguments.json else printable(plan_as_text(foretold)))
    return print_failures(foretold.failed, sys.stderr)


def _why(arguments: argparse.Namespace) -> int:
    from .batch import Options
    from .explain import explain
    from .report import explained_as_text, print_failures

    explained, failed = explain(Path(), Options(papers=tuple(arguments.papers)))
    print(*(explained_as_text(episode, colour=sys.stdout.isatty()) for episode in explained), sep="\n")
    return print_failures(failed, sys.stderr)


def _diff(arguments: argparse.Namespace) -> int:
    from .batch import Options
    from .explain import differences
    from .report import difference_as_text, print_failures

    found, failed = differences(Path(), Options(papers=tuple(arguments.papers)))
    print(*(f"{difference_as_text(one, colour=sys.stdout.isatty())}\n" for one in found), sep="", end="")
    return print_failures(failed, sys.stderr)


def _script(arguments: argparse.Namespace) -> int:
    from .backlog import Options, scripts
    from .report import print_failures
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


def _check(arguments: argparse.Namespace) -> int:
    from .check import check

    checked, faults = check(Path(), tuple(arguments.papers))
    for fault in faults:
        print(printable(str(fault)))
    papers, problems = "paper" + "s" * (checked != 1), "problem" + "s" * (len(faults) != 1)
    print(f"{checked} {papers} checked, {len(faults) or 'no'} {problems} found", file=sys.stderr)
    return faults[0].exit_code if faults else 0


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
    for path in write_papers(notes, arguments.into):
        print(path)
    unnamed = sum(note.title is None or not note.authors for note in notes)
    if unnamed:
        print(
            f"{unnamed} of them have no title or authors in the notes: please fill them in", file=sys.stderr
        )


def _setup(arguments: argparse.Namespace) -> None:
    from .install import setup

    setup(Path(), arguments.extras)


def _clean(arguments: argparse.Namespace) -> None:
    from .deliver import clean

    clean(Path("output"))
