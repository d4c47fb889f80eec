"""Tagging stage: one master becomes one finished episode, an MP3 that says what it is.

    Paper, ShowFacts  ── describe ──>  Tags ┐
    words, or a picture  ── draw ──>  Cover ┼── tag ──>  Episode
                               Master's MP3 ┘

`describe` decides what is said and is plain arithmetic on text, so that whether an episode is up to
date is known without reading a file. `tag` decides the bytes: ID3v2.3 and nothing after the sound,
because v2.4 loses chapters in common players and ID3v1 cuts titles at 30 characters.
"""

import re
from typing import NamedTuple
from urllib.parse import quote

from ..errors import TaggingError
from ..model import Desk, Episode, Loudness, Paper, ShowFacts, Tag, TagRequest
from .covers import draw
from .pictures import check_picture

__all__ = ["Listing", "Made", "Voices", "check_picture", "describe", "draw", "tag"]

_MAKER = "PaperLedge"
_ENCODER = "LAME (lameenc)"
_REPLAYGAIN_LUFS = -18

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
"""Controls, those that reorder text, byte-order marks and halves of pairs: never part of a text."""
_BEFORE_YEAR = re.compile(r"(?:copyright\b|\(c\)|[©\s])*", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"(?=[!-~]+\Z)https?://[^/?#]*[^/?#:@]", re.IGNORECASE)
"""Visible ASCII with a host; never javascript:, data: or file:."""


class Voices(NamedTuple):
    """Who speaks an episode."""

    spoken_by: str
    """Engine, voice and licence of each, such as "SVOX Pico, voice en-GB (Apache-2.0)"."""
    identity: str = ""
    """What exactly: engine, library and data of each, with their versions."""


class Listing(NamedTuple):
    """What directories and players know an episode by."""

    guid: str = ""
    """RSS guid."""
    category: str = ""
    """Apple's."""
    license_url: str = ""
    """Of the episode."""


class Made(NamedTuple):
    """What is known once an episode is made."""

    script: str = ""
    """What is said, as it was written."""
    duration_ms: int = 0
    """What a gapless player plays."""
    loudness: Loudness | None = None


def describe(
    paper: Paper, show: ShowFacts, voices: Voices, listing: Listing, made: Made, *, draft: bool = False
) -> tuple[Tag, ...]:
    """The text frames of an episode, in the order they are written.

    draft: say so in title and note.
    Every text but the note and the script is one line without control characters, whole and otherwise
    as written; what is empty has no frame. Addresses are percent-encoded ASCII. Source: ID3v2.3.0, clause 4.

    Raises TaggingError if title, host, show or every author is empty, since no episode goes out
    unnamed or uncredited, and if a link is not an http or https address.
    """
    title = ("DRAFT: " if draft else "") + _needed(paper.title, "title", paper)
    named = _needed(show.title, "show title", paper)
    note = _comment(paper, named, voices.spoken_by, draft)
    maker = _clean(f"{_MAKER}, voice: {voices.spoken_by}, encoder: {_ENCODER}")
    texts = {
        "TIT2": title,
        "TIT1": _clean(paper.category),
        "TIT3": _clean(", ".join(paper.authors)),
        "TPE1": _needed(show.host, "host", paper),
        "TPE2": named,
        "TALB": named,
        "TCON": "Podcast",
        "TYER": f"{paper.date.year:04d}",
        "TDAT": f"{paper.date:%d%m}",
        "TDRL": paper.date.isoformat(),  # of ID3v2.4, but the day a podcast player sorts by
        "TRCK": _number(paper.episode),
        "TPOS": _number(paper.season),
        "TLEN": str(made.duration_ms),
        "TLAN": _language(show.language),
        "TCOP": _copyright(show.copyright, paper.date.year),
        "TENC": _MAKER,
        "TSSE": maker,
        "TCAT": _clean(listing.category),
        "TDES": " ".join(note.split()),
        "TGID": _clean(listing.guid),
        "TKWD": _clean(paper.category),
        "PCST": "1",
    }
    frames = (
        *(Tag(frame=frame, text=text) for frame, text in texts.items()),
        *_marks(paper, voices),
        *_gains(made.loudness),
        *_addresses(paper, show, listing),
        Tag(frame="COMM", text=note),
        Tag(frame="USLT", text=_many_lines(made.script)),
    )
    return tuple(one for one in frames if one.text)


def tag(request: TagRequest, desk: Desk) -> Episode:
    """Write an episode's tags and cover before its sound, read them back, and keep the file.

    The MP3 must begin with a frame of sound and carry no tag; its bytes are kept as they are. Equal
    requests give equal bytes. Raises TaggingError, with what to do, if a tag cannot be written
    unchanged, the cover is not one players show (see artwork.py), or the file reads back otherwise.
    """
    from .id3 import write_episode

    for one in request.tags:
        _check(one)
    path = desk.new(".mp3")
    write_episode(desk.path(request.mp3), request.tags, request.chapters, desk.path(request.cover), path)
    return Episode(mp3=desk.keep(path))


def _comment(paper: Paper, show: str, spoken_by: str, draft: bool) -> str:
    authors = [name for name in map(_clean, paper.authors) if name]
    lines = (
        "Draft, not for publication." if draft else "",
        f"{show} on “{_clean(paper.title)}”.",
        f"Credit to Paper authors: {_needed(', '.join(authors), 'list of authors', paper)}",
        _clean(f"This episode is spoken by an AI voice: {spoken_by}."),
    )
    return "\n".join(line for line in lines if line)


