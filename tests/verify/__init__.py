"""Tests of what is verified."""
