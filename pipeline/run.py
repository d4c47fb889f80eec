"""What a run is asked to do, what becomes known of each paper on the way, and who hears of it.

Options ──> Found ──> Ready ──> Written ──> Foreseen        (batch.py)
              └─────────┴──────────┴────────────┴──> Failure, told to a Watcher
"""

import logging
from pathlib import Path

import msgspec

from .deliver import Finished
from .errors import PaperledgeError
from .model import Blob, Paper, Script, Value
from .shard import Shard

__all__ = [
    "Failure",
    "Foreseen",
    "Found",
    "Options",
    "Ready",
    "Watcher",
    "Written",
    "failure_of",
]

log = logging.getLogger(__name__)


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What one run should do."""

    papers: tuple[str, ...] = ()
    """Paths, globs or slugs; all papers if empty."""
    voice: str | None = None
    """A profile for every paper of this run."""
    draft: bool = False
    """Into output/draft/, which is never published."""
    executor: str | None = None
    """See execute/__init__.py; as show.yaml says, for what makes episodes, if None."""
    shard: Shard | None = None
    """Only this share of the papers."""
    limit: int | None = None
    """Make so many episodes at most, 1 or more; what is up to date does not count."""
    newest: bool = False
    """Those with the latest date first."""
    failed: bool = False
    """Only those that the last run could not make."""
    fail_fast: bool = False
    """End the run at the first failure; what is in flight is ended too."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that could not be made into an episode, and why."""

    paper: str
    errors: tuple[str, ...]
    exit_code: int


class Watcher:
    """Hears how a run goes; any method may be overridden."""

    def planned(self, episodes: int, work: int) -> None:
        """Speaking begins: so many episodes, so much work."""

    def priced(self, microdollars: int) -> None:
        """What speaking will cost about, if a voice has a price and anything is left to speak."""

    def advanced(self, work: int) -> None:
        """Some of that work is done."""

    def finished(self, episode: Finished) -> None:
        """An episode is in output/."""

    def heard(self, voice: str) -> None:
        """A voice has spoken for an audition."""

    def failed(self, failure: Failure) -> None:
        """A paper, or a voice that auditions, was given up."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A paper file."""

    path: Path
    sha256: str
    before: Finished | None = None
    """Its episode, as the ledger knows it from the last run."""
    is_intact: bool = False
    """Whether that episode's files hold what they were left with."""


class Ready(Found, frozen=True, kw_only=True):
    """… that was read."""

    paper: Paper
    inputs: str
    """Digest of all that its episode is made from."""
    cover: Path | None
    """A picture of the paper's own."""


class Written(Ready, frozen=True, kw_only=True):
    """… and whose script was written."""

    script: Script
    picture: Blob | None
    """The paper's own, in the store."""


class Foreseen(Written, frozen=True, kw_only=True):
    """… and of which is known what there is to make, because the store lacks it."""

    lines: dict[str, Value]
    """Key → request of each line to be spoken."""
    joined: bool
    tagged: bool
    placed: bool
    """Whether its files are written, because they would change, are missing or were meddled with."""

    @property
    def is_to_be_made(self) -> bool:
        """Whether anything at all is to be done for it but a note in the ledger."""
        return self.placed or self.joined or self.tagged


def failure_of(name: str, error: Exception) -> Failure:
    """What became of a paper, or of a voice at its audition."""
    if isinstance(error, PaperledgeError):
        errors, code = tuple(str(fault) for fault in (error, *error.others)), error.exit_code
    else:
        log.debug("unexpected", exc_info=error)
        errors, code = (f"unexpected {type(error).__name__}: {error} (-vv shows where)",), 1
    return Failure(paper=name, errors=errors, exit_code=code)
