"""Drawn covers: what players ask for, whatever the words."""

import re
import subprocess
import sys
import time
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from pipeline.cover import CoverRequest
from pipeline.tagging import draw
from pipeline.tagging.bidi import runs_from_right, visual_runs
from pipeline.tagging.drawing import _PALETTES, _PAPER, draw_cover
from pipeline.tagging.fonts import LABEL, TITLE, font_for, has_cjk
from pipeline.tagging.jpeg import srgb_profile
from pipeline.tagging.lettering import Space, plain, set_text
from pipeline.tagging.motifs import MOTIFS, draw_motif
from pipeline.tagging.shaping import paint, width_of

from .conftest import FolderDesk

TITLES = {
    "short": "Attention",
    "long": "A survey of the many ways in which language models can be taught to say that they do not know "
    * 3,
    "hyphens": "When LRP Diverges from Leave-One-Out in Transformers",
    "word": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
}
SCRIPTS = {
    "greek": "Ελληνικά",
    "cyrillic": "Кириллица",
    "arabic": "العربية",
    "hebrew": "עברית",
    "devanagari": "हिन्दी",
    "bengali": "বাংলা",
    "tamil": "தமிழ்",
    "thai": "ภาษาไทย",
    "georgian": "ქართული",
    "armenian": "Հայերեն",
    "ethiopic": "አማርኛ",
    "mathematics": "∑∫∀∃≤≥≠→∞ℝ√",
    "emoji": "🤖🧠🚀",
}
CJK = {"chinese": "汉字與漢字", "japanese": "ひらがなカタカナ", "korean": "한국어"}
HOSTILE = (
    *(
        "",
        " ",
        "\0\7\x1b[31m",
        "\u202eabc\u202c",
        "\ud800",
        "\u0301" * 400,
        "e" + "\u0323" * 400,
        "\u200d" * 99,
    ),
    *(
        "a" * 10_000,
        "word " * 2_000,
        "漢" * 10_000,
        "-" * 500,
        "ﷺ" * 99,
        "﷽" * 9,
        "👩🏽\u200d🚀" * 50,
        "\U0010ffff",
    ),
)
REQUEST = CoverRequest(
    width_px=800, title=TITLES["hyphens"], category="Machine Learning", show="PaperLedge", host="Ernis"
)


def drawn(title: str, category: str = "Robotics", width: int = 300) -> Image.Image:
    return draw_cover(title, category, "PaperLedge", "Ernis", width)


def ink(text: str, width: int = 300) -> Image.Image:
    """A title in white on black, nothing beside it."""
    image = Image.new("RGB", (width, width))
    space = Space(0.85, 0.39, largest=0.15, smallest=0.05)
    paint(image, set_text(plain(text, TITLE), TITLE, space), (0.075, 0.3), "#ffffff")
    return image.convert("L")


@pytest.mark.parametrize(
    ("width", "most"), [(400, 300_000), (800, 300_000), (1400, 512_000), (3000, 512_000)]
)
def test_a_cover_is_what_directories_and_players_take(width: int, most: int, desk: FolderDesk) -> None:
    cover = draw(CoverRequest(width_px=width, title="PaperLedge", host="Ernis"), desk)
    content = desk.path(cover.jpeg).read_bytes()
    image = Image.open(BytesIO(content))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (width, width))
    assert image.info["icc_profile"] == srgb_profile()
    assert image.info["dpi"] == (72, 72)
    assert len(content) <= most
    assert cover.width_px == width


