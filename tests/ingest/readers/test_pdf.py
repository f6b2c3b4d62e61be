from datetime import UTC, date, datetime

import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.readers.pdf.page import joined
from ingest.readers.pdf.reader import read_pdf

SENTENCE = "Towns that took part were asked what they had done to make parks and stations safer. "


def a_pdf(pages: int = 1, *, title: str = "Lamps in parks") -> FPDF:
    """Return a PDF with a running header, a heading, a paragraph, a list and a page number."""
    pdf = FPDF()
    pdf.set_title(title)
    pdf.set_creation_date(datetime(2022, 3, 14, tzinfo=UTC))
    pdf.set_auto_page_break(auto=False)
    for number in range(1, pages + 1):
        pdf.add_page()
        pdf.set_font("Helvetica", size=9)
        pdf.cell(text="Forum of Towns - Annual Report", new_x="LMARGIN", new_y="NEXT", h=15)
        pdf.set_font("Helvetica", size=18)
        pdf.cell(text=f"Chapter {number}: what was found", new_x="LMARGIN", new_y="NEXT", h=15)
        pdf.set_font("Helvetica", size=11)
        pdf.multi_cell(
            w=180, h=6, text=SENTENCE * (2 + number), align="L", new_x="LMARGIN", new_y="NEXT"
        )
        pdf.ln(6)
        for item in ("warm light", "clear paths"):
            pdf.cell(text=f"- {item}", new_x="LMARGIN", new_y="NEXT", h=6)
        pdf.set_y(-20)
        pdf.set_font("Helvetica", size=9)
        pdf.cell(text=f"Page {number} of {pages}")
    return pdf


def test_a_report_is_read_with_its_structure() -> None:
    extract = read_pdf(bytes(a_pdf().output()), name="x.pdf")

    assert extract.title == "Lamps in parks"
    assert extract.published == date(2022, 3, 14)
    assert extract.text == (
        "Forum of Towns - Annual Report\n"
        "\n"
        "## Chapter 1: what was found\n"
        "\n"
        f"{(SENTENCE * 3).strip()}\n"
        "\n"
        "- warm light\n"
        "- clear paths"
    )


def test_running_lines_and_page_numbers_are_dropped() -> None:
    text = read_pdf(bytes(a_pdf(4).output()), name="x.pdf").text

    assert "Annual Report" not in text
    assert "Page" not in text
    assert text.count("## Chapter") == 4


@pytest.mark.parametrize(
    "title", ["", "Microsoft Word - lamps.docx", "lamps.indd", "untitled", "Document1", "lamps_v2"]
)
def test_a_title_no_person_wrote_gives_way_to_the_headline(title: str) -> None:
    extract = read_pdf(bytes(a_pdf(title=title).output()), name="x.pdf")

    assert extract.title == "Chapter 1: what was found"
    assert "what was found" not in extract.text


def test_words_parted_at_a_line_end_are_mended() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    for line in ("Towns agreed that better co-", "operation is what makes streets safer."):
        pdf.cell(text=line, new_x="LMARGIN", new_y="NEXT", h=6)

    assert read_pdf(bytes(pdf.output()), name="x.pdf").text == (
        "Towns agreed that better cooperation is what makes streets safer."
    )


@pytest.mark.parametrize(
    ("line", "following", "read"),
    [
        ("the better co-", "operation", "the better cooperation"),
        ("rue Saint-", "Martin", "rue Saint-Martin"),
        ("in 2023-", "2024", "in 2023-2024"),
        ("das Bau\u0002", "und Ordnungsamt", "das Bau- und Ordnungsamt"),
        ("de in-", "en uitgang", "de in- en uitgang"),
        ("Nieder\u00ad", "sachsen", "Niedersachsen"),
        ("COVID\u0002", "19", "COVID-19"),
        ("open -", "always", "open - always"),
    ],
)
def test_a_hyphen_at_a_line_end_stays_where_it_is_part_of_the_word(
    line: str, following: str, read: str
) -> None:
    assert joined(line, following) == read


