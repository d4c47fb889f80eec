"""`python -m pipeline` is `paperledge`."""

import sys


def run() -> int:
    """Run one command; also Ctrl-C while the program is being loaded ends it with a word."""
    try:
        from .cli import main  # here, where an interruption is caught

        return main()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130


if __name__ == "__main__":
    sys.exit(run())
