"""What a question or a document says of time."""

from datetime import date

import pytest

from assistant.answering.requests import understood
from assistant.language.periods import Days, day_before, days_in

TODAY = date(2026, 3, 15)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("articles since June 2024", date(2024, 6, 1), None),
        ("articles until June 2024", None, date(2024, 6, 30)),
        ("articles before June 2024", None, date(2024, 5, 31)),
        ("articles between March and May 2024", date(2024, 3, 1), date(2024, 5, 31)),
        ("articles from 2019 to 2021", date(2019, 1, 1), date(2021, 12, 31)),
        ("articles of 03/2025", date(2025, 3, 1), date(2025, 3, 31)),
        ("articles in May", date(2025, 5, 1), date(2025, 5, 31)),
        ("articles in February", date(2026, 2, 1), date(2026, 2, 28)),
        ("articles of this month", date(2026, 3, 1), date(2026, 3, 31)),
        ("articles of last week", date(2026, 3, 2), date(2026, 3, 8)),
        ("articles since 5 June 2024", date(2024, 6, 5), None),
        ("articles after 5 June 2024", date(2024, 6, 6), None),
        ("articles after June 2024", date(2024, 7, 1), None),
    ],
)
def test_a_span_of_time_is_read_in_words_and_figures(
    text: str, first: date | None, last: date | None
) -> None:
    found = understood(f"Show me {text}", "en", TODAY)

    assert found.topic == ""
    assert (found.filters.published_from, found.filters.published_to) == (first, last)


@pytest.mark.parametrize(
    ("language", "since", "after"),
    [
        ("en", "articles since 2020", "articles after 2020"),
        ("fr", "articles depuis 2020", "articles après 2020"),
        ("nl", "artikels sinds 2020", "artikels na 2020"),
        ("de", "Artikel seit 2020", "Artikel nach 2020"),
        ("es", "artículos desde 2020", "artículos después de 2020"),
        ("it", "articoli dal 2020", "articoli dopo il 2020"),
        ("pt", "artigos desde 2020", "artigos depois de 2020"),
    ],
)
def test_what_is_after_a_year_is_not_of_it(language: str, since: str, after: str) -> None:
    assert understood(since, language, TODAY).filters.published_from == date(2020, 1, 1)
    assert understood(after, language, TODAY).filters.published_from == date(2021, 1, 1)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "On 19 and 20 May 2026 in Valmorin."),
        ("en", "From May 19-20, 2026."),
        ("fr", "Dates : mardi 19 et mercredi 20 mai 2026, de 9 h à 17 h"),
        ("nl", "Op 19 en 20 mei 2026 in Valmorin."),
        ("de", "Vom 19. bis 20. Mai 2026."),
        ("es", "El 19 de mayo de 2026."),
        ("it", "Il 19 maggio 2026."),
        ("pt", "No dia 19 de maio de 2026."),
        ("nl", "19/05/2026"),
        ("de", "19.05.2026"),
        ("en", "2026-05-19"),
    ],
)
def test_the_first_day_of_an_event_is_read_from_its_text(language: str, text: str) -> None:
    assert next(days_in(text, language)).first == date(2026, 5, 19)


@pytest.mark.parametrize("language", ["en", "und", "xx"])
def test_a_text_without_a_day_has_none(language: str) -> None:
    assert list(days_in("On the 31 February 2026, or at 12.30.", language)) == []


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("it", "Assemblea il 1° maggio 2026", date(2026, 5, 1)),
        ("it", "Assemblea il 1º maggio 2026", date(2026, 5, 1)),
        ("pt", "No dia 1º de outubro de 2026", date(2026, 10, 1)),
        ("es", "El 1º de mayo de 2026", date(2026, 5, 1)),
        ("fr", "Le 1er mai 2026", date(2026, 5, 1)),
        ("nl", "Op 1 mei 2026", date(2026, 5, 1)),
        ("nl", "Op de 2de mei 2026", date(2026, 5, 2)),
        ("en", "On the 1st of May 2026", date(2026, 5, 1)),
        ("de", "Am 1. Mai 2026", date(2026, 5, 1)),
        ("de", "vom 30. November bis 2. Dezember 2026", date(2026, 11, 30)),
        ("de", "30. November – 2. Dezember 2026", date(2026, 11, 30)),
        ("fr", "du 30 novembre au 2 décembre 2026", date(2026, 11, 30)),
        ("fr", "du lundi 30 novembre au mercredi 2 décembre 2026", date(2026, 11, 30)),
        ("en", "November 30 – December 2, 2026", date(2026, 11, 30)),
        ("en", "from 30 November to 2 December 2026", date(2026, 11, 30)),
        ("en", "30 November and 2 December 2026", date(2026, 11, 30)),
        ("en", "from the 30th of November until the 2nd of December 2026", date(2026, 11, 30)),
        ("nl", "van 30 november tot 2 december 2026", date(2026, 11, 30)),
        ("nl", "van 30 november tot en met 2 december 2026", date(2026, 11, 30)),
        ("nl", "30 nov. t/m 2 dec. 2026", date(2026, 11, 30)),
        ("es", "del 30 de noviembre al 2 de diciembre de 2026", date(2026, 11, 30)),
        ("it", "dal 30 novembre al 2 dicembre 2026", date(2026, 11, 30)),
        ("pt", "de 30 de novembro a 2 de dezembro de 2026", date(2026, 11, 30)),
        ("pt", "de 30 de novembro até 2 de dezembro de 2026", date(2026, 11, 30)),
        ("en", "30 December to 2 January 2027", date(2026, 12, 30)),
        ("en", "December 30 to January 2, 2027", date(2026, 12, 30)),
        ("fr", "du 30 décembre 2026 au 2 janvier 2027", date(2026, 12, 30)),
        ("fr", "les 19, 20 et 21 mai 2026", date(2026, 5, 19)),
        ("en", "19-20 May 2026", date(2026, 5, 19)),
        ("it", "Il 19 e il 20 maggio 2026", date(2026, 5, 19)),
        ("es", "Los días 19 y 20 de mayo de 2026", date(2026, 5, 19)),
        ("de", "19./20. Mai 2026", date(2026, 5, 19)),
        ("en", "May 19th to 20th, 2026", date(2026, 5, 19)),
        ("en", "19 or 20 May 2026", date(2026, 5, 19)),
        ("en", "Open from 9 h, 20 May 2026", date(2026, 5, 20)),
        ("fr", "de 9 h à 17 h le 20 mai 2026", date(2026, 5, 20)),
        ("en", "In November 12 towns met on 2 December 2026", date(2026, 12, 2)),
        ("en", "12 November was cold; 2 December 2026 was not", date(2026, 12, 2)),
    ],
)
def test_the_first_day_is_read_in_common_spellings_and_of_a_range_over_two_months(
    language: str, text: str, day: date
) -> None:
    assert next(days_in(text, language)).first == day


