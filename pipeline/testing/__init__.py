"""Contracts for plugin authors: what each kind of plugin must do, as tests to inherit.

    from pipeline.testing import EngineContract

    class TestMyEngine(EngineContract):
        def engine(self) -> Engine:
            return MyEngine()

pytest then runs every test of the contract on the plugin. Likewise `ExecutorContract`, which asks
for a new executor by its method `open`, and `PublisherContract`, which asks for a target by `target`.
"""

from .engines import EngineContract
from .executors import ExecutorContract
from .publishers import PublisherContract

__all__ = ["EngineContract", "ExecutorContract", "PublisherContract"]
