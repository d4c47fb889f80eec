"""What these tests share: a desk, and ways to ask for and to look at speech."""

import hashlib
import logging
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from pipeline import plugins, synthesis, web
from pipeline.model import Blob, Clip, Option, SpeechRequest
from pipeline.synthesis import catalogue, remote
from tests.conftest import LittleShow

from .publisher import STYLE, Publisher, digest, published
from .service import KEY, FakeService, served


class FolderDesk:
    """A Desk that keeps files where they are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.kept: dict[str, Path] = {}

    def path(self, blob: Blob) -> Path:
        return self.kept[blob.sha256]

    def new(self, suffix: str) -> Path:
        self.count += 1
        return self.folder / f"{self.count}{suffix}"

    def keep(self, path: Path) -> Blob:
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        self.kept[sha256] = path
        return Blob(sha256=sha256, suffix=path.suffix, size_bytes=len(content))


Say = Callable[..., Clip]
Refused = Callable[[], int]


@pytest.fixture
def desk(tmp_path: Path) -> FolderDesk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return FolderDesk(folder)


@pytest.fixture
def refused(caplog: pytest.LogCaptureFixture) -> Refused:
    """How many takes were bad so far; one that was spoken twice to be sure is not."""
    caplog.set_level(logging.INFO, "pipeline.synthesis")
    return lambda: sum(record.name == "pipeline.synthesis" for record in caplog.records)


@pytest.fixture
def say(desk: FolderDesk) -> Say:
    """Speak a text with an engine found by name and set by options, as a recipe would."""

    def say(engine: str, text: str, **options: Option) -> Clip:
        return synthesis.speak(request_for(engine, text, **options), desk)

    return say


def request_for(name: str, text: str, **options: Option) -> SpeechRequest:
    engine = plugins.find("engines", name)
    identity = engine.identity(msgspec.convert(options, engine.Options))
    return SpeechRequest(text=text, engine=name, identity=identity, options=options)


def write_wav(path: Path, samples: bytes, rate_hz: int = 16_000, width: int = 2, channels: int = 1) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate_hz, 0, "NONE", ""))
        file.writeframes(samples)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited before each further attempt; nobody waits."""
    waited: list[float] = []
    monkeypatch.setattr(web, "pause", waited.append)
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


@pytest.fixture
def served_show(show: LittleShow, service: FakeService) -> LittleShow:
    show.write("voices/far.yaml", f"engine: openai\noptions:\n  base_url: {service.url}\n  voice: coral\n")
    show.edit("show.yaml", "voice: tone", "voice: far")
    show.paper("a-paper")
    return show


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> Iterator[Publisher]:
    """The publisher of all voices; the style that it has is the one that the catalogue knows."""
    known = {**catalogue._styles(), "af_heart": digest(STYLE)}
    monkeypatch.setattr(catalogue, "_styles", lambda: known)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # see service
    with published() as one:
        monkeypatch.setattr(catalogue, "STYLES_AT", one.url)
        monkeypatch.setattr(catalogue, "PIPER_AT", one.url)
        yield one


@pytest.fixture
def voices(show: LittleShow) -> Path:
    """The voices of a little show."""
    return show.root / "voices"
