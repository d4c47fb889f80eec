"""The shipped papers, spoken by every local engine that has a voice here, give nothing when they are verified."""

import shutil
from pathlib import Path

import pytest

from pipeline.backlog import make
from pipeline.run import Options, Watcher
from pipeline.verifying import finished_slugs, verify_episodes

from ..conftest import REPOSITORY

pytestmark = pytest.mark.torture


@pytest.mark.parametrize("engine", ["pico", "pyttsx3", "espeak", "tone"])
def test_clean_episodes_raise_nothing(engine: str, short: bool, tmp_path: Path) -> None:
    for name in ("scripts", "voices", "papers"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    shutil.copy(REPOSITORY / "show.yaml", tmp_path)
    (tmp_path / "voices/ours.yaml").write_text(f"engine: {engine}\n", encoding="utf-8")
    papers = tuple(map(str, sorted((tmp_path / "papers").glob("*.md"))))[: 2 if short else None]
    report = make(tmp_path, Options(papers=papers, voice="ours"), Watcher())
    assert not report.failed
    verified = verify_episodes(tmp_path, finished_slugs(tmp_path), Watcher())
    assert len(verified) == len(papers)
    assert [str(finding) for each in verified for finding in each.findings] == []
