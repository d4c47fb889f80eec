"""One share of a backlog or of a list of jobs: what one of several runs does, with nothing between them.

    2/8    the second of eight shares

Every run works out all shares alike, from what there is to do alone, and does its own. They are about
equally heavy; what comes to none twice, and each thing to one.

Standard library only: the command's arguments are read before anything is installed.
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .errors import SettingsError

__all__ = ["Shard"]

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Shard:
    """Which of how many."""

    number: int
    """1 to `of`."""
    of: int

    @classmethod
    def parsed(cls, text: str) -> "Shard":
        """As written, such as "2/8". Raises SettingsError."""
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text, re.ASCII)
        if found and 1 <= int(found[1]) <= int(found[2]):
            return cls(int(found[1]), int(found[2]))
        raise SettingsError(f"{text!r} is no share", hint="2/8 is the second of eight")

    def share(self, things: Sequence[T], weights: Mapping[T, int]) -> tuple[T, ...]:
        """The things of this share, in the order given: the heaviest are dealt out first.

        weights: how heavy each is, 0 or more.
        """
        loads = [0] * self.of
        mine = set()
        for thing in sorted(things, key=lambda thing: (-weights[thing], str(thing))):
            lightest = loads.index(min(loads))
            loads[lightest] += weights[thing] + 1  # so that things of no weight are dealt out too
            if lightest == self.number - 1:
                mine.add(thing)
        return tuple(thing for thing in things if thing in mine)
