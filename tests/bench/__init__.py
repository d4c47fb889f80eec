"""Measurements that no test run needs, each a command."""
