"""Where the sentences of a block end, judged by what is written.

    text ── stops, list items ──> each judged by the word before it and by what follows ──> offsets

A stop ends a sentence if what follows can begin one, unless the word before it is a label, an
initial or an abbreviation that goes with what follows. Where that cannot be known it ends none: a
voice pauses at a full stop anyhow, but a wrong cut is heard. A stop that lacks its white space
("exploring!Credit to") ends a sentence, one inside a dotted name does not. Colons, semicolons and
line ends do not, except that an endless sentence is cut at semicolons. Each place is looked at
once and from a bounded distance, so the time is linear.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from itertools import pairwise
from string import ascii_lowercase

from .journal_words import JOURNAL_WORDS

__all__ = ["begins_after", "sentence_ends"]

_WITHIN = frozenset(
    """
    a.k.a approx aka c.f ca cf e.g eg esp f.e i.e ie incl n.b p.s s.t v viz vs w.l.o.g w.r.t wrt
    """.split()
)
"""Never end a sentence: what they introduce follows."""
_NUMBERED = frozenset(
    """
    alg algs app appx art bd c ch chap chaps col cor def defs eq eqn eqns eqs ex fig figs fn l lem ll
    lvl n no nos nr n° nº obs p par para pp prop pt ref refs sec secs sect sects ser tab tabs tbl thm
    thms ver vol vols
    """.split()
)
"""End no sentence before a number or, but for "no", before a letter that numbers."""
_TITLES = frozenset(
    """
    adm brig capt cmdr col dr drs fr gen gov hon lt maj messrs mlle mme mmes mr mrs ms msgr mx pres prof
    profs rep rev sen sgt supt
    """.split()
)
"""A name follows."""
_OFTEN_WITHIN = frozenset(
    """
    acad al appl apr assn assoc aug ave avg bldg blvd bros co conf corp dec dept dist ed eds esq est
    etal ext feb fed ft govt hwy i.i.d iid inc inst int intl jan jr jul jun lett ltd mar max mfg min mt
    mtg natl nov oct phys proc rd resp sci sep sept spp sr st std subsp symp tech tel trans univ
    """.split()
)
"""End a sentence only before a word that begins one."""
_TIMES = frozenset("a.m p.m am pm".split())
_AFTER_TIMES = frozenset(
    """
    BST CEST CET CST EDT EST Eastern ET GMT IST JST MDT MST Pacific PDT PST PT UTC Monday Tuesday
    Wednesday Thursday Friday Saturday Sunday
    """.split()
)
_DOTTED = re.compile(r"(?:[A-Za-z]{1,3}\.){1,6}[A-Za-z]{1,3}")
"""Such as "U.S" and "Ph.D"; its last stop is the one judged."""
_BEGINNERS = frozenset(
    """
    A About Above According Across Additionally After Again Against All Along Already Also Although
    Among An And Another Any Anyone Are As At Based Because Before Behind Below Besides Between Beyond
    Both Briefly But By Can Clearly Compared Consequently Consider Conversely Could Credit Credits
    Crucially Currently Despite Did Do Does During Each Earlier Either Else Even Eventually Every
    Everyone Everything Except Few Finally First Firstly Following For Formally Fortunately From Further
    Furthermore Generally Given Had Has Have Having He Hence Her Here His How However I If Imagine
    Importantly In Indeed Initially Instead Interestingly Into Is It Its Just Last Lastly Later Least
    Less Let Like Likewise Many May Maybe Meanwhile Might More Moreover Most Much Must My Namely Near
    Neither Never Nevertheless Next No Nobody None Nonetheless Nor Not Note Nothing Notably Now
    Obviously Of Often On Once One Only Or Other Others Otherwise Our Out Over Overall Perhaps Please
    Previously Rather Recall Recently Remember Second Secondly See Several Shall She Should Similarly
    Since So Some Someone Something Sometimes Somewhat Soon Specifically Still Subsequently Such Suppose
    Surely Surprisingly Take Than Thanks That The Their Then There Thereby Therefore These They Think
    Third Thirdly This Those Though Three Through Throughout Thus To Today Together Tomorrow Too Towards
    Two Typically Ultimately Under Unfortunately Unless Unlike Until Up Upon Us Using Usually Was We
    Well Were What Whatever When Whenever Where Whereas Whether Which While Who Whom Whose Why Will With
    Within Without Would Yes Yesterday Yet You Your
    """.split()
)
"""Capitalised, these begin a sentence; another capital may be that of a name."""
_ALSO_SURNAMES = frozenset("An Do He May My So Will You".split())

_STOP = re.compile(
    r"""
    (?<![.!?…]) (?P<mark> [.!?…]++ ) (?P<dots> (?:[ ]\.){2,3}+ )?
    (?: ["'”’»)\]}*_`$¹²³⁰⁴-⁹]
      | \[\^?\d{1,3}(?:[,;–-][ ]?\d{1,3}){0,9}\]
      | [ ]\[\d{1,3}(?:[,;–-][ ]?\d{1,3}){0,9}\](?=\s{1,9}[A-Z])
      | (?<=[a-z)\]"”][.!?])\d{1,2}(?:[ ,–-]\d{1,2}){0,4}(?=\s{1,9}[A-Z])
    ){0,9}+
    (?: (?P<blank>\s++)(?=\S) | (?=[A-Z][a-z]|[AI]\s) )
    """,
    re.VERBOSE,
)
"""A stop, the quotes, brackets and notes that close with it, and white space or, glued to it, a capital."""
_NEXT = re.compile(r"(?:[\"'“‘«¿¡(\[{*_]|>[ ]?){0,9}+(?P<word>[^\W_]{0,40}+)")
_BLANK = re.compile(r"\s{0,9}+")
_BEFORE = re.compile(r"[\w.°º]{0,20}\Z")
_NUMBER = re.compile(r"[\s~]{0,9}[\[({]?(?:[\d$\\#§]|(?P<letter>[A-Z]\d{0,3}(?![\w'’])|[IVXL]{2,6}\b))")
_LABEL = re.compile(
    r"[\s#>*+•‣▪◦·⁃–-]{0,20}\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[A-Z]{0,2}\d{1,2}|[A-Za-z]|[ivxIVX]{1,5})"
)
_ITEM = re.compile(
    r"(?<!\S)(?P<open>\(?)(?P<label>\d{1,3}|[ivx]{1,5}|[a-z])(?P<shut>\.?\)|\.)(?=\s{1,9}[A-Z\"“‘(`$])"
)
_ITEM_BEGINS = re.compile(r"\(?(?:[ivx]{1,5}|[a-z])(?:\.?\)|\.(?=\s{1,9}[A-Z]))\s")
_GLYPH = re.compile(r"(?:\A\s*|:\s+)([•‣▪◦⁃])")
"""A bullet that begins a text, or a list after a colon."""
_LABEL_LENGTH = 20
_ROMANS = "i ii iii iv v vi vii viii ix x xi xii".split()
_CONSECUTIVE = frozenset((*pairwise(ascii_lowercase), *pairwise(_ROMANS)))
_BEFORE_NUMBERS = re.compile(
    r"(?:\b(?:an?d?|are|as|at|by|equals?|from|i[ns]|not|of|or|step|than|the|to|was|with)|[A-Z]\w{0,20}|[^\w\s]|\d)\s\Z"
)
"""What stands before a number of the sentence rather than before the number of a list's item."""
_LONGEST = 600
"""Characters in a sentence, beyond which an engine may choke or drone."""
_PICTURES = "\u2600"
"""From here on signs are pictures, which may begin a sentence."""


def sentence_ends(text: str) -> tuple[int, ...]:
    """Where each sentence ends, the white space after it included; the last is the text's length."""
    items = _items(text)
    ends, start = set(items), 0
    for stop in _STOP.finditer(text):
        if before := bisect(items, stop.start()):
            start = max(start, items[before - 1])
        if _ends(stop, start):
            start = _end(stop)
            ends.add(start)
    ends.add(len(text))
    return tuple(_shortened(text, sorted(ends - {0})))


def _end(stop: re.Match[str]) -> int:
    """Where a sentence ends with this stop; "word. . . . Next" is a full stop and an omission after it."""
    is_glued = stop.start() > 0 and not stop.string[stop.start() - 1].isspace()
    return stop.start("dots") + 1 if is_glued and len(stop["dots"] or "") == len(" . . .") else stop.end()


def _ends(stop: re.Match[str], start: int) -> bool:
    """Whether a stop ends the sentence that begins at `start`."""
    text, mark = stop.string, stop["mark"] + (stop["dots"] or "")
    following = _NEXT.match(text, stop.end())
    if following is None or text[stop.start() - 1 : stop.start()] in ("", "[", "(") or not _begins(following):
        return False
    if "!" in mark or "?" in mark:
        return stop["blank"] is not None or _is_glue(stop, start)
    if mark.replace(" ", "") in ("..", "...", "…") and following["word"] == "I":
        return False
    word = _word_before(text[max(start, stop.start() - 20) : stop.start()])
    if mark == "." and (_LABEL.fullmatch(text, start, stop.start()) or _abbreviates(word, stop, following)):
        return False
    return stop["blank"] is not None or (_is_capitalised(following["word"]) and _is_glue(stop, start))


def _is_capitalised(word: str) -> bool:
    """Whether a word glued to a full stop begins a sentence: "We", "Existing", not "Js" or "Net"."""
    is_word = len(word) > len("Net") or (len(word) == len("Net") and word != "Net")
    return word in _BEGINNERS or (is_word and word[1:].islower())


def _begins(following: re.Match[str]) -> bool:
    """Whether what follows a stop can begin a sentence."""
    text, word = following.string, following["word"]
    if not word:
        sign = text[following.end() : following.end() + 1]
        return sign in ("`", "$", "\\") or sign >= _PICTURES
    is_low = word[0].islower() and word.islower()
    return not is_low or _ITEM_BEGINS.match(text, following.start()) is not None


def _abbreviates(word: str, stop: re.Match[str], following: re.Match[str]) -> bool:
    """Whether the full stop after `word` only marks it as short."""
    low, after = word.lower(), following["word"]
    if low in _WITHIN:
        return True
    if low in _NUMBERED and not (len(word) == 1 and word.isupper()):
        number = _NUMBER.match(stop.string, stop.end("mark"))
        return number is not None and not (low in ("no", "nos") and len(number["letter"] or "") == 1)
    if low in _TIMES:
        return after in _AFTER_TIMES or after[:1].isdigit()
    is_name = low in _TITLES or (len(word) == 1 and word.isupper() and not _is_symbol(stop))
    is_journal = word[:1].isupper() and low in JOURNAL_WORDS
    if is_name or is_journal or low in _OFTEN_WITHIN or _DOTTED.fullmatch(word):
        return not _is_beginner(following) or (is_name and after in _ALSO_SURNAMES)
    return False


def _is_symbol(stop: re.Match[str]) -> bool:
    """Whether the letter before a stop is that of a unit, as in "mmol/L", and no initial."""
    return stop.string[max(0, stop.start() - 2) : stop.start() - 1] in ("/", "%", "°")


def begins_after(text: str, place: int) -> bool:
    """Whether the text ends here or a word follows that begins a sentence: a full stop is heard."""
    blank = _BLANK.match(text, place)
    following = _NEXT.match(text, blank.end()) if blank else None
    if following is None or following.start() == len(text):
        return True
    return _is_beginner(following) and following["word"] not in _ALSO_SURNAMES


def _is_beginner(following: re.Match[str]) -> bool:
    is_initial = following.end() - following.start("word") == 1 and following.string.startswith(
        ".", following.end()
    )
    return following["word"] in _BEGINNERS and not is_initial


def _word_before(text: str) -> str:
    found = _BEFORE.search(text[-20:])
    return found[0] if found else ""


def _is_glue(stop: re.Match[str], start: int) -> bool:
    """Whether a stop with no white space after it lacks it, and is no part of a name or address."""
    text = stop.string
    chunk = text[max(start, stop.start() - 60) : stop.start()].split()[-1:] or [""]
    word = _word_before(chunk[0])
    after = _NEXT.match(text, stop.end())
    return (
        not any(sign in chunk[0] for sign in "./@\\=#")
        and (len(word) > 1 or chunk[0][-1:] in (")", "]", "}", "”", '"', "*", "_", "`", "$", "%"))
        and after is not None
        and text[after.end() : after.end() + 1] in ("", " ", "\n", ",", "'", "’", ":", "-")
    )


def _items(text: str) -> list[int]:
    """Where the items after the first begin, in a list that runs on in one line."""
    glyph = _GLYPH.search(text)
    if glyph:
        first = glyph.start(1) + (not text[: glyph.start(1)].strip())
        return [found.start() for found in re.finditer(rf"(?<=\s){glyph[1]}", text) if found.start() >= first]
    if ": " not in text and not _ITEM.match(text.lstrip()[:_LABEL_LENGTH]):
        return []
    return list(_consecutive(_ITEM.finditer(text)))


def _consecutive(items: Iterable[re.Match[str]]) -> Iterator[int]:
    last: re.Match[str] | None = None
    for item in items:
        before = item.string[max(0, item.start() - 24) : item.start()]
        if last and _succeeds(last, item) and not (item["shut"] == "." and _BEFORE_NUMBERS.search(before)):
            yield item.start()
        elif before.strip() and not before.rstrip().endswith(":"):
            continue
        last = item


def _succeeds(last: re.Match[str], item: re.Match[str]) -> bool:
    if last.group("open", "shut") != item.group("open", "shut"):
        return False
    one, two = last["label"], item["label"]
    return int(one) + 1 == int(two) if one.isdecimal() and two.isdecimal() else (one, two) in _CONSECUTIVE


def _shortened(text: str, ends: list[int]) -> Iterator[int]:
    """The ends, and between those too far apart the places after semicolons."""
    start = 0
    for end in ends:
        while end - start > _LONGEST:
            cut = text.rfind("; ", start, min(start + _LONGEST, end - 1)) + 2
            if cut < 2:
                break
            yield cut
            start = cut
        yield end
        start = end
