"""What the catalogue answers, through the assistant."""

from datetime import date

import pytest

from assistant.answering.assistant import Assistant
from assistant.domain.corpus import Document, Kind
from assistant.domain.dialogue import Answer, Outcome, Question
from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from tests.builders import a_chunk, a_document, a_passage, a_source, an_assistant
from tests.fakes import FakeGeneration, FakeLibrary, FakeVocabulary

NEXT = {
    "en": "When is the next event?",
    "fr": "Quel est le prochain événement ?",
    "nl": "Wanneer is het volgende evenement?",
    "de": "Wann findet die nächste Veranstaltung statt?",
    "es": "¿Cuándo es el próximo evento?",
    "it": "Quando è il prossimo evento?",
    "pt": "Quando é o próximo evento?",
}


def an_event(name: str, text: str, published: date) -> Document:
    source = a_source(name, kind=Kind.EVENT, published=published)
    return Document(source, text)


EVENTS = (
    an_event(
        "spring",
        "A training on 19 and 20 May 2026. Register until 24 April 2026.",
        date(2026, 1, 20),
    ),
    an_event("autumn", "A conference on 3 October 2026.", date(2026, 2, 1)),
)


def an_assistant_on(today: date) -> Assistant:
    generation = FakeGeneration(documents=(*EVENTS, a_document("article")))
    detect = lambda _, *, fallback: fallback  # noqa: E731
    return an_assistant(FakeLibrary(generation), today=lambda: today, detect_language=detect)


def asked(text: str, today: date, language: str = "en") -> Answer:
    return an_assistant_on(today).answer(Question(text, interface_language=language))


def titles(answer: Answer) -> list[str]:
    return [suggestion.source.document_id for suggestion in answer.suggestions]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_event_is_the_first_that_is_held_from_today_on(language: str) -> None:
    answer = asked(NEXT[language], date(2026, 6, 1), language)

    assert answer.outcome is Outcome.LISTED
    assert titles(answer) == [EVENTS[1].id]
    assert wording(language).day(date(2026, 10, 3)) in answer.lead_in


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_event_is_not_one_that_has_begun_which_stands_beside_it(language: str) -> None:
    on_its_last_day = asked(NEXT[language], date(2026, 5, 20), language)
    after_it = asked(NEXT[language], date(2026, 5, 21), language)

    assert titles(on_its_last_day) == [EVENTS[1].id, EVENTS[0].id]
    first, last = map(wording(language).day, (date(2026, 10, 3), date(2026, 5, 20)))
    told = wording(language)("list.next_beside", day=first, last=last)
    assert on_its_last_day.lead_in == told
    assert titles(after_it) == [EVENTS[1].id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_none_begins_any_more_an_event_that_goes_on_is_told(language: str) -> None:
    exhibition = an_event("show", "An exhibition from 1 March to 30 June 2026.", date(2026, 1, 20))
    generation = FakeGeneration(documents=(exhibition,))
    detect = lambda _, *, fallback: fallback  # noqa: E731
    it = an_assistant(
        FakeLibrary(generation), today=lambda: date(2026, 5, 20), detect_language=detect
    )

    answer = it.answer(Question(NEXT[language], interface_language=language))

    last = wording(language).day(date(2026, 6, 30))
    assert answer.lead_in == wording(language)("list.going_on", day=last)


def test_an_event_is_listed_in_each_month_that_it_is_held_in() -> None:
    over_two = an_event("congress", "Held 28 November to 2 December 2026.", date(2026, 1, 1))
    generation = FakeGeneration(documents=(over_two,))
    it = an_assistant(
        FakeLibrary(generation),
        today=lambda: date(2026, 3, 1),
        detect_language=lambda _, *, fallback: fallback,
    )

    for month, names in (("October", []), ("November", [over_two.id]), ("December", [over_two.id])):
        answer = it.answer(Question(f"Which events take place in {month} 2026?"))
        assert titles(answer) == names


def test_an_agenda_is_listed_by_each_of_its_days() -> None:
    entries = (
        "All are free. Register five days before.\n\n"
        "- **3 December 2026:** webinar\n- **14 and 15 January 2027:** winter school\n"
        "- **9 March 2027:** study visit"
    )
    agenda = an_event("agenda", entries, date(2026, 11, 2))
    it = an_assistant(
        FakeLibrary(FakeGeneration(documents=(agenda,))),
        today=lambda: date(2026, 12, 4),
        detect_language=lambda _, *, fallback: fallback,
    )

    for month, names in (("January", [agenda.id]), ("February", []), ("March", [agenda.id])):
        answer = it.answer(Question(f"Which events take place in {month} 2027?"))
        assert titles(answer) == names
    following = it.answer(Question("When is the next event?"))
    assert wording("en").day(date(2027, 1, 14)) in following.lead_in


def test_the_page_of_an_event_stands_before_an_agenda_that_names_it() -> None:
    agenda = an_event("agenda", "- 3 May 2027: talk\n- 9 May 2027: walk", date(2026, 11, 2))
    talk = an_event("talk", "A talk on 3 May 2027.", date(2026, 11, 1))
    it = an_assistant(
        FakeLibrary(FakeGeneration(documents=(agenda, talk))),
        today=lambda: date(2026, 12, 4),
        detect_language=lambda _, *, fallback: fallback,
    )

    assert titles(it.answer(Question("When is the next event?"))) == [talk.id]
    listed = it.answer(Question("Which events take place in May 2027?"))
    assert titles(listed) == [talk.id, agenda.id]


def test_an_event_that_was_announced_later_may_be_held_earlier() -> None:
    assert titles(asked(NEXT["en"], date(2026, 3, 1))) == [EVENTS[0].id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_event_lies_ahead_that_is_said(language: str) -> None:
    answer = asked(NEXT[language], date(2026, 12, 1), language)

    assert answer.outcome is Outcome.SPOKEN
    assert answer.lead_in == wording(language)("list.none_ahead")


def test_events_are_listed_by_the_month_in_which_they_are_held() -> None:
    answer = asked("Which events take place in May 2026?", date(2026, 3, 1))

    assert titles(answer) == [EVENTS[0].id]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "past events"),
        ("fr", "événements passés"),
        ("nl", "Toon de vorige evenementen"),
        ("de", "vergangene Veranstaltungen"),
        ("es", "eventos pasados"),
        ("it", "eventi passati"),
        ("pt", "eventos passados"),
    ],
)
def test_past_events_are_those_that_are_over(language: str, text: str) -> None:
    assert titles(asked(text, date(2026, 6, 1), language)) == [EVENTS[0].id]


