"""The shipped show's episodes, held against other people's tools. A missing tool fails.

Run by `make acceptance`; see docs/acceptance.md.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from pipeline.model import Loudness
from pipeline.paper import find_papers, read_paper

pytestmark = pytest.mark.acceptance

REPOSITORY = Path(__file__).parent.parent.parent
SLUGS = [path.stem for path in find_papers(REPOSITORY / "papers")]


class Delivered(msgspec.Struct):
    """What `make --json` says of an episode."""

    slug: str
    mp3: str
    duration_ms: int
    loudness: Loudness


def said_by(tool: str, *words: str) -> str:
    """What a tool prints, on both streams; it must be installed and succeed."""
    assert shutil.which(tool), f"{tool} is missing: run .ci/tools"
    done = subprocess.run([tool, *words], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def episodes() -> dict[str, Delivered]:
    """Every episode of the shipped show, made if need be."""
    command = [sys.executable, "-m", "pipeline", "make", "--json"]
    report = json.loads(subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True).stdout)
    made = msgspec.convert([*report["made"], *report["reused"]], list[Delivered])
    return {episode.slug: episode for episode in made}


@pytest.fixture(params=SLUGS)
def episode(request: pytest.FixtureRequest, episodes: dict[str, Delivered]) -> Delivered:
    """One of them."""
    return episodes[request.param]


def mp3(episode: Delivered) -> str:
    return str(REPOSITORY / episode.mp3)


def planned_samples(episode: Delivered) -> int:
    return round(episode.duration_ms * 44.1)


def test_loudness_and_true_peak_of_the_decoded_file(episode: Delivered) -> None:
    said = said_by(
        "ffmpeg", "-nostats", "-i", mp3(episode), "-filter_complex", "ebur128=peak=true", "-f", "null", "-"
    )
    summary = said[said.rindex("Summary:") :]
    integrated = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", summary)[0])
    peak = float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", summary)[0])
    assert abs(integrated + 16) <= 0.5
    assert peak <= -1.0
    assert abs(integrated - episode.loudness.integrated_mlufs / 1000) <= 0.1
    assert abs(peak - episode.loudness.true_peak_mdbtp / 1000) <= 0.15


def test_the_stream_is_clean_constant_and_mono(episode: Delivered) -> None:
    assert "WARNING" not in said_by("mp3val", mp3(episode))
    wanted = "%Format%|%BitRate_Mode%|%BitRate%|%SamplingRate%|%Channels%"
    assert (
        said_by("mediainfo", f"--Inform=Audio;{wanted}", mp3(episode)).strip()
        == "MPEG Audio|CBR|128000|44100|1"
    )


@pytest.mark.parametrize("decoder", ["ffmpeg", "mpg123"])
def test_it_decodes_to_exactly_the_planned_samples(episode: Delivered, decoder: str, tmp_path: Path) -> None:
    raw = tmp_path / "decoded.raw"
    if decoder == "ffmpeg":
        said_by("ffmpeg", "-v", "error", "-xerror", "-i", mp3(episode), "-f", "s16le", str(raw))
    else:
        assert shutil.which("mpg123"), "mpg123 is missing: run .ci/tools"
        with raw.open("wb") as out:
            subprocess.run(
                ["mpg123", "-q", "-s", "--no-resync", mp3(episode)], stdout=out, check=True, timeout=120
            )
    assert 0 <= raw.stat().st_size // 2 - planned_samples(episode) <= 45  # a millisecond, rounded down


def test_the_tags_are_what_paper_and_show_say(episode: Delivered) -> None:
    paper = read_paper(REPOSITORY / "papers" / f"{episode.slug}.md", limit_words=30_000)
    probed = json.loads(
        said_by("ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", mp3(episode))
    )
    tags = probed["format"]["tags"]
    assert (tags["title"], tags["artist"], tags["album"]) == (paper.title, "Ernis", "PaperLedge")
    assert tags["date"].startswith(str(paper.date.year))
    assert any(stream["codec_name"] == "mjpeg" for stream in probed["streams"])
    assert all(author in json.dumps(tags, ensure_ascii=False) for author in paper.authors)


def test_another_reader_agrees(episode: Delivered) -> None:
    paper = read_paper(REPOSITORY / "papers" / f"{episode.slug}.md", limit_words=30_000)
    (read,) = json.loads(said_by("exiftool", "-json", "-charset", "utf8", mp3(episode)))
    assert (read["Title"], read["Artist"], read["Album"]) == (paper.title, "Ernis", "PaperLedge")
    assert str(read["Year"]) == str(paper.date.year)
    assert read["PictureMIMEType"] == "image/jpeg"
    shown = said_by("kid3-cli", "-c", "get", mp3(episode))
    assert paper.title in shown
    assert "ID3v2.3.0" in shown
    assert "ID3v1" not in shown


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    assert shutil.which("unshare"), "unshare is missing: run .ci/tools"
    output = tmp_path / "show" / "output"
    for name in ("show.yaml", "scripts", "voices", "papers"):
        source, target = REPOSITORY / name, tmp_path / "show" / name
        target.parent.mkdir(exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    output.mkdir()
    script = f'mount -t tmpfs -o size=8m tmpfs "{output}" && "{sys.executable}" -m pipeline --show "{output.parent}" make; echo "code $?"; ls -A "{output}/episodes" "{output}/.store/scratch"'
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "No space left on device (free some space and run again; what is finished stays)" in done.stderr
    assert "Traceback" not in done.stderr
    assert "code 10" in done.stdout
    assert ".part" not in done.stdout
