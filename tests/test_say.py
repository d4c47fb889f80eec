"""`paperledge say`, as people and programs meet it: files, pipes, shows and folders that are none."""

import json
import random
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.script.spoken.explain import spoken_line
from pipeline.script.spoken.lexicon import compile_lexicon

from .conftest import LittleShow

PAPERLEDGE = [sys.executable, "-m", "pipeline"]
REPOSITORY = Path(__file__).parent.parent


def say(folder: Path, *words: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    command = [*PAPERLEDGE, "--show", str(folder), "say", *words]
    return subprocess.run(command, input=given, capture_output=True, timeout=60, check=False, cwd=REPOSITORY)


def lines(folder: Path, *words: str, given: str = "") -> list[str]:
    done = say(folder, *words, given=given.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode().splitlines()


@pytest.fixture
def glimr(show: LittleShow) -> LittleShow:
    show.write("voices/lexicon.yaml", "VAR: letters\nGLIMR: glimmer\n")
    return show


def test_each_line_gives_one_line(glimr: LittleShow) -> None:
    given = "GLIMR is 5.\n\n***\n1. GLIMRs\nno end"
    assert lines(glimr.root, "--plain", given=given) == [
        "glimmer is five.",
        "",
        "",
        "one. glimmers",
        "no end",
    ]


@pytest.mark.parametrize("how", [(), ("--plain", "--no-lexicon")])
def test_sentences_of_each_line(glimr: LittleShow, how: tuple[str, ...]) -> None:
    assert lines(glimr.root, *how, "--sentences", given="It is. They are.\n\nSo\n") == [
        "It is. ¶ They are.",
        "",
        "So",
    ]


def test_the_end_of_a_line_is_no_part_of_it(glimr: LittleShow) -> None:
    said = spoken_line("0.1 K", compile_lexicon())
    assert lines(glimr.root, "--plain", given="0.1 K\r\n0.1 K\n0.1 K") == [said] * 3


def test_the_lexicon_of_the_show_can_be_left_out(glimr: LittleShow) -> None:
    assert "glimmer" not in lines(glimr.root, "--plain", "--no-lexicon", given="GLIMR")[0]


def test_it_needs_no_show(tmp_path: Path) -> None:
    assert lines(tmp_path, "--plain", given="all 5") == ["all five"]
    assert lines(tmp_path, given="# Title\n\nAll 5.\n") == ["Title", "", "All five."]


def test_a_paper_is_said_with_its_own_lexicon(glimr: LittleShow) -> None:
    path = glimr.paper("one", body="GLIMR and VAR.", title="On GLIMR")
    glimr.edit("papers/one.md", "category:", "lexicon: {GLIMR: glimpser}\ncategory:")
    assert lines(glimr.root, str(path)) == ["On glimpser", "", "glimpser and V A R."]
    notes = glimr.write("notes.txt", "---\nGLIMR\n")
    assert "glimmer" in lines(glimr.root, str(notes))[-1]


def test_a_list_of_references_is_left_out_and_lines_keep_their_numbers(glimr: LittleShow) -> None:
    path = glimr.paper(
        "one", body="It works.\n\n## References\n\n- Hill 2019\n\n## More\n\nSo GLIMR is.", title="A"
    )
    assert lines(glimr.root, str(path)) == ["A", "", "It works.", "", "More", "", "So glimmer is."]
    place = path.read_text(encoding="utf-8").splitlines().index("So GLIMR is.") + 1
    assert any(f":{place}: So GLIMR is." in line for line in lines(glimr.root, "--explain", str(path)))


def test_what_is_unsure_is_one_list_for_all_files(glimr: LittleShow) -> None:
    first = glimr.paper("one", body="We use OQSFTW.\n\nOQSFTWs again.")
    second = glimr.paper("two", body="OQSFTW and XZWQRT.")
    out = lines(glimr.root, "--explain", str(first), str(second))
    head = next(number for number, line in enumerate(out) if line.startswith("# To look at"))
    assert out[head + 1].split("#")[0].strip() == "OQSFTW: letters"
    assert out[head + 1].endswith("# papers/one.md:8, papers/one.md:10, papers/two.md:8")
    assert out[head + 2].startswith("XZWQRT: letters")
    glimr.write("voices/lexicon.yaml", "\n".join(out[head:]) + "\n")
    assert not [line for line in lines(glimr.root, "--explain", str(first)) if "To look at" in line]


def test_explained_is_what_the_lexicon_did(glimr: LittleShow) -> None:
    (heading, row) = lines(glimr.root, "--explain", given="So GLIMR is.")
    assert heading == "-:1: So GLIMR is."
    assert row.split("  ")[-1] == "word, lexicon: show"


def test_verbose_explains_every_word(glimr: LittleShow) -> None:
    command = [*PAPERLEDGE, "-v", "--show", str(glimr.root), "say", "--explain"]
    done = subprocess.run(
        command, input="So GLIMR is.", capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert len(done.stdout.splitlines()) == 5


def test_programs_get_json(glimr: LittleShow) -> None:
    done = say(glimr.root, "--json", given=b"GLIMR")
    assert json.loads(done.stdout)["texts"][0]["blocks"][0]["sentences"][0]["spoken"] == "glimmer"


def test_any_bytes_give_as_many_lines(tmp_path: Path) -> None:
    given = random.Random(5).randbytes(60_000)
    for how in ("--plain", "--sentences"):
        done = say(tmp_path, how, given=given)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count(b"\n") == given.count(b"\n") + (not given.endswith(b"\n"))


def test_nothing_gives_nothing(tmp_path: Path) -> None:
    assert say(tmp_path, "--plain").stdout == b""
    assert say(tmp_path).stdout == b"\n"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("missing.txt",), 4, "missing.txt: cannot be read"),
        (("--plain", "missing.txt"), 4, "missing.txt: cannot be read"),
        (("--plain", "--explain"), 2, "not allowed with argument"),
    ],
)
def test_a_mistake_gets_a_message(tmp_path: Path, words: tuple[str, ...], code: int, says: str) -> None:
    done = say(tmp_path, *words)
    assert done.returncode == code
    assert says in done.stderr.decode()


def test_a_wrong_lexicon_is_placed(glimr: LittleShow) -> None:
    glimr.write("voices/lexicon.yaml", "A: b\nC: 7\n")
    done = say(glimr.root, "--plain", given=b"x")
    assert done.returncode == 3
    assert b"lexicon.yaml:2:4: 'C': expected" in done.stderr


def test_a_wrong_paper_is_placed(glimr: LittleShow) -> None:
    path = glimr.write("papers/one.md", "---\ntitel: x\n---\n\nx\n")
    done = say(glimr.root, str(path))
    assert done.returncode == 4
    assert done.stderr.startswith(b"error: papers/one.md:2:1: unknown key 'titel'")


def test_a_filter_is_fast(tmp_path: Path) -> None:
    given = "".join(
        f"We show {n} of {n + 7} results, as in Fig. {n % 9}, for model M{n} at step {n}k.\n"
        for n in range(6_000)
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert len(lines(tmp_path, "--plain", given=given)) == 6_000
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 10  # a second where it was measured


def test_a_cast_is_known(show: LittleShow) -> None:
    paper = show.paper("one", "Ada: So what did they find?\n\nBob: not of the cast.")
    show.edit("show.yaml", "voice: tone\n", "voice: tone\ncast: {Ada: tone}\n")
    command = [sys.executable, "-m", "pipeline", "--show", str(show.root), "say", str(paper)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "So what did they find?" in said
    assert "Ada" not in said
    assert "Bob: not of the cast." in said
