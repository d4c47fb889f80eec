"""Tests of joining, levelling and encoding."""
