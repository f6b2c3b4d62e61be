"""A number above the line is no digit of the one before it: 2024¹ is a year, 10⁶ a million."""

import pytest
from fpdf import FPDF

from ingest.readers.confined.worker import FormatReader
from ingest.readers.docx.reader import read_docx
from ingest.readers.html.reader import read_html
from ingest.readers.opendocument.odt import read_odt
from ingest.readers.pdf.reader import read_pdf
from ingest.readers.pptx.reader import read_pptx
from ingest.readers.xlsx.reader import read_xlsx
from tests.ingest.readers.archives import a_docx, a_pptx, a_shape, an_odt, an_xlsx

ABOVE = (
    '<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/>'
    "</style:style>"
)


def a_page(words: str) -> bytes:
    return f"<article><p>Since {words} it is so.</p></article>".encode()


def a_word_document() -> bytes:
    above = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    return a_docx(f"<w:r><w:t>Since 2024</w:t></w:r><w:r>{above}<w:t>1</w:t></w:r>")


def a_slide() -> bytes:
    run = '<a:r><a:rPr baseline="30000"/><a:t>1</a:t></a:r>'
    return a_pptx(a_shape("Since 2024").replace("</a:p>", f"{run}</a:p>"))


def a_sheet() -> bytes:
    above = '<r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>'
    cell = f'<c t="inlineStr"><is><r><t>Since 2024</t></r>{above}</is></c>'
    return an_xlsx(f"<sheetData><row>{cell}</row></sheetData>")


def a_pdf(number: str, above: str) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.write(6, f"Since {number}")
    pdf.char_vpos = "SUP"
    pdf.write(6, above)
    pdf.char_vpos = "LINE"
    pdf.write(6, " thefts fell by 37 percent.")
    return bytes(pdf.output())


@pytest.mark.parametrize(
    ("read", "data", "shown"),
    [
        (read_html, a_page("2024<sup>1</sup>"), "Since 2024¹ it"),
        (read_html, a_page("2024<sup>1, 2</sup>"), "Since 2024¹, ² it"),
        (read_html, a_page("300 m<sup>2</sup>"), "300 m² it"),
        (read_html, a_page("10<sup>-6</sup>"), "10⁻⁶ it"),
        (read_html, a_page("the 20<sup>th</sup>"), "the 20th it"),
        (read_docx, a_word_document(), "Since 2024¹"),
        (
            read_odt,
            an_odt(
                '<text:p>Since 2024<text:span text:style-name="T1">1</text:span></text:p>',
                styles=ABOVE,
            ),
            "Since 2024¹",
        ),
        (read_pptx, a_slide(), "Since 2024¹"),
        (read_xlsx, a_sheet(), "Since 2024¹"),
        (read_pdf, a_pdf("2024", "1"), "Since 2024¹ thefts"),
        (read_pdf, a_pdf("10", "6"), "Since 10⁶ thefts"),
        (read_pdf, a_pdf("2024", "12"), "Since 2024¹² thefts"),
        (read_pdf, a_pdf("No. -", "6"), "Since No. -6 thefts"),
    ],
)
def test_a_number_above_the_line_is_read_as_one(
    read: FormatReader, data: bytes, shown: str
) -> None:
    assert shown in read(data, name="x").text
