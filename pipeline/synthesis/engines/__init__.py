"""The engines of this package: one module each, holding its `ENGINE`."""
