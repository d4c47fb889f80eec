"""The same eight texts by three ways to a finished MP3: what each costs, and how loud it comes out.

    python -m tests.bench.rivals

The naive script is naive.py. The second way is how loudness is usually set: the host's own clips, joined and
brought to -16 LUFS and -1 dBTP by ffmpeg's loudnorm in two passes, and encoded by libmp3lame; its speech is
that of the floor. The third is `paperledge make`, with one worker. Needs ffmpeg, and the extra espeak.
"""

# ruff: noqa: T201 - this is where printing happens

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.bench.cost import REPOSITORY, build, copy_show, episodes
from tests.bench.metered import Cost, run

LOUDNORM = "loudnorm=I=-16:TP=-1:LRA=11"
SILENCE_S = 0.35


class Heard(NamedTuple):
    """A decoded file, by ffmpeg's meter."""

    lufs: float
    dbtp: float


def heard(mp3: Path) -> Heard:
    """Integrated loudness and true peak."""
    told = _ffmpeg("-i", str(mp3), "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-")
    summary = told[told.rindex("Summary:") :]
    integrated, peak = (re.findall(rf"{name}:\s+(-?[\d.]+) ", summary)[0] for name in ("I", "Peak"))
    return Heard(float(integrated), float(peak))


def naive(show: Path, folder: Path) -> list[Cost]:
    """One run of the script for each episode."""
    lines, costs = folder / "lines.txt", []
    for text in sorted((show / "output" / "stages").glob("*/1-script.txt")):
        said = [line[24:].strip() for line in text.read_text(encoding="utf-8").splitlines()]
        lines.write_text("\n".join(said) + "\n", encoding="utf-8")
        command = [sys.executable, "-W", "ignore", "-m", "tests.bench.naive", str(lines)]
        out = folder / f"{text.parent.name}.mp3"
        costs.append(run([*command, str(out)], REPOSITORY, env=_espeak(folder), memory=True))
    return costs


def loudnorm(show: Path, folder: Path) -> list[Cost]:
    """Two passes for each episode, after its clips were spoken."""
    floor = folder / "floor"
    floor.mkdir()
    episodes("prepare", show, floor)
    costs = [episodes("speak", floor, memory=True)]
    for stage in sorted((show / "output" / "stages").iterdir()):
        costs += _two_passes(stage, folder)
    return costs


def _two_passes(stage: Path, folder: Path) -> list[Cost]:
    pause, listed = folder / "pause.wav", folder / "clips.txt"
    _ffmpeg("-y", "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", str(SILENCE_S), str(pause))
    clips = sorted((stage / "2-synthesis").iterdir())
    listed.write_text("".join(f"file '{clip.resolve()}'\nfile '{pause}'\n" for clip in clips))
    source = ["ffmpeg", "-y", "-nostats", "-hide_banner", "-f", "concat", "-safe", "0", "-i", str(listed)]
    measuring = [*source, "-af", f"{LOUDNORM}:print_format=json", "-f", "null", "-"]
    first = run(measuring, folder, memory=True)
    told = subprocess.run(measuring, capture_output=True, text=True, check=True).stderr  # to read it
    found = json.loads(told[told.rindex("{") : told.rindex("}") + 1])
    known = {"I": "input_i", "TP": "input_tp", "LRA": "input_lra", "thresh": "input_thresh"}
    values = ":".join(f"measured_{name}={found[key]}" for name, key in known.items())
    second = f"{LOUDNORM}:{values}:offset={found['target_offset']}:linear=true"
    encoding = ["-ar", "44100", "-ac", "1", "-c:a", "libmp3lame", "-b:a", "128k"]
    return [first, run([*source, "-af", second, *encoding, str(folder / f"{stage.name}.mp3")], folder, memory=True)]  # fmt: skip


def _ffmpeg(*words: str) -> str:
    command = ["ffmpeg", "-nostats", "-hide_banner", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


def _espeak(folder: Path) -> dict[str, str]:
    """Where pyttsx3, which only looks in the system, finds the extra's eSpeak NG."""
    import espeakng_loader

    library = folder / "libespeak-ng.so.1"
    if not library.exists():
        library.symlink_to(espeakng_loader.get_library_path())
    return {"LD_LIBRARY_PATH": str(folder), "ESPEAK_DATA_PATH": espeakng_loader.get_data_path()}


def main() -> None:
    """Print the table."""
    if not shutil.which("ffmpeg"):
        print("side by side with others: ffmpeg is missing, nothing is compared")
        return
    with tempfile.TemporaryDirectory() as name:
        show, one, two = Path(name, "show"), Path(name, "naive"), Path(name, "loudnorm")
        for folder in (show, one, two):
            folder.mkdir()
        copy_show(show)
        ours = [build(show, 1, memory=True)]
        rows = {
            "pyttsx3 + pydub": (naive(show, one), one),
            "pico + ffmpeg loudnorm, two passes": (loudnorm(show, two), two),
            "paperledge make": (ours, show / "output" / "episodes"),
        }
        print("| eight episodes | CPU-s | over ours | peak MB | LUFS | dBTP |\n|---|---|---|---|---|---|")
        for label, (costs, made) in rows.items():
            print(f"| {label} | {_told(costs, ours, made)} |")


def _told(costs: list[Cost], ours: list[Cost], made: Path) -> str:
    effort, best = (sum(cost.effort for cost in all_) for all_ in (costs, ours))
    sounds = [heard(path) for path in sorted(made.glob("*.mp3"))]
    assert len(sounds) == 8, made
    lufs, dbtp = sorted(sound.lufs for sound in sounds), max(sound.dbtp for sound in sounds)
    return (
        f"{sum(cost.cpu_s for cost in costs):.1f} | {effort / best:.2f} "
        f"| {max(cost.peak_mb for cost in costs):.0f} | {lufs[0]:.1f} to {lufs[-1]:.1f} | {dbtp:.1f}"
    )


if __name__ == "__main__":
    main()
