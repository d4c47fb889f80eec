"""`python -m pipeline` is `paperledge`."""

import os
import sys


def run() -> int:
    """Run one command; also Ctrl-C while the program is being loaded ends it with a word."""
    # Our products of matrices are too small for numpy's own threads, which would only be started.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from .cli import main  # here, where an interruption is caught

        return main()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130


if __name__ == "__main__":
    sys.exit(run())
