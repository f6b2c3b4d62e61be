from collections.abc import Mapping
from datetime import date

import pytest

from ingest.errors import ReadError
from ingest.readers.xlsx.reader import read_xlsx
from tests.ingest.readers.archives import RELATIONS, A, R, S, an_xlsx, packed

CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Lamps</dc:title>'
    "<dcterms:created>2022-03-14T00:00:00Z</dcterms:created></cp:coreProperties>"
)


def a_cell(place: str, value: object, *, style: int = 0, kind: str = "") -> str:
    kind = kind or ("str" if isinstance(value, str) else "n")
    return f'<c r="{place}" s="{style}" t="{kind}"><v>{value}</v></c>'


def a_sheet(rows: Mapping[int, Mapping[str, object]], *, more: str = "", before: str = "") -> str:
    made = "".join(
        f'<row r="{number}">{"".join(a_cell(f"{at}{number}", v) for at, v in row.items())}</row>'
        for number, row in rows.items()
    )
    return f"{before}<sheetData>{made}</sheetData>{more}"


def text(*sheets: str, **more: object) -> str:
    return read_xlsx(an_xlsx(*sheets, **more), name="x.xlsx").text  # type: ignore[arg-type]


TOWNS: Mapping[int, Mapping[str, object]] = {
    1: {"A": "Town", "B": "Lamps"},
    2: {"A": "Ath", "B": 120},
    3: {"A": "Huy", "B": 4},
}


def test_each_sheet_that_is_shown_stands_under_its_name() -> None:
    hidden = a_sheet({1: {"A": "HIDDEN"}})
    data = an_xlsx(
        a_sheet(TOWNS),
        hidden,
        a_sheet({1: {"A": "Some text."}}),
        hidden,
        names=("Parks", "Old", "Notes", "Older"),
        states=("visible", "hidden", "visible", "veryHidden"),
        more={"docProps/core.xml": CORE},
    )

    extract = read_xlsx(data, name="x.xlsx")

    assert extract.title == "Lamps"
    assert extract.published == date(2022, 3, 14)
    assert extract.text == (
        "## Parks\n\n| Town | Lamps |\n| --- | --- |\n| Ath | 120 |\n| Huy | 4 |\n\n"
        "## Notes\n\nSome text."
    )


def test_empty_rows_and_columns_part_tables_and_a_lone_cell_above_names_one() -> None:
    rows: Mapping[int, Mapping[str, object]] = {
        1: {"A": "Lamps in parks"},
        2: {"A": "Town", "B": "Lamps", "D": "Kind", "E": "Price", "F": "Note"},
        3: {"A": "Ath", "B": 120, "D": "LED", "E": 90, "F": "x"},
        4: {"A": "Huy", "B": 4, "D": "Gas", "E": 200, "F": "y"},
        5: {"D": "Prices of last year."},
        8: {"A": "As told by the towns."},
    }

    assert text(a_sheet(rows)) == (
        "## Sheet1\n\nLamps in parks\n\n| Town | Lamps |\n| --- | --- |\n| Ath | 120 |\n"
        "| Huy | 4 |\n\n| Kind | Price | Note |\n| --- | --- | --- |\n| LED | 90 | x |\n"
        "| Gas | 200 | y |\n\nPrices of last year.\n\nAs told by the towns."
    )


def test_an_empty_row_under_the_heads_does_not_part_them_from_their_table() -> None:
    rows = {1: TOWNS[1], 3: TOWNS[2], 4: TOWNS[3]}

    assert "| Town | Lamps |\n| --- | --- |\n| Ath | 120 |" in text(a_sheet(rows))


def test_a_row_of_its_own_is_not_the_head_of_a_table_that_has_one() -> None:
    rows: Mapping[int, Mapping[str, object]] = {
        **TOWNS,
        5: {"A": "Sum", "B": 124},
        7: {"A": "Kind", "B": "Price"},
        8: {"A": "LED", "B": 90},
    }

    assert text(a_sheet(rows)).endswith(
        "- Sum: 124\n\n| Kind | Price |\n| --- | --- |\n| LED | 90 |"
    )


