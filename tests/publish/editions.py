"""A small show as it is published: two voices, three episodes, real sound; and all its files.

`edition()` is the value that feed, site and notes are written from, `files()` are the bytes of every
file it names, and `write_files(folder)` puts them where they belong. Episodes are spoken in tones by
the pipeline itself, so that chapters, cues, tags and durations are those of the MP3s.
"""

import datetime as dt
import functools
import html
import tempfile
import uuid
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from pipeline.bench import Bench
from pipeline.execute import open_executor
from pipeline.feedsettings import FeedSettings
from pipeline.kit import Kit, prepare, read_sources
from pipeline.model import Paper
from pipeline.paper import read_paper
from pipeline.publish.edition import Edition, File, Kind, PublishedEpisode
from pipeline.recipe import Produced, do_job, produce
from pipeline.script import plain_text
from pipeline.store import Store
from pipeline.transcript import Transcript

from ..conftest import REPOSITORY, LittleShow

__all__ = ["edition", "files", "many", "write_files"]

FEED = "https://podcast.example.org/show/feed.xml"
_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Of podcast:guid, in the podcast namespace's documentation of that tag."""

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
    contents: dict[str, bytes] = {}
    with open_executor("inline") as executor:
        kit, bench = prepare(sources, voices, store), Bench(store, executor, do_job)
        papers = [read_paper(little.root / "papers" / f"{slug}.md", limit_words=999) for slug in _PAPERS]
        episodes = [_episode(paper, kit, bench, contents) for paper in papers]
    cover = (REPOSITORY / "scripts" / "assets" / "cover.jpg").read_bytes()
    thumbnail = Path(__file__).with_name("thumbnail.jpg").read_bytes()
    made = Edition(
        show=kit.show.facts,
        feed=_FEED,
        guid=str(uuid.uuid5(_NAMESPACE, FEED.removeprefix("https://"))),
        base=FEED.removesuffix("feed.xml"),
        cover=_file("media/cover.jpg", "image/jpeg", cover, contents),
        thumbnail=_file("media/cover-small.jpg", "image/jpeg", thumbnail, contents),
        episodes=tuple(episodes),
    )
    return made, contents


def _episode(paper: Paper, kit: Kit, bench: Bench, contents: dict[str, bytes]) -> PublishedEpisode:
    produced = produce(paper, kit, bench)
    number = len(_PAPERS) - list(_PAPERS).index(paper.slug)
    kinds = {
        kind: _file(f"media/{paper.slug}{suffix}", media_type, content, contents)
        for kind, suffix, media_type, content in _media(paper, produced, bench.store)
    }
    return PublishedEpisode(
        paper=paper,
        page=f"episodes/{paper.slug}.html",
        guid=f"paperledge:{paper.slug}",
        number=number,
        published=dt.datetime(paper.date.year, paper.date.month, paper.date.day, 6, tzinfo=dt.UTC),
        spoken_by=produced.spoken_by,
        description=" ".join(paper.summary.split())[:280],
        notes=_notes(paper, produced),
        bibtex=_bibtex(paper),
        transcript=produced.transcript,
        files=kinds,
    )


def _file(path: str, media_type: str, content: bytes, contents: dict[str, bytes]) -> File:
    stem, dot, suffix = path.rpartition(".")
    digested = f"{stem}-{sha256(content).hexdigest()[:8]}{dot}{suffix}"
    contents[digested] = content
    return File(path=digested, type=media_type, size_bytes=len(content))


def _media(paper: Paper, produced: Produced, store: Store) -> Iterator[tuple[Kind, str, str, bytes]]:
    heard = produced.transcript
    thumbnail = Path(__file__).with_name("thumbnail.jpg").read_bytes()
    yield "audio", ".mp3", "audio/mpeg", store.path(produced.episode.mp3).read_bytes()
    yield "vtt", ".vtt", "text/vtt", _vtt(heard).encode()
    yield "srt", ".srt", "application/x-subrip", _srt(heard).encode()
    yield "json", ".json", "application/json", _json(heard)
    yield "html", ".transcript.html", "text/html", _html(heard).encode()
    yield "txt", ".txt", "text/plain", plain_text(produced.script).encode()
    yield "chapters", ".chapters.json", "application/json+chapters", _chapters(heard)
    yield "cover", ".cover.jpg", "image/jpeg", (REPOSITORY / "scripts/assets/cover.jpg").read_bytes()
    yield "thumbnail", ".thumbnail.jpg", "image/jpeg", thumbnail


def _clock(time_ms: int, point: str = ".") -> str:
    seconds, ms = divmod(time_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"


def _vtt(heard: Transcript) -> str:
    cues = (
        f"\n{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}\n"
        f"<v {passage.speaker}>{html.escape(cue.text, quote=False)}\n"
        for passage in heard.passages
        for cue in passage.cues
    )
    return "WEBVTT\n" + "".join(cues)


def _srt(heard: Transcript) -> str:
    return "\n".join(
        f"{number}\n{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}\n{cue.text}\n"
        for number, cue in enumerate(heard.cues, 1)
    )


def _json(heard: Transcript) -> bytes:
    segments = [
        {
            "speaker": passage.speaker,
            "startTime": cue.start_ms / 1000,
            "endTime": cue.end_ms / 1000,
            "body": cue.text,
        }
        for passage in heard.passages
        for cue in passage.cues
    ]
    return msgspec.json.encode({"version": "1.0.0", "segments": segments})


def _chapters(heard: Transcript) -> bytes:
    chapters = [{"startTime": one.start_ms / 1000, "title": one.title} for one in heard.chapters]
    return msgspec.json.encode({"version": "1.2.0", "chapters": chapters})


def _html(heard: Transcript) -> str:
    spoken = "".join(
        f"<cite>{html.escape(one.speaker)}:</cite>\n<time>{one.cues[0].start_ms // 1000}</time>\n"
        f"<p>{html.escape(one.text)}</p>\n"
        for one in heard.passages
    )
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Transcript</title>\n{spoken}</html>\n'
    )


def _notes(paper: Paper, produced: Produced) -> str:
    minutes = (
        f"{one.start_ms // 60000:02}:{one.start_ms // 1000 % 60:02}" for one in produced.transcript.chapters
    )
    chapters = "".join(
        f"<li>{at} {html.escape(one.title)}</li>"
        for at, one in zip(minutes, produced.transcript.chapters, strict=True)
    )
    first = html.escape(" ".join(paper.summary.split("\n\n")[0].split()))
    credit = html.escape(", ".join(paper.authors))
    return f"<p>{first}</p>\n<ul>{chapters}</ul>\n<p>Credit to Paper authors: {credit}</p>"


def _bibtex(paper: Paper) -> str:
    authors = " and ".join(paper.authors)
    return f"@misc{{{paper.slug},\n  title = {{{paper.title}}},\n  author = {{{authors}}},\n  year = {{2026}}\n}}\n"
