"""Publishes a show: makes what is not up to date, writes feed and site, verifies them, puts them in place.

    make ──> verify ──> show.lock.yaml ──> output/site/, output/feed.xml ──> verify ──> publishers

Nothing is put anywhere that `verify` refuses. A feed never names a file that is not there yet: media come
first and the feed last, here and at every publisher, and what changes gets another name.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from .backlog import make
from .batch import Batch
from .covers import site_requests
from .deliver import Finished, is_intact, known
from .errors import PublishError, SettingsError
from .execute import Opener, open_executor
from .files import os_errors_said, replace_file
from .findings import Finding, weighed
from .model import Paper
from .plugins import find
from .publish import (
    Content,
    Edition,
    Heard,
    Kept,
    PublishedEpisode,
    SiteFiles,
    media_of,
    published,
    site_files,
)
from .publish.design import read_design
from .publish.notes import notes_writer
from .publish.publishers import Change, Target, put_in_place
from .recipe import DRAW
from .run import Failure, Options, Ready, Watcher
from .settings import place_of
from .show import Show, load_show
from .showlock import ShowLock, read_lock, write_lock
from .transcript import Transcript
from .verify import verify_site
from .verifying import Verified, verify_episodes

__all__ = ["Publication", "PublishOptions", "publish"]


class PublishOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What one publication should do."""

    executor: str | None = None
    """As in batch.Options; episodes are verified on this computer."""
    dry_run: bool = False
    """Say what would be done with the episodes that are finished, and do none of it."""
    voice: str | None = None
    """A profile for every episode, in place of the show's and the papers' own."""


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """What a publication did, or would do."""

    feed: str
    """Path below the show's folder."""
    site: str
    episodes: tuple[str, ...]
    """Slugs of all that is published, the latest first."""
    new: tuple[str, ...]
    """Those that were not published before."""
    left: tuple[str, ...]
    """Those that were, and are no more: papers that are gone, drafts again, or dated in the future."""
    kept_back: dict[str, str]
    """Slug → why it is not published."""
    failed: tuple[Failure, ...]
    findings: tuple[Finding, ...]
    changes: dict[str, tuple[Change, ...]]
    """Publisher and target → what was done there; nothing where a finding is an error."""


