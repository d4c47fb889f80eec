"""What tests share: a small show that speaks in tones, so that whole episodes take milliseconds."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pipeline.backlog import Report, make
from pipeline.run import Options, Watcher

REPOSITORY = Path(__file__).parent.parent

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # a busy machine is no fault of what is tested

PAPER = """---
title: "{title}"
authors: [Ada Lovelace, Grace Hopper]
category: Computing
date: 2026-01-{day:02}
---

{body}
"""


class LittleShow:
    """A show in a folder of its own, made in this process."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "papers").mkdir(parents=True)
        shutil.copytree(REPOSITORY / "scripts" / "assets", root / "scripts" / "assets")
        self.write("show.yaml", "title: Little Show\nhost: Ernis\nvoice: tone\n")
        self.write("voices/tone.yaml", "engine: tone\n")
        self.write("voices/lexicon.yaml", "VAR: letters\n")
        self.write("scripts/episode.j2", EPISODE)
        self.write("scripts/outro.j2", "That was {{ paper.title }}. Goodbye for now.\n")

    def write(self, name: str, text: str) -> Path:
        """Write a file of the show."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def paper(
        self, slug: str, body: str = "A finding. It matters.", title: str = "A paper", day: int = 1
    ) -> Path:
        """Write a paper of the show."""
        return self.write(f"papers/{slug}.md", PAPER.format(title=title, day=day, body=body))

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace words in a file of the show; they must be there."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def make(
        self, *papers: str, voice: str | None = None, draft: bool = False, executor: str = "inline"
    ) -> Report:
        """Make the episodes."""
        options = Options(papers=papers, voice=voice, draft=draft, executor=executor)
        return make(self.root, options, Watcher())

    def mp3(self, slug: str) -> Path:
        """Where an episode is."""
        return self.root / "output" / "episodes" / f"{slug}.mp3"


EPISODE = """{{ section("intro", "Welcome") }}
Welcome, I am {{ show.host }}.

{{ section("paper", paper.title) }}
{{ paper.summary }}

{{ section("outro") }}
{% include "outro.j2" %}
"""


def install_engine(folder: Path, package: str, name: str, code: str) -> None:
    """Put a package with one engine into a folder, as pip would: its module and its entry point."""
    (folder / f"plugin_{name}.py").write_text(code, encoding="utf-8")
    info = folder / f"{package.replace('-', '_')}-1.2.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[paperledge.engines]\n{name} = plugin_{name}:ENGINE\n")


@pytest.fixture
def show(tmp_path: Path) -> LittleShow:
    """A small show with no papers."""
    return LittleShow(tmp_path / "show")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write expected results anew")
    parser.addoption("--short", action="store_true", help="the short form of the torture tests")


@pytest.fixture
def short(pytestconfig: pytest.Config) -> bool:
    """Whether the short form of a long test is wanted."""
    return bool(pytestconfig.getoption("--short"))


@pytest.fixture(scope="session")
def s3_service() -> Iterator[str]:
    """Address of a real S3 interface on 127.0.0.1."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_service: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of a bucket there, which this process and those it starts may use."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_service)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "known-to-nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very-secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    from s3fs import S3FileSystem

    files = S3FileSystem(use_listings_cache=False)
    if not files.exists("podcasts"):
        files.mkdir("podcasts")
    return "podcasts"