def test_bold_lines_are_headings_where_sizes_tell_none() -> None:
    pdf = FPDF()
    pdf.add_page()
    for style, line in (
        ("B", "What was found"),
        ("", SENTENCE),
        ("B", "What is next"),
        ("", "We go on."),
    ):
        pdf.set_font("Helvetica", style=style, size=11)
        pdf.multi_cell(w=180, h=6, text=line, align="L", new_x="LMARGIN", new_y="NEXT")

    assert read_pdf(bytes(pdf.output()), name="x.pdf").text == (
        f"{SENTENCE.strip()}\n\n## What is next\n\nWe go on."
    )


def test_an_encrypted_pdf_is_refused() -> None:
    pdf = a_pdf()
    pdf.set_encryption("owner", "user", permissions=AccessPermission.none())

    with pytest.raises(ReadError, match="is encrypted"):
        read_pdf(bytes(pdf.output()), name="x.pdf")


def test_a_scanned_pdf_is_refused_with_a_remedy() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.rect(10, 10, 100, 100, style="F")

    with pytest.raises(ReadError, match=r"seems scanned.*no text layer.*OCR"):
        read_pdf(bytes(pdf.output()), name="x.pdf")


def test_too_many_pages_are_refused() -> None:
    pdf = FPDF()
    for _ in range(301):
        pdf.add_page()

    with pytest.raises(ReadError, match="has 301 pages, more than 300"):
        read_pdf(bytes(pdf.output()), name="x.pdf")


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n", b"no pdf at all", b"%PDF-1.7\n%%EOF" + b"\x00" * 99]
)
def test_a_damaged_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match="damaged"):
        read_pdf(data, name="x.pdf")


@settings(max_examples=50)
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=20))
def test_a_pdf_with_wrong_bytes_is_read_or_refused(place: int, wrong: bytes) -> None:
    data = bytes(a_pdf().output())

    try:
        extract = read_pdf(data[:place] + wrong + data[place + len(wrong) :], name="x.pdf")
    except ReadError:
        return

    assert isinstance(extract.text, str)


def test_a_newsletter_is_read_to_its_end() -> None:
    pdf = FPDF()
    pdf.add_page()
    for style, size, line in (
        ("B", 18, "Newsletter of May"),
        ("", 11, "The forum met in Ghent and decided on three things for the summer of this year."),
        ("B", 13, "Other news"),
        ("", 11, "The pool opens on 3 May."),
        ("B", 13, "Contact"),
        ("", 11, "Call 02 123 45 67."),
    ):
        pdf.set_font("Helvetica", style, size)
        pdf.multi_cell(0, 8, line, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(3)

    read = read_pdf(bytes(pdf.output()), name="x.pdf").text

    assert "Other news\n\nThe pool opens on 3 May." in read
    assert read.endswith("Contact\n\nCall 02 123 45 67.")


CHAPTERS = ("Lamps and light", "Parks after dark", "Stations and stops", "What it costs")


def with_dots(rows: list[tuple[str, int]]) -> bytes:
    """Return a PDF whose first page leads from names to numbers by dots; then the chapters."""
    pdf = FPDF()
    pdf.set_title("What the towns found")
    pdf.set_font("Helvetica", size=11)
    pdf.add_page()
    for name, number in rows:
        pdf.cell(text=f"{name} {'.' * 60} {number}", new_x="LMARGIN", new_y="NEXT", h=8)
    for chapter in CHAPTERS:
        pdf.add_page()
        pdf.set_font("Helvetica", size=18)
        pdf.cell(text=chapter, new_x="LMARGIN", new_y="NEXT", h=15)
        pdf.set_font("Helvetica", size=11)
        pdf.multi_cell(w=180, h=6, text=f"{chapter}: so the towns say. " * 9, align="L")
    return bytes(pdf.output())


def test_a_table_of_contents_is_left_out() -> None:
    rows = [(f"{at}. {chapter}", at + 1) for at, chapter in enumerate(CHAPTERS, 1)]

    text = read_pdf(with_dots(rows), name="x.pdf").text

    assert text.startswith("## Lamps and light\n\nLamps and light: so the towns say.")


def test_prices_that_dots_lead_to_are_no_table_of_contents() -> None:
    rows = [("Bicycle", 5), ("Motorcycle", 10), ("Car", 20), ("Lorry", 45)]

    text = read_pdf(with_dots(rows), name="x.pdf").text

    assert all(name in text and str(price) in text for name, price in rows)
