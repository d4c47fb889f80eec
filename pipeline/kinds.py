"""Kinds of text and number that people write in settings and papers; each says what it should be."""

from typing import Annotated, Literal

from msgspec import Meta

__all__ = ["LONGEST_PAUSE_MS", "BlockKind", "Language", "Milliseconds", "OneLine", "WebAddress"]

BlockKind = Literal["heading", "paragraph", "bullet", "quote", "code"]
"""What a block of a script is; the pause after it depends on it."""

OneLine = Annotated[str, Meta(pattern=r"^[^\n]*[^\s][^\n]*$", max_length=2_000, description="on one line")]
WebAddress = Annotated[
    str,
    Meta(
        pattern=r"^https?://[!-~]*[A-Za-z0-9][!-~]*$",
        max_length=2_000,
        description="that begins with https:// and has no spaces",
    ),
]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$", description="such as en or en-gb")]
LONGEST_PAUSE_MS = 10_000
Milliseconds = Annotated[int, Meta(ge=0, le=LONGEST_PAUSE_MS)]
