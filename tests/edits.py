"""Edits of a little show, such as people make and such as befall it, for tests to draw from.

Each is a function of a show with its other arguments filled in, so that it says what it does when a
test fails. What it would edit may be gone by then; it does nothing in that case.
"""

import json
import random
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pipeline.errors import PaperledgeError
from pipeline.store import Store
from pipeline.storecare import KEEP_S, prune, verify

from .conftest import LittleShow
from .pictures import picture

__all__ = ["EDITS", "EPISODES", "Edit", "show_to_edit"]


@dataclass(frozen=True)
class Edit:
    """Something to do to a show, and with what."""

    do: Callable[..., None]
    arguments: tuple[Any, ...] = ()

    def __call__(self, show: LittleShow) -> None:
        self.do(*self.arguments, show)

    @property
    def is_a_loss(self) -> bool:
        """Whether the store may lack something afterwards that nobody asked it to forget."""
        return self.do in (lose, cut, flip)

    def __repr__(self) -> str:
        return f"{self.do.__name__}{self.arguments}"


EPISODES = Path("output/episodes")
SENTENCES = (
    "It matters.",
    "Quite so.",
    "The VAR of it.",
    "Is it?",
    "Goodbye for now.",
    "Ada: Indeed.",
    "> Why?",
)
"""Few, so that papers and templates share some."""
EPISODE = """{{ section("intro", "Welcome") }}
{% include "intro.j2" %}

{{ section("paper", paper.title) }}
{{ paper.summary }}

{{ section("outro") }}
{% include "outro.j2" %}
"""
BULLETIN = """{{ section("paper", paper.title) }}
{{ paper.summary }}
"""


def show_to_edit(folder: Path) -> LittleShow:
    """Three papers, two voices, music to choose from; show.yaml and front matter are JSON, which is YAML."""
    show = LittleShow(folder)
    facts = {"title": "Little Show", "host": "Ernis", "voice": "tone", "music": {"intro": "ding.wav"}}
    show.write("show.yaml", json.dumps(facts))
    show.write("voices/high.yaml", "engine: tone\noptions: {pitch_percent: 130}\n")
    for name, text in (
        ("episode", EPISODE),
        ("bulletin", BULLETIN),
        ("intro", "Welcome.\n"),
        ("unused", "No.\n"),
    ):
        show.write(f"scripts/{name}.j2", text)
    for number, name in enumerate(("ding", "dong"), 1):
        write_hum(show.root / "scripts" / f"{name}.wav", number)
    for name in PICTURES:
        paint(name, 0, show)
    for day, slug in enumerate(("ada", "bob", "cy"), 1):
        add(slug, day, show)
    return show


def write_hum(path: Path, seed: int) -> None:
    """A tenth of a second of noise."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 44_100, 0, "NONE", ""))
        file.writeframes(random.Random(seed).randbytes(8820))


# -- papers ---------------------------------------------------------------------------------------


def papers_of(show: LittleShow) -> list[Path]:
    return sorted((show.root / "papers").glob("*.md"))


def chosen(which: int, paths: list[Path]) -> Path | None:
    """One of them, whatever their number."""
    return paths[which % len(paths)] if paths else None


def write_paper(path: Path, facts: dict[str, Any], paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    path.write_text(f"---\n{json.dumps(facts)}\n---\n\n{text}\n", encoding="utf-8")


def rewrite(which: int, show: LittleShow, change: Callable[[dict[str, Any], list[str]], object]) -> None:
    """Have a paper's facts and paragraphs changed."""
    if path := chosen(which, papers_of(show)):
        _, facts, text = path.read_text(encoding="utf-8").split("---\n", 2)
        told, paragraphs = json.loads(facts), text.strip().split("\n\n")
        change(told, paragraphs)
        write_paper(path, told, paragraphs)


def add(slug: str, day: int, show: LittleShow) -> None:
    facts = {
        "title": f"On {slug}",
        "authors": ["Ada Lovelace"],
        "category": "Computing",
        "date": f"2026-01-0{day}",
    }
    write_paper(show.root / f"papers/{slug}.md", facts, [f"The VAR of {slug}.", "It matters. Is it so?"])


