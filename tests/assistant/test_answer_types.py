"""Numbers and names asked for, numbers and names given."""

import pytest

from assistant.answer_types import (
    asks_for_duration,
    asks_for_money,
    asks_for_name,
    asks_for_quantity,
    holds_duration,
    holds_money,
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
        "What do the cameras cost?", "How much must a town pay?", "What is the fee?",
        "Combien coûtent les caméras ?", "Combien une ville doit-elle payer ?", "Quel tarif ?",
        "Wat kosten de camera's?", "Hoeveel contant geld mag er liggen?", "Was kostet das?",
        "Wie viel Geld ging verloren?", "¿Cuánto cuestan?", "Quanto costa?", "Quanto custa?",
    ],
)  # fmt: skip
def test_questions_for_money(question: str) -> None:
    assert asks_for_money(question)


@pytest.mark.parametrize(
    "question", ["How many towns?", "How much did thefts fall?", "Was geschah im Fall Costa?"]
)
def test_questions_for_no_money(question: str) -> None:
    assert not asks_for_money(question)


@pytest.mark.parametrize(
    "sentence",
    [
        "It costs 410,000 euros.", "410 000 euros par an", "meer dan 2.500 euro", "£30m a year",
        "1,12 miljoen euro", "507 millions de dollars", "20 Milliarden Euro", "75 000 USD", "€ 5",
    ],
)  # fmt: skip
def test_sentences_with_money(sentence: str) -> None:
    assert holds_money(sentence)


@pytest.mark.parametrize("sentence", ["64 cameras", "12 markers", "the euro", "31 votes to 8"])
def test_sentences_without_money(sentence: str) -> None:
    assert not holds_money(sentence)


@pytest.mark.parametrize(
    "question",
    [
        "How long are images kept?", "For how many years are they elected?",
        "Combien de temps dure le mandat ?", "Pendant combien d'années ?", "Quelle durée ?",
        "Hoe lang is de straat dicht?", "Hoeveel dagen duurt het?", "Wie lange dauert es?",
        "Wie viele Jahre gilt das?", "¿Cuánto tiempo dura?", "Quanto tempo dura?",
        "Per quanti giorni?", "Durante quantos meses?",
    ],
)  # fmt: skip
def test_questions_for_a_duration(question: str) -> None:
    assert asks_for_duration(question)


@pytest.mark.parametrize(
    "question",
    ["How many towns?", "When did it end?", "Combien de villes ?", "Wie viel kostet es?"],
)
def test_questions_for_no_duration(question: str) -> None:
    assert not asks_for_duration(question)


@pytest.mark.parametrize(
    "sentence",
    [
        "Erased after 21 days at the latest.", "a three-year term", "dertig minuten in de ochtend",
        "dans un délai de six semaines", "pour une année civile", "innerhalb von 24 Stunden",
        "durante dos años", "per trenta giorni", "por um período de quatro anos",
        "8 lange Jahre", "within a few hours",
    ],
)  # fmt: skip
def test_sentences_with_a_duration(sentence: str) -> None:
    assert holds_duration(sentence)


@pytest.mark.parametrize(
    "sentence", ["a member town of 58,000 inhabitants", "250 meter van de school", "in May 2019"]
)
def test_sentences_without_a_duration(sentence: str) -> None:
    assert not holds_duration(sentence)


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
