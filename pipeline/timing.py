"""When everything of an episode is heard: lines, clips and their places in; its transcript out.

Nothing is listened to: what was written is known token by token, and so is when each line begins. A
sentence that is too long for a caption is cut between words; the time of a cut is that of the word,
where the engine tells when words begin, and otherwise as far into the line as the word is into its
spoken text.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from msgspec.structs import replace

from .model import Clip, Heard, Line, Master, Sentence, Token
from .script import list_mark, pieces, readable
from .synthesis.voices import Voice
from .synthesis.wording import wording
from .transcript import Chapter, Cue, Link, Passage, Transcript

__all__ = ["CUE_CHARACTERS", "transcribe"]

CUE_CHARACTERS = 64
"""Two lines of 32 are what a caption in SRT should have at most, one line of 65 what one in WebVTT."""
SHORTEST_CHAPTER_MS = 1000
"""Players take chapters that are nearer to each other for one."""
SHORTEST_CUE_MS = 200
"""What is on a screen for less is not seen."""
CLAUSE_BONUS = 20
"""A cut behind a clause is worth so many characters of evenness."""


def transcribe(
    spoken: Sequence[tuple[Line, Voice]], clips: tuple[Clip, ...], master: Master, host: str
) -> Transcript:
    """What is heard when. host: who says the lines that are nobody else's."""
    duration_ms = master.samples * 1000 // master.rate_hz
    passages: list[Passage] = []
    titles: list[tuple[str, int]] = []
    indents: list[int] = []
    for (line, voice), clip, heard in zip(spoken, clips, master.heard, strict=True):
        cues = _cues(line.sentence, voice.takes_phonemes, clip, heard, master.rate_hz)
        if line.begins_block or not passages:
            indents = _indents(line, indents)
            passages.append(_passage(line, host, cues, len(indents)))
        else:
            passages[-1] = replace(passages[-1], cues=passages[-1].cues + cues)
        if line.chapter:
            titles.append((line.chapter, cues[0].start_ms))
    chapters = _chapters(titles, duration_ms)
    return Transcript(duration_ms=duration_ms, chapters=chapters, passages=tuple(passages))


def _passage(line: Line, host: str, cues: tuple[Cue, ...], depth: int) -> Passage:
    """What begins with a line. depth: of lists, with the one that it is an item of."""
    marks = [list_mark(token) for token in line.sentence.tokens if token.cls == "bullet"]
    return Passage(
        kind=line.kind,
        speaker=line.speaker or host,
        cues=cues,
        mark=(marks or ["-"])[0] if line.kind == "bullet" else "",
        level=max(0, depth - 1),
        code=readable(line.sentence.tokens).strip("\n").rstrip() if line.kind == "code" else "",
    )


def _indents(line: Line, before: list[int]) -> list[int]:
    """How far the lists that a line is in are indented, the outermost first; none if it is no item."""
    if line.kind != "bullet":
        return []
    written = line.sentence.written.lstrip("\r\n")
    indent = len(written) - len(written.lstrip())
    return [*(outer for outer in before if outer < indent), indent]


def _chapters(titles: list[tuple[str, int]], duration_ms: int) -> tuple[Chapter, ...]:
    """Chapters without gaps; the first begins with the episode, and one that is too short is joined."""
    begun: list[tuple[str, int]] = []
    for title, start_ms in titles:
        if not begun or start_ms - begun[-1][1] >= SHORTEST_CHAPTER_MS:
            begun.append((title, start_ms if begun else 0))
    ends = [*(start_ms for _, start_ms in begun[1:]), duration_ms]
    return tuple(
        Chapter(title=title, start_ms=start_ms, end_ms=end_ms)
        for (title, start_ms), end_ms in zip(begun, ends, strict=False)  # no title, no chapter
    )


def _cues(sentence: Sentence, phonetic: bool, clip: Clip, heard: Heard, rate_hz: int) -> tuple[Cue, ...]:
    """One caption, or several if the sentence is long."""
    least = SHORTEST_CUE_MS * rate_hz // 1000
    firsts, starts = [0], [heard.start_samples]
    for first in accumulate(map(len, list(_cut(sentence.tokens))[:-1])):
        into = _into(sentence, first, phonetic, clip, heard, rate_hz)
        start = min(heard.start_samples + into, heard.end_samples)
        if start - starts[-1] >= least <= heard.end_samples - start:
            firsts.append(first)  # else what is written there is hardly said: it stays with its neighbour
            starts.append(start)
    spans = zip(pairwise([*firsts, None]), pairwise([*starts, heard.end_samples]), strict=True)
    return tuple(
        _cue(sentence, sentence.tokens[first:last], start * 1000 // rate_hz, end * 1000 // rate_hz)
        for (first, last), (start, end) in spans
    )


def _cue(sentence: Sentence, tokens: tuple[Token, ...], start_ms: int, end_ms: int) -> Cue:
    """What is shown for some tokens of a sentence; its words, if they are all that there is to see."""
    text, links = "", []
    for piece in pieces(_visible(tokens)):
        blank = " " * (piece.text[:1].isspace() and text[-1:] not in ("", " "))
        flat = " ".join(piece.text.split())
        start = len(text) + len(blank)
        text += f"{blank}{flat}{' ' * (flat != '' and piece.text[-1:].isspace())}"
        if piece.url and flat:
            links.append(Link(start=start, end=start + len(flat), url=piece.url))
    return Cue(start_ms=start_ms, end_ms=end_ms, text=text.rstrip() or sentence.spoken, links=tuple(links))


def _cut(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """Pieces that are short enough, if there are blanks to cut at; evenly, and rather behind a clause."""
    written = [_shown([token]) for token in tokens]
    ends = list(accumulate(map(len, written)))
    blanks = [n for n in range(1, len(tokens)) if written[n - 1].isspace() and "".join(written[n:]).strip()]
    if len(" ".join("".join(written).split())) <= CUE_CHARACTERS or not blanks:
        yield tokens
        return

    def unevenness(n: int) -> int:
        behind_clause = n > 1 and tokens[n - 2].cls == "mark"
        return abs(ends[-1] - 2 * ends[n - 1]) - CLAUSE_BONUS * behind_clause

    middle = min(blanks, key=unevenness)
    yield from _cut(tokens[:middle])
    yield from _cut(tokens[middle:])


def _shown(tokens: Sequence[Token]) -> str:
    """What a caption shows of them."""
    return readable(_visible(tokens))


def _visible(tokens: Sequence[Token]) -> Iterator[Token]:
    """Without marks of lists and speakers, which are known by other means."""
    return (token for token in tokens if token.cls not in {"bullet", "speaker"})


def _into(sentence: Sentence, first: int, phonetic: bool, clip: Clip, heard: Heard, rate_hz: int) -> int:
    """How many samples into a line its token number `first` begins, at the episode's rate."""
    before, _ = wording(Sentence(tokens=sentence.tokens[:first]), takes_phonemes=phonetic)
    for word in clip.words:
        if word.start >= len(before):
            return (word.at_samples - heard.trimmed_samples) * rate_hz // clip.rate_hz
    text, _ = wording(sentence, takes_phonemes=phonetic)
    return (heard.end_samples - heard.start_samples) * len(before) // max(1, len(text))
