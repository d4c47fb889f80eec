"""Slurm on 127.0.0.1: its authentication, its controller and two nodes, all started and ended here.

Nothing of the system's own Slurm or munge is used: the key, the sockets, the ports and the state are
in one folder. Everything runs as whoever runs the test.
"""

import getpass
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.clusters import free_port

from .shipped import missing

PARTITION = "cpu"
STARTED_S = 60
DONE_S = 120
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "sinfo", "squeue", "scancel")

SETTINGS = """
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
{nodes}
PartitionName={partition} Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
NODE = (
    "NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=2 RealMemory=4096 State=UNKNOWN"
)


def refuse_without() -> None:
    """Skip where Slurm is not installed; fail where every change is tested."""
    for name in PROGRAMS:
        if not _program(name):
            missing(f"{name}, of Slurm,")


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


class Slurm:
    """Its processes, and how to ask it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("SLURM", "SBATCH"))
        } | {"SLURM_CONF": str(folder / "slurm.conf")}
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start everything, and wait until both nodes are idle."""
        names = ["one", "two"]
        self._write(names)
        self._start("munged", *self._munge())
        self._wait((self.folder / "munge.socket").exists, "munged")
        self._start("slurmctld", "-D", "-i")
        for name in names:
            self._start("slurmd", "-D", "-N", name)
        self._wait(lambda: self.ask("sinfo", "-h", "-t", "idle", "-o", "%D") == str(len(names)), "idle nodes")

    def ask(self, program: str, *words: str, cwd: Path | None = None) -> str:
        """What a command of Slurm's says; "?" if it fails."""
        done = subprocess.run(
            [program, *words],
            env=self.environment,
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout.strip() if done.returncode == 0 else "?"

    def run(self, script: Path, *words: str, cwd: Path, environment: dict[str, str]) -> str:
        """Submit a script and wait for all of its tasks; the job's number."""
        done = subprocess.run(
            ["sbatch", "--parsable", "--wait", *words, str(script)],
            env=self.environment | environment,
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=DONE_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr + self.said(cwd)
        return done.stdout.strip()

    def wait_until_empty(self) -> None:
        """Wait until no job is left. Raises TimeoutError."""
        self._wait(lambda: self.ask("squeue", "-h") == "", "empty queue")

    def said(self, folder: Path) -> str:
        """What jobs have printed, and the logs."""
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in folder.glob("slurm-*.out"))

    def stop(self) -> None:
        """Cancel what runs, then end what was started, the last first."""
        if self._started:
            self.ask("scancel", "--full", "-u", getpass.getuser())
            with suppress(TimeoutError):
                self.wait_until_empty()
        for process in reversed(self._started):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def _write(self, names: list[str]) -> None:
        self.folder.mkdir(mode=0o755)
        for name in ("state", *(f"spool-{name}" for name in names)):
            (self.folder / name).mkdir()
        (self.folder / "munge.key").touch(mode=0o600)
        (self.folder / "munge.key").write_bytes(secrets.token_bytes(64))
        host = socket.gethostname().split(".")[0]
        nodes = [NODE.format(name=name, host=host, port=free_port()) for name in names]
        settings = SETTINGS.format(
            host=host,
            port=free_port(),
            user=getpass.getuser(),
            folder=self.folder,
            nodes="\n".join(nodes),
            partition=PARTITION,
        )
        (self.folder / "slurm.conf").write_text(settings)

    def _munge(self) -> list[str]:
        parts = {
            "socket": "socket",
            "key-file": "key",
            "pid-file": "pid",
            "log-file": "log",
            "seed-file": "seed",
        }
        return ["-F", "-f", *(f"--{option}={self.folder}/munge.{part}" for option, part in parts.items())]

    def _start(self, name: str, *words: str) -> None:
        program = _program(name)
        assert program
        with (self.folder / "said.log").open("ab") as log:
            self._started.append(
                subprocess.Popen([program, *words], env=self.environment, stdout=log, stderr=log)
            )

    def _wait(self, there: Callable[[], bool], what: str, seconds: float = STARTED_S) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if there():
                return
            time.sleep(0.2)
        logs = "".join(path.read_text(errors="replace")[-2000:] for path in self.folder.glob("*.log"))
        raise TimeoutError(f"Slurm: no {what} after {seconds} s\n{logs}")


@contextmanager
def running_slurm(folder: Path) -> Iterator[Slurm]:
    """Slurm with two idle nodes; all of it is gone afterwards."""
    slurm = Slurm(folder)
    try:
        slurm.start()
        yield slurm
    finally:
        slurm.stop()
