"""The voices of this computer as a table for people, no wider than 100 columns, and as JSON."""

import textwrap
from collections.abc import Iterable

import msgspec

from .synthesis.survey import Surveyed
from .textfile import printable

__all__ = ["as_json", "as_text"]

WIDTH = 100
_GAP = "  "
_SHORTENED = {"speaks as": 16, "licence": 12, "for": 12}
"""Columns that give way to the others, in this order, and what each keeps."""
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def as_json(voices: tuple[Surveyed, ...]) -> str:
    """All that is known, as a list."""
    return msgspec.json.format(msgspec.json.encode(voices), indent=2).decode()


def as_text(voices: tuple[Surveyed, ...], *, colour: bool = False) -> str:
    """The show's voices, those that no profile names, and those that cannot speak here."""
    able = [voice for voice in voices if voice.voice]
    shown = [voice for voice in able if voice.has_profile]
    others = [voice for voice in able if not voice.has_profile]
    parts = [_table(_PROFILES, map(_profile_row, shown), colour=colour)]
    if others:
        title = "Also on this computer; `paperledge audition NAME` lets them speak and says how to keep one:"
        parts += [["", title], _table(_OTHERS, map(_other_row, others), colour=colour)]
    if any(voice.times_real for voice in able):
        parts += [
            [
                "",
                _styled(
                    "speed: seconds of speech in a second of work, measured on this computer", _DIM, colour
                ),
            ]
        ]
    parts += [_said("instead", voice.name, voice.instead_of) for voice in shown if voice.instead_of]
    unable = [voice for voice in voices if voice.problem]
    parts += [["", "Cannot speak here:"]] if unable else []
    parts += [_said("", voice.name, _reason(voice)) for voice in unable]
    return "\n".join(line for part in parts for line in part)


_PROFILES = ("voice", "engine", "speaks as", "lang", "kHz", "speed", "licence", "offline", "for")
_OTHERS = ("voice", "speaks as", "lang", "kHz", "speed", "licence", "offline")


def _profile_row(voice: Surveyed) -> tuple[str, ...]:
    name, *rest = _other_row(voice)
    return (name, voice.engine, *rest, ", ".join(voice.uses))


def _other_row(voice: Surveyed) -> tuple[str, ...]:
    rate = f"{voice.speed.rate_hz / 1000:g}" if voice.speed else ""
    offline = "yes" if voice.offline else "no"
    language = "-".join(voice.language.split("-")[:2])
    return (voice.name, voice.label, language, rate, voice.speed_in_words, voice.licence, offline)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, colour: bool) -> list[str]:
    cells = [header, *(tuple(printable(cell) or "-" for cell in row) for row in rows)]
    widths = _widths(header, [max(map(len, column)) for column in zip(*cells, strict=True)])
    first, *others = (_line(row, widths) for row in cells)
    return [_styled(first, _BOLD, colour), *others]


def _widths(header: tuple[str, ...], widths: list[int]) -> list[int]:
    """The widths of the columns; what people choose by is kept whole, the rest is shortened to fit."""
    for name, least in _SHORTENED.items():
        if name not in header:
            continue
        over = sum(widths) + len(_GAP) * (len(widths) - 1) - WIDTH
        place = header.index(name)
        widths[place] = max(min(widths[place], least), widths[place] - max(0, over))
    return widths


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    return _GAP.join(map(_fitted, row, widths)).rstrip()


def _fitted(cell: str, width: int) -> str:
    return f"{cell if len(cell) <= width else cell[: width - 1] + '…':{width}}"


def _styled(text: str, style: str, colour: bool) -> str:
    return f"{style}{text}{_PLAIN}" if colour else text


def _reason(voice: Surveyed) -> str:
    return f"{voice.problem} ({voice.remedy})" if voice.remedy else voice.problem


def _said(how: str, name: str, why: str) -> list[str]:
    text = f"{printable(name)}: {how + ', because ' if how else ''}{printable(why)}"
    return textwrap.wrap(text, WIDTH, initial_indent=_GAP, subsequent_indent=_GAP * 2)
