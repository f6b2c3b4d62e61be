"""What people fill in or type on a PDF lies above its pages, and is read as part of them."""

import pytest

from ingest.readers.pdf.reader import read_pdf

ROOT = "<</Type/Catalog/Pages 2 0 R{}>>"
FORM = "/AcroForm<<{}/Fields[6 0 R]/DR<</Font<</F 5 0 R>>>>/DA(/F 12 Tf 0 g)>>"
DRAWN = "/AP<</N 7 0 R>>"
FIELD = "/Subtype/Widget/FT/Tx/T(town)/V(Sint-Odrik, 450 euros)/DA(/F 12 Tf 0 g)"
TYPED = "/Subtype/FreeText/Contents(Sint-Odrik, 450 euros)/DA(/F 12 Tf 0 g)"


def a_stream(words: str, *, at: str, more: str = "") -> str:
    content = f"BT /F 12 Tf {at} Td ({words}) Tj ET"
    return f"<<{more}/Length {len(content)}>>stream\n{content}\nendstream"


def a_pdf(annotation: str, *, form: str = "", flags: int = 4) -> bytes:
    """Return a PDF of one page, with something above it."""
    fonts = "/Resources<</Font<</F 5 0 R>>>>"
    parts = (
        ROOT.format(form),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{fonts}/Contents 4 0 R/Annots[6 0 R]>>",
        a_stream("Which town asks for how much?", at="50 700"),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Type/Annot/Rect[50 600 300 620]/F {flags}/P 3 0 R{annotation}>>",
        a_stream(
            "Sint-Odrik, 450 euros",
            at="2 5",
            more=f"/Type/XObject/Subtype/Form/BBox[0 0 250 20]{fonts}",
        ),
    )
    made, places = "%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{part}\nendobj\n"
    listed = "".join(f"{place:010} 00000 n \n" for place in places)
    table = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{listed}"
    trailer = f"trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{len(made)}\n%%EOF"
    return f"{made}{table}{trailer}".encode()


@pytest.mark.parametrize(
    "data",
    [
        a_pdf(FIELD + DRAWN, form=FORM.format("")),
        a_pdf(FIELD, form=FORM.format("/NeedAppearances true")),
        a_pdf(TYPED + DRAWN),
    ],
)
def test_what_is_filled_in_or_typed_on_a_page_is_read(data: bytes) -> None:
    text = read_pdf(data, name="x.pdf").text

    assert text == "Which town asks for how much? Sint-Odrik, 450 euros"


@pytest.mark.parametrize(
    "data",
    [
        a_pdf(TYPED + DRAWN, flags=2),
        a_pdf("/Subtype/Text/Contents(Sint-Odrik, 450 euros)"),
        a_pdf("/Subtype/Popup/Contents(Sint-Odrik, 450 euros)"),
    ],
)
def test_comments_and_what_is_switched_off_stay_out(data: bytes) -> None:
    assert read_pdf(data, name="x.pdf").text == "Which town asks for how much?"