def reword(which: int, paragraph: int, text: str, show: LittleShow) -> None:
    def put(facts: dict[str, Any], paragraphs: list[str]) -> None:
        paragraphs[paragraph % len(paragraphs)] = text

    rewrite(which, show, put)


def swap(which: int, show: LittleShow) -> None:
    rewrite(which, show, lambda facts, paragraphs: paragraphs.reverse())


def state(which: int, key: str, value: object, show: LittleShow) -> None:
    """Put something into the front matter; what is None is not a text, and makes the paper a faulty one."""
    rewrite(which, show, lambda facts, paragraphs: facts.update({key: value}))


def remove(which: int, show: LittleShow) -> None:
    papers = papers_of(show)
    if len(papers) > 1:  # a show without papers has nothing to foretell
        papers[which % len(papers)].unlink()


def rename(which: int, slug: str, show: LittleShow) -> None:
    path = chosen(which, papers_of(show))
    if path and not (new := path.with_stem(slug)).exists():
        path.rename(new)


# -- what all episodes share ----------------------------------------------------------------------


def write(name: str, text: str, show: LittleShow) -> None:
    show.write(name, text)


def word(template: tuple[str, str], text: str, show: LittleShow) -> None:
    """Write a template with a text in it."""
    name, source = template
    show.write(f"scripts/{name}.j2", source.replace("{}", text))


def settle(key: str, value: object, show: LittleShow) -> None:
    """Set a key of show.yaml; None takes it out."""
    path = show.root / "show.yaml"
    settings = json.loads(path.read_text(encoding="utf-8"))
    section, _, name = key.rpartition(".")
    place = settings.setdefault(section, {}) if section else settings
    place[name] = value
    if value is None:
        del place[name]
    path.write_text(json.dumps(settings), encoding="utf-8")


def paint(name: str, number: int, show: LittleShow) -> None:
    """A picture of one's own in another colour."""
    (show.root / name).write_bytes(picture(colour=(number, 90, 160)))


def compose(name: str, seed: int, show: LittleShow) -> None:
    write_hum(show.root / "scripts" / name, seed)


# -- what befalls what was made -------------------------------------------------------------------


def lose(where: str, which: int, show: LittleShow) -> None:
    """Delete a file below output/."""
    if path := chosen(which, sorted((show.root / "output").glob(where))):
        path.unlink()


def cut(where: str, which: int, show: LittleShow) -> None:
    """Take the last byte off a file below output/."""
    if path := chosen(which, sorted((show.root / "output").glob(where))):
        path.write_bytes(path.read_bytes()[:-1])


def flip(where: str, which: int, show: LittleShow) -> None:
    """Change a byte in the store, and have it found."""
    if path := chosen(which, sorted((show.root / "output").glob(where))):
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        verify(Store(show.root / "output/.store"), read_data=True)


def touch(which: int, show: LittleShow) -> None:
    if path := chosen(which, sorted((show.root / EPISODES).iterdir())):
        path.touch()


def run(papers: tuple[str, ...], voice: str | None, draft: bool, show: LittleShow) -> None:
    """Make other than everything as it should be."""
    names = {path.stem for path in papers_of(show)}
    if names.issuperset(papers):
        show.make(*papers, voice=voice, draft=draft)


def tidy(show: LittleShow) -> None:
    """Prune the store, a week from now; while something is faulty, that is refused."""
    store = Store(show.root / "output/.store")
    try:
        prune(show.root, store, apply=True, now=2**31 + 7 * KEEP_S)
    except PaperledgeError:
        return


# -- all of them ----------------------------------------------------------------------------------

PICTURES = ("scripts/cover.png", "papers/own.png")
WHICH = st.integers(0, 40)
PAPER = st.integers(0, 3)
TEXT = st.lists(st.sampled_from(SENTENCES[:5]), min_size=1, max_size=3).map(" ".join) | st.sampled_from(
    SENTENCES
)
SLUG = st.sampled_from(["ada", "bob", "cy", "dot"])
VOICE = st.sampled_from(["tone", "high"])
RECORDS = st.sampled_from(
    [f".store/records/{step}/*/*" for step in ("script", "synthesis", "assembly", "artwork", "tagging")]
)
BLOBS = st.sampled_from([f".store/blobs/*/*.{suffix}" for suffix in ("wav", "mp3", "j2", "jpg", "png")])
DELIVERED = st.sampled_from(["episodes/*.mp3", "episodes/*.txt", ".store/ledger/episodes/*.json"])

