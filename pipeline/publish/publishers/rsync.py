"""`rsync: me@example.org:/srv/www/podcast`: any place that the program rsync reaches, here or over SSH."""

import shutil
import subprocess
from collections.abc import Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ...errors import PublishError, SettingsError

__all__ = ["open_target"]

STALLED_S = 60
"""A connection on which nothing moves for so long is given up."""
MISSING = 24
"""What rsync says when a source is not there, which is how it is told to delete."""
NOT_THERE = 23
"""What rsync calls a partial transfer, such as of a file that is not there."""


class _Rsync:
    def __init__(self, target: str) -> None:
        self.target = target.rstrip("/") + "/"

    def read(self, path: str) -> bytes | None:
        with TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            done = _run(["--", self.target + path, str(copy)], allowed={NOT_THERE, 3})
            return copy.read_bytes() if done == 0 and copy.is_file() else None

    def sizes(self) -> None:
        return None

    def put(self, folder: Path, paths: Sequence[str]) -> None:
        _run(
            ["--mkpath", "--times", "--checksum", "--chmod=F644,D755", "--", f"{folder}/", self.target], paths
        )

    def delete(self, paths: Sequence[str]) -> None:
        if paths:
            with TemporaryDirectory() as empty:
                _run(["--delete-missing-args", "--", f"{empty}/", self.target], paths, allowed={MISSING})


def open_target(text: str) -> _Rsync:
    """The target that rsync calls so. Raises SettingsError if it cannot be one, or rsync is missing."""
    if text.startswith("-") or not text.isprintable():
        raise SettingsError(f"{text!r} is no target of rsync", hint="such as me@example.org:/srv/www")
    if shutil.which("rsync") is None:
        raise SettingsError(
            "rsync is not installed", where=f"rsync: {text}", hint="install it from your system"
        )
    return _Rsync(text)


def _run(arguments: list[str], paths: Sequence[str] = (), allowed: Collection[int] = ()) -> int:
    """Run rsync on these paths of its source, or on the source itself; its exit code, if 0 or allowed."""
    listed = ["--from0", "--files-from=-"] if paths else []
    command = ["rsync", "--quiet", f"--timeout={STALLED_S}", *listed, *arguments]
    done = subprocess.run(command, input="\0".join(paths).encode(), capture_output=True, check=False)
    if done.returncode not in {0, *allowed}:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise PublishError(f"rsync failed: {said[0]}", where=arguments[-1], hint="try the same rsync by hand")
    return done.returncode
