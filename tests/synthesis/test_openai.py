"""The engine for services: whole takes out of good answers, the right word on bad ones, the key nowhere."""

import json
import logging
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from pipeline.backlog import Options, Watcher, make
from pipeline.errors import PluginError, SettingsError, SynthesisError
from pipeline.model import Clip
from pipeline.synthesis import remote, waves
from pipeline.synthesis.engines import openai
from pipeline.synthesis.engines.openai import ENGINE, OpenAIOptions, pieces
from pipeline.synthesis.remote import ATTEMPTS, Service
from pipeline.synthesis.voices import choose_voice
from tests.conftest import LittleShow

from .conftest import FolderDesk, Say
from .service import Answer, Answering, FakeService, samples_of, served, speak_well, spoken, streamed

KEY = "sk-live/Zq7<&>+93+secret"
KEY_FORMS = (KEY, "sk-live%2FZq7%3C%26%3E%2B93%2Bsecret", "sk-live/Zq7&lt;&amp;&gt;+93+secret", "Zq7")
LINE = "They asked what a model really learns, and the answer was a surprise."
WORDS = "Of course, here is your speech."


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited before each further attempt; nobody waits."""
    waited: list[float] = []
    monkeypatch.setattr(remote, "pause", waited.append)
    return waited


@pytest.fixture
def service(
    monkeypatch: pytest.MonkeyPatch, waits: list[float], caplog: pytest.LogCaptureFixture
) -> Iterator[FakeService]:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("OPENAI_API_KEY", f" {KEY}\n")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # where nobody is: this computer needs no proxy
    monkeypatch.setattr(remote, "MOST_BYTES", 20_000_000)
    with served() as one:
        yield one


def fail(status: int, body: str = "", kind: str = "application/json", **headers: str) -> Answer:
    return lambda asked: asked.reply(body.encode(), kind, status=status, **headers)


def answer(body: bytes, kind: str | None = "audio/wav", **headers: str) -> Answer:
    return lambda asked: asked.reply(body, kind, status=200, **headers)


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


def sound_of(clip: Clip, desk: FolderDesk) -> bytes:
    return samples_of(desk.path(clip.audio).read_bytes())


def assert_keyless(*texts: str) -> None:
    for text in texts:
        for form in KEY_FORMS:
            assert form.lower() not in text.lower()


def assert_keyless_files(folder: Path) -> int:
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        content = path.read_bytes().lower()
        assert not any(form.lower().encode() in content for form in KEY_FORMS), path
    return len(files)


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


@pytest.fixture
def served_show(show: LittleShow, service: FakeService) -> LittleShow:
    show.write("voices/far.yaml", f"engine: openai\noptions:\n  base_url: {service.url}\n  voice: coral\n")
    show.edit("show.yaml", "voice: tone", "voice: far")
    show.paper("a-paper")
    return show


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


def test_what_is_asked(service: FakeService, say: Say) -> None:
    say("openai", LINE, base_url=f"{service.url}/v3/", model="kokoro", voice="af_heart", pace_percent=110,
        instructions="Softly.")  # fmt: skip
    say("openai", LINE, base_url=f"{service.url}/tts")
    (path, headers, question), (plain_path, _, plain) = service.asked
    assert (path, plain_path) == ("/v3/audio/speech", "/tts/v1/audio/speech")
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert question == {
        "model": "kokoro", "voice": "af_heart", "input": LINE, "response_format": "wav",
        "instructions": "Softly.", "speed": 1.1,
    }  # fmt: skip
    assert set(plain) == {"model", "voice", "input", "response_format"}


def test_without_a_key_variable_no_key_is_sent(service: FakeService, say: Say) -> None:
    say("openai", LINE, base_url=service.url, key_variable="")
    assert "Authorization" not in service.asked[0][1]


def test_the_key_is_that_of_the_moment(
    service: FakeService, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("one", "two"):
        monkeypatch.setenv("MY_KEY", key)
        say("openai", LINE, base_url=service.url, key_variable="MY_KEY")
    assert [headers["Authorization"] for _, headers, _ in service.asked] == ["Bearer one", "Bearer two"]


def test_a_long_text_is_asked_for_in_pieces_and_joined(
    service: FakeService, say: Say, desk: FolderDesk
) -> None:
    text = " ".join([LINE] * 130)
    clip = say("openai", text, base_url=service.url)
    sent = [question["input"] for _, _, question in service.asked]
    assert [len(piece) <= 4096 and piece.endswith("surprise.") for piece in sent] == [True] * 3
    assert " ".join(sent) == text
    silence = bytes(2 * 22_050 // 5)
    assert sound_of(clip, desk) == silence.join(samples_of(spoken(piece)) for piece in sent)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One. Two."]),
        ("One is one. Two is two.", ["One is one.", "Two is two."]),
        ('He said "no." And left', ['He said "no."', "And left"]),
        ("no stops in all of this", ["no stops in", "all of this"]),
        ("abcdefghijklmnopq", ["abcdefghijklm", "nopq"]),
        ("abcdefghijkl. abc", ["abcdefghijkl.", "abc"]),
    ],
)
def test_where_a_text_is_cut(text: str, expected: list[str]) -> None:
    assert list(pieces(text, 13)) == expected


@pytest.mark.parametrize("length", [0xFFFF_FFFF, 0xFFFF_FFFF - 36, 0x7FFF_FFFF, 0])
@pytest.mark.parametrize("kind", ["audio/x-wav", "application/octet-stream", None])
def test_a_header_without_lengths_is_heard_to_its_end(
    length: int, kind: str | None, service: FakeService, say: Say, desk: FolderDesk
) -> None:
    service.answers = [answer(streamed(spoken(LINE), length), kind, Content_Length="")]
    assert sound_of(say("openai", LINE, base_url=service.url), desk) == samples_of(spoken(LINE))


def wav(samples: bytes, encoding: int, bits: int, channels: int, rate_hz: int = 24_000) -> bytes:
    numbers = (encoding, channels, rate_hz, 0, channels * bits // 8, bits)
    layout = b"".join(
        number.to_bytes(size, "little") for number, size in zip(numbers, (2, 2, 4, 4, 2, 2), strict=True)
    )
    chunks = b"WAVEfmt " + len(layout).to_bytes(4, "little") + layout
    chunks += b"data" + len(samples).to_bytes(4, "little") + samples
    return b"RIFF" + len(chunks).to_bytes(4, "little") + chunks


WAVE = np.sin(np.arange(500) / 7) * 0.6
STEPS = np.rint(WAVE * 32_768).astype(np.int32)


@pytest.mark.parametrize(
    ("samples", "encoding", "bits", "within"),
    [
        (STEPS.astype("<i2").tobytes(), 1, 16, 0),
        ((STEPS * 65_536).astype("<i4").tobytes(), 1, 32, 0),
        (b"".join(int(step * 256).to_bytes(3, "little", signed=True) for step in STEPS), 1, 24, 0),
        ((STEPS // 256 + 128).astype(np.uint8).tobytes(), 1, 8, 256),
        (WAVE.astype("<f4").tobytes(), 3, 32, 1),
        (WAVE.astype("<f8").tobytes(), 3, 64, 1),
    ],
)
def test_every_kind_of_wav_becomes_16_bits(samples: bytes, encoding: int, bits: int, within: int) -> None:
    decoded, rate_hz = waves.decode(wav(samples, encoding, bits, 1))
    assert (decoded.dtype.name, rate_hz) == ("int16", 24_000)
    assert np.abs(decoded - STEPS).max() <= within
    width = bits // 8
    twice = b"".join(samples[at : at + width] * 2 for at in range(0, len(samples), width))
    assert np.array_equal(waves.decode(wav(twice, encoding, bits, 2))[0], decoded)


def test_channels_are_averaged_and_full_scale_saturates() -> None:
    stereo = np.array([[1000, -500], [-32_768, -32_768]], "<i2").tobytes()
    assert waves.decode(wav(stereo, 1, 16, 2))[0].tolist() == [250, -32_768]
    loud = np.array([2.0, -2.0, np.nan], "<f4").tobytes()
    assert waves.decode(wav(loud, 3, 32, 1))[0].tolist() == [32_767, -32_768, 0]


@pytest.mark.parametrize(
    "content",
    [wav(b"", 2, 4, 1), wav(b"", 1, 16, 0), wav(b"", 1, 16, 1, rate_hz=1), b"", b"RIFF", b"{}"],
)
def test_no_wav_is_refused(content: bytes) -> None:
    with pytest.raises(PluginError):
        waves.decode(content)


@pytest.mark.parametrize("length", [12, 30, 43, 44, 100])
def test_a_wav_that_ends_early_is_no_wav(length: int) -> None:
    with pytest.raises(ValueError, match="the WAV ends"):
        waves.decode(wav(STEPS.astype("<i2").tobytes(), 1, 16, 1)[:length])


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


@pytest.mark.parametrize("key", [None, "", "  \n"])
def test_a_missing_key_is_named_before_any_audio(
    key: str | None, monkeypatch: pytest.MonkeyPatch, served_show: LittleShow, service: FakeService
) -> None:
    if key is None:
        monkeypatch.delenv("OPENAI_API_KEY")
    else:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(PluginError, match="OPENAI_API_KEY is not set"):
        served_show.make()
    assert service.asked == []
    served_show.write("voices/far.yaml", "engine: openai\nfallback: tone\n")
    (voice,) = served_show.make().voices
    assert "OPENAI_API_KEY is not set" in voice.instead_of


@pytest.mark.parametrize("key", ["sk-one\nsk-two", "sk one", "sk-ключ", "sk\x00"])
def test_what_is_no_key_is_not_sent_and_not_said(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {"OPENAI_API_KEY": key})
    with pytest.raises(PluginError, match="OPENAI_API_KEY holds what no key does") as caught:
        ENGINE.check(OpenAIOptions())
    assert key not in str(caught.value)


def test_a_key_is_not_sent_for_everybody_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for url in ("http://example.org/v1", "http://127.0.0.1.example.org", "http://192.168.1.7:8880"):
        with pytest.raises(PluginError, match="for everybody to read"):
            ENGINE.check(OpenAIOptions(base_url=url))
        ENGINE.check(OpenAIOptions(base_url=url, key_variable=""))
    for url in ("https://example.org", "http://localhost:8880", "http://127.0.0.1", "http://[::1]:80/v1"):
        ENGINE.check(OpenAIOptions(base_url=url))


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": f"https://user:{KEY}@example.org"},
        {"base_url": f"https://example.org/?key={KEY}"},
        {"base_url": f"https://example.org:{KEY}"},
        {"base_url": "ftp://example.org"},
        {"base_url": "example.org"},
        {"base_url": "https://"},
        {"base_url": "https://[::1"},
        {"base_url": "https://example.org/\\@evil"},
        {"key_variable": KEY},
        {"key_variable": "sk-proj-Zq7"},
    ],
)
def test_settings_that_mean_nothing_are_placed_and_not_quoted(
    options: dict[str, Any], tmp_path: Path
) -> None:
    text = f"engine: openai\noptions: {json.dumps(options)}\n"
    (tmp_path / "far.yaml").write_text(text)
    with pytest.raises(SettingsError, match=r"far\.yaml:2:10: (base_url|key_variable) is") as caught:
        choose_voice("far", tmp_path)
    assert_keyless(str(caught.value))
    with pytest.raises(msgspec.ValidationError) as converted:
        msgspec.convert(options, OpenAIOptions)
    assert_keyless(str(converted.value))


def test_identity_is_where_what_and_who_and_never_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    options = OpenAIOptions(base_url="http://localhost:8880/v1", model="kokoro", voice="af_heart")
    identity = ENGINE.identity(options)
    assert identity == f"openai.{openai.REVISION} localhost:8880 kokoro af_heart"
    monkeypatch.delenv("OPENAI_API_KEY")
    assert ENGINE.identity(options) == identity
    assert_keyless(repr(Service("http://localhost", KEY)))


def test_another_price_speaks_nothing_again(served_show: LittleShow, service: FakeService) -> None:
    assert served_show.make().lines_spoken > 0
    times = len(service.asked)
    served_show.edit("voices/far.yaml", "voice: coral", "voice: coral\n  price_microdollars: 15000")
    report = served_show.make()
    assert (report.lines_spoken, report.failed, len(service.asked)) == (0, (), times)
    served_show.edit("voices/far.yaml", "voice: coral", "voice: echo")
    assert served_show.make().lines_spoken > 0


class Listening(Watcher):
    def __init__(self) -> None:
        self.prices: list[int] = []

    def priced(self, microdollars: int) -> None:
        self.prices.append(microdollars)


def test_only_what_will_be_spoken_has_a_price(served_show: LittleShow, service: FakeService) -> None:
    served_show.edit("voices/far.yaml", "voice: coral", "voice: coral\n  price_microdollars: 15000")
    served_show.paper("the-same")
    watcher = Listening()

    def paid() -> int:
        make(served_show.root, Options(executor="inline"), watcher)
        characters = sum(len(question["input"]) for _, _, question in service.asked)
        service.asked.clear()
        return characters * 15_000 // 1000

    assert paid() == watcher.prices.pop() > 0
    served_show.edit("papers/a-paper.md", "It matters.", "It matters a lot.")
    assert paid() == watcher.prices.pop() == len("It matters a lot.") * 15
    assert paid() == 0
    assert watcher.prices == []


def test_pieces_at_different_rates_are_refused(service: FakeService, say: Say) -> None:
    slow = bytearray(spoken(LINE))
    slow[24:28] = (16_000).to_bytes(4, "little")
    service.answers = [speak_well, answer(bytes(slow))]
    with pytest.raises(SynthesisError, match="at different rates"):
        say("openai", " ".join([LINE] * 70), base_url=service.url)


def test_looking_at_the_engine_loads_no_network() -> None:
    code = "import sys, pipeline.synthesis.engines.openai as o; print({'urllib.request', 'ssl', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


def test_what_is_written_is_what_the_house_takes(service: FakeService, tmp_path: Path) -> None:
    service.answers = [answer(wav(WAVE.astype("<f4").tobytes() * 2, 3, 32, 2))]
    ENGINE.speak("Hm.", OpenAIOptions(base_url=service.url), tmp_path / "a.wav")
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 24_000)
        assert file.getnframes() == 500
