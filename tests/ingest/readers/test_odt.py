from datetime import date

import pytest

from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.odt import read_odt
from tests.ingest.readers.archives import an_odt, packed, repacked


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
