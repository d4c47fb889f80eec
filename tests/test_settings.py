"""Settings: every fault is said with file, line and column."""

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from pipeline.errors import SettingsError
from pipeline.settings import load, loads


class Inner(Struct, frozen=True):
    level: Annotated[int, Meta(ge=0, le=10)] = 1


class Outer(Struct, frozen=True):
    name: str
    day: dt.date | None = None
    mode: Literal["fast", "good"] = "good"
    loud: bool = False
    gain: float = 0.0
    tags: tuple[str, ...] = ()
    said: dict[str, str] = {}
    inner: Inner = Inner()


def fault(text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        loads(text, Outer, "x.yaml")
    return str(caught.value)


def test_off_is_a_word_where_words_are_asked_for() -> None:
    kind = dict[str, Literal["off", "error"]]
    assert loads("A: off\nB: error\nC: 'off'\n", kind, "x.yaml") == {"A": "off", "B": "error", "C": "off"}
    with pytest.raises(SettingsError, match="'A': expected one of off, error, found 'on'"):
        loads("A: on\n", kind, "x.yaml")
    assert "found 'off'" in fault("name: a\nloud: off\n")


def test_every_kind_of_value_is_read() -> None:
    text = """
name: "1984"
day: 2026-01-31
mode: fast
loud: true
gain: -3
tags: [a, b]
said: {VAR: letters}
inner: {level: 3}
"""
    expected = Outer(
        "1984", dt.date(2026, 1, 31), "fast", True, -3.0, ("a", "b"), {"VAR": "letters"}, Inner(3)
    )
    assert loads(text, Outer, "x.yaml") == expected


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("nmae: x", "x.yaml:1:1", "unknown key 'nmae' (did you mean 'name'?"),
        ("day: 2026-01-31", "x.yaml:1:1", "the key 'name' is missing (expected text)"),
        ("name: 1984", "x.yaml:1:7", 'write it in quotes: "1984"'),
        ("name: 2510.10000", "x.yaml:1:7", 'write it in quotes: "2510.10000"'),
        ("name: no", "x.yaml:1:7", 'write it in quotes: "no"'),
        ("name: a\nloud: yes", "x.yaml:2:7", "expected true or false, found 'yes'"),
        ("name: a\nday: soon", "x.yaml:2:6", "expected a date like 2026-01-31, or nothing, found 'soon'"),
        ("name: a\nday: 2026-02-30", "x.yaml:2:6", "found '2026-02-30'"),
        ("name: a\nmode: best", "x.yaml:2:7", "expected one of fast, good, found 'best'"),
        ("name: a\ninner:\n  level: 11", "x.yaml:3:10", "expected a whole number >= 0 and <= 10, found '11'"),
        ("name: a\ninner:\n  level: 0x1", "x.yaml:3:10", "found '0x1'"),
        (
            "name: a\ninner: 3",
            "x.yaml:2:8",
            "expected keys and values, found '3' (write a line \"name: value\"",
        ),
        ("name: a\ntags: one", "x.yaml:2:7", "expected a list, found 'one' (write it in brackets: [one])"),
        ("name: a\nname: b", "x.yaml:2:1", "the key 'name' is there twice"),
        ("name: [a]", "x.yaml:1:7", "expected text, found a list"),
        ("name: &a b", "x.yaml:1:7", "anchors and aliases"),
        ("name: a\n<<: {gain: 1}", "x.yaml:2:1", "merge keys"),
        ("name: a\n? [a]\n: b", "x.yaml:2:3", "composed keys"),
        ("name: [", "x.yaml:1:8", "expected the node content"),
        ("name: !!python/object:os.system a", "x.yaml:1:7", "expected text"),
        ('name: "a\\x07"', "x.yaml:1:7", "expected text"),
        ("- a", "x.yaml:1:1", "expected keys and values, found a list"),
        ("[" * 50, "x.yaml:1:17", "nested deeper than 16"),
    ],
)
def test_a_fault_is_placed_and_explained(text: str, place: str, says: str) -> None:
    message = fault(text)
    assert message.startswith(f"{place}: ")
    assert says in message


def test_all_faults_of_a_file_are_found_in_order() -> None:
    with pytest.raises(SettingsError) as caught:
        loads("inner: {level: 99}\nloud: maybe\ncolour: red\n", Outer, "x.yaml", first_line=10)
    faults = [caught.value, *caught.value.others]
    assert [fault.where for fault in faults] == ["x.yaml:10:1", "x.yaml:10:16", "x.yaml:11:7", "x.yaml:12:1"]


def test_a_missing_file_and_a_wrong_encoding_are_settings_errors(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load(tmp_path / "none.yaml", Outer)
    (tmp_path / "latin.yaml").write_bytes(b"name: a\nmode: caf\xe9")
    with pytest.raises(SettingsError, match=r"latin\.yaml:2:10: is not UTF-8"):
        load(tmp_path / "latin.yaml", Outer)


def test_a_large_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    (tmp_path / "big.yaml").write_bytes(b"[" * 300_000)
    with pytest.raises(SettingsError, match="larger than 256 KiB"):
        load(tmp_path / "big.yaml", Outer)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(SettingsError):
        assert isinstance(loads(text, Outer, "x.yaml"), Outer)
