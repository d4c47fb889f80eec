"""Whatever call of the system fails: the old episode is whole, the fault is said, the next run is right."""

import errno
import shutil
from pathlib import Path

import pytest

from pipeline.backlog import Report
from pipeline.errors import PaperledgeError
from pipeline.history import note, read_history

from .conftest import LittleShow
from .failing import Faults, failing


def episodes(show: LittleShow) -> dict[str, bytes]:
    folder = show.root / "output/episodes"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.*"))}


def temporary(show: LittleShow) -> list[Path]:
    output = show.root / "output"
    return [*output.rglob("*.part"), *(output / ".store/scratch").iterdir()]


class Edited:
    """A show with an episode, and an edit of it that is not made yet."""

    def __init__(self, show: LittleShow) -> None:
        self.show = show
        show.paper("one", body="A first finding. It stays.")
        show.make()
        self.old = episodes(show)
        self.kept = show.root.with_name("kept")
        shutil.copytree(show.root / "output", self.kept, symlinks=True)
        show.paper("one", body="A second finding. It stays.")
        show.make()
        self.new = episodes(show)
        self.put_back()

    def put_back(self) -> None:
        """As it was before the edit was made."""
        shutil.rmtree(self.show.root / "output")
        shutil.copytree(self.kept, self.show.root / "output", symlinks=True)

    def faults_said(self, faults: Faults) -> list[str]:
        """Make the edit while calls fail; what the run says."""
        try:
            with failing(faults):
                report: Report = self.show.make()
                note(self.show.root / "output", report, 100)
        except PaperledgeError as error:
            return [str(fault) for fault in (error, *error.others)]
        return [fault for failure in report.failed for fault in failure.errors]

    def try_with(self, faults: Faults) -> None:
        """Make the edit while calls fail, and look at everything."""
        said = self.faults_said(faults)
        context = f"{faults.calls} calls, failed: {faults.failed[:3]}, said: {said}"
        assert not any("unexpected" in fault for fault in said), context
        assert all(str(self.show.root) in fault for fault in said), context
        for name, content in episodes(self.show).items():
            assert content in (self.old[name], self.new[name]), context
        if not said:
            assert episodes(self.show) == self.new, context
        assert not temporary(self.show), context
        assert not self.show.make().failed, context
        assert episodes(self.show) == self.new, context
        assert {made.slug for made in read_history(self.show.root / "output")} <= {"one"}
        self.put_back()


# an engine's file that cannot be finished is said once more when it is forgotten
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

NUMBERS = (errno.ENOSPC, errno.EIO, errno.EMFILE)


def call_after_call(show: LittleShow, number: int, *, for_good: bool, runs: int | None = None) -> None:
    """Fail each call in turn, or as many as there are runs for, evenly spread."""
    edited = Edited(show)
    untouched = Faults(show.root, number, 0)
    edited.try_with(untouched)
    step = max(1, untouched.calls // runs) if runs else 1
    nth = 1
    while True:
        faults = Faults(show.root, number, nth, for_good=for_good)
        edited.try_with(faults)
        if not faults.failed:
            break
        nth += step
    assert nth > untouched.calls > 100


@pytest.mark.parametrize("number", NUMBERS, ids=errno.errorcode.get)
def test_some_calls_fail(show: LittleShow, number: int) -> None:
    call_after_call(show, number, for_good=False, runs=10)


@pytest.mark.torture
@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("number", NUMBERS, ids=errno.errorcode.get)
def test_each_call_fails(show: LittleShow, number: int, for_good: bool, short: bool) -> None:
    call_after_call(show, number, for_good=for_good, runs=60 if short else None)
