"""What a plan would change, in lines that staff can judge by."""

from datetime import date

from ingest.differences import difference
from tests.builders import a_document


def test_a_document_of_which_only_the_day_of_change_differs_shows_that_day() -> None:
    before, after = a_document(), a_document(changed=date(2026, 1, 12))

    assert difference(before, after) == (
        "-last changed: not told",
        "+last changed: 2026-01-12",
    )
    assert difference(after, after) == ()
