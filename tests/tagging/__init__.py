"""Tests of the tagging stage."""
