"""Rules for what listeners will hear of one paper: how it will be said, before anybody says it.

In: a paper's sentences, each with its tokens and its place. Out: findings of SAID1xx, and of what a paper
wants said that is not. Every rule looks at a token or a sentence once. They are made to be few and right:
what may be meant so is left alone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from ..errors import nearest, quoted
from ..findings import Finding
from ..labels import HEADWORD
from ..model import Block, Line, Token
from ..script.spoken.explain import UNSURE, Told, find_unsure, lexicon_line
from ..show import Show
from ..synthesis.expected import expected_s
from ..textfile import printable
from .page import Page, Said
from .rules import found

__all__ = ["RULES_OF_SPEECH", "Speech"]

_CHANGED = re.compile(
    r"(improv|increas|decreas|reduc|ris|grow|drop|declin|gain|shrink|exceed|outperform|lower|rais|boost|climb)"
    r"(e|es|ed|s|en|ing)?|rose|grew|fell|falls?|shrank|better|worse|cut|cuts|beats?",
    re.IGNORECASE,
)
"""After one of these, "by" and a bare number leave a listener without what it is a number of."""
_GOES_ON = frozenset(
    "over on in compared when with while than from but at against across as after relative".split()
)
"""Words that cannot be what is counted."""
_SLOWEST = 5
"""Characters a second: nobody speaks so slowly, so shorter sentences need no closer look."""
_STOPS = frozenset(".,;:!?)…—–")
_BY_NUMBER = re.compile(r"\bby\s+\d", re.IGNORECASE)
_REACH = 6
"""Tokens between the change and its number, as in "improved the results of both by 3.5"."""
_DOUBLED = frozenset("a an and are as at be by for from of or our the their this to was we with your".split())
"""Words that nobody repeats on purpose, as in "very, very small" or "all that it is is this"."""
_LATIN = ("LATIN", "FEMININE ORDINAL", "MASCULINE ORDINAL", "MODIFIER LETTER")
_LABEL = re.compile(r"\s*(?:\*\*|__)?([^\W\d_][\w'’.-]*(?: [\w'’.-]+)?)(?:\*\*|__)?:(?:\*\*|__)?\s+\S")
"""What a paragraph of a dialogue begins with."""
_NEARLY = 0.75
_LEFT = re.compile(r"TODO|TBD|FIXME|XXXX+|[Ll]orem")
_DEFINED = re.compile(r"\(([A-Z]{2,6})s?\)")
_SHORT = re.compile(r"(?<![\w-])([A-Z]{2,6})s?(?![\w-])")
_LONG_FORM = 120
"""Characters before an abbreviation in which its long form stands."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A paper as it will be heard."""

    page: Page
    lines: tuple[Line, ...]
    """All that the episode says, templates and credits included."""
    said: tuple[Said, ...]
    """What it says of the paper."""
    text: str
    """The lines, as they are written."""
    show: Show


def _words_never_heard(speech: Speech) -> Iterator[Finding]:
    told = (
        Told(str(number), 0, (Block(kind=said.line.kind, sentences=(said.line.sentence,)),))
        for number, said in enumerate(speech.said)
        if any(token.confidence < UNSURE for token in said.line.sentence.tokens)
    )
    for unsure in find_unsure(told):
        entry = lexicon_line(unsure)
        first = speech.said[int(unsure.where[0].split(":")[0])]
        place = next(place for place, token in first.tokens() if _is_guess(token, unsure.written))
        what = f"{quoted(unsure.written)} would be said {quoted(unsure.spoken)}"
        remedy = f"voices/lexicon.yaml, right or mended: {entry}" if entry else "write it as it is said"
        yield found("SAID101", speech.page.at(place), what, remedy)


def _is_guess(token: Token, written: str) -> bool:
    return token.confidence < UNSURE and written in printable(" ".join(token.written.split()))


def _long_formulas(speech: Speech) -> Iterator[Finding]:
    for said in speech.said:
        for place, token in said.tokens():
            words = len(token.spoken.split())
            if token.cls == "math" and words > speech.show.limits.formula_words:
                what = f"{quoted(token.written)} is {words} words long when it is said"
                yield found("SAID102", speech.page.at(place), what)


def _long_sentences(speech: Speech) -> Iterator[Finding]:
    limit_s = speech.show.limits.breath_seconds
    for said in speech.said:
        spoken = said.line.sentence.spoken
        if len(spoken) > _SLOWEST * limit_s and (lasts_s := sum(expected_s(spoken)) / 2) > limit_s:
            what = f"a sentence of about {lasts_s:.0f} seconds: {quoted(spoken)}"
            yield found("SAID103", _beginning(speech, said), what)


def _beginning(speech: Speech, said: Said) -> str:
    """Where the first word of a sentence is."""
    spoken = (place for place, token in said.tokens() if token.spoken.strip())
    return speech.page.at(next(spoken, said.start))


def _numbers_of_nothing(speech: Speech) -> Iterator[Finding]:
    for said in speech.said:
        if not _BY_NUMBER.search(said.line.sentence.written):
            continue
        tokens = [(place, token) for place, token in said.tokens() if token.spoken.strip()]
        for n, (place, token) in enumerate(tokens):
            if token.rule == "cardinal" and n >= 2 and tokens[n - 1][1].written.lower() == "by":
                before = [each.written for _, each in tokens[max(0, n - 1 - _REACH) : n - 1]]
                if any(map(_CHANGED.fullmatch, before)) and _ends(tokens[n + 1 : n + 2]):
                    yield found("SAID104", speech.page.at(place), f"changed by {token.written}, but of what?")


def _ends(following: list[tuple[int, Token]]) -> bool:
    """Whether nothing that can be counted follows."""
    if not following:
        return True
    word = following[0][1].written.strip().lower()
    return word in _GOES_ON or word[:1] in _STOPS


