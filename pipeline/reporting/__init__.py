"""The report: what finished episodes sound like, and what is wrong where, to look at and to listen to.

    output/ ── examined ──> Backlog ─┬─ write_pages ──> output/report.html, output/report/<slug>.html
                                     ├─ as_text ──────> a terminal
                                     └─ as it is, JSON > programs

Nothing of now is in it: the same episodes give the same bytes.
"""

from .backlog import report, slug_of
from .pages import write_pages
from .text import as_text
from .values import Backlog, Mark, Portrait, Recognised

__all__ = ["Backlog", "Mark", "Portrait", "Recognised", "as_text", "report", "slug_of", "write_pages"]
