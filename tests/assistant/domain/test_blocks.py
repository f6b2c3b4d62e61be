from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.blocks import Form, lines


@pytest.mark.parametrize(
    ("line", "form", "content", "level"),
    [
        ("# Title", Form.HEADING, "Title", 1),
        ("###### Six deep", Form.HEADING, "Six deep", 6),
        ("####### Seven deep", Form.PARAGRAPH, "####### Seven deep", 0),
        ("#hashtag", Form.PARAGRAPH, "#hashtag", 0),
        ("#", Form.PARAGRAPH, "#", 0),
        ("- item", Form.ITEM, "item", 0),
        ("* item", Form.ITEM, "item", 0),
        ("12. twelfth", Form.ITEM, "twelfth", 0),
        ("1) first", Form.ITEM, "first", 0),
        ("  - nested", Form.ITEM, "nested", 1),
        ("    3. nested twice", Form.ITEM, "nested twice", 2),
        ("-5 degrees", Form.PARAGRAPH, "-5 degrees", 0),
        ("2019. was a good year", Form.PARAGRAPH, "2019. was a good year", 0),
        ("| a | b |", Form.ROW, " a | b |", 0),
        ("|  | b |", Form.ROW, "  | b |", 0),
        ("| --- | --- |", Form.RULE, " --- | --- |", 0),
        ("|:--|--:|", Form.RULE, ":--|--:|", 0),
        ("> said she", Form.QUOTATION, "said she", 0),
        (">said she", Form.QUOTATION, "said she", 0),
        ("A plain sentence.", Form.PARAGRAPH, "A plain sentence.", 0),
        ("   indented words", Form.PARAGRAPH, "indented words", 0),
        ("trailing space   ", Form.PARAGRAPH, "trailing space", 0),
    ],
)
def test_a_line_has_one_form_and_shows_its_words_without_the_mark(
    line: str, form: Form, content: str, level: int
) -> None:
    (found,) = lines(line)

    assert found.form is form
    assert line[found.content : found.end] == content
    assert found.level == level


def test_only_a_blank_line_or_the_beginning_starts_a_block() -> None:
    found = [line.after_blank for line in lines("one\ntwo\n\n \nthree\nfour")]

    assert found == [True, False, True, False]


def test_a_text_without_words_has_no_lines() -> None:
    assert list(lines("")) == []
    assert list(lines(" \n\n\t\n")) == []


def test_line_ends_of_other_systems_are_no_part_of_a_line() -> None:
    text = "# One\r\n\r\ntwo\r\n"

    assert [text[line.start : line.end] for line in lines(text)] == ["# One", "two"]


def marked_text() -> st.SearchStrategy[str]:
    """Text in which the marks of light Markdown are as common as letters."""
    return st.text(st.one_of(st.sampled_from("#-*>|1.) \n:a"), st.characters()), max_size=80)


@given(marked_text())
def test_every_character_but_white_space_is_in_exactly_one_line(text: str) -> None:
    found = list(lines(text))

    inside = "".join(text[span.start : span.end] for span in found)
    assert "".join(inside.split()) == "".join(text.split())
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(marked_text())
def test_the_content_of_a_line_lies_inside_it_and_on_one_line(text: str) -> None:
    for line in lines(text):
        assert line.start <= line.content <= line.end
        assert len(text[line.start : line.end].splitlines()) == 1
