"""What a paper, a show and the package know about how single words are said.

In: layers of entries, written → Entry, and a place in a text. Out: the Reading of the longest entry
that begins there, with its plural and possessive forms derived. Entries go before all rules but
those for what must stay whole, and the first layer that has an entry wins.

Every word of every text is asked for, so an index by the entries' first words answers nearly all
questions with one look-up; entries are turned into readings when they are first met.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from ...entries import Entry
from .acronyms import spell
from .numerals import cardinal
from .rules import Reading, joined

__all__ = ["Lexicon", "compile_lexicon"]

BUILT_IN = "built-in"
"""The name of the package's own layer."""

_DATA = Path(__file__).with_name("data") / "lexicon.tsv"
"""Written, say, sound and IPA of names that research texts use, a line each."""

_FIRST = re.compile(r"[^\W\d_]{1,40}+")
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_GAP = re.compile(r"[ \t\xa0]{1,3}\n?|\n[ \t]{0,3}")
"""Between the words of an entry, which a line may end."""
_EDGE = r"(?![^\W_]|[-‐‑.'’/:_&@][^\W_]|[+#^\\@])"
"""An entry ends here: no letter or digit follows, nor a sign that joins one."""
_ENDING = re.compile(rf"(?:['’]s|s(?:['’](?=\s\w))?)?{_EDGE}")
_HISSING = ("s", "x", "z", "ch", "sh")
_HISSED_PHONES = ("s", "z", "ʃ", "ʒ", "ɕ", "ʑ")
_VOICELESS_PHONES = ("p", "t", "k", "f", "θ")

_Row = tuple[str, Entry, str]
"""Written, entry, and the name of its layer."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A written form that may stand at a place whose first word is known."""

    words: tuple[str, ...]
    row: _Row

    def end(self, text: str, start: int) -> int | None:
        """Where the form ends that begins at `start`, without any ending; None if it does not stand there."""
        for number, word in enumerate(self.words):
            if number:
                gap = _GAP.match(text, start)
                if gap is None:
                    return None
                start = gap.end()
            if not text.startswith(word, start):
                return None
            start += len(word)
        return start


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Entries of several layers, ready to be asked; see `compile_lexicon`."""

    _by_first: dict[str, tuple[_Candidate, ...]]

    def at(self, text: str, start: int, first_word: str) -> tuple[int, Reading] | None:
        """The end and the reading of the longest entry that begins at `start`; None if none does.

        first_word: the letters that stand there or, where there are none, the one character.
        """
        candidates = self._by_first.get(first_word)
        if candidates is None or (start and text[start - 1].isalnum()):
            return None
        for candidate in candidates:
            end = candidate.end(text, start)
            ending = _ENDING.match(text, end) if end is not None else None
            if ending is not None:
                reading = _reading(candidate.row, ending[0].replace("’", "'"))
                return ending.end(), _as_stands(reading, candidate.row, text[start : ending.end()])
        return None

    def part(self, word: str) -> Reading | None:
        """The reading of one word, such as a part of a name; None if no entry is all of it."""
        found = self.at(word, 0, _first_of(word)) if word else None
        return found[1] if found and found[0] == len(word) else None

    def composed(self, written: str) -> Reading | None:
        """The reading of words joined by hyphens of which an entry says any; else None."""
        words = re.split("[-‐‑]", written)
        readings = [self.part(word) for word in words]
        known = [reading for reading in readings if reading]
        if not known:
            return None
        parts = (reading or Reading(word) for reading, word in zip(readings, words, strict=True))
        return joined(parts, rule=known[0].rule)


def compile_lexicon(*, built_in: bool = True, **layers: Mapping[str, Entry]) -> Lexicon:
    """A lexicon of named layers, such as `paper` and `show`; the first that has an entry wins.

    The package's own entries come last; `built_in` says whether at all.
    """
    rows = [(written, entry, name) for name, layer in layers.items() for written, entry in layer.items()]
    index = dict(_built_in()) if built_in else {}
    for first, candidates in _index(rows).items():
        index[first] = _sorted((*candidates, *index.get(first, ())))
    return Lexicon(index)


@cache
def _built_in() -> dict[str, tuple[_Candidate, ...]]:
    return _index(_read_built_in())


def _read_built_in() -> Iterable[_Row]:
    if not _DATA.exists():
        return
    for line in _DATA.read_text(encoding="utf-8").splitlines()[1:]:
        written, say, sound, ipa = line.split("\t")
        yield written, Entry(say=say, sound=sound, ipa=ipa), BUILT_IN


def _index(rows: Iterable[_Row]) -> dict[str, tuple[_Candidate, ...]]:
    """Candidates by the first word that a text would have there, the longest first."""
    index: dict[str, list[_Candidate]] = {}
    for row in rows:
        for words in _forms(row[0]):
            candidate = _Candidate(words, row)
            for first in _firsts(words):
                index.setdefault(first, []).append(candidate)
    return {first: _sorted(candidates) for first, candidates in index.items()}


def _sorted(candidates: Iterable[_Candidate]) -> tuple[_Candidate, ...]:
    """The longest first; of equals, the first stays first."""
    return tuple(sorted(candidates, key=lambda candidate: -len(candidate.row[0])))


def _forms(written: str) -> Iterable[tuple[str, ...]]:
    """An entry's words; one in small letters may also begin a sentence."""
    yield tuple(written.split())
    if written.islower():
        yield tuple((written[0].upper() + written[1:]).split())


