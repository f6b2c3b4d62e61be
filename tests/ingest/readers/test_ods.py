from datetime import date

import pytest

from ingest.errors import ReadError
from ingest.readers.opendocument.ods import read_ods
from tests.ingest.readers.archives import an_ods, packed


def a_cell(words: str, more: str = "") -> str:
    shown = f"<text:p>{words}</text:p>" if words else ""
    return f"<table:table-cell {more}>{shown}</table:table-cell>"


def a_row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def a_table(*rows: str, name: str = "Parks", style: str = "", columns: str = "") -> str:
    named = f'table:name="{name}" table:style-name="{style}"'
    return f"<table:table {named}>{columns}{''.join(rows)}</table:table>"


def text(*tables: str, styles: str = "") -> str:
    return read_ods(an_ods("".join(tables), styles=styles), name="x.ods").text


TOWNS = (
    a_row(a_cell("Town"), a_cell("Lamps")),
    a_row(a_cell("Ath"), a_cell("1.200,50", 'office:value="1200.5"')),
)


def test_each_sheet_that_is_shown_stands_under_its_name() -> None:
    styles = (
        '<style:style style:name="ta2"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    hidden = a_table(a_row(a_cell("HIDDEN")), style="ta2")
    meta = "<dc:title>Lamps</dc:title><meta:creation-date>2022-03-14T09:30:00</meta:creation-date>"

    extract = read_ods(an_ods(a_table(*TOWNS) + hidden, styles=styles, meta=meta), name="x.ods")

    assert (extract.title, extract.published) == ("Lamps", date(2022, 3, 14))
    assert extract.text == "## Parks\n\n| Town | Lamps |\n| --- | --- |\n| Ath | 1.200,50 |"


def test_empty_rows_part_tables_and_hidden_ones_do_not() -> None:
    empty = a_row(a_cell("", 'table:number-columns-repeated="1024"'))
    many = empty.replace("<table:table-row ", '<table:table-row table:number-rows-repeated="3" ')
    hidden = a_row(a_cell("HIDDEN"), a_cell("HIDDEN"), more='table:visibility="collapse"')
    rows = (TOWNS[0], hidden, TOWNS[1], many, a_row(a_cell("As told.")), many)

    assert text(a_table(*rows)) == (
        "## Parks\n\n| Town | Lamps |\n| --- | --- |\n| Ath | 1.200,50 |\n\nAs told."
    )


def test_hidden_columns_are_left_out() -> None:
    columns = (
        '<table:table-column/><table:table-column-group><table:table-column table:visibility="'
        'collapse"/></table:table-column-group><table:table-column/>'
    )
    rows = (
        a_row(a_cell("Town"), a_cell("HIDDEN"), a_cell("Lamps")),
        a_row(a_cell("Ath"), a_cell("HIDDEN"), a_cell("120")),
    )

    assert text(a_table(*rows, columns=columns)).endswith(
        "| Town | Lamps |\n| --- | --- |\n| Ath | 120 |"
    )


def test_merged_and_repeated_cells_stand_where_they_fill() -> None:
    covered = "<table:covered-table-cell/>"
    rows = (
        a_row(a_cell("Town"), a_cell("Park"), a_cell("Lamps")),
        a_row(a_cell("Ath", 'table:number-rows-spanned="2"'), a_cell("A"), a_cell("5")),
        a_row(covered, a_cell("B"), a_cell("6")),
        a_row(a_cell("x", 'table:number-columns-repeated="3"')),
    )

    assert text(a_table(*rows)).endswith("| Ath | A | 5 |\n| Ath | B | 6 |\n| x | x | x |")


@pytest.mark.parametrize("filtered", [1, 2, 3])
def test_a_merged_cell_stands_in_those_of_its_rows_that_are_shown(filtered: int) -> None:
    covered, hidden = "<table:covered-table-cell/>", 'table:visibility="filter"'
    rows = [
        a_row(a_cell("Town"), a_cell("Street"), a_cell("Lamps")),
        a_row(a_cell("Ghent", 'table:number-rows-spanned="3"'), a_cell("A"), a_cell("1")),
        a_row(covered, a_cell("B"), a_cell("2")),
        a_row(covered, a_cell("C"), a_cell("3")),
        a_row(a_cell("Bruges"), a_cell("D"), a_cell("4")),
    ]
    rows[filtered] = rows[filtered].replace("<table:table-row ", f"<table:table-row {hidden} ")

    shown = [f"| Ghent | {'ABC'[at - 1]} | {at} |" for at in (1, 2, 3) if at != filtered]
    assert text(a_table(*rows)).endswith("\n".join([*shown, "| Bruges | D | 4 |"]))


@pytest.mark.parametrize("hidden", [0, 1, 2])
def test_a_merged_cell_stands_in_those_of_its_columns_that_are_shown(hidden: int) -> None:
    columns = ["<table:table-column/>"] * 4
    columns[hidden] = '<table:table-column table:visibility="collapse"/>'
    rows = (
        a_row(
            a_cell("Streets", 'table:number-columns-spanned="3"'),
            "<table:covered-table-cell/>" * 2,
            a_cell("Contact"),
        ),
        a_row(*map(a_cell, ("1", "2", "3", "Ann"))),
    )

    first, second = (each for each in "123" if each != "123"[hidden])
    assert text(a_table(*rows, columns="".join(columns))).endswith(
        f"| Streets | Streets | Contact |\n| --- | --- | --- |\n| {first} | {second} | Ann |"
    )


def test_a_sheet_filled_without_end_is_refused() -> None:
    span = 'table:number-rows-spanned="999999" table:number-columns-spanned="999999"'

    with pytest.raises(ReadError, match="holds more than 100000 cells; split it"):
        text(a_table(a_row(a_cell("x", span), a_cell("y"))))


def test_an_archive_of_something_else_is_refused() -> None:
    with pytest.raises(ReadError, match=r"is no spreadsheet \(ODS\)"):
        read_ods(packed({"a.xml": "<a/>"}), name="x.ods")
