"""A show of one's own: everything `make` needs but papers, and one paper to begin with."""

import json
import re
import shutil
import sys
from pathlib import Path

from .errors import SettingsError
from .schemas import SCHEMAS, schema_as_json

__all__ = ["start_show"]

_PACKAGED = Path(__file__).parent / "starter"
_CHECKOUT = Path(__file__).parent.parent
_PARTS = ("Makefile", "show.yaml", "scripts", "voices")
_VOICES = (
    "ernis-neural.yaml",
    "ernis.yaml",
    "lexicon.yaml",
    "styles/NOTICE",
    "styles/ernis.bin",
    "system.yaml",
    "tone.yaml",
)
"""What comes with the package; a folder that it is started from may hold more."""
_SCHEMAS = ".schemas"
"""Where editors that know the language server of YAML find what settings may hold."""
_IGNORED = """# What is made, and voices that `paperledge voices add` brings back.
/output/
/voices/piper/
/voices/recognisers/
"""

_FIRST_PAPER = """---
title: "A first paper"
authors:
  - Your Name
category: Research
date: {today}
---

Write here what the episode should say, as you would tell it to a friend. A blank line is a short pause.

## A heading is a pause with a name

- Items of a list are said one by one.

## Questions

- What should listeners wonder about?
"""


def start_show(folder: Path) -> tuple[Path, ...]:
    """Write a new show into `folder`; the files and folders written.

    Raises SettingsError if the folder holds anything.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsError("there is something in this folder", where=str(folder), hint="name a new one")
    source = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"cannot be made: {error.strerror}", where=str(folder)) from error
    _copy(source, folder)
    (folder / ".gitignore").write_text(_IGNORED, encoding="utf-8")
    _fit_makefile(folder / "Makefile")
    _fit_settings(folder / "show.yaml", folder.resolve().name)
    _fit_lexicon(folder / "voices" / "lexicon.yaml")
    _write_schemas(folder)
    (folder / "papers").mkdir()
    _write_first_paper(folder / "papers" / "first-paper.md")
    return tuple(folder / name for name in (*_PARTS, _SCHEMAS, "papers"))


def _copy(source: Path, folder: Path) -> None:
    for name in ("Makefile", "show.yaml"):
        shutil.copyfile(source / name, folder / name)
    shutil.copytree(source / "scripts", folder / "scripts")
    (folder / "voices" / "styles").mkdir(parents=True)
    for name in _VOICES:
        shutil.copyfile(source / "voices" / name, folder / "voices" / name)


def _fit_makefile(makefile: Path) -> None:
    """Keep what a show needs of the Makefile.

    Where `paperledge` is not on the PATH, it names the command that made the show.
    """
    text = makefile.read_text(encoding="utf-8").split("ifdef READY\n")[0]
    if shutil.which("paperledge") is None:
        text = text.replace("RUN ?= paperledge", f'RUN ?= "{sys.executable}" -m pipeline')
    makefile.write_text(text, encoding="utf-8")


def _fit_settings(settings: Path, name: str) -> None:
    """Name the show after its folder, and leave its description to its owner."""
    text = settings.read_text(encoding="utf-8")
    text = re.sub(r"^title: .*$", lambda _: f"title: {json.dumps(name)}", text, flags=re.MULTILINE)
    text = re.sub(r"^description: .*\n(?:  .*\n)*", 'description: ""\n', text, flags=re.MULTILINE)
    text = text.replace(
        " Every key and its default: docs/settings.md", " Unknown keys are refused, with the known ones."
    )
    settings.write_text(text, encoding="utf-8")


def _fit_lexicon(lexicon: Path) -> None:
    """Keep what it says of itself, and one entry; the others are of the show that it came from."""
    lines = lexicon.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.startswith(("#", "\n", "PaperLedge:"))]
    lexicon.write_text("".join(kept), encoding="utf-8")


def _write_schemas(folder: Path) -> None:
    """Write the schemas, and name them in the files that they are for."""
    (folder / _SCHEMAS).mkdir()
    for name in SCHEMAS:
        (folder / _SCHEMAS / f"{name}.json").write_text(schema_as_json(name), encoding="utf-8")
    _point_to_schema(folder / "show.yaml", f"{_SCHEMAS}/show.json")
    for path in (folder / "voices").glob("*.yaml"):
        kind = "lexicon" if path.stem == "lexicon" else "voice"
        _point_to_schema(path, f"../{_SCHEMAS}/{kind}.json")


def _point_to_schema(path: Path, schema: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(f"# yaml-language-server: $schema={schema}\n{text}", encoding="utf-8")


def _write_first_paper(path: Path) -> None:
    import datetime as dt  # only here

    today = dt.date.today()  # the author's own day is meant
    path.write_text(_FIRST_PAPER.format(today=today), encoding="utf-8")
