"""How fast text is read: sentences a second, seconds to import, and seconds for a megabyte of nonsense.

    python -m tests.bench.speed

The papers shipped with the project are read; the nonsense is what a pattern without bounds would never
come to an end of. Figures of one run compare with each other, not with those of another machine.
"""

# ruff: noqa: T201 - this is where printing happens

import subprocess
import sys
import time
from pathlib import Path

from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.lexicon import compile_lexicon

PAPERS = sorted(Path(__file__).parents[2].glob("papers/*.md"))
NONSENSE = ("$", "(", "1", "a", "A", "x_", "1-", "\\frac{", "> ", "[", "a.b.", "e.g. ")
MEGABYTE = 1_000_000
ROUNDS = 20
IMPORT = "import time; start = time.perf_counter(); import pipeline.script.spoken; print(time.perf_counter() - start)"


def main() -> None:
    """Print the figures."""
    lexicon = compile_lexicon()
    texts = [path.read_text(encoding="utf-8").split("---", 2)[2] for path in PAPERS]
    start = time.perf_counter()
    sentences = sum(
        len(block.sentences) for _ in range(ROUNDS) for text in texts for block in read_aloud(text, lexicon)
    )
    print(f"{sentences / (time.perf_counter() - start):8,.0f} sentences a second")
    imports = [
        float(
            subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True).stdout
        )
        for _ in range(5)
    ]
    print(f"{min(imports) * 1000:8.0f} ms to import")
    for unit in NONSENSE:
        start = time.perf_counter()
        read_aloud(unit * (MEGABYTE // len(unit)), lexicon)
        print(f"{time.perf_counter() - start:8.1f} s for a megabyte of {unit!r}")


if __name__ == "__main__":
    main()
