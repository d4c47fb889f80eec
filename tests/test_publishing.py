"""A show as it is published: what goes into its feed, what does not, and what nothing ever changes."""

import datetime as dt
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from mutagen.id3 import ID3

from pipeline.errors import PublishError
from pipeline.files import sha256_of
from pipeline.publish.feed import NAMESPACES
from pipeline.publish.publishers.s3 import open_target as open_bucket
from pipeline.publishing import Publication, PublishOptions, publish
from pipeline.run import Watcher
from pipeline.showlock import LOCK

from .conftest import REPOSITORY, LittleShow

ADDRESS = "https://podcast.example.org/show/"


@pytest.fixture
def little(show: LittleShow) -> LittleShow:
    """A show with two papers, whose site is put into a folder."""
    import shutil

    shutil.copytree(REPOSITORY / "scripts/site", show.root / "scripts/site")
    settings = "title: Little Show\nhost: Ernis\nvoice: tone\ndescription: Papers, told.\n"
    settings += f"feed:\n  url: {ADDRESS}feed.xml\n  email: me@example.org\npublish:\n  - folder: www\n"
    show.write("show.yaml", settings)
    show.paper("one", day=1, title="First & <b>foremost</b>")
    show.paper("two", day=2, body="Another finding. It matters.")
    return show


def published(show: LittleShow, **options: Any) -> Publication:
    os.chdir(show.root)
    return publish(show.root, PublishOptions(executor="inline", **options), Watcher())


@pytest.fixture(autouse=True)
def _somewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def items(feed: Path) -> list[ET.Element]:
    return ET.parse(feed).getroot().findall("channel/item")


def stamps(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in sorted(folder.rglob("*")) if path.is_file()}


def shown(little: LittleShow) -> dict[str, int]:
    """All but what the store keeps, as of pictures that were drawn."""
    return {path: at for path, at in stamps(little.root).items() if "/.store/" not in path}


READABLE = r"""A mass of $m \sim 10^{-22}$, from [the *site*](https://x.org/a_b), in **bold**.[^1]

| a | `b` |
|---|---|
| 1 | $\alpha$ |

1. First.
   - Then, with `code`.

```py
if x < 1:
    y = "<b>"
```

$$\unknown{x}$$

Some prose between.

This is why it matters.

Ernis: Is it?

Ada: It is.

[^1]: So it is.
"""


def test_what_is_read_of_an_episode_has_no_markup_and_is_what_was_made(little: LittleShow) -> None:
    little.paper("two", day=2, body=READABLE)
    done = published(little)
    assert not [finding for finding in done.findings if finding.is_error or finding.code == "CAPT107"]
    www = little.root / "www"
    (text,) = (path.read_text() for path in (www / "media").glob("two-*.txt"))
    for line in (
        "A mass of m ∼ 10⁻²², from the site, in bold.",
        "a · b\n\n1 · α",
        "1. First.\n\n  - Then, with code.",
        'if x < 1:\n    y = "<b>"',
        r"\unknown{x}",
        "Is it?\n\nAda: It is.\n\nSo it is.",
    ):
        assert f"\n\n{line}\n\n" in text
    page = (www / "episodes/two.html").read_text()
    assert '<a href="https://x.org/a_b" rel="noopener external">the site</a>' in page
    assert "<p><b>Why it matters</b></p>\n<p>This is why it matters.</p>" in page
    item = items(www / "feed.xml")[0].findtext("description") or ""
    assert item.startswith("<p>A mass of m ∼ 10⁻²², from <a href")
    assert '"description":"A mass of m ∼ 10⁻²², from the site, in bold."' in (www / "search.js").read_text()


