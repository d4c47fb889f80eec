"""What changed in the sources of an episode since it was made.

In: what the ledger knows of it, what it would be now, and the store, whose records hold the requests
of then. Out: changes, each with the file it is in. A template, an entry of the lexicon or a pause
counts only if the script it gives is another one.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from .cover import TAG_PX, CoverRequest
from .covers import cover_request
from .deliver import Finished
from .entries import Entry
from .errors import BlobLost, ScriptError
from .kit import LEXICON, Kit
from .model import Blob, Music, Paper, Script, ScriptRequest, Value
from .recipe import DRAW, MASTER, SCRIPT, TAG, script_request, sound_numbers
from .store import Step, Store
from .synthesis.voices import Voice

__all__ = ["Change", "Comparison", "Stage"]

Stage = Literal["script", "synthesis", "assembly", "tagging"]

_SHOW = "show.yaml"
_LONGEST = 60
"""Characters of a value that is shown; of a longer one, the beginning."""


class Change(Struct, frozen=True, kw_only=True):
    """Something that is not as it was when an episode was made."""

    stage: Stage
    """The first that does something else because of it."""
    source: str
    """The file, or the voice, it is in."""
    what: str = ""
    """Such as "words_per_minute 175 -> 160"; "" if the texts say it."""
    old: str = ""
    new: str = ""
    """The texts, where it is a text that changed."""

    def __str__(self) -> str:
        """In a few words."""
        return f"{self.source}: {self.what}" if self.what else f"{self.source} changed"


class Comparison:
    """Then and now, for the episodes of one run."""

    def __init__(self, kit: Kit, store: Store) -> None:
        self._kit = kit
        self._store = store
        self._templates: dict[Any, tuple[Change, ...]] = {}

    def changes(
        self, before: Finished, path: Path, paper: Paper, script: Script, picture: Blob | None
    ) -> tuple[Change, ...]:
        """All changes, in the order of the stages.

        path: of the paper, as it is to be named.  picture: the paper's own cover, if it has one.
        """
        of_script = self._of_script(before, str(path), paper, script)
        of_voices = self._of_voices(before, paper, script)
        of_cover = self._of_cover(before, paper, picture)
        return (*of_script, *of_voices, *self._of_sound(before), *of_cover)

    def script_of(self, before: Finished) -> Script | None:
        """What an episode says, as it was made; None if the store has forgotten it."""
        return self._store.recall(SCRIPT, before.keys.get(SCRIPT.name, ""))

    def _of_script(self, before: Finished, path: str, paper: Paper, script: Script) -> Iterator[Change]:
        asked = self._store.asked(SCRIPT, before.keys.get(SCRIPT.name, ""))
        if asked is None:
            yield Change(stage="script", source="what it was made from then", what="is not known")
            return
        (version, then), now = asked, script_request(paper, self._kit)
        said = self.script_of(before)
        stage: Stage = "tagging" if said == script else "script"
        if then.paper != now.paper:
            yield Change(stage=stage, source=path, old=_paper_text(then.paper), new=_paper_text(now.paper))
        yield from _of_fields(stage, _SHOW, then.show, now.show)
        if said == script:
            return
        if version != SCRIPT.version:
            yield _newer("script", version, SCRIPT)
        if then.template != now.template:
            yield Change(stage="script", source=_SHOW, what=_moved("template", then.template, now.template))
        yield from self._of_templates(then, now)
        yield from _of_lexicon(then.lexicon, now.lexicon, (said, script))
        yield from _of_fields("script", _SHOW, then.pauses, now.pauses, "pauses.")
        if then.speakers != now.speakers:
            yield Change(stage="script", source=_SHOW, what=_moved("cast", then.speakers, now.speakers))

    def _of_templates(self, then: ScriptRequest, now: ScriptRequest) -> tuple[Change, ...]:
        if then.templates == now.templates:
            return ()
        key = (then.template, now.template, *((name, blob.sha256) for name, blob in then.templates.items()))
        if key not in self._templates:
            self._templates[key] = tuple(self._template_changes(then, now))
        return self._templates[key]

    def _template_changes(self, then: ScriptRequest, now: ScriptRequest) -> Iterator[Change]:
        from .script.templates import reached  # Jinja2 is loaded only where a template changed

        old, new = self._texts(then.templates), self._texts(now.templates)
        try:
            used = reached(then.template, old) | reached(now.template, new)
        except ScriptError:  # it could be read then; this version of the program knows better
            used = frozenset(old) | frozenset(new)
        for name in sorted(used):
            if old.get(name) != new.get(name):
                source = f"scripts/{name}"
                yield Change(stage="script", source=source, old=old.get(name, ""), new=new.get(name, ""))

    def _texts(self, templates: dict[str, Blob]) -> dict[str, str]:
        texts = {}
        for name, blob in templates.items():
            try:
                texts[name] = self._store.path(blob).read_text(encoding="utf-8")
            except BlobLost:
                texts[name] = ""
        return texts

    def _of_voices(self, before: Finished, paper: Paper, script: Script) -> Iterator[Change]:
        changes: dict[str, Change] = {}
        then, now = before.voices, self._kit.heard_in(script, paper)
        same_text = self.script_of(before) == script  # else who is new to it, or gone, is so by its text
        for role in {**now, **then}:
            old, new = (it.get(role) or (it.get("host") if same_text else None) for it in (then, now))
            if old and new:
                changes |= {str(change): change for change in _of_voice(role, old, new)}
        yield from changes.values()

    def _of_sound(self, before: Finished) -> Iterator[Change]:
        if asked := self._store.asked(MASTER, before.keys.get(MASTER.name, "")):
            version, mastering = asked
            if version != MASTER.version:
                yield _newer("assembly", version, MASTER)
            for name, now in sound_numbers(self._kit.show).items():
                if (then := getattr(mastering, name)) != now:
                    yield Change(stage="assembly", source=_SHOW, what=_of_level(name, then, now))
            yield from _of_music(mastering.music, self._kit.music)
        if tagged := self._store.asked(TAG, before.keys.get(TAG.name, "")):
            version = tagged[0]
            if version != TAG.version:
                yield _newer("tagging", version, TAG)

    def _of_cover(self, before: Finished, paper: Paper, picture: Blob | None) -> Iterator[Change]:
        if asked := self._store.asked(DRAW, before.keys.get(DRAW.name, "")):
            version, then = asked
            if version != DRAW.version:
                yield _newer("tagging", version, DRAW)
            source = (paper.cover if picture else None) or f"scripts/{self._kit.show.cover}"
            yield from _of_drawing(then, cover_request(paper, self._kit, TAG_PX, picture), source)


def _of_drawing(then: CoverRequest, now: CoverRequest, source: str) -> Iterator[Change]:
    """What is not in the words of a cover, whose changes are told with the paper and the show."""
    if then.picture and now.picture and then.picture != now.picture:
        yield Change(stage="tagging", source=source)
    elif then.picture != now.picture or bool(then.category) != bool(now.category):
        kinds = ("own" if it.picture else "drawn" if it.category else "the show's" for it in (then, now))
        yield Change(stage="tagging", source="the cover", what=" -> ".join(kinds))
    elif then.has_cjk != now.has_cjk:
        what = "installed" if now.has_cjk else "not installed any more"
        yield Change(stage="tagging", source="the extra `fonts`", what=what)


def _of_voice(role: str, then: Voice, now: Voice) -> Iterator[Change]:
    if then.name != now.name:
        source = "voice" if role == "host" else f"voice of {role}"
        yield Change(stage="synthesis", source=source, what=f"{then.name} -> {now.name}")
        return
    source = f"voice {now.name}"
    for name in ("engine", "identity", "takes_phonemes"):
        if getattr(then, name) != getattr(now, name):
            what = _moved(name, getattr(then, name), getattr(now, name))
            yield Change(stage="synthesis", source=source, what=what)
    for name in {**then.options, **now.options}:
        if then.options.get(name) != now.options.get(name):
            what = _moved(name, then.options.get(name), now.options.get(name))
            yield Change(stage="synthesis", source=source, what=what)
    for name in {**then.files, **now.files}:
        if then.files.get(name) != now.files.get(name):
            yield Change(stage="synthesis", source=f"voices/{name}")
    if then.pause_percent != now.pause_percent:
        what = _moved("pause_percent", then.pause_percent, now.pause_percent)
        yield Change(stage="assembly", source=source, what=what)
    if then.spoken_by != now.spoken_by:
        yield Change(stage="tagging", source=source, what=f"{then.spoken_by} -> {now.spoken_by}")


def _of_lexicon(
    then: dict[str, Entry], now: dict[str, Entry], scripts: tuple[Script | None, Script]
) -> Iterator[Change]:
    """The entries that changed and are of words that the episode has."""
    changed = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    if not changed:
        return
    lines = (line for script in scripts if script for line in script.lines)
    text = " ".join(line.sentence.written for line in lines)
    for name in changed:
        if not re.search(rf"(?<!\w){re.escape(name)}", text, re.IGNORECASE):
            continue
        what = _moved(name, _said(then.get(name)), _said(now.get(name)))
        yield Change(stage="script", source=LEXICON.as_posix(), what=what)


def _said(entry: Entry | None) -> str | None:
    if entry is None:
        return None
    parts = {"": entry.say, "sound ": entry.sound, "ipa ": entry.ipa}
    return ", ".join(f"{name}{text}" for name, text in parts.items() if text)


def _of_fields(stage: Stage, source: str, then: Value, now: Value, prefix: str = "") -> Iterator[Change]:
    for name in now.__struct_fields__:
        old, new = getattr(then, name), getattr(now, name)
        if old != new:
            yield Change(stage=stage, source=source, what=_moved(prefix + name, old, new))


def _of_music(then: Music | None, now: Music | None) -> Iterator[Change]:
    """What is another piece of music, or heard in another way."""
    for name in Music.__struct_fields__:
        old, new = getattr(then, name, None), getattr(now, name, None)
        if name == "sections" or old == new:
            continue
        if isinstance(old, Blob) and isinstance(new, Blob):
            yield Change(stage="assembly", source=f"the music of {name}")
        else:
            old, new = ("a file" if isinstance(value, Blob) else value for value in (old, new))
            yield Change(stage="assembly", source=_SHOW, what=_moved(f"music.{name}", old, new))


def _of_level(name: str, then: int | None, now: int | None) -> str:
    """A number of a MasterRequest, named and counted as in show.yaml."""
    unit = {"target_mlufs": "target_lufs", "ceiling_mdbtp": "ceiling_dbtp"}.get(name)
    old, new = (value / 1000 if unit and value is not None else value for value in (then, now))
    return _moved(f"sound.{unit or name}", old, new)


def _newer(stage: Stage, then: int, step: Step[Any, Any]) -> Change:
    return Change(stage=stage, source=f"the {step.name} step", what=_moved("version", then, step.version))


def _moved(name: str, old: object, new: object) -> str:
    return f"{name} {_short(old)} -> {_short(new)}"


def _short(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    text = "none" if value is None or value == "" else " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _paper_text(paper: Paper) -> str:
    """A paper as text, one line a key, for a diff."""
    facts = msgspec.to_builtins(paper)
    summary = facts.pop("summary")
    return "\n".join([*(f"{name}: {value}" for name, value in facts.items() if value), summary])
