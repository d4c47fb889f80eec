"""`paperledge verify` on a show's folder."""

import json
import re
import shutil
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import PublishError
from pipeline.showlock import write_lock

from ..conftest import LittleShow
from .sites import SHOW, Workshop, workshop


@pytest.fixture
def published(show: LittleShow, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """A show whose good site is in its folder, which is the current one."""
    made = workshop()
    show.write("show.yaml", SHOW)
    write_lock(show.root, made.lock)
    made.write(show.root / "output/site")
    monkeypatch.chdir(show.root)
    return made


def test_a_good_site_is_good(published: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("no errors, no warnings")


def test_an_error_is_said_with_place_and_code(
    published: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("output/site/index.html").unlink()
    assert main(["verify"]) == PublishError.exit_code
    output = capsys.readouterr()
    assert "index.html: PAGE105 error: is not there" in output.out
    assert re.match(r"\d+ errors, no warnings; docs/findings.md says", output.err)


def test_json_has_every_field(published: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    Path("output/site/index.html").unlink()
    assert main(["verify", "--json"]) == PublishError.exit_code
    fields = {"code", "severity", "where", "what", "why", "remedy", "at_s"}
    assert all(finding.keys() == fields for finding in json.loads(capsys.readouterr().out))


def test_no_site_says_how_to_make_one(published: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree("output/site")
    assert main(["verify"]) == PublishError.exit_code
    assert "make publish" in capsys.readouterr().err


def test_a_title_cannot_take_the_terminal_over(
    published: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Path("output/site/index.html")
    page.write_text(page.read_text().replace("</main>", '<a href="\x1b[2J">x</a></main>'))
    assert main(["verify"]) == PublishError.exit_code
    assert "\x1b" not in capsys.readouterr().out
