"""What a question or a document says of time."""

from datetime import date

import pytest

from assistant.answering.requests import understood
from assistant.language.periods import days_in

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
    ],
)
def test_a_span_of_time_is_read_in_words_and_figures(
    text: str, first: date | None, last: date | None
) -> None:
    found = understood(f"Show me {text}", "en", TODAY)

    assert found.topic == ""
    assert (found.filters.published_from, found.filters.published_to) == (first, last)


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
    assert next(days_in(text, language)) == date(2026, 5, 19)


@pytest.mark.parametrize("language", ["en", "und", "xx"])
def test_a_text_without_a_day_has_none(language: str) -> None:
    assert list(days_in("On the 31 February 2026, or at 12.30.", language)) == []
