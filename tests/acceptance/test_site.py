"""The site in a browser, and before those who check pages for a living.

Headless Chromium, axe and the W3C's vnu come from `.ci/tools`; a missing tool fails.
"""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pipeline.kit import SITE
from pipeline.publish.design import read_design
from pipeline.publish.edition import Edition
from pipeline.publish.site import render_site
from pipeline.serve import SiteServer, open_server

from ..conftest import REPOSITORY
from ..publish.editions import edition, many, write_files
from ..publish.test_site import hostile

pytestmark = pytest.mark.acceptance

NODE = Path(__file__).parent / "node"
PAGE = "episodes/learning.html"
Told = dict[str, Any]


def shown() -> Edition:
    """Twenty-five episodes: the latest is long enough to scroll, the next one hostile."""
    others = many(25).episodes[2:]
    learning = replace(edition().episodes[0], page=PAGE, number=25)
    worst = replace(hostile().episodes[0], page="episodes/hostile.html", number=24)
    worst = replace(worst, paper=replace(worst.paper, title=f"{worst.paper.title} {'long' * 2_000}"))
    return replace(edition(), episodes=(learning, worst, *others))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = write_files(tmp_path_factory.mktemp("show") / "site")
    for path, content in render_site(shown(), read_design(REPOSITORY / SITE)):
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(content)
    return site


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[SiteServer]:
    with open_server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def told(server: SiteServer, folder: Path) -> Told:
    """What a browser saw."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "chromium is missing: run .ci/tools"
    assert (NODE / "node_modules").is_dir(), "playwright-core is missing: run .ci/tools"
    command = ["node", str(NODE / "site.mjs"), chromium, server.address, f"{folder.as_uri()}/", PAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    seen: Told = json.loads(done.stdout)
    return seen


def test_an_episode_is_played_stopped_and_sought_from_the_keyboard(told: Told) -> None:
    it = told["listen"]
    heard = edition().episodes[0].transcript
    assert it["before"]["paused"]
    assert it["before"]["duration"] == pytest.approx(heard.duration_ms / 1000, abs=0.05)
    assert not it["playing"]["paused"]
    assert it["stopped"]["paused"]
    assert it["on"]["currentTime"] == pytest.approx(it["stopped"]["currentTime"] + 10, abs=0.2)
    assert it["back"]["currentTime"] == pytest.approx(it["stopped"]["currentTime"], abs=0.2)
    assert it["faster"] == it["stillFaster"] == 1.5


def test_a_sentence_leads_to_its_moment_and_is_marked(told: Told) -> None:
    (sound, marked), (start, text) = told["listen"]["clicked"], told["listen"]["wanted"]
    assert not sound["paused"]
    assert sound["currentTime"] == pytest.approx(start, abs=0.3)
    assert marked == text


def test_chapters_lead_to_their_moment_and_follow_the_sound(told: Told) -> None:
    it = told["listen"]
    chapters = edition().episodes[0].transcript.chapters
    sound, marked, address = it["chapter"]
    assert sound["currentTime"] == pytest.approx(chapters[2].start_ms / 1000, abs=0.3)
    assert chapters[2].title in marked
    assert address == f"#t={chapters[2].start_ms / 1000:g}"
    assert chapters[2].title in it["chapterBefore"]
    assert chapters[3].title in it["chapterAfter"]


def test_the_page_follows_a_reader_and_leaves_others_alone(told: Told) -> None:
    it = dict(told["follow"])
    assert it.pop("smooth") == "auto"  # as less motion was asked for
    assert it == dict.fromkeys(["readInView", "followed", "leftAlone", "ledBack", "focused"], True)


def test_an_address_can_name_a_moment(told: Told) -> None:
    it = told["links"]
    assert (it["seconds"], it["clock"], it["nonsense"]) == (30, 65, 0)
    assert it["copied"].endswith(f"{PAGE}#t=30")
    assert it["said"] == "Copied"
    assert it["bibtex"] == edition().episodes[0].bibtex


@pytest.mark.parametrize("page", ["index", "episode"])
def test_everything_is_reached_by_tab_and_seen_to_be(told: Told, page: str) -> None:
    it = told["keyboard"][page]
    assert it["wanted"] > 10
    assert it["reached"] >= it["wanted"]
    assert 'class="skip"' in it["first"]
    assert it["faint"] == []
    assert it["skipped"] == "main"


@pytest.mark.parametrize("way", ["find", "files"])
def test_all_episodes_are_searched_and_filtered(told: Told, way: str) -> None:
    it = told["find"] if way == "find" else told["files"]["found"]
    titles = [episode.paper for episode in shown().episodes]
    by_category = {
        name: [paper.category for paper in titles].count(name)
        for name in ("Robotics", "Statistics & Methods")
    }
    assert it["before"] == 0
    assert it["description"][1] == sum("telescope" in paper.summary for paper in titles) == 8
    assert it["author"] == ["1 episode", 1]
    assert it["link"] == "episodes/notes-beside-the-lock-3.html"
    assert "4 January 2025" in it["card"]
    assert it["none"] == ["No episode has that.", 0]
    for key, name in (("category", "Statistics & Methods"), ("linked", "Robotics")):
        assert it[key] == [f"{by_category[name]} episodes", by_category[name]]
    assert it["reached"] == PAGE


def test_an_episode_opened_as_a_file_plays_and_follows(told: Told) -> None:
    sound, marked = told["files"]["told"]
    cue = edition().episodes[0].transcript.cues[4]
    assert sound["currentTime"] == pytest.approx(cue.start_ms / 1000, abs=0.5)
    assert marked == cue.text


def test_no_page_is_wider_than_its_screen(told: Told) -> None:
    assert {place: over for place, over in told["widths"].items() if over > 0} == {}


def test_nothing_goes_wrong_and_nothing_is_asked_of_others(told: Told) -> None:
    assert told["messages"] == []
    assert told["outside"] == []
    assert told["dialogs"] == 0


def test_axe_finds_nothing(told: Told) -> None:
    assert told["audit"] == []


def test_a_first_visit_is_light(told: Told) -> None:
    for page in ("index", "episode"):
        it = told["weights"][page]
        assert 0 < it["rest"] < 60_000
        assert 0 < it["image"] + it["rest"] < 250_000


def test_without_scripts_everything_can_be_read(told: Told) -> None:
    it = told["withoutScripts"]
    for cue in edition().episodes[0].transcript.cues[1:5]:
        assert cue.text in " ".join(it["said"].split())
    assert it["idle"] == 0


def test_the_w3c_finds_nothing(folder: Path) -> None:
    jar = NODE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    assert shutil.which("java"), "java is missing: run .ci/tools"
    assert jar.is_file(), "vnu is missing: run .ci/tools"
    pages = ["index.html", "page-2.html", PAGE, "episodes/hostile.html", "style.css"]
    # It reads files only, and takes no file for one of the page's own; browsers are asked above.
    # It also takes the hostile page for Tagalog.
    aside = ["--filterpattern", ".*(violates Content Security Policy|appears to be written in).*"]
    command = ["java", "-jar", str(jar), "--also-check-css", *aside, *(str(folder / page) for page in pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
