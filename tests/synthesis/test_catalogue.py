"""Which voices there are, what their cards and the lock say, and what is no name of any."""

import re
from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import load
from pipeline.synthesis import catalogue
from pipeline.synthesis.card import Card, read_card
from pipeline.synthesis.lockfile import read_lock

from .publisher import CARD, FOLDER, JOE, MADE, Publisher, files, put

STYLES = load(Path(catalogue.__file__).parent / "styles.yaml", dict[str, str])

HOSTILE = [
    "../x",
    "a/b",
    "/etc/passwd",
    "",
    ".",
    "af_heart\0",
    "af_heart\n",
    "af_heart/../am_adam",
    "en_US-../../x-medium",
    "en_US-joe-medium\n",
    "en_US-joe-medium/../../x",
    "en_US-jo%2fe-medium",
    "en_US-joe-huge",
    "en_US-joé-medium",
    "lock",
    "lexicon",
    "x" * 10_000,
    "ernis",
]


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: repr(name[:20]))
def test_names_that_are_none_become_no_path_and_no_address(
    publisher: Publisher, voices: Path, name: str
) -> None:
    with pytest.raises(
        SettingsError, match=r"there is no voice .* to add .*look like en_US-joe-medium"
    ) as caught:
        put(voices, "af_heart", name)
    assert len(str(caught.value)) < 400
    assert publisher.asked == []
    assert files(voices) == {}


def test_a_name_that_is_nearly_one_is_understood(voices: Path) -> None:
    with pytest.raises(SettingsError, match="did you mean af_heart"):
        put(voices, "af_hart")


ENTRY = '  sha256: "{sha}"\n  size: {size}\n  licence: CC0\n  from: a folder\n'
GOOD = ENTRY.format(sha="a" * 64, size=1)
NONSENSE = {
    "not YAML": ("styles/af_heart.bin: [\n", r"lock.yaml:2:1: "),
    "a list": ("- one\n", r"lock.yaml:1:1: expected keys and values"),
    "a path out": (f"../../x.bin:\n{GOOD}", r"lock.yaml:1:1: expected as a key .*for a file, such as piper"),
    "a path within": (f"styles/../lock.yaml:\n{GOOD}", r"lock.yaml:1:1: expected as a key"),
    "a short digest": (
        f"styles/af_heart.bin:\n{ENTRY.format(sha='ab', size=1)}",
        r"lock.yaml:2:11: .*64 hex",
    ),
    "a size in words": (
        f"styles/af_heart.bin:\n{ENTRY.format(sha='a' * 64, size='big')}",
        r"yaml:3:9: .*whole",
    ),
    "no digest": ("styles/af_heart.bin:\n  size: 1\n", r"lock.yaml:2:3: the key 'sha256' is missing"),
    "a key too many": (f"styles/af_heart.bin:\n{GOOD}  md5: x\n", r"lock.yaml:6:3: unknown key 'md5'"),
    "twice": (f"styles/af_heart.bin:\n{GOOD}" * 2, r"lock.yaml:6:1: .*twice"),
}


@pytest.mark.parametrize(("text", "says"), NONSENSE.values(), ids=NONSENSE)
def test_a_lock_that_is_nonsense_is_refused_at_its_line(
    publisher: Publisher, voices: Path, text: str, says: str
) -> None:
    (voices / "lock.yaml").write_text(text)
    with pytest.raises(SettingsError, match=says):
        put(voices, "af_heart")
    assert publisher.asked == []
    assert (voices / "lock.yaml").read_text() == text


def test_a_lock_of_a_voice_that_is_unknown_here_asks_nobody(publisher: Publisher, voices: Path) -> None:
    (voices / "lock.yaml").write_text(f"styles/xx_nobody.bin:\n{GOOD}")
    with pytest.raises(SettingsError, match="there is no voice 'xx_nobody' to add"):
        put(voices)


@pytest.mark.parametrize(
    ("text", "card"),
    [
        (
            CARD.decode(),
            Card(licence="see https://example.org/joe", language="English, United States", made=MADE),
        ),
        ("* License: CC BY 4.0\n* URL: https://x.example\n", Card(licence="CC BY 4.0")),
        ("* Licence: public domain", Card(licence="public domain")),
        ("* License:\n* URL: https://x.example", Card(licence="see https://x.example")),
        (f"* URL: {'x' * 300}", Card(licence=f"see {'x' * 195}…")),
        ("* License: See URL\n", Card(licence="See URL")),
        ("", Card()),
        ("License: a\x1b[31m\u2028b" + "c" * 300, Card(licence="a [31m b" + "c" * 191 + "…")),
    ],
)
def test_a_card_says_what_may_be_done_with_a_voice(text: str, card: Card) -> None:
    assert read_card(text) == card
    assert len(card.licence) <= 200


def test_a_licence_of_any_characters_comes_back_from_the_lock(publisher: Publisher, voices: Path) -> None:
    publisher.files[f"{FOLDER}/MODEL_CARD"] = '* License: "CC": \\ # – 日本 🙂 \x85\x00\n'.encode()
    put(voices, JOE)
    assert read_lock(voices)[f"piper/{JOE}.onnx"].licence == '"CC": \\ # – 日本 🙂'
    assert [added.fetched for added in put(voices)] == [0]


def test_the_catalogue_knows_all_styles_and_two_that_the_docs_measured() -> None:
    assert len(STYLES) == 54
    assert all(re.fullmatch(r"[a-z]{2}_[a-z]+", name) for name in STYLES)
    assert all(re.fullmatch(r"[0-9a-f]{64}", sha256) for sha256 in STYLES.values())
    assert len(set(STYLES.values())) == 54
    page = (Path(__file__).parents[2] / "docs/neural-voice.md").read_text()
    for name in ("af_heart", "am_michael"):
        assert re.search(rf"{name} with (SHA-256 )?`{STYLES[name]}`", page)
    for name in STYLES:
        (file,) = catalogue.find_voice(name).files
        assert re.search(catalogue.FILE_PATTERN, file.place)


def test_addresses_are_those_of_the_publishers() -> None:
    voice = catalogue.find_voice("en_GB-southern_english_female-low")
    assert [f"{voice.publisher}/{file.published}" for file in voice.files] == [
        f"https://huggingface.co/rhasspy/piper-voices/resolve/main/en/en_GB/southern_english_female/low/{name}"
        for name in (
            "MODEL_CARD",
            "en_GB-southern_english_female-low.onnx.json",
            "en_GB-southern_english_female-low.onnx",
        )
    ]
    (style,) = catalogue.find_voice("am_michael").files
    assert (catalogue.find_voice("am_michael").publisher, style.published) == (
        "https://huggingface.co/onnx-community/Kokoro-82M-v1.0-ONNX/resolve/main",
        "voices/am_michael.bin",
    )
