"""What an edit costs: nothing, one word, an outro, paragraphs that change places, a voice there and back.

    python -m tests.bench.edits [--short 200] [--tiny 1000]

In: the shipped show of eight papers; a show of short episodes, their text cut from those papers, in the same
voice; and one of tiny episodes in tones. Out: a table, the target beside each figure. What was made is told by
the records that are new in the store. The floor of a word is bare LAME encoding that episode's samples
(episodes.py), to which 1.1 s for 300 s of sound are added, and start-up: a run with nothing to do, and an
interpreter that imports what a worker does.
"""

# ruff: noqa: T201 - this is where printing happens

import argparse
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import msgspec

from pipeline.backlog import make
from pipeline.deliver import Finished
from pipeline.execute import open_executor
from pipeline.paper import find_papers
from pipeline.run import Options, Watcher
from tests.bench.cost import REPOSITORY, copy_show, episodes
from tests.bench.metered import Cost, family, run

ROUNDS = 3
A_JOIN_S = 1.1
"""CPU-seconds for 300 s of sound, beside encoding it."""
SENTENCES = 6
"""Of a short episode's summary."""
IMPORTS = """
import pipeline.recipe
from pipeline.assembly import encode, limit, music
from pipeline.script import spoken, templates
from pipeline.synthesis import isolation, takes, timing
from pipeline.synthesis.engines import pico
from pipeline.tagging import id3
pico.ENGINE.warm()
"""
TICKS_S = os.sysconf("SC_CLK_TCK")


def make_all(show: Path, jobs: int = 1) -> tuple[Cost, Counter[str]]:
    """Run `paperledge make`; what it took, and how many results of each step are new."""
    before = records(show)
    cost = run(command(show, jobs), REPOSITORY)
    return cost, records(show) - before


def command(show: Path, jobs: int) -> list[str]:
    return [sys.executable, "-m", "pipeline", "--show", str(show), "make", "--jobs", str(jobs)]


def records(show: Path) -> Counter[str]:
    """How many results of each step the store has."""
    return Counter(path.parts[-3] for path in (show / "output/.store/records").glob("*/*/*.json"))


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Change a file of a show; it has to become another one."""
    old = path.read_text(encoding="utf-8")
    assert change(old) != old, f"{path} stayed the same"
    path.write_text(change(old), encoding="utf-8")


def row(what: str, figure: str, target: str) -> None:
    print(f"  {what:58}{figure:>12}   {target}", flush=True)


# -- shows ----------------------------------------------------------------------------------------


def short_show(show: Path, count: int) -> None:
    """So many short episodes, whose sentences are those of the shipped papers, in turn."""
    show.mkdir()
    copy_show(show)
    fronts, sentences = [], []
    for path in find_papers(show / "papers"):
        _, front, body = re.split(r"^---\n", path.read_text(encoding="utf-8"), maxsplit=2, flags=re.MULTILINE)
        fronts.append(front)
        told = [line for line in body.split("## Questions")[0].split("\n\n") if line[:1].isalpha()]
        sentences += [sentence for text in told for sentence in re.split(r"(?<=[.?!]) (?=[A-Z])", text)]
        path.unlink()
    for number in range(count):
        text = " ".join(sentences[(number * 5 + n) % len(sentences)] for n in range(SENTENCES))
        whole = f"---\n{fronts[number % len(fronts)]}---\n\nEpisode {number} begins. {text}\n"
        (show / "papers" / f"short-{number:03}.md").write_text(whole, encoding="utf-8")


def one_line_show(show: Path, count: int) -> None:
    """So many episodes of one line each, without music."""
    short_show(show, count)
    edit(show / "show.yaml", lambda text: re.sub(r"(?ms)^music:.*?(?=^\w)", "", text))
    running_order = '{{ section("paper", "The paper") }}{{ paper.summary }}'
    (show / "scripts/episode.j2").write_text(running_order, encoding="utf-8")
    for path in find_papers(show / "papers"):
        edit(path, lambda text: re.sub(r"( begins\.).*", r"\1", text, flags=re.DOTALL) + "\n")


# -- nothing, a word, paragraphs ------------------------------------------------------------------


def nothing(show: Path, rounds: int = ROUNDS) -> tuple[float, float]:
    """Median CPU and wall seconds of a run with nothing to do."""
    costs = [make_all(show) for _ in range(rounds)]
    assert not any(new for _, new in costs)
    return median(cost.cpu_s for cost, _ in costs), median(cost.wall_s for cost, _ in costs)


def reworded(show: Path, paper: Path, number: int) -> tuple[Cost, Counter[str]]:
    """Put another word into the first sentence of a paper, and make that."""
    edit(
        paper,
        lambda text: re.sub(r"(?<=\n)---\n\s*(\w+ )(?:no\d+ )?", rf"---\n\n\1no{number} ", text, count=1),
    )
    return make_all(show)


def imports_s() -> float:
    """CPU-seconds of an interpreter that imports all that a worker does for an episode, and does nothing."""
    return median(run([sys.executable, "-c", IMPORTS], REPOSITORY).cpu_s for _ in range(ROUNDS))


def bare_encode_s(show: Path, paper: Path, folder: Path) -> float:
    """CPU-seconds of bare LAME for one episode of a finished show."""
    alone = folder / "alone"
    (alone / "papers").mkdir(parents=True)
    (alone / "papers" / paper.name).symlink_to(paper)
    for name in ("scripts", "voices", "show.yaml", "output"):
        (alone / name).symlink_to(show / name)
    samples = folder / "samples"
    samples.mkdir()
    episodes("prepare", alone, samples)
    whole = median(episodes("encode", samples).cpu_s for _ in range(ROUNDS))
    for path in samples.glob("*.raw"):
        path.unlink()
    return whole - median(episodes("encode", samples).cpu_s for _ in range(ROUNDS))


def finished(show: Path, paper: Path) -> Finished:
    entry = show / "output/.store/ledger/episodes" / f"{paper.stem}.json"
    return msgspec.json.decode(entry.read_bytes(), type=Finished)


def swap_paragraphs(text: str) -> str:
    """The first two paragraphs of a paper, the other way round."""
    fenced, front, body = re.split(r"^---\n", text, maxsplit=2, flags=re.MULTILINE)
    first, second, *rest = body.strip().split("\n\n")
    return "---\n".join([fenced, front, "\n\n".join([second, first, *rest]) + "\n"])


def eight(folder: Path) -> None:
    """The shipped show."""
    show = folder / "eight"
    show.mkdir()
    copy_show(show)
    make_all(show, 2)
    cpu_s, wall_s = nothing(show, 5)
    row("nothing to do, 8 episodes, CPU", f"{cpu_s:.2f} s", "at most 0.3 s")
    row("nothing to do, 8 episodes, wall", f"{wall_s:.2f} s", "at most 0.5 s")

    paper = find_papers(show / "papers")[0]
    words = [reworded(show, paper, number) for number in range(ROUNDS)]
    lame_s, seconds = bare_encode_s(show, paper, folder), finished(show, paper).duration_ms / 1000
    start_s = cpu_s + imports_s()
    allowed_s = lame_s + A_JOIN_S * seconds / 300 + start_s
    row("a word in one of 8: lines spoken", str(max(new["synthesis"] for _, new in words)), "1")
    row("… episodes joined", str(max(new["assembly"] for _, new in words)), "1")
    told = f"at most {allowed_s:.2f} s: LAME {lame_s:.2f}, {seconds:.0f} s joined, start-up {start_s:.2f}"
    row("… CPU", f"{median(cost.cpu_s for cost, _ in words):.2f} s", told)

    edit(paper, swap_paragraphs)
    _, new = make_all(show)
    row("two paragraphs change places: lines spoken", str(new["synthesis"]), "0")
    row("… episodes joined", str(new["assembly"]), "1")


# -- an outro, a voice ----------------------------------------------------------------------------


class Shares:
    """Opens workers, and notes when a run ends what CPU time each of them took."""

    def __init__(self) -> None:
        self.cpu_s: list[float] = []

    @contextmanager
    def open(self, url: str, *, timeout_s: float = 900, worker_mb: int = 0) -> Iterator[Executor]:
        with open_executor(url, timeout_s=timeout_s, worker_mb=worker_mb) as executor:
            yield executor
            self.cpu_s = sorted(_cpu_s(pid) for pid in family(os.getpid())[1:])[-int(url[-1]) :]


def _cpu_s(pid: int) -> float:
    """What a process took, with what it waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS_S


