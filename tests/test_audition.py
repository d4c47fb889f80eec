"""An audition: the same sentences from every voice, on one page that is safe to open and easy to use."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.audition import Audition, audition
from pipeline.errors import ScriptError, SettingsError
from pipeline.loudness import measure
from pipeline.run import Watcher
from pipeline.synthesis import takes
from pipeline.synthesis.voices import choose_voice

from .conftest import LittleShow
from .test_cli import run

VOICES = ("tone", "british", "pico:en-US")


class Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def voices(show: LittleShow) -> LittleShow:
    show.write("voices/british.yaml", "engine: pico\noptions: {voice: en-GB}\ndescription: Calm\n")
    return show


def hold(show: LittleShow, *names: str, **how: Any) -> tuple[Audition, Page]:
    done = audition(show.root, names or VOICES, Watcher(), executor="inline", **how)
    return done, Page(show.root / "output/audition/index.html")


def test_each_voice_says_each_sentence_at_the_loudness_of_the_show(voices: LittleShow) -> None:
    voices.write("show.yaml", "title: Little Show\nhost: Ernis\nvoice: british\nsound: {target_lufs: -19}\n")
    done, page = hold(voices)
    assert done.failed == ()
    players = page.all("audio")
    assert len({player["src"] for player in players}) == 9
    assert [player["aria-label"] for player in players][:3] == [
        "tone: Greeting",
        "tone: Numbers",
        "tone: Question",
    ]
    for player in players:
        heard = measure(voices.root / "output/audition" / player["src"])
        assert heard.integrated_lufs == pytest.approx(-19, abs=0.5)
        assert heard.samples > 44_100


def test_words_are_said_as_in_an_episode(voices: LittleShow) -> None:
    hold(voices, "tone")
    records = (voices.root / "output/.store/records/synthesis").glob("*/*.json")
    said = "\n".join(path.read_text() for path in records)
    assert "twenty twenty four" in said
    assert "eighty six point four percent" in said
    assert "L L M" in said
    assert "I'm Ernis, and this is Little Show." in said


def test_asked_again_nothing_is_made(voices: LittleShow) -> None:
    first, _ = hold(voices)
    assert first.lines_spoken == 12
    folder = voices.root / "output/audition"
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    again, _ = hold(voices)
    assert (again.lines_spoken, again.lines_reused) == (0, 12)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_samples_of_other_runs_do_not_stay(voices: LittleShow) -> None:
    hold(voices)
    hold(voices, "tone")
    names = {path.name for path in (voices.root / "output/audition").iterdir()}
    assert names == {"index.html", "tone-1.mp3", "tone-2.mp3", "tone-3.mp3"}


def test_the_page_tells_how_to_keep_a_voice(voices: LittleShow) -> None:
    done, page = hold(voices)
    text = "".join(page.text)
    assert "voices/pico-en-us.yaml" in text
    (american,) = [one for one in done.heard if not one.voice.has_profile]
    assert american.voice.yaml in text
    voices.write(american.profile, american.voice.yaml)
    assert choose_voice("pico-en-us", voices.root / "voices").options["voice"] == "en-US"


def test_the_page_asks_nobody_and_names_everything(voices: LittleShow) -> None:
    _, page = hold(voices)
    addresses = [value for _, found in page.tags for name, value in found.items() if name in ("src", "href")]
    assert not [address for address in addresses if "//" in address]
    assert "url(" not in "".join(page.text)
    assert "@import" not in "".join(page.text)
    assert page.all("html") == [{"lang": "en"}]
    ids = [found["id"] for _, found in page.tags if "id" in found]
    assert len(ids) == len(set(ids))
    for card in page.all("article"):
        assert card["aria-labelledby"] in ids
    assert all(player.get("controls") == "" for player in page.all("audio"))  # without scripts as well


def test_no_name_or_description_becomes_markup(voices: LittleShow) -> None:
    bad = "<script>alert(1)</script>\"'&"
    name = "x\"><img src=x onerror=alert(2)> 'y"
    (voices.root / "voices" / f"{name}.yaml").write_text(
        f"engine: tone\ndescription: {json.dumps(bad)}\nlicence: '<b>&'\n"
    )
    voices.write("show.yaml", "title: '<i>Show</i>'\nhost: Ernis\nvoice: tone\n")
    done, page = hold(voices, name)
    assert done.failed == ()
    assert len(page.all("script")) == 1
    assert not page.all("img") + page.all("b") + page.all("i")
    text = "".join(page.text)
    assert bad in text
    assert name in text
    assert page.all("audio")[0]["src"] == "x-img-src-x-onerror-alert-2-y-1.mp3"


def test_names_that_look_alike_in_files_are_kept_apart(voices: LittleShow) -> None:
    for name in ("a b", "a-b", "A.b"):
        voices.write(f"voices/{name}.yaml", "engine: tone\n")
    done, page = hold(voices, "a b", "a-b", "A.b")
    assert len(done.heard) == 3
    assert len({player["src"].lower() for player in page.all("audio")}) == 9


def test_a_voice_that_fails_is_listed_and_the_others_are_heard(voices: LittleShow) -> None:
    styles = voices.root / "voices" / "styles"
    styles.mkdir()
    (styles / "half.bin").write_bytes(b"no style")
    voices.write("voices/half.yaml", "engine: kokoro\noptions: {style: half}\n")
    voices.write("voices/typo.yaml", "engine: tone\noptions: {pitch_percent: loud}\n")
    voices.write("voices/keyless.yaml", "engine: openai\noptions: {key_variable: NO_SUCH_KEY}\n")
    done, page = hold(voices, "tone", "half", "typo", "keyless")
    assert [one.voice.name for one in done.heard] == ["tone"]
    reasons = {failure.paper: "; ".join(failure.errors) for failure in done.failed}
    assert reasons.keys() == {"half", "typo", "keyless"}
    assert "typo.yaml:2:26: 'pitch_percent': expected a whole number" in reasons["typo"]
    assert "NO_SUCH_KEY is not set" in reasons["keyless"]
    listed = "".join(page.text).partition("Not heard")[2]
    assert all(name in listed for name in reasons)


def test_a_voice_that_fails_its_sentences_is_listed(
    voices: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takes, "judged", lambda path, text, pace: takes.Verdict("all of it is silent"))
    done, page = hold(voices, "tone")
    (failure,) = done.failed
    assert (failure.paper, failure.exit_code) == ("tone", 6)
    assert "all of it is silent" in "".join(page.text)
    assert page.all("audio") == []


def test_a_voice_of_the_network_speaks_only_if_it_is_named(
    voices: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_KEY", "key")
    voices.write("voices/cloud.yaml", "engine: openai\noptions: {key_variable: SOME_KEY}\n")
    done = audition(voices.root, (), Watcher(), executor="local:2")
    page = Page(voices.root / "output/audition/index.html")
    assert "cloud" not in [one.voice.name for one in done.heard]
    assert not [failure for failure in done.failed if failure.paper == "cloud"]
    assert "paperledge audition cloud" in "".join(page.text)


def test_a_show_may_have_words_of_its_own(voices: LittleShow) -> None:
    voices.write("scripts/audition.j2", '{{ section("one", "Nur eins") }}\nGuten Tag, {{ show.host }}.\n')
    _, page = hold(voices, "tone")
    (player,) = page.all("audio")
    assert player["aria-label"] == "tone: Nur eins"
    voices.write("scripts/audition.j2", "{{ shwo.host }}\n")
    with pytest.raises(ScriptError, match="did you mean 'show'"):
        hold(voices, "tone")


def test_from_the_command_line(voices: LittleShow) -> None:
    done = run(voices, "audition", "tone", "pico:en-US", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "2 voices, 8 lines spoken, 0 reused\nlisten: output/audition/index.html\n"
    assert "[2/2]" in done.stderr
    voices.write("voices/typo.yaml", "engine: tnoe\n")
    failed = run(voices, "audition", "tone", "typo")
    assert failed.returncode == SettingsError.exit_code
    assert "typo.yaml:1:9: there is no engine 'tnoe'" in failed.stderr
    assert run(voices, "audition", "nobody").returncode == SettingsError.exit_code
