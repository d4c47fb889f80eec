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

from pipeline.synthesis.engines import tone

__all__ = ["Answer", "Answering", "FakeService", "served", "spoken"]


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
