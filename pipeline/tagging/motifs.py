"""The one strong figure of a cover: eight kinds, each varied by chance that is always the same.

    kind, colours, seed ──>  a picture of flat shapes, as wide as the cover

Drawn larger and shrunk, because Pillow draws shapes with hard edges.
"""

import math
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

__all__ = ["MOTIFS", "Tones", "draw_motif"]

_FINER = 3
"""How much larger; a large cover needs less of it."""
_LARGE = 1200


class Tones(NamedTuple):
    """The colours of a cover, as #rrggbb."""

    ground: str
    far: str
    middle: str
    near: str
    spark: str
    """The one warm or light colour that stands out."""


class _Sheet(NamedTuple):
    """What a motif is drawn on; lengths are in pixels."""

    draw: "ImageDraw"
    width: int
    height: int
    tones: Tones
    chance: Random
    """Only `random()` is used: its numbers are the same in every version of Python."""

    def pick(self, *choices: str) -> str:
        return choices[int(self.chance.random() * len(choices))]

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.chance.random()

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def draw_motif(kind: int, size: tuple[int, int], tones: Tones, seed: int) -> "Image":
    """An RGB picture of that size in pixels. kind: a number; seed: what varies it."""
    from PIL import Image, ImageDraw

    finer = _FINER if size[0] < _LARGE else _FINER - 1
    width, height = size[0] * finer, size[1] * finer
    image = Image.new("RGB", (width, height), tones.ground)
    sheet = _Sheet(ImageDraw.Draw(image), width, height, tones, Random(seed))  # noqa: S311  no secret
    MOTIFS[kind % len(MOTIFS)](sheet)
    return image.reduce(finer)


def _sunrise(sheet: _Sheet) -> None:
    """Rings around a disc on the horizon."""
    x, y = sheet.width * sheet.between(0.25, 0.75), sheet.height * 1.02
    tones = (sheet.tones.far, sheet.tones.ground, sheet.tones.middle, sheet.tones.ground, sheet.tones.near)
    for number, colour in enumerate(tones):
        sheet.disc(x, y, sheet.height * (0.98 - 0.15 * number), colour)
    sheet.disc(x, y, sheet.height * 0.25, sheet.tones.spark)


def _ledges(sheet: _Sheet) -> None:
    """Ledges, one before the other, and a sheet of paper on one of them."""
    step = sheet.width / 6
    place = 1 + int(sheet.between(0, 4))
    for depth, colour in enumerate((sheet.tones.far, sheet.tones.middle, sheet.tones.near)):
        top = sheet.height * (0.36 + 0.22 * depth)
        heights = [top + sheet.height * 0.1 * int(sheet.between(-1.99, 1.99)) for _ in range(6)]
        if depth == 1:
            heights[place] = top
            wide = min(step * 0.8, sheet.height * 0.27)
            _paper(sheet, (place + 0.5) * step - wide / 2, top, wide)
        for column, y in enumerate(heights):
            sheet.draw.rectangle((column * step, y, (column + 1) * step, sheet.height), fill=colour)


def _paper(sheet: _Sheet, left: float, bottom: float, wide: float) -> None:
    """A page that stands, with a corner turned down and some lines on it."""
    top, fold = bottom - wide * 1.35, wide * 0.3
    right = left + wide
    outline = ((left, top), (right - fold, top), (right, top + fold), (right, bottom), (left, bottom))
    sheet.draw.polygon(outline, fill=sheet.tones.spark)
    for number, part in enumerate((0.42, 0.72, 0.72, 0.55)):
        y = top + wide * (0.24 + 0.25 * number)
        box = (left + wide * 0.14, y, left + wide * (0.14 + part), y + wide * 0.08)
        sheet.draw.rectangle(box, fill=sheet.tones.ground)


def _tiles(sheet: _Sheet) -> None:
    """Quarters of discs in squares."""
    side = sheet.width / 6
    for row in range(int(sheet.height / side + 0.15)):  # nearly whole rows count
        for column in range(6):
            left, bottom = column * side, sheet.height - row * side
            ground, colour = sheet.pick(
                f"{sheet.tones.ground} {sheet.tones.far}",
                f"{sheet.tones.far} {sheet.tones.middle}",
                f"{sheet.tones.middle} {sheet.tones.near}",
                f"{sheet.tones.far} {sheet.tones.near}",
                f"{sheet.tones.ground} {sheet.tones.spark}",
            ).split()
            sheet.draw.rectangle((left, bottom - side, left + side, bottom), fill=ground)
            turn = int(sheet.between(0, 4))
            x, y = left + side * (turn in (1, 2)), bottom - side * (turn in (0, 1))
            box = (x - side, y - side, x + side, y + side)
            sheet.draw.pieslice(box, (0, 90, 180, 270)[turn], (90, 180, 270, 360)[turn], fill=colour)


