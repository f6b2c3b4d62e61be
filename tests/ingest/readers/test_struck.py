"""Words with a line through them no longer hold: whoever quotes them would tell an old fee."""

import pytest

from ingest.readers.confined.worker import FormatReader
from ingest.readers.docx.reader import read_docx
from ingest.readers.html.reader import read_html
from ingest.readers.markdown import read_markdown
from ingest.readers.opendocument.ods import read_ods
from ingest.readers.opendocument.odt import read_odt
from ingest.readers.pptx.reader import read_pptx
from ingest.readers.xlsx.reader import read_xlsx
from tests.ingest.readers.archives import a_docx, a_pptx, a_shape, an_ods, an_odt, an_xlsx

LINE = (
    '<style:style style:name="T1"><style:text-properties'
    ' style:text-line-through-style="solid"/></style:style>'
)
FONTS = (
    "<fonts><font/><font><strike/></font></fonts><fills/>"
    '<cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs>'
)


def a_page(words: str) -> bytes:
    return f"<article><h1>Fees</h1><p>It costs {words} 450 euros.</p></article>".encode()


def a_note(words: str) -> bytes:
    return f"It costs {words} 450 euros.".encode()


def a_word_document(properties: str) -> bytes:
    line = f"<w:r><w:rPr>{properties}</w:rPr><w:t>OLD </w:t></w:r><w:r><w:t>450 euros.</w:t></w:r>"
    return a_docx(f'<w:r><w:t xml:space="preserve"> It costs </w:t></w:r>{line}')


def a_slide(line: str) -> bytes:
    shape = a_shape("It costs OLD")
    run = f'<a:r><a:rPr strike="{line}"/><a:t>OLD</a:t></a:r><a:r><a:t>450 euros.</a:t></a:r>'
    return a_pptx(shape.replace("OLD</a:t></a:r>", f"</a:t></a:r>{run}"))


def a_sheet(cell: str) -> bytes:
    row = f'<row><c t="str"><v>It costs</v></c>{cell}<c t="str"><v>450 euros.</v></c></row>'
    return an_xlsx(f"<sheetData>{row}</sheetData>", styles=FONTS)


def a_table(cell: str) -> str:
    cells = ("<table:table-cell><text:p>It costs 450 euros.</text:p></table:table-cell>", cell)
    return f"<table:table><table:table-row>{''.join(cells)}</table:table-row></table:table>"


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (read_html, a_page("<del>OLD</del>")),
        (read_html, a_page("<s>OLD</s>")),
        (read_html, a_page("<strike>OLD</strike>")),
        (read_html, a_page("<span style='text-decoration: line-through'>OLD</span>")),
        (read_html, a_page("<span style='text-decoration-line:line-through'>OLD</span>")),
        (read_markdown, a_note("~~OLD~~")),
        (read_markdown, a_note("<del>OLD **price**</del>")),
        (read_docx, a_word_document("<w:strike/>")),
        (read_docx, a_word_document("<w:dstrike/>")),
        (
            read_odt,
            an_odt(
                '<text:p>It costs <text:span text:style-name="T1">OLD </text:span>450 euros.'
                "</text:p>",
                styles=LINE,
            ),
        ),
        (
            read_ods,
            an_ods(
                a_table(
                    '<table:table-cell table:style-name="T1"><text:p>OLD</text:p>'
                    "</table:table-cell>"
                ),
                styles=LINE,
            ),
        ),
        (read_pptx, a_slide("sngStrike")),
        (read_pptx, a_slide("dblStrike")),
        (read_xlsx, a_sheet('<c t="str" s="1"><v>OLD</v></c>')),
        (
            read_xlsx,
            a_sheet(
                '<c t="inlineStr"><is><r><rPr><strike/></rPr><t>OLD</t></r></is></c>',
            ),
        ),
    ],
)
def test_what_is_struck_out_is_not_read(read: FormatReader, data: bytes) -> None:
    text = read(data, name="x").text

    assert "OLD" not in text
    assert "It costs" in text
    assert "450 euros." in text


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (read_html, a_page("<span style='text-decoration: underline'>OLD</span>")),
        (read_markdown, a_note("~OLD~")),
        (read_markdown, a_note("</del> OLD")),
        (read_docx, a_word_document('<w:strike w:val="0"/>')),
        (read_pptx, a_slide("noStrike")),
    ],
)
def test_what_is_not_struck_out_stays(read: FormatReader, data: bytes) -> None:
    assert "OLD" in read(data, name="x").text
