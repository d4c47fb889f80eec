"""The verbs of a run over the backlog: `make`, `watch`, and what says beforehand what they would do.

A part of cli.py.
"""

# ruff: noqa: T201 - this is where printing happens, as in cli.py

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ExtraMissing, PaperledgeError, SettingsError
from .shard import Shard
from .textfile import printable
from .verbs import Verbs, add_papers, add_verb, here, positive, print_error

if TYPE_CHECKING:
    from .backlog import Report
    from .bench import Job
    from .execute import Opener
    from .run import Options

__all__ = ["add_verbs"]


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to a command."""
    make = add_verb(verbs, "make", _make, "make every episode that is not up to date")
    _add_run(make)
    _add_work(make)
    make.add_argument("--shard", type=_share, metavar="I/N", help="only this share of the papers")
    make.add_argument("--fail-fast", action="store_true", help="end the run at the first failure")

    watch = add_verb(verbs, "watch", _watch, "make drafts of what every edit touches, until Ctrl-C")
    _add_what(watch)
    _add_work(watch)

    plan = add_verb(verbs, "plan", _plan, "say what make would do now, why, and how long it would take")
    _add_run(plan)
    plan.add_argument("--workers", type=positive, metavar="N", help="how long it would take N workers")
    plan.add_argument("--jobs-to", type=here, metavar="FILE", help="write the lines to be spoken, as jobs")

    work = add_verb(verbs, "work", _work, "do jobs from files, here and now")
    work.add_argument("files", nargs="+", type=here, metavar="JOBS", help="a job, or one a line, as JSON")
    work.add_argument("--shard", type=_share, metavar="I/N", help="only this share of the jobs")
    _add_where(work)

    explain = add_verb(verbs, "explain", _why, "say what changed since episodes were made, stage by stage")
    explain.add_argument("papers", nargs="+", metavar="EPISODE", help="slugs, or paths of papers")
    add_papers(add_verb(verbs, "diff", _diff, "show what episodes would say otherwise since they were made"))


def _share(text: str) -> Shard:
    """For argparse, which says what is wrong with an argument. Raises ArgumentTypeError."""
    try:
        return Shard.parsed(text)
    except SettingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _add_what(verb: argparse.ArgumentParser) -> None:
    add_papers(verb)
    verb.add_argument("--voice", metavar="NAME", help="a profile in voices/, for this run")


def _add_work(verb: argparse.ArgumentParser) -> None:
    _add_where(verb)
    verb.add_argument("--install", action="store_true", help="install the extra that is needed")


def _add_where(verb: argparse.ArgumentParser) -> None:
    where = verb.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=positive, metavar="N", help="worker processes (default: one a core)")
    where.add_argument(
        "--executor", metavar="URL", help="where else jobs are done, such as dask:tcp://HOST:8786"
    )


def _add_run(verb: argparse.ArgumentParser) -> None:
    _add_what(verb)
    verb.add_argument("--draft", action="store_true", help="tones instead of speech, into output/draft/")
    verb.add_argument("--limit", type=positive, metavar="N", help="N episodes at most")
    verb.add_argument("--newest", action="store_true", help="those with the latest date first")
    verb.add_argument("--failed", action="store_true", help="only what the last run could not make")
    verb.add_argument("--json", action="store_true", help="report as JSON")


def _options(arguments: argparse.Namespace) -> "Options":
    """What all runs may be told."""
    from .run import Options

    return Options(
        papers=tuple(arguments.papers),
        voice=arguments.voice,
        draft=arguments.draft,
        limit=arguments.limit,
        newest=arguments.newest,
        failed=arguments.failed,
    )


def _make(arguments: argparse.Namespace) -> int:
    from msgspec.structs import replace

    from .history import report_as_json
    from .report import as_text, print_failures

    options = replace(
        _options(arguments),
        executor=_executor(arguments),
        shard=arguments.shard,
        fail_fast=arguments.fail_fast,
    )
    report = _installing(options, arguments.install)
    if options.failed and not (report.made or report.reused or report.failed):
        print("nothing of this failed in the last run", file=sys.stderr)
    print(report_as_json(report) if arguments.json else as_text(report))
    return print_failures(report.failed, sys.stderr)


def _executor(arguments: argparse.Namespace) -> str | None:
    return f"local:{arguments.jobs}" if arguments.jobs else arguments.executor


def _installing(options: "Options", install: bool, opener: "Opener | None" = None) -> "Report":
    """One run; if its voice, executor or store lacks an extra and that is wanted, once it is installed."""
    installed: set[str] = set()
    while True:
        try:
            return _shown(options, opener)
        except ExtraMissing as error:
            if not install or not error.extra or error.extra in installed:
                raise
            from .install import add_extra

            print(f"{error.what}: installing it", file=sys.stderr)
            add_extra(error.extra)
            installed.add(error.extra)


def _shown(options: "Options", opener: "Opener | None") -> "Report":
    """One run, shown as it goes, and in the history afterwards."""
    from .backlog import make
    from .execute import open_executor
    from .history import note
    from .progress import watching

    began = time.monotonic()
    with watching(sys.stderr) as watcher:
        report = make(Path(), options, watcher, opener or open_executor)
    note(Path("output"), report, round((time.monotonic() - began) * 1000))
    return report


def _watch(arguments: argparse.Namespace) -> None:
    """A run at once and after every edit, a line each, until Ctrl-C, which is how one leaves."""
    from .execute import Kept
    from .report import in_short, print_failures
    from .run import Options
    from .watch import watch

    papers = tuple(arguments.papers)
    options = Options(papers=papers, voice=arguments.voice, draft=True, executor=_executor(arguments))
    kept = Kept()

    def run() -> None:
        began = time.monotonic()
        try:
            report = _installing(options, arguments.install, kept.open)
        except PaperledgeError as error:
            print_error(error)
            return
        print(f"{in_short(report)}, {time.monotonic() - began:.1f} s", flush=True)
        print_failures(report.failed, sys.stderr)

    print("watching papers, scripts, voices and show.yaml; Ctrl-C ends it", file=sys.stderr)
    try:
        watch(Path(), run, others=tuple(Path(paper) for paper in papers if Path(paper).is_absolute()))
    except KeyboardInterrupt:
        print(file=sys.stderr)
    finally:
        kept.close()


def _plan(arguments: argparse.Namespace) -> int:
    from .plan import plan
    from .report import plan_as_json, plan_as_text, print_failures

    foretold = plan(Path(), _options(arguments), arguments.jobs_to, arguments.workers)
    text = plan_as_text(foretold, with_busy=arguments.workers is not None)
    print(plan_as_json(foretold) if arguments.json else printable(text))
    return print_failures(foretold.failed, sys.stderr)


def _work(arguments: argparse.Namespace) -> int:
    from .execute import open_executor
    from .work import do_jobs, read_jobs, share_of

    jobs = share_of([job for file in arguments.files for job in read_jobs(file)], arguments.shard)
    done = 0

    def tell(job: "Job", error: Exception | None) -> None:
        nonlocal done
        done += 1
        print(f"[{done}/{len(jobs)}] {job['step']} {job['key'][:12]}{' failed' if error else ''}", flush=True)

    with open_executor(_executor(arguments) or "local") as executor:
        errors = do_jobs(jobs, executor, tell)
    return max([print_error(error) for error in errors], default=0)


def _why(arguments: argparse.Namespace) -> int:
    from .explain import explain
    from .report import explained_as_text, print_failures
    from .run import Options

    explained, failed = explain(Path(), Options(papers=tuple(arguments.papers)))
    print(*(explained_as_text(episode, colour=sys.stdout.isatty()) for episode in explained), sep="\n")
    return print_failures(failed, sys.stderr)


def _diff(arguments: argparse.Namespace) -> int:
    from .explain import differences
    from .report import difference_as_text, print_failures
    from .run import Options

    found, failed = differences(Path(), Options(papers=tuple(arguments.papers)))
    print(*(f"{difference_as_text(one, colour=sys.stdout.isatty())}\n" for one in found), sep="", end="")
    if not (found or failed):
        print("every episode would say what it says now", file=sys.stderr)
    return print_failures(failed, sys.stderr)
