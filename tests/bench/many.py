"""Many short episodes in one run: does the driver's memory stay flat, and the last hundred as fast as the first?

    python -m tests.bench.many [EPISODES [VOICE]]

The papers are sentences of the shipped ones, cut into words and shuffled, so that every line is new.
"""

# ruff: noqa: T201 - this is where printing happens

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tests.bench.metered import family, memory_kb

REPOSITORY = Path(__file__).parents[2]
EPISODES = 500
SENTENCES, WORDS = 3, 8
"""Of a paper, and of a sentence: about fifteen seconds with what the host says around them."""
LOOK_S = 0.2
"""How often the run is looked at."""
LONGEST_S = 3600

PAPER = """---
title: "Number {number}"
authors: [Ada Lovelace]
category: Computing
date: 2026-01-01
---

{body}
"""
SHOW = "title: Many\nhost: Ernis\nvoice: {voice}\n"
EPISODE = '{{ section("paper", paper.title) }}\n{{ paper.summary }}\n'


def write_show(root: Path, episodes: int, voice: str, *, sentences: int = SENTENCES, seed: int = 500) -> None:
    """A show with so many papers, in a folder that is not there yet; the same words for each seed."""
    for name in ("papers", "scripts", "voices"):
        (root / name).mkdir(parents=True)
    (root / "show.yaml").write_text(SHOW.format(voice=voice), encoding="utf-8")
    (root / "scripts/episode.j2").write_text(EPISODE, encoding="utf-8")
    for name in (f"voices/{voice}.yaml", "voices/lexicon.yaml"):
        (root / name).write_bytes((REPOSITORY / name).read_bytes())
    words, order = seed_words(), random.Random(seed)
    for number in range(episodes):
        body = " ".join(sentence(order.sample(words, WORDS)) for _ in range(sentences))
        text = PAPER.format(number=number, body=body)
        (root / "papers" / f"{number:04}.md").write_text(text, encoding="utf-8")


def seed_words() -> list[str]:
    """The ordinary words of the shipped papers, each once."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(REPOSITORY.glob("papers/*.md")))
    return sorted({word for text in texts for word in re.findall(r"(?<![\w-])[a-z]{3,9}(?![\w-])", text)})


def sentence(words: list[str]) -> str:
    """They begin with a capital and end with a full stop."""
    return f"{' '.join(words).capitalize()}."


class Look(NamedTuple):
    """A run, when so many episodes were finished."""

    episodes: int
    wall_s: float
    cpu_s: float
    """Of all its processes, since it began."""
    driver_mb: float
    """What the driver has written to."""


def watched(command: list[str], ledger: Path) -> list[Look]:
    """Run the command to its end; a look for each time that more was finished."""
    looks = [Look(0, 0.0, 0.0, 0.0)]
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        run = subprocess.Popen(command, cwd=REPOSITORY, stdout=said, stderr=subprocess.STDOUT)
        while run.poll() is None and time.monotonic() - began < LONGEST_S:
            finished = sum(1 for _ in ledger.glob("*.json"))
            if finished > looks[-1].episodes:
                own_mb, cpu_s = memory_kb(run.pid)[0] / 1024, sum(map(_cpu_s, family(run.pid)))
                looks.append(Look(finished, time.monotonic() - began, cpu_s, own_mb))
            time.sleep(LOOK_S)
        if run.poll() != 0:
            run.kill()
            said.seek(0)
            raise SystemExit(f"the run left with {run.wait()}:\n{said.read()}")
    return looks


def _cpu_s(pid: int) -> float:
    """User and system time, with that of the children it waited for (proc(5): fields 14 to 17)."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK")


def hundreds(looks: list[Look], step: int) -> list[Look]:
    """The first look of each hundred, or of another step."""
    last = looks[-1].episodes
    return [next(look for look in looks if look.episodes >= count) for count in range(step, last + 1, step)]


def main() -> None:
    """Print the figures."""
    episodes = int(sys.argv[1]) if len(sys.argv) > 1 else EPISODES
    voice = sys.argv[2] if len(sys.argv) > 2 else "ernis"
    with tempfile.TemporaryDirectory() as name:
        root = Path(name, "show")
        write_show(root, episodes, voice)
        command = [sys.executable, "-m", "pipeline", "--show", str(root), "make"]
        looks = watched(command, root / "output/.store/ledger/episodes")
    marks = [looks[1], *hundreds(looks, max(1, episodes // 5))]
    print("| episodes | wall s each | CPU-s each | driver MB |\n|---|---|---|---|")
    rates = []
    for before, after in pairwise(marks):
        count = after.episodes - before.episodes
        rates.append(((after.wall_s - before.wall_s) / count, (after.cpu_s - before.cpu_s) / count))
        print(f"| {after.episodes} | {rates[-1][0]:.3f} | {rates[-1][1]:.3f} | {after.driver_mb:.1f} |")
    (wall, cpu), (last_wall, last_cpu) = rates[0], rates[-1]
    grown = marks[-1].driver_mb - marks[1].driver_mb
    print(
        f"last fifth over first: wall {last_wall / wall:.3f}, CPU {last_cpu / cpu:.3f}; driver {grown:+.1f} MB"
    )


if __name__ == "__main__":
    main()
