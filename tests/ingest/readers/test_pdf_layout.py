"""A page is read in the order of a person's eyes, whatever order it was written in."""

from collections.abc import Iterable, Sequence

import pytest
from fpdf import FPDF
from fpdf.fonts import FontFace

from ingest.readers.pdf.reader import read_pdf

LEFT = (
    "Night bus stops need light and a",
    "person to talk to. The working group",
    "visited nine stops between March",
    "and May and counted broken lamps.",
    "The city repaired every lamp within",
    "fourteen days of the report and",
)
RIGHT = (
    "trained forty-two volunteers who wait",
    "at the stops on Friday nights.",
    "Volunteers wear a green jacket with",
    "the number of the transport desk.",
    "The scheme costs 18,500 euro a year",
    "and is paid by the transport company.",
)
STORY = " ".join((*LEFT, *RIGHT))
ROWS = (
    ("City", "Cameras in 2023", "Cameras in 2024", "Desk"),
    ("Arlen", "112", "128", "prevention office"),
    ("Odrik", "54", "61", "police zone"),
    ("Valmont", "203", "190", "cabinet of the mayor"),
)
TABLE = "\n".join(f"| {' | '.join(row)} |" for row in (ROWS[0], ("---",) * 4, *ROWS[1:]))
PLACES = (20, 60, 105, 150)


def a_page(pdf: FPDF | None = None, *, title: str = "What one city did") -> FPDF:
    pdf = pdf or FPDF()
    pdf.set_auto_page_break(auto=False)
    pdf.add_page()
    if title:
        pdf.set_font("Helvetica", size=18)
        pdf.text(20, 20, title)
    pdf.set_font("Helvetica", size=11)
    return pdf


def write(pdf: FPDF, places: Iterable[tuple[float, float, str]]) -> None:
    for across, down, text in places:
        pdf.text(across, down, text)


def text_of(pdf: FPDF) -> str:
    return read_pdf(bytes(pdf.output()), name="x.pdf").text


def columns(shift: float = 0.0) -> tuple[list[tuple[float, float, str]], ...]:
    left = [(20.0, 40 + 6.0 * at, line) for at, line in enumerate(LEFT)]
    right = [(110.0, 40 + shift + 6.0 * at, line) for at, line in enumerate(RIGHT)]
    return left, right


def by_rows(
    left: Sequence[tuple[float, float, str]], right: Sequence[tuple[float, float, str]]
) -> list[tuple[float, float, str]]:
    return [place for pair in zip(left, right, strict=True) for place in pair]


