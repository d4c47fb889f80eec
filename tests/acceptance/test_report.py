"""The report in a browser, opened as a file, and before those who check pages for a living.

Headless Chromium, axe and the W3C's vnu come from `.ci/tools`; a missing tool fails.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import lameenc
import pytest

from pipeline.reporting import write_pages

from ..reporting.portraits import HOSTILE, backlog, listened, mark, portrait, worst

pytestmark = pytest.mark.acceptance

NODE = Path(__file__).parent / "node"
PAGES = ["report.html", "report/worst.html", "report/hour.html", "report/clean.html"]
Told = dict[str, Any]


def silence(minutes: int) -> bytes:
    """An MP3 of so many minutes."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(32)
    encoder.set_in_sample_rate(44_100)
    encoder.set_channels(1)
    encoder.silence()
    return bytes(encoder.encode(bytes(2 * 44_100 * 60 * minutes))) + bytes(encoder.flush())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("show")
    found = tuple(mark(at_ms=n * 18_000, line=3 * n + 1) for n in range(200))
    hour = listened(portrait(60, slug="hour", title="An hour", marks=found))
    write_pages(root, backlog(worst(), hour, portrait(2, slug="clean", title="Two minutes"), title=HOSTILE))
    (root / "output/episodes").mkdir()
    for slug, minutes in (("worst", 1), ("hour", 60), ("clean", 2)):
        (root / f"output/episodes/{slug}.mp3").write_bytes(silence(minutes))
    return root / "output"


@pytest.fixture(scope="module")
def told(folder: Path) -> Told:
    """What a browser saw."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "chromium is missing: run .ci/tools"
    assert (NODE / "node_modules").is_dir(), "playwright-core is missing: run .ci/tools"
    command = ["node", str(NODE / "report.mjs"), chromium, f"{folder.as_uri()}/", *PAGES]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    seen: Told = json.loads(done.stdout)
    return seen


def test_a_finding_is_played_from_two_seconds_before_it(told: Told) -> None:
    assert told["listen"]["finding"] == pytest.approx(10, abs=0.5)


def test_a_line_is_played_and_marked_and_pictures_show_where(told: Told) -> None:
    assert told["listen"]["line"] == pytest.approx(24.5, abs=0.8)
    heads = [float(x.rstrip("%")) for x in told["listen"]["heads"]]
    assert heads == [pytest.approx(100 * 24.5 / 60, abs=1.5)] * 3


def test_a_click_in_a_picture_plays_from_there(told: Told) -> None:
    assert told["listen"]["middle"] == pytest.approx(30, abs=1)
    assert "#" not in told["listen"]["address"]


@pytest.mark.parametrize("page", ["index", "episode"])
def test_everything_is_reached_by_tab_and_seen_to_be(told: Told, page: str) -> None:
    it = told["keyboard"][page]
    assert it["wanted"] > 10
    assert it["reached"] >= it["wanted"]
    assert it["faint"] == []


def test_episodes_are_sorted_by_what_somebody_asks(told: Told) -> None:
    it = told["sort"]
    assert it["said"] == "descending"
    assert it["longest"][:2] == ["An hour", "Two minutes"]
    assert it["shortest"][-2:] == ["Two minutes", "An hour"]
    assert it["before"][1:] == ["An hour", "Two minutes"]


def test_no_page_is_wider_than_its_screen(told: Told) -> None:
    assert {place: over for place, over in told["widths"].items() if over > 0} == {}


def test_axe_finds_nothing(told: Told) -> None:
    assert told["audit"] == []


def test_nothing_goes_wrong_and_nothing_is_asked_of_others(told: Told) -> None:
    assert told["messages"] == []
    assert told["outside"] == []
    assert told["dialogs"] == 0


def test_the_page_of_an_hour_opens_at_once(told: Told) -> None:
    assert told["opened"] < 2_000


def test_without_scripts_everything_is_read_and_places_still_lead_there(told: Told) -> None:
    it = told["withoutScripts"]
    assert "This is sentence number 5" in it["said"]
    assert it["link"] == "../episodes/worst.mp3#t=24.5"
    assert it["heads"] == 0


def test_on_paper_there_is_no_player(told: Told) -> None:
    assert told["printed"] == {"player": False, "text": True}


def test_the_w3c_finds_nothing(folder: Path) -> None:
    jar = NODE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    assert shutil.which("java"), "java is missing: run .ci/tools"
    assert jar.is_file(), "vnu is missing: run .ci/tools"
    # It knows no digests in a policy and takes no file for one of the page's own; browsers are asked above.
    # It also takes hostile text for another language.
    aside = ["--filterpattern", ".*(violates Content Security Policy|appears to be written in).*"]
    command = ["java", "-jar", str(jar), *aside, *(str(folder / page) for page in PAGES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
