"""How much of a topic a title names."""

import pytest

from assistant.answering.topics import topic_share


@pytest.mark.parametrize(
    ("title", "question", "share"),
    [
        ("Street lighting that helps", "What is recommended for street lighting?", 1.0),
        ("Die Straßenbeleuchtung", "Was wird für die Straßenbeleuchtungen empfohlen?", 1.0),
        ("L’éclairage public", "Quelles recommandations pour l’éclairage public ?", 2 / 3),
        ("Straatverlichting in de stad", "aanbevelingen voor straatverlichting", 1.0),
        ("Street lighting", "What is recommended against burglary?", 0.0),
        ("Straat", "straatverlichting", 0.0),
        ("Street lighting", "What is recommended?", 0.0),
    ],
)
def test_a_title_shares_the_words_of_a_topic_in_any_form(
    title: str, question: str, share: float
) -> None:
    assert topic_share(question, title) == pytest.approx(share)
