"""Installs what a show needs, from the lock: `make setup`, and an extra when a voice asks for it.

This file and what it imports use the standard library only: in a fresh clone it runs before
anything is installed. Each file of locks/ is a pip requirements file with hashes and markers:
base.txt for everybody, one more for each extra, test.txt for developers.

A set-up writes its mark, `paperledge-ready`, last, and what it was asked for, first. So one that
was killed is known by its missing mark, and the next makes the environment anew, with the same extras.
"""

import hashlib
import importlib
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from .errors import PluginError, SettingsError, nearest

__all__ = ["EXTRAS", "add_extra", "setup"]

LOCKS = Path(__file__).parent / "locks"
EXTRAS = tuple(sorted(path.stem for path in LOCKS.glob("*.txt") if path.stem != "base"))

_MARK = "paperledge-ready"
_ASKED = "paperledge-extras"
_BASE = "paperledge-base"

_BAR = 20
_STEP = re.compile(
    r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)=="
    r"|Processing (?:\S*/)?([\w.]+)-|Ignoring ([\w.-]+):"
)
"""What pip says once of each package, in one of these ways."""
_SIZE = re.compile(r"\((\d[\d.]* [kMG]B)\)")


def setup(root: Path, extras: Iterable[str]) -> None:
    """Make `.venv` in a checkout, or bring it up to date; extras that are there stay.

    Outside a checkout, install the extras beside this package. Raises SettingsError for an unknown
    extra or a Python without venv, PluginError if pip fails.
    """
    asked = set(extras)
    for extra in sorted(asked - set(EXTRAS)):
        raise SettingsError(f"there is no extra {extra!r}", hint=nearest(extra, EXTRAS))
    if (root / "pyproject.toml").is_file() and (root / "pipeline").is_dir():
        _set_up(root.resolve(), asked)
    elif asked:
        _pip(Path(sys.executable), asked)


def add_extra(extra: str) -> None:
    """Install an extra into the environment that is running, and let it be imported."""
    venv = Path(sys.prefix)
    if (venv / _MARK).is_file():
        _set_up(venv.parent, {extra})
    else:
        _pip(Path(sys.executable), {extra})
    importlib.invalidate_caches()


def _set_up(root: Path, extras: set[str]) -> None:
    venv, python = root / ".venv", _python_of(root / ".venv")
    _refuse_others(venv)
    wanted = extras | _words(venv / _ASKED) & set(EXTRAS)
    mark = _mark_for(wanted, root)
    if _words(venv / _MARK) == {mark}:
        (venv / _MARK).touch()
        return
    base = f"Python {sys.version.split()[0]} in {root}"
    if not (venv / _MARK).is_file() or _text(venv / _BASE) != base:  # killed, another Python, or moved
        _empty(venv)
    (venv / _MARK).unlink(missing_ok=True)
    venv.mkdir(exist_ok=True)
    (venv / _ASKED).write_text("\n".join(sorted(wanted)), encoding="utf-8")
    (venv / _BASE).write_text(base, encoding="utf-8")
    if not python.exists():
        _make_venv(venv)
    _say(f"installing into .venv: {', '.join(['what every show needs', *sorted(wanted)])}")
    _pip(python, {"base", *wanted})
    _run([str(python), "-m", "pip", "install", "-qq", "--no-deps", "--no-build-isolation", "-e", str(root)])
    (venv / _MARK).write_text(mark, encoding="utf-8")


def _refuse_others(venv: Path) -> None:
    """Raise SettingsError for a .venv that somebody else made: it would be emptied."""
    ours = venv.is_dir() and not venv.is_symlink() and ((venv / _ASKED).is_file() or not any(venv.iterdir()))
    if (venv.exists() or venv.is_symlink()) and not ours:
        raise SettingsError(
            "was not made by this command", where=str(venv), hint="move it away, then run again"
        )


def _mark_for(extras: set[str], root: Path) -> str:
    """Stands for everything an environment is made from."""
    files = [root / "pyproject.toml", *(LOCKS / f"{name}.txt" for name in ["base", *sorted(extras)])]
    parts = [sys.version, str(root), *(path.read_text(encoding="utf-8") for path in files)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _words(path: Path) -> set[str]:
    return set(_text(path).split())


def _empty(venv: Path) -> None:
    """Remove a half-made environment, but not the note of what it was asked for."""
    for path in venv.iterdir() if venv.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name not in (_ASKED, _BASE):
            path.unlink()


def _make_venv(venv: Path) -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        hint = f"install it with: sudo apt install python{version}-venv"
        raise SettingsError("this Python comes without venv", where=sys.executable, hint=hint)
    _say(f"making .venv with Python {sys.version.split()[0]}")
    _run([sys.executable, "-m", "venv", str(venv)])


def _python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _pip(python: Path, locks: set[str]) -> None:
    files = [LOCKS / f"{name}.txt" for name in sorted(locks)]
    requirements = [part for file in files for part in ("-r", str(file))]
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    options += ["--require-hashes", "--no-deps"]
    command = [str(python), "-m", "pip", "install", *options]
    if sys.stderr.isatty():
        _run([*command, *requirements], packages=sum(_text(file).count("==") for file in files))
    else:
        _run([*command, "-qq", *requirements])


def _run(command: list[str], packages: int = 0) -> None:
    """Run a command; one that installs so many packages has its progress shown."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE if packages else None, text=True, errors="replace"
    ) as process:
        for text in _progress(process.stdout, packages) if process.stdout else ():
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)  # noqa: T201  see _say
    if packages:
        print("\r\x1b[K", end="", file=sys.stderr)  # noqa: T201
    if process.returncode:
        what = " ".join(command[1:4])
        raise PluginError(
            f"{what} ended with code {process.returncode}",
            hint="its own words are above; mend that and run again",
        )


def _progress(lines: Iterable[str], packages: int) -> Iterator[str]:
    """What pip says, line by line, as one line that changes: a bar, and what is being fetched."""
    done, name = 0, ""
    for line in lines:
        if step := _STEP.match(line):
            done, name = min(done + 1, packages), step[step.lastindex or 0]
        elif line.startswith("Installing collected"):
            done, name = packages, "unpacking"
        size = _SIZE.search(line)
        filled = _BAR * done // max(1, packages)
        bar = "#" * filled + "." * (_BAR - filled)
        yield f"  [{bar}] {done}/{packages}  {name}{f', {size[1]}' if size else ''}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201  before logging and rich exist
