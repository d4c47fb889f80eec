"""A backlog: only what changed is made again, and one bad paper stops nothing."""

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.backlog import scripts
from pipeline.deliver import is_untouched, known
from pipeline.errors import PaperError, PaperledgeError, ScriptError, SettingsError, StoreError
from pipeline.files import sha256_of
from pipeline.model import Script
from pipeline.run import Options

from .conftest import LittleShow


def states(show: LittleShow) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (show.root / "output" / "episodes").iterdir()}


def test_each_paper_becomes_an_mp3_with_its_texts(show: LittleShow) -> None:
    show.paper("one")
    show.paper("two", body="Another finding.")
    report = show.make()
    assert [episode.slug for episode in report.made] == ["one", "two"]
    assert {path.name for path in (show.root / "output/episodes").iterdir()} == {
        f"{slug}.{kind}" for slug in ("one", "two") for kind in ("mp3", "txt", "vtt", "srt", "json")
    }
    assert show.mp3("one").with_suffix(".txt").read_text().startswith("Welcome, I am Ernis.\n")


def test_a_second_run_makes_and_touches_nothing(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    before = {path: path.stat().st_mtime_ns for path in (show.root / "output").rglob("*")}
    report = show.make()
    assert (report.made, len(report.reused), report.lines_spoken) == ((), 1, 0)
    assert {path: path.stat().st_mtime_ns for path in (show.root / "output").rglob("*")} == before


def test_a_line_that_several_episodes_share_is_spoken_once(show: LittleShow) -> None:
    for slug in ("one", "two", "three"):
        show.paper(slug)
    report = show.make()
    assert report.lines_spoken == len({"welcome", "a finding", "it matters", "that was", "goodbye"})


def test_a_changed_sign_off_speaks_one_line_for_all_episodes(show: LittleShow) -> None:
    for slug in ("one", "two", "three"):
        show.paper(slug)
    show.make()
    show.edit("scripts/outro.j2", "Goodbye for now.", "Farewell.")
    report = show.make()
    assert (len(report.made), report.lines_spoken, report.lines_reused) == (3, 1, 4)
    assert "Farewell." in show.mp3("two").with_suffix(".txt").read_text()


def test_moved_paragraphs_are_not_spoken_again(show: LittleShow) -> None:
    show.paper("one", body="First comes this.\n\nThen comes that.")
    show.make()
    before = states(show)
    show.paper("one", body="Then comes that.\n\nFirst comes this.")
    report = show.make()
    assert (len(report.made), report.lines_spoken) == (1, 0)
    assert states(show) != before


def test_a_comment_in_a_template_speaks_and_joins_nothing_again(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    before = states(show)
    show.edit("scripts/outro.j2", "That was", "{# a note to myself #}That was")
    report = show.make()
    assert (len(report.made), len(report.reused), report.lines_spoken) == (0, 1, 0)
    assert states(show) == before


def test_a_wording_that_one_episode_uses_changes_that_episode_only(show: LittleShow) -> None:
    show.paper("one", title="First")
    show.paper("two", title="Second")
    show.write("scripts/outro.j2", "{% if paper.title == 'First' %}Bye.{% else %}So long.{% endif %}\n")
    show.make()
    untouched = show.mp3("two").stat()
    show.edit("scripts/outro.j2", "Bye.", "Take care.")
    report = show.make()
    assert ([e.slug for e in report.made], [e.slug for e in report.reused]) == (["one"], ["two"])
    assert report.lines_spoken == 1
    assert show.mp3("two").stat() == untouched
    assert show.make().made == ()


def test_a_voice_changed_there_and_back_speaks_nothing_the_second_time(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    before = states(show)
    show.edit("voices/tone.yaml", "engine: tone\n", "engine: tone\noptions: {pitch_percent: 150}\n")
    assert show.make().lines_spoken > 0
    assert states(show) != before
    show.write("voices/tone.yaml", "engine: tone\n")
    assert show.make().lines_spoken == 0
    assert states(show) == before


def test_the_voice_of_one_run_holds_for_that_run_only(show: LittleShow) -> None:
    show.paper("one")
    show.write("voices/high.yaml", "engine: tone\noptions: {pitch_percent: 150}\n")
    show.make()
    assert len(show.make(voice="high").made) == 1
    assert len(show.make(voice="high").made) == 0
    report = show.make()
    assert (len(report.made), report.lines_spoken) == (1, 0)


@pytest.mark.parametrize("damage", ["delete", "cut"])
def test_a_finished_file_that_was_meddled_with_is_put_back(show: LittleShow, damage: str) -> None:
    show.paper("one")
    show.make()
    before = states(show)
    mp3 = show.mp3("one")
    if damage == "delete":
        mp3.unlink()
    else:
        mp3.write_bytes(mp3.read_bytes()[:1000])
    report = show.make()
    assert (len(report.made), report.lines_spoken) == (1, 0)
    assert states(show) == before


@pytest.mark.parametrize("namespace", ["blobs", "records"])
@pytest.mark.parametrize("damage", ["truncate", "flip", "delete"])
def test_whatever_is_damaged_in_the_store_the_episode_comes_out_the_same(
    show: LittleShow, namespace: str, damage: str
) -> None:
    show.paper("one")
    show.make()
    before = states(show)
    for path in (show.root / "output/.store" / namespace).rglob("*.*"):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        if damage == "delete":
            path.unlink()
        else:
            path.write_bytes(content if damage == "flip" else content[:-1])
    show.mp3("one").unlink()
    report = show.make()
    assert not report.failed
    assert states(show) == before


def test_without_the_ledger_nothing_is_spoken_again(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    shutil.rmtree(show.root / "output/.store/ledger")
    report = show.make()
    assert (len(report.made), report.lines_spoken) == (1, 0)


def test_the_same_show_elsewhere_gives_the_same_bytes(show: LittleShow, tmp_path: Path) -> None:
    show.paper("one")
    show.make()
    other = LittleShow(tmp_path / "a much longer path than the first one")
    other.paper("one")
    other.make(executor="local:2")
    assert states(other) == states(show)


def test_bad_papers_stop_no_good_ones_and_are_listed(show: LittleShow) -> None:
    show.paper("good")
    show.write("papers/bad.md", "no front matter")
    show.write("papers/Upper.md", "---\n")
    show.paper("mute", body="...")
    show.paper("other/good")
    show.paper("strange-voice").write_text(
        (show.root / "papers/good.md").read_text().replace("category", "voice: nobody\ncategory")
    )
    report = show.make()
    assert [episode.slug for episode in report.made] == ["good", "mute"]
    failed = {Path(failure.paper).name: failure.errors[0] for failure in report.failed}
    assert set(failed) == {"bad.md", "Upper.md", "strange-voice.md", "good.md"}
    assert "there is no front matter" in failed["bad.md"]
    assert "cannot name an episode" in failed["Upper.md"]
    assert "there is no voice 'nobody'" in failed["strange-voice.md"]
    assert "has the same name as" in failed["good.md"]


def test_a_typo_in_a_template_stops_before_any_audio(show: LittleShow) -> None:
    show.paper("one")
    show.write("scripts/outro.j2", "Well.\n{% if paper.questions %}{{ papr.title }}{% endif %}\n")
    report = show.make()
    (failure,) = report.failed
    assert failure.exit_code == ScriptError.exit_code
    assert "scripts/outro.j2:2: 'papr' is not defined (did you mean 'paper'?" in failure.errors[0]
    assert report.lines_spoken == 0
    assert not list((show.root / "output/.store").rglob("*.wav"))


def test_a_template_that_does_not_exist_names_those_that_do(show: LittleShow) -> None:
    show.paper("one")
    show.edit("show.yaml", "voice: tone", "voice: tone\ntemplate: episodes.j2")
    show.paper("two")
    failures = show.make().failed
    assert len({failure.errors for failure in failures}) == 1  # which is told once
    assert "show.yaml:4:11: there is no template 'episodes.j2' (did you mean" in failures[0].errors[0]
    show.edit("papers/two.md", "category:", "template: episode.j2\ncategory:")
    assert len(show.make("two").made) == 1
    show.edit("show.yaml", "episodes.j2", "episode.j2")
    show.edit("papers/one.md", "category:", "template: epsode.j2\nvoice: tony\ncategory:")
    (failure,) = show.make().failed
    assert "papers/one.md:4:1: there is no template 'epsode.j2'" in failure.errors[0]
    show.edit("papers/one.md", "template: epsode.j2\n", "")
    (failure,) = show.make().failed
    assert "papers/one.md:4:1: there is no voice 'tony'" in failure.errors[0]


def test_an_unknown_voice_or_engine_stops_at_once(show: LittleShow) -> None:
    show.paper("one")
    with pytest.raises(SettingsError, match=r"there is no voice 'tony', as .*did you mean 'tone'\?"):
        show.make(voice="tony")
    show.write("voices/tone.yaml", "engine: tones\n")
    with pytest.raises(PaperledgeError, match="did you mean 'tone'"):
        show.make()


def test_an_output_folder_that_cannot_be_written_is_said(show: LittleShow) -> None:
    show.paper("one")
    (show.root / "output").write_text("a file, not a folder")
    with pytest.raises(StoreError, match=r"output.*a file is where a folder should be"):
        show.make()


def test_a_pattern_that_names_nothing_is_an_error(show: LittleShow) -> None:
    show.paper("one")
    with pytest.raises(PaperError, match="there is no paper 'papers/2"):
        show.make("papers/2*.md")


def test_papers_are_chosen_by_path_glob_and_slug(show: LittleShow) -> None:
    for slug in ("a-one", "a-two", "b-one"):
        show.paper(slug)
    assert [episode.slug for episode in show.make("papers/a-*").made] == ["a-one", "a-two"]
    assert [episode.slug for episode in show.make("b-one").made] == ["b-one"]
    assert [episode.slug for episode in show.make("papers/a-one.md", "b-one").reused] == ["a-one", "b-one"]


def test_a_voice_that_was_deleted_blocks_nothing(show: LittleShow) -> None:
    show.paper("one")
    show.write("voices/high.yaml", "engine: tone\noptions: {pitch_percent: 150}\n")
    show.make(voice="high")
    (show.root / "voices/high.yaml").unlink()
    assert [episode.voice for episode in show.make().made] == ["tone"]


def test_what_tagging_would_refuse_is_said_before_any_audio(show: LittleShow) -> None:
    show.paper("one").write_text(
        (show.root / "papers/one.md").read_text().replace("category", "links: {Code: 'https://@'}\ncategory")
    )
    (failure,) = show.make().failed
    assert "https://@" in failure.errors[0]
    assert not list((show.root / "output/.store").rglob("*.wav"))


def test_a_name_is_taken_even_by_a_paper_that_was_not_chosen(show: LittleShow) -> None:
    show.paper("a/one")
    show.paper("b/one")
    (failure,) = show.make("papers/b/one.md").failed
    assert "has the same name as" in failure.errors[0]


def test_names_that_differ_in_case_only_are_one_name(show: LittleShow) -> None:
    show.paper("ONE")
    show.paper("one")
    failed = {Path(failure.paper).name: failure.errors[0] for failure in show.make().failed}
    assert "cannot name an episode" in failed["ONE.md"]
    assert "has the same name as" in failed["one.md"]


def test_one_file_may_be_named_twice(show: LittleShow) -> None:
    path = show.paper("one")
    report = show.make("papers/one.md", str(path), "one")
    assert (len(report.made), report.failed) == (1, ())


def test_no_papers_at_all_is_said(show: LittleShow) -> None:
    with pytest.raises(PaperError, match="there are no papers"):
        show.make()


def test_two_runs_with_different_voices_at_once_harm_nothing(show: LittleShow) -> None:
    for slug in ("one", "two", "three"):
        show.paper(slug, body=f"This is {slug}. It matters.")
    show.write("voices/high.yaml", "engine: tone\noptions: {pitch_percent: 150}\n")
    for _ in range(3):
        with ThreadPoolExecutor(2) as threads:
            runs = [threads.submit(show.make, voice=voice) for voice in ("tone", "high")]
        assert [run.result().failed for run in runs] == [(), ()]
        for slug in ("one", "two", "three"):
            noted = known(show.root / "output/.store/ledger/episodes", slug)
            assert noted is not None
            if is_untouched(noted, episodes := show.root / "output/episodes"):  # so the next run would say
                assert all(sha256_of(episodes / name) == digest for name, digest in noted.digests.items())
    for blob in (show.root / "output/.store/blobs").rglob("*.*"):
        assert sha256(blob.read_bytes()).hexdigest() == blob.stem


def test_a_failing_line_is_blamed_on_its_own_paper_only(show: LittleShow) -> None:
    show.paper("one", body="深 度. Fine.")
    show.paper("two", body="深 度. 学 习.")
    show.write("voices/tone.yaml", "engine: pico\n")
    failed = {Path(failure.paper).stem: failure.errors for failure in show.make(executor="local:2").failed}
    assert (len(failed["one"]), len(failed["two"])) == (1, 2)


def test_drafts_go_to_their_own_folder_and_leave_episodes_alone(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    before = states(show)
    (draft,) = show.make(draft=True).made
    assert Path(draft.mp3) == show.root / "output/draft/one.mp3"
    assert states(show) == before
    assert len(show.make().made) == 0


def test_stages_show_the_last_run_only(show: LittleShow) -> None:
    show.paper("one")
    show.make()
    show.paper("two")
    show.make()
    stages = show.root / "output/stages"
    assert [path.name for path in stages.iterdir()] == ["two"]
    names = sorted(
        path.relative_to(stages / "two").as_posix() for path in stages.rglob("*") if path.is_file()
    )
    assert names == [
        "1-script.txt",
        *(f"2-synthesis/{number:03}.wav" for number in range(1, 6)),
        "3-assembly.mp3",
        "4-artwork.jpg",
        "5-tagging.json",
    ]


def test_paper_text_is_never_a_template(show: LittleShow) -> None:
    show.paper(
        "one", body="Seven times seven is {{ 7 * 7 }}. {% include 'outro.j2' %} {{ section('intro') }}"
    )
    show.make()
    assert "{{ 7 * 7 }}" in show.mp3("one").with_suffix(".txt").read_text()


def test_titles_in_any_script_come_through_to_the_tags(show: LittleShow) -> None:
    title = "深度学习 🚀 שלום – é"
    show.paper("one", title=title)
    report = show.make()
    assert not report.failed
    assert report.made[0].title == title
    assert title.encode("utf-16-le") in show.mp3("one").read_bytes()


def test_a_cast_speaks_its_own_lines_and_quotations(show: LittleShow) -> None:
    show.write("voices/high.yaml", "engine: tone\noptions: {pitch_percent: 150}\n")
    show.write("voices/low.yaml", "engine: tone\noptions: {pitch_percent: 60}\n")
    show.paper("one", "A finding.\n\nAda: It matters a good deal.\n\n> It was a surprise to us all.")
    (alone,) = show.make().made
    show.edit("show.yaml", "voice: tone\n", "voice: tone\ncast: {Ada: high}\nquotation_voice: low\n")
    report = show.make()
    assert report.lines_spoken == 2  # hers, without her name, and the quotation
    assert report.made[0].lines == alone.lines
    assert {voice.name for voice in report.voices} == {"tone", "high", "low"}
    said = (show.root / "output/stages/one/1-script.txt").read_text()
    assert "Ada       It matters a good deal." in said
    show.edit("voices/high.yaml", "150", "140")
    assert show.make().lines_spoken == 1
    assert show.make().made == ()


def test_a_voice_for_one_run_is_the_hosts_and_a_draft_has_one_voice(show: LittleShow) -> None:
    show.write("voices/high.yaml", "engine: tone\noptions: {pitch_percent: 150}\n")
    show.write("voices/low.yaml", "engine: tone\noptions: {pitch_percent: 60}\n")
    show.write("show.yaml", "title: Little Show\nhost: Ernis\nvoice: tone\ncast: {Ada: high}\n")
    show.paper("one", "A finding.\n\nAda: It matters a good deal.")
    lines = show.make().lines_spoken
    assert show.make(voice="low").lines_spoken == lines - 1
    assert [voice.name for voice in show.make(draft=True).voices] == ["tone"]


def test_pauses_are_scaled_with_the_voice(show: LittleShow) -> None:
    show.paper("one")
    (usual,) = show.make().made
    show.edit("voices/tone.yaml", "engine: tone\n", "engine: tone\npause_percent: 200\n")
    report = show.make()
    assert report.lines_spoken == 0
    pauses_ms = sum(line.pause_after_ms for line in script_of(show, "one").lines)
    assert report.made[0].duration_ms == pytest.approx(usual.duration_ms + pauses_ms, abs=20)


def script_of(show: LittleShow, slug: str) -> Script:
    """What an episode says."""
    written, _ = scripts(show.root, Options(papers=(slug,), executor="inline"))
    (script,) = written.values()
    return script


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            "cast: {Ada: nobody}",
            "show.yaml:4:13: there is no voice 'nobody', as there is no voices/nobody.yaml",
        ),
        ("quotation_voice: nobody", "show.yaml:4:18: there is no voice 'nobody'"),
        ("cast: {Ada: af_heart}", "get it with: paperledge voices add af_heart"),
        ("cast: {Ernis: tone}", "show.yaml:4:8: `cast` has Ernis, who is the host"),
        ("cast: {'Ada:': tone}", "a name, such as Ada or Dr. Lee"),
        ("cast: [Ada]", "cast"),
    ],
)
def test_a_cast_that_cannot_be_is_an_error(show: LittleShow, settings: str, said: str) -> None:
    show.paper("one")
    show.edit("show.yaml", "voice: tone\n", f"voice: tone\n{settings}\n")
    with pytest.raises(SettingsError, match=re.escape(said)):
        show.make()
