"""What must stay whole: links, e-mail addresses, DOIs, arXiv ids, code, Markdown links and images."""

import re
from dataclasses import replace

from .numerals import cardinal, digits, two_digits
from .rules import DIGIT, LETTER, Reader, Reading, Rule, joined, late, word_before

__all__ = ["RULES"]

_END = r"(?<![.,;:!?)\]'\"”’*_])"
"""A link does not end in the punctuation of its sentence."""
_DOMAINS = (
    "com|org|net|edu|gov|io|ai|co|uk|de|fr|ch|nl|eu|cn|jp|info|dev|app|me|tv|us|ca|au|in|it|es|se|xyz|tech|science"
    "|ac"
)
_URL = late(rf"(?:https?|ftp)://[^\s<>\"`{{}}|\\^]{{1,1000}}{_END}")
_BARE = late(
    rf"(?:[A-Za-z0-9][A-Za-z0-9-]{{0,40}}\.){{1,5}}(?:{_DOMAINS})(?:/[^\s<>\"`{{}}|\\^]{{0,500}}{_END})?"
    rf"(?![\w@-]|\.\w)"
)
_EMAIL = late(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,12}")
_EMAILS = late(
    r"\{(?P<names>[\w.+-]{1,40}(?:,[ ]?[\w.+-]{1,40}){1,9})\}(?P<rest>@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,12})"
)
_SUFFIX = late(
    rf"(?<![\w.)])\.(?P<name>NET|{_DOMAINS}|py|js|ts|json|yaml|yml|toml|csv|tsv|txt|md|ipynb|cpp|rs|sh|html|css|pdf"
    r"|png|jpg|zip|exe|tex|bib|cfg|ini|xml|wav|mp3|mp4)(?![\w-]|\.\w)"
)
_DRIVE = late(r"(?P<drive>[A-Z]):(?P<path>(?:\\[\w.-]{1,60}){1,12})\\?")
_DOTTED = late(
    r"(?P<name>[a-z_]\w{1,40}(?:\.[A-Za-z_]\w{1,40}){2,6})(?![\w@/-]|\.\w)"
    r"|(?P<method>[a-z_][a-z0-9_]{1,40}(?:\.[a-z_]\w{1,40}){1,6})(?=\([^()\n]{1,80}\))"
)
"""Names of a program's parts; with one stop only, what follows tells."""
_DOI = late(
    rf"(?:(?:(?:https?://)?(?:dx\.)?doi\.org/)|(?i:doi:?[ ]?))?10\.[0-9]{{4,9}}/[^\s<>\"`]{{1,200}}{_END}"
)
_BEFORE_DOI = frozenset("from is see under via visit".split())
_ARXIV = late(
    r"(?i:https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/|arxiv(?::[ ]?|[ ]))"
    r"(?:(?P<id>[0-9]{4}\.[0-9]{4,5})|(?P<archive>[a-z-]{2,10})(?:\.[A-Z]{2})?/(?P<old>[0-9]{7}))"
    r"(?P<version>v[0-9]{1,2})?(?:\.pdf)?(?![\w])(?:[ ]\[[a-z-]{2,10}(?:\.[A-Za-z-]{2,12})?\])?"
)
_CODE = late(r"(?:``(?![^`\n]{1,300}'')|`(?![A-Za-z][\w -]{0,60}[\w.,]'(?=[\s.,;:)])))([^`\n]{1,300})`{1,2}")
"""Code between backticks; what begins with them and ends in apostrophes is quoted."""
_IMAGE = late(r"!\[[^\]\n]{0,300}\]\([^()\n]{0,1000}\)|\[\^[\w-]{1,40}\]:?")
_HTML = late(
    r"</?(?:a|abbr|b|br|code|div|em|h[1-6]|hr|i|img|li|ol|p|pre|s|small|span|strong|sub|sup|table|td|th|tr|u|ul)"
    r"(?:[ /][^<>\n]{0,300})?>|<!--(?:(?!-->)[^\n]){0,500}-->"
)
_SPECIAL = late(r"</?\|?(?P<name>[a-z][a-z_]{1,20})\|?>")
_TITLED = late(
    r"\[(?P<title>[^\]\[\n]{1,300})\](?:\((?:[^\s()]|\([^\s()]{0,200}\)){1,1000}\)|\[[^\]\n]{0,100}\])"
)
_AUTOLINK = late(r"<(?P<url>https?://[^\s<>]{1,1000})>")
_SNAKE = late(
    r"_{0,2}+[A-Za-z][A-Za-z0-9]{0,40}+(?:_{1,2}+[A-Za-z0-9]{1,40}+){1,8}+_{0,2}+(?:\(\))?(?!\w|\(\\)"
)
_CALL = late(r"[A-Za-z]\w{0,60}(?:\.[A-Za-z]\w{0,60}){0,5}\(\)")
_FILE = late(
    r"[\w-]{1,60}\.(?P<suffix>py|js|ts|json|yaml|yml|toml|csv|tsv|txt|md|ipynb|cpp|rs|sh|html|css|pdf|png|jpg|zip|tex|bib|cfg|ini|xml|h5|npz|pt|wav|mp3|mp4)(?![\w])"
)
_RULER = late(r"^[ ]{0,3}(?:([-*_=])(?:[ \t]?\1){2,200}+)[ \t]*$", re.MULTILINE)
_TABLE_RULER = late(r"^(?=.{0,200}\|)\|?[ \t]{0,20}:?-{2,100}[ \t:|-]{0,400}$", re.MULTILINE)
_CELL = late(r"\|[ \t]*(?P<end>$)?", re.MULTILINE)
_ROW = late(r"(?:\A|\n)[ \t]*\|[ \t][^\n]*\Z")
_LONGEST_ROW = 1000
_SYMBOL = late(r"(?<!\w)[A-Za-zα-ωΑ-Ω]\Z")
_OPENED = late(r"(?:\A|[\s(\"'])[*](?=[^\s*])[^*]{1,200}\Z")
"""Before a star that closes what another opened; without it, the star of a letter is its own."""
_EMPHASIS = late(r"[*_]{1,3}|~~")
_BEFORE_EMPHASIS = " \t\n([{\"'“‘—–-/"
_AFTER_EMPHASIS = " \t\n)]}.,;:!?\"'”’…—–-/"
_HIGHLIGHT = late(r"==(?!=)")
_HIGHLIGHTED = r"[^\s=](?:[^=\n]{0,200}[^\s=])?"
_OPENS_HIGHLIGHT = late(rf"{_HIGHLIGHTED}==(?![\w=])")
_OPENED_HIGHLIGHT = late(rf"(?<![\w=])=={_HIGHLIGHTED}\Z")
_LONGEST_HIGHLIGHT = 205
_ENTITY = late(r"&(?P<name>amp|lt|gt|quot|nbsp|mdash|ndash|hellip|rsquo|lsquo|rdquo|ldquo|apos|#39);")

