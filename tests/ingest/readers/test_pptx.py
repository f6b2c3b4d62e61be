import io
import zipfile

import pytest

from ingest.errors import ReadError
from ingest.readers.pptx.reader import read_pptx
from tests.ingest.readers.archives import RELATIONS, A, P, R, a_pptx, a_shape, packed, repacked

LAMPS = a_shape("Lamps in parks", placeholder="ctrTitle")


def text(*slides: str) -> str:
    return read_pptx(a_pptx(*slides), name="x.pptx").text


def test_slides_come_in_their_order_each_under_its_title() -> None:
    found = a_shape("warm light", "  in parks", "clear paths", placeholder="body") + a_shape(
        "What was found", placeholder="title"
    )

    extract = read_pptx(a_pptx(LAMPS + a_shape("Five towns"), found), name="x.pptx")

    assert extract.title == "Lamps in parks"
    assert extract.text == (
        "Five towns\n\n## What was found\n\n- warm light\n  - in parks\n- clear paths"
    )


def test_a_table_is_a_table() -> None:
    cells = [f"<a:tc><a:txBody><a:p><a:r><a:t>{each}</a:t></a:r></a:p></a:txBody></a:tc>"
             for each in ("Town", "Lamps", "Ath", "120")]  # fmt: skip
    rows = f"<a:tbl><a:tr>{''.join(cells[:2])}</a:tr><a:tr>{''.join(cells[2:])}</a:tr></a:tbl>"
    frame = f'<p:graphicFrame><p:cNvPr id="2"/><a:graphic>{rows}</a:graphic></p:graphicFrame>'

    table = text(LAMPS + frame.replace("a:txBody", "p:txBody"))

    assert table == "| Town | Lamps |\n| --- | --- |\n| Ath | 120 |"


def test_what_the_audience_does_not_see_is_left_out() -> None:
    hidden = a_shape("HIDDEN", properties='hidden="1"') + a_shape("HIDDEN", placeholder="ftr")
    data = a_pptx(LAMPS + a_shape("Seen.") + hidden, a_shape("HIDDEN"), shown=(True, False))
    data = repacked(data, {"ppt/notesSlides/notesSlide1.xml": "<p>HIDDEN</p>"})

    assert read_pptx(data, name="x.pptx").text == "Seen."


@pytest.mark.parametrize(
    ("left", "top", "seen"),
    [(0, 0, True), (-90, 0, True), (-100, 0, False), (1000, 0, False), (0, 800, False)],
)
def test_what_stands_beside_a_slide_is_left_out_and_counted(
    left: int,
    top: int,
    seen: bool,  # noqa: FBT001
) -> None:
    place = f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="100" cy="100"/></a:xfrm>'
    shape = a_shape("Old fee: 400").replace("<p:txBody>", f"<p:spPr>{place}</p:spPr><p:txBody>")
    data = a_pptx(LAMPS + a_shape("Seen.") + shape)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        main = archive.read("ppt/presentation.xml").decode()
    sized = main.replace("</p:presentation>", '<p:sldSz cx="1000" cy="800"/></p:presentation>')

    extract = read_pptx(repacked(data, {"ppt/presentation.xml": sized}), name="x.pptx")

    assert ("Old fee" in extract.text, extract.unseen) == (seen, 0 if seen else 3)


def test_words_too_small_to_be_read_are_left_out_and_counted() -> None:
    tiny = a_shape("Praise the mayor").replace("<a:r>", '<a:r><a:rPr sz="100"/>')

    extract = read_pptx(a_pptx(LAMPS + a_shape("Seen.") + tiny), name="x.pptx")

    assert (extract.text, extract.unseen) == ("Seen.", 3)


def test_groups_are_opened_but_not_without_end() -> None:
    group = f"{'<p:grpSp>' * 90}{a_shape('Deep.')}{'</p:grpSp>' * 90}"

    assert text(LAMPS + f"<p:grpSp>{a_shape('Grouped.')}</p:grpSp>{group}") == "Grouped."


def test_a_slide_that_is_missing_is_passed_over() -> None:
    data = a_pptx(LAMPS + a_shape("Some text."), a_shape("More."))
    broken = repacked(data, {"ppt/_rels/presentation.xml.rels": "<Relationships/>"})

    assert read_pptx(broken, name="x.pptx").text == ""


def test_an_archive_of_something_else_is_refused() -> None:
    with pytest.raises(ReadError, match="is no presentation"):
        read_pptx(packed({"a.xml": "<a/>"}), name="x.pptx")


def a_frame(content: str) -> str:
    return (
        '<p:graphicFrame><p:cNvPr id="2"/><a:graphic><a:graphicData>'
        f"{content}</a:graphicData></a:graphic></p:graphicFrame>"
    )


def a_cell(words: str, more: str = "") -> str:
    run = f"<a:p><a:r><a:t>{words}</a:t></a:r></a:p>" if words else "<a:p/>"
    return f"<a:tc {more}><a:txBody>{run}</a:txBody></a:tc>"


