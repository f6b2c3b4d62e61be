from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.blocks import Form, cells, lines
from assistant.domain.light_markdown import Block, ListBlock, ListItem, Paragraph, Table, render
from ingest.readers.shared.grid import Cell, blocks_of_table


def head(text: str, *, rows: int = 1, columns: int = 1) -> Cell:
    return Cell(text, rows, columns, is_head=True)


def read(rows: Sequence[Sequence[Cell]], *, head_rows: int = 0, caption: str = "") -> list[Block]:
    return list(blocks_of_table(rows, head_rows=head_rows, caption=caption))


def texts(*rows: Sequence[str]) -> list[list[Cell]]:
    return [[Cell(text) for text in row] for row in rows]


def test_a_cell_that_spans_rows_stands_in_each_of_them() -> None:
    rows = [
        [head("City"), head("Park"), head("Boxes")],
        [Cell("Ath", rows=2), Cell("North"), Cell("7")],
        [Cell("South"), Cell("4")],
    ]

    assert read(rows) == [
        Table(("City", "Park", "Boxes"), (("Ath", "North", "7"), ("Ath", "South", "4")))
    ]


def test_a_value_that_spans_columns_stands_under_each_of_their_heads() -> None:
    rows = [[head("City"), head("2023"), head("2024")], [Cell("Ath"), Cell("7", columns=2)]]

    assert read(rows) == [Table(("City", "2023", "2024"), (("Ath", "7", "7"),))]


def test_the_name_of_a_row_that_spans_columns_stands_once() -> None:
    rows = [
        [head("City"), head("Park"), head("Boxes")],
        [Cell("Ath"), Cell("North"), Cell("7")],
        [Cell("Total", columns=2), Cell("7")],
    ]

    assert read(rows) == [
        Table(("City", "Park", "Boxes"), (("Ath", "North", "7"), ("Total", "", "7")))
    ]


def test_rows_of_heads_become_one_from_the_widest_to_the_narrowest() -> None:
    rows = [
        [head("City", rows=2), head("Thefts", columns=2), head("Lamps")],
        [head("2023"), head("2024"), head("2024")],
        [Cell("Ath"), Cell("3"), Cell("4"), Cell("90")],
    ]

    assert read(rows) == [
        Table(("City", "Thefts: 2023", "Thefts: 2024", "Lamps: 2024"), (("Ath", "3", "4", "90"),))
    ]


def test_rows_that_the_file_sets_apart_are_heads_though_their_cells_do_not_say_so() -> None:
    rows = texts(["", "1", "2"], ["Ath", "30", "40"])

    assert read(rows, head_rows=1) == [Table(("", "1", "2"), (("Ath", "30", "40"),))]


def test_heads_in_the_first_of_two_columns_make_a_list() -> None:
    rows = [[head("Staff"), Cell("4 officers")], [head("Who pays?"), Cell("the city")]]

    assert render(read(rows)) == "- Staff: 4 officers\n- Who pays? the city"


def test_heads_in_the_first_of_many_columns_turn_the_table() -> None:
    rows = [
        [head("City"), Cell("Ath"), Cell("Mons")],
        [head("Lamps"), Cell("90"), Cell("70")],
    ]

    assert read(rows) == [Table(("City", "Lamps"), (("Ath", "90"), ("Mons", "70")))]


def test_a_cell_as_wide_as_the_table_names_the_rows_below_it() -> None:
    rows = [
        [head("Town"), head("Lamps")],
        [Cell("North", columns=2)],
        [Cell("Ath"), Cell("90")],
        [Cell("South", columns=2)],
        [Cell("Mons"), Cell("70")],
    ]

    assert read(rows) == [
        Paragraph("North"),
        Table(("Town", "Lamps"), (("Ath", "90"),)),
        Paragraph("South"),
        Table(("Town", "Lamps"), (("Mons", "70"),)),
    ]


def test_heads_in_the_midst_begin_another_table() -> None:
    rows = [
        [head("Town"), head("Lamps")],
        [Cell("Ath"), Cell("90")],
        [head("Town"), head("Guards")],
        [Cell("Ath"), Cell("4")],
    ]

    assert read(rows) == [
        Table(("Town", "Lamps"), (("Ath", "90"),)),
        Table(("Town", "Guards"), (("Ath", "4"),)),
    ]


def test_a_row_above_nothing_but_a_cell_as_wide_as_the_table_is_kept() -> None:
    note = [Cell("Elected in spring.", columns=3)]

    assert read([*texts(["Chair", "Anna Peeters", "Brussels"]), note]) == [
        Table(("", "", ""), (("Chair", "Anna Peeters", "Brussels"),)),
        Paragraph("Elected in spring."),
    ]