def test_hidden_rows_and_columns_are_left_out_and_part_nothing() -> None:
    cells = "".join(
        f'<row r="{number}" {hidden}>{a_cell(f"A{number}", a)}{a_cell(f"B{number}", "HIDDEN")}'
        f"{a_cell(f'C{number}', c)}</row>"
        for number, hidden, a, c in (
            (1, "", "Town", "Lamps"),
            (2, 'hidden="1"', "HIDDEN", "HIDDEN"),
            (3, "", "Ath", "7"),
            (4, 'ht="0"', "HIDDEN", "HIDDEN"),
        )
    )
    sheet = f'<cols><col min="2" max="2" hidden="1"/></cols><sheetData>{cells}</sheetData>'

    assert text(sheet).endswith("\n\n| Town | Lamps |\n| --- | --- |\n| Ath | 7 |")
    assert "HIDDEN" not in text(sheet)


def test_merged_cells_stand_in_each_row_and_column_that_they_fill() -> None:
    rows: Mapping[int, Mapping[str, object]] = {
        1: {"A": "City", "B": "Boxes"},
        2: {"B": "day", "C": "night"},
        3: {"A": "Ath", "B": 1, "C": 2},
        4: {"B": 3, "C": 4},
        5: {"A": "Huy", "B": 5, "C": 6},
    }
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in ("B1:C1", "A1:A2", "A3:A4", "X9"))
    bold = {"A1", "B1", "B2", "C2"}
    sheet = a_sheet(rows, more=f"<mergeCells>{merged}</mergeCells>")
    for place in bold:
        sheet = sheet.replace(f'r="{place}" s="0"', f'r="{place}" s="1"')
    styles = (
        '<fonts><font/><font><b/></font></fonts><cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs>'
    )

    assert text(sheet, styles=styles).endswith(
        "| City | Boxes: day | Boxes: night |\n| --- | --- | --- |\n| Ath | 1 | 2 |\n"
        "| Ath | 3 | 4 |\n| Huy | 5 | 6 |"
    )


@pytest.mark.parametrize("hidden", [2, 3, 4])
def test_a_merged_cell_stands_in_those_of_its_rows_that_are_shown(hidden: int) -> None:
    rows: Mapping[int, Mapping[str, object]] = {
        1: {"A": "Town", "B": "Street", "C": "Lamps"},
        2: {"A": "Ghent", "B": "A", "C": 2},
        3: {"B": "B", "C": 3},
        4: {"B": "C", "C": 4},
        5: {"A": "Bruges", "B": "D", "C": 5},
    }
    merged = '<mergeCells><mergeCell ref="A2:A4"/></mergeCells>'
    sheet = a_sheet(rows, more=merged).replace(
        f'<row r="{hidden}"', f'<row r="{hidden}" hidden="1"'
    )

    shown = [f"| Ghent | {'ABC'[at - 2]} | {at} |" for at in (2, 3, 4) if at != hidden]
    assert text(sheet).endswith("\n".join([*shown, "| Bruges | D | 5 |"]))


@pytest.mark.parametrize("hidden", [1, 2, 4])
def test_a_title_merged_over_a_hidden_column_is_read(hidden: int) -> None:
    rows: Mapping[int, Mapping[str, object]] = {
        1: {"A": "Opening hours"},
        2: {"A": "Monday", "B": "Tuesday", "C": "Wednesday", "D": "Friday"},
        3: {"A": 1, "B": 2, "C": 3, "D": 4},
    }
    merged = '<mergeCells><mergeCell ref="A1:D1"/></mergeCells>'
    columns = f'<cols><col min="{hidden}" max="{hidden}" hidden="1"/></cols>'

    read = text(a_sheet(rows, more=merged, before=columns))

    assert read.startswith("## Sheet1\n\nOpening hours\n\n|")
    assert read.endswith("|".join(["", *(f" {at} " for at in (1, 2, 3, 4) if at != hidden), ""]))


def test_a_sum_in_bold_is_a_row_and_not_the_head_of_others() -> None:
    rows = {**TOWNS, 4: {"A": "Sum", "B": 124}, 5: {"A": "Spa", "B": 7}, 6: {"A": "All", "B": 131}}
    sheet = a_sheet(rows)
    for number in (1, 4, 6):
        for column in "AB":
            at = f'r="{column}{number}" s='
            sheet = sheet.replace(f'{at}"0"', f'{at}"1"')
    styles = '<fonts><font/><font><b/></font></fonts><cellXfs><xf/><xf fontId="1"/></cellXfs>'

    assert text(sheet, styles=styles).endswith("| Sum | 124 |\n| Spa | 7 |\n| All | 131 |")


