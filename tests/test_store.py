"""The store: the same request, the same bytes, made once; what is damaged is made again."""

import errno
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BlobLost, StoreError
from pipeline.files import replace_file
from pipeline.model import Blob, Clip, Desk, Option, SpeechRequest, Value
from pipeline.recipe import STEPS
from pipeline.store import Step, Store, key_of


def speak(request: SpeechRequest, desk: Desk) -> Clip:
    path = desk.new(".wav")
    path.write_text(request.text)
    return Clip(audio=desk.keep(path), samples=len(request.text), rate_hz=16_000)


STEP = Step("speech", 1, SpeechRequest, Clip, speak)


def request(text: str = "hello", **options: str | int | bool) -> SpeechRequest:
    return SpeechRequest(text=text, engine="tone", identity="tone 1", options=dict[str, Option](options))


def made(store: Store, wanted: SpeechRequest) -> Clip:
    with store.desk() as desk:
        clip = speak(wanted, desk)
    store.remember(STEP, key_of(STEP, wanted), wanted, clip)
    return clip


def test_what_was_made_is_recalled_with_its_bytes(tmp_path: Path) -> None:
    store = Store(tmp_path)
    clip = made(store, request())
    assert store.recall(STEP, key_of(STEP, request())) == clip
    assert store.path(clip.audio).read_text() == "hello"
    assert store.recall(STEP, key_of(STEP, request("other"))) is None


@pytest.mark.parametrize("step", STEPS.values(), ids=lambda step: step.name)
def test_a_result_holds_its_blobs_in_fields_of_its_own(step: Step[Any, Any]) -> None:
    deeper = [kind for field in _fields(step.result) if field is not Blob for kind in _within(field)]
    assert Blob not in deeper


def _fields(kind: Any) -> list[Any]:
    return list(get_type_hints(kind).values())


def _within(kind: Any) -> list[Any]:
    """A type and all that it is made of."""
    parts = _fields(kind) if isinstance(kind, type) and issubclass(kind, Value) else get_args(kind)
    return [kind, *(inner for part in parts for inner in _within(part))]


def test_nothing_temporary_is_left(tmp_path: Path) -> None:
    made(Store(tmp_path), request())
    assert list((tmp_path / "scratch").iterdir()) == []


def test_whatever_was_made_beside_is_gone_too(tmp_path: Path) -> None:
    with Store(tmp_path).desk() as desk:
        path = desk.new(".wav")
        path.with_suffix(".system").write_bytes(b"half")
        path.with_name("parts").mkdir()
        path.with_name("parts").joinpath("one").write_bytes(b"1")
        assert list((tmp_path / "scratch").iterdir())
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_files_may_be_read_by_a_web_server(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        replace_file(tmp_path / "feed.xml", b"<rss/>")
    finally:
        os.umask(before)
    assert (tmp_path / "feed.xml").stat().st_mode & 0o777 == 0o644


def test_a_key_changes_with_anything_that_changes_the_result() -> None:
    keys = {
        key_of(STEP, request()),
        key_of(STEP, request("Hello")),
        key_of(STEP, request(pace=1)),
        key_of(STEP, request(pace="1")),
        key_of(STEP, request(pace=True)),
        key_of(Step("speech", 2, SpeechRequest, Clip, speak), request()),
        key_of(Step("other", 1, SpeechRequest, Clip, speak), request()),
    }
    assert len(keys) == 7


@given(st.dictionaries(st.text(max_size=5), st.integers(-5, 5), max_size=5))
def test_a_key_does_not_depend_on_the_order_of_options(options: dict[str, int]) -> None:
    backwards = dict(reversed(options.items()))
    one = SpeechRequest(text="a", engine="b", identity="c", options=dict(options))
    other = SpeechRequest(text="a", engine="b", identity="c", options=dict(backwards))
    assert key_of(STEP, one) == key_of(STEP, other)


def test_floats_and_paths_cannot_get_into_a_key() -> None:
    class Loose(Value, frozen=True, kw_only=True):
        value: float | Path

    for value in (0.5, Path("x")):
        with pytest.raises(TypeError):
            key_of(STEP, Loose(value=value))


@pytest.mark.parametrize("damage", [b"", b"HELLO", b"hell", b"hello!"])
def test_a_damaged_blob_is_never_handed_out(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path)
    clip = made(store, request())
    store.path(clip.audio).write_bytes(damage)
    with caplog.at_level(logging.WARNING), pytest.raises(BlobLost):
        store.path(clip.audio)
    assert "made again" in caplog.text
    assert store.recall(STEP, key_of(STEP, request())) is None


def test_a_damaged_record_counts_as_missing_at_every_byte(tmp_path: Path) -> None:
    store = Store(tmp_path)
    clip = made(store, request())
    key = key_of(STEP, request())
    (record,) = (tmp_path / "records").rglob("*.json")
    whole = record.read_bytes()
    for position in range(0, len(whole), 7):
        flipped = bytearray(whole)
        flipped[position] ^= 1
        record.write_bytes(flipped)
        assert store.recall(STEP, key) is None, position
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        record.write_bytes(whole[:length])
        assert store.recall(STEP, key) is None, length
    record.write_bytes(whole)
    assert store.recall(STEP, key) == clip


def test_two_makers_of_one_thing_do_not_harm_each_other(tmp_path: Path) -> None:
    threads = [threading.Thread(target=lambda: made(Store(tmp_path), request())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clip = Store(tmp_path).recall(STEP, key_of(STEP, request()))
    assert clip is not None
    assert Store(tmp_path).path(clip.audio).read_text() == "hello"


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="a file is where a folder should be"):
        Store(tmp_path / "file" / "store")


def test_a_failed_replacement_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "episode.mp3"
    target.write_bytes(b"old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match=r"episode\.mp3.*No space left.*free some space"):
        replace_file(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_run_sweeps_scratch_but_not_what_somebody_is_at_work_on(tmp_path: Path) -> None:
    """`work`, and workers of other computers' drivers, hold no run."""
    store = Store(tmp_path)
    (left := tmp_path / "scratch/left").mkdir()
    (half := tmp_path / ".half.part").touch()
    with store.desk() as desk:
        (path := desk.new(".wav")).write_text("half")
        with Store(tmp_path).in_use():
            pass
        assert desk.keep(path).size_bytes == 4
    with store.in_use(tmp_path):
        assert not left.exists()
        assert not half.exists()
        half.touch()
        with Store(tmp_path).in_use(tmp_path):  # not alone
            assert half.exists()
