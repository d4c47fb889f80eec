"""A finished episode gives nothing; each single fault is found, named and placed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.findings import Finding
from pipeline.verify.rules import RULES
from pipeline.verifying import verify_file

from .episode import SLUG, Made, encoded, made
from .faults import BESIDE, BYTES, SOUND, Spoil

FOLLOW = {"SOUN101", "SOUN111", "SOUN112", "SOUN113", "SOUN117", "SOUN401", "SOUN402"}
"""What follows from any change of a short file: its length, its loudness, its digest."""
NEAR_S = 0.25


@contextmanager
def spoilt(folder: Path) -> Iterator[tuple[Made, Path]]:
    """An episode, and a file of its name elsewhere."""
    yield made(), folder / f"{SLUG}.mp3"


def found_in(path: Path, *, digests: bool = True) -> tuple[Finding, ...]:
    return verify_file(made().root, path, digests=digests).findings


def assert_found(findings: tuple[Finding, ...], spoil: Spoil) -> None:
    told = [f"{finding.at_s} {finding}" for finding in findings]
    named = [finding for finding in findings if finding.code == spoil.code]
    assert named, told
    at_s = spoil.at_s(made())
    assert any(abs((finding.at_s or 0) - at_s) < NEAR_S for finding in named), (at_s, told)
    lines = {"SOUN201", "SOUN202"}  # each line that is gone is gone from one place
    assert all(abs((it.at_s or 0) - at_s) < NEAR_S for it in named if {it.code} & lines), (at_s, told)
    others = {finding.code for finding in findings if finding.is_error} - {spoil.code} - FOLLOW - spoil.also
    assert not others, told


def test_a_finished_episode_gives_nothing() -> None:
    assert found_in(made().mp3) == ()


def test_an_episode_that_is_only_encoded_again_gives_its_digest_and_nothing_of_lines(tmp_path: Path) -> None:
    path = tmp_path / f"{SLUG}.mp3"
    encoded(made(), lambda sound: sound, path)
    assert {finding.code for finding in found_in(path)} <= {"SOUN401", "SOUN112", "SOUN402"}
    assert {finding.code for finding in found_in(path, digests=False)} <= {"SOUN112"}


@pytest.mark.parametrize("spoil", SOUND.values(), ids=SOUND)
def test_a_fault_of_the_sound_is_found_and_named(spoil: Spoil, tmp_path: Path) -> None:
    path = tmp_path / f"{SLUG}.mp3"
    encoded(made(), spoil.change, path)
    assert_found(found_in(path, digests=False), spoil)


@pytest.mark.parametrize("spoil", BYTES.values(), ids=BYTES)
def test_a_fault_of_the_file_is_found_and_named(spoil: Spoil, tmp_path: Path) -> None:
    path = tmp_path / f"{SLUG}.mp3"
    raw = made().mp3.read_bytes()
    changed = spoil.change(raw)
    assert isinstance(changed, bytes)
    assert changed != raw
    path.write_bytes(changed)
    findings = found_in(path)
    assert_found(findings, spoil)
    assert {finding.code for finding in findings} != {"SOUN401"}


@pytest.mark.parametrize("spoil", BESIDE.values(), ids=BESIDE)
def test_a_fault_of_the_captions_is_found_and_named(spoil: Spoil, tmp_path: Path) -> None:
    path = tmp_path / f"{SLUG}.mp3"
    shutil.copy(made().mp3, path)
    text = made().mp3.with_suffix(".vtt").read_text(encoding="utf-8")
    changed = spoil.change(text)
    assert isinstance(changed, str)
    assert changed != text
    path.with_suffix(".vtt").write_text(changed, encoding="utf-8")
    assert_found(found_in(path), spoil)


def test_every_rule_of_the_sound_has_a_fault() -> None:
    here = {spoil.code for spoil in (*SOUND.values(), *BYTES.values(), *BESIDE.values())}
    elsewhere = {"SOUN102", "SOUN114", "SOUN115", "SOUN407", "SOUN117", "SOUN101", "SOUN211", "SOUN408"}
    assert {code for code in RULES if code.startswith("SOUN")} <= here | elsewhere
