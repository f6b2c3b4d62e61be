"""Questions that the catalogue answers, and those that only look like them."""

from datetime import date

import pytest

from assistant.answering.catalogue_questions import Scope
from assistant.answering.requests import Want, understood
from assistant.domain.corpus import Kind
from assistant.language.languages import LANGUAGES

TODAY = date(2026, 11, 28)
JANUARY, DECEMBER = date(2025, 1, 1), date(2025, 12, 31)
MARCH = date(2025, 3, 1), date(2025, 3, 31)

COUNTS = [
    ("en", "How many documents are in the database?", None),
    ("en", "how many recommendations do you have", Kind.RECOMMENDATION),
    ("fr", "Combien de documents y a-t-il dans la base de données ?", None),
    ("fr", "combien d'articles avez-vous", Kind.ARTICLE),
    ("nl", "Hoeveel documenten zitten er in de databank?", None),
    ("nl", "hoeveel aanbevelingen heb je", Kind.RECOMMENDATION),
    ("de", "Wie viele Dokumente sind in der Datenbank?", None),
    ("de", "wieviele artikel habt ihr", Kind.ARTICLE),
    ("es", "¿Cuántos documentos hay en la base de datos?", None),
    ("es", "cuantas recomendaciones teneis", Kind.RECOMMENDATION),
    ("it", "Quanti documenti ci sono nel database?", None),
    ("it", "Quante raccomandazioni avete?", Kind.RECOMMENDATION),
    ("pt", "Quantos documentos há na base de dados?", None),
    ("pt", "Quantas recomendações têm?", Kind.RECOMMENDATION),
]
PERIODS = [
    ("en", "What did the forum publish between January 2025 and December 2025?"),
    ("fr", "Qu'a publié le forum entre janvier 2025 et décembre 2025 ?"),
    ("nl", "Wat heeft het forum gepubliceerd tussen januari 2025 en december 2025?"),
    ("de", "Was hat das Forum zwischen Januar 2025 und Dezember 2025 veröffentlicht?"),
    ("es", "¿Qué publicó el foro entre enero de 2025 y diciembre de 2025?"),
    ("it", "Che cosa ha pubblicato il forum tra gennaio 2025 e dicembre 2025?"),
    ("pt", "O que publicou o fórum entre janeiro de 2025 e dezembro de 2025?"),
]
MONTHS = [
    ("en", "What did you publish in March 2025?"),
    ("fr", "Qu'avez-vous publié en mars 2025 ?"),
    ("nl", "Wat is er in maart 2025 verschenen?"),
    ("de", "Was wurde im März 2025 veröffentlicht?"),
    ("es", "¿Qué publicasteis en marzo de 2025?"),
    ("it", "Che cosa avete pubblicato nel marzo 2025?"),
    ("pt", "O que publicaram em março de 2025?"),
]
LAST_MONTH = [
    ("en", "What did you publish last month?"),
    ("fr", "Qu'avez-vous publié le mois dernier ?"),
    ("nl", "Wat is er vorige maand gepubliceerd?"),
    ("de", "Was wurde im letzten Monat veröffentlicht?"),
    ("es", "¿Qué publicó el foro el mes pasado?"),
    ("it", "Che cosa ha pubblicato il forum il mese scorso?"),
    ("pt", "O que publicou o fórum no mês passado?"),
]
EVENTS = [
    ("en", "Which events take place in 2026?"),
    ("en", "Show me the events of 2026"),
    ("fr", "Quels événements ont lieu en 2026 ?"),
    ("nl", "Welke evenementen vinden plaats in 2026?"),
    ("de", "Welche Veranstaltungen finden 2026 statt?"),
    ("es", "¿Qué eventos tienen lugar en 2026?"),
    ("it", "Quali eventi si tengono nel 2026?"),
    ("pt", "Que eventos se realizam em 2026?"),
]
NEXT = [
    ("en", "When is the next event?"),
    ("en", "what's the next training"),
    ("fr", "Quand a lieu la prochaine formation ?"),
    ("nl", "Wanneer vindt het volgende evenement plaats?"),
    ("de", "Wann findet die nächste Veranstaltung statt?"),
    ("es", "¿Cuándo se celebra el próximo evento?"),
    ("it", "Quando si terrà il prossimo evento?"),
    ("pt", "Quando é o próximo evento?"),
]
ALL = [
    ("en", "What are all the recommendations?"),
    ("fr", "Toutes les recommandations"),
    ("nl", "Geef alle aanbevelingen"),
    ("de", "Alle Empfehlungen"),
    ("es", "Todas las recomendaciones"),
    ("it", "Tutte le raccomandazioni"),
    ("pt", "Todas as recomendações"),
]
CONTENT = [
    ("en", "How many overdoses were there in the drug consumption room?"),
    ("en", "How many members took part?"),
    ("en", "How many documents must I hand in?"),
    ("en", "When is the next round of the project call?"),
    ("fr", "Combien de personnes participent à la formation ?"),
    ("nl", "Hoeveel winkels werden overvallen?"),
    ("de", "Wie viele Teilnehmer hatte die Veranstaltung?"),
    ("de", "Wie viele Dokumente muss ich einreichen?"),
    ("es", "¿Cuántas personas participaron en el curso?"),
    ("it", "Quanti documenti servono per iscriversi?"),
    ("pt", "Quantos documentos preciso de entregar?"),
]


