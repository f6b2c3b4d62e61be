import pytest

from ingest.errors import ReadError
from ingest.readers.pptx import read_pptx
from tests.ingest.readers.archives import a_pptx, a_shape, packed, repacked

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
    cells = "".join(f"<a:tc><a:txBody><a:p><a:r><a:t>{each}</a:t></a:r></a:p></a:txBody></a:tc>"
                    for each in ("Town", "Lamps"))  # fmt: skip
    rows = f"<a:tbl><a:tr>{cells}</a:tr><a:tr>{cells}</a:tr></a:tbl>"
    frame = f'<p:graphicFrame><p:cNvPr id="2"/><a:graphic>{rows}</a:graphic></p:graphicFrame>'

    table = text(LAMPS + frame.replace("a:txBody", "p:txBody"))

    assert table == "| Town | Lamps |\n| --- | --- |\n| Town | Lamps |"


def test_what_the_audience_does_not_see_is_left_out() -> None:
    hidden = a_shape("HIDDEN", properties='hidden="1"') + a_shape("HIDDEN", placeholder="ftr")
    data = a_pptx(LAMPS + a_shape("Seen.") + hidden, a_shape("HIDDEN"), shown=(True, False))
    data = repacked(data, {"ppt/notesSlides/notesSlide1.xml": "<p>HIDDEN</p>"})

    assert read_pptx(data, name="x.pptx").text == "Seen."


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
