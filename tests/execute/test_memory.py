"""Workers are as many as there is memory for."""

import logging
from pathlib import Path

import pytest

from pipeline.execute import memory, open_executor
from pipeline.execute.local import LocalPool

GB = 1024**3


def system(root: Path, available_kb: int, group: str = "", **files: str) -> Path:
    """A computer's proc and sys, with the files of control groups by their path, "/" written as "__"."""
    for name, text in {
        "proc__meminfo": f"MemTotal: 1 kB\nMemAvailable:   {available_kb} kB\n",
        "proc__self__cgroup": group,
        **files,
    }.items():
        path = root.joinpath(*name.split("__"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_what_the_kernel_thinks_is_free(tmp_path: Path) -> None:
    assert memory.available_mb(system(tmp_path, 3_145_728)) == 3072


def test_a_container_may_take_less(tmp_path: Path) -> None:
    root = system(
        tmp_path,
        8_000_000,
        "0::/jobs/one\n",
        **{
            "sys__fs__cgroup__jobs__memory.max": f"{2 * GB}\n",
            "sys__fs__cgroup__jobs__memory.current": f"{GB // 2}\n",
            "sys__fs__cgroup__jobs__one__memory.max": "max\n",
            "sys__fs__cgroup__jobs__one__memory.current": f"{GB // 4}\n",
        },
    )
    assert memory.available_mb(root) == 1536


def test_control_groups_of_the_first_version(tmp_path: Path) -> None:
    root = system(
        tmp_path,
        8_000_000,
        "5:cpu,cpuacct:/x\n4:memory:/x\n",
        **{
            "sys__fs__cgroup__memory__x__memory.limit_in_bytes": f"{GB}\n",
            "sys__fs__cgroup__memory__x__memory.usage_in_bytes": f"{2 * GB}\n",
        },
    )
    assert memory.available_mb(root) == 0


@pytest.mark.parametrize(
    ("group", "folder", "names"),
    [
        ("0::/x\n", "x", ("memory.max", "memory.current", "inactive_file")),
        (
            "4:memory:/x\n",
            "memory__x",
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ),
    ],
)
def test_files_that_the_kernel_only_remembers_are_not_in_the_way(
    tmp_path: Path, group: str, folder: str, names: tuple[str, str, str]
) -> None:
    at, (most, taken, cached) = f"sys__fs__cgroup__{folder}__", names
    root = system(
        tmp_path,
        8_000_000,
        group,
        **{
            at + most: f"{4 * GB}\n",
            at + taken: f"{4 * GB}\n",
            f"{at}memory.stat": f"anon {GB}\nfile {3 * GB}\n{cached} {2 * GB}\nactive_file {GB}\n",
        },
    )
    assert memory.available_mb(root) == 2048


def test_where_nobody_knows_nothing_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert memory.available_mb(tmp_path) is None
    monkeypatch.setattr(memory, "available_mb", lambda: None)
    assert memory.workers_that_fit(8, 900) == 8


@pytest.mark.parametrize(("free_mb", "workers"), [(100, 1), (1700, 1), (1800, 2), (90_000, 4)])
def test_workers_that_fit(free_mb: int, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_mb", lambda: free_mb)
    assert memory.workers_that_fit(4, 900) == workers
    assert memory.workers_that_fit(4, 0) == 4


def test_a_pool_that_does_not_fit_is_smaller_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(memory, "available_mb", lambda: 2_000)
    with caplog.at_level(logging.WARNING), open_executor("local:8", worker_mb=900) as pool:
        assert isinstance(pool, LocalPool)
        assert pool._limit == 2
    assert "2 of 8 workers: each takes up to 900 MB" in caplog.text