def test_equal_requests_give_equal_bytes_in_every_process(desk: FolderDesk) -> None:
    code = (
        "import hashlib; from pipeline.tagging.drawing import draw_cover;"
        "from pipeline.tagging.jpeg import to_jpeg;"
        f"image = draw_cover({REQUEST.title!r}, {REQUEST.category!r}, 'PaperLedge', 'Ernis', 800);"
        "print(hashlib.sha256(to_jpeg(image)[0]).hexdigest())"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert draw(REQUEST, desk).jpeg.sha256 == draw(REQUEST, desk).jpeg.sha256 == said.strip()


@pytest.mark.parametrize("category", ["Robotics", ""])
@pytest.mark.parametrize(
    "title", [*TITLES.values(), *SCRIPTS.values(), *HOSTILE], ids=lambda text: repr(text[:9])
)
def test_no_text_stands_in_the_bottom_fifth_nor_beyond_the_margins(
    title: str, category: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.tagging.drawing._add_figure", lambda *given: None)
    image = drawn(title, category)
    ground = Image.new("RGB", image.size, image.getpixel((0, 299)))
    box = ImageChops.difference(image, ground).getbbox() or (20, 0, 20, 0)
    assert box[3] <= 300 * 0.8
    assert box[0] >= 300 * 0.04
    assert box[2] <= 300 * 0.96


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_set_in_its_own_letters(name: str) -> None:
    text = SCRIPTS[name]
    assert plain(text, TITLE) == text
    assert plain(text, LABEL) == text
    pictures = [ink(char).tobytes() for char in text if char.isalnum()]
    assert all(any(one) for one in pictures)
    box = ink("\u25a1")
    assert box.tobytes() not in pictures
    assert all(font_for(char, TITLE) for char in text)


@pytest.mark.skipif(not has_cjk(), reason="needs the extra fonts")
@pytest.mark.parametrize("name", CJK)
def test_the_extra_fonts_sets_chinese_japanese_and_korean(name: str) -> None:
    assert plain(CJK[name], TITLE) == CJK[name]
    assert len({ink(char).tobytes() for char in CJK[name]}) == len(set(CJK[name]))


def test_without_the_extra_what_cannot_be_set_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "pipeline.tagging.lettering.font_for", lambda char, style: "no" if char < "⺀" else None
    )
    assert plain("Qwen 通义 3 漢 x", TITLE) == "Qwen 3 x"


def test_what_no_typeface_has_is_set_as_what_it_stands_for_or_left_out() -> None:
    assert plain("𝑥 ∈ 𝐑, \ue000\U000e0041 ﬁ", TITLE) == "x ∈ R, ﬁ"
    assert not any(ink("\ue000").tobytes())


def test_letters_join_marks_stand_and_kerns_hold() -> None:
    assert width_of("ببب", TITLE) < 3 * width_of("ب", TITLE)  # an Arabic letter is narrower within a word
    assert ink("कि").tobytes() != ink("क").tobytes()
    assert width_of("AV", TITLE) < width_of("A", TITLE) + width_of("V", TITLE)
    assert width_of("é", TITLE) == pytest.approx(width_of("e\u0301", TITLE), rel=0.01)


@pytest.mark.parametrize("title", HOSTILE, ids=lambda text: repr(text[:9]))
def test_hostile_words_are_drawn_and_fast(title: str) -> None:
    draw_cover(title, title, title, title, 100)  # which loads the typefaces
    begun = time.process_time()
    draw_cover(title, title, title, title, 400)
    assert time.process_time() - begun < 1


@settings(max_examples=60)
@given(st.text(max_size=80), st.text(max_size=30))
def test_any_words_are_drawn(title: str, category: str) -> None:
    assert draw_cover(title, category, category, title, 100).size == (100, 100)


def test_long_titles_get_smaller_and_end_with_an_ellipsis() -> None:
    space = Space(0.85, 0.39, largest=0.15, smallest=0.05)
    settings_of = [set_text(plain("word " * count, TITLE), TITLE, space) for count in (1, 5, 20, 40, 400)]
    sizes = [setting.size for setting in settings_of]
    assert all(one >= next_one for one, next_one in pairwise(sizes))
    assert (sizes[0], sizes[-1]) == (0.15, 0.05)
    assert settings_of[-1].lines[-1].endswith("…")
    assert not any("…" in line for setting in settings_of[:3] for line in setting.lines)
    for setting in settings_of:
        assert all(width_of(line, TITLE) * setting.size <= space.width + 1e-6 for line in setting.lines)
        assert 1 + (len(setting.lines) - 1) * setting.leading <= space.height / setting.size + 1e-6


def test_lines_are_of_nearly_one_length() -> None:
    setting = set_text(
        "Can transformers learn how to learn to play together", TITLE, Space(0.85, 0.3, 0.1, 0.05)
    )
    widths = [width_of(line, TITLE) for line in setting.lines]
    assert min(widths) > 0.6 * max(widths)


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("abc", ["abc"]),
        ("אבג", ["<אבג"]),
        ("על GPT 4 כאן", ["< כאן", "GPT 4", "<על "]),
        ("see אב 12 now", ["see ", "12", "<אב ", " now"]),
        ("من 100 مثال", ["< مثال", "100", "<من "]),
    ],
)
def test_lines_of_two_directions_are_ordered_as_read(line: str, seen: list[str]) -> None:
    runs = visual_runs(line, from_right=runs_from_right(line))
    assert ["<" * run.from_right + run.text for run in runs] == seen


def test_a_field_has_its_colours_and_a_title_varies_the_figure() -> None:
    one, other, else_where = drawn("One", "Robotics"), drawn("Two", "Robotics"), drawn("One", "Optics")
    assert one.getpixel((1, 1)) == other.getpixel((1, 1)) != else_where.getpixel((1, 1))
    lower = (0, 210, 300, 300)
    assert one.crop(lower).tobytes() != other.crop(lower).tobytes()


@pytest.mark.parametrize("kind", range(len(MOTIFS)))
def test_every_figure_varies_and_fills_its_place(kind: int) -> None:
    pictures = [
        draw_motif(kind, (300, height), _PALETTES[0], seed) for seed in (1, 2) for height in (96, 138)
    ]
    assert [picture.size for picture in pictures] == [(300, 96), (300, 138)] * 2
    assert pictures[0].tobytes() != pictures[2].tobytes()
    assert all(len(picture.getcolors(1 << 20) or ()) > 3 for picture in pictures)


def luminance(colour: str) -> float:
    """Relative, WCAG 2.2."""
    parts = [int(part, 16) / 255 for part in re.findall("[0-9a-f]{2}", colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("tones", _PALETTES)
def test_text_can_be_read_on_every_ground(tones: tuple[str, ...]) -> None:
    """WCAG 2.2, 1.4.6 for the title, 1.4.3 for the labels."""
    ground, *_, near, spark = tones
    for colour, least in ((_PAPER, 7), (near, 4.5), (spark, 4.5)):
        assert (luminance(colour) + 0.05) / (luminance(ground) + 0.05) >= least


def test_nothing_heavy_is_loaded_before_a_cover_is_drawn() -> None:
    code = "import sys, pipeline.backlog; print({'PIL', 'uharfbuzz', 'fontpkg'} & {*sys.modules})"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "set()"
