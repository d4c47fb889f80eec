"""A dask cluster on 127.0.0.1: what an executor must do, and what may happen to a cluster."""

from collections.abc import Iterator
from concurrent.futures import Executor

import pytest

from pipeline.execute import open_executor
from pipeline.testing import ExecutorContract
from tests.clusters import Cluster, running_cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster"), nodes=2) as running:
        yield running


class TestDask(ExecutorContract):
    @pytest.fixture(autouse=True)
    def _on(self, cluster: Cluster) -> None:
        self.url = f"dask:{cluster.address}"

    def open(self) -> Executor:
        return open_executor(self.url)
