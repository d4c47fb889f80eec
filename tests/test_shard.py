"""Shares of a backlog: nothing is done twice, nothing is left, and none has much more than another."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingsError
from pipeline.shard import Shard

from .conftest import REPOSITORY, LittleShow
from .test_cli import episodes, run

WEIGHTS = st.dictionaries(st.text("abcdef/.", min_size=1), st.integers(0, 10_000), max_size=60)
OF = st.integers(1, 12)


def shares(weights: dict[str, int], of: int) -> list[tuple[str, ...]]:
    return [Shard(number, of).share(tuple(weights), weights) for number in range(1, of + 1)]


@given(WEIGHTS, OF)
def test_each_thing_is_in_one_share(weights: dict[str, int], of: int) -> None:
    dealt = [thing for share in shares(weights, of) for thing in share]
    assert sorted(dealt) == sorted(weights)


@given(WEIGHTS, OF)
def test_a_share_keeps_the_order_it_was_given(weights: dict[str, int], of: int) -> None:
    order = list(weights)
    for share in shares(weights, of):
        assert list(share) == sorted(share, key=order.index)


@given(WEIGHTS, OF, st.randoms(use_true_random=False))
def test_the_order_of_things_moves_nothing(weights: dict[str, int], of: int, chance: random.Random) -> None:
    things = list(weights)
    chance.shuffle(things)
    shuffled = {thing: weights[thing] for thing in things}
    assert [set(share) for share in shares(shuffled, of)] == [set(share) for share in shares(weights, of)]


@given(WEIGHTS, OF)
def test_no_share_is_heavier_than_another_by_more_than_one_thing(weights: dict[str, int], of: int) -> None:
    loads = [sum(weights[thing] + 1 for thing in share) for share in shares(weights, of)]
    assert max(loads) - min(loads) <= max(weights.values(), default=0) + 1


@given(st.integers(0, 60), OF)
def test_things_of_no_weight_are_dealt_out_too(count: int, of: int) -> None:
    counts = [len(share) for share in shares({f"{number:02}": 0 for number in range(count)}, of)]
    assert max(counts) - min(counts) <= 1


def test_more_shares_than_things_leave_some_empty() -> None:
    assert sorted(map(len, shares({"a": 5, "b": 9}, 4))) == [0, 0, 1, 1]


@given(WEIGHTS)
def test_the_only_share_is_everything(weights: dict[str, int]) -> None:
    assert Shard(1, 1).share(tuple(weights), weights) == tuple(weights)


def test_a_share_is_read_as_it_is_written() -> None:
    assert Shard.parsed("2/8") == Shard(2, 8)
    assert Shard.parsed("08/0008") == Shard(8, 8)


@pytest.mark.parametrize(
    "text", ["", "2", "0/8", "9/8", "1/0", "-1/8", "1/8/2", "1 / 8", "1/8\n", "١/٨", "1.0/8"]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match=r"is no share \(2/8 is the second of eight\)"):
        Shard.parsed(text)


def test_the_command_says_so_in_a_line(show: LittleShow) -> None:
    done = run(show, "make", "--shard", "9/8")
    assert done.returncode == 2
    assert done.stderr.endswith("--shard: '9/8' is no share (2/8 is the second of eight)\n")


def test_two_shares_make_all_episodes_and_no_other(show: LittleShow) -> None:
    for slug in ("ada", "bob", "cy"):
        show.paper(slug)
    made = [run(show, "make", "--shard", share).stdout for share in ("1/2", "2/2")]
    assert ["2 made" in made[0], "1 made" in made[1]] == [True, True]
    assert "0 made, 3 already there" in run(show, "make").stdout


def test_arguments_are_read_before_anything_is_installed() -> None:
    bare = [sys.executable, "-S", "-m", "pipeline", "--help"]
    done = subprocess.run(bare, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_others_made_is_put_in_place_by_one_plain_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each share in a clone on a computer of its own; the store is all they have in common."""

    def clone(name: str, **settings: str) -> LittleShow:
        monkeypatch.setenv("PAPERLEDGE_CACHE", str(tmp_path / "cache" / name))
        show = LittleShow(tmp_path / name)
        for slug in ("ada", "bob", "cy"):
            show.paper(slug, body=f"What {slug} found.")
        extra = "".join(f"{key}: {value}\n" for key, value in settings.items())
        show.write("show.yaml", f"title: Little Show\nhost: Ernis\nvoice: tone\n{extra}")
        return show

    (tmp_path / "store").mkdir()
    for share in ("1/2", "2/2"):
        assert run(clone(f"share-{share[0]}", store="../store"), "make", "--shard", share).returncode == 0
    together, alone = clone("together", store="../store"), clone("alone")
    assert "0 lines spoken" in run(together, "make").stdout
    assert run(alone, "make").returncode == 0
    assert episodes(together) == episodes(alone)