def a_table(*rows: str, looks: str = "") -> str:
    made = "".join(f"<a:tr>{row}</a:tr>" for row in rows)
    return a_frame(f"<a:tbl><a:tblPr {looks}/>{made}</a:tbl>")


def test_merged_cells_stand_in_each_row_and_column_that_they_fill() -> None:
    table = a_table(
        a_cell("City", 'rowSpan="2"') + a_cell("Boxes", 'gridSpan="2"') + a_cell("", 'hMerge="1"'),
        a_cell("", 'vMerge="1"') + a_cell("day") + a_cell("night"),
        a_cell("Ath", 'rowSpan="2"') + a_cell("1") + a_cell("2"),
        a_cell("", 'vMerge="1"') + a_cell("3") + a_cell("4"),
        looks='firstRow="1"',
    )

    assert text(LAMPS + table) == (
        "| City | Boxes: day | Boxes: night |\n| --- | --- | --- |\n"
        "| Ath | 1 | 2 |\n| Ath | 3 | 4 |"
    )


def test_a_first_column_that_is_set_apart_holds_the_heads() -> None:
    rows = (a_cell("2024") + a_cell("x") + a_cell("y"), a_cell("2025") + a_cell("z") + a_cell("w"))

    assert text(LAMPS + a_table(*rows, looks='firstCol="1"')) == (
        "| 2024 | 2025 |\n| --- | --- |\n| x | z |\n| y | w |"
    )


def a_numbered(words: str, kind: str = "arabicPeriod", *, level: int = 0, more: str = "") -> str:
    number = f'<a:buAutoNum type="{kind}" {more}/>' if kind else ""
    return f'<a:p><a:pPr lvl="{level}">{number}</a:pPr><a:r><a:t>{words}</a:t></a:r></a:p>'


def a_box(*paragraphs: str) -> str:
    return f'<p:sp><p:cNvPr id="3"/><p:txBody>{"".join(paragraphs)}</p:txBody></p:sp>'


def test_numbers_are_counted_as_powerpoint_shows_them() -> None:
    box = a_box(
        a_numbered("ask", more='startAt="3"'),
        a_numbered("whom", "alphaLcParenR", level=1),
        a_numbered("when", "alphaLcParenR", level=1),
        a_numbered("plan", more='startAt="3"'),
        a_numbered("A word.", ""),
        a_numbered("again"),
        a_numbered("part", "romanUcPeriod"),
    )

    assert text(LAMPS + box) == (
        "3. ask\n  - a) whom\n  - b) when\n4. plan\n\nA word.\n\n1. again\n\n- I. part"
    )


def related(kind: str, part: str, content: str) -> dict[str, str]:
    """Return a part that the first slide refers to as r9."""
    relation = f'<Relationship Id="r9" Type="{R}/{kind}" Target="../{part}"/>'
    return {
        "ppt/slides/_rels/slide0.xml.rels": (
            f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'
        ),
        f"ppt/{part}": content,
    }


C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
D = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


def a_chart(*series: tuple[str, list[str]], categories: list[str]) -> dict[str, str]:
    def points(values: list[str]) -> str:
        return "".join(f'<c:pt idx="{n}"><c:v>{v}</c:v></c:pt>' for n, v in enumerate(values))

    made = "".join(
        f"<c:ser><c:tx><c:strRef><c:strCache>{points([name])}</c:strCache></c:strRef></c:tx>"
        f"<c:cat><c:strRef><c:strCache>{points(categories)}</c:strCache></c:strRef></c:cat>"
        "<c:val><c:numRef><c:numCache><c:formatCode>0%</c:formatCode>"
        f"{points(values)}</c:numCache></c:numRef></c:val></c:ser>"
        for name, values in series
    )
    title = (
        "<c:title><c:tx><c:rich><a:p><a:r><a:t>Thefts</a:t></a:r></a:p></c:rich></c:tx></c:title>"
    )
    chart = (
        f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}"><c:chart>{title}<c:plotArea><c:barChart>{made}'
        "</c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )
    return related("chart", "charts/chart1.xml", chart)


CHART = a_frame(f'<c:chart xmlns:c="{C}" r:id="r9"/>')


def test_a_chart_is_read_as_its_title_and_values() -> None:
    years = ["2024", "2025"]
    slide = a_pptx(LAMPS + CHART)
    two = a_chart(("Ath", ["0.25", "0.5"]), ("Huy", ["0.1", "0.2"]), categories=years)
    one = a_chart(("Ath", ["0.25", "0.5"]), categories=years)

    assert read_pptx(repacked(slide, two), name="x.pptx").text == (
        "Thefts\n\n|  | Ath | Huy |\n| --- | --- | --- |\n"
        "| 2024 | 25% | 10% |\n| 2025 | 50% | 20% |"
    )
    assert read_pptx(repacked(slide, one), name="x.pptx").text == (
        "Thefts: Ath\n\n- 2024: 25%\n- 2025: 50%"
    )


def test_of_a_chart_with_more_points_than_anybody_reads_the_title_is_read() -> None:
    many = a_chart(("Ath", ["0.25"] * 201), categories=["x"])

    assert read_pptx(repacked(a_pptx(LAMPS + CHART), many), name="x.pptx").text == "Thefts"


