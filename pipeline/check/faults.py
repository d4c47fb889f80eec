"""What `make` would stop at, for all papers: settings, templates, lexicon, voices, music and covers.

In: a show's folder, or what was read of it. Out: findings, with the words of the errors that a run would
end with. Nothing is rendered, spoken or drawn for them.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from ..errors import PaperledgeError, PluginError, UnknownPlugin, nearest
from ..findings import Finding
from ..kit import SITE, Sources, digest_cover, digest_music, read_music, read_templates
from ..settings import place_of
from ..show import Show
from ..showlock import read_lock
from ..synthesis.voices import Voice, is_fault, own_voice, profile_names
from .rules import coded, found

__all__ = ["caught", "of_severity", "of_sources", "of_unread", "other_voice"]


def caught(code: str, do: Callable[[], object]) -> list[Finding]:
    """What doing something raises, under one code; nothing if it is done."""
    return [coded(code, error) for error in raised(do)]


def raised(do: Callable[[], object]) -> list[PaperledgeError]:
    """What doing something raises: an error and all found with it."""
    try:
        do()
    except PaperledgeError as error:
        return [error, *error.others]
    return []


def of_unread(root: Path, show: Show) -> list[Finding]:
    """Why the files of a show cannot be read, its settings apart."""
    findings = caught("SHOW102", partial(read_lock, root))
    findings += caught("TMPL101", partial(read_templates, root / "scripts"))
    if show.cover:
        findings += caught("ARTW101", partial(digest_cover, root, show.cover))
    for key, name in show.music.files.items():
        findings += caught("MUSC101", partial(digest_music, root, key, name))
    return findings


def of_severity(root: Path, show: Show, known: Mapping[str, object]) -> Iterator[Finding]:
    """Codes in `severity` that there are not. known: those that there are."""
    for code in show.severity:
        if code not in known:
            where = place_of(root / "show.yaml", "severity", code)
            hint = nearest(code, tuple(known)).partition(" known: ")
            remedy = hint[0] if hint[1] else "docs/findings.md lists them all"
            yield found("SHOW103", where, f"there is no finding {code!r}", remedy)


def of_sources(sources: Sources) -> list[Finding]:
    """Everything wrong with what a show consists of beside its papers."""
    return [
        *_of_templates(sources),
        *_of_site(sources.root / SITE),
        *caught("LEXI101", sources.read_lexicon),
        *_of_voices(sources),
        *_of_music(sources),
        *caught("ARTW101", sources.check_cover),
    ]


def _of_templates(sources: Sources) -> list[Finding]:
    from ..script.templates import faults_of  # Jinja2 is loaded only here

    faults = [fault for name in sources.templates for fault in faults_of(name, sources.templates)]
    findings = [coded("TMPL102", fault) for fault in faults]
    return [*findings, *caught("TMPL103", sources.check_template)]


def _of_site(folder: Path) -> list[Finding]:
    """What is wrong with the templates of the pages; a show that is not published needs none."""
    from ..publish.design import read_design  # Jinja2 is loaded only here
    from ..publish.site import faults_of

    findings: list[Finding] = []
    if folder.is_dir():

        def look() -> None:
            findings.extend(coded("TMPL105", fault) for fault in faults_of(read_design(folder)))

        findings += caught("TMPL105", look)
    return findings


def _of_voices(sources: Sources) -> Iterator[Finding]:
    """The show's voices must speak here; a profile that nothing asks for must only be well written."""
    folder = sources.root / "voices"
    wanted = {sources.show.voice, sources.show.draft_voice, *sources.show.other_voices}
    profiles = profile_names(folder)
    for name in sorted(wanted | {*profiles}):
        if name in profiles:
            faults = filter(is_fault, raised(partial(own_voice, name, folder)))
            yield from (coded(_code_of(fault), fault) for fault in faults)
        if name in wanted:
            yield from _of_wanted(name, sources, is_there=name in profiles)


def _of_wanted(name: str, sources: Sources, *, is_there: bool) -> Iterator[Finding]:
    """Why a voice that the show asks for does not speak here, or another in its place."""
    profile = str(sources.root / "voices" / f"{name}.yaml")
    try:
        voice = sources.voice(name)
    except PaperledgeError as error:
        finding = coded(_code_of(error) if is_there else "VOIC103", error)
        yield finding if finding.where else replace(finding, where=profile if is_there else "show.yaml")
    else:
        yield from other_voice(voice, profile)


def other_voice(voice: Voice, where: str) -> Iterator[Finding]:
    """That a voice would speak in place of the one that is asked for; nothing if it is that one."""
    if voice.instead_of:
        what = f"{voice.name!r} would speak instead, because {voice.instead_of}"
        yield found("VOIC105", where, what)


def _code_of(error: PaperledgeError) -> str:
    """Under which code a voice's error goes."""
    if isinstance(error, UnknownPlugin):
        return "VOIC102"
    return "VOIC104" if isinstance(error, PluginError) else "VOIC101"


def _of_music(sources: Sources) -> Iterator[Finding]:
    for key in sources.show.music.files:
        yield from caught("MUSC101", partial(read_music, sources, key))
