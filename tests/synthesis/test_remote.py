"""Services that answer badly, late or dishonestly: whole takes, or the right word, and the key nowhere."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial

import pytest

from pipeline.errors import SynthesisError
from pipeline.synthesis.engines import openai
from pipeline.web import ATTEMPTS
from tests.conftest import LittleShow

from .conftest import FolderDesk, Say
from .service import (
    KEY,
    KEY_FORMS,
    LINE,
    Answer,
    Answering,
    FakeService,
    answer,
    assert_keyless,
    assert_keyless_files,
    fail,
    samples_of,
    served,
    sound_of,
    speak_well,
    spoken,
    streamed,
)


def say_nothing_in_time(asked: Answering) -> None:
    asked.server.service.over.wait(20)  # type: ignore[attr-defined]


def drip(asked: Answering) -> None:
    """A byte now and then: never late, never done."""
    over = asked.server.service.over  # type: ignore[attr-defined]
    asked.send_response(200)
    asked.send_header("Content-Length", "100000")
    asked.end_headers()
    for _ in range(400):
        asked.wfile.write(b"R")
        if over.wait(0.05):
            return


def lose_the_end(asked: Answering) -> None:
    whole = spoken(asked.question["input"])
    asked.reply(whole[: len(whole) // 2], Content_Length=str(len(whole)))


def lose_the_end_of_a_chunk(asked: Answering) -> None:
    asked.reply(b"FFFF\r\nRIFF", Content_Length="", Transfer_Encoding="chunked")


def lose_the_end_unannounced(asked: Answering) -> None:
    whole = spoken(asked.question["input"])
    asked.reply(whole[: len(whole) // 2], Content_Length="")


def hang_up(asked: Answering) -> None:
    asked.connection.shutdown(2)


def send_for_ever(asked: Answering) -> None:
    asked.reply(streamed(spoken("x")), Content_Length="")
    for _ in range(100):
        asked.wfile.write(bytes(1_000_000))


def echo_the_key(asked: Answering, status: int = 401) -> None:
    sent = asked.headers["Authorization"]
    forms = " ".join([sent, *KEY_FORMS[:3], KEY.upper()])
    message = f"Incorrect API key\n\x1b[31m provided: {forms}. " + "Blah. " * 200
    asked.reply(json.dumps({"error": {"message": message}}).encode(), "application/json", status)


def echo_the_key_as(kind: str, asked: Answering) -> None:
    body = f"{asked.headers['Authorization']} is no key".encode()
    asked.reply(body, kind, X_Key=KEY, Content_Language=KEY)


def redirect(status: int, asked: Answering) -> None:
    other = asked.server.service.other  # type: ignore[attr-defined]
    asked.reply(b"", None, status, Location=f"{other}/v1/audio/speech?key={KEY}")


HTML = b"<!doctype html><html><body>Welcome to the captive portal</body></html>"
MP3 = b"\xff\xfb\x90\x64" + bytes(296)
BUSY = fail(429, '{"error": {"message": "Rate limit reached"}}', Retry_After="7")
BROKEN = fail(500, '{"error": {"message": "The server had an error"}}')

PASSING: dict[str, tuple[list[Answer], list[float]]] = {
    "well": ([], []),
    "late": ([say_nothing_in_time], [1]),
    "dripping": ([drip], [1]),
    "cut short": ([lose_the_end], [1]),
    "cut short in a chunk": ([lose_the_end_of_a_chunk], [1]),
    "hung up": ([hang_up], [1]),
    "empty": ([answer(b"")], [1]),
    "busy": ([BUSY], [7]),
    "broken": ([BROKEN], [1]),
    "busy and broken": ([BROKEN, BUSY, BROKEN, hang_up], [1, 7, 4, 8]),
    "a header without its end": ([lose_the_end_unannounced], []),  # another take, not another attempt
}
"""What goes wrong before a good answer, and how long is waited."""

FINAL: dict[str, tuple[Answer, str, int]] = {
    "late for ever": (say_nothing_in_time, "did not answer within 0 s, at the last of 5 attempts", ATTEMPTS),
    "dripping for ever": (drip, "did not answer within 0 s, at the last of 5", ATTEMPTS),
    "cut short for ever": (lose_the_end, r"sent [\d,]+ of [\d,]+ bytes, at the last of 5", ATTEMPTS),
    "empty for ever": (answer(b""), "sent 0 bytes, at the last of 5 attempts", ATTEMPTS),
    "busy for ever": (BUSY, "answered 429: Rate limit reached, at the last of 5", ATTEMPTS),
    "broken for ever": (BROKEN, "answered 500: The server had an error, at the last of 5", ATTEMPTS),
    "a page": (answer(HTML, "text/html"), "'text/html' instead of a WAV and a web page", 1),
    "a page with an error": (fail(404, HTML.decode(), "text/html"), r"answered 404 and a web page", 1),
    "a page as WAV": (answer(HTML), "what came is something else, not a WAV", 1),
    "another type": (
        answer(b'{"error": "no such voice"}', "application/json"),
        "'application/json' instead of a WAV: no such voice",
        1,
    ),
    "MP3": (answer(MP3, "audio/mpeg"), "'audio/mpeg' instead of a WAV", 1),
    "MP3 as WAV": (answer(MP3), "what came is an MP3, not a WAV", 1),
    "huge as announced": (answer(b"", Content_Length="9000000000"), "more than 20,000,000 bytes", 1),
    "huge": (send_for_ever, "more than 20,000,000 bytes", 1),
    "redirect": (partial(redirect, 307), r"answered 307, a redirect to http://127.*\?key=\[key\]", 1),
    "redirect of old": (partial(redirect, 302), "answered 302, a redirect to", 1),
    "refusal": (fail(400, '{"detail": "unknown model"}'), "answered 400: unknown model", 1),
    "no credit": (
        fail(429, '{"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}'),
        "answered 429: You exceeded your quota",
        1,
    ),
    "key in an error": (echo_the_key, r"answered 401: Incorrect API key \[31m provided: Bearer \[key\] ", 1),
    "key in an error for ever": (partial(echo_the_key, status=503), r"answered 503: Inc.* \[key\]", ATTEMPTS),
    "key in a page": (partial(echo_the_key_as, "text/plain"), r"a WAV: Bearer \[key\] is no key", 1),
    "key as WAV": (partial(echo_the_key_as, "audio/wav"), "not a WAV", 1),
}
"""What comes each time, what is said then, and how often is asked."""


@pytest.fixture
def impatient(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "late" in request.node.name or "dripping" in request.node.name:
        monkeypatch.setattr(openai, "LIMIT_S", 0.3)
        monkeypatch.setattr(openai, "LIMIT_PER_CHAR_S", 0.0)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("case", PASSING)
def test_what_passes_is_asked_again_until_a_good_take(
    case: str,
    service: FakeService,
    say: Say,
    desk: FolderDesk,
    waits: list[float],
    caplog: pytest.LogCaptureFixture,
) -> None:
    before, waited = PASSING[case]
    service.answers = [*before, speak_well]
    clip = say("openai", LINE, base_url=service.url)
    assert sound_of(clip, desk) == samples_of(spoken(LINE))
    assert clip.rate_hz == 22_050
    assert waits == waited
    assert len(service.asked) == len(before) + 1
    assert_keyless(caplog.text)
    assert_keyless_files(desk.folder)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("case", FINAL)
def test_what_does_not_pass_is_refused_in_plain_words(
    case: str,
    service: FakeService,
    say: Say,
    desk: FolderDesk,
    waits: list[float],
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad, said, times = FINAL[case]
    service.answers = [bad]
    with served() as other:
        service.other = other.url
        with pytest.raises(SynthesisError, match=said) as caught:
            say("openai", LINE, base_url=service.url)
        assert other.asked == []
    message = str(caught.value)
    assert "\n" not in message
    assert "\x1b" not in message
    assert len(message) < 600
    assert len(service.asked) == times
    assert len(waits) == times - 1
    assert_keyless(message, repr(caught.value.__cause__), caplog.text)
    assert list(desk.folder.iterdir()) == []


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("case", PASSING)
def test_an_episode_is_made_whatever_passes(
    case: str, service: FakeService, served_show: LittleShow, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers = [*PASSING[case][0], speak_well]
    report = served_show.make()
    assert report.failed == ()
    assert len(report.made) == 1
    assert served_show.mp3("a-paper").stat().st_size > 10_000
    assert_keyless(str(report), caplog.text)
    assert assert_keyless_files(served_show.root) > 10
    times = len(service.asked)
    assert times == report.lines_spoken + len(PASSING[case][0])
    assert served_show.make().made == ()
    assert len(service.asked) == times  # nothing is asked and paid twice


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("case", FINAL)
def test_an_episode_fails_with_its_reason_and_leaves_no_key(
    case: str, service: FakeService, served_show: LittleShow, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers = [FINAL[case][0]]
    with served() as other:
        service.other = other.url
        report = served_show.make()
        assert other.asked == []
    (failure,) = report.failed
    assert failure.exit_code == SynthesisError.exit_code
    assert "cannot be spoken" in failure.errors[0]
    assert not served_show.mp3("a-paper").exists()
    assert_keyless(str(report), caplog.text)
    assert assert_keyless_files(served_show.root) > 5


def date_in(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("make_header", "least", "most"),
    [
        (lambda: "0", 0, 0),
        (lambda: "12", 12, 12),
        (lambda: "86400", 60, 60),
        (lambda: date_in(30), 25, 30),
        (lambda: date_in(-30), 0, 0),
        (lambda: date_in(9000), 60, 60),
        (lambda: "soon", 1, 1),
        (lambda: "-5", 1, 1),
        (lambda: "9" * 5000, 60, 60),
    ],
)
def test_retry_after_is_heeded_within_limits(
    make_header: Callable[[], str],
    least: float,
    most: float,
    service: FakeService,
    say: Say,
    waits: list[float],
) -> None:
    service.answers = [fail(503, Retry_After=make_header()), speak_well]
    say("openai", LINE, base_url=service.url)
    assert len(waits) == 1
    assert least <= waits[0] <= most


def test_nobody_there_is_said(monkeypatch: pytest.MonkeyPatch, say: Say, waits: list[float]) -> None:
    with served() as gone:
        pass
    with pytest.raises(
        SynthesisError, match=r"127\.0\.0\.1:\d+ gave no whole answer: ConnectionRefusedError"
    ):
        say("openai", LINE, base_url=gone.url, key_variable="")
    assert waits == [1, 2, 4, 8]
