"""A clip of an episode: the words it begins with in, when they are heard out."""

from bisect import bisect_right
from itertools import accumulate

from ..errors import PublishError
from ..model import Paper
from ..transcript import Cue, Transcript
from .edition import Soundbite

__all__ = ["find_soundbite"]

SHORTEST_MS, USUAL_MS, LONGEST_MS = 15_000, 30_000, 120_000
"""The Podcasting 2.0 namespace recommends 15 to 120 seconds."""


def find_soundbite(paper: Paper, transcript: Transcript) -> Soundbite | None:
    """The clip that a paper asks for: from the phrase that holds its words, half a minute and to a pause.

    Raises PublishError if nobody says the words, or too little follows them.
    """
    if paper.soundbite is None:
        return None
    cues = transcript.cues
    first = _first_with(" ".join(paper.soundbite.split()), cues)
    if first is None:
        hint = "copy the words as they stand in the transcript"
        raise PublishError(f"nobody says the soundbite {paper.soundbite!r}", where=paper.slug, hint=hint)
    start_ms = cues[first].start_ms
    lengths = [cue.end_ms - start_ms for cue in cues[first:]]
    long_enough = (length for length in lengths if length >= min(USUAL_MS, lengths[-1]))
    duration_ms = min(next(long_enough), LONGEST_MS)
    if duration_ms < SHORTEST_MS:
        hint = "let it begin earlier"
        raise PublishError("fewer than 15 seconds follow the soundbite", where=paper.slug, hint=hint)
    return Soundbite(start_ms=start_ms, duration_ms=duration_ms, title=cues[first].text)


def _first_with(words: str, cues: tuple[Cue, ...]) -> int | None:
    """The number of the cue in which these words begin, which may go on in the next ones."""
    texts = [cue.text.casefold() for cue in cues]
    place = " ".join(texts).find(words.casefold())
    begins = [0, *accumulate(len(text) + 1 for text in texts)]
    return bisect_right(begins, place) - 1 if place >= 0 else None
