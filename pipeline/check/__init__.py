"""Everything wrong with a show and its papers, before a second of audio.

    show.yaml, scripts/, voices/ ── faults ──┐
    papers/*.md ── facts, neighbours ────────┼──>  findings, each with a code and a place
    scripts, as they would be said ── spoken ┘

Scripts are written through the store, so that a second look costs little, and `make` finds them there. A show
may weigh each finding as it likes; codes are explained in docs/findings.md.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from msgspec import structs

from ..bench import Bench
from ..covers import read_picture
from ..errors import PaperError, PaperledgeError, SettingsError
from ..execute import open_executor
from ..files import os_errors_said
from ..findings import Finding, weighed
from ..kit import Sources, prepare, read_sources
from ..model import Paper, Script, ScriptRequest
from ..paper import find_papers, read_paper, slug_of
from ..recipe import do_job, refuse_unfit, write_script
from ..script import plain_text
from ..selection import select_papers
from ..shared import store_of
from ..show import find_show, load_show
from ..synthesis.voices import choose_voice
from ..textfile import read_text
from ..verify.rules import RULES as RULES_OF_SITES
from .facts import RULES_OF_FACTS
from .faults import caught, of_severity, of_sources, of_unread, other_voice
from .neighbours import claims, likenesses, renamings
from .page import Page, page_of, said_of
from .rules import RULES, coded, exit_code_of, found
from .spoken import RULES_OF_SPEECH, Speech

__all__ = ["RULES", "check", "exit_code_of"]

_KEY = re.compile(r"(?:the key )?'(title|authors|date)'(?: is missing|:)")
"""How the loader's messages begin that are about these keys of a paper."""
_TEXTS = frozenset(".docx .htm .html .markdown .md .odt .org .pdf .rst .rtf .tex .text .txt".split())
_CODES = {"title": "PAPR102", "authors": "PAPR102", "date": "PAPR103"}

Scribe = Callable[[Paper], Script | None]
"""Writes a paper's script; None if it could only be rehearsed."""


@os_errors_said("cannot be used")
def check(root: Path, patterns: tuple[str, ...]) -> tuple[int, tuple[Finding, ...]]:
    """How many papers were looked at, and every finding, as the show weighs it.

    patterns: paths, globs or slugs; all papers if empty. Raises PaperledgeError if there is no show, if
    a pattern names no paper, or if the store cannot be used.
    """
    find_show(root)
    try:
        show = load_show(root)
    except SettingsError as error:
        return 0, tuple(coded("SHOW101", each) for each in (error, *error.others))
    try:
        sources = read_sources(root)
    except PaperledgeError as error:
        unread = of_unread(root, show)
        return 0, weighed(unread or [coded("SHOW101", error)], show.severity)
    paths = select_papers(root, patterns)
    findings = [*of_severity(root, show, RULES | RULES_OF_SITES), *of_sources(sources), *_of_names(paths)]
    if not patterns:
        findings += _of_other_texts(root / "papers")
    pages: list[Page] = []
    with _scribe(sources, findings) as write:
        for path in paths:
            findings += _of_paper(path, sources, write, pages)
    findings += _of_backlog(pages, sources)
    return len(paths), weighed(_each_once(findings), show.severity)


def _each_once(findings: Iterable[Finding]) -> Iterable[Finding]:
    """What is found in several ways, such as a template's fault in every paper, under its first code."""
    first: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        first.setdefault((finding.where, finding.what), finding)
    return first.values()


def _of_names(paths: tuple[Path, ...]) -> Iterator[Finding]:
    first: dict[str, Path] = {}
    for path in paths:
        if (other := first.setdefault(path.stem.lower(), path)) is not path:
            yield found("PAPR104", str(path), f"has the same name as {other}")


