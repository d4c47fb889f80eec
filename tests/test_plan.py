"""The plan: what it says, and why; that make then does it is shown by test_prophecy.py."""

import json
import re
from pathlib import Path

import pytest

from pipeline.explain import differences, explain
from pipeline.plan import CHANGED, NEVER, Plan, plan
from pipeline.report import difference_as_text, explained_as_text, plan_as_json, plan_as_text
from pipeline.run import Options

from .conftest import LittleShow
from .edits import paint
from .test_cli import run

INLINE = Options(executor="inline")
SLUGS = ("ada", "bob", "cy")


def planned(show: LittleShow, *papers: str, voice: str | None = None) -> Plan:
    return plan(show.root, Options(papers=papers, voice=voice, executor="inline"))


def why(show: LittleShow) -> list[str]:
    return [cause for group in planned(show).causes for cause in group.causes]


def three_papers(folder: Path) -> LittleShow:
    show = LittleShow(folder)
    show.write("scripts/unused.j2", "Nobody says this.\n")
    for day, slug in enumerate(SLUGS, 1):
        show.paper(slug, body=f"The VAR of {slug}. It matters. Is it so?", title=f"On {slug}", day=day)
    return show


@pytest.fixture
def made(tmp_path: Path) -> LittleShow:
    show = three_papers(tmp_path / "show")
    show.make()
    return show


def finished(show: LittleShow) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (show.root / "output/episodes").iterdir()}


# -- what it says ---------------------------------------------------------------------------------


def test_a_plan_speaks_nothing_and_leaves_the_episodes_alone(made: LittleShow) -> None:
    made.edit("scripts/outro.j2", "Goodbye for now.", "Farewell.")
    made_so_far = made.root / "output/.store/records"
    before, records = finished(made), set(made_so_far.rglob("*.json"))
    assert planned(made).lines == 1
    assert finished(made) == before
    assert {path.parents[1].name for path in {*made_so_far.rglob("*.json")} - records} == {"script"}
    assert made.make().lines_spoken == 1


def test_an_edited_sign_off_is_one_line_and_all_episodes(made: LittleShow) -> None:
    made.edit("scripts/outro.j2", "Goodbye for now.", "Farewell.")
    made.write("scripts/unused.j2", "Nor this.")
    foretold = planned(made)
    (group,) = foretold.causes
    assert (group.causes, group.lines, group.joined) == (("scripts/outro.j2 changed",), 1, 3)
    assert [episode.lines for episode in foretold.to_make] == [1, 1, 1]
    said = plan_as_text(foretold)
    assert said.startswith(
        "scripts/outro.j2 changed: 1 line to speak, 3 episodes joined again\n  ada, bob, cy\n"
    )
    assert re.search(r"^3 to be made, 0 up to date: 1 line to speak, about \d+ seconds?$", said, re.MULTILINE)


def test_a_line_that_two_causes_need_is_counted_once(made: LittleShow) -> None:
    made.edit("scripts/outro.j2", "Goodbye for now.", "Farewell.")
    made.edit("papers/ada.md", "It matters.", "It does. Farewell.")
    groups = {group.causes: group for group in planned(made).causes}
    assert groups["scripts/outro.j2 changed",].lines == 1
    assert groups["papers/ada.md changed", "scripts/outro.j2 changed"].lines == 1


