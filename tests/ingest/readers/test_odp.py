import io
import zipfile
from datetime import date

import pytest

from ingest.errors import ReadError
from ingest.readers.opendocument.odp import read_odp
from tests.ingest.readers.archives import OFFICE, an_odt, repacked, with_chart


def a_frame(words: str, *, kind: str = "", place: str = "") -> str:
    box = f"<draw:text-box>{words}</draw:text-box>"
    return f'<draw:frame presentation:class="{kind}" {place}>{box}</draw:frame>'


def at(left: int, top: int) -> str:
    return f'svg:x="{left}cm" svg:y="{top}cm" svg:width="8cm" svg:height="2cm"'


def an_odp(*slides: str, styles: str = "", meta: str = "") -> bytes:
    """Return a presentation; a slide is the shapes on it."""
    pages = "".join(
        f'<draw:page draw:style-name="dp{n}">{shapes}</draw:page>'
        for n, shapes in enumerate(slides)
    )
    text = an_odt(f"<office:presentation>{pages}</office:presentation>", styles=styles, meta=meta)
    with zipfile.ZipFile(io.BytesIO(text)) as archive:
        content = archive.read("content.xml").decode()
    names = f'xmlns:presentation="{OFFICE}:presentation:1.0" xmlns:svg="{OFFICE}:svg:1.0"'
    content = content.replace("<office:document-content", f"<office:document-content {names}")
    whole = content.replace("<office:text>", "").replace("</office:text>", "")
    return repacked(text, {"content.xml": whole})


def a_title(words: str) -> str:
    return a_frame(f"<text:p>{words}</text:p>", kind="title")


def test_slides_come_in_their_order_each_under_its_title() -> None:
    item = "<text:list><text:list-item><text:p>{}</text:p></text:list-item></text:list>"
    table = (
        "<draw:frame><table:table><table:table-row><table:table-cell><text:p>Town</text:p>"
        "</table:table-cell><table:table-cell><text:p>Lamps</text:p></table:table-cell>"
        "</table:table-row><table:table-row><table:table-cell><text:p>Ath</text:p>"
        "</table:table-cell><table:table-cell><text:p>120</text:p></table:table-cell>"
        "</table:table-row></table:table></draw:frame>"
    )
    outline = a_frame(item.format("warm light") + item.format("clear paths"), kind="outline")
    data = an_odp(
        a_title("Lamps in parks") + a_frame("<text:p>Five towns</text:p>", kind="subtitle"),
        outline + table + a_title("What was found"),
        meta="<dc:language>nl-BE</dc:language>"
        "<meta:creation-date>2022-03-14T09:30:00</meta:creation-date>",
    )

    extract = read_odp(data, name="x.odp")

    assert extract.title == "Lamps in parks"
    assert extract.text == (
        "Five towns\n\n## What was found\n\n- warm light\n- clear paths\n\n"
        "| Town | Lamps |\n| --- | --- |\n| Ath | 120 |"
    )
    assert (extract.language, extract.published) == ("nl", date(2022, 3, 14))


def test_boxes_are_read_by_where_they_are() -> None:
    low = a_frame("<text:p>Low.</text:p>", place=at(1, 9))
    shape = f"<draw:custom-shape {at(1, 3)}><text:p>High.</text:p></draw:custom-shape>"

    assert read_odp(an_odp(low + shape), name="x.odp").text == "High.\n\nLow."


def test_what_the_audience_does_not_see_is_left_out() -> None:
    styles = (
        '<style:style style:name="dp1"><style:drawing-page-properties'
        ' presentation:visibility="hidden"/></style:style>'
    )
    notes = f"<presentation:notes>{a_frame('<text:p>HIDDEN</text:p>')}</presentation:notes>"
    footer = a_frame("<text:p>HIDDEN</text:p>", kind="footer")
    seen = a_frame("<text:p>Seen.</text:p>")
    data = an_odp(seen + footer + notes, a_frame("<text:p>HIDDEN</text:p>"), styles=styles)

    assert read_odp(data, name="x.odp").text == "Seen."


def test_too_many_slides_are_refused() -> None:
    with pytest.raises(ReadError, match="has 1001 slides"):
        read_odp(an_odp(*[""] * 1001), name="x.odp")


def test_a_chart_on_a_slide_is_read() -> None:
    link = 'xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="./C"'
    shapes = a_title("Ath") + f"<draw:frame><draw:object {link}/><draw:image/></draw:frame>"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = [cell.format(first) + cell.format(second) for first, second in (("", "2024"), ("a", 5))]

    extract = read_odp(with_chart(an_odp(shapes), "Thefts", *rows), name="x.odp")

    assert (extract.text, extract.pictures) == ("Thefts: 2024\n\n- a: 5", 0)
