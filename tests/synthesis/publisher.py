"""A publisher of voices on 127.0.0.1 that sends files, parts of them, or what it is told to."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pipeline.synthesis.adding import Added, add

STYLE = (Path(__file__).parents[2] / "voices/styles/ernis.bin").read_bytes()
MODEL = STYLE[:400_000]
CONFIG = b'{"audio": {"sample_rate": 22050}}'
CARD = b"""# Model card for joe (medium)

* Language: en_US (English, United States)
* Speakers: 1

## Dataset

* URL: https://example.org/joe
* License: See URL

## Training

Finetuned from U.S. English lessac voice (medium quality).
"""
JOE = "en_US-joe-medium"
MADE = "Finetuned from U.S. English lessac voice (medium quality)"
FOLDER = "/en/en_US/joe/medium"
FILES = {
    "/voices/af_heart.bin": STYLE,
    f"{FOLDER}/{JOE}.onnx": MODEL,
    f"{FOLDER}/{JOE}.onnx.json": CONFIG,
    f"{FOLDER}/MODEL_CARD": CARD,
}


class Answering(BaseHTTPRequestHandler):
    """One request to the publisher that the server belongs to."""

    protocol_version = "HTTP/1.1"

    @property
    def publisher(self) -> "Publisher":
        publisher: Publisher = self.server.publisher  # type: ignore[attr-defined]
        return publisher

    def do_GET(self) -> None:
        self.close_connection = True
        self.publisher.asked.append((self.path, self.headers.get("Range", "")))
        with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has heard enough
            self.publisher.next_answer(self.path)(self)

    def send_start(self, status: int, size: int | None, **more: str) -> None:
        self.send_response(status)
        headers = {} if size is None else {"Content-Length": str(size)}
        for name, value in {**headers, **more}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def send(self, content: bytes) -> None:
        self.wfile.write(content)
        self.publisher.sent += len(content)

    def log_message(self, *args: Any) -> None:
        pass


Answer = Callable[[Answering], None]


@dataclass(slots=True)
class Publisher:
    """What it has and was asked for; `answers` are given first, to whoever asks for a path that ends so."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    sent: int = 0
    states: bool = True
    """Whether it says which state of a file it sends."""
    over: threading.Event = field(default_factory=threading.Event)

    def next_answer(self, path: str) -> Answer:
        for end, answers in self.answers.items():
            if path.endswith(end) and answers:
                return answers.pop(0)
        return send_file

    def ranges(self, end: str) -> list[str]:
        """What was asked of a file, in order."""
        return [part for path, part in self.asked if path.endswith(end)]


@contextmanager
def published() -> Iterator[Publisher]:
    """A publisher until the block ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        publisher = Publisher(f"http://127.0.0.1:{server.server_port}")
        server.publisher = publisher  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield publisher
        finally:
            publisher.over.set()
            server.shutdown()
            thread.join()


def etag(content: bytes) -> str:
    return f'"{digest(content)[:16]}"'


def send_file(asked: Answering) -> None:
    """As RFC 9110 has it: the part that is asked for, if the file is still the one it was part of."""
    content = asked.publisher.files.get(asked.path)
    if content is None:
        asked.send_start(404, 0)
        return
    state = {"ETag": etag(content)} if asked.publisher.states else {}
    part = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("Range", ""))
    if not part or asked.headers.get("If-Range") != etag(content):
        asked.send_start(200, len(content), **state)
        asked.send(content)
        return
    start = int(part[1])
    place = f"bytes {start}-{len(content) - 1}/{len(content)}"
    asked.send_start(206, len(content) - start, Content_Range=place, **state)
    asked.send(content[start:])


def cut(at: int, **more: str) -> Answer:
    """The beginning of a file, and then the end of the connection."""

    def answer(asked: Answering) -> None:
        content = asked.publisher.files[asked.path]
        asked.send_start(200, len(content), **{"ETag": etag(content), **more})
        asked.send(content[:at])

    return answer


def stall(at: int) -> Answer:
    """The beginning of a file, and then nothing."""

    def answer(asked: Answering) -> None:
        cut(at)(asked)
        asked.publisher.over.wait(60)

    return answer


def ignore_range(asked: Answering) -> None:
    content = asked.publisher.files[asked.path]
    asked.send_start(200, len(content), ETag=etag(content))
    asked.send(content)


def reply(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(asked: Answering) -> None:
        asked.send_start(status, len(body), **headers)
        asked.send(body)

    return answer


def put(folder: Path, *names: str, source: str | Path = "") -> tuple[Added, ...]:
    """Add voices to a folder, silently."""
    return add(names, folder, str(source), lambda file, done, total: None)


def files(folder: Path) -> dict[str, bytes]:
    """What was added to the voices of a little show."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("tone.yaml", "lexicon.yaml")
    }


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()
