import re

import pytest

from ingest.readers.extract import Extract
from ingest.readers.quality import Measure, doubts, measure, noticed

TEXT = """## Lamps

Warm light helps, 3 of 4 towns say.

- ask first
- then light
  - again

| Town | Lamps |
| --- | --- |
| Ath | 90 |

Then:

|  |  |
| --- | --- |
| Mons | 70 |"""


def test_a_text_is_measured_by_what_a_person_would_count() -> None:
    assert measure(TEXT) == Measure(words=21, headings=1, items=3, tables=2, bare_tables=1)


@pytest.mark.parametrize(
    ("extract", "doubt"),
    [
        (Extract("t", TEXT), "1 of 2 tables have no heads"),
        (
            Extract("t", "Some text.", blank_pages=(2, 5)),
            r"not read \(2, 5\); run the file through",
        ),
        (Extract("t", "Some text.", blank_pages=tuple(range(40))), r"\(0, 1, .*, 9, …\)"),
        (Extract("t", "Some text.", recognised_pages=(3, 4)), r"by text recognition .*\(3, 4\)"),
        (Extract("t", "Some text.", unseen=12), "12 words that its readers cannot see"),
        (Extract("t", "!\" # $% &' ( ) * + , " * 30), "many of its signs are no letters"),
        (Extract("t", "Some text.", pictures=4), "has 4 pictures and few words"),
    ],
)
def test_what_a_person_should_compare_with_the_original_is_named(
    extract: Extract, doubt: str
) -> None:
    (found,) = doubts(extract)

    assert re.search(doubt, found)
    assert noticed(extract).startswith(found)
    assert noticed(extract).endswith("; look at the original")


def test_a_document_that_was_read_whole_raises_no_doubt() -> None:
    extract = Extract("t", "Warm light helps. " * 40, unseen=3, pictures=2)

    assert doubts(extract) == ()
    assert noticed(extract) == ""
