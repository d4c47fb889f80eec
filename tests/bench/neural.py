"""What the neural voice costs over its bare model, and how much two workers bring. Needs the extra neural.

    python -m tests.bench.neural [--lines 16] [--rounds 2]

The bare model is an onnxruntime session on one thread, all else as it comes, given the same phonemes of the
same lines in the host's style. The engine is called as a worker calls it: text in, WAV out. Each line goes
through both in turn, in one process. Then the lines are spoken by one worker, and by two who share them.
"""

# ruff: noqa: T201 - this is where printing happens

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.execute import open_executor
from pipeline.paper import find_papers, read_paper
from pipeline.synthesis import neural
from pipeline.synthesis.engines.kokoro import _OWN_WPM, ENGINE, KokoroOptions, blended
from pipeline.synthesis.english import phonemes_of

REPOSITORY = Path(__file__).parents[2]
STYLE = REPOSITORY / "voices" / "styles" / "ernis.bin"
SHORTEST = 40
"""Characters of a sentence that is worth timing."""


def sentences(count: int) -> list[str]:
    """So many sentences of the shipped papers."""
    texts = (read_paper(path, limit_words=10_000).summary for path in find_papers(REPOSITORY / "papers"))
    lines = [line.strip() for text in texts for line in text.replace("\n", " ").split(". ")]
    return [f"{line}." for line in lines if len(line) >= SHORTEST][:count]


def bare_session() -> Any:
    """The model on one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(neural._model(), options, providers=["CPUExecutionProvider"])


def bare(session: Any, lines: list[str]) -> float:
    """CPU-seconds of the bare model for the phonemes of some lines."""
    import numpy as np

    style, pace = blended((STYLE,), (100,)), round(100 * KokoroOptions().words_per_minute / _OWN_WPM)
    pieces = [piece for line in lines for piece in phonemes_of(line, ())]
    begun = time.process_time()
    for piece in pieces:
        ids = [neural._IDS[symbol] for symbol in piece]
        tokens = np.array([[neural._PAD, *ids, neural._PAD]], np.int64)
        speed = np.array([pace / 100], np.float32)
        session.run(None, {"tokens": tokens, "style": style[len(ids) - 1 : len(ids)], "speed": speed})
    return time.process_time() - begun


def spoken(lines: list[str]) -> float:
    """CPU-seconds of the engine for some lines."""
    with TemporaryDirectory() as folder:
        begun = time.process_time()
        for line in lines:
            ENGINE.speak(line, KokoroOptions(), Path(folder, "line.wav"), files=(STYLE,))
        return time.process_time() - begun


def wall_s(lines: list[str], workers: int) -> float:
    """Seconds that so many workers, who have the model loaded, take for some lines."""
    with open_executor(f"local:{workers}") as executor:
        for warmed in [executor.submit(spoken, lines[:1]) for _ in range(2 * workers)]:
            warmed.result()
        begun = time.perf_counter()
        for done in [executor.submit(spoken, [line]) for line in lines]:
            done.result()
        return time.perf_counter() - begun


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="What the neural voice costs over its bare model.")
    parser.add_argument("--lines", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    if not neural.is_installed():
        print("the neural voice: not installed, nothing is measured")
        return
    lines, session = sentences(arguments.lines), bare_session()
    bare(session, lines[:1]), spoken(lines[:1])
    ours = theirs = 0.0
    for _ in range(arguments.rounds):
        for line in lines:
            ours += spoken([line])
            theirs += bare(session, [line])
    print(f"the neural voice over its bare model  {ours / theirs:5.3f}   (at most 1.05)")
    print(
        f"two workers over one                  {wall_s(lines, 1) / wall_s(lines, 2):5.2f}   (at least 1.7)"
    )


if __name__ == "__main__":
    main()
