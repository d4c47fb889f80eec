"""The script stage: the show's words around the paper's, with the show's pauses."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ScriptError
from pipeline.kit import read_sources
from pipeline.model import Paper, Pauses, Script, ScriptRequest, ShowFacts
from pipeline.paper import find_papers, read_paper
from pipeline.script import plain_text, spoken_text, write_script
from pipeline.script.spoken import read_aloud
from pipeline.script.spoken.lexicon import compile_lexicon
from pipeline.script.templates import FILTERS, FUNCTIONS, VALUES, faults_of
from pipeline.store import Store

REPOSITORY = Path(__file__).parent.parent.parent
PAPER = Paper(
    slug="a-paper",
    title="A title",
    authors=("Ada Lovelace", "Grace Hopper", "Emmy Noether"),
    category="Computing",
    date=dt.date(2025, 10, 23),
    summary="It works. It matters.\n\n- one\n- two\n",
    questions=("Why?",),
)


def script_of(
    tmp_path: Path,
    templates: dict[str, str],
    paper: Paper = PAPER,
    *,
    disclosed: bool = True,
    speakers: tuple[str, ...] = (),
) -> Script:
    store = Store(tmp_path / "store")
    request = ScriptRequest(
        paper=paper,
        show=ShowFacts(title="Show", host="Ernis", disclose_synthetic_voice=disclosed),
        template="episode.j2",
        templates={name: store.keep_bytes(text.encode(), ".j2") for name, text in templates.items()},
        lexicon={},
        speakers=speakers,
        pauses=Pauses(),
    )
    with store.desk() as desk:
        return write_script(request, desk)


def test_what_follows_the_list_of_references_in_a_template_is_said(tmp_path: Path) -> None:
    paper = msgspec.structs.replace(PAPER, summary="It works.\n\n## References\n\n[1] Byron, A. 1843.\n")
    script = script_of(
        tmp_path, {"episode.j2": "{{ section('paper') }}\n{{ paper.summary }}\nGood night.\n"}, paper
    )
    assert [line.sentence.spoken for line in script.lines] == ["It works.", "Good night."]


@pytest.mark.parametrize(("author", "end"), [("Smith, J. A.", "Smith, J. A."), ("Ada Byron", "Ada Byron.")])
def test_credits_end_in_one_full_stop(tmp_path: Path, author: str, end: str) -> None:
    credits_text = (REPOSITORY / "scripts" / "credits.j2").read_text(encoding="utf-8")
    template = "{{ section('credits') }}\n" + credits_text
    paper = msgspec.structs.replace(PAPER, authors=(author,))
    script = script_of(tmp_path, {"episode.j2": template, "disclosure.j2": ""}, paper, disclosed=False)
    assert plain_text(script) == f"Credit to Paper authors: {end}\n"


def fault(tmp_path: Path, source: str) -> str:
    with pytest.raises(ScriptError) as caught:
        script_of(tmp_path, {"episode.j2": source, "outro.j2": "Bye.\n"})
    return str(caught.value)


def test_each_line_knows_its_part_and_the_pause_after_it(tmp_path: Path) -> None:
    source = "{{ section('a', 'Start') }}\n# Head\n\n{{ paper.summary }}\n{{ section('b') }}\nThe end.\n"
    script = script_of(tmp_path, {"episode.j2": source})
    pauses = Pauses()
    assert [
        (line.part, line.sentence.spoken, line.pause_after_ms, line.chapter) for line in script.lines
    ] == [
        ("a", "Head", pauses.heading_ms, "Start"),
        ("a", "It works.", pauses.sentence_ms, ""),
        ("a", "It matters.", pauses.paragraph_ms, ""),
        ("a", "one", pauses.list_item_ms, ""),
        ("a", "two", pauses.section_ms, ""),
        ("b", "The end.", pauses.section_ms, ""),
    ]


def test_the_text_to_read_along_has_no_markup(tmp_path: Path) -> None:
    paper = Paper(
        **{name: getattr(PAPER, name) for name in PAPER.__struct_fields__}
        | {"summary": "**So** it is.\n\n\n\n- one\n"}
    )
    script = script_of(tmp_path, {"episode.j2": "{{ section('a') }}\n# Head\n\n{{ paper.summary }}"}, paper)
    assert plain_text(script) == "Head\n\nSo it is.\n\n- one\n"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "{{ section('a') }}\n{{ papr.title }}",
            "episode.j2:2: 'papr' is not defined (did you mean 'paper'?",
        ),
        (
            "{{ section('a') }}\n\n{{ paper.titel }}",
            "episode.j2:3: 'paper.titel' is not defined (did you mean 'title'?",
        ),
        (
            "{{ section('a') }}{{ show.hosts }}",
            "episode.j2:1: 'show.hosts' is not defined (did you mean 'host'?",
        ),
        ("{{ section('a') }}\n{{ paper.title | shout }}", "episode.j2:2: there is no filter 'shout'"),
        (
            "{{ section('a') }}\n{% include 'outr.j2' %}",
            "episode.j2:2: there is no template 'outr.j2' (did you mean 'outro.j2'?",
        ),
        ("{{ section('a') }}\n{% if paper.title %}", "episode.j2:2: Unexpected end of template"),
        ("{{ section('a') }}\n{{ 1 // 0 }}", "episode.j2:2: ZeroDivisionError"),
        (
            "{{ section('a') }}\n{{ paper.paper_date | spoken_date }}",
            "episode.j2:2: ValueError: spoken_date has no date",
        ),
        (
            "{{ section('a') }}\n{{ one_of([]) }}",
            "episode.j2:2: ValueError: one_of needs at least one wording",
        ),
        ("{{ section('a') }}\n{{ paper.__class__.__mro__ }}", "'paper.__class__' is not defined"),
        ("{{ section('a') }}\n{% set p = paper %}{{ p.__class__ }}", "episode.j2:2:"),
        ("{{ section('a') }}\n{% for i in range(10**9) %}x{% endfor %}", "episode.j2:2:"),
        ("Hello.\n{{ section('a') }}", "there is text before the first section"),
        ("Hello.", "there is text before the first section"),
        ("{{ section('a') }}\n...", "says nothing about this paper"),
        (
            "{{ section('a') }}{% set x = '%2000s' % 1 %}{% for i in x %}{% for j in x %}xx{% endfor %}{% endfor %}",
            "over 4,000,000",
        ),
        ("{{ section('a') }}\n{{ 'x' * 9 }}", "episode.j2:2: * is not allowed here"),
        ("{{ section('a') }}\n{{ 2 ** 9 }}", "episode.j2:2: ** is not allowed here"),
        (
            "{{ section('a') }}\n{{ '%999999999s' % 1 }}",
            "scripts/episode.j2:2: MemoryError",
        ),
    ],
)
def test_a_slip_in_a_template_is_placed_and_explained(tmp_path: Path, source: str, says: str) -> None:
    assert says in fault(tmp_path, source)


def test_rendering_in_many_threads_leaves_no_limit_behind(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_AS)
    source = "{{ section('a') }}\nHi.{% for letter in '%2000s' % 1 %} {% endfor %}"
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: script_of(tmp_path / str(number), {"episode.j2": source}), range(40)))
    script_of(tmp_path / "main", {"episode.j2": source})
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_a_slip_in_an_included_template_is_placed_there(tmp_path: Path) -> None:
    templates = {
        "episode.j2": "{{ section('a') }}\n{% include 'outro.j2' %}",
        "outro.j2": "One\n\n{{ 1 // 0 }}\n",
    }
    with pytest.raises(ScriptError, match=r"scripts/outro\.j2:3: ZeroDivisionError"):
        script_of(tmp_path, templates)


def test_a_slip_is_found_in_a_branch_that_no_paper_takes(tmp_path: Path) -> None:
    message = fault(tmp_path, "{{ section('a') }}\nHi.\n{% if paper.season %}\n{{ nothing }}\n{% endif %}")
    assert "episode.j2:4: 'nothing' is not defined" in message


def test_loop_variables_and_set_are_no_slips() -> None:
    source = "{% set x = 1 %}{% for name in paper.authors %}{{ loop.index }}{{ name }}{{ x }}{% endfor %}"
    assert faults_of("a.j2", {"a.j2": source}) == []


def test_wordings_differ_between_papers_and_never_for_one(tmp_path: Path) -> None:
    source = "{{ section('a') }}\n{{ one_of(['One.', 'Two.', 'Three.', 'Four.']) }}\n"

    def said(slug: str, text: str = source) -> str:
        paper = Paper(**{name: getattr(PAPER, name) for name in PAPER.__struct_fields__} | {"slug": slug})
        return script_of(tmp_path, {"episode.j2": text}, paper).lines[0].sentence.spoken

    slugs = [f"paper-{number}" for number in range(40)]
    first = [said(slug) for slug in slugs]
    assert set(first) == {"One.", "Two.", "Three.", "Four."}
    assert [said(slug) for slug in slugs] == first
    reworded = [said(slug, source.replace("One.", "Uno.")) for slug in slugs]
    assert reworded == [wording.replace("One.", "Uno.") for wording in first]


def test_the_shipped_show_says_greeting_title_questions_credit_and_disclosure(tmp_path: Path) -> None:
    templates = read_sources(REPOSITORY).templates
    text = plain_text(script_of(tmp_path, templates))
    assert "Ernis" in text
    for part in (
        "A title",
        "It matters.",
        "- Why?",
        "Credit to Paper authors: Ada Lovelace, Grace Hopper and Emmy Noether.",
        "synthetic",
    ):
        assert part in text
    assert "synthetic" not in plain_text(script_of(tmp_path, templates, disclosed=False))


def test_the_shipped_backlog_does_not_open_every_episode_alike(tmp_path: Path) -> None:
    templates = read_sources(REPOSITORY).templates
    papers = [read_paper(path, limit_words=30_000) for path in find_papers(REPOSITORY / "papers")]
    openings = {script_of(tmp_path, templates, paper).lines[0].sentence.spoken for paper in papers}
    assert len(papers) == 8
    assert len(openings) >= 3


def test_the_templates_readme_lists_everything_a_template_may_use() -> None:
    readme = (REPOSITORY / "scripts" / "README.md").read_text(encoding="utf-8")
    for value, kind in VALUES.items():
        for field in kind.__struct_fields__:
            assert f"| `{value}.{field}` |" in readme
    for name, text in FUNCTIONS.items():
        assert f"| `{name}(" in readme
        assert text in readme
    for name in FILTERS:
        assert f"| `{name}` |" in readme
    for path in (REPOSITORY / "scripts").glob("*.j2"):
        assert f"| `{path.name}` |" in readme


DIALOGUE = """{{ section('a') }}
Welcome to both of you.

