"""Single faults of a good site: a name, the code that is expected first, and what is done to the files."""

from .changes import Change, paged
from .feed import FEED
from .items import ITEMS
from .ledger import LEDGER
from .pages import PAGES
from .pictures import PICTURES
from .sound import SOUND
from .words import WORDS

__all__ = ["FAULTS", "Change", "paged"]

FAULTS: dict[str, tuple[str, Change]] = {**FEED, **ITEMS, **SOUND, **WORDS, **PICTURES, **LEDGER, **PAGES}
"""Name → code that has to be the first found of its severity, and what is done."""
