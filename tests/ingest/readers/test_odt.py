from datetime import date

import pytest

from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.opendocument.odt import read_odt
from tests.ingest.readers.archives import OFFICE, an_odt, packed, repacked, with_chart


def text(body: str, *, styles: str = "") -> str:
    return read_odt(an_odt(body, styles=styles), name="x.odt").text


def test_a_document_is_read_with_its_structure_and_properties() -> None:
    numbered = '<text:list-style style:name="L1"><text:list-level-style-number/></text:list-style>'
    data = an_odt(
        '<text:h text:outline-level="1">What was found</text:h>'
        "<text:p>Towns tried <text:span>new<text:s/>lamps</text:span>.</text:p>"
        "<text:list><text:list-item><text:p>warm light</text:p><text:list><text:list-item>"
        "<text:p>in parks</text:p></text:list-item></text:list></text:list-item></text:list>"
        '<text:list text:style-name="L1"><text:list-item><text:p>ask first</text:p>'
        "</text:list-item></text:list>"
        '<text:p text:style-name="Quotations">I walk home again.</text:p>'
        "<table:table><table:table-row><table:table-cell><text:p>Town</text:p></table:table-cell>"
        "<table:table-cell><text:p>Lamps</text:p></table:table-cell></table:table-row>"
        "<table:table-row><table:table-cell><text:p>Ath</text:p></table:table-cell>"
        "<table:table-cell><text:p>120</text:p></table:table-cell></table:table-row></table:table>",
        styles=numbered,
        meta="<dc:title>Lamps in parks</dc:title><dc:language>fr-BE</dc:language>"
        "<meta:creation-date>2022-03-14T09:30:00</meta:creation-date>",
    )

    assert read_odt(data, name="x.odt") == Extract(
        title="Lamps in parks",
        text=(
            "## What was found\n\nTowns tried new lamps.\n\n- warm light\n  - in parks\n\n"
            "1. ask first\n\n> I walk home again.\n\n"
            "| Town | Lamps |\n| --- | --- |\n| Ath | 120 |"
        ),
        published=date(2022, 3, 14),
        language="fr",
    )


