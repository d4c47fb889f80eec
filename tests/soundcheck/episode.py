"""A short finished episode, made once, whose sound can be spoilt in one way at a time."""

import functools
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from pipeline.assembly.encode import encode
from pipeline.audio import Samples
from pipeline.deliver import known
from pipeline.model import MasterRequest
from pipeline.planned import planned
from pipeline.recipe import MASTER
from pipeline.soundcheck import Planned
from pipeline.store import Store
from pipeline.verify.id3 import tag_size

from ..conftest import LittleShow

__all__ = ["Made", "encoded", "made"]

BODY = """A telescope opened its eye over the desert, and everybody held their breath for a while.

What did it see in that first night? It saw the same old stars, a little sharper than ever before.

## The second night

On the second night the wind came up, and nobody could say why the pictures were still so clear.

- They cleaned the mirror with care.
- They waited until the dust had settled.

Then, without a word, the youngest of them pointed at a faint smear of light near the horizon."""
MUSIC = """
music:
  intro: assets/intro.flac
  sting: assets/sting.flac
  outro: assets/outro.flac
  intro_overlap_ms: 600
"""
SLUG = "first-light"


@dataclass(frozen=True)
class Made:
    """An episode as it was delivered, and what it was made of."""

    root: Path
    plan: Planned
    sound: Samples
    """Decoded, mono."""
    mastering: MasterRequest
    mp3: Path

    @property
    def tag(self) -> bytes:
        """The ID3v2 tag of its file."""
        raw = self.mp3.read_bytes()
        return raw[: tag_size(raw[:10])]

    def span(self, number: int) -> tuple[int, int]:
        """First sample of a line, and one past its last."""
        line = self.plan.lines[number - 1]
        return line.start_samples, line.end_samples


@functools.cache
def made(voice: str = "pico") -> Made:
    """The same episode every time, spoken by an engine."""
    show = LittleShow(Path(_shelf().name, voice))
    show.write("voices/ours.yaml", f"engine: {voice}\n")
    show.write("show.yaml", f"title: Little Show\nhost: Ernis\nvoice: ours\n{MUSIC}")
    show.paper(SLUG, BODY)
    assert not show.make().failed
    store = Store(show.root / "output/.store")
    finished = known(store.root / "ledger/episodes", SLUG)
    assert finished
    asked = store.asked(MASTER, finished.keys[MASTER.name])
    assert asked
    sound, _ = soundfile.read(show.mp3(SLUG), dtype="float32")
    return Made(show.root, planned(finished, store), sound, asked[1], show.mp3(SLUG))


@functools.cache
def _shelf() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def encoded(made: Made, change: Callable[[Samples], Samples], path: Path) -> None:
    """Write an episode with a changed sound, encoded and tagged as it was made."""
    bare = path.with_suffix(".bare")
    changed = np.ascontiguousarray(change(made.sound.copy()), np.float32)
    encode([changed[at : at + 65_536] for at in range(0, len(changed), 65_536)], bare, made.mastering)
    path.write_bytes(made.tag + bare.read_bytes())