def test_a_show_weighs_what_is_found_before_it_is_put_up(little: LittleShow) -> None:
    little.edit("show.yaml", "  email: me@example.org\n", "")
    assert "FEED120" in {finding.code for finding in published(little).findings}
    little.edit("show.yaml", "feed:", "severity: {FEED120: off}\nfeed:")
    assert "FEED120" not in {finding.code for finding in published(little).findings}
    little.edit("show.yaml", "FEED120: off", "FEED120: error")
    done = published(little)
    assert [finding.code for finding in done.findings if finding.is_error] == ["FEED120"]
    assert done.changes == {}


def test_one_command_makes_feed_site_and_puts_them_up(little: LittleShow) -> None:
    done = published(little)
    assert (done.episodes, done.new, done.left) == (("two", "one"), ("two", "one"), ())
    www = little.root / "www"
    for item in items(www / "feed.xml"):
        addresses = [element.get("url") or element.get("href") for element in item.iter()]
        named = [address.removeprefix(ADDRESS) for address in addresses if address]
        assert len(named) >= 7
        assert [path for path in named if not (www / path).is_file()] == []
        audio = item.find("enclosure")
        assert audio is not None
        path = www / (audio.get("url") or "").removeprefix(ADDRESS)
        assert path.stat().st_size == int(audio.get("length") or 0)
        assert path.read_bytes() == little.mp3(path.name.rsplit("-", 1)[0]).read_bytes()
    assert [item.findtext("title") for item in items(www / "feed.xml")] == [
        "A paper",
        "First & <b>foremost</b>",
    ]
    assert (little.root / "output/feed.xml").read_bytes() == (www / "feed.xml").read_bytes()
    assert (www / "index.html").is_file()


def test_a_second_publication_touches_no_byte(little: LittleShow) -> None:
    published(little)
    before = shown(little)
    assert published(little).changes == {"folder: www": ()}
    assert shown(little) == before


def test_a_dry_run_says_the_same_and_does_none_of_it(little: LittleShow) -> None:
    little.make()
    before = shown(little)
    foretold = published(little, dry_run=True)
    assert shown(little) == before
    done = published(little)
    assert (foretold.episodes, foretold.new) == (done.episodes, done.new)
    paths = [change.path for change in foretold.changes["folder: www"]]
    assert len(paths) > 20
    assert [path for path in paths if path.startswith("episodes/")] == [
        "episodes/one.html",
        "episodes/two.html",
    ]


def test_drafts_and_what_is_to_come_are_kept_back(little: LittleShow) -> None:
    little.edit("papers/one.md", "category:", "publish: draft\ncategory:")
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    little.edit("papers/two.md", "date: 2026-01-02", f"date: {tomorrow}")
    little.paper("three", day=3)
    done = published(little)
    assert done.episodes == ("three",)
    assert done.kept_back == {"one": "`publish: draft`", "two": f"its date, {tomorrow}, is in the future"}
    assert not little.mp3("one").exists()


def test_a_new_paper_changes_nothing_of_the_others(little: LittleShow) -> None:
    published(little)
    before = {item.findtext("guid"): ET.tostring(item) for item in items(little.root / "www/feed.xml")}
    little.paper("zero", day=1)
    assert published(little).new == ("zero",)
    after = {
        item.findtext("guid"): ET.tostring(item).rstrip() for item in items(little.root / "www/feed.xml")
    }
    assert len(after) == 3
    assert {guid: after[guid] for guid in before} == {guid: text.rstrip() for guid, text in before.items()}


def test_an_edited_episode_keeps_its_guid_number_and_day(little: LittleShow) -> None:
    published(little)
    before = (little.root / LOCK).read_bytes()
    old = {path.name for path in (little.root / "www/media").iterdir()}
    little.paper("one", day=17, body="Another finding altogether.", title="Renamed")
    published(little)
    assert (little.root / LOCK).read_bytes() == before
    item = items(little.root / "www/feed.xml")[1]
    assert item.findtext("pubDate") == "Thu, 01 Jan 2026 00:00:00 +0000"
    assert item.findtext("title") == "Renamed"
    assert old <= {
        path.name for path in (little.root / "www/media").iterdir()
    }  # for who read the feed before


