"""A picture of the user's own, as a cover: held against what directories take, then fitted.

JPEG, PNG or WebP ── check_picture ──> nothing, or an error that says what to change
                  └─ fit_picture ────> a square RGB picture in sRGB, no wider than asked for
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import TaggingError
from .jpeg import srgb_profile

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["check_picture", "fit_picture"]

LEAST_PX = 1400
"""Apple's smallest cover, of a show or an episode."""
MOST_PX = 8000
"""More is a mistake, or meant to fill the memory."""
MOST_BYTES = 32_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_WHITE = "#ffffff"
"""Behind what is transparent."""


def check_picture(path: Path, name: str) -> None:
    """Raise TaggingError, placed at `name`, unless the file can be a cover.

    That is a whole JPEG, PNG or WebP, whatever its suffix, square, 1400 to 8000 pixels wide.
    """
    with _opened(path, name) as image:
        if image.width != image.height:
            side = max(LEAST_PX, min(image.size))
            raise _unfit(name, image, f"cut it to a square, such as {side} x {side}")
        if image.width < LEAST_PX:
            hint = (
                f"directories take {LEAST_PX} to 3000: save it larger, or leave `cover` out to have one drawn"
            )
            raise _unfit(name, image, hint)
        image.load()


def fit_picture(path: Path, width: int) -> "Image":
    """The picture in sRGB, 8 bits, without transparency, so many pixels wide, but never enlarged.

    Raises TaggingError as `check_picture` does.
    """
    from PIL.Image import Resampling
    from PIL.ImageOps import exif_transpose

    check_picture(path, "cover")
    with _opened(path, "cover") as image:
        image.draft("RGB", (width, width))
        upright = exif_transpose(image)
        plain = _in_srgb(upright, _flat(upright))
    width = min(width, plain.width)
    return plain.resize((width, width), Resampling.LANCZOS, reducing_gap=3.0)


@contextmanager
def _opened(path: Path, name: str) -> Iterator["Image"]:
    from PIL import Image

    if path.stat().st_size > MOST_BYTES:
        hint = f"save it below {MOST_BYTES // 1_000_000} MB"
        raise TaggingError("the cover is too large a file", where=name, hint=hint)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=_FORMATS) as image:
                if max(image.size) > MOST_PX:
                    raise _unfit(name, image, "3000 x 3000 are enough: save it smaller")
                yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        hint = "3000 x 3000 pixels are enough: save it smaller"
        raise TaggingError("the cover has too many pixels", where=name, hint=hint) from error
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow raises for a damaged file
        hint = "save it as a JPEG, PNG or WebP"
        raise TaggingError("the cover is damaged, or no picture", where=name, hint=hint) from error


def _unfit(name: str, image: "Image", hint: str) -> TaggingError:
    return TaggingError(f"the cover is {image.width} x {image.height} pixels", where=name, hint=hint)


def _flat(image: "Image") -> "Image":
    """In 8 bits a colour, and nothing to look through."""
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda grey: grey / 257).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB") if image.mode in ("P", "1", "LA") else image.copy()
    coloured = image.convert("RGBA")
    ground = Image.new("RGBA", coloured.size, _WHITE)
    return Image.alpha_composite(ground, coloured).convert("RGB")


def _in_srgb(image: "Image", flat: "Image") -> "Image":
    """By its own profile; a picture without one, or with a broken one, is taken for sRGB."""
    from PIL.ImageCms import ImageCmsProfile, PyCMSError, profileToProfile

    profile = image.info.get("icc_profile")
    if profile:
        try:
            own, srgb = (ImageCmsProfile(BytesIO(one)) for one in (profile, srgb_profile()))
            return profileToProfile(flat, own, srgb, outputMode="RGB") or flat
        except (PyCMSError, OSError, ValueError):
            pass  # a profile that is for another kind of picture, or none
    return flat.convert("RGB")
