"""`folder: /srv/www/podcast`: a folder of this computer, which a web server or a synchroniser looks at."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ...errors import PublishError, SettingsError
from ...files import os_errors_said, replace_file

__all__ = ["open_target"]


class _Folder:
    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, path: str) -> bytes | None:
        with os_errors_said("cannot be read", self.root / path):
            return (self.root / path).read_bytes() if (self.root / path).is_file() else None

    def sizes(self) -> Mapping[str, int]:
        with os_errors_said("cannot be read", self.root):
            files = (path for path in self.root.rglob("*") if path.is_file())
            return {path.relative_to(self.root).as_posix(): path.stat().st_size for path in files}

    def put(self, folder: Path, paths: Sequence[str]) -> None:
        for path in paths:
            with os_errors_said("cannot be written", self.root / path):
                self._refuse_links(path)
                replace_file(self.root / path, folder / path)

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            with os_errors_said("cannot be deleted", self.root / path):
                self._refuse_links(path)
                (self.root / path).unlink(missing_ok=True)

    def _refuse_links(self, path: str) -> None:
        """What leads out of the folder is not ours to write or delete."""
        if not (self.root / path).parent.resolve().is_relative_to(self.root.resolve()):
            hint = "replace the link by a folder"
            raise PublishError("leads out of the folder", where=str(self.root / path), hint=hint)


def open_target(text: str) -> _Folder:
    """The folder of that path; it is made when something is put there. Raises SettingsError."""
    root = Path(text).expanduser()
    if root.exists() and not root.is_dir():
        raise SettingsError("is not a folder", where=text, hint="name a folder as `folder:` in show.yaml")
    return _Folder(root)
