"""What the verbs of the command line have in common: how one is added, read, and ends in an error."""

# ruff: noqa: T201 - this is where printing happens, as in cli.py

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from .errors import PaperledgeError
from .textfile import printable

__all__ = ["Verb", "Verbs", "add_papers", "add_verb", "here", "positive", "print_error"]

Verb = Callable[[argparse.Namespace], int | None]
"""What a verb does; its exit code, None for 0."""

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_verb(verbs: Verbs, name: str, run: Verb | None, text: str) -> argparse.ArgumentParser:
    """Add a verb; None is for one that has verbs of its own. text: what it does, in lower case."""
    verb = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    verb.set_defaults(run=run)
    return verb


def add_papers(verb: argparse.ArgumentParser) -> None:
    """Let a verb be told which papers."""
    verb.add_argument(
        "papers", nargs="*", metavar="PAPER", help="paths, quoted globs or slugs (default: all)"
    )


def here(text: str) -> Path:
    """A path as the caller means it, wherever the show is."""
    return Path(text).absolute()


def positive(text: str) -> int:
    """A number of 1 or more. Raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 1 or more")
    return int(text)


def print_error(error: Exception) -> int:
    """Print an error and all found with it, each once; the exit code."""
    if not isinstance(error, PaperledgeError):
        print(
            f"error: unexpected {type(error).__name__}: {error} (paperledge -vv shows where)", file=sys.stderr
        )
        return 1
    for fault in dict.fromkeys(map(str, (error, *error.others))):
        print(f"error: {printable(fault)}", file=sys.stderr)
    return error.exit_code