@pytest.mark.parametrize(
    ("name", "old", "new", "causes"),
    [
        ("papers/bob.md", "It matters.", "It does.", ["papers/bob.md changed"]),
        ("papers/bob.md", "Computing", "Robotics", ["papers/bob.md changed"]),
        ("voices/tone.yaml", "tone\n", "tone\noptions: {pitch_percent: 120}\n", ["voice tone: pitch_percent 100 -> 120"]),
        ("voices/tone.yaml", "tone\n", "tone\npause_percent: 50\n", ["voice tone: pause_percent 100 -> 50"]),
        ("voices/lexicon.yaml", "letters", "word", ["voices/lexicon.yaml: VAR letters -> word"]),
        ("voices/lexicon.yaml", "VAR", "LRP: word\nVAR", []),
        ("show.yaml", "host", "pauses: {sentence_ms: 300}\nhost", ["show.yaml: pauses.sentence_ms 350 -> 300"]),
        ("show.yaml", "host", "sound: {target_lufs: -18}\nhost", ["show.yaml: sound.target_lufs -16.0 -> -18.0"]),
        ("show.yaml", "Little", "Big", ["show.yaml: title Little Show -> Big Show"]),
        ("show.yaml", "host", "sound: {vbr_quality: 4}\nhost", [
            "show.yaml: sound.bitrate_kbps 128 -> none", "show.yaml: sound.vbr_quality none -> 4",
        ]),
        ("scripts/outro.j2", "That", "{# a note #}That", []),
        ("scripts/unused.j2", "this", "that", []),
    ],
)  # fmt: skip
def test_each_source_is_named_with_old_and_new(
    made: LittleShow, name: str, old: str, new: str, causes: list[str]
) -> None:
    made.edit(name, old, new)
    assert why(made) == causes


def test_what_was_never_made_changed_or_lost_is_said(made: LittleShow) -> None:
    made.mp3("ada").unlink()
    made.mp3("bob").write_bytes(b"meddled with")
    made.mp3("cy").touch()  # which changes nothing
    made.paper("dot")
    groups = {group.causes: group for group in planned(made).causes}
    assert groups[CHANGED,].episodes == ("ada", "bob")
    assert (groups[CHANGED,].lines, groups[CHANGED,].joined, groups[CHANGED,].tagged) == (0, 0, 0)
    assert groups[NEVER,].episodes == ("dot",)
    assert "a finished file was changed or is missing: 2 episodes put back" in plan_as_text(planned(made))


def test_only_the_tags_are_written_again_for_a_new_cover(made: LittleShow) -> None:
    paint("scripts/cover.png", 1, made)
    made.edit("show.yaml", "voice:", "cover: cover.png\nepisode_cover: show\nvoice:")
    (group,) = planned(made).causes
    assert group.causes == ("the cover: drawn -> own",)
    assert (group.lines, group.joined, group.tagged) == (0, 0, 3)
    made.make()
    paint("scripts/cover.png", 2, made)
    (group,) = planned(made).causes
    assert group.causes == ("scripts/cover.png changed",)
    assert (group.lines, group.joined, group.tagged) == (0, 0, 3)


def test_the_shows_own_picture_is_not_on_its_drawn_episodes(made: LittleShow) -> None:
    paint("scripts/cover.png", 1, made)
    made.edit("show.yaml", "voice:", "cover: cover.png\nvoice:")
    assert planned(made).to_make == ()


def test_a_paper_with_a_picture_of_its_own_is_tagged_again_when_it_changes(made: LittleShow) -> None:
    paint("papers/own.png", 1, made)
    made.edit("papers/ada.md", "category:", "cover: own.png\ncategory:")
    assert [(one.slug, one.lines, one.joined, one.tagged) for one in planned(made).to_make] == [
        ("ada", 0, False, True)
    ]
    made.make()
    assert planned(made).to_make == ()
    paint("papers/own.png", 2, made)
    (group,) = planned(made).causes
    assert (group.causes, group.episodes, group.tagged) == (("own.png changed",), ("ada",), 1)


def test_an_episode_whose_paper_went_away_is_named(made: LittleShow) -> None:
    (made.root / "papers/ada.md").rename(made.root / "papers/eve.md")
    foretold = planned(made)
    assert foretold.gone == ("output/episodes/ada.mp3",)
    assert [episode.slug for episode in foretold.to_make] == ["eve"]
    made.mp3("ada").unlink()
    assert planned(made).gone == ()


