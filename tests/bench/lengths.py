"""Memory and time of mastering by length: ten minutes, an hour, ten hours.

    python -m tests.bench.lengths [MINUTES ...]

Clips that Pico spoke are repeated until the episode is long enough; each length is a process of its own.
"""

# ruff: noqa: T201 - this is where printing happens

import sys
import tempfile
from pathlib import Path

from pipeline import plugins
from tests.bench.metered import run

REPOSITORY = Path(__file__).parents[2]
MINUTES = (10, 60, 600)
TEXTS = (
    "A few honest words about what went wrong were enough, and the next guests walked straight in.",
    "It is a lovely idea, and on a good day it works.",
    "What was asked, what was found, and why does it matter?",
)


def master(clips: Path, minutes: int) -> None:
    """Join the clips in turn for so long, and master the whole."""
    from pipeline import assembly
    from pipeline.audio import read_sound
    from pipeline.model import Piece
    from pipeline.store import Store
    from tests.assembly.sounds import request

    with tempfile.TemporaryDirectory() as name, Store(Path(name)).desk() as desk:
        pieces, seconds = [], 0.0
        for path in sorted(clips.glob("*.wav")):
            sound, copy = read_sound(path), desk.new(".wav")
            copy.write_bytes(path.read_bytes())
            pieces.append(Piece(audio=desk.keep(copy), pause_after_ms=350))
            seconds += len(sound.samples) / sound.rate_hz + 0.35
        assembly.master(request(*pieces * round(60 * minutes / seconds), lame_quality=7), desk)


def main() -> None:
    """Print the figures, or be one of the processes they are of."""
    if sys.argv[1:2] == ["--master"]:
        master(Path(sys.argv[2]), int(sys.argv[3]))
        return
    lengths = [int(word) for word in sys.argv[1:]] or MINUTES
    with tempfile.TemporaryDirectory() as name:
        engine = plugins.find("engines", "pico")
        for number, text in enumerate(TEXTS):
            engine.speak(text, engine.Options(), Path(name, f"{number}.wav"))
        print("| minutes | peak MB | CPU-s | CPU-s an hour |\n|---|---|---|---|")
        for minutes in lengths:
            command = [sys.executable, "-m", "tests.bench.lengths", "--master", name, str(minutes)]
            cost = run(command, REPOSITORY, memory=True)
            hourly = cost.cpu_s * 60 / minutes
            print(f"| {minutes} | {cost.peak_mb:.0f} | {cost.cpu_s:.1f} | {hourly:.1f} |", flush=True)


if __name__ == "__main__":
    main()