class _Issue(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to publish."""

    run: Batch
    episodes: dict[str, tuple[Ready, Finished]]
    """By slug."""
    kept_back: dict[str, str]
    failed: tuple[Failure, ...]

    @property
    def show(self) -> Show:
        """Whose episodes they are."""
        return self.run.sources.show


@os_errors_said("cannot be used")
def publish(
    root: Path, options: PublishOptions, watcher: Watcher, opener: Opener = open_executor
) -> Publication:
    """Publish the show in `root`.

    Raises PaperledgeError for what concerns the whole show: settings, a template of the site, a number
    that two papers claim, an episode that was published and cannot be made any more.
    """
    targets = _targets(root)
    now = dt.datetime.now(dt.UTC)
    before = read_lock(root)
    issue = _gathered(root, options, watcher, opener, now)
    unfit = () if options.dry_run else _unfit(root, issue, options, opener)
    issue = _without(issue, unfit, before)
    lock = before.with_new((item.paper for item, _ in issue.episodes.values()), issue.show.feed.url)
    if not options.dry_run and write_lock(root, lock):
        issue = _gathered(root, options, Watcher(), opener, now)  # what got a number is tagged with it
        issue = _without(issue, unfit, before)
    edition, files = _edition(root, issue, lock)
    with _folder(root, dry_run=options.dry_run) as site:
        _write(site, files)
        # What is new gets its number, and so its tags, only when it is published.
        seen = () if options.dry_run else verify_site(site, issue.show.feed, lock, now)
        findings = weighed(seen, issue.show.severity)
        refused = any(finding.is_error for finding in findings)
        changes = {
            name: put_in_place(site, target, dry_run=options.dry_run)
            for name, target in targets.items()
            if not refused
        }
    feed = issue.show.feed.url.rsplit("/", 1)[1]
    if not options.dry_run:
        _write_file(root / "output" / feed, files[feed])
    slugs = tuple(episode.paper.slug for episode in edition.episodes)
    return Publication(
        feed=f"output/{feed}",
        site="output/site",
        episodes=slugs,
        new=tuple(slug for slug in slugs if slug not in before.episodes),
        left=tuple(slug for slug in before.episodes if slug not in slugs),
        kept_back=issue.kept_back,
        failed=issue.failed,
        findings=(*(finding for each in unfit for finding in each.findings), *findings),
        changes=changes,
    )


def _unfit(root: Path, issue: _Issue, options: PublishOptions, opener: Opener) -> tuple[Verified, ...]:
    """The episodes whose files are not what they should be."""
    verified = verify_episodes(
        root, issue.episodes, Watcher(), executor=options.executor or "local", opener=opener
    )
    return tuple(each for each in verified if any(finding.is_error for finding in each.findings))


def _without(issue: _Issue, unfit: tuple[Verified, ...], lock: ShowLock) -> _Issue:
    """Set episodes aside that must not be heard. Raises PublishError for one that listeners have already."""
    errors = {each.slug: next(it for it in each.findings if it.is_error) for each in unfit}
    for slug, finding in errors.items():
        if slug in lock.episodes:
            what = f"an episode that was published is not what it should be: {finding.code}, {finding.what}"
            raise PublishError(what, where=finding.where, hint=finding.remedy)
    episodes = {slug: episode for slug, episode in issue.episodes.items() if slug not in errors}
    if not episodes and errors:
        raise PublishError("no episode is what it should be", where="output/episodes", hint="make verify")
    aside = {slug: f"{finding.code}, {finding.what}" for slug, finding in errors.items()}
    return msgspec.structs.replace(issue, episodes=episodes, kept_back={**issue.kept_back, **aside})


def _targets(root: Path) -> dict[str, Target]:
    """Publisher and text of show.yaml → target. Raises SettingsError, placed, PluginError or ExtraMissing."""
    path, targets = root / "show.yaml", {}
    for entry in load_show(root).publish:
        if len(entry) != 1:
            hint = "such as `- folder: /srv/www`, one a line"
            raise SettingsError(
                "each of `publish` is one publisher and its target",
                where=place_of(path, "publish"),
                hint=hint,
            )
        ((name, text),) = entry.items()
        targets[f"{name}: {text}"] = find("publishers", name)(text)
    return targets


def _gathered(
    root: Path, options: PublishOptions, watcher: Watcher, opener: Opener, now: dt.datetime
) -> _Issue:
    """The finished episodes of all papers that are due, made if need be."""
    asked = Options(executor=options.executor, voice=options.voice)
    run = Batch(root, asked, watcher, opener)
    ready = run.each(run.found(run.chosen()), run.read)
    kept_back = {item.paper.slug: why for item in ready if (why := _kept_back(item.paper, now))}
    due = [item for item in ready if item.paper.slug not in kept_back]
    failed = run.failed()
    if due and not options.dry_run:
        papers = tuple(str(item.path.absolute()) for item in due)
        report = make(root, msgspec.structs.replace(asked, papers=papers), watcher, opener)
        failed = (*failed, *report.failed)
    episodes = {}
    for item in due:
        finished = known(run.ledger, item.paper.slug)
        if finished and is_intact(finished, run.episodes):
            episodes[item.paper.slug] = item, finished
    _refuse_lost(run.sources.lock, failed)
    _refuse_stand_ins(finished for _, finished in episodes.values())
    if not episodes:
        hint = "write a paper, or look at their dates" if not options.dry_run else "make the episodes first"
        raise PublishError("there is no episode to publish", where=str(root / "papers"), hint=hint)
    return _Issue(run=run, episodes=episodes, kept_back=kept_back, failed=failed)


def _kept_back(paper: Paper, now: dt.datetime) -> str:
    """Why a paper's episode is not published; "" if it is."""
    if paper.publish == "draft":
        return "`publish: draft`"
    return f"its date, {paper.date}, is in the future" if paper.date > now.date() else ""


def _refuse_lost(lock: ShowLock, failed: tuple[Failure, ...]) -> None:
    """An episode that listeners have must not vanish because of a slip in its paper."""
    lost = [failure for failure in failed if Path(failure.paper).stem in lock.episodes]
    if lost:
        error = PublishError(
            "an episode that was published cannot be made any more",
            where=lost[0].paper,
            hint="mend the paper, or delete it to take its episode out of the feed",
        )
        error.others = tuple(PublishError(text) for failure in lost for text in failure.errors)
        raise error


def _refuse_stand_ins(episodes: Iterable[Finished]) -> None:
    """What another voice said because the show's was not here is not published by accident."""
    for finished in episodes:
        for voice in finished.voices.values():
            if voice.instead_of:
                hint = "install what the voice needs, or choose this one: publish --voice NAME"
                what = f"is spoken by {voice.name!r} instead, because {voice.instead_of}"
                raise PublishError(what, where=finished.mp3, hint=hint)


def _edition(root: Path, issue: _Issue, lock: ShowLock) -> tuple[Edition, SiteFiles]:
    """What is published, and all its files."""
    show, design = issue.show, read_design(root / "scripts" / "site")
    write_notes = notes_writer(show.facts, design)
    (cover, thumbnail), pictures = _pictures(issue)
    episodes: list[PublishedEpisode] = []
    media: SiteFiles = {}
    for (slug, (item, finished)), drawn in zip(issue.episodes.items(), pictures, strict=True):
        mp3 = root / finished.mp3
        transcript = msgspec.json.decode(mp3.with_suffix(".json").read_bytes(), type=Transcript)
        heard = Heard(Kept(mp3, finished.digests[mp3.name]), transcript, finished.spoken_by, *drawn)
        episode, files = published(item.paper, lock.episodes[slug], heard, write_notes)
        episodes.append(episode)
        media |= files
    cover_file, cover_media = media_of("show", "cover", cover)
    thumbnail_file, thumbnail_media = media_of("show", "thumbnail", thumbnail)
    edition = Edition(
        show=show.facts,
        feed=show.feed,
        guid=lock.guid(show.feed.url),
        base=show.feed.url.rsplit("/", 1)[0] + "/",
        cover=cover_file,
        thumbnail=thumbnail_file,
        episodes=tuple(sorted(episodes, key=lambda each: (each.published, each.number), reverse=True)),
    )
    return edition, site_files(edition, design, media | cover_media | thumbnail_media)


def _pictures(issue: _Issue) -> tuple[tuple[Kept, Kept], list[tuple[Kept, Kept]]]:
    """Cover and thumbnail of the show, and of each episode; drawn if the store lacks them."""
    with issue.run.bench() as bench:
        kit = issue.run.kit(bench.store)
        items = [item for item, _ in issue.episodes.values()]
        own = [bench.store.keep_copy(item.cover) if item.cover else None for item in items]
        requests = site_requests(kit, zip((item.paper for item in items), own, strict=True))
        blobs = [drawn.jpeg for drawn in bench.each(DRAW, requests)]
        kept = [Kept(bench.store.path(blob), blob.sha256) for blob in blobs]
    pairs = list(zip(kept[::2], kept[1::2], strict=True))
    return pairs[0], pairs[1:]


@contextmanager
def _folder(root: Path, *, dry_run: bool) -> Iterator[Path]:
    """Where the site is written: a folder that is gone afterwards, if it is only to be looked at."""
    if not dry_run:
        yield root / "output" / "site"
        return
    with TemporaryDirectory() as folder:
        yield Path(folder)


def _write(site: Path, files: SiteFiles) -> None:
    """Bring a folder to hold these files and no others, writing only what changes, in their order."""
    for path, content in files.items():
        _write_file(site / path, content, by_name=path.startswith("media/"))
    wanted = {site / path for path in files}
    for there in sorted(site.rglob("*"), reverse=True):
        if there.is_dir() and not there.is_symlink():
            if not any(there.iterdir()):
                there.rmdir()
        elif there not in wanted:
            there.unlink()


def _write_file(path: Path, content: Content, *, by_name: bool = False) -> None:
    """Write a file unless it holds that content. by_name: the name stands for it, and its size has to fit."""
    if path.is_file():
        size_bytes = content.stat().st_size if isinstance(content, Path) else len(content)
        if path.stat().st_size == size_bytes and (by_name or path.read_bytes() == content):
            return
    replace_file(path, content)
