"""A schema takes what the loader takes, and refuses what it refuses, as far as a schema can."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import msgspec
import pytest
import yaml

from pipeline.cli import main
from pipeline.entries import Entry
from pipeline.errors import SettingsError
from pipeline.schemas import SCHEMAS, schema_as_json, schema_of
from pipeline.settings import loads
from pipeline.starter import start_show

from .conftest import REPOSITORY

SHOW = "title: A\nhost: B\n"
PAPER = "title: T\nauthors: [A]\ncategory: C\ndate: 2026-01-31\n"

GOOD = [
    ("show", SHOW),
    ("show", SHOW + "severity: {STYL101: off, SAID103: error}\n"),
    ("show", SHOW + "sound: {target_lufs: apple, ceiling_dbtp: -1.5}\nmusic: {intro: a.wav, bed: null}\n"),
    ("show", SHOW + "sound: {target_lufs: -16}\ncast: {Dr. Lee: tone, Émilie: tone}\n"),
    ("show", SHOW + "publish:\n  - folder: /srv/www\n  - s3: bucket/podcast\nquotation_voice: null\n"),
    ("show", SHOW + 'copyright: "2026"\nwebsite: https://example.org\nfeed: {explicit: true, items: 10}\n'),
    ("voice", "engine: tone\n"),
    ("voice", "engine: pico\noptions: {words_per_minute: 150}\nfallback: tone\npause_percent: 120\n"),
    ("voice", "engine: kokoro\noptions: {blend: {af_heart: 0.6, am_michael: 0.4}}\n"),
    ("voice", "engine: openai\noptions: {model: x, price_microdollars: 15000}\n"),
    ("lexicon", 'VAR: letters\nSeshia: {say: SESH-ee-uh, ipa: "ˈsɛʃiə"}\nÉmilie: ay-mee-lee\n'),
    ("lexicon", "M3Dphormer: M three D former\nO'Neil and sons: oh neel\n"),
    ("paper", PAPER),
    ("paper", PAPER + 'arxiv: "2510.19752"\ndoi: 10.1000/182\nepisode: 3\npublish: draft\n'),
    ("paper", PAPER + 'links: {Code: "https://example.org/x"}\nlexicon: {VAR: letters, X: {ipa: a}}\n'),
]

BAD = [
    ("show", "title: A\n"),
    ("show", SHOW + "voise: tone\n"),
    ("show", SHOW + 'title2: ""\n'),
    ("show", 'title: ""\nhost: B\n'),
    ("show", "title: 1984\nhost: B\n"),
    ("show", SHOW + "severity: {STYL101: on}\n"),
    ("show", SHOW + "sound: {target_lufs: appel}\n"),
    ("show", SHOW + "sound: {target_lufs: -40}\n"),
    ("show", SHOW + "sound: {rate_hz: 44000}\n"),
    ("show", SHOW + "sound: {tarket_lufs: -16}\n"),
    ("show", SHOW + "pauses: {sentence_ms: 20000}\n"),
    ("show", SHOW + "disclose_synthetic_voice: 1\n"),
    ("show", SHOW + "cast: {1st: tone}\n"),
    ("show", SHOW + "publish: {folder: /srv}\n"),
    ("show", SHOW + "website: ftp://example.org\n"),
    ("show", SHOW + "voice: null\n"),
    ("voice", "options: {}\n"),
    ("voice", "engine: tone\npause_percent: 10\n"),
    ("voice", "engine: tone\noptoins: {}\n"),
    ("lexicon", "VAR: 1\n"),
    ("lexicon", "VAR: {}\n"),
    ("lexicon", "VAR: {spoken: a}\n"),
    ("lexicon", 'VAR: "V 4 R"\n'),
    ("lexicon", '"--": dash\n'),
    ("lexicon", 'VAR: "letters\\n"\n'),
    ("paper", PAPER.replace("title: T\n", "")),
    ("paper", PAPER.replace("[A]", "[]")),
    ("paper", PAPER.replace("2026-01-31", "31.1.2026")),
    ("paper", PAPER.replace("2026-01-31", "2026-02-31")),
    ("paper", PAPER + "arxiv: 2510.19752\n"),
    ("paper", PAPER + "season: 0\n"),
    ("paper", PAPER + "publish: yes\n"),
    ("paper", PAPER + 'links: {Code: "example.org"}\n'),
    ("paper", PAPER + 'soundbite: "short"\n'),
]


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors have it: no dates, and only true and false are truths."""


