"""A table reads the same in whatever format it was written: each cell under its own heads."""

from collections.abc import Sequence

import pytest
from fpdf import FPDF

from ingest.readers.confined.worker import parsed
from tests.ingest.readers.table_files import FORMATS, can_say, table_of
from tests.ingest.readers.written_tables import TABLES, Written

CASES = [
    pytest.param(written, name, id=f"{written.name} in {name}")
    for written in TABLES
    for name in FORMATS
    if can_say(name, written)
]


def read(written: Written, name: str) -> str:
    suffix, make = FORMATS[name]
    return table_of(parsed(make(written), suffix, name=f"x{suffix}").text)


@pytest.mark.parametrize(("written", "name"), CASES)
def test_every_cell_stands_under_its_own_heads(written: Written, name: str) -> None:
    assert read(written, name) == written.text


def a_page(pdf: FPDF | None = None) -> FPDF:
    pdf = pdf or FPDF()
    pdf.set_auto_page_break(auto=False)
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    return pdf


def write(
    pdf: FPDF,
    rows: Sequence[Sequence[str]],
    *,
    at: tuple[float, float] = (20, 40),
    bold: bool = False,
    step: float = 8,
) -> tuple[float, float]:
    """Write rows from a place on, and return the place below them."""
    pdf.set_font("Helvetica", size=10, style="B" if bold else "")
    left, top = at
    for down, row in enumerate(rows):
        for across, text in enumerate(row):
            pdf.text(left + 40 * across, top + step * down, text)
    return left, top + step * len(rows)


def text_of(pdf: FPDF) -> str:
    return parsed(bytes(pdf.output()), ".pdf", name="x.pdf").text


def as_table(*rows: Sequence[str]) -> str:
    head, *body = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *body))


HEAD = ("City", "Cameras", "Desk")
NORTH = (("Arlen", "112", "mayor"), ("Odrik", "54", "police"), ("Valmont", "203", "mayor"))
SOUTH = (("Marlen", "61", "police"), ("Torsk", "19", "mayor"), ("Ulm", "88", "police"))


def test_a_table_without_lines_takes_its_heads_along_overleaf() -> None:
    pdf = a_page()
    write(pdf, NORTH, at=write(pdf, [HEAD], bold=True))
    a_page(pdf)
    _, end = write(pdf, SOUTH, at=(20, 20))
    pdf.text(20, end + 12, "Counted by the cities themselves.")

    assert text_of(pdf) == f"{as_table(HEAD, *NORTH, *SOUTH)}\n\nCounted by the cities themselves."


def ruled(pdf: FPDF, rows: Sequence[Sequence[str]], *, heads: bool) -> None:
    pdf.set_y(20)
    with pdf.table(first_row_as_headings=heads, num_heading_rows=int(heads)) as table:
        for row in rows:
            table.row(row)


def test_a_table_with_lines_takes_its_heads_along_overleaf() -> None:
    pdf = a_page()
    ruled(pdf, [HEAD, *NORTH], heads=True)
    ruled(a_page(pdf), SOUTH, heads=False)

    assert text_of(pdf) == as_table(HEAD, *NORTH, *SOUTH)


@pytest.mark.parametrize("bold", [True, False])
def test_another_table_overleaf_keeps_its_own_heads(*, bold: bool) -> None:
    others = ("Town", "Guards", "Paid by")
    pdf = a_page()
    ruled(pdf, [HEAD, *NORTH], heads=True)
    ruled(a_page(pdf), [others, *SOUTH], heads=bold)

    assert text_of(pdf) == f"{as_table(HEAD, *NORTH)}\n\n{as_table(others, *SOUTH)}"


def test_a_table_of_other_columns_overleaf_is_another_one() -> None:
    pdf = a_page()
    ruled(pdf, [HEAD, *NORTH], heads=True)
    ruled(a_page(pdf), [row[:2] for row in SOUTH], heads=False)

    assert text_of(pdf) == f"{as_table(HEAD, *NORTH)}\n\n- Marlen: 61\n- Torsk: 19\n- Ulm: 88"


def test_a_cell_that_goes_on_overleaf_is_one_cell() -> None:
    long = ("Odrik", "54", "the police and the office of the mayor")
    pdf = a_page()
    ruled(pdf, [HEAD, *NORTH[::2], ("Odrik", "54", "the police and the")], heads=True)
    ruled(a_page(pdf), [("", "", "office of the mayor"), *SOUTH], heads=False)

    assert text_of(pdf) == as_table(HEAD, *NORTH[::2], long, *SOUTH)


