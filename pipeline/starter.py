"""A show of one's own: everything `make` needs but papers, and one paper to begin with."""

import shutil
import sys
from pathlib import Path

from .errors import SettingsError

__all__ = ["start_show"]

_PACKAGED = Path(__file__).parent / "starter"
_CHECKOUT = Path(__file__).parent.parent
_PARTS = ("Makefile", "show.yaml", "scripts", "voices")

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
        raise SettingsError("is not an empty folder", where=str(folder), hint="name a new one")
    source = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
    folder.mkdir(parents=True, exist_ok=True)
    for name in _PARTS:
        copy = shutil.copytree if (source / name).is_dir() else shutil.copyfile
        copy(source / name, folder / name)
    _point_at_this_command(folder / "Makefile")
    (folder / "papers").mkdir()
    _write_first_paper(folder / "papers" / "first-paper.md")
    return tuple(folder / name for name in (*_PARTS, "papers"))


def _point_at_this_command(makefile: Path) -> None:
    """Where `paperledge` is not on the PATH, let the Makefile name the one that made it."""
    if shutil.which("paperledge") is None:
        command = f'RUN ?= "{sys.executable}" -m pipeline'
        text = makefile.read_text(encoding="utf-8").replace("RUN ?= paperledge", command)
        makefile.write_text(text, encoding="utf-8")


def _write_first_paper(path: Path) -> None:
    import datetime as dt  # only here

    today = dt.date.today()  # the author's own day is meant
    path.write_text(_FIRST_PAPER.format(today=today), encoding="utf-8")