def _explained_too_late(speech: Speech) -> Iterator[Finding]:
    """Long Forms (LF) whose initials are the abbreviation, where LF stood before without its long form."""
    prose, page = "".join(_prose(speech.page)), speech.page
    first: dict[str, int] = {}
    for used in _SHORT.finditer(prose):
        first.setdefault(used[1], used.start())
    for defined in _DEFINED.finditer(prose):
        used_at = first.pop(defined[1], defined.start(1))
        late = used_at < defined.start(1) and _explained(prose, defined.start(), defined[1])
        if late and not _explained(prose, used_at, defined[1]):
            line = page.at(page.body + defined.start()).split(":")[-2]
            what = f"{defined[1]} is said here, and explained in line {line}"
            yield found("SAID105", page.at(page.body + used_at), what)


def _explained(prose: str, place: int, short: str) -> bool:
    """Whether the words before a place have the initials of the abbreviation."""
    words = re.findall(r"[^\W_]+", prose[max(0, place - _LONG_FORM) : place])[-len(short) :]
    return "".join(word[0] for word in words).upper() == short


def _prose(page: Page) -> Iterator[str]:
    """The text with blanks in place of its quotations, which explain things to other readers."""
    for line in page.text[page.body :].splitlines(keepends=True):
        yield " " * (len(line) - 1) + line[-1:] if line.startswith(">") else line


def _tables(speech: Speech) -> Iterator[Finding]:
    """The first row of every table."""
    was_row = False
    for said in speech.said:
        cells = [place for place, token in said.tokens() if token.rule == "table"]
        if cells and not was_row:
            yield found("SAID106", speech.page.at(cells[0]), "a table")
        was_row = bool(cells)


def _doubled_words(speech: Speech) -> Iterator[Finding]:
    for said in speech.said:
        words = [(place, token) for place, token in said.tokens() if not token.written.isspace()]
        for (_, before), (place, token) in pairwise(words):
            is_again = token.written in _DOUBLED and token.written == before.written.lower()
            if is_again and before.written != "A":  # which may be a grade, or a vitamin
                yield found("SAID107", speech.page.at(place), f"{quoted(token.written)} is there twice")


def _left_to_be_written(speech: Speech) -> Iterator[Finding]:
    for said in speech.said:
        for place, token in said.tokens():
            if token.cls in ("word", "name") and _LEFT.fullmatch(token.written):
                yield found("SAID108", speech.page.at(place), f"{quoted(token.written)} would be read aloud")


def _letters_nobody_says(speech: Speech) -> Iterator[Finding]:
    """Names of authors, and words of the text, that are left in another script: each once."""
    tokens = (token for line in speech.lines for token in line.sentence.tokens)
    silent = {token.written for token in tokens if _is_strange(token.spoken)}
    page = speech.page
    for author in page.paper.authors:
        if any(word in author for word in silent):
            yield _silent(page.at_key("authors", author), author)
    for said in speech.said:
        for place, token in said.tokens():
            if token.written in silent:
                silent.remove(token.written)
                yield _silent(page.at(place), token.written)


def _silent(place: str, written: str) -> Finding:
    remedy = f"voices/lexicon.yaml, with its sound in Latin letters: {printable(written)}: …"
    return found("SAID109", place, f"{quoted(written)} is not said", remedy)


def _is_strange(text: str) -> bool:
    """Whether some of its letters are not Latin."""
    return not text.isascii() and any(
        char.isalpha() and not unicodedata.name(char, "").startswith(_LATIN) for char in text
    )


def _names_of_nobody(speech: Speech) -> Iterator[Finding]:
    """Paragraphs that begin as if somebody spoke: nearly so called, or where others take turns."""
    names = speech.show.speakers
    is_talk = any(map(_is_labelled, speech.said))
    for said in speech.said:
        line = said.line
        label = _LABEL.match(line.sentence.written)
        if label is None or _is_labelled(said) or line.kind != "paragraph" or not line.begins_block:
            continue
        is_called = is_talk and not HEADWORD.fullmatch(label[1])
        if is_called or get_close_matches(label[1], names, cutoff=_NEARLY):
            place = speech.page.at(said.start + label.start(1))
            yield found("PAPR125", place, f"nobody is called {quoted(label[1])}", nearest(label[1], names))


def _is_labelled(said: Said) -> bool:
    """Whether it begins with the name of who says it."""
    return any(token.cls == "speaker" for token in said.line.sentence.tokens[:1])


def _idle_entries(speech: Speech) -> Iterator[Finding]:
    """Entries for words that nobody says, be it in the credits."""
    page, said = speech.page, _plain(speech.text)
    for written in page.paper.lexicon:
        if _plain(written) not in said:
            yield found("LEXI102", page.at_key("lexicon", written), f"nothing is written {quoted(written)}")


def _missing_soundbite(speech: Speech) -> Iterator[Finding]:
    page, words = speech.page, speech.page.paper.soundbite
    if words and _plain(words) not in _plain(speech.text):
        yield found("PAPR124", page.at_key("soundbite"), f"nobody says {quoted(words)}")


def _plain(text: str) -> str:
    """A text for comparing: without capitals, and blanks and apostrophes of one kind."""
    return " ".join(text.casefold().replace("’", "'").split())


RULES_OF_SPEECH: tuple[Callable[[Speech], Iterator[Finding]], ...] = (
    _words_never_heard,
    _long_formulas,
    _long_sentences,
    _numbers_of_nothing,
    _explained_too_late,
    _tables,
    _doubled_words,
    _left_to_be_written,
    _letters_nobody_says,
    _names_of_nobody,
    _idle_entries,
    _missing_soundbite,
)
