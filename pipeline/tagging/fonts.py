"""The typefaces of covers: the first of a list that has a character is the one it is set in.

    Vollkorn (or Noto Sans, for what is small) ── Noto Sans of 20 scripts ── symbols ── emoji ── CJK

All come in packages, with a licence that lets anybody pass them on (SIL OFL 1.1); those of the system are
never used, so that a cover is the same on every computer. Chinese, Japanese and Korean need the extra
`fonts`. Why these: docs/decisions/0014.
"""

from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import uharfbuzz as hb

__all__ = ["LABEL", "TITLE", "Style", "font_for", "has_cjk"]

_CJK = "manimgx_fonts_cjk"
_SCRIPTS = (
    *("Arabic", "Hebrew", "Devanagari", "Bengali", "Tamil", "Telugu", "Gujarati", "Gurmukhi", "Kannada"),
    *("Malayalam", "Oriya", "Sinhala", "Thai", "Lao", "Khmer", "Myanmar", "Georgian", "Armenian", "Ethiopic"),
)


class _File(NamedTuple):
    package: str
    name: str
    face: int = 0
    """Of a collection, counted from 0."""


_SERIF = _File("fontpkg_vollkorn", "files/Vollkorn[wght].ttf")
_SANS = _File("manimgx_fonts", "NotoSans[wght].ttf")
_OTHERS = (
    *(_File("manimgx_fonts", f"NotoSans{script}[wght].ttf") for script in _SCRIPTS),
    _File("manimgx_fonts", "NotoSansSymbols[wght].ttf"),
    _File("manimgx_fonts", "NotoEmoji[wght].ttf"),
    _File(_CJK, "NotoSansCJK-VF.otf.ttc"),
)


class Style(NamedTuple):
    """Typefaces, in the order in which they are asked for a character, at one weight."""

    files: tuple[_File, ...]
    weight: int
    """As of OpenType's axis `wght`: 400 is regular, 700 bold."""


TITLE = Style((_SERIF, _SANS, *_OTHERS), 700)
LABEL = Style((_SANS, _SERIF, *_OTHERS), 600)


def has_cjk() -> bool:
    """Whether the extra `fonts` is installed."""
    return find_spec(_CJK) is not None


@lru_cache(maxsize=4096)
def font_for(char: str, style: Style) -> "hb.Font | None":
    """The first typeface of a style that has a character; None if none has it."""
    fonts = (_load(file, style.weight) for file in style.files)
    return next((font for font in fonts if font and font.get_nominal_glyph(ord(char))), None)


@cache
def _load(file: _File, weight: int) -> "hb.Font | None":
    """A typeface at a weight; None if its package is not installed."""
    import uharfbuzz as hb  # only where a cover is drawn

    spec = find_spec(file.package)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0], file.name)
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(path)), file.face))
    font.set_variations({"wght": weight})
    return font