def test_a_line_that_says_a_table_goes_on_is_no_part_of_it() -> None:
    pdf = a_page()
    ruled(pdf, [HEAD, *NORTH], heads=True)
    a_page(pdf).text(20, 15, "Table 1 (continued)")
    ruled(pdf, [HEAD, *SOUTH], heads=True)

    assert text_of(pdf) == as_table(HEAD, *NORTH, *SOUTH)


def test_the_name_of_a_table_in_bold_is_no_head_of_its_columns() -> None:
    pdf = a_page()
    pdf.text(20, 20, "The cities of the forum told how many cameras they have, and who minds them.")
    write(pdf, [("Cameras of the cities in 2024",)], at=(20, 32), bold=True)
    write(pdf, NORTH, at=write(pdf, [HEAD], bold=True))

    extract = parsed(bytes(pdf.output()), ".pdf", name="x.pdf")

    assert extract.title == "Cameras of the cities in 2024"
    assert extract.text.endswith(f"who minds them.\n\n{as_table(HEAD, *NORTH)}")


def test_lines_below_each_row_alone_are_enough() -> None:
    pdf = a_page()
    write(pdf, NORTH, at=write(pdf, [HEAD], bold=True))
    for at in range(5):
        pdf.line(20, 34.5 + 8 * at, 170, 34.5 + 8 * at)

    assert text_of(pdf) == as_table(HEAD, *NORTH)


PROSE = (
    "Night bus stops need light and a person",
    "to talk to, which is why the working group",
    "visited nine stops between March and May",
    "and counted broken lamps, with neighbours",
    "who had reported them for two years to an",
    "office that had no money to repair them in",
    "the same week, or in the same month, or to",
    "tell anybody when they would be repaired.",
)


@pytest.mark.parametrize("with_lines", [True, False])
def test_a_table_in_one_of_two_columns_of_text_is_a_table(*, with_lines: bool) -> None:
    pdf = a_page()
    for at, line in enumerate((*PROSE, *PROSE)):
        pdf.text(20, 40 + 5 * at, line)
    rows = [row[:2] for row in (HEAD, *NORTH)]
    for at, line in enumerate(PROSE):
        pdf.text(110, 40 + 5 * at, line)
    if with_lines:
        pdf.set_xy(110, 85)
        with pdf.table(width=70, align="LEFT") as table:
            for row in rows:
                table.row(row)
    else:
        write(pdf, rows[1:], at=(110, 98))
        write(pdf, rows[:1], at=(110, 90), bold=True)

    assert text_of(pdf) == "\n\n".join(
        (" ".join((*PROSE, *PROSE)), " ".join(PROSE), as_table(*rows))
    )


def test_heads_of_several_lines_that_are_not_bold_stay_whole() -> None:
    pdf = a_page()
    write(pdf, [("", "Cameras in", ""), ("City", "parks", "Desk")], step=5)
    write(pdf, NORTH, at=(20, 54))

    assert text_of(pdf) == as_table(("City", "Cameras in parks", "Desk"), *NORTH)


@pytest.mark.xfail(strict=True, reason="nothing shows how far a head at the left edge reaches")
def test_a_head_at_the_left_edge_of_the_columns_it_spans_stands_above_each() -> None:
    pdf = a_page()
    end = write(pdf, [("City", "Cameras"), ("", "2023", "2024")], bold=True)
    write(pdf, [("Arlen", "112", "120"), ("Odrik", "54", "61"), ("Ulm", "88", "90")], at=end)

    assert text_of(pdf) == as_table(
        ("City", "Cameras: 2023", "Cameras: 2024"),
        ("Arlen", "112", "120"),
        ("Odrik", "54", "61"),
        ("Ulm", "88", "90"),
    )


@pytest.mark.xfail(strict=True, reason="a second line of a name with a capital looks like a row")
def test_a_name_of_two_lines_is_one_name_though_both_begin_with_a_capital() -> None:
    pdf = a_page()
    end = write(pdf, [HEAD], bold=True)
    below = write(pdf, [("Arlen", "112", "mayor and"), ("Old Town", "", "police")], at=end, step=5)
    write(pdf, NORTH[1:], at=(below[0], below[1] + 4))

    assert text_of(pdf) == as_table(HEAD, ("Arlen Old Town", "112", "mayor and police"), *NORTH[1:])
