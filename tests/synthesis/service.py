"""A speech service on 127.0.0.1 that answers as it is told to: well, badly, late or not at all."""

import io
import json
import struct
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.model import Clip
from pipeline.synthesis.engines import tone

KEY = "sk-live/Zq7<&>+93+secret"
KEY_FORMS = (KEY, "sk-live%2FZq7%3C%26%3E%2B93%2Bsecret", "sk-live/Zq7&lt;&amp;&gt;+93+secret", "Zq7")
LINE = "They asked what a model really learns, and the answer was a surprise."


class Answering(BaseHTTPRequestHandler):
    """One request to the service that the server belongs to."""

    protocol_version = "HTTP/1.1"
    question: dict[str, Any]

    def do_POST(self) -> None:
        service: FakeService = self.server.service  # type: ignore[attr-defined]
        self.question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        service.asked.append((self.path, dict(self.headers), self.question))
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has heard enough
            service.next_answer()(self)

    def do_GET(self) -> None:
        """As a redirect that is followed would end."""
        self.server.service.asked.append((self.path, dict(self.headers), {}))  # type: ignore[attr-defined]
        self.reply(b"")

    def reply(self, body: bytes, kind: str | None = "audio/wav", status: int = 200, **more: str) -> None:
        self.send_response(status)
        if kind is not None:
            self.send_header("Content-Type", kind)
        headers = {"Content-Length": str(len(body)), **{n.replace("_", "-"): v for n, v in more.items()}}
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


Answer = Callable[[Answering], None]


class FakeService:
    """What it was asked, and what it answers next; its last answer is given for ever."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.answers: list[Answer] = [speak_well]
        self.over = threading.Event()
        self.other = ""
        """Where redirects lead."""
        self._lock = threading.Lock()

    def next_answer(self) -> Answer:
        with self._lock:
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def served() -> Iterator[FakeService]:
    """A service until the block ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        service = FakeService(f"http://127.0.0.1:{server.server_port}")
        server.service = service  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield service
        finally:
            service.over.set()
            server.shutdown()
            thread.join()


def spoken(text: str) -> bytes:
    """A good WAV of a text: 22,050 Hz, 16 bits, mono."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.wav")
        tone.ENGINE.speak(text, tone.ToneOptions(), path)
        return path.read_bytes()


def samples_of(content: bytes) -> bytes:
    with wave.open(io.BytesIO(content)) as file:
        samples: bytes = file.readframes(file.getnframes())
        return samples


def streamed(content: bytes, length: int = 0xFFFF_FFFF) -> bytes:
    """A WAV as it is written while its length is not known yet."""
    return (
        b"RIFF" + struct.pack("<I", length) + b"WAVE" + content[12:36]
        + b"LIST" + struct.pack("<I", 5) + b"INFO\0\0"
        + b"data" + struct.pack("<I", length) + samples_of(content)
    )  # fmt: skip


def speak_well(asked: Answering) -> None:
    asked.reply(spoken(asked.question["input"]), "audio/wav; charset=binary")


def fail(status: int, body: str = "", kind: str = "application/json", **headers: str) -> Answer:
    return lambda asked: asked.reply(body.encode(), kind, status=status, **headers)


def answer(body: bytes, kind: str | None = "audio/wav", **headers: str) -> Answer:
    return lambda asked: asked.reply(body, kind, status=200, **headers)


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


def wav(samples: bytes, encoding: int, bits: int, channels: int, rate_hz: int = 24_000) -> bytes:
    numbers = (encoding, channels, rate_hz, 0, channels * bits // 8, bits)
    layout = b"".join(
        number.to_bytes(size, "little") for number, size in zip(numbers, (2, 2, 4, 4, 2, 2), strict=True)
    )
    chunks = b"WAVEfmt " + len(layout).to_bytes(4, "little") + layout
    chunks += b"data" + len(samples).to_bytes(4, "little") + samples
    return b"RIFF" + len(chunks).to_bytes(4, "little") + chunks


def sound_of(clip: Clip, desk: Any) -> bytes:
    return samples_of(desk.path(clip.audio).read_bytes())
