"""How members ask for lists of everything, and pick of a list that they were shown."""

from datetime import date
from typing import Any

import pytest

from assistant.answering.requests import Want, refined, understood
from assistant.domain.corpus import Kind
from assistant.language.languages import LANGUAGES

TODAY = date(2026, 11, 23)

ALL_EVENTS = [
    ("en", "list of the events"),
    ("fr", "la liste de vos événements"),
    ("nl", "een lijst van jullie evenementen"),
    ("de", "eine Liste aller Veranstaltungen"),
    ("es", "la lista de vuestros eventos"),
    ("it", "elenco degli eventi"),
    ("it", "l'elenco dei vostri corsi"),
    ("pt", "lista dos eventos"),
    ("pt", "a lista das formações"),
]

OFFERED = [
    ("en", "Do you organise training courses?"),
    ("en", "which workshops do you offer"),
    ("fr", "Organisez-vous des formations ?"),
    ("fr", "quels événements organisez-vous"),
    ("nl", "welke evenementen organiseren jullie?"),
    ("de", "Bietet ihr Schulungen an?"),
    ("es", "¿Organizáis jornadas?"),
    ("it", "offrite corsi?"),
    ("pt", "que eventos organizam?"),
]

ALL_PUBLICATIONS = [
    ("en", "What are your publications?"),
    ("fr", "Quelles sont vos publications ?"),
    ("nl", "wat zijn jullie publicaties"),
    ("de", "Was sind eure Publikationen?"),
    ("es", "¿cuáles son vuestras publicaciones?"),
    ("it", "quali sono le vostre pubblicazioni?"),
    ("pt", "quais são as vossas publicações?"),
]

WHAT_IS_NEW = [
    ("en", "whats new"),
    ("en", "any news?"),
    ("en", "What's the latest?"),
    ("fr", "Qu'y a-t-il de nouveau ?"),
    ("fr", "quelles sont les nouveautés"),
    ("nl", "wat is er nieuw bij jullie?"),
    ("nl", "zijn er nieuwtjes?"),
    ("de", "gibts was neues"),
    ("de", "Was ist neu bei euch?"),
    ("es", "¿qué hay de nuevo?"),
    ("es", "¿cuáles son las novedades?"),
    ("it", "qualche novità?"),
    ("it", "quali sono le ultime novità"),
    ("pt", "quais são as novidades?"),
]

NEW_AND_MORE = [
    ("en", "what's new", "only in German"),
    ("fr", "quoi de neuf ?", "seulement en allemand"),
    ("nl", "wat is er nieuw?", "alleen in het Duits"),
    ("de", "Was gibt es Neues?", "nur auf Deutsch"),
    ("es", "novedades", "solo en alemán"),
    ("it", "cosa c'è di nuovo?", "solo in tedesco"),
    ("pt", "o que há de novo?", "só em alemão"),
]

PICKED = [
    ("en", "show me the recommendations", "the one about fines", "fines"),
    ("en", "show me the recommendations", "which of them are about fines?", "fines"),
    ("fr", "montre-moi les recommandations", "celle sur les amendes", "amendes"),
    ("fr", "liste des recommandations", "lesquelles parlent de musique ?", "musique"),
    ("nl", "toon de aanbevelingen", "die over boetes", "boetes"),
    ("nl", "lijst van de aanbevelingen", "welke gaan over boetes?", "boetes"),
    ("de", "zeig mir die Empfehlungen", "nur die zum Sonntag", "Sonntag"),
    ("es", "lista de las recomendaciones", "la que trata sobre el ruido", "ruido"),
    ("it", "elenco delle raccomandazioni", "quella sull'accessibilità", "accessibilità"),
    ("pt", "lista das recomendações", "só as que falam de multas", "multas"),
]


SOMETHING_IN_GERMAN = [
    ("en", "Do you have anything in German?"),
    ("fr", "Avez-vous quelque chose en allemand ?"),
    ("nl", "hebben jullie iets in het Duits?"),
    ("de", "Gibt es etwas auf Deutsch?"),
    ("es", "¿tenéis algo en alemán?"),
    ("it", "avete qualcosa in tedesco?"),
    ("pt", "têm alguma coisa em alemão?"),
]

OF_LAST_YEAR = [
    ("en", "articles of last year"),
    ("fr", "articles de l'an passé"),
    ("nl", "artikels van het voorbije jaar"),
    ("de", "Artikel aus dem letzten Jahr"),
    ("es", "artículos del año pasado"),
    ("it", "articoli dell'anno scorso"),
    ("pt", "artigos do ano passado"),
]

