"""How much memory a stretch of work may take, so that what strangers wrote cannot take all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["bounded_memory"]


@contextmanager
def bounded_memory(more_bytes: int) -> Iterator[None]:
    """Let what is done take `more_bytes` more than there is now, where the system can count it.

    Raises MemoryError in whoever asks for more.

    The limit is the whole process's, so only its main thread sets it: that is where a worker works,
    and two threads would restore each other's limits instead of the one there was.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):  # not Linux: the job's time limit must do
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * resource.getpagesize() + more_bytes
    limits = [limit for limit in (wanted, soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