@pytest.mark.parametrize(
    ("language", "text", "first", "last"),
    [
        ("en", "28 November to 2 December 2026", (11, 28), (12, 2)),
        ("en", "November 28 – December 2, 2026", (11, 28), (12, 2)),
        ("en", "19, 20 and 21 May 2026", (5, 19), (5, 21)),
        ("en", "19, 20 May 2026", (5, 19), (5, 20)),
        ("en", "on 19 May 2026", (5, 19), (5, 19)),
        ("en", "May 19th to 20th, 2026", (5, 19), (5, 20)),
        ("en", "28 November 2026 to 2 December 2026", (11, 28), (12, 2)),
        ("en", "28 November 2026 and 2 December 2026", (11, 28), (11, 28)),
        ("en", "from 2026-11-28 until 2026-12-02", (11, 28), (12, 2)),
        ("fr", "du samedi 28 novembre 2026 au mercredi 2 décembre 2026", (11, 28), (12, 2)),
        ("fr", "28/11–02/12/2026", (11, 28), (12, 2)),
        ("fr", "du 28/11 au 02/12/2026", (11, 28), (12, 2)),
        ("fr", "du 28/11/2026 au 02/12/2026", (11, 28), (12, 2)),
        ("fr", "du 28 au 30/11/2026", (11, 28), (11, 30)),
        ("de", "28.-30.11.2026", (11, 28), (11, 30)),
        ("de", "28. – 30.11.2026", (11, 28), (11, 30)),
        ("de", "vom 28. bis 30.11.2026", (11, 28), (11, 30)),
        ("de", "28.11.-02.12.2026", (11, 28), (12, 2)),
        ("de", "28.11.2026 bis Mittwoch, 02.12.2026", (11, 28), (12, 2)),
        ("de", "Raum 5 – 28.11.2026", (11, 28), (11, 28)),
        ("de", "Raum 1.05 – 28.11.2026", (11, 28), (11, 28)),
        ("de", "9.00-28.11.2026", (11, 28), (11, 28)),
        ("nl", "28-11 t/m 02-12-2026", (11, 28), (12, 2)),
        ("nl", "28-30/11/2026", (11, 28), (11, 30)),
        ("en", "28 to 31 November 2026", (11, 28), (11, 28)),
    ],
)
def test_a_range_has_its_first_and_its_last_day(
    language: str, text: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    assert next(days_in(text, language)) == Days(date(2026, *first), date(2026, *last))


@pytest.mark.parametrize(
    "piece", ["1 ", "1.-", "1/1 - ", "1, ", "1 may to ", "may 1 to ", "1" + " " * 300]
)
def test_the_days_of_a_long_text_are_found_in_step_with_its_length(piece: str) -> None:
    assert list(days_in(piece * (200_000 // len(piece)), "en")) == []


@pytest.mark.parametrize(
    ("language", "entry", "day"),
    [
        ("en", "3 December 2026: webinar", date(2026, 12, 3)),
        ("en", "**Thursday, December 3, 2026** | webinar", date(2026, 12, 3)),
        ("fr", "jeudi 3 décembre 2026 : webinaire", date(2026, 12, 3)),
        ("de", "Do., 3. Dezember 2026, Webinar", date(2026, 12, 3)),
        ("pt", "quinta-feira, 3 de dezembro de 2026", date(2026, 12, 3)),
        ("en", "Register until 3 December 2026", None),
        ("en", "The 12 towns meet on 3 December 2026", None),
        ("xx", "03/12/2026", date(2026, 12, 3)),
    ],
)
def test_an_entry_of_an_agenda_begins_with_its_day(
    language: str, entry: str, day: date | None
) -> None:
    found = day_before(entry, language)

    assert (found.first if found else None) == day
