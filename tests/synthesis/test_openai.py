"""The engine for services: what is asked, with which key, cut where, for how much; the key is nowhere else."""

import json
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from pipeline.backlog import make
from pipeline.errors import PluginError, SettingsError, SynthesisError
from pipeline.run import Options, Watcher
from pipeline.synthesis.engines import openai
from pipeline.synthesis.engines.openai import ENGINE, OpenAIOptions, pieces
from pipeline.synthesis.remote import Service
from pipeline.synthesis.voices import choose_voice
from tests.conftest import LittleShow

from .conftest import FolderDesk, Say
from .service import (
    KEY,
    LINE,
    FakeService,
    answer,
    assert_keyless,
    samples_of,
    sound_of,
    speak_well,
    spoken,
    streamed,
    wav,
)


def test_what_is_asked(service: FakeService, say: Say) -> None:
    say("openai", LINE, base_url=f"{service.url}/v3/", model="kokoro", voice="af_heart", words_per_minute=190,
        instructions="Softly.")  # fmt: skip
    say("openai", LINE, base_url=f"{service.url}/tts")
    (path, headers, question), (plain_path, _, plain) = service.asked
    assert (path, plain_path) == ("/v3/audio/speech", "/tts/v1/audio/speech")
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert question == {
        "model": "kokoro", "voice": "af_heart", "input": LINE, "response_format": "wav",
        "instructions": "Softly.", "speed": 1.09,
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
    service.answers = [answer(wav(np.full(1000, 0.5, "<f4").tobytes(), 3, 32, 2))]
    ENGINE.speak("Hm.", OpenAIOptions(base_url=service.url), tmp_path / "a.wav")
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 24_000)
        assert file.getnframes() == 500
