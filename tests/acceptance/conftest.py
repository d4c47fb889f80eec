"""The shipped show, published and served once for all tests of clients."""

from collections.abc import Iterator

import pytest

from .shipped import Shipped, open_show


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shipped]:
    with open_show(tmp_path_factory.mktemp("shipped") / "show") as show:
        yield show
