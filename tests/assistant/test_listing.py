"""Lists that answer as a whole."""

import pytest

from assistant.corpus import Document, Kind
from assistant.listing import introduced, recommendations
from tests.builders import LIGHTING, a_document

ITEMS = [
    "Walk the streets at night before you plan.",
    "Dim the lamps after midnight, but never switch them off.",
    "Repair a broken lamp within five days.",
]


def texts(document: Document, question: str) -> list[str]:
    return [document.text[its.start : its.end] for its in recommendations(question, document)]


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Street lighting that helps", "What is recommended for street lighting?"),
        ("Die Straßenbeleuchtung", "Was wird für die Straßenbeleuchtungen empfohlen?"),
        ("L’éclairage public", "Quelles recommandations pour l’éclairage public ?"),
        ("Straatverlichting in de stad", "Welke aanbevelingen zijn er voor straatverlichting?"),
    ],
)
def test_a_document_about_the_topic_answers_with_all_its_recommendations(
    title: str, question: str
) -> None:
    assert texts(a_document(title=title), question) == ITEMS


@pytest.mark.parametrize(
    "question",
    [
        "What is recommended against burglary?",
        "Who pays for the street lighting?",
        "What is recommended?",
    ],
)
def test_any_other_question_is_answered_by_a_sentence(question: str) -> None:
    assert texts(a_document(title="Street lighting"), question) == []


def test_a_recommendation_answers_with_its_longest_list_where_none_is_named() -> None:
    text = "We met:\n\n- Ada\n\nIt is useful to:\n\n- plan ahead\n- start small\n- report"
    document = a_document(text=text, title="Safety walks", kind=Kind.RECOMMENDATION)

    assert texts(document, "What do you recommend for safety walks?") == [
        "plan ahead",
        "start small",
        "report",
    ]


def test_the_items_after_a_lead_in_are_its_list() -> None:
    document = a_document()
    end = LIGHTING.index("recommendations:") + len("recommendations:")

    assert [LIGHTING[its.start : its.end] for its in introduced(document, end)] == ITEMS


def test_nothing_is_introduced_by_a_sentence_before_a_paragraph() -> None:
    assert introduced(a_document(text="We say:\n\nNothing more."), len("We say:")) == []
