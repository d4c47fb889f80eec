"""The verbs that look after what was made: `store` and `history`; a part of cli.py."""

# ruff: noqa: T201 - this is where printing happens, as in cli.py

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import StoreError
from .lengths import clock
from .textfile import printable
from .verbs import Verbs, add_verb, positive

if TYPE_CHECKING:
    from .history import Made
    from .store import Store

__all__ = ["add_verbs"]


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to a command."""
    store = add_verb(verbs, "store", None, "look after what was made: verify, prune, size")
    tasks = store.add_subparsers(required=True, metavar="verify|prune|size")
    verify = add_verb(tasks, "verify", _verify, "find damaged entries and remove them, to be made again")
    verify.add_argument("--read-data", action="store_true", help="read every byte, not only the records")
    prune = add_verb(tasks, "prune", _prune, "say what no paper needs any more, with --apply delete it")
    prune.add_argument("--apply", action="store_true", help="delete it")
    size = add_verb(tasks, "size", _size, "say what the store takes up")
    for task in (verify, prune, size):
        task.add_argument("--json", action="store_true", help="as JSON")

    history = add_verb(verbs, "history", _history, "say what was made when")
    history.add_argument(
        "episode",
        nargs="?",
        default="",
        metavar="EPISODE",
        help="a slug, or the path of a paper (default: all)",
    )
    history.add_argument("-n", type=positive, metavar="N", default=0, help="the last N only")
    history.add_argument("--json", action="store_true", help="as JSON")


def _verify(arguments: argparse.Namespace) -> int:
    from .storecare import verify

    found = verify(_store(), read_data=arguments.read_data)
    if arguments.json:
        print(_json(found))
    else:
        for damage in found.damaged:
            state = "removed, it will be made again" if damage.removed else "left as it is"
            print(printable(f"{damage.path}: {damage.what} ({state})"))
        how = "read" if found.read_data else "there (--read-data reads them too)"
        print(
            f"{found.records} records read, {found.blobs} files {how}: {len(found.damaged) or 'none'} damaged"
        )
    return StoreError.exit_code if found.damaged else 0


def _prune(arguments: argparse.Namespace) -> None:
    from .storecare import prune

    found = prune(Path(), _store(), apply=arguments.apply)
    if arguments.json:
        print(_json({"applied": arguments.apply, **_plain(found)}))
        return
    done = "deleted" if arguments.apply else "would be deleted"
    for path in (path for path in found.episodes if ".store" not in Path(path).parts):
        print(printable(f"{path}: {done}, its paper is gone"))
    for path in found.changed:
        print(printable(f"{path}: stays, as it or what belongs to it was changed; delete it yourself"))
    records, files = len(found.records), len(found.blobs)
    what = f"in the store, {records} records and {files} files that no paper needs"
    print(f"{what}: {done}; {_megabytes(found.size_bytes)} in all")
    if not arguments.apply and found.size_bytes:
        print("paperledge store prune --apply deletes them")


def _size(arguments: argparse.Namespace) -> None:
    from .errors import PaperledgeError
    from .storecare import prune, weigh

    store = _store()
    weights = weigh(store)
    try:
        frees, why = prune(Path(), store).size_bytes, ""
    except PaperledgeError as error:
        frees, why = None, str((error, *error.others)[-1])
    total = sum(weight.record_bytes + weight.blob_bytes for weight in weights)
    if arguments.json:
        print(_json({"steps": _plain(weights), "size_bytes": total, "prune_frees_bytes": frees}))
        return
    print(f"{'':10}  records          in   files          in")
    for weight in weights:
        records = f"{weight.records:7}  {_megabytes(weight.record_bytes):>10}"
        print(f"{weight.step:10}  {records}  {weight.blobs:6}  {_megabytes(weight.blob_bytes):>10}")
    known = f"prune would free {_megabytes(frees)}" if frees is not None else f"prune cannot tell: {why}"
    print(printable(f"{_megabytes(total)} in {store.root}; {known}"))


def _history(arguments: argparse.Namespace) -> None:
    from .history import read_history
    from .show import find_show

    find_show(Path())
    slug = Path(arguments.episode).name.removesuffix(".md")
    made = read_history(Path("output"), slug)[-arguments.n :]
    if slug and not made:
        raise StoreError(f"nothing is known of {slug!r}", hint="paperledge history lists all there is")
    if arguments.json:
        print(_json(made))
        return
    for each in made:
        print(printable(_told(each)))


def _told(made: "Made") -> str:
    lufs = made.loudness.integrated_mlufs / 1000
    heard = f"{clock(made.duration_ms):>7}  {lufs:6.1f} LUFS  {made.lines:4} lines"
    run = f"run: {made.run_lines_spoken} spoken, {made.run_lines_reused} reused"
    return (
        f"{made.when}  {made.mp3}  {heard}  {made.voice}  ({run}, {made.run_ms / 1000:.1f} s)  {made.title}"
    )


def _store() -> "Store":
    from .shared import store_of
    from .show import load_show

    return store_of(Path(), load_show(Path()).store)


def _plain(value: object) -> dict[str, object]:
    import msgspec

    plain: dict[str, object] = msgspec.to_builtins(value)
    return plain


def _json(value: object) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"