@pytest.mark.parametrize(
    "hidden",
    [
        "<text:tracked-changes><text:p>HIDDEN</text:p></text:tracked-changes>",
        "<text:p>Seen.<office:annotation><text:p>HIDDEN</text:p></office:annotation></text:p>",
        '<text:p>Seen. <text:span text:style-name="T1">HIDDEN</text:span></text:p>',
        "<text:p>Seen. <text:hidden-text>HIDDEN</text:hidden-text></text:p>",
        '<text:section text:display="none"><text:p>HIDDEN</text:p></text:section>',
        "<text:table-of-content><text:p>HIDDEN</text:p></text:table-of-content>",
    ],
)
def test_what_a_reader_does_not_see_is_left_out(hidden: str) -> None:
    styles = (
        '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    )

    assert "HIDDEN" not in text(f"<text:p>Some text.</text:p>{hidden}", styles=styles)


def test_footnotes_come_last_and_text_boxes_after_their_paragraph() -> None:
    body = (
        "<text:p>Towns<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>Five of them.</text:p></text:note-body></text:note> tried lamps.<draw:frame>"
        "<draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame></text:p>"
        "<text:p>They work.</text:p>"
    )

    assert text(body) == "Towns tried lamps.\n\nIn a box.\n\nThey work.\n\n1. Five of them."


def a_level(at: int, form: str, *, after: str = "", **more: str) -> str:
    told = " ".join(f"text:{name.replace('_', '-')}='{value}'" for name, value in more.items())
    number = f'style:num-format="{form}" style:num-suffix="{after}"'
    return f'<text:list-level-style-number text:level="{at}" {number} {told}/>'


def a_list(*items: str, more: str = "") -> str:
    made = "".join(f"<text:list-item>{each}</text:list-item>" for each in items)
    return f'<text:list text:style-name="L1" {more}>{made}</text:list>'


def a_line(words: str) -> str:
    return f"<text:p>{words}</text:p>"


def styled(*levels: str) -> str:
    return f'<text:list-style style:name="L1">{"".join(levels)}</text:list-style>'


LAW = styled(
    a_level(1, "1"), a_level(2, "1", display_levels="2"), a_level(3, "a", after=")")
)  # fmt: skip


def test_the_numbers_of_clauses_and_headings_are_part_of_their_text() -> None:
    heading = '<text:h text:outline-level="1">{}</text:h>'
    clause = a_line("Free of it is") + a_list(a_line("a town;"), a_line("a school."))
    body = (
        a_list(heading.format("Lamps") + a_list(a_line("A town lights its parks.")))
        + a_line("It has done so since 1900.")
        + a_list(
            heading.format("Fees") + a_list(a_line("The fee is due."), clause),
            more='text:continue-numbering="true"',
        )
        + a_list(a_list(a_line("Others pay.")), more='text:continue-numbering="true"')
    )

    assert text(body, styles=LAW) == (
        "## 1 Lamps\n\n1.1 A town lights its parks.\n\nIt has done so since 1900.\n\n## 2 Fees\n\n"
        "2.1 The fee is due.\n\n2.2 Free of it is\n\n- a) a town;\n- b) a school.\n\n"
        "2.3 Others pay."
    )


def test_a_list_that_uses_only_the_first_of_its_levels_is_a_plain_one() -> None:
    assert text(a_list(a_line("ask"), a_line("plan")), styles=LAW) == "1. ask\n2. plan"


def test_headings_are_numbered_by_the_outline() -> None:
    levels = "".join(
        f'<text:outline-level-style text:level="{at}" style:num-format="1"'
        f' text:display-levels="{at}"/>'
        for at in (1, 2)
    )
    outline = f"<text:outline-style>{levels}</text:outline-style>"
    headings = ((1, "Lamps"), (2, "Warm"), (2, "Cold"), (1, "Paths"), (2, "Wide"))
    body = "".join(
        f'<text:h text:outline-level="{level}">{words}</text:h>' for level, words in headings
    )

    assert text(body + a_line("x"), styles=outline) == (
        "## 1 Lamps\n\n### 1.1 Warm\n\n### 1.2 Cold\n\n## 2 Paths\n\n### 2.1 Wide\n\nx"
    )


def test_a_plain_list_goes_on_counting_after_an_interruption() -> None:
    styles = styled(a_level(1, "1", after=".", start_value="3"))
    going_on = 'text:continue-numbering="true"'
    body = a_list(a_line("ask"), a_line("plan")) + a_line("A year.")

    read = text(body + a_list(a_line("build"), more=going_on) + a_list(a_line("b")), styles=styles)

    assert read == "3. ask\n4. plan\n\nA year.\n\n5. build\n\n3. b"


@pytest.mark.parametrize(
    ("form", "label"), [("a", "a"), ("A", "A"), ("i", "i"), ("I", "I"), ("", "")]
)
def test_numbers_are_written_as_they_are_shown(form: str, label: str) -> None:
    read = text(a_list(a_line("ask")), styles=styled(a_level(1, form, after=")")))

    assert read == (f"- {label}) ask" if label else "- ask")


def a_cell(words: str, more: str = "", style: str = "") -> str:
    named = f'text:style-name="{style}"' if style else ""
    return f"<table:table-cell {more}><text:p {named}>{words}</text:p></table:table-cell>"


def a_row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


COVERED = "<table:covered-table-cell/>"


def test_a_cell_that_spans_rows_or_columns_stands_in_each() -> None:
    two_down, two_across = (f'table:number-{each}-spanned="2"' for each in ("rows", "columns"))
    heads = (
        a_row(a_cell("Line"), a_cell("Guards", two_across), COVERED)
        + a_row(a_cell(""), a_cell("day"), a_cell("night"))
    )  # fmt: skip
    rows = (
        a_row(a_cell("4", two_down), a_cell("x", 'table:number-columns-repeated="2"'))
        + a_row(COVERED, a_cell("3"), a_cell("5"))
        + a_row(a_cell("hidden"), more='table:visibility="collapse"')
    )
    body = f"<table:table-header-rows>{heads}</table:table-header-rows>"

    assert text(f"<text:p>a</text:p><table:table>{body}{rows}</table:table>") == (
        "a\n\n| Line | Guards: day | Guards: night |\n| --- | --- | --- |\n"
        "| 4 | x | x |\n| 4 | 3 | 5 |"
    )


def test_cells_in_the_style_of_heads_or_in_bold_are_heads() -> None:
    bold = (
        '<style:style style:name="B"><style:text-properties fo:font-weight="bold"/></style:style>'
    )
    first = a_cell("2024", style="Table_20_Heading")
    second = a_cell('<text:span text:style-name="B">2025</text:span>')
    rows = a_row(first, second) + a_row(a_cell("1"), a_cell("2")) + a_row(a_cell("3"), a_cell("4"))

    assert text(f"<text:p>a</text:p><table:table>{rows}</table:table>", styles=bold) == (
        "a\n\n| 2024 | 2025 |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |"
    )


def test_a_table_in_a_cell_is_part_of_the_cell_and_lists_keep_their_items_apart() -> None:
    inner = f"<table:table>{a_row(a_cell('x'), a_cell('y'))}</table:table>"
    nested = f"<table:table-cell>{inner}</table:table-cell>"
    listed = f"<table:table-cell>{a_list(a_line('ask'), a_line('plan'))}</table:table-cell>"
    rows = a_row(a_cell("A"), a_cell("B")) + a_row(nested, listed)

    read = text(
        f"<text:p>a</text:p><table:table>{rows}</table:table>", styles=styled(a_level(1, "1"))
    )

    assert read == "a\n\n| A | B |\n| --- | --- |\n| x: y | 1. ask; 2. plan |"


def test_rows_repeated_without_end_are_bounded() -> None:
    cell = a_cell("x", 'table:number-columns-repeated="1048576"')
    row = a_row(cell, more='table:number-rows-repeated="1048576"')

    assert len(text(f"<text:p>a</text:p><table:table>{row * 50}</table:table>")) < 1_000_000


def test_the_words_of_a_shape_follow_its_paragraph() -> None:
    body = (
        "<text:p>Towns <draw:custom-shape><text:p>In it.</text:p></draw:custom-shape>try.</text:p>"
    )

    assert text(body) == "Towns try.\n\nIn it."


def test_a_cell_repeated_a_million_times_stays_one_row() -> None:
    cell = '<table:table-cell table:number-columns-repeated="1048576"><text:p>x</text:p>'
    row = f"<table:table-row>{cell}</table:table-cell></table:table-row>"

    assert len(text(f"<text:p>a</text:p><table:table>{row}</table:table>")) < 20_000


def test_an_encrypted_document_is_refused() -> None:
    data = repacked(an_odt(), {"META-INF/manifest.xml": "<m><encryption-data/></m>"})

    with pytest.raises(ReadError, match="is encrypted; save it without a password"):
        read_odt(data, name="x.odt")


def test_an_archive_of_something_else_is_refused() -> None:
    with pytest.raises(ReadError, match="is no text document"):
        read_odt(packed({"a.xml": "<a/>"}), name="x.odt")


def test_a_newsletter_is_read_to_its_end() -> None:
    lines = ("Read also: the rules for tents.", "Other news", "The pool opens on 3 May.", "Share")

    read = text("".join(f"<text:p>{line}</text:p>" for line in lines))

    assert read == "\n\n".join(lines)


CHART = (
    '<draw:frame><draw:object xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="./C"/>'
    "<draw:image/></draw:frame>"
)


def a_point(name: str, *values: str) -> str:
    place = (
        f'<draw:g xmlns:draw="{OFFICE}:drawing:1.0"><svg:desc xmlns:svg="x">A1</svg:desc></draw:g>'
    )
    cell = (
        f'<table:table-cell office:value="{{0}}"><text:p>{{0}}</text:p>{place}</table:table-cell>'
    )
    named = f"<table:table-cell><text:p>{name}</text:p></table:table-cell>"
    return named + "".join(map(cell.format, values))


def some_heads(*names: str) -> str:
    return "".join(
        f"<table:table-cell><text:p>{each}</text:p></table:table-cell>" for each in names
    )


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        (
            (some_heads("", "Ath"), a_point("2024", "25"), a_point("2025", "NaN")),
            "Thefts: Ath\n\n- 2024: 25\n- 2025:",
        ),
        (
            (some_heads("", "Ath", "Huy"), a_point("2024", "25", "1"), a_point("2025", "50", "2")),
            "Thefts\n\n|  | Ath | Huy |\n| --- | --- | --- |\n| 2024 | 25 | 1 |\n| 2025 | 50 | 2 |",
        ),
        ((some_heads("", "Ath"),), "Thefts"),
    ],
)
def test_a_chart_is_read_after_its_paragraph(rows: tuple[str, ...], shown: str) -> None:
    body = f"<text:p>Seen{CHART} so far.</text:p><text:p>End.</text:p>"

    extract = read_odt(with_chart(an_odt(body), "Thefts", *rows), name="x.odt")

    assert extract.text == f"Seen so far.\n\n{shown}\n\nEnd."
    assert extract.pictures == 0
