"""Store care: what is damaged is found, what nothing needs goes, and what is needed stays."""

import json
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline import storecare
from pipeline.batch import Batch
from pipeline.cover import EPISODE_PX, SHOW_PX, THUMBNAIL_PX
from pipeline.covers import show_cover_request, site_requests
from pipeline.deliver import SUFFIXES
from pipeline.errors import PaperError, PaperledgeError, SettingsError, StoreError
from pipeline.recipe import DRAW
from pipeline.run import Options, Watcher
from pipeline.store import Store
from pipeline.storecare import KEEP_S, prune, verify, weigh

from .conftest import LittleShow
from .test_cli import run


def store_of(show: LittleShow) -> Store:
    return Store(show.root / "output/.store")


def entries(show: LittleShow) -> list[Path]:
    root = show.root / "output/.store"
    return [path for kind in ("records", "blobs") for path in sorted((root / kind).rglob("*.*"))]


def age(show: LittleShow) -> None:
    """Let two days pass."""
    for path in entries(show):
        os.utime(path, (path.stat().st_mtime - 2 * KEEP_S,) * 2)


def files(show: LittleShow) -> dict[str, bytes]:
    return {
        str(path.relative_to(show.root)): path.read_bytes()
        for place in ("episodes", "draft")
        for path in sorted((show.root / "output" / place).glob("*.*"))
    }