Ada: So what did they find?
Ernis: A great deal. **Really:** a great deal.
It goes on here.

**Dr. Lee:** And what does that
mean?

__Ada__: Nothing, if you ask me.

> Ada: this is quoted, not spoken by her.

Adam: is not of the cast, nor is Ada:this.

```
Ada: neither is code
```
"""
CAST = ("Ada", "Dr. Lee", "Ernis")


def test_a_paragraph_belongs_to_whom_it_names(tmp_path: Path) -> None:
    script = script_of(tmp_path, {"episode.j2": DIALOGUE}, speakers=CAST)
    said = [(line.speaker, line.sentence.spoken) for line in script.lines]
    assert said == [
        ("", "Welcome to both of you."),
        ("Ada", "So what did they find?"),
        ("", "A great deal."),
        ("", "Really: a great deal."),
        ("", "It goes on here."),
        ("Dr. Lee", "And what does that mean?"),
        ("Ada", "Nothing, if you ask me."),
        ("", "Ada: this is quoted, not spoken by her."),
        ("", "Adam: is not of the cast, nor is Ada:this."),
        ("", "Here is some code, which you will find in the transcript."),
    ]
    told = spoken_text(script)
    assert "\n\n[Ada] So what did they find?\n\nA great deal." in told
    assert "\n\n[Dr. Lee] And what does that mean?\n\n[Ada] Nothing" in told
    assert "\n\n> Ada: this is quoted" in told
    text = plain_text(script)
    assert "\n\nAda: So what did they find?\nErnis: A great deal. Really: a great deal.\nIt goes" in text
    assert "Dr. Lee: And what" in text
    assert "Ada: Nothing" in text


def test_a_show_of_one_voice_says_every_name(tmp_path: Path) -> None:
    script = script_of(tmp_path, {"episode.j2": "{{ section('a') }}\nAda: So what did they find?\n"})
    (line,) = script.lines
    assert (line.speaker, line.sentence.spoken) == ("", "Ada: So what did they find?")


@given(st.text(alphabet="Ada:\n *_>#-`. b", max_size=80))
def test_no_character_is_lost_where_somebody_speaks(text: str) -> None:
    blocks = read_aloud(text, compile_lexicon(), ("Ada", "b"))
    assert "".join(block.written for block in blocks) == text
