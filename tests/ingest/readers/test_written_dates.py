from datetime import date

import pytest

from ingest.readers.html.reader import read_html
from ingest.readers.markdown import read_markdown

MAY, MARCH = date(2024, 5, 3), date(2024, 3, 5)


@pytest.mark.parametrize(
    ("written", "language", "day"),
    [
        ("03.05.2024", "", MAY),
        ("3. 5. 2024 10:00", "en", MAY),
        ("03/05/2024", "fr", MAY),
        ("3-5-2024", "nl", MAY),
        ("03/05/2024", "en", None),
        ("03/05/2024", "", None),
        ("05/05/2024", "en", date(2024, 5, 5)),
        ("25/05/2024", "en", date(2024, 5, 25)),
        ("05/25/2024", "en", date(2024, 5, 25)),
        ("31.02.2024", "de", None),
        ("05.25.2024", "de", None),
        ("2024-03-05T10:00", "en", MARCH),
        ("3.5.20245", "de", None),
    ],
)
def test_a_date_in_numbers_has_its_day_first_unless_it_may_be_american(
    written: str, language: str, day: date | None
) -> None:
    note = f"---\ndate: {written}\nupdated: '{written}'\nlang: {language}\n---\nText."
    page = (
        f"<html lang='{language}'><meta name=date content='{written}'>"
        f"<meta name=last-modified content='{written}'><p>Text."
    )

    for extract in (
        read_markdown(note.encode(), name="x.md"),
        read_html(page.encode(), name="x.html"),
    ):
        assert (extract.published, extract.changed) == (day, day)
