"""Links as a host says them: without the scheme, with "dot" and "slash", in words."""

import re

__all__ = ["say_link"]

_SIGNS = {".": " dot ", "/": " slash ", "-": " dash ", "_": " underscore ", "@": " at ", "~": " tilde "}
_WORD_EDGE = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def say_link(url: str) -> str:
    """A URL or an e-mail address, said; whatever follows "?" or "#" is left to the show notes."""
    address = re.split(r"[?#]", re.sub(r"^https?://(www\.)?", "", url))[0].rstrip("/")
    signs = "".join(_SIGNS.get(char, char if char.isalnum() else " ") for char in address)
    return " ".join(_WORD_EDGE.sub(" ", signs).split())
