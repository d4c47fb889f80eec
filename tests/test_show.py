"""How loud an episode is asked to be, in numbers and by name."""

import re
from pathlib import Path
from typing import get_args

import pytest

from pipeline.errors import SettingsError
from pipeline.presets import PRESETS, PresetName
from pipeline.show import SoundSettings, load_show

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"


def sound(text: str, folder: Path) -> SoundSettings:
    (folder / "show.yaml").write_text(f"title: A\nhost: B\nsound:\n{text}", encoding="utf-8")
    return load_show(folder).sound


def levels(text: str, folder: Path) -> tuple[int, int]:
    read = sound(text, folder)
    return read.target_mlufs, read.ceiling_mdbtp


def test_without_a_word_it_is_what_apple_asks_for(tmp_path: Path) -> None:
    assert (
        levels("  rate_hz: 44100\n", tmp_path)
        == levels("  target_lufs: apple\n", tmp_path)
        == (-16000, -1000)
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("apple", (-16000, -1000)),
        ("spotify", (-14000, -1000)),
        ("broadcast", (-23000, -1000)),
        ("atsc", (-24000, -2000)),
        ("mono-19", (-19000, -1000)),
        ("-18.5", (-18500, -1000)),
        ("-18", (-18000, -1000)),
    ],
)
def test_a_name_sets_loudness_and_ceiling(name: str, expected: tuple[int, int], tmp_path: Path) -> None:
    assert levels(f"  target_lufs: {name}\n", tmp_path) == expected


def test_a_ceiling_that_is_said_goes_before_the_one_of_the_name(tmp_path: Path) -> None:
    assert levels("  target_lufs: atsc\n  ceiling_dbtp: -3.5\n", tmp_path) == (-24000, -3500)


def test_every_name_stands_on_the_settings_page_with_its_numbers_and_source() -> None:
    assert tuple(PRESETS) == get_args(PresetName)
    for name, preset in PRESETS.items():
        (row,) = re.findall(rf"^\| {name} \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
        lufs, dbtp, source = row.split(" | ")
        assert (float(lufs), float(dbtp)) == (preset.target_lufs, preset.ceiling_dbtp)
        assert re.sub(r"\[(.*)\]\(.*?\)", r"\1", source) == preset.source


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("  target_lufs: appel\n", "4:16", "one of apple, spotify, broadcast, atsc, mono-19, found 'appel'"),
        ("  target_lufs: appel\n", "4:16", "a number >= -31 and <= -10 or"),
        ("  target_lufs: 16\n", "4:16", "a number >= -31 and <= -10"),
        ("  target_lufs: true\n", "4:16", "found 'true'"),
        ("  target_lufs:\n", "4:15", "found nothing"),
        ("  target_lufs: [apple]\n", "4:16", "found a list"),
        ("  ceiling_dbtp: 0\n", "4:17", "a number >= -9 and <= -0.1, or nothing"),
        ("  vbr_quality: 10\n", "4:16", "a whole number >= 0 and <= 9, or nothing"),
        ("  channels: 2\n", "4:13", "one of mono, stereo"),
        ("  target_lufs: mono-19\n  channels: stereo\n", "4:3", "mono-19 is for mono"),
    ],
)
def test_what_is_not_known_is_said_at_its_place(text: str, place: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        sound(text, tmp_path)
    assert caught.value.where == f"{tmp_path / 'show.yaml'}:{place}"
    assert says in str(caught.value)
