"""Faults of covers."""

from .changes import Change, in_bytes, png, sized, with_picture

__all__ = ["PICTURES"]

PICTURES: dict[str, tuple[str, Change]] = {
    "cover is a page": ("ART101", in_bytes(".jpg", lambda _: b"<html>not found</html>")),
    "PNG named .jpg": ("ART102", in_bytes(".jpg", lambda _: png(2))),
    "alpha PNG named .jpg": ("ART102", in_bytes(".jpg", lambda _: png(6))),
    "cover not square": ("ART103", in_bytes(".jpg", sized(1400, 1399))),
    "cover too small": ("ART104", in_bytes(".jpg", sized(1399, 1399))),
    "cover too large": ("ART104", in_bytes(".jpg", sized(3001, 3001))),
    "cover in CMYK": ("ART105", in_bytes(".jpg", sized(1400, 1400, components=4))),
    "grey cover": ("ART105", in_bytes(".jpg", sized(1400, 1400, components=1))),
    "cover of 12 bits": ("ART105", in_bytes(".jpg", sized(1400, 1400, bits=12))),
    "cover of 600 kB": ("ART106", in_bytes(".jpg", lambda jpeg: jpeg[:-2] + bytes(400_000) + jpeg[-2:])),
    "cut cover": ("ART107", in_bytes(".jpg", lambda jpeg: jpeg[:-1000])),
    "show's cover not square": ("ART103", lambda w: w.change(w.find(".jpg", "show"), sized(1400, 700))),
    "cover in the MP3 too large": ("ART104", with_picture(sized(1401, 1401))),
    "cover in the MP3 not square": ("ART103", with_picture(sized(800, 600))),
    "cover in the MP3 cut": ("ART107", with_picture(lambda jpeg: jpeg[:-1000])),
    "cover in the MP3 is none": ("ART101", with_picture(lambda _: b"\x00" * 100)),
}
