"""One question to a speech service over HTTP: JSON goes out, a WAV's bytes come back.

What may pass (429, 5xx, time-outs, broken or short answers) is asked again, later each time and as
late as the service wants; what will not pass is a PluginError in the service's own words, without
the key. Redirects are not followed, as they would take text and key to where nobody sent them.
"""

import html
import json
import re
import ssl
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

from ..errors import PluginError
from ..web import Passing, patiently, retry_after_s

__all__ = ["Service"]

MOST_BYTES = 64 * 1024 * 1024
"""Of one answer: 23 minutes at 24 kHz, and no text of 4,096 characters takes half of that."""
_MOST_ERROR_BYTES = 16 * 1024
_MOST_SAID = 300
"""Characters of what a service says, in a message."""

_WAV_TYPES = ("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave")
_UNNAMED_TYPES = ("", "application/octet-stream", "binary/octet-stream")
"""Some servers name no type; the bytes tell."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that speaks."""

    url: str
    """http or https, without user, query or fragment."""
    key: str = field(repr=False)
    """Printable ASCII, or "" for a service that needs none."""
    is_near: bool = False
    """Whether it is on this computer, so that no proxy is asked for it."""

    def ask(self, question: dict[str, Any], limit_s: float) -> bytes:
        """What it answers: something that is called a WAV, whole and not empty.

        limit_s: for one attempt. Raises PluginError if it refuses, or if each attempt fails.
        """
        body = json.dumps(question).encode()
        try:
            return patiently(lambda: self._ask_once(body, limit_s))
        except Passing as fault:
            hint = "is the service up, and reached from here? run again later"
            raise PluginError(str(fault), hint=hint) from None

    @property
    def host(self) -> str:
        """Its name, with a port if it has an unusual one."""
        return urlsplit(self.url).netloc

    def _ask_once(self, body: bytes, limit_s: float) -> bytes:
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})  # noqa: S310
        request.add_header("Accept", "audio/wav")
        if self.key:
            request.add_unredirected_header("Authorization", f"Bearer {self.key}")
        proxies = [urllib.request.ProxyHandler({})] if self.is_near else []
        opener = urllib.request.build_opener(_Staying, *proxies)
        deadline = time.monotonic() + limit_s
        try:
            with opener.open(request, timeout=limit_s) as answer:
                return self._sound(answer, deadline)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error, deadline) from None
        except (OSError, HTTPException) as error:
            raise self._broken(error, limit_s) from None
        except ValueError as error:  # an address that is none, ours or one that it sends on to
            what = f"{self.host} cannot be asked: {self._plain(str(error))}"
            raise PluginError(what, hint="check base_url") from None

    def _sound(self, answer: Any, deadline: float) -> bytes:
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in (*_WAV_TYPES, *_UNNAMED_TYPES):
            said = self._quoted(_read(answer, _MOST_ERROR_BYTES, deadline), kind)
            raise PluginError(
                f"{self.host} answered with {self._plain(kind)!r} instead of a WAV{said}",
                hint="check base_url, and that the service knows the response_format wav",
            )
        announced = answer.length
        content = b"" if (announced or 0) > MOST_BYTES else _read(answer, MOST_BYTES, deadline)
        if max(announced or 0, len(content)) > MOST_BYTES:
            raise PluginError(f"{self.host} answered with more than {MOST_BYTES:,} bytes for one text")
        if len(content) < (announced or 1):
            of = f" of {announced:,}" if announced else ""
            raise Passing(f"{self.host} sent {len(content):,}{of} bytes")
        return content

    def _refusal(self, error: urllib.error.HTTPError, deadline: float) -> Exception:
        """What an answer other than 200 means."""
        body, kind = b"", error.headers.get("Content-Type", "")
        with suppress(OSError, HTTPException, Passing):
            body = _read(error, _MOST_ERROR_BYTES, deadline)
        what = f"{self.host} answered {error.code}{self._quoted(body, kind)}"
        if error.code == 429 and b"insufficient_quota" in body:
            return PluginError(what, hint="the account has no credit left")
        if error.code in (408, 429) or error.code >= 500:
            return Passing(what, retry_after_s(error.headers.get("Retry-After", "")))
        if 300 <= error.code < 400:
            place = self._plain(error.headers.get("Location", "nowhere"))
            return PluginError(
                f"{self.host} answered {error.code}, a redirect to {place}",
                hint="it was not followed; if it is right, set base_url to it",
            )
        hint = {401: "is the key right?", 403: "may the key do this?", 404: "check base_url and model"}
        return PluginError(what, hint=hint.get(error.code, "check the options of the voice"))

    def _broken(self, error: Exception, limit_s: float) -> Exception:
        """What a connection that failed means."""
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            return PluginError(
                f"the certificate of {self.host} is not trusted: {self._plain(reason.verify_message)}"
            )
        if isinstance(reason, TimeoutError):
            return Passing(f"{self.host} did not answer within {limit_s:.0f} s")
        return Passing(
            f"{self.host} gave no whole answer: {self._plain(f'{type(reason).__name__}: {reason}')}"
        )

    def _quoted(self, body: bytes, kind: str) -> str:
        """What a body says, for the end of a message: the service's words, or what they are."""
        text = body.decode("utf-8", "replace")
        if "html" in kind.lower() or text.lstrip()[:1] == "<":
            return " and a web page"
        said = self._plain(_message(text))
        return f": {said}" if said else ""

    def _plain(self, text: str) -> str:
        """Text of a service for a message: one line, shortened, without the key however written."""
        if self.key:
            forms = {self.key, quote(self.key, safe=""), html.escape(self.key), json.dumps(self.key)[1:-1]}
            pattern = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
            text = re.sub(pattern, "[key]", text, flags=re.IGNORECASE)
        line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
        return line if len(line) <= _MOST_SAID else line[: _MOST_SAID - 1] + "…"


class _Staying(urllib.request.HTTPRedirectHandler):
    """Follows no redirect, so that it comes back as the answer it is."""

    def redirect_request(self, *about: Any) -> None:
        return None


def _read(answer: Any, most: int, deadline: float) -> bytes:
    """The body as far as it comes, or a little more than `most` of it."""
    announced, parts, size = answer.length, [], 0
    while size <= most and (announced is None or size < announced):
        part = answer.read1(65_536)  # what is there: `read` would wait on, however slowly it comes
        if not part:
            break
        parts.append(part)
        size += len(part)
        if time.monotonic() > deadline:
            raise TimeoutError
    return b"".join(parts)


def _message(text: str) -> str:
    """The message in a JSON error, as most services write it; other text as it is."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and found.get(name):
            found = found[name]
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
