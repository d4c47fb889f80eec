"""A store that many computers share: each `computer` here has copies of its own."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from s3fs import S3FileSystem

from pipeline.bench import Bench, carry_out, job_of
from pipeline.errors import BlobLost, ExecuteError, StoreError
from pipeline.execute import Inline
from pipeline.model import Blob, Desk, Value
from pipeline.shared import SharedStore, open_store, store_of
from pipeline.store import Step, key_of
from pipeline.storecare import verify


class Wish(Value, frozen=True):
    text: str


class Sound(Value, frozen=True):
    audio: Blob


def make(request: Wish, desk: Desk) -> Sound:
    path = desk.new(".wav")
    path.write_text(request.text, encoding="utf-8")
    return Sound(audio=desk.keep(path))


SAY = Step("synthesis", 1, Wish, Sound, make, ("msgspec",))


@pytest.fixture(params=["bucket", "folder"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty place."""
    if request.param == "folder":
        (tmp_path / "disk").mkdir()
        return str(tmp_path / "disk")
    return (
        f"s3://{request.getfixturevalue('bucket')}/{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:8]}"
    )


Computer = Callable[[str], SharedStore]


@pytest.fixture
def computer(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    """The store, as a computer of that name sees it."""

    def open_on(name: str) -> SharedStore:
        monkeypatch.setenv("PAPERLEDGE_CACHE", str(tmp_path / name))
        store = store_of(tmp_path / name / "show", address)
        assert isinstance(store, SharedStore)
        return store

    return open_on


def make_on(store: SharedStore, text: str) -> tuple[str, Sound]:
    wish = Wish(text=text)
    with store.desk() as desk:
        store.remember(SAY, key := key_of(SAY, wish), wish, make(wish, desk))
    found = store.recall(SAY, key)
    assert found is not None
    return key, found


def everything_there(store: SharedStore, *names: str) -> dict[str, bytes]:
    return {name: store._remote.read(name) for name in names}


def test_what_one_makes_another_reads(computer: Computer) -> None:
    key, sound = make_on(computer("one"), "hello")
    other = computer("other")
    assert other.recall(SAY, key) == sound
    assert not other.place(sound.audio).exists()  # until somebody wants it
    assert other.path(sound.audio).read_text(encoding="utf-8") == "hello"
    assert other.place(sound.audio).exists()


def test_what_nobody_made_is_not_there(computer: Computer) -> None:
    store = computer("one")
    assert store.recall(SAY, "0" * 64) is None
    assert store.kept("0" * 64, ".wav") is None
    with pytest.raises(BlobLost):
        store.path(Blob(sha256="0" * 64, suffix=".wav", size_bytes=3))


def test_many_records_come_at_once(computer: Computer) -> None:
    one, other = computer("one"), computer("other")
    keys = [make_on(one, f"line {n}")[0] for n in range(40)]
    other.warm(SAY, [*keys, "0" * 64])
    other._remote = None  # type: ignore[assignment]  # nothing is asked for any more
    assert all(other.recall(SAY, key) for key in keys)


def test_what_lies_in_a_show_is_shared_once(computer: Computer, tmp_path: Path) -> None:
    template = tmp_path / "intro.j2"
    template.write_text("Welcome", encoding="utf-8")
    one = computer("one")
    blobs = [one.keep_copy(template), one.keep_bytes(b"a voice", ".bin")]
    other = computer("other")
    assert [other.path(blob).read_bytes() for blob in blobs] == [b"Welcome", b"a voice"]
    again = computer("third")
    assert again.keep_bytes(b"a voice", ".bin") == blobs[1]


@pytest.mark.parametrize(
    "damage", [b"", b"hell", b"jello", b"hello and more"], ids=["empty", "cut", "flipped", "longer"]
)
def test_a_damaged_blob_is_a_lost_one_and_made_again(
    computer: Computer, damage: bytes, tmp_path: Path
) -> None:
    key, sound = make_on(computer("one"), "hello")
    place = tmp_path / "damaged"
    place.write_bytes(damage)
    other = computer("other")
    name = other._name(sound.audio)
    other._remote.write(name, place)
    with pytest.raises(BlobLost):
        other.path(sound.audio)
    assert not other._remote.has(name)
    assert other.recall(SAY, key) is None  # so it is made again, and is there for everybody
    make_on(other, "hello")
    assert computer("third").path(sound.audio).read_bytes() == b"hello"


def test_a_damaged_record_is_no_record(computer: Computer, tmp_path: Path) -> None:
    key, _ = make_on(computer("one"), "hello")
    other = computer("other")
    (tmp_path / "damaged").write_bytes(b"0" * 64 + b"\n{}")
    name = f"records/synthesis/{key[:2]}/{key}.json"
    other._remote.write(name, tmp_path / "damaged")
    assert other.recall(SAY, key) is None
    assert not other._remote.has(name)


@pytest.mark.parametrize("looks", [0, 1])
def test_a_record_that_another_thread_takes_is_found(
    computer: Computer, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever it comes: before the first look for it, or before the next."""
    key, sound = make_on(computer("one"), "hello")
    record = computer("one").copy(SAY, key)
    assert record is not None
    driver = computer("driver")
    look = driver._has_record_here
    looked: list[str] = []

    def take_then_look(step: Step[Wish, Sound], key: str) -> bool:
        if len(looked) == looks:
            driver.take(step, key, record)
        looked.append(key)
        return look(step, key)

    monkeypatch.setattr(driver, "_has_record_here", take_then_look)
    assert driver.recall(SAY, key) == sound


def test_a_record_that_could_not_be_put_there_is_not_here(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a worker would say that it is made, and no other computer would find it."""
    store, wish = computer("one"), Wish(text="hello")

    def refuse(name: str, content: bytes | Path) -> None:
        raise StoreError("the bucket is full")

    with store.desk() as desk:
        sound = make(wish, desk)
    monkeypatch.setattr(store._remote, "write", refuse)
    with pytest.raises(StoreError, match="full"):
        store.remember(SAY, key := key_of(SAY, wish), wish, sound)
    assert store.recall(SAY, key) is None


def test_a_copy_here_that_is_damaged_is_fetched_again(computer: Computer) -> None:
    store = computer("one")
    key, sound = make_on(store, "hello")
    store.place(sound.audio).write_bytes(b"jello")
    (store.root / f"records/synthesis/{key[:2]}/{key}.json").write_bytes(b"nonsense")
    assert store.recall(SAY, key) == sound
    assert store.path(sound.audio).read_bytes() == b"hello"


def test_what_was_lost_there_and_is_here_is_put_there_again(computer: Computer) -> None:
    one = computer("one")
    key, sound = make_on(one, "hello")
    one._remote.delete(one._name(sound.audio))
    with pytest.raises(BlobLost) as lost:
        computer("worker").path(sound.audio)
    one.doubt(lost.value.sha256)
    assert one.recall(SAY, key) == sound
    assert computer("worker").path(sound.audio).read_bytes() == b"hello"


def test_a_bench_whose_worker_misses_a_blob_makes_it_again(computer: Computer) -> None:
    """The driver believes its record; the worker finds nothing; the next attempt knows."""
    store = computer("one")
    key, sound = make_on(store, "hello")
    store._remote.delete(store._name(sound.audio))
    store.place(sound.audio).unlink()

    def job(job: dict[str, object], address: str) -> None:
        open_on_worker.path(sound.audio)

    open_on_worker = computer("worker")
    bench = Bench(store, Inline(), job)
    with pytest.raises(BlobLost):
        bench.once(SAY, Wish(text="needs the other"))
    assert store.recall(SAY, key) is None


def test_what_one_worker_missed_another_makes_again(
    computer: Computer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other has no reason to doubt the record that is there."""
    wish = Wish(text="hello")
    job = job_of(SAY, key_of(SAY, wish), wish)
    other = computer("other")
    _, sound = make_on(other, "hello")
    other._remote.delete(other._name(sound.audio))
    other.place(sound.audio).unlink()
    open_store.cache_clear()
    monkeypatch.setenv("PAPERLEDGE_CACHE", str(tmp_path / "other"))
    carry_out(SAY, job, other.address)
    assert computer("driver").path(sound.audio).read_bytes() == b"hello"


@pytest.mark.parametrize(
    ("sha256", "suffix"),
    [("../../../../outside", ""), ("0" * 64, "/../../outside"), ("0" * 63, ".wav"), ("0" * 64, ".wav\n")],
)
def test_a_record_names_no_file_outside(computer: Computer, tmp_path: Path, sha256: str, suffix: str) -> None:
    key, _ = make_on(computer("one"), "hello")
    other = computer("other")
    name = f"records/synthesis/{key[:2]}/{key}.json"
    blob = {"sha256": sha256, "suffix": suffix, "size_bytes": 5}
    body = json.dumps({"step": "synthesis", "version": 1, "request": {}, "result": {"audio": blob}}).encode()
    (tmp_path / "hostile").write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    other._remote.write(name, tmp_path / "hostile")
    assert other.recall(SAY, key) is None


@pytest.mark.parametrize(
    "address",
    ["sftp://user:secret@host/x", "s3://user:secret@bucket/x", "reference::file:///etc", "file://nas/x"],
)
def test_an_address_that_cannot_be_one_is_refused_without_its_secrets(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERLEDGE_CACHE", str(tmp_path))
    with pytest.raises(StoreError, match="no store can be at such an address") as error:
        store_of(tmp_path, address)
    assert "secret" not in str(error.value)


def test_copies_that_were_never_fetched_are_no_damage(computer: Computer) -> None:
    key, _ = make_on(computer("one"), "hello")
    other = computer("other")
    other.recall(SAY, key)
    assert not verify(other).damaged


def test_jobs_find_the_store_by_its_address(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    store = computer("driver")
    wish = Wish(text="hello")
    job = json.loads(msgspec.json.encode(job_of(SAY, key_of(SAY, wish), wish)))
    elsewhere = computer("worker").root.parent.parent
    monkeypatch.setenv("PAPERLEDGE_CACHE", str(elsewhere))
    open_store.cache_clear()
    carry_out(SAY, job, store.address)
    assert list((elsewhere / "stores").glob("*/blobs/*/*.wav"))
    found = store.recall(SAY, job["key"])
    assert found is not None
    assert store.path(found.audio).read_bytes() == b"hello"
    assert carry_out(SAY, job, store.address).seconds == 0  # nobody does it twice


def test_another_version_refuses_the_job(tmp_path: Path) -> None:
    wish = Wish(text="hello")
    job = job_of(SAY, key_of(SAY, wish), wish)
    for change in (
        {"version": 2},
        {"libraries": {"msgspec": "0.1"}},
        {"libraries": {"msgspec": "1", "lame": "3"}},
    ):
        with pytest.raises(ExecuteError, match="would make other bytes"):
            carry_out(SAY, job | change, str(tmp_path))


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERLEDGE_CACHE", str(tmp_path / "cache"))
    with pytest.raises(StoreError, match="is not there"):
        store_of(tmp_path, "not-mounted")
    with pytest.raises(StoreError, match="not on this computer"):
        open_store(str(tmp_path / "nowhere"))


def test_a_bucket_that_is_not_there_is_said(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERLEDGE_CACHE", str(tmp_path))
    store = store_of(tmp_path, "s3://no-such-bucket/x")
    with pytest.raises(StoreError, match="no such bucket"):
        store.keep_bytes(b"x", ".bin")


def test_no_secret_is_said_of_a_bucket_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERLEDGE_CACHE", str(tmp_path))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very-secret")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "known-to-nobody")
    monkeypatch.setattr("pipeline.shared.PATIENCE_S", 0.0)
    S3FileSystem.clear_instance_cache()  # one of them knows another address
    store = store_of(tmp_path, "s3://somewhere-else/x")
    with pytest.raises(StoreError) as error:
        store.recall(SAY, "0" * 64)
    assert "very-secret" not in str(error.value)
    assert "known-to-nobody" not in str(error.value)
    assert "s3://somewhere-else/x" in str(error.value)
