"""Everything wrong with settings, templates, voices and papers, before a second of audio."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from .covers import read_picture
from .errors import PaperError, PaperledgeError
from .kit import SITE, Sources, read_music, read_sources
from .model import Paper, ScriptRequest
from .paper import read_paper
from .recipe import refuse_unfit
from .selection import select_papers
from .synthesis.voices import choose_voice, is_fault, own_voice, profile_names

__all__ = ["check"]


def check(root: Path, patterns: tuple[str, ...]) -> tuple[int, list[PaperledgeError]]:
    """How many papers were looked at, and every fault found, each placed.

    patterns: paths, globs or slugs; all papers if empty. Raises PaperledgeError if the show itself
    cannot be read.
    """
    sources = read_sources(root)
    paths = select_papers(root, patterns)
    faults = [
        *_of_templates(sources),
        *_of_site(root / SITE),
        *_caught(sources.read_lexicon),
        *_of_voices(sources),
        *_of_music(sources),
        *_caught(sources.check_cover),
        *_of_names(paths),
    ]
    for path in paths:
        faults += _of_paper(path, sources)
    return len(paths), list({str(fault): fault for fault in faults}.values())


def _caught(do: Callable[[], object]) -> list[PaperledgeError]:
    try:
        do()
    except PaperledgeError as error:
        return [error, *error.others]
    return []


def _of_templates(sources: Sources) -> list[PaperledgeError]:
    from .script.templates import faults_of, missing_template  # Jinja2 is loaded only here

    faults: list[PaperledgeError] = []
    for name in sources.templates:
        faults += faults_of(name, sources.templates)
    if sources.show.template not in sources.templates:
        faults.append(missing_template(sources.show.template, sources.templates, "show.yaml"))
    return faults


def _of_site(folder: Path) -> list[PaperledgeError]:
    """What is wrong with the templates of the pages; a show that is not published needs none."""
    from .publish.design import read_design  # Jinja2 is loaded only here
    from .publish.site import faults_of

    faults: list[PaperledgeError] = []
    if folder.is_dir():
        faults += _caught(lambda: faults.extend(faults_of(read_design(folder))))
    return faults


def _of_voices(sources: Sources) -> list[PaperledgeError]:
    """The show's voices must speak here; a profile that nothing asks for must only be well written."""
    folder = sources.root / "voices"
    wanted = {sources.show.voice, sources.show.draft_voice, *sources.show.other_voices}
    faults: list[PaperledgeError] = []
    profiles = profile_names(folder)
    for name in sorted(wanted | {*profiles}):
        faults += filter(is_fault, _caught(partial(own_voice, name, folder)) if name in profiles else [])
        faults += _caught(partial(sources.voice, name)) if name in wanted else []
    return faults


def _of_music(sources: Sources) -> list[PaperledgeError]:
    faults: list[PaperledgeError] = []
    for key in sources.show.music.files:
        faults += _caught(partial(read_music, sources, key))
    return faults


def _of_names(paths: tuple[Path, ...]) -> list[PaperledgeError]:
    first: dict[str, Path] = {}
    return [
        PaperError(
            f"has the same name as {first[path.stem.lower()]}", where=str(path), hint="rename one of them"
        )
        for path in paths
        if first.setdefault(path.stem.lower(), path) is not path
    ]


def _of_paper(path: Path, sources: Sources) -> list[PaperledgeError]:
    papers: list[Paper] = []
    faults = _caught(lambda: papers.append(read_paper(path, limit_words=sources.show.limits.words)))
    for paper in papers:
        faults += _of_choices(path, paper, sources)
        faults += _caught(partial(read_picture, paper, path, sources.root / "papers"))
    return faults


def _of_choices(path: Path, paper: Paper, sources: Sources) -> list[PaperledgeError]:
    """The voice and the running order a paper asks for, and what it would say."""
    faults: list[PaperledgeError] = []
    if paper.voice:
        found = _caught(partial(choose_voice, paper.voice, sources.root / "voices"))
        faults += [PaperError(fault.what, where=str(path), hint=fault.hint) for fault in found]
    if paper.template and paper.template not in sources.templates:
        faults.append(PaperError(f"there is no template {paper.template!r}", where=str(path)))
    else:
        faults += _caught(partial(_rehearse, paper, sources))
    return [*faults, *_caught(partial(refuse_unfit, paper, sources.show))]


def _rehearse(paper: Paper, sources: Sources) -> None:
    from .script.templates import render  # Jinja2 is loaded only here

    show = sources.show
    template = paper.template or show.template
    render(
        ScriptRequest(
            paper=paper,
            show=show.facts,
            template=template,
            templates={},
            lexicon={},
            speakers=(),
            pauses=show.pauses,
        ),
        sources.templates,
    )
