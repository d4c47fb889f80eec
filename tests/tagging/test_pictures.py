"""Pictures of one's own: refused with what to do, or fitted, whatever they are."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipeline.cover import CoverRequest
from pipeline.errors import TaggingError
from pipeline.tagging import draw
from pipeline.tagging.jpeg import srgb_profile
from pipeline.tagging.pictures import MOST_BYTES, check_picture

from ..pictures import picture
from .conftest import FolderDesk


def fitted(content: bytes, desk: FolderDesk, width: int = 800) -> Image.Image:
    cover = draw(CoverRequest(width_px=width, picture=desk.add(content, ".png")), desk)
    image = Image.open(BytesIO(desk.path(cover.jpeg).read_bytes()))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (cover.width_px,) * 2)
    assert image.info["icc_profile"] == srgb_profile()
    assert image.info["dpi"] == (72, 72)
    image.load()
    return image


def near(image: Image.Image, colour: tuple[int, int, int], by: int = 6) -> bool:
    pixel = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= by for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize(
    ("facts", "colour"),
    [
        ({"kind": "PNG", "colour": (200, 40, 90)}, (200, 40, 90)),
        ({"kind": "WEBP", "colour": (200, 40, 90), "lossless": True}, (200, 40, 90)),
        ({"kind": "JPEG", "colour": (200, 40, 90), "quality": 95}, (200, 40, 90)),
        ({"kind": "PNG", "mode": "L", "colour": 77}, (77, 77, 77)),
        ({"kind": "PNG", "mode": "I;16", "colour": 0x8080}, (128, 128, 128)),
        ({"kind": "PNG", "mode": "1", "colour": 1}, (255, 255, 255)),
        ({"kind": "PNG", "mode": "RGBA", "colour": (200, 40, 90, 0)}, (255, 255, 255)),
        ({"kind": "PNG", "mode": "LA", "colour": (0, 128)}, (127, 127, 127)),
        ({"kind": "JPEG", "mode": "CMYK", "colour": (0, 0, 0, 0)}, (255, 255, 255)),
        ({"kind": "JPEG", "colour": (200, 40, 90), "icc_profile": b"no profile"}, (200, 40, 90)),
    ],
    ids=lambda value: str(value)[:60],
)
def test_any_picture_becomes_a_plain_one(
    facts: dict[str, Any], colour: tuple[int, int, int], desk: FolderDesk
) -> None:
    image = fitted(picture(1500, **facts), desk)
    assert image.width == 800
    assert near(image, colour)


def test_colours_of_another_space_are_converted(desk: FolderDesk) -> None:
    swapped = srgb_profile().replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    red = picture(1400, colour=(200, 30, 30), icc_profile=swapped)
    assert near(fitted(red, desk), (30, 30, 200))


def test_a_picture_is_never_enlarged(desk: FolderDesk) -> None:
    assert fitted(picture(1400), desk, 3000).width == 1400
    assert fitted(picture(4000), desk, 3000).width == 3000


def test_a_picture_of_much_detail_is_made_to_fit(desk: FolderDesk) -> None:
    noise = Image.effect_noise((2200, 2200), 60).convert("RGB")
    file = BytesIO()
    noise.save(file, "JPEG", quality=80)
    cover = draw(CoverRequest(width_px=2200, picture=desk.add(file.getvalue(), ".jpg")), desk)
    assert cover.jpeg.size_bytes <= 512_000
    assert cover.width_px == 1400
    assert (
        draw(CoverRequest(width_px=800, picture=desk.add(file.getvalue(), ".jpg")), desk).jpeg.size_bytes
        <= 300_000
    )


def png_that_claims(width: int, height: int) -> bytes:
    """A small file of a picture that is said to be huge."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(99)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (picture(1500, 1400), "1500 x 1400 pixels .*such as 1400 x 1400"),
        (picture(1000), "1000 x 1000 pixels .*1400 to 3000"),
        (picture(1400)[:2000], "damaged"),
        (picture(1400, kind="JPEG")[:-400], "damaged"),
        (picture(1400, kind="GIF"), "damaged, or no picture .*JPEG, PNG or WebP"),
        (b"<svg/>", "no picture"),
        (b"", "no picture"),
        (png_that_claims(9000, 9000), "9000 x 9000 pixels .*save it smaller"),
        (png_that_claims(12_000, 12_000), "too many pixels"),
        (png_that_claims(60_000, 60_000), "too many pixels"),
        (bytes(MOST_BYTES + 1), "too large a file"),
    ],
    ids=[
        "oblong",
        "small",
        "cut",
        "cut-jpeg",
        "gif",
        "svg",
        "empty",
        "large",
        "bomb",
        "larger-bomb",
        "bytes",
    ],
)
def test_an_unfit_picture_is_refused_with_what_to_do(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    path.write_bytes(content)
    with pytest.raises(TaggingError, match=says) as caught:
        check_picture(path, "here")
    assert caught.value.where == "here"
    assert caught.value.hint
