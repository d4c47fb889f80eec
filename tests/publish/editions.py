"""A small show as it is published: two voices, three episodes, real sound; and all its files.

`edition()` is the value that feed, site and notes are written from, `files()` are the bytes of every
file it names, and `write_files(folder)` puts them where they belong. Episodes are spoken in tones by
the pipeline itself, so that chapters, cues, tags and durations are those of the MP3s.
"""

import datetime as dt
import functools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pipeline.bench import Bench
from pipeline.cover import EPISODE_PX, SHOW_PX, THUMBNAIL_PX, CoverRequest
from pipeline.covers import cover_request, show_cover_request
from pipeline.execute import open_executor
from pipeline.feedsettings import FeedSettings
from pipeline.kit import Kit, prepare, read_sources
from pipeline.model import Paper
from pipeline.paper import read_paper
from pipeline.publish import Edition, Heard, Kept, PublishedEpisode, SiteFiles, media_of, published
from pipeline.publish.design import read_design
from pipeline.publish.edition import File
from pipeline.publish.notes import WriteNotes, notes_writer
from pipeline.recipe import DRAW, do_job, produce
from pipeline.showlock import ShowLock
from pipeline.store import Store

from ..conftest import REPOSITORY, LittleShow

__all__ = ["edition", "files", "many", "write_files"]

FEED = "https://podcast.example.org/show/feed.xml"

_SHOW = """title: Ledger & Leaf
host: Ernis
description: >-
  New research papers, told gently. Each episode takes one paper and says in plain words
  what was asked, what was found and why it matters.
language: en-gb
website: https://podcast.example.org/show/
copyright: The PaperLedge maintainers
voice: tone
cast: {Ada: second}
"""

_FEED = FeedSettings(
    url=FEED,
    email="me@example.org",
    license="cc-by-4.0",
    license_url="https://creativecommons.org/licenses/by/4.0/",
)

_RUNNING_ORDER = """{{ section("intro", "Welcome") }}
Hello, this is {{ show.title }}, and I am {{ show.host }}.
Today's paper is called {{ paper.title }}.

{{ section("paper", "The paper") }}
{{ paper.summary }}

{{ section("outro", "Goodbye") }}
{% for question in paper.questions %}
{{ question }}

{% endfor %}
Credit to Paper authors: {{ paper.authors | and_list }}. The voice you heard is synthetic.
"""

_PAPERS = {
    "notes-beside-the-lock": """---
title: "Learning Affordances at Inference-Time for Vision-Language-Action Models"
authors: [Ameesh Shah, Érica Núñez, 王小明]
category: Robotics
date: 2026-03-20
arxiv: "2510.19752v1"
doi: 10.48550/arXiv.2510.19752
links:
  Code: https://code.example.org/liten?tab=readme&lang=en
  Talk: https://video.example.org/watch
episode: 3
season: 1
chapters:
  A second mind: A second mind that looks back
---

Picture a holiday cottage with a stubborn front door. The first guests push, then pull, then finally
discover that you must lift the handle a little. Before leaving, they pin a note beside the lock.

Ada: And the next guests walk straight in? Nobody rebuilt the door, and nobody grew stronger!

That is what this paper is after. Today's robots are driven by models that look through a camera, take in
an instruction such as "stack the cups by the sink", and turn both into movement.

## A second mind

The cycle has three beats:

- The robot receives an instruction and makes its attempt.
- A second model goes over the attempt, and judges what succeeded, what failed, and for what reason.
- That judgement goes into the plan for the next attempt.

> It must reflect on unstructured real-world trajectories, which requires structured guide rails.

## Questions

- Could reflection alone lead a robot to a skill that nobody ever asked it for?
""",
    "less-than-and-more": """---
title: 'When p < 0.05 & "significant" aren’t the same: a <b>warning</b>'
authors: [O'Brien & Sons, "Ann <ann@example.org>"]
category: Statistics & Methods
date: 2026-02-11
arxiv: "2602.00001"
links:
  Data: https://data.example.org/?a=1&b=2
---

A result is called significant when chance alone would seldom give it. Seldom is not never, and a small
number is not a large effect. Is a < b the same as a & b? Hardly.

## What to do

Say how large the effect is, and how sure you are.
""",
    "first-light": """---
title: First light
authors: [Vera C. Rubin]
category: Robotics
date: 2026-01-05
---

A telescope opened its eye for the first time. What it saw was mostly dust, and the dust was lovely.
""",
}
"""The latest first."""