def test_a_voice_for_one_run_is_planned_for_that_run(made: LittleShow) -> None:
    made.write("voices/high.yaml", "engine: tone\noptions: {pitch_percent: 150}\n")
    foretold = planned(made, "ada", voice="high")
    assert [episode.causes for episode in foretold.to_make] == [("voice: tone -> high",)]
    assert foretold.lines == made.make("ada", voice="high").lines_spoken


def test_a_voice_of_the_cast_is_named_by_who_speaks(made: LittleShow) -> None:
    for name, pitch in (("high", 150), ("low", 60)):
        made.write(f"voices/{name}.yaml", f"engine: tone\noptions: {{pitch_percent: {pitch}}}\n")
    made.edit("show.yaml", "voice: tone\n", "voice: tone\ncast: {Ada: high}\n")
    made.paper("bob", "A finding.\n\nAda: It matters a good deal.")
    made.make()
    made.edit("show.yaml", "Ada: high", "Ada: low")
    (group,) = planned(made).causes
    assert (group.causes, group.episodes, group.lines) == (("voice of Ada: high -> low",), ("bob",), 1)


def test_a_voice_for_quotations_is_the_cause_where_the_host_read_them(made: LittleShow) -> None:
    made.paper("quoting", body="A finding, in their words.\n\n> It matters much.", day=9)
    made.make()
    made.write("voices/low.yaml", "engine: tone\noptions: {pitch_percent: 60}\n")
    made.edit("show.yaml", "voice: tone\n", "voice: tone\nquotation_voice: low\n")
    (planned,) = (it for it in plan(made.root, INLINE).to_make if it.slug == "quoting")
    assert "voice of quotations: tone -> low" in planned.causes
    made.make()
    made.edit("show.yaml", "quotation_voice: low\n", "")
    (planned,) = (it for it in plan(made.root, INLINE).to_make if it.slug == "quoting")
    assert "voice of quotations: low -> tone" in planned.causes


def test_a_paper_that_cannot_be_made_is_in_the_plan_as_well(made: LittleShow) -> None:
    made.write("papers/bad.md", "nothing")
    made.edit("papers/ada.md", "It matters.", "It does.")
    foretold = planned(made)
    assert [Path(failure.paper).name for failure in foretold.failed] == ["bad.md"]
    assert [episode.slug for episode in foretold.to_make] == ["ada"]


def test_nothing_is_estimated_before_something_was_measured(tmp_path: Path) -> None:
    show = three_papers(tmp_path / "show")
    assert planned(show).seconds is None
    show.make()
    show.edit("papers/ada.md", "It matters.", "It does.")
    seconds = planned(show).seconds
    assert seconds is not None
    assert 0 < seconds < 5
    (show.root / "output/.store/rates.json").write_text("damaged")
    assert planned(show).seconds is None
    show.write("voices/tone.yaml", "engine: tone\noptions: {pitch_percent: 120}\n")
    show.make()
    assert not planned(show).to_make


def test_an_episode_of_an_older_ledger_is_up_to_date_and_its_past_unknown(made: LittleShow) -> None:
    for path in (made.root / "output/.store/ledger/episodes").iterdir():
        entry = json.loads(path.read_text())
        del entry["keys"], entry["voices"]
        path.write_text(json.dumps(entry))
    assert not planned(made).to_make
    made.edit("papers/ada.md", "It matters.", "It does.")
    assert why(made) == ["what it was made from then: is not known"]


# -- explain and diff -----------------------------------------------------------------------------


def explained(show: LittleShow, slug: str) -> str:
    (episode,), failed = explain(show.root, Options(papers=(slug,), executor="inline"))
    assert not failed
    return explained_as_text(episode)


