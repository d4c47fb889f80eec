"""The same request gives the same bytes on processors that can more and on those that can less."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from pipeline import assembly
from pipeline.model import Piece
from tests.assembly.sounds import Folder, request, speech

folder = Folder(Path(sys.argv[1]))
clips = [folder.clip(speech(6.0, 22050, seed, level), 22050) for seed, level in ((1, 0.9), (2, 0.05))]
pieces = [Piece(audio=clip, pause_after_ms=400, voice=voice) for voice, clip in enumerate(clips)]
print(assembly.master(request(*pieces), folder).mp3.sha256)
"""
"""Two voices, to be matched, and loud enough for the limiter."""

PROCESSORS = {
    "all there is": {"OPENBLAS_NUM_THREADS": "2"},
    "without AVX-512": {
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
        "OPENBLAS_CORETYPE": "Haswell",
    },
    "without AVX": {
        "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
        "OPENBLAS_CORETYPE": "Prescott",
    },
    "one thread": {"OPENBLAS_NUM_THREADS": "1"},
}


def made_on(processor: dict[str, str], folder: Path) -> str:
    """The digest of the MP3 that a fresh process makes."""
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM, str(folder)],
        env={**os.environ, **processor},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return done.stdout.strip()


@pytest.mark.slow
def test_what_the_processor_can_changes_no_byte(tmp_path: Path) -> None:
    made = {name: made_on(processor, tmp_path / name) for name, processor in PROCESSORS.items()}
    assert set(made.values()) == {made["all there is"]}, made
