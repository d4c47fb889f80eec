"""Templates: what they were compiled to is kept, and is never another one's."""

from pipeline.errors import ScriptError
from pipeline.templating import Vocabulary


def vocabulary(mark: str, *, html: bool = False) -> Vocabulary:
    return Vocabulary(
        "scripts", "a guide", ScriptError, {}, filters={"marked": lambda it: mark + it}, html=html
    )


def test_a_template_that_changes_is_compiled_again() -> None:
    ours = vocabulary("a")
    assert ours.render("x.j2", {"x.j2": "one"}, {}) == "one"
    assert ours.render("x.j2", {"x.j2": "two"}, {}) == "two"
    assert ours.render("x.j2", {"x.j2": "one"}, {}) == "one"


def test_a_filter_of_another_vocabulary_is_not_used() -> None:
    texts = {"x.j2": "{{ 'b' | marked }}"}
    assert vocabulary("a").render("x.j2", texts, {}) == "ab"
    assert vocabulary("c").render("x.j2", texts, {}) == "cb"


def test_text_is_escaped_only_where_it_becomes_html() -> None:
    texts = {"x.j2": "{{ 'b' | marked }}"}
    assert vocabulary("<").render("x.j2", texts, {}) == "<b"
    assert vocabulary("<", html=True).render("x.j2", texts, {}) == "&lt;b"