def short(folder: Path, count: int) -> None:
    """A show of short episodes."""
    show = folder / "short"
    short_show(show, count)
    make_all(show, 2)
    idle_s, _ = nothing(show)
    single_s = median(reworded(show, show / f"papers/short-{n:03}.md", n)[0].cpu_s for n in range(ROUNDS))
    outro = show / "scripts/outro.j2"
    edit(outro, lambda text: text.replace("Until next", "So, until next").replace("That's ", "Well, that's "))
    cost, new = make_all(show)
    wordings = new["synthesis"]
    row(f"outro edited, {count} episodes: lines spoken", str(wordings), "at most 4, each new wording once")
    row("… episodes joined", str(new["assembly"]), str(count))
    row(f"… CPU over {count} times a word in one", f"{cost.cpu_s / count / single_s:.2f}", "at most 1.10")
    beside = (cost.cpu_s - idle_s) / count / (single_s - idle_s)
    row("… the same without what an idle run takes", f"{beside:.2f}", "at most 1.10")

    edit(outro, lambda text: text.replace("So, until next", "Right, until next"))
    shares = Shares()
    make(show, Options(executor="local:2"), Watcher(), shares.open)
    row("… lesser share of two workers", f"{min(shares.cpu_s) / sum(shares.cpu_s):.0%}", "at least 45%")

    voice = show / "voices/ernis.yaml"
    edit(voice, lambda text: text.replace("175", "160"))
    make_all(show, 2)
    edit(voice, lambda text: text.replace("160", "175"))
    _, new = make_all(show)
    row("voice changed and changed back: results made", str(new.total()), "0")


# -- a thousand -----------------------------------------------------------------------------------


def tiny(folder: Path, count: int) -> None:
    """A show of tiny episodes, in tones, of which nothing is to be made."""
    show = folder / "tiny"
    one_line_show(show, count)
    edit(show / "show.yaml", lambda text: text.replace("voice: ernis", "voice: tone"))
    make_all(show, 2)
    cpu_s, wall_s = nothing(show)
    row(f"nothing to do, {count:,} episodes, CPU", f"{cpu_s:.2f} s", "")
    row(f"nothing to do, {count:,} episodes, wall", f"{wall_s:.2f} s", "at most 3 s")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="What an edit costs.")
    parser.add_argument("--short", type=int, default=200, help="episodes whose outro is edited; 0 for none")
    parser.add_argument("--tiny", type=int, default=1000, help="episodes of which none is edited; 0 for none")
    arguments = parser.parse_args()
    print("What an edit costs, one worker, medians of a few rounds")
    with tempfile.TemporaryDirectory() as name:
        eight(Path(name))
        if arguments.short:
            short(Path(name), arguments.short)
        if arguments.tiny:
            tiny(Path(name), arguments.tiny)


if __name__ == "__main__":
    main()