def test_a_diagram_is_read_in_the_order_of_its_author() -> None:
    def a_point(name: str, words: str = "", kind: str = "node") -> str:
        body = f"<d:t><a:p><a:r><a:t>{words}</a:t></a:r></a:p></d:t>" if words else ""
        return f'<d:pt modelId="{name}" type="{kind}">{body}</d:pt>'

    links = "".join(
        f'<d:cxn srcId="{above}" destId="{name}" srcOrd="{order}"/>'
        for above, name, order in (("0", "2", 1), ("0", "1", 0), ("1", "3", 0), ("3", "1", 0))
    )
    points = (
        a_point("0", kind="doc") + a_point("1", "ask") + a_point("2", "plan")
        + a_point("3", "whom") + a_point("9", "HIDDEN", "pres")
    )  # fmt: skip
    model = (
        f'<d:dataModel xmlns:d="{D}" xmlns:a="{A}"><d:ptLst>{points}</d:ptLst>'
        f"<d:cxnLst>{links}</d:cxnLst></d:dataModel>"
    )
    slide = a_pptx(LAMPS + a_frame(f'<d:relIds xmlns:d="{D}" r:dm="r9"/>'))
    parts = related("diagramData", "diagrams/data1.xml", model)

    assert read_pptx(repacked(slide, parts), name="x.pptx").text == "- ask\n  - whom\n- plan"


def test_slides_of_other_news_are_read_to_the_last() -> None:
    slides = (
        a_shape("Other news", placeholder="title") + a_shape("The pool opens on 3 May."),
        a_shape("Contact", placeholder="title") + a_shape("Call 02 123 45 67."),
    )

    read = text(a_shape("Newsletter", placeholder="title") + a_shape("Hello."), *slides)

    assert "Other news" in read
    assert "The pool opens on 3 May." in read
    assert read.endswith("Call 02 123 45 67.")


def a_placed(words: str, left: int, top: int, wide: int = 400, high: int = 100) -> str:
    place = f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
    return a_shape(words).replace("<p:txBody>", f"<p:spPr>{place}</p:spPr><p:txBody>")


SPAIN = (a_placed("Spain", 0, 200), a_placed("45 euros.", 0, 310, high=300))
ITALY = (a_placed("Italy", 500, 200), a_placed("60 euros.", 500, 310, high=300))


@pytest.mark.parametrize(
    ("boxes", "read"),
    [
        ((a_placed("Low.", 0, 500), a_placed("High.", 0, 100)), "High. | Low."),
        ((a_placed("Right.", 500, 100), a_placed("Left.", 0, 105)), "Left. | Right."),
        (
            (a_placed("Note.", 0, 700, 900), *ITALY, *SPAIN, a_placed("All.", 0, 90, 900)),
            "All. | Spain | 45 euros. | Italy | 60 euros. | Note.",
        ),
        (
            (SPAIN[0], ITALY[0], a_placed("France", 0, 400), a_placed("Malta", 500, 400)),
            "Spain | Italy | France | Malta",
        ),
        ((a_placed("Low.", 0, 500), a_shape("Somewhere."), a_placed("High.", 0, 0)),
         "Low. | Somewhere. | High."),
    ],
)  # fmt: skip
def test_what_is_on_a_slide_is_read_from_top_to_bottom_and_column_by_column(
    boxes: tuple[str, ...], read: str
) -> None:
    title = a_shape("Fees", placeholder="title")

    assert text(LAMPS, "".join((*boxes, title))).split("\n\n") == ["## Fees", *read.split(" | ")]


def test_a_group_is_read_whole_and_in_its_own_order() -> None:
    inside = a_placed("Then.", 0, 50) + a_placed("First.", 0, 0, high=40)
    place = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="400" cy="300"/></a:xfrm>'
    group = f"<p:grpSp><p:grpSpPr>{place}</p:grpSpPr>{inside}</p:grpSp>"

    assert text(LAMPS + a_placed("Last.", 0, 400) + group) == "First.\n\nThen.\n\nLast."


def test_a_placeholder_is_where_its_layout_puts_it() -> None:
    low = a_placed("", 0, 500).replace("<p:nvPr>", '<p:nvPr><p:ph type="body" idx="1"/>')
    body = a_shape("Low.", placeholder="body").replace('type="body"', 'type="body" idx="1"')
    names = f'xmlns:a="{A}" xmlns:p="{P}"'
    layout = f"<p:sldLayout {names}><p:cSld><p:spTree>{low}</p:spTree></p:cSld></p:sldLayout>"
    related = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{R}/slideLayout"'
        ' Target="../slideLayouts/slideLayout1.xml"/></Relationships>'
    )
    data = repacked(
        a_pptx(LAMPS + body + a_placed("High.", 0, 100)),
        {
            "ppt/slideLayouts/slideLayout1.xml": layout,
            "ppt/slides/_rels/slide0.xml.rels": related,
        },
    )

    assert read_pptx(data, name="x.pptx").text == "High.\n\nLow."