def _marks(paper: Paper, voices: Voices) -> tuple[Tag, ...]:
    """What other programs look for: the paper's ids, and what made the sound, which is synthetic."""
    arxiv = _clean(paper.arxiv or "")
    return (
        Tag(frame="TXXX", description="ARXIV", text=arxiv),
        Tag(frame="TXXX", description="DOI", text=_clean(paper.doi or "")),
        Tag(frame="TXXX", description="AI_CONTENT", text="true"),
        Tag(frame="TXXX", description="VOICE_IDENTITY", text=_clean(voices.identity)),
        Tag(frame="UFID", description="https://arxiv.org", text=arxiv),
    )


def _gains(loudness: Loudness | None) -> tuple[Tag, ...]:
    """ReplayGain 2.0: what brings the episode to -18 LUFS, and its peak, 1 being full scale."""
    if loudness is None:
        return ()
    gain_db = _REPLAYGAIN_LUFS - loudness.integrated_mlufs / 1000
    peak = 10 ** (loudness.true_peak_mdbtp / 20_000)
    return (
        Tag(frame="TXXX", description="REPLAYGAIN_TRACK_GAIN", text=f"{gain_db:+.2f} dB"),
        Tag(frame="TXXX", description="REPLAYGAIN_TRACK_PEAK", text=f"{peak:.6f}"),
    )


def _addresses(paper: Paper, show: ShowFacts, listing: Listing) -> tuple[Tag, ...]:
    """Where to read on. A paper's own link called "arXiv" or "DOI" takes the place of the one made."""
    arxiv, doi = _clean(paper.arxiv or ""), _clean(paper.doi or "")
    known = {
        "arXiv": f"https://arxiv.org/abs/{quote(arxiv, safe='/')}" if arxiv else "",
        "DOI": f"https://doi.org/{quote(doi, safe='/:;()')}" if doi else "",
    }
    links = ((_clean(name), _ascii(url)) for name, url in (known | paper.links).items())
    tags = (
        Tag(frame="WCOP", text=_ascii(listing.license_url)),
        Tag(frame="WOAR", text=_ascii(show.website or "")),
        *(Tag(frame="WXXX", description=name, text=url) for name, url in links),
    )
    for one in tags:
        if one.text:
            _check(one, where=paper.slug)
    return tags


def _check(one: Tag, where: str = "") -> None:
    """Raise TaggingError for what a player would not show as it is meant."""
    name = f"{one.frame} {one.description}".strip()
    if not one.text:
        raise TaggingError(f"the tag {name!r} is empty", where=where, hint="leave it out")
    has_lines = one.frame in {"COMM", "USLT"}  # clause 4.2: one line but there
    text = one.text.replace("\n", " ") if has_lines else one.text
    if found := _UNSEEN.search(text + one.description):
        what = f"the tag {name!r} holds the control character U+{ord(found[0]):04X}"
        raise TaggingError(what, where=where, hint="delete it from the paper or from show.yaml")
    is_id = name.isascii() and one.text.isascii() and len(one.text) <= 64
    if one.frame == "UFID" and not is_id:
        hint = "give an id of at most 64 plain characters"  # clause 4.1
        raise TaggingError(f"the id {one.text[:80]!r} cannot be written", where=where, hint=hint)
    if one.frame.startswith("W") and not _WEB_ADDRESS.match(one.text):
        what = f"the link {one.text[:80]!r} ({name}) is not a web address"
        raise TaggingError(what, where=where, hint="begin it with https:// or http://, or delete it")


def _clean(text: str) -> str:
    """One line, without what cannot be seen."""
    return " ".join(_UNSEEN.sub("", " ".join(text.split())).split())


def _many_lines(text: str) -> str:
    """Lines as they are, each without what cannot be seen."""
    return "\n".join(map(_clean, text.split("\n"))).strip()


def _needed(text: str, what: str, paper: Paper) -> str:
    if cleaned := _clean(text):
        return cleaned
    raise TaggingError(f"the {what} is empty", where=paper.slug, hint="an episode needs one: write it")


def _ascii(url: str) -> str:
    """An address as ID3 can hold it (clause 4.3.1 has Latin-1 only); what is encoded stays so."""
    return quote(_UNSEEN.sub("", url.strip()), safe="!#$%&'()*+,/:;=?@[]~")


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _copyright(text: str, year: int) -> str:
    """TCOP begins with a year and a space, and players put "Copyright ©" before it."""
    notice = _BEFORE_YEAR.sub("", _clean(text), count=1)
    return notice if not notice or re.match(r"[0-9]{4} ", notice) else f"{year:04d} {notice}"


def _language(bcp47: str) -> str:
    """ISO 639-2 of a language tag; "und" (undetermined) for two letters that are no language."""
    language = bcp47.split("-", maxsplit=1)[0]
    return language if len(language) == 3 else _ISO_639_2.get(language, "und")


_PAIRS = (
    "aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bhbih "
    "bibis bmbam bnben bobod brbre bsbos cacat ceche chcha cocos crcre csces cuchu cvchv cycym dadan "
    "dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa etest eueus fafas ffful fifin fjfij fofao frfra "
    "fyfry gagle gdgla glglg gngrn guguj gvglv hahau heheb hihin hohmo hrhrv hthat huhun hyhye hzher "
    "iaina idind ieile igibo iiiii ikipk ioido isisl itita iuiku jajpn jvjav kakat kgkon kikik kjkua "
    "kkkaz klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin "
    "lolao ltlit lulub lvlav mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob "
    "ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ososs papan pipli "
    "plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd sesme sgsag sisin skslk "
    "slslv smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir "
    "tktuk tltgl tntsn toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol "
    "wawln wowol xhxho yiyid yoyor zazha zhzho zuzul"
)
"""ISO 639-1 and, right behind it, the terminological code of ISO 639-2; all 184 pairs."""
_ISO_639_2 = {pair[:2]: pair[2:] for pair in _PAIRS.split()}
