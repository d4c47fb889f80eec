"""A page of show notes, copied from a podcast site, to paper files.

In: the page as text, such as a browser's "select all" gives it. Out: one `Note` for each dated
episode, in the page's order, and from that one Markdown file each for papers/.

Copying loses marks, so repairs go by shape, never by a list of known texts:

    Thursday Oct 23, 2025             a date alone on a line begins an episode; repeats are dropped,
    Robotics - Learning to Grasp      a line between two equal dates gives category and title,
    Thursday Oct 23, 2025             and all before the first date is the page's own, here and
                                      where it comes again, as in two pages in one text,
    … It helps:                       lines of one shape after such an opening become a list
    Engineers: They save time.
    "A whole line in quotes."         becomes a quotation
    … keep exploring!Credit to Paper authors: A, B      ends with the sentence; A and B are kept

Nothing else changes: a body is the notes' own words, with the host's greeting and farewell, so its
file names a running order that adds neither. The text is not trusted: characters that cannot be
seen are dropped, and everything in the front matter stands in double quotes. Time is linear.
"""

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

from msgspec import Struct, structs

from ..errors import PaperError
from ..files import os_errors_said, replace_file

__all__ = ["Note", "split_notes", "write_papers"]

NO_CATEGORY = "Research"
"""The category where the notes give none: true of every paper."""

TEMPLATE = "notes.j2"
"""The running order for a text that holds its own greeting and farewell."""

SLUG_LENGTH = 64
"""Characters of a slug before a hash: long enough to tell papers apart, short enough for any disk."""

_SLUG = re.compile("[a-z0-9][a-z0-9._-]*")

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_YEAR, _MONTH = r"(?P<year>[0-9]{4})", r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_DATES = tuple(
    re.compile(_WEEKDAY + form, re.IGNORECASE)
    for form in (
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",  # October 23, 2025
        rf"{_DAY}\s+{_MONTH},?\s+{_YEAR}",  # 23 Oct 2025
        rf"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})",
    )
)
_DATE_LENGTH = 40  # "Wednesday, September 23rd, 2025" has 31

_TITLE_LENGTH = 300  # longer lines between two dates are a body of one paragraph
_CATEGORY = re.compile(r"(?P<category>[^\W\d_][^\d_:;!?]{0,60}?)\s+[-–—]\s+(?P<title>\S.*)")
_CATEGORY_WORDS = 6  # arXiv's longest field names have five words

_CREDIT = re.compile(r"credits? to (?:the )?paper(?:['’]s)? authors?:", re.IGNORECASE)
_BETWEEN_AUTHORS = re.compile(r"[,;&]|\sand\s")

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # controls, but those that end a line
    "\ud800-\udfff\ufffe\uffff"  # not characters
    "\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # no width; turning the writing around
)
_LINE_ENDS = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")

_QUOTATION = re.compile(r'"[^"“”]+"\Z|“[^"“”]+”\Z')

# The shapes of a list, as patterns for whole lines.
_ANY = re.compile("")
_COLON = re.compile(r".*:\Z")
_COLON_OR_ASKING = re.compile(r".*:\Z|.{0,80}\?\Z")  # "It helps:" or "Why does this matter?"
_MARK = re.compile(r"(?:[-*+]\s+|[•‣◦▪●∙·]\s*)(?=\S)")
_FOR = re.compile(r"For (?!example\b|instance\b|now\b)[^.:;?!]{1,120}?[,:(]\s*\S")  # "For developers: …"
_FIRST = re.compile(r"first(?:ly)?,\s", re.IGNORECASE)
_THEN = re.compile(r"(?:second|third|fourth|fifth|then|next|after that|final|last)(?:ly)?,\s", re.IGNORECASE)
_HEAD = re.compile(  # at most eight words, and no clause as in "But here's the catch: …"
    r"(?!(?i:and|but|here|imagine|it|now|or|picture|remember|so|that|think|this|well|yet)\b)"
    r"[^\W_a-z][^\s.:;?!]*(?:\s[^\s.:;?!]+){0,7}:\s+\S"  # "Data Scientists: They …"
)
_QUESTION = re.compile(r".*\?\Z")
_SHORT_SENTENCE = re.compile(r".{1,120}[.!]\Z")
_SHORT_PHRASE = re.compile(r'[^"“].{0,118}[^.:?!]\Z')

