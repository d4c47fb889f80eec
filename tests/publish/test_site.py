"""The site: every file of it from an edition and templates, and nothing of a paper as markup."""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import msgspec
import pytest

from pipeline.check import check
from pipeline.errors import PublishError
from pipeline.kinds import BlockKind
from pipeline.kit import SITE, read_sources
from pipeline.publish.design import read_design
from pipeline.publish.edition import Edition, File
from pipeline.publish.notes import Notes
from pipeline.publish.pages import VALUES, Link
from pipeline.publish.site import FILTERS, faults_of, render_site
from pipeline.starter import start_show
from pipeline.textfile import CONTROL
from pipeline.transcript import Chapter, Cue, Passage
from pipeline.transcript import Link as CueLink

from ..conftest import REPOSITORY, LittleShow
from .editions import edition, files, many

DESIGN = read_design(REPOSITORY / SITE)
PAGE = "episodes/notes-beside-the-lock.html"
FEEDS = {"feed.xml", "feed.json"}
"""Written by others, beside the pages."""
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Parsed(HTMLParser):
    """A page, read strictly: everything that is opened is closed, in order."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert max(Counter(name for name, _ in attrs).values(), default=1) == 1, (tag, attrs)
        assert tag != "p" or "p" not in self.open, "a p in a p"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def text_in(self, tag: str) -> str:
        return "".join(text for name, text in self.texts if name == tag)

    def addresses(self) -> Iterator[tuple[str, str, str]]:
        """Element, attribute, address."""
        for tag, attributes in self.elements:
            for name in ("href", "src", "data-index", "action", "poster", "srcset"):
                if name in attributes:
                    yield tag, name, attributes[name]

    def facts(self) -> dict[str, Any]:
        text = "".join(text for tag, text in self.texts if tag == "script")
        facts: dict[str, Any] = json.loads(text)
        return facts


def pages_of(one: Edition, design: dict[str, str] | None = None) -> dict[str, bytes]:
    made = list(render_site(one, design or DESIGN))
    assert len(dict(made)) == len(made)
    return dict(made)


def with_paper(one: Edition, **changes: Any) -> Edition:
    """The same show, with another paper in its first episode."""
    first, *others = one.episodes
    paper = msgspec.structs.replace(first.paper, **changes)
    return msgspec.structs.replace(one, episodes=(msgspec.structs.replace(first, paper=paper), *others))


def with_first(one: Edition, **changes: Any) -> Edition:
    first, *others = one.episodes
    return msgspec.structs.replace(one, episodes=(msgspec.structs.replace(first, **changes), *others))


def hostile() -> Edition:
    """A show in which everything that people write tries to be something else."""
    attack = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'>{{ 7*7 }}&lt;"
    bidi = "\u202eevil\u202c\u2066\x00\x1b\ufffe\ud800"
    links = {
        attack: "javascript:alert(1)",
        "Data": "data:text/html,<script>alert(1)</script>",
        "Spaces": "https://example.org/ onclick=alert(1)",
        "No host": "https://",
        "Backslash": "https:\\\\example.org\\x",
        "User": "https://user@/x",
        "Line": "https://example.org/\nx",
        f"Good {attack}": "https://example.org/?a=\"><script>&b='",
    }
    one = with_paper(
        many(2),
        title=attack + bidi,
        authors=(attack, bidi + "name", "مرحبا"),
        category=attack,
        arxiv='"><script>alert(1)</script>',
        doi="10.1/<script>'\"",
        links=links,
    )
    heard = one.episodes[0].transcript
    said = Cue(start_ms=0, end_ms=900, text=attack)
    kinds: tuple[BlockKind, ...] = ("heading", "paragraph", "bullet", "bullet", "quote", "code")
    passages = tuple(
        Passage(kind=kind, speaker=f"{attack}{number}", cues=(said,)) for number, kind in enumerate(kinds)
    )
    chapters = (Chapter(title=attack, start_ms=0, end_ms=900),)
    heard = msgspec.structs.replace(heard, passages=passages, chapters=chapters)
    one = with_first(one, transcript=heard, description=attack, bibtex=attack, spoken_by=attack)
    show = msgspec.structs.replace(one.show, title=attack, host=attack, description=attack, copyright=attack)
    return msgspec.structs.replace(one, show=show)


EDITIONS = {
    "three": edition,
    "many": lambda: many(41),
    "none": lambda: msgspec.structs.replace(edition(), episodes=()),
    "hostile": hostile,
}


@pytest.fixture(scope="module", params=EDITIONS)
def made(request: pytest.FixtureRequest) -> tuple[Edition, dict[str, bytes]]:
    one = EDITIONS[request.param]()
    return one, pages_of(one)


def html_of(pages: dict[str, bytes]) -> Iterator[tuple[str, Parsed]]:
    for path, content in pages.items():
        if path.endswith(".html"):
            yield path, Parsed(content)


def test_every_link_leads_to_a_file_and_to_a_place_in_it(made: tuple[Edition, dict[str, bytes]]) -> None:
    pages = made[1]
    known = {*pages, *files(), *FEEDS}
    ids = {path: {it["id"] for _, it in page.elements if "id" in it} for path, page in html_of(pages)}
    for path, page in html_of(pages):
        for tag, _, address in page.addresses():
            if re.match("https?://|data:,", address):
                continue
            target, _, fragment = address.partition("#")
            reached = urlsplit(urljoin(f"https://x/{path}", target)).path[1:] if target else path
            assert reached in known, address
            assert not address.startswith("/")
            if fragment and not re.match(r"(t|category)=", fragment):
                assert unquote(fragment) in ids[reached], (tag, address)


def test_nothing_is_asked_of_other_sites(made: tuple[Edition, dict[str, bytes]]) -> None:
    pages = made[1]
    for _, page in html_of(pages):
        for tag, _, address in page.addresses():
            if re.match("[a-z]+:|//", address, re.IGNORECASE) and address != "data:,":
                assert tag in {"a", "link"}, address
        for link in page.all("link"):
            if link["href"].startswith("http"):
                assert link["rel"] == "canonical"
        assert all("style" not in attributes for _, attributes in page.elements)
        assert all(not name.startswith("on") for _, attributes in page.elements for name in attributes)
    for name in ("style.css", "player.js", "finder.js"):
        assert not re.search(rb"https?://|@import|url\(", pages[name])


def test_pages_are_well_formed_with_one_heading_and_unlike_ids(
    made: tuple[Edition, dict[str, bytes]],
) -> None:
    for path, page in html_of(made[1]):
        assert made[1][path].startswith(b"<!doctype html>\n")
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len({*ids})
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1
        assert all(b <= a + 1 for a, b in pairwise(levels))
        assert len(page.all("main")) == 1
        for image in page.all("img"):
            assert {"width", "height", "alt"} <= image.keys()
        for label in page.all("label"):
            assert "for" not in label or label["for"] in ids


def test_the_same_edition_gives_the_same_bytes(made: tuple[Edition, dict[str, bytes]]) -> None:
    assert pages_of(made[0]) == made[1]


def test_hostile_text_is_shown_and_never_run() -> None:
    one = hostile()
    for _, page in html_of(pages_of(one)):
        scripts = page.all("script")
        assert {it.get("src") or it["type"] for it in scripts} <= {
            "application/ld+json",
            "../player.js",
            "player.js",
            "finder.js",
        }
        assert not any("onerror" in attributes for _, attributes in page.elements)
        addresses = [address for _, _, address in page.addresses()]
        assert not [it for it in addresses if re.match(r"\s*(javascript|data:[^,])", it, re.IGNORECASE)]
    page = Parsed(pages_of(one)[one.episodes[0].page])
    titles = [
        attributes["content"] for attributes in page.all("meta") if attributes.get("property") == "og:title"
    ]
    assert titles == [one.episodes[0].paper.title[: titles[0].index("&lt;") + 4] + "evil?"]
    assert CONTROL.sub("", page.facts()["name"]) == titles[0]
    external = {it["href"] for it in page.all("a") if it.get("rel") == "noopener external"}
    assert external == {
        "https://arxiv.org/abs/%22%3E%3Cscript%3Ealert%281%29%3C/script%3E",
        "https://doi.org/10.1/%3Cscript%3E%27%22",
        "https://example.org/?a=%22%3E%3Cscript%3E&b='",
    }
    assert "alert(49)" not in str(page.texts)


def with_passages(*passages: Passage) -> str:
    """The transcript on the page of an episode with these."""
    heard = msgspec.structs.replace(edition().episodes[0].transcript, passages=passages)
    page = pages_of(with_first(edition(), transcript=heard))[PAGE].decode()
    return page.partition('<div class="script">')[2].partition("</section>")[0]


def test_a_transcript_has_links_to_the_web_and_no_other() -> None:
    links = (
        CueLink(start=4, end=7, url='https://x.org/"onclick="x?a=1&b'),
        CueLink(start=8, end=9, url="javascript:alert(1)"),
    )
    cue = Cue(start_ms=0, end_ms=900, text="See <b> x & y", links=links)
    shown = with_passages(Passage(kind="paragraph", speaker="Ernis", cues=(cue,)))
    link = '<a href="https://x.org/%22onclick=%22x?a=1&amp;b" rel="noopener external">&lt;b&gt;</a>'
    assert f'<span data-t="0">See {link} x &amp; y</span>' in shown
    assert "javascript" not in shown


def test_what_is_said_is_shown_with_names_that_are_spoken() -> None:
    cues = [
        (Cue(start_ms=n, end_ms=n + 1, text=text),) for n, text in enumerate(("Ernis: So?", "- 5 is one."))
    ]
    shown = with_passages(
        Passage(kind="paragraph", speaker="Ernis", cues=cues[0]),
        Passage(kind="bullet", speaker="Ernis", cues=cues[1], mark="-"),
    )
    assert "<p><span" in shown
    assert ">Ernis: So?</span>" in shown
    assert ">- 5 is one.</span>" in shown


def test_lists_have_their_numbers_and_depth_and_code_its_lines() -> None:
    cue = Cue(start_ms=0, end_ms=900, text="if x < 1: y")
    shown = with_passages(
        Passage(kind="bullet", speaker="Ernis", cues=(cue,), mark="2."),
        Passage(kind="bullet", speaker="Ernis", cues=(cue,), mark="-", level=9),
        Passage(kind="code", speaker="Ernis", cues=(cue,), code="if x < 1:\n    y"),
    )
    assert "<p><i>2.</i> <span" in shown
    assert '<li class="passage" data-level="4">' in shown
    assert '<pre><span data-t="0">if x &lt; 1:\n    y</span></pre>' in shown


def test_names_and_titles_are_kept_from_reordering_what_is_beside_them() -> None:
    text = pages_of(hostile())[hostile().episodes[0].page].decode()
    assert "<bdi>مرحبا</bdi>" in text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b\ufffe]", text)
    page = pages_of(edition())[PAGE].decode()
    for name in ("Ameesh Shah", "王小明", "Robotics", edition().episodes[0].paper.title):
        assert f"<bdi>{name}</bdi>" in page


def test_a_title_of_ten_thousand_characters_and_two_thousand_authors_make_a_page() -> None:
    one = with_paper(edition(), title="Very " * 2_000, authors=tuple(f"Author {n}" for n in range(2_000)))
    page = Parsed(pages_of(one)[PAGE])
    assert "2000 authors" in page.text_in("summary")
    assert "and 1995 others" in page.text_in("p")


def test_an_episode_has_all_that_belongs_to_it() -> None:
    one = edition()
    episode, older = one.episodes[:2]
    page = Parsed(pages_of(one)[PAGE])
    hrefs = [attributes["href"] for attributes in page.all("a")]
    (audio,), (track,) = page.all("audio"), page.all("track")
    assert urljoin(f"/{PAGE}", audio["src"])[1:] == episode.files["audio"].path
    assert urljoin(f"/{PAGE}", track["src"])[1:] == episode.files["vtt"].path
    assert (track["kind"], track["srclang"]) == ("captions", one.show.language)
    for kind in ("audio", "vtt", "srt", "txt", "json"):
        assert f"../{episode.files[kind].path}" in hrefs
    assert "https://arxiv.org/abs/2510.19752v1" in hrefs
    assert "https://doi.org/10.48550/arXiv.2510.19752" in hrefs
    assert "https://code.example.org/liten?tab=readme&lang=en" in hrefs
    assert {"rel": "prev", "href": f"../{older.page}"} in page.all("a")
    assert not [it for it in page.all("a") if it.get("rel") == "next"]
    cues = [attributes["data-t"] for attributes in page.all("span") if "data-t" in attributes]
    assert [float(it) for it in cues] == [cue.start_ms / 1000 for cue in episode.transcript.cues]
    begins = [attributes["data-from"] for attributes in page.all("a") if "data-from" in attributes]
    assert [float(it) for it in begins] == [it.start_ms / 1000 for it in episode.transcript.chapters]
    assert page.text_in("pre") == episode.bibtex
    assert f"spoken by an AI voice: {episode.spoken_by}." in page.text_in("p")
    assert episode.about.encode() in pages_of(one)[PAGE]


def test_the_transcript_names_its_speakers_where_there_are_several() -> None:
    pages = {path: Parsed(content) for path, content in pages_of(edition()).items() if path.endswith("html")}
    one, alone = pages[PAGE], pages["episodes/first-light.html"]
    spans = [text for tag, text in one.texts if tag == "span"]
    assert "And the next guests walk straight in?" in " ".join(spans)
    assert not any(text.startswith(("Ada: ", "- ")) for text in spans)
    said = pages_of(edition())[PAGE].decode()
    assert re.findall(r"<b><bdi>(.*?)</bdi></b>", said) == ["Ernis", "Ada", "Ernis"]
    assert "<bdi>Ernis</bdi></b>" not in pages_of(edition())["episodes/first-light.html"].decode()
    assert alone.text_in("span")
    assert said.count('<li class="passage">') == 3
    assert "<h3><span" in said
    assert "<blockquote><span" in said


def test_machines_are_told_what_people_are_told() -> None:
    one = edition()
    pages = pages_of(one)
    series, facts = Parsed(pages["index.html"]).facts(), Parsed(pages[PAGE]).facts()
    episode = one.episodes[0]
    assert (series["@type"], series["webFeed"], series["url"]) == ("PodcastSeries", one.feed.url, one.base)
    assert (facts["@type"], facts["url"]) == ("PodcastEpisode", one.base + PAGE)
    assert facts["timeRequired"] == "PT1M21S"
    assert dt.datetime.fromisoformat(facts["datePublished"]) == episode.published
    assert facts["associatedMedia"]["contentUrl"] == one.base + episode.files["audio"].path
    assert facts["about"]["sameAs"][0] == "https://arxiv.org/abs/2510.19752v1"
    assert facts["partOfSeries"] == {key: series[key] for key in facts["partOfSeries"]}
    for path, page in ((path, Parsed(pages[path])) for path in ("index.html", PAGE)):
        metas = {it.get("property") or it.get("name"): it.get("content", "") for it in page.all("meta")}
        assert metas["og:url"] == one.base + path.removeprefix("index.html")
        assert metas["og:image"].startswith(f"{one.base}media/")
        assert metas["twitter:card"] == "summary"
        links = {it["rel"]: it for it in page.all("link") if it["rel"] != "alternate"}
        assert links["canonical"]["href"] == metas["og:url"]
        alternates = {it["type"]: it["href"] for it in page.all("link") if it["rel"] == "alternate"}
        root = "" if path == "index.html" else "../"
        assert alternates == {
            "application/rss+xml": f"{root}feed.xml",
            "application/feed+json": f"{root}feed.json",
        }


def test_old_episodes_are_on_further_pages() -> None:
    one = many(45)
    pages = pages_of(one)
    indexes = ["index.html", "page-2.html", "page-3.html"]
    assert [path for path in pages if PurePosixPath(path).name == path and path.endswith(".html")] == indexes
    shown = []
    for number, path in enumerate(indexes):
        page = Parsed(pages[path])
        cards = [it for it in page.all("img") if it.get("loading") == "lazy" and it["src"] != "data:,"]
        titles = [it["href"] for it in page.all("a") if it["href"].startswith("episodes/")]
        shown += list(dict.fromkeys(titles))
        assert len(cards) == (20, 20, 5)[number]
        turns = {it["rel"]: it["href"] for it in page.all("a") if it.get("rel") in {"prev", "next"}}
        expected = {"prev": indexes[number - 1] if number else None, "next": [*indexes, None][number + 1]}
        assert turns == {rel: href for rel, href in expected.items() if href}
    assert shown == [episode.page for episode in one.episodes]


def test_the_search_knows_every_episode() -> None:
    one = many(45)
    script = pages_of(one)["search.js"].decode()
    found = json.loads(script.removeprefix("globalThis.showEpisodes = ").removesuffix(";\n"))
    assert [it["page"] for it in found] == [episode.page for episode in one.episodes]
    first = found[0]
    assert first["authors"] == [*one.episodes[0].paper.authors]
    assert (first["date"], first["duration"]) == ("2025-02-15", "1:21")


def test_a_site_of_a_thousand_episodes_is_written_in_seconds_and_its_front_page_stays_small() -> None:
    weights = {path: len(content) for path, content in pages_of(many(400)).items()}
    assert weights["index.html"] + weights["style.css"] + weights["player.js"] + weights["finder.js"] < 60_000


@pytest.mark.parametrize(
    ("name", "source", "says"),
    [
        ("episode.html.j2", "a\n{{ episode.papr }}", "scripts/site/episode.html.j2:2: 'episode.papr' is not defined (did you mean 'paper'?"),
        ("episode.html.j2", "{{ episode.paper.titel }}", "scripts/site/episode.html.j2:1: Paper has no 'titel': did you mean 'title'?"),
        ("index.html.j2", "{% for one in page.episodes %}\n{{ one.numbr }}{% endfor %}", "scripts/site/index.html.j2:2: Listed has no 'numbr': did you mean 'number'?"),
        ("index.html.j2", "{{ shwo.title }}", "scripts/site/index.html.j2:1: 'shwo' is not defined (did you mean 'show'?"),
        ("index.html.j2", "{{ 1000 | clok }}", "there is no filter 'clok' (did you mean 'clock'?"),
        ("index.html.j2", "{% if %}", "scripts/site/index.html.j2:1: "),
        ("parts.html.j2", "\n{{ nothing }}", "scripts/site/parts.html.j2:2: 'nothing' is not defined"),
        ("index.html.j2", "{{ 'x' * 10000000000 }}", "scripts/site/index.html.j2:1: * is not allowed here"),
        ("index.html.j2", "{{ show.__class__.__mro__ }}", "scripts/site/index.html.j2:1"),
        ("index.html.j2", "{% include '../episode.j2' %}", "there is no template '../episode.j2'"),
    ],
)  # fmt: skip
def test_a_slip_in_a_template_is_placed_and_explained(name: str, source: str, says: str) -> None:
    with pytest.raises(PublishError, match=re.escape(says)):
        pages_of(edition(), {**DESIGN, name: source})


def test_all_slips_are_found_before_anything_is_published(show: LittleShow) -> None:
    show.paper("one")
    show.write("scripts/site/index.html.j2", "{{ shwo }}\n{{ page.pth }}")
    show.write("scripts/site/style.css", "p{}")
    _, faults = check(show.root, ())
    told = [str(fault) for fault in faults]
    assert [text.split(" (")[0] for text in told] == [
        "scripts/site: TMPL105 error: there is no template 'episode.html.j2'",
        "scripts/site: TMPL105 error: there is no template 'about.j2'",
        "scripts/site: TMPL105 error: there is no template 'notes.j2'",
        "scripts/site/index.html.j2:1: TMPL105 error: 'shwo' is not defined",
        "scripts/site/index.html.j2:2: TMPL105 error: 'page.pth' is not defined",
    ]
    assert [*faults_of(DESIGN)] == []


def test_a_show_can_put_files_of_its_own_beside_the_pages(show: LittleShow) -> None:
    show.write("scripts/site/fonts/own.css", "p {}")
    show.write("scripts/site/README.md", "words")
    show.write("scripts/site/.style.css.swp", "x")
    assert read_design(show.root / SITE) == {"fonts/own.css": "p {}"}
    assert pages_of(edition(), {**DESIGN, "fonts/own.css": "p {}"})["fonts/own.css"] == b"p {}"
    for name in ("picture.png", "search.js", "a b.css", "index.html"):
        path = show.write(f"scripts/site/{name}", "x")
        with pytest.raises(PublishError, match="is no part of a page"):
            read_design(show.root / SITE)
        path.unlink()
    (show.root / SITE / "out.css").symlink_to(show.root / "show.yaml")
    with pytest.raises(PublishError, match="leads out of scripts/site"):
        read_design(show.root / SITE)
    with pytest.raises(PublishError, match="there is no such folder"):
        read_design(show.root / "scripts" / "nothing")


def test_an_edit_of_the_site_writes_no_script_anew(show: LittleShow) -> None:
    show.write("scripts/site/index.html.j2", "one")
    before = read_sources(show.root)
    show.write("scripts/site/index.html.j2", "two")
    show.write("scripts/site/deeper/other.j2", "two")
    assert read_sources(show.root).digest == before.digest
    assert set(before.templates) == {"episode.j2", "outro.j2"}


def test_a_new_show_has_a_site_of_its_own(tmp_path: Path) -> None:
    start_show(tmp_path / "new")
    assert read_design(tmp_path / "new" / SITE) == DESIGN


def test_the_site_page_lists_everything_a_template_may_use() -> None:
    page = (REPOSITORY / "docs" / "site.md").read_text(encoding="utf-8")
    values = {name: kind for name, kind in VALUES.items() if name not in {"newer", "older"}}
    values |= {"notes": Notes, "file": File, "chapter": Chapter, "passage": Passage, "cue": Cue, "link": Link}
    for value, kind in values.items():
        for name in kind.__struct_fields__:
            assert f"| `{value}.{name}` |" in page
    listed = re.findall(r"^\| `(\w+)\.(?!css|js|j2)(\w+)` \|", page, re.MULTILINE)
    assert {value for value, _ in listed} == {*values}
    assert all(name in values[value].__struct_fields__ for value, name in listed)
    for name, text in FILTERS.items():
        assert f"| `{name}` | {text} |" in page
    for name in DESIGN:
        assert re.search(rf"^\| `{re.escape(name)}` \|", page, re.MULTILINE), name


def test_no_words_are_hidden_in_the_code() -> None:
    """A page of empty templates has no text but what the show and its papers say."""
    bare = {"index.html.j2": "{{ page.structured_data }}", "episode.html.j2": "{{ episode.paper.title }}"}
    pages = pages_of(edition(), bare)
    assert pages[PAGE].decode() == edition().episodes[0].paper.title
    assert {*pages} == {"search.js", "index.html", *(it.page for it in edition().episodes)}