def _firsts(words: tuple[str, ...]) -> Iterable[str]:
    """What a text's first word is where these words stand, also if it is in the plural."""
    first = _first_of(words[0])
    return (first, f"{first}s") if words == (first,) else (first,)


def _first_of(text: str) -> str:
    letters = _FIRST.match(text)
    return letters[0] if letters else text[0]


@lru_cache(maxsize=4096)
def _reading(row: _Row, ending: str) -> Reading:
    """What an entry says, with the ending that its written form has."""
    written, entry, layer = row
    rule = f"lexicon: {layer}"
    if entry.say == "letters" and not entry.sound and written.isalpha():
        return replace(spell(written, ending), rule=rule, ipa=_ended_phones(entry.ipa, ending))
    plain = _plain(written, entry)
    return Reading(
        spoken=_ended(plain, ending).spoken,
        rule=rule,
        sound=_ended(entry.sound, ending).spoken if entry.sound else _ended(plain, ending).sound,
        ipa=_ended_phones(entry.ipa, ending),
    )


def _as_stands(reading: Reading, row: _Row, written: str) -> Reading:
    """The reading with the capital that begins a sentence; what is said as written, as it is written."""
    if row[1].say == "" and row[0].isalpha():
        return replace(reading, spoken=written.replace("’", "'"))
    if written[0].isupper() and row[0].islower():
        return replace(reading, spoken=reading.spoken[:1].upper() + reading.spoken[1:])
    return reading


def _plain(written: str, entry: Entry) -> str:
    """The words of an entry; numbers in what is said as written are read, signs are not."""
    if entry.say not in ("", "letters", "word"):
        return entry.say
    if entry.say == "" and written.replace(" ", "").isalpha():
        return written
    readable = "".join(char if char.isalpha() or char.isdecimal() else " " for char in written)
    return " ".join(_said_part(part, entry.say) for part in _PARTS.findall(readable))


def _said_part(part: str, how: str) -> str:
    if part.isdecimal():
        return cardinal(part)
    if how == "letters":
        return " ".join(part)
    return part.capitalize() if how == "word" else part


def _ended(words: str, ending: str) -> Reading:
    """Words with an ending: "lightens", "lighten's"; single letters take it as initialisms do."""
    last = words.rpartition(" ")[2]
    if not ending:
        return Reading(words)
    if len(last) == 1 and last.isupper():
        before, spelled = words[:-1], spell(last, ending)
        return Reading(before + spelled.spoken, sound=spelled.sound and before + spelled.sound)
    if ending == "'s":
        return Reading(f"{words}'s")
    return Reading(f"{words}es" if last.endswith(_HISSING) else f"{words}s")


def _ended_phones(ipa: str, ending: str) -> str:
    """Phonemes with the sound that a plural or possessive has after them."""
    if not (ending and ipa):
        return ipa
    plain = ipa.rstrip("/ ")
    if plain.endswith(_HISSED_PHONES):
        return f"{plain}ɪz"
    return plain + ("s" if plain.endswith(_VOICELESS_PHONES) else "z")
