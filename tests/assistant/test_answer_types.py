"""Numbers and names asked for, numbers and names given."""

import pytest

from assistant.answer_types import (
    asks_for_name,
    asks_for_quantity,
    holds_new_name,
    holds_quantity,
)


@pytest.mark.parametrize(
    "question",
    [
        "How many towns took part?", "Until when can we apply?", "What does it cost?",
        "Combien coûte l’adhésion ?", "Jusqu’à quand s’inscrire ?", "Quel prix payer ?",
        "Hoeveel leden zijn er?", "Wat kost de cursus?", "Hoe lang duurt het?",
        "Wie viele Plätze gibt es?", "Seit wann gilt das?", "Was hat der Test gekostet?",
        "¿Cuántos municipios participan?", "Quanto costa?", "Desde quando?",
    ],
)  # fmt: skip
def test_questions_for_a_number(question: str) -> None:
    assert asks_for_quantity(question)


@pytest.mark.parametrize(
    "question", ["Who pays?", "Wie ist das geregelt?", "Pourquoi ?", "Waarom niet?", "Was ist das?"]
)
def test_questions_for_anything_else(question: str) -> None:
    assert not asks_for_quantity(question)


@pytest.mark.parametrize(
    "sentence", ["It has two floors.", "Within 48 hours.", "Binnen acht weken.", "Trois villes."]
)
def test_sentences_with_a_number(sentence: str) -> None:
    assert holds_quantity(sentence)


@pytest.mark.parametrize("sentence", ["Someone wrote it.", "Often enough.", "Die Stadt zahlt."])
def test_sentences_without_one(sentence: str) -> None:
    assert not holds_quantity(sentence)


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the network?", "Qui préside le forum ?", "Wer leitet das Netz?",
        "Wie is de voorzitter?", "¿Quién paga?", "Chi paga?", "Quem paga?",
    ],
)  # fmt: skip
def test_questions_for_a_name(question: str) -> None:
    assert asks_for_name(question)


@pytest.mark.parametrize("question", ["Wie ist das geregelt?", "Wie viele?", "What is this?"])
def test_questions_for_no_name(question: str) -> None:
    assert not asks_for_name(question)


def test_a_new_name_is_two_capitalised_words_that_the_question_did_not_give() -> None:
    question = "Wer wurde Präsidentin des Forums?"
    assert holds_new_name("Gewählt wurde Marit Oosterling.", question)
    assert not holds_new_name("Die Stadt zahlt den Beitrag.", question)
    assert not holds_new_name("Marit Oosterling kam.", "Wer ist Marit Oosterling?")
