"""What verification costs: the eight episodes once, and again with nothing changed.

    python -m tests.bench.verify [--show DIR]

In: a show whose episodes are finished, the shipped one by default. Out: CPU-seconds of one worker, for 300 s of
sound, start of Python included; the same where every file was verified before.
"""

# ruff: noqa: T201 - this is where printing happens

import argparse
import shutil
import sys
from pathlib import Path

from pipeline.deliver import known
from tests.bench.metered import Cost, run

REPOSITORY = Path(__file__).parents[2]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="What verification costs.")
    parser.add_argument("--show", type=Path, default=REPOSITORY, help="default: the shipped one")
    show: Path = parser.parse_args().show
    store = show / "output" / ".store"
    ledger = store / "ledger" / "episodes"
    slugs = sorted(path.stem for path in ledger.glob("*.json"))
    seconds = sum(it.duration_ms for slug in slugs if (it := known(ledger, slug))) / 1000
    for folder in (store / "ledger" / "verified", store / "records" / "soundcheck"):
        shutil.rmtree(folder, ignore_errors=True)
    one = verify(show, slugs[:1])
    first, again = verify(show, slugs), verify(show, slugs)
    alone = known(ledger, slugs[0])
    assert alone
    print(f"{len(slugs)} episodes, {seconds:.0f} s of sound, one worker")
    print(f"  one of them alone     {one.cpu_s:5.2f}   CPU-seconds, of {alone.duration_ms / 1000:.0f} s")
    print(f"  of 300 s, of all      {first.cpu_s * 300 / seconds:5.2f}   CPU-seconds (at most 1.0)")
    print(f"  all, once more        {again.cpu_s:5.2f}   CPU-seconds, start of Python included")


def verify(show: Path, slugs: list[str]) -> Cost:
    """Verify episodes with one worker."""
    command = [sys.executable, "-m", "pipeline", "--show", str(show), "verify", "--jobs", "1", *slugs]
    return run(command, REPOSITORY)


if __name__ == "__main__":
    main()
