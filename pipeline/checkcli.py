"""The verbs that look at a show before anything is made: `check` and `schema`; a part of cli.py."""

# ruff: noqa: T201 - this is where printing happens, as in cli.py

import argparse
import sys
from pathlib import Path

from .textfile import printable
from .verbs import Verbs, add_papers, add_verb

__all__ = ["add_verbs"]

_SCHEMAS = ("show", "voice", "lexicon", "paper")
"""Those of schemas.py, which is only loaded to print one."""


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to a command."""
    check = add_verb(verbs, "check", _check, "find all problems in papers, templates, voices and settings")
    add_papers(check)
    how = check.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_const", const="json", dest="format", help="as JSON")
    how.add_argument("--format", choices=("text", "json", "github"), default="text", help="default: text")

    schema = add_verb(verbs, "schema", _schema, "print the JSON Schema of what people write, for editors")
    schema.add_argument("name", choices=_SCHEMAS, metavar="|".join(_SCHEMAS), help="of which file")


def _check(arguments: argparse.Namespace) -> int:
    from .check import check, exit_code_of
    from .findings import as_annotations, as_json, as_lines

    checked, findings = check(Path(), tuple(arguments.papers))
    if arguments.format == "json":
        print(as_json(findings), end="")
    elif arguments.format == "github":
        print(printable(as_annotations(findings)), end="")
    else:
        print(printable(as_lines(findings, why=arguments.verbose > 0)), end="")
    papers = f"{checked} paper{'s' * (checked != 1)} checked"
    notes = sum(finding.severity == "note" for finding in findings)
    problems = len(findings) - notes
    found = f"{problems or 'no'} problem{'s' * (problems != 1)} found"
    noted = f", {notes} note{'s' * (notes != 1)}" if notes else ""
    print(f"{papers}, {found}{noted}", file=sys.stderr)
    return next((exit_code_of(finding.code) for finding in findings if finding.is_error), 0)


def _schema(arguments: argparse.Namespace) -> None:
    from .schemas import schema_as_json

    print(schema_as_json(arguments.name), end="")
