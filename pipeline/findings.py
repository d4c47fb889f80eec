"""What a check found: a code, a place, what is wrong, why it matters and what to do.

Codes are stable, such as FEED104, so that they can be looked up, counted and argued about; docs/findings.md
lists them all.
"""

from typing import Literal

from msgspec import Struct

__all__ = ["Finding", "Severity"]

Severity = Literal["error", "warning"]


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a delivered file."""

    code: str
    severity: Severity
    where: str
    """Path below the site's folder, and where in it: a line, an element, a time."""
    what: str
    """What is wrong, in one line."""
    why: str
    """Who would be harmed, or which rule it breaks."""
    remedy: str
    at_s: float | None = None
    """Where in the sound, in seconds."""

    @property
    def is_error(self) -> bool:
        """Whether nothing should be published with it."""
        return self.severity == "error"

    def __str__(self) -> str:
        return f"{self.where}: {self.code} {self.severity}: {self.what} ({self.remedy})"