def _voice(sheet: _Sheet) -> None:
    """The bars of a voice."""
    count = 21
    pitch = sheet.width / count
    middle, phase = sheet.height * 0.52, sheet.between(0, 6)
    marked = int(sheet.between(5, 16))
    for number in range(count):
        swell = 0.5 + 0.5 * math.sin(phase + number * 0.62) * math.sin(phase + number * 0.23)
        half = sheet.height * (0.07 + 0.36 * swell * sheet.between(0.55, 1))
        left = number * pitch + pitch * 0.2
        colour = sheet.tones.spark if number == marked else sheet.pick(*sheet.tones[1:4])
        box = (left, middle - half, left + pitch * 0.6, middle + half)
        sheet.draw.rounded_rectangle(box, pitch * 0.3, fill=colour)


def _hills(sheet: _Sheet) -> None:
    """Round hills and a low sun."""
    sun = sheet.between(0.2, 0.8)
    sheet.disc(sheet.width * sun, sheet.height * 0.34, sheet.height * 0.26, sheet.tones.spark)
    for depth, colour in enumerate((sheet.tones.far, sheet.tones.middle, sheet.tones.near)):
        top = sheet.height * (0.34 + 0.19 * depth)
        for place in (-0.1, 0.32, 0.74, 1.1):
            radius = sheet.width * sheet.between(0.26, 0.42)
            rise = sheet.height * sheet.between(0, 0.16)
            sheet.disc(
                sheet.width * (place + sheet.between(-0.08, 0.08)), top + rise + radius, radius, colour
            )


def _shelf(sheet: _Sheet) -> None:
    """Volumes on a shelf."""
    x, last = -sheet.width * 0.02, ""
    marked = sheet.width * sheet.between(0.2, 0.75)
    while x < sheet.width:
        wide = sheet.width * sheet.between(0.035, 0.085)
        top = sheet.height * sheet.between(0.08, 0.5)
        colour = sheet.pick(*(tone for tone in sheet.tones[1:4] if tone != last))
        if x <= marked < x + wide:
            colour, top = sheet.tones.spark, sheet.height * 0.04
        sheet.draw.rectangle((x, top, x + wide, sheet.height), fill=colour)
        x, last = x + wide, colour


def _waves(sheet: _Sheet) -> None:
    """Waves, one before the other."""
    tones = (sheet.tones.far, sheet.tones.spark, sheet.tones.middle, sheet.tones.near)
    for depth, colour in enumerate(tones):
        phase, length = sheet.between(0, 6), sheet.width * sheet.between(0.55, 0.95)
        top, rise = sheet.height * (0.2 + 0.2 * depth), sheet.height * 0.13
        xs = [sheet.width * at / 120 for at in range(121)]
        crest = [(x, top + rise * math.sin(phase + math.tau * x / length)) for x in xs]
        sheet.draw.polygon([*crest, (sheet.width, sheet.height), (0, sheet.height)], fill=colour)


def _net(sheet: _Sheet) -> None:
    """Dots that grow towards one place."""
    across = 14
    pitch = sheet.width / across
    x, y = sheet.width * sheet.between(0.2, 0.8), sheet.height * sheet.between(0.55, 0.95)
    for row in range(math.ceil(sheet.height / pitch) + 1):
        for column in range(across + 1):
            left, top = (column + (row % 2) / 2) * pitch, (row + 0.5) * pitch
            nearness = max(0.0, 1 - math.hypot(left - x, (top - y) * 1.3) / (sheet.width * 0.62))
            colour = sheet.tones[min(4, 1 + int(nearness * 4.2))]
            sheet.disc(left, top, pitch * (0.07 + 0.4 * nearness), colour)


MOTIFS: tuple[Callable[[_Sheet], None], ...] = (
    *(_sunrise, _ledges, _tiles, _voice, _hills, _shelf, _waves, _net),
)
"""All kinds."""