_ENTITIES = {"amp": "and", "lt": "less than", "gt": "greater than"}
_FUNCTIONS = frozenset(("argmax", "argmin", "exp", "inf", "lim", "log", "max", "min", "sup"))
"""What with an underscore is an index in mathematics."""
_GOES_ON = late(r"[ ]{1,3}[A-Z][a-z]{0,20}[ ,]")
"""After a link without a full stop, what may be the next sentence."""
_SIGNS = {
    ".": "dot",
    "/": "slash",
    "-": "dash",
    "_": "underscore",
    "~": "tilde",
    "@": "at",
    "+": "plus",
    ":": "colon",
}
_SAID_SUFFIXES = frozenset(
    "com org net edu gov app dev info me tech science it in json toml zip bib tex wav".split()
)
_UNSAYABLE = late(r"(?<![A-Za-z])(?:[b-df-hj-np-tv-xz]{2,5}|uk|eu)(?![A-Za-z])")
"""What is spelled in an address or a program though it is written small."""
_CAMEL = late(r"[A-Z]{2,40}(?![a-z])|[A-Z]?[a-zà-ÿ]{1,60}|.")
_ADDRESS_PART = late(r"[A-Za-zÀ-ÿ]+|[0-9]+|[./_~@+:-]")


def _say_address(address: str, reader: Reader) -> Reading:
    """A web or mail address in words, with "dot", "slash" and "at"."""
    words: list[Reading] = []
    for part in _ADDRESS_PART.findall(_spelled(address)):
        if part.isdecimal():
            words.append(Reading(cardinal(part) if len(part) < 3 and part[0] != "0" else digits(part)))
        else:
            words += [Reading(_SIGNS[part])] if part in _SIGNS else _say_name(part, reader)
    return joined(words)


