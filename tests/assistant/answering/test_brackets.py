import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import brackets

FEES = [
    "Up to 20,000 | 450 euros",
    "20,000 to 100,000 | 900 euros",
    "100,000 to 500,000 | 1,800 euros",
    "More than 500,000 | 3,000 euros",
]


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What does a town of 15,000 inhabitants pay?", 0),
        ("What does a town of 50,000 pay?", 1),
        ("fee for 250 000 inhabitants", 2),
        ("Was zahlt eine Stadt mit 800.000 Einwohnern?", 3),
        ("fee for a city of 1.2 million inhabitants", 3),
        ("what would a town of fifty thousand pay", 1),
        ("we are 150k people", 2),
        ("combien paie une ville de cent vingt mille habitants", 2),
        ("quanto paga um município de 60 mil habitantes", 1),
        ("wat betaalt een stad van vijftigduizend inwoners", 1),
        ("What does a town pay for two people and 50 cent?", 0),
        ("What do 2 towns of 120,000 people pay for 3 years?", 2),
        ("What does one town pay, or two?", None),
        ("What does a town pay?", None),
        ("What did a town pay in 2024?", None),
    ],
)
def test_a_number_asked_about_finds_the_bracket_that_holds_it(
    question: str, row: int | None
) -> None:
    assert brackets.holding(question, FEES) == row


@pytest.mark.parametrize(
    "question",
    [
        "What is the fee for 3 years?", "Quelle cotisation pour 3 ans ?",
        "Wat kost het voor 5 jaar?",
        "Was kostet die Mitgliedschaft in 2 Jahren?", "¿Cuál es la cuota por 3 años?",
        "Qual è la quota per 3 anni?", "Qual é a quota para 3 anos?", "a 12-month fee",
    ],
)  # fmt: skip
def test_a_number_of_years_or_days_finds_no_bracket_of_anything_else(question: str) -> None:
    assert brackets.holding(question, FEES) is None


def test_a_number_of_years_beside_another_leaves_that_to_be_found() -> None:
    assert brackets.holding("the fee within 90 days for a town of 15,000", FEES) == 0
    assert brackets.holding("we are 30 people for 60 days", ["Up to 20 | 4", "20 to 100 | 9"]) == 1


def test_a_number_of_months_finds_the_bracket_of_a_table_of_months() -> None:
    rows = ["up to 6 | 10", "6 to 12 | 20", "more than 12 | 30"]

    assert brackets.holding("price for 8 months", rows, "| Duration in months | Price |") == 1
    assert brackets.holding("price for 8 months", rows, "| Guests | Price |") is None


def test_brackets_in_another_column_are_found() -> None:
    rows = ["A | 0 to 300 m² | 40", "B | 300 to 800 m² | 60"]

    assert brackets.holding("fee for 500 m²?", rows) == 1


def test_items_of_a_list_have_brackets_before_their_colon() -> None:
    rows = ["Up to 10 guests: free", "10 to 50 guests: 20 euros", "Over 50 guests: 80 euros"]

    assert brackets.holding("we are 30 people", rows) == 1


def test_rows_that_are_numbered_or_dated_have_no_brackets() -> None:
    assert brackets.holding("line 3?", ["Line 1 | 4", "Line 2 | 7", "Line 3 | 2"]) is None


@given(st.integers(min_value=2101, max_value=10**9))
def test_every_number_lies_in_some_row_where_the_ends_are_open(number: int) -> None:
    assert brackets.holding(f"a town of {number}", FEES) is not None


@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=5))
def test_any_text_is_taken(question: str, rows: list[str]) -> None:
    found = brackets.holding(question, rows)

    assert found is None or 0 <= found < len(rows)
