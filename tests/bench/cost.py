"""What a cold build costs over its floor, and where the rest of it goes.

    python -m tests.bench.cost [--variants 5] [--rounds 3]

The floor is the same engine speaking the same lines, in a process each as the show has them, and bare LAME
encoding the same samples at the same setting; the start of Python is taken out of it. The build is the whole
command with one worker: start of Python, planning, script, check of every take, joining, loudness,
delivered-file check, tags and delivery. Both alternate, and medians of a few rounds are compared. Figures
are ratios within one run; seconds on this machine are only told beside them.
"""

# ruff: noqa: T201 - this is where printing happens

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.bench.metered import Cost, counts_instructions, run

REPOSITORY = Path(__file__).parents[2]
OPENINGS = ("", "Now, ", "So, ", "Here, ", "Well, ", "And yes, ", "Again, ", "Then, ")
"""A variant of a paper opens its sentences so; nearly none of its lines is one of another's."""
TARGETS = {1: 1.35, 5: 1.25}
"""Cold build over the floor, at most, by variants of the eight papers."""


class Round(NamedTuple):
    """One build, its floor, and a build by two workers."""

    build: Cost
    speech: float
    """Effort of the floor, of each of its two parts."""
    lame: float
    two: Cost

    @property
    def ratio(self) -> float:
        return self.build.effort / (self.speech + self.lame)


def copy_show(folder: Path, variants: int = 1) -> None:
    """The shipped show, with so many variants of each paper."""
    shutil.copytree(REPOSITORY / "scripts", folder / "scripts")
    shutil.copytree(REPOSITORY / "voices", folder / "voices")
    shutil.copy(REPOSITORY / "show.yaml", folder)
    (folder / "papers").mkdir()
    for path in (REPOSITORY / "papers").glob("*.md"):
        front, text = re.split(r"(?<=\n)---\n", path.read_text(encoding="utf-8"), maxsplit=1)
        for number, opening in enumerate(OPENINGS[:variants]):
            varied = re.sub(r"(?m)(?<=[.?!] )(?=[A-Z])|^(?=[A-Z])", opening, text)
            name = f"{path.stem}-{number}" if number else path.stem
            (folder / "papers" / f"{name}.md").write_text(f"{front}---\n{varied}", encoding="utf-8")


def build(show: Path, jobs: int, *, memory: bool = False) -> Cost:
    """Make all its episodes from nothing."""
    shutil.rmtree(show / "output", ignore_errors=True)
    command = [sys.executable, "-m", "pipeline", "--show", str(show), "make", "--jobs", str(jobs)]
    return run(command, REPOSITORY, memory=memory)


def floor(show: Path) -> tuple[float, float]:
    """The effort of speaking, and of encoding, what the finished show holds."""
    with tempfile.TemporaryDirectory() as name:
        episodes("prepare", show, Path(name))
        speech, lame = (episodes(verb, Path(name)).effort for verb in ("speak", "encode"))
        Path(name, "speech.json").write_text("[]", encoding="ascii")
        for path in Path(name).glob("*.raw"):
            path.unlink()
        nothing = [episodes(verb, Path(name)).effort for verb in ("speak", "encode")]
    return speech - nothing[0], lame - nothing[1]


def parts(show: Path) -> dict[str, float]:
    """CPU-seconds by part of the making of a finished show, and the seconds of sound."""
    command = [sys.executable, "-m", "tests.bench.episodes", "parts", str(show)]
    done = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def episodes(verb: str, *folders: Path, memory: bool = False) -> Cost:
    """Run a part of tests.bench.episodes."""
    command = [sys.executable, "-m", "tests.bench.episodes", verb, *map(str, folders)]
    return run(command, REPOSITORY, memory=memory)


def measured(show: Path) -> Round:
    """A build, its floor, and a build by two workers."""
    one = build(show, 1)
    speech, lame = floor(show)
    return Round(one, speech, lame, build(show, 2))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="What a cold build costs over its floor.")
    parser.add_argument("--variants", type=int, default=1, help="of each of the eight papers")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        show = Path(name, "show")
        show.mkdir()
        copy_show(show, arguments.variants)
        rounds = [measured(show) for _ in range(arguments.rounds)]
        _print_ratios(rounds, arguments.variants)
        _print_parts(rounds, parts(show))


def _print_ratios(rounds: list[Round], variants: int) -> None:
    unit = "instructions" if counts_instructions() else "CPU time"
    cpu_s, ratio = median(one.build.cpu_s for one in rounds), median(one.ratio for one in rounds)
    spread = f"{min(one.ratio for one in rounds):.2f} to {max(one.ratio for one in rounds):.2f}"
    speech = median(one.speech / (one.speech + one.lame) for one in rounds)
    two = median(one.two.wall_s / one.build.wall_s for one in rounds)
    print(f"{8 * variants} episodes from nothing, {len(rounds)} rounds, compared by {unit}")
    print(f"  build over the floor       {ratio:5.2f}   ({spread}; at most {TARGETS.get(variants, '?')})")
    print(f"  of the floor, speech       {speech:5.0%}   the rest is LAME")
    print(f"  two workers' wall over one {two:5.2f}   (at most 0.60)")
    print(f"  the build took             {cpu_s:5.1f}   CPU-seconds")


def _print_parts(rounds: list[Round], shares: dict[str, float]) -> None:
    """Shares of a build; what no part accounts for is starting, planning, the store and delivery."""
    seconds, cpu_s = shares.pop("seconds"), median(one.build.cpu_s for one in rounds)
    shares.pop("other")
    shares["start, plan, store, deliver"] = cpu_s - sum(shares.values())
    for part, share in shares.items():
        print(f"  {part:27}{share / cpu_s:5.1%}")
    mastering = sum(shares[part] for part in ("mix", "measure", "solve", "limit", "check"))
    print(
        f"  mastering, without LAME    {mastering * 300 / seconds:5.2f}   CPU-seconds for 300 s (at most 0.5)"
    )


if __name__ == "__main__":
    main()