def test_explain_says_old_and_new_stage_by_stage(made: LittleShow) -> None:
    assert explained(made, "ada") == "ada: up to date"
    made.edit("papers/ada.md", "On ada", "About ada")
    made.edit("scripts/outro.j2", "Goodbye for now.", "Farewell.")
    made.edit("show.yaml", "host", "pauses: {sentence_ms: 300}\nhost")
    made.write("voices/tone.yaml", "engine: tone\npause_percent: 50\n")
    rest = "Credit to Paper authors: Ada Lovelace, Grace Hopper "
    rest += "This episode is spoken by an AI voice: tones in place of a voice (draft)."
    assert explained(made, "papers/ada.md").splitlines() == [
        "ada: 2 lines to speak, to be joined and tagged",
        "  script",
        "    papers/ada.md",
        "      -title: On ada",
        "      +title: About ada",
        "    scripts/outro.j2",
        "      -That was {{ paper.title }}. Goodbye for now.",
        "      +That was {{ paper.title }}. Farewell.",
        "    show.yaml: pauses.sentence_ms 350 -> 300",
        "    what is said",
        "      -That was On ada.",
        "      -Goodbye for now.",
        "      +That was About ada.",
        "      +Farewell.",
        "  assembly",
        "    voice tone: pause_percent 100 -> 50",
        "    pauses, in ms, after each line",
        "      -350  The V A R of ada.",
        "      -350  It matters.",
        "      +300  The V A R of ada.",
        "      +300  It matters.",
        "  tagging",
        "    tag TIT2",
        "      -On ada",
        "      +About ada",
        "    tag TDES",
        f"      -Little Show on “On ada”. {rest}",
        f"      +Little Show on “About ada”. {rest}",
        "    tag COMM",
        "      -Little Show on “On ada”.",
        "      +Little Show on “About ada”.",
        "    tag USLT",
        "      -That was On ada. Goodbye for now.",
        "      +That was About ada. Farewell.",
    ]
    made.mp3("bob").write_bytes(b"meddled with")
    assert "a finished file was changed" in explained(made, "bob")
    made.paper("dot")
    assert explained(made, "dot").endswith("(never made)")


def test_diff_shows_what_is_said_otherwise_and_makes_nothing(made: LittleShow) -> None:
    assert differences(made.root, INLINE) == ((), ())
    made.edit("voices/lexicon.yaml", "letters", "word")
    made.edit("papers/bob.md", "VAR of bob", "rank of bob")
    made.paper("dot")
    found, _ = differences(made.root, INLINE)
    texts = {episode.slug: difference_as_text(episode) for episode in found}
    assert texts["ada"].splitlines() == [
        "--- ada, as it was made",
        "+++ ada, as it would be",
        "@@ -1,3 +1,3 @@",
        " Welcome, I am Ernis.",
        "-The V A R of ada. [V A R: V eigh R]",
        "+The Var of ada.",
        " It matters.",
    ]
    assert "+The rank of bob." in texts["bob"]
    assert texts["dot"] == "dot: never made, 5 lines"
    assert not made.mp3("dot").exists()


def test_control_characters_and_colours_are_for_terminals_only(made: LittleShow) -> None:
    made.edit("papers/ada.md", "It matters.", "It does.")
    (episode,), _ = differences(made.root, INLINE)
    assert "\x1b" not in difference_as_text(episode)
    assert "\x1b[32m+It does.\x1b[0m" in difference_as_text(episode, colour=True)


def test_the_verbs_exit_as_they_should(made: LittleShow) -> None:
    made.edit("papers/ada.md", "It matters.", "It does.")
    for verb in (("plan",), ("diff",), ("explain", "ada")):
        done = run(made, *verb)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        assert "It does." in done.stdout or "papers/ada.md changed: 1 line to speak" in done.stdout
    (episode,) = json.loads(run(made, "plan", "--json").stdout)["to_make"]
    assert (episode["slug"], episode["lines"], episode["joined"]) == ("ada", 1, True)
    assert run(made, "explain", "nobody").returncode == 4
    assert json.loads(plan_as_json(planned(made)))["lines"] == 1
