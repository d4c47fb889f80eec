"""Pictures of one's own, as users have them."""

from io import BytesIO
from typing import Any

from PIL import Image

__all__ = ["picture"]


def picture(
    width: int = 1400,
    height: int | None = None,
    *,
    colour: Any = "#336699",
    mode: str = "RGB",
    kind: str = "PNG",
    **options: Any,
) -> bytes:
    """A file of one colour. options: of Pillow's `save`."""
    file = BytesIO()
    Image.new(mode, (width, height or width), colour).save(file, kind, **options)
    return file.getvalue()
