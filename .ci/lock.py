"""Writes pipeline/locks/ anew from pyproject.toml: one requirements file for every set.

All sets are resolved together, for Python 3.11 to 3.13 on Linux, macOS and Windows at once, so any
of them fit beside each other. `base.txt` holds what everybody needs, the others only what they add.
Extra words go to uv: `.ci/lock.py --upgrade`.
"""

import re
import subprocess
import sys
from pathlib import Path

LOCKS = Path("pipeline/locks")
SETS = {
    "base": ["--group", "build"],
    "clients": ["--group", "clients"],
    "cluster": ["--extra", "cluster"],
    "espeak": ["--extra", "espeak"],
    "fonts": ["--extra", "fonts"],
    "listen": ["--extra", "listen"],
    "neural": ["--extra", "neural"],
    "piper": ["--extra", "piper"],
    "ray": ["--group", "ray"],
    "s3": ["--extra", "s3"],
    "test": ["--group", "test"],
}
_ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==.*\n(?:(?:[ ]+--hash|[ ]+#).*\n)*", re.MULTILINE)


def compiled(options: list[str], constraints: Path | None, extra: list[str]) -> dict[str, str]:
    """Package name → its entry, hashes and markers included."""
    command = ["uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "pyproject.toml", *options, *extra]
    command += ["-c", str(constraints)] if constraints else []
    done = subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True, text=True)
    return {entry["name"]: entry[0] for entry in _ENTRY.finditer(done.stdout)}


def main() -> None:
    """Compile everything once, then every set within those versions."""
    everything = compiled([option for options in SETS.values() for option in options], None, sys.argv[1:])
    versions = LOCKS / "all.tmp"
    pinned = (entry.splitlines()[0].removesuffix(" \\") for entry in everything.values())
    versions.write_text("".join(f"{line}\n" for line in pinned), encoding="utf-8")
    try:
        base = compiled(SETS["base"], versions, [])
        for name, options in SETS.items():
            entries = compiled(options, versions, []) if name != "base" else base
            added = [entry for package, entry in entries.items() if name == "base" or package not in base]
            (LOCKS / f"{name}.txt").write_text("".join(added), encoding="utf-8")
            print(f"{name}: {len(added)} packages")
    finally:
        versions.unlink()


if __name__ == "__main__":
    main()
