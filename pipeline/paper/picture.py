"""Where a paper's own cover is: beside the paper, or in the backlog's folder, and nowhere else.

A paper comes from anywhere; its front matter must not name a file that is none of its business, and
have it published.
"""

from pathlib import Path

from ..errors import PaperError
from .frontmatter import place_in

__all__ = ["find_picture"]


def find_picture(name: str, paper: Path, papers: Path) -> Path:
    """The file that the front matter of `paper` calls `name`: from its own folder, or else from `papers`.

    Raises PaperError if there is none, or if the name or a link leads out of that folder.
    """
    folder = next((place for place in (paper.parent, papers) if (place / name).exists()), paper.parent)
    picture = folder / name
    if picture.resolve() != folder.resolve() / name or not picture.resolve().is_relative_to(folder.resolve()):
        hint = "put the file itself beside the paper, and write its name"
        raise PaperError(
            f"the cover {name!r} leads out of {folder.name}/", where=place_in(paper, "cover"), hint=hint
        )
    if not picture.is_file():
        what = "is not a file" if picture.exists() else "is missing"
        hint = "put a JPEG, PNG or WebP there, or delete the line to have a cover drawn"
        raise PaperError(f"the cover {name!r} {what}", where=place_in(paper, "cover"), hint=hint)
    return picture