def test_upcoming_events_come_in_their_order() -> None:
    answer = asked("Which events are coming up?", date(2026, 3, 1))

    assert titles(answer) == [EVENTS[0].id, EVENTS[1].id]


def test_a_list_of_events_begins_with_the_nearest_ahead_and_ends_with_those_that_are_over() -> None:
    far = an_event("far", "A congress on 9 March 2027.", date(2026, 2, 1))
    long_ago = an_event("ago", "A congress on 9 March 2024.", date(2024, 2, 1))
    today = date(2026, 6, 1)
    generation = FakeGeneration(documents=(far, long_ago, *EVENTS))
    it = an_assistant(FakeLibrary(generation), today=lambda: today)

    all_of_them = it.answer(Question("List of events"))
    latest = it.answer(Question("Show me the latest events"))

    assert titles(all_of_them) == [EVENTS[1].id, far.id, EVENTS[0].id, long_ago.id]
    assert titles(latest) == [far.id, EVENTS[1].id, EVENTS[0].id, long_ago.id]


NEXT_CONFERENCE = {
    "en": "When is the next conference?",
    "fr": "Quand a lieu la prochaine conférence ?",
    "nl": "Wanneer is de volgende conferentie?",
    "de": "Wann ist die nächste Tagung?",
    "es": "¿Cuándo son las próximas jornadas?",
    "it": "Quando si tiene il prossimo convegno?",
    "pt": "Quando é a próxima conferência?",
}

