"""A file from where it is published, or from a folder, to its place: whole and checked, or not at all.

A download grows as <name>.part beside its place. <name>.part-of says what it is a part of: the address,
and what the server calls this state of the file (RFC 9110, 8.8). So the next attempt, or the next run,
asks only for what is missing, and begins anew if the file has changed. Once it is whole and passes its
check, it is renamed; whoever is killed leaves the part or the file.
"""

import os
import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Annotated, Any
from urllib.parse import urlsplit

import msgspec

from . import __version__
from .errors import FetchError, NotPublished, PaperledgeError
from .files import os_errors_said
from .web import Passing, is_address, is_near, patiently, retry_after_s

__all__ = ["Check", "Watch", "fetch"]

SILENCE_S = 30.0
"""How long a server may say nothing."""
CHUNK_BYTES = 64 * 1024
_FIRST_BYTES = 512
"""Enough to tell a web page."""

Check = Callable[[Path], None]
"""Raises PaperledgeError if a file is not what it should be."""
Watch = Callable[[int, int], None]
"""Told how many bytes are there, and of how many; 0 if that is unknown."""


def fetch(source: str, path: Path, *, most_bytes: int, check: Check, watch: Watch) -> None:
    """Bring what is at an address, or at a path, to `path`; what was there is replaced.

    Raises NotPublished if there is nothing, FetchError if it cannot be had, StoreError if it cannot be
    written, and whatever `check` raises.
    """
    part = _Part(path)
    with os_errors_said("cannot be written", path):
        path.parent.mkdir(parents=True, exist_ok=True)
    if is_address(source):
        download = _Download(source, part, most_bytes, watch)
        try:
            patiently(download.attempt)
        except Passing as fault:
            hint = "are you online? run it again, and it goes on where it stopped"
            raise FetchError(str(fault), where=source, hint=hint) from None
    else:
        _copy(Path(source), part, most_bytes, watch)
    _finish(part, check)


