"""What a check found: a code, a place, what is wrong, why it matters and what to do.

Codes are stable, such as FEED104, so that they can be looked up, counted, argued about and set in show.yaml;
docs/findings.md lists them all. Each has one `Rule`, in a table of whoever looks for it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

__all__ = [
    "Finding",
    "Rule",
    "SetSeverity",
    "Severity",
    "as_annotations",
    "as_json",
    "as_lines",
    "as_markdown",
    "by_rule",
    "weighed",
]

Severity = Literal["error", "warning", "note"]
"""Errors fail a command; warnings and notes are shown."""
SetSeverity = Literal["error", "warning", "note", "off"]
"""What a show may make of a rule; what is off is not reported."""


class Rule(NamedTuple):
    """What a code stands for."""

    severity: Severity
    title: str
    """What is wrong, whatever the file."""
    why: str
    """Who would be harmed, or which rule it breaks."""
    remedy: str


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a show, or with a delivered file."""

    code: str
    severity: Severity
    where: str
    """Path below the show's or the site's folder, and where in it: file:line:column, an element, a time."""
    what: str
    """What is wrong, in one line."""
    why: str
    """Who would be harmed, or which rule it breaks."""
    remedy: str
    at_s: float | None = None
    """Where in the sound, in seconds."""

    @property
    def is_error(self) -> bool:
        """Whether nothing should be made or published with it."""
        return self.severity == "error"

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.code} {self.severity}: {self.what} ({self.remedy})"


def by_rule(
    code: str, rule: Rule, where: str, what: str, *, remedy: str = "", at_s: float | None = None
) -> Finding:
    """A finding of a rule. remedy: a better one than the rule's, where there is one."""
    return Finding(
        code=code,
        severity=rule.severity,
        where=where,
        what=what,
        why=rule.why,
        remedy=remedy or rule.remedy,
        at_s=at_s,
    )


def weighed(findings: Iterable[Finding], severity: Mapping[str, SetSeverity]) -> tuple[Finding, ...]:
    """The findings as a show wants them: code → severity; those of a rule that is off are left out."""
    return tuple(
        replace(finding, severity=wanted)
        for finding in findings
        if (wanted := severity.get(finding.code, finding.severity)) != "off"
    )


def as_lines(findings: Iterable[Finding], *, why: bool = False) -> str:
    """For people and editors, one a line. why: with a second line that says what harm it does."""
    return "".join(_told(finding) + f"    {finding.why}\n" * why for finding in findings)


def _told(finding: Finding) -> str:
    return " ".join(str(finding).split("\n")) + "\n"


def as_json(findings: Sequence[Finding]) -> str:
    """For machines: a list."""
    return msgspec.json.format(msgspec.json.encode(findings)).decode() + "\n"


def as_annotations(findings: Iterable[Finding]) -> str:
    """For GitHub Actions, which shows each beside the line that it is about."""
    return "".join(_annotation(finding) + "\n" for finding in findings)


_PLACE = re.compile(r"(?P<file>.*?)(?::(?P<line>\d+))?(?::(?P<col>\d+))?", re.DOTALL)
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def _annotation(finding: Finding) -> str:
    """A workflow command; what would end a value or the command is escaped as GitHub asks."""
    place = _PLACE.fullmatch(finding.where)
    properties = {**(place.groupdict() if place else {}), "title": finding.code}
    said = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items() if value)
    return f"::{_COMMANDS[finding.severity]} {said}::{_escaped(f'{finding.what} ({finding.remedy})')}"


def _escaped(text: str, more: str = "") -> str:
    return re.sub(f"[%\r\n{more}]", lambda found: f"%{ord(found[0]):02X}", text)


def as_markdown(rules: Mapping[str, Rule]) -> str:
    """A table of docs/findings.md."""
    rows = (
        f"| {code} | {rule.severity} | {rule.title} | {rule.why} | {rule.remedy} |"
        for code, rule in rules.items()
    )
    return "\n".join(["| code | | what | why | what to do |", "|---|---|---|---|---|", *rows]) + "\n"
