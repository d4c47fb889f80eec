"""A show whose output is on a disk of its own, small and full: what happens to whoever writes then.

    unshare --map-root-user --mount python -m tests.torture.full_disk FOLDER STEP_KB

An edit of an episode is made with 0, STEP_KB, 2 · STEP_KB … of free space until there is enough, from
nothing, from its clips, from its master and from its tagged file on, so that every writer of the
pipeline meets the end of the disk. Prints how many runs failed, and the largest space of one. An
AssertionError says what was lost.
"""

# ruff: noqa: T201 - this is where printing happens

import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.errors import PaperledgeError
from pipeline.recipe import SOUNDCHECK, STEPS
from pipeline.store import Store, blobs_of

from ..conftest import LittleShow
from ..test_io_faults import episodes, temporary

PAGE_KB = 4
MADE = [name for name in STEPS if name != SOUNDCHECK.name]
"""The steps that an episode is made by, in order."""
MOST_KB = 4096
"""More than an edit needs, with all that is only there on the way."""


class Disk:
    """A tmpfs in place of a show's output."""

    def __init__(self, place: Path) -> None:
        self.place = place
        place.mkdir()
        self._mount(f"size={2 * MOST_KB}k", "tmpfs")

    def fill(self, content: Path) -> None:
        """Hold this, with room for more."""
        self.leave(2 * MOST_KB)
        for path in self.place.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(content, self.place, symlinks=True, dirs_exist_ok=True)

    def leave(self, free_kb: int) -> None:
        """Have so much space beside what is there."""
        status = os.statvfs(self.place)
        used_kb = (status.f_blocks - status.f_bfree) * PAGE_KB
        self._mount(f"remount,size={used_kb + free_kb}k", "tmpfs")
        assert os.statvfs(self.place).f_bfree * PAGE_KB == free_kb

    def _mount(self, options: str, name: str) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, name, str(self.place)], check=True)


def without(output: Path, steps: list[str], kept: Path, old: Path) -> None:
    """A copy of an output that lacks what these steps made, and whose episodes are old."""
    shutil.copytree(output, kept, symlinks=True)
    store = Store(kept / ".store")
    for name in steps:
        for path in (store.root / "records" / name).rglob("*.json"):
            result = store.recall(STEPS[name], path.stem)
            for blob in blobs_of(result) if result else ():
                (store.root / "blobs" / blob.sha256[:2] / f"{blob.sha256}{blob.suffix}").unlink()
            path.unlink()
    for name in ("episodes", ".store/ledger", "stages"):
        shutil.rmtree(kept / name)
        shutil.copytree(old / name, kept / name, symlinks=True)


def faults_of(show: LittleShow) -> list[str]:
    """What a run says that could not do all."""
    try:
        return [fault for failure in show.make().failed for fault in failure.errors]
    except PaperledgeError as error:
        return [str(fault) for fault in (error, *error.others)]


def try_with(
    show: LittleShow, free_kb: int, disk: Disk, old: dict[str, bytes], new: dict[str, bytes]
) -> bool:
    """Make the edit with so much space; whether that was too little."""
    disk.leave(free_kb)
    said = faults_of(show)
    for fault in said:
        assert "No space left on device" in fault, fault
        assert str(show.root) in fault, fault
        assert "free some space" in fault, fault
    for name, content in episodes(show).items():
        assert content in (old[name], new[name]), f"{name} with {free_kb} KiB is torn"
    assert not temporary(show), f"{free_kb} KiB: {temporary(show)}"
    if not said:
        assert episodes(show) == new, f"{free_kb} KiB: all was said to be made"
    disk.leave(MOST_KB)
    assert not show.make().failed
    assert episodes(show) == new
    return bool(said)


def main() -> None:
    """Print a line for each stage from which the edit was made."""
    folder, step_kb = Path(sys.argv[1]), int(sys.argv[2])
    show = LittleShow(folder / "show")
    output = show.root / "output"
    show.paper("one", body="A first finding. It stays.")
    show.make()
    old = episodes(show)
    output.rename(folder / "old")
    show.paper("one", body="A second finding. It stays.")
    show.make()
    new = episodes(show)
    output.rename(folder / "new")
    disk = Disk(output)
    for number in range(len(MADE) + 1):
        begun = folder / f"from-{number}"
        without(folder / "new", MADE[number:], begun, folder / "old")
        failed = []
        for free_kb in range(0, MOST_KB, step_kb):
            disk.fill(begun)
            if try_with(show, free_kb, disk, old, new):
                failed.append(free_kb)
            elif free_kb >= 1024:
                break
        lacking = ", ".join(MADE[number:]) or "delivery only"
        print(f"{lacking}: {len(failed)} runs met a full disk, the last with {max(failed)} KiB", flush=True)


if __name__ == "__main__":
    main()
