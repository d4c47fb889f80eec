"""The wheel: whoever installs it has everything for a show of their own."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.acceptance

REPOSITORY = Path(__file__).parent.parent.parent


def test_the_wheel_holds_a_show_to_start_from_and_nothing_of_ours(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-qq",
        "--no-build-isolation",
        "--no-deps",
        "-w",
        str(tmp_path),
    ]
    subprocess.run([*command, str(REPOSITORY)], check=True)
    (wheel,) = tmp_path.glob("paperledge-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "Makefile",
        "show.yaml",
        "scripts/episode.j2",
        "scripts/assets/intro.flac",
        "scripts/site/episode.html.j2",
        "scripts/site/style.css",
        "voices/ernis.yaml",
    ):
        assert f"pipeline/starter/{part}" in names
    for part in ("locks/base.txt", "audition.j2", "audition.html.j2"):
        assert f"pipeline/{part}" in names
    assert {name.split("/")[0] for name in names if not name.startswith("paperledge-")} == {"pipeline"}
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(wheel).extractall(unpacked)
    run = [
        sys.executable,
        "-P",
        "-c",
        f"import sys; sys.path.insert(0, {str(unpacked)!r}); from pipeline.cli import main; sys.exit(main())",
    ]
    show = tmp_path / "show"
    subprocess.run([*run, "new", str(show)], check=True, cwd=tmp_path, capture_output=True)
    assert 'title: "show"' in (show / "show.yaml").read_text(encoding="utf-8")
    assert "ifdef READY" not in (show / "Makefile").read_text(encoding="utf-8")
    subprocess.run([*run, "--show", str(show), "check"], check=True, cwd=tmp_path, capture_output=True)
