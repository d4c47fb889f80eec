"""Shows a finished site on this computer, as a host would: with byte ranges, types and HEAD.

In: a folder and a port. Out: http://127.0.0.1:PORT/, for this computer only, until it is stopped. Players
seek by asking for ranges of bytes (RFC 9110, clause 14), which `python -m http.server` does not answer.
What is outside of the folder, links that lead there and lists of what is in it are never sent.
"""

import os
import re
import socketserver
import sys
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .errors import PublishError

__all__ = ["HOST", "SiteServer", "open_server"]

HOST = "127.0.0.1"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".srt": "application/x-subrip; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".webp": "image/webp",
    ".xml": "application/rss+xml; charset=utf-8",
}
"""By suffix; anything else is a file of unknown kind."""

CHUNK_BYTES = 64 * 1024
IDLE_S = 30
"""A connection on which nothing is asked for so long is closed."""

_NO_SUCH_PART = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
_RANGE = re.compile(r"bytes=(\d{1,18})?-(\d{1,18})?", re.ASCII | re.IGNORECASE)


class SiteServer(ThreadingHTTPServer):
    """Serves one folder, each request in a thread of its own."""

    allow_reuse_address = os.name == "posix"
    """Elsewhere it would let two servers have one port."""
    daemon_threads = True
    block_on_close = False
    """A player that still listens does not keep the command from ending."""

    def __init__(self, folder: Path, port: int) -> None:
        """Raises OSError if the port cannot be had."""
        self.folder = folder.resolve()
        super().__init__((HOST, port), _Handler)

    def server_bind(self) -> None:
        """Bind, without asking the network what this computer is called, as the base class would."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away; the base class writes a traceback for it."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://{HOST}:{self.server_address[1]}/"

    def find(self, target: str) -> Path | None:
        """The file that a request's target names; None if there is none that may be sent."""
        try:
            names = unquote(urlsplit(target).path, errors="replace").split("/")[1:]
            if names[-1:] == [""]:
                names[-1] = "index.html"
            if not all(map(_is_plain, names)):
                return None
            path = self.folder.joinpath(*names).resolve()
            return path if path.is_relative_to(self.folder) and path.is_file() else None
        except (OSError, ValueError):  # no address, or no name that this system can have
            return None


def open_server(folder: Path, port: int) -> SiteServer:
    """A server that is ready for `serve_forever`.

    port: 0 for any that is free. Raises PublishError if there is no site in the folder, or if the port
    cannot be had.
    """
    if not (folder / "index.html").is_file():
        raise PublishError("there is no site yet", where=str(folder), hint="`make publish` makes it")
    try:
        return SiteServer(folder, port)
    except OSError as error:
        hint = "name another with --port, or 0 for any that is free"
        what = f"port {port} cannot be had: {error.strerror}"
        raise PublishError(what, hint=hint) from error


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    server: SiteServer
    protocol_version = "HTTP/1.1"
    server_version = "paperledge"
    sys_version = ""
    timeout = IDLE_S

    def do_GET(self) -> None:
        """Send a file, or the part of it that was asked for."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Send what GET would, without the file (RFC 9110, 9.3.2)."""
        self._answer(with_body=False)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of what went well."""

    def _answer(self, *, with_body: bool) -> None:
        path = self.server.find(self.path)
        if path is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        try:
            self._send(path, with_body=with_body)
        except (ConnectionError, TimeoutError):
            self.close_connection = True  # the listener left, as players do after every seek
        except OSError as error:
            self.log_error("%s: %s", path, error.strerror)
            self.close_connection = True

    def _send(self, path: Path, *, with_body: bool) -> None:
        size = path.stat().st_size
        asked = self.headers.get("Range", "") if with_body else ""
        status, wanted = _part_of(asked, size)
        self.send_response(status)
        self.send_header("Content-Type", TYPES.get(path.suffix.lower(), "application/octet-stream"))
        self.send_header("Content-Length", str(len(wanted)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        if status == HTTPStatus.PARTIAL_CONTENT:
            self.send_header("Content-Range", f"bytes {wanted.start}-{wanted.stop - 1}/{size}")
        if status == _NO_SUCH_PART:
            self.send_header("Content-Range", f"bytes */{size}")
        self.end_headers()
        if with_body and wanted:
            for chunk in _chunks(path, wanted):
                self.wfile.write(chunk)


def _is_plain(name: str) -> bool:
    """Whether a part of a path names something in its folder: no way up, no other root, no hidden file."""
    return name != "" and not name.startswith(".") and not set(name) & set("\\/:\0")


def _part_of(header: str, size: int) -> tuple[HTTPStatus, range]:
    """The bytes that a Range header asks for, and what to answer; all where it is none that we know.

    One range only: a server may ignore the header (RFC 9110, 14.2), and players ask for no more.
    """
    whole = HTTPStatus.OK, range(size)
    found = _RANGE.fullmatch(header.strip())
    if not found or not any(found.groups()):
        return whole
    first, last = (None if part is None else int(part) for part in found.groups())
    if first is None:  # the last so many bytes (14.1.2)
        wanted = range(max(0, size - (last or 0)), size)
    elif last is not None and last < first:
        return whole  # an invalid range is no range (14.1.1)
    else:
        wanted = range(first, size if last is None else min(size, last + 1))
    return (HTTPStatus.PARTIAL_CONTENT, wanted) if wanted else (_NO_SUCH_PART, range(0))


def _chunks(path: Path, wanted: range) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(wanted.start)
        left = len(wanted)
        while left and (chunk := file.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk
