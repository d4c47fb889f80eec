"""When each word of a line begins: from what an engine hears to words, and whether it can be true.

In: the text, and where in it and in the sound an engine began something. Out: `WordTime`, in order.

Engines have words of their own: "1987" begins three times, "such as" once, a dash not at all. What is
told here is what a reader sees: stretches of the text between blanks, without the punctuation around
them. Of several beginnings in one, the first counts; one without a beginning belongs to the one before.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Sequence

from ..model import WordTime

__all__ = ["fault", "word_times"]

_WORD = re.compile(r"\S+")
_AROUND = " \t\n\r.,;:!?…\"'“”‘’()[]{}–—-*_"
"""What stands before and after words, and is no part of them."""


def word_times(text: str, begun: Iterable[tuple[int, int]]) -> tuple[WordTime, ...]:
    """The words of `text`.

    begun: pairs in the order of the sound, each a character of the text and the sample at which it
    begins; one that leads back in the text is passed over.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    starts = [start for start, _ in words]
    begins: dict[int, int] = {}  # number of a word → its sample
    for position, at_samples in begun:
        number = max(0, bisect(starts, position) - 1)
        if number > max(begins, default=-1):
            begins[number] = at_samples
    numbers = [*begins, len(words)]
    stretches = [
        (words[first][0], words[after - 1][1]) for first, after in zip(begins, numbers[1:], strict=True)
    ]
    return tuple(
        WordTime(start=start, end=end, at_samples=at_samples)
        for (start, end), at_samples in zip(_bare(text, stretches), begins.values(), strict=True)
    )


def _bare(text: str, stretches: Sequence[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """Without the punctuation around them, unless they are nothing else."""
    for start, end in stretches:
        stretch = text[start:end]
        if bare := stretch.strip(_AROUND):
            first = start + stretch.index(bare)
            yield first, first + len(bare)
        else:
            yield start, end


def fault(words: Sequence[WordTime], text: str, samples: int) -> str | None:
    """What is wrong with the word times of a text and a sound of so many samples; None if nothing is."""
    end, at_samples = 0, 0
    for number, word in enumerate(words, start=1):
        which = f"word {number} of its word times"
        if word.start < end or word.at_samples < at_samples:
            return f"{which} is out of order"
        if word.end > len(text):
            return f"{which} lies outside the text"
        if word.at_samples >= samples:
            return f"{which} lies outside the sound"
        end, at_samples = word.end, word.at_samples
    return None