def test_what_was_numbered_is_tagged_with_it(little: LittleShow) -> None:
    published(little)
    item = items(little.root / "www/feed.xml")[0]
    tags: Any = ID3(little.mp3("two"))  # type: ignore[no-untyped-call]
    assert str(tags["TRCK"]) == item.findtext(f"{{{NAMESPACES['itunes']}}}episode") == "2"
    assert str(tags["TGID"]) == item.findtext("guid")


def test_an_episode_whose_paper_is_gone_leaves_feed_and_site(little: LittleShow) -> None:
    published(little)
    (little.root / "papers/one.md").unlink()
    done = published(little)
    assert (done.episodes, done.left) == (("two",), ("one",))
    assert len(items(little.root / "www/feed.xml")) == 1
    assert not (little.root / "www/episodes/one.html").exists()
    assert little.mp3("one").is_file()  # until `store prune`
    little.paper("one", day=1, title="First & <b>foremost</b>")
    assert published(little).new == ()


def test_a_slip_in_a_published_paper_takes_no_episode_away(little: LittleShow) -> None:
    published(little)
    before = stamps(little.root / "www")
    little.edit("papers/one.md", "category:", "categoyr:")
    with pytest.raises(PublishError, match="was published cannot be made") as caught:
        published(little)
    assert "one.md:2:1: the key 'category' is missing" in str(caught.value.others[0])
    assert stamps(little.root / "www") == before


def test_a_bad_paper_that_is_new_keeps_none_of_the_others_back(little: LittleShow) -> None:
    little.write("papers/bad.md", "no front matter")
    done = published(little)
    assert done.episodes == ("two", "one")
    assert [Path(failure.paper).name for failure in done.failed] == ["bad.md"]


def test_no_voice_but_the_shows_is_published_unless_told(little: LittleShow) -> None:
    little.write("voices/deep.yaml", "engine: tone\noptions: {pitch_percent: 80}\n")
    tried = little.make("one", voice="deep").made[0].digests["one.mp3"]
    published(little)
    assert sha256_of(little.mp3("one")) != tried
    published(little, voice="deep")
    assert sha256_of(next((little.root / "www/media").glob("two-*.mp3")))


def test_a_voice_that_stands_in_is_not_published_unless_told(little: LittleShow) -> None:
    cloud = "engine: openai\noptions: {key_variable: NO_SUCH_KEY}\nfallback: tone\n"
    little.write("voices/cloud.yaml", cloud)
    little.edit("show.yaml", "voice: tone", "voice: cloud")
    with pytest.raises(PublishError, match=r"is spoken by 'tone' instead, because .*NO_SUCH_KEY"):
        published(little)
    assert published(little, voice="tone").episodes == ("two", "one")


def test_drafts_of_sound_are_never_published(little: LittleShow) -> None:
    little.make(draft=True)
    published(little)
    assert not [path for path in (little.root / "www").rglob("*.mp3") if b"DRAFT" in path.read_bytes()[:2000]]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("publish:\n  - floder: www\n", "there is no publisher 'floder'"),
        ("publish:\n  - folder: www\n    s3: x\n", "one publisher and its target"),
        ("publish: www\n", "expected a list"),
        ("feed:\n  url: https://example.org/\n", "feed.xml"),
        ("feed:\n  url: javascript:alert(1)//x.xml\n", "feed.xml"),
        ("feed:\n  email: nobody\n", "me@example.org"),
    ],
)
def test_wrong_settings_are_said_before_anything_is_made(
    settings: str, said: str, little: LittleShow
) -> None:
    little.write("show.yaml", f"title: Little Show\nhost: Ernis\nvoice: tone\n{settings}")
    with pytest.raises(Exception, match=re.escape(said)):
        published(little)
    assert not (little.root / "output/episodes").exists()