@pytest.mark.parametrize(
    ("language", "text", "first", "last"),
    [
        ("en", "articles published between January 2019 and December 2021", "2019-01", "2021-12"),
        ("en", "documents from 2018", "2018-01", "2018-12"),
        ("en", "documents from 2018 on", "2018-01", None),
        ("en", "events next month", "2026-12", "2026-12"),
        ("fr", "articles publiés en 2025", "2025-01", "2025-12"),
        ("fr", "y a-t-il des nouveautés ce mois-ci ?", "2026-11", "2026-11"),
        ("nl", "evenementen in juni", "2027-06", "2027-06"),
        ("nl", "documenten gepubliceerd na 1 oktober 2026", "2026-10", None),
        ("pt", "documentos publicados em 2021", "2021-01", "2021-12"),
    ],
)
def test_documents_of_a_time_are_listed_where_nothing_else_is_said_of_them(
    language: str, text: str, first: str | None, last: str | None
) -> None:
    found = understood(text, language, TODAY)

    limits = (found.filters.published_from, found.filters.published_to)
    assert (found.want, found.topic) == (Want.LIST, "")
    assert [each and each.isoformat()[:7] for each in limits] == [first, last]


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("en", "which documents are in Dutch?", "nl"),
        ("en", "which documents do you have in Spanish", "es"),
        ("fr", "combien y a-t-il de recommandations en allemand", "de"),
        ("es", "documentos en alemán", "de"),
    ],
)
def test_documents_of_a_language_are_listed_likewise(language: str, text: str, spoken: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, set(found.filters.languages)) == (Want.LIST, {spoken})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "how many documents mention cameras"),
        ("fr", "combien de documents parlent des cameras"),
        ("nl", "hoeveel documenten gaan over cameras"),
        ("de", "wie viele Dokumente behandeln cameras"),
        ("es", "cuántos documentos hablan de cameras"),
        ("it", "quanti documenti parlano di cameras"),
        ("pt", "quantos documentos falam de cameras"),
        ("en", "which articles deal with cameras?"),
    ],
)
def test_what_documents_speak_of_is_their_topic(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "cameras")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "is there anything new since October?"),
        ("fr", "quoi de neuf depuis octobre ?"),
        ("nl", "is er iets nieuws sinds oktober?"),
        ("de", "Gibt es etwas Neues seit Oktober?"),
        ("es", "¿qué hay de nuevo desde octubre?"),
        ("it", "ci sono novità da ottobre?"),
        ("pt", "há novidades desde outubro?"),
    ],
)
def test_what_is_new_since_a_time_is_listed(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "")
    assert found.filters.published_from == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("language", "text", "kinds"),
    [
        ("en", "documents", set()),
        ("en", "and the articles?", {Kind.ARTICLE}),
        ("en", "what's new?", set()),
        ("fr", "événements", {Kind.EVENT}),
        ("nl", "aanbevelingen", {Kind.RECOMMENDATION}),
        ("de", "Veranstaltungen", {Kind.EVENT}),
        ("es", "¿y los artículos?", {Kind.ARTICLE}),
        ("it", "eventi", {Kind.EVENT}),
        ("pt", "recomendações", {Kind.RECOMMENDATION}),
    ],
)
def test_the_name_of_a_kind_alone_asks_for_all_of_it(
    language: str, text: str, kinds: set[Kind]
) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic, set(found.filters.kinds)) == (Want.LIST, "", kinds)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what is a recommendation?"),
        ("en", "what did the meeting in March decide"),
        ("en", "how many people came to the events in 2025"),
        ("de", "Welche Unterlagen brauche ich bis März"),
        ("nl", "welke documenten moet ik in mei indienen"),
    ],
)
def test_what_documents_of_a_time_say_or_ask_is_a_question(language: str, text: str) -> None:
    assert understood(text, language, TODAY).want is Want.ANSWER


@pytest.mark.parametrize(("language", "text", "kind"), COUNTS)
def test_how_many_there_are_is_counted_in_the_catalogue(
    language: str, text: str, kind: Kind | None
) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.scope, found.topic) == (Want.LIST, Scope.EVERY, "")
    assert found.filters.kinds == ({kind} if kind else frozenset())


@pytest.mark.parametrize(("language", "text"), PERIODS)
def test_what_was_published_between_two_months_is_a_list(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "")
    assert (found.filters.published_from, found.filters.published_to) == (JANUARY, DECEMBER)


@pytest.mark.parametrize(("language", "text"), MONTHS)
def test_what_was_published_in_a_month_is_a_list(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "")
    assert (found.filters.published_from, found.filters.published_to) == MARCH


@pytest.mark.parametrize(("language", "text"), LAST_MONTH)
def test_last_month_is_counted_from_today(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "")
    assert found.filters.published_from == date(2026, 10, 1)
    assert found.filters.published_to == date(2026, 10, 31)


@pytest.mark.parametrize(("language", "text"), EVENTS)
def test_events_of_a_year_are_listed_whatever_verb_is_used(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "")
    assert found.filters.kinds == {Kind.EVENT}
    assert found.filters.published_from == date(2026, 1, 1)


@pytest.mark.parametrize(("language", "text"), NEXT)
def test_the_next_event_is_asked_of_the_catalogue(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.scope, found.topic) == (Want.LIST, Scope.NEXT, "")
    assert found.filters.kinds == {Kind.EVENT}


@pytest.mark.parametrize(("language", "text"), ALL)
def test_all_recommendations_are_a_list_of_only_those(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "")
    assert found.filters.kinds == {Kind.RECOMMENDATION}


@pytest.mark.parametrize(("language", "text"), CONTENT)
def test_a_question_about_the_content_goes_to_the_passages(language: str, text: str) -> None:
    assert understood(text, language, TODAY).want is Want.ANSWER


@pytest.mark.parametrize("table", [COUNTS, PERIODS, MONTHS, LAST_MONTH, EVENTS, NEXT, ALL, CONTENT])
def test_every_language_is_in_each_table(table: list[tuple[str, ...]]) -> None:
    assert {language for language, *_ in table} == set(LANGUAGES)
