"""Wishes about the answer before: another language, or more of it."""

import pytest

from assistant.answering.wishes import LanguageWish, wants_more, wished_language
from assistant.language.languages import LANGUAGES

IN_A_LANGUAGE = [
    ("en", "In French please", "fr"), ("en", "Could you translate that into German?", "de"),
    ("en", "Is there a Dutch version?", "nl"), ("fr", "En anglais s’il vous plaît", "en"),
    ("fr", "Pouvez-vous répondre en allemand ?", "de"), ("fr", "en francais svp", "fr"),
    ("nl", "In het Frans alstublieft", "fr"), ("nl", "Kunt u dat in het Duits zeggen?", "de"),
    ("de", "Auf Französisch bitte", "fr"), ("de", "Gibt es das auch auf Englisch?", "en"),
    ("es", "en francés por favor", "fr"), ("es", "¿Puede responder en alemán?", "de"),
    ("it", "in inglese per favore", "en"), ("it", "Può rispondere in tedesco?", "de"),
    ("pt", "em francês, por favor", "fr"), ("pt", "Pode responder em inglês?", "en"),
]  # fmt: skip

MORE = [
    ("en", "More"), ("en", "Tell me more"), ("en", "And then?"), ("en", "Go on, please"),
    ("fr", "Plus"), ("fr", "Dites-m’en plus"), ("fr", "Et ensuite ?"), ("fr", "Continuez"),
    ("nl", "Meer"), ("nl", "Vertel me meer"), ("nl", "En dan?"), ("nl", "Ga verder"),
    ("de", "Mehr"), ("de", "Erzählen Sie mir mehr"), ("de", "Und dann?"), ("de", "Weiter"),
    ("es", "Más"), ("es", "Cuénteme más"), ("es", "¿Y después?"), ("es", "Continúe"),
    ("it", "Di più"), ("it", "Mi dica di più"), ("it", "E poi?"), ("it", "Continui"),
    ("pt", "Mais"), ("pt", "Diga-me mais"), ("pt", "E depois?"), ("pt", "Continue"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "wished"), IN_A_LANGUAGE)
def test_a_language_named_alone_is_a_wish_for_the_answer(
    language: str, text: str, wished: str
) -> None:
    assert wished_language(text, language, follows=True) == LanguageWish(wished)


def test_a_language_is_wished_for_in_the_words_of_another_than_is_spoken() -> None:
    assert wished_language("auf Deutsch bitte", "en", follows=True) == LanguageWish("de")


def test_the_name_of_a_language_alone_is_a_wish_only_where_something_was_said() -> None:
    assert wished_language("Deutsch", "de", follows=True) == LanguageWish("de")
    assert wished_language("Deutsch", "de", follows=False) is None


def test_what_is_asked_beside_the_wish_is_kept() -> None:
    wish = wished_language("How long are images kept? In French please.", "en", follows=False)

    assert wish == LanguageWish("fr", "How long are images kept?")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Are there training courses in English?"), ("en", "documents in German"),
        ("en", "Do you speak Dutch?"), ("fr", "La charte existe-t-elle en anglais ?"),
        ("nl", "Welke artikels zijn er in het Frans?"), ("de", "Wer lernt hier Deutsch?"),
        ("es", "documentos en francés"), ("it", "La carta è in inglese?"),
        ("pt", "Há cursos em inglês?"),
    ],
)  # fmt: skip
def test_a_question_that_names_a_language_is_no_wish(language: str, text: str) -> None:
    assert wished_language(text, language, follows=True) is None


@pytest.mark.parametrize(("language", "text"), MORE)
def test_a_text_that_names_nothing_asks_to_go_on(language: str, text: str) -> None:
    assert wants_more(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "more cameras"), ("en", "Then who pays?"), ("fr", "plus de caméras"),
        ("nl", "meer camera's"), ("de", "mehr Licht"), ("es", "más cámaras"),
        ("it", "più telecamere"), ("pt", "mais câmaras"), ("ja", "more"),
    ],
)  # fmt: skip
def test_more_of_something_is_a_question_about_that(language: str, text: str) -> None:
    assert not wants_more(text, language)


def test_every_language_wishes() -> None:
    assert {language for language, *_ in IN_A_LANGUAGE} == set(LANGUAGES)
    assert {language for language, _ in MORE} == set(LANGUAGES)
