"""The bench: one request is made once, whoever asks, and a failure is its askers' own."""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.bench import Bench, Job, Lookout, NotMade, Receipt, carry_out
from pipeline.errors import BlobLost, StoreError, SynthesisError
from pipeline.execute import open_executor
from pipeline.model import Clip, Desk, SpeechRequest, Value
from pipeline.shared import PATIENCE_S, SharedStore, open_store, store_of
from pipeline.store import Step, Store, key_of, record_name


class Counted:
    """A step that counts what it makes; a text that begins with "no" fails."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.lock = threading.Lock()
        self.step = Step("speech", 1, SpeechRequest, Clip, self.make)

    def make(self, request: SpeechRequest, desk: Desk) -> Clip:
        with self.lock:
            self.texts.append(request.text)
        if request.text.startswith("no"):
            raise SynthesisError(f"cannot say {request.text!r}")
        path = desk.new(".wav")
        path.write_text(request.text)
        return Clip(audio=desk.keep(path), samples=len(request.text), rate_hz=16_000)

    def do_job(self, job: Job, store_url: str) -> None:
        carry_out(self.step, job, store_url)


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def bench(tmp_path: Path, counted: Counted) -> Bench:
    return Bench(Store(tmp_path), open_executor("inline"), counted.do_job)


def requests(*texts: str) -> list[SpeechRequest]:
    return [SpeechRequest(text=text, engine="x", identity="x 1", options={}) for text in texts]


def test_results_come_in_the_order_of_the_requests(bench: Bench, counted: Counted) -> None:
    clips = bench.each(counted.step, requests("b", "a", "b", "ccc"))
    assert [clip.samples for clip in clips] == [1, 1, 1, 3]
    assert clips[0] == clips[2] != clips[1]
    assert counted.texts == ["b", "a", "ccc"]


def test_nothing_holds_on_to_what_was_made(tmp_path: Path, counted: Counted) -> None:
    def do_job(job: Job, store_url: str) -> None:
        with busy._lock:  # not before the bench waits for it
            counted.do_job(job, store_url)

    (request,) = requests("a")
    held = sys.getrefcount(request)
    with ThreadPoolExecutor(1) as threads:
        busy = Bench(Store(tmp_path), threads, do_job)
        busy.once(counted.step, request)
    assert sys.getrefcount(request) == held


def test_what_the_store_has_is_counted_as_reused(tmp_path: Path, bench: Bench, counted: Counted) -> None:
    bench.each(counted.step, requests("a", "b"))
    again = Bench(Store(tmp_path), open_executor("inline"), counted.do_job)
    again.each(counted.step, requests("a", "b", "c"))
    tally = again.tallies["speech"]
    assert (tally.made, tally.reused) == (1, 2)
    assert counted.texts == ["a", "b", "c"]


def test_two_episodes_that_ask_at_once_get_one_take(tmp_path: Path, counted: Counted) -> None:
    with ThreadPoolExecutor(4) as workers, ThreadPoolExecutor(8) as episodes:
        bench = Bench(Store(tmp_path), workers, counted.do_job)
        list(episodes.map(lambda _: bench.each(counted.step, requests("a", "b", "c")), range(8)))
    assert sorted(counted.texts) == ["a", "b", "c"]


def test_every_failure_of_an_episode_is_told_and_what_worked_is_kept(bench: Bench, counted: Counted) -> None:
    with pytest.raises(SynthesisError, match="no 1") as caught:
        bench.each(counted.step, requests("no 1", "a", "no 2"))
    assert [error.what for error in caught.value.others] == ["cannot say 'no 2'"]
    assert bench.once(counted.step, requests("a")[0]).samples == 1
    assert counted.texts.count("a") == 1


def test_a_failing_request_is_tried_once_a_run_and_blamed_on_each_asker_alone(
    bench: Bench, counted: Counted
) -> None:
    asked = (("no shared",), ("no shared", "no other"), ("no shared",))
    others = []
    for texts in asked:
        with pytest.raises(SynthesisError) as caught:
            bench.each(counted.step, requests(*texts))
        others.append(len(caught.value.others))
    assert others == [0, 1, 0]
    assert counted.texts.count("no shared") == 1


def test_a_result_that_was_lost_meanwhile_is_made_again(bench: Bench, counted: Counted) -> None:
    (clip,) = bench.each(counted.step, requests("a"))
    bench.store.path(clip.audio).unlink()
    assert bench.once(counted.step, requests("a")[0]) == clip
    assert counted.texts == ["a", "a"]


def test_what_is_lost_while_others_are_waited_for_can_be_asked_for_again(
    tmp_path: Path, counted: Counted
) -> None:
    """As when another episode finds a clip of both damaged."""
    shared, other = requests("shared", "other")

    def do_job(job: Job, store_url: str) -> None:
        if job["request"]["text"] == "other":
            bench.store.place(clip.audio).unlink()
        counted.do_job(job, store_url)

    bench = Bench(Store(tmp_path), open_executor("inline"), do_job)
    clip = bench.once(counted.step, shared)
    with pytest.raises(BlobLost):
        bench.each(counted.step, [shared, other])
    assert bench.each(counted.step, [shared, other])[0] == clip
    assert counted.texts == ["shared", "other", "shared"]


def test_every_distinct_request_is_watched_once(bench: Bench, counted: Counted) -> None:
    seen: list[Value] = []
    bench.watch = seen.append
    bench.each(counted.step, requests("a", "b", "a"))
    bench.each(counted.step, requests("b", "c"))
    assert [request.text for request in seen if isinstance(request, SpeechRequest)] == ["a", "b", "c"]


def test_a_full_disk_is_a_store_error(tmp_path: Path) -> None:
    def full(request: SpeechRequest, desk: Desk) -> Clip:
        raise OSError(28, "No space left on device")

    step = Step("speech", 1, SpeechRequest, Clip, full)
    bench = Bench(Store(tmp_path), open_executor("inline"), lambda job, url: carry_out(step, job, url))
    with pytest.raises(StoreError, match=r"the speech step could not write: No space left.*free some space"):
        bench.once(step, requests("a")[0])
    assert list((tmp_path / "scratch").iterdir()) == []


def test_jobs_are_plain_json(tmp_path: Path, counted: Counted) -> None:
    import json

    jobs: list[Job] = []

    def noted(job: Job, store_url: str) -> None:
        jobs.append(json.loads(json.dumps(job)))
        carry_out(counted.step, jobs[-1], store_url)

    bench = Bench(Store(tmp_path), open_executor("inline"), noted)
    bench.once(counted.step, requests("a")[0])
    assert jobs[0]["step"] == "speech"
    assert jobs[0]["request"]["text"] == "a"


def test_errors_of_the_program_itself_are_not_hidden(tmp_path: Path) -> None:
    def broken(job: Job, store_url: str) -> None:
        raise ZeroDivisionError

    bench = Bench(Store(tmp_path), open_executor("inline"), broken)
    with pytest.raises(ZeroDivisionError):
        bench.each(Counted().step, requests("a"))


class Elsewhere:
    """A shared folder whose driver notes what it reads there; the workers have copies of their own."""

    def __init__(
        self, folder: Path, step: Step[SpeechRequest, Clip], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "disk").mkdir()
        monkeypatch.setenv("PAPERLEDGE_CACHE", str(folder / "driver"))
        store = store_of(folder / "show", str(folder / "disk"))
        assert isinstance(store, SharedStore)
        monkeypatch.setenv("PAPERLEDGE_CACHE", str(folder / "worker"))
        open_store.cache_clear()
        self.store, self.step, self.reads = store, step, list[str]()
        self._read = store._remote.read
        monkeypatch.setattr(store._remote, "read", self._noted)

    def _noted(self, name: str) -> bytes:
        self.reads.append(name)
        return self._read(name)

    def do_job(self, job: Job, store_url: str) -> Receipt:
        return carry_out(self.step, job, store_url)


@pytest.fixture
def elsewhere(tmp_path: Path, counted: Counted, monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    return Elsewhere(tmp_path, counted.step, monkeypatch)


def test_a_line_is_looked_for_once_and_its_record_handed_back(elsewhere: Elsewhere) -> None:
    bench = Bench(elsewhere.store, open_executor("inline"), elsewhere.do_job)
    clips = bench.each(elsewhere.step, requests("a", "bb", "a"))
    assert [clip.samples for clip in clips] == [1, 2, 1]
    assert len(elsewhere.reads) == len(set(elsewhere.reads)) == 2
    assert bench.once(elsewhere.step, requests("c")[0]).samples == 1
    assert len(elsewhere.reads) == 3


def test_what_a_lookout_missed_is_not_looked_for_again(elsewhere: Elsewhere) -> None:
    with pytest.raises(NotMade) as missed:
        Lookout(elsewhere.store).each(elsewhere.step, requests("a", "bb"))
    assert len(elsewhere.reads) == 2
    bench = Bench(elsewhere.store, open_executor("inline"), elsewhere.do_job)
    bench.lacking.update(missed.value.requests)
    bench.each(elsewhere.step, requests("a", "bb"))
    assert len(elsewhere.reads) == 2
    assert not bench.lacking


def test_what_another_computer_made_meanwhile_is_not_made_again(
    elsewhere: Elsewhere, counted: Counted
) -> None:
    (request,) = requests("a")
    bench = Bench(elsewhere.store, open_executor("inline"), elsewhere.do_job)
    bench.lacking.add(key_of(elsewhere.step, request))
    Bench(open_store(elsewhere.store.address), open_executor("inline"), elsewhere.do_job).once(
        elsewhere.step, request
    )
    times: list[float] = []
    bench.timed = lambda request, seconds: times.append(seconds)
    assert bench.once(elsewhere.step, request).samples == 1
    assert (counted.texts, times) == (["a"], [0])


def test_what_the_driver_forgot_a_worker_makes_again(elsewhere: Elsewhere, counted: Counted) -> None:
    """Although the worker has a copy of it."""
    (request,) = requests("a")
    key = key_of(elsewhere.step, request)
    for _ in range(2):
        Bench(elsewhere.store, open_executor("inline"), elsewhere.do_job).once(elsewhere.step, request)
        assert elsewhere.store._remote.has(record_name(elsewhere.step, key))
        elsewhere.store.forget(elsewhere.step, key)
    assert counted.texts == ["a", "a"]


def test_who_waits_for_a_silent_store_can_give_up(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(name: str) -> bytes:
        elsewhere.reads.append(name)
        raise OSError("no way there")

    monkeypatch.setattr(elsewhere.store._remote, "read", cut_off)
    bench = Bench(elsewhere.store, open_executor("inline"), elsewhere.do_job)
    with ThreadPoolExecutor(1) as threads:
        began = time.monotonic()
        waiting = threads.submit(bench.once, elsewhere.step, requests("a")[0])
        while not elsewhere.reads:
            time.sleep(0.01)
        elsewhere.store.give_up()
        assert isinstance(waiting.exception(60), StoreError)
    assert time.monotonic() - began < PATIENCE_S / 2


def test_a_record_that_was_handed_back_damaged_is_fetched(elsewhere: Elsewhere) -> None:
    def garbled(job: Job, store_url: str) -> Receipt:
        return Receipt(elsewhere.do_job(job, store_url).seconds, b"0\n{}")

    bench = Bench(elsewhere.store, open_executor("inline"), garbled)
    assert bench.once(elsewhere.step, requests("a")[0]).samples == 1