def _spelled(text: str) -> str:
    """Letters that nobody can say in capitals, which are spelled: "bbc.co.uk", "torch.nn"."""
    return _UNSAYABLE.sub(lambda found: found[0].upper(), text)


def _say_name(part: str, reader: Reader) -> list[Reading]:
    """A name in an address, its words apart: "FailureSensorIQ" → "Failure Sensor I Q"."""
    return [reader.word(word) for word in _CAMEL.findall(part)]


def _link(match: re.Match[str], reader: Reader) -> Reading:
    """A link; whatever follows "?" or "#" is left to the show notes."""
    address = re.sub(r"^(?:(?:https?|ftp)://)?(?:www\.)?", "", match[0])
    said = _say_address(re.split(r"[?#]", address)[0].rstrip("/"), reader)
    return replace(said, spoken=f"{said.spoken},") if _GOES_ON.match(match.string, match.end()) else said


def _email(match: re.Match[str], reader: Reader) -> Reading:
    return _say_address(match[0], reader)


def _emails(match: re.Match[str], reader: Reader) -> str:
    """ "{ann,bob}@acme.com": several at one place."""
    names = [_say_address(name.strip(), reader).spoken for name in match["names"].split(",")]
    return f"{', '.join(names)} {_say_address(match['rest'], reader).spoken}"


def _suffix(match: re.Match[str], reader: Reader) -> str:
    """ ".com", ".NET", ".csv": what a name ends in, by itself."""
    name = match["name"]
    is_word = name.lower() in _SAID_SUFFIXES
    return (
        f"dot {name.capitalize() if name.isupper() else name}" if is_word else f"dot {' '.join(name.upper())}"
    )


def _drive(match: re.Match[str], reader: Reader) -> str:
    parts = [_say_address(part, reader).spoken for part in match["path"].split("\\")[1:]]
    return f"{match['drive']} colon backslash {' backslash '.join(parts)}"


def _doi(match: re.Match[str], reader: Reader) -> Reading:
    """Nobody writes a DOI down by ear: it is named and left to the show notes."""
    if word_before(match).lower() in _BEFORE_DOI:
        return Reading("the doi in the show notes", sound="the D O I in the show notes", confidence=90)
    return Reading("doi", sound="D O I", confidence=90)


def _arxiv(match: re.Match[str], reader: Reader) -> Reading:
    """Year and month as pairs, the rest digit by digit."""
    if match["old"]:
        return Reading(f"archive {reader.say(match['archive'])} {digits(match['old'])}")
    month, _, number = match["id"].partition(".")
    pairs = f"{cardinal(month[:2])} {two_digits(int(month[2:])) if int(month[2:]) else 'zero zero'}"
    return Reading(f"archive {pairs} dot {digits(number)}")


def _code(match: re.Match[str], reader: Reader) -> Reading:
    return Reading(_say_code(match[1], reader), 80)


def _say_code(code: str, reader: Reader) -> str:
    """Code in words: "model.fit()" → "model dot fit", "snake_case" → "snake case"."""
    spaced = re.sub(r"(?<=\w)\.(?=[A-Za-z_])", " dot ", re.sub(r"\(\s*\)", " ", code))
    return reader.say(re.sub(r"_+|(?<=[a-z])(?=[A-Z])", " ", _spelled(spaced)))


def _titled(match: re.Match[str], reader: Reader) -> str:
    return reader.say(match["title"])


def _autolink(match: re.Match[str], reader: Reader) -> str:
    return reader.say(match["url"])


def _identifier(match: re.Match[str], reader: Reader) -> Reading | None:
    parts = match[0].strip("_").split("_")
    if "(" not in match[0] and (len(parts) == 1 or len(parts[0]) == 1 or _is_index(parts)):
        return None
    return Reading(_say_code(match[0], reader), 80)


def _dotted(match: re.Match[str], reader: Reader) -> Reading | None:
    """ "torch.nn.Linear", "numpy.array(x)"."""
    return Reading(_say_code(match[0], reader), 80) if match[0][-1] != "." else None


def _is_index(parts: list[str]) -> bool:
    """Whether it is mathematics: "log_2", "max_x"."""
    return parts[0] in _FUNCTIONS and len(parts[1]) == 1


def _file(match: re.Match[str], reader: Reader) -> Reading:
    stem, _, suffix = match[0].rpartition(".")
    return Reading(
        f"{_say_code(stem.replace('-', ' '), reader)} dot {reader.word(suffix.upper()).spoken}", 80
    )


