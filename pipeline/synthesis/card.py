"""The MODEL_CARD of a Piper voice, a page of Markdown, into what a show has to know of it."""

import re

from msgspec import Struct

__all__ = ["Card", "read_card"]

UNKNOWN = "unknown"
_MOST_CHARS = 200


class Card(Struct, frozen=True, kw_only=True):
    """What a model card says."""

    licence: str = UNKNOWN
    """Of the recordings, in the card's words; where these only point elsewhere, with the address."""
    language: str = ""
    """Such as "English, United States"; "" if it does not say."""
    made: str = ""
    """How the voice was trained, if from another voice: that one's licence may bear on it."""


def read_card(text: str) -> Card:
    """Read a card, whatever is in it: what it does not say is unknown."""
    licence, address = _item(text, "Licen[sc]e"), _item(text, "URL")
    if licence.lower() in ("", "see url") and address:
        licence = _line(f"see {address}")
    language = re.search(r"\((.+)\)", _item(text, "Language"))
    made = re.search(r"^.*fine-?tuned from.*$", text, re.IGNORECASE | re.MULTILINE)
    return Card(
        licence=licence or UNKNOWN,
        language=_line(language[1]) if language else "",
        made=_line(made[0]).rstrip(".") if made else "",
    )


def _item(text: str, name: str) -> str:
    """The value of a list item such as `* License: CC0`; "" if there is none."""
    found = re.search(rf"^\s*[*-]?\s*{name}:(.*)$", text, re.IGNORECASE | re.MULTILINE)
    return _line(found[1]) if found else ""


def _line(text: str) -> str:
    """Text for a YAML file and a terminal: one line, shortened, printable."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= _MOST_CHARS else line[: _MOST_CHARS - 1] + "…"