CoreLoader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


def is_taken_by_schema(name: str, text: str) -> bool:
    value = yaml.load(text, Loader=CoreLoader)
    validator = jsonschema.Draft202012Validator(
        schema_of(name), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    return bool(validator.is_valid(value))


def is_taken_by_loader(name: str, text: str) -> bool:
    try:
        loads(text, SCHEMAS[name], "x.yaml")
    except SettingsError:
        return False
    return True


@pytest.mark.parametrize(("name", "text"), GOOD)
def test_what_is_good_is_taken_by_both(name: str, text: str) -> None:
    assert is_taken_by_loader(name, text)
    assert is_taken_by_schema(name, text)


@pytest.mark.parametrize(("name", "text"), BAD)
def test_what_is_bad_is_refused_by_both(name: str, text: str) -> None:
    assert not is_taken_by_loader(name, text)
    assert not is_taken_by_schema(name, text)


def test_an_engine_knows_its_options() -> None:
    assert not is_taken_by_schema("voice", "engine: pico\noptions: {word_per_minute: 150}\n")
    assert not is_taken_by_schema("voice", "engine: pico\noptions: {words_per_minute: 1}\n")
    assert is_taken_by_schema("voice", "engine: plugin\noptions: {whatever: 1}\n")


def shipped() -> Iterator[tuple[str, str]]:
    for path in (REPOSITORY / "show.yaml", *sorted((REPOSITORY / "voices").glob("*.yaml"))):
        name = {"show": "show", "lexicon": "lexicon"}.get(path.stem, "voice")
        yield name, path.read_text(encoding="utf-8")
    for path in sorted((REPOSITORY / "papers").glob("*.md")):
        yield "paper", path.read_text(encoding="utf-8").split("---\n")[1]


@pytest.mark.parametrize(("name", "text"), [*shipped()])
def test_all_that_ships_is_taken_by_both(name: str, text: str) -> None:
    assert is_taken_by_loader(name, text)
    assert is_taken_by_schema(name, text)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_needs_no_pattern_of_python_alone(name: str) -> None:
    schema = schema_of(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(schema_as_json(name)) == schema
    for pattern in re.findall(r'"pattern": "(.*)"', schema_as_json(name)):
        assert not re.search(r"\\\\[ZWAz]|\(\?[P<]", pattern), pattern
    for part in schema["$defs"].values():
        assert part["additionalProperties"] is False


def test_every_key_has_its_default_and_most_say_what_they_are_for() -> None:
    for name, kind in SCHEMAS.items():
        if name != "lexicon":
            properties = schema_of(name)["$defs"][kind.__name__]["properties"]
            assert list(properties) == [field.name for field in msgspec.structs.fields(kind)]
    entry = schema_of("lexicon")["$defs"]["Entry"]["properties"]
    assert entry["ipa"]["description"].startswith("How it sounds, for engines that take phonemes. (in the ")
    assert set(entry) == {field.name for field in msgspec.structs.fields(Entry)}


def test_a_new_show_brings_them_and_points_to_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_show(tmp_path / "mine")
    for path in (tmp_path / "mine").rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        pointed = first.removeprefix("# yaml-language-server: $schema=")
        schema = (path.parent / pointed).resolve()
        name = schema.stem
        assert json.loads(schema.read_text(encoding="utf-8")) == schema_of(name)
        assert is_taken_by_schema(name, path.read_text(encoding="utf-8"))
        assert main(["schema", name]) == 0
        assert capsys.readouterr().out == schema_as_json(name)
    assert {path.stem for path in (tmp_path / "mine/.schemas").iterdir()} == set(SCHEMAS)
