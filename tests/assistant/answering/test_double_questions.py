import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.double_questions import questions_in


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "What is the deadline of the project call? And how much can each project receive?",
            ["What is the deadline of the project call?", "And how much can each project receive?"],
        ),
        (
            "hoeveel camera's komen er op de wegen en wat kost dat?",
            ["hoeveel camera's komen er op de wegen?", "wat kost dat?"],
        ),
        (
            "Wann beginnt das Treffen und wo findet es statt?",
            ["Wann beginnt das Treffen?", "wo findet es statt?"],
        ),
        ("And what does it cost? (become member)", None),
        (
            "En waar is het? En wat kost het? (algemene vergadering)",
            ["En waar is het? (algemene vergadering)", "En wat kost het? (algemene vergadering)"],
        ),
        ("Who is the mayor and president of the town?", None),
        ("What do members pay?", None),
        ("why? really?", None),
        ("comment et pourquoi", None),
        ("welche Städte und Gemeinden sind Mitglied?", None),
    ],
)
def test_two_questions_in_one_are_told_apart(text: str, asked: list[str] | None) -> None:
    assert questions_in(text) == (asked or [text])


@given(st.text(max_size=200))
def test_no_text_is_without_a_question(text: str) -> None:
    assert questions_in(text)
