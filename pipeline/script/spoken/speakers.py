"""Who speaks: a paragraph that begins with a name of the cast and a colon is theirs.

    Ada: So what did they find?        **Ada:** So what did they find?

The name is written, not said. Any other paragraph is the host's, and so is all that names nobody.
"""

import re
from collections.abc import Collection
from functools import lru_cache

from ...model import BlockKind, Token

__all__ = ["label_of", "labelled"]


@lru_cache(8)
def label_of(speakers: Collection[str]) -> re.Pattern[str] | None:
    """What a line of one of these begins with; None if there is nobody. speakers: a tuple."""
    if not speakers:
        return None
    names = "|".join(map(re.escape, sorted(speakers, key=len, reverse=True)))
    return re.compile(
        rf"\s*(?P<bold>\*\*|__)?(?P<name>{names})(?(bold)(?::(?P=bold)|(?P=bold):)|:)[ \t]+(?=\S)"
    )


def labelled(text: str, kind: BlockKind, label: re.Pattern[str] | None) -> tuple[str, Token | None]:
    """Who speaks a block, and the token of the name that it begins with; "" and None if it has none."""
    found = label.match(text) if label and kind == "paragraph" else None
    if found is None:
        return "", None
    return found["name"], Token(written=found[0], spoken="", cls="speaker", rule="speaker")
