"""What a cluster costs beside the pool of one computer, and whether its scheduler's memory stays flat.

    python -m tests.bench.cluster [JOBS]

Both have two worker processes here; jobs of five seconds keep a core busy and make nothing.
"""

# ruff: noqa: T201 - this is where printing happens

import os
import sys
import tempfile
import time
from concurrent.futures import Executor
from pathlib import Path

from pipeline.execute import open_executor
from tests.bench.metered import memory_kb
from tests.clusters import Cluster, running_cluster, spin

JOBS, JOB_S, ROUNDS = 12, 5.0, 2
NOTHINGS = 10_000


def main() -> None:
    """Print both."""
    nothings = int(sys.argv[1]) if len(sys.argv) > 1 else NOTHINGS
    with tempfile.TemporaryDirectory() as folder, running_cluster(Path(folder), 2) as cluster:
        with open_executor(f"dask:{cluster.address}") as executor:
            print_memory(executor, cluster, nothings)
        print(f"{JOBS} jobs of {JOB_S:g} s of one core each, two at a time, in seconds:")
        totals = {"local:2": 0.0, f"dask:{cluster.address}": 0.0}
        for _ in range(ROUNDS):
            for url in totals:
                with open_executor(url) as executor:
                    list(executor.map(spin, [0.1, 0.1]))  # its workers are there
                    begun = time.monotonic()
                    list(executor.map(spin, [JOB_S] * JOBS))
                    totals[url] += time.monotonic() - begun
        local, dask = totals.values()
        print(
            f"  local {local / ROUNDS:.2f}, dask {dask / ROUNDS:.2f}: {dask / local - 1:+.1%} (at most +5 %)"
        )


def print_memory(executor: Executor, cluster: Cluster, nothings: int) -> None:
    """The scheduler's memory after each tenth of so many jobs that do nothing."""
    assert cluster.scheduler
    pid, begun = cluster.scheduler.pid, time.monotonic()
    sizes = []
    for _ in range(10):
        list(executor.map(abs, range(nothings // 10), timeout=600))
        sizes.append(memory_kb(pid)[0] / 1000)
    took = time.monotonic() - begun
    print(f"{nothings:,} jobs that do nothing: {1000 * took / nothings:.2f} ms each")
    print("  scheduler, MB after each tenth:", *(f"{size:.0f}" for size in sizes))


if __name__ == "__main__":
    os.environ.setdefault("DASK_DISTRIBUTED__LOGGING__DISTRIBUTED", "error")
    main()
