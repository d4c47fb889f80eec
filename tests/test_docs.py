"""The documents say what is so: every command, key, option and file they name exists."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.install import EXTRAS
from pipeline.paper.frontmatter import FrontMatter
from pipeline.plugins import find
from pipeline.show import Show
from pipeline.synthesis.voices import Profile

from .conftest import install_engine

REPOSITORY = Path(__file__).parent.parent
PAGES = sorted(
    [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("scripts/**/*.md")]
)


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def shell_lines(text: str) -> Iterator[str]:
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            yield line.split("#")[0].strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize(
    "line", [line for page in PAGES for line in shell_lines(page.read_text(encoding="utf-8"))]
)
def test_every_command_in_the_docs_can_be_run(line: str) -> None:
    if line.startswith("make"):
        done = subprocess.run(
            [*line.replace("'", "").split(), "-n"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    else:
        assert line.startswith(".venv/bin/paperledge "), line
        verb = line.split()[1]
        assert re.search(rf"^    {verb} ", help_text(), re.MULTILINE), verb


def help_text() -> str:
    command = [sys.executable, "-m", "pipeline", "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPOSITORY).stdout


def rows(kind: type[msgspec.Struct]) -> Iterator[tuple[msgspec.structs.FieldInfo, Any]]:
    for field in msgspec.structs.fields(kind):
        if isinstance(field.default, msgspec.Struct):
            yield from rows(type(field.default))
        else:
            yield field, field.default


def test_the_settings_page_has_every_key_with_its_default() -> None:
    page = read("docs/settings.md")
    for field, default in rows(Show):
        name = field.name
        (row,) = re.findall(rf"^\| `{name}` \| ([^|]+) \|", page, re.MULTILINE)
        said = (
            "required"
            if field.required
            else "none"
            if default in ("", None, (), msgspec.NODEFAULT)
            else f"`{default}`"
        )
        assert row == said.replace("True", "true"), name
    assert len(re.findall(r"^\| `", page, re.MULTILINE)) == len(list(rows(Show)))


def test_the_shipped_show_says_only_known_defaults() -> None:
    keys = set(re.findall(r"^\s*(\w+):", read("show.yaml"), re.MULTILINE))
    assert keys <= {field.name for field, _ in rows(Show)} | {
        "pauses",
        "sound",
        "music",
        "limits",
        "feed",
        "publish",
    }


def test_the_readme_names_every_front_matter_key() -> None:
    readme = read("README.md")
    for field in msgspec.structs.fields(FrontMatter):
        assert re.search(rf"`{field.name}`|^{field.name}:", readme, re.MULTILINE), field.name


def test_the_voices_page_names_every_profile_key_engine_and_option() -> None:
    page = read("docs/voices.md")
    for field in msgspec.structs.fields(Profile):
        assert f"| `{field.name}` |" in page
    for name in ("pico", "kokoro", "piper", "openai", "espeak", "pyttsx3", "tone"):
        (row,) = re.findall(rf"^\| `{name}` \|.*", page, re.MULTILINE)
        for field in msgspec.structs.fields(find("engines", name).Options):
            assert f"`{field.name}`" in row


def test_the_engine_on_the_voices_page_keeps_the_contract(tmp_path: Path) -> None:
    engine, contract = re.findall(r"```python\n(.*?)```", read("docs/engines.md"), re.DOTALL)
    (declared,) = re.findall(r"```toml\n(.*?)```", read("docs/engines.md"), re.DOTALL)
    entries = tomllib.loads(declared)["project"]["entry-points"]
    assert entries == {"paperledge.engines": {"beep": "paperledge_beep:ENGINE"}}
    install_engine(tmp_path, "paperledge-beep", "beep", "from paperledge_beep import ENGINE\n")
    (tmp_path / "paperledge_beep.py").write_text(engine, encoding="utf-8")
    (tmp_path / "test_beep.py").write_text(contract, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(REPOSITORY)])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    # it has no option `voice`, and tells no word times
    assert re.search(r"\d\d passed, 2 skipped", done.stdout), done.stdout


def test_every_extra_can_be_set_up_and_every_lock_is_named() -> None:
    locks = {path.stem for path in (REPOSITORY / "pipeline/locks").glob("*.txt")}
    assert locks == {*EXTRAS, "base"}


def test_locks_hold_hashes_for_everything_and_no_address() -> None:
    for path in (REPOSITORY / "pipeline/locks").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        entries = re.split(r"\n(?=\S)", text.strip())
        assert all(re.match(r"[\w.-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries), path
        assert "://" not in text


def test_changelog_and_decisions_are_there() -> None:
    assert "## Unreleased" in read("CHANGELOG.md")
    for page in (REPOSITORY / "docs/decisions").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for part in ("**Context.**", "**Choice.**", "**Cost.**", "**Revisit**"):
            assert part in text, page
