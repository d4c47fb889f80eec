"""The step "artwork": a cover drawn from words, or a picture of one's own fitted, as a JPEG."""

from ..cover import Cover, CoverRequest
from ..model import Desk

__all__ = ["draw"]


def draw(request: CoverRequest, desk: Desk) -> Cover:
    """Make a cover. Equal requests give equal bytes.

    Raises TaggingError if a picture of one's own is damaged, not square or too small; words never fail.
    """
    from .drawing import draw_cover  # Pillow and HarfBuzz: only where a cover is made
    from .jpeg import to_jpeg
    from .pictures import fit_picture

    if request.picture:
        image = fit_picture(desk.path(request.picture), request.width_px)
    else:
        words = (request.title, request.category, request.show, request.host)
        image = draw_cover(*words, width=request.width_px)
    path = desk.new(".jpg")
    jpeg, width = to_jpeg(image)
    path.write_bytes(jpeg)
    return Cover(jpeg=desk.keep(path), width_px=width)
