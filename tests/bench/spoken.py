"""How well research text is spoken, beside other tools: the table of docs/spoken-figures.md.

    python -m tests.bench.spoken SUITES            measures PaperLedge anew
    python -m tests.bench.spoken SUITES --peers    and the other tools, each in an environment of its own

In: a folder of suites (tests/bench/suites.py). Out: figures.json beside this file, and the table made of
it. Other tools are pinned; one that cannot be installed or that fails has no figure.
"""

# ruff: noqa: T201 - this is where printing happens

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.script.spoken.explain import sentences_of_line, spoken_line
from pipeline.script.spoken.lexicon import compile_lexicon

from .suites import MEASURES, Measure, figure, read_suite

FIGURES = Path(__file__).with_name("figures.json")
PAGE = Path(__file__).parents[2] / "docs" / "spoken-figures.md"
OURS = "PaperLedge"
LEXICON = compile_lexicon()

LINES = "import sys\n{ready}\nfor line in map(str.rstrip, sys.stdin):\n    try:\n        said = {say}\n    except Exception:\n        said = line\n    print(' '.join(str(said).split()), flush=True)"
"""What drives a tool: a line of text in, a line of words out; what it fails on stays as it is."""
WAIT_S = 1800


@dataclass(frozen=True)
class Peer:
    """Another tool: what pip installs, and Python that makes it ready and lets it say `line`."""

    package: str
    ready: str
    say: str
    name: str = ""
    cuts_sentences: bool = False

    @property
    def title(self) -> str:
        """Name and version, as the table has them."""
        return self.package.replace("==", " ") + self.name


PEERS = (
    Peer(
        "kitten-text-processing==0.1.0",
        "from kitten_text_processing import normalize_text",
        "normalize_text(line)",
    ),
    Peer(
        "wetext==0.1.8",
        "import wetext; tool = wetext.Normalizer(lang='en', operator='tn')",
        "tool.normalize(line)",
    ),
    Peer("normt2s==0.7.0", "from normt2s import normalize", "normalize(line)"),
    Peer("spokenform==0.4.5", "from spokenform import prepare", "prepare(line, language='en').spoken_text"),
    Peer(
        "spokenform==0.4.5",
        "from spokenform import prepare",
        "prepare(line, language='en', generic_acronym_mode='spell_unknown').spoken_text",
        " with acronyms",
    ),
    Peer("damga==1.0.5", "import damga; tool = damga.TextNormalizer(lang='en')", "tool.normalize(line)"),
    Peer("voxnorm==0.5.1", "from voxnorm import normalize", "normalize(line, lang='en')"),
    Peer(
        "num2words==0.5.14",
        "import re; from num2words import num2words",
        "re.sub(r'\\d+(?:\\.\\d+)?', lambda number: num2words(number[0]), line)",
    ),
    Peer(
        "pysbd==0.3.4",
        "import pysbd; tool = pysbd.Segmenter(language='en', clean=False)",
        "' ¶ '.join(part.strip() for part in tool.segment(line))",
        cuts_sentences=True,
    ),
)


def of_ours(measure: Measure, lines: Sequence[str]) -> list[str]:
    """What PaperLedge says or, where sentences are measured, where it cuts."""
    told = sentences_of_line if measure.fold == "exact" else spoken_line
    return [told(line, LEXICON) for line in lines]


def measure_ours(suites: Path) -> dict[str, float]:
    """Title of a measure to its figure; suites that are not in the folder are left out."""
    figures = {}
    for measure in MEASURES:
        if (suites / measure.suite).exists():
            rows = read_suite(suites / measure.suite)
            figures[measure.title] = figure(measure, rows, of_ours(measure, [row.written for row in rows]))
    return figures


def measure_peer(peer: Peer, suites: Path, environments: Path) -> dict[str, float]:
    """The same of another tool."""
    python = _environment(peer, environments)
    driver = LINES.format(ready=peer.ready, say=peer.say)
    figures: dict[str, float] = {}
    for suite in dict.fromkeys(measure.suite for measure in MEASURES):
        measures = [
            one for one in MEASURES if one.suite == suite and (one.fold == "exact") == peer.cuts_sentences
        ]
        if not measures or not (suites / suite).exists():
            continue
        rows = read_suite(suites / suite)
        text = "".join(f"{row.written}\n" for row in rows)
        done = subprocess.run(
            [python, "-c", driver],
            input=text,
            capture_output=True,
            encoding="utf-8",
            timeout=WAIT_S,
            check=True,
        )
        figures |= {one.title: figure(one, rows, done.stdout.split("\n")[:-1]) for one in measures}
    return figures


def _environment(peer: Peer, environments: Path) -> Path:
    home = environments / peer.package
    if not (home / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin" / "pip", "install", "--quiet", peer.package], check=True)
        (home / "ready").touch()
    return home / "bin" / "python"


def table(figures: dict[str, dict[str, float]]) -> str:
    """The figures as a table of Markdown: a row for each measure, a column for each tool."""
    tools = [OURS, *(tool for tool in figures if tool != OURS)]
    rows = [["right, in %", *tools], ["---"] * (1 + len(tools))]
    for measure in MEASURES:
        values = [figures[tool].get(measure.title) for tool in tools]
        if any(value is not None for value in values):
            rows.append([measure.title, *("" if value is None else f"{value:g}" for value in values)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def write_page(figures: dict[str, dict[str, float]]) -> None:
    """Put the table between the two markers of the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition("<!-- figures -->\n")
    _, end, after = rest.partition("<!-- /figures -->")
    PAGE.write_text(f"{before}<!-- figures -->\n\n{table(figures)}\n{end}{after}", encoding="utf-8")


def main() -> None:
    """Measure, keep the figures, write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("suites", type=Path)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "paperledge-peers")
    arguments = parser.parse_args()
    figures = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    figures[OURS] = figures.get(OURS, {}) | measure_ours(arguments.suites)
    for peer in PEERS if arguments.peers else ():
        print(peer.title, flush=True)
        try:
            figures[peer.title] = measure_peer(peer, arguments.suites, arguments.environments)
        except (subprocess.SubprocessError, OSError, ValueError) as error:
            print(f"  no figures: {error}")
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    write_page(figures)
    print(table(figures), end="")


if __name__ == "__main__":
    main()