class _Note(msgspec.Struct, frozen=True):
    """What a part is a part of."""

    address: str
    state: Annotated[str, msgspec.Meta(pattern=r"^[!-~][ -~]*\Z")]
    """An ETag or a date."""
    size: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A file that is not whole yet, and the note beside it."""

    path: Path
    """Where it will be."""

    @property
    def file(self) -> Path:
        return self.path.with_name(f"{self.path.name}.part")

    @property
    def note(self) -> Path:
        return self.path.with_name(f"{self.path.name}.part-of")

    def held(self, address: str) -> tuple[int, _Note] | None:
        """How much of what is at the address is here, and its note."""
        try:
            size = self.file.stat().st_size
            note = msgspec.json.decode(self.note.read_bytes(), type=_Note)
        except (OSError, msgspec.DecodeError):
            return None
        return (size, note) if note.address == address and 0 < size <= note.size else None

    def begin(self, note: _Note | None) -> None:
        """Empty it; in this order, so that no note ever stands beside bytes of something else."""
        self.file.write_bytes(b"")
        self.note.unlink(missing_ok=True)
        if note is not None:
            self.note.write_bytes(msgspec.json.encode(note))

    def forget(self) -> None:
        """Delete what is here."""
        for path in (self.note, self.file):
            path.unlink(missing_ok=True)


def _copy(source: Path, part: _Part, most_bytes: int, watch: Watch) -> None:
    if not source.is_file():
        raise NotPublished("there is no such file", where=str(source))
    with os_errors_said("cannot be copied", source), source.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        _refuse_larger(size, most_bytes, str(source))
        part.begin(None)
        with part.file.open("wb") as copy:
            while chunk := file.read(CHUNK_BYTES):
                copy.write(chunk)
                watch(copy.tell(), size)


def _finish(part: _Part, check: Check) -> None:
    with os_errors_said("cannot be written", part.path):
        try:
            check(part.file)
        except PaperledgeError:
            part.forget()
            raise
        with part.file.open("r+b") as file:
            os.fsync(file.fileno())
        part.note.unlink(missing_ok=True)
        part.file.replace(part.path)


def _refuse_larger(size: int, most_bytes: int, where: str) -> None:
    if size > most_bytes:
        raise FetchError(f"holds more than {most_bytes:,} bytes: that is no such file", where=where)


@dataclass(frozen=True, slots=True)
class _Download:
    address: str
    part: _Part
    most_bytes: int
    watch: Watch

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    def attempt(self) -> None:
        """Bring the part to its end. Raises Passing, FetchError or StoreError."""
        held = self.part.held(self.address)
        if held and held[0] == held[1].size:
            return
        proxies = [urllib.request.ProxyHandler({})] if is_near(self.address) else []
        opener = urllib.request.build_opener(_Careful, *proxies)
        try:
            with opener.open(self._request(held), timeout=SILENCE_S) as answer:
                self._take(answer, held)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error) from None
        except (OSError, HTTPException) as error:
            raise self._broken(error) from None
        except ValueError:  # an address that is none, where it sends us on to
            raise FetchError("leads to an address that is none", where=self.address) from None

    def _request(self, held: tuple[int, _Note] | None) -> urllib.request.Request:
        request = urllib.request.Request(self.address, headers={"User-Agent": f"paperledge/{__version__}"})  # noqa: S310
        if held:
            size, note = held
            request.add_header("Range", f"bytes={size}-")
            request.add_header("If-Range", note.state)
        return request

    def _take(self, answer: Any, held: tuple[int, _Note] | None) -> None:
        """Write an answer's body to the part: behind what is there, or from its beginning."""
        start = self._start(answer, held)
        if answer.length is None and not answer.chunked:
            raise FetchError("does not say how long the file is", where=self.address)
        size = start + answer.length if answer.length is not None else 0
        _refuse_larger(size, self.most_bytes, self.address)
        first = answer.read1(CHUNK_BYTES)
        if not start:
            self._refuse_page(answer, first)
        with os_errors_said("cannot be written", self.part.path):
            if not start:
                self.part.begin(self._note(answer, size))
            file = self.part.file.open("ab")
        with file:
            end = self._write(answer, first, file, size)
        if end < size or not end:
            raise Passing(f"{self.host} sent {end:,} of {size:,} bytes")

    def _write(self, answer: Any, chunk: bytes, file: IO[bytes], size: int) -> int:
        while chunk:
            with os_errors_said("cannot be written", self.part.path):
                file.write(chunk)
            _refuse_larger(file.tell(), self.most_bytes, self.address)
            self.watch(file.tell(), size)
            chunk = answer.read1(CHUNK_BYTES)
        return file.tell()

    def _start(self, answer: Any, held: tuple[int, _Note] | None) -> int:
        """Where the answer's body belongs. Raises Passing, to begin anew, if it is some other part."""
        if answer.status != 206:
            return 0
        sent = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", answer.headers.get("Content-Range", "").strip())
        fits = held and sent and (int(sent[1]), int(sent[2])) == (held[0], held[1].size)
        if held and fits and _state(answer.headers) in ("", held[1].state):  # not every server heeds If-Range
            return held[0]
        self.part.forget()
        raise Passing(f"{self.host} sent a part of another file", 0)

    def _note(self, answer: Any, size: int) -> _Note | None:
        state = _state(answer.headers)
        return _Note(self.address, state, size) if state and size else None

    def _refuse_page(self, answer: Any, first: bytes) -> None:
        """Raise FetchError for a web page, such as the one on which a network wants a login."""
        kind = answer.headers.get("Content-Type", "")
        head = first[:_FIRST_BYTES].lstrip().lower()
        if "html" in kind.lower() or head.startswith((b"<!doctype", b"<html")):
            hint = "does your network want a login first? or fetch the files elsewhere, and use --from FOLDER"
            raise FetchError("a web page came instead of the file", where=self.address, hint=hint)

    def _refusal(self, error: urllib.error.HTTPError) -> Exception:
        """What an answer other than 200 or 206 means."""
        what = f"{self.host} answered {error.code}"
        if error.code == 416:  # there is less than we have
            self.part.forget()
            return Passing(what, 0)
        if error.code in (408, 429) or error.code >= 500:
            return Passing(what, retry_after_s(error.headers.get("Retry-After", "")))
        if error.code in (404, 410):
            return NotPublished("is not there", where=self.address, hint="is the name right?")
        if 300 <= error.code < 400:
            return FetchError("is redirected in a circle, or to nowhere", where=self.address)
        hint = (
            "is it a place that everybody may read?" if error.code in (401, 403) else "is the address right?"
        )
        return FetchError(what, where=self.address, hint=hint)

    def _broken(self, error: Exception) -> Exception:
        """What a connection that failed means."""
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            what = f"the certificate of {self.host} is not trusted: {reason.verify_message}"
            return FetchError(
                what, where=self.address, hint="or fetch the files elsewhere, and use --from FOLDER"
            )
        if isinstance(reason, TimeoutError):
            return Passing(f"{self.host} said nothing for {SILENCE_S:.0f} s")
        return Passing(f"{self.host} gave no whole answer: {type(reason).__name__}: {reason}")


def _state(headers: HTTPMessage) -> str:
    """What an answer calls this state of its file: a strong ETag, else its date, else ""."""
    etag: str = headers.get("ETag", "").strip()
    state: str = etag if etag.startswith('"') else headers.get("Last-Modified", "").strip()
    return state if re.fullmatch(r"[!-~][ -~]*", state) else ""


class _Careful(urllib.request.HTTPRedirectHandler):
    """Follows redirects over the web, and never from https to where others can read and write."""

    def http_error_302(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: HTTPMessage
    ) -> Any:
        try:
            return super().http_error_302(req, fp, code, msg, headers)
        except (ValueError, FetchError):
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        allowed = ("https",) if req.type == "https" else ("http", "https")
        if urlsplit(newurl).scheme not in allowed:
            raise FetchError("is redirected to where it would come unprotected", where=req.full_url)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
