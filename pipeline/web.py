"""What all that talks over HTTP shares: which addresses are meant, and to ask again what may pass."""

import logging
import re
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

__all__ = ["ATTEMPTS", "Passing", "is_address", "is_near", "patiently", "retry_after_s"]

log = logging.getLogger(__name__)

T = TypeVar("T")

ATTEMPTS = 5
FIRST_WAIT_S = 1.0
"""Before the second attempt; twice as long before each further one, the same in every run."""
LONGEST_WAIT_S = 60.0
"""Whatever a server asks for: a job has 15 minutes."""


class Passing(Exception):
    """What may be better at the next attempt, and when that should be, if the server said so."""

    def __init__(self, what: str, wait_s: float | None = None) -> None:
        super().__init__(what)
        self.wait_s = wait_s


def patiently(ask: Callable[[], T]) -> T:
    """What `ask` gives; as often as it raises Passing, it is asked again, later each time.

    Raises Passing if the last attempt did, and says so.
    """
    for wait_s in (FIRST_WAIT_S * 2**number for number in range(ATTEMPTS - 1)):
        try:
            return ask()
        except Passing as fault:
            late_s = wait_s if fault.wait_s is None else fault.wait_s
            log.info("%s; asking again in %.0f s", fault, late_s)
            pause(late_s)
    try:
        return ask()
    except Passing as fault:
        raise Passing(f"{fault}, at the last of {ATTEMPTS} attempts") from None


def pause(seconds: float) -> None:
    """Wait before another attempt."""
    time.sleep(seconds)


def retry_after_s(text: str) -> float | None:
    """A Retry-After (RFC 9110, 10.2.3) as seconds from now, within limits; None if there is none."""
    from email.utils import parsedate_to_datetime  # which only an answer that says so needs

    try:
        seconds = (
            float(text) if text.strip().isdecimal() else parsedate_to_datetime(text).timestamp() - time.time()
        )
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT_S)


def is_address(text: str) -> bool:
    """Whether it is http or https with a host, perhaps a port and a path, and nothing else."""
    if not re.fullmatch(r"https?://[!-~]+", text) or re.search(r"[?#@\\]", text):
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_near(address: str) -> bool:
    """Whether it is on this computer, so that no proxy is asked for it."""
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None