FACTS: list[tuple[str, tuple[object, ...]]] = [
    ("title", ("On it", "What VAR is", None)),
    ("authors", (["Ada Lovelace"], ["Ada Lovelace", "Grace Hopper"])),
    ("category", ("Computing", "Robotics")),
    ("date", ("2026-01-01", "2026-02-03")),
    ("voice", ("high", "tone", "nobody")),
    ("template", ("episode.j2", "bulletin.j2")),
    ("lexicon", ({}, {"VAR": "word"})),
    ("episode", (1, 2)),
    ("cover", ("own.png", "gone.png")),
]
TEMPLATES: list[tuple[str, tuple[str, ...]]] = [
    (
        "outro",
        (
            "That was {{ paper.title }}. {}\n",
            "{% if paper.date.day == 1 %}{}{% endif %} Bye.\n",
            "{{ paper.titel }}",
        ),
    ),
    ("intro", ("Welcome.\n", "I am {{ show.host }}. {}\n")),
    ("unused", ("{}\n",)),
]
SETTINGS: list[tuple[str, tuple[object, ...]]] = [
    ("title", ("Little Show", "Big Show")),
    ("host", ("Ernis", "Erna")),
    ("description", (None, "All of it.")),
    ("voice", ("tone", "high")),
    ("quotation_voice", (None, "high")),
    ("cast", (None, {"Ada": "high"}, {"Ada": "tone"})),
    ("template", ("episode.j2", "bulletin.j2")),
    ("cover", (None, "cover.png")),
    ("episode_cover", (None, "show")),
    ("pauses.sentence_ms", (350, 300)),
    ("pauses.section_ms", (1200, 900)),
    ("sound.target_lufs", (-16, -18, "spotify")),
    ("sound.ceiling_dbtp", (None, -2)),
    ("sound.bitrate_kbps", (128, 96)),
    ("sound.channels", ("mono", "stereo")),
    ("music.intro", (None, "ding.wav", "dong.wav")),
    ("music.bed", (None, "ding.wav")),
    ("music.music_below_speech_lu", (2, 6)),
]  # fmt: skip


def one_of(
    do: Callable[..., None], choices: list[tuple[str, tuple[Any, ...]]], *before: Any
) -> st.SearchStrategy[Edit]:
    """An edit with a name and one of its values."""
    pairs = st.sampled_from([(name, value) for name, values in choices for value in values])
    return st.tuples(*before, pairs).map(lambda drawn: Edit(do, (*drawn[:-1], *drawn[-1])))


def built(do: Callable[..., None], *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Edit]:
    return st.tuples(*arguments).map(lambda drawn: Edit(do, drawn))


EDITS: st.SearchStrategy[Edit] = st.one_of(
    built(reword, PAPER, PAPER, TEXT),
    built(swap, PAPER),
    one_of(state, FACTS, PAPER),
    built(add, SLUG, st.integers(1, 3)),
    built(remove, PAPER),
    built(rename, PAPER, SLUG),
    built(word, st.sampled_from([(name, text) for name, texts in TEMPLATES for text in texts]), TEXT),
    one_of(write, [("voices/lexicon.yaml", ("VAR: letters\n", "VAR: word\n", "LRP: word\n"))]),
    one_of(settle, SETTINGS),
    built(paint, st.sampled_from(PICTURES), st.integers(0, 2)),
    built(compose, st.sampled_from(["ding.wav", "dong.wav"]), st.integers(1, 3)),
    one_of(
        write,
        [
            ("voices/tone.yaml", ("engine: tone\n", "engine: tone\npause_percent: 150\n")),
            ("voices/high.yaml", ("engine: tone\noptions: {pitch_percent: 130}\n", "engine: tone\n")),
        ],
    ),
    built(touch, WHICH),
    built(lose, DELIVERED | RECORDS | BLOBS, WHICH),
    built(cut, DELIVERED | RECORDS | BLOBS, WHICH),
    built(flip, RECORDS | BLOBS, WHICH),
    built(run, st.lists(SLUG, max_size=1).map(tuple), st.none() | VOICE, st.booleans()),
    st.just(Edit(tidy)),
)  # fmt: skip