def test_a_store_that_is_whole_is_said_to_be(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    found = verify(store_of(show), read_data=True)
    assert found.damaged == ()
    assert found.records + found.blobs == len(entries(show))
    assert found.records >= 8  # a script, five lines, an assembly, a tagging


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda content: content[:-1],
    "emptied": lambda content: b"",
    "zeroed": lambda content: bytes(len(content)),
    "flipped": lambda content: bytes([content[0] ^ 1]) + content[1:],
    "flipped within": lambda content: (
        content[: len(content) // 2]
        + bytes([content[len(content) // 2] ^ 64])
        + content[len(content) // 2 + 1 :]
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_every_damaged_entry_is_found_said_and_made_again(show: LittleShow, damage: str) -> None:
    show.paper("one")
    show.make()
    before = files(show)
    for path in entries(show):
        content = path.read_bytes()
        if not content:
            continue
        path.write_bytes(DAMAGE[damage](content))
        found = verify(store_of(show), read_data=True)
        assert str(path) in [fault.path for fault in found.damaged if fault.removed], path
        assert not path.exists()
        assert verify(store_of(show), read_data=True).damaged == ()
        show.mp3("one").unlink()
        assert not show.make().failed
        assert files(show) == before
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


DAMAGE_OR_LOSS: dict[str, Callable[[bytes], bytes] | None] = {**DAMAGE, "deleted": None}


@pytest.mark.parametrize("damage", DAMAGE_OR_LOSS)
def test_the_next_run_says_what_it_finds_damaged_and_gives_the_same_bytes(
    show: LittleShow, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    show.paper("one")
    show.make()
    before = files(show)
    change = DAMAGE_OR_LOSS[damage]
    for path in entries(show):
        content = path.read_bytes()
        path.unlink()
        if change:
            path.write_bytes(change(content))
        show.mp3("one").unlink()
        caplog.clear()
        assert not show.make().failed
        assert files(show) == before
        deleted_record = damage == "deleted" and path.suffix == ".json"
        found = verify(store_of(show), read_data=True).damaged
        told = [f"{fault.path} {fault.what}" for fault in found]  # of what no step had to read
        assert all(path.name in text for text in told)
        assert told or deleted_record or path.suffix == ".j2" or path.name in caplog.text  # or from the show


def test_without_read_data_sizes_are_looked_at_only(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    wav, other = sorted((show.root / "output/.store/blobs").rglob("*.wav"))[:2]
    wav.write_bytes(DAMAGE["flipped"](wav.read_bytes()))
    assert verify(store_of(show)).damaged == ()
    other.write_bytes(DAMAGE["truncated"](other.read_bytes()))
    (clip,) = verify(store_of(show)).damaged
    assert clip.removed
    assert f"speaks of {other.name}, which is cut" in clip.what


def test_what_a_run_makes_meanwhile_is_not_damaged(show: LittleShow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the files and the records, a whole episode is made."""
    show.paper("one")
    show.make()
    records = storecare._records

    def after_a_run(store: Store) -> Iterator[Path]:
        show.paper("two", body="Something else.")
        assert len(show.make().made) == 1
        return records(store)

    monkeypatch.setattr(storecare, "_records", after_a_run)
    found = verify(store_of(show))
    assert (found.damaged, found.records >= 12) == ((), True)


def test_what_goes_while_it_is_weighed_weighs_nothing(
    show: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    show.paper("one")
    show.make()
    blobs = storecare._blobs
    gone = show.root / "output/.store/blobs/00" / f"{'0' * 64}.wav"
    monkeypatch.setattr(storecare, "_blobs", lambda store: iter([*blobs(store), gone]))
    assert sum(weight.blobs for weight in weigh(store_of(show))) == len(list(blobs(store_of(show))))


def test_a_record_under_the_name_of_another_is_found(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    one, other = sorted((show.root / "output/.store/records/synthesis").rglob("*.json"))[:2]
    shutil.copyfile(one, other)
    (fault,) = verify(store_of(show)).damaged
    assert (fault.path, fault.what) == (str(other), "is not the record that its name says")


def test_the_covers_of_feed_and_site_stay(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    run = Batch(show.root, Options(executor="inline"), Watcher())
    with run.bench() as bench:
        kit, (item,) = run.foreseen(run.found(run.chosen()), bench)
        covers = bench.each(DRAW, site_requests(kit, [(item.paper, item.picture)]))
        assert [cover.width_px for cover in covers] == [SHOW_PX, THUMBNAIL_PX, EPISODE_PX, THUMBNAIL_PX]
        bench.once(DRAW, show_cover_request(kit, 500))
    prune(show.root, store_of(show), apply=True, now=2**31 + 7 * KEEP_S)
    left = {path.name for path in (show.root / "output/.store/blobs").rglob("*.jpg")}
    assert {f"{cover.jpeg.sha256}.jpg" for cover in covers} < left
    assert len(left) == 5  # with the one in the tags, without the one that nothing asks for


def test_weights_add_up(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    weights = {weight.step: weight for weight in weigh(store_of(show))}
    assert list(weights) == ["script", "synthesis", "assembly", "artwork", "tagging", "sources"]
    assert weights["synthesis"].records == 5
    total = sum(weight.record_bytes + weight.blob_bytes for weight in weights.values())
    assert total == sum(path.stat().st_size for path in entries(show))
    assert weights["tagging"].blob_bytes >= show.mp3("one").stat().st_size


def test_what_todays_papers_reach_is_kept_in_both_places(show: LittleShow) -> None:
    show.write("voices/high.yaml", "engine: tone\noptions: {pitch_percent: 150}\n")
    show.write("voices/low.yaml", "engine: tone\noptions: {pitch_percent: 60}\n")
    show.edit("show.yaml", "voice: tone", "voice: high\ndraft_voice: tone")
    show.paper("one")
    show.paper("two", body="Something else.")
    show.make()
    show.make("two", voice="low")
    show.make(draft=True)
    age(show)
    doomed = prune(show.root, store_of(show), apply=True)
    assert (doomed.records, doomed.blobs, doomed.episodes) == ((), (), ())
    shutil.rmtree(show.root / "output/.store/ledger")
    for again in (show.make(), show.make("two", voice="low"), show.make(draft=True)):
        assert again.lines_spoken == 0


def test_a_dry_run_says_exactly_what_goes_and_deletes_nothing(show: LittleShow) -> None:
    show.paper("one", body="A first finding. Another one.")
    show.make()
    show.paper("one", body="A first finding.")
    show.make()
    age(show)
    before = {path: path.stat().st_size for path in entries(show)}
    dry = prune(show.root, store_of(show))
    assert {path: path.stat().st_size for path in entries(show)} == before
    wet = prune(show.root, store_of(show), apply=True)
    assert wet == dry
    gone = set(before) - set(entries(show))
    assert {str(path) for path in gone} == {*dry.records, *dry.blobs}
    assert sum(before[path] for path in gone) == dry.size_bytes > 0
    assert len(dry.records) == 4  # a line, and the first script, assembly and tagging
    before_files = files(show)
    shutil.rmtree(show.root / "output/episodes")
    assert show.make().lines_spoken == 0
    assert files(show) == before_files


def test_an_edit_that_was_not_made_yet_keeps_the_lines_that_it_will_need(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    show.edit("scripts/outro.j2", "Goodbye for now.", "Farewell.")
    age(show)
    prune(show.root, store_of(show), apply=True)
    assert (show.make().lines_spoken, show.make().lines_spoken) == (1, 0)


def test_what_is_young_stays(show: LittleShow) -> None:
    show.paper("one", body="A first finding. Another one.")
    show.make()
    show.paper("one", body="A first finding.")
    show.make()
    assert prune(show.root, store_of(show)).size_bytes == 0


def test_the_episode_of_a_paper_that_is_gone_is_named_and_deleted(show: LittleShow) -> None:
    show.paper("one")
    show.paper("two", body="Something else.")
    show.make()
    show.make(draft=True)
    (show.root / "papers/two.md").unlink()
    (show.root / "output/episodes/mine.mp3").write_text("put here by hand")
    names = {f"output/{place}/two{suffix}" for place in ("episodes", "draft") for suffix in SUFFIXES}
    done = run(show, "store", "prune")
    assert {line.split(":")[0] for line in done.stdout.splitlines() if "its paper is gone" in line} == names
    assert names < set(files(show))
    run(show, "store", "prune", "--apply")
    assert not names & set(files(show))
    assert "output/episodes/mine.mp3" in files(show)
    assert len(show.make().reused) == 1


def pruned_episodes(show: LittleShow) -> list[str]:
    """The finished files that an applied prune deletes, days after the last run."""
    age(show)
    gone = prune(show.root, store_of(show), apply=True).episodes
    return [Path(name).name for name in gone if ".store" not in Path(name).parts]


def test_the_episode_of_a_paper_elsewhere_stays_as_long_as_the_paper_may_be_there(show: LittleShow) -> None:
    folder = show.root.with_name("elsewhere")
    show.paper("one")
    paper = show.paper("two", body="Something else.")
    folder.mkdir()
    paper = paper.rename(folder / "two.md")
    show.make(str(paper))
    assert pruned_episodes(show) == []
    folder.rename(show.root.with_name("unplugged"))
    assert pruned_episodes(show) == []
    show.root.with_name("unplugged").rename(folder)
    show.mp3("two").unlink()
    assert show.make(str(paper)).lines_spoken == 0
    paper.unlink()
    assert pruned_episodes(show) == [f"two{suffix}" for suffix in SUFFIXES]


def test_a_paper_that_moved_is_not_gone(show: LittleShow) -> None:
    show.paper("one")
    paper = show.paper("two", body="Something else.")
    show.make()
    folder = show.root / "papers/2026"
    folder.mkdir()
    paper = paper.rename(folder / "two.md")
    assert pruned_episodes(show) == []
    assert show.make().gone == ()
    paper = paper.rename(show.root.with_name("two.md"))
    report = show.make(str(paper))
    assert ([episode.slug for episode in report.reused], report.gone) == (["two"], ())
    assert pruned_episodes(show) == []


def test_a_paper_that_was_renamed_leaves_an_episode_that_every_run_names(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    (show.root / "papers/one.md").rename(show.root / "papers/uno.md")
    for _ in range(2):
        told = run(show, "make").stdout
        assert "without a paper now, and kept until" in told
        assert "output/episodes/one.mp3" in told
    assert json.loads(run(show, "make", "--json").stdout)["gone"] == ["output/episodes/one.mp3"]
    assert pruned_episodes(show) == [f"one{suffix}" for suffix in SUFFIXES]
    assert "without a paper" not in run(show, "make").stdout
    assert show.make().lines_spoken == 0


def test_what_an_episode_was_made_of_stays_while_its_voice_cannot_be_had(show: LittleShow) -> None:
    show.paper("one")
    profile = show.write("voices/high.yaml", "engine: tone\noptions: {pitch_percent: 150}\n")
    show.make()
    show.make(voice="high")
    away = profile.rename(show.root / "high.yaml")
    age(show)
    doomed = prune(show.root, store_of(show), apply=True)
    assert (doomed.records, doomed.blobs, doomed.episodes) == ((), (), ())
    away.rename(profile)
    show.edit("scripts/outro.j2", "Goodbye for now.", "Farewell.")
    assert show.make(voice="high").lines_spoken == 1


def test_nothing_is_pruned_where_no_paper_is_in_sight(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    age(show)
    (show.root / "papers").rename(show.root / "papers-of-another-disk")
    with pytest.raises(PaperError, match="there are no papers"):
        prune(show.root, store_of(show), apply=True)


def test_an_episode_that_was_changed_by_hand_stays(show: LittleShow) -> None:
    show.paper("one")
    show.paper("two", body="Something else.")
    show.make()
    (show.root / "papers/two.md").unlink()
    show.mp3("two").write_bytes(b"retouched")
    doomed = prune(show.root, store_of(show), apply=True)
    assert doomed.episodes == ()
    assert [Path(name).name for name in doomed.changed] == [f"two{suffix}" for suffix in SUFFIXES]
    assert show.mp3("two").read_bytes() == b"retouched"
    assert "two.mp3: stays, as it or what belongs to it was changed" in run(show, "store", "prune").stdout


def test_nothing_is_pruned_while_a_paper_or_a_template_cannot_be_used(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    age(show)
    show.write("papers/bad.md", "no front matter")
    with pytest.raises(StoreError, match="what is still needed cannot be known") as caught:
        prune(show.root, store_of(show), apply=True)
    assert "there is no front matter" in str(caught.value.others[0])
    (show.root / "papers/bad.md").unlink()
    show.write("scripts/outro.j2", "{{ papr }}")
    with pytest.raises(PaperledgeError):
        prune(show.root, store_of(show), apply=True)
    size = json.loads(run(show, "store", "size", "--json").stdout)
    assert size["prune_frees_bytes"] is None
    assert size["size_bytes"] > 0


def test_nothing_is_pruned_while_another_run_is_at_work(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    with store_of(show).in_use():
        done = run(show, "store", "prune", "--apply")
    assert done.returncode == StoreError.exit_code
    assert "is in use by another run" in done.stderr


def test_a_run_that_waits_for_prune_says_so(show: LittleShow, caplog: pytest.LogCaptureFixture) -> None:
    store = store_of(show)
    began = threading.Event()

    def begin() -> None:
        with store.in_use():
            began.set()

    run = threading.Thread(target=begin)
    with store.alone():
        run.start()
        while "waiting for another command" not in caplog.text:
            run.join(0.01)
            assert run.is_alive()
        assert not began.is_set()
    run.join()
    assert began.is_set()


def test_what_prune_would_free_is_not_told_while_another_run_is_at_work(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    with store_of(show).in_use():
        assert "prune cannot tell: " in run(show, "store", "size").stdout


@pytest.mark.parametrize(
    "words", [("store", "size"), ("store", "verify"), ("store", "prune"), ("history",), ("clean",)]
)
def test_a_folder_that_is_no_show_is_left_as_it_is(show: LittleShow, words: tuple[str, ...]) -> None:
    (show.root / "show.yaml").unlink()
    show.write("output/thesis.pdf", "not ours")
    done = run(show, *words)
    assert done.returncode == SettingsError.exit_code
    assert "there is no show.yaml here" in done.stderr
    assert [path.name for path in (show.root / "output").iterdir()] == ["thesis.pdf"]


def test_the_command_says_what_was_damaged(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    whole = run(show, "store", "verify", "--read-data")
    assert whole.returncode == 0
    assert "none damaged" in whole.stdout
    record = entries(show)[0]
    record.write_bytes(b"x")
    done = run(show, "store", "verify", "--json")
    assert done.returncode == StoreError.exit_code
    assert Path(json.loads(done.stdout)["damaged"][0]["path"]).name == record.name


def test_a_store_of_another_version_is_set_aside_whole(
    show: LittleShow, caplog: pytest.LogCaptureFixture
) -> None:
    show.paper("one")
    show.make()
    store = show.root / "output/.store"
    (store / "version-1").rename(store / "version-99")
    kept = sorted(path.name for path in entries(show))
    show.mp3("one").unlink()
    with caplog.at_level(logging.WARNING):
        report = show.make()
    assert report.lines_spoken == 5
    aside = show.root / "output/.store-of-version-99"
    assert sorted(path.name for kind in ("records", "blobs") for path in (aside / kind).rglob("*.*")) == kept
    assert f"set aside as {aside}" in caplog.text
    assert show.make().reused


def test_a_store_of_another_version_at_work_is_left_alone(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    store = show.root / "output/.store"
    with Store(store).in_use():
        (store / "version-1").rename(store / "version-99")
        with pytest.raises(StoreError, match="in use by another version"):
            Store(store)


def test_a_store_without_a_version_is_ours(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    (show.root / "output/.store/version-1").unlink()
    assert len(show.make().reused) == 1
    show.mp3("one").unlink()
    assert show.make().lines_spoken == 0
    assert (show.root / "output/.store/version-1").exists()
