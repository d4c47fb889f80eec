"""Where there is a scheduler: an address, or a partition of Slurm in, a `Cluster` out."""

import logging
import shutil
import subprocess
from typing import Any

from ..errors import ExecuteError, ExtraMissing
from . import cluster
from .cluster import AGAIN_S, Cluster

__all__ = ["open_dask", "open_slurm"]

DASK_MB = 300
"""Of a worker, beside what its jobs take."""


def open_dask(address: str, *, timeout_s: float) -> Cluster:
    """The cluster of the scheduler at an address, such as "tcp://host:8786".

    Raises ExtraMissing, or ExecuteError if there is none.
    """
    client = _client_class()
    return Cluster(lambda: _connected(client, address), timeout_s=timeout_s)


def open_slurm(partition: str, jobs: int, *, timeout_s: float, worker_mb: int) -> Cluster:
    """A cluster of this run's own, on as many jobs of a partition of Slurm; gone with the executor.

    A job that ends before, as at its time limit, is submitted again. What the jobs are given besides is
    said in dask's own settings, jobqueue.slurm.
    Raises ExtraMissing, or ExecuteError if Slurm does not take them.
    """
    client = _client_class()
    import dask  # as heavy as distributed, which it comes with
    from dask_jobqueue.slurm import SLURMCluster
    from tornado.ioloop import PeriodicCallback

    cores = dask.config.get("jobqueue.slurm.cores") or 1
    memory = dask.config.get("jobqueue.slurm.memory") or f"{max(1024, cores * worker_mb + DASK_MB)}MiB"
    slurm: Any = SLURMCluster(
        queue=partition, cores=cores, memory=memory, scheduler_options={"dashboard": False}
    )
    try:
        _refuse_unwanted(slurm.job_script(), partition)
    except BaseException:
        slurm.close()
        raise
    slurm.scale(jobs=jobs)
    again = PeriodicCallback(lambda: slurm.scale(jobs=jobs), AGAIN_S * 1000)
    slurm.periodic_callbacks["again"] = again  # which it ends with itself
    slurm.loop.add_callback(again.start)
    return Cluster(lambda: _connected(client, slurm), timeout_s=timeout_s, close=slurm.close)


def _refuse_unwanted(script: str, partition: str) -> None:
    """Raise ExecuteError, with Slurm's own words, if it would not take a job."""
    sbatch = shutil.which("sbatch")
    if sbatch is None:
        hint = "run where Slurm's commands are, such as a login node"
        raise ExecuteError("there is no sbatch here", where=f"slurm:{partition}", hint=hint)
    done = subprocess.run([sbatch, "--test-only"], input=script, capture_output=True, text=True, check=False)
    if done.returncode:
        what = f"Slurm takes no such job: {' '.join(done.stderr.split())}"
        raise ExecuteError(what, where=f"slurm:{partition}", hint="docs/cluster.md says what it is asked for")


def _client_class() -> Any:
    try:
        from distributed import Client  # brings dask: only where a cluster is used
    except ImportError as error:
        raise ExtraMissing("a cluster needs dask", extra="cluster") from error
    for name in ("distributed", "distributed.client"):  # we say what is lost ourselves
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return Client


def _connected(client: Any, where: Any) -> Any:
    try:
        return client(where, timeout=cluster.CONNECT_S, set_as_default=False)
    except OSError as error:
        raise ExecuteError(
            f"no scheduler answers: {type(error).__name__}",
            where=f"dask:{where}",
            hint="is it running, and is that its address? docs/cluster.md",
        ) from error
    except (TypeError, ValueError) as error:  # TLS without a certificate is the former
        hint = (
            "docs/cluster.md: an address is tcp://HOST:PORT, or tls:// with certificates in the environment"
        )
        raise ExecuteError(f"no such scheduler: {error}", where=f"dask:{where}", hint=hint) from error