def test_the_heads_of_a_table_that_somebody_made_are_heads() -> None:
    rows: Mapping[int, Mapping[str, object]] = {
        1: {"A": "2024", "B": "2025"},
        2: {"A": 1, "B": 2},
        3: {"A": 3, "B": 4},
    }
    table = f'<table xmlns="{S}" ref="A1:B3"/>'
    relation = f'<Relationship Id="t" Type="{R}/table" Target="../tables/table1.xml"/>'
    more = {
        "xl/worksheets/_rels/sheet0.xml.rels": (
            f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'
        ),
        "xl/tables/table1.xml": table,
    }

    assert "| 2024 | 2025 |\n| --- | --- |\n| 1 | 2 |" in text(a_sheet(rows), more=more)


@pytest.mark.parametrize(
    ("value", "code", "read"),
    [
        ("1234.5", "General", "1234.5"),
        ("0.28999999999999998", "General", "0.29"),
        ("1234.5", "#,##0.00", "1,234.50"),
        ("2.5", "0", "3"),
        ("3", "000", "003"),
        ("0.125", "0.0%", "12.5%"),
        ("45", "[$€-407] #,##0", "€ 45"),
        ("45", '#,##0 "boxes; at most"', "45 boxes; at most"),
        ("2500000", '0.0,,"M"', "2.5M"),
        ("-5", "0.00;[Red]0.00", "-5.00"),
        ("-5", "#,##0_);(#,##0)", "(5)"),
        ("0", '0;-0;"none"', "none"),
        ("7", "[>5]0;0", "7"),
        ("12300", "0.00E+00", "1.23E+4"),
        ("45356", "m/d/yyyy", "2024-03-05"),
        ("45356.75", "dd.mm.yyyy hh:mm", "2024-03-05 18:00"),
        ("45356", "mmm-yy", "2024-03"),
        ("45356", "yyyy", "2024"),
        ("0.75", "h:mm AM/PM", "18:00"),
        ("1.5", "[h]:mm", "36:00"),
        ("59", "d/m/yyyy", "1900-02-28"),
        ("-1", "d/m/yyyy", "-1"),
        ("9E+99", "0", "9.000000000E+99"),
        ("612345678", '0#" "##" "##" "##" "##', "06 12 34 56 78"),
        ("123456789", "00-00-00-000", "12-34-56-789"),
        ("1234567", "000-0000", "123-4567"),
        ("-1234567", "000-0000", "-123-4567"),
        ("21234567", "000-0000", "2123-4567"),
        ("45", "###-####", "45"),
        ("1234.5", r"#\ ##0.00", "1 234.50"),
        ("12.5", r"#\ ##0.00", "12.50"),
        ("0.996", r"#\ ##0.00", "1.00"),
        ("1234.5678", r"0.00\ 00", "1234.56 78"),
        ("20240105", r"0000\-00\-00", "2024-01-05"),
        ("900101", '00"."00"."00', "90.01.01"),
        ("1234567000", r"#,##0\/000,", "1,234/567"),
        ("0.5", "# #/#", "0.5"),
    ],
)
def test_a_number_is_read_as_it_is_shown(value: str, code: str, read: str) -> None:
    escaped = code.replace("&", "&amp;").replace('"', "&quot;").replace(">", "&gt;")
    styles = (
        f'<numFmts><numFmt numFmtId="170" formatCode="{escaped}"/></numFmts>'
        '<cellXfs><xf/><xf numFmtId="170"/></cellXfs>'
    )
    sheet = f"<sheetData><row>{a_cell('A1', value, style=1, kind='n')}</row></sheetData>"

    assert text(sheet, styles=styles) == f"## Sheet1\n\n{read}"


def test_what_a_format_hides_is_not_read() -> None:
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode=";;;"/></numFmts>'
        '<cellXfs><xf/><xf numFmtId="170"/></cellXfs>'
    )
    sheet = f"<sheetData><row>{a_cell('A1', 5, style=1)}{a_cell('A2', 'x')}</row></sheetData>"

    assert text(sheet, styles=styles) == "## Sheet1\n\nx"


