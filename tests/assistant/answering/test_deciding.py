"""What is shown where one text holds two questions."""

from assistant.answering.deciding import Decision, together
from assistant.domain.corpus import Kind, Span
from assistant.domain.dialogue import Excerpt
from tests.builders import a_source

TEXT = "Images are kept for 21 days. Six operators may watch them. The fee is 40 euros."
KEPT, WATCHED, FEE = Span(0, 28), Span(29, 58), Span(59, 79)


def an_excerpt(start: int, end: int, *marks: Span) -> Excerpt:
    return Excerpt(a_source(), (), TEXT[start:end], start, end, marks, Kind.ARTICLE)


def a_decision(*excerpts: Excerpt) -> Decision:
    return Decision("?", "en", (), 0.9, excerpts, repeats=False)


def test_what_answers_both_questions_in_one_place_is_shown_once_with_both_marks() -> None:
    first, second = an_excerpt(0, 58, KEPT), an_excerpt(0, 58, WATCHED)

    (shown,) = together("?", [a_decision(first), a_decision(second)]).excerpts

    assert shown.marks == (KEPT, WATCHED)


def test_the_second_answer_is_shown_where_the_first_excerpt_ends_before_it() -> None:
    first, second = an_excerpt(0, 58, KEPT), an_excerpt(29, 79, FEE)

    shown = together("?", [a_decision(first), a_decision(second)]).excerpts

    assert shown == (first, second)
