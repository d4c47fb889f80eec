"""Whole shows in, expected results out; and no step's bytes change under an unchanged version.

`pytest --update-golden tests/test_golden.py` writes the expected files anew, after a look at them.
"""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.backlog import make
from pipeline.recipe import STEPS
from pipeline.run import Options, Watcher

GOLDEN = Path(__file__).parent / "golden"
ASSETS = Path(__file__).parent.parent / "scripts" / "assets"
CASES = sorted(path for path in GOLDEN.iterdir() if path.is_dir())


def made(case: Path, folder: Path) -> Path:
    shutil.copytree(case, folder, ignore=shutil.ignore_patterns("expected"))
    shutil.copytree(ASSETS, folder / "scripts" / "assets", dirs_exist_ok=True)
    report = make(folder, Options(executor="inline"), Watcher())
    assert not report.failed
    return folder / "output"


def results(output: Path) -> dict[str, str]:
    """What each step gave, over all episodes, as one digest."""
    files = {
        "script": sorted((output / "stages").glob("*/1-script.txt")),
        "synthesis": sorted((output / "stages").glob("*/2-synthesis/*.wav")),
        "assembly": sorted((output / "stages").glob("*/3-assembly.mp3")),
        "artwork": sorted((output / "stages").glob("*/4-artwork.jpg")),
        "tagging": sorted((output / "episodes").glob("*.mp3")),
    }
    assert all(files.values())
    return {
        step: sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
        for step, paths in files.items()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_show_gives_what_it_gave(case: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    output = made(case, tmp_path / "show")
    expected = case / "expected"
    texts = {path.name: path.read_text(encoding="utf-8") for path in (output / "episodes").glob("*.txt")}
    texts |= {
        f"{path.parent.name}.{path.name}": path.read_text(encoding="utf-8")
        for path in (output / "stages").glob("*/[15]-*.*")
    }
    found = {step: [STEPS[step].version, digest] for step, digest in results(output).items()}
    if pytestconfig.getoption("--update-golden"):
        shutil.rmtree(expected, ignore_errors=True)
        expected.mkdir()
        for name, text in texts.items():
            (expected / name).write_text(text, encoding="utf-8")
        (expected / "steps.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    known = {path.name: path.read_text(encoding="utf-8") for path in expected.iterdir()}
    recorded = json.loads(known.pop("steps.json"))
    assert texts == known
    for step, (version, digest) in found.items():
        assert version == recorded[step][0], f"{step} has a new version: run with --update-golden"
        assert digest == recorded[step][1], f"{step} gives other bytes: raise its version in recipe.py"