def _of_other_texts(folder: Path) -> Iterator[Finding]:
    """Files that somebody may take for papers; pictures of papers are beside them as well."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in _TEXTS or path.suffix == ".md" or not path.is_file():
            continue
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield found("PAPR126", str(path), f"{path.suffix} is not read")


@contextmanager
def _scribe(sources: Sources, findings: Iterable[Finding]) -> Iterator[Scribe]:
    """Writes scripts through the store, but not with templates or a lexicon that are wrong."""
    if any(finding.code.startswith(("TMPL102", "LEXI101")) for finding in findings):
        yield partial(_rehearsed, sources=sources)
        return
    store = store_of(sources.root, sources.show.store)
    bare = structs.replace(sources, show=structs.replace(sources.show, cover=None))  # covers say nothing
    with store.in_use(), open_executor("inline") as executor:
        kit, bench = prepare(bare, {}, store), Bench(store, executor, do_job)
        yield lambda paper: write_script(paper, kit, bench)


def _rehearsed(paper: Paper, sources: Sources) -> None:
    """Fill the running order with a paper. Raises ScriptError."""
    from ..script.templates import render  # Jinja2 is loaded only here

    request = ScriptRequest(
        paper=paper,
        show=sources.show.facts,
        template=paper.template or sources.show.template,
        templates={},
        lexicon={},
        speakers=(),
        pauses=sources.show.pauses,
    )
    render(request, sources.templates)


def _of_paper(path: Path, sources: Sources, write: Scribe, pages: list[Page]) -> list[Finding]:
    """Everything wrong with one paper, whose page joins the others if it can be read."""
    if misnamed := caught("PAPR105", partial(slug_of, path)):
        return misnamed
    try:
        page = _read(path, sources)
    except PaperError as error:
        return [coded(_code_of(each), each) for each in (error, *error.others)]
    pages.append(page)
    findings = caught("PAPR109", partial(sources.lock.numbered, page.paper, str(path)))
    findings += _of_choices(page, sources)
    of_text = [finding for rule in RULES_OF_FACTS for finding in rule(page)]
    if (page.paper.template or sources.show.template) in sources.templates:
        findings += caught("TMPL104", lambda: of_text.extend(_of_script(page, sources, write)))
    findings += caught("PAPR106", partial(refuse_unfit, page.paper, sources.show))
    findings += caught("ARTW102", partial(read_picture, page.paper, path, sources.root / "papers"))
    placed = [_placed(finding, page) for finding in findings]
    return [*placed, *sorted(of_text, key=_place)]


def _placed(finding: Finding, page: Page) -> Finding:
    """The finding at the paper's file, where its error knew only the paper's name."""
    return structs.replace(finding, where=page.where) if finding.where == page.paper.slug else finding


def _read(path: Path, sources: Sources) -> Page:
    """A paper's page. Raises PaperError."""
    paper = read_paper(path, limit_words=sources.show.limits.words)
    return page_of(str(path), read_text(path, PaperError, limit_bytes=path.stat().st_size + 1), paper)


def _code_of(error: PaperledgeError) -> str:
    key = _KEY.match(error.what)
    return _CODES[key[1]] if key else "PAPR101"


def _place(finding: Finding) -> tuple[int, ...]:
    return tuple(int(part) for part in finding.where.split(":")[1:] if part.isdigit())


def _of_choices(page: Page, sources: Sources) -> Iterator[Finding]:
    """The voice and the running order a paper asks for."""
    paper, where = page.paper, page.at_key("voice")
    if paper.voice:
        try:
            voice = choose_voice(paper.voice, sources.root / "voices")
        except PaperledgeError as error:
            for each in (error, *error.others):
                yield structs.replace(coded("PAPR107", each), where=where)
        else:
            yield from other_voice(voice, where)
    yield from caught("PAPR108", partial(sources.check_template_of, paper, Path(page.where)))


def _of_script(page: Page, sources: Sources, write: Scribe) -> Iterator[Finding]:
    """What is to be said of how a paper will be said. Raises ScriptError if it cannot be told."""
    paper, lock = page.paper, sources.lock
    known = lock.episodes.get(paper.slug)  # as `make` has it, so that it finds the script
    script = write(structs.replace(paper, episode=known.number, season=known.season) if known else paper)
    if script is None:
        return
    speech = Speech(page, script.lines, tuple(said_of(page, script)), plain_text(script), sources.show)
    for rule in RULES_OF_SPEECH:
        yield from rule(speech)


def _of_backlog(pages: list[Page], sources: Sources) -> Iterator[Finding]:
    """What papers share with any others of the backlog."""
    chosen = {page.where for page in pages}
    paths = find_papers(sources.root / "papers")
    others = (path for path in paths if str(path) not in chosen)
    every = [*pages, *(page for path in others for page in _readable(path, sources))]
    slugs = {path.stem for path in paths} | {page.paper.slug for page in pages}
    shared = (*claims(every, sources.lock), *renamings(every, slugs, sources.lock), *likenesses(every))
    for finding in shared:
        if re.sub(r"(:\d+)*$", "", finding.where) in chosen:
            yield finding


def _readable(path: Path, sources: Sources) -> Iterator[Page]:
    """The page of a paper; none of one that cannot be read, which is found where that paper is looked at."""
    with suppress(PaperledgeError):
        yield _read(path, sources)
