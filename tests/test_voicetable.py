"""`voices`: who can speak on this computer, how fast, and what is wrong with the rest."""

import errno
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import SettingsError, StoreError
from pipeline.show import load_show
from pipeline.store import Store
from pipeline.synthesis import isolation
from pipeline.synthesis.survey import Surveyed, survey
from pipeline.voicetable import as_text

from .conftest import LittleShow, install_engine
from .test_cli import run


def surveyed(show: LittleShow, **how: Any) -> dict[str, Surveyed]:
    store = Store(show.root / "output" / ".store")
    found = survey(show.root / "voices", load_show(show.root), store, **how)
    return {voice.name: voice for voice in found}


def test_profiles_come_first_then_what_no_profile_names(show: LittleShow) -> None:
    show.write("voices/british.yaml", "engine: pico\noptions: {voice: en-GB}\ndescription: Calm\n")
    show.write("show.yaml", "title: Little Show\nhost: Ernis\nvoice: british\n")
    found = surveyed(show)
    assert list(found)[:2] == ["british", "tone"]
    british, american = found["british"], found["pico:en-US"]
    assert (british.engine, british.language, british.licence) == ("pico", "en-GB", "Apache-2.0")
    assert (british.uses, found["tone"].uses) == (("show",), ("drafts",))
    assert british.speed is not None
    assert british.speed.rate_hz == 16_000
    assert 3_000 < british.speed.sound_ms < 12_000
    assert british.times_real > 2
    assert not american.has_profile
    assert "pico:en-GB" not in found
    assert "pico:de-DE" not in found
    assert "pico:de-DE" in surveyed(show, every=True)


def test_a_profile_with_the_name_of_an_engine_is_itself(show: LittleShow) -> None:
    show.write("voices/tone.yaml", "engine: pico\noptions: {voice: en-GB}\n")
    assert surveyed(show)["tone"].engine == "pico"
    assert surveyed(show, only=("tone",))["tone"].engine == "pico"


