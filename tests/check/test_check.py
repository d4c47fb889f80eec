"""`paperledge check` as people, machines and teams call it."""

import json
from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.cli import main
from pipeline.findings import Rule, by_rule, weighed
from pipeline.store import Store
from pipeline.verify.rules import RULES as RULES_OF_SITES

from ..conftest import LittleShow
from ..verify.sites import SHOW, workshop

WALK = "It improved by 3.5 over the others."


@pytest.fixture
def here(show: LittleShow, monkeypatch: pytest.MonkeyPatch) -> LittleShow:
    """A show with one warning, in its folder."""
    show.paper("one", body=WALK)
    monkeypatch.chdir(show.root)
    return show


def test_a_warning_is_shown_and_fails_nothing(here: LittleShow, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    output = capsys.readouterr()
    assert output.out == "papers/one.md:8:16: SAID104 warning: changed by 3.5, but of what? (say of what)\n"
    assert output.err == "1 paper checked, 1 problem found\n"


def test_asked_for_more_it_says_why(here: LittleShow, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-v", "check"]) == 0
    finding, why = capsys.readouterr().out.splitlines()
    assert finding.startswith("papers/one.md:8:16: SAID104 ")
    assert why == "    listeners ask: percent, points, times?"


def test_another_voice_for_one_paper_is_told_there(here: LittleShow) -> None:
    here.write("voices/alto.yaml", "engine: openai\noptions: {key_variable: NO_SUCH_KEY}\nfallback: tone\n")
    here.edit("papers/one.md", "category:", "voice: alto\ncategory:")
    found = {finding.code: finding for finding in check(Path(), ())[1]}
    assert (found["VOIC105"].where, found["VOIC105"].severity) == ("papers/one.md:4:1", "warning")


def test_an_address_of_the_text_should_be_https_too(here: LittleShow) -> None:
    here.paper("one", body="See http://example.org/a for it.")
    codes = [(finding.code, finding.where) for finding in check(Path(), ())[1]]
    assert codes == [("PAPR120", "papers/one.md:8:5"), ("PAPR121", "papers/one.md:8:5")]


def test_json_has_every_field(here: LittleShow, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json"]) == 0
    (finding,) = json.loads(capsys.readouterr().out)
    assert finding.keys() == {"code", "severity", "where", "what", "why", "remedy", "at_s"}
    assert (finding["code"], finding["where"]) == ("SAID104", "papers/one.md:8:16")


def test_nothing_found_is_an_empty_list(
    show: LittleShow, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(show.root)  # and back afterwards, as --show goes there
    show.paper("one")
    assert main(["--show", str(show.root), "check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_github_shows_it_beside_its_line(here: LittleShow, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "github"]) == 0
    assert capsys.readouterr().out.startswith(
        "::warning file=papers/one.md,line=8,col=16,title=SAID104::changed"
    )


@pytest.mark.parametrize(
    ("severity", "code", "out"),
    [("error", 5, "SAID104 error"), ("note", 0, "SAID104 note"), ("off", 0, ""), ('"off"', 0, "")],
)
def test_a_show_weighs_a_finding(
    here: LittleShow, severity: str, code: int, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    here.edit("show.yaml", "voice:", f"severity: {{SAID104: {severity}}}\nvoice:")
    assert main(["check"]) == code
    assert (out in capsys.readouterr().out) if out else not capsys.readouterr().out


def test_a_code_that_there_is_not_comes_with_the_nearest(
    here: LittleShow, capsys: pytest.CaptureFixture[str]
) -> None:
    here.edit("show.yaml", "voice:", "severity: {SAID104: off, FEEED120: off}\nvoice:")
    assert main(["check"]) == 3
    assert capsys.readouterr().out.startswith(
        "show.yaml:3:26: SHOW103 error: there is no finding 'FEEED120' (did you mean 'FEED120'?"
    )


def test_other_severities_are_refused_at_their_place(
    here: LittleShow, capsys: pytest.CaptureFixture[str]
) -> None:
    here.edit("show.yaml", "voice:", "severity: {SAID104: on}\nvoice:")
    assert main(["check"]) == 3
    said = capsys.readouterr().out
    assert said.startswith(
        "show.yaml:3:21: SHOW101 error: 'SAID104': expected one of error, warning, note, off"
    )


def test_what_is_off_is_not_reported_by_verify(
    show: LittleShow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    show.write("show.yaml", SHOW)
    workshop().write(show.root / "output/site")
    Path(show.root / "output/site/index.html").unlink()
    monkeypatch.chdir(show.root)
    assert main(["verify"]) == 9
    codes = {line.split()[1] for line in capsys.readouterr().out.splitlines()}
    assert "PAGE105" in codes
    show.write("show.yaml", f"{SHOW}\nseverity: {{{', '.join(f'{code}: off' for code in codes)}}}\n")
    assert main(["verify"]) == 0
    assert capsys.readouterr().out == ""


def test_weighing_changes_nothing_else() -> None:
    finding = by_rule("FEED101", RULES_OF_SITES["FEED101"], "feed.xml", "is not there", at_s=1.5)
    (weighed_one,) = weighed([finding], {"FEED101": "note"})
    assert weighed_one.severity == "note"
    assert (weighed_one.at_s, weighed_one.what, weighed_one.where) == (1.5, "is not there", "feed.xml")
    assert weighed([finding], {"FEED102": "off"}) == (finding,)
    assert Rule._fields == ("severity", "title", "why", "remedy")


def test_a_second_look_writes_no_script_again(here: LittleShow, monkeypatch: pytest.MonkeyPatch) -> None:
    before = check(here.root, ())
    (script,) = Store(here.root / "output/.store").root.glob("records/script/*/*.json")
    stamp = script.stat().st_mtime_ns
    assert check(here.root, ()) == before
    assert script.stat().st_mtime_ns == stamp
    monkeypatch.setattr("pipeline.script.spoken.read_aloud", None)  # it would be called to write one
    assert check(here.root, ()) == before


def test_make_finds_the_scripts_that_check_wrote(here: LittleShow) -> None:
    check(here.root, ())
    written = set((here.root / "output/.store/records/script").rglob("*.json"))
    here.make()
    assert set((here.root / "output/.store/records/script").rglob("*.json")) == written


def test_a_paper_is_held_against_its_neighbour_though_it_alone_is_asked_for(here: LittleShow) -> None:
    here.paper("two", body="Boats come home at dusk. They sleep well.", day=2)
    here.paper("three", body="Boats come home at last. They never sleep.", day=3)
    checked, (finding,) = check(Path(), ("three",))
    assert checked == 1
    assert (finding.code, finding.where) == ("STYL101", "papers/three.md:8:1")
    assert "papers/two.md:8:1" in finding.what


def test_a_weight_makes_no_episode_anew(here: LittleShow) -> None:
    here.make()
    here.edit("show.yaml", "voice:", "severity: {SAID104: off}\nvoice:")
    report = here.make()
    assert (len(report.made), len(report.reused), report.lines_reused) == (0, 1, 0)


def test_faults_in_settings_do_not_hide_each_other(
    here: LittleShow, capsys: pytest.CaptureFixture[str]
) -> None:
    here.edit("show.yaml", "voice:", "cover: gone.png\nmusic: {intro: gone.wav}\nvoice:")
    here.write("scripts/outro.j2", "\x1e")
    assert main(["check"]) == 5
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == [
        "TMPL101",
        "ARTW101",
        "MUSC101",
    ]