_LISTS = (
    (_ANY, _MARK, _MARK, 1),
    (_ANY, _FOR, _FOR, 2),
    (_ANY, _FIRST, _THEN, 2),
    (_COLON_OR_ASKING, _HEAD, _HEAD, 2),
    (_COLON, _QUESTION, _QUESTION, 2),
    (_COLON, _SHORT_SENTENCE, _SHORT_SENTENCE, 2),
    (_COLON, _SHORT_PHRASE, _SHORT_PHRASE, 2),
)
"""Surest first: the line before the list, its first item, its other items, and how many at least."""


class Note(Struct, frozen=True, kw_only=True):
    """One episode of the page."""

    slug: str
    """Stem of the file to write: the date, then title or first authors; a-z, 0-9 and "-" only."""
    title: str | None
    """The paper's title, None where the notes give none."""
    category: str
    """The paper's field, "Research" where the notes give none."""
    date: dt.date
    """The episode's day."""
    authors: tuple[str, ...]
    """The paper's authors, as credited."""
    body: str
    """Markdown: blocks with an empty line between them."""

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.slug):
            raise ValueError(f"not a file's stem: {self.slug!r}")


class _Draft(Struct):
    """An episode while its lines are being read."""

    date: dt.date
    title: str = ""
    dates: int = 1
    lines: list[str] = []


def split_notes(text: str) -> tuple[Note, ...]:
    """The dated episodes of a page of show notes, in the page's order.

    text: anything; a page without a date line has no episodes. Episodes without a body are left
    out, and so is one that says the same as an earlier one. Slugs are unique. Never raises.
    """
    notes = tuple(_note(draft) for draft in _drafts(_lines(text)))
    return _with_unique_slugs(tuple(dict.fromkeys(note for note in notes if note.body)))


def write_papers(notes: tuple[Note, ...], folder: Path) -> tuple[Path, ...]:
    """Write one paper file for each note into folder, and return their paths in the same order.

    A file that already holds the same text is left alone. Raises PaperError before anything is
    written if one holds another text, StoreError if the folder cannot be written.
    """
    papers = tuple((folder / f"{note.slug}.md", _paper(note).encode()) for note in notes)
    with os_errors_said("cannot be written to", folder):
        missing = [(path, data) for path, data in papers if not _is_there(path, data)]
        for path, data in missing:
            if not _is_there(path, data):  # two of the notes may share a name
                replace_file(path, data)
    return tuple(path for path, _ in papers)


# ---- the page ----


def _lines(text: str) -> list[str]:
    """The lines that show something, without white space around them."""
    lines = (line.strip() for line in _LINE_ENDS.split(_INVISIBLE.sub("", text)))
    return [line for line in lines if line]


def _drafts(lines: list[str]) -> list[_Draft]:
    drafts, furniture = list[_Draft](), set[str]()
    for line in lines:
        date = _date(line)
        if date and not (drafts and _joins_head(drafts[-1], date)):
            drafts.append(_Draft(date))
        elif not date and not drafts:
            furniture.add(line)
        elif not date and line not in furniture:
            drafts[-1].lines.append(line)
    return drafts