def test_no_other_run_sweeps_what_is_being_measured(
    show: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak = isolation.speak

    def beside_another_run(*details: Any) -> Any:
        with Store(show.root / "output" / ".store").in_use():
            return speak(*details)

    monkeypatch.setattr(isolation, "speak", beside_another_run)
    found = surveyed(show)["tone"]
    assert (found.problem, found.speed is None) == ("", False)


def test_a_full_disk_is_said_with_what_to_do(show: LittleShow, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*details: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(isolation, "speak", full)
    with pytest.raises(StoreError, match=r"No space left on device .free some space"):
        surveyed(show)


def test_the_voices_of_the_system_are_there(show: LittleShow) -> None:
    pytest.importorskip("espeakng_loader")
    show.write("voices/scot.yaml", "engine: pyttsx3\noptions: {voice: en-gb-scotland}\n")
    found = surveyed(show)
    assert (found["scot"].language, found["scot"].licence) == ("en-gb-scotland", "GPL-3.0-or-later")
    assert found["espeak:en-US"].label == "English (America)"
    assert "pyttsx3:en-us" not in found
    assert "pyttsx3:en-gb-scotland" not in found
    assert all(voice.language[:2] in ("en", "") for voice in found.values())


def test_the_profile_that_is_shown_makes_the_voice_that_was_heard(show: LittleShow) -> None:
    american = surveyed(show)["pico:en-US"]
    show.write("voices/kept.yaml", american.yaml)
    kept = surveyed(show)["kept"]
    assert kept.voice is not None
    assert american.voice is not None
    assert (kept.voice.identity, kept.voice.options) == (american.voice.identity, american.voice.options)


def test_a_speed_is_measured_once_for_the_same_voice(
    show: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = surveyed(show)
    spoken: list[str] = []
    speak = isolation.speak

    def counted(engine: Any, *details: Any) -> None:
        spoken.append(engine.name)
        speak(engine, *details)

    monkeypatch.setattr(isolation, "speak", counted)
    assert surveyed(show) == first
    assert spoken == []
    show.write("voices/tone.yaml", "engine: tone\noptions: {words_per_minute: 300}\n")
    faster = surveyed(show)["tone"].speed
    assert spoken == ["tone", "tone"]  # a word to warm up, and a sentence
    assert faster is not None
    assert first["tone"].speed is not None
    assert faster.sound_ms < first["tone"].speed.sound_ms


def test_asked_again_it_answers_at_once(show: LittleShow) -> None:
    run(show, "voices")
    took = []
    for _ in range(3):
        began = time.monotonic()
        run(show, "voices")
        took.append(time.monotonic() - began)
    assert min(took) < 1.5  # 0.3 s where nothing else runs


def test_a_voice_of_the_network_is_listed_and_never_asked(
    show: LittleShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_KEY", "secret")
    show.write("voices/cloud.yaml", "engine: openai\noptions: {key_variable: SOME_KEY}\n")
    cloud = surveyed(show)["cloud"]  # a request would fail: there is no network in tests
    assert (cloud.offline, cloud.speed, cloud.problem, cloud.faults) == (False, None, "", ())
    monkeypatch.delenv("SOME_KEY")
    assert surveyed(show)["cloud"].problem == "the key of api.openai.com is not there: SOME_KEY is not set"


def test_a_mistake_in_a_profile_is_an_error_and_what_is_missing_here_is_not(show: LittleShow) -> None:
    show.write("voices/typo.yaml", "engine: pcio\n")
    show.write("voices/nobody.yaml", "engine: pico\noptions:\n  voice: en-GP\n")
    show.write("voices/absent.yaml", "engine: openai\noptions: {key_variable: NO_SUCH_KEY}\n")
    done = run(show, "voices")
    assert done.returncode == 3
    assert "error: voices/typo.yaml:1:9: there is no engine 'pcio' (did you mean 'pico'?" in done.stderr
    assert "error: voices/nobody.yaml:3:10: pico has no voice 'en-GP' (did you mean 'en-GB'?" in done.stderr
    assert "absent" not in done.stderr
    _, _, unable = done.stdout.partition("Cannot speak here:\n")
    assert "  absent: the key of api.openai.com is not there: NO_SUCH_KEY is not set (set it, or" in unable
    assert "typo" not in done.stdout
    assert run(show, "check").returncode != 0


def test_the_fallback_that_speaks_is_told(show: LittleShow) -> None:
    show.write("voices/cloud.yaml", "engine: openai\noptions: {key_variable: NO_SUCH_KEY}\nfallback: tone\n")
    cloud = surveyed(show)["cloud"]
    assert cloud.engine == "tone"
    assert "NO_SUCH_KEY is not set" in cloud.instead_of
    assert "cloud: instead, because the key" in run(show, "voices").stdout


def test_an_engine_that_breaks_harms_no_other_voice(
    show: LittleShow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_engine(tmp_path, "paperledge-odd", "odd", ODD)
    monkeypatch.syspath_prepend(str(tmp_path))
    found = surveyed(show)
    assert (
        "the voices of the engine 'odd' cannot be listed: the engine raised ValueError: no voices"
        in found["odd"].problem
    )
    assert found["tone"].voice is not None


ODD = """
class Odd:
    from pipeline.synthesis.engines.tone import ToneOptions as Options
    name, licence, network, own_process = "odd", "MIT", False, False

    def check(self, options):
        pass

    def voices(self):
        raise ValueError("no voices today")

    def warm(self):
        pass


ENGINE = Odd()
"""


def test_a_name_that_is_not_there_is_told_the_nearest(show: LittleShow) -> None:
    with pytest.raises(SettingsError, match="did you mean 'pico:en-US'"):
        surveyed(show, only=("pico:en-UK",))
    assert list(surveyed(show, only=("pico:de-DE", "tone"))) == ["pico:de-DE", "tone"]


def test_the_table_fits_100_columns_and_is_coloured_on_terminals_only(show: LittleShow) -> None:
    long = "a very long licence, " * 9
    show.write("voices/wordy.yaml", f'engine: tone\nlicence: "{long}"\n')
    found = tuple(surveyed(show).values())
    plain, coloured = as_text(found), as_text(found, colour=True)
    assert max(map(len, plain.splitlines())) <= 100
    assert "\x1b[" in coloured
    assert "\x1b" not in plain
    header, tone, *_ = (line for line in plain.splitlines() if line.startswith(("voice ", "tone ")))
    assert header.index("engine") == tone.index("tone", 4)
    assert header.rindex("for") == tone.index("show")


def test_all_of_it_is_there_for_programs(show: LittleShow) -> None:
    done = run(show, "voices", "--json")
    voices = {voice["name"]: voice for voice in json.loads(done.stdout)}
    assert voices["tone"]["speed"]["rate_hz"] == 22_050
    assert voices["tone"]["times_real"] > 10
    assert voices["pico:en-US"]["yaml"] == 'engine: pico\noptions:\n  voice: "en-US"\n'
    assert voices["pico:en-US"]["voice"]["options"]["voice"] == "en-US"
