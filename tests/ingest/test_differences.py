"""What a plan would change, in lines that staff can judge by."""

from collections import Counter
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


def test_a_rule_that_is_taken_out_is_a_line_like_others() -> None:
    before, after = a_document(text="One.\n\n---\n\nTwo."), a_document(text="One.\n\nTwo.")

    assert difference(before, after) == ("----",)


def test_of_long_texts_the_lines_are_told_that_stand_in_one_alone() -> None:
    rows = [f"| row {number} | {number % 7} |" for number in range(20_000)]
    changed = [row.replace("row", "line") if at % 2 else row for at, row in enumerate(rows)]
    told = difference(a_document(text="\n".join(rows)), a_document(text="\n".join(changed)))

    assert told[-1] == "\u2026"
    assert Counter(line[0] for line in told[:-1]) == {"-": 40}
    assert all("| row" in line for line in told[:-1])
