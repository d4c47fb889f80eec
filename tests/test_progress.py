"""Progress: a bar on a terminal that ends full, plain lines elsewhere, and no harm if nobody looks."""

import io
import os
import pty
import re
import subprocess
import sys

from pipeline.deliver import Finished
from pipeline.model import Loudness
from pipeline.progress import watching
from pipeline.report import one_line
from pipeline.run import Failure

from .conftest import LittleShow
from .synthesis.service import served

EPISODE = Finished(
    slug="one",
    title="One",
    inputs="",
    voice="tone",
    spoken_by="tones",
    mp3="output/episodes/one.mp3",
    duration_ms=61_000,
    size_bytes=1,
    loudness=Loudness(integrated_mlufs=-16_012, true_peak_mdbtp=-1_500),
    lines=3,
    digests={},
    stamps={},
)


def on_a_terminal(show: LittleShow, **environment: str) -> str:
    """What `make` shows on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pipeline", "--show", str(show.root), "make"]
    known = {"COLUMNS": "80", "TERM": "xterm", **environment}
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, env={**os.environ, **known})
    os.close(theirs)
    parts = []
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(ours)
    assert process.wait(30) == 0
    return b"".join(parts).decode()


def test_the_bar_on_a_terminal_ends_full_with_every_episode_counted(show: LittleShow) -> None:
    for slug in ("one", "two", "three"):
        show.paper(slug, body="The same line. " * 10)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", on_a_terminal(show))
    bars = re.findall(r"(\d) of 3 episodes .*?(\d+)%", shown)
    assert bars[-1] == ("3", "100")
    assert "left" in shown
    assert "output/episodes/two.mp3  0:" in shown


def test_no_color_is_respected(show: LittleShow) -> None:
    show.paper("one")
    assert not re.search(r"\x1b\[[0-9;]*m", on_a_terminal(show, NO_COLOR="1").replace("\x1b[0m", ""))


def test_a_terminal_shows_no_bar_where_there_is_nothing_to_do(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    assert "\x1b" not in on_a_terminal(show)


def test_elsewhere_an_episode_is_one_line() -> None:
    stream = io.StringIO()
    with watching(stream) as watcher:
        watcher.planned(2, 100)
        watcher.advanced(50)
        watcher.finished(EPISODE)
        watcher.failed(Failure(paper="papers/two.md", errors=("why",), exit_code=4))
    assert stream.getvalue() == f"[1/2] {one_line(EPISODE)}\nfailed: papers/two.md\n"
    assert one_line(EPISODE) == "output/episodes/one.mp3  1:01  -16.0 LUFS  -1.5 dBTP"


def test_a_reader_that_left_costs_nothing() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with watching(Gone()) as watcher:
        watcher.planned(1, 1)
        watcher.finished(EPISODE)


def test_a_reader_of_stderr_that_leaves_stops_no_episode(show: LittleShow) -> None:
    for number in range(2):
        show.paper(f"paper-{number}")
    command = [sys.executable, "-m", "pipeline", "--show", str(show.root), "make", "--jobs", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    process.stderr.close()
    assert process.stdout is not None
    report = process.stdout.read()
    process.stdout.close()
    assert process.wait(30) == 0
    assert "2 made" in report


def test_what_it_costs_is_said_once_before_the_work() -> None:
    for microdollars, said in (
        (3_999, "less than $0.01"),
        (1_239_999, "about $1.23"),
        (5 * 10**9, "about $5,000.00"),
    ):
        stream = io.StringIO()
        with watching(stream) as watcher:
            watcher.planned(1, 10)
            watcher.priced(microdollars)
        assert stream.getvalue() == f"to be spoken for {said}\n"


def test_a_terminal_shows_what_it_costs(show: LittleShow) -> None:
    with served() as service:
        show.write(
            "voices/tone.yaml",
            f"engine: openai\noptions: {{base_url: {service.url}, key_variable: '', price_microdollars: 9000000}}\n",
        )
        show.paper("one")
        assert re.search(r"to be spoken for about \$0\.\d\d\r", on_a_terminal(show))
        assert len(service.asked) > 3
