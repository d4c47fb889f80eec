"""What docs/cluster.md and the files beside it tell people to run: read by whoever will read it, and run."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.cli import _parser
from pipeline.execute import open_executor
from pipeline.work import read_jobs

from .clusters import free_port, kill_tree
from .conftest import REPOSITORY

FOLDER = REPOSITORY / "docs" / "cluster"
PAGE = (REPOSITORY / "docs" / "cluster.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8")))


COMPOSE = documents("compose.yaml")[0]
WORKER = documents("worker.yaml")
(SHARDS,) = documents("shard-job.yaml")


def containers(document: dict[str, Any]) -> list[dict[str, Any]]:
    spec = document["spec"].get("template", {}).get("spec", {})
    return list(spec.get("containers", ()))


def commands() -> Iterator[list[str]]:
    """Every command, as words, wherever it is written."""
    for line in "\n".join(blocks("console")).splitlines():
        yield [word.removeprefix(".venv/bin/") for word in shlex.split(line.removeprefix("$ "))]
    for service in COMPOSE["services"].values():
        yield shlex.split(service["command"])
    for document in [*WORKER, SHARDS]:
        for container in containers(document):
            yield [*container["command"], *container.get("args", ())]
    dockerfile = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    yield from (json.loads(words) for words in re.findall(r"^CMD (.*)$", dockerfile, re.MULTILINE))
    for name in ("compose.yaml", "worker.yaml", "shard-job.yaml", "array.slurm"):
        for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
            if found := re.match(r"(?:#   |exec )(paperledge .*)", line):
                yield shlex.split(found[1].replace("$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT", "2/8"))


def of(program: str) -> list[list[str]]:
    found = [words[words.index(program) :] for words in commands() if program in words]
    unique = {tuple(words): words for words in found}
    return list(unique.values())


@pytest.mark.parametrize("words", of("dask"), ids=" ".join)
def test_dask_knows_every_option(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed.cli import dask_scheduler, dask_worker

    monkeypatch.chdir(tmp_path)
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).touch()
    main = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}[words[1]]
    main.make_context(words[1], words[2:])


@pytest.mark.parametrize("words", of("paperledge"), ids=" ".join)
def test_we_know_every_option(words: list[str]) -> None:
    known = [word.replace("${SLURM_CPUS_PER_TASK:-1}", "2") for word in words[1:]]
    assert callable(_parser().parse_args(known).run)


def test_there_are_commands_of_both() -> None:
    assert len(of("dask")) == 7
    assert len(of("paperledge")) >= 4


# -- run on 127.0.0.1 -----------------------------------------------------------------------------


@contextmanager
def running(words: list[str], folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with (folder / "log").open("ab") as log:
        command = [sys.executable, "-m", *words, "--host", "127.0.0.1"]  # the last one counts
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        kill_tree(process)


def computed(scheduler: list[str], worker: list[str], protocol: str, folder: Path) -> int:
    """What a cluster started by these commands gives, at a port of its own."""
    port = free_port()
    address = f"{protocol}://127.0.0.1:{port}"
    here = [re.sub(r"^(tcp|tls)://.*", address, word) for word in worker]
    with running([*scheduler, "--port", str(port)], folder), running(here, folder):
        deadline = time.monotonic() + 60
        while True:
            try:
                with open_executor(f"dask:{address}") as executor:
                    return executor.submit(pow, 2, 10).result(60)
            except Exception:
                if time.monotonic() > deadline:
                    raise


@pytest.mark.slow
@pytest.mark.parametrize("where", ["page", "compose", "kubernetes"])
def test_its_scheduler_and_worker_do_jobs(where: str, tmp_path: Path) -> None:
    mine = {
        "page": [
            words for words in of("dask") if "10.0.0.5" in " ".join(words) and "--tls-ca-file" not in words
        ],
        "compose": [shlex.split(COMPOSE["services"][name]["command"]) for name in ("scheduler", "worker")],
        "kubernetes": [
            [*container["command"], *container.get("args", ())]
            for document in WORKER
            for container in containers(document)
        ],
    }[where]
    scheduler, worker = mine
    assert computed(scheduler, worker, "tcp", tmp_path) == 1024


@pytest.mark.slow
def test_behind_tls_only_who_has_the_certificate_is_let_in(tmp_path: Path) -> None:
    """As the page says it, in a process that has these in its environment, and in this one, which has not."""
    (certify,) = (words for words in commands() if "openssl" in words)
    subprocess.run(certify, cwd=tmp_path, check=True, capture_output=True)
    scheduler, worker = (words for words in of("dask") if "--tls-ca-file" in words)
    (said,) = blocks("ini")
    environment = dict(line.split("=") for line in said.split())
    port = free_port()
    address = f"tls://127.0.0.1:{port}"
    worker = [re.sub("^tls://.*", address, word) for word in worker]
    ask = f"from pipeline.execute import open_executor as o\nwith o('dask:{address}') as e: print(e.submit(pow, 2, 5).result(60))"
    with running([*scheduler, "--port", str(port)], tmp_path), running(worker, tmp_path):
        answers = []
        for given in (environment, {}):
            done = subprocess.run(
                [sys.executable, "-c", ask],
                cwd=tmp_path,
                env=os.environ | {"PYTHONPATH": str(REPOSITORY)} | given,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            answers.append((done.returncode, done.stdout))
    assert answers == [(0, "32\n"), (1, "")]


# -- what is not run here -------------------------------------------------------------------------


def test_each_of_the_indexed_job_s_pods_has_a_share(tmp_path: Path) -> None:
    (tmp_path / "paperledge").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "paperledge").chmod(0o755)
    (container,) = containers(SHARDS)
    shares = []
    for index in range(SHARDS["spec"]["completions"]):
        environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "JOB_COMPLETION_INDEX": str(index)}
        said = subprocess.check_output(container["command"], env=environment, text=True).split()
        arguments = _parser().parse_args(said)
        shares.append((arguments.shard.number, arguments.shard.of, arguments.jobs))
    assert shares == [(number, 8, 2) for number in range(1, 9)]
    assert SHARDS["spec"]["completionMode"] == "Indexed"


def test_pods_are_not_root_and_hear_of_nobody_but_each_other() -> None:
    for document in [*WORKER, SHARDS]:
        if containers(document):
            spec = document["spec"]["template"]["spec"]
            assert spec["securityContext"]["runAsNonRoot"] is True
            assert spec["automountServiceAccountToken"] is False
            assert all("memory" in it["resources"]["limits"] for it in spec["containers"])
    labels = {"app": "paperledge"}
    (policy,) = (document for document in WORKER if document["kind"] == "NetworkPolicy")
    assert policy["spec"]["podSelector"]["matchLabels"] == labels
    for document in WORKER:
        if document["kind"] == "Deployment":
            assert document["spec"]["selector"]["matchLabels"].items() >= labels.items()
            told = document["spec"]["template"]["metadata"]["labels"]
            assert told == document["spec"]["selector"]["matchLabels"]
    (service,) = (document for document in WORKER if document["kind"] == "Service")
    assert any(service["metadata"]["name"] in " ".join(words) for words in of("dask"))


def test_compose_names_what_it_has() -> None:
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        mounted = {volume.rsplit(":", 1)[0] for volume in service.get("volumes", ())}
        assert {name for name in mounted if name.isalpha()} <= set(volumes)
    assert (FOLDER / services["scheduler"]["build"]["context"]).resolve() == REPOSITORY
    assert (REPOSITORY / services["scheduler"]["build"]["dockerfile"]).is_file()


def test_the_array_is_a_script_for_bash() -> None:
    subprocess.run(["bash", "-n", str(FOLDER / "array.slurm")], check=True)


def test_the_bucket_of_compose_is_made(s3_service: str, bucket: str) -> None:
    words = shlex.split(COMPOSE["services"]["bucket"]["command"].replace("podcasts", "for-compose"))
    subprocess.run([sys.executable, *words[1:]], check=True)
    from s3fs import S3FileSystem

    assert S3FileSystem(use_listings_cache=False).exists("for-compose")


def test_the_job_on_the_page_is_one(tmp_path: Path) -> None:
    (tmp_path / "job.json").write_text(*blocks("json"))
    ((job, store),) = read_jobs(tmp_path / "job.json")
    assert (job["step"], store) == ("synthesis", "s3://bucket/prefix")


def test_the_settings_of_slurm_are_dask_s(tmp_path: Path) -> None:
    import dask
    import dask_jobqueue

    (said,) = (block for block in map(yaml.safe_load, blocks("yaml")) if "jobqueue" in block)
    folder = Path(dask_jobqueue.__file__).parent
    known = yaml.safe_load((folder / "jobqueue.yaml").read_text())["jobqueue"]["slurm"]
    assert set(said["jobqueue"]["slurm"]) <= set(known)
    assert dask.config.get("jobqueue.slurm.walltime") == "00:30:00"