NEXT_WORKSHOP = {
    "en": "next workshop",
    "fr": "prochain atelier",
    "nl": "volgende workshop",
    "de": "nächster Workshop",
    "es": "próximo taller",
    "it": "prossimo laboratorio",
    "pt": "próxima oficina",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_event_of_a_kind_is_none_of_another_kind(language: str) -> None:
    answer = asked(NEXT_CONFERENCE[language], date(2026, 3, 1), language)

    assert titles(answer) == [EVENTS[1].id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_none_of_a_kind_lies_ahead_the_next_event_is_told(language: str) -> None:
    answer = asked(NEXT_WORKSHOP[language], date(2026, 3, 1), language)

    assert titles(answer) == [EVENTS[0].id]


def test_the_kind_of_an_event_is_named_in_the_language_of_its_page() -> None:
    published = date(2026, 2, 1)
    source = a_source("tagung", kind=Kind.EVENT, language="de", published=published)
    german = Document(source, "Die Jahrestagung findet am 3. Oktober 2026 statt.")
    generation = FakeGeneration(documents=(EVENTS[0], german))
    it = an_assistant(FakeLibrary(generation), today=lambda: date(2026, 3, 1))

    assert titles(it.answer(Question("Which conferences do you organise?"))) == [german.id]


def test_how_many_documents_there_are_is_said_before_the_list() -> None:
    answer = asked("How many documents do you have?", date(2026, 3, 1))

    assert answer.lead_in == wording("en")("list.all", count=3)
    assert len(answer.suggestions) == 3


def test_a_list_is_restricted_in_the_next_turn_and_says_how_it_was_understood() -> None:
    first = asked("Which events take place in 2026?", date(2026, 3, 1))

    answer = an_assistant_on(date(2026, 3, 1)).answer(
        Question("only in May 2026", "en", history=(first.turn,))
    )

    assert titles(answer) == [EVENTS[0].id]
    assert answer.understood == "Which events take place only in May 2026"


def test_as_many_documents_are_listed_as_are_asked_for() -> None:
    answer = asked("Show me the two latest documents", date(2026, 3, 1))

    assert len(answer.suggestions) == 2
    assert answer.more == 0
    assert answer.lead_in == wording("en")("list.all", count=2)


def test_a_summary_has_as_many_sentences_as_are_asked_for() -> None:
    sentences = [(3 * at, 3 * at + 2) for at in range(6)]
    generation = FakeGeneration(a_passage(a_chunk("A. B. C. D. E. F.", sentences=sentences)))
    it = an_assistant(FakeLibrary(generation), detect_language=lambda _, *, fallback: fallback)

    asked = ("Sum up the text on lighting", "Sum up the text on lighting in two sentences")

    assert [len(it.answer(Question(each, "en")).citations) for each in asked] == [5, 2]


def test_how_many_of_a_kind_counts_only_those() -> None:
    answer = asked("How many events do you have?", date(2026, 3, 1))

    assert sorted(titles(answer)) == sorted(event.id for event in EVENTS)


def an_article(name: str, published: date | None, author: str = "", text: str = "") -> Document:
    authors = (author,) if author else ()
    return a_document(name, text or name, published=published, authors=authors)


ARTICLES = (
    an_article("new", date(2024, 1, 1), "Ada Vane"),
    an_article("old night lamps", date(2016, 1, 1), "Bo Berg"),
    an_article("undated", None),
    an_article("middle", date(2020, 1, 1), "Ada Vane"),
)


def of_articles(text: str) -> Answer:
    lamps = a_passage(a_chunk("Lamps.", name="old night lamps"))
    return an_assistant(FakeLibrary(FakeGeneration(lamps, documents=ARTICLES))).answer(
        Question(text)
    )


def test_the_oldest_documents_come_first_and_those_without_a_date_not_at_all() -> None:
    answer = of_articles("Which are the oldest articles?")

    assert titles(answer) == [ARTICLES[1].id, ARTICLES[3].id, ARTICLES[0].id]


@pytest.mark.parametrize("name", ["Ada Vane", "vane"])
def test_documents_are_listed_by_their_author(name: str) -> None:
    answer = of_articles(f"articles by {name}")

    assert titles(answer) == [ARTICLES[0].id, ARTICLES[3].id]
    assert answer.lead_in == wording("en")("list.by", author="Ada Vane", count=2)


def test_where_nobody_of_a_name_has_written_it_is_a_subject() -> None:
    assert titles(of_articles("articles by night")) == [ARTICLES[1].id]


def test_documents_on_a_subject_are_left_out_of_a_list() -> None:
    answer = of_articles("all articles except those about lamps")

    assert set(titles(answer)) == {ARTICLES[0].id, ARTICLES[2].id, ARTICLES[3].id}
    assert answer.lead_in == wording("en")("list.except", topic="lamps", count=3)


def test_a_slip_in_the_subject_of_a_list_is_mended_and_shown() -> None:
    lamps = a_passage(a_chunk("Lamps.", name="old night lamps"))
    generation = FakeGeneration(lamps, documents=ARTICLES, words=FakeVocabulary("lamps"))

    answer = an_assistant(FakeLibrary(generation)).answer(Question("articles about lmaps"))

    assert titles(answer) == [ARTICLES[1].id]
    assert answer.understood == "articles about lamps"
