"""The verbs of what is published: `serve`; a part of cli.py."""

# ruff: noqa: T201 - this is where printing happens, as in cli.py

import argparse
from pathlib import Path

from .verbs import Verbs, add_verb

__all__ = ["add_verbs"]

SITE = Path("output", "site")
"""Where the site is, below the show's folder."""


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to a command."""
    serve = add_verb(verbs, "serve", _serve, "show the site on this computer; Ctrl-C ends it")
    serve.add_argument("--port", type=_port, default=8000, metavar="N", help="default: 8000; 0: any")


def _serve(arguments: argparse.Namespace) -> None:
    from .serve import open_server
    from .show import find_show

    find_show(Path())
    with open_server(SITE, arguments.port) as server:
        print(f"{server.address} shows {SITE}; Ctrl-C ends it", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:  # that is how it ends
            print()


def _port(text: str) -> int:
    """A number of 0 to 65535. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdecimal()) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 0 to 65535")
    return int(text)
