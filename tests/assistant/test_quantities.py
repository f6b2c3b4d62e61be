"""Numbers asked for, and numbers given."""

import pytest

from assistant.quantities import asked_for, stands_in


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
    assert asked_for(question)


@pytest.mark.parametrize(
    "question", ["Who pays?", "Wie ist das geregelt?", "Pourquoi ?", "Waarom niet?", "Was ist das?"]
)
def test_questions_for_anything_else(question: str) -> None:
    assert not asked_for(question)


@pytest.mark.parametrize(
    "sentence", ["It has two floors.", "Within 48 hours.", "Binnen acht weken.", "Trois villes."]
)
def test_sentences_with_a_number(sentence: str) -> None:
    assert stands_in(sentence)


@pytest.mark.parametrize("sentence", ["Someone wrote it.", "Often enough.", "Die Stadt zahlt."])
def test_sentences_without_one(sentence: str) -> None:
    assert not stands_in(sentence)
