"""Lines of text into glyphs, and glyphs into an image: by HarfBuzz, whatever the script.

    line ── visual runs ── parts of one typeface ── glyphs ── paint ──>  an image

Lengths are in em, or, where it is said, in widths of the image.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category

from .bidi import Run, visual_runs
from .fonts import Style, font_for

if TYPE_CHECKING:
    import uharfbuzz as hb
    from PIL.Image import Image

__all__ = ["JOINERS", "Setting", "paint", "width_of"]

JOINERS = "\u200c\u200d"
"""They have no shape, but letters and emoji beside them take another."""
_FEATURES = {"lnum": True}
"""Digits as high as capitals: a 0 of the old style is taken for an o in a title."""


class Setting(NamedTuple):
    """Lines to be painted."""

    lines: tuple[str, ...]
    style: Style
    size: float
    """Of the letters, in widths of the image."""
    leading: float
    """From base line to base line."""
    from_right: bool
    """Whether they are read so."""


class _Glyph(NamedTuple):
    font: "hb.Font"
    id: int
    x: float
    y: float


@lru_cache(maxsize=2048)
def width_of(text: str, style: Style) -> float:
    """How wide a line is."""
    return _shaped(text, style, from_right=False)[1]


def paint(
    image: "Image", setting: Setting, at: tuple[float, float], colour: str, *, ends: bool = False
) -> None:
    """Set the lines into an image.

    at: where the first base line begins, or, with `ends`, where it ends, in widths of the image.
    """
    import uharfbuzz as hb
    from PIL import Image as Images

    drawn, size_px = hb.RasterDraw(), setting.size * image.width
    for number, line in enumerate(setting.lines):
        glyphs, width = _shaped(line, setting.style, from_right=setting.from_right)
        x = at[0] * image.width - (width * size_px if ends else 0)
        y = -at[1] * image.width - number * setting.leading * size_px
        for glyph in glyphs:
            scale = size_px / glyph.font.face.upem
            drawn.transform = (scale, 0, 0, scale, x + glyph.x * size_px, y + glyph.y * size_px)
            drawn.draw_glyph(glyph.font, glyph.id)
    mask = drawn.render()
    left, bottom, wide, high, stride = mask.extents
    if wide and high:
        letters = Images.frombytes("L", (wide, high), mask.buffer, "raw", "L", stride, -1)
        image.paste(colour, (left, -bottom - high), letters)


def _shaped(text: str, style: Style, *, from_right: bool) -> tuple[list[_Glyph], float]:
    """The glyphs of a line, and its width."""
    glyphs: list[_Glyph] = []
    x = 0.0
    for run in visual_runs(text, from_right=from_right):
        parts = list(_of_one_font(run.text, style))
        for font, part in reversed(parts) if run.from_right else parts:
            placed, advance = _shape(Run(part, run.from_right), font)
            glyphs += [glyph._replace(x=glyph.x + x) for glyph in placed]
            x += advance
    return glyphs, x


def _of_one_font(text: str, style: Style) -> Iterator[tuple["hb.Font", str]]:
    """Parts of a run, each with its typeface: marks and joiners keep that of what is before them."""
    fonts: list[hb.Font | None] = []
    for char in text:
        last = fonts[-1] if fonts else None
        keeps = char in JOINERS or category(char)[0] == "M"
        fonts.append(last if keeps and _has(last, char) else font_for(char, style) or last)
    for font, pairs in groupby(zip(fonts, text, strict=True), key=lambda pair: pair[0]):
        if font:
            yield font, "".join(char for _, char in pairs)


def _has(font: "hb.Font | None", char: str) -> bool:
    return font is not None and (char in JOINERS or font.get_nominal_glyph(ord(char)) is not None)


def _shape(run: Run, font: "hb.Font") -> tuple[list[_Glyph], float]:
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.add_str(run.text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if run.from_right else "ltr"
    hb.shape(font, buffer, _FEATURES)
    em, x, glyphs = font.face.upem, 0, []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if info.codepoint:  # 0 is .notdef, a box
            glyphs.append(_Glyph(font, info.codepoint, (x + place.x_offset) / em, place.y_offset / em))
        x += place.x_advance
    return glyphs, x / em