def test_a_last_row_in_bold_above_such_a_cell_is_no_head() -> None:
    rows = [
        [head("Town"), head("Lamps"), head("Who")],
        [Cell("Ghent"), Cell("12"), Cell("Ben")],
        [head("Bruges"), head("none yet"), head("Carl")],
        [Cell("As told in spring.", columns=3)],
    ]

    assert read(rows) == [
        Table(("Town", "Lamps", "Who"), (("Ghent", "12", "Ben"), ("Bruges", "none yet", "Carl"))),
        Paragraph("As told in spring."),
    ]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just(1), st.lists(st.booleans(), min_size=3, max_size=3)),
            st.tuples(st.just(3), st.lists(st.booleans(), min_size=1, max_size=1)),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_cell_is_lost_whichever_are_heads_and_as_wide_as_the_table(
    shapes: list[tuple[int, list[bool]]],
) -> None:
    rows = [
        [
            Cell("abcdef"[down] + "xyz"[at], columns=wide, is_head=bold)
            for at, bold in enumerate(marks)
        ]
        for down, (wide, marks) in enumerate(shapes)
    ]

    told = render(read(rows))

    assert [cell.text for row in rows for cell in row if cell.text not in told] == []


def test_a_first_row_without_values_is_taken_for_heads_where_none_are_marked() -> None:
    rows = texts(["Town", "Lamps in 2024"], ["Ath", "90"])

    assert read(rows) == [Table(("Town", "Lamps in 2024"), (("Ath", "90"),))]


def test_a_first_row_with_values_is_no_head() -> None:
    rows = texts(["Opening hours", "Tuesday, 10:00 to 12:00"], ["Place", "Mill Street"])

    assert render(read(rows)) == "- Opening hours: Tuesday, 10:00 to 12:00\n- Place: Mill Street"


def test_rows_and_columns_without_words_are_left_out() -> None:
    rows = texts(["Town", "", "Lamps"], ["", "", ""], ["Ath", "", "90"])

    assert read(rows) == [Table(("Town", "Lamps"), (("Ath", "90"),))]


def test_a_single_column_is_no_table() -> None:
    assert read(texts(["One"], ["Two"]), caption="Both") == [
        Paragraph("Both"),
        Paragraph("One"),
        Paragraph("Two"),
    ]


def test_spans_without_end_are_cut_off() -> None:
    rows = [[head("Town"), head("Lamps")], [Cell("Ath", rows=10**9, columns=10**9)]]

    assert read(rows) == [ListBlock((ListItem("Town: Lamps"),)), Paragraph("Ath")]


def test_a_row_with_an_empty_first_cell_keeps_its_places_in_the_text() -> None:
    text = render([Table(("", "Boys", "Girls"), (("", "3", "4"), ("Ath", "5", "")))])

    rows = [cells(text[line.start : line.end]) for line in lines(text) if line.form is Form.ROW]

    assert rows == [("", "Boys", "Girls"), ("", "3", "4"), ("Ath", "5", "")]


@st.composite
def grids(draw: st.DrawFn) -> tuple[list[list[Cell]], int, dict[str, set[str]]]:
    """Return rows with spans, how many are heads, and for each value the heads it stands under."""
    width, height = draw(st.integers(2, 6)), draw(st.integers(1, 6))
    above = draw(st.integers(1, 3))
    taken: dict[tuple[int, int], str] = {}
    rows: list[list[Cell]] = []
    for down in range(above + height):
        row = []
        for across in range(width):
            if (down, across) in taken:
                continue
            end = above if down < above else above + height
            tall = draw(st.integers(1, end - down))
            room = next((at for at in range(across, width) if (down, at) in taken), width) - across
            widest = room if across and down else max(1, min(room, width - 1))
            wide = 1 if across == 0 else draw(st.integers(1, widest))
            name = f"{'head' if down < above else 'value'} {down}-{across}"
            fill = [(d, a) for d in range(down, down + tall) for a in range(across, across + wide)]
            if any(place in taken for place in fill):
                tall, wide = 1, 1
                fill = [(down, across)]
            taken.update(dict.fromkeys(fill, name))
            row.append(Cell(name, tall, wide, is_head=down < above))
        rows.append(row)
    under: dict[str, set[str]] = {}
    for (down, across), name in taken.items():
        if down >= above:
            under.setdefault(name, set()).update(taken[(up, across)] for up in range(above))
    return rows, above, under


@given(grids())
def test_every_cell_stands_under_all_of_its_heads_and_under_no_other(
    grid: tuple[list[list[Cell]], int, dict[str, set[str]]],
) -> None:
    rows, above, under = grid

    found: dict[str, set[str]] = {}
    for block in read(rows, head_rows=above):
        assert isinstance(block, Table)
        for row in block.rows:
            for name, value in zip(block.header, row, strict=True):
                found.setdefault(value, set()).update(name.split(": "))

    assert found == under


def test_a_list_of_names_and_values_keeps_what_stands_in_one_of_the_columns_only() -> None:
    rows = [[head("Staff"), Cell("")], [head(""), Cell("the city")], [head("Place"), Cell("x")]]

    (block,) = read(rows)

    assert isinstance(block, ListBlock)
    assert [item.text for item in block.items] == ["Staff", "the city", "Place: x"]