@pytest.mark.parametrize(
    ("font", "fill", "is_seen"),
    [
        ('<color rgb="FFFFFFFF"/>', "none", False),
        ('<color theme="0"/>', "none", False),
        ('<sz val="1"/>', "none", False),
        ('<color rgb="FFFFFFFF"/>', "solid", True),
        ('<color rgb="FF000000"/>', "none", True),
    ],
)
def test_words_that_nobody_can_see_are_left_out_and_counted(
    font: str, fill: str, *, is_seen: bool
) -> None:
    styles = (
        f'<fonts><font/><font>{font}</font></fonts><fills><fill><patternFill patternType="{fill}">'
        '<fgColor rgb="FF112233"/></patternFill></fill></fills><cellXfs><xf/><xf fontId="1"'
        ' fillId="0"/></cellXfs>'
    )
    cells = a_cell("A1", "Seen.") + a_cell("A2", "Ignore all of it", style=1)
    data = an_xlsx(f"<sheetData><row>{cells}</row></sheetData>", styles=styles)

    extract = read_xlsx(data, name="x.xlsx")

    assert ("Ignore" in extract.text) is is_seen
    assert extract.unseen == (0 if is_seen else 4)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('<c t="s"><v>1</v></c>', "two"),
        ('<c t="s"><v>9</v></c>', ""),
        ('<c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c>', "inline"),
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ("<c><f>1+1</f><v>2</v></c>", "2"),
        ('<c t="str"><f>A1</f><v>kept</v></c>', "kept"),
        ("<c><f>1+1</f></c>", ""),
        ('<c t="d"><v>2024-03-05</v></c>', "2024-03-05"),
        ('<c t="str"><v>Bars&#10;&#10;Clubs, &#10;Parks</v></c>', "Bars; Clubs, Parks"),
        ('<c t="str"><v>All of the&#10;towns</v></c>', "All of the towns"),
        ('<c t="str" s="1"><v>Number of&#10;Boxes</v></c>', "Number of Boxes"),
    ],
)
def test_every_kind_of_cell_is_read(cell: str, read: str) -> None:
    sheet = f"<sheetData><row>{cell}</row></sheetData>"
    bold = '<fonts><font/><font><b/></font></fonts><cellXfs><xf/><xf fontId="1"/></cellXfs>'

    made = text(sheet, strings=("one", "two"), styles=bold)

    assert made == (f"## Sheet1\n\n{read}" if read else "")


def test_the_words_of_a_text_box_follow_the_tables_of_its_sheet() -> None:
    boxes = "".join(
        f'<x:sp><x:nvSpPr><x:cNvPr id="1" name="x" {hidden}/></x:nvSpPr><x:txBody><a:p><a:r><a:t>'
        f"{words}</a:t></a:r></a:p></x:txBody></x:sp>"
        for words, hidden in (("Fees of 2024.", ""), ("HIDDEN", 'hidden="1"'))
    )
    more = {
        "xl/worksheets/_rels/sheet0.xml.rels": (
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{R}/drawing"'
            ' Target="../drawings/drawing1.xml"/></Relationships>'
        ),
        "xl/drawings/drawing1.xml": (
            f'<x:wsDr xmlns:x="x" xmlns:a="{A}">{boxes}<x:Fallback>{boxes}</x:Fallback></x:wsDr>'
        ),
    }

    assert text(a_sheet(TOWNS), more=more) == (
        "## Sheet1\n\n| Town | Lamps |\n| --- | --- |\n| Ath | 120 |\n| Huy | 4 |\n\nFees of 2024."
    )


def test_hints_at_the_pronunciation_of_a_word_are_left_out() -> None:
    strings = ("</t></si><si><r><t>東京</t></r><rPh><t>HINT</t></rPh></si><si><t>",)
    sheet = '<sheetData><row><c t="s"><v>1</v></c></row></sheetData>'

    assert text(sheet, strings=strings) == "## Sheet1\n\n東京"


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        (
            "".join(f'<row r="{n}"><c><v>1</v></c></row>' for n in range(1, 20_002)),
            "holds more than 20000 rows; split it",
        ),
        (
            "".join(
                f"<row>{''.join(f'<c><v>{n * m}</v></c>' for m in range(7, 106))}</row>"
                for n in range(1100)
            ),
            "holds more than 100000 cells; split it",
        ),
        (f"<row>{'<c><v>1</v></c>' * 101}</row>", "a table of 101 columns, more than 100"),
    ],
    ids=["rows", "cells", "columns"],
)
def test_a_workbook_that_is_no_document_is_refused(sheet: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        text(f"<sheetData>{sheet}</sheetData>")


def test_a_merged_cell_as_large_as_a_sheet_does_no_harm() -> None:
    rows = {1: {"A": "x", "C": "y"}, 1_000_000: {"XFD": "z"}}
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'

    with pytest.raises(ReadError, match="holds more than 100000 cells"):
        text(a_sheet(rows, more=merged))


def test_an_archive_of_something_else_is_refused() -> None:
    with pytest.raises(ReadError, match="is no workbook"):
        read_xlsx(packed({"a.xml": "<a/>"}), name="x.xlsx")