def edition() -> Edition:
    """A show of three episodes; the same value every time."""
    return _made()[0]


def files() -> dict[str, bytes]:
    """Path → bytes of every file that the edition names; the pages are not among them."""
    return _made()[1]


def write_files(folder: Path, of: Edition | None = None) -> Path:
    """Write the files of an edition into a folder, and return it."""
    named = {file.path for file in _files_of(of or edition())}
    for path, content in files().items():
        if path in named:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    return folder


def many(count: int) -> Edition:
    """A show of so many episodes, which share the sound of the three; each has its own page and day."""
    first = edition()
    episodes = []
    for number in range(count, 0, -1):
        one = first.episodes[-number % 3]
        slug = f"{one.paper.slug}-{number}"
        paper = msgspec.structs.replace(one.paper, slug=slug, title=f"{one.paper.title} ({number})")
        changes = {
            "paper": paper,
            "page": f"episodes/{slug}.html",
            "guid": f"{first.guid}/{slug}",
            "number": number,
            "published": dt.datetime(2025, 1, 1, 6, tzinfo=dt.UTC) + dt.timedelta(days=number),
        }
        episodes.append(msgspec.structs.replace(one, **changes))
    return msgspec.structs.replace(first, episodes=tuple(episodes))


def _files_of(one: Edition) -> Iterator[File]:
    """Everything but the pages."""
    yield from (one.cover, one.thumbnail)
    for episode in one.episodes:
        yield from episode.files.values()


@functools.cache
def _made() -> tuple[Edition, dict[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        show = LittleShow(Path(folder, "show"))
        show.write("show.yaml", _SHOW)
        show.write("voices/second.yaml", "engine: tone\noptions: {pitch_percent: 150}\n")
        show.write("scripts/episode.j2", _RUNNING_ORDER)
        for slug, text in _PAPERS.items():
            show.write(f"papers/{slug}.md", text)
        return _published(show)


def _published(little: LittleShow) -> tuple[Edition, dict[str, bytes]]:
    sources, store = read_sources(little.root), Store(little.root / "output" / ".store")
    voices = {name: sources.voice(name) for name in ("tone", "second")}
    papers = [read_paper(little.root / "papers" / f"{slug}.md", limit_words=999) for slug in _PAPERS]
    lock = ShowLock().with_new(papers, FEED)
    with open_executor("inline") as executor:
        kit, bench = prepare(sources, voices, store), Bench(store, executor, do_job)
        write_notes = notes_writer(kit.show.facts, read_design(REPOSITORY / "scripts/site"))
        made = [_episode(paper, lock, write_notes, kit, bench) for paper in papers]
        pictures = _drawn([show_cover_request(kit, width_px) for width_px in (SHOW_PX, THUMBNAIL_PX)], bench)
    cover, cover_media = media_of("show", "cover", pictures[0])
    thumbnail, thumbnail_media = media_of("show", "thumbnail", pictures[1])
    media = cover_media | thumbnail_media
    for _, its_media in made:
        media |= its_media
    edition = Edition(
        show=kit.show.facts,
        feed=_FEED,
        guid=lock.guid(FEED),
        base=FEED.removesuffix("feed.xml"),
        cover=cover,
        thumbnail=thumbnail,
        episodes=tuple(episode for episode, _ in made),
    )
    contents = {path: it.read_bytes() if isinstance(it, Path) else it for path, it in media.items()}
    return edition, contents


def _episode(
    paper: Paper, lock: ShowLock, write_notes: WriteNotes, kit: Kit, bench: Bench
) -> tuple[PublishedEpisode, SiteFiles]:
    produced = produce(paper, kit, bench)
    mp3 = produced.episode.mp3
    cover, thumbnail = _drawn(
        [cover_request(paper, kit, width_px, None) for width_px in (EPISODE_PX, THUMBNAIL_PX)], bench
    )
    kept = Kept(bench.store.path(mp3), mp3.sha256)
    heard = Heard(kept, produced.transcript, produced.spoken_by, cover, thumbnail)
    return published(paper, lock.episodes[paper.slug], heard, write_notes)


def _drawn(requests: list[CoverRequest], bench: Bench) -> list[Kept]:
    drawn = [cover.jpeg for cover in bench.each(DRAW, requests)]
    return [Kept(bench.store.path(blob), blob.sha256) for blob in drawn]