@pytest.mark.parametrize("shift", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("order", ["rows", "columns", "backwards"])
def test_columns_are_read_one_after_the_other(order: str, shift: float) -> None:
    left, right = columns(shift)
    placed = {
        "rows": by_rows(left, right),
        "columns": [*left, *right],
        "backwards": [*right, *left][::-1],
    }
    pdf = a_page()
    write(pdf, placed[order])

    assert text_of(pdf) == STORY


def test_a_heading_above_columns_and_a_line_below_them_stay_where_they_are() -> None:
    pdf = a_page()
    write(pdf, by_rows(*columns()))
    pdf.text(
        20, 90, "This report was written by the cities themselves, and printed for all members."
    )

    assert text_of(pdf) == (
        f"{STORY}\n\nThis report was written by the cities themselves, and printed for all members."
    )


def test_a_table_without_lines_keeps_its_rows_and_heads() -> None:
    pdf = a_page()
    for down, row in enumerate(ROWS):
        write(
            pdf, ((place, 40 + 8.0 * down, text) for place, text in zip(PLACES, row, strict=True))
        )

    assert text_of(pdf) == TABLE


def test_figures_that_are_aligned_to_the_right_stand_under_their_heads() -> None:
    pdf = a_page()
    for down, (city, *figures) in enumerate(row[:3] for row in ROWS):
        pdf.text(20, 40 + 8.0 * down, city)
        for right, text in zip((90, 130), figures, strict=True):
            pdf.text(right - pdf.get_string_width(text), 40 + 8.0 * down, text)

    assert text_of(pdf).splitlines()[2:] == [f"| {' | '.join(row[:3])} |" for row in ROWS[1:]]


def test_what_did_not_fit_into_a_cell_belongs_to_it() -> None:
    pdf = a_page()
    rows = (
        (("City",), ("What it does",), ("Cost",)),
        (("Arlen",), ("guards who walk with", "people to the night bus"), ("4,000",)),
        (("Odrik",), ("lamps that are", "repaired in two days"), ("9,500",)),
    )
    for down, cells in enumerate(rows):
        for place, lines in zip((20, 60, 130), cells, strict=True):
            write(pdf, ((place, 40 + 14 * down + 5.0 * at, line) for at, line in enumerate(lines)))

    assert text_of(pdf) == (
        "| City | What it does | Cost |\n"
        "| --- | --- | --- |\n"
        "| Arlen | guards who walk with people to the night bus | 4,000 |\n"
        "| Odrik | lamps that are repaired in two days | 9,500 |"
    )


def test_a_line_that_reaches_over_cells_of_other_lines_costs_them_nothing() -> None:
    pdf = a_page()
    lines = (
        (40, ("Room", "Price", "Asked of")),
        (47, ("Hall", "40 euros", "the desk")),
        (51.4, ("with chairs and a stage, and the lamps on it",)),
        (58.4, ("Kitchen", "25 euros", "the cook")),
        (65.4, ("Cellar", "10 euros", "the guard")),
        (72.4, ("Garden", "15 euros", "the gardener")),
    )
    for down, texts in lines:
        write(pdf, ((place, down, text) for place, text in zip((20, 80, 120), texts, strict=False)))

    assert text_of(pdf).splitlines()[2:4] == [
        "| Hall with chairs and a stage, and the lamps on it | 40 euros | the desk |",
        "| Kitchen | 25 euros | the cook |",
    ]


def test_a_table_with_lines_keeps_cells_that_span_rows_and_columns() -> None:
    pdf = a_page()
    pdf.set_y(40)
    bold = FontFace(emphasis="BOLD")
    with pdf.table(headings_style=bold, line_height=8) as table:
        for row in (("City", "Park", "Boxes in 2024"),):
            table.row(row)
        first = table.row()
        first.cell("Marlen", rowspan=2)
        first.cell("North")
        first.cell("7")
        table.row(("South", "4"))
        last = table.row()
        last.cell("Total", colspan=2)
        last.cell("11")

    assert text_of(pdf) == (
        "| City | Park | Boxes in 2024 |\n"
        "| --- | --- | --- |\n"
        "| Marlen | North | 7 |\n"
        "| Marlen | South | 4 |\n"
        "| Total |  | 11 |"
    )


def test_long_cells_between_lines_stay_whole() -> None:
    pdf = a_page()
    pdf.set_y(40)
    with pdf.table(col_widths=(30, 70), line_height=6) as table:
        table.row(("Name", "What it is for"))
        table.row(
            ("Night desk", "Takes calls of people who do not feel safe on their way home. " * 3)
        )
        table.row(("Day desk", "Answers members."))

    assert text_of(pdf) == (
        "| Name | What it is for |\n"
        "| --- | --- |\n"
        "| Night desk | "
        + "Takes calls of people who do not feel safe on their way home. "
        * 3
        + "|\n"
        "| Day desk | Answers members. |"
    )


def test_dots_that_lead_to_a_figure_are_no_text() -> None:
    pdf = a_page()
    for down, (name, page) in enumerate(
        (("Lamps", "4"), ("Guards on trams", "12"), ("Parks", "31"))
    ):
        dots = "." * int((120 - pdf.get_string_width(name)) / pdf.get_string_width("."))
        write(pdf, ((20, 40 + 8 * down, f"{name} {dots}"), (150, 40 + 8.0 * down, page)))

    assert text_of(pdf) == "- Lamps: 4\n- Guards on trams: 12\n- Parks: 31"


def test_a_list_with_wide_bullets_is_a_list() -> None:
    pdf = a_page()
    for down, item in enumerate(("warm light in every street", "clear paths", "guards at night")):
        write(pdf, ((20, 40 + 8.0 * down, "-"), (32, 40 + 8.0 * down, item)))

    assert text_of(pdf) == "- warm light in every street\n- clear paths\n- guards at night"


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_that_is_turned_is_read_as_if_it_stood_upright(angle: int) -> None:
    pdf = a_page(title="")
    with pdf.rotation(angle, x=105, y=148):
        for down, row in enumerate(ROWS):
            write(
                pdf,
                ((p, 100 + 8.0 * down, text) for p, text in zip(PLACES, row, strict=True)),
            )

    assert text_of(pdf) == TABLE


def test_a_stamp_in_the_margin_does_not_part_the_text() -> None:
    pdf = a_page()
    write(pdf, by_rows(*columns()))
    with pdf.rotation(90, x=10, y=120):
        pdf.text(10, 120, "Copy for members")

    assert text_of(pdf) == f"{STORY}\n\nCopy for members"


def two_pages(below: Sequence[str] = ()) -> FPDF:
    pdf = FPDF()
    for number, lines in enumerate((LEFT, RIGHT), 1):
        a_page(pdf, title="" if number > 1 else "What one city did")
        pdf.set_font("Helvetica", size=9)
        write(pdf, ((20, 10, "Forum of cities - Paper 12"), (20, 287, f"Draft of 14 May {number}")))
        write(
            pdf,
            ((20, 270 + 4.0 * at, line) for at, line in enumerate(below if number == 1 else ())),
        )
        pdf.set_font("Helvetica", size=11)
        write(pdf, ((20, 40 + 6.0 * at, line) for at, line in enumerate(lines)))
    return pdf


def test_running_lines_of_two_pages_do_not_cut_a_sentence() -> None:
    assert text_of(two_pages()) == STORY


def test_footnotes_follow_the_paragraph_that_goes_on_overleaf() -> None:
    notes = ("1 Counted by hand, on two", "nights in May.", "2 See the report.")

    assert text_of(two_pages(notes)) == (
        f"{STORY}\n\n1 Counted by hand, on two nights in May.\n\n2 See the report."
    )


def test_the_number_of_a_footnote_is_no_part_of_a_word() -> None:
    pdf = a_page()
    pdf.set_xy(20, 40)
    pdf.write(6, "Thefts fell by 37 percent")
    pdf.char_vpos = "SUP"
    pdf.write(6, "12")
    pdf.char_vpos = "LINE"
    pdf.write(6, " within a year.")

    assert text_of(pdf) == "Thefts fell by 37 percent within a year."


@pytest.mark.parametrize(
    ("words", "raised", "shown"),
    [
        ("The town covers 161 km", "2", "²"),
        ("The tank holds 30cm", "3", "³"),
        ("It is 12 people/km", "2", "²"),
    ],
)
def test_the_number_that_makes_an_area_or_a_space_of_a_length_stays(
    words: str, raised: str, shown: str
) -> None:
    pdf = a_page()
    pdf.set_xy(20, 40)
    pdf.write(6, words)
    pdf.char_vpos = "SUP"
    pdf.write(6, raised)
    pdf.char_vpos = "LINE"
    pdf.write(6, " and no more.")

    assert text_of(pdf) == f"{words}{shown} and no more."


def test_pages_that_are_pictures_are_told_by_their_numbers() -> None:
    from PIL import Image  # noqa: PLC0415 - heavy, and for this test alone

    pdf = a_page()
    pdf.text(20, 40, "Lamps help.")
    pdf.add_page()
    pdf.image(Image.new("L", (60, 80), 128), x=0, y=0, w=210, h=297)

    assert read_pdf(bytes(pdf.output()), name="x.pdf").blank_pages == (2,)


def test_squared_paper_is_no_table() -> None:
    pdf = a_page()
    for down in (60, 80, 100):
        pdf.text(30, down, "Lamps help everybody.")
    for at in range(900):  # so many that to look into every square would take minutes
        pdf.line(20 + at / 6, 50, 20 + at / 6, 250)
        pdf.line(20, 50 + at / 5, 180, 50 + at / 5)

    assert "|" not in text_of(pdf)
    assert "Lamps help everybody." in text_of(pdf)