def test_a_slip_in_a_template_of_the_site_has_its_place(little: LittleShow) -> None:
    little.edit("scripts/site/notes.j2", "{{ notes.bibtex }}", "\n{{ notes.bibtext }}")
    with pytest.raises(PublishError, match="did you mean 'bibtex'") as caught:
        published(little)
    assert re.fullmatch(r"scripts/site/notes\.j2:\d+", caught.value.where)
    assert not (little.root / "www").exists()


def test_nothing_to_publish_is_said(little: LittleShow) -> None:
    for slug in ("one", "two"):
        little.edit(f"papers/{slug}.md", "category:", "publish: draft\ncategory:")
    with pytest.raises(PublishError, match="no episode to publish"):
        published(little)


HOSTILE = """<script>alert(1)</script> ]]> & [a](javascript:alert(2)) ![x](https://evil.example/x.png)

<img src=x onerror=alert(3)> `code <b>` [fine](https://example.org/?a=1&b="2")

- "quoted" 'single' {{ 7 * 7 }} {% raw %}"""


def test_hostile_text_is_text_everywhere(little: LittleShow) -> None:
    title = '</title><script>alert(0)</script> ]]> " & {{ 7 * 7 }}'
    little.paper("one", body=HOSTILE, title=title.replace('"', '\\"'))
    published(little)
    site = little.root / "www"
    item = items(site / "feed.xml")[1]
    assert item.findtext("title") == title
    notes = item.findtext(f"{{{NAMESPACES['content']}}}encoded") or ""
    page = (site / "episodes/one.html").read_text(encoding="utf-8")
    for html in (notes, page):
        assert not re.search(
            r"<script>alert|<img[^>]+onerror|href=.?javascript:|src=.https?:", html, re.IGNORECASE
        )
        assert "&lt;script&gt;alert(" in html
        assert "{{ 7 * 7 }}" in html
    vtt = next((site / "media").glob("one-*.vtt")).read_text(encoding="utf-8")
    assert "<script" not in vtt


class Www:
    """The show's folder for the public."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def there(self) -> list[str]:
        return [path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()]

    def feed(self) -> bytes:
        path = self.root / "feed.xml"
        return path.read_bytes() if path.is_file() else b""


class Bucket:
    """Its bucket."""

    def __init__(self, prefix: str) -> None:
        self.target = open_bucket(prefix)

    def there(self) -> list[str]:
        return [*(self.target.sizes() or ())]

    def feed(self) -> bytes:
        return self.target.read("feed.xml") or b""


def missing(place: Www | Bucket) -> list[str]:
    """The files that the feed of a place names and that are not there."""
    there = {*place.there()}
    named = re.findall(rf'"{re.escape(ADDRESS)}(media/[^"]+)"', place.feed().decode())
    return [path for path in named if path not in there]


def killed(root: Path, place: Www | Bucket, files: int) -> None:
    """A publication that is killed once there are so many files, or is done."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "--show", str(root), "publish", "--jobs", "1"],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None and len(place.there()) < files:
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_a_kill_in_the_middle_leaves_no_feed_with_a_missing_file(
    kind: str, little: LittleShow, request: pytest.FixtureRequest
) -> None:
    """At eight moments of two publications; each time the next goes on and ends well."""
    place: Www | Bucket = Www(little.root / "www")
    if kind == "s3":
        prefix = f"{request.getfixturevalue('bucket')}/killed"
        little.edit("show.yaml", "folder: www", f"s3: {prefix}")
        place = Bucket(prefix)
    for edition in ("A finding.", "Quite another finding, that matters more."):
        little.paper("one", body=edition)
        little.make()
        before = len(place.there())
        for files in range(1, 26, 8):
            killed(little.root, place, before + files)
            assert missing(place) == []
            assert missing(Www(little.root / "output/site")) == []
        assert published(little).episodes == ("two", "one")
        assert missing(place) == []
        assert place.feed() == (little.root / "output/feed.xml").read_bytes()