def _date(line: str) -> dt.date | None:
    if len(line) > _DATE_LENGTH:
        return None
    found = next((match for form in _DATES if (match := form.fullmatch(line))), None)
    if found is None:
        return None
    try:
        return dt.date(int(found["year"]), _month(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _month(written: str) -> int:
    """1 to 12, for "10", "October", "Oct" or "Sept". Raises ValueError for other words."""
    if written.isdigit():
        return int(written)
    return [name.startswith(written.capitalize()) for name in _MONTHS].index(True) + 1


def _joins_head(draft: _Draft, date: dt.date) -> bool:
    """Let a date line join the head of the episode being read; False where it begins another."""
    if date != draft.date:
        return False
    if draft.lines and draft.dates == 1 and _may_be_title(draft.lines):
        draft.title = draft.lines.pop()
    draft.dates += 1
    return not draft.lines


def _may_be_title(lines: list[str]) -> bool:
    line = lines[0]
    return len(lines) == 1 and len(line) <= _TITLE_LENGTH and line[-1] != "." and not _CREDIT.search(line)


# ---- one episode ----


def _note(draft: _Draft) -> Note:
    category, title = _category_and_title(draft.title)
    lines, authors = _without_credit(draft.lines)
    name = title or " ".join(authors[:2])
    return Note(
        slug=_slug(draft.date, name),
        title=title or None,
        category=category,
        date=draft.date,
        authors=authors,
        body="\n\n".join(_blocks(lines)),
    )


def _category_and_title(heading: str) -> tuple[str, str]:
    """The parts of "Robotics - Learning to Grasp"; a heading of one part is a title."""
    match = _CATEGORY.fullmatch(heading)
    if match and len(match["category"].split()) <= _CATEGORY_WORDS:
        return match["category"], match["title"]
    return NO_CATEGORY, heading


def _without_credit(lines: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The lines without "Credit to Paper authors: …", glued to a sentence or not, and the authors."""
    kept, authors = [], dict[str, None]()
    for line in lines:
        credit = _CREDIT.search(line)
        if credit is None:
            kept.append(line)
            continue
        authors |= dict.fromkeys(_authors(line[credit.end() :]))
        if before := line[: credit.start()].rstrip():
            kept.append(before)
    return kept, tuple(authors)


def _authors(listed: str) -> list[str]:
    names = [name for part in _BETWEEN_AUTHORS.split(listed) if (name := " ".join(part.split()))]
    if names and re.search(r"\w{3}\.$", names[-1]):  # the end of a sentence, not "Jr."
        names[-1] = names[-1][:-1]
    return names


# ---- lost marks ----


def _blocks(lines: list[str]) -> list[str]:
    """Paragraphs, lists and quotations as Markdown."""
    blocks, at = [], 0
    while at < len(lines):
        items = _items(lines, at)
        if items:
            blocks.append("\n".join(_item(line) for line in lines[at : at + items]))
        else:
            blocks.append(f"> {lines[at]}" if _QUOTATION.match(lines[at]) else lines[at])
        at += items or 1
    return blocks


def _items(lines: list[str], at: int) -> int:
    """How many lines from here on are the items of one list; 0 where none begins."""
    before = lines[at - 1] if at else ""
    for opening, first, other, least in _LISTS:
        if opening.match(before) and first.match(lines[at]):
            end = at + 1
            while end < len(lines) and other.match(lines[end]):
                end += 1
            if end - at >= least:
                return end - at
    return 0


def _item(line: str) -> str:
    return f"- {_MARK.sub('', line, count=1)}"


# ---- names ----


_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Latin letters that Unicode does not take apart."""


def _slug(date: dt.date, name: str) -> str:
    """The date and the name in a-z and 0-9; never a reserved name of Windows, as it begins with a digit."""
    letters = unicodedata.normalize("NFKD", name[:_TITLE_LENGTH].casefold())  # quadratic in marks on a letter
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter) and letter not in "'’")
    plain = plain.translate(_PLAIN)
    words = "-".join(re.findall("[a-z0-9]+", plain))
    short = f"{date}-{words}"[: SLUG_LENGTH + 1]
    slug = short if len(short) <= SLUG_LENGTH else short.rpartition("-")[0]
    is_whole = all(letter.isascii() or not letter.isalnum() for letter in plain)
    return "-".join(filter(None, [slug.strip("-"), "" if is_whole else _digest(name)]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _with_unique_slugs(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """Where notes share a slug, all of them get a digest of the body: their order does not matter."""
    uses = Counter(note.slug for note in notes)
    taken, unique = set[str](), []
    for note in notes:
        slug = note.slug if uses[note.slug] == 1 else f"{note.slug}-{_digest(note.body)}"
        while slug in taken:
            slug = f"{note.slug}-{_digest(slug)}"
        taken.add(slug)
        unique.append(structs.replace(note, slug=slug))
    return tuple(unique)


# ---- files ----


def _paper(note: Note) -> str:
    """The whole paper file."""
    authors = "".join(f"\n  - {_quoted(author)}" for author in note.authors) or " []"
    return (
        f"---\ntitle: {_quoted(note.title or _fallback_title(note))}\nauthors:{authors}\n"
        f"category: {_quoted(note.category)}\ndate: {note.date}\ntemplate: {TEMPLATE}\n---\n\n{note.body}\n"
    )


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar; JSON's are, as long as every character may stand in YAML."""
    return json.dumps(_LINE_ENDS.sub(" ", _INVISIBLE.sub("", text)), ensure_ascii=False)


def _fallback_title(note: Note) -> str:
    """A fact instead of a guess: whose paper it is, or whose day."""
    if not note.authors:
        return f"Episode of {note.date.day} {_MONTHS[note.date.month - 1]} {note.date.year}"
    first, *rest = note.authors
    last = "others" if rest[1:] else "".join(rest)
    return f"Paper by {first} and {last}" if last else f"Paper by {first}"


def _is_there(path: Path, data: bytes) -> bool:
    """Whether the file already holds the text. Raises PaperError if it holds another."""
    if not path.exists():
        return False
    if path.read_bytes().replace(b"\r\n", b"\n") != data:
        hint = "move or delete the file to import it again"
        raise PaperError("another paper of this name is already there", where=str(path), hint=hint)
    return True
