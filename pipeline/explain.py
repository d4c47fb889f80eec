"""What changed since episodes were made: `explain` tells one, stage by stage; `differences` all that is said.

What was is read from the store, whose records hold what was asked for, by the keys in the ledger;
what is now is written now. No audio is made.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from .batch import Batch
from .bench import Bench
from .changes import Change, Comparison, Stage
from .deliver import Finished
from .files import os_errors_said
from .kit import Kit
from .model import Line, Script, Tag
from .plan import CHANGED, NEVER
from .recipe import TAG, tags_of
from .run import Failure, Foreseen, Options, Ready, Watcher
from .selection import named

__all__ = ["Difference", "Explained", "differences", "explain"]

_STAGES: tuple[Stage, ...] = ("script", "synthesis", "assembly", "tagging")


class Explained(Struct, frozen=True, kw_only=True):
    """An episode, and what changed since it was made."""

    slug: str
    is_to_be_made: bool = False
    lines: int = 0
    """To be spoken."""
    joined: bool = False
    tagged: bool = False
    notes: tuple[str, ...] = ()
    """What is no change of its sources."""
    stages: dict[str, tuple[Change, ...]] = {}
    """Stage → what it was given then and is given now; stages that get the same are not there."""


class Difference(Struct, frozen=True, kw_only=True):
    """What an episode would say otherwise."""

    slug: str
    note: str = ""
    """Why there is no diff, if there is none."""
    lines: tuple[str, ...] = ()
    """A unified diff of sentences."""


@os_errors_said("cannot be used")
def explain(root: Path, options: Options) -> tuple[tuple[Explained, ...], tuple[Failure, ...]]:
    """Why each chosen episode would be made again, or that it would not.

    Raises PaperledgeError as `backlog.make` does, for what concerns all papers.
    """
    run = Batch(root, options, Watcher())
    reused, stale = run.sorted_out(run.chosen())
    explained = [Explained(slug=episode.slug) for episode in reused]
    if stale:
        with run.bench() as bench:
            kit, items = run.foreseen(stale, bench)
            explained += [_explained(item, root, kit, bench) for item in items]
    return tuple(sorted(explained, key=lambda episode: episode.slug)), run.failed()


def _explained(item: Foreseen, root: Path, kit: Kit, bench: Bench) -> Explained:
    if not item.is_to_be_made:
        return Explained(slug=item.paper.slug)
    changes: list[Change] = []
    if item.before:
        comparison = Comparison(kit, bench.store)
        path = named(item.path, root)
        changes += comparison.changes(item.before, path, item.paper, item.script, item.picture)
        changes += _of_speech(comparison.script_of(item.before), item)
        changes += _of_tags(item.before, item, kit, bench)
    by_stage = {stage: tuple(change for change in changes if change.stage == stage) for stage in _STAGES}
    return Explained(
        slug=item.paper.slug,
        is_to_be_made=True,
        lines=len(item.lines),
        joined=item.joined,
        tagged=item.tagged,
        notes=(NEVER,) if not item.before else () if item.is_intact else (CHANGED,),
        stages={stage: changes for stage, changes in by_stage.items() if changes},
    )


def _of_speech(then: Script | None, item: Foreseen) -> Iterator[Change]:
    """The lines that are said otherwise, and the pauses after those that are not."""
    if then is None:
        return
    old, new = ("\n".join(map(_said, script.lines)) for script in (then, item.script))
    if old != new:
        yield Change(stage="script", source="what is said", old=old, new=new)
    in_both = {_said(line) for line in then.lines} & {_said(line) for line in item.script.lines}
    old, new = (
        "\n".join(_paused(line) for line in script.lines if _said(line) in in_both)
        for script in (then, item.script)
    )
    if old != new:
        yield Change(stage="assembly", source="pauses, in ms, after each line", old=old, new=new)


def _of_tags(before: Finished, item: Foreseen, kit: Kit, bench: Bench) -> Iterator[Change]:
    """The tags that are others, but for the length, which is not known before."""
    asked = bench.store.asked(TAG, before.keys.get(TAG.name, ""))
    if asked is None:
        return
    old = _by_frame(asked[1].tags)
    new = _by_frame(tags_of(item.paper, item.script, kit, before.duration_ms, before.loudness))
    for name in {**old, **new}:
        if old.get(name, "") != new.get(name, ""):
            yield Change(stage="tagging", source=f"tag {name}", old=old.get(name, ""), new=new.get(name, ""))


def _by_frame(tags: tuple[Tag, ...]) -> dict[str, str]:
    return {f"{tag.frame} {tag.description}".strip(): tag.text for tag in tags}


def _said(line: Line) -> str:
    """A line by who says it, and how words of it sound that a lexicon knows."""
    tokens = line.sentence.tokens
    sounds = [f"{token.spoken}: {token.sound or token.ipa}" for token in tokens if token.sound or token.ipa]
    speaker = f"{line.speaker}: " if line.speaker else ""
    return speaker + line.sentence.spoken + (f" [{', '.join(sounds)}]" if sounds else "")


def _paused(line: Line) -> str:
    return f"{line.pause_after_ms}  {line.sentence.spoken}"


@os_errors_said("cannot be used")
def differences(root: Path, options: Options) -> tuple[tuple[Difference, ...], tuple[Failure, ...]]:
    """What the chosen episodes would say otherwise; those that say the same are not there.

    Raises PaperledgeError as `backlog.make` does, for what concerns all papers.
    """
    run = Batch(root, options, Watcher())
    _, stale = run.sorted_out(run.chosen())
    found: list[Difference | None] = []
    if stale:
        ready = run.each(stale, run.read)
        with run.bench() as bench:
            kit = run.kit(bench.store)
            comparison = Comparison(kit, bench.store)
            written = run.each(ready, lambda item: run.write(item, kit, bench))
            found = [_difference(item, item.script, comparison) for item in written]
    return tuple(one for one in found if one), run.failed()


def _difference(item: Ready, now: Script, comparison: Comparison) -> Difference | None:
    from difflib import unified_diff  # only where something may have changed

    slug = item.paper.slug
    if item.before is None:
        return Difference(slug=slug, note=f"{NEVER}, {len(now.lines)} lines")
    then = comparison.script_of(item.before)
    if then is None:
        return Difference(slug=slug, note="what it said is not in the store any more")
    old, new = ([_said(line) for line in script.lines] for script in (then, now))
    lines = unified_diff(old, new, f"{slug}, as it was made", f"{slug}, as it would be", lineterm="", n=1)
    return Difference(slug=slug, lines=tuple(lines)) if old != new else None
