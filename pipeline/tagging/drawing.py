"""A cover, drawn from words: the show small, the field as a label, the title large, a figure below.

    words, width ── draw_cover ──>  an sRGB picture

A field always has its colours and its figure; the title varies the figure. No text stands in the bottom
fifth, because players put their controls there (Apple's artwork requirements).
"""

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from .bidi import runs_from_right
from .fonts import LABEL, TITLE
from .lettering import Space, plain, set_text
from .motifs import Tones, draw_motif
from .shaping import paint

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["draw_cover"]

_PAPER = "#fff7ea"
"""The colour of titles: at least 7:1 on every ground, as WCAG 2.2 asks for (1.4.6)."""
_MARGIN = 0.075
"""This and what follows: in widths of the cover."""
_INNER = 1 - 2 * _MARGIN
_FIGURE = (0.54, 0.68)
"""The figure of an episode begins below the title, but in this range."""
_SHOWS_FIGURE = (0.42, 0.68)
_GAP = 0.09
"""Between title and figure."""
_PALETTES = (
    Tones("#07504b", "#0d6c64", "#2ea392", "#8fdac8", "#ff9d76"),
    Tones("#47301f", "#66462f", "#a27648", "#dcb98a", "#f4865e"),
    Tones("#1c2752", "#2c3c7e", "#4d62b8", "#8ea2ea", "#ffb45e"),
    Tones("#6b2719", "#8e3a26", "#c75f3c", "#f0a27a", "#ffd98f"),
    Tones("#37431c", "#515f28", "#83933c", "#c3cf82", "#ffd25e"),
    Tones("#45204f", "#63306f", "#94509f", "#cf97d3", "#ffb86b"),
    Tones("#571730", "#7a2342", "#b5475f", "#ea98a0", "#ffca8a"),
    Tones("#28313d", "#3d4b5d", "#657f9d", "#adc2d8", "#ff9f6b"),
    Tones("#0c4456", "#125f78", "#2b93ad", "#8cd0dc", "#ffc766"),
    Tones("#103f39", "#195a50", "#2f8a74", "#86cbb0", "#f6c65b"),
    Tones("#2f2377", "#4532a2", "#7561dc", "#b9aef8", "#ffd166"),
    Tones("#0d3a72", "#14549c", "#3d87d6", "#9cc8f5", "#ffcf5c"),
)


class _Label(NamedTuple):
    """A line of small text."""

    text: str
    base: float
    """Its base line."""
    size: float
    width: float
    """That it may take at most."""
    colour: str
    ends: bool = False
    """Whether it ends at the right margin."""


def draw_cover(title: str, category: str, show: str, host: str, width: int) -> "Image":
    """A square RGB picture, so many pixels wide. Any text will do; what cannot be set is left out.

    category: the field, or "" for the cover of the show itself, whose title is then `title`.
    """
    from PIL import Image

    tones = _PALETTES[_number(category or title, "ground") % len(_PALETTES)]
    image = Image.new("RGB", (width, width), tones.ground)
    ends = runs_from_right(title)
    if category:
        bottom = _set_title(image, title, 0.25, Space(_INNER, 0.39, largest=0.15, smallest=0.05))
        _set_label(image, _Label(show, 0.105, 0.036, 0.6 * _INNER, _PAPER))
        _set_label(image, _Label(host, 0.105, 0.036, 0.3 * _INNER, tones.near, ends=True))
        _set_label(image, _Label(category, 0.2, 0.042, _INNER, tones.spark, ends))
    else:
        space = Space(_INNER, 0.44, largest=0.26, smallest=0.07, leading=1)
        bottom = _set_title(image, title, 0.1, space) + 0.115
        _set_label(image, _Label(host, bottom, 0.054, _INNER, tones.spark, ends))
    highest, lowest = _FIGURE if category else _SHOWS_FIGURE
    top = round(width * min(lowest, max(highest, bottom + _GAP)))
    _add_figure(image, tones, top, _number(category or title, "mark"), _number(title, "seed"))
    return image


def _set_title(image: "Image", text: str, top: float, space: Space) -> float:
    """Set it, and return its last base line."""
    setting = set_text(plain(text, TITLE), TITLE, space)
    base, ends = top + 0.7 * setting.size, setting.from_right
    paint(image, setting, (1 - _MARGIN if ends else _MARGIN, base), _PAPER, ends=ends)
    return base + max(0, len(setting.lines) - 1) * setting.leading * setting.size


def _set_label(image: "Image", label: _Label) -> None:
    space = Space(label.width, label.size, largest=label.size, smallest=label.size * 0.8)
    setting = set_text(plain(label.text, LABEL), LABEL, space)
    at = (1 - _MARGIN if label.ends else _MARGIN, label.base)
    paint(image, setting, at, label.colour, ends=label.ends)


def _add_figure(image: "Image", tones: Tones, top: int, kind: int, seed: int) -> None:
    image.paste(draw_motif(kind, (image.width, image.width - top), tones, seed), (0, top))


def _number(text: str, what: str) -> int:
    """Always the same for a text, and as good as by chance. what: chosen so that common fields differ."""
    return int.from_bytes(sha256(f"{what}\0{text}".encode("utf-8", "replace")).digest()[:6])