def _entity(match: re.Match[str], reader: Reader) -> str:
    return _ENTITIES.get(match["name"], "")


def _tag(match: re.Match[str], reader: Reader) -> str:
    """A tag is silent, but one that stands among words by itself is spoken of."""
    around = (
        match.string[max(0, match.start() - 1) : match.start()] + match.string[match.end() : match.end() + 1]
    )
    name = re.fullmatch(r"<([a-z][a-z0-9]{0,9})>", match[0])
    return name[1] if name and around == "  " and name[1] not in ("br", "hr") else ""


def _special(match: re.Match[str], reader: Reader) -> Reading:
    """A token that a model has for itself: "<eos>", "<|im_start|>"."""
    name = match["name"]
    return reader.word(name.upper()) if len(name) < 4 else Reading(name.replace("_", " "))


def _emphasis(match: re.Match[str], reader: Reader) -> str | None:
    """Stars and underscores that open or close: a blank or a sign on one side only."""
    before = match.string[max(0, match.start() - 1) : match.start()]
    after = match.string[match.end() : match.end() + 1]
    if match[0] == "*" and _SYMBOL.search(match.string, max(0, match.start() - 3), match.start()):
        return None if not _OPENED.search(match.string, max(0, match.start() - 200), match.start()) else ""
    opens = not before.strip(_BEFORE_EMPHASIS) and after.strip()
    closes = before.strip() and not after.strip(_AFTER_EMPHASIS)
    return "" if opens or closes else None


def _highlight(match: re.Match[str], reader: Reader) -> str | None:
    """ "==marked==": a pair of marks is silent, "a == b" is none."""
    text, start, end = match.string, match.start(), match.end()
    if text[start - 1 : start].isalnum() or text[end : end + 1] in ("", " "):
        before = text[max(0, start - _LONGEST_HIGHLIGHT) : start]
        closes = not text[end : end + 1].isalnum() and _OPENED_HIGHLIGHT.search(before)
        return "" if closes else None
    return "" if _OPENS_HIGHLIGHT.match(text, end) else None


def _cell(match: re.Match[str], reader: Reader) -> str | None:
    """In the row of a table, a comma between two cells."""
    before = match.string[max(0, match.start() - _LONGEST_ROW) : match.start()]
    if not _ROW.search(before + match[0]):
        return None
    return "" if match["end"] is not None else ","


def _silent(match: re.Match[str], reader: Reader) -> str:
    return ""


RULES = (
    Rule("code", "code", "`", _CODE, _code),
    Rule("image", "markup", "![", _IMAGE, _silent),
    Rule("html", "markup", "<", _HTML, _tag),
    Rule("special-token", "code", "<", _SPECIAL, _special),
    Rule("link-title", "link", "[", _TITLED, _titled),
    Rule("link", "link", "<", _AUTOLINK, _autolink),
    Rule("arxiv", "link", LETTER, _ARXIV, _arxiv, words=frozenset(("arxiv",))),
    Rule("doi", "link", LETTER + DIGIT, _DOI, _doi, words=frozenset(("doi",))),
    Rule("link", "link", LETTER, _URL, _link),
    Rule("email", "link", LETTER + DIGIT + "_", _EMAIL, _email),
    Rule("email", "link", "{", _EMAILS, _emails),
    Rule("suffix", "link", ".", _SUFFIX, _suffix),
    Rule("path", "code", LETTER, _DRIVE, _drive),
    Rule("link", "link", LETTER + DIGIT, _BARE, _link, confidence=90),
    Rule("call", "code", LETTER, _CALL, _identifier),
    Rule("file", "code", LETTER, _FILE, _file),
    Rule("dotted", "code", LETTER + "_", _DOTTED, _dotted),
    Rule("identifier", "code", LETTER + "_", _SNAKE, _identifier),
    Rule("ruler", "markup", "-*_=", _RULER, _silent),
    Rule("table", "markup", "|:-", _TABLE_RULER, _silent),
    Rule("table", "mark", "|", _CELL, _cell),
    Rule("highlight", "markup", "=", _HIGHLIGHT, _highlight),
    Rule("emphasis", "markup", "*_~", _EMPHASIS, _emphasis),
    Rule("entity", "markup", "&", _ENTITY, _entity),
)