OF_THIS_YEAR = [
    ("en", "articles from this year"),
    ("fr", "articles de cette année"),
    ("nl", "artikels van dit jaar"),
    ("de", "Artikel aus diesem Jahr"),
    ("es", "artículos de este año"),
    ("it", "articoli di quest'anno"),
    ("pt", "artigos deste ano"),
]

AGENDA = [
    ("en", "agenda"),
    ("en", "your calendar"),
    ("fr", "calendrier"),
    ("nl", "jullie kalender"),
    ("de", "Veranstaltungskalender"),
    ("es", "el calendario"),
    ("it", "agenda"),
    ("pt", "calendário"),
]

THAT_IS_ALL = [
    ("en", "that's all, thanks"),
    ("fr", "c'est tout, merci"),
    ("nl", "dat was alles, bedankt"),
    ("de", "Das war alles, danke!"),
    ("es", "gracias, eso es todo"),
    ("it", "è tutto, grazie"),
    ("pt", "é tudo, obrigado"),
]


@pytest.mark.parametrize(("language", "text"), ALL_EVENTS)
def test_what_stands_before_what_a_list_is_of_is_no_subject_and_no_number(
    language: str, text: str
) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic, found.count) == (Want.LIST, "", None)
    assert set(found.filters.kinds) == {Kind.EVENT}


@pytest.mark.parametrize(("language", "text"), OFFERED)
def test_who_asks_which_events_are_organised_gets_the_list(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "")
    assert set(found.filters.kinds) == {Kind.EVENT}


@pytest.mark.parametrize(("language", "text"), ALL_PUBLICATIONS)
def test_who_asks_what_the_publications_are_gets_the_list(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "")
    assert set(found.filters.kinds) == {Kind.PUBLICATION}


@pytest.mark.parametrize(
    "text",
    [
        "What are your guidelines for cameras?",
        "What are the recommendations on noise?",
        "Which training courses can I attend for free?",
        "What are the costs of a training course?",
    ],
)
def test_what_says_more_of_them_is_a_question_to_the_texts(text: str) -> None:
    assert understood(text, "en", TODAY).want is Want.ANSWER


@pytest.mark.parametrize(("language", "text"), WHAT_IS_NEW)
def test_what_is_new_is_asked_in_many_ways(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "")


@pytest.mark.parametrize(("language", "earlier", "text"), NEW_AND_MORE)
def test_what_is_new_may_be_narrowed(language: str, earlier: str, text: str) -> None:
    found = refined(text, earlier, language, TODAY)

    assert found is not None
    assert (found.want, found.topic) == (Want.LIST, "")
    assert set(found.filters.languages) == {"de"}
    assert understood(found.text, language, TODAY) == found


@pytest.mark.parametrize(("language", "earlier", "text", "topic"), PICKED)
def test_the_one_about_something_is_picked_of_the_list_before(
    language: str, earlier: str, text: str, topic: str
) -> None:
    found = refined(text, earlier, language, TODAY)

    assert found is not None
    assert (found.want, found.topic) == (Want.LIST, topic)
    assert set(found.filters.kinds) == {Kind.RECOMMENDATION}


def test_after_an_answer_the_one_about_something_picks_of_no_list() -> None:
    assert refined("the one about fines", "What do lamps cost?", "en", TODAY) is None


@pytest.mark.parametrize(("language", "text"), SOMETHING_IN_GERMAN)
def test_something_in_a_language_is_a_list_of_what_is_in_it(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "")
    assert set(found.filters.languages) == {"de"}


@pytest.mark.parametrize(
    ("language", "text", "year"),
    [(*each, 2025) for each in OF_LAST_YEAR] + [(*each, 2026) for each in OF_THIS_YEAR],
)
def test_this_year_and_the_last_are_named_behind_a_preposition_too(
    language: str, text: str, year: int
) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "")
    assert found.filters.published_from == date(year, 1, 1)


@pytest.mark.parametrize(("language", "text"), AGENDA)
def test_the_agenda_alone_is_the_list_of_events(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert found.want is Want.LIST
    assert set(found.filters.kinds) == {Kind.EVENT}


@pytest.mark.parametrize(("language", "text"), THAT_IS_ALL)
def test_who_says_that_this_was_all_asks_nothing(language: str, text: str) -> None:
    assert understood(text, language, TODAY).want is Want.THANKS


@pytest.mark.parametrize(
    "table",
    [
        *(ALL_EVENTS, OFFERED, ALL_PUBLICATIONS, WHAT_IS_NEW, NEW_AND_MORE, PICKED),
        *(SOMETHING_IN_GERMAN, OF_LAST_YEAR, OF_THIS_YEAR, AGENDA, THAT_IS_ALL),
    ],
)
def test_every_language_speaks_in_these_ways(table: list[Any]) -> None:
    assert {language for language, *_ in table} == set(LANGUAGES)
