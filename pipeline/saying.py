"""Text that is given to be said: papers with their lexicons, other files, standard input.

`paperledge say` prints what this finds: how each text is said, or a line for each line.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from .entries import Entry, LexiconFile, entries_of
from .errors import PaperError
from .paper.frontmatter import read_front_matter
from .script.bibliography import said_stretches
from .script.spoken.explain import Told, tell
from .script.spoken.lexicon import Lexicon, compile_lexicon
from .settings import load
from .show import load_show
from .textfile import read_pasted

__all__ = ["filtered", "told_texts"]

LIMIT_BYTES = 16 * 1024 * 1024
"""Of one text."""


def filtered(
    files: Sequence[Path], stdin: BinaryIO, read: Callable[[str, Lexicon], str], *, with_lexicon: bool
) -> Iterator[str]:
    """One line out for each line in, whatever its bytes; of `stdin` if there are no files.

    Raises PaperError for a file that cannot be read.
    """
    lexicon = compile_lexicon(show=_show_lexicon() if with_lexicon else {})
    for lines in map(_opened, files) if files else [stdin]:
        with lines:
            for line in lines:
                yield read(line.decode("utf-8", "replace").rstrip("\r\n"), lexicon)


def told_texts(files: Sequence[Path], stdin: BinaryIO, *, with_lexicons: bool) -> Iterator[Told]:
    """The texts of the files; of a paper, its title and what is said of its body, with its own lexicon.

    Raises PaperError for a file that cannot be read.
    """
    entries = _show_lexicon() if with_lexicons else {}
    lexicon = compile_lexicon(show=entries)
    if not files:
        yield tell("-", stdin.read().decode("utf-8", "replace"), lexicon)
    for path in files:
        text = read_pasted(path, PaperError, limit_bytes=LIMIT_BYTES)
        if path.suffix == ".md" and text.startswith("---\n"):
            yield from _told_paper(_shown(path), text, entries, with_own=with_lexicons)
        else:
            yield tell(_shown(path), text, lexicon)


def _show_lexicon() -> dict[str, Entry]:
    """How the show here says its words; nothing if there is no show."""
    path = Path("voices", "lexicon.yaml")
    return entries_of(load(path, LexiconFile)) if path.is_file() else {}


def _speakers() -> tuple[str, ...]:
    """Who speaks in the show here; nobody by name if there is no show."""
    return load_show(Path()).speakers if Path("show.yaml").is_file() else ()


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise PaperError(f"cannot be read: {error.strerror}", where=_shown(path)) from error


def _told_paper(name: str, text: str, entries: dict[str, Entry], *, with_own: bool) -> Iterator[Told]:
    facts, body, _ = read_front_matter(text, name)
    lexicon = compile_lexicon(paper=entries_of(facts.lexicon) if with_own else {}, show=entries)
    title_line = next((n for n, line in enumerate(text.split("\n"), 1) if line.startswith("title")), 1)
    yield tell(name, f"{facts.title}\n", lexicon, title_line)
    speakers, below = _speakers(), len(text) - len(body)
    for start, stretch in said_stretches(body):
        yield tell(name, stretch, lexicon, text.count("\n", 0, below + start) + 1, speakers)


def _shown(path: Path) -> str:
    """A path as short as it can be from here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
