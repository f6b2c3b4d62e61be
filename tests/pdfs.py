"""PDFs for the tests of what is attached to pages."""

from fpdf import FPDF


def a_pdf(text: str) -> bytes:
    """Return a PDF of one page with a text."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    pdf.multi_cell(0, 8, text)
    return bytes(pdf.output())
